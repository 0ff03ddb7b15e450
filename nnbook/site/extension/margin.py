"""The directive {margin} that authors of jupyter-book know: a remark beside the text, where there is a margin."""

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective


class Margin(SphinxDirective):
    """A remark at the side, with or without a title; `css/admonitions.css` puts it there."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {"class": directives.class_option, "name": directives.unchanged}  # noqa: RUF012 (docutils' own form)

    def run(self) -> list[nodes.Node]:
        if not self.content:
            raise self.error("a margin note must have a text; got none; write it inside the fence")
        remark = nodes.admonition(classes=["side", *self.options.get("class", [])])
        self.set_source_info(remark)
        if self.arguments:
            texts, messages = self.state.inline_text(self.arguments[0], self.lineno)
            remark += nodes.title(self.arguments[0], "", *texts)
            remark += messages
        remark += self.parse_content_to_nodes()
        self.add_name(remark)
        return [remark]
