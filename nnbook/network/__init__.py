"""Neural networks in NumPy: layers, losses, optimisers, and the network that holds them together."""

from nnbook.network.activations import ReLU as ReLU
from nnbook.network.activations import Sigmoid as Sigmoid
from nnbook.network.dense import Dense as Dense
from nnbook.network.layers import Layer as Layer
from nnbook.network.losses import Loss as Loss
from nnbook.network.losses import MeanSquaredError as MeanSquaredError
from nnbook.network.losses import SoftmaxCrossEntropy as SoftmaxCrossEntropy
from nnbook.network.losses import softmax as softmax
from nnbook.network.network import Network as Network
from nnbook.network.optimisers import SGD as SGD
from nnbook.network.optimisers import Adam as Adam
from nnbook.network.optimisers import Optimiser as Optimiser
from nnbook.network.pixel_dense import PixelDense as PixelDense
