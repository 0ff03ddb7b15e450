"""Look at the built site as strangers would: links, markup, accessibility, weight, speed.

Prints a table, and ends with 1 if something falls short.

    python scripts/audit.py            everything, with Lighthouse (some minutes)
    python scripts/audit.py --quick    all but Lighthouse: what is the same on every machine

The tools come from npm into _build/audit, in the versions of audit/package.json.
"""

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

from nnbook.site.book import Book, read_book
from nnbook.site.check import check

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from browser import ARGUMENTS, find  # noqa: E402
from serving import Quiet, served  # noqa: E402

TOOLS = ROOT / "_build" / "audit"
HOME_BYTES, PAGE_BYTES = 250_000, 500_000  # all that a page loads before any interaction, uncompressed
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = {"gzip": (100, 100, 100, 100), "plain": (97, 100, 100, 100)}
LARGEST_PAINT, SHIFT = 1.8, 0.02  # seconds, with compression; layout shift
COMPRESSED = {".html", ".css", ".js", ".json", ".svg"}


class AsItIs(Quiet):
    """Serves a folder with the time that GitHub Pages lets browsers keep what they got."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()


class Compressed(AsItIs):
    """Compresses as GitHub Pages does it."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.suffix not in COMPRESSED or not path.is_file():
            return super().do_GET()
        content = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def install_tools() -> None:
    """Fetch the tools unless they are there in the versions that are wanted."""
    wanted = ROOT / "audit" / "package.json"
    have = TOOLS / "package.json"
    if have.is_file() and have.read_bytes() == wanted.read_bytes() and (TOOLS / "node_modules").is_dir():
        return
    TOOLS.mkdir(parents=True, exist_ok=True)
    have.unlink(missing_ok=True)
    options = ["--silent", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
    packages = json.loads(wanted.read_text(encoding="utf-8"))
    tools = packages["dependencies"] | packages["optionalDependencies"]
    names = [f"{name}@{version}" for name, version in tools.items()]
    subprocess.run([_found("npm"), "install", *options, "--prefix", str(TOOLS), *names], check=True)
    shutil.copyfile(wanted, have)


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        sys.exit(f"an audit needs {program}; it is not installed; install Node.js, which brings it")
    return path


def markup(site: Path) -> list[str]:
    """What html-validate finds on all pages."""
    pages = [str(path) for path in sorted(site.rglob("*.html"))]
    tool = TOOLS / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
    report = TOOLS / "html-validate.json"  # a pipe may be closed before all of it has been written
    report.unlink(missing_ok=True)
    command = [_found("node"), str(tool), "-c", str(ROOT / "audit" / "html-validate.json"), "-f", f"json={report}"]
    done = subprocess.run([*command, *pages], capture_output=True, text=True, check=False)
    if not report.is_file():
        sys.exit(f"html-validate must write what it finds; it said {done.stdout}{done.stderr}; see audit/package.json")
    return [
        f"{Path(page['filePath']).relative_to(site)}:{message['line']}: {message['message']} ({message['ruleId']})"
        for page in json.loads(report.read_text(encoding="utf-8"))
        for message in page["messages"]
    ]


def accessibility(browser: Any, address: str) -> list[str]:
    """What axe-core finds on one page: light and dark, on a phone and on a wide window."""
    source = (TOOLS / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    findings = []
    for scheme in ("light", "dark"):
        for width in (390, 1280):
            context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 844})
            context.set_default_timeout(300_000)
            page = context.new_page()
            page.goto(address, wait_until="networkidle")  # what is done after the first paint is done, too
            page.evaluate(source)
            violations = page.evaluate(f"axe.run(document, {OPTIONS})")["violations"]
            findings += [
                f"{scheme}, {width} px: {rule['id']}: {node['html'][:200]}"
                for rule in violations
                for node in rule["nodes"]
            ]
            context.close()
    return findings


def weight(browser: Any, address: str) -> dict[str, int]:
    """The bytes of every file that one page loads before any interaction."""
    context = browser.new_context(viewport={"width": 412, "height": 823})
    page, sizes = context.new_page(), {}
    page.on("response", lambda response: sizes.update({response.url: len(response.body())}))
    page.goto(address, wait_until="networkidle")
    context.close()
    return sizes


def lighthouse(address: str) -> tuple[tuple[int, ...], float, float]:
    """The four scores of a page on a phone, its largest contentful paint in seconds, its layout shift."""
    tool = TOOLS / "node_modules" / "lighthouse" / "cli" / "index.js"
    flags = " ".join(["--headless=new", *ARGUMENTS])
    options = ["--quiet", "--output=json", f"--chrome-flags={flags}", f"--only-categories={','.join(CATEGORIES)}"]
    environment = os.environ | {"CHROME_PATH": find() or ""}
    command = [_found("node"), str(tool), address, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    report = json.loads(done.stdout)
    scores = tuple(round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES)
    values = {name: report["audits"][name]["numericValue"] for name in PAINT_AND_SHIFT}
    return scores, values[PAINT_AND_SHIFT[0]] / 1000, values[PAINT_AND_SHIFT[1]]


def best_of_runs(address: str, way: str) -> tuple[tuple[int, ...], float, float]:
    """The run that other work on this machine has disturbed least: further ones are made only where one falls short."""
    best = lighthouse(address)
    for _ in range(RUNS - 1):
        enough = all(score >= least for score, least in zip(best[0], LEAST[way], strict=True))
        if enough and (way == "plain" or best[1] <= LARGEST_PAINT):
            break
        best = max(best, lighthouse(address), key=lambda run: (run[0], -run[1]))
    return best


RUNS = 3
# What Lighthouse asks for besides, and axe-core by itself does not.
OPTIONS = "{preload: false, resultTypes: ['violations'], rules: {'td-has-header': {enabled: true}}}"
WIDE = 140  # letters in a line where no terminal says how many there is room for
PAINT_AND_SHIFT = ("largest-contentful-paint", "cumulative-layout-shift")


def audit(site: Path, book: Book, quick: bool, console: Console) -> bool:
    """Print what was found; whether all is well."""
    findings = [*check(site, book), *markup(site)]
    ways = () if quick else ("gzip", "plain")
    headings = [f"{way}: {name}" for way in ways for name in ("performance etc.", "LCP", "CLS")]
    table = Table("page", "axe", "bytes", *headings)
    with sync_playwright() as playwright, served(site, AsItIs) as plain, served(site, Compressed) as compressed:
        chromium = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        for name in [f"{code}/{page}.html" for code in book.languages for page in book.pages]:
            found = accessibility(chromium, f"{plain}/{name}")
            sizes = weight(chromium, f"{plain}/{name}")
            findings += [f"{name}: {line}" for line in found]
            findings += _too_heavy(name, sizes, HOME_BYTES if Path(name).stem == book.pages[0] else PAGE_BYTES)
            row = [name, str(len(found)), f"{sum(sizes.values()):,}"]
            for way in ways:
                scores, paint, shift = best_of_runs(f"{compressed if way == 'gzip' else plain}/{name}", way)
                row += ["/".join(map(str, scores)), f"{paint:.2f} s", f"{shift:.3f}"]
                findings += _too_slow(name, way, scores, paint, shift)
            table.add_row(*row)
        chromium.close()
    console.print(table)
    for line in findings:
        console.print(line, soft_wrap=True, highlight=False, markup=False)
    return not findings


def _too_heavy(name: str, sizes: dict[str, int], most: int) -> list[str]:
    total = sum(sizes.values())
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:5]
    files = ", ".join(f"{url.rpartition('/')[2][:60]} {size:,}" for url, size in largest)
    return [f"{name}: loads {total:,} bytes, more than {most:,}: {files}"] if total > most else []


def _too_slow(name: str, way: str, scores: tuple[int, ...], paint: float, shift: float) -> list[str]:
    found = [
        f"{name}, {way}: {category} {score}, less than {least}"
        for category, score, least in zip(CATEGORIES, scores, LEAST[way], strict=True)
        if score < least
    ]
    if way == "gzip" and paint > LARGEST_PAINT:
        found.append(f"{name}, {way}: largest contentful paint after {paint:.2f} s, more than {LARGEST_PAINT} s")
    if shift > SHIFT:
        found.append(f"{name}, {way}: layout shift {shift:.3f}, more than {SHIFT}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Look at the built site as strangers would.")
    parser.add_argument("site", nargs="?", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--quick", action="store_true", help="leave Lighthouse out")
    arguments = parser.parse_args()
    install_tools()
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    good = audit(arguments.site.resolve(), read_book(ROOT), arguments.quick, console)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
