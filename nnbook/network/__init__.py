"""Neural networks in NumPy: layers, losses, optimisers, and the network that holds them together.

Read layers.py first, then dense.py and activations.py; network.py puts them in a row. What is in fast.py changes no
result.
"""

from nnbook.network.activations import ReLU as ReLU
from nnbook.network.activations import Sigmoid as Sigmoid
from nnbook.network.activations import Tanh as Tanh
from nnbook.network.chain import LAYERS as LAYERS
from nnbook.network.chain import check as check
from nnbook.network.chain import kept as kept
from nnbook.network.chain import layers_of as layers_of
from nnbook.network.convolution import Convolution as Convolution
from nnbook.network.convolution import convolved as convolved
from nnbook.network.dense import Dense as Dense
from nnbook.network.dropout import Dropout as Dropout
from nnbook.network.fast import PixelDense as PixelDense
from nnbook.network.fast import at_the_same_time as at_the_same_time
from nnbook.network.fast import for_pixels as for_pixels
from nnbook.network.fast import use_one_thread as use_one_thread
from nnbook.network.layers import Layer as Layer
from nnbook.network.losses import Loss as Loss
from nnbook.network.losses import MeanSquaredError as MeanSquaredError
from nnbook.network.losses import SoftmaxCrossEntropy as SoftmaxCrossEntropy
from nnbook.network.losses import softmax as softmax
from nnbook.network.network import Network as Network
from nnbook.network.normalisation import BatchNormalisation as BatchNormalisation
from nnbook.network.optimisers import SGD as SGD
from nnbook.network.optimisers import Adam as Adam
from nnbook.network.optimisers import Optimiser as Optimiser
from nnbook.network.optimisers import RMSProp as RMSProp
from nnbook.network.pool import MaxPool as MaxPool
