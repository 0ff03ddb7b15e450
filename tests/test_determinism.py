"""The book's numbers do not depend on the processor that trained its networks.

OpenBLAS has other kernels for other processors, which add in other orders, so results differ in the last digits of
float64. Every network is kept in float32, and there nothing of that may be left.
"""

import json
import os
import platform
import subprocess
import sys

import pytest

KERNELS = ("Nehalem", "Sandybridge", "Haswell")
SCRIPT = """
import hashlib, json, sys, threadpoolctl
from nnbook import experiments
network = experiments.trained("mnist-2-layer-wide", size="sample", cache_dir=sys.argv[1])
digest = hashlib.sha256(b"".join(array.tobytes() for array in (*network.weights, *network.biases)))
blas = next(library for library in threadpoolctl.threadpool_info() if library["user_api"] == "blas")
print(json.dumps([digest.hexdigest(), network.confusion.tolist(), blas.get("architecture"), blas["num_threads"]]))
"""


def trained_with(kernel, threads, folder):
    environment = os.environ | {"OPENBLAS_CORETYPE": kernel, "OPENBLAS_NUM_THREADS": str(threads)}
    command = [sys.executable, "-c", SCRIPT, str(folder / f"{kernel}-{threads}")]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kernels")
    return [trained_with(kernel, 1, folder) for kernel in KERNELS] + [trained_with(KERNELS[-1], 2, folder)]


def test_weights_and_confusions_are_the_same_on_every_processor(results):
    assert len({digest for digest, *_ in results}) == 1
    assert len({json.dumps(confusion) for _, confusion, *_ in results}) == 1


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="these kernels are for x86-64")
def test_the_processors_were_really_played(results):
    """Otherwise the test above would compare a thing with itself."""
    assert {kernel for _, _, kernel, _ in results} == set(KERNELS)
    assert {threads for *_, threads in results} == {1, 2}
