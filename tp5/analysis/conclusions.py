"""Three conclusions of the class about a VAE's latent space, each as two quantities to compare."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checks import as_data, as_rng, at_least, shown
from .distances import pairwise_distances
from .drawings import gradient_energy, unsure_share

NEIGHBOURS = 10  # density is read off the distance to the tenth nearest code

# What rises or falls with what. The class's words, as a sign of the rank correlation: blur rises
# with density, unlikeness rises with density, detail falls with distance.
CONCLUSIONS = {
    "1 blur": ("density of codes", "share of unsure pixels"),
    "2 likeness": ("density of codes", "error to the nearest other drawing"),
    "3 detail": ("distance from the nearest code", "gradient energy"),
}
CLAIMED_SIGN = {"1 blur": 1, "2 likeness": 1, "3 detail": -1}


def conclusions(
    model: Any, X: np.ndarray, shape: tuple[int, int], points: np.ndarray | None = None
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Measure density, blur, likeness and detail of what a decoder makes of points.

    Parameters
    ----------
    model : VariationalAutoencoder
        Trained, one run.
    X : ndarray, shape (n_samples, n_features)
        The drawings that it knows.
    shape : tuple of int
        Height and width of a drawing.
    points : array_like, shape (n_points, n_latent), optional
        Where to decode; by default at the codes of X, each measured against the others.

    Returns
    -------
    dict of name to two ndarray of shape (n_points,)
        The two quantities of each of `CONCLUSIONS`. Density is minus the distance to the tenth
        nearest code, unlikeness the squared error to the drawing whose code is the nearest.

    Raises
    ------
    ValueError
        If there are too few drawings, or points do not fit.
    """
    if not all(callable(getattr(model, name, None)) for name in ("encode", "decode")):
        raise ValueError(f"model must be a trained model of the course, not {shown(model)}.")
    codes = model.encode(X)
    at_least("the number of drawings", len(codes), NEIGHBOURS + 1)
    places = codes if points is None else as_data("points", points, ("n_points", codes.shape[1]))
    between = pairwise_distances(places, codes)
    if points is None:
        np.fill_diagonal(between, np.inf)
    density = -np.sort(between, axis=1)[:, NEIGHBOURS - 1]
    decoded = model.decode(places)
    unlike = ((decoded - X[between.argmin(axis=1)]) ** 2).sum(axis=1)
    return {
        "1 blur": (density, unsure_share(decoded)),
        "2 likeness": (density, unlike),
        "3 detail": (between.min(axis=1), gradient_energy(decoded, shape)),
    }


def random_places(
    codes: np.ndarray, n: int, rng: int | np.random.Generator | None = None
) -> np.ndarray:
    """Draw points evenly from the box that holds all codes: where pictures are generated.

    Parameters
    ----------
    codes : array_like, shape (n_samples, n_latent)
    n : int
    rng : int or numpy.random.Generator, optional

    Returns
    -------
    ndarray, shape (n, n_latent)

    Raises
    ------
    ValueError
        If there are no codes, or n is not a whole number of at least 1.
    """
    codes = as_data("codes", codes, ("n_samples", "n_latent"))
    size = (at_least("n", n), codes.shape[1])
    return as_rng(rng).uniform(codes.min(axis=0), codes.max(axis=0), size)
