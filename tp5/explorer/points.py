"""What an explorer takes for a point of the latent space, and for a drawing."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets


class Point(traitlets.TraitType):
    """A point of the latent space: whatever the explorer takes for one, as an array."""

    def validate(self, explorer: Any, z: Any) -> np.ndarray:
        """Return it as an array of floats; raise ValueError if it is none."""
        return explorer.check_point("z", z)


class Drawing(traitlets.TraitType):
    """A drawing: a picture of the shape that the explorer's have, or None."""

    allow_none = True
    default_value = None

    def validate(self, explorer: Any, drawing: Any) -> np.ndarray | None:
        """Return it as an array of floats; raise ValueError if it is none."""
        return explorer.check_drawing(drawing)


def as_ink(picture: np.ndarray) -> bytes:
    """Return a picture in [0, 1] as bytes, 255 is ink."""
    return np.round(255 * np.asarray(picture)).astype(np.uint8).tobytes()
