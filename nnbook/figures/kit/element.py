"""What every interactive figure is: a custom element around a static figure, with its data and words as attributes.

The data (numbers, class keys, pictures as addresses) is the same in all languages; the words are texts of the
catalogue, their {placeholders} left for the script to fill. Facts stay in the static figure.
"""

import json
from collections.abc import Callable, Mapping

from nnbook.figures.kit import bundle
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import template

Words = Callable[[str], Mapping[str, str]]


class InteractiveFigure(Figure):
    """A static figure inside the custom element `nnb-<tag>`; see `interactive_figure`."""

    def __init__(self, tag: str, static: Figure, data: Mapping[str, object], names: Words | None) -> None:
        super().__init__(static.kind, static.html, static.facts)
        self.tag, self.static = tag, static
        self._data = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        side = max(int(str(data.get(key, 28))) for key in ("width", "height"))
        self._times = f' style="--times:{28 // side}"' if side <= 14 else ""
        self._name = str(data.get("name", ""))
        self._names = names

    def html(self, language: str) -> str:
        """The element with the words of `language`, the static figure inside."""
        words = {key: template(key, language) for key in bundle.words(self.tag)}
        if self._names:
            words |= self._names(language)
        written = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
        return (
            f"<nnb-{self.tag} class=\"nnb-interactive\" lang='{language}' "
            f"data-nnb-needs='{' '.join(bundle.needed(self.tag))}' "
            f"data-nnb-name='{attribute(self._name)}'{self._times} "
            f"data-nnb-data='{attribute(self._data)}' "
            f"data-nnb-words='{attribute(written)}'>{self.static.html(language)}</nnb-{self.tag}>"
        )

    def style(self) -> str:
        """The style sheets of the static figure and of the element."""
        return super().style() + bundle.style(self.tag)

    def alone(self, language: str) -> str:
        """The element, and its script after it; the pages of the book link to the script."""
        return f"{super().alone(language)}<script data-nnbook>{bundle.script(self.tag)}</script>"


def interactive_figure(
    tag: str,
    static: Figure,
    data: Mapping[str, object],
    names: Words | None = None,
) -> Figure:
    """A figure that answers: `static`, and what the script of the element `nnb-<tag>` needs to bring it to life.

    Args:
        tag: the name of the element; its script lies in the folder of that name.
        static: what is shown without scripts; its facts are the facts of the whole.
        data: numbers, strings, lists and mappings for the script, with its `name` in the page's address. Pictures in it
            are data URIs, as `raster.data_uri` gives them. The build of the book makes files of large
            pictures, of the data with the words, and of large values in them; a picture is loaded when the script gives
            its address to an image, what is called `later` when the script asks `nnbook.later` for it, and all else
            before the script starts.
        names: words by language besides those of the catalogue that the script names, such as those of the classes.

    Example:
        >>> interactive_figure("demo", figures.weight_image(weights, (28, 28), "0"), {"w": [1, 2]})
    """
    return InteractiveFigure(tag, static, data, names)


def attribute(text: str) -> str:
    """`text` between single quotes in markup: few characters need to be written otherwise."""
    return text.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;")
