"""How long the translator's desk takes: `translations status` and `check` of a book that is made up here.

30 pages in four languages, each page with some 1,300 words, 12 cells, 36 formulas, figures, lists, links and values;
then half of the pages, to see that the time grows as the text does. Seconds are those of the processor, commands from
their start to their end, medians of some rounds.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from nnbook import localisation
from nnbook.site.book import read_plan
from nnbook.site.translations import desk

ROOT = Path(__file__).parents[1]
OTHERS = ("ja", "vi", "zh")  # beside English; all have the Japanese text, whose plurals they share
PAGES, SECTIONS, ROUNDS = 30, 12, 3
SECTION = {
    "en": """\
(label-{page}-{number})=
## Section {number} of page {page}

What a neuron does with its {number} inputs is told in {{numref}}`fig-{page}-{number}`, see [](label-{page}-0). It
multiplies each $x_i$ by a weight $w_i$, adds the products, and says how many of 10,000 images it knows, which are
{{value}}`fig-{page}-{number}:share|percent` of them. The rest of this paragraph has no other purpose than to be as long
as paragraphs of chapters are, which is about sixty words or a little more, and to be read as quickly.

```{{code-cell}} ipython3
network = trained("mnist-{page}-{number}")
figures.weight_images(network.weights[0], shape=(28, 28))
```

```{{caption}} fig-{page}-{number}
What every weight of network {number} looks like, as a picture.
```

$$
z_{number} = b + \\sum_i w_i x_i
$$

- the first of two items, with [a link](https://example.org/{page})
- the second

```{{note}}
A note on $b$, which {number} readers have asked for.
```
""",
    "ja": """\
(label-{page}-{number})=
## {page}ページの{number}番目の節

ニューロンが{number}個の入力をどうするかは、{{numref}}`fig-{page}-{number}`が示します。[](label-{page}-0)も見てください。それぞれの$x_i$に
重み$w_i$を掛け、積を足し合わせ、1万枚の画像のうちの{{value}}`fig-{page}-{number}:share|percent`がわかると言います。{language}の段落の残りは、
章の段落と同じくらいの長さになるためだけに書かれています。それは六十語か、もう少し多いくらいで、読むのにも同じくらいかかります。

```{{code-cell}} ipython3
network = trained("mnist-{page}-{number}")
figures.weight_images(network.weights[0], shape=(28, 28))
```

```{{caption}} fig-{page}-{number}
{number}番目のネットワークの、それぞれの重みを絵にしたものです。
```

$$
z_{number} = b + \\sum_i w_i x_i
$$

- 二つのうちの一つ目。[リンク](https://example.org/{page})があります
- 二つ目

```{{note}}
{number}人の読者が尋ねた$b$についての注です。
```
""",
}


def write_book(root: Path, count: int) -> None:
    """A book with so many pages, all in step."""
    (root / "_config.yml").write_text(f"languages: [en, {', '.join(OTHERS)}]\ntitle: a\n", encoding="utf-8")
    files = "".join(f"  - file: page-{page}\n" for page in range(1, count))
    (root / "_toc.yml").write_text(f"format: jb-book\nroot: page-0\nchapters:\n{files}", encoding="utf-8")
    for language in ("en", *OTHERS):
        folder = root / "book" / language
        folder.mkdir(parents=True)
        for page in range(count):
            sections = SECTION.get(language, SECTION["ja"])
            text = "\n".join(sections.format(page=page, number=number, language=language) for number in range(SECTIONS))
            (folder / f"page-{page}.md").write_text(f"---\nfile_format: mystnb\n---\n\n{text}", encoding="utf-8")
    for language in OTHERS:
        for found in desk.translated(read_plan(root), language):
            desk.refresh(found)


def seconds(root: Path, command: str) -> float:
    """What a command takes of the processor."""
    before = os.times()
    program = [sys.executable, "-c", "from nnbook.cli import main; main()", "translations", command]
    subprocess.run(program, cwd=root, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder, "words")
        words.mkdir()
        for language in OTHERS[1:]:
            (words / f"{language}.json").write_bytes(localisation.files()["ja"].read_bytes())
        os.environ["NNBOOK_CATALOGUES"] = str(words)
        localisation.files.cache_clear()
        localisation.languages.cache_clear()
        print("| command | 30 pages | 15 pages | ratio |\n| --- | --- | --- | --- |")
        for count in (PAGES, PAGES // 2):
            Path(folder, str(count)).mkdir()
            write_book(Path(folder, str(count)), count)
        for command in ("status", "check"):
            whole, half = (
                median(seconds(Path(folder, str(count)), command) for _ in range(ROUNDS))
                for count in (PAGES, PAGES // 2)
            )
            print(f"| {command} | {whole:.1f} s | {half:.1f} s | {whole / half:.1f} |")


if __name__ == "__main__":
    main()
