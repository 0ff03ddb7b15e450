"""Where in a file something stands, for messages to people."""

from pathlib import Path

from docutils import nodes

from nnbook.site.sources import read


def place_of(node: nodes.Node, text: str) -> str:
    """The file and line of the inline `node` that was written as `text`.

    Parsers know only the line at which the paragraph starts; the text itself is looked for from there.
    """
    here = node
    while here.parent is not None and not (here.source and here.line):
        here = here.parent
    source, line = here.source or "", here.line or 1
    lines = read(Path(source)).splitlines() if Path(source).is_file() else []
    found = (number for number, content in enumerate(lines[line - 1 :], line) if text in content)
    return f"{source}:{next(found, line)}"
