"""The arguments of ``fit``, checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..checks import ModelError, as_callable, at_least, shown
from ..networks import Activation
from ..training import NoiseFunction, Optimizer, Scipy
from ..training.loop import Callback


def check_flat(name: str, X: object, width: int, n_runs: int | None) -> None:
    """Raise ValueError if X holds pictures in rows and columns: they must be flat.

    Pictures of 28 × 28 beside a first layer of 28 would train a network for each picture, on its
    rows, and say nothing.
    """
    shape: tuple[int, ...] = getattr(X, "shape", ())
    if len(shape) < 3:
        return
    flat = f"pictures must be flat: {name}.reshape(len({name}), -1) makes them so"
    if width != shape[-1] and width == np.prod(shape[1:]):
        raise ValueError(f"{name} has shape {shape}, but {flat}, ({shape[0]}, {width}).")
    if n_runs is None and shape[-2] == shape[-1] == width:
        raise ValueError(
            f"{name} of shape {shape} looks like {shape[0]} pictures, and {flat}. If it is a data "
            f"set of {width} samples for each of {shape[0]} runs, say n_runs={shape[0]}."
        )


def check_reachable(name: str, Y: np.ndarray, output: Activation) -> None:
    """Raise ValueError if targets lie where an output cannot come: their loss would stay large."""
    if Y.min() < output.low or Y.max() > output.high:
        raise ValueError(
            f"{name} has values from {Y.min():g} to {Y.max():g}, and a {output} output lies "
            f"between {output.low:g} and {output.high:g}: scale the data, or choose another "
            f"output_activation of an Autoencoder ('tanh' for −1 to 1, 'identity' for any)."
        )


def check_callbacks(callbacks: object) -> list[Callback]:
    """Return a list of callables; raise ValueError unless they are such."""
    listed = list(callbacks) if isinstance(callbacks, Iterable) else []
    if not isinstance(callbacks, Iterable) or not all(map(callable, listed)):
        raise ValueError(
            f"callbacks must be a list of callables callback(model, epoch, loss), such as "
            f"[StopBelow(0.5)], not {shown(callbacks)}."
        )
    for callback in listed:
        at_least("the every of a callback", getattr(callback, "every", 1))
    return listed


def check_optimizer(optimizer: Any) -> Optimizer | Scipy:
    """Return the optimizer; raise ValueError unless it is one."""
    if not hasattr(optimizer, "minimize") or isinstance(optimizer, type):
        raise ValueError(
            f"optimizer must be one of the course's, such as Adam(lr=0.01) or Scipy('Powell'), "
            f"not {shown(optimizer)}."
        )
    kind: Optimizer | Scipy = optimizer
    return kind


BUSY: set[int] = set()  # models in training, by identity


@contextmanager
def busy(model: object) -> Iterator[None]:
    """Keep a model for one training at a time.

    Raises
    ------
    ModelError
        If it is being trained already, in another thread.
    """
    if id(model) in BUSY:
        raise ModelError(
            "this model is being trained in another thread; wait for it, or train a copy."
        )
    try:
        try:
            BUSY.add(id(model))
            yield
        finally:
            BUSY.discard(id(model))
    finally:  # an interrupt may come in the line before
        BUSY.discard(id(model))


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
    noise: NoiseFunction | Sequence[NoiseFunction] | None, n_runs: int
) -> Sequence[NoiseFunction]:
    """Return a list of noises, one for each run; an empty one where none is wanted.

    Raises
    ------
    ValueError
        If there are not as many as runs, or one cannot be called.
    """
    if noise is None:
        return []
    noises = list(noise) if isinstance(noise, Sequence) else [noise] * n_runs
    if len(noises) != n_runs or not all(map(callable, noises)):
        raise ValueError(
            f"noise must be one callable noise(X, rng), or one for each of {n_runs} runs, such as "
            f"Noise('flip', 0.1), not {shown(noise)}."
        )
    return [as_callable("noise", one, "X, rng") for one in noises]
