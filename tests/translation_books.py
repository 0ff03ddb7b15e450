"""A page in two languages, with one of each thing that both must have, in a book that is never built."""

from pathlib import Path

from site_books import configuration

from nnbook.site.book import read_plan
from nnbook.site.translations import desk

ENGLISH = """\
---
file_format: mystnb
description: How a network reads.
---

(reading)=
# Reading digits

A network reads 100 digits, see {numref}`fig-weights`, {cite:p}`lecun` and [the first chapter](home). A weight is $w$.

Its accuracy is {value}`fig-weights:share|percent`.[^note] It is {term}`weight` that counts.

[^note]: Counted on [test images](https://example.org/mnist).

```{code-cell} ipython3
:mystnb: {image: {alt: "A picture of weights."}}

figures.weights()
```

```{caption} fig-weights
What every weight looks like.
```

(sums)=
## Sums

The sum is

$$
z = \\sum_i w_i x_i
$$ (eq-sum)

- first item with $x_1$
- second item

| name | value |
|------|-------|
| bias | 1     |
| rate | 2     |

```{note}
A note on $b$ for readers.
```

```{figure} drawn.png
:alt: A drawing.

What is drawn.
```

```{answer}
Zero, by {eval}`count`.
```

The last paragraph says goodbye.
"""
JAPANESE = """\
---
file_format: mystnb
description: ネットワークはどう読むのでしょうか。
---

(reading)=
# 数字を読む

ネットワークは数字を100個読みます。[最初の章](home)と{cite:p}`lecun`、{numref}`fig-weights`を見てください。重みは$w$です。

正解率は{value}`fig-weights:share|percent`です。[^note] 大切なのは{term}`重み`です。

[^note]: [テスト画像](https://example.org/mnist)で数えました。

```{code-cell} ipython3
:mystnb: {image: {alt: "重みの絵。"}}

figures.weights()
```

```{caption} fig-weights
それぞれの重みはこう見えます。
```

(sums)=
## 和

和は次のとおりです。

$$
z = \\sum_i w_i x_i
$$ (eq-sum)

- 一つ目は$x_1$
- 二つ目

| 名前 | 値 |
|------|----|
| バイアス | 1 |
| 学習率 | 2 |

```{note}
$b$についての注です。
```

```{figure} drawn.png
:alt: 絵。

描いたものです。
```

```{answer}
ゼロです。{eval}`count`からわかります。
```

最後の段落で、お別れです。
"""
GLOSSARIES = {
    "en": """\
(terms)=
# Terms

```{glossary}
confusion matrix
  Mistakes, counted by kind.

  :ja: 混同行列
  :avoid: error matrix (something else)
  :see: [](reading)

weight
  What multiplies an input.

  :ja: 重み
  :see: [](sums)
```
""",
    "ja": """\
(terms)=
# 用語

```{glossary}
重み
  入力に掛ける数。

  :en: weight
  :avoid: ウェイト（「重み」と書く）、ウエイト
  :see: [](sums)

混同行列
  間違いを種類ごとに数えた表。

  :en: confusion matrix
  :avoid: 混乱行列（別の意味になる）
  :see: [](reading)
```
""",
}
HOME = {"en": "(home)=\n# Home\n\nWelcome.\n", "ja": "(home)=\n# ホーム\n\nようこそ。\n"}


def write_pages(root: Path, english: str = ENGLISH, japanese: str = JAPANESE) -> Path:
    """Write the book into the folder `root`, all in step, and give the folder."""
    for language, page in (("en", english), ("ja", japanese)):
        folder = root / "book" / language
        folder.mkdir(parents=True)
        for name, text in (("index", HOME[language]), ("reading", page), ("terms", GLOSSARIES[language])):
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
    (root / "_config.yml").write_text(configuration(), encoding="utf-8")
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n  - file: reading\n  - file: terms\n", encoding="utf-8"
    )
    for page in pages(root):
        desk.refresh(page)
    return root


def pages(root: Path) -> list[desk.Translated]:
    """The Japanese pages and words of the book in `root`."""
    return desk.translated(read_plan(root), "ja")


def page(root: Path, name: str = "reading") -> desk.Translated:
    return next(one for one in pages(root) if one.page == name)
