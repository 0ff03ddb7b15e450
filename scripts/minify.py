"""Make nnbook/interactive/minified.js from the scripts of the interactive figures; run it after a change of them.

Needs npm, from which it fetches terser into a temporary folder. Whoever builds the book or reads it needs neither.
"""

import subprocess
import tempfile
from pathlib import Path

from nnbook.interactive import bundle

TERSER = "terser@5.44.0"


def main() -> None:
    readable = bundle.readable_script()
    with tempfile.TemporaryDirectory() as folder:
        quiet = ["--silent", "--no-save", "--no-audit", "--no-fund"]
        subprocess.run(["npm", "install", *quiet, "--prefix", folder, TERSER], check=True)
        source = Path(folder, "readable.js")
        source.write_text(readable, encoding="utf-8")
        terser = Path(folder, "node_modules", "terser", "bin", "terser")
        command = ["node", str(terser), str(source), "--compress", "--mangle"]
        minified = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    bundle.MINIFIED.write_text(f"{bundle.stamp(readable)}\n{minified}", encoding="utf-8")
    print(f"{bundle.MINIFIED}: {len(minified.encode()):,} bytes")


if __name__ == "__main__":
    main()
