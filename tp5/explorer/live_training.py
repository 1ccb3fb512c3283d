"""Training to play with: move a slider, and five runs start again before your eyes."""

from __future__ import annotations

import os
from functools import cached_property
from typing import Any

import numpy as np
import traitlets

from ..plots import CourseFigure, error_panels, latent_map
from ..plots.picture import Picture, together
from .cells import forget
from .controls import bound, close_controls
from .dense import script, style
from .live_runs import LiveRuns
from .stills import WithStill
from .train_page import write_training
from .training_report import best_codes, counted, describe_error
from .training_settings import WITH_MOMENTUM

LIVE = ("element.js", "axes.js", "live_training.js")


class LiveTraining(WithStill, LiveRuns):
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

    @cached_property
    def controls(self) -> dict[str, Any]:
        """The settings as ipywidgets, made when asked for."""
        return bound(self, self.make_controls(len(self.X)))

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
