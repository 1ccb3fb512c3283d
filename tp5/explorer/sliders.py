"""A slider for each latent dimension, the decoded picture, and a map that says where one is."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np

from ..latent import nearest_sample
from .stills import INVISIBLE, SIDE, png_url


class LatentSliders(widgets.HBox):
    """Sliders for z, and beside them the map of the data and what the decoder makes of z.

    Parameters
    ----------
    model : Autoencoder or any model with ``encode`` and ``decode``
        One trained run (``model.best``, ``model[0]``) with a two-dimensional latent space.
    X : ndarray, shape (n_samples, height·width)
        The data: where they lie is the map, and where sliders reach.
    labels : sequence of str
        One for each sample.
    shape : tuple of int
        Height and width of a picture.

    Attributes
    ----------
    z : ndarray, shape (n_latent,)
        Where we are. Setting it moves the sliders.
    image : ndarray, shape (height, width)
        What the decoder makes of it.

    Raises
    ------
    ModelError
        If the model is not trained.
    ValueError
        If it has several runs or its latent space is not two-dimensional, or if the labels or
        the shape do not fit.
    """

    def __init__(
        self,
        model: Any,
        X: np.ndarray,
        labels: Sequence[str],
        shape: tuple[int, int] = (7, 5),
    ) -> None:
        check_explorable(model, X, labels, shape)
        if model.n_latent != 2:
            raise ValueError(f"the map needs 2 latent dimensions; this model has {model.n_latent}.")
        self.model, self.X, self.shape = model, np.asarray(X), shape
        self.labels = [INVISIBLE.get(label, label) for label in labels]
        self.codes = model.encode(X)
        start, _ = nearest_sample(self.codes.mean(axis=0), self.codes)
        low, high = self.codes.min(axis=0), self.codes.max(axis=0)
        margin = 0.15 * (high - low)
        self.low, self.high = low - margin, high + margin
        self.sliders = [
            widgets.FloatSlider(
                value=float(self.codes[start, axis]),
                min=float(self.low[axis]),
                max=float(self.high[axis]),
                step=float(self.high[axis] - self.low[axis]) / 200,
                description=f"z{axis + 1}",
                readout_format=".2f",
                continuous_update=True,
            )
            for axis in range(2)
        ]
        self.view = widgets.HTML()
        self.moving = False
        for slider in self.sliders:
            slider.observe(self._redraw, names="value")
        super().__init__([widgets.VBox(self.sliders), self.view])
        self._redraw()

    @property
    def z(self) -> np.ndarray:
        """Where the sliders stand, shape (n_latent,)."""
        return np.array([slider.value for slider in self.sliders])

    @z.setter
    def z(self, z: Sequence[float]) -> None:
        wanted = np.asarray(z, dtype=float)
        if wanted.shape != (len(self.sliders),) or not np.isfinite(wanted).all():
            raise ValueError(f"z must be {len(self.sliders)} finite numbers, not {z}.")
        self.moving = True  # draw once, not once a slider
        try:
            for slider, value in zip(self.sliders, wanted, strict=True):
                slider.value = float(np.clip(value, slider.min, slider.max))
        finally:
            self.moving = False
        self._redraw()

    @property
    def image(self) -> np.ndarray:
        """What the decoder makes of z, shape (height, width), values in [0, 1]."""
        return self.model.decode(self.z[None])[0].reshape(self.shape)

    def __repr__(self) -> str:
        return f"{type(self).__name__} at z = ({self.z[0]:.2f}, {self.z[1]:.2f})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add a still picture, for readers who have no kernel: on the web, or before running."""
        data = super()._repr_mimebundle_(**kwargs)
        still = f"{self._pictures(self.image)}<p>Run this cell to move the sliders.</p>"
        return data | {"text/plain": repr(self), "text/html": still}

    def _redraw(self, _change: object = None) -> None:
        if self.moving:
            return
        self.view.value = (
            f'<div style="display:flex;gap:24px;align-items:flex-start">'
            f"{self._map_svg()}{self._pictures(self.image)}</div>"
        )

    def _pictures(self, image: np.ndarray) -> str:
        """Return what stands beside the map; a subclass may show more."""
        caption = self._caption(image)
        spoken = f"decoded picture at z = ({self.z[0]:.2f}, {self.z[1]:.2f}); {caption}"
        return self._figure(image, spoken, caption)

    def _figure(self, image: np.ndarray, spoken: str, caption: str) -> str:
        """Return one picture, shape (height, width) with 1 as ink, over its caption."""
        width = SIDE * self.shape[1] // self.shape[0]
        return (
            f'<figure style="margin:0"><img alt="{html.escape(spoken)}" src="{png_url(1 - image)}" '
            f'style="image-rendering:pixelated;width:{width}px;height:{SIDE}px;'
            f'border:1px solid #999"><figcaption>{html.escape(caption)}</figcaption></figure>'
        )

    def _caption(self, image: np.ndarray) -> str:
        """Say where we are; a subclass may say more, of the picture too."""
        nearest, distance = nearest_sample(self.z, self.codes)
        return f"nearest code: {self.labels[nearest]}, at distance {distance:.2f}"

    def _map_svg(self) -> str:
        """Draw the codes and z as an SVG map, z2 upwards."""

        def place(z: np.ndarray) -> np.ndarray:
            fraction = (z - self.low) / (self.high - self.low)
            return np.stack([fraction[..., 0], 1 - fraction[..., 1]], axis=-1) * SIDE

        x, y = place(self.z)
        marks = self._marks(place(self.codes))
        return (
            f'<svg role="img" aria-label="map of the latent space with the point z" '
            f'width="{SIDE}" height="{SIDE}" style="border:1px solid #999;background:#fff">'
            f'<g font-size="14" text-anchor="middle" fill="#0072B2">{marks}</g>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="none" stroke="#D55E00" '
            f'stroke-width="3"/></svg>'
        )

    def _marks(self, places: np.ndarray) -> str:
        """Return the SVG that marks the codes, at places of shape (n_samples, 2) in pixels."""
        return "".join(
            f'<text x="{x:.1f}" y="{y:.1f}">{html.escape(label)}</text>'
            for (x, y), label in zip(places, self.labels, strict=True)
        )


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
