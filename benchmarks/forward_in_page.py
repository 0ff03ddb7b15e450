"""How long the page needs for all maps of one image, beside NumPy in one thread; medians after a few to warm up."""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browser import ARGUMENTS, find
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from nnbook import load, trained
from nnbook.figures.kit import bundle
from nnbook.figures.kit.convolutional import packed_network

IMAGES, WARM = 40, 10
TIMES = """images => images.map((pixels) => {
    const began = performance.now();
    network.forward(pixels);
    return performance.now() - began;
})"""


def main() -> None:
    table = Table("network", "page, ms an image", "NumPy, ms an image", "ratio")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        page = browser.new_page()
        page.set_content(f"<script>{bundle.script()}</script>")
        for data in ("mnist", "cifar10"):
            network, images = trained(f"{data}-convolutional"), load(data).test.images[:IMAGES]
            page.evaluate("packed => { window.network = nnbook.convolution(packed); }", packed_network(network))
            in_page = page.evaluate(TIMES, [image.ravel().tolist() for image in images])
            in_numpy = []
            for at in range(IMAGES):
                began = time.perf_counter()
                with threadpool_limits(1, user_api="blas"):
                    network.outputs(images[at : at + 1])
                in_numpy.append(1000 * (time.perf_counter() - began))
            first, second = (statistics.median(times[WARM:]) for times in (in_page, in_numpy))
            table.add_row(data, f"{first:.1f}", f"{second:.1f}", f"{first / second:.1f}")
        browser.close()
    Console(width=90).print(table)


if __name__ == "__main__":
    main()
