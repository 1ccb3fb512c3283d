"""The blackboard: activations, losses and a network, in plain NumPy."""

from .activations import Activation, Identity, LeakyReLU, Logistic, ReLU, Tanh, get_activation
from .gradient_check import central_differences, relative_error
from .initial import INITS, initial_theta
from .losses import (
    BinaryCrossEntropy,
    Loss,
    SquaredError,
    get_loss,
    kl_divergence,
    kl_gradient,
    kl_per_latent,
)
from .network import Network, check_layers

__all__ = [
    "INITS",
    "Activation",
    "BinaryCrossEntropy",
    "Identity",
    "LeakyReLU",
    "Logistic",
    "Loss",
    "Network",
    "ReLU",
    "SquaredError",
    "Tanh",
    "central_differences",
    "check_layers",
    "get_activation",
    "get_loss",
    "initial_theta",
    "kl_divergence",
    "kl_gradient",
    "kl_per_latent",
    "relative_error",
]
