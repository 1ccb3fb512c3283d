"""The blackboard: activations, losses and a network, in plain NumPy."""

from .activations import Activation, Identity, Logistic, ReLU, Tanh, get_activation
from .gradient_check import central_differences, relative_error
from .losses import (
    BinaryCrossEntropy,
    Loss,
    SquaredError,
    get_loss,
    kl_divergence,
    kl_gradient,
)
from .network import Network, initial_theta

__all__ = [
    "Activation",
    "BinaryCrossEntropy",
    "Identity",
    "Logistic",
    "Loss",
    "Network",
    "ReLU",
    "SquaredError",
    "Tanh",
    "central_differences",
    "get_activation",
    "get_loss",
    "initial_theta",
    "kl_divergence",
    "kl_gradient",
    "relative_error",
]
