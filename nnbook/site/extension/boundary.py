"""What reads files reads those of the book alone, and no page lets its text run code; see `nnbook.site.boundary`."""

from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from docutils.parsers.rst.directives.misc import Raw
from myst_parser.mocking import MockIncludeDirective, MockState
from sphinx.application import Sphinx
from sphinx.directives.code import LiteralInclude
from sphinx.directives.other import Include as SphinxInclude
from sphinx.directives.patches import CSVTable
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxDirective

from nnbook.site.boundary import REMEDY, RULE, leads_out, switched_on


def setup(app: Sphinx) -> None:
    """Set the guards; called by the extension."""
    for name, directive in (("literalinclude", LiteralInclude), ("raw", Raw), ("csv-table", CSVTable)):
        app.add_directive(name, type(directive.__name__, (_Guard, directive), {}), override=True)
    app.add_directive("include", Include, override=True)
    app.connect("source-read", _check_head, priority=100)


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
