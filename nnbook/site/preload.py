"""Load everything slow that setting a language or reading cells needs; once, before jobs are forked."""

from importlib import import_module

from sphinx.application import builtin_extensions

MODULES = (
    "bs4",
    "jsonschema",
    "jupyter_book.config",
    "myst_nb.sphinx_ext",
    "nbclient",
    "pygments.formatters.html",
    "pygments.lexers.python",
    "pygments.lexers.shell",
    "sphinx.builders.html",
    "sphinx.ext.intersphinx",
    "sphinx.writers.html5",
    "sphinx_comments",
    "sphinx_design",
    "sphinx_external_toc.events",
    "nnbook.site.cells",
    "nnbook.site.extension",
    "nnbook.site.language",
    "nnbook.site.parity",
    "nnbook.site.reading",
)

for module in (*MODULES, *builtin_extensions):
    import_module(module)
