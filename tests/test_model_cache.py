"""The cache of models: whole files or none, nothing unpickled, and names that follow the content."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from nnbook import model_cache
from nnbook.model_cache import DamagedModelError, DamagedModelWarning

DOCUMENT = {"name": "a", "loss": [0.1, 1 / 3], "seconds": 1.5}
ARRAYS = {"weights": np.arange(6, dtype=np.float32).reshape(2, 3), "counts": np.array([[1, 2], [3, 4]])}


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "models" / "a.npz"
    model_cache.store(path, DOCUMENT, ARRAYS)
    return path


def test_what_is_stored_comes_back(stored):
    document, arrays = model_cache.load(stored, lambda *found: found)
    assert document == DOCUMENT
    assert set(arrays) == set(ARRAYS)
    for name, array in ARRAYS.items():
        assert np.array_equal(arrays[name], array)
        assert arrays[name].dtype == array.dtype
        assert not arrays[name].flags.writeable


def test_nothing_but_the_model_is_left_in_the_folder(stored):
    assert [path.name for path in stored.parent.iterdir()] == ["a.npz"]


def test_no_file_is_no_model(tmp_path):
    assert model_cache.load(tmp_path / "none.npz", lambda *found: found) is None


def truncated(content):
    return content[: len(content) // 2]


def one_bit_off(content):
    place = content.index(ARRAYS["weights"].tobytes()) + 5
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize(
    "damage", [truncated, one_bit_off, lambda content: b"", lambda content: b"PK\x03\x04 no model"]
)
def test_a_damaged_file_is_reported_and_moved_aside(stored, damage):
    stored.write_bytes(damage(stored.read_bytes()))
    with pytest.warns(
        DamagedModelWarning, match=r"must be whole; .*a\.npz .* moved to .*a\.npz\.damaged and the network"
    ):
        assert model_cache.load(stored, lambda *found: found) is None
    assert [path.name for path in stored.parent.iterdir()] == ["a.npz.damaged"]


def test_a_file_with_other_content_is_reported(stored):
    """A sound archive, in which one entry was replaced by another."""
    with np.load(stored) as archive:
        entries = dict(archive)
    np.savez(stored, **(entries | {"weights": entries["weights"] + 1}))
    with pytest.raises(DamagedModelError, match=r"must have the digest that it names; .*a\.npz has another"):
        model_cache.read(stored)


class Intruder:
    def __reduce__(self):
        return Path.mkdir, (Path("intruder-was-here"),)


def test_nothing_is_ever_unpickled(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.npz"
    np.savez(path, document=np.array([Intruder()], dtype=object), digest=np.array("0"))
    with np.load(path, allow_pickle=True) as archive:
        archive["document"]
    (tmp_path / "intruder-was-here").rmdir()  # so much for a careless reader
    with pytest.raises(DamagedModelError, match=r"cannot be read \(Object arrays cannot be loaded"):
        model_cache.read(path)
    assert not (tmp_path / "intruder-was-here").exists()


def test_a_killed_process_leaves_no_half_file(tmp_path):
    """A process that writes without end is killed again and again: what bears a final name is whole each time."""
    script = (
        "import sys, itertools, numpy as np; from pathlib import Path; from nnbook import model_cache\n"
        "print('ready', flush=True)\n"
        "for number in itertools.count():\n"
        "    arrays = {'weights': np.full(2_000_000, number, np.float32)}\n"
        "    model_cache.store(Path(sys.argv[1]) / f'{number % 3}.npz', {'number': number}, arrays)\n"
    )
    for milliseconds in (40, 90, 170):
        process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for path in tmp_path.glob("*.npz"):
            document, arrays = model_cache.read(path)
            assert (arrays["weights"] == document["number"]).all()


def test_leftovers_of_killed_processes_are_removed_in_time(stored):
    old, fresh = stored.with_name(".b.npz.1.2.tmp"), stored.with_name(".c.npz.1.2.tmp")
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    model_cache.store(stored, DOCUMENT, ARRAYS)
    assert not old.exists()
    assert fresh.exists(), "it may be another process's, at work at this moment"


def test_the_key_follows_recipe_data_and_code():
    keys = {
        model_cache.key({"rate": 0.1}, "data", "code"),
        model_cache.key({"rate": 0.2}, "data", "code"),
        model_cache.key({"rate": 0.1}, "other data", "code"),
        model_cache.key({"rate": 0.1}, "data", "other code"),
    }
    assert len(keys) == 4
    assert model_cache.key({"a": 1, "b": (2, 3)}, "", "") == model_cache.key({"b": [2, 3], "a": 1}, "", "")


CODE = 'def f(x):\n    """Doubles."""\n    return 2 * x\n'


@pytest.mark.parametrize(
    ("code", "same"),
    [
        ("# twice\n\ndef f(x):\n    return (2 * x)  # that is all\n", True),
        ('"""A module."""\ndef f(x):\n    """Says more\n    now."""\n    return 2*x', True),
        ("def f(x):\n    return 3 * x\n", False),
        ("def f(y):\n    return 2 * y\n", False),
    ],
)
def test_the_digest_of_code_ignores_comments_docstrings_and_layout(tmp_path, code, same):
    path = tmp_path / "f.py"
    path.write_text(CODE)
    before = model_cache.code_digest([path])
    path.write_text(code)
    assert (model_cache.code_digest([path]) == before) is same


def test_a_docstring_alone_is_an_empty_body(tmp_path):
    path = tmp_path / "f.py"
    path.write_text('class E(Exception):\n    """Only words."""\n')
    assert model_cache.code_digest([path])


def test_the_folder_is_the_one_given_or_that_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("NNBOOK_CACHE", str(tmp_path / "environment"))
    assert model_cache.folder(tmp_path / "given") == tmp_path / "given" / "models"
    assert model_cache.folder() == tmp_path / "environment" / "models"
    monkeypatch.delenv("NNBOOK_CACHE")
    assert model_cache.folder().parts[-2:] == ("nnbook", "models")
