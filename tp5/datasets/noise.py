"""Noise: four ways to spoil a picture, and the noisy pairs that a denoising autoencoder learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..checks import at_least, number_in


def flip(X: np.ndarray, p: float, rng: int | np.random.Generator | None = None) -> np.ndarray:
    """Turn each pixel over with probability p: x becomes 1 − x, ink becomes paper.

    Parameters
    ----------
    X : ndarray, any shape, values in [0, 1]
    p : float in [0, 1]
        A picture of d pixels loses p·d of them on average; at ½ nothing is left of it.
    rng : int or numpy.random.Generator, optional
        Seed.

    Returns
    -------
    ndarray, the shape and dtype of X

    Raises
    ------
    ValueError
        If p lies outside [0, 1].

    Examples
    --------
    >>> flip(np.array([0.0, 1.0, 1.0]), p=1.0, rng=0)
    array([1., 0., 0.])
    """
    hit = draw_hits(X, p, rng)
    return np.where(hit, 1 - X, X)


def salt_and_pepper(
    X: np.ndarray, p: float, rng: int | np.random.Generator | None = None
) -> np.ndarray:
    """Replace each pixel with probability p by pure ink or pure paper, as a coin falls.

    Half of the pixels that are hit keep their value by luck: of a black-and-white picture p/2 are
    wrong.

    Parameters
    ----------
    X : ndarray, any shape, values in [0, 1]
    p : float in [0, 1]
    rng : int or numpy.random.Generator, optional

    Returns
    -------
    ndarray, the shape and dtype of X

    Raises
    ------
    ValueError
        If p lies outside [0, 1].
    """
    rng = np.random.default_rng(rng)
    hit = draw_hits(X, p, rng)
    salt = rng.random(np.shape(X)) < 0.5
    return np.where(hit, salt.astype(np.asarray(X).dtype), X)


def gaussian(
    X: np.ndarray, sigma: float, rng: int | np.random.Generator | None = None
) -> np.ndarray:
    """Add ε ~ N(0, σ²) to each pixel and clip to [0, 1].

    A black-and-white pixel is wrong after rounding with probability Φ(−1/(2σ)).

    Parameters
    ----------
    X : ndarray, any shape, values in [0, 1]
    sigma : float in [0, 1]
        Standard deviation; 1 is the whole step from paper to ink.
    rng : int or numpy.random.Generator, optional

    Returns
    -------
    ndarray, the shape and dtype of X

    Raises
    ------
    ValueError
        If sigma lies outside [0, 1].
    """
    sigma = check_level(sigma)
    X = np.asarray(X)
    noisy = X + sigma * np.random.default_rng(rng).standard_normal(X.shape)
    return np.clip(noisy, 0, 1).astype(X.dtype)


def masking(X: np.ndarray, p: float, rng: int | np.random.Generator | None = None) -> np.ndarray:
    """Erase each pixel with probability p: x becomes 0 (Vincent et al. 2008).

    Paper stays paper; of the ink a share p is lost.

    Parameters
    ----------
    X : ndarray, any shape, values in [0, 1]
    p : float in [0, 1]
    rng : int or numpy.random.Generator, optional

    Returns
    -------
    ndarray, the shape and dtype of X

    Raises
    ------
    ValueError
        If p lies outside [0, 1].
    """
    hit = draw_hits(X, p, rng)
    return np.where(hit, np.zeros_like(X), X)


NOISES: dict[str, Callable[..., np.ndarray]] = {
    "flip": flip,
    "salt_and_pepper": salt_and_pepper,
    "gaussian": gaussian,
    "masking": masking,
}


@dataclass(frozen=True)
class Noise:
    """A kind of noise and its level, ready to be called: ``Noise("flip", 0.1)(X, rng)``.

    What `Autoencoder.fit` takes as its ``noise``.

    Parameters
    ----------
    kind : {"flip", "salt_and_pepper", "gaussian", "masking"}
    level : float in [0, 1]
        The probability p, or Gaussian noise's σ.

    Raises
    ------
    ValueError
        If the kind is none of the four, or the level lies outside [0, 1].

    Examples
    --------
    >>> Noise("masking", 1.0)(np.ones((1, 3)), rng=0)
    array([[0., 0., 0.]])
    """

    kind: str
    level: float

    def __post_init__(self) -> None:
        if self.kind not in NOISES:
            raise ValueError(f"unknown noise {self.kind!r}; choose one of {', '.join(NOISES)}.")
        check_level(self.level)

    def __call__(self, X: np.ndarray, rng: int | np.random.Generator | None = None) -> np.ndarray:
        """Return a noisy copy of X, the same shape and dtype."""
        return NOISES[self.kind](X, self.level, rng)

    def __str__(self) -> str:
        name = self.kind.replace("_and_", " & ")
        return f"{name} {self.level:g}"


def noisy_pairs(
    X: np.ndarray,
    noise: Callable[..., np.ndarray],
    copies: int,
    rng: int | np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Make the pairs that a denoising autoencoder learns from: noisy in, clean out.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
        Clean samples.
    noise : Noise, or any callable ``noise(X, rng)``
    copies : int
        Noisy copies of each sample, at least 1.
    rng : int or numpy.random.Generator, optional

    Returns
    -------
    X_noisy, Y : ndarray, shape (copies·n_samples, n_features)
        All samples once, then all of them again; Y is clean.

    Raises
    ------
    ValueError
        If there is no sample, or copies is not a positive whole number.
    """
    if np.ndim(X) != 2 or 0 in np.shape(X):
        raise ValueError(
            f"noisy pairs need X of shape (n_samples, n_features) with at least one sample, "
            f"not {np.shape(X)}."
        )
    Y = np.tile(X, (at_least("copies", copies), 1))
    return noise(Y, np.random.default_rng(rng)), Y


def draw_hits(X: np.ndarray, p: float, rng: int | np.random.Generator | None) -> np.ndarray:
    """Return which pixels the noise hits, each with probability p: bool, the shape of X."""
    return np.random.default_rng(rng).random(np.shape(X)) < check_level(p)


def check_level(level: float) -> float:
    """Return a noise level; raise ValueError unless it lies in [0, 1]."""
    return number_in("a noise level", "[0, 1]", level)


# --- What a denoiser must beat ----------------------------------------------------------------


def nearest_lookup(X_noisy: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Replace each noisy picture by the nearest clean one: argmin over i of ‖x − X_i‖².

    With flip noise below ½ the nearest picture is the most likely one, for P(x|X_i) =
    p^h·(1 − p)^(d − h) falls with the number h of pixels that differ.

    Parameters
    ----------
    X_noisy : ndarray, shape (..., n_features)
    X : ndarray, shape (n_known, n_features)
        The pictures that may come.

    Returns
    -------
    ndarray, the shape of X_noisy

    Raises
    ------
    ValueError
        If the pictures differ in size.
    """
    return X[squared_distances(X_noisy, X).argmin(axis=-1)]


def best_guess(X_noisy: np.ndarray, X: np.ndarray, p: float) -> np.ndarray:
    """Probability of ink in each pixel, for somebody who knows all pictures and the flip noise.

    The posterior mean Σ_i P(X_i|x)·X_i, with P(X_i|x) ∝ p^h·(1 − p)^(d − h) for the h of d pixels
    in which x and X_i differ, every picture being as likely as the other before one looks (Bayes).
    Rounded, it leaves the fewest wrong pixels that any denoiser can leave on average: a network
    can come near, not below.

    Parameters
    ----------
    X_noisy : ndarray, shape (..., n_features), of flip noise
    X : ndarray, shape (n_known, n_features), values 0 or 1
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
    p = min(max(check_level(p), 1e-12), 1 - 1e-12)
    log_likelihood = squared_distances(X_noisy, X) * np.log(p / (1 - p))  # (..., n_known)
    weight = np.exp(log_likelihood - log_likelihood.max(axis=-1, keepdims=True))
    return (weight @ X) / weight.sum(axis=-1, keepdims=True)


def squared_distances(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Return ‖x − y‖² of each picture of X with each of Y, shape (..., n_y).

    Raises
    ------
    ValueError
        If the pictures differ in size.
    """
    if np.shape(X)[-1] != np.shape(Y)[-1]:
        raise ValueError(
            f"pictures of {np.shape(X)[-1]} and of {np.shape(Y)[-1]} pixels cannot be compared."
        )
    squares = (X * X).sum(axis=-1)[..., None] + (Y * Y).sum(axis=-1)
    return squares - 2 * (X @ Y.T)
