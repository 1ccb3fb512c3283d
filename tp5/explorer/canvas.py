"""What the browser draws of an explorer, and what both sides know of each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from .dense import script, style
from .latent_data import LatentData
from .page import EXPLORER
from .sliders import LinkedSlider


def as_bytes(value: Any, _widget: Any) -> bytes | None:
    """Return what the browser has sent as bytes; None stays."""
    return None if value is None else bytes(value)


class ExplorerCanvas(anywidget.AnyWidget):
    """What the browser draws; `LatentExplorer` puts the sliders below it.

    The decoder runs in the browser. Its weights, the codes and the pictures go there once, when a
    view asks for them, and never into a saved notebook; the encoder's follow when somebody draws.
    What both sides know of each other is little: s1, s2, … (the point, in `Coordinates`), the ends
    of the path, the drawing, and some switches.
    """

    _esm = script(*EXPLORER, "in_notebook.js")
    _css = style("latent_explorer.css", "words.css")
    key = traitlets.Unicode().tag(sync=True)
    sliders: Any = traitlets.List().tag(sync=True, **widgets.widget_serialization)
    a = traitlets.List(traitlets.Float()).tag(sync=True)
    b = traitlets.List(traitlets.Float()).tag(sync=True)
    t = traitlets.Float(0.0).tag(sync=True)
    pca = traitlets.Bool(False).tag(sync=True)
    threshold = traitlets.Bool(False).tag(sync=True)
    manifold = traitlets.Bool(False).tag(sync=True)
    loop = traitlets.Bool(True).tag(sync=True)
    across = traitlets.Int(0).tag(sync=True)
    upwards = traitlets.Int(1).tag(sync=True)
    draw = traitlets.Bool(False).tag(sync=True)
    drawing = traitlets.Bytes(None, allow_none=True).tag(
        sync=True, echo_update=False, from_json=as_bytes
    )

    def __init__(
        self, data: LatentData, about: dict[str, Any], sliders: Sequence[LinkedSlider], **state: Any
    ) -> None:
        self.data: LatentData | None = data
        self.about = about
        self.linked = False  # whether a browser moves point and sliders together
        super().__init__(key=data.key, sliders=list(sliders))
        self.point = [f"s{i + 1}" for i in range(data.n_latent)]
        self.add_traits(**{key: traitlets.Float(0.0).tag(sync=True) for key in self.point})
        for name, value in state.items():
            setattr(self, name, value)
        self.on_msg(self._answer)

    @property
    def s(self) -> np.ndarray:
        """The point, in `Coordinates`, shape (n_latent,)."""
        return np.array([getattr(self, key) for key in self.point])

    def _answer(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        """Send the browser what it asks for."""
        self.linked = True
        if self.data is None:  # closed
            return
        kind = message.get("kind")
        if kind == "ask":
            arrays = [array.tobytes() for array in self.data.arrays()]
            self.send({"kind": "data", "about": self.about}, arrays)
        elif kind == "encoder":
            layers, weights = self.data.encoder()
            self.send({"kind": "encoder", "layers": layers}, [weights.tobytes()])
        elif kind == "picture":
            sample = int(message["sample"])
            picture = np.round(self.data.pictures[sample] * 255).astype(np.uint8)
            self.send({"kind": "picture", "sample": sample}, [picture.tobytes()])

    def close(self) -> None:
        """Take it off the screen, and let go of the data."""
        self.data, self.about = None, {}
        super().close()
