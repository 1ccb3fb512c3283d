"""Measures of decoded drawings in grey: how blurred they are, and how much detail they have."""

from __future__ import annotations

import numpy as np

from ..checks import as_pictures, picture_shape


def unsure_share(X_hat: np.ndarray) -> np.ndarray:
    """Share of a picture's pixels that are neither black nor white: between .1 and .9. Its blur.

    Parameters
    ----------
    X_hat : array_like, shape (..., n_pixels), values in [0, 1]

    Returns
    -------
    ndarray, shape (...)

    Raises
    ------
    ValueError
        If X_hat is no array of pictures.
    """
    X_hat = as_pictures("X_hat", X_hat, (..., "n_pixels"))
    return ((X_hat > 0.1) & (X_hat < 0.9)).mean(axis=-1)


def gradient_energy(X_hat: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Detail of a picture: the sum of the squared steps from each pixel to the next.

    E = Σ (x[i+1, j] − x[i, j])² + Σ (x[i, j+1] − x[i, j])². A sharp edge of length ℓ pixels counts
    ℓ; smoothed over w pixels it counts ℓ/w; an even grey counts nothing.

    Parameters
    ----------
    X_hat : array_like, shape (..., height·width)
    shape : tuple of int
        Height and width.

    Returns
    -------
    ndarray, shape (...)

    Raises
    ------
    ValueError
        If the pictures have not height·width pixels.
    """
    X_hat = as_pictures("X_hat", X_hat, (..., "height·width"))
    images = X_hat.reshape(*X_hat.shape[:-1], *picture_shape(shape, X_hat.shape[-1]))
    down, right = np.diff(images, axis=-2), np.diff(images, axis=-1)
    return (down**2).sum(axis=(-2, -1)) + (right**2).sum(axis=(-2, -1))
