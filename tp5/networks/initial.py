"""Random starting weights, the same on every machine."""

from __future__ import annotations

import numpy as np

from ..checks import as_dtype, as_rng, one_of, shown
from .network import Network

INITS = ("uniform", "glorot", "he")


def initial_theta(
    network: Network, init: str, rng: np.random.Generator, dtype: np.typing.DTypeLike = float
) -> np.ndarray:
    """Random starting weights for one network.

    Parameters
    ----------
    network : Network
    init : {"uniform", "glorot", "he"}
        "uniform": every weight and bias from U(−1, 1), the course's.
        "glorot": weights from U(−r, r), r = √(6/(n_in + n_out)), biases 0 (Glorot & Bengio 2010).
        "he": weights from N(0, 2/n_in), biases 0 (He et al. 2015).
    rng : numpy.random.Generator
    dtype : float32 or float64

    Returns
    -------
    ndarray, shape (n_params,)
        Numbers that float32 holds, in either dtype.

    Raises
    ------
    ValueError
        If ``init`` is none of the three, or another argument is not one of these.

    Notes
    -----
    What NumPy draws between bounds, or with a spread, it scales in C, fused to one rounding on some
    processors. So standard numbers are drawn and scaled here, and rounded to float32: a rare normal
    number takes the C library's logarithm, whose last bit differs too.
    """
    if not isinstance(network, Network):
        raise ValueError(f"network must be a Network, not {shown(network)}.")
    one_of("init", init, INITS)
    rng, dtype = as_rng(rng), as_dtype(dtype)
    theta = np.zeros(network.n_params, np.float32)
    for W in network.weights(theta):
        n_in, n_out = W.shape[0] - 1, W.shape[1]
        if init == "uniform":
            W[:] = 2 * rng.random(W.shape) - 1
        elif init == "glorot":
            W[:-1] = np.sqrt(6 / (n_in + n_out)) * (2 * rng.random((n_in, n_out)) - 1)
        else:
            W[:-1] = np.sqrt(2 / n_in) * rng.standard_normal((n_in, n_out))
    return theta.astype(dtype)
