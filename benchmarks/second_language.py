"""What the second language costs: the real book from an empty work folder, in its source language alone and in all.

The networks are taken from the cache (`nnbook train` puts them there). Rounds alternate, so that other work on the
machine slows down both.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from nnbook.site.book import read_book

ROOT = Path(__file__).parents[1]


def build(*options: str) -> float:
    """Seconds that a build takes, from nothing but the networks."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "book")
        shutil.copytree(ROOT / "book", root / "book")
        for name in ("_config.yml", "_toc.yml"):
            shutil.copy(ROOT / name, root)
        started = time.perf_counter()
        command = [sys.executable, "-c", "from nnbook.cli import main; main()", "build", *options]
        subprocess.run(command, cwd=root, check=True, capture_output=True)
        return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    languages = read_book(ROOT).languages
    one = [f"--language={languages[0]}"]
    print(f"| round | {languages[0]} | {', '.join(languages)} | more |")
    print("|---|---|---|---|")
    pairs = []
    for number in range(1, rounds + 1):
        pairs.append((build(*one), build()))
        print(_row(str(number), *pairs[-1]), flush=True)
    print(_row("**median**", *map(median, zip(*pairs, strict=True))))


def _row(name: str, alone: float, together: float) -> str:
    return f"| {name} | {alone:.1f} s | {together:.1f} s | {100 * (together / alone - 1):.0f} % |"


if __name__ == "__main__":
    main()
