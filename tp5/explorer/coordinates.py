"""What the sliders of an explorer count in: spreads of the data."""

from __future__ import annotations

import numpy as np


class Coordinates:
    """The coordinates s of the sliders: steps of one spread of the data, counted from their mean.

        z = centre + s·axes

    The axes are those of the latent space, each as long as the codes' standard deviation along
    it; or, with ``pca``, the codes' principal directions, the one with the largest spread first
    (Bishop 2006, section 12.1), so that the first two sliders move what varies most.

    Parameters
    ----------
    codes : ndarray, shape (n_samples, n_latent)
    pca : bool

    Attributes
    ----------
    centre : ndarray, shape (n_latent,)
    axes : ndarray, shape (n_latent, n_latent)
        Row i is one step of slider i.
    names : list of str
    """

    def __init__(self, codes: np.ndarray, pca: bool = False) -> None:
        self.centre = codes.mean(axis=0)
        n_latent = codes.shape[1]
        directions = np.eye(n_latent)
        if pca:
            _, directions = np.linalg.eigh(np.atleast_2d(np.cov(codes.T, bias=True)))
            directions = directions.T[::-1]  # largest spread first
            largest = np.abs(directions).argmax(axis=1)
            directions *= np.sign(directions[np.arange(n_latent), largest])[:, None]
        spread = np.sqrt((((codes - self.centre) @ directions.T) ** 2).mean(axis=0))
        # Along a direction without spread (a collapsed dimension) one step is one step of z.
        spread = np.where(spread > 1e-6 * max(spread.max(), 1e-300), spread, 1.0)
        self.axes = directions * spread[:, None]
        self.names = [f"{'PC' if pca else 'z'}{i + 1}" for i in range(n_latent)]

    def to_z(self, s: np.ndarray) -> np.ndarray:
        """Return z = centre + s·axes, shape (..., n_latent)."""
        return self.centre + s @ self.axes

    def to_s(self, z: np.ndarray) -> np.ndarray:
        """Return the coordinates s of z, shape (..., n_latent)."""
        return np.linalg.solve(self.axes.T, np.asarray(z - self.centre).T).T
