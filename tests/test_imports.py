"""The arrows of the architecture: who may import whom inside the package, read from the source with `ast`."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "nnbook"
ALLOWED = {
    "arrays": set(),
    "datasets": set(),
    "network": {"arrays"},
    "evaluation": {"arrays", "network"},
    "hinges": {"arrays"},
    "line": {"arrays"},
    "localisation": set(),
    "augmentation": set(),
    "page_training": {"network"},
    "race": {"arrays", "network"},
    "interrupted": {"model_cache", "network", "training"},
    "training": {"augmentation", "interrupted", "network"},
    "model_cache": {"network"},
    "landscape": {"arrays", "experiments", "network", "training"},
    "experiments": {"arrays", "datasets", "network", "training", "model_cache", "evaluation", "children"},
    "figures": {"arrays", "evaluation", "hinges", "line", "localisation", "page_training", "race"},
    "children": set(),
    "site": {"children", "figures", "localisation"},
    "provenance": {"datasets", "experiments"},
    "pipeline": {"datasets", "experiments", "figures", "localisation", "provenance", "site"},
    "cli_errors": {"datasets", "site"},
    "cli_translations": {"cli_errors", "site"},
    "cli": {
        "cli_errors",
        "cli_translations",
        "datasets",
        "experiments",
        "localisation",
        "pipeline",
        "provenance",
        "site",
    },
    "__init__": {"datasets", "evaluation", "experiments", "figures", "landscape", "line", "network"},
}


def room_of(path: Path) -> str:
    """The top-level name that a source file belongs to: a module, or the folder it lies in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports inside the package are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith("nnbook.")}
    return rooms


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_arrows(path):
    room = room_of(path)
    assert room in ALLOWED, f"{room} is new: say in ALLOWED what it may import"
    forbidden = imported_rooms(path) - ALLOWED[room] - {room, "__version__"}
    assert not forbidden, f"{room} may not import {', '.join(sorted(forbidden))}"


@pytest.mark.parametrize("name", ["cli", "cli_errors", "cli_translations"])
def test_the_help_text_needs_no_heavy_module(name):
    """`nnbook --help` is instant: the command line imports its work inside the commands."""
    tree = ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))
    top_level = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {
        alias.name if isinstance(node, ast.Import) else node.module for node in top_level for alias in node.names
    }
    assert modules <= {"click", "pathlib", "typing", "os", "sys", "collections.abc", "contextlib", "nnbook"} | {
        "nnbook.cli_errors",
        "nnbook.cli_translations",
    }


def test_a_figure_imports_no_other_figure():
    """What two figures share is in the kit, so that a room can be changed, or left out, by itself."""
    for path in sorted(PACKAGE.glob("figures/*/*.py")):
        room = path.parent.name
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        rooms = {module.split(".")[2] for module in modules if module.startswith("nnbook.figures.")}
        assert rooms <= {room, *([] if room == "kit" else ["kit"])}, f"{path} imports from {rooms - {room, 'kit'}}"
