"""Backprop: the chain rule on a network of three neurons, a number at a time, each checked by nudging."""

from collections.abc import Callable
from html import escape

from nnbook.figures.kit import svg
from nnbook.figures.kit.element import interactive_figure
from nnbook.figures.kit.figure import Figure
from nnbook.figures.kit.functions import activation_function
from nnbook.localisation import decimal, text

Numbers = dict[str, float]
# x goes into two sigmoid neurons, h1 and h2; y adds up what they give out; the loss L is (y - t) squared.
GIVEN: Numbers = {"x": 2, "w1": 0.5, "b1": -1, "w2": -1, "b2": 1, "v1": 1.5, "v2": -0.8, "c": 0.5, "t": 2}
LIMIT = 3  # of what the reader may give; nudges then agree with gradients to five decimals
NUDGE = 1e-4
# One number a step: its key, how it is made, and of what. First come values, and then gradients of the loss.
FORWARDS = (
    ("z1", "sum", "w1", "x", "b1"), ("h1", "sigmoid", "z1"),
    ("z2", "sum", "w2", "x", "b2"), ("h2", "sigmoid", "z2"),
    ("y", "output", "v1", "h1", "v2", "h2", "c"), ("L", "loss", "y", "t"),
)  # fmt: skip
BACKWARDS = (
    ("y", "slope", "y", "t"), ("v1", "times", "y", "h1"), ("v2", "times", "y", "h2"), ("c", "added", "y"),
    ("h1", "times", "y", "v1"), ("z1", "through", "h1"), ("w1", "times", "z1", "x"), ("b1", "added", "z1"),
    ("h2", "times", "y", "v2"), ("z2", "through", "h2"), ("w2", "times", "z2", "x"), ("b2", "added", "z2"),
    ("x", "both", "z1", "w1", "z2", "w2"),
)  # fmt: skip
# From values v and gradients g by key; in the script: `kinds`.
KINDS: dict[str, Callable[..., float]] = {
    "sum": lambda v, g, w, x, b: v[w] * v[x] + v[b],
    "sigmoid": lambda v, g, z: float(activation_function("sigmoid")(v[z])),
    "output": lambda v, g, v1, h1, v2, h2, c: v[v1] * v[h1] + v[v2] * v[h2] + v[c],
    "loss": lambda v, g, y, t: (v[y] - v[t]) ** 2,
    "slope": lambda v, g, y, t: 2 * (v[y] - v[t]),
    "times": lambda v, g, to, by: g[to] * v[by],
    "added": lambda v, g, to: g[to],
    "through": lambda v, g, h: g[h] * v[h] * (1 - v[h]),
    "both": lambda v, g, z1, w1, z2, w2: g[z1] * v[w1] + g[z2] * v[w2],
}
ROWS = ("x", "w1", "b1", "z1", "h1", "w2", "b2", "z2", "h2", "v1", "v2", "c", "y", "t", "L")  # downwards is forwards
SIGNS = {key: key.replace("1", "₁").replace("2", "₂") for key in ROWS}
HIGH = 56
# Middle and width of each box; end or middle of what stands beside a line; where the lines go.
NODES = {
    "x": (27, 160, 54), "z1": (117, 86, 54), "h1": (171, 86, 54), "z2": (117, 234, 54), "h2": (171, 234, 54),
    "y": (254, 160, 54), "L": (314, 160, 44),
}  # fmt: skip
LABELS = {
    "w1": (72, 86, "end"), "w2": (72, 228, "end"), "b1": (117, 18, ""), "b2": (117, 298, ""),
    "v1": (205, 54, "start"), "v2": (205, 258, "start"), "c": (262, 97, ""), "t": (308, 218, ""),
}  # fmt: skip
WIRES = {
    "w1": (27, 160, 90, 86), "w2": (27, 160, 90, 234), "b1": (117, 40, 117, 86), "b2": (117, 234, 117, 284),
    "v1": (198, 86, 254, 160), "v2": (198, 234, 254, 160), "c": (262, 119, 262, 160),
    "L": (254, 160, 314, 160), "t": (314, 160, 314, 204),
}  # fmt: skip


def backprop(name: str = "backprop", interactive: bool = True) -> Figure:
    """Values forwards and gradients backwards through x, two sigmoid neurons, the output y and the squared error.

    h1 is the sigmoid of z1 = w1 x + b1, h2 that of z2 = w2 x + b2, and y = v1 h1 + v2 h2 + c. The reader goes step by
    step, a number at a time, changes what is given, and checks each gradient by nudging: by the central difference.

    Args:
        name: of the figure in the page's address, as in `#backprop:step=7`.
        interactive: whether it answers to the reader.

    Facts, by key, such as `w1`: `given`, what the picture at rest starts from; `values`, those and all that is
    calculated forwards, with the loss as `L`; `gradients` of the loss by everything but the target; `nudges`, the
    central differences. `error`, y - t; `slopes`, those of both sigmoids, h (1 - h), as `h1` and `h2`; `chain`, the
    `factors` whose product is the gradient of w1: 2 (y - t), v1, h1 (1 - h1) and x, and their `product`; `paths`, the
    two gradients that add up to that of x; `steps` `forwards` and `backwards`; `parameters`, how many weights and
    biases there are; `nudge`, how far each number is moved.

    Explained in: how-neural-networks-are-trained, "Backpropagation".
    """
    values, gradients = _run()
    above, below = ({key: _run(key, by)[0]["L"] for key in gradients} for by in (NUDGE, -NUDGE))
    nudges = {key: (above[key] - below[key]) / (2 * NUDGE) for key in gradients}
    slopes = {key: values[key] * (1 - values[key]) for key in ("h1", "h2")}
    factors = [gradients["y"], values["v1"], slopes["h1"], values["x"]]
    rounded = {
        "values": values,
        "gradients": gradients,
        "nudges": nudges,
        "slopes": slopes,
        "paths": {key: gradients[f"z{key[1]}"] * values[key] for key in ("w1", "w2")},
    }
    facts = {
        "given": GIVEN,
        **{kind: {key: round(number, 6) + 0.0 for key, number in found.items()} for kind, found in rounded.items()},
        "error": round(values["y"] - values["t"], 6),
        "chain": {"factors": [round(factor, 6) for factor in factors], "product": round(gradients["w1"], 6)},
        "steps": {"forwards": len(FORWARDS), "backwards": len(BACKWARDS)},
        "parameters": len(GIVEN) - 2,
        "nudge": NUDGE,
    }

    def render(language: str) -> str:
        y, loss = (decimal(values[key], language, 3) for key in ("y", "L"))
        content = [
            *(_wire(key, values) for key in WIRES),
            *(svg.label(144, down, "σ", kind="nnb-quiet nnb-symbol") for down in (53, 201)),
            svg.label(144, 148, f"{text('backprop.value', language)} →", kind="nnb-quiet"),
            svg.label(144, 166, f"← {text('backprop.gradient', language)}", kind="nnb-quiet"),
            *(_node(key, values, gradients, language) for key in NODES),
            *(_label(key, values, gradients, language) for key in LABELS),
        ]
        numbers = [decimal(number, language, 3) for number in (*factors, gradients["w1"])]
        sides = ("∂L/∂y × v₁ × h₁ (1 − h₁) × x", " × ".join(numbers[:-1]), numbers[-1])
        chain = "∂L/∂w₁ " + " ".join(f"<span>= {side}</span>" for side in sides)
        drawing = svg.drawing(318, text("backprop.alt", language, y=y, loss=loss), content)
        proof = text("backprop.proof", language, nudge=decimal(NUDGE, language, 4))
        return (
            f'<div class="nnb-backprop-both">{drawing}{_table(values, gradients, nudges, language)}</div>'
            f'<p class="nnb-sum nnb-backprop-proof">{escape(proof)}</p>'
            f'<p class="nnb-sum nnb-quiet">{escape(text("backprop.legend", language))}</p>'
            f'<p class="nnb-sum nnb-backprop-chain">{chain}</p>'
        )

    static = Figure("backprop", render, facts)
    if not interactive:
        return static
    data = {"name": name, "given": GIVEN, "forwards": FORWARDS, "backwards": BACKWARDS, "signs": SIGNS}
    return interactive_figure("backprop", static, data | {"limit": LIMIT, "nudge": NUDGE})


def _run(moved: str = "", by: float = 0.0) -> tuple[Numbers, Numbers]:
    """Values and gradients by key, if the value `moved` is `by` more than what was given or calculated."""
    values = {key: float(number) + (by if key == moved else 0.0) for key, number in GIVEN.items()}
    gradients: Numbers = {}
    for key, kind, *of in FORWARDS:
        values[key] = KINDS[kind](values, gradients, *of) + (by if key == moved else 0.0)
    for key, kind, *of in BACKWARDS:
        gradients[key] = KINDS[kind](values, gradients, *of)
    return values, gradients


def _written(key: str, values: Numbers, language: str) -> str:
    return decimal(values[key], language, 2 if key in GIVEN else 3)


def _gradient(key: str, gradients: Numbers, language: str, digits: int = 3) -> str:
    """Attributes and text of a gradient, for a `<text>` of the drawing or a `<td>` of the table."""
    kind = _signed(gradients[key])
    return f'data-gradient="{key}" class="{kind}">{decimal(gradients[key], language, digits)}'


def _signed(number: float) -> str:
    return "nnb-backprop-signed" + (" nnb-backprop-minus" if number < 0 else "")


def _wire(key: str, values: Numbers) -> str:
    x, y, to_x, to_y = WIRES[key]
    line, how = svg.path("M", x, y, "L", to_x, to_y), ""
    if key[0] in "wv":
        how = f' class="{_signed(values[key])}" style="stroke-width:{min(6, 1 + 2 * abs(values[key])):g}"'
    return f'<path data-wire="{key}" d="{line}"{how}/>'


def _node(key: str, values: Numbers, gradients: Numbers, language: str) -> str:
    """A box with its symbol, its value and, in its lower part, its gradient."""
    x, y, width = NODES[key]
    left, top = x - width / 2, y - HIGH / 2
    drawn = f'<rect class="nnb-neurons" data-node="{key}" x="{left:g}" y="{top:g}" width="{width}" height="{HIGH}"/>'
    drawn += svg.label(x, y - 12, SIGNS[key], kind="nnb-symbol")
    drawn += f'<text data-value="{key}" x="{x}" y="{y + 3}">{_written(key, values, language)}</text>'
    if key not in gradients:
        return drawn
    lower = svg.path("M", left + 1, y + 8, "h", width - 2, "v19h", 2 - width, "z")
    drawn += f'<path class="nnb-backprop-lower" d="{lower}"/>'
    return f'{drawn}<text x="{x}" y="{y + 21}" {_gradient(key, gradients, language)}</text>'


def _label(key: str, values: Numbers, gradients: Numbers, language: str) -> str:
    """What stands beside a line: its symbol with its value, and below it its gradient."""
    x, y, anchor = LABELS[key]
    value = f'<tspan dy="0"> = </tspan><tspan dy="0" data-value="{key}">{_written(key, values, language)}</tspan>'
    drawn = f'<text x="{x}" y="{y}"><tspan>{SIGNS[key]}</tspan>{value}</text>'
    if key in gradients:
        drawn += f'<text x="{x}" y="{y + 16}" {_gradient(key, gradients, language)}</text>'
    return svg.group([drawn], anchor=anchor)


def _table(values: Numbers, gradients: Numbers, nudges: Numbers, language: str) -> str:
    """Every number with its gradient, and that by nudging; forwards goes down, backwards goes up."""
    heads = (
        f'<th scope="col">{escape(text(f"backprop.{key}", language))}</th>' for key in ("value", "gradient", "nudged")
    )
    names = {"x": "kit.slider_input", "b": "kit.slider_bias", "c": "kit.slider_bias", "t": "backprop.target"}
    rows = ""
    for key in ROWS:
        where = f'data-value="{key}"'
        if key in GIVEN:
            label = text(names.get(key[0], "kit.slider_weight"), language, sign=SIGNS[key])
            where = f'data-given="{[*GIVEN].index(key)}" data-label="{escape(label)}"'
        cells = f"<td><span {where}>{_written(key, values, language)}</span></td>"
        if key in gradients:
            cells += f"<td {_gradient(key, gradients, language, 5)}</td>"
            cells += f'<td data-nudge="{key}">{decimal(nudges[key], language, 5)} ✓</td>'
        rows += f'<tr data-row="{key}"><th scope="row"><i>{SIGNS[key]}</i></th>{cells}</tr>'
    return (
        '<div class="nnb-equation"><table class="nnb-table nnb-backprop-all">'
        f"<thead><tr><td></td>{''.join(heads)}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
