"""What the second language costs: the real book from an empty work folder, in its source language alone and in all.

The networks are taken from the cache (`nnbook train` puts them there). Rounds alternate, so that other work on the
machine slows down both.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from nnbook.site.book import read_book

ROOT = Path(__file__).parents[1]


def build(*options: str) -> tuple[float, float]:
    """Seconds that a build takes, on the clock and of the processors."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "book")
        shutil.copytree(ROOT / "book", root / "book")
        for name in ("_config.yml", "_toc.yml"):
            shutil.copy(ROOT / name, root)
        before, started = os.times(), time.perf_counter()
        command = [sys.executable, "-c", "from nnbook.cli import main; main()", "build", *options]
        subprocess.run(command, cwd=root, check=True, capture_output=True)
        seconds, after = time.perf_counter() - started, os.times()
    return seconds, sum(after[2:4]) - sum(before[2:4])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    languages = read_book(ROOT).languages
    one = [f"--language={languages[0]}"]
    pairs = [(build(*one), build()) for _ in range(rounds)]
    print(f"| | {languages[0]} | {', '.join(languages)} | more |")
    print("|---|---|---|---|")
    for index, name in enumerate(("on the clock", "of the processors")):
        alone, together = (median(pair[which][index] for pair in pairs) for which in (0, 1))
        print(f"| seconds {name} | {alone:.1f} | {together:.1f} | {100 * (together / alone - 1):.0f} % |")


if __name__ == "__main__":
    main()
