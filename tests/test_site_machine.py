"""What a machine does to a build: no room, no rights, a folder for a file. Three parts, no trace, the old site."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from site_books import build, digests, edit

from nnbook.pipeline import BuildError
from nnbook.site import errors

SCRIPT = """
import resource, sys
from pathlib import Path
from nnbook.cli_errors import errors
from site_books import build
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
with errors():
    build(Path(sys.argv[1]), formats=("epub",))
"""


@pytest.fixture
def book(portable_book, tmp_path, monkeypatch):
    monkeypatch.setenv("CELL_RUNS", os.devnull)
    return shutil.copytree(portable_book, tmp_path / "book")


def left_over(root):
    """Halves of files in the caches, and halves of sites beside the whole one."""
    work = root / "_build" / "work"
    return [*(root / "_build").glob(".*"), *work.glob("outputs/**/.*"), *work.glob("portable/**/.*")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_no_room_is_said_in_three_parts_and_leaves_the_old_site(book):
    """No file may be larger than so many bytes: each limit stops the build at another stage."""
    before = digests(book / "_build" / "html")
    for code in ("en", "ja"):
        edit(book / "book" / code / "weights.md", "import base64, html", "import html, base64")  # all to do anew
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    for most in (3_000, 20_000, 60_000):
        command = [sys.executable, "-c", SCRIPT, str(book), str(most)]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": path}, timeout=300
        )
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        rule = "Pagefind must make the search index|The machine must let files be read and written"
        assert re.search(rf"Error: ({rule})\.\nMake room", done.stderr), done.stderr
        assert digests(book / "_build" / "html") == before
        assert left_over(book) == []
    build(book)  # with room, all goes on
    assert digests(book / "_build" / "html") != before


def test_a_full_disk_leaves_the_old_site(book, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    old = book / "_build" / "html"
    size = 4 * sum(path.stat().st_size for path in old.rglob("*")) // 3 + 200_000
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be had by root alone, and not everywhere")
    try:
        before = digests(shutil.copytree(old, disk / "html"))
        with pytest.raises(BuildError, match=r"(?s)must let files be read.*Make room.*No space left on device"):
            build(book, output=disk / "html", formats=("epub",))
        assert digests(disk / "html") == before
        assert [path.name for path in disk.iterdir()] == ["html"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize(
    "place", ["_build", "_build/work", "_build/work/outputs", "_build/work/html", "_build/.html.new"]
)
def test_a_file_where_a_folder_should_be_is_named(book, place):
    shutil.rmtree(book / place, ignore_errors=True)
    (book / place).write_text("a file")
    with pytest.raises(BuildError, match=rf"(?s)must let files be read.*Move away what stands there.*{place}.*: "):
        build(book)
    assert (book / place).read_text() == "a file"


def test_a_folder_where_a_file_should_be_is_named(book):
    lock = book / "_build" / "work" / "lock"
    lock.unlink()
    lock.mkdir()
    with pytest.raises(
        BuildError, match=r"(?s)must let files be read.*Move away what stands there.*lock: Is a directory"
    ):
        build(book)


def test_a_site_is_not_put_in_place_of_a_file(book, tmp_path):
    output = tmp_path / "site"
    output.write_text("mine")
    with pytest.raises(BuildError, match=r"must be written to a new or empty folder(.|\n)*site: is a file"):
        build(book, output=output)
    assert output.read_text() == "mine"
    assert not list(tmp_path.glob(".site*"))


@pytest.mark.parametrize("place", ["_build", "_build/work/doctrees/ja"])
def test_a_folder_without_the_right_to_write_is_named(book, place):
    before = digests(book / "_build" / "html")
    edit(book / "book" / "ja" / "index.md", "小さな本", "小さい本")
    (book / place).chmod(0o555)
    if os.access(book / place, os.W_OK):
        pytest.skip("whoever runs this test may write everywhere")
    try:
        with pytest.raises(BuildError, match=rf"(?s)must let files be read.*the right to write there.*{place}"):
            build(book)
    finally:
        (book / place).chmod(0o755)
    assert digests(book / "_build" / "html") == before


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(IsADirectoryError):
        errors.write_whole(tmp_path / "a", b"1")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    errors.write_whole(tmp_path / "below" / "b", b"1")
    assert [path.name for path in (tmp_path / "below").iterdir()] == ["b"]
