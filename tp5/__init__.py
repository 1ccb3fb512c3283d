"""TP5: autoencoders you can run, touch and trust.

``import tp5`` imports NumPy alone; figures, scipy and widgets are loaded when they are used.
"""

from . import blas  # noqa: F401  (first: it sets how BLAS's threads wait)
from .activations import Identity, Logistic, ReLU, Tanh
from .autoencoder import Autoencoder
from .history import History
from .losses import BinaryCrossEntropy, SquaredError
from .network import Network
from .optimizers import SGD, Adam, Momentum, RMSprop
from .schedules import AdaptiveRate, CosineDecay, ExponentialDecay, StepDecay
from .scipy_optimizer import Scipy
from .training import StopBelow, StopWhenFlat, TrainingWarning
from .vae import VariationalAutoencoder

__version__ = "0.1.0"

__all__ = [
    "SGD",
    "Adam",
    "AdaptiveRate",
    "Autoencoder",
    "BinaryCrossEntropy",
    "CosineDecay",
    "ExponentialDecay",
    "History",
    "Identity",
    "Logistic",
    "Momentum",
    "Network",
    "RMSprop",
    "ReLU",
    "Scipy",
    "SquaredError",
    "StepDecay",
    "StopBelow",
    "StopWhenFlat",
    "Tanh",
    "TrainingWarning",
    "VariationalAutoencoder",
]
