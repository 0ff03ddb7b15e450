"""How quickly the figures of the built book answer, in a real browser: `make book`, then this.

For each language: bytes before any interaction; tasks over 50 ms while the page loads, and while a reader scrolls; from
pointing at a cell of the confusion matrix to its images on the screen, sheet loaded; from a stroke to the answer of the
networks. Each figure is a median, and the worst in brackets.
"""

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browser import ARGUMENTS, find
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table
from serving import served

SITE = Path(__file__).parents[1] / "_build" / "html"
CHAPTER = "looking-inside-neural-networks"
WATCH = """window.tasks = []; new PerformanceObserver(list => tasks.push(...list.getEntries().map(e => e.duration)))
    .observe({type: 'longtask', buffered: true});
    window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => { shift += e.value; }))
    .observe({type: 'layout-shift', buffered: true});"""
# From the pointer's move to the frame after the one in which the last tile was drawn.
POINTING = """async cell => {
    const began = performance.now();
    cell.dispatchEvent(new PointerEvent('pointerover', {bubbles: true, pointerType: 'mouse'}));
    const frame = () => new Promise(requestAnimationFrame);
    do await frame();
    while ([...document.querySelectorAll('nnb-confusion-matrix .nnb-examples canvas')].some(c => !c.dataset.drawn));
    return performance.now() - began;
}"""


def main() -> None:
    table = Table("", *("en", "ja"), title=f"{CHAPTER}, 1280 x 800")
    with sync_playwright() as playwright, served(SITE) as address:
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        columns = [measured(browser.new_page, f"{address}/{language}/{CHAPTER}.html") for language in ("en", "ja")]
        browser.close()
    for name in columns[0]:
        table.add_row(name, *(column[name] for column in columns))
    Console(width=100).print(table)


def measured(new_page, address: str) -> dict[str, str]:
    page = new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(WATCH)
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(1000)
    found = {"loaded before any interaction": f"{sum(sizes):,} bytes in {len(sizes)} requests"}
    found["tasks over 50 ms on load"] = tasks(page)
    while page.evaluate("scrollY + innerHeight < document.documentElement.scrollHeight - 1"):
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(120)
    found["tasks over 50 ms while scrolling"] = tasks(page)
    found["layout shift, all of it"] = f"{page.evaluate('shift'):.4f}"
    cells = page.locator("nnb-confusion-matrix").first.locator("[data-predicted]")
    cells.first.scroll_into_view_if_needed()
    cells.nth(35).evaluate(POINTING)  # loads the sheet of this row
    found["pointing to images"] = written([cells.nth(at).evaluate(POINTING) for at in range(30, 40) for _ in range(3)])
    found["stroke to answer"] = written(strokes(page))
    page.close()
    return found


def tasks(page: Page) -> str:
    found = page.evaluate("tasks.splice(0)")
    return ", ".join(f"{duration:.0f} ms" for duration in found) or "none"


def strokes(page: Page) -> list[float]:
    """Milliseconds from each step of a stroke to the answer of both networks."""
    page.locator(".nnb-paper").scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # what stands above it gets its true height
    box = page.locator(".nnb-paper").bounding_box()
    page.mouse.move(box["x"] + 90, box["y"] + 60)
    page.mouse.down()
    times = []
    for step in range(40):
        page.mouse.move(box["x"] + 90 + 2 * step, box["y"] + 60 + 4 * step)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        times.append(float(page.get_attribute("nnb-draw-digit", "data-milliseconds")))
    page.mouse.up()
    return times


def written(times: list[float]) -> str:
    return f"{statistics.median(times):.1f} ms ({max(times):.1f})"


if __name__ == "__main__":
    main()
