"""Which scripts a page loads: ours, and of those that extensions add to every page the ones that this page needs."""

import re
from typing import Any

from sphinx.application import Sphinx

# By file, a pattern in the text of the pages that need it. What is not here is not loaded: what those scripts do is
# done by scripts/shell.js, or the book has no use for it.
_NEEDED_BY = {
    "togglebutton.js": re.compile(r'class="[^"]*\b(toggle|dropdown)\b'),
    "design-tabs.js": re.compile(r'class="[^"]*\bsd-tab-set\b'),
}
# Settings that togglebutton.js reads; its extension adds them as scripts of their own, some twice.
_SETTINGS = re.compile(r"\btoggle(HintShow|HintHide|OpenOnPrint|buttonSelector)\b")


def choose_scripts(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Leave in the page what it needs, each once; after every extension has added its own."""
    body = context.get("body") or ""
    needed = {name for name, pattern in _NEEDED_BY.items() if pattern.search(body)}
    ours = {name for name, _ in app.config.html_js_files}
    wanted = ours | needed
    chosen: dict[str, Any] = {}
    for script in context["script_files"]:
        content = script.attributes.get("body") or ""
        name = str(script.filename or "").removeprefix("_static/")
        if name in wanted or ("togglebutton.js" in needed and _SETTINGS.search(content)):
            chosen.setdefault(name or content, script)
    context["script_files"] = list(chosen.values())
