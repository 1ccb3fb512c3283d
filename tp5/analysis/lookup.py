"""What a denoiser must beat: looking the pictures up, and guessing with Bayes' rule."""

from __future__ import annotations

import numpy as np

from ..checks import number_in
from .distances import comparable, in_chunks, nearest


def nearest_lookup(X_noisy: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Replace each noisy picture by the nearest clean one: argmin over i of ‖x − X_i‖².

    With flip noise below ½ the nearest picture is the most likely one, for P(x|X_i) =
    p^h·(1 − p)^(d − h) falls with the number h of pixels that differ.

    Parameters
    ----------
    X_noisy : array_like, shape (..., n_features)
    X : array_like, shape (n_known, n_features)
        The pictures that may come.

    Returns
    -------
    ndarray, the shape of X_noisy

    Raises
    ------
    ValueError
        If the pictures differ in size.
    """
    X_noisy, X = comparable(X_noisy, X, "squared", ("X_noisy", "X"))
    return X[nearest(X_noisy, X, "squared")[0]]


def best_guess(X_noisy: np.ndarray, X: np.ndarray, p: float) -> np.ndarray:
    """Probability of ink in each pixel, for somebody who knows all pictures and the flip noise.

    The posterior mean Σ_i P(X_i|x)·X_i, with P(X_i|x) ∝ p^h·(1 − p)^(d − h) for the h of d pixels
    in which x and X_i differ, every picture being as likely as the other before one looks (Bayes).
    Rounded, it leaves the fewest wrong pixels that any denoiser can leave on average: a network
    can come near, not below.

    Parameters
    ----------
    X_noisy : array_like, shape (..., n_features), values 0 or 1, with flip noise
    X : array_like, shape (n_known, n_features), values 0 or 1
    p : float in [0, 1]
        Level of the flip noise.

    Returns
    -------
    ndarray, the shape of X_noisy, values in [0, 1]

    Raises
    ------
    ValueError
        If p lies outside [0, 1] or the pictures differ in size.
    """
    # p = 0 or 1 would put log 0 into pictures that cannot be; a hair inside changes nothing else.
    p = min(max(number_in("a noise level", "[0, 1]", p), 1e-12), 1 - 1e-12)
    X_noisy, X = comparable(X_noisy, X, "squared", ("X_noisy", "X"))
    guesses = []
    for squares in in_chunks(X_noisy.reshape(-1, X.shape[1]), X, "squared"):  # (n, n_known)
        log_likelihood = squares * np.log(p / (1 - p))
        weight = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
        guesses.append(weight @ X / weight.sum(axis=1, keepdims=True))
    return np.concatenate(guesses).reshape(X_noisy.shape)
