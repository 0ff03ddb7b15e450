"""Shared fixtures: no test leaves anything in the user's own cache unless it asks for the full data."""

import pytest

from nnbook import datasets


@pytest.fixture(scope="session")
def mnist_sample():
    return datasets.load("mnist", size="sample")


@pytest.fixture(scope="session")
def cifar10_sample():
    return datasets.load("cifar10", size="sample")
