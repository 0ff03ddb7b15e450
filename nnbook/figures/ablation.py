"""What a network loses when one of its hidden neurons is switched off."""

from collections.abc import Sequence
from html import escape

from nnbook import arrays
from nnbook.figures.kit.figure import Figure
from nnbook.localisation import percent, signed, text


@arrays.taken(without="numbers", accuracy="number")
def accuracy_without(without: Sequence[float], accuracy: float) -> Figure:
    """For each hidden neuron, the accuracy that is left when it is switched off, and what is lost, as a bar.

    Args:
        without: (neurons,), the accuracy with this neuron switched off, 0 to 1.
        accuracy: that of the whole network, 0 to 1.

    Facts: `accuracy`; for each neuron in `neurons` its number `neuron` (from 1), `accuracy` and `lost`; `most` and
    `least`, the neurons that are missed most and least.

    Explained in: looking-inside-neural-networks, "Exercises".
    """
    neurons = [
        {"neuron": number, "accuracy": round(float(left), 6), "lost": round(float(accuracy - left), 6)}
        for number, left in enumerate(without, start=1)
    ]
    ranked = sorted(neurons, key=lambda neuron: neuron["lost"])
    largest = max(abs(neuron["lost"]) for neuron in neurons) or 1.0

    def render(language: str) -> str:
        heads = (f'<th scope="col">{text(f"ablation.{key}", language)}</th>' for key in ("off", "left", "change"))
        rows = (_row(neuron, largest, language) for neuron in neurons)
        return (
            f'<table class="nnb-table nnb-ablation"><thead><tr>{"".join(heads)}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table>"
        )

    facts = {"accuracy": round(float(accuracy), 6), "neurons": neurons, "least": ranked[0], "most": ranked[-1]}
    return Figure("accuracy-without", render, facts)


def _row(neuron: dict[str, float], largest: float, language: str) -> str:
    name = escape(text("kit.hidden_neuron", language, number=neuron["neuron"]))
    points = signed(-100 * neuron["lost"], language, 1)
    side = "lost" if neuron["lost"] >= 0 else "gained"
    return (
        f'<tr><th scope="row">{name}</th><td>{percent(neuron["accuracy"], language)}</td>'
        f'<td class="nnb-loss"><span class="nnb-{side}" '
        f'style="--s:{abs(neuron["lost"]) / largest:.3f}"></span><span>{points}</span></td></tr>'
    )
