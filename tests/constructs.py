"""A book with one of each ordinary construct, in two languages: what authors may write, in every form that readers get.

Run as a program, it builds the book and says where: to look at it after a change of styles.
"""

import re
import sys
from pathlib import Path

from site_books import HEAD, ROOT, build, configuration

# «English|Japanese» is said in the page's language; all else is the same in both.
INDEX = """\
(home)=
# «Constructs|構文»

«Links lead to|リンク先は» [](about-text), {numref}`fig-square`, {numref}`code-square`, {numref}`tab-list`,
{term}`«weight|重み»`
«and|と» {cite:t}`rumelhart1986`«.|です。»
"""

TEXT = """\
(about-text)=
# «Text|文章»

(lists)=
## «Lists|リスト»

- [x] «a finished task|済んだ課題»
- [ ] «an open task with|未完了の課題、» **«bold|太字»**

1. «first|一つ目»
2. «second|二つ目»

   - «inner|内側»

«term of a list|用語»
: «its meaning|その意味»

```{glossary}
«weight|重み»
  «A number of a network that is learnt.|ネットワークが学習する数です。»

«bias|バイアス»
  «A number that is added, see|足される数です。参照:» {term}`«weight|重み»`«.|。»
```

(quotes)=
## «Notes and sources|注と出典»

«A footnote|脚注»[^one] «and a second|と二つ目»[^two]«. Learning by back-propagation|。誤差逆伝播法»
{cite:p}`rumelhart1986`«; a book|、本» {cite:p}`minsky1969`«.|。»

[^one]: «What the footnote says, with|脚注の文と» $x_i$«.|。»
[^two]: «What the second says.|二つ目の文です。»

> «A quotation.|引用です。»
>
> -- «Someone|ある人»

«Keys|キー» {kbd}`Ctrl`, {abbr}`MSE (mean squared error)`, H{sub}`2`O, {guilabel}`OK`«.|。»

```{epigraph}
«Look first.|まず見ましょう。»

-- «A teacher|先生»
```

```{bibliography}
```

(tables)=
## «Tables|表»

| «digit|数字» | «share|割合» |
| :--- | ---: |
| 0 | 9.8 % |
| 1 | 11.4 % |

```{list-table} «Layers|層»
:header-rows: 1
:name: tab-list

* - «layer|層»
  - «units|ユニット»
* - «hidden|隠れ層»
  - - 30
    - 20
```

```{csv-table} «Epochs|エポック»
:header: «epoch|エポック», «loss|損失»
:name: tab-csv

1, 0.5
2, "0.3, «less|小さい»"
```

(code)=
## «Code|コード»

```{code-block} python
:caption: «How to square|二乗のしかた»
:name: code-square
:linenos:
:emphasize-lines: 2

def square(x):
    return x * x
```

```{literalinclude} ../shared/cube.py
:language: python
:lines: 1-2
```

```{code-block} text
plain
```

«A word of code:|コードの語:» `x * x`«.|。»

(boxes)=
## «Boxes|囲み»

:::{note}
«Text of the note|メモの文»
:::

:::{tip}
«Text of the tip|助言の文»
:::

:::{hint}
«Text of the hint|ヒントの文»
:::

:::{important}
«Text of what is important|重要の文»
:::

:::{warning}
«Text of the warning|警告の文»
:::

:::{caution}
«Text of the caution|注意の文»
:::

:::{attention}
«Text of attention|要注意の文»
:::

:::{danger}
«Text of the danger|危険の文»
:::

:::{error}
«Text of the error|誤りの文»
:::

:::{seealso}
«Text of what to see, too|参考の文»
:::

:::{admonition} «A title of its own|独自の題»
«Text of the admonition|囲みの文»
:::

:::{admonition} «Folded with a title|たたまれた囲み»
:class: dropdown

«Text of what is folded|たたまれた文» $y$
:::

:::{note}
:class: dropdown

«Text of the folded note|たたまれたメモ»
:::

:::{admonition} «Folded and shown|開いた囲み»
:class: dropdown toggle-shown

«Text of what is unfolded|開いている文»
:::

:::{dropdown} «A dropdown|ドロップダウン»
«Text of the dropdown|ドロップダウンの文»
:::

:::{dropdown} «An open one|開いたもの»
:open:

«Text of the open dropdown|開いたドロップダウンの文»
:::

:::{topic} «A topic|話題»
«Text of the topic|話題の文»
:::

(side)=
## «Beside the text|本文の脇»

«A paragraph that a remark in the margin stands beside.|欄外の注が脇に立つ段落です。»

:::{margin} «In the margin|欄外»
«Text of the margin|欄外の文»
:::

«A paragraph that a sidebar stands beside.|サイドバーが脇に立つ段落です。»

:::{sidebar} «A sidebar|サイドバー»
«Text of the sidebar|サイドバーの文»
:::

«One more paragraph.|もう一つの段落です。»

(panels)=
## «Panels|パネル»

::::{tab-set}
:::{tab-item} «First tab|一つ目のタブ»
«Text of the first tab|一つ目の文»
:::
:::{tab-item} «Second tab|二つ目のタブ»
«Text of the second tab|二つ目の文»

```python
second = 2
```
:::
::::

:::::{grid} 1 1 2 2
:gutter: 2

:::{grid-item}
«Text of the first cell|一つ目の升»
:::
::::{grid-item-card} «Title of a card|カードの題»
:link: lists
:link-type: ref

«Text of the card|カードの文»

:::{card-footer}
«Foot of the card|カードの脚»
:::
::::
:::::

:::{card} «A card alone|単独のカード»
«Text of the card alone|単独のカードの文»
:::

{bdg-primary}`«A badge|バッジ»`

(pictures)=
## «Pictures|図»

```{image} ../shared/light.png
:alt: «Dark square on light|明るい地に暗い四角»
:class: only-light
```

```{image} ../shared/dark.png
:alt: «Light square on dark|暗い地に明るい四角»
:class: only-dark
```

```{figure} ../shared/light.png
:name: fig-square
:alt: «A square|四角»
:width: 120px

«Caption of the square|四角の説明»
```

![«A square again|再び四角»](../shared/light.png)

$$
y = \\sum_i w_i x_i
$$ (eq-constructs)

«Formula|式» {eq}`eq-constructs`, {math}`a^2`«.|。»

```{code-cell}
1 + 1
```
"""

CELLS = """\
(about-cells)=
# «Cells|セル»

```{code-cell}
import sys

from IPython.display import Latex, Markdown, Math
from PIL import Image as Picture
```

(formulas)=
## «Formulas|式»

```{code-cell}
Latex(r"$$E = \\frac{m v^2}{2}$$")
```

```{code-cell}
Math(r"\\sum_i w_i x_i")
```

```{code-cell}
Markdown("*«»* $a^2$".replace("«»", "words"))
```

(failing)=
## «Errors|エラー»

```{code-cell}
:tags: [raises-exception]

def divide(a, b):
    return a / b, object()

divide(1, 0)
```

```{code-cell}
:tags: [raises-exception]

raise ValueError(f"no such thing: {object()}")
```

```{code-cell}
:tags: [skip-execution]

never_defined
```

(hidden)=
## «Hidden and removed|隠すものと除くもの»

```{code-cell}
:tags: [hide-input]

"output of hidden input"
```

```{code-cell}
:tags: [hide-output]

"hidden " + "output"
```

```{code-cell}
:tags: [hide-cell]

"hidden " + "cell"
```

```{code-cell}
:tags: [hide-input]
:mystnb:
:  code_prompt_show: «Open it|開く»
:  code_prompt_hide: «Close it|閉じる»

"output with own prompt"
```

```{code-cell}
:tags: [remove-input]

"output of " + "removed input"
```

```{code-cell}
:tags: [remove-output]

"removed " + "output"
```

```{code-cell}
:tags: [remove-cell]

removed = "removed " + "cell"
```

```{code-cell}
:tags: [remove-stdout]

print("removed " + "stdout")
removed
```

```{code-cell}
:tags: [scroll-output]

for number in range(40):
    print(f"line {number}")
```

```{code-cell}
print("to " + "stderr", file=sys.stderr)
print(f"half\\rwhole")
```

(loaded)=
## «Loaded|読み込み»

```{code-cell}
:load: ../shared/cube.py
```

```{code-cell}
cube(3)
```

(drawn)=
## «Pictures of cells|セルの図»

```{code-cell}
---
mystnb:
  image:
    alt: «A square from a cell|セルの四角»
    width: 120px
  figure:
    name: fig-cell
    caption: «Caption of a cell's square|セルの四角の説明»
---
picture = Picture.new("L", (90, 60), 255)
picture.paste(0, (30, 15, 60, 45))
picture
```

«See|参照:» {numref}`fig-cell`«.|。»
"""

BIBLIOGRAPHY = """\
@article{rumelhart1986,
  author = {Rumelhart, David E. and Hinton, Geoffrey E. and Williams, Ronald J.},
  title = {Learning representations by back-propagating errors},
  journal = {Nature},
  volume = {323},
  pages = {533--536},
  year = {1986},
  doi = {10.1038/323533a0},
}

@book{minsky1969,
  author = {Minsky, Marvin and Papert, Seymour},
  title = {Perceptrons},
  publisher = {MIT Press},
  year = {1969},
}
"""

TOC = "format: jb-book\nroot: index\nchapters:\n  - file: text\n  - file: cells\n"
_CHOICE = re.compile(r"«([^|»]*)\|([^»]*)»")


def page(text: str, language: str) -> str:
    """A page of the book in a `language`."""
    return _CHOICE.sub(r"\1" if language == "en" else r"\2", text)


def write_constructs(root: Path) -> Path:
    """Write the book into the folder `root` and give the folder."""
    from PIL import Image

    shared = root / "book" / "shared"
    shared.mkdir(parents=True)
    for name, ground, ink in (("light", "white", "black"), ("dark", "black", "white")):
        picture = Image.new("RGB", (90, 60), ground)
        picture.paste(ink, (30, 15, 60, 45))
        picture.save(shared / f"{name}.png")
    (shared / "cube.py").write_text("def cube(x):\n    return x * x * x\n", encoding="utf-8")
    for language in ("en", "ja"):
        (root / "book" / language).mkdir()
        for name, text in {"index": INDEX, "text": HEAD + TEXT, "cells": HEAD + CELLS}.items():
            (root / "book" / language / f"{name}.md").write_text(page(text, language), encoding="utf-8")
    (root / "book" / "references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    (root / "_toc.yml").write_text(TOC, encoding="utf-8")
    (root / "_config.yml").write_text(f"{configuration()}\nbibtex_bibfiles: [book/references.bib]\n", encoding="utf-8")
    for path in (ROOT / "book" / "_static").glob("*.css"):  # the book's own look
        (root / "book" / "_static").mkdir(exist_ok=True)
        (root / "book" / "_static" / path.name).write_bytes(path.read_bytes())
    return root


if __name__ == "__main__":
    print(build(write_constructs(Path(sys.argv[1])), formats=("epub", "pdf")).output)
