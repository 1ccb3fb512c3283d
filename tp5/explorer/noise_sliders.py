"""Noise by hand: a character, a kind of noise, a level, and what the denoiser makes of it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np

from ..noise import NOISES, Noise, nearest_lookup
from ..plots.glyphs import glyph_rgb
from .stills import png_url

HEIGHT = 210  # of a picture, pixels on the screen


class NoiseSliders(widgets.VBox):
    """Sliders for the character and the noise level, and the character clean, noisy and restored.

    The random numbers stay the same while the level moves: pixels that are hit at a low level are
    hit at a higher one too. The button draws others.

    Parameters
    ----------
    model : Autoencoder or any model with ``reconstruct``
        One trained run (``model.best``, ``model[0]``).
    X : ndarray, shape (n_samples, height·width)
        Clean characters.
    labels : sequence of str
    level : float in [0, 1]
        Where the level begins.
    kind : {"flip", "salt_and_pepper", "gaussian", "masking"}
    shape : tuple of int
        Height and width of a picture.
    seed : int
        Of the first noise; each press of the button takes the next one.

    Attributes
    ----------
    character : str
    level : float
    kind : str
        These three can be set, which moves the controls.
    noisy, restored : ndarray, shape (height, width)
    wrong : dict of str to int
        Wrong pixels of "noisy", "restored" and "nearest" (see `tp5.noise.nearest_lookup`).

    Raises
    ------
    ModelError
        If the model is not trained.
    ValueError
        If it has several runs, or an argument or what is set does not fit.
    """

    def __init__(
        self,
        model: Any,
        X: np.ndarray,
        labels: Sequence[str],
        level: float = 0.1,
        kind: str = "flip",
        shape: tuple[int, int] = (7, 5),
        seed: int = 0,
    ) -> None:
        check_explorable(model, X, labels, shape)
        Noise(kind, level)  # says what is wrong with them
        self.model, self.X, self.labels, self.shape = model, np.asarray(X), list(labels), shape
        self.seed = seed
        names = [{" ": "space", "\x7f": "DEL"}.get(label, label) for label in self.labels]
        self.character_slider = widgets.SelectionSlider(
            options=[(name, position) for position, name in enumerate(names)],
            description="character",
        )
        self.level_slider = widgets.FloatSlider(
            value=level, min=0, max=1, step=0.01, description="level"
        )
        self.kind_choice = widgets.Dropdown(options=list(NOISES), value=kind, description="noise")
        self.button = widgets.Button(description="draw other noise")
        self.view = widgets.HTML()
        self.controls = (self.character_slider, self.level_slider, self.kind_choice)
        for control in self.controls:
            control.observe(self._redraw, names="value")
        self.button.on_click(self.draw_again)
        super().__init__(
            [
                widgets.HBox([self.character_slider, self.level_slider]),
                widgets.HBox([self.kind_choice, self.button]),
                self.view,
            ]
        )
        self._redraw()

    @property
    def character(self) -> str:
        """Which character is shown."""
        return self.labels[self.character_slider.value]

    @character.setter
    def character(self, label: str) -> None:
        if label not in self.labels:
            raise ValueError(f"there is no character {label!r} here; choose one of the labels.")
        self.character_slider.value = self.labels.index(label)

    @property
    def level(self) -> float:
        """Noise level, in [0, 1]."""
        return self.level_slider.value

    @level.setter
    def level(self, level: float) -> None:
        self.level_slider.value = Noise(self.kind, level).level

    @property
    def kind(self) -> str:
        """Kind of noise."""
        return self.kind_choice.value

    @kind.setter
    def kind(self, kind: str) -> None:
        self.kind_choice.value = Noise(kind, self.level).kind

    def draw_again(self, _button: object = None) -> None:
        """Draw other noise of the same kind and level."""
        self.seed += 1
        self._redraw()

    def _redraw(self, _change: object = None) -> None:
        clean = self.X[[self.character_slider.value]]  # (1, height·width)
        noisy = Noise(self.kind, self.level)(clean, self.seed)
        pictures = {
            "clean": clean,
            "noisy": noisy,
            "restored": self.model.reconstruct(noisy),
            "nearest": nearest_lookup(noisy, self.X),
        }
        self.noisy, self.restored = (
            pictures[name][0].reshape(self.shape) for name in ("noisy", "restored")
        )
        self.wrong = {
            name: int(((picture > 0.5) != (clean > 0.5)).sum())
            for name, picture in pictures.items()
            if name != "clean"
        }
        figures = "".join(
            self._figure(name, picture[0], clean[0]) for name, picture in pictures.items()
        )
        self.view.value = f'<div style="display:flex;gap:24px;flex-wrap:wrap">{figures}</div>'

    def _figure(self, name: str, picture: np.ndarray, clean: np.ndarray) -> str:
        """Return one of the pictures with its caption, wrong pixels coloured, as HTML."""
        caption = name
        if name in self.wrong:
            caption += f": {self.wrong[name]} wrong pixel{'' if self.wrong[name] == 1 else 's'}"
        rgb = glyph_rgb(picture.reshape(self.shape), clean.reshape(self.shape))
        width = HEIGHT * self.shape[1] // self.shape[0]
        return (
            f'<figure style="margin:0"><img alt="{html.escape(f"{self.character}, {caption}")}" '
            f'src="{png_url(rgb)}" style="image-rendering:pixelated;width:{width}px;'
            f'height:{HEIGHT}px;border:1px solid #999"><figcaption>{caption}</figcaption></figure>'
        )

    def __repr__(self) -> str:
        return f"NoiseSliders at {self.character}, {self.kind} {self.level:g}: {self.wrong}"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add still pictures, for readers who have no kernel."""
        data = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), "text/html": self.view.value}


def check_explorable(
    model: Any, X: np.ndarray, labels: Sequence[str], shape: tuple[int, int]
) -> None:
    """Raise ValueError unless this is one run, and labels, shape and X fit each other."""
    if model.n_runs > 1:
        raise ValueError(f"this model has {model.n_runs} runs; take one, such as model.best.")
    if len(labels) != len(X) or np.shape(X)[1] != shape[0] * shape[1]:
        raise ValueError(
            f"{len(labels)} labels and pictures of {shape[0]}×{shape[1]} do not fit X of shape "
            f"{np.shape(X)}."
        )
