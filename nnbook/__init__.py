"""nnbook opens up small neural networks and shows what is inside."""
