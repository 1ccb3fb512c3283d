"""Learning-rate schedules: which learning rate the next epoch uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ..checks import at_least, number_in, shown


@dataclass(frozen=True)
class Schedule:
    """A learning rate that may change from epoch to epoch; this one stays as it is.

    Parameters
    ----------
    lr : float > 0, or ndarray of shape (n_runs, 1)
        Learning rate of the first epoch. An array gives each run its own.

    Raises
    ------
    ValueError
        If a learning rate is not a number above 0.
    """

    lr: Any
    foreseen: ClassVar[bool] = True  # `next` asks for no losses: many epochs go in one call

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Take a `next` of somebody's own for one that may ask for the losses, unless told."""
        super().__init_subclass__(**arguments)
        if "next" in vars(cls) and "foreseen" not in vars(cls):
            cls.foreseen = False

    def __post_init__(self) -> None:
        lr = as_rates("the learning rate", "(0, ∞)", self.lr)
        if isinstance(self.lr, list | tuple):
            object.__setattr__(self, "lr", lr)  # a list cannot be multiplied

    def next(self, lr: Any, epoch: int, epochs: int, losses: Sequence[np.ndarray]) -> Any:
        """Learning rate of an epoch.

        Parameters
        ----------
        lr : float or ndarray, shape (n_runs, 1)
            Learning rate of the epoch before (of the first epoch: ``self.lr``).
        epoch, epochs : int
            The epoch that begins, from 0, and how many there will be.
        losses : sequence of ndarray, each of shape (n_runs,)
            Loss before training and after each epoch so far.

        Returns
        -------
        float or ndarray, shape (n_runs, 1)
        """
        return lr


@dataclass(frozen=True)
class ExponentialDecay(Schedule):
    """Exponential decay, lr_e = lr·factor^e after e epochs.

    Parameters
    ----------
    lr : float > 0
    factor : float in (0, 1]
    """

    factor: float = 0.99
    foreseen: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        number_in("factor", "(0, 1]", self.factor)

    def next(self, lr: Any, epoch: int, epochs: int, losses: Sequence[np.ndarray]) -> Any:
        """Return lr·factor^epoch, a factor an epoch: a power is rounded as the C library will."""
        return lr * self.factor if epoch else self.lr


@dataclass(frozen=True)
class StepDecay(Schedule):
    """Step decay: the learning rate is multiplied by ``factor`` after each ``every`` epochs.

    Parameters
    ----------
    lr : float > 0
    every : int > 0
    factor : float in (0, 1]
    """

    every: int = 50
    factor: float = 0.5
    foreseen: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        number_in("factor", "(0, 1]", self.factor)
        at_least("every", self.every)

    def next(self, lr: Any, epoch: int, epochs: int, losses: Sequence[np.ndarray]) -> Any:
        """Return lr·factor^⌊epoch/every⌋."""
        return lr * self.factor if epoch and epoch % self.every == 0 else lr


@dataclass(frozen=True)
class CosineDecay(Schedule):
    """Cosine decay from lr to ``final``·lr: half a cosine wave over the whole training.

    lr_e = lr·[final + (1 − final)·(1 + cos(π·e/epochs))/2] (Loshchilov & Hutter 2017, eq. 5).

    Parameters
    ----------
    lr : float > 0
    final : float in [0, 1]
    """

    final: float = 0.0
    foreseen: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        number_in("final", "[0, 1]", self.final)

    def next(self, lr: Any, epoch: int, epochs: int, losses: Sequence[np.ndarray]) -> Any:
        """Return the point of the cosine wave that belongs to this epoch."""
        wave = (1 + half_cosine(epoch / epochs)) / 2
        return self.lr * (self.final + (1 - self.final) * wave)


@dataclass(frozen=True)
class AdaptiveRate(Schedule):
    """Adaptive learning rate as the course does it; each run has its own.

    After ``patience`` decreases of the loss in a row the learning rate grows by a constant,
    lr ← lr + increase; after as many increases in a row it shrinks by a fraction,
    lr ← lr − decrease·lr (Hertz, Krogh & Palmer 1991, eq. 6.26).

    Parameters
    ----------
    lr : float > 0
    increase : float >= 0
    decrease : float in [0, 1)
    patience : int > 0
    """

    increase: float = 0.001
    decrease: float = 0.1
    patience: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        number_in("increase", "[0, ∞)", self.increase)
        number_in("decrease", "[0, 1)", self.decrease)
        at_least("patience", self.patience)

    def next(self, lr: Any, epoch: int, epochs: int, losses: Sequence[np.ndarray]) -> Any:
        """Return lr + increase, lr − decrease·lr, or lr, run by run."""
        lr = np.broadcast_to(lr, (len(losses[0]), 1)).copy()
        if epoch < self.patience:
            return lr
        change = np.diff(np.array(losses[-self.patience - 1 :]), axis=0)  # (patience, n_runs)
        lr[(change < 0).all(axis=0)] += self.increase
        lr[(change > 0).all(axis=0)] *= 1 - self.decrease
        return lr


def half_cosine(t: float) -> float:
    """cos(π·t) for 0 ≤ t ≤ 1, as sin(π·(½ − t)) by its series: the same bits on every machine."""
    x = np.pi * (0.5 - t)
    total, term = 0.0, x
    for k in range(1, 12):
        total += term
        term *= -x * x / (2 * k * (2 * k + 1))
    return float(total)


def as_schedule(lr: Any) -> Schedule:
    """Return a schedule; a plain number becomes a constant learning rate."""
    return lr if isinstance(lr, Schedule) else Schedule(lr)


def as_rates(name: str, interval: str, value: Any) -> np.ndarray:
    """Return a number, or a column with a number for each run, as an array.

    Raises
    ------
    ValueError
        If it is no number in the interval, or an array that is not of shape (n_runs, 1).
    """
    if not isinstance(value, list | tuple | np.ndarray):
        return np.asarray(number_in(name, interval, value))
    try:
        rates = np.asarray(value, dtype=float)
    except Exception:  # whatever an object's __array__ raises
        raise ValueError(
            f"{name} must be a number, or one for each run, not {shown(value)}."
        ) from None
    if rates.ndim and (rates.ndim != 2 or rates.shape[1] != 1):
        raise ValueError(
            f"{name} must be a number, or a column of shape (n_runs, 1) with one for each run, "
            f"not an array of shape {rates.shape}."
        )
    for rate in rates.flat:
        number_in(name, interval, rate)
    return rates


def match(name: str, value: Any, theta: np.ndarray) -> Any:
    """Return a number as a Python float, and a column with one for each run in θ's dtype.

    A float64 array beside a float32 θ would make NumPy compute in float64, slowly.

    Raises
    ------
    ValueError
        If there are not as many as θ has runs.
    """
    if np.ndim(value) == 0:
        return float(value)
    if theta.ndim < 2 or len(value) != len(theta):
        n_runs = len(theta) if theta.ndim > 1 else 1
        raise ValueError(
            f"there are {len(value)} values of {name} for {n_runs} runs; give one each."
        )
    return np.asarray(value, theta.dtype)
