"""The runs of a live training: begun again with every change, in a thread, and told of."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import anywidget
import numpy as np

from .. import compiled
from ..checks import as_sequence, at_least
from ..experiments.architectures import ARCHITECTURES
from ..experiments.jobs import COURSE
from ..models.autoencoder import Autoencoder
from ..models.baselines import PCA, mean_image_error
from ..networks import INITS
from ..training.history import History
from .background import BackgroundFit
from .cells import close_with_cell
from .stills import visible
from .training_report import Target, best_codes, counted, describe_error, map_box
from .training_settings import (
    OPTIMIZERS,
    SETTINGS,
    TrainingSettings,
    check_samples,
    named_architectures,
)

SHORT = 0.5  # seconds: a training that takes less is waited for while a slider is dragged
PACE = 2e-9, 2e-7  # seconds a weight and sample take, compiled and on the blackboard, at first
DEBOUNCE = 0.15  # seconds without another change before a longer training begins
INTERVAL = 0.07  # seconds between two pictures of a training, at least


class LiveRuns(TrainingSettings, anywidget.AnyWidget):
    """What trains, and what the views are told of it; see `LiveTraining`."""

    def __init__(
        self,
        X: np.ndarray,
        labels: Sequence[str] | None = None,
        architecture: str | Sequence[int] = (35, 17, 2, 17, 35),
        lr: float = 0.05,
        momentum: float = 0.0,
        epochs: int = 150,
        n_runs: int = 5,
        target: tuple[float, int] | None = None,
        architectures: Sequence[Sequence[int]] = ARCHITECTURES,
        rng: int | np.random.Generator | None = None,
        optimizer: str = "momentum",
        batch_size: int = 1,
        init: str = "uniform",
        **model: Any,
    ) -> None:
        if "loss" in model:
            raise ValueError("the baselines are squared errors, and so is the loss: leave it out.")
        self.arguments: dict[str, Any] = COURSE | {"dtype": "float32"} | model
        self.X = check_samples(X, labels)
        self.labels = None if labels is None else visible(labels)
        self.architectures = named_architectures(architectures, self.X, self.arguments)
        self.n_runs = at_least("n_runs", n_runs)
        self.target = None if target is None else Target(*as_sequence("target", target, 2))
        self.baselines = {
            "mean image": mean_image_error(self.X),
            "PCA, 2 components": PCA(2).fit(self.X).error(self.X),
        }
        if rng is None or isinstance(rng, np.random.Generator):  # a seed can be used again
            rng = int(np.random.default_rng(rng).integers(2**31))
        settings = (architecture, lr, momentum, epochs, rng, optimizer, batch_size, init)
        super().__init__(**dict(zip(SETTINGS, settings, strict=True)))
        self._lock, self._number, self._reported = threading.Lock(), 0, 0.0
        self._pace = PACE[0 if compiled.available() else 1]
        self._fit = self._start(delay=0.0)
        self.observe(self._restart, names=SETTINGS)
        self.on_msg(self._answer)
        close_with_cell(self)

    # --- The training -----------------------------------------------------------------------------

    def _start(self, delay: float, after: BackgroundFit | None = None) -> BackgroundFit:
        """Begin a training with the settings as they are; after ``delay`` seconds if it is long."""
        self._number += 1
        tell = partial(self._report, self._number)
        layers = self.architectures[self.architecture]
        model = Autoencoder(layers, **(self.arguments | {"init": self.init}))
        short = self._pace * self._work(model, self.epochs) < SHORT
        return BackgroundFit(
            model,
            self.X,
            on_epoch=tell,
            on_end=tell,
            delay=0.0 if short else delay,
            streams=not short,
            after=after,
            n_runs=self.n_runs,
            **self.training_arguments(),
        )

    def _work(self, model: Autoencoder, epochs: int) -> int:
        """Return how often a training sees a sample with a weight."""
        return epochs * self.n_runs * len(self.X) * model.n_params

    def _restart(self, _change: Any = None) -> None:
        """Begin another training; the latest wins, and one that is short comes to its end."""
        with self._lock:  # changes come from cells and from the screen, in threads of their own
            self._fit = self._start(DEBOUNCE, after=self._fit.follow())
        number, fit = self._latest()
        if fit.streams:
            self._tell(number, fit)

    def _latest(self) -> tuple[int, BackgroundFit]:
        """Return the latest training and its number; waits while a change is being made."""
        with self._lock:
            return self._number, self._fit

    def cancel(self) -> None:
        """End the training that runs, without a result."""
        number, fit = self._latest()
        fit.cancel()
        self._tell(number, fit)

    def wait(self, timeout: float | None = None) -> None:
        """Wait until the training has ended.

        Parameters
        ----------
        timeout : float, optional
            Seconds.

        Raises
        ------
        TimeoutError
            If it has not ended by then.
        RuntimeError
            If it has failed.
        """
        number, latest = 0, self._latest()
        while number != latest[0]:  # while we waited, somebody may have moved a slider
            number, fit = latest
            if not fit.wait(timeout):
                raise TimeoutError(f"after {timeout:g} seconds the training is still going on.")
            latest = self._latest()
        if self.error:
            raise RuntimeError(self.error)

    @property
    def training(self) -> bool:
        """Whether a training is going on."""
        return self._fit.running

    @property
    def model(self) -> Autoencoder | None:
        """The trained runs; None until a training with these settings has ended."""
        fit = self._fit
        return fit.model if fit.done else None

    @property
    def history(self) -> History | None:
        """What that training has left behind; None until it has ended."""
        model = self.model
        return model.history if model else None

    @property
    def error(self) -> str:
        """Why the training failed, in one sentence; empty if it did not."""
        return self._fit.error

    @property
    def reached(self) -> bool:
        """Whether a training with these settings has ended, and has reached the target."""
        history = self.history
        if history is None or self.target is None:
            return False
        return self.target.reached_after(history.loss[1:]) is not None

    # --- What the browser is told -----------------------------------------------------------------

    def _answer(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        """Send a view what it asks for: what stays, and where the training is."""
        if message.get("kind") != "ask":
            return
        self.send({"kind": "data"} | self.about())
        number, fit = self._latest()
        if fit.done:
            self._report(number, fit)
        else:  # its thread reports soon; meanwhile the model is not to be touched
            self._tell(number, fit)

    def about(self) -> dict[str, Any]:
        """Return what stays while settings change, as JSON can hold it."""
        return {
            "labels": self.labels,
            "n_runs": self.n_runs,
            "target": [self.target.goal, self.target.within] if self.target else None,
            "architectures": list(self.architectures),
            "optimizers": list(OPTIMIZERS),
            "batch_sizes": self.batch_sizes(len(self.X)),
            "inits": list(INITS),
            "baselines": self.baselines,
        }

    def _report(self, number: int, fit: BackgroundFit) -> None:
        """Send curves and latent map, a dozen times a second and when all is done."""
        now = time.monotonic()
        if fit.done:
            seconds = fit.model.history.seconds[-1].max()  # without what compiling has taken
            self._pace = seconds / self._work(fit.model, fit.arguments["epochs"])
            self._tell(number, fit, fit.model.history.loss)
        elif fit.error:
            self._tell(number, fit)
        elif now - self._reported > INTERVAL:
            self._reported = now
            # Where the record has the untrained network's loss, a training has nothing yet.
            self._tell(number, fit, np.array([np.full(self.n_runs, np.nan), *fit.losses]))

    def _tell(self, number: int, fit: BackgroundFit, losses: np.ndarray | None = None) -> None:
        """Tell the views how the training is; with losses, shape (n_epochs + 1, n_runs), draw."""
        rows = np.empty((0, self.n_runs)) if losses is None else losses
        ended = fit.done or fit.cancelled or bool(fit.error)
        reached, verdict = self.target.verdict(rows[1:], ended) if self.target else (None, "")
        content = {
            "kind": "curves",
            "number": number,  # a view ignores what comes late from a training before
            "ended": ended,
            "failed": bool(fit.error),
            "text": self._describe(fit, rows),
            "reached": reached,
            "verdict": verdict,
            "epochs": fit.arguments["epochs"],
        }
        codes = np.empty((0, 2))
        if losses is not None:
            codes = best_codes(fit.model, self.X, losses[-1])
            content["box"] = map_box(fit.model, codes)
        self.send(content, [array.astype(np.float32).tobytes() for array in (rows, codes)])

    def _describe(self, fit: BackgroundFit, rows: np.ndarray) -> str:
        """Say in a sentence how the training is."""
        if fit.error:
            return f"The training failed: {fit.error}"
        if fit.cancelled and not fit.done:
            return "The training was cancelled."
        if len(rows) < 2:
            return f"{counted(self.n_runs, 'run')} in training …"
        epoch, said = len(rows) - 1, f"{describe_error(rows[-1])} ({counted(self.n_runs, 'run')})"
        if fit.done:
            return f"After {counted(epoch, 'epoch')}: {said}."
        return f"Epoch {epoch} of {fit.arguments['epochs']}: {said} …"
