"""Several trainings at once, each in a process of its own: for matrices this small, better than more threads on one."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from nnbook import datasets
from nnbook.children import end_with_parent
from nnbook.experiments.recipes import recipe
from nnbook.experiments.results import TrainedNetwork
from nnbook.experiments.runs import Size, cache_path, trained
from nnbook.network import layers_of, use_one_thread

Report = Callable[[str, int, int], object]


def train_all(
    names: Iterable[str],
    size: Size = "auto",
    data_dir: str | Path | None = None,
    cache_dir: str | Path | None = None,
    progress: Report | None = None,
    workers: int = 2,
) -> dict[str, TrainedNetwork]:
    """The trained networks of all `names`, in this order; `workers` processes train those that the cache lacks.

    `size`, `data_dir` and `cache_dir` mean the same as in `datasets.load`. `progress` is called with the name of an
    experiment, the number of its finished epochs and of all its epochs.

    Raises:
        ValueError: if there is no experiment of one of the names.
    """
    names, report = list(names), progress or (lambda name, done, epochs: None)
    loaded = {name: datasets.load(recipe(name).dataset, size, data_dir, cache_dir) for name in names}
    missing = [name for name in loaded if not cache_path(name, loaded[name], cache_dir).exists()]
    # Those that begin with a convolution use two threads by themselves; they are trained here, after the others.
    apart = [name for name in missing if not recipe(name).layers[0].startswith("convolution")]
    if min(workers, len(apart)) > 1:
        # The longest first, so that at the end no process waits long for another.
        apart.sort(key=lambda name: -_work(name, loaded[name]))
        jobs: list[_Job] = [(name, loaded[name].size, data_dir, cache_dir) for name in apart]
        _train_in_processes(jobs, report, min(workers, len(apart)))
    return {name: trained(name, size, data_dir, cache_dir, partial(report, name)) for name in names}


def _work(name: str, dataset: datasets.Dataset) -> int:
    """The parameters of a network, times the images shown to it: enough to compare trainings by length."""
    layers = layers_of(recipe(name).layers, dataset.train.images.shape[1:])
    return recipe(name).epochs * len(dataset.train) * sum(layer.size for layer in layers)


_Job = tuple[str, Size, str | Path | None, str | Path | None]


def _train_in_processes(jobs: list[_Job], report: Report, workers: int) -> None:
    context = get_context("spawn")
    messages: Any = context.Queue()
    with ProcessPoolExecutor(workers, context, _start_worker, (messages,)) as pool:
        futures = [pool.submit(_train_in_worker, job) for job in jobs]
        # A job that ends, well or not, sends a last message, so nobody waits in vain.
        for future in futures:
            future.add_done_callback(lambda _: messages.put(None))
        for _ in futures:
            for name, done, epochs in iter(messages.get, None):
                report(name, done, epochs)
        for future in futures:
            future.result()


_messages: Any = None


def _start_worker(messages: Any) -> None:
    global _messages
    _messages = messages
    end_with_parent()
    use_one_thread()


def _train_in_worker(job: _Job) -> None:
    name, size, data_dir, cache_dir = job
    trained(name, size, data_dir, cache_dir, lambda done, epochs: _messages.put((name, done, epochs)))
