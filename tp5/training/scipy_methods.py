"""Optimizers of `scipy.optimize.minimize`, behind the same ``fit`` as all the others."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..checks import at_least, number_in
from .history import History, Recorder
from .loop import TrainingWarning, progress_bar
from .objective import Reconstruction

METHODS = ("Powell", "BFGS", "CG", "L-BFGS-B", "TNC", "Nelder-Mead")
WITHOUT_GRADIENT = ("Powell", "Nelder-Mead")

# Results that are n_params × n_params: 62 MB for each run of 2,789 weights. They are not kept.
LARGE_RESULTS = ("direc", "hess_inv", "final_simplex")


@dataclass(frozen=True)
class Scipy:
    """A method of `scipy.optimize.minimize`, on the full batch and in float64.

    Parameters
    ----------
    method : {"Powell", "BFGS", "CG", "L-BFGS-B", "TNC", "Nelder-Mead"}
    maxiter : int, optional
        Iterations at most; by default the ``epochs`` of ``fit``. (TNC can only be told how many
        times it may ask for loss and gradient, and asks several times an iteration.)
    gradient : bool
        True hands scipy the exact gradient; False lets it take finite differences, which costs
        n_params + 1 evaluations of the loss each. Powell and Nelder–Mead use no gradient.
    tol : float >= 0, optional
        scipy's own tolerance.
    options : dict, optional
        More of the method's own options, such as ``{"gtol": 1e-3}`` for BFGS.

    Raises
    ------
    ValueError
        If the method is none of those, maxiter is not a positive whole number, or tol is negative.

    Notes
    -----
    For n weights BFGS keeps an n × n matrix and multiplies it by others twice an iteration: n³
    operations, which for 2,789 weights take longer than everything else. L-BFGS-B keeps the last
    ten steps in its place (Nocedal & Wright 2006, chapters 6 and 7; Powell 1964 for his method).

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
        if self.maxiter is not None:
            at_least("maxiter", self.maxiter)
        if self.tol is not None:
            number_in("tol", "[0, ∞)", self.tol)

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
            What scipy says of the end, without arrays of n_params × n_params.

        Raises
        ------
        ValueError
            If the method does not know one of the options.

        Warns
        -----
        TrainingWarning
            If the method did not converge, with scipy's own message, or was interrupted.
        """
        maxiter = self.maxiter or epochs
        bar = progress_bar(maxiter, progress, desc=self.method)
        exact = self.gradient and self.method not in WITHOUT_GRADIENT
        watched = Watched(objective, exact, bar)
        result = None
        try:
            result = self._call_scipy(watched, exact, maxiter)
            message = str(result.message)
            if not result.success:
                warnings.warn(
                    f"{self.method} did not converge: {message}", TrainingWarning, stacklevel=4
                )
        except KeyboardInterrupt:
            message = f"interrupted after iteration {watched.record.epoch} of {maxiter}"
            warnings.warn(f"{message}; the best point seen is kept.", TrainingWarning, stacklevel=4)
        return watched.finish(message), result

    # A line search tries far-off points, where numbers overflow; it steps back from them.
    @np.errstate(over="ignore", invalid="ignore", divide="ignore")
    def _call_scipy(self, watched: Watched, exact: bool, maxiter: int) -> Any:
        # Loaded when used: `import tp5` imports numpy alone.
        from scipy.optimize import OptimizeWarning, minimize

        with warnings.catch_warnings():
            warnings.filterwarnings("error", "Unknown solver options", OptimizeWarning)
            try:
                result = minimize(
                    watched.loss_and_grad if exact else watched.loss,
                    watched.best_theta.copy(),
                    jac=exact or None,
                    method=self.method,
                    tol=self.tol,
                    callback=watched.after_iteration,
                    options=self._limits(maxiter) | self.options,
                )
            except OptimizeWarning as unknown:
                raise ValueError(
                    f"{unknown} for {self.method}; see "
                    f"scipy.optimize.show_options('minimize', {self.method!r})."
                ) from None
        for name in LARGE_RESULTS:
            result.pop(name, None)
        return result

    def _limits(self, maxiter: int) -> dict[str, int]:
        """Return the options that end the method after ``maxiter`` iterations, and no sooner."""
        if self.method == "TNC":
            return {"maxfun": maxiter}
        if self.method == "L-BFGS-B":  # its own limit, 15,000 evaluations, is five differences
            return {"maxiter": maxiter, "maxfun": sys.maxsize}
        return {"maxiter": maxiter}


class Watched:
    """An objective as scipy calls it, watched: it counts the calls and keeps the best point.

    Parameters
    ----------
    objective : Reconstruction
        Of one run.
    exact : bool
        Whether gradients will be asked for.
    bar : iterable
        Takes a step with each iteration.
    """

    def __init__(self, objective: Reconstruction, exact: bool, bar: Iterable[int]) -> None:
        self.objective, self.bar = objective, iter(bar)
        self.loss_at: Callable[[np.ndarray], float] = (
            self._loss_of_objective if exact else objective.loss_alone()
        )
        self.n_losses = self.n_gradients = 0
        self.best_theta = objective.theta.copy()
        self.best_loss = self.loss_at(self.best_theta)
        self.record = Recorder(np.array([self.best_loss]))
        next(self.bar, None)  # shows the bar, at 0

    def _loss_of_objective(self, theta: np.ndarray) -> float:
        self.objective.theta[:] = theta
        return float(self.objective.loss())

    def loss(self, theta: np.ndarray) -> float:
        """Loss at θ."""
        loss = self.loss_at(theta)
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
        """Record an iteration: the best loss so far and what it has cost."""
        self.record.add(np.array([self.best_loss]), None, self.n_losses, self.n_gradients)
        next(self.bar, None)

    def finish(self, message: str) -> History:
        """Set θ to the best point seen and return the record.

        A last iteration that was interrupted, or whose line search has failed, has not been
        recorded: it is now, if it led anywhere.
        """
        if self.best_loss < self.record.losses[-1]:
            self.after_iteration()
        if hasattr(self.bar, "close"):
            self.bar.close()
        self.objective.theta[:] = self.best_theta
        return self.record.history(message)
