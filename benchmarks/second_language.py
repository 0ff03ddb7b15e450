"""What the second language costs: the real book from an empty work folder, in its source language alone and in all.

The networks are taken from the cache (`nnbook train` puts them there). Seconds of the processors are those of all
processes of a build together: they tell what is done on a busy machine too, where the clock tells little. Linux only.
"""

import argparse
import ctypes
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
PR_SET_CHILD_SUBREAPER = 36


def build(*options: str) -> tuple[float, float]:
    """Seconds that a build takes from nothing but the networks: on the clock, and of the processors."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "book")
        shutil.copytree(ROOT / "book", root / "book")
        for name in ("_config.yml", "_toc.yml"):
            shutil.copy(ROOT / name, root)
        before, started = os.times(), time.perf_counter()
        command = [sys.executable, "-c", "from nnbook.cli import main; main()", "build", *options]
        subprocess.run(command, cwd=root, check=True, capture_output=True)
        seconds = time.perf_counter() - started
        _wait_for_all()
    after = os.times()
    return seconds, sum(after[2:4]) - sum(before[2:4])


def _wait_for_all() -> None:
    """The server process that sets languages outlives the build by a moment; its seconds count when it has ended."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    languages = read_book(ROOT).languages
    one = [f"--language={languages[0]}"]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)  # processes that outlive their parent become children of ours
    pairs = []
    for number in range(1, rounds + 1):
        pairs.append((build(*one), build()))
        print(f"round {number}: {pairs[-1]}", file=sys.stderr, flush=True)
    print(f"| seconds | {languages[0]} | {', '.join(languages)} | more |")
    print("|---|---|---|---|")
    for index, name in enumerate(("on the clock", "of the processors")):
        alone, together = (median(pair[which][index] for pair in pairs) for which in (0, 1))
        print(f"| {name} | {alone:.1f} | {together:.1f} | {100 * (together / alone - 1):.0f} % |")


if __name__ == "__main__":
    main()
