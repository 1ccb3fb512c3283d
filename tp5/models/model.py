"""What every latent-variable model of the course shares: an error, fitting, files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from ..checks import as_data, as_probabilities, as_progress, as_rng, as_switch, at_least
from ..networks import Activation, BinaryCrossEntropy, Loss, SquaredError
from ..training import NoiseFunction, Objective, Optimizer, Scipy
from ..training.loop import Callback
from .arguments import (
    busy,
    check_callbacks,
    check_flat,
    check_optimizer,
    check_reachable,
    count_runs,
    one_for_each_run,
)
from .runs import Runs
from .storage import read_model, write_model
from .validation import Validation


@dataclass(frozen=True)
class Defaults:
    """How a model trains unless told otherwise; a ``batch_size`` of None is the full batch."""

    optimizer: Optimizer
    epochs: int
    batch_size: int | None = None


class LatentModel(Runs):
    """A model with an encoder, a decoder and, once trained, one θ for each run.

    Attributes
    ----------
    layers : tuple of int
    n_latent : int
    n_params : int
    theta : ndarray, shape (n_runs, n_params), or None before training
    history : History, or None before training
    """

    kind: ClassVar[str]
    defaults: ClassVar[Defaults]
    layers: tuple[int, ...]
    n_latent: int
    n_params: int
    dtype: np.dtype
    loss_function: Loss
    output_activation: Activation

    # What a model must say of itself.

    def config(self) -> dict[str, Any]:
        """Return the constructor's arguments, as JSON can hold them."""
        raise NotImplementedError

    def initial_theta(self, rng: np.random.Generator) -> np.ndarray:
        """Random starting weights of one run, shape (n_params,)."""
        raise NotImplementedError

    def objective(
        self,
        X: np.ndarray,
        Y: np.ndarray,
        theta: np.ndarray,
        rngs: Sequence[np.random.Generator] = (),
        noises: Sequence[NoiseFunction] = (),
    ) -> Objective:
        """Return what training minimises; ``rngs`` and ``noises``, one a run, are for its draws."""
        raise NotImplementedError

    def encode(self, X: np.ndarray) -> np.ndarray:
        """Latent vectors of samples, shape (n_samples, n_latent); a runs axis leads if several."""
        raise NotImplementedError

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Reconstructions that belong to latent vectors, shape (n_samples, n_features)."""
        raise NotImplementedError

    # What follows from these two.

    def reconstruct(self, X: np.ndarray) -> np.ndarray:
        """Return ``decode(encode(X))``: X_hat, the shape of X, with a runs axis if several."""
        return self.decode(self.encode(X))

    def wrong_pixels(self, X: np.ndarray, Y: np.ndarray | None = None) -> np.ndarray:
        """Count the pixels that the reconstruction gets wrong, after rounding at ½.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_features)
        Y : ndarray of the same shape, optional
            What should come out; X itself by default.

        Returns
        -------
        ndarray of int, shape (n_samples,), or (n_runs, n_samples)
        """
        wanted = self._target(X, Y) > 0.5
        return ((self.reconstruct(X) > 0.5) != wanted).sum(axis=-1)

    def error(self, X: np.ndarray, Y: np.ndarray | None = None) -> np.ndarray | float:
        """Squared error of the reconstruction, (1/n)·ΣΣ (X̂ − Y)², whatever loss was trained.

        Returns
        -------
        float, or ndarray of shape (n_runs,)
        """
        error = SquaredError().value(self.reconstruct(X), self._target(X, Y))
        return float(error) if error.ndim == 0 else error

    def _target(self, X: np.ndarray, Y: np.ndarray | None) -> np.ndarray:
        """Return what should come out for X: Y, or X itself."""
        X = as_data("X", X, self.layers[0], self.dtype)
        if Y is None:
            return X
        Y = as_data("Y", Y, self.layers[0], self.dtype)
        if Y.shape[-2:] != X.shape[-2:]:
            raise ValueError(f"Y has shape {Y.shape} and X has {X.shape}; pair them.")
        self.theta_for("Y", Y)  # refuses another number of runs
        return Y

    # Training.

    def fit(
        self,
        X: np.ndarray,
        Y: np.ndarray | None = None,
        *,
        optimizer: Optimizer | Scipy | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        n_runs: int | None = None,
        rng: int | np.random.Generator | None = None,
        start: np.ndarray | None = None,
        callbacks: Iterable[Callback] = (),
        progress: bool | None = None,
        noise: NoiseFunction | Sequence[NoiseFunction] | None = None,
        validation: np.ndarray | tuple[np.ndarray, np.ndarray] | None = None,
        keep_best: bool = False,
    ) -> Self:
        """Train ``n_runs`` models at once, each from its own random weights.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_features) or (n_runs, n_samples, n_features)
            Input, shared by all runs or one data set a run.
        Y : ndarray of the same shape, optional
            What to reconstruct; X itself by default. (Clean images when X is noisy.)
        optimizer : Optimizer or Scipy, optional
        epochs : int, optional
            Passes over the data (iterations of a `Scipy` method).
        batch_size : int, optional
            Samples a step: 1 is online learning, n_samples or more is the full batch.
            What is left out of these three is the model's own ``defaults``.
        n_runs : int, optional
            By default as many as ``X`` or ``start`` has, else 1.
        rng : int or numpy.random.Generator, optional
            Seed. Each run draws from a child of its own, so that run i is the same whether it
            trains alone or beside others.
        start : ndarray, shape (n_runs, n_params) or (n_params,), optional
            Weights to start from, such as the ``theta`` of a model trained before.
        callbacks : iterable of callable
            Called as ``callback(model, epoch, loss)`` after every epoch; True ends the training.
            One with an attribute ``every`` is called after so many epochs each: the compiled core
            computes those in one go. One with ``from_start = True`` is also called as epoch 0.
        progress : bool, optional
            Progress bar: True always, False never; by default after the first second.
        noise : callable, or one for each run, optional
            Called as ``noise(X, rng)`` before every epoch, with the run's own generator: what it
            returns is that epoch's input, while Y (by default the clean X) stays. A denoising
            autoencoder (Vincent et al. 2008); see `tp5.datasets.noise`.
        validation : ndarray, or pair of ndarray, optional
            X, or (X, Y), that the training does not see. The loss on them after each epoch is
            ``history.parts["validation"]``.
        keep_best : bool
            End with each run's weights of the epoch whose validation loss was smallest.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If the data or an argument do not fit, in one sentence.

        Warns
        -----
        TrainingWarning
            If training is interrupted (what was learned is kept), diverges, or a scipy method
            does not converge.
        """
        check_flat("X", X, self.layers[0], n_runs)
        X, Y = self.check_training_data(X, Y)
        optimizer = check_optimizer(self.defaults.optimizer if optimizer is None else optimizer)
        epochs = at_least("epochs", self.defaults.epochs if epochs is None else epochs)
        if batch_size is None:
            batch_size = self.defaults.batch_size or X.shape[-2]
        batch_size = at_least("batch_size", batch_size)
        start = None if start is None else self._as_start(start)
        n_runs = count_runs(n_runs, X, Y, start)
        rng, progress = as_rng(rng), as_progress(progress)
        rngs = rng.spawn(n_runs)
        theta = self._starting_theta(start, rngs)
        noises = one_for_each_run(noise, n_runs)
        callbacks = check_callbacks(callbacks)
        held_out = self._held_out(validation, keep_best, theta, rng)
        before = self.theta, self.history
        with busy(self):
            try:
                self.theta, self.history = theta, None
                objective = self.objective(X, Y, theta, rngs, noises)
                self.history = optimizer.minimize(
                    objective, epochs, batch_size, rngs, held_out + callbacks, progress, model=self
                )
                self.theta = theta[: self.history.loss.shape[1]]
                for one in held_out:
                    self.history = one.into(self.history)
                    if keep_best:
                        self.history, self.theta = one.give_back(self.history)
            except BaseException:  # an error leaves the model as it was
                self.theta, self.history = before
                raise
        return self

    def _held_out(
        self, data: Any, keep_best: bool, theta: np.ndarray, rng: np.random.Generator
    ) -> list[Any]:
        """Return a list with the callback that watches the validation data, if there are any."""
        if as_switch("keep_best", keep_best) and data is None:
            raise ValueError("keep_best needs validation data, which say what is best.")
        return [] if data is None else [Validation(self, data, theta, rng)]

    def check_training_data(
        self, X: np.ndarray, Y: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return X and Y as arrays of the model's dtype; Y is X where none is given."""
        X = as_data("X", X, self.layers[0], self.dtype)
        Y = X if Y is None else as_data("Y", Y, self.layers[0], self.dtype)
        if X.shape[-2] != Y.shape[-2]:
            raise ValueError(f"X has {X.shape[-2]} samples and Y has {Y.shape[-2]}; pair them.")
        if isinstance(self.loss_function, BinaryCrossEntropy):
            as_probabilities("X" if Y is X else "Y", Y)
        else:
            check_reachable("X" if Y is X else "Y", Y, self.output_activation)
        return X, Y

    def _as_start(self, start: object) -> np.ndarray:
        """Return the weights to start from, shape (n_runs, n_params)."""
        theta = as_data("start", start, (..., self.n_params), self.dtype)
        if theta.ndim > 2:
            raise ValueError(
                f"start has shape {theta.shape}, but must be (n_runs, {self.n_params})."
            )
        return np.atleast_2d(theta)

    def _starting_theta(
        self, start: np.ndarray | None, rngs: Sequence[np.random.Generator]
    ) -> np.ndarray:
        if start is None:
            return np.array([self.initial_theta(rng) for rng in rngs])
        # Run after run in memory, however they lay: Numba would compile anew for any other order.
        return np.array(np.broadcast_to(start, (len(rngs), self.n_params)), order="C")

    # Files.

    def save(self, path: str | os.PathLike[str], compact: bool = False) -> None:
        """Write the model to an ``.npz`` file: whole or not at all, no pickle.

        Parameters
        ----------
        path : path
            Taken as it is; the file is replaced if it exists.
        compact : bool
            One byte a weight instead of four or eight; see `tp5.models.packing`. For weights to be
            shipped: the pictures stay the same to the eye, the numbers do not.

        Raises
        ------
        ModelError
            If the model is not trained.
        FileNotFoundError
            If the folder does not exist.
        ValueError
            If an activation or loss of your own bears the name of one of ours.

        Warns
        -----
        UserWarning
            If the model has an activation or a loss of your own, which `load` will want handed in.
        """
        write_model(self, path, compact)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        activations: Mapping[str, Activation] | None = None,
        losses: Mapping[str, Loss] | None = None,
    ) -> Self:
        """Read a model that `save` has written.

        Parameters
        ----------
        path : path
        activations : dict of str to Activation, optional
        losses : dict of str to Loss, optional
            Your own by name, if the model has such: a file holds no code.

        Returns
        -------
        the model

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ModelError
            If the file is no model of this kind, is damaged, or is of a later version.
        """
        return read_model(cls, path, activations, losses)
