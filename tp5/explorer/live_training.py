"""Training to play with: move a slider, and five runs start again before your eyes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from functools import cached_property, partial
from typing import Any

import anywidget
import numpy as np
import traitlets

from .. import compiled
from ..checks import at_least
from ..experiments.architectures import ARCHITECTURES
from ..experiments.jobs import COURSE
from ..models.autoencoder import Autoencoder
from ..models.baselines import PCA, mean_image_error
from ..networks import INITS
from ..plots import CourseFigure, error_panels, latent_map
from ..plots.picture import Picture, together
from ..training.history import History
from .background import BackgroundFit
from .cells import close_with_cell, forget
from .controls import bound, close_controls
from .dense import script, style
from .stills import WithStill, visible
from .train_page import write_training
from .training_report import Target, best_codes, counted, describe_error, map_box
from .training_settings import (
    OPTIMIZERS,
    SETTINGS,
    WITH_MOMENTUM,
    TrainingSettings,
    check_samples,
    named_architectures,
)

LIVE = ("element.js", "axes.js", "live_training.js")
SHORT = 0.5  # seconds: a training that takes less is waited for while a slider is dragged
PACE = (
    2e-9,
    2e-7,
)  # seconds for a weight and a sample, compiled and on the blackboard, to begin with
DEBOUNCE = 0.15  # seconds without another change before a longer training begins
INTERVAL = 0.07  # seconds between two pictures of a training, at least


class LiveTraining(WithStill, TrainingSettings, anywidget.AnyWidget):
    """Learning rate, momentum, architecture and more to move, and runs that train at once.

    The course's way of training (see `tp5.experiments.compare_architectures`): online, logistic
    units, squared error, weights from U(−1, 1). Whatever changes, a new training begins, in a
    thread: the notebook goes on answering. A short one takes less time than a picture of a film, so
    that curves and map follow the slider while it moves; a longer one grows on the screen, and is
    cancelled by the next change. Seen are the error of each run and their mean, the baselines, and
    the latent space of the best run; a curve can be pinned, to compare.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
    labels : sequence of str, optional
        One for each sample, drawn in the latent map; dots without.
    architecture : str or sequence of int
        Which it begins with, one of ``architectures``: (35, 17, 2, 17, 35) or "35-17-2-17-35".
    lr : float > 0
    momentum : float in [0, 1)
    epochs : int >= 1
    n_runs : int >= 1
    target : (float, int), optional
        An error to get below, and within how many epochs: ``(5.0, 60)``. See `Target`.
    architectures : sequence of sequence of int
        What there is to choose from, each with 2 latent units.
    rng : int or numpy.random.Generator, optional
        Seed of the starting weights and of the order of the samples.
    optimizer : {"momentum", "nesterov", "sgd", "rmsprop", "adam"}
    batch_size : int >= 1
        Samples a step: 1 is online learning.
    init : {"uniform", "glorot", "he"}
        How the starting weights are drawn.
    **model
        More of `Autoencoder`'s arguments, such as ``latent_activation="identity"``.

    Attributes
    ----------
    architecture, optimizer, init : str
    lr, momentum : float
    epochs, rng, batch_size : int
        These eight can be set, and observed.
    controls : dict of str to ipywidgets widget
        One for each of them, to lay out, link or hand to ``interact`` like any other.
    pinned : list of float
        The mean error of the runs by epoch that is kept for comparison; see `pin`.
    training : bool
        Whether a training is going on.
    model : Autoencoder, or None
        The trained runs; None until a training with these settings has ended.
    history : History, or None
    reached : bool
        Whether that training has reached the target.
    error : str
        Why it failed; empty if it did not.

    Raises
    ------
    ValueError
        If an argument, or what is set, does not fit, in one sentence.

    Examples
    --------
    >>> live = LiveTraining(font.X, font.labels, target=(5.0, 60), rng=0)  # doctest: +SKIP
    >>> live.lr = 0.01  # doctest: +SKIP
    >>> live.wait()  # doctest: +SKIP

    Its settings are traits, and ipywidgets if you like. Two trainings, one learning rate, and a
    slider for it where you want it:

    >>> adam = LiveTraining(font.X, optimizer="adam", rng=0)  # doctest: +SKIP
    >>> ipywidgets.link((live, "lr"), (adam, "lr"))  # doctest: +SKIP
    >>> ipywidgets.VBox([live.controls["lr"], live, adam])  # doctest: +SKIP
    """

    _esm = script(*LIVE, "live_in_notebook.js")
    _css = style("controls.css", "live_training.css", "words.css")
    pinned: Any = traitlets.List().tag(sync=True)

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
        self.target = None if target is None else Target(*target)
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

    @cached_property
    def controls(self) -> dict[str, Any]:
        """The settings as ipywidgets, made when asked for."""
        return bound(self, self.make_controls(len(self.X)))

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

    def close(self) -> None:
        """Cancel the training and take the widget and its controls off the screen."""
        if hasattr(self, "_fit"):  # not where an argument was refused
            self._fit.cancel()
        close_controls(self)
        super().close()
        forget(self)

    def pin(self) -> None:
        """Keep the mean error of the training for comparison; without one, keep nothing."""
        losses = np.empty((0, 1)) if self.history is None else self.history.loss
        self.pinned = [x if np.isfinite(x) else None for x in losses.mean(axis=1)]

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

    def save_html(self, path: str | os.PathLike[str], title: str = "Live training") -> None:
        """Write it as one page that trains by itself: no kernel, no server, no network.

        The step is told once more in JavaScript, in float64: from the same weights, in the same
        order of the samples, it gives the bits of the compiled one. The page draws its own random
        numbers, so that a seed there is another training than here.

        Parameters
        ----------
        path : path
            The page; replaced if it exists.
        title : str
            Its heading.

        Raises
        ------
        ValueError
            If a unit's activation is a student's own, which the page does not know.
        FileNotFoundError
            If the folder does not exist.
        """
        write_training(path, title, self)

    # --- How it looks without a kernel ------------------------------------------------------------

    def figures(self) -> list[CourseFigure]:
        """Draw what the widget shows: error curves and latent map; nothing before it is trained."""
        model, history = self.model, self.history
        if model is None or history is None:
            return []
        curves = {self.architecture: history.loss}
        title = f"Learning rate {self.lr:g}, momentum {self.momentum:g}"
        top = 2 * self.baselines["mean image"]
        labels = self.labels or ["·"] * len(self.X)
        z = best_codes(model, self.X, history.loss[-1])
        return [
            error_panels({title: curves}, self.baselines, top=top),
            latent_map(z, labels, "Latent space of the best run"),
        ]

    def _describe_optimizer(self) -> str:
        momentum = f", momentum {self.momentum:g}" if self.optimizer in WITH_MOMENTUM else ""
        name = "" if self.optimizer == "momentum" else f"{self.optimizer} "
        return f"{name}lr {self.lr:g}{momentum}"

    def __repr__(self) -> str:
        about = (
            f"LiveTraining of {self.architecture}, {self._describe_optimizer()}, "
            f"{counted(self.epochs, 'epoch')}, {counted(self.n_runs, 'run')}"
        )
        if self.history is None:
            return f"{about}: {self.error or 'not trained yet'}"
        verdict = f"; target {'reached' if self.reached else 'not reached'}" if self.target else ""
        return f"{about}: {describe_error(self.history.loss[-1])}{verdict}"

    def still(self) -> Picture | None:
        """Wait for the training; return curves and map as a picture, None if it has failed."""
        self._fit.wait()  # what is saved with a notebook does not depend on how fast it was
        figures = self.figures()
        if not figures:
            return None
        curves, map_ = (figure.picture() for figure in figures)
        return together(curves, map_, below=True)
