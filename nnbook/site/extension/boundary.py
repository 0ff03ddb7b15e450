"""Nothing from outside of the book gets into its pages, and nothing in their text runs; see `nnbook.site.boundary`."""

import textwrap
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from docutils.parsers.rst.directives.misc import Raw
from myst_parser.mocking import MockIncludeDirective, MockState
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.directives.code import LiteralInclude
from sphinx.directives.other import Include as SphinxInclude
from sphinx.directives.patches import CSVTable
from sphinx.errors import SphinxError
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from nnbook.site.boundary import REMEDY, RULE, dangers, harmful_links, is_harmful, leads_out, switched_on
from nnbook.site.extension.places import place_of

LOGGER = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Set the guards; called by the extension."""
    for name, directive in (("literalinclude", LiteralInclude), ("raw", Raw), ("csv-table", CSVTable)):
        app.add_directive(name, type(directive.__name__, (_Guard, directive), {}), override=True)
    app.add_directive("include", Include, override=True)
    app.connect("source-read", _check_head, priority=100)
    app.add_transform(Boundary)


def _check_head(app: Sphinx, page: str, content: list[str]) -> None:
    for setting in switched_on(content[0]):
        raise SphinxError(
            f"{app.env.doc2path(page)}:1: the text of a page must not run code; its head has {setting}; take it out"
        )


def _refuse_files(directive: Any) -> None:
    """Raise the error of a `directive` that asks for a file or an address outside of the book."""
    env, options = directive.state.document.settings.env, directive.options
    page = Path(env.doc2path(env.docname))
    # Sphinx looks for the one kind from the page or from the folder of the language, docutils from the file at hand.
    named = [*(directive.arguments[:1] if "include" in directive.name else ()), options.get("diff")]
    paths = {name: env.relfn2path(name)[1] for name in named if name}
    if "file" in options:
        paths[options["file"]] = Path(directive.state.document.current_source or page).parent / options["file"]
    standard = "".join(map(str.strip, directive.arguments[0].splitlines())) if directive.arguments else ""
    outside = [name for name, path in paths.items() if leads_out(path, page)]
    outside += [standard] if standard.startswith("<") and "/" in standard.replace("\\", "/") else []
    outside += [options["url"]] if "url" in options else []
    if outside:
        raise directive.error(f"{RULE}; got {outside[0]}; {REMEDY}")


class _Guard(Directive):
    """Goes before a directive that reads files."""

    def run(self) -> list[nodes.Node]:
        _refuse_files(self)
        return super().run()


class Include(SphinxDirective):
    """The directive {include}; MyST has one of its own and takes it for every class that is derived from docutils'."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec = SphinxInclude.option_spec | {
        "relative-images": directives.flag,
        "relative-docs": directives.path,
        "heading-offset": directives.nonnegative_int,
    }

    def run(self) -> list[nodes.Node]:
        _refuse_files(self)
        known = (self.arguments, self.options)
        if isinstance(self.state, MockState):
            own = MockIncludeDirective(self.state._renderer, self.name, SphinxInclude, *known, [], self.lineno)
            return list(own.run())
        rest = (self.content, self.lineno, self.content_offset, self.block_text, self.state, self.state_machine)
        return list(SphinxInclude(self.name, *known, *rest).run())


class Boundary(SphinxTransform):
    """Take out links and pictures that lead out of the book, and HTML that runs or loads something, and say so."""

    default_priority = 870  # after all other text has come, before Sphinx collects files (880)

    def apply(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(lambda node: not isinstance(node, nodes.document))):
            if isinstance(node, nodes.raw) and "html" in node.get("format", "").split() and not _is_shown(node):
                for danger in dangers(node.astext())[:1]:
                    self._take_out(node, danger, "HTML in a page must run and load nothing", "use Markdown")
            elif isinstance(node, nodes.Text):
                self._check_text(node)
            elif isinstance(node, nodes.meta):
                if node.get("http-equiv"):
                    self._take_out(node, "http-equiv", "the head of a page must run and load nothing", "leave it out")
            elif isinstance(node, nodes.image):
                if not node["uri"].startswith("data:image/") and not _is_shown(node):
                    self._check_address(node, node["uri"])
            elif isinstance(node, addnodes.toctree):
                for _, address in node["entries"]:
                    self._check_address(node, str(address))
            elif isinstance(node, nodes.Element):
                is_file = isinstance(node, addnodes.download_reference)
                self._check_address(node, str(node.get("reftarget" if is_file else "refuri", "")), is_file)

    def _check_address(self, node: nodes.Element, address: str, is_file: bool = False) -> None:
        """Look where an element leads to."""
        if is_harmful(address) and not _is_shown(node):
            self._take_out(node, address, "a link must lead to a page or a file", "write another address")
        elif (is_file or isinstance(node, nodes.image)) and "://" not in address:
            _, path = self.env.relfn2path(address, self.env.docname)
            if leads_out(path, Path(self.env.doc2path(self.env.docname))):
                self._take_out(node, address, RULE, REMEDY)

    def _check_text(self, node: nodes.Text) -> None:
        """MyST leaves a link as text if its scheme is one that runs something."""
        parents = (nodes.FixedTextElement, nodes.literal, nodes.math, nodes.raw)
        above = node.parent
        if above is not None and not isinstance(above, parents) and "literal" not in above.get("classes", []):
            for address in harmful_links(node.astext()):
                self._take_out(None, address, "a link must lead to a page or a file", "write another address", node)

    def _take_out(
        self, node: nodes.Element | None, came: str, rule: str, remedy: str, place: nodes.Node | None = None
    ) -> None:
        """Say what is wrong with a `node`, and leave of it the text alone."""
        here = node if place is None else place
        assert here is not None
        short = textwrap.shorten(came, 80, placeholder=" ...") or came.strip()[:80]
        LOGGER.warning("%s; got %s; %s", rule, short, remedy, location=place_of(here, came.splitlines()[0]))
        if node is not None and node.parent is not None:
            node.replace_self(nodes.inline("", "", *([] if isinstance(node, nodes.raw) else node.children)))


def _is_shown(node: nodes.Node | None) -> bool:
    """Whether a cell has shown the `node`: that is code, not text."""
    while node is not None and not (isinstance(node, nodes.container) and node.get("nb_element") == "mime_bundle"):
        node = node.parent
    return node is not None
