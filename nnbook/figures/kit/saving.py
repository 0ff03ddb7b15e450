"""A figure as a file of its own: a page, a drawing, or a picture."""

import base64
import re
from io import BytesIO
from typing import NoReturn

from PIL import Image

from nnbook.figures.kit import raster

PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><body>{body}</body></html>
"""
_DRAWING = re.compile(
    r"<svg\b(?:<svg\b.*?</svg>|.)*?</svg>", re.DOTALL
)  # with what is cut off at the edges of a part of it
_PICTURE = re.compile(r"<img\b[^>]*>")
_LEGEND = re.compile(r'<span class="nnb-legend-strip">.*?</span>', re.DOTALL)
_VARIABLE = re.compile(r"(--nnb-[a-z-]+): ([^;]+);")


def page(language: str, title: str, body: str) -> bytes:
    """A page that needs no other file."""
    return PAGE.format(language=language, title=title, body=body).encode()


def drawing(kind: str, html: str, style: str) -> bytes:
    """The figure `html` as SVG that any program draws: on paper, with the colours written out.

    Raises:
        ValueError: if the figure is not one drawing alone.
    """
    found = _DRAWING.findall(html)
    if len(found) != 1 or _PICTURE.search(html) or "<table" in html:
        _refuse("an SVG file is a drawing of lines and words", kind, ".html")
    for name, value in reversed(_VARIABLE.findall(style[: style.index("}")])):
        style = style.replace(f"var({name})", value.strip())
    own, said, content = re.fullmatch(r'<svg class="([^"]*)"(.*?)>(.*)</svg>', found[0], re.DOTALL).groups()  # type: ignore[union-attr]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nnb nnb-{kind}"{said}>'
        f'<style><![CDATA[{style}]]></style><g class="{own}">{content}</g></svg>'
    ).encode()


def picture(kind: str, html: str) -> bytes:
    """The figure `html` as PNG: its picture alone, as large as a page shows it, on white.

    Raises:
        ValueError: if the figure is not one picture.
    """
    found = _PICTURE.findall(_LEGEND.sub("", html))
    if len(found) != 1 or _DRAWING.search(html):
        _refuse("a PNG file is one picture", kind, ".svg" if _DRAWING.search(html) and not found else ".html")
    (tag,) = found
    width, height = (int(re.search(rf' {side}="(\d+)"', tag)[1]) for side in ("width", "height"))  # type: ignore[index]
    data = re.search(r'src="data:[^,]+,([^"]+)"', tag)[1]  # type: ignore[index]
    image = Image.open(BytesIO(base64.b64decode(data))).convert("RGBA")
    if "nnb-signed" in tag:  # it is drawn for both grounds
        image = image.crop((0, 0, image.width, raster.half_height(image.height)))
    paper = Image.new("RGBA", (width, height), "white")
    paper.alpha_composite(image.resize((width, height), Image.Resampling.NEAREST))
    buffer = BytesIO()
    paper.convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def _refuse(rule: str, kind: str, ending: str) -> NoReturn:
    raise ValueError(f"{rule}; got {kind}, which is more; save it as {ending}")
