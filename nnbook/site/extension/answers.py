"""The directive {answer}: an answer that stays folded until the reader asks for it, cells included.

A cell can't stand inside a directive, so the cells of an answer follow it and carry the tag `answer`.
"""

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from nnbook.localisation import text as words


class AnswerNode(nodes.General, nodes.Element):
    """What a reader unfolds."""


class Answer(SphinxDirective):
    """An answer with its text; `FillAnswers` adds the cells that belong to it."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        if not self.content:
            raise self.error("an answer must have a text; got none; write it inside the fence")
        answer = AnswerNode(summary=words("site.answer", self.config.language))
        self.set_source_info(answer)
        answer += self.parse_content_to_nodes()
        return [answer]


class FillAnswers(SphinxTransform):
    """Move the cells with the tag `answer` into the answer before them."""

    default_priority = 401  # after the outputs have got their language

    def apply(self, **kwargs: Any) -> None:
        for answer in list(self.document.findall(AnswerNode)):
            after = answer.parent.index(answer) + 1
            while after < len(answer.parent) and "tag_answer" in answer.parent[after].get("classes", []):
                answer += answer.parent.pop(after)


def visit(translator: Any, node: AnswerNode) -> None:
    """Open the folded part."""
    translator.body.append(f'<details class="nnb-answer"><summary>{node["summary"]}</summary>\n')


def depart(translator: Any, node: AnswerNode) -> None:
    """Close it."""
    translator.body.append("</details>\n")
