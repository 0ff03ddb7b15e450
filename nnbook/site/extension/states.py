"""The role {state}: a link to a figure as a reader may have left it, with all that is chosen in it."""

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import ReferenceRole


class StateLink(nodes.inline):
    """Around a reference to a figure, with the `state` that its address shall end with."""


class StateRole(ReferenceRole):
    """``{state}`words <fig-label#name:key=value,key=value>` ``: the figure, and what the address says of it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        label, _, state = self.target.partition("#")
        to = {"refdomain": "std", "reftype": "ref", "reftarget": label, "refdoc": self.env.docname}
        reference = addnodes.pending_xref("", nodes.inline("", self.title), **to, refexplicit=True, refwarn=True)
        self.set_source_info(reference)
        return [StateLink("", "", reference, state=state)], []


class FillStates(SphinxPostTransform):
    """Once references are resolved, their addresses name the state instead of the label."""

    default_priority = 20

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(StateLink)):
            for reference in node.findall(nodes.reference):
                address = reference.attributes.pop("refuri", "") or f"#{reference.attributes.pop('refid', '')}"
                reference["refuri"] = f"{address.partition('#')[0]}#{node['state']}"
            node.replace_self(node.children)
