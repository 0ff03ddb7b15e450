"""Shared fixtures: no test leaves anything in the user's own cache unless it asks for the full data."""

import pytest

from nnbook import datasets


@pytest.fixture(scope="session")
def mnist_sample():
    return datasets.load("mnist", size="sample")


@pytest.fixture(scope="session")
def cifar10_sample():
    return datasets.load("cifar10", size="sample")


@pytest.fixture(scope="session")
def mnist():
    return datasets.load("mnist", size="full")


@pytest.fixture(scope="session")
def cifar10():
    return datasets.load("cifar10", size="full")


@pytest.fixture(scope="session")
def full_networks(mnist, cifar10):
    """Every network of the book by name, trained on the full data (from the cache where `make book` has run)."""
    from nnbook import experiments

    experiments.train_all(experiments.EXPERIMENTS, size="full")
    return {name: experiments.trained(name, size="full") for name in experiments.EXPERIMENTS}
