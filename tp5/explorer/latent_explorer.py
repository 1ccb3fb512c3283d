"""A latent space to walk through: a map to drag on, sliders, and what the decoder makes of z."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from ..analysis import nearest
from ..plots.latent import where
from ..plots.picture import Picture, together
from .dense import script, style
from .latent_data import LatentData
from .page import EXPLORER, write_page
from .stills import WithStill, still_pictures


class ExplorerCanvas(anywidget.AnyWidget):
    """What the browser draws; `LatentExplorer` puts the sliders below it.

    The decoder runs in the browser. Its weights, the codes and the pictures go there once, when a
    view asks for them, and never into a saved notebook. What both sides know of each other is
    little: s1, s2, … (the point, in `Coordinates`), the ends of the path, and some switches.
    """

    _esm = script(*EXPLORER, "in_notebook.js")
    _css = style("latent_explorer.css", "words.css")
    a = traitlets.List(traitlets.Float()).tag(sync=True)
    b = traitlets.List(traitlets.Float()).tag(sync=True)
    t = traitlets.Float(0.0).tag(sync=True)
    pca = traitlets.Bool(False).tag(sync=True)
    threshold = traitlets.Bool(False).tag(sync=True)
    manifold = traitlets.Bool(False).tag(sync=True)
    loop = traitlets.Bool(True).tag(sync=True)
    across = traitlets.Int(0).tag(sync=True)
    upwards = traitlets.Int(1).tag(sync=True)

    def __init__(self, data: LatentData, about: dict[str, Any], **state: Any) -> None:
        super().__init__()
        self.data, self.about = data, about
        self.point = [f"s{i + 1}" for i in range(data.n_latent)]
        self.add_traits(**{key: traitlets.Float(0.0).tag(sync=True) for key in self.point})
        for name, value in state.items():
            setattr(self, name, value)
        self.on_msg(self._answer)

    def _answer(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        """Send the browser what it asks for."""
        if message.get("kind") == "ask":
            arrays = [array.tobytes() for array in self.data.arrays()]
            self.send({"kind": "data", "about": self.about}, arrays)
        elif message.get("kind") == "picture":
            sample = int(message["sample"])
            picture = np.round(self.data.pictures[sample] * 255).astype(np.uint8)
            self.send({"kind": "picture", "sample": sample}, [picture.tobytes()])


class Point(traitlets.TraitType):
    """A point of the latent space: whatever the explorer takes for one, as an array."""

    def validate(self, explorer: Any, z: Any) -> np.ndarray:
        """Return it as an array of floats; raise ValueError if it is none."""
        return explorer.check_point("z", z)


class LatentExplorer(WithStill, widgets.VBox):
    """Walk through the latent space of a trained model, at the speed of the screen.

    The map shows the encoded data and the point z: drag it, or use the arrow keys, or the sliders.
    Beside it what the decoder makes of z, and the sample whose code is nearest.

    Parameters
    ----------
    model : Autoencoder or VariationalAutoencoder
        One trained run (``model.best``, ``model[0]``), with any number of latent dimensions.
    X : ndarray, shape (n_samples, n_features)
        The data, which the model encodes: they are the map.
    labels : sequence of str, optional
        One for each sample. Up to seven different ones are classes, marked by colour and form;
        short ones stand on the map themselves.
    images : ndarray, shape (n_samples, height, width), values in [0, 1], optional
        How the samples look (1 is ink); X itself by default.
    shape : tuple of int, optional
        Height and width of a picture, where the number of pixels does not tell.
    pca : bool
        Whether sliders and map follow the codes' principal directions, largest spread first.

    Attributes
    ----------
    z : ndarray, shape (n_latent,)
        Where we are. Setting it moves the screen; ``observe(f, "z")`` follows it.
    path : ndarray, shape (2, n_latent)
        The ends A and B of the path. Setting it moves them.
    t : float in [0, 1]
        How far along the path. Setting it moves z to (1 − t)·A + t·B.
    image : ndarray, shape (height, width)
        What the decoder makes of z, by NumPy.
    sliders : list of FloatSlider
        One for each latent dimension, in spreads of the data (see `Coordinates`).

    Raises
    ------
    ModelError
        If the model is not trained.
    ValueError
        If it has several runs, or X, labels, images and shape do not fit.

    Examples
    --------
    >>> LatentExplorer(model, font.X, font.labels)  # doctest: +SKIP
    """

    z = Point()

    def __init__(
        self,
        model: Any,
        X: np.ndarray,
        labels: Sequence[str] | None = None,
        images: np.ndarray | None = None,
        shape: tuple[int, int] | None = None,
        pca: bool = False,
    ) -> None:
        self.data = data = LatentData(model, X, labels, images, shape)
        about = data.describe()
        coordinates = data.coordinates[pca]
        a, b = coordinates.to_s(data.codes[data.ends()])
        place = {f"s{i + 1}": float(s) for i, s in enumerate(a)}
        self.canvas = ExplorerCanvas(
            data, about, pca=pca, threshold=False, a=a.tolist(), b=b.tolist(), **place
        )
        limit = data.limit
        self.sliders = [
            widgets.FloatSlider(
                value=a[i], min=-limit, max=limit, step=0.01, description=name, readout_format=".2f"
            )
            for i, name in enumerate(coordinates.names)
        ]
        links = [
            widgets.jslink((slider, "value"), (self.canvas, key))
            for slider, key in zip(self.sliders, self.canvas.point, strict=True)
        ]
        self.links = links
        row = widgets.HBox(self.sliders, layout={"flex_flow": "row wrap"})
        super().__init__([self.canvas, row])
        self.set_trait("z", self._z_of_canvas())
        self.canvas.observe(self._follow, names=[*self.canvas.point, "pca"])

    # --- Where we are ---------------------------------------------------------------------------

    @property
    def coordinates(self) -> Any:
        """The `Coordinates` that sliders and map have now."""
        return self.data.coordinates[self.canvas.pca]

    def _z_of_canvas(self) -> np.ndarray:
        return self.coordinates.to_z(np.array([getattr(self.canvas, k) for k in self.canvas.point]))

    def _follow(self, change: Any) -> None:
        """The browser, or a setter below, has moved the point."""
        if change["name"] == "pca":
            for slider, name in zip(self.sliders, self.coordinates.names, strict=True):
                slider.description = name
        z = self._z_of_canvas()
        if not np.array_equal(z, self.z):
            self.moved_by_canvas = True
            try:
                self.z = z
            finally:
                self.moved_by_canvas = False

    moved_by_canvas = False

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
        for slider, value in zip(self.sliders, map(float, s), strict=True):
            slider.min, slider.max = min(slider.min, value), max(slider.max, value)
            slider.value = value

    def check_point(self, name: str, z: Any) -> np.ndarray:
        """Return a point of the latent space as an array, checked."""
        try:
            point = np.array(z, dtype=float)
        except (TypeError, ValueError):
            point = np.array(np.nan)
        if point.shape != (self.data.n_latent,) or not np.isfinite(point).all():
            raise ValueError(f"{name} must be {self.data.n_latent} finite numbers, not {z!r}.")
        return point

    @property
    def pca(self) -> bool:
        """Whether sliders and map follow the principal directions. z stays when it is set."""
        return self.canvas.pca

    @pca.setter
    def pca(self, pca: bool) -> None:
        z, path = self.z, self.path
        a, b = self.data.coordinates[bool(pca)].to_s(path).tolist()
        self._place(self.data.coordinates[bool(pca)].to_s(z), pca=bool(pca), a=a, b=b)

    # --- The path ---------------------------------------------------------------------------------

    @property
    def path(self) -> np.ndarray:
        """The ends A and B of the path, shape (2, n_latent)."""
        return self.coordinates.to_z(np.array([self.canvas.a, self.canvas.b]))

    @path.setter
    def path(self, path: Sequence[Sequence[float]]) -> None:
        if len(path) != 2:
            raise ValueError(f"a path has two ends, A and B, not {len(path)}.")
        a, b = (self.check_point(name, end) for name, end in zip("AB", path, strict=True))
        ends = self.coordinates.to_s(np.array([a, b])).tolist()
        with self.canvas.hold_sync():
            self.canvas.a, self.canvas.b = ends

    @property
    def t(self) -> float:
        """How far along the path the walk is, in [0, 1]."""
        return self.canvas.t

    @t.setter
    def t(self, t: float) -> None:
        if not 0 <= t <= 1:
            raise ValueError(f"t must lie in [0, 1], from A to B, not {t!r}.")
        a, b = self.path
        self.canvas.t = float(t)
        self.z = (1 - t) * a + t * b

    # --- What is there ----------------------------------------------------------------------------

    @property
    def image(self) -> np.ndarray:
        """What the decoder makes of z, shape (height, width), values in [0, 1]."""
        return self.data.model.decode(self.z[None])[0].reshape(self.data.shape)

    @property
    def nearest(self) -> tuple[int, float]:
        """The sample whose code is nearest to z, and its distance."""
        sample, distance = nearest(self.z, self.data.codes)
        return int(sample), float(distance)

    @property
    def originality(self) -> int:
        """Pixels in which the decoded picture differs from the nearest known one."""
        known = self.data.pictures.reshape(len(self.data.pictures), -1)
        return int(nearest(self.image.ravel(), known, "hamming")[1])

    @property
    def among_the_data(self) -> bool:
        """Whether z is as near to a code as codes are to each other; see `LatentData.reach`."""
        return self.nearest[1] <= self.data.reach

    # --- State and pages --------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Return z, the path and the model's fingerprint, as JSON can hold them."""
        return {
            "tp5": "explorer state",
            "model": self.canvas.about["fingerprint"],
            "z": self.z.tolist(),
            "path": self.path.tolist(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go where a `state` (or the file that "save state" writes) says.

        Raises
        ------
        ValueError
            If it is none, or belongs to another model.
        """
        if not isinstance(state, dict) or not {"model", "z", "path"} <= set(state):
            raise ValueError("this is no explorer state: it needs model, z and path.")
        if state["model"] != self.canvas.about["fingerprint"]:
            raise ValueError(
                "this state was saved with another model, where the same z decodes to something "
                "else; load that model first."
            )
        before = self.path.tolist()
        self.path = state["path"]
        try:
            self.z = state["z"]
        except Exception:  # all of a state or nothing of it
            self.path = before
            raise

    def save_html(self, path: str | os.PathLike[str], title: str = "Latent explorer") -> None:
        """Write the explorer as one self-contained page: no kernel, no server, no network.

        Parameters
        ----------
        path : path
            The page; replaced if it exists.
        title : str
            Its heading.

        Raises
        ------
        FileNotFoundError
            If the folder does not exist.
        """
        names = [*self.canvas.point, "a", "b", "t", "pca", "threshold", "manifold", "loop"]
        state = {name: getattr(self.canvas, name) for name in [*names, "across", "upwards"]}
        write_page(path, title, self.data, self.canvas.about, state)

    # --- How it looks without a kernel ------------------------------------------------------------

    def __repr__(self) -> str:
        place = ", ".join(f"{value:.2f}" for value in self.z)
        return f"LatentExplorer at z = ({place})"

    def still(self) -> Picture:
        """Return map, decoded picture and nearest sample as one picture."""
        place = f"z = ({', '.join(f'{value:.2f}' for value in self.z)})"
        sample, distance = self.nearest
        known = f"nearest sample: {self.data.label(sample)}, distance {distance:.2f}"
        pictures = {f"decoded at\n{place}": self.image, known: self.data.pictures[sample]}
        alt = f"A picture decoded at {place}, and the {known}."
        beside = still_pictures(pictures, alt).picture()
        if self.data.n_latent == 1:  # a map would be a line
            return beside
        seen = [self.canvas.across, self.canvas.upwards]
        codes = self.coordinates.to_s(self.data.codes)[:, seen]
        names = [self.coordinates.names[axis] for axis in seen]
        point = self.coordinates.to_s(self.z)[seen]
        return together(where(codes, point, self.data.labels, names).picture(), beside)
