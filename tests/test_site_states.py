"""Links to a figure as a reader may have left it: the address of the page, and of the figure what it says there."""

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx

from nnbook.site.extension.states import FillStates, StateRole

STATE = "matrix:view=changes,with=other"
PAGES = {
    "index": f"# Home\n\n```{{toctree}}\nfurther\n```\n\nSee {{state}}`the change <fig-there#{STATE}>` now.\n",
    "further": f"# Further\n\n(fig-there)=\n## Figure\n\nLook at {{state}}`the change <fig-there#{STATE}>` here.\n",
}


@pytest.fixture(scope="module")
def links(tmp_path_factory):
    folder = tmp_path_factory.mktemp("states")
    for name, text in PAGES.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    app = Sphinx(folder, None, folder / "html", folder / "trees", "html", {"extensions": "myst_parser"}, None, None)
    app.add_role("state", StateRole())
    app.add_post_transform(FillStates)
    app.build()
    pages = {name: BeautifulSoup((folder / f"html/{name}.html").read_text("utf-8"), "html.parser") for name in PAGES}
    return {name: [(link["href"], link.text) for link in page.select("p > a")] for name, page in pages.items()}


def test_the_address_ends_with_the_state(links):
    assert (f"further.html#{STATE}", "the change") in links["index"]
    assert (f"#{STATE}", "the change") in links["further"]
