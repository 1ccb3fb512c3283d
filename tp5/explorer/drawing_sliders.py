"""The sliders for drawings: hundreds of them have no letter, but each has a picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..latent import nearest_sample
from .sliders import LatentSliders


class DrawingSliders(LatentSliders):
    """Sliders for z; beside the decoded picture, the known drawing whose code is nearest.

    Parameters
    ----------
    model : VariationalAutoencoder or any model with ``encode`` and ``decode``
        One trained run with a two-dimensional latent space.
    X : ndarray, shape (n_samples, height·width), 1 is ink
        The drawings: a dot each in the map, named by their number.
    shape : tuple of int
        Height and width of a drawing.
    """

    def __init__(self, model: Any, X: np.ndarray, shape: tuple[int, int] = (80, 80)) -> None:
        super().__init__(model, X, [f"drawing {number}" for number in range(len(X))], shape)

    def _pictures(self, image: np.ndarray) -> str:
        nearest, _ = nearest_sample(self.z, self.codes)
        decoded = f"decoded at z = ({self.z[0]:.2f}, {self.z[1]:.2f})"
        caption = self._caption(image)
        known = self._figure(
            self.X[nearest].reshape(self.shape), f"known drawing; {caption}", caption
        )
        return self._figure(image, f"picture {decoded}; {caption}", decoded) + known

    def _marks(self, places: np.ndarray) -> str:
        """Return one path of lines without length, whose round ends are the dots."""
        moves = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in places)
        return f'<path d="{moves}" stroke="#0072B2" stroke-width="4" stroke-linecap="round"/>'
