"""Small data sets made of real pictures, the files that would distribute them, and a web server that can misbehave."""

import gzip
import hashlib
import io
import struct
import sys
import tarfile
import threading
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from nnbook import datasets
from nnbook.datasets import catalogue, idx
from nnbook.datasets.catalogue import Mirror
from nnbook.datasets.loading import Places, load_described


class Lines:
    """Keeps what is reported."""

    def __init__(self):
        self.lines = []

    def line(self, text, routine=False):
        self.lines.append(text)

    @property
    def text(self):
        return "\n".join(self.lines)

    def bar(self, label):
        return datasets.ConsoleProgress().bar(label)


def small_arrays(name):
    """20 training and 10 test examples of the sample: train images, train labels, test images, test labels."""
    sample = datasets.load(name, size="sample")
    return sample.train.images[:20], sample.train.labels[:20], sample.test.images[:10], sample.test.labels[:10]


def small(name, *bases, npm_package=None):
    """The description of `small_arrays(name)`, with mirrors at the addresses `bases`."""
    description = catalogue.describe(name)
    parts = []
    for part, array in zip(description.parts, small_arrays(name), strict=True):
        header = idx.header(array.shape) if part.header else b""
        digest = hashlib.sha256(header + array.tobytes()).hexdigest()
        parts.append(replace(part, shape=array.shape, sha256=digest, header=header))
    files = description.mirrors[-1].files
    mirrors = tuple(Mirror(base, files) for base in bases)
    return replace(description, parts=tuple(parts), mirrors=mirrors, npm_package=npm_package)


def idx_bytes(array):
    return struct.pack(f">I{array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


def mnist_files(compressed=True):
    """File name -> content of the small MNIST."""
    names = (part.file for part in catalogue.MNIST.parts)
    contents = {name: idx_bytes(array) for name, array in zip(names, small_arrays("mnist"), strict=True)}
    return {f"{name}.gz": gzip.compress(content) for name, content in contents.items()} if compressed else contents


def cifar_batches(arrays):
    """Name -> (images, labels) of the six batches of CIFAR-10 that hold `arrays`."""
    train_images, train_labels, test_images, test_labels = arrays
    images, labels = np.split(train_images, 5), np.split(train_labels, 5)
    batches = {f"data_batch_{number + 1}": (images[number], labels[number]) for number in range(5)}
    return batches | {"test_batch": (test_images, test_labels)}


def planes(images):
    """(N, 32, 32, 3) as rows of a red, a green and a blue plane."""
    return np.stack([images[..., channel].reshape(len(images), -1) for channel in range(3)], axis=1).reshape(
        len(images), -1
    )


def binary_batch(images, labels):
    return np.concatenate([labels[:, None], planes(images)], axis=1).tobytes()


def python2_batch(images, labels):
    """A batch as Python 2 pickled it: texts and bytes are both `str`, the array is NumPy's own recipe."""
    data = planes(images)

    def text(content):
        return b"U" + bytes([len(content)]) + content

    def integer(value):
        return b"J" + struct.pack("<i", value)

    array = b"cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\x00\x85q\x09U\x01bq\x0a\x87Rq\x0b"
    dtype = b"cnumpy\ndtype\nq\x0dU\x02u1K\x00K\x01\x87Rq\x0e(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    state = b"(K\x01" + integer(len(data)) + integer(data.shape[1]) + b"\x86" + dtype + b"\x89"
    state += b"T" + struct.pack("<i", data.nbytes) + data.tobytes() + b"tb"
    numbers = b"".join(b"K" + bytes([label]) for label in labels)
    names = b"".join(text(b"picture_%d.png" % number) for number in range(len(labels)))
    return (
        b"\x80\x02}q\x01(" + text(b"batch_label") + b"q\x02" + text(b"training batch 1 of 5") + b"q\x03"
        + text(b"labels") + b"q\x04]q\x05(" + numbers + b"e" + text(b"data") + b"q\x06" + array + state
        + text(b"filenames") + b"q\x0f]q\x10(" + names + b"eu."
    )  # fmt: skip


def tar_gz(contents, folder):
    """A tar.gz of the files `contents`, name -> bytes, in `folder`."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def cifar_archive(arrays, kind):
    """The official archive, of `kind` "binary" or "python", that would hold `arrays`."""
    if kind == "binary":
        contents = {f"{name}.bin": binary_batch(*batch) for name, batch in cifar_batches(arrays).items()}
        return tar_gz(contents, "cifar-10-batches-bin")
    contents = {name: python2_batch(*batch) for name, batch in cifar_batches(arrays).items()}
    return tar_gz(contents | {"batches.meta": b"not read"}, "cifar-10-batches-py")


def put(folder, contents):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


@dataclass
class Server:
    """A web server on this machine; `files` are served, and what was asked for is kept in `requests`.

    breaks: path -> after how many bytes the connection is closed, once; ranges: whether parts of a file may be asked
    for; stalls: path -> event to wait for halfway through; half_sent: set when that wait begins.
    """

    files: dict
    breaks: dict = field(default_factory=dict)
    ranges: bool = True
    stalls: dict = field(default_factory=dict)
    half_sent: threading.Event = field(default_factory=threading.Event)
    requests: list = field(default_factory=list)

    def __enter__(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self):
                self.send_response(200)
                self.end_headers()

            def do_GET(self):
                server.answer(self)

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.base = f"http://127.0.0.1:{self._http.server_port}/"
        return self

    def __exit__(self, *_):
        for event in self.stalls.values():
            event.set()
        self._http.shutdown()
        self._http.server_close()

    def answer(self, handler):
        name = handler.path.lstrip("/")
        asked = handler.headers.get("Range")
        self.requests.append((name, asked))
        if name not in self.files:
            handler.send_error(404)
            return
        content = self.files[name]
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.ranges else 0
        if start and start >= len(content):
            handler.send_error(416)
            return
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Length", str(len(content) - start))
        handler.end_headers()
        self.send(handler.wfile, name, content[start:])

    def send(self, connection, name, content):
        if name in self.breaks:
            connection.write(content[: self.breaks.pop(name)])
            return
        half = len(content) // 2
        try:
            connection.write(content[:half])
            connection.flush()
            if name in self.stalls:
                self.half_sent.set()
                self.stalls[name].wait()
            connection.write(content[half:])
        except OSError:  # the other side has gone
            return


def main(base, cache):
    """Load the small CIFAR-10 from the mirror at `base` in a process of its own; prints origin and digest."""
    dataset = load_described(small("cifar10", base), "full", Places(None, Path(cache)), datasets.ConsoleProgress())
    print(dataset.origin, dataset.digest)


if __name__ == "__main__":
    main(*sys.argv[1:])
