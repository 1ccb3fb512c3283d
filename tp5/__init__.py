"""TP5: autoencoders you can run, touch and trust.

``import tp5`` imports NumPy alone; figures, scipy and widgets are loaded when they are used.
"""

from .claims import claim
from .models import Autoencoder, VariationalAutoencoder
from .networks import (
    BinaryCrossEntropy,
    Identity,
    LeakyReLU,
    Logistic,
    Network,
    ReLU,
    SquaredError,
    Tanh,
)
from .training import (
    SGD,
    Adam,
    AdaptiveRate,
    CosineDecay,
    ExponentialDecay,
    History,
    Momentum,
    RMSprop,
    Scipy,
    StepDecay,
    StopBelow,
    StopWhenFlat,
    TrainingWarning,
)

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
    "LeakyReLU",
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
    "claim",
]
