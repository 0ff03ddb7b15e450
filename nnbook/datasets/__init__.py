"""The data sets of the book: the MNIST digits and the CIFAR-10 photographs, verified, from whatever origin has them."""

from nnbook.datasets.dataset import Dataset as Dataset
from nnbook.datasets.dataset import Split as Split
from nnbook.datasets.errors import DatasetError as DatasetError
from nnbook.datasets.errors import DigestError as DigestError
from nnbook.datasets.errors import FormatError as FormatError
from nnbook.datasets.errors import SampleDataWarning as SampleDataWarning
from nnbook.datasets.errors import UnavailableError as UnavailableError
from nnbook.datasets.holdings import Check as Check
from nnbook.datasets.holdings import Holding as Holding
from nnbook.datasets.holdings import fetch as fetch
from nnbook.datasets.holdings import inventory as inventory
from nnbook.datasets.holdings import verify as verify
from nnbook.datasets.loading import load as load
from nnbook.datasets.progress import ConsoleProgress as ConsoleProgress
from nnbook.datasets.progress import Progress as Progress
