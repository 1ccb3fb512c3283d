"""The codes of a training, epoch by epoch: what a film of the latent space is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..checks import at_least
from .dense import is_variational


class Recording:
    """Callback of ``fit`` that keeps the codes of the untrained model, and of every k-th epoch.

    Codes of a variational autoencoder come with their clouds' σ; and of a few samples it keeps
    what the decoder makes of them. The loss is kept of every epoch.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
    every : int >= 1
        Epochs from one picture of the film to the next.
    shown : sequence of int
        The samples whose reconstructions are kept.
    on_frame : callable, optional
        Called without arguments after each picture.

    Attributes
    ----------
    epochs : list of int
        After which epoch each picture was taken; 0 is the untrained model.
    codes : list of ndarray, each of shape (n_runs, n_samples, 2)
    sigma : list of the same, or empty lists
        Of a variational autoencoder.
    pictures : list of ndarray of uint8, each of shape (n_runs, n_shown, n_features)
    losses : list of ndarray, each of shape (n_runs,)
        Before training and after each epoch, as in a `History`.
    """

    from_start = True

    def __init__(
        self,
        X: np.ndarray,
        every: int = 1,
        shown: Any = (),
        on_frame: Callable[[], None] = lambda: None,
    ) -> None:
        self.X, self.every, self.shown = X, at_least("every", every), list(shown)
        self.on_frame = on_frame
        self.start_again()

    def start_again(self) -> None:
        """Forget what there is."""
        self.epochs: list[int] = []
        self.losses: list[np.ndarray] = []
        self.codes: list[np.ndarray] = []
        self.sigma: list[np.ndarray] = []
        self.pictures: list[np.ndarray] = []

    def __call__(self, model: Any, epoch: int, loss: np.ndarray) -> None:
        """Keep what a training has reached after an epoch; epoch 0 begins a new film."""
        if model.n_latent < 2:
            raise ValueError("a film has a map, and a map needs 2 latent units; this model has 1.")
        if epoch == 0:
            self.start_again()
        self.losses.append(np.atleast_1d(loss).astype(float))
        if epoch % self.every == 0:
            self.take(model, epoch)

    def take(self, model: Any, epoch: int) -> None:
        """Take a picture now."""
        X = self.X
        if is_variational(model):
            mu, log_var = (with_runs(head) for head in model.posterior(X))
            self.sigma.append(np.exp(log_var[..., :2] / 2).astype(np.float32))
        else:
            mu = with_runs(model.encode(X))
        z = mu[:, self.shown]  # (n_runs, n_shown, n_latent)
        answers = with_runs(model.decode(z if len(z) > 1 else z[0]))
        self.epochs.append(epoch)
        self.codes.append(mu[..., :2].astype(np.float32))
        self.pictures.append(np.round(255 * np.clip(answers, 0, 1)).astype(np.uint8))
        self.on_frame()

    @property
    def n_runs(self) -> int:
        """Runs that are trained; 0 before a training."""
        return len(self.losses[0]) if self.losses else 0

    @property
    def best(self) -> int:
        """The run with the smallest last loss that is a number."""
        last = np.where(np.isfinite(self.losses[-1]), self.losses[-1], np.inf)
        return int(last.argmin())

    def box(self) -> list[float]:
        """Return the smallest and largest z1, and those of z2, that a map of the film should show.

        All codes of all pictures, but for one in two hundred at each end: the map does not move
        while the codes do, and a few that fly away do not make it small.
        """
        codes = np.concatenate([codes.reshape(-1, 2) for codes in self.codes])
        codes = codes[np.isfinite(codes).all(axis=1)]
        if not len(codes):
            return [0.0, 1.0, 0.0, 1.0]
        low, high = np.quantile(codes, 0.005, axis=0), np.quantile(codes, 0.995, axis=0)
        margin = 0.06 * np.where(high > low, high - low, 1)
        return np.stack([low - margin, high + margin], axis=1).ravel().tolist()


def moment(epoch: int) -> str:
    """Say when a picture was taken."""
    return f"after epoch {epoch}" if epoch else "untrained"


def with_runs(array: np.ndarray) -> np.ndarray:
    """Return the array with an axis of runs in front, where one run has none."""
    return array if array.ndim == 3 else array[None]
