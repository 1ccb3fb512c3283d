"""What every latent-variable model of the course shares: runs, fitting, saving and loading."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from .checks import as_data, at_least
from .files import atomic_write
from .history import History, side_by_side
from .objective import Objective
from .optimizers import Optimizer
from .scipy_optimizer import Scipy
from .training import train

FORMAT_VERSION = 1

# Called after each epoch with the model in training, the epochs done and the loss of each run.
ModelCallback = Callable[[Any, int, np.ndarray], bool | None]


class ModelError(ValueError):
    """A model cannot do what it is asked: not trained yet, or a file that is no model."""


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

    def objective(self, X: np.ndarray, Y: np.ndarray, theta: np.ndarray) -> Objective:
        """Return what training minimises."""
        raise NotImplementedError

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
        self.theta, self.history, self.results_ = theta, None, []
        objective = self.objective(X, Y, theta)
        if isinstance(optimizer, Scipy):
            self._fit_scipy(objective, optimizer, epochs, progress)
        elif isinstance(optimizer, Optimizer):
            bound = [self._bind(callback) for callback in callbacks]
            self.history = train(objective, optimizer, epochs, batch_size, rngs, bound, progress)
        else:
            raise ValueError(
                f"optimizer must be one of the course's, such as Adam(lr=0.01) or "
                f"Scipy('Powell'), not {optimizer!r}."
            )
        return self

    def _bind(self, callback: ModelCallback) -> Callable[[int, np.ndarray], bool | None]:
        return lambda epoch, loss: callback(self, epoch, loss)

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
        start = np.asarray(start, self.dtype)
        if start.shape[-1:] != (self.n_params,):
            raise ValueError(
                f"start has shape {start.shape}, but {self!r} needs (n_runs, {self.n_params})."
            )
        return np.array(np.broadcast_to(start, (len(rngs), self.n_params)))

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
        if not -len(theta) <= run < len(theta):
            raise IndexError(f"there is no run {run}: this model has {len(theta)}, from 0.")
        run %= len(theta)
        single = type(self)(**self.config())
        single.theta = theta[[run]]
        single.history = self.history.run(run) if self.history else None
        single.results_ = self.results_[run : run + 1]
        return single

    @property
    def best(self) -> Self:
        """The run with the smallest training loss."""
        self.trained_theta()
        assert self.history is not None
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

    def single_or_all(self, theta: np.ndarray) -> np.ndarray:
        """Return θ without its runs axis where there is one run only."""
        return theta[0] if len(theta) == 1 else theta

    # Files.

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to an ``.npz`` file: whole or not at all, no pickle.

        Parameters
        ----------
        path : path
            Taken as it is; the file is replaced if it exists.

        Raises
        ------
        ModelError
            If the model is not trained.
        FileNotFoundError
            If the folder does not exist.
        """
        arrays: dict[str, Any] = {"theta": self.trained_theta()}
        about: dict[str, Any] = {"format": FORMAT_VERSION, "kind": self.kind}
        about["config"] = self.config()
        if self.history is not None:
            history_arrays, about["message"] = self.history.to_arrays()
            arrays |= history_arrays
        with atomic_write(path) as file:
            np.savez_compressed(file, about=np.array(json.dumps(about)), **arrays)

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
        if not Path(path).exists():
            raise FileNotFoundError(f"{path}: there is no such file; save a model there first.")
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            about = json.loads(str(arrays.pop("about")))
            theta = arrays.pop("theta")
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, AttributeError) as why:
            raise ModelError(
                f"{path} is not a saved model, or is damaged ({why}); save it again."
            ) from None
        return cls._restore(path, about, theta, arrays)

    @classmethod
    def _restore(
        cls,
        path: str | os.PathLike[str],
        about: dict[str, Any],
        theta: np.ndarray,
        arrays: dict[str, np.ndarray],
    ) -> Self:
        """Build the model from what stood in the file, or say what does not fit."""
        if not isinstance(about, dict) or about.get("format") != FORMAT_VERSION:
            raise ModelError(
                f"{path} is of another version than this tp5 reads ({FORMAT_VERSION}); update tp5."
            )
        if about.get("kind") != cls.kind:
            raise ModelError(
                f"{path} holds a {about.get('kind')}, not a {cls.kind}; load it as what it is."
            )
        try:
            model = cls(**about["config"])
        except (TypeError, ValueError, KeyError) as why:
            raise ModelError(f"{path} describes no valid model ({why}); save it again.") from None
        if theta.ndim != 2 or theta.shape[1] != model.n_params or not np.isfinite(theta).all():
            raise ModelError(
                f"{path} has weights of shape {theta.shape} for a model of {model.n_params}, "
                f"or not all are finite; save it again."
            )
        model.theta = theta.astype(model.dtype)
        if arrays:
            try:
                model.history = History.from_arrays(arrays, about.get("message", ""))
            except (TypeError, ValueError) as why:
                raise ModelError(f"{path} has a damaged history ({why}); save it again.") from None
        return model

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
        epochs = f", trained {self.history.n_epochs} epochs"
        return f"{runs}{epochs}, loss {np.nanmean(loss):.2f}{spread}"


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
    if said["start"] == 1 and n_runs:  # one start for many runs
        said["start"] = None
    counts = {name: count for name, count in said.items() if count is not None}
    if len(set(counts.values())) > 1:
        raise ValueError(f"the numbers of runs disagree: {counts}; make them equal.")
    return next(iter(counts.values()), 1)


def thousands(number: int) -> str:
    """Return 2789 as "2 789", with a narrow no-break space."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
