"""When to end a training before its time: callbacks of ``fit``."""

from __future__ import annotations

import numpy as np

from ..checks import at_least, number_in


class StopBelow:
    """Callback of ``fit`` that ends a training once the loss of every run is at most ``target``.

    Parameters
    ----------
    target : float
    """

    def __init__(self, target: float) -> None:
        self.target = number_in("target", "[-∞, ∞]", target)

    def __call__(self, model: object, epoch: int, loss: np.ndarray) -> bool:
        """Return whether every run that has not diverged is there."""
        return bool((loss[np.isfinite(loss)] <= self.target).all())


class StopWhenFlat:
    """Callback of ``fit`` that ends a training once no run has improved for ``patience`` epochs.

    Parameters
    ----------
    patience : int > 0
    tolerance : float >= 0
        An improvement is a loss below the best so far by more than this.
    """

    def __init__(self, patience: int, tolerance: float = 0.0) -> None:
        self.patience = at_least("patience", patience)
        self.tolerance = number_in("tolerance", "[0, ∞)", tolerance)
        self.best: float | np.ndarray = np.inf
        self.since = 0

    def __call__(self, model: object, epoch: int, loss: np.ndarray) -> bool:
        """Return whether it is time to end."""
        if epoch == 1:  # a new training
            self.best = np.inf
        better = loss < self.best - self.tolerance  # False where NaN
        self.best = np.where(better, loss, self.best)
        self.since = epoch if epoch == 1 or np.any(better) else self.since
        return epoch - self.since >= self.patience
