"""Everything slow to load that setting a language or reading cells needs; loaded once, before jobs are forked."""

import sphinx_togglebutton  # noqa: F401

import nnbook.site.extension
import nnbook.site.parity  # noqa: F401
