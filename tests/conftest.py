"""Shared fixtures: no test leaves anything in the user's own cache unless it asks for the full data."""

import os
import shutil

# Tests run side by side. Two threads of BLAS in each would wait for each other more than they calculate.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from filelock import FileLock

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
def made_once(tmp_path_factory):
    """Gives a folder that is filled once for all processes of a run; for tests that only read it."""
    top = tmp_path_factory.getbasetemp()
    top = top.parent if "PYTEST_XDIST_WORKER" in os.environ else top

    def made(name, fill):
        folder, whole = top / name, top / f"{name}.whole"
        with FileLock(top / f"{name}.lock"):
            if not whole.exists():
                shutil.rmtree(folder, ignore_errors=True)  # what was left when it failed in another process
                fill(folder)
                whole.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def real_site(full_networks, made_once):
    """The whole book as `make book` builds it, in a folder of its own; quick where `make book` has run its cells."""
    from rich.console import Console
    from site_books import ROOT

    from nnbook import pipeline

    def fill(folder):
        (ROOT / "_build").mkdir(exist_ok=True)
        with FileLock(ROOT / "_build" / "tests.lock"):  # one build at a time can work there
            pipeline.build(root=ROOT, output=folder / "html", console=Console(quiet=True), formats=("epub",))

    return made_once("site", fill) / "html"


@pytest.fixture(scope="session")
def small_book(made_once):
    """The folder of the book of site_books, which has been built there once."""
    from site_books import build, write_book

    def fill(root):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CELL_RUNS", str(root / "runs"))
            patch.delenv("NNBOOK_BASE_URL", raising=False)
            build(write_book(root))

    return made_once("small", fill)


@pytest.fixture(scope="session")
def small_site(small_book):
    """The site of the small book."""
    return small_book / "_build" / "html"


@pytest.fixture(scope="session")
def portable_book(browser_program, made_once):
    """The same in all its forms, with a picture that other programs can read."""
    from site_books import PICTURE_CELL, build, write_book

    def fill(root):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CELL_RUNS", str(root / "runs"))
            patch.setenv("NNBOOK_BROWSER", browser_program)
            patch.delenv("SOURCE_DATE_EPOCH", raising=False)
            build(write_book(root, PICTURE_CELL), formats=("epub", "pdf"))

    return made_once("portable", fill)


@pytest.fixture(scope="session")
def constructs_site(browser_program, made_once):
    """The book of constructs.py in all its forms."""
    from constructs import write_constructs
    from site_books import build

    def fill(root):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NNBOOK_BROWSER", browser_program)
            build(write_constructs(root), formats=("epub", "pdf"))

    return made_once("constructs", fill) / "_build" / "html"


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
