"""Two builds of the same book are the same, byte for byte, wherever and whenever and from whatever caches."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from site_books import ROOT, digests, write_book

SCRIPT = (
    "import sys; from pathlib import Path; from site_books import build; build(Path(sys.argv[1]), names=[sys.argv[2]])"
)
NETWORK = "mnist-1-layer"
# Figures as chapters have them, from a network that each build trains for itself, and tables of what came out.
ADDED = f"""

(more)=
## More

```{{code-cell}}
from nnbook import figures, load, trained

network, keys = trained("{NETWORK}"), load("mnist").class_keys
figures.weight_images(network.weights[0], shape=(28, 28), class_keys=keys)
```

```{{code-cell}}
from nnbook import figures, load, trained

test, keys = load("mnist").test, load("mnist").class_keys
models = {{"{NETWORK}": trained("{NETWORK}").probabilities(test.images)}}
figures.confusion_matrix(models, test.images, test.labels, keys)
```

{{value}}`experiment:{NETWORK}.test_accuracy|percent`
"""
# A page with cells becomes a notebook, which has no place for these.
TABLES = """

```{provenance} datasets
```

```{provenance} experiments
```

```{provenance} confusion
```

```{provenance} versions
```
"""


def start(root: Path, **environment: str) -> subprocess.Popen[str]:
    """Build the book in `root`, with a cache of its own, as a process of its own."""
    write_book(root)
    for name, added in (("weights", ADDED), ("index", TABLES)):
        for page in root.glob(f"book/*/{name}.md"):
            page.write_text(page.read_text(encoding="utf-8") + added, encoding="utf-8")
    own = {"NNBOOK_CACHE": str(root / "cache"), "CELL_RUNS": str(root / "runs"), "PYTHONPATH": str(ROOT / "tests")}
    kept = {name: value for name, value in os.environ.items() if name != "NNBOOK_BASE_URL"}
    command = [sys.executable, "-c", SCRIPT, str(root), NETWORK]
    return subprocess.Popen(command, env={**kept, **own, **environment}, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Two sites, made at the same time in two places."""
    roots = [tmp_path_factory.mktemp("one") / "book", tmp_path_factory.mktemp("two") / "a longer path" / "本"]
    surroundings = [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "COLUMNS": "60"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": "C", "COLUMNS": "200"},
    ]
    builds = [start(root, **around) for root, around in zip(roots, surroundings, strict=True)]
    errors = [build.communicate()[1] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], "\n".join(errors)
    return [root / "_build" / "html" for root in roots]


def test_two_builds_give_identical_trees(sites):
    one, two = map(digests, sites)
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


def test_each_build_made_everything_itself(sites):
    for site in sites:
        root = site.parents[1]
        assert (root / "runs").read_text() == "run\n"  # once, for both languages
        assert len(list((root / "cache" / "models").glob(f"{NETWORK}-*.npz"))) == 1
        assert "nnb-confusion-matrix" in (site / "ja" / "weights.html").read_text(encoding="utf-8")


def test_no_file_holds_a_path_of_the_computer(sites):
    known = [str(path).encode() for path in (*sites[1].parents[:2], ROOT, Path(sys.prefix), Path.home())]
    for path in sites[1].rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert [place for place in known if len(place) > 8 and place in content] == [], path
