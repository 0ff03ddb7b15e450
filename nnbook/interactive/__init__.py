"""Interactive figures: a static figure, and a small custom element around it that answers to the reader.

Arrays go in, a `Figure` comes out, as in `nnbook.figures`. With scripts off, in print, and until the script has run,
the reader sees the static figure, whole.
"""
