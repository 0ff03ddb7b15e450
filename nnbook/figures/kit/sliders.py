"""Numbers that the reader moves: where their sliders begin and end, and what a number is on such a slider."""

from collections.abc import Mapping

Slider = tuple[float, float, float, float]  # lowest, highest, step, and where it stands at first


def sliders(values: Mapping[str, float], lowest: float, highest: float, step: float) -> dict[str, Slider]:
    """By key, sliders for `nnbook.sliders`; each of the `values` is rounded to a step.

    Raises:
        ValueError: if one lies outside of its slider.
    """
    for key, value in values.items():
        if not lowest <= value <= highest:
            raise ValueError(
                f"a number lies where its slider can go, {lowest:g} to {highest:g}; got {key} {value:g}; choose another"
            )
    return {key: (lowest, highest, step, round(round(value / step) * step, 6) + 0.0) for key, value in values.items()}
