"""What a training leaves behind: loss, cost and learning rate, epoch by epoch and run by run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..checks import as_runs, as_sequence, number_in, one_of, shown

ARRAYS = ("loss", "seconds", "function_evaluations", "gradient_evaluations")
COSTS = ("iterations", "passes", "seconds")  # what a loss may be drawn against
PART = "part_"  # before the name of a part of the loss, in a file


@dataclass(frozen=True, eq=False, repr=False)
class History:
    """Record of a training. Row 0 is the untrained network, row e is after e epochs.

    Attributes
    ----------
    loss : ndarray, shape (n_epochs + 1, n_runs)
        Loss over all samples (sum over pixels, mean over samples). NaN after a run has ended.
    seconds : ndarray, shape (n_epochs + 1, n_runs)
        Time since training began. Runs that train together share their time.
    function_evaluations, gradient_evaluations : ndarray, shape (n_epochs + 1, n_runs)
        Passes over all the data so far: an epoch of batches counts as one of each. The losses
        evaluated only for this record are not counted.
    lr : ndarray, shape (n_epochs, n_runs), or None
        Learning rate of each epoch; None where the optimizer has none.
    message : str
        Why the training ended.
    parts : dict of str to ndarray, each of shape (n_epochs + 1, n_runs)
        What the loss is made of, by name; empty where it has one part only. A variational
        autoencoder's are "reconstruction" and "kl".
    kept : ndarray of int, shape (n_runs,), or None
        Epoch whose weights each run has been given back, as ``keep_best`` does; None: the last.
    results : list
        What scipy returned for each run, when the optimizer was a `Scipy`; not saved.
    """

    loss: np.ndarray
    seconds: np.ndarray
    function_evaluations: np.ndarray
    gradient_evaluations: np.ndarray
    lr: np.ndarray | None = None
    message: str = ""
    parts: dict[str, np.ndarray] = field(default_factory=dict)
    kept: np.ndarray | None = None
    results: list[Any] = field(default_factory=list)

    @property
    def n_epochs(self) -> int:
        """Epochs (iterations of a scipy method) that were done."""
        return len(self.loss) - 1

    @property
    def final_loss(self) -> np.ndarray:
        """Loss of each run at its weights, the kept ones or the last finite, shape (n_runs,)."""
        if self.kept is not None:
            return self.loss[self.kept, np.arange(len(self.kept))]
        last = [column[np.isfinite(column)] for column in self.loss.T]
        return np.array([column[-1] if len(column) else np.nan for column in last])

    def cost(self, by: str) -> np.ndarray:
        """What each row had cost by then, shape (n_epochs + 1, n_runs).

        Parameters
        ----------
        by : {"iterations", "passes", "seconds"}
            Epochs; passes over the data, evaluations of the loss and of its gradient together;
            or seconds.

        Raises
        ------
        ValueError
            If it is none of these.
        """
        one_of("by", by, COSTS)
        if by == "iterations":
            return np.broadcast_to(np.arange(len(self.loss))[:, None], self.loss.shape)
        if by == "passes":
            return self.function_evaluations + self.gradient_evaluations
        return self.seconds

    def total_cost(self, by: str) -> np.ndarray:
        """What each run had cost when it ended, shape (n_runs,); see `cost`."""
        return np.where(np.isfinite(self.loss), self.cost(by), 0).max(axis=0)

    def at_cost(self, budget: float, by: str = "passes") -> np.ndarray:
        """Loss of each run when a budget was spent, shape (n_runs,).

        That is the loss after the last epoch that the budget paid for, or that the run had; the
        untrained network is free.
        """
        number_in("budget", "[0, ∞]", budget)
        affordable = (self.cost(by) <= budget) & np.isfinite(self.loss)
        last = len(self.loss) - 1 - affordable[::-1].argmax(axis=0)
        return self.loss[last, np.arange(self.loss.shape[1])]

    def run(self, runs: int | slice) -> History:
        """Return the record of one run, or of some."""
        columns = as_runs(runs, self.loss.shape[1])
        return replace(
            self,
            **{name: getattr(self, name)[:, columns] for name in ARRAYS},
            lr=None if self.lr is None else self.lr[:, columns],
            parts={name: part[:, columns] for name, part in self.parts.items()},
            results=self.results[columns],
            kept=None if self.kept is None else self.kept[columns],
        )

    def to_arrays(self) -> tuple[dict[str, np.ndarray], str]:
        """Return the arrays by name, and the message: what a file needs."""
        arrays = {name: getattr(self, name) for name in ARRAYS}
        if self.lr is not None:
            arrays["lr"] = self.lr
        if self.kept is not None:
            arrays["kept"] = self.kept
        arrays |= {PART + name: part for name, part in self.parts.items()}
        return arrays, self.message

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray], message: str) -> History:
        """Return the history that `to_arrays` took apart.

        Raises
        ------
        ValueError
            If an array is missing or the shapes differ.
        """
        missing = set(ARRAYS) - set(arrays)
        shapes = {arrays[name].shape for name in ARRAYS if name in arrays}
        if missing or len(shapes) > 1 or arrays["loss"].ndim != 2:
            raise ValueError(f"missing {sorted(missing)}, or not the shape that they need")
        if any(array.dtype.kind not in "biuf" for array in arrays.values()):
            raise ValueError("an array holds no numbers")
        lr = arrays.get("lr")
        if lr is not None and lr.shape != (len(arrays["loss"]) - 1, arrays["loss"].shape[1]):
            raise ValueError(f"learning rates of shape {lr.shape}")
        kept, (n_rows, n_runs) = arrays.get("kept"), arrays["loss"].shape
        if kept is not None and not (
            kept.shape == (n_runs,)
            and kept.dtype.kind == "i"
            and np.isin(kept, range(n_rows)).all()
        ):
            raise ValueError("the kept epochs are not some of the history's")
        named = [name for name in arrays if name.startswith(PART)]
        parts = {name.removeprefix(PART): arrays[name] for name in named}
        needed: dict[str, Any] = {name: arrays[name] for name in ARRAYS}
        return cls(**needed, lr=lr, message=message, parts=parts, kept=kept)

    def __repr__(self) -> str:
        n_runs = self.loss.shape[1]
        return f"History of {self.n_epochs} epochs, {n_runs} runs: {self.message}"


def side_by_side(histories: Sequence[History]) -> History:
    """Join the histories of runs that trained one after another.

    A run that ended sooner has NaN as its loss from there on, and its costs stay as they were.
    Learning rates and parts of the loss are left out: not all may have the same.
    """
    histories = as_sequence("histories", histories)
    if strange := [one for one in histories if not isinstance(one, History)]:
        raise ValueError(f"histories must hold History objects, not {shown(strange[0])}.")
    n_rows = max(len(history.loss) for history in histories)

    def join(name: str) -> np.ndarray:
        columns = []
        for history in histories:
            column = np.asarray(getattr(history, name), dtype=float)
            end = np.full_like(column[-1:], np.nan) if name == "loss" else column[-1:]
            columns.append(np.concatenate([column, *[end] * (n_rows - len(column))]))
        return np.concatenate(columns, axis=1)

    messages = dict.fromkeys(history.message for history in histories)  # each once, in order
    joined: dict[str, Any] = {name: join(name) for name in ARRAYS}
    results = [result for history in histories for result in history.results]
    return History(**joined, message="; ".join(messages), results=results)
