"""What a page may load: files of this site, and the scripts and styles inside the page itself, by their digests."""

import base64
import hashlib
import re

_RULES = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",  # the search is WebAssembly
    "style-src": "'self'",
    # Figures carry colours and positions in attributes, which digests can't name; <style> elements must be known.
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}


_INSIDE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_NOT_RUN = re.compile(r"\bsrc=|\btype=[\"']?(?![\"']|module|text/)", re.IGNORECASE)


def policy(*texts: str) -> str:
    """The Content-Security-Policy of a page that is made of the `texts`."""
    rules = {name: [rule] for name, rule in _RULES.items()}
    for text in texts:
        for name, attributes, content in _INSIDE.findall(text):
            if content and not _NOT_RUN.search(attributes):
                digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
                rules[f"{name.lower()}-src"].append(f"'sha256-{digest}'")
    return "; ".join(" ".join([name, *dict.fromkeys(rule)]) for name, rule in rules.items())
