"""The objective: what a training minimises, which is a network, a loss and the data together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol, runtime_checkable

import numpy as np

from .. import compiled
from ..networks import Loss, Network
from ..threads import slices
from . import pieces

# Draws a noisy copy, called as noise(X, rng), such as `tp5.datasets.Noise("flip", 0.1)`.
NoiseFunction = Callable[[np.ndarray, np.random.Generator], np.ndarray]

# The most numbers, one for each unit, sample and run, that one pass may need at once.
CHUNK = 2**23


class Objective(Protocol):
    """What the training loop needs to know about a model.

    Attributes
    ----------
    theta : ndarray, shape (n_runs, n_params)
        The weights, which the optimizer changes in place.
    n_samples : int
    deterministic : bool
        Whether the loss at a θ is the same whenever it is asked for: nothing is drawn.
    layers : compiled.Layers or None
        What the compiled core needs, beside ``X`` and ``Y``; None where it cannot help.
    parts : dict of str to ndarray, each of shape (n_runs,)
        What the last loss was made of, by name; empty where it has one part only.
    """

    theta: np.ndarray
    n_samples: int
    deterministic: bool
    layers: compiled.Layers | None
    parts: dict[str, np.ndarray]

    def start_epoch(self, epoch: int) -> None:
        """Take note that an epoch begins, the first being 0."""

    def loss(self) -> np.ndarray:
        """Loss of each run over all samples, shape (n_runs,)."""

    def gradient(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Gradient over a batch, some rows for each run or all of them; the shape of ``theta``."""


@runtime_checkable
class LayeredObjective(Objective, Protocol):
    """An objective that can also tell its gradient layer by layer, not multiplied out.

    Attributes
    ----------
    width : int
        Numbers that a sample needs on its way.
    """

    width: int

    def by_layers(
        self, run: int, rows: np.ndarray | None, count: int
    ) -> list[compiled.LayerGradient]:
        """Gradient of one run over a batch, in the order of θ, computed in ``count`` threads."""

    def loss_in_threads(self, count: int) -> np.ndarray:
        """Loss of each run, as `loss` says it, computed in ``count`` threads."""


class Reconstruction:
    """Reconstruct Y from X: the objective of an autoencoder.

    Parameters
    ----------
    network : Network
    loss : Loss
    X, Y : ndarray, shape (n_samples, width) or (n_runs, n_samples, width)
        Shared by all runs, or one data set a run. For a plain autoencoder Y is X.
    theta : ndarray, shape (n_runs, n_params)
    """

    deterministic = True

    def __init__(
        self, network: Network, loss: Loss, X: np.ndarray, Y: np.ndarray, theta: np.ndarray
    ) -> None:
        self.network, self.loss_function = network, loss
        self.X, self.Y, self.theta = X, Y, theta
        self.n_samples = X.shape[-2]
        self.layers = compiled.describe(network, loss, theta.dtype)
        self.width = sum(network.layers)
        self.parts: dict[str, np.ndarray] = {}

    def start_epoch(self, epoch: int) -> None:
        """Nothing changes from epoch to epoch."""

    def loss(self) -> np.ndarray:
        """Loss of each run over all samples, shape (n_runs,)."""

        def loss_of(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
            return self.loss_function.value(self.network.outputs(self.theta, X)[-1], Y)

        return self._mean(loss_of, self.X, self.Y)

    def gradient(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Gradient over a batch.

        Parameters
        ----------
        rows : ndarray of int, shape (n_runs, n_batch), optional
            The samples of each run's batch. Without it the batch is all samples.
        """

        def gradient_of(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
            return self.network.loss_and_grad(self.theta, X, Y, self.loss_function)[1]

        return self._mean(gradient_of, take(self.X, rows), take(self.Y, rows))

    def by_layers(
        self, run: int, rows: np.ndarray | None, count: int
    ) -> list[compiled.LayerGradient]:
        """Gradient of one run over a batch, layer by layer: see `pieces.gradients`."""
        rows = np.arange(self.n_samples) if rows is None else rows[run]

        def send(part: slice) -> Any:
            h, (_, error) = self._pass(run, rows[part])
            deltas, _ = self.network.backward(self.theta[run], h, error)
            return h[:-1], deltas, 0.0

        layers, _ = pieces.gradients(send, len(rows), self.network.shapes, self.theta.dtype, count)
        return layers

    def loss_in_threads(self, count: int) -> np.ndarray:
        """Loss of each run over all samples, computed in ``count`` threads."""
        sends = [partial(self._loss, run) for run in range(len(self.theta))]
        return np.array([pieces.losses(send, self.n_samples, count) for send in sends])

    def _loss(self, run: int, part: slice) -> Any:
        _, (loss, _) = self._pass(run, part)
        return loss

    def _pass(self, run: int, rows: np.ndarray | slice) -> tuple[list[np.ndarray], Any]:
        """Send some samples of a run forward; return what each layer says, the loss and dL/dA."""
        X, Y = (compiled.of_run(data, run)[rows] for data in (self.X, self.Y))
        h = self.network.outputs(self.theta[run], X)
        return h, compiled.core().value_and_gradient(self.loss_function, h[-1], Y)

    def _mean(self, of: Callable[..., np.ndarray], X: np.ndarray, Y: np.ndarray) -> Any:
        """Mean over samples of what ``of(X, Y)`` says of some, taken chunk by chunk."""
        n = X.shape[-2]
        return sum(
            of(X[..., part, :], Y[..., part, :]) * ((part.stop - part.start) / n)
            for part in chunks(n, len(self.theta) * self.width)
        )


class Denoising(Reconstruction):
    """Reconstruct Y from noisy X, with noise that is drawn anew as each epoch begins.

    The objective of a denoising autoencoder (Vincent et al. 2008). The loss of an epoch is the loss
    on that epoch's noise.

    Parameters
    ----------
    network : Network
    loss : Loss
    X, Y : ndarray, shape (n_samples, width) or (n_runs, n_samples, width)
        X is clean. Y is what should come out, for a plain denoiser X itself.
    theta : ndarray, shape (n_runs, n_params)
    noises : sequence of callable
        One for each run, called as ``noise(X, rng)``; see `tp5.datasets.Noise`.
    rngs : sequence of numpy.random.Generator
        One for each run.

    Raises
    ------
    ValueError
        As an epoch begins, if a noise changes the shape or returns what is no finite number.
    """

    deterministic = False

    def __init__(
        self,
        network: Network,
        loss: Loss,
        X: np.ndarray,
        Y: np.ndarray,
        theta: np.ndarray,
        noises: Sequence[NoiseFunction],
        rngs: Sequence[np.random.Generator],
    ) -> None:
        self.clean = np.broadcast_to(X, (len(theta), *X.shape[-2:]))
        self.noises, self.rngs = noises, rngs
        super().__init__(network, loss, self.clean.copy(), Y, theta)

    def start_epoch(self, epoch: int) -> None:
        """Give each run a new noisy copy of X."""
        for run, noise in enumerate(self.noises):
            self.X[run] = draw_noise(noise, self.clean[run], self.rngs[run])


def draw_noise(noise: NoiseFunction, X: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a noisy copy of X; raise ValueError if the shape changes or a number is not finite."""
    noisy = np.asarray(noise(X.copy(), rng))  # one that works in place spoils a copy
    if noisy.shape != X.shape:
        raise ValueError(
            f"noise {noise!r} makes shape {noisy.shape} of {X.shape}; it must keep the shape."
        )
    if noisy.dtype.kind not in "biuf" or not np.isfinite(noisy).all():
        raise ValueError(
            f"noise {noise!r} returns values that are no finite numbers; mend the noise."
        )
    return noisy


def take(data: np.ndarray, rows: np.ndarray | None) -> np.ndarray:
    """Return each run's rows of the data, shape (n_runs, n_batch, width); all data without rows."""
    if rows is None:
        return data
    return data[rows] if data.ndim == 2 else np.take_along_axis(data, rows[..., None], axis=-2)


def chunks(n_samples: int, numbers_per_sample: int) -> list[slice]:
    """Cut all samples into the fewest chunks of about one size that are not too large.

    Each unit of the network keeps a few numbers for every sample that passes through. For 60,000
    at once that would be gigabytes, fetched from main memory at each step; chunk by chunk they
    are few enough to stay near.
    """
    count = min(-(-n_samples * numbers_per_sample // CHUNK), n_samples)
    return slices(n_samples, count)
