"""The whole way of the book: data, training, cells, pages in each language, one site.

Each stage needs the one before it and nothing else; what has not changed is taken from where the last build left it.
"""

import json
import os
import shutil
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.status import Status

from nnbook import datasets, experiments, localisation, provenance
from nnbook.datasets import Dataset
from nnbook.figures import emblem
from nnbook.site import cells, jobs, parity, publish, typed_results
from nnbook.site.book import Book, read_book, read_plan
from nnbook.site.configuration import LanguageBuild, base_url
from nnbook.site.errors import BuildError as BuildError
from nnbook.site.errors import machine
from nnbook.site.front import share_of
from nnbook.site.language import set_language
from nnbook.site.lock import exclusive
from nnbook.site.portable.browser import find_browser, look_for_fonts
from nnbook.site.portable.make import last_change, make
from nnbook.site.translations import desk

DATASETS = ("mnist", "cifar10")
Size = Literal["auto", "full", "sample"]
Format = Literal["epub", "pdf"]


@dataclass
class Report:
    """What a build did: the folder of the site, and the seconds of each stage in the order of the work."""

    output: Path
    seconds: dict[str, float] = field(default_factory=dict)


@machine()
def build(
    languages: Sequence[str] = (),
    data: Size = "auto",
    output: Path | None = None,
    root: Path = Path(),
    console: Console | None = None,
    names: Sequence[str] | None = None,
    formats: Sequence[Format] = (),
) -> Report:
    """Build the book in the folder `root` and put the site in place when all of it is whole.

    Args:
        languages: codes of the languages to build; none means all.
        data: "full", "sample", or "auto" for the full data if they can be had.
        output: the folder for the site; default `_build/html` in the root.
        console: where progress is shown; default the terminal's error stream.
        names: the experiments to train and record; default all.
        formats: in what other forms each language is made, for readers to take along; one of which less than half is
            translated is not.

    Raises:
        BuildError: if the book can't be built; nothing is published then, and an older site stays as it was.
    """
    started = time.perf_counter()
    jobs.warm_up()
    book = read_book(root)
    chosen, base = _chosen(book, languages), base_url(book)
    shares = jobs.run([(desk.shares, (book,))])[0]
    # Nobody takes along a book that is in another language for the most part.
    taken = [code for code in chosen if share_of(shares, code) > 0.5]
    browser = find_browser() if "pdf" in formats else None  # better known now than after all the work
    if browser:
        look_for_fonts(taken)
    work = book.root / "_build" / "work"
    report = Report(output.resolve() if output else book.root / "_build" / "html")
    stages = _Stages(console or Console(stderr=True), report.seconds)
    with exclusive(work):
        publish.recover(report.output)
        with _languages_agree(book):
            sets, networks = _ingredients(data, names, stages)
        outputs = _run_cells(book, work, sets, stages)
        record = provenance.record(sets, networks, _own_networks(book, outputs))
        pictures = _pictures(networks)
        builds = _language_builds(book, chosen, outputs, work, record, base, bool(pictures), shares)
        _set_languages(builds, stages)
        files = _take_along([build for build in builds if build.language in taken], formats, browser, stages)
        with stages.stage("join"):
            github = os.environ.get("NNBOOK_GITHUB_NOTEBOOKS", "")
            publish.join(builds, files, github, pictures, report.output)
    for finding in typed_results.findings(book):
        stages.console.print(finding, style="yellow", soft_wrap=True, highlight=False, markup=False)
    stages.add("all", time.perf_counter() - started, str(report.output / "index.html"))
    return report


def _chosen(book: Book, languages: Sequence[str]) -> tuple[str, ...]:
    """The languages to build, in the order of the book."""
    unknown = [code for code in languages if code not in book.languages]
    if unknown:
        raise BuildError(
            "A language to build must be a language of the book.",
            [f"--language {code}: not in _config.yml" for code in unknown],
            f"Choose among {', '.join(book.languages)}:",
        )
    return tuple(code for code in book.languages if not languages or code in languages)


@machine()
def serve(
    languages: Sequence[str] = (),
    data: Size = "auto",
    port: int | None = None,
    browser: bool = True,
    root: Path = Path(),
    console: Console | None = None,
    names: Sequence[str] | None = None,
) -> None:
    """Show the book in the folder `root` while it is written, until a KeyboardInterrupt.

    Args:
        languages, data, console, names: as for `build`.
        port: the port on this machine; None for the first free one from 8000 on.
        browser: whether to open the book in the reader's browser.

    Raises:
        BuildError: if there is nothing to show; later mistakes are shown on the pages.
    """
    from nnbook.site.preview import running

    jobs.warm_up()
    running.reap()
    book = read_plan(root)
    chosen = _chosen(book, languages)
    work = book.root / "_build" / "work"
    stages = _Stages(console or Console(stderr=True), {})
    sets, networks = _ingredients(data, names, stages)
    folder, environment = _outputs(book, work, sets)
    # A network that a page trains anew while it is written is in the record from the next start on.
    record = provenance.record(sets, networks, _own_networks(book, folder))
    resumed = folder / cells.RESUMED
    shutil.rmtree(resumed, ignore_errors=True)  # the pages are run from the top, to be sure
    shares = jobs.run([(desk.shares, (book,))])[0]
    builds = _language_builds(book, chosen, resumed, work / "preview", record, "", False, shares)
    running.run(builds, environment, port, browser, stages.console)


def _ingredients(
    data: Size, names: Sequence[str] | None, stages: "_Stages"
) -> tuple[dict[str, Dataset], dict[str, experiments.TrainedNetwork]]:
    """The data sets and the trained networks."""
    with stages.stage("data", spinner=False) as says:
        sets = _load(data, stages.console)
        says(", ".join(f"{name} ({found.size}, {len(found.train.labels):,})" for name, found in sets.items()))
    with stages.stage("training", spinner=False) as says, _warnings_on(stages.console):
        networks = _train(names, _size(sets), stages.console)
        says(f"{len(networks)} networks")
    return sets, networks


@contextmanager
def _languages_agree(book: Book) -> Iterator[None]:
    """Look whether the languages agree, in another process while the work in the context goes on."""
    with ThreadPoolExecutor(1) as aside:
        disagreements = aside.submit(jobs.run, [(parity.differences, (book,))])
        yield
        findings = disagreements.result()[0]
    if findings:
        raise BuildError(
            "A page must have the same labels, cells, formulas and figures in every language, in the same order.",
            findings,
            "Bring the pages into line with the source language:",
        )


def _load(data: Size, console: Console) -> dict[str, Dataset]:
    """All data sets in one size: a book half of which is built from a sample would mislead."""
    progress = datasets.ConsoleProgress(console, routine=True)
    try:
        with _warnings_on(console):
            sets = {name: datasets.load(name, size=data, progress=progress) for name in DATASETS}
        if _size(sets) == "sample":
            sets = {name: datasets.load(name, size="sample", progress=progress) for name in DATASETS}
    except datasets.DatasetError as error:
        raise BuildError(
            "The book must have its data.", str(error).splitlines(), "See `nnbook data`, or build with --data sample:"
        ) from None
    return sets


@contextmanager
def _warnings_on(console: Console) -> Iterator[None]:
    """Show warnings for people as a line each, without the line of code that Python adds."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        yield
    for warning in caught:
        console.print(f"{warning.message}", style="yellow", soft_wrap=True, highlight=False, markup=False)


def _size(sets: Mapping[str, Dataset]) -> Size:
    """The size that all data sets have."""
    return "full" if all(found.size == "full" for found in sets.values()) else "sample"


def _train(names: Sequence[str] | None, size: Size, console: Console) -> dict[str, experiments.TrainedNetwork]:
    """The networks of the book; those that are not in the cache are trained now."""
    wanted = list(experiments.EXPERIMENTS if names is None else names)
    with experiments.shown(console, " " * 10) as report:
        return experiments.train_all(wanted, size=size, progress=report)


def _run_cells(book: Book, work: Path, sets: Mapping[str, Dataset], stages: "_Stages") -> Path:
    """Run the cells that have not been run with this code and data; give the folder of all outputs."""
    folder, environment = _outputs(book, work, sets)
    with stages.stage("cells") as says:
        cells.prune(folder)
        pages = jobs.run([(cells.pages_to_run, (book, folder))])[0]
        says(f"running {', '.join(pages)}" if pages else "")
        jobs.run([(cells.run_page, (book, page, folder, environment)) for page in pages])
        says(", ".join(pages) if pages else "all from the cache")
    return folder


def _own_networks(book: Book, outputs: Path) -> dict[str, Any]:
    """The records of the networks that pages trained themselves, from the folder of their outputs."""
    found: dict[str, Any] = jobs.run([(cells.networks, (book, outputs))])[0]
    return found


def _pictures(networks: Mapping[str, experiments.TrainedNetwork]) -> dict[str, bytes]:
    """Icons from the network whose templates are digits, the card from that of the home page, if they were trained."""
    network, face = networks.get("mnist-1-layer"), networks.get("mnist-2-layer")
    return emblem.files(network.weights[0], (28, 28), face.weights[0] if face else None) if network else {}


def _outputs(book: Book, work: Path, sets: Mapping[str, Dataset]) -> tuple[Path, dict[str, str]]:
    """The folder of the outputs of cells that are run with this code and data, and the environment to run them in."""
    size = _size(sets)
    words = localisation.in_figures(book.languages)
    facts = [size, *(found.digest for found in sets.values()), json.dumps(words)]
    # Pages run beside each other; if each had a thread of BLAS for each processor, they would wait for one another.
    threads = {"OPENBLAS_NUM_THREADS": "1"}
    environment = {**threads, **os.environ, "NNBOOK_LANGUAGES": ",".join(words), "NNBOOK_SIZE": size}
    return cells.cache_folder(work, facts), environment


def _language_builds(
    book: Book,
    chosen: Sequence[str],
    outputs: Path,
    work: Path,
    record: dict[str, Any],
    base: str,
    pictured: bool,
    shares: dict[str, dict[str, float]],
) -> list[LanguageBuild]:
    return [LanguageBuild(book, code, tuple(chosen), outputs, work, record, base, pictured, shares) for code in chosen]


def _set_languages(builds: Sequence[LanguageBuild], stages: "_Stages") -> None:
    """Set all languages, each in its own process."""

    def done(index: int, seconds: float) -> None:
        stages.add(builds[index].language, seconds, f"{len(builds[index].book.pages)} pages")

    with stages.console.status(f"pages in {', '.join(build.language for build in builds)}"):
        jobs.run([(set_language, (build,)) for build in builds], done)


def _take_along(
    builds: Sequence[LanguageBuild], formats: Sequence[Format], browser: Path | None, stages: "_Stages"
) -> dict[str, Sequence[Path]]:
    """Make the files to take along, by language."""
    if not (formats and builds):
        return {}
    with stages.stage("files") as says:
        modified = last_change(builds[0].book.root)
        made = jobs.run([(make, (build, formats, modified, browser)) for build in builds])
        says(", ".join(path.name for paths in made for path in paths))
    return {build.language: paths for build, paths in zip(builds, made, strict=True)}


class _Stages:
    """Shows what is being done, and how long each stage took."""

    def __init__(self, console: Console, seconds: dict[str, float]) -> None:
        self.console = console
        self._seconds = seconds

    @contextmanager
    def stage(self, name: str, spinner: bool = True) -> Iterator[Callable[[str], None]]:
        """Time a stage; what it gives is called with what there is to say about it, now and at its end."""
        started = time.perf_counter()
        said = [""]
        status = self.console.status(name) if spinner else nullcontext()

        def says(text: str) -> None:
            said[0] = text
            if isinstance(status, Status):
                status.update(f"{name}: {text}")

        with status:
            yield says
        self.add(name, time.perf_counter() - started, said[0])

    def add(self, name: str, seconds: float, text: str) -> None:
        """Note and show a stage that has ended."""
        self._seconds[name] = seconds
        self.console.print(f"{name:<9}{seconds:6.1f} s   {text}", soft_wrap=True, highlight=False, markup=False)
