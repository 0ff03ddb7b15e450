"""Which scripts a page loads: ours, and the one that lets tab-sets with the same names change together.

What other scripts of extensions do is done by scripts/shell.js, or the book has no use for it.
"""

from typing import Any

from sphinx.application import Sphinx


def choose_scripts(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Leave in the page what it needs; after every extension has added its own."""
    wanted = {name for name, _ in app.config.html_js_files}
    if 'class="sd-tab-set' in (context.get("body") or ""):
        wanted.add("design-tabs.js")
    chosen = {name: script for script in context["script_files"] if (name := _name(script)) in wanted}
    context["script_files"] = list(chosen.values())


def _name(script: Any) -> str:
    return str(script.filename or "").removeprefix("_static/")
