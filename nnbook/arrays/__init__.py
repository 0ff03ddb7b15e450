"""The one place where arrays of others come in: lists, NumPy, pandas, what scikit-learn and PyTorch hand out.

Each function gives an array in the one form that the rest of the package works with, or says what is wrong: the rule,
what came, and what to do. `taken` marks a function whose arguments come in that way.
"""

from nnbook.arrays.classes import class_keys as class_keys
from nnbook.arrays.classes import class_number as class_number
from nnbook.arrays.classes import counts as counts
from nnbook.arrays.classes import keys_in as keys_in
from nnbook.arrays.classes import labels as labels
from nnbook.arrays.classes import probabilities as probabilities
from nnbook.arrays.layers import chain as chain
from nnbook.arrays.layers import weights as weights
from nnbook.arrays.numbers import positions as positions
from nnbook.arrays.numbers import vector as vector
from nnbook.arrays.pictures import images as images
from nnbook.arrays.pictures import inputs as inputs
from nnbook.arrays.pictures import pixels as pixels
from nnbook.arrays.taken import taken as taken
