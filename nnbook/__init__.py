"""nnbook opens up small neural networks and shows what is inside.

These are the names that the chapters use. Each is imported when it is first asked for, so that the command line starts
at once and a page that only draws a diagram loads no data.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnbook import figures as figures
    from nnbook import landscape as landscape
    from nnbook import line as line
    from nnbook.datasets import load as load
    from nnbook.evaluation import accuracy as accuracy
    from nnbook.evaluation import confusion_matrix as confusion_matrix
    from nnbook.evaluation import largest_confusions as largest_confusions
    from nnbook.evaluation import most_confident as most_confident
    from nnbook.experiments import EXPERIMENTS as EXPERIMENTS
    from nnbook.experiments import train as train
    from nnbook.experiments import trained as trained
    from nnbook.network import Dense as Dense

__version__ = "0.1.0"
__all__ = [
    "EXPERIMENTS",
    "Dense",
    "accuracy",
    "confusion_matrix",
    "figures",
    "landscape",
    "largest_confusions",
    "line",
    "load",
    "most_confident",
    "train",
    "trained",
]

_HOME = {
    "Dense": "network",
    "EXPERIMENTS": "experiments",
    "accuracy": "evaluation",
    "confusion_matrix": "evaluation",
    "largest_confusions": "evaluation",
    "load": "datasets",
    "most_confident": "evaluation",
    "train": "experiments",
    "trained": "experiments",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"nnbook.{_HOME[name]}"), name)
    if name in ("figures", "landscape", "line"):
        return import_module(f"nnbook.{name}")
    if name == "interactive":
        raise ImportError("figures answer by themselves; got nnbook.interactive; write figures in its place")
    raise AttributeError(f"nnbook has the names {', '.join(__all__)}; got {name!r}; choose one of them")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
