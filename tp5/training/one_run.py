"""The loss of one run at any θ, in float64: what scipy's methods ask for."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from .. import compiled
from ..checks import as_data
from ..networks import Loss, Network
from .epochs import LARGE


class Losses(Protocol):
    """The loss of one run at any θ, shape (n_params,) in float64."""

    def loss(self, theta: np.ndarray) -> float:
        """Loss at θ."""

    def loss_and_grad(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """Loss and gradient at θ."""


class BlackboardLosses:
    """The loss of one run, in NumPy.

    Parameters
    ----------
    network : Network
    loss : Loss
    X, Y : ndarray, shape (n_samples, width)
    """

    def __init__(self, network: Network, loss: Loss, X: np.ndarray, Y: np.ndarray) -> None:
        self.network, self.loss_function, self.X, self.Y = network, loss, X, Y

    def loss(self, theta: np.ndarray) -> float:
        """Loss at θ."""
        theta = as_data("theta", theta, (self.network.n_params,), finite=False)
        return float(self.loss_function.value(self.network.outputs(theta, self.X)[-1], self.Y))

    def loss_and_grad(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """Loss and gradient at θ."""
        theta = as_data("theta", theta, (self.network.n_params,), finite=False)
        loss, grad = self.network.loss_and_grad(theta, self.X, self.Y, self.loss_function)
        return float(loss), grad


def losses_of(objective: Any, run: int) -> Losses:
    """Return the losses of one run, compiled where that can be."""
    X, Y = (compiled.of_run(data, run).astype(float) for data in (objective.X, objective.Y))
    layers = compiled.describe(objective.network, objective.loss_function, float)
    if layers is None or objective.network.n_params >= LARGE or not compiled.available():
        return BlackboardLosses(objective.network, objective.loss_function, X, Y)
    losses: Losses = compiled.core().CompiledLosses(layers, X, Y)
    return losses
