"""What the tests of interactive figures share: a page with figures, over http or from a folder, and tools from npm."""

from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect
from serving import served

from nnbook.figures.kit import bundle
from nnbook.site.extension.outputs import move_data, move_pictures

PAGE = """<!doctype html>
<html lang="{language}" data-theme="{theme}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Test</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="figures.css">
<style>body {{ margin: 16px; background: {paper} }} figure {{ margin: 0 }}</style>
<script defer src="figures.js"></script>
<main><h1 style="font-size: 1rem; color: {ink}">Test</h1>{body}</main></html>
"""


def write_page(folder: Path, figures, language="en", theme="light", name="") -> Path:
    """A page with `figures` as the book has it: linked scripts and styles, pictures and data as files."""
    bundle.write(folder, {**bundle.files(), bundle.AT_REST: bundle.static_style()})
    body = "".join(f"<figure>{figure.html(language)}</figure>" for figure in figures)
    body = move_data(move_pictures(body, folder / "_images", "_images/"), folder / "_data", "_data/")
    paper, ink = ("#14181e", "#e6e9ee") if theme == "dark" else ("#ffffff", "#1c2024")
    path = folder / (name or f"{language}-{theme}.html")
    path.write_text(PAGE.format(language=language, theme=theme, paper=paper, ink=ink, body=body), encoding="utf-8")
    return path


@contextmanager
def served_pages(folder: Path, figures):
    """The address of a folder with `figures` on two pages: English on a light ground, Japanese on a dark one."""
    for language, theme in (("en", "light"), ("ja", "dark")):
        write_page(folder, figures, language, theme)
    with served(folder) as address:
        yield address


def started(page):
    """Wait until every figure of the page has started, also those that the reader has not come near to."""
    page.evaluate("dispatchEvent(new KeyboardEvent('keydown', {key: 'Tab'}))")
    expect(page.locator(".nnb-interactive:not([data-nnb-started])")).to_have_count(0, timeout=30_000)
