"""Optimizers of `scipy.optimize.minimize`, behind the same ``fit`` as all the others."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..checks import as_mapping, as_switch, at_least, number_in, one_of
from ..progress import progress_bar
from ..threads import in_peace
from .history import History, side_by_side
from .loop import Callback, TrainingWarning
from .objective import Objective
from .one_run import losses_of
from .watched import Watched

METHODS = ("Powell", "BFGS", "CG", "L-BFGS-B", "TNC", "Nelder-Mead")
WITHOUT_GRADIENT = ("Powell", "Nelder-Mead")

# Results that are n_params × n_params: 62 MB for each run of 2,789 weights. They are kept of small
# networks only.
LARGE_RESULTS = ("direc", "hess_inv", "final_simplex")
SMALL = 500


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
        one_of("method", self.method, METHODS)
        as_switch("gradient", self.gradient)
        as_mapping("options", self.options, least=0)
        if self.maxiter is not None:
            at_least("maxiter", self.maxiter)
        if self.tol is not None:
            number_in("tol", "[0, ∞)", self.tol)

    def minimize(
        self,
        objective: Objective,
        epochs: int,
        batch_size: int,
        rngs: Sequence[np.random.Generator],
        callbacks: Iterable[Callback] = (),
        progress: bool | None = None,
        model: Any = None,
    ) -> History:
        """Minimise an objective run after run; its ``theta`` ends as the best points seen.

        Parameters
        ----------
        objective : Objective
            A deterministic one, that has ``network``, ``loss_function``, ``X`` and ``Y``.
        epochs : int
            Iterations at most, unless the method has its own ``maxiter``.
        batch_size, rngs, model
            Not used: a scipy method takes all samples at once, and draws nothing.
        callbacks : iterable
            Must be empty.
        progress : bool or None

        Returns
        -------
        History
            With what scipy says of each run's end in ``results``; runs after one that was
            interrupted are not begun.

        Raises
        ------
        ValueError
            If the objective draws something anew, there are callbacks, or the method does not know
            one of the options.

        Warns
        -----
        TrainingWarning
            If the method did not converge, with scipy's own message, or was interrupted.
        """
        if list(callbacks):
            raise ValueError(
                "a Scipy method calls no callbacks and watches no validation data; leave them out, "
                "or take Adam."
            )
        if not objective.deterministic:
            raise ValueError(
                f"{self.method} needs a loss that is the same when asked twice, but this one draws "
                f"something anew each time (fresh noise, or the VAE's eps); take Adam or RMSprop, "
                f"or make noisy pairs once, with tp5.datasets.noisy_pairs, and fit(X_noisy, Y)."
            )
        in_peace(load_scipy)
        histories = []
        for run in range(len(objective.theta)):
            try:
                histories.append(self._minimize_run(objective, run, epochs, progress))
            except KeyboardInterrupt:  # between two runs: those before are kept
                if not histories:
                    raise
                message = f"interrupted before run {run}; the runs before it are kept."
                warnings.warn(message, TrainingWarning, stacklevel=3)
                break
            if histories[-1].results == [None]:
                break
        return side_by_side(histories)

    def _minimize_run(
        self, objective: Any, run: int, epochs: int, progress: bool | None
    ) -> History:
        """Minimise one run."""
        maxiter = self.maxiter or epochs
        bar = progress_bar(maxiter, progress, desc=self.method)
        exact = self.gradient and self.method not in WITHOUT_GRADIENT
        watched = Watched(losses_of(objective, run), objective.theta[run].astype(float), bar)
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
        history = watched.finish(message)
        objective.theta[run] = watched.best[1]
        return replace(history, results=[result])

    # A line search tries far-off points, where numbers overflow; it steps back from them.
    @np.errstate(over="ignore", invalid="ignore", divide="ignore")
    def _call_scipy(self, watched: Watched, exact: bool, maxiter: int) -> Any:
        from scipy.optimize import OptimizeWarning, minimize

        with warnings.catch_warnings():
            warnings.filterwarnings("error", "Unknown solver options", OptimizeWarning)
            try:
                result = minimize(
                    watched.loss_and_grad if exact else watched.loss,
                    watched.best[1].copy(),
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
        if watched.best[1].size > SMALL:
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


def load_scipy() -> None:
    """Import what is used: `import tp5` imports numpy alone."""
    import scipy.optimize  # noqa: F401
