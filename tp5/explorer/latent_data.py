"""What an explorer shows of a model: codes, pictures, coordinates, and the decoder's weights."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ..analysis import nearest
from ..checks import as_data, as_labels, as_numbers, picture_shape
from .coordinates import Coordinates
from .dense import check_activations, dense, is_variational, part_of
from .stills import visible

PICTURE_BYTES = 24_000_000  # of all samples together; beyond, one picture is fetched at a time
NEIGHBOURS_ASKED = 2000  # samples whose nearest neighbour tells the usual gap


class LatentData:
    """A trained model and its data, as an explorer needs them.

    Parameters
    ----------
    model : Autoencoder or VariationalAutoencoder
        One trained run.
    X : ndarray, shape (n_samples, n_features)
    labels : sequence of str, optional
    images : ndarray, shape (n_samples, height, width) or (…, 3), values in [0, 1], optional
        How the samples look; X itself by default.
    shape : tuple of int, optional
        Height and width, and 3 for colour. Known for 35 features (7×5), for squares, and from
        ``images``.

    Raises
    ------
    ModelError
        If the model is not trained.
    ValueError
        If the model has several runs, or X, labels, images and shape do not fit it or each other.
    """

    def __init__(
        self,
        model: Any,
        X: np.ndarray,
        labels: Sequence[str] | None = None,
        images: np.ndarray | None = None,
        shape: Sequence[int] | None = None,
    ) -> None:
        self.layers, self.weights = dense(model)
        check_activations(part_of(model, "encoder")[1])
        self.model = model
        self.X = as_data("X", X, model.layers[0])
        if self.X.ndim != 2:
            raise ValueError(f"X has shape {self.X.shape}, but must be (n_samples, n_features).")
        self.pictures = self._pictures(images, shape)  # (n_samples, height, width), or (…, 3)
        self.shape = self.pictures.shape[1:]
        named = None if labels is None else as_labels("labels", labels, len(self.X))
        self.labels = None if named is None else visible(named)
        # A drawing is what the encoder takes: of samples that look otherwise it cannot be known.
        self.can_draw = images is None
        self.codes = np.asarray(model.encode(self.X), dtype=float)  # (n_samples, n_latent)
        self.n_latent = self.codes.shape[1]
        self.coordinates = {pca: Coordinates(self.codes, pca) for pca in (False, True)}
        self.colour = len(self.shape) == 3
        self.binary = not self.colour and bool(np.isin(self.pictures, (0, 1)).all())

    def _pictures(self, images: np.ndarray | None, shape: Sequence[int] | None) -> np.ndarray:
        if images is None:
            pictures = self.X.reshape(len(self.X), *guess_shape(self.X.shape[1], shape))
        else:
            pictures = as_numbers("images", images).astype(float)
            if pictures.ndim not in (3, 4) or len(pictures) != len(self.X):
                raise ValueError(
                    f"images of shape {pictures.shape} do not fit {len(self.X)} samples; give "
                    f"(n_samples, height, width), or (n_samples, height, width, 3) in colour."
                )
            guess_shape(self.X.shape[1], pictures.shape[1:])
        if not (np.isfinite(pictures).all() and pictures.min() >= 0 and pictures.max() <= 1):
            raise ValueError("the pictures must have values in [0, 1]; scale them.")
        return pictures

    def label(self, sample: int) -> str:
        """Return the name of a sample: its label, or its number where labels are shared."""
        if self.labels is not None and self.unique:
            return self.labels[sample]
        return f"sample {sample}" + ("" if self.labels is None else f" ({self.labels[sample]})")

    @property
    def unique(self) -> bool:
        """Whether each sample has a label of its own."""
        return self.labels is not None and len(set(self.labels)) == len(self.labels)

    @cached_property
    def limit(self) -> float:
        """How far the sliders reach to either side, in spreads: past 99 % of the codes.

        One number for every slider and both systems of coordinates, so that the map is a square.
        A few codes may lie far beyond it; the map says how many.
        """
        systems = self.coordinates.values()
        far = max(np.quantile(np.abs(c.to_s(self.codes)), 0.99, axis=0).max() for c in systems)
        return float(np.ceil(2.2 * max(far, 1)) / 2)

    @cached_property
    def reach(self) -> float:
        """Distance to the nearest code up to which a point lies among the data.

        The gap that 95 % of the codes have to their nearest neighbour, at least; never less than
        a twentieth of the spread.
        """
        from scipy.spatial import cKDTree  # loaded when used

        spread = float(np.sqrt(self.codes.var(axis=0).sum()))
        floor = spread / 20 if spread > 0 else 1.0
        if len(self.codes) < 3:
            return max(spread, floor)
        some = self.codes[:: max(1, len(self.codes) // NEIGHBOURS_ASKED)]
        gaps = cKDTree(self.codes).query(some, k=2)[0][:, 1]
        return max(float(np.quantile(gaps, 0.95)), floor)

    def ends(self) -> list[int]:
        """Return two samples: the one in the middle, where one begins, and the farthest from it.

        The farthest on the map, that is: what lies beyond it cannot be seen.
        """
        first = int(nearest(self.codes.mean(axis=0), self.codes)[0])
        distances = np.linalg.norm(self.codes - self.codes[first], axis=1)
        for coordinates in self.coordinates.values():
            beyond = (np.abs(coordinates.to_s(self.codes)) > self.limit).any(axis=1)
            distances[beyond] = 0
        return [first, int(distances.argmax())]

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that belong to this model's weights and to no other's."""
        about = json.dumps(self.model.config(), sort_keys=True).encode()
        theta = np.ascontiguousarray(self.model.trained_theta())
        return hashlib.sha256(about + theta.tobytes()).hexdigest()[:16]

    def picture_bytes(self) -> np.ndarray:
        """Return the samples' pictures as bytes, 255 is ink; none where they are too many."""
        if self.pictures.size > PICTURE_BYTES:
            return np.zeros(0, np.uint8)
        return np.round(self.pictures * 255).astype(np.uint8)

    def describe(self) -> dict[str, Any]:
        """Return everything but the arrays, as JSON can hold it, for ``latent_explorer.js``."""
        return {
            "layers": self.layers,
            "shape": list(self.shape),
            "n_latent": self.n_latent,
            "n_samples": len(self.codes),
            "labels": self.labels,
            "unique": self.unique,
            "binary": self.binary,
            "can_draw": self.can_draw,
            "variational": is_variational(self.model),
            "coordinates": [
                {"centre": c.centre.tolist(), "axes": c.axes.tolist(), "names": c.names}
                for c in self.coordinates.values()
            ],
            "start": self.codes[self.ends()[0]].tolist(),
            "limit": self.limit,
            "reach": self.reach,
            "fingerprint": self.fingerprint,
        }

    def arrays(self) -> list[np.ndarray]:
        """Return the weights, the codes and the samples' pictures, for the browser."""
        return [self.weights, self.codes.astype(np.float32), self.picture_bytes()]

    def encoder(self) -> tuple[list[dict[str, Any]], np.ndarray]:
        """Return the layers and the weights of what leads from a drawing to its code."""
        return dense(self.model, "posterior" if is_variational(self.model) else "encoder")

    @cached_property
    def key(self) -> str:
        """Sixteen hexadecimal digits that belong to all this together: a page asks for it once."""
        parts = [json.dumps(self.describe(), sort_keys=True).encode()]
        parts += [array.tobytes() for array in self.arrays()]
        return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def guess_shape(n_features: int, shape: Sequence[int] | None) -> tuple[int, ...]:
    """Return height and width of a picture: those given, or what its number of pixels tells.

    Raises
    ------
    ValueError
        If they do not fit, or cannot be guessed.
    """
    if shape is not None:
        return picture_shape(shape, n_features, colour=True)
    side = round(n_features**0.5)
    if n_features == 35:
        return 7, 5
    if side * side == n_features:
        return side, side
    raise ValueError(
        f"pictures of {n_features} pixels may have any shape; give shape=(height, width), or "
        f"shape=(height, width, 3) in colour."
    )
