"""TP5: autoencoders you can run, touch and trust.

``import tp5`` imports NumPy alone; figures, scipy and widgets are loaded when they are used.
"""

from . import blas  # noqa: F401  (first: it sets how BLAS's threads wait)
from .models.autoencoder import Autoencoder
from .models.vae import VariationalAutoencoder
from .networks.activations import Identity, Logistic, ReLU, Tanh
from .networks.losses import BinaryCrossEntropy, SquaredError
from .networks.network import Network
from .training.history import History
from .training.loop import StopBelow, StopWhenFlat, TrainingWarning
from .training.optimizers import SGD, Adam, Momentum, RMSprop
from .training.schedules import AdaptiveRate, CosineDecay, ExponentialDecay, StepDecay
from .training.scipy_methods import Scipy

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
