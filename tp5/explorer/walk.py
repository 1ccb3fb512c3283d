"""Movement through a latent space: the point z, the sliders, the path from A to B."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
import traitlets

from ..checks import as_data, as_sequence, as_switch, number_in, shown
from .canvas import ExplorerCanvas
from .cells import close_with_cell, forget
from .latent_data import LatentData
from .points import Point
from .sliders import LinkedSlider


class Walk(widgets.VBox):
    """The canvas and the sliders below it, and who of them has been moved; see `LatentExplorer`."""

    z = Point()

    def __init__(
        self,
        model: Any,
        X: np.ndarray,
        labels: Sequence[str] | None = None,
        images: np.ndarray | None = None,
        shape: Sequence[int] | None = None,
        pca: bool = False,
        draw: bool = False,
    ) -> None:
        self._data: LatentData | None = LatentData(model, X, labels, images, shape)
        pca, draw = as_switch("pca", pca), as_switch("draw", draw)
        data, coordinates = self.data, self.data.coordinates[pca]
        if draw and not data.can_draw:
            raise ValueError("drawings have the look of X, not of images: leave one of them out.")
        a, b = coordinates.to_s(data.codes[data.ends()])
        self.sliders = [
            LinkedSlider(
                value=value, min=-data.limit, max=data.limit, step=0.01, description=name,
                readout_format=".2f",
            )
            for value, name in zip(a, coordinates.names, strict=True)
        ]  # fmt: skip
        place = {f"s{i + 1}": float(s) for i, s in enumerate(a)}
        state = {"pca": pca, "draw": draw, "a": a.tolist(), "b": b.tolist()}
        self.canvas = ExplorerCanvas(data, data.describe(), self.sliders, **state, **place)
        self.row = widgets.HBox(self.sliders, layout={"flex_flow": "row wrap"})
        super().__init__([self.canvas, self.row])
        self.set_trait("z", self._z_of_canvas())
        self._listen()
        close_with_cell(self)

    def _listen(self) -> None:
        self.canvas.observe(self._follow, names=[*self.canvas.point, "pca"])
        for slider in self.sliders:
            slider.observe(self._slide, names="value")

    @property
    def data(self) -> LatentData:
        """The model and its data, as the explorer needs them."""
        if self._data is None:
            raise RuntimeError("this explorer is closed, and its data are gone; make another.")
        return self._data

    def close(self) -> None:
        """Take it off the screen, and give its memory back, in the kernel and in the browser."""
        if self.comm is None or not hasattr(self, "row"):  # closed already, or never opened
            return
        for widget in (self.canvas, *self.sliders, self.row):
            for part in (widget.layout, getattr(widget, "style", None)):
                if isinstance(part, widgets.Widget):
                    part.close()
            widget.close()
        self._data = None
        self.layout.close()
        super().close()
        forget(self)

    # --- Where we are ---------------------------------------------------------------------------

    @property
    def coordinates(self) -> Any:
        """The `Coordinates` that sliders and map have now."""
        return self.data.coordinates[self.canvas.pca]

    def _z_of_canvas(self) -> np.ndarray:
        return self.coordinates.to_z(self.canvas.s)

    def _follow(self, change: Any) -> None:
        """The browser, or a setter below, has moved the point."""
        if change["name"] == "pca":
            for slider, name in zip(self.sliders, self.coordinates.names, strict=True):
                slider.description = name
        for slider, value in zip(self.sliders, self.canvas.s, strict=True):
            slider.follow(value)
        z = self._z_of_canvas()
        if not np.array_equal(z, self.z):
            self.moved_by_canvas = True
            try:
                self.z = z
            finally:
                self.moved_by_canvas = False

    moved_by_canvas = False

    def _slide(self, change: Any) -> None:
        """Python has moved a slider; a hand's movement the browser tells of by the canvas."""
        slider = change["owner"]
        if not (slider.by_hand and self.canvas.linked):
            setattr(self.canvas, self.canvas.point[self.sliders.index(slider)], change["new"])

    @traitlets.observe("z")
    def _move(self, change: Any) -> None:
        """Python has set z: move the point and the sliders on every screen."""
        if not self.moved_by_canvas:
            self._place(self.coordinates.to_s(change["new"]))

    def _place(self, s: np.ndarray, **more: Any) -> None:
        point = dict(zip(self.canvas.point, map(float, s), strict=True))
        with self.canvas.hold_sync(), self.canvas.hold_trait_notifications():
            for name, value in {**more, **point}.items():
                setattr(self.canvas, name, value)

    def check_point(self, name: str, z: Any) -> np.ndarray:
        """Return a point of the latent space as an array, checked."""
        n = self.data.n_latent
        try:
            return as_data(name, z, (n,)).copy()
        except ValueError:
            raise ValueError(f"{name} must be {n} finite numbers, not {shown(z)}.") from None

    @property
    def pca(self) -> bool:
        """Whether sliders and map follow the principal directions. z stays when it is set."""
        return self.canvas.pca

    @pca.setter
    def pca(self, pca: bool) -> None:
        z, path, pca = self.z, self.path, as_switch("pca", pca)
        a, b = self.data.coordinates[pca].to_s(path).tolist()
        self._place(self.data.coordinates[pca].to_s(z), pca=pca, a=a, b=b)

    # --- The path ---------------------------------------------------------------------------------

    @property
    def path(self) -> np.ndarray:
        """The ends A and B of the path, shape (2, n_latent)."""
        return self.coordinates.to_z(np.array([self.canvas.a, self.canvas.b]))

    @path.setter
    def path(self, path: Sequence[Sequence[float]]) -> None:
        both = as_sequence("path", path)
        if len(both) != 2:
            raise ValueError(f"a path has two ends, A and B, not {len(both)}.")
        a, b = (self.check_point(name, end) for name, end in zip("AB", both, strict=True))
        ends = self.coordinates.to_s(np.array([a, b])).tolist()
        with self.canvas.hold_sync():
            self.canvas.a, self.canvas.b = ends

    @property
    def t(self) -> float:
        """How far along the path the walk is, in [0, 1]."""
        return self.canvas.t

    @t.setter
    def t(self, t: float) -> None:
        t = number_in("t, from A to B,", "[0, 1]", t)
        a, b = self.path
        self.canvas.t = t
        self.z = (1 - t) * a + t * b
