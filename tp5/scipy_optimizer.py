"""Optimizers of `scipy.optimize.minimize`, behind the same ``fit`` as all the others."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .history import History, Recorder
from .objective import Reconstruction
from .training import TrainingWarning, progress_bar

METHODS = ("Powell", "BFGS", "CG", "L-BFGS-B", "TNC", "Nelder-Mead")
WITHOUT_GRADIENT = ("Powell", "Nelder-Mead")


@dataclass(frozen=True)
class Scipy:
    """A method of `scipy.optimize.minimize`, on the full batch and in float64.

    Parameters
    ----------
    method : {"Powell", "BFGS", "CG", "L-BFGS-B", "TNC", "Nelder-Mead"}
    maxiter : int, optional
        Iterations at most; by default the ``epochs`` of ``fit``.
    gradient : bool
        True hands scipy the exact gradient; False lets it take finite differences, which costs
        n_params + 1 evaluations of the loss each. Powell and Nelder–Mead use no gradient.
    tol : float, optional
        scipy's own tolerance.
    options : dict, optional
        More of the method's own options.

    Raises
    ------
    ValueError
        If the method is none of those, or maxiter is not a positive whole number.

    Examples
    --------
    >>> Scipy("L-BFGS-B", maxiter=200)
    Scipy(method='L-BFGS-B', maxiter=200, gradient=True, tol=None)
    """

    method: str
    maxiter: int | None = None
    gradient: bool = True
    tol: float | None = None
    options: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"unknown method {self.method!r}; choose one of {', '.join(METHODS)}.")
        if self.maxiter is not None and self.maxiter < 1:
            raise ValueError(f"maxiter must be at least 1, not {self.maxiter}.")

    def minimize(
        self, objective: Reconstruction, epochs: int, progress: bool | None = None
    ) -> tuple[History, Any]:
        """Minimise an objective of one run; its ``theta`` ends as the best point seen.

        Parameters
        ----------
        objective : Reconstruction
            With ``theta`` of shape (n_params,), float64.
        epochs : int
            Iterations at most, unless the method has its own ``maxiter``.
        progress : bool or None

        Returns
        -------
        history : History
        result : scipy.optimize.OptimizeResult, or None if it was interrupted

        Warns
        -----
        TrainingWarning
            If the method did not converge, with scipy's own message, or was interrupted.
        """
        from scipy.optimize import minimize  # loaded when used: `import tp5` imports numpy alone

        maxiter = self.maxiter or epochs
        exact = self.gradient and self.method not in WITHOUT_GRADIENT
        watched = Watched(objective, iter(progress_bar(maxiter, progress, desc=self.method)))
        limit = {"maxfun" if self.method == "TNC" else "maxiter": maxiter}
        result = None
        try:
            result = minimize(
                watched.loss_and_grad if exact else watched.loss,
                objective.theta.copy(),
                jac=exact or None,
                method=self.method,
                tol=self.tol,
                callback=watched.after_iteration,
                options=limit | self.options,
            )
            message = str(result.message)
            if not result.success:
                warnings.warn(
                    f"{self.method} did not converge: {message}", TrainingWarning, stacklevel=4
                )
        except KeyboardInterrupt:
            message = f"interrupted after iteration {watched.record.epoch} of {maxiter}"
            warnings.warn(f"{message}; the best point seen is kept.", TrainingWarning, stacklevel=4)
        return watched.finish(message), result


class Watched:
    """An objective as scipy calls it, watched: it counts the calls and keeps the best point."""

    def __init__(self, objective: Reconstruction, bar: Any) -> None:
        self.objective, self.bar = objective, bar
        self.n_losses = self.n_gradients = 0
        self.best_theta = objective.theta.copy()
        self.best_loss = float(objective.loss())
        self.record = Recorder(np.array([self.best_loss]))

    def loss(self, theta: np.ndarray) -> float:
        """Loss at θ."""
        self.objective.theta[:] = theta
        loss = float(self.objective.loss())
        self.n_losses += 1
        if loss < self.best_loss:
            self.best_loss = loss
            self.best_theta[:] = theta
        return loss

    def loss_and_grad(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        """Loss and gradient at θ."""
        loss = self.loss(theta)
        self.objective.gradient()
        self.n_gradients += 1
        return loss, self.objective.grad.copy()

    def after_iteration(self, *_: Any) -> None:
        """Record an iteration."""
        self.record.add(np.array([self.best_loss]), None, self.n_losses, self.n_gradients)
        next(self.bar, None)

    def finish(self, message: str) -> History:
        """Set θ to the best point seen and return the record."""
        self.objective.theta[:] = self.best_theta
        return self.record.history(message)
