"""How long a writer waits: from saving a page of the book to the new page in the browser, with `nnbook serve`.

    python -m benchmarks.preview

The book is copied, so nothing of the working copy changes. Needs the extras `book` and `test`, and a browser.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

# Notes when a text is there, and the page has been drawn with it; also in a page that was loaded for it. Playwright
# itself looks for a text every now and then only.
WATCH = """
new MutationObserver((changes) => {
  const added = changes.flatMap(({ addedNodes }) => [...addedNodes]).map((node) => node.textContent).join(" ");
  const said = added.match(/Saved for the \\S+ time/)?.[0];
  if (said) requestAnimationFrame(() => setTimeout(() => { window.seen = { said, at: Date.now() }; }));
}).observe(document, { childList: true, subtree: true });
"""

ROOT = Path(__file__).parents[1]
PAGE = "looking-inside-neural-networks"
CELL = """\
```{{code-cell}} ipython3
from nnbook import figures, load

figures.network_diagram((784, {number}, 10), class_keys=load("mnist").class_keys)
```"""


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10, help="saves of each kind; default 10")
    parser.add_argument("--language", help="the preview of one language alone; default all")
    parser.add_argument("--browser", default=shutil.which("chromium") or shutil.which("google-chrome"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "book", root / "book")
        for name in ("_config.yml", "_toc.yml"):
            shutil.copy(ROOT / name, root)
        command = [sys.executable, "-c", "from nnbook.cli import main; main()", "serve", "--no-browser"]
        command += ["--language", options.language] if options.language else []
        started = time.perf_counter()
        with subprocess.Popen(
            command,
            cwd=root,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        ) as serve:
            address = _address(serve)
            print(f"ready after {time.perf_counter() - started:.1f} s; load {os.getloadavg()[0]:.1f}")
            try:
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(executable_path=options.browser, args=["--no-sandbox"])
                    page = browser.new_page(bypass_csp=True)  # it asks the page by `eval`
                    page.add_init_script(WATCH)
                    measure(page, address, root, options, serve.pid)
            finally:
                serve.terminate()
                serve.communicate()


def _address(serve: "subprocess.Popen[str]") -> str:
    assert serve.stderr
    for line in serve.stderr:
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise SystemExit("the preview did not start; try `nnbook serve`")


def processor_seconds(session: int) -> float:
    """What the preview has used so far, without its kernel; independent of what else the machine does. Linux only."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        if int(fields[3]) == session:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(page: Page, address: str, root: Path, options: argparse.Namespace, session: int) -> None:
    """Save a paragraph and a cell again and again, each time until the browser shows it."""
    language, rounds = options.language or "en", options.rounds
    file = root / "book" / language / f"{PAGE}.md"
    text = file.read_text(encoding="utf-8")
    page.goto(f"{address}{language}/{PAGE}.html", wait_until="load")
    time.sleep(5)  # the kernel gets warm
    first_heading = text.index("\n#", text.index("\n#") + 1)
    place = text.rindex("\n\n", 0, text.rindex("\n(", 0, first_heading))

    def paragraph(number: int) -> str:
        return f"{text[:place]}\n\nSaved for the {number}th time.\n{text[place:]}"

    def cell(number: int) -> str:
        return f"{text}\n{CELL.format(number=10 + number)}\n\nSaved for the {number}th time.\n"

    before = processor_seconds(session)
    report("a paragraph", page, file, paragraph, rounds)
    print(f"a paragraph  processor time {(processor_seconds(session) - before) / rounds:.2f} s in all processes")
    report("a cell", page, file, cell, rounds)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def report(what: str, page: Page, file: Path, text: Callable[[int], str], rounds: int) -> None:
    """Print the times of one kind of change."""
    shown, loaded = [], []
    for number in range(1, rounds + 1):
        started = time.time()
        file.write_text(text(number), encoding="utf-8")
        page.wait_for_function(f"window.seen?.said === 'Saved for the {number}th time'")
        shown.append(page.evaluate("window.seen.at") / 1000 - started)
        page.wait_for_load_state("load")
        loaded.append(time.time() - started)
        time.sleep(1)
    for name, seconds in (("on the page", shown), ("page complete", loaded)):
        low, high = min(seconds), max(seconds)
        print(f"{what:<12} {name:<14} median {statistics.median(seconds):.2f} s ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
