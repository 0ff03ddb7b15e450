"""The data sets of the book: the MNIST digits and the CIFAR-10 photographs, verified, from whatever origin has them."""

from nnbook.datasets.dataset import Dataset as Dataset
from nnbook.datasets.dataset import Split as Split
from nnbook.datasets.errors import DatasetError as DatasetError
from nnbook.datasets.errors import DigestError as DigestError
from nnbook.datasets.errors import FormatError as FormatError
from nnbook.datasets.errors import SampleDataWarning as SampleDataWarning
from nnbook.datasets.errors import UnavailableError as UnavailableError
from nnbook.datasets.loading import load as load
