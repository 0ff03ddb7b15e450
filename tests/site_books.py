"""A book of two pages in two languages, small enough to be built in a test, and ways to look at what came out."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from nnbook import pipeline

ROOT = Path(__file__).parents[1]

# A picture large enough to become a file, and facts, as a figure of the book has them. The cell notes each of its runs.
CELL = """\
import base64, html, json, os, pathlib
with pathlib.Path(os.environ["CELL_RUNS"]).open("a") as runs:
    runs.write("run\\n")
facts = html.escape(json.dumps({"lowest": {"value": -1.234}, "animal": "cat", "share": 0.917, "images": 60000}))
picture = base64.b64encode(bytes(range(256)) * 20).decode()

class Figure:
    def _repr_html_(self):
        drawn = f'<img loading="lazy" alt="" src="data:image/png;base64,{picture}">'
        parts = ["<style data-nnbook>.nnb {color: red}</style>"]
        for c in os.environ["NNBOOK_LANGUAGES"].split(","):
            figure = f'<div class="nnb" data-facts="{facts}">{drawn} words in {c}</div>'
            parts.append(f"<!--nnbook:{c}-->{figure}<!--/nnbook:{c}-->")
        return "".join(parts)

Figure()"""

# The same with a picture that other programs can read, too.
PICTURE_CELL = CELL.replace(
    "picture = base64.b64encode(bytes(range(256)) * 20).decode()",
    """from io import BytesIO
from PIL import Image
Image.frombytes("L", (70, 70), bytes(i * i % 251 for i in range(4900))).save(file := BytesIO(), "PNG")
picture = base64.b64encode(file.getvalue()).decode()""",
)

HEAD = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"

PAGES = {
    "en/index": "(home)=\n# Small book\n\nRead [](about-weights) and look at {numref}`fig-zero`.\n",
    "ja/index": "(home)=\n# 小さな本\n\n[](about-weights)を読み、{numref}`fig-zero`を見てください。\n",
    "en/weights": """
(about-weights)=
# Weights

The lowest is {value}`fig-zero:lowest.value|number2`, for a {value}`fig-zero:animal|class`.

```{code-cell} ipython3
%s
```

```{caption} fig-zero
:class: wide
Look at $w_i$: {value}`fig-zero:share|percent` of {value}`fig-zero:images|count`.
```

(sums)=
## Sums

As {eq}`eq-sum` says:

$$
z = b + \\sum_{i=1}^{784} w_i x_i
$$ (eq-sum)

:::{note}
A note about $x \\le y$ in one sentence
on two lines.
:::
""",
    "ja/weights": """
(about-weights)=
# 重み

最小の重みは{value}`fig-zero:lowest.value|number2`、{value}`fig-zero:animal|class`のもの
です。**この**
行と、その次の
Python
Notebook の行は続きます。

```{code-cell} ipython3
%s
```

```{caption} fig-zero
:class: wide
$w_i$ を見ましょう。{value}`fig-zero:images|count`枚の{value}`fig-zero:share|percent`です。
```

(sums)=
## 和

式 {eq}`eq-sum` のとおりです。

$$
z = b + \\sum_{i=1}^{784} w_i x_i
$$ (eq-sum)

:::{note}
$x \\le y$ についての注です。
:::
""",
}

TOC = """\
format: jb-book
root: index
parts:
  - caption: site.part.networks
    numbered: 1
    chapters:
      - file: weights
"""


def configuration() -> str:
    """The settings of the real book, with the two languages that small ones have."""
    settings = (ROOT / "_config.yml").read_text(encoding="utf-8")
    return re.sub(r"^languages: \[.*?\]", "languages: [en, ja]", settings, flags=re.MULTILINE)


def write_book(root: Path, cell: str = CELL) -> Path:
    """Write the book into the folder `root` and give the folder."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "_config.yml").write_text(configuration(), encoding="utf-8")
    (root / "_toc.yml").write_text(TOC, encoding="utf-8")
    for name, text in PAGES.items():
        path = root / "book" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text % cell if "%s" in text else text, encoding="utf-8")
    (root / "book" / "_static").mkdir()
    (root / "book" / "_static" / "look.css").write_text("p { orphans: 2 }\n", encoding="utf-8")
    return root


def build(root: Path, **options: object) -> pipeline.Report:
    """Build the book in `root` from the sample, training nothing."""
    quiet = Console(quiet=True)
    return pipeline.build(root=root, console=quiet, **{"data": "sample", "names": (), **options})


def build_apart(root: Path, **environment: object) -> None:
    """Build the book in `root` in a process of its own: those that it starts know this `environment`."""
    program = "import sys, pathlib, site_books; site_books.build(pathlib.Path(sys.argv[1]))"
    known = os.environ | {"PYTHONPATH": str(Path(__file__).parent)} | {key: str(it) for key, it in environment.items()}
    command = [sys.executable, "-c", program, str(root)]
    done = subprocess.run(command, env=known, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def page_text(path: Path) -> str:
    """The text of a finished page, with quotes around all values of attributes, as tests look for them."""
    tags = re.compile(r"""<[a-zA-Z](?:[^"'>]|"[^"]*"|'[^']*')*>""")
    values = re.compile(r"""(\s[^\s"'=<>/]+=)(?:("[^"]*"|'[^']*')|([^\s"'>]+))""")

    def quoted(value: re.Match[str]) -> str:
        return value[1] + (value[2] or f'"{value[3]}"')

    return tags.sub(lambda tag: values.sub(quoted, tag[0]), path.read_text(encoding="utf-8"))


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that the file must hold."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below `folder`, by name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
