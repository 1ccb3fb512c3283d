"""What a reconstruction must beat: the mean image, and principal component analysis (PCA)."""

from __future__ import annotations

from typing import Self

import numpy as np

from ..checks import ModelError, as_data, at_least
from ..networks.losses import SquaredError


def mean_image_error(X: np.ndarray) -> float:
    """Squared error of the laziest answer: the mean of all images, whatever goes in.

    (1/n)·ΣΣ (X̄ − X)², sum over pixels and mean over samples: the total variance of the data. A
    network whose loss is this has learned its output biases and nothing else.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)

    Returns
    -------
    float
    """
    X = as_data("X", X, ("n_samples", "n_features"))
    return float(SquaredError().value(X.mean(axis=0, keepdims=True) + 0 * X, X))


class PCA:
    """Principal component analysis: the best *linear* autoencoder there is.

    z = (X − mean)·Cᵀ and X̂ = mean + z·C, where the rows of C are the first right singular vectors
    of X − mean (Eckart & Young 1936; Baldi & Hornik 1989 for the link to autoencoders).

    Parameters
    ----------
    n_latent : int
        Components to keep.

    Attributes
    ----------
    mean : ndarray, shape (n_features,)
    components : ndarray, shape (n_latent, n_features)

    Examples
    --------
    >>> X = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
    >>> round(PCA(1).fit(X).error(X), 9)
    0.0
    """

    def __init__(self, n_latent: int = 2) -> None:
        self.n_latent = at_least("n_latent", n_latent)

    def fit(self, X: np.ndarray) -> Self:
        """Find the components of X, shape (n_samples, n_features).

        Raises
        ------
        ValueError
            If X has fewer features or samples than components are wanted.
        """
        X = as_data("X", X, ("n_samples", "n_features"))
        if self.n_latent > min(X.shape):
            raise ValueError(f"{self.n_latent} components cannot come from X of shape {X.shape}.")
        self.mean = X.mean(axis=0)
        _, _, right = np.linalg.svd(X - self.mean, full_matrices=False)
        self.components = right[: self.n_latent]
        return self

    def _width(self) -> int:
        """Return how many features it was fitted to; raise ModelError before `fit`."""
        if not hasattr(self, "mean"):
            raise ModelError("this PCA is not fitted yet; call fit(X) first.")
        return len(self.mean)

    def encode(self, X: np.ndarray) -> np.ndarray:
        """Return z, shape (n_samples, n_latent)."""
        return (as_data("X", X, self._width()) - self.mean) @ self.components.T

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Return X_hat, shape (n_samples, n_features)."""
        return self.mean + as_data("z", z, self.n_latent) @ self.components

    def reconstruct(self, X: np.ndarray) -> np.ndarray:
        """Return ``decode(encode(X))``."""
        return self.decode(self.encode(X))

    def wrong_pixels(self, X: np.ndarray) -> np.ndarray:
        """Count each sample's wrong pixels after rounding at ½, shape (n_samples,)."""
        return ((self.reconstruct(X) > 0.5) != (as_data("X", X, self._width()) > 0.5)).sum(axis=-1)

    def error(self, X: np.ndarray) -> float:
        """Squared error, (1/n)·ΣΣ (X̂ − X)²."""
        return float(SquaredError().value(self.reconstruct(X), as_data("X", X, self._width())))
