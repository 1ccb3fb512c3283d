"""A training in a thread of its own: the notebook answers meanwhile, and it can be cancelled."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..training.loop import TrainingWarning


class BackgroundFit:
    """One ``model.fit(X, …)`` in a thread, with the result that it would have anywhere else.

    A thread and not a coroutine: ``fit`` stays the one that is read in class, and while it trains
    Python hands the kernel its turn every few milliseconds.

    Parameters
    ----------
    model : Autoencoder or VariationalAutoencoder
        Not to be touched by others until the training has ended.
    X : ndarray, shape (n_samples, n_features)
    on_epoch, on_end : callable
        Called in the thread, with this object: after each epoch, and once the training is done or
        has failed. Neither is called any more once `cancel` has returned.
    delay : float
        Seconds before it begins. Who cancels it by then has cost nothing.
    streams : bool
        Whether it tells of each epoch. One that does not trains many epochs in one compiled call,
        and is not worth cancelling once it has begun.
    after : BackgroundFit, optional
        Another that is to end first.
    **arguments
        More of ``fit``'s.

    Attributes
    ----------
    losses : list of ndarray, each of shape (n_runs,)
        Loss after each epoch so far.
    begun, done : bool
        Whether it has begun, and whether it has come to its end.
    error : str
        What went wrong; empty if nothing did.
    """

    def __init__(
        self,
        model: Any,
        X: np.ndarray,
        on_epoch: Callable[[BackgroundFit], None],
        on_end: Callable[[BackgroundFit], None],
        delay: float = 0.0,
        streams: bool = True,
        after: BackgroundFit | None = None,
        **arguments: Any,
    ) -> None:
        self.model, self.X, self.arguments = model, X, arguments
        self.on_epoch, self.on_end, self.delay = on_epoch, on_end, delay
        self.streams, self.after = streams, after
        self.losses: list[np.ndarray] = []
        self.begun = False
        self.done, self.error = False, ""
        self._cancelled = threading.Event()
        # Not thread.is_alive(): Python 3.11 and 3.12 deny it once a join() was interrupted.
        self._ended = threading.Event()
        self._telling = threading.RLock()  # held from the look at _cancelled to the callback's end
        # A daemon: a kernel that shuts down does not wait for it.
        self._thread = threading.Thread(target=self._run, name="tp5 training", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return not self._ended.is_set()

    @property
    def cancelled(self) -> bool:
        """Whether it was told to end."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """End the training after the epoch that it is in; waits for a callback, not for that."""
        with self._telling:
            self._cancelled.set()

    def follow(self) -> BackgroundFit | None:
        """Make way for another training; return this one if the other is to wait for its end.

        A training that streams, or has not begun, is cancelled. A short one that is at work comes
        to its end, and tells of it: while a slider is dragged, that is what is seen.
        """
        with self._telling:
            if self.streams or not self.begun:
                self._cancelled.set()
            return self.after if not self.begun else None if self.streams else self

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it has ended, at most ``timeout`` seconds; return whether it has."""
        return self._ended.wait(timeout)

    def _run(self) -> None:
        try:
            if self._begin():
                self._train()
        finally:
            self._ended.set()

    def _begin(self) -> bool:
        """Wait for its time; return whether it is wanted still."""
        if self._cancelled.wait(self.delay):
            return False
        if self.after is not None:
            self.after.wait()
            self.after = None  # or each would keep all before it
        with self._telling:
            self.begun = not self.cancelled
        return self.begun

    def _train(self) -> None:
        # What the warning would say, that a run has diverged, is in the losses; from a thread it
        # would appear below whatever cell happens to run.
        warnings.filterwarnings("ignore", category=TrainingWarning, module=__name__)
        try:
            callbacks = [self._after_epoch] if self.streams else []
            self.model.fit(self.X, callbacks=callbacks, progress=False, **self.arguments)
        except Exception as error:  # a thread has nobody above it to tell
            self.error = one_sentence(error)
        with self._telling:
            if not self.cancelled:
                self.done = not self.error
                self.on_end(self)

    def _after_epoch(self, _model: Any, _epoch: int, loss: np.ndarray) -> bool:
        """Callback of ``fit``: keep the loss, tell, and say whether to end."""
        self.losses.append(loss)
        with self._telling:
            if not self.cancelled:
                self.on_epoch(self)
            return self.cancelled


def one_sentence(error: Exception) -> str:
    """Return what an error says on one line, or its name if it says nothing."""
    return " ".join(str(error).split()) or f"the training ended with a {type(error).__name__}."
