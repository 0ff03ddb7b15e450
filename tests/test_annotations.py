"""On a proposed change, the code's host shows what the commands print on the lines that it is about."""

import json
import re

import pytest
import yaml
from click.testing import CliRunner
from site_books import ROOT, build, edit, write_book
from translation_books import write_pages

from nnbook.cli_translations import translations
from nnbook.site.errors import BuildError


def annotations(name, printed):
    """File, line and message of each, as a problem matcher of GitHub makes them."""
    [matcher] = json.loads((ROOT / ".github" / f"{name}.json").read_text())["problemMatcher"]
    [pattern] = matcher["pattern"]
    found = [re.match(pattern["regexp"], line) for line in printed.splitlines()]
    return [tuple(match[pattern[key]] for key in ("file", "line", "message")) for match in found if match]


@pytest.fixture
def root(tmp_path, monkeypatch):
    root = write_pages(tmp_path / "book")
    monkeypatch.chdir(root)
    return root


def test_each_finding_is_shown_on_its_line(root):
    edit(root / "book" / "ja" / "reading.md", "\\sum_i w_i", "\\sum_j w_i")
    edit(root / "book" / "ja" / "reading.md", "最後の段落で", "混乱行列の段落で")
    printed = CliRunner().invoke(translations, ["check"]).output
    found = annotations("findings", printed)
    assert len(found) == len(printed.splitlines()) == 2
    for file, line, message in found:
        part = re.search(r"'(混乱行列)'|sum_(j)", message)
        lines = (root / file).read_text(encoding="utf-8").splitlines()[int(line) - 1 :]
        assert (part[1] or part[2]) in "".join(lines[:2])  # a formula begins with a line of its own


def test_each_block_that_is_behind_is_shown_on_its_line(root):
    edit(root / "book" / "en" / "reading.md", "The last paragraph", "The very last paragraph")
    found = annotations("behind", CliRunner().invoke(translations, ["diff"]).output)
    [(file, line, message)] = found
    assert "最後の段落" in (root / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert message.startswith("paragraph, changed, see book/en/reading.md:")


def test_what_stops_the_build_is_shown_on_its_line(tmp_path, monkeypatch):
    root = write_book(tmp_path / "book")
    monkeypatch.setenv("CELL_RUNS", str(tmp_path / "runs"))
    for language in ("en", "ja"):
        edit(root / "book" / language / "index.md", "[](about-weights)", "[](about-nothing)")
    with pytest.raises(BuildError) as caught:
        build(root)
    found = annotations("findings", str(caught.value))
    assert any(file == "book/en/index.md" and "about-nothing" in message for file, _, message in found)


def test_the_workflow_has_these_commands_and_files():
    text = (ROOT / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8")
    for file in re.findall(r"add-matcher::(\S+?)\"", text):
        assert (ROOT / file).is_file()
    for step in yaml.safe_load(text)["jobs"]["translations"]["steps"]:
        for command in re.findall(r"nnbook translations (\w+)", step.get("run", "")):
            assert command in translations.commands
