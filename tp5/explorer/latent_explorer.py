"""A latent space to walk through: a map to drag on, sliders, and what the decoder makes of z."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from ..analysis import nearest
from ..plots.latent import where
from ..plots.picture import Picture, together
from .pad import Pad
from .page import encoded, write_page
from .stills import WithStill, still_pictures


class LatentExplorer(WithStill, Pad):
    """Walk through the latent space of a trained model, at the speed of the screen.

    The map shows the encoded data and the point z: drag it, or use the arrow keys, or the sliders.
    Beside it what the decoder makes of z, and the sample whose code is nearest. Or draw a picture:
    the encoder says where it lies (a variational one with the cloud's σ), the decoder answers.

    `close` gives back the memory that it takes here and in the browser. So does running the cell
    again that has made it.

    Parameters
    ----------
    model : Autoencoder or VariationalAutoencoder
        One trained run (``model.best``, ``model[0]``), with any number of latent dimensions.
    X : ndarray, shape (n_samples, n_features)
        The data, which the model encodes: they are the map.
    labels : sequence of str, optional
        One for each sample. Up to seven different ones are classes, marked by colour and form;
        short ones stand on the map themselves.
    images : ndarray, shape (n_samples, height, width) or (…, 3), values in [0, 1], optional
        How the samples look (1 is ink); X itself by default. With them there is no drawing.
    shape : tuple of int, optional
        Height and width of a picture, where the number of pixels does not tell; and 3 for colour.
    pca : bool
        Whether sliders and map follow the codes' principal directions, largest spread first.
    draw : bool
        Whether the drawing pad is open.

    Attributes
    ----------
    z : ndarray, shape (n_latent,)
        Where we are. Setting it moves the screen; ``observe(f, "z")`` follows it.
    path : ndarray, shape (2, n_latent)
        The ends A and B of the path. Setting it moves them.
    t : float in [0, 1]
        How far along the path. Setting it moves z to (1 − t)·A + t·B.
    image : ndarray, shape (height, width) or (height, width, 3)
        What the decoder makes of z, by NumPy.
    drawing : ndarray of that shape, values in [0, 1], or None
        What is drawn on the pad. Setting it draws it, and moves z to its code; ``observe`` follows.
    sliders : list of FloatSlider
        One for each latent dimension, in spreads of the data (see `Coordinates`). Setting the
        ``value`` of one moves z.

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

    def save_html(
        self,
        path: str | os.PathLike[str],
        title: str = "Latent explorer",
        bits: int | None = None,
    ) -> None:
        """Write the explorer as one self-contained page: no kernel, no server, no network.

        A class that gets it can draw, too: the encoder is in it.

        Parameters
        ----------
        path : path
            The page; replaced if it exists.
        title : str
            Its heading.
        bits : {32, 16, 8}, optional
            Of each weight. By default 16 (32 if those would change a picture by 1/255), and 8 for
            the encoder where the page would not stay below 8 MB. A page with 8 says what they cost.

        Raises
        ------
        ValueError
            If bits is none of these.
        FileNotFoundError
            If the folder does not exist.
        """
        names = [*self.canvas.point, "a", "b", "t", "pca", "threshold", "manifold", "loop"]
        names += ["across", "upwards", "draw"]
        state: dict[str, Any] = {name: getattr(self.canvas, name) for name in names}
        state["drawing"] = encoded(self.canvas.drawing) if self.canvas.drawing else None
        write_page(path, title, self.data, self.canvas.about, state, bits)

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
        names = [f"{self.coordinates.names[axis]}, in spreads" for axis in seen]
        point = self.coordinates.to_s(self.z)[seen]
        return together(where(codes, point, self.data.labels, names).picture(), beside)
