"""What a command says when something is wrong."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def errors() -> Iterator[None]:
    """Show what a person can mend as a few lines and exit with 1; a fault of ours shows its trace."""
    from nnbook.datasets import DatasetError
    from nnbook.site.errors import BuildError, machine

    try:
        with machine():
            yield
    except (BuildError, DatasetError, ValueError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
