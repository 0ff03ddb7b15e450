"""A backend of matplotlib that writes SVG for the book's pages: short, with the page's fonts and colours.

matplotlib's own has no place for what a page needs: words in the language of the page, whose letters it may not know,
colours that follow light and dark, and coordinates of pixels with one decimal, a fifth of the bytes.
"""

import math
import re
from collections.abc import Callable
from copy import deepcopy
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from matplotlib.backend_bases import FigureCanvasBase, RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import weight_dict
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from nnbook.figures.kit import raster, svg
from nnbook.figures.kit.chart_parts import Clip, Shape, paint, path_data, short, together

DPI = 100  # an inch of a figure is so many CSS pixels
SMALLEST = 7.95  # points: letters of 11 CSS pixels
_ANCHORS = {"left": ("", 0.0), "center": ("middle", 0.5), "right": ("end", 1.0)}
_WIDE = re.compile("[\u2e80-\U0003ffff]")  # letters as wide as they are high, which the fonts that measure may lack
_CIRCLE = np.asarray(Path.unit_circle().vertices)


def drawn(figure: Figure, width: float, height: float, said: Callable[[str], str], kind: str) -> str:
    """The `figure`, `width` x `height` CSS pixels large, as `<svg>` of the class `kind`; it stays as it is.

    Args:
        said: what to write instead of a text of the figure.

    Raises:
        ValueError: if there is something in it that can't be drawn.
    """
    renderer, canvas = Renderer(width, height, said), figure.canvas
    FigureCanvasBase(figure)  # of which pyplot knows nothing: it would show the copy, too
    copy = deepcopy(figure)  # where things lie depends on where they lay before
    figure.set_canvas(canvas)
    _Canvas(copy, renderer)
    copy.dpi = DPI
    copy.set_size_inches(width / DPI, height / DPI)
    copy.patch.set_visible(False)  # the page is the ground
    copy.draw(renderer)
    return f'<svg class="{kind}" viewBox="0 0 {width:g} {height:g}">{renderer.content()}</svg>'


class _Canvas(FigureCanvasBase):
    """What lays a figure out asks its canvas who measures its words."""

    def __init__(self, figure: Figure, renderer: "Renderer") -> None:
        super().__init__(figure)
        self._measures = renderer

    def get_renderer(self) -> "Renderer":
        return self._measures


class Renderer(RendererBase):
    """Collects what a figure of `width` x `height` pixels draws; what is `said` takes the place of its words."""

    def __init__(self, width: float, height: float, said: Callable[[str], str]) -> None:
        super().__init__()
        self.width, self.height, self._said = width, height, said
        self._flip = Affine2D().scale(1, -1).translate(0, height)
        self._shapes: list[Shape] = []
        self._texts: list[tuple[str, str]] = []

    def content(self) -> str:
        """What is inside of the `<svg>`: shapes in their order, and words above all."""
        return together(self._shapes) + "".join(
            f"<g{how}>{''.join(text for _, text in same)}</g>" for how, same in groupby(self._texts, itemgetter(0))
        )

    def points_to_pixels(self, points: Any) -> Any:
        return points * DPI / 72

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def option_scale_image(self) -> bool:
        return True

    def option_image_nocomposite(self) -> bool:
        return True

    def draw_path(self, gc: Any, path: Path, transform: Any, rgbFace: Any = None) -> None:
        if gc.get_hatch():
            raise ValueError(f"a chart of the book has no hatches; got {str(gc.get_hatch())!r}; use a colour")
        place = transform + self._flip
        points, clip = place.transform(path.vertices), self._clip(gc)
        box = Bbox.null()
        box.update_from_data_xy(points[np.isfinite(points).all(axis=1)], ignore=True)
        stroked = gc.get_linewidth() > 0 and gc.get_rgb()[3] > 0
        fill, stroke = paint("fill", rgbFace, gc), paint("stroke", gc.get_rgb(), gc) if stroked else ""
        if not (fill or stroke) or (clip and not _meet(clip, box)):
            return
        width = f"stroke-width:{self._number(gc.get_linewidth())}{self._dashes(gc)}" if stroke else ""
        style = ";".join(filter(None, (fill, stroke, width)))
        if fill and _is_circle(np.asarray(path.vertices)):
            self._circle(clip, box, style, stroke[7:] in ("", fill[5:]), gc if stroke else None)
            return
        cut = clip if fill or (np.asarray([] if path.codes is None else path.codes) > Path.LINETO).any() else None
        if cut and cut[0] - 1 <= box.x0 and box.x1 <= cut[2] + 1 and cut[1] - 1 <= box.y0 and box.y1 <= cut[3] + 1:
            cut = None
        self._shapes.append((cut, style, path_data(path, place, None if fill else clip)))

    def _circle(self, clip: Clip | None, box: Bbox, style: str, plain: bool, gc: Any) -> None:
        """A circle; a `plain` one of a single colour is a dot of a broad pen, which needs few letters."""
        x, y, radius = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2, box.width / 2
        if clip and not (clip[0] - 1 <= x <= clip[2] + 1 and clip[1] - 1 <= y <= clip[3] + 1):
            return
        if plain:
            width = 2 * radius + (self.points_to_pixels(gc.get_linewidth()) if gc else 0)
            colour = style.partition(";stroke")[0].replace("fill", "stroke")
            style = f"{colour};stroke-width:{short(width)};stroke-linecap:round"
            data = svg.path("M", x, y, svg.DOT)
        else:
            there, back = ((radius, radius, 0, 1, 0, across, 0) for across in (2 * radius, -2 * radius))
            data = svg.path("M", x - radius, y, "a", *there, "a", *back)
        self._shapes.append((None, style, data))

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
        height, width = im.shape[:2]
        corners = [[0, 0], [width, height]] if transform is None else transform.transform([[0, 0], [1, 1]])
        self._picture(gc, np.asarray(im), self._flip.transform(np.add(corners, (x, y))))

    def draw_quad_mesh(self, gc: Any, master_transform: Any, *mesh: Any) -> None:
        """A mesh of equal rectangles is a picture with a pixel for each: that of a scale has 256."""
        width, height, coordinates, *_, colours, _, _ = mesh
        x, y = coordinates[0, :, 0], coordinates[:, 0, 1]
        even = all(np.allclose(np.diff(places, 2), 0, atol=1e-9 * np.ptp(places)) for places in (x, y))
        if not even or not np.allclose(coordinates, np.dstack(np.meshgrid(x, y))):
            super().draw_quad_mesh(gc, master_transform, *mesh)
            return
        pixels = np.rint(255 * np.asarray(colours)).astype(np.uint8).reshape(height, width, 4)
        self._picture(gc, pixels, (master_transform + self._flip).transform(coordinates[[0, -1], [0, -1]]))

    def draw_gouraud_triangles(self, gc: Any, triangles_array: Any, colors_array: Any, transform: Any) -> None:
        raise ValueError('a chart of the book has no shading="gouraud"; got some; leave it out')

    def _picture(self, gc: Any, colours: Any, corners: Any) -> None:
        """`colours` (H, W, 4) between `corners` (2, 2): where the first row begins, and where the last one ends."""
        colours = colours[:: -1 if corners[0, 1] > corners[1, 1] else 1, :: -1 if corners[0, 0] > corners[1, 0] else 1]
        (x, y), (width, height) = corners.min(axis=0), np.ptp(corners, axis=0)
        place = f'x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}"'
        address = raster.data_uri(np.ascontiguousarray(colours))
        element = f'<image {place} preserveAspectRatio="none" style="image-rendering:pixelated" href="{address}"/>'
        self._shapes.append((self._clip(gc), "", element))

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """With a letter that the font has instead of each that it may lack: so no glyph is missing."""
        return super().get_text_width_height_descent(_WIDE.sub("W", self._said(s)), _readable(prop), ismath)

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        anchor, share = _ANCHORS["center" if angle else mtext.get_ha() if mtext else "left"]
        if ismath:
            anchor, share = "", 0.0
        along = share * self.get_text_width_height_descent(s, prop, ismath)[0]
        x, y = x + along * math.cos(math.radians(angle)), y - along * math.sin(math.radians(angle))
        weight = weight_dict.get(prop.get_weight(), prop.get_weight())
        style = paint("fill", gc.get_rgb(), gc) + (f";font-weight:{weight}" if weight != 400 else "")
        style += ";font-style:italic" if prop.get_style() != "normal" else ""
        how = f' font-size="{self._number(_readable(prop).get_size_in_points())}"'
        how += (f' text-anchor="{anchor}"' if anchor else "") + f' style="{style}"'
        turn = f' transform="rotate({-angle:g} {short(x)} {short(y)})"' if angle else ""
        inside = self._formula(s, x, y, _readable(prop), f'{turn} style="{style}"') if ismath else escape(self._said(s))
        self._texts.append((how, f'<text x="{short(x)}" y="{short(y)}"{turn}>{inside}</text>'))

    def _formula(self, s: str, x: float, y: float, prop: Any, how: str) -> str:
        """The letters of a formula, those that stand on one line together; its rules are shapes with the look `how`."""
        _, _, _, glyphs, rules = self._text2path.mathtext_parser.parse(self._said(s), DPI, prop)
        for left, low, width, height in rules:
            data = svg.path("M", x + left, y - low, "l", width, 0, 0, -max(height, 1), -width, 0, "z")
            self._shapes.append((None, "", f'<path{how} d="{data}"/>'))
        runs = []
        for (size, up), run in groupby(glyphs, lambda glyph: (glyph[1], glyph[-1])):
            letters = list(run)
            place = f'x="{short(x + letters[0][-2])}" y="{short(y - up)}" font-size="{self._number(size)}"'
            runs.append(f"<tspan {place}>{escape(''.join(chr(letter[2]) for letter in letters))}</tspan>")
        return "".join(runs)

    def _clip(self, gc: Any) -> Clip | None:
        box = gc.get_clip_rectangle()
        if box is None:
            return None
        return round(box.x0, 1), round(self.height - box.y1, 1), round(box.x1, 1), round(self.height - box.y0, 1)

    def _number(self, points: float) -> str:
        return short(self.points_to_pixels(points), 2)

    def _dashes(self, gc: Any) -> str:
        _, dashes = gc.get_dashes()
        return f";stroke-dasharray:{' '.join(map(self._number, dashes))}" if dashes else ""


def _is_circle(points: Any) -> bool:
    return points.shape == _CIRCLE.shape and points[0, 1] != 0 and np.allclose(points / -points[0, 1], _CIRCLE)


def _meet(clip: Clip, box: Bbox) -> bool:
    return bool(box.x1 >= clip[0] and box.x0 <= clip[2] and box.y1 >= clip[1] and box.y0 <= clip[3])


def _readable(prop: Any) -> Any:
    """The font properties, large enough to be read on a phone."""
    if prop.get_size_in_points() >= SMALLEST:
        return prop
    larger = prop.copy()
    larger.set_size(SMALLEST)
    return larger
