"""scikit-learn: `MLPRegressor`, which minimises half of our loss, so with twice our step."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.neural_network import MLPRegressor

from .. import problem
from ..problem import Contestant


def network(**options: Any) -> MLPRegressor:
    return MLPRegressor(
        hidden_layer_sizes=problem.LETTERS[1:-1],
        activation="tanh",
        solver="sgd",
        alpha=0,
        momentum=0,
        nesterovs_momentum=False,
        random_state=0,
        **options,
    )


def online() -> Contestant:
    _, X, theta = problem.online_network(1)
    timed = network(
        batch_size=1,
        learning_rate_init=2 * problem.ONLINE_LR,
        max_iter=problem.ONLINE_EPOCHS,
        tol=0,
        n_iter_no_change=problem.ONLINE_EPOCHS + 1,
    )

    def run() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "not converged": it was told how long
            timed.fit(X, X)

    def check() -> tuple[float, np.ndarray]:
        """One full-batch step of length 1 changes the weights by the gradient of half the loss."""
        model = network(batch_size=len(X), learning_rate_init=1.0)
        model.partial_fit(X, X)  # makes the arrays
        parts = problem.matrices(theta[0], problem.LETTERS)
        for here, (W, b) in enumerate(parts):
            model.coefs_[here][:], model.intercepts_[here][:] = W, b
        model.partial_fit(X, X)
        after = list(zip(model.coefs_, model.intercepts_, strict=True))
        half = [(W - V, b - c) for (W, b), (V, c) in zip(parts, after, strict=True)]
        # Its loss_ is half of the mean over samples and pixels.
        return 2 * X.shape[1] * model.loss_, 2 * problem.flat(half)

    return Contestant(run, check)
