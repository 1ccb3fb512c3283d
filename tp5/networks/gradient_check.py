"""The gradient check: is backpropagation right? Ask the definition of the derivative."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..checks import as_callable, as_data, number_in


def central_differences(
    loss: Callable[[np.ndarray], np.ndarray], theta: np.ndarray, step: float = 1e-5
) -> np.ndarray:
    """Gradient by central differences, dL/dθ_i ≈ [L(θ + step·e_i) − L(θ − step·e_i)]/(2·step).

    The error is of order step². All shifted θ are handed over at once, as runs.

    Parameters
    ----------
    loss : callable
        Takes θ of shape (n_runs, n_params), returns the losses, shape (n_runs,).
    theta : ndarray, shape (n_params,), float64
    step : float > 0

    Returns
    -------
    ndarray, shape (n_params,)

    Raises
    ------
    ValueError
        If θ is no vector of finite numbers, the step is not above 0, or loss cannot be called.

    References
    ----------
    Bishop 2006, section 5.3.3.
    """
    theta = as_data("theta", theta, ("n_params",))
    step = number_in("step", "(0, ∞)", step)
    as_callable("loss", loss, "theta")
    shifts = step * np.eye(len(theta))
    gradient = np.empty_like(theta)
    for start in range(0, len(theta), 256):  # 256 runs at a time bound the memory
        rows = slice(start, start + 256)
        up, down = (
            as_data("what loss returns", loss(theta + shift), (len(shift),))
            for shift in (shifts[rows], -shifts[rows])
        )
        gradient[rows] = (up - down) / (2 * step)
    return gradient


def relative_error(gradient: np.ndarray, reference: np.ndarray) -> float:
    """How far two gradients are apart, ‖g − r‖/(‖g‖ + ‖r‖): 0 if equal, 1 if opposite.

    Parameters
    ----------
    gradient, reference : ndarray, shape (n_params,)

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If they are no vectors of one length, of finite numbers.
    """
    gradient = as_data("gradient", gradient, ("n_params",))
    reference = as_data("reference", reference, gradient.shape)
    scale = np.linalg.norm(gradient) + np.linalg.norm(reference)
    return float(np.linalg.norm(gradient - reference) / scale) if scale else 0.0
