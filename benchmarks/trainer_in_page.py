"""How quickly the trainer in the page learns, beside NumPy, and how often its figure is drawn.

Both take steps of one size with the same 4,000 digits, NumPy in one thread and with `PixelDense` as its first layer,
as the book trains. Medians of five rounds, in turns; a browser needs a moment until its compiler knows the loops.
"""

import base64
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from browser import ARGUMENTS, find
from interactive_tools import started, write_page
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from nnbook import figures, load
from nnbook.network import SGD, SoftmaxCrossEntropy
from nnbook.training import Recipe, prepare

STEPS, BATCH = 1000, 32
START = """([hidden, pixels, labels]) => {
    const numbers = Uint8Array.from(atob(pixels), (one) => one.charCodeAt(0));
    const examples = {numbers, labels, size: 784, scale: 1 / 255, classes: 10};
    const how = {hidden, activation: 'relu', rate: 0.1, batch: 32, momentum: 0.9, decay: 0.0001, start: 0.1, seed: 1};
    window.run = nnbook.training(examples, how);
}"""
TAKE = """steps => {
    const began = performance.now();
    for (let at = 0; at < steps; at += 1) run.step();
    return (performance.now() - began) / 1000;
}"""
REDRAWS = """() => new Promise((done) => {
    const began = performance.now();
    let redraws = 0;
    const seen = new MutationObserver(() => { redraws += 1; });
    seen.observe(document.querySelector('.nnb-live .nnb-run'), {attributes: true, attributeFilter: ['d']});
    setTimeout(() => done((1000 * redraws) / (performance.now() - began)), 2000);
})"""


def main() -> None:
    train = load("mnist").train
    images, labels = train.images[:4000], train.labels[:4000]
    table = Table("network", "page, images a second", "NumPy", "ratio", "redraws a second")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        path = write_page(Path(folder), [figures.train_here(train.images, train.labels, "0123456789")])
        page.goto(path.as_uri())
        started(page)
        for hidden in ([], [32]):
            in_page, in_numpy = rounds(page, hidden, images, labels)
            table.add_row(
                "-".join(map(str, [784, *hidden, 10])),
                f"{in_page:,.0f}",
                f"{in_numpy:,.0f}",
                f"{in_page / in_numpy:.2f}",
                f"{redraws(page, hidden):.0f}",
            )
        browser.close()
    Console(width=110).print(table)


def rounds(page, hidden: list[int], images: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Images a second in the page and in NumPy."""
    page.evaluate(START, [hidden, base64.b64encode(images.tobytes()).decode(), labels.tolist()])
    step = numpy_step(hidden, images, labels)
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(6):
        times[0].append(page.evaluate(TAKE, STEPS))
        began = time.perf_counter()
        with threadpool_limits(1, user_api="blas"):
            for number in range(STEPS):
                step(number)
        times[1].append(time.perf_counter() - began)
    first, second = (STEPS * BATCH / statistics.median(own[1:]) for own in times)
    return first, second


def numpy_step(hidden: list[int], images: np.ndarray, labels: np.ndarray):
    """What learns from a batch in NumPy, as the book's own training does."""
    layers = tuple(part for size in hidden for part in (f"dense {size}", "relu"))
    recipe = Recipe("mnist", (*layers, "dense 10"), 1, BATCH, 0.1)
    network = prepare(recipe, images, np.random.default_rng(1))
    optimiser, loss = SGD(network.parameters, network.gradients, 0.0001, 0.9), SoftmaxCrossEntropy()
    targets, order = np.eye(10), np.random.default_rng(1).permutation(len(images))

    def step(number: int) -> None:
        rows = order[number * BATCH % len(images) :][:BATCH]
        _, gradient = loss.value_and_gradient(network.forward(images[rows]), targets[labels[rows]])
        network.backward(gradient)
        optimiser.step(0.1)

    return step


def redraws(page, hidden: list[int]) -> float:
    """How often the figure is drawn in a second, while it trains as quickly as it can."""
    page.get_by_role("combobox", name="hidden neurons").select_option(str(hidden[0] if hidden else 0))
    page.get_by_role("radio", name="fast").check(force=True)
    page.get_by_role("combobox", name="batch").select_option("1")  # lasts longest
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_timeout(500)
    found = page.evaluate(REDRAWS)
    pause = page.get_by_role("button", name="Pause")
    if pause.count():  # a quick computer has finished by now
        pause.click()
    return float(found)


if __name__ == "__main__":
    main()
