"""Training to play with: move a slider, and five runs start again before your eyes."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import anywidget
import numpy as np
import traitlets

from ..checks import as_data, at_least, number_in
from ..experiments.architectures import ARCHITECTURES
from ..experiments.jobs import COURSE
from ..models.autoencoder import Autoencoder
from ..models.baselines import PCA, mean_image_error
from ..plots import CourseFigure, error_panels, latent_map
from ..plots.picture import Picture, together
from ..training.history import History
from ..training.optimizers import Momentum
from .background import BackgroundFit
from .dense import script, style
from .stills import WithStill, visible
from .training_report import Target, best_codes, counted, describe_error, map_box

SETTINGS = ("architecture", "lr", "momentum", "epochs", "rng")
DEBOUNCE = 0.15  # seconds without another change before a training begins
INTERVAL = 0.07  # seconds between two pictures of a training, at least


class LiveTraining(WithStill, anywidget.AnyWidget):
    """Learning rate, momentum, epochs and architecture to move, and runs that train at once.

    The course's way of training (see `tp5.experiments.compare_architectures`): online, logistic
    units, squared error, weights from U(−1, 1). Whatever changes, the training that runs is
    cancelled and a new one begins, in a thread: the notebook goes on answering. On the screen are
    the error of each run and their mean, the baselines, and the latent space of the best run.

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
    **model
        More of `Autoencoder`'s arguments, such as ``latent_activation="identity"``.

    Attributes
    ----------
    architecture : str
    lr, momentum : float
    epochs, rng : int
        These five can be set, and observed.
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
    """

    _esm = script("element.js", "live_training.js")
    _css = style("controls.css", "live_training.css", "words.css")
    # Of no type: the checks below say more than a trait would. None has a default.
    architecture: Any = traitlets.TraitType(...).tag(sync=True)
    lr: Any = traitlets.TraitType(...).tag(sync=True)
    momentum: Any = traitlets.TraitType(...).tag(sync=True)
    epochs: Any = traitlets.TraitType(...).tag(sync=True)
    rng: Any = traitlets.TraitType(...).tag(sync=True)

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
        settings = (architecture, lr, momentum, epochs, rng)
        super().__init__(**dict(zip(SETTINGS, settings, strict=True)))
        self._lock, self._number, self._reported = threading.Lock(), 0, 0.0
        self._fit = self._start(delay=0.0)
        self.observe(self._restart, names=SETTINGS)
        self.on_msg(self._answer)

    # --- What can be set --------------------------------------------------------------------------

    @traitlets.validate("architecture")
    def _check_architecture(self, proposal: Any) -> str:
        wanted = proposal["value"]
        name = name_of(wanted) if isinstance(wanted, list | tuple) else wanted
        if name not in self.architectures:
            raise ValueError(
                f"there is no architecture {name!r} here; choose one of "
                f"{', '.join(self.architectures)}."
            )
        return name

    @traitlets.validate("lr")
    def _check_lr(self, proposal: Any) -> float:
        return number_in("the learning rate", "(0, ∞)", proposal["value"])

    @traitlets.validate("momentum")
    def _check_momentum(self, proposal: Any) -> float:
        return number_in("momentum", "[0, 1)", proposal["value"])

    @traitlets.validate("epochs")
    def _check_epochs(self, proposal: Any) -> int:
        return at_least("epochs", proposal["value"])

    @traitlets.validate("rng")
    def _check_rng(self, proposal: Any) -> int:
        return at_least("rng", proposal["value"], low=0)

    # --- The training -----------------------------------------------------------------------------

    def _start(self, delay: float) -> BackgroundFit:
        """Begin a training with the settings as they are; after ``delay`` seconds."""
        self._number += 1
        tell = partial(self._report, self._number)
        return BackgroundFit(
            Autoencoder(self.architectures[self.architecture], **self.arguments),
            self.X,
            on_epoch=tell,
            on_end=tell,
            delay=delay,
            optimizer=Momentum(self.lr, self.momentum),
            epochs=self.epochs,
            batch_size=1,
            n_runs=self.n_runs,
            rng=self.rng,
        )

    def _restart(self, _change: Any = None) -> None:
        """Cancel the training that runs, and begin another once no more changes come."""
        with self._lock:  # changes come from cells and from the screen, in threads of their own
            self._fit.cancel()
            self._fit = self._start(DEBOUNCE)
        self._tell(*self._latest())

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
        """Cancel the training and take the widget off the screen."""
        if hasattr(self, "_fit"):  # not where an argument was refused
            self._fit.cancel()
        super().close()

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
        target = [self.target.goal, self.target.within] if self.target else None
        about = {"labels": self.labels, "n_runs": self.n_runs, "target": target}
        choice = {"architectures": list(self.architectures), "baselines": self.baselines}
        self.send({"kind": "data"} | about | choice)
        number, fit = self._latest()
        if fit.done:
            self._report(number, fit)
        else:  # its thread reports soon; meanwhile the model is not to be touched
            self._tell(number, fit)

    def _report(self, number: int, fit: BackgroundFit) -> None:
        """Send curves and latent map, a dozen times a second and when all is done."""
        now = time.monotonic()
        if fit.done:
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

    def __repr__(self) -> str:
        about = (
            f"LiveTraining of {self.architecture}, lr {self.lr:g}, momentum {self.momentum:g}, "
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


def check_samples(X: np.ndarray, labels: Sequence[str] | None) -> np.ndarray:
    """Return X as an array of shape (n_samples, n_features), checked."""
    X = as_data("X", X, np.shape(X)[-1] if np.ndim(X) else 0)
    if X.ndim != 2:
        raise ValueError(f"X has shape {X.shape}, but must be (n_samples, n_features).")
    if labels is not None and len(labels) != len(X):
        raise ValueError(f"{len(labels)} labels do not fit {len(X)} samples.")
    return X


def named_architectures(
    architectures: Sequence[Sequence[int]], X: np.ndarray, arguments: dict[str, Any]
) -> dict[str, tuple[int, ...]]:
    """Return the architectures by name; raise ValueError unless all fit X and have 2 latent units.

    Parameters
    ----------
    architectures : sequence of sequence of int
    X : ndarray, shape (n_samples, n_features)
    arguments : dict
        More of `Autoencoder`'s.
    """
    if not len(architectures):
        raise ValueError("architectures is empty; give at least one.")
    for layers in architectures:
        model = Autoencoder(layers, **arguments)
        if model.layers[0] != X.shape[1] or model.n_latent != 2:
            raise ValueError(
                f"{name_of(layers)} does not fit: samples have {X.shape[1]} features, and the map "
                f"needs 2 latent units."
            )
    return {name_of(layers): tuple(layers) for layers in architectures}


def name_of(layers: Sequence[int]) -> str:
    """Return "35-2-35" for (35, 2, 35)."""
    return "-".join(map(str, layers))
