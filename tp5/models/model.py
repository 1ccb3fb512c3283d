"""What every latent-variable model of the course shares: runs, and fitting."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from ..checks import ModelError, as_data, at_least
from ..networks.losses import SquaredError
from ..training.history import History, side_by_side
from ..training.loop import train
from ..training.objective import Objective
from ..training.optimizers import Optimizer
from ..training.scipy_methods import Scipy
from .storage import read_model, write_model

# Draws a noisy copy, called as noise(X, rng), such as `tp5.datasets.noise.Noise("flip", 0.1)`.
NoiseFunction = Callable[[np.ndarray, np.random.Generator], np.ndarray]

# Called after each epoch with the model in training, the epochs done and the loss of each run.
ModelCallback = Callable[[Any, int, np.ndarray], bool | None]


@dataclass(frozen=True)
class Defaults:
    """How a model trains unless told otherwise; a ``batch_size`` of None is the full batch."""

    optimizer: Optimizer
    epochs: int
    batch_size: int | None = None


class LatentModel:
    """A model with an encoder, a decoder and, once trained, one θ for each run.

    Attributes
    ----------
    layers : tuple of int
    n_latent : int
    n_params : int
    theta : ndarray, shape (n_runs, n_params), or None before training
    history : History, or None before training
    results_ : list
        What scipy returned for each run, when the optimizer was a `Scipy`.
    """

    kind: ClassVar[str]
    defaults: ClassVar[Defaults]
    layers: tuple[int, ...]
    n_latent: int
    n_params: int
    dtype: np.dtype

    def __init__(self) -> None:
        self.theta: np.ndarray | None = None
        self.history: History | None = None
        self.results_: list[Any] = []

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
    ) -> Objective:
        """Return what training minimises; ``rngs``, one a run, are for what it draws."""
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
        callbacks: Iterable[ModelCallback] = (),
        progress: bool | None = None,
        noise: NoiseFunction | Sequence[NoiseFunction] | None = None,
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
        progress : bool, optional
            Progress bar: True always, False never; by default after the first second.
        noise : callable, or one for each run, optional
            Called as ``noise(X, rng)`` before every epoch, with the run's own generator: what it
            returns is that epoch's input, while Y (by default the clean X) stays. A denoising
            autoencoder (Vincent et al. 2008); see `tp5.datasets.noise`.

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
        X, Y = self.check_training_data(X, Y)
        optimizer = self.defaults.optimizer if optimizer is None else optimizer
        epochs = at_least("epochs", self.defaults.epochs if epochs is None else epochs)
        if batch_size is None:
            batch_size = self.defaults.batch_size or X.shape[-2]
        at_least("batch_size", batch_size)
        n_runs = count_runs(n_runs, X, Y, start)
        rngs = np.random.default_rng(rng).spawn(n_runs)
        theta = self._starting_theta(start, rngs)
        noises = one_for_each_run(noise, n_runs, optimizer)
        if noises:  # each run draws its own noise: a data set a run, and a Y apart from X
            X, Y = (np.array(np.broadcast_to(A, (n_runs, *A.shape[-2:]))) for A in (X, Y))
        bound = [self._bind(callback) for callback in check_callbacks(callbacks)]
        check_optimizer(optimizer, bound)
        before = self.theta, self.history, self.results_
        self.theta, self.history, self.results_ = theta, None, []
        try:
            objective = self.objective(X, Y, theta, rngs)
            if isinstance(optimizer, Scipy):
                self._fit_scipy(objective, optimizer, epochs, progress)
            else:
                renew = self._fresh_noise(objective, X, noises, rngs) if noises else None
                self.history = train(
                    objective, optimizer, epochs, batch_size, rngs, bound, progress, renew
                )
        except BaseException:  # an error leaves the model as it was
            self.theta, self.history, self.results_ = before
            raise
        return self

    def _bind(self, callback: ModelCallback) -> Callable[[int, np.ndarray], bool | None]:
        return lambda epoch, loss: callback(self, epoch, loss)

    def _fresh_noise(
        self,
        objective: Any,
        X: np.ndarray,
        noises: Sequence[NoiseFunction],
        rngs: Sequence[np.random.Generator],
    ) -> Callable[[], None]:
        """Return what gives the objective a new noisy copy of X, shape (n_runs, n, width)."""
        noisy = np.empty_like(X)

        def renew() -> None:
            for run, (noise, rng) in enumerate(zip(noises, rngs, strict=True)):
                drawn = noise(X[run].copy(), rng)  # one that works in place spoils a copy
                if np.shape(drawn) != X[run].shape:
                    raise ValueError(
                        f"noise {noise!r} makes shape {np.shape(drawn)} of {X[run].shape}; it must "
                        f"keep the shape."
                    )
                noisy[run] = drawn
            objective.load_input(noisy)

        return renew

    def _fit_scipy(
        self, objective: Any, optimizer: Scipy, epochs: int, progress: bool | None
    ) -> None:
        """Train run after run: a scipy method knows one vector only."""
        histories = []
        for run in range(self.n_runs):
            single = objective.single(run)
            history, result = optimizer.minimize(single, epochs, progress)
            objective.theta[run] = single.theta
            histories.append(history)
            self.results_.append(result)
            if result is None:  # interrupted: the runs that come after it are not begun
                self.theta = objective.theta[: run + 1]
                break
        self.history = side_by_side(histories)

    def check_training_data(
        self, X: np.ndarray, Y: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return X and Y as arrays of the model's dtype; Y is X where none is given."""
        X = as_data("X", X, self.layers[0], self.dtype)
        Y = X if Y is None else as_data("Y", Y, self.layers[0], self.dtype)
        if X.shape[-2] != Y.shape[-2]:
            raise ValueError(f"X has {X.shape[-2]} samples and Y has {Y.shape[-2]}; pair them.")
        return X, Y

    def _starting_theta(
        self, start: np.ndarray | None, rngs: Sequence[np.random.Generator]
    ) -> np.ndarray:
        if start is None:
            return np.array([self.initial_theta(rng) for rng in rngs])
        if np.ndim(start) not in (1, 2) or np.shape(start)[-1] != self.n_params:
            raise ValueError(
                f"start has shape {np.shape(start)}, but {self!r} needs (n_runs, {self.n_params})."
            )
        theta = as_data("start", np.atleast_2d(start), self.n_params, self.dtype)
        return np.array(np.broadcast_to(theta, (len(rngs), self.n_params)))

    # Runs.

    @property
    def n_runs(self) -> int:
        """Runs trained; 0 before training."""
        return 0 if self.theta is None else len(self.theta)

    def __len__(self) -> int:
        return self.n_runs

    def __bool__(self) -> bool:
        return True  # a model that is not trained is still a model

    def __getitem__(self, run: int) -> Self:
        """Return one run as a model of its own."""
        theta = self.trained_theta()
        if not isinstance(run, int | np.integer) or not -len(theta) <= run < len(theta):
            raise IndexError(f"there is no run {run!r}: this model has {len(theta)}, from 0.")
        run %= len(theta)
        single = copy.copy(self)
        single.theta = theta[[run]]
        single.history = self.history.run(run) if self.history else None
        single.results_ = self.results_[run : run + 1]
        return single

    @property
    def best(self) -> Self:
        """The run with the smallest training loss."""
        self.trained_theta()
        if self.history is None:
            raise ModelError(
                "this model has no history, so its best run is unknown; take one by [i]."
            )
        return self[int(np.nanargmin(self.history.final_loss))]

    def trained_theta(self) -> np.ndarray:
        """Return θ, shape (n_runs, n_params).

        Raises
        ------
        ModelError
            If the model is not trained.
        """
        if self.theta is None:
            raise ModelError(f"this {type(self).__name__} is not trained yet; call fit(X) first.")
        return self.theta

    def theta_for(self, name: str, array: np.ndarray) -> np.ndarray:
        """Return θ as samples meet it: without its runs axis where there is one run only.

        Raises
        ------
        ModelError
            If the model is not trained.
        ValueError
            If ``array``, whose name is for the message, has another number of runs.
        """
        theta = self.trained_theta()
        if array.ndim == 3 and len(theta) > 1 and len(array) != len(theta):
            raise ValueError(
                f"{name} is for {len(array)} runs, and this model has {len(theta)} runs."
            )
        return theta[0] if len(theta) == 1 else theta

    # Files.

    def save(self, path: str | os.PathLike[str], compact: bool = False) -> None:
        """Write the model to an ``.npz`` file: whole or not at all, no pickle.

        Parameters
        ----------
        path : path
            Taken as it is; the file is replaced if it exists.
        compact : bool
            One byte a weight instead of four or eight; see `pack`. For weights to be shipped: the
            pictures stay the same to the eye, the numbers do not.

        Raises
        ------
        ModelError
            If the model is not trained.
        FileNotFoundError
            If the folder does not exist.
        """
        write_model(self, path, compact)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a model that `save` has written.

        Parameters
        ----------
        path : path

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
        return read_model(cls, path)

    # How it looks in a notebook.

    def describe_training(self) -> str:
        """Return ", 5 runs, trained 150 epochs, loss 4.71 ± 0.32", or ", not trained"."""
        if self.theta is None:
            return ", not trained"
        runs = "" if self.n_runs == 1 else f", {self.n_runs} runs"
        if self.history is None:
            return runs
        loss = self.history.final_loss
        spread = f" ± {np.nanstd(loss, ddof=1):.2f}" if self.n_runs > 1 else ""
        n_epochs = self.history.n_epochs
        epochs = f", trained {n_epochs} epoch" + ("" if n_epochs == 1 else "s")
        return f"{runs}{epochs}, loss {np.nanmean(loss):.2f}{spread}"


def check_callbacks(callbacks: object) -> list[ModelCallback]:
    """Return a list of callables; raise ValueError unless they are such."""
    listed = list(callbacks) if isinstance(callbacks, Iterable) else []
    if not isinstance(callbacks, Iterable) or not all(map(callable, listed)):
        raise ValueError(
            f"callbacks must be a list of callables callback(model, epoch, loss), such as "
            f"[StopBelow(0.5)], not {callbacks!r}."
        )
    return listed


def check_optimizer(optimizer: object, callbacks: Sequence[object]) -> None:
    """Raise ValueError unless this is an optimizer, and one that calls callbacks if there are."""
    if isinstance(optimizer, Scipy):
        if callbacks:
            raise ValueError("a Scipy method calls no callbacks; leave them out, or take Adam.")
    elif not isinstance(optimizer, Optimizer):
        raise ValueError(
            f"optimizer must be one of the course's, such as Adam(lr=0.01) or Scipy('Powell'), "
            f"not {optimizer!r}."
        )


def count_runs(n_runs: int | None, X: np.ndarray, Y: np.ndarray, start: np.ndarray | None) -> int:
    """Return how many runs to train, from whichever argument says so.

    Raises
    ------
    ValueError
        If two of them disagree.
    """
    said = {
        "n_runs": None if n_runs is None else at_least("n_runs", n_runs),
        "X": len(X) if X.ndim == 3 else None,
        "Y": len(Y) if Y.ndim == 3 else None,
        "start": len(start) if start is not None and np.ndim(start) == 2 else None,
    }
    if said["start"] == 1:  # one start for all runs
        said["start"] = None
    counts = {name: count for name, count in said.items() if count is not None}
    if len(set(counts.values())) > 1:
        raise ValueError(f"the numbers of runs disagree: {counts}; make them equal.")
    return next(iter(counts.values()), 1)


def one_for_each_run(
    noise: NoiseFunction | Sequence[NoiseFunction] | None, n_runs: int, optimizer: object
) -> Sequence[NoiseFunction]:
    """Return a list of noises, one for each run; an empty one where none is wanted.

    Raises
    ------
    ValueError
        If there are not as many as runs, one cannot be called, or the optimizer is a `Scipy`.
    """
    if noise is None:
        return []
    noises = list(noise) if isinstance(noise, Sequence) else [noise] * n_runs
    if len(noises) != n_runs or not all(map(callable, noises)):
        raise ValueError(
            f"noise must be one callable noise(X, rng), or one for each of {n_runs} runs, such as "
            f"Noise('flip', 0.1), not {noise!r}."
        )
    if isinstance(optimizer, Scipy):
        raise ValueError(
            f"{optimizer.method} needs an objective that stays as it is, so it cannot have fresh "
            f"noise; make noisy pairs once, with tp5.datasets.noisy_pairs, and fit(X_noisy, Y)."
        )
    return noises


def thousands(number: int) -> str:
    """Return 2789 as "2 789", with a narrow no-break space."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
