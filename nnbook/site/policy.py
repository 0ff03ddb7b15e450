"""What a page may load: files of this site, and the scripts and styles inside the page itself, by their digests."""

import base64
import hashlib
from html.parser import HTMLParser

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


def policy(*texts: str) -> str:
    """The Content-Security-Policy of a page that is made of the `texts`."""
    found = _Inside()
    for text in texts:
        if "<script" in text or "<style" in text:
            found.feed(text)
    digests = {f"{name}-src": found.digests[name] for name in ("script", "style")}
    return "; ".join(" ".join([name, rule, *dict.fromkeys(digests.get(name, ()))]) for name, rule in _RULES.items())


class _Inside(HTMLParser):
    """Collects the digests of what stands inside of scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.digests: dict[str, list[str]] = {"script": [], "style": []}
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        runs = values.get("type") in (None, "", "module", "text/javascript", "text/css")
        self._open = tag if tag in self.digests and runs and "src" not in values else ""

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            digest = base64.b64encode(hashlib.sha256(data.encode()).digest()).decode()
            self.digests[self._open].append(f"'sha256-{digest}'")
