"""A training as a film: letters spread, saturate, or fall together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from ..checks import as_sequence, position
from ..files import atomic_write
from ..plots import latent_maps
from ..plots.picture import Picture
from .cells import close_with_cell, forget
from .controls import bound, close_controls, slider
from .dense import script, style
from .film_pictures import film_gif
from .latent_data import guess_shape
from .page import document, encoded
from .recording import Recording, moment
from .stills import WithStill, visible
from .training_settings import check_samples

FILM = ("element.js", "gif.js", "picture.js", "film_stage.js", "training_film.js")
SHOWN = 8  # samples whose reconstructions are seen


class TrainingFilm(WithStill, anywidget.AnyWidget):
    """Record a training, and watch it: a callback of ``fit``, and what it has seen as a film.

    A map of the latent space with the codes of the untrained network and after every ``every``-th
    epoch (for a variational autoencoder with the clouds' σ), the loss with a mark that moves, what
    the decoder makes of a few samples, a slider for the time, and play. On the screen while it
    trains, it grows.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
        Whose codes are seen: the training's data, or others.
    labels : sequence of str, optional
        One for each sample. Up to seven different ones are classes; short ones stand on the map.
    every : int >= 1
        Epochs from one picture to the next.
    shown : sequence of int, optional
        Samples whose reconstructions are seen; eight, evenly spread, by default.
    shape : tuple of int, optional
        Height and width of a picture (and 3 for colour), where the number of pixels does not tell.

    Attributes
    ----------
    frame : int
        Which picture is seen, from 0. It can be set, and observed.
    run : int
        Which run is seen; at the end of a training the best one.
    recording : Recording
    controls : dict of str to ipywidgets widget
        "frame" and "run", to lay out or link like any other.

    Raises
    ------
    ValueError
        If X, labels, shown and shape do not fit; in ``fit``, if the model has 1 latent unit.

    Examples
    --------
    >>> film = TrainingFilm(font.X, font.labels, every=5)  # doctest: +SKIP
    >>> model.fit(font.X, epochs=500, rng=0, callbacks=[film])  # doctest: +SKIP
    >>> film  # doctest: +SKIP
    """

    _esm = script(*FILM, "film_in_notebook.js")
    _css = style("controls.css", "training_film.css", "words.css")
    frame = traitlets.Int(0).tag(sync=True)
    run = traitlets.Int(0).tag(sync=True)
    from_start = Recording.from_start  # what `fit` asks of a callback

    def __init__(
        self,
        X: np.ndarray,
        labels: Sequence[str] | None = None,
        every: int = 1,
        shown: Sequence[int] | None = None,
        shape: Sequence[int] | None = None,
    ) -> None:
        self.X = check_samples(X, labels)
        self.shape = guess_shape(self.X.shape[1], shape)
        self.labels = None if labels is None else visible(labels)
        some = np.linspace(0, len(self.X) - 1, min(SHOWN, len(self.X))).round().astype(int)
        self.shown = some.tolist() if shown is None else check_shown(shown, len(self.X))
        self.recording = Recording(self.X, every, self.shown, self._tell)
        self.told: int | None = None  # pictures that the views have; None where nobody looks
        super().__init__()
        self.on_msg(self._answer)
        close_with_cell(self)

    def __call__(self, model: Any, epoch: int, loss: np.ndarray) -> None:
        """Record an epoch: ``fit`` calls it."""
        self.recording(model, epoch, loss)
        self.run = self.recording.best
        self.frame = self.n_frames - 1

    @property
    def n_frames(self) -> int:
        """Pictures that there are."""
        return len(self.recording.epochs)

    @traitlets.validate("frame", "run")
    def _check(self, proposal: Any) -> int:
        name = proposal["trait"].name
        n = self.n_frames if name == "frame" else self.recording.n_runs
        if not 0 <= proposal["value"] < max(n, 1):
            raise ValueError(f"{name} must be from 0 to {max(n, 1) - 1}, not {proposal['value']}.")
        return proposal["value"]

    @cached_property
    def controls(self) -> dict[str, Any]:
        """The settings as ipywidgets, made when asked for; after the training, for its length."""
        runs = list(range(max(1, self.recording.n_runs)))
        return bound(
            self,
            {
                "frame": slider(0, max(1, self.n_frames - 1), 1, "picture"),
                "run": widgets.Dropdown(options=runs, description="run"),
            },
        )

    def close(self) -> None:
        """Take it and its controls off the screen, and let go of the film."""
        close_controls(self)
        if hasattr(self, "recording"):
            self.recording.start_again()
        super().close()
        forget(self)

    # --- What the browser is told -----------------------------------------------------------------

    def about(self, first: int = 0) -> dict[str, Any]:
        """Return the film from a picture on, but for the arrays, as JSON can hold it."""
        recording = self.recording
        begin = recording.epochs[first - 1] + 1 if first else 0  # losses that are told already
        losses = [[x if np.isfinite(x) else None for x in row] for row in recording.losses[begin:]]
        return {
            "labels": self.labels,
            "n_samples": len(self.X),
            "n_runs": recording.n_runs,
            "epochs": recording.epochs[first:],
            "losses": losses,
            "shape": list(self.shape),
            "shown": [self.labels[k] if self.labels else f"sample {k}" for k in self.shown],
            "variational": bool(recording.sigma),
            "box": recording.box() if recording.codes else [0.0, 1.0, 0.0, 1.0],
        }

    def arrays(self, first: int = 0) -> list[np.ndarray]:
        """Return codes, σ and reconstructions from a picture on, and the samples as bytes."""
        recording = self.recording
        kept = [recording.codes, recording.sigma, recording.pictures]
        samples = np.round(255 * np.clip(self.X[self.shown], 0, 1)).astype(np.uint8)
        return [np.array(part[first:]) for part in kept] + [samples]

    def _answer(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        if message.get("kind") == "ask":
            self.told = 0
            self._tell()

    def _tell(self) -> None:
        """Send the views what they do not have yet; a new training begins a new film."""
        if self.told is None:
            return
        first = self.told if self.told < self.n_frames else 0
        # A loss between two pictures comes with the second: the first has told none after its own.
        arrays = [array.tobytes() for array in self.arrays(first)]
        self.send({"kind": "film", "first": first, "about": self.about(first)}, arrays)
        self.told = self.n_frames

    # --- Files ------------------------------------------------------------------------------------

    def save_html(self, path: str | os.PathLike[str], title: str = "A training") -> None:
        """Write the film as one page that needs no kernel, no server and no network.

        Parameters
        ----------
        path : path
            The page; replaced if it exists.
        title : str
            Its heading.

        Raises
        ------
        ValueError
            If nothing is recorded yet.
        FileNotFoundError
            If the folder does not exist.
        """
        self._check_recorded()
        arrays = [encoded(array.tobytes()) for array in self.arrays()]
        content = {"about": self.about(), "state": {"frame": 0, "run": self.run}, "arrays": arrays}
        page = document(
            title,
            style("page.css", "controls.css", "training_film.css"),
            script(*FILM, "page_model.js", "film_in_page.js"),
            content,
        )
        with atomic_write(path) as file:
            file.write(page.encode())

    def save_gif(self, path: str | os.PathLike[str], seconds: float = 0.12) -> None:
        """Write the film as a GIF: the map and the loss, for the run that is seen.

        Parameters
        ----------
        path : path
        seconds : float
            For each picture.

        Raises
        ------
        ValueError
            If nothing is recorded yet.
        """
        self._check_recorded()
        with atomic_write(path) as file:
            file.write(film_gif(self.recording, self.run, self.labels, seconds))

    def _check_recorded(self) -> None:
        if not self.n_frames:
            raise ValueError("nothing is recorded yet: give the film to fit, callbacks=[film].")

    # --- How it looks without a kernel ------------------------------------------------------------

    def __repr__(self) -> str:
        if not self.n_frames:
            return "TrainingFilm: nothing recorded yet"
        epochs = self.recording.epochs
        pictures = f"{self.n_frames} picture{'' if self.n_frames == 1 else 's'}"
        return f"TrainingFilm of {pictures}, epochs {epochs[0]} to {epochs[-1]}"

    def still(self) -> Picture | None:
        """Return the beginning, the middle and the end of the film as a picture."""
        if not self.n_frames:
            return None
        frames = sorted({0, self.n_frames // 2, self.n_frames - 1})
        codes = [self.recording.codes[k][self.run] for k in frames]
        labels = self.labels or ["·"] * len(self.X)
        titles = [moment(self.recording.epochs[k]) for k in frames]
        figure = latent_maps(codes, [labels] * len(frames), titles, columns=3)
        left, right, low, high = self.recording.box()
        for axis in figure.axes:
            axis.set(xlim=(left, right), ylim=(low, high))  # as the film's map, which does not move
        return figure.picture()


def check_shown(shown: Sequence[int], n_samples: int) -> list[int]:
    """Return the samples to be seen; raise ValueError if there is no such sample."""
    return [position("each of shown", sample, n_samples) for sample in as_sequence("shown", shown)]
