"""The directive {caption}: what the cell before it showed becomes a numbered figure with a label."""

from collections.abc import Iterator
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from nnbook.figures.kit.charts import WITHOUT_ALT
from nnbook.site.extension.outputs import facts_of, in_language
from nnbook.site.extension.places import place_of
from nnbook.site.extension.values import ValueNode, write

LOGGER = logging.getLogger(__name__)
WAITING = "waits_for_output"


class Caption(SphinxDirective):
    """A figure that still lacks its picture; `FillFigures` puts it in when the page is read."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"class": directives.class_option}

    def run(self) -> list[nodes.Node]:
        text = self.parse_content_to_nodes()
        if not text or not isinstance(text[0], nodes.paragraph):
            raise self.error(
                f"a caption must have a text; got none for {self.arguments[0]!r}; write it inside the fence"
            )
        figure = nodes.figure(classes=self.options.get("class", []), **{WAITING: True})
        self.set_source_info(figure)
        caption = nodes.caption(text[0].rawsource, "", *text[0].children)
        caption.source, caption.line = text[0].source, text[0].line
        figure += caption
        if text[1:]:
            figure += nodes.legend("", *text[1:])
        figure["names"].append(nodes.fully_normalize_name(self.arguments[0]))
        self.state.document.note_explicit_target(figure, figure)
        return [figure]


class FillFigures(SphinxTransform):
    """Choose the language of outputs, move each into its figure, then write the values that the prose quotes."""

    default_priority = 400  # before Sphinx collects labels (850) and titles (880)

    def apply(self, **kwargs: Any) -> None:
        for markup in _outputs(self.document):
            text = in_language(markup.astext(), self.config.language)
            markup.children[:] = []
            markup += nodes.Text(self._described(text, markup) if WITHOUT_ALT in text else text)
        for bundle in self.document.findall(_is("mime_bundle")):
            for image in bundle.findall(nodes.image):
                if not image.get("alt"):
                    self._refused(bundle)
        records = self.config.nnbook_record
        sources = {"experiment": records.get("experiments", {}), "dataset": records.get("datasets", {})}
        for figure in list(self.document.findall(nodes.figure)):
            if figure.attributes.pop(WAITING, False):
                sources[figure["names"][0]] = self._fill(figure)
        for node in list(self.document.findall(ValueNode)):
            self._write(node, sources)

    def _described(self, text: str, markup: nodes.Node) -> str:
        """The charts in the `text` of a cell with the alternative text from the cell's head."""
        cell = markup
        while not _is("cell_code")(cell):
            cell = cell.parent
        alt = cell["cell_metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
        return text.replace(WITHOUT_ALT, f'aria-label="{escape(alt)}"' if alt else self._refused(cell))

    def _refused(self, picture: nodes.Node) -> str:
        LOGGER.warning(
            "a picture must have an alternative text, for those who don't see it; its cell has none; write what it "
            'shows into the head of the cell: `:mystnb: {image: {alt: "..."}}`',
            location=picture,
        )
        return ""

    def _fill(self, figure: nodes.figure) -> Any:
        """Put the output before the `figure` into it and give the facts that it carries."""
        position = figure.parent.index(figure)
        before = figure.parent[position - 1] if position else None
        output = _output_of(before)
        if output is None:
            LOGGER.warning(
                "a caption must stand right after a cell that shows a figure; %r does not; move it",
                figure["names"][0],
                location=figure,
            )
            return {}
        output.parent.remove(output)
        figure[0:0] = output.children
        facts = [facts_of(markup.astext()) for markup in _outputs(figure)]
        return next((found for found in facts if found is not None), {})

    def _write(self, node: ValueNode, sources: dict[str, Any]) -> None:
        try:
            text = write(node["reference"], sources, self.config.language)
        except ValueError as error:
            LOGGER.warning(str(error), location=place_of(node, node["reference"]))
            text = "?"
        node.replace_self(nodes.Text(text))


def _outputs(tree: nodes.Element) -> Iterator[nodes.raw]:
    """The pieces of HTML that cells showed, inside `tree`."""
    for bundle in list(tree.findall(_is("mime_bundle"))):
        yield from list(bundle.findall(lambda node: isinstance(node, nodes.raw) and node.get("format") == "html"))


def _output_of(cell: nodes.Node | None) -> nodes.Element | None:
    """What the `cell` showed, or None if it is no cell or showed nothing."""
    if cell is None or not _is("cell_code")(cell):
        return None
    found: nodes.Element | None = next(iter(cell.findall(_is("cell_code_output"))), None)
    return found


def _is(name: str) -> Any:
    """A test for the elements that myst-nb names `name`."""
    return lambda node: isinstance(node, nodes.container) and node.get("nb_element") == name
