"""Noise by hand: click on pixels, or slide a level, and see what the denoiser makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from ..analysis import nearest_lookup
from ..checks import as_data, as_labels, at_least, shown
from ..datasets.noise import NOISES, Noise
from ..plots import glyph_rgb
from ..plots.picture import Picture
from .cells import close_with_cell, forget
from .controls import bound, close_controls, slider
from .dense import dense, script, style
from .latent_data import guess_shape
from .stills import WithStill, still_pictures, visible


class NoisePlayground(WithStill, anywidget.AnyWidget):
    """A character clean, spoilt and restored; what spoils it is a slider, and your own clicks.

    The random numbers stay the same while the level moves: a pixel that is hit at a low level is
    hit at a higher one too. The button draws others. A click turns a pixel over, whatever the
    noise has made of it, until another character is chosen.

    Encoder and decoder run in the browser, which asks for their weights once; they never enter a
    saved notebook. In Python, `noisy` and `restored` are the same pictures by NumPy.

    Parameters
    ----------
    model : Autoencoder or VariationalAutoencoder
        One trained run (``model.best``, ``model[0]``).
    X : ndarray, shape (n_samples, height·width), values in [0, 1]
        Clean characters.
    labels : sequence of str, optional
        Their names; by default they are numbered.
    shape : tuple of int
        Height and width of a picture.
    level : float in [0, 1]
        Where the level begins.
    kind : {"flip", "salt_and_pepper", "gaussian", "masking"}
    seed : int
        Of the first noise; each press of the button takes the next one.

    Attributes
    ----------
    character : str
    level : float
    kind : str
    seed : int
        These four can be set, which moves the screen.
    controls : dict of str to ipywidgets widget
        "position" (the character), "level", "kind" and "seed" as widgets of their own, to lay out,
        link or hand to ``interact`` like any other.
    toggled : list of (row, column)
        Pixels that were clicked.
    noisy, restored : ndarray, shape (height, width)
    wrong : dict of str to int
        Wrong pixels of "noisy", "restored" and "nearest" (see `tp5.analysis.nearest_lookup`).

    Raises
    ------
    ModelError
        If the model is not trained.
    ValueError
        If it has several runs, or an argument, or what is set, does not fit.

    Examples
    --------
    >>> playground = NoisePlayground(denoiser, font.X, font.labels)  # doctest: +SKIP
    >>> playground.toggle(0, 2)  # doctest: +SKIP
    >>> playground.wrong  # doctest: +SKIP
    {'noisy': 5, 'restored': 0, 'nearest': 0}
    >>> ipywidgets.link((playground, "level"), (other, "level"))  # doctest: +SKIP
    >>> playground.controls["level"]  # below the next cell, too  # doctest: +SKIP
    """

    _esm = script("element.js", "dense.js", "noise_playground.js")
    _css = style("controls.css", "noise_playground.css", "words.css")
    position = traitlets.Int(0).tag(sync=True)
    # Of no type: the checks below say more than a trait would. None has a default.
    level: Any = traitlets.TraitType(...).tag(sync=True)
    kind: Any = traitlets.TraitType(...).tag(sync=True)
    seed: Any = traitlets.TraitType(...).tag(sync=True)
    clicks = traitlets.List(traitlets.Int()).tag(sync=True)  # pixels, counted row after row

    def __init__(
        self,
        model: Any,
        X: np.ndarray,
        labels: Sequence[str] | None = None,
        shape: tuple[int, int] = (7, 5),
        level: float = 0.1,
        kind: str = "flip",
        seed: int = 0,
    ) -> None:
        self.encoder, self.decoder = dense(model, "encoder"), dense(model, "decoder")
        self.model, self.X = model, check_pictures(model, X)
        self.shape = guess_shape(self.X.shape[1], shape)
        if len(self.shape) != 2:
            raise ValueError("noise by hand is for pictures in grey: give shape=(height, width).")
        names = range(len(self.X)) if labels is None else labels
        self.labels = as_labels("labels", names, len(self.X))
        super().__init__(level=level, kind=kind, seed=seed)
        self.observe(self._forget_clicks, names="position")
        self.observe(self._send_draws, names="seed")
        self.on_msg(self._answer)
        close_with_cell(self)

    @cached_property
    def controls(self) -> dict[str, Any]:
        """The settings as ipywidgets, made when asked for."""
        names = [(label, k) for k, label in enumerate(visible(self.labels))]
        kinds = [(kind.replace("_", " "), kind) for kind in NOISES]
        return bound(
            self,
            {
                "position": widgets.Dropdown(options=names, description="character"),
                "level": slider(0.0, 1.0, 0.01, "noise level"),
                "kind": widgets.Dropdown(options=kinds, description="kind"),
                "seed": widgets.BoundedIntText(min=0, max=2**31, description="seed"),
            },
        )

    def close(self) -> None:
        """Take it and its controls off the screen."""
        close_controls(self)
        super().close()
        forget(self)

    # --- What can be set --------------------------------------------------------------------------

    @traitlets.validate("level")
    def _check_level(self, proposal: Any) -> float:
        return float(Noise("flip", proposal["value"]).level)

    @traitlets.validate("kind")
    def _check_kind(self, proposal: Any) -> str:
        return Noise(proposal["value"], 0.0).kind

    @traitlets.validate("seed")
    def _check_seed(self, proposal: Any) -> int:
        return at_least("seed", proposal["value"], low=0)

    @property
    def character(self) -> str:
        """Which character is shown."""
        return self.labels[self.position]

    @character.setter
    def character(self, label: str) -> None:
        if not isinstance(label, str) or label not in self.labels:
            raise ValueError(
                f"there is no character {shown(label)} here; choose one of the labels."
            )
        self.position = self.labels.index(label)

    @property
    def toggled(self) -> list[tuple[int, int]]:
        """Pixels that were clicked, as (row, column)."""
        return [divmod(pixel, self.shape[1]) for pixel in self.clicks]

    def toggle(self, row: int, column: int) -> None:
        """Turn a pixel of the noisy picture over, or back: a click on it.

        Raises
        ------
        ValueError
            If there is no such pixel.
        """
        height, width = self.shape
        if not (is_index(row, height) and is_index(column, width)):
            raise ValueError(
                f"there is no pixel ({shown(row)}, {shown(column)}): rows go from 0 to "
                f"{height - 1} and columns from 0 to {width - 1}."
            )
        pixel = int(row) * width + int(column)
        self.clicks = sorted({pixel} ^ set(self.clicks))

    def draw_again(self) -> None:
        """Draw other noise of the same kind and level: a press of the button."""
        self.seed += 1

    def _forget_clicks(self, _change: Any) -> None:
        self.clicks = []

    # --- The pictures -----------------------------------------------------------------------------

    def pictures(self) -> dict[str, np.ndarray]:
        """Return the pictures "clean", "noisy", "restored" and "nearest", each (height, width)."""
        clean = self.X[[self.position]]  # (1, height·width)
        noisy = Noise(self.kind, self.level)(clean, self.seed)
        noisy[0, self.clicks] = 1 - noisy[0, self.clicks]
        answers = {
            "restored": self.model.reconstruct(noisy),
            "nearest": nearest_lookup(noisy, self.X),
        }
        pictures = {"clean": clean, "noisy": noisy, **answers}
        return {name: picture.reshape(self.shape) for name, picture in pictures.items()}

    @property
    def noisy(self) -> np.ndarray:
        """The spoilt picture, shape (height, width), values in [0, 1]."""
        return self.pictures()["noisy"]

    @property
    def restored(self) -> np.ndarray:
        """What the denoiser makes of it, shape (height, width), values in [0, 1]."""
        return self.pictures()["restored"]

    @property
    def wrong(self) -> dict[str, int]:
        """Wrong pixels of "noisy", "restored" and "nearest", after rounding at ½."""
        clean, *others = self.pictures().items()
        return {name: int(((p > 0.5) != (clean[1] > 0.5)).sum()) for name, p in others}

    # --- What the browser is told -----------------------------------------------------------------

    def draws(self) -> np.ndarray:
        """Return the random numbers of this seed's noise, for the browser.

        Returns
        -------
        ndarray, shape (3, height·width)
            What decides whether a pixel is hit, what salt and pepper then make of it, and the
            Gaussian noise of σ = 1: the numbers that `tp5.datasets.noise` draws from the same seed.
        """
        size = self.X.shape[1]
        uniform = np.random.default_rng(self.seed).random((2, size))
        return np.vstack([uniform, np.random.default_rng(self.seed).standard_normal(size)])

    def _send_draws(self, _change: Any = None) -> None:
        self.send({"kind": "draws", "seed": self.seed}, [self.draws().tobytes()])

    def _answer(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        """Send a view the model, the characters and the random numbers that it asks for."""
        if message.get("kind") != "ask":
            return
        (encoder, encoding), (decoder, decoding) = self.encoder, self.decoder
        about = {"encoder": encoder, "decoder": decoder, "shape": self.shape}
        names = {"labels": visible(self.labels), "kinds": list(NOISES)}
        arrays = [encoding, decoding, self.X.astype(np.float32)]
        self.send({"kind": "data"} | about | names, [array.tobytes() for array in arrays])
        self._send_draws()

    # --- How it looks without a kernel ------------------------------------------------------------

    def __repr__(self) -> str:
        clicks = f", {len(self.clicks)} pixels clicked" if self.clicks else ""
        (name,) = visible([self.character])
        return f"NoisePlayground at {name}, {self.kind} {self.level:g}{clicks}: {self.wrong}"

    def still(self) -> Picture:
        """Return the character clean, noisy, restored and looked up as a picture."""
        pictures, wrong = self.pictures(), self.wrong
        captions = {"clean": "clean"} | {
            name: f"{name}: {count} wrong pixel{'' if count == 1 else 's'}"
            for name, count in wrong.items()
        }
        shown = {
            captions[name]: glyph_rgb(picture, pictures["clean"])
            for name, picture in pictures.items()
        }
        (label,) = visible([self.character])
        colours = "Orange: ink is missing. Blue: ink too much."
        return still_pictures(shown, f"{label}, {', '.join(shown)}. {colours}").picture()


def check_pictures(model: Any, X: np.ndarray) -> np.ndarray:
    """Return the pictures that a model is to see, shape (n_samples, n_features), checked.

    Raises
    ------
    ValueError
        If they have another width or a runs axis, or values that are not in [0, 1].
    """
    X = as_data("X", X, model.layers[0])
    if X.ndim != 2:
        raise ValueError(f"X has shape {X.shape}, but must be (n_samples, {model.layers[0]}).")
    if X.min() < 0 or X.max() > 1:
        raise ValueError(
            f"X has values from {X.min():g} to {X.max():g}; pixels must lie in [0, 1], so scale it."
        )
    return X


def is_index(value: object, length: int) -> bool:
    """Whether a value is a whole number from 0 to length − 1."""
    return isinstance(value, int | np.integer) and bool(0 <= value < length)
