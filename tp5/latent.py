"""Tools for looking at a latent space, and at the distances between what it decodes to."""

from __future__ import annotations

import numpy as np


def hamming_distances(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Count the pixels in which each image of X differs from each of Y, after rounding at ½.

    Parameters
    ----------
    X : ndarray, shape (n, n_features)
    Y : ndarray, shape (m, n_features)

    Returns
    -------
    ndarray of int, shape (n, m)

    Raises
    ------
    ValueError
        If the images differ in size.
    """
    X, Y = np.atleast_2d(X) > 0.5, np.atleast_2d(Y) > 0.5
    if X.shape[1] != Y.shape[1]:
        raise ValueError(f"images of {X.shape[1]} and of {Y.shape[1]} pixels cannot be compared.")
    return (X[:, None, :] != Y[None, :, :]).sum(axis=-1)


def nearest_sample(z: np.ndarray, codes: np.ndarray) -> tuple[int, float]:
    """Find the sample whose code lies nearest to a point of the latent space.

    Parameters
    ----------
    z : ndarray, shape (n_latent,)
    codes : ndarray, shape (n_samples, n_latent)

    Returns
    -------
    index : int
    distance : float
        Euclidean, in units of the latent space.
    """
    distances = np.linalg.norm(codes - z, axis=1)
    index = int(np.argmin(distances))
    return index, float(distances[index])


def separation(z: np.ndarray) -> np.ndarray:
    """How well codes keep apart: the distance to the nearest other code, in units of the spread.

    The median over samples of min_j ‖z_i − z_j‖, divided by the root mean square distance of the
    codes from their centre. Scaling, shifting or rotating the latent space changes nothing.

    Parameters
    ----------
    z : ndarray, shape (..., n_samples, n_latent)

    Returns
    -------
    ndarray, shape (...)
        0 if most codes coincide with another one.

    Raises
    ------
    ValueError
        If there are fewer than two samples.
    """
    z = np.asarray(z, dtype=float)
    n_samples = z.shape[-2]
    if n_samples < 2:
        raise ValueError("separation needs at least two codes.")
    distances = np.linalg.norm(z[..., :, None, :] - z[..., None, :, :], axis=-1)
    distances[..., np.arange(n_samples), np.arange(n_samples)] = np.inf
    spread = np.sqrt(z.var(axis=-2).sum(axis=-1))
    return np.median(distances.min(axis=-1), axis=-1) / np.where(spread > 0, spread, np.inf)
