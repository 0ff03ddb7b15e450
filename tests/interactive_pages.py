"""What every figure that paints its own pictures must hold, asserted in a real browser."""

import re
from contextlib import contextmanager

import interactive_tools as tools
import npm
import numpy as np

WIDE = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""
CUT_OFF = """() => [...document.querySelectorAll('.nnb-live *:not(.nnb-unseen, .nnb-pane > img, svg svg, svg svg *)')]
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([e, r]) => r.width && (r.left < -0.5 || r.right > document.documentElement.clientWidth + 0.5))
    .map(([e, r]) => `${e.tagName}.${e.className} ${e.textContent.slice(0, 20)}: ${r.left} to ${r.right}`)"""
BLURRED = """() => [...document.querySelectorAll('.nnb-live canvas.nnb-pixels')]
    .filter(c => !c.closest('.nnb-legend-strip') && c.getBoundingClientRect().width)
    .map(c => c.getBoundingClientRect().width / c.width).filter(zoom => Math.abs(zoom - Math.round(zoom)) > 0.001)"""
SMALL_TARGETS = """() => [...document.querySelectorAll('.nnb-live :is(button, select, label)')]
    .map(e => e.getBoundingClientRect()).filter(r => r.width && Math.min(r.width, r.height) < 23.9)
    .map(r => `${r.width} x ${r.height}`)"""
SMALL_WORDS = """() => [...document.querySelectorAll('.nnb-live *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim()))
    .filter(e => parseFloat(getComputedStyle(e).fontSize) < 10.95).map(e => e.textContent)"""
SPOKEN = """() => [document.querySelector('.nnb-live').innerText, ...[...document.querySelectorAll('.nnb-live *')]
    .flatMap(e => ['aria-label', 'title', 'alt', 'placeholder'].map(name => e.getAttribute(name) || ''))].join(' ')"""
SHOWN = """selector => getComputedStyle(document.querySelector(selector)).display != 'none'"""
PHONE = 390
VIEWS = (("en", "light", PHONE), ("ja", "dark", PHONE), ("ja", "light", 760), ("en", "dark", 760))
LATIN = {"Enter", "Esc", "ReLU", "tanh", "SGD", "RMSProp", "Adam"}  # words of every language
STATIC = ".nnb:not(.nnb-live)"


@contextmanager
def watched(browser, **options):
    """An empty page; errors in the scripts of what it is given to show are errors of the test."""
    context = browser.new_context(**{"viewport": {"width": 760, "height": 900}} | options)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert errors == []


@contextmanager
def opened(browser, figure, folder, language="en", theme="light", fragment="", address=None, **options):
    """A page with the figure, opened from a folder as a reader may.

    Args:
        address: of the `folder` on a server: a browser lets nobody read the pixels of a picture that is a file.
    """
    path = tools.write_page(folder, [figure], language, theme)
    with watched(browser, **options) as page:
        page.goto((f"{address}/{path.name}" if address else path.as_uri()) + (f"#{fragment}" if fragment else ""))
        if options.get("java_script_enabled", True):
            tools.started(page)
        yield page


def complaints(page) -> list[str]:
    """What axe-core finds in the live figure."""
    page.evaluate(npm.axe())
    found = page.evaluate("axe.run('.nnb-live', {preload: false})")["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def holds_up(browser, figure, folder, open_up=None):
    """Whole at 390 px and at 760 px, light and dark, in both languages; accessible; static in print, without scripts.

    Args:
        open_up: what a reader does before the figure is looked at once more.
    """
    with watched(browser) as page:  # one for all: what takes a browser long is to begin another
        for language, theme, width in VIEWS:
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(media="screen")
            page.goto(tools.write_page(folder, [figure], language, theme).as_uri())
            tools.started(page)
            for act in filter(None, (lambda page: None, open_up)):
                act(page)
                assert page.evaluate(WIDE) == 0
                for check in (CUT_OFF, BLURRED, SMALL_TARGETS, SMALL_WORDS):
                    assert page.evaluate(check) == []
                if language == "ja":
                    assert set(re.findall(r"[A-Za-z]{2,}", page.evaluate(SPOKEN))) <= LATIN
                if width == PHONE:
                    assert complaints(page) == []
            page.emulate_media(media="print")
            assert page.evaluate(SHOWN, STATIC)
            assert not page.evaluate(SHOWN, ".nnb-live")
    with opened(browser, figure, folder, java_script_enabled=False) as page:
        assert page.locator(".nnb-live").count() == 0
        assert page.locator(STATIC).first.is_visible()


def same_colours(drawn, expected):
    """Whether a canvas has the `expected` pixels: what is nearly transparent keeps few digits of its colour."""
    opacity = expected[..., 3].astype(int)
    apart = np.abs(drawn.astype(int) - expected)[..., :3].max(axis=-1)
    return np.array_equal(drawn[..., 3], opacity) and bool((apart * opacity <= 255).all())
