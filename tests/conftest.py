"""Shared fixtures: no test leaves anything in the user's own cache unless it asks for the full data."""

import shutil

import pytest

from nnbook import datasets


def pytest_addoption(parser):
    parser.addoption(
        "--slow-pages",
        type=int,
        default=0,
        metavar="MS",
        help="let everything in the browser come later by a random time of at most so many milliseconds",
    )


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
def small_site(tmp_path_factory):
    """The book of site_books, built; for tests that only read it."""
    from site_books import build, write_book

    root = write_book(tmp_path_factory.mktemp("small") / "small")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CELL_RUNS", str(root / "runs"))
        return build(root).output


@pytest.fixture(scope="session")
def constructs_site(browser_program, tmp_path_factory):
    """The book of constructs.py in all its forms; for tests that only read it."""
    from constructs import write_constructs
    from site_books import build

    root = write_constructs(tmp_path_factory.mktemp("constructs") / "book")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNBOOK_BROWSER", browser_program)
        return build(root, formats=("epub", "pdf")).output


@pytest.fixture(scope="session")
def small_address(small_site):
    """Where the small site is served, below two folders, as GitHub Pages has it below one."""
    from serving import served

    folder = small_site.parents[1]
    with served(folder) as top:
        yield f"{top}/{small_site.relative_to(folder).as_posix()}"


@pytest.fixture(scope="session")
def browser_program():
    """The path of a browser."""
    from browser import find

    return _needed(find(), "a browser", "run `playwright install chromium`")


@pytest.fixture(scope="session")
def java():
    """The path of Java, without which the checker of EPUB files does nothing; made to start fast, not to run long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        yield _needed(shutil.which("java"), "Java", "install a Java runtime")


def _needed(found, what, remedy):
    """What was `found` of a program; without it a test fails, since one that is left out would say that all is well."""
    if found is None:
        pytest.fail(f"this test needs {what}; none is installed; {remedy}")
    return found


@pytest.fixture(scope="session")
def browser(browser_program, pytestconfig):
    """A Chromium, driven by Playwright; one for all tests of a process, each test opens a context of its own."""
    from browser import ARGUMENTS
    from playwright.sync_api import sync_playwright
    from slow_pages import slow_down

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program, args=list(ARGUMENTS))
        if longest := pytestconfig.getoption("--slow-pages"):
            slow_down(browser, longest)
        yield browser
        browser.close()
