"""The last whole state of a training, for when it is interrupted."""

from __future__ import annotations

import numpy as np


class Checkpoint:
    """Weights, and the epoch that they belong to: together, or not at all.

    An interrupt can come between any two instructions. So both are put in place by one: a
    tuple is made first, and then named.

    Parameters
    ----------
    theta : ndarray
        The weights in training, changed in place.
    """

    def __init__(self, theta: np.ndarray) -> None:
        self.theta = theta
        self.kept = (0, theta.copy())

    def keep(self, epoch: int) -> None:
        """Keep the weights as they are after this many epochs."""
        self.kept = (epoch, self.theta.copy())

    def restore(self) -> int:
        """Put the weights back to what was kept; return the epochs they have been trained for."""
        epoch, theta = self.kept
        self.theta[:] = theta
        return epoch
