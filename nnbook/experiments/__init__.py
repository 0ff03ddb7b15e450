"""The book's named networks: which there are, and how to get one of them trained.

`trained(name)` finds a network in the cache or trains it now; `train_all` does so for several, in two
processes, and `shown` shows how far they are.
"""

from nnbook.experiments.parallel import train_all as train_all
from nnbook.experiments.progress import shown as shown
from nnbook.experiments.recipes import EXPERIMENTS as EXPERIMENTS
from nnbook.experiments.results import TrainedNetwork as TrainedNetwork
from nnbook.experiments.runs import train as train
from nnbook.experiments.runs import trained as trained
