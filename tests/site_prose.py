"""The real chapters without their cells: every word of the prose, built in seconds and from nothing but the text."""

import re
import shutil
from pathlib import Path

from site_books import ROOT, configuration

CELL = re.compile(r"^```\{code-cell\}.*?^```\n", re.MULTILINE | re.DOTALL)
CAPTION = re.compile(r"^```\{caption\}[^\n]*\n(?::[^\n]*\n)*(.*?)^```$", re.MULTILINE | re.DOTALL)


def write_prose(root: Path) -> Path:
    """Write a book of the real chapters into the folder `root`; figures are their captions, values are a number."""
    root.mkdir(parents=True)
    (root / "_config.yml").write_text(configuration(), encoding="utf-8")
    shutil.copy(ROOT / "_toc.yml", root)
    for page in sorted(path for code in ("en", "ja") for path in (ROOT / "book" / code).glob("*.md")):
        text = CAPTION.sub(r"\1", CELL.sub("", page.read_text(encoding="utf-8")))
        text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)  # no cells, so no notebook
        text = text.replace("```{chapters}\n```\n", "")  # its pictures are gone
        text = re.sub(r"\{numref\}`[^`]*`", "1", re.sub(r"\{value\}`[^`]*`", "7", text))
        text = re.sub(r"\{state\}`([^<`]*?)\s*<[^>`]*>`", r"\1", text)  # it led to a figure
        target = root / "book" / page.parent.name / page.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return root
