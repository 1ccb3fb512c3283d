"""How a `History` is written down while a training runs, a row for each epoch."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .history import History


class Row(NamedTuple):
    """One epoch of a record."""

    loss: np.ndarray  # of each run
    seconds: float
    function_evaluations: int
    gradient_evaluations: int
    lr: np.ndarray | None  # of each run
    parts: dict[str, np.ndarray]


class Recorder:
    """Collects a `History` row by row, each in one piece; the clock starts when it is made.

    Parameters
    ----------
    loss : ndarray, shape (n_runs,)
        Loss before training.
    parts : mapping of str to ndarray, each of shape (n_runs,)
        What it is made of, if it has several parts.
    """

    def __init__(self, loss: np.ndarray, parts: Mapping[str, np.ndarray] | None = None) -> None:
        self.start = time.perf_counter()
        self.rows = [Row(loss, 0.0, 0, 0, None, dict(parts or {}))]

    @property
    def seconds(self) -> float:
        """Time since the clock started."""
        return time.perf_counter() - self.start

    @property
    def epoch(self) -> int:
        """Epochs recorded so far."""
        return len(self.rows) - 1

    @property
    def losses(self) -> list[np.ndarray]:
        """Loss before training and after each epoch so far."""
        return [row.loss for row in self.rows]

    def add(
        self,
        loss: np.ndarray,
        lr: np.ndarray | None = None,
        evaluations: tuple[int, int] | None = None,
        parts: Mapping[str, np.ndarray] | None = None,
        seconds: float | None = None,
    ) -> None:
        """Add an epoch. Unless told otherwise it cost one pass over the data for the gradient."""
        epoch = self.epoch + 1
        functions, gradients = evaluations or (epoch, epoch)
        parts = {
            name: np.where(np.isfinite(loss), part, np.nan) for name, part in (parts or {}).items()
        }
        seconds = self.seconds if seconds is None else seconds
        lr = None if lr is None else lr.copy()
        self.rows.append(Row(loss, seconds, functions, gradients, lr, parts))

    def history(self, message: str, n_epochs: int | None = None) -> History:
        """Return what was collected; of the first ``n_epochs`` if so told."""
        rows = self.rows if n_epochs is None else self.rows[: n_epochs + 1]
        loss = np.array([row.loss for row in rows], dtype=float)

        def per_run(name: str) -> np.ndarray:
            column = np.array([getattr(row, name) for row in rows])
            return np.repeat(column[:, None], loss.shape[1], axis=1)

        rates = [row.lr for row in rows[1:] if row.lr is not None]
        return History(
            loss,
            per_run("seconds"),
            per_run("function_evaluations"),
            per_run("gradient_evaluations"),
            np.array(rates, dtype=float) if rates else None,
            message,
            {name: np.array([row.parts[name] for row in rows]) for name in rows[0].parts},
        )
