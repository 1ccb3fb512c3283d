"""Looking for a new letter by hand, and walking from one character to another."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np

from ..latent import nearest_glyphs
from .sliders import LatentSliders, check_explorable
from .stills import SIDE, png_url


class NewLetterSliders(LatentSliders):
    """`LatentSliders` that also say how original the picture is.

    Attributes
    ----------
    originality : int
        Pixels in which the picture differs from the nearest known character.
    """

    @property
    def originality(self) -> int:
        """Pixels in which the picture differs from the nearest known character."""
        return self._nearest(self.image)[1]

    def _nearest(self, image: np.ndarray) -> tuple[str, int]:
        (index,), (distance,) = nearest_glyphs(image.reshape(1, -1), self.X)
        return self.labels[index], int(distance)

    def _caption(self, image: np.ndarray) -> str:
        label, distance = self._nearest(image)
        away = "exactly" if distance == 0 else f"but {distance} pixels away"
        return f"{super()._caption(image)}; nearest picture: {label}, {away}"


class InterpolationSliders(widgets.VBox):
    """Two characters to choose, and a slider that walks from the code of one to that of the other.

    Parameters
    ----------
    model : Autoencoder or any model with ``encode`` and ``decode``
        One trained run.
    X : ndarray, shape (n_samples, height·width)
    labels : sequence of str
    start, end : str
        Which characters it begins with.
    shape : tuple of int
        Height and width of a picture.

    Attributes
    ----------
    start, end : str
        The two characters. Setting one moves the choice.
    t : float in [0, 1]
        How far we have walked: z = (1 − t)·start + t·end.
    image : ndarray, shape (height, width)

    Raises
    ------
    ModelError
        If the model is not trained.
    ValueError
        If it has several runs, a character is not among the labels, or the shape does not fit.
    """

    def __init__(
        self,
        model: Any,
        X: np.ndarray,
        labels: Sequence[str],
        start: str,
        end: str,
        shape: tuple[int, int] = (7, 5),
    ) -> None:
        check_explorable(model, X, labels, shape)
        self.model, self.X, self.labels, self.shape = model, np.asarray(X), list(labels), shape
        self.codes = model.encode(X)
        options = [
            ({" ": "space", "\x7f": "DEL"}.get(label, label), position)
            for position, label in enumerate(self.labels)
        ]
        self.choices = [
            widgets.Dropdown(options=options, value=self._position(label), description=name)
            for name, label in (("from", start), ("to", end))
        ]
        self.slider = widgets.FloatSlider(min=0, max=1, step=0.02, description="t")
        self.view = widgets.HTML()
        for control in (*self.choices, self.slider):
            control.observe(self._redraw, names="value")
        super().__init__([widgets.HBox(self.choices), self.slider, self.view])
        self._redraw()

    def _position(self, label: str) -> int:
        if label not in self.labels:
            raise ValueError(f"there is no character {label!r} here; choose one of the labels.")
        return self.labels.index(label)

    @property
    def start(self) -> str:
        """The character at t = 0."""
        return self.labels[self.choices[0].value]

    @start.setter
    def start(self, label: str) -> None:
        self.choices[0].value = self._position(label)

    @property
    def end(self) -> str:
        """The character at t = 1."""
        return self.labels[self.choices[1].value]

    @end.setter
    def end(self, label: str) -> None:
        self.choices[1].value = self._position(label)

    @property
    def t(self) -> float:
        """How far we have walked, in [0, 1]."""
        return self.slider.value

    @t.setter
    def t(self, t: float) -> None:
        if not 0 <= t <= 1:
            raise ValueError(f"t must lie in [0, 1], from start to end, not {t!r}.")
        self.slider.value = float(t)

    @property
    def image(self) -> np.ndarray:
        """What the decoder makes of the point, shape (height, width), values in [0, 1]."""
        start, end = (self.codes[choice.value] for choice in self.choices)
        z = (1 - self.t) * start + self.t * end
        return self.model.decode(z[None])[0].reshape(self.shape)

    def __repr__(self) -> str:
        return f"InterpolationSliders from {self.start} to {self.end} at t = {self.t:.2f}"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add a still picture, for readers who have no kernel."""
        data = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), "text/html": self.view.value}

    def _redraw(self, _change: object = None) -> None:
        image = self.image
        (index,), (distance,) = nearest_glyphs(image.reshape(1, -1), self.X)
        away = "exactly" if distance == 0 else f"but {distance} pixels away"
        caption = (
            f"t = {self.t:.2f} on the way from {self.start} to {self.end}; nearest picture: "
            f"{self.labels[index]}, {away}"
        )
        self.view.value = figure_html(image, caption)


def figure_html(image: np.ndarray, caption: str) -> str:
    """Return a picture, shape (height, width) in [0, 1] (1 is ink), with its caption as HTML."""
    width = SIDE * image.shape[1] // image.shape[0]
    return (
        f'<figure style="margin:0"><img alt="{html.escape(caption)}" src="{png_url(1 - image)}" '
        f'style="image-rendering:pixelated;width:{width}px;height:{SIDE}px;'
        f'border:1px solid #999"><figcaption>{html.escape(caption)}</figcaption></figure>'
    )
