"""Shared fixtures: no test leaves anything in the user's own cache unless it asks for the full data."""

import pytest

from nnbook import datasets


@pytest.fixture(scope="session")
def mnist_sample():
    return datasets.load("mnist", size="sample")


@pytest.fixture(scope="session")
def cifar10_sample():
    return datasets.load("cifar10", size="sample")


@pytest.fixture(scope="session")
def mnist():
    return datasets.load("mnist", size="full")


@pytest.fixture(scope="session")
def cifar10():
    return datasets.load("cifar10", size="full")


@pytest.fixture(scope="session")
def full_networks(mnist, cifar10):
    """Every network of the book by name, trained on the full data (from the cache where `make book` has run)."""
    from nnbook import experiments

    experiments.train_all(experiments.EXPERIMENTS, size="full")
    return {name: experiments.trained(name, size="full") for name in experiments.EXPERIMENTS}


@pytest.fixture(scope="session")
def real_site(full_networks, tmp_path_factory):
    """The whole book as `make book` builds it, in a folder of its own; quick where `make book` has run its cells."""
    from filelock import FileLock
    from rich.console import Console
    from site_books import ROOT

    from nnbook import pipeline

    output = tmp_path_factory.mktemp("site") / "html"
    (ROOT / "_build").mkdir(exist_ok=True)
    with FileLock(ROOT / "_build" / "tests.lock"):  # one build at a time can work there
        return pipeline.build(root=ROOT, output=output, console=Console(quiet=True), formats=("epub",)).output


@pytest.fixture(scope="session")
def browser():
    """A Chromium, driven by Playwright; one for all tests of a process, each test opens a context of its own."""
    from browser import ARGUMENTS, find
    from playwright.sync_api import sync_playwright

    path = find()
    if path is None:
        pytest.fail("browser tests need a browser; none is installed; run `playwright install chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()
