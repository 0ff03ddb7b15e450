"""What a preview is to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Plan:
    """What to preview, and what pages quote.

    Attributes:
        languages: the codes to set.
        cells: the folder of the cells' outputs.
        work: where Sphinx keeps its own state and the pages.
        record: what pages quote of the provenance.
        environment: all environment variables of the kernel.
    """

    root: Path
    languages: tuple[str, ...]
    cells: Path
    work: Path
    record: dict[str, Any]
    environment: Mapping[str, str]
