"""Make the two files minified.js, which pages get, from the scripts of figures and of pages; run it after a change.

Needs npm, from which it fetches terser into a temporary folder. Whoever builds the book or reads it needs neither.
"""

import subprocess
import tempfile
from pathlib import Path

from nnbook.figures.kit import bundle
from nnbook.figures.kit.scripts import Scripts, stamp
from nnbook.site import page_scripts

TERSER = "terser@5.44.0"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        quiet = ["--silent", "--no-save", "--no-audit", "--no-fund"]
        subprocess.run(["npm", "install", *quiet, "--prefix", folder, TERSER], check=True)
        for scripts in (bundle.SCRIPTS, page_scripts.SCRIPTS):
            keep(scripts, Path(folder))


def keep(scripts: Scripts, folder: Path) -> None:
    """Make the minified form of `scripts` with what is installed in `folder`, and say how large it is."""
    terser = folder / "node_modules" / "terser" / "bin" / "terser"
    readable = scripts.readable()
    minified = [minify(source, terser, folder / name) for name, source in readable.items()]
    scripts.kept.write_text("\n".join([stamp(readable), *minified]) + "\n", encoding="utf-8")
    for name, script in zip(readable, minified, strict=True):
        print(f"{name}: {len(script.encode()):,} bytes")


def minify(source: str, terser: Path, path: Path) -> str:
    """The `source` of a script on one line, made by `terser` by way of the file `path`."""
    path.write_text(source, encoding="utf-8")
    command = ["node", str(terser), str(path), "--compress", "--mangle"]
    script = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    if "\n" in script:
        raise SystemExit(
            f"a minified script must be one line; {path.name} is not; change what it holds between back quotes"
        )
    return script


if __name__ == "__main__":
    main()
