"""Drawing into a network: what is on the explorer's pad, and where the encoder says it lies."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from .points import Drawing, as_ink
from .walk import Walk


class Pad(Walk):
    """A walk on which one can draw; see `LatentExplorer`."""

    drawing = Drawing()

    def _listen(self) -> None:
        super()._listen()
        self.canvas.observe(self._hear_drawing, names="drawing")

    drawn_by_canvas = False

    def _hear_drawing(self, change: Any) -> None:
        """The browser has drawn; it has moved z as well."""
        if change["new"] is None or self.drawn_here:
            return
        picture = np.frombuffer(change["new"], np.uint8).reshape(self.data.shape) / 255
        self.drawn_by_canvas = True
        try:
            self.drawing = picture
        finally:
            self.drawn_by_canvas = False

    drawn_here = False

    @traitlets.observe("drawing")
    def _draw(self, change: Any) -> None:
        """Python has set a drawing: show it, and go where the encoder says."""
        if self.drawn_by_canvas:
            return
        drawing = change["new"]
        self.drawn_here = True
        try:
            with self.canvas.hold_sync():
                self.canvas.draw = self.canvas.draw or drawing is not None
                ink = None if drawing is None else as_ink(drawing)
                self.canvas.set_trait("drawing", ink)
        finally:
            self.drawn_here = False
        if drawing is not None:
            self.z = self.data.model.encode(drawing.reshape(1, -1))[0]

    @property
    def at_drawing(self) -> bool:
        """Whether z is the code of the drawing."""
        if self.drawing is None:
            return False
        code = self.data.model.encode(self.drawing.reshape(1, -1))[0]
        return bool(np.allclose(code, self.z, atol=1e-3 * max(self.data.reach, 1e-9), rtol=1e-4))

    def check_drawing(self, drawing: Any) -> np.ndarray | None:
        """Return a drawing as an array of the pictures' shape, in 256 steps, checked."""
        if drawing is None:
            return None
        if not self.data.can_draw:
            raise ValueError("there is no drawing where samples are shown by other images than X.")
        try:
            picture = np.array(drawing, dtype=float)
        except (TypeError, ValueError):
            picture = np.array(np.nan)
        shape = self.data.shape
        if picture.shape not in (shape, (int(np.prod(shape)),)):
            raise ValueError(f"a drawing must have shape {shape}, not {picture.shape}.")
        if not (picture.min() >= 0 and picture.max() <= 1):
            raise ValueError("a drawing must have values in [0, 1]; scale them.")
        return np.frombuffer(as_ink(picture), np.uint8).reshape(shape) / 255
