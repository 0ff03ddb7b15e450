"""Polynomials of growing degree through a few noisy points: what they make of the points, and of others."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from nnbook import arrays
from nnbook.figures.kit import svg
from nnbook.figures.kit.contours import Plane
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import count, decimal, signed, text

HIGHEST, POINTS, HELD_BACK, NOISE = 15, 12, 60, 0.25
CURVE = Plane(42, 26, 288, 190, (-1, 1), (-2.1, 2.1))
CHART = Plane(42, 26, 288, 190, (-0.4, HIGHEST + 0.4), (-3, 3.7))  # the degree, and the power of ten of the error
KINDS = {"train": POINTS, "validation": HELD_BACK}
Numbers = NDArray[np.float64]


@arrays.taken(seeds="positions")
def degree(
    seeds: Sequence[int] = (17, 1, 2, 3, 4, 5, 6, 7), start: int = 9, name: str = "degree", interactive: bool = True
) -> Figure:
    """A polynomial through 12 noisy points of a known curve, y = sin 3x + x/2, from degree 0 to degree 15.

    The reader chooses the degree, and sees the mean squared error over the 12 points (training) and over 60 others that
    were drawn in the same way (validation). A button draws other points.

    The polynomials are fitted by least squares in the basis of Chebyshev. From degree 11 on there are as many
    coefficients as points or more, and the polynomial goes through all of them; from degree 12 on, many do, and the one
    with the smallest coefficients in this basis is taken. That is a choice, and the reason why the validation error
    falls again behind its peak: of many answers without an error this one is tame.

    Args:
        seeds: (draws,), of the draws of points; the first is at rest.
        start: the degree at rest.
        name: of the figure in the page's address, as in `#degree:degree=3,draw=2`.
        interactive: whether it answers to the reader.

    Facts: `points`, `held_back`, `noise` (standard deviation); of the first draw, each with `degree`, `train` and
    `validation`: `constant` (degree 0), `line` (1), `best` (lowest validation error), `shown` (at rest), `exact` (the
    first through all points), `worst` (highest validation error), `last` (15), and all in `degrees` by the degree;
    `worst` with the `lowest` and `highest` place of its curve, too; `best_degrees`, the best degree of each draw.

    Explained in: how-neural-networks-are-trained, "Learning or learning by heart".

    Example:
        >>> degree(start=3)
    """
    if not 0 <= start <= HIGHEST:
        raise ValueError(f"the degree goes from 0 to {HIGHEST}; got {start}; choose one between them")
    if not len(seeds):
        raise ValueError("points are drawn at least once; got no seeds; pass one or more")
    draws = [_drawn(np.random.default_rng(seed)) for seed in seeds]
    facts = _facts(draws, start)
    static = Figure("degree", lambda language: _picture(draws[0], start, language), facts)
    if not interactive:
        return static
    data = {"name": name, "start": start, "draws": draws, "curve": CURVE.data(), "chart": CHART.data()}
    return interactive_figure("degree", static, data)


def _truth(x: Numbers) -> Numbers:
    return np.asarray(np.sin(3 * x) + x / 2)


def _drawn(random: np.random.Generator) -> dict[str, Any]:
    """Points about the true curve, others that are held back, and the polynomial of each degree through the first."""
    (x, y), (other_x, other_y) = (_points(size, random) for size in (POINTS, HELD_BACK))
    fits = []
    for degree in range(HIGHEST + 1):
        basis = chebyshev.chebvander(x, degree)
        coefficients = np.linalg.lstsq(basis, y, rcond=None)[0].round(9)
        errors = [((chebyshev.chebval(at, coefficients) - to) ** 2).mean() for at, to in ((x, y), (other_x, other_y))]
        curve = chebyshev.chebval(np.linspace(-1, 1, 2001), coefficients)
        fits.append({
            "coefficients": coefficients.tolist(),
            "train": round(float(errors[0]), 9),
            "validation": round(float(errors[1]), 9),
            "lowest": round(float(curve.min()), 2),
            "highest": round(float(curve.max()), 2),
        })  # fmt: skip
    points = {"train": np.column_stack([x, y]).tolist(), "validation": np.column_stack([other_x, other_y]).tolist()}
    return {"points": points, "fits": fits}


def _points(size: int, random: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Places x from -1 to 1 (size,), one in each of as many equal parts, and heights about the true curve there."""
    x = (2 * (np.arange(size) + random.uniform(0.1, 0.9, size)) / size - 1).round(3)
    return x, (_truth(x) + random.normal(0, NOISE, size)).round(3)


def _facts(draws: Sequence[Mapping[str, Any]], start: int) -> dict[str, Any]:
    fits = draws[0]["fits"]
    told = [{"degree": at, "train": fit["train"], "validation": fit["validation"]} for at, fit in enumerate(fits)]
    by_validation = sorted(told, key=lambda fit: fit["validation"])
    picked = {"constant": told[0], "line": told[1], "best": by_validation[0], "shown": told[start]}
    picked |= {"exact": told[POINTS - 1], "worst": dict(by_validation[-1]), "last": told[-1]}
    picked["worst"] |= {key: fits[picked["worst"]["degree"]][key] for key in ("lowest", "highest")}
    given: dict[str, Any] = {"points": POINTS, "held_back": HELD_BACK, "noise": NOISE}
    given |= {"best_degrees": [_best(draw["fits"]) for draw in draws]}
    return picked | given | {"degrees": {str(fit["degree"]): fit for fit in told}}


def _best(fits: Sequence[Mapping[str, Any]]) -> int:
    """The degree with the lowest validation error."""
    return min(range(len(fits)), key=lambda at: fits[at]["validation"])


def _picture(draw: Mapping[str, Any], start: int, language: str) -> str:
    """The points with the polynomial, and the errors by degree; the script finds the parts by their classes."""
    fit, x = draw["fits"][start], np.linspace(-1, 1, 289)
    points = {kind: np.array(places) for kind, places in draw["points"].items()}
    said = _said(fit, start, language)
    curve = chebyshev.chebval(x, fit["coefficients"])
    content = [
        f'<path class="nnb-degree-truth" d="{CURVE.line(np.column_stack([x, _truth(x)]))}"/>',
        *(f'<path class="nnb-degree-{kind}" d="{CURVE.spots(points[kind])}"/>' for kind in ("validation", "train")),
        f'<path class="nnb-degree-fit" d="{CURVE.line(np.column_stack([x, curve]))}"/>',
    ]
    picture = [CURVE.inside(content), CURVE.axes(("x", "y"), language), *_legend(language)]
    best = count(_best(draw["fits"]), language)
    alts = text("degree.alt_curve", language, said=said), text("degree.alt_chart", language, said=said, best=best)
    drawings = map(svg.drawing, (236, 236), alts, (picture, _chart(draw["fits"], start, language)))
    return f'<div class="nnb-panels">{"".join(drawings)}</div><p class="nnb-sum">{escape(said)}</p>'


def _said(fit: Mapping[str, Any], degree: int, language: str) -> str:
    """The errors, and how far the curve leaves the picture if it does."""
    errors = {kind: decimal(fit[kind], language, 3) for kind in KINDS}
    told = text("degree.errors", language, degree=count(degree, language), **errors)
    if CURVE.y[0] <= fit["lowest"] and fit["highest"] <= CURVE.y[1]:
        return told
    ends = {key: signed(fit[key], language, 1) for key in ("lowest", "highest")}
    return f"{told} {text('degree.outside', language, **ends)}"


def _legend(language: str) -> list[str]:
    """What the dots and the wide line are, above them."""
    drawn: list[str] = []
    x = 16.0
    for kind, size in KINDS.items():
        word = text(f"degree.{kind}", language, count=size)
        drawn += _mark(kind, x, word)
        x += 26 + svg.width_of(word, 12)
    truth = svg.label(x + 22, 16, text("degree.truth", language), "start")
    return [*drawn, f'<path class="nnb-degree-truth" d="M{x:.0f} 12h14"/>', truth]


def _chart(fits: Sequence[Mapping[str, Any]], start: int, language: str) -> list[str]:
    """Both errors by degree, on a scale of powers of ten; what is nearly zero leaves it downwards."""
    left, right, bottom = CHART.left, CHART.left + CHART.width, CHART.top + CHART.height
    validation = text("degree.error_validation", language)
    powers, degrees = (-2, 0, 2), range(0, HIGHEST + 1, 3)
    heights, places = CHART.down(np.array(powers)).tolist(), CHART.across(np.array(degrees)).tolist()
    grid = svg.path(*(part for height in heights for part in ("M", left, height, "H", right)))
    here = CHART.line(np.array([(start, end) for end in CHART.y]))
    errors = {kind: _errors(np.array([fit[kind] for fit in fits])) for kind in KINDS}
    lines = [f'<path class="nnb-degree-error-{kind}" d="{CHART.line(errors[kind])}"/>' for kind in KINDS]
    lines += [f'<path class="nnb-degree-now-{kind}" d="{CHART.spots(errors[kind][[start]])}"/>' for kind in KINDS]
    sizes = [
        svg.label(left - 6, height + 4, decimal(10.0**power, language, max(0, -power)), "end", "nnb-quiet")
        for height, power in zip(heights, powers, strict=True)
    ]
    below = [
        svg.label(place, bottom + 16, count(at, language), "", "nnb-quiet")
        for place, at in zip(places, degrees, strict=True)
    ]
    return [
        f'<path class="nnb-degree-grid" d="{grid}"/>',
        CHART.inside([f'<path class="nnb-degree-here" d="{here}"/>', *lines]),
        *sizes,
        *below,
        *_mark("train", left + 4, text("degree.error_train", language)),
        *_mark("validation", right - svg.width_of(validation, 12) - 10, validation),
    ]


def _mark(kind: str, x: float, word: str) -> tuple[str, str]:
    """A dot as that of the points, and a word behind it."""
    return f'<path class="nnb-degree-{kind}" d="M{x:.0f} 12h.01"/>', svg.label(x + 8, 16, word, "start")


def _errors(errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """By degree (degrees,), the places (degrees, 2) on the chart; zero lies far below it."""
    return np.column_stack([np.arange(len(errors)), np.log10(np.maximum(errors, 1e-9))])
