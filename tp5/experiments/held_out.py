"""What is learned, and what is held out for the test."""

from __future__ import annotations

import numpy as np

from ..checks import as_data, number_in


def count_training(fraction: float, n_samples: int) -> int:
    """Return how many samples a fraction is, rounded.

    Raises
    ------
    ValueError
        If none are left on one of the two sides.
    """
    number_in("a training fraction", "(0, 1)", fraction)
    n_train = round(fraction * n_samples)
    for side, count in (("train", n_train), ("test", n_samples - n_train)):
        if count == 0:
            raise ValueError(
                f"a training fraction of {fraction:g} of {n_samples} samples leaves none to {side} "
                f"with; choose another one."
            )
    return n_train


def split(
    X: np.ndarray,
    X_test: np.ndarray | None,
    train_fraction: float | None,
    n_runs: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return what is learned and what is held out; a random choice for each run, if asked for.

    Returns
    -------
    X : ndarray, shape (n_samples, n_features), or (n_runs, n_train, n_features) if X is divided
    X_test : ndarray of the same number of dimensions, or None

    Raises
    ------
    ValueError
        If both a test set and a fraction are given, the fraction leaves no sample on one side, or
        the test set does not fit.
    """
    if train_fraction is None:
        return X, None if X_test is None else as_data("X_test", X_test, ("n_test", X.shape[1]))
    if X_test is not None:
        raise ValueError("give X_test or train_fraction, not both: which one is the test set?")
    n_train = count_training(train_fraction, len(X))
    orders = np.array([rng.permutation(len(X)) for _ in range(n_runs)])
    return X[orders[:, :n_train]], X[orders[:, n_train:]]
