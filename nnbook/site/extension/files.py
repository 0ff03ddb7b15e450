"""Which files a page loads: ours, the book's, and of those that extensions add to every page what this page needs."""

import re
from typing import Any

from sphinx.application import Sphinx

# By file, a pattern in the text of the pages that need it. What has no pattern is not loaded: the theme does it itself.
_NEVER = re.compile("(?!)")
_NEEDED_BY = {
    "sphinx-design.min.css": re.compile(r'class="[^"]*\bsd-'),
    "design-tabs.js": re.compile(r'class="[^"]*\bsd-tab-set\b'),
    "pygments.css": _NEVER,  # colours of code are in css/code.css
    "mystnb.css": _NEVER,
    "documentation_options.js": _NEVER,
    "doctools.js": _NEVER,
    "sphinx_highlight.js": _NEVER,
    "translations.js": _NEVER,
}
_DIGEST = re.compile(r"\.[0-9a-f]{64}(?=\.css$)")  # myst-nb names its style sheet by its content


def choose_files(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Leave in the page what it needs, each once; after every extension has added its own."""
    body = context.get("body") or ""
    for kind in ("css_files", "script_files"):
        chosen: dict[str, Any] = {}
        for file in context[kind]:
            name = _name(file)
            needed_by = _NEEDED_BY.get(name)
            if needed_by is None or needed_by.search(body):
                chosen.setdefault(name or file.attributes["body"], file)
        context[kind] = list(chosen.values())


def _name(file: Any) -> str:
    """The name of a style sheet or a script in the folder of static files, "" if it stands in the page."""
    name = str(getattr(file, "filename", file) or "")
    return _DIGEST.sub("", name.partition("?")[0].removeprefix("_static/"))
