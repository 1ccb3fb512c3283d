"""Noise: four ways to spoil a picture, and the noisy pairs that a denoising autoencoder learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..checks import as_callable, as_data, as_rng, at_least, number_in, one_of


def flip(X: np.ndarray, p: float, rng: int | np.random.Generator | None = None) -> np.ndarray:
    """Turn each pixel over with probability p: x becomes 1 − x, ink becomes paper.

    Parameters
    ----------
    X : array_like, any shape, values in [0, 1]
    p : float in [0, 1]
        A picture of d pixels loses p·d of them on average; at ½ nothing is left of it.
    rng : int or numpy.random.Generator, optional
        Seed.

    Returns
    -------
    ndarray, the shape of X
        Of float32 if X is, otherwise of float64.

    Raises
    ------
    ValueError
        If p or X lie outside [0, 1].

    Examples
    --------
    >>> flip(np.array([0.0, 1.0, 1.0]), p=1.0, rng=0)
    array([1., 0., 0.])
    """
    X, p, rng = checked(X, p, rng)
    hit = rng.random(X.shape) < p
    return np.where(hit, 1 - X, X)


def salt_and_pepper(
    X: np.ndarray, p: float, rng: int | np.random.Generator | None = None
) -> np.ndarray:
    """Replace each pixel with probability p by pure ink or pure paper, as a coin falls.

    Half of the pixels that are hit keep their value by luck: of a black-and-white picture p/2 are
    wrong.

    Parameters
    ----------
    X : array_like, any shape, values in [0, 1]
    p : float in [0, 1]
    rng : int or numpy.random.Generator, optional

    Returns
    -------
    ndarray, the shape of X
        Of float32 if X is, otherwise of float64.

    Raises
    ------
    ValueError
        If p or X lie outside [0, 1].
    """
    X, p, rng = checked(X, p, rng)
    hit = rng.random(X.shape) < p
    salt = rng.random(X.shape) < 0.5
    return np.where(hit, salt.astype(X.dtype), X)


def gaussian(
    X: np.ndarray, sigma: float, rng: int | np.random.Generator | None = None
) -> np.ndarray:
    """Add ε ~ N(0, σ²) to each pixel and clip to [0, 1].

    A black-and-white pixel is wrong after rounding with probability Φ(−1/(2σ)).

    Parameters
    ----------
    X : array_like, any shape, values in [0, 1]
    sigma : float in [0, 1]
        Standard deviation; 1 is the whole step from paper to ink.
    rng : int or numpy.random.Generator, optional

    Returns
    -------
    ndarray, the shape of X
        Of float32 if X is, otherwise of float64.

    Raises
    ------
    ValueError
        If sigma or X lie outside [0, 1].
    """
    X, sigma, rng = checked(X, sigma, rng)
    noisy = X + sigma * rng.standard_normal(X.shape)
    return np.clip(noisy, 0, 1).astype(X.dtype)


def masking(X: np.ndarray, p: float, rng: int | np.random.Generator | None = None) -> np.ndarray:
    """Erase each pixel with probability p: x becomes 0 (Vincent et al. 2008).

    Paper stays paper; of the ink a share p is lost.

    Parameters
    ----------
    X : array_like, any shape, values in [0, 1]
    p : float in [0, 1]
    rng : int or numpy.random.Generator, optional

    Returns
    -------
    ndarray, the shape of X
        Of float32 if X is, otherwise of float64.

    Raises
    ------
    ValueError
        If p or X lie outside [0, 1].
    """
    X, p, rng = checked(X, p, rng)
    hit = rng.random(X.shape) < p
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
        one_of("the kind of noise", self.kind, NOISES)
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
        If there is no sample, copies is not a positive whole number, or the noise changes the
        shape or makes values that are not finite.
    """
    X = as_data("X", X, ("n_samples", "n_features"), dtype=None)
    as_callable("noise", noise, "X, rng")
    Y = np.tile(X, (at_least("copies", copies), 1))
    return as_data("what the noise returns", noise(Y.copy(), as_rng(rng)), Y.shape, X.dtype), Y


def checked(
    X: np.ndarray, level: float, rng: int | np.random.Generator | None
) -> tuple[np.ndarray, float, np.random.Generator]:
    """Return pictures as floats (float32 stays), a noise level and a source of chance.

    Raises
    ------
    ValueError
        If X is no array of numbers in [0, 1], the level is outside [0, 1], or rng is no seed.
    """
    X = as_data("X", X, (...,), dtype=None)
    if X.min() < 0 or X.max() > 1:
        raise ValueError(
            f"X has values from {X.min():g} to {X.max():g}, but noise needs pictures in [0, 1]; "
            f"scale them."
        )
    return X, check_level(level), as_rng(rng)


def check_level(level: float) -> float:
    """Return a noise level; raise ValueError unless it lies in [0, 1]."""
    return number_in("a noise level", "[0, 1]", level)
