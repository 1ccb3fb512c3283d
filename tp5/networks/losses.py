"""Loss functions, with one convention everywhere: sum over pixels, mean over samples.

A loss reads the network's last outputs ``A`` (shape (..., n_samples, n_pixels)); leading axes are
runs, and each run gets a loss of its own. It says three things: its value, its gradient dL/dA, and
which reconstruction ``X_hat`` the network means by ``A``.
"""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from ..checks import as_data, shown
from .activations import Logistic


class Loss:
    """One loss function: ``pixels(A, Y)``, ``gradient(A, Y)`` and ``reconstruction(A)``."""

    name: ClassVar[str]
    constant: ClassVar[float] = 0.0  # −ln p(y|a) of a pixel is its loss and this

    def pixels(self, A: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """Return the loss of each pixel, the shape of A."""
        raise NotImplementedError

    def value(self, A: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """Return the loss, sum over pixels and mean over samples, shape (...)."""
        return self.pixels(A, Y).sum(axis=(-2, -1)) / A.shape[-2]

    def gradient(self, A: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """Return dL/dA, the shape of A."""
        raise NotImplementedError

    def value_and_gradient(self, A: np.ndarray, Y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return both: a training step needs no more of a loss."""
        return self.value(A, Y), self.gradient(A, Y)

    def reconstruction(self, A: np.ndarray) -> np.ndarray:
        """Return X_hat, the shape of A."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return type(self).__name__ + "()"


class SquaredError(Loss):
    """Squared error, L = (1/n)·Σ_samples Σ_pixels (X̂ − Y)², where A is X̂ itself.

    Notes
    -----
    There is no factor ½. The course's rule Δw = η·(ζ − O)·g′·h descends ½·L: its learning rate
    η is twice ours.

    As a likelihood it is that of normal noise with variance ½: −ln p = (X̂ − Y)² + ½·ln π a pixel.
    """

    name: ClassVar[str] = "squared_error"
    constant: ClassVar[float] = 0.5 * math.log(math.pi)

    def pixels(self, A: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """Return (A − Y)²."""
        return (A - Y) ** 2

    def gradient(self, A: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """Return 2·(A − Y)/n."""
        return 2 * (A - Y) / A.shape[-2]

    def reconstruction(self, A: np.ndarray) -> np.ndarray:
        """Return A: the network's output is the reconstruction."""
        return A


class BinaryCrossEntropy(Loss):
    """Binary cross-entropy from logits, L = (1/n)·ΣΣ [−Y·ln p − (1 − Y)·ln(1 − p)].

    Here p = 1/(1 + e^(−A)) is the probability that a pixel is on. Written with the logit A,
    one pixel's loss is max(A, 0) − A·Y + ln(1 + e^(−|A|)): no overflow, no ln 0, for any A
    (Bishop 2006, sec. 4.3.2 for the loss; its gradient is simply p − Y).
    """

    name: ClassVar[str] = "binary_cross_entropy"

    def pixels(self, A: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """Return max(A, 0) − A·Y + ln(1 + e^(−|A|))."""
        return np.maximum(A, 0) - A * Y + np.log(1 + np.exp(-np.abs(A)))

    def gradient(self, A: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """Return (p − Y)/n."""
        return (self.reconstruction(A) - Y) / A.shape[-2]

    def reconstruction(self, A: np.ndarray) -> np.ndarray:
        """Return p = 1/(1 + e^(−A))."""
        return Logistic(beta=0.5).value(A)


LOSSES: dict[str, type[Loss]] = {kind.name: kind for kind in (SquaredError, BinaryCrossEntropy)}


def get_loss(loss: str | Loss) -> Loss:
    """Return the loss of that name; a `Loss` is returned as it is.

    Parameters
    ----------
    loss : {"squared_error", "binary_cross_entropy"} or Loss

    Raises
    ------
    ValueError
        If there is no loss of that name.
    """
    if isinstance(loss, Loss):
        return loss
    if isinstance(loss, str) and loss in LOSSES:
        return LOSSES[loss]()
    raise ValueError(f"unknown loss {shown(loss)}; choose one of {', '.join(LOSSES)}.")


def as_heads(mu: object, log_var: object) -> tuple[np.ndarray, np.ndarray]:
    """Return both as floats of one shape; a training that diverges has some that are not finite."""
    mu = as_data("mu", mu, (..., "n_samples", "n_latent"), None, finite=False)
    return mu, as_data("log_var", log_var, mu.shape, None, finite=False)


def kl_divergence(mu: np.ndarray, log_var: np.ndarray) -> np.ndarray:
    """KL divergence of N(mu, exp(log_var)) from N(0, 1): sum over latents, mean over samples.

    KL = ½·Σ (mu² + e^log_var − 1 − log_var) (Kingma & Welling 2014, appendix B).

    Parameters
    ----------
    mu, log_var : ndarray, shape (..., n_samples, n_latent)

    Returns
    -------
    ndarray, shape (...)
        At least 0; 0 only where mu = 0 and log_var = 0.

    Raises
    ------
    ValueError
        If they are no arrays of numbers, or differ in shape. So does `kl_gradient`.
    """
    return kl_per_latent(mu, log_var).sum(axis=(-2, -1)) / np.shape(mu)[-2]


def kl_per_latent(mu: np.ndarray, log_var: np.ndarray) -> np.ndarray:
    """KL divergence of N(mu, exp(log_var)) from N(0, 1), of each sample and each latent.

    KL = ½·(mu² + e^log_var − 1 − log_var) (Kingma & Welling 2014, appendix B).

    Parameters
    ----------
    mu, log_var : ndarray, shape (..., n_samples, n_latent)

    Returns
    -------
    ndarray, the shape of ``mu``
        At least 0; 0 only where mu = 0 and log_var = 0.

    Raises
    ------
    ValueError
        If they are no arrays of numbers, or differ in shape.
    """
    mu, log_var = as_heads(mu, log_var)
    # expm1 keeps the digits that exp(log_var) − 1 would lose near 0; rounding may still go below 0.
    with np.errstate(over="ignore", invalid="ignore"):  # the loss tells of what is not finite
        return 0.5 * (mu * mu + np.maximum(np.expm1(log_var) - log_var, 0))


def kl_gradient(mu: np.ndarray, log_var: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of `kl_divergence`: dKL/dmu = mu/n and dKL/dlog_var = ½·(e^log_var − 1)/n.

    Parameters
    ----------
    mu, log_var : ndarray, shape (..., n_samples, n_latent)

    Returns
    -------
    tuple of ndarray
        Two arrays of the shape of ``mu``.
    """
    mu, log_var = as_heads(mu, log_var)
    n_samples = mu.shape[-2]
    return mu / n_samples, 0.5 * np.expm1(log_var) / n_samples
