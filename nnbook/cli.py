"""The command line: parse, call, print. What the commands do is elsewhere, and is imported when it is needed."""

from pathlib import Path
from typing import Literal

import click

from nnbook import __version__
from nnbook.cli_errors import errors
from nnbook.cli_translations import translations

DATA_DIR = click.option(
    "--data-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with the original data files; the same as NNBOOK_DATA.",
)
DATA = click.option(
    "--data",
    type=click.Choice(["auto", "full", "sample"]),
    default="auto",
    show_default=True,
    help="The full data, the embedded sample, or the full data if it can be had.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nnbook")
def main() -> None:
    """Build the book, get its data, train its networks."""


@main.command()
@click.option("--language", "languages", multiple=True, metavar="CODE", help="A language to build; all if not given.")
@DATA
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="Where to; default _build/html.")
@click.option("--epub/--no-epub", default=True, help="Whether to make the book as EPUB, too.")
@click.option("--pdf/--no-pdf", default=False, help="Whether to make the book as PDF, too; needs Chromium or Chrome.")
@DATA_DIR
def build(
    languages: tuple[str, ...],
    data: Literal["auto", "full", "sample"],
    output: Path | None,
    epub: bool,
    pdf: bool,
    data_dir: Path | None,
) -> None:
    """Get the data, train the networks and build the site."""
    with errors():
        from nnbook.site import jobs

        jobs.warm_up()  # another process loads Sphinx while this one loads the rest
        from nnbook import pipeline

        _use_data_dir(data_dir)
        formats: list[pipeline.Format] = [*(["epub"] if epub else []), *(["pdf"] if pdf else [])]  # type: ignore[list-item]
        pipeline.build(languages, data, output, formats=formats)


@main.command()
@click.option("--language", "languages", multiple=True, metavar="CODE", help="A language to show; all if not given.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The port on this machine; default the first free from 8000."
)
@DATA
@click.option("--browser/--no-browser", default=True, help="Whether to open the book in a browser.")
@DATA_DIR
def serve(
    languages: tuple[str, ...],
    port: int | None,
    data: Literal["auto", "full", "sample"],
    browser: bool,
    data_dir: Path | None,
) -> None:
    """Show the book in a browser while it is written: what is saved is on the page at once."""
    with errors():
        from nnbook.site import jobs

        jobs.warm_up()
        from nnbook import pipeline

        _use_data_dir(data_dir)
        pipeline.serve(languages, data, port, browser)


@main.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("_build/html"))
def check(site: Path) -> None:
    """Look for anything missing in a built SITE: pages, links, pictures, requests to other hosts."""
    with errors():
        from nnbook.site.book import read_book
        from nnbook.site.check import check as findings_of

        findings = findings_of(site, read_book(Path()))
    for finding in findings:
        click.echo(finding)
    if findings:
        raise click.ClickException(f"{site} is not complete: {len(findings)} findings; mend them and build again")
    click.echo(f"{site} is complete: every page, link and picture is there, and nothing comes from another host")


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@DATA_DIR
def train(names: tuple[str, ...], data_dir: Path | None) -> None:
    """Train the networks NAME ... that the cache lacks (all if none is named) and print a table."""
    with errors():
        from rich.console import Console
        from rich.table import Table

        from nnbook import experiments

        _use_data_dir(data_dir)
        with experiments.shown(Console(stderr=True)) as report:
            networks = experiments.train_all(names or experiments.EXPERIMENTS, progress=report)
        table = Table(box=None, pad_edge=False)
        table.add_column("network")
        for heading in ("parameters", "epochs", "seconds", "train", "test"):
            table.add_column(heading, justify="right")
        for name, network in networks.items():
            accuracies = (f"{100 * share:.2f}%" for share in (network.train_accuracy, network.test_accuracy))
            row = (f"{network.parameters:,}", str(network.recipe.epochs), f"{network.seconds:.1f}")
            table.add_row(name, *row, *accuracies)
    Console().print(table)


@main.group(invoke_without_command=True)
@click.pass_context
@DATA_DIR
def data(context: click.Context, data_dir: Path | None) -> None:
    """Show which data sets are there, where, how large, and whether they are what they should be."""
    _use_data_dir(data_dir)
    if context.invoked_subcommand:
        return
    from rich.console import Console
    from rich.table import Table

    from nnbook import datasets

    table = Table(box=None, pad_edge=False)
    for heading in ("data set", "origin", "state", "images"):
        table.add_column(heading)
    table.add_column("MB", justify="right")
    table.add_column("folder", overflow="fold")
    with errors():
        rows = datasets.inventory()
    for row in rows:
        images = f"{row.train:,} + {row.test:,}" if row.size else ""
        table.add_row(row.name, row.origin, row.state, images, f"{row.size / 1e6:.1f}" if row.size else "", row.path)
    Console().print(table)
    for row in rows:
        for problem in row.problems:
            click.echo(problem, err=True)
    if any(row.state == "damaged" for row in rows):
        raise click.ClickException("some data is damaged; `nnbook data fetch` gets it anew")


@data.command()
@click.argument("names", nargs=-1, metavar="[NAME ...]")
def fetch(names: tuple[str, ...]) -> None:
    """Get the data sets NAME ... (all if none is named) and verify them."""
    with errors():
        from nnbook import datasets

        for dataset in datasets.fetch(names):
            counts = f"{len(dataset.train):,} training images, {len(dataset.test):,} test images"
            click.echo(f"{dataset.name}: {counts}, verified, from: {dataset.origin}")


@data.command()
@click.argument("names", nargs=-1, metavar="[NAME ...]")
def verify(names: tuple[str, ...]) -> None:
    """Compare every array of the data sets NAME ... (all if none is named) with its SHA-256."""
    with errors():
        from nnbook import datasets

        checks = datasets.verify(names)
    for check in checks:
        verdict = "right" if check.verified else check.problem or f"WRONG: SHA-256 {check.found}, not {check.expected}"
        click.echo(f"{check.name}, {check.origin}, {check.file}: {verdict}")
    if not all(check.verified for check in checks):
        raise click.ClickException("some data is damaged; `nnbook data fetch` gets it anew")


def _use_data_dir(folder: Path | None) -> None:
    """Hand a folder given on the command line on to everything that is started from here, kernels included."""
    import os

    if folder:
        os.environ["NNBOOK_DATA"] = str(folder.resolve())


main.add_command(translations)
