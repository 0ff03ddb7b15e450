"""From pages and figures to a site: read the book, run its cells, set each language with Sphinx, join, check.

Nothing here knows about data sets or networks; `nnbook.pipeline` hands in what the pages quote.
"""
