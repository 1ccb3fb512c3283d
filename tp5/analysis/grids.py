"""Points of a latent space to decode: grids over it, and lines through it."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from ..checks import as_data, at_least, number_in


def rectangle_grid(low: ArrayLike, high: ArrayLike, side: int = 15) -> np.ndarray:
    """Points in rows and columns over a rectangle of a two-dimensional latent space.

    The course's is ``rectangle_grid(0.05, 0.95)``, for latent units that are logistic and so lie
    in (0, 1).

    Parameters
    ----------
    low, high : float or array_like, shape (2,)
        Its corners (z1, z2).
    side : int
        Rows and columns, at least 2.

    Returns
    -------
    ndarray, shape (side, side, 2)
        Row 0 is the top, where z2 is largest; column 0 the left, where z1 is smallest: decoded
        pictures lie as the points lie in a latent map.

    Raises
    ------
    ValueError
        If side is below 2, or low is not below high.
    """
    low, high = corner("low", low), corner("high", high)
    with np.errstate(over="ignore"):
        reach = high - low
    if not (low < high).all() or not np.isfinite(reach).all():
        raise ValueError(f"a grid needs low below high in both directions, not {low} and {high}.")
    axes = np.linspace(low, high, at_least("side", side, 2))  # (side, 2)
    return crossed(axes[:, 0], axes[:, 1])


def corner(name: str, value: ArrayLike) -> np.ndarray:
    """Return a corner (z1, z2): one number stands for both; raise ValueError if it is none."""
    point = as_data(name, value, (...,), finite=False)
    if point.shape not in ((), (1,), (2,)):
        raise ValueError(f"{name} must be a number or (z1, z2), not of shape {point.shape}.")
    return np.broadcast_to(point, (2,))


def grid_over(codes: ArrayLike, side: int = 15) -> np.ndarray:
    """Points in rows and columns over the range of encoded data; see `rectangle_grid`.

    Parameters
    ----------
    codes : array_like, shape (n_samples, 2)
    side : int

    Returns
    -------
    ndarray, shape (side, side, 2)

    Raises
    ------
    ValueError
        If the codes are not two-dimensional, or all alike in one direction.
    """
    codes = as_data("codes", codes, ("n_samples", 2))
    return rectangle_grid(codes.min(axis=0), codes.max(axis=0), side)


def gaussian_grid(side: int = 15) -> np.ndarray:
    """Points at the quantiles of a standard normal distribution in two dimensions.

    z = Φ⁻¹((i − ½)/side), i = 1, …, side, in both directions: between neighbours lies the same
    probability, so the points are dense in the middle (Kingma & Welling 2014, appendix A). Made
    for a space that is filled like N(0, 1), as a variational autoencoder's; see notebook 05.

    Parameters
    ----------
    side : int

    Returns
    -------
    ndarray, shape (side, side, 2), as in `rectangle_grid`

    Raises
    ------
    ValueError
        If side is below 2.
    """
    normal = NormalDist()
    side = at_least("side", side, 2)
    quantiles = np.array([normal.inv_cdf((i + 0.5) / side) for i in range(side)])
    return crossed(quantiles, quantiles)


def quantile_grid(side: int = 5, codes: ArrayLike | None = None, tail: float = 0.05) -> np.ndarray:
    """Points at the quantiles of N(0, 1), or at those of the codes themselves, in two dimensions.

    The quantiles of ``linspace(tail, 1 − tail, side)``. With five and 5 % they are, for N(0, 1),
    −1.645, −0.598, 0, 0.598 and 1.645. The codes' own quantiles follow a cloud that lies elsewhere.

    Parameters
    ----------
    side : int
    codes : array_like, shape (n_samples, 2), optional
        Take quantiles of each column of these, instead of N(0, 1)'s.
    tail : float in (0, ½)

    Returns
    -------
    ndarray, shape (side, side, 2), as in `rectangle_grid`

    Raises
    ------
    ValueError
        If side is below 2, tail is not in (0, ½), or the codes are not two-dimensional.
    """
    tail = number_in("tail", "(0, 0.5)", tail)
    probabilities = np.linspace(tail, 1 - tail, at_least("side", side, 2))
    if codes is None:
        quantiles = np.array([NormalDist().inv_cdf(float(p)) for p in probabilities])
        return crossed(quantiles, quantiles)
    codes = as_data("codes", codes, ("n_samples", 2))
    axes = np.quantile(codes, probabilities, axis=0)  # (side, 2)
    return crossed(axes[:, 0], axes[:, 1])


def crossed(z1: np.ndarray, z2: np.ndarray) -> np.ndarray:
    """Return all pairs, shape (n, n, 2): z1 grows to the right, z2 upwards."""
    return np.stack(np.meshgrid(z1, z2[::-1]), axis=-1)


def interpolate(start: ArrayLike, end: ArrayLike, steps: int = 11) -> np.ndarray:
    """Points on the straight line between two, z_t = (1 − t)·start + t·end.

    Parameters
    ----------
    start, end : array_like, shape (n_latent,)
    steps : int
        Points in all, both ends included, at least 2.

    Returns
    -------
    ndarray, shape (steps, n_latent)

    Raises
    ------
    ValueError
        If steps is below 2 or the two ends differ in length.
    """
    start = as_data("start", start, ("n_latent",))
    end = as_data("end", end, ("n_latent",))
    if start.shape != end.shape:
        raise ValueError(f"no line from a point of shape {start.shape} to one of {end.shape}.")
    return np.linspace(start, end, at_least("steps", steps, 2))
