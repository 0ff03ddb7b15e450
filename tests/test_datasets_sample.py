"""The sample that ships with the package, and the full data sets that it is taken from."""

import gzip
import io
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import datasets_tools as tools
import numpy as np
import pytest
from PIL import Image

from nnbook import datasets
from nnbook.datasets import catalogue, sample

SIZES = {"mnist": (6000, 1000), "cifar10": (2000, 500)}
SHAPES = {"mnist": (28, 28), "cifar10": (32, 32, 3)}
FIRST_LABELS = {
    "mnist": ([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]),
    "cifar10": ([6, 9, 9, 4, 1, 1, 2, 7, 8, 3], [3, 8, 8, 0, 6, 6, 1, 6, 3, 1]),
}


@pytest.mark.parametrize("name", SIZES)
def test_the_sample_is_class_balanced(name):
    dataset = datasets.load(name, size="sample")
    assert (len(dataset.train), len(dataset.test)) == SIZES[name]
    assert (dataset.size, dataset.origin) == ("sample", "sample")
    for split in (dataset.train, dataset.test):
        assert split.images.shape == (len(split), *SHAPES[name])
        assert split.images.dtype == split.labels.dtype == np.uint8
        np.testing.assert_array_equal(np.bincount(split.labels), np.full(10, len(split) // 10))


def test_the_sample_ships_in_at_most_six_megabytes():
    files = [file for file in Path(str(sample.folder())).iterdir() if file.is_file()]
    assert len(files) == 5
    assert sum(file.stat().st_size for file in files) <= 6_000_000


@pytest.mark.parametrize("name", SIZES)
def test_arrays_cannot_be_written(name):
    dataset = datasets.load(name, size="sample")
    for split in (dataset.train, dataset.test):
        with pytest.raises(ValueError, match="read-only"):
            split.images[0] = 0
        with pytest.raises(ValueError, match="read-only"):
            split.labels[0] = 0
    with pytest.raises(AttributeError, match="cannot assign"):
        dataset.name = "other"


def changed_sheet(content):
    """The same lossless sheet but for one pixel."""
    with Image.open(io.BytesIO(content)) as sheet:
        sheet.load()
    sheet.putpixel((0, 0), (1, 2, 3))
    buffer = io.BytesIO()
    sheet.save(buffer, "WEBP", lossless=True, method=0)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (changed_sheet, r"DigestError: .*mnist-test.webp holds others.*install it again"),
        (lambda content: content[:1000], r"FormatError: .*whole WebP.*install it again"),
    ],
)
def test_an_installation_with_a_damaged_sample_refuses_it(tmp_path, damage, message):
    package = tmp_path / "nnbook" / "datasets"
    shutil.copytree(Path(datasets.__file__).parent, package)
    (tmp_path / "nnbook" / "__init__.py").touch()
    sheet = package / "sample" / "mnist-test.webp"
    sheet.write_bytes(damage(sheet.read_bytes()))
    program = "from nnbook import datasets; datasets.load('mnist', size='sample')"
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert re.search(message, run.stderr)


@pytest.mark.parametrize("shape", [(53, 8, 8), (7, 8, 8, 3)])
def test_a_sheet_gives_back_exactly_the_pictures_it_was_made_of(shape):
    images = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    np.testing.assert_array_equal(sample.from_sheet(sample.to_sheet(images), shape), images)


@pytest.mark.parametrize("name", SIZES)
def test_class_keys_and_provenance_are_told(name):
    dataset = datasets.load(name, size="sample")
    assert len(dataset.class_keys) == 10
    assert "http" in dataset.source
    assert dataset.licence
    assert len(dataset.digest) == 64


def test_the_pictures_are_what_their_labels_say():
    """A one has the least ink of all digits, a zero the most; ships lie on blue, frogs do not."""
    mnist, cifar10 = (datasets.load(name, size="sample") for name in SIZES)
    ink = [mnist.train.images[mnist.train.labels == digit].mean() for digit in range(10)]
    assert (int(np.argmin(ink)), int(np.argmax(ink))) == (1, 0)
    colours = {
        key: cifar10.train.images[cifar10.train.labels == label].mean(axis=(0, 1, 2))
        for label, key in enumerate(cifar10.class_keys)
    }
    assert colours["ship"][2] > colours["ship"][0] + 10
    assert colours["frog"][2] < colours["frog"][0] - 10


def test_a_split_has_as_many_labels_as_images():
    with pytest.raises(ValueError, match=r"one label for each image; got 2 images and 3 labels.*equal length"):
        datasets.Split(np.zeros((2, 28, 28), np.uint8), np.zeros(3, np.uint8))


# --- the full data


@pytest.fixture(params=SIZES)
def whole(request):
    return datasets.load(request.param, size="full")


@pytest.mark.full_data
def test_the_official_split_in_the_official_order(whole):
    assert (len(whole.train), len(whole.test)) == {"mnist": (60000, 10000), "cifar10": (50000, 10000)}[whole.name]
    train, test = FIRST_LABELS[whole.name]
    assert whole.train.labels[:10].tolist() == train
    assert whole.test.labels[:10].tolist() == test
    assert whole.size == "full"


@pytest.mark.full_data
def test_the_full_arrays_cannot_be_written(whole):
    for split in (whole.train, whole.test):
        with pytest.raises(ValueError, match="read-only"):
            split.images[0] = 0


@pytest.mark.full_data
def test_the_sample_is_what_the_script_takes_from_the_full_data(whole):
    script = runpy.run_path(str(Path(__file__).parent.parent / "scripts" / "make_sample.py"))
    small = datasets.load(whole.name, size="sample")
    for split in ("train", "test"):
        full, part = getattr(whole, split), getattr(small, split)
        chosen = script["positions"](full.labels, script["A_CLASS"][whole.name][split])
        assert sample.index()[whole.name][split]["positions"] == chosen.tolist()
        np.testing.assert_array_equal(part.images, full.images[chosen])
        np.testing.assert_array_equal(part.labels, full.labels[chosen])


def original_files(whole, kind):
    arrays = whole.train.images, whole.train.labels, whole.test.images, whole.test.labels
    if whole.name == "cifar10":
        return {f"cifar-10-{kind}.tar.gz": tools.cifar_archive(arrays, kind)}
    contents = [tools.idx_bytes(array) for array in arrays]
    names = [part.file for part in catalogue.MNIST.parts]
    if kind == "idx":
        return dict(zip(names, contents, strict=True))
    return {f"{name}.gz": gzip.compress(content, 1) for name, content in zip(names, contents, strict=True)}


@pytest.mark.full_data
@pytest.mark.parametrize(
    ("name", "kind"), [("mnist", "idx"), ("mnist", "idx.gz"), ("cifar10", "binary"), ("cifar10", "python")]
)
def test_the_full_data_from_a_folder_of_original_files(tmp_path, monkeypatch, name, kind):
    whole = datasets.load(name, size="full")
    tools.put(tmp_path, original_files(whole, kind))
    monkeypatch.setenv("NNBOOK_DATA", str(tmp_path))
    mine = datasets.load(name, size="full")
    assert mine.origin == "folder"
    assert mine.digest == whole.digest
    np.testing.assert_array_equal(mine.test.images, whole.test.images)


@pytest.mark.full_data
def test_fetch_leaves_a_verified_cache():
    fetched = datasets.fetch()
    assert [dataset.name for dataset in fetched] == list(SIZES)
    if fetched[0].origin != "folder":
        states = {(row.name, row.origin): row.state for row in datasets.inventory()}
        assert states["mnist", "cache"] == states["cifar10", "cache"] == "verified"
