"""The readers of other people's files, on small files made by hand from real pictures."""

import io
import json
import os
import pickle
import tarfile
import warnings

import datasets_tools as tools
import numpy as np
import pytest
from PIL import Image

from nnbook.datasets import FormatError, catalogue, cifar, idx, originals, pickled


def assert_same(decoded, arrays):
    assert decoded is not None
    for found, expected in zip(decoded.arrays, arrays, strict=True):
        assert found.dtype == np.uint8
        np.testing.assert_array_equal(found, expected)


def test_idx_header_and_numbers_by_hand():
    content = bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6])
    np.testing.assert_array_equal(idx.decode(content, "a file"), [[1, 2, 3], [4, 5, 6]])
    assert idx.header((2, 3)) == content[:12]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"starts with 00 00 08.*a file starts with nothing.*Download"),
        (b"<html>", r"starts with 00 00 08.*a file starts with 3c 68 74 6d.*Download"),
        (bytes([0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0]), r"a file starts with 00 00 0d 01"),
        (bytes([0, 0, 8, 2, 0, 0, 0, 2]), r"a file starts with 00 00 08 02"),
        (bytes([0, 0, 8, 1, 0, 0, 0, 3, 1, 2]), r"shape \(3,\) holds 3 bytes.*a file holds 2.*cut off"),
    ],
)
def test_a_file_that_is_no_whole_idx_file_is_refused(content, message):
    with pytest.raises(FormatError, match=message):
        idx.decode(content, "a file")


@pytest.mark.parametrize("below", [".", "mnist", "MNIST/raw"])
@pytest.mark.parametrize("compressed", [True, False])
def test_mnist_from_a_folder(tmp_path, below, compressed):
    tools.put(tmp_path / below, tools.mnist_files(compressed))
    assert_same(originals.read_folder(tools.small("mnist"), tmp_path), tools.small_arrays("mnist"))


def test_mnist_files_named_with_dots_or_unpacked_under_the_name_of_the_packed_one(tmp_path):
    files = tools.mnist_files(compressed=False)
    tools.put(tmp_path, {name.replace("-idx", ".idx"): content for name, content in files.items() if "train" in name})
    tools.put(tmp_path, {f"{name}.gz": content for name, content in files.items() if "t10k" in name})
    assert_same(originals.read_folder(tools.small("mnist"), tmp_path), tools.small_arrays("mnist"))


def test_a_folder_without_all_four_mnist_files_does_not_hold_mnist(tmp_path):
    tools.put(tmp_path, tools.mnist_files())
    (tmp_path / "t10k-labels-idx1-ubyte.gz").unlink()
    assert originals.read_folder(tools.small("mnist"), tmp_path) is None


def test_a_gz_file_that_was_cut_off_is_refused(tmp_path):
    files = tools.mnist_files()
    files["train-images-idx3-ubyte.gz"] = files["train-images-idx3-ubyte.gz"][:-100]
    tools.put(tmp_path, files)
    with pytest.raises(FormatError, match=r"train-images-idx3-ubyte.gz must be whole.*Download it again"):
        originals.read_folder(tools.small("mnist"), tmp_path)


@pytest.mark.parametrize("kind", ["binary", "python"])
def test_cifar10_from_the_official_archives(tmp_path, kind):
    arrays = tools.small_arrays("cifar10")
    tools.put(tmp_path, {f"cifar-10-{kind}.tar.gz": tools.cifar_archive(arrays, kind)})
    assert_same(originals.read_folder(tools.small("cifar10"), tmp_path), arrays)


@pytest.mark.parametrize(
    ("folder", "suffix", "batch"),
    [("cifar-10-batches-bin", ".bin", tools.binary_batch), ("cifar-10-batches-py", "", tools.python2_batch)],
)
def test_cifar10_from_an_archive_that_was_unpacked(tmp_path, folder, suffix, batch):
    arrays = tools.small_arrays("cifar10")
    batches = tools.cifar_batches(arrays)
    tools.put(tmp_path / folder, {f"{name}{suffix}": batch(*content) for name, content in batches.items()})
    assert_same(originals.read_folder(tools.small("cifar10"), tmp_path), arrays)


def picture_files(arrays):
    files = {}
    for name, (images, _) in tools.cifar_batches(arrays).items():
        buffer = io.BytesIO()
        Image.fromarray(images.reshape(len(images), 1024, 3)).save(buffer, "PNG")
        files[f"{name}.png"] = buffer.getvalue()
    files["train_lables.json"] = json.dumps(arrays[1].tolist()).encode()
    files["test_lables.json"] = json.dumps(arrays[3].tolist()).encode()
    return files


def test_cifar10_from_pictures_with_a_picture_a_row(tmp_path):
    arrays = tools.small_arrays("cifar10")
    tools.put(tmp_path, {"package.tgz": tools.tar_gz(picture_files(arrays), "package")})
    assert_same(originals.read_archive(tools.small("cifar10"), tmp_path / "package.tgz"), arrays)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("test_lables.json", b"[1, 2]", r"one label from 0 to 9 for each picture, 10 here; .*test_lables.json"),
        ("test_lables.json", b"[10" + b", 1" * 9 + b"]", r"one label from 0 to 9"),
        ("train_lables.json", b"[1, 2", r"train_lables.json must be JSON"),
        ("data_batch_2.png", b"<html>", r"data_batch_2.png must be a PNG.*Download it again"),
    ],
)
def test_damaged_pictures_and_labels_are_refused(tmp_path, file, content, message):
    tools.put(tmp_path, picture_files(tools.small_arrays("cifar10")) | {file: content})
    with pytest.raises(FormatError, match=message):
        originals.read_folder(tools.small("cifar10"), tmp_path)


def test_a_binary_batch_that_was_cut_off_is_refused():
    with pytest.raises(FormatError, match=r"records of 3073 bytes; a file has 3072 bytes.*cut off"):
        cifar.binary_batch(bytes(3072), "a file")


@pytest.mark.parametrize("content", [b"<html>not found</html>", b"", None])
def test_an_archive_that_is_none_or_was_cut_off_is_refused(tmp_path, content):
    if content is None:
        content = tools.cifar_archive(tools.small_arrays("cifar10"), "binary")[:-2000]
    tools.put(tmp_path, {"cifar-10-binary.tar.gz": content})
    with pytest.raises(FormatError, match=r"cifar-10-binary.tar.gz must be a whole tar.gz archive.*Download it again"):
        originals.read_folder(tools.small("cifar10"), tmp_path)


def test_links_in_an_archive_are_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"private")
    with tarfile.open(tmp_path / "links.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("data_batch_1.bin")
        member.type, member.linkname = tarfile.SYMTYPE, str(secret)
        archive.addfile(member)
    assert originals.members(tmp_path / "links.tar.gz", {"data_batch_1.bin"}) == {}


def test_the_pickles_of_python_2_read_as_pickle_reads_them():
    images, labels = tools.small_arrays("cifar10")[2:]
    content = tools.python2_batch(images, labels)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the name that NumPy had in 2009
        expected = pickle.loads(content, encoding="latin-1")
    found = pickled.read(content, "a file")
    np.testing.assert_array_equal(found.pop("data"), expected.pop("data"))
    assert found == expected


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_plain_values_read_as_pickle_reads_them(protocol):
    value = {"labels": [1, 300, -5, 70000], "names": ("a", "b", "c", "é"), "pair": (True, None), "one": (1,)}
    value["again"] = value["labels"]
    assert pickled.read(pickle.dumps(value, protocol), "a file") == value


class Malicious:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_malicious_pickle_is_refused_and_does_nothing(tmp_path, protocol):
    mark = tmp_path / "it-ran"
    batch = pickle.dumps({"data": Malicious(mark), "labels": [1]}, protocol)
    names = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]
    tools.put(tmp_path, {"cifar-10-python.tar.gz": tools.tar_gz(dict.fromkeys(names, batch), "cifar-10-batches-py")})
    with pytest.raises(FormatError, match=r"plain values and arrays only; .*data_batch_1.*mkdir.*delete it"):
        originals.read_folder(tools.small("cifar10"), tmp_path)
    assert not mark.exists()
    pickle.loads(batch)
    assert mark.exists()  # it would have


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"(S'echo'\nios\nsystem\n.", "asks for the name 'os.system'"),
        (b"Psomething\n.", "must be a whole pickle"),
        (b"\x80\x04\x95\x0e\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x8c\x06system\x93.", "asks for the name 'os.system'"),
        (b"cnumpy\nndarray\n)R.", "must be a whole pickle"),
        (b"K\x01)R.", "must be a whole pickle"),
        (b"}U\x03abc", "must be a whole pickle"),
        (b"e.", "must be a whole pickle"),
        (b"", "must be a whole pickle"),
    ],
)
def test_other_pickles_are_refused(content, message):
    with pytest.raises(FormatError, match=message):
        pickled.read(content, "a file")


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        ([1, 2], 'has "data", an array of'),
        ({"labels": [1]}, 'has "data", an array of'),
    ],
)
def test_a_pickle_without_pictures_is_refused(batch, message):
    with pytest.raises(FormatError, match=message):
        cifar.python_batch(pickle.dumps(batch, 2), "a file")


def test_a_python_batch_of_other_numbers_is_refused():
    content = tools.python2_batch(*tools.small_arrays("cifar10")[2:]).replace(b"u1K\x00", b"i1K\x00", 1)
    with pytest.raises(FormatError, match='has "data", an array of'):
        cifar.python_batch(content, "a file")


def test_a_python_batch_with_too_few_labels_is_refused():
    images, labels = tools.small_arrays("cifar10")[2:]
    with pytest.raises(FormatError, match="one label from 0 to 9 for each picture, 10 here"):
        cifar.python_batch(tools.python2_batch(images, labels[:-1]), "a file")


def test_an_unknown_data_set_is_named():
    with pytest.raises(ValueError, match=r"has the data sets mnist, cifar10; got 'cifar'.*Pass one"):
        catalogue.describe("cifar")
