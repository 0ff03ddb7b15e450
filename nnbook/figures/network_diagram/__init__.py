"""The network diagram that answers: point at a neuron, and see its connections and the weights behind them."""

from nnbook.figures.network_diagram.live import network_diagram as network_diagram
