"""Tools for looking at a latent space, and at the distances between what it decodes to."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from ..checks import at_least, number_in


def hamming_distances(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Count the pixels in which each image of X differs from each of Y, after rounding at ½.

    Parameters
    ----------
    X : ndarray, shape (n, n_features)
    Y : ndarray, shape (m, n_features)

    Returns
    -------
    ndarray of int, shape (n, m)

    Raises
    ------
    ValueError
        If the images differ in size.
    """
    X, Y = np.atleast_2d(X) > 0.5, np.atleast_2d(Y) > 0.5
    if X.shape[1] != Y.shape[1]:
        raise ValueError(f"images of {X.shape[1]} and of {Y.shape[1]} pixels cannot be compared.")
    return (X[:, None, :] != Y[None, :, :]).sum(axis=-1)


def nearest_sample(z: np.ndarray, codes: np.ndarray) -> tuple[int, float]:
    """Find the sample whose code lies nearest to a point of the latent space.

    Parameters
    ----------
    z : ndarray, shape (n_latent,)
    codes : ndarray, shape (n_samples, n_latent)

    Returns
    -------
    index : int
    distance : float
        Euclidean, in units of the latent space.
    """
    distances = np.linalg.norm(codes - z, axis=1)
    index = int(np.argmin(distances))
    return index, float(distances[index])


def separation(z: np.ndarray) -> np.ndarray:
    """How well codes keep apart: the distance to the nearest other code, in units of the spread.

    The median over samples of min_j ‖z_i − z_j‖, divided by the root mean square distance of the
    codes from their centre. Scaling, shifting or rotating the latent space changes nothing.

    Parameters
    ----------
    z : ndarray, shape (..., n_samples, n_latent)

    Returns
    -------
    ndarray, shape (...)
        0 if most codes coincide with another one.

    Raises
    ------
    ValueError
        If there are fewer than two samples.
    """
    z = np.asarray(z, dtype=float)
    n_samples = z.shape[-2]
    if n_samples < 2:
        raise ValueError("separation needs at least two codes.")
    distances = np.linalg.norm(z[..., :, None, :] - z[..., None, :, :], axis=-1)
    distances[..., np.arange(n_samples), np.arange(n_samples)] = np.inf
    spread = np.sqrt(z.var(axis=-2).sum(axis=-1))
    return np.median(distances.min(axis=-1), axis=-1) / np.where(spread > 0, spread, np.inf)


# --- Points of the latent space ---------------------------------------------------------------


def rectangle_grid(low: ArrayLike, high: ArrayLike, side: int = 15) -> np.ndarray:
    """Points in rows and columns over a rectangle of a two-dimensional latent space.

    The course's is ``rectangle_grid(0.05, 0.95)``, for latent units that are logistic and so lie
    in (0, 1).

    Parameters
    ----------
    low, high : float or array_like, shape (2,)
        Its corners (z1, z2).
    side : int
        Rows and columns, at least 2.

    Returns
    -------
    ndarray, shape (side, side, 2)
        Row 0 is the top, where z2 is largest; column 0 the left, where z1 is smallest: decoded
        pictures lie as the points lie in a latent map.

    Raises
    ------
    ValueError
        If side is below 2, or low is not below high.
    """
    low, high = (np.broadcast_to(np.asarray(end, float), (2,)) for end in (low, high))
    if not (low < high).all() or not np.isfinite(high - low).all():
        raise ValueError(f"a grid needs low below high in both directions, not {low} and {high}.")
    axes = np.linspace(low, high, at_least("side", side, 2))  # (side, 2)
    return crossed(axes[:, 0], axes[:, 1])


def grid_over(codes: np.ndarray, side: int = 15) -> np.ndarray:
    """Points in rows and columns over the range of encoded data; see `rectangle_grid`.

    Parameters
    ----------
    codes : ndarray, shape (n_samples, 2)
    side : int

    Returns
    -------
    ndarray, shape (side, side, 2)

    Raises
    ------
    ValueError
        If the codes are not two-dimensional, or all alike in one direction.
    """
    codes = check_codes(codes)
    if codes.shape[1] != 2:
        raise ValueError(f"a grid needs two latent dimensions, not {codes.shape[1]}.")
    return rectangle_grid(codes.min(axis=0), codes.max(axis=0), side)


def gaussian_grid(side: int = 15) -> np.ndarray:
    """Points at the quantiles of a standard normal distribution in two dimensions.

    z = Φ⁻¹((i − ½)/side), i = 1, …, side, in both directions: between neighbours lies the same
    probability, so the points are dense in the middle (Kingma & Welling 2014, appendix A). Made
    for a space that is filled like N(0, 1), as a variational autoencoder's; see notebook 05.

    Parameters
    ----------
    side : int

    Returns
    -------
    ndarray, shape (side, side, 2), as in `rectangle_grid`

    Raises
    ------
    ValueError
        If side is below 2.
    """
    normal = NormalDist()
    side = at_least("side", side, 2)
    quantiles = np.array([normal.inv_cdf((i + 0.5) / side) for i in range(side)])
    return crossed(quantiles, quantiles)


def quantile_grid(side: int = 5, codes: np.ndarray | None = None, tail: float = 0.05) -> np.ndarray:
    """Points at the quantiles of N(0, 1), or at those of the codes themselves, in two dimensions.

    The quantiles of ``linspace(tail, 1 − tail, side)``. With five and 5 % they are, for N(0, 1),
    −1.645, −0.598, 0, 0.598 and 1.645. The codes' own quantiles follow a cloud that lies elsewhere.

    Parameters
    ----------
    side : int
    codes : ndarray, shape (n_samples, 2), optional
        Take quantiles of each column of these, instead of N(0, 1)'s.
    tail : float in (0, ½)

    Returns
    -------
    ndarray, shape (side, side, 2), as in `rectangle_grid`

    Raises
    ------
    ValueError
        If side is below 2, tail is not in (0, ½), or the codes are not two-dimensional.
    """
    tail = number_in("tail", "(0, 0.5)", tail)
    probabilities = np.linspace(tail, 1 - tail, at_least("side", side, 2))
    if codes is None:
        quantiles = np.array([NormalDist().inv_cdf(float(p)) for p in probabilities])
        return crossed(quantiles, quantiles)
    codes = check_codes(codes)
    if codes.shape[1] != 2:
        raise ValueError(f"a grid needs two latent dimensions, not {codes.shape[1]}.")
    axes = np.quantile(codes, probabilities, axis=0)  # (side, 2)
    return crossed(axes[:, 0], axes[:, 1])


def crossed(z1: np.ndarray, z2: np.ndarray) -> np.ndarray:
    """Return all pairs, shape (n, n, 2): z1 grows to the right, z2 upwards."""
    return np.stack(np.meshgrid(z1, z2[::-1]), axis=-1)


def interpolate(start: ArrayLike, end: ArrayLike, steps: int = 11) -> np.ndarray:
    """Points on the straight line between two, z_t = (1 − t)·start + t·end.

    Parameters
    ----------
    start, end : array_like, shape (n_latent,)
    steps : int
        Points in all, both ends included, at least 2.

    Returns
    -------
    ndarray, shape (steps, n_latent)

    Raises
    ------
    ValueError
        If steps is below 2 or the two ends differ in length.
    """
    start, end = np.asarray(start, float), np.asarray(end, float)
    if start.shape != end.shape or start.ndim != 1:
        raise ValueError(f"no line from a point of shape {start.shape} to one of {end.shape}.")
    return np.linspace(start, end, at_least("steps", steps, 2))


# --- How near the data are --------------------------------------------------------------------


def distances_to_data(z: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Distance from each point to the nearest code: large in the holes of a latent space.

    Parameters
    ----------
    z : ndarray, shape (n, n_latent)
    codes : ndarray, shape (n_samples, n_latent)

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If the points and the codes differ in dimension, or there is no code.
    """
    return pairwise_distances(z, codes).min(axis=1)


def near_neighbours(z: np.ndarray, codes: np.ndarray, radius: float) -> np.ndarray:
    """Count the codes within a radius of each point.

    Parameters
    ----------
    z : ndarray, shape (n, n_latent)
    codes : ndarray, shape (n_samples, n_latent)
    radius : float > 0
        In units of the latent space.

    Returns
    -------
    ndarray of int, shape (n,)

    Raises
    ------
    ValueError
        If the radius is not above 0, or points and codes do not fit.
    """
    return (pairwise_distances(z, codes) <= number_in("radius", "(0, ∞]", radius)).sum(axis=1)


def pairwise_distances(z: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Euclidean distance of each point from each code, shape (n, n_samples)."""
    z, codes = np.atleast_2d(z), check_codes(codes)
    if z.shape[1] != codes.shape[1]:
        raise ValueError(
            f"points with {z.shape[1]} coordinates and codes with {codes.shape[1]} do not fit."
        )
    return np.linalg.norm(z[:, None] - codes[None], axis=-1)


def check_codes(codes: np.ndarray) -> np.ndarray:
    """Return codes as an array; raise ValueError unless (n_samples, n_latent), not empty."""
    codes = np.asarray(codes, dtype=float)
    if codes.ndim != 2 or 0 in codes.shape:
        raise ValueError(
            f"codes must have shape (n_samples, n_latent) with at least one sample, not "
            f"{codes.shape}; of several runs take one, such as model.best."
        )
    return codes


# --- What is decoded --------------------------------------------------------------------------


def nearest_glyphs(X_hat: np.ndarray, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which known glyph each picture is nearest to, and how far: its originality.

    originality(x) = min_i Hamming(x, X_i): 0 is a copy of a known glyph.

    Parameters
    ----------
    X_hat : ndarray, shape (n, n_features)
        Pictures, as a decoder makes them.
    X : ndarray, shape (n_samples, n_features)
        Known glyphs.

    Returns
    -------
    index : ndarray of int, shape (n,)
    originality : ndarray of int, shape (n,)

    Raises
    ------
    ValueError
        If the pictures differ in size.
    """
    distances = hamming_distances(X_hat, X)
    index = distances.argmin(axis=1)
    return index, distances[np.arange(len(index)), index]


def stroke_measures(X_hat: np.ndarray, shape: tuple[int, int] = (7, 5)) -> dict[str, np.ndarray]:
    """Four simple measures of whether a picture is drawn with a pen.

    Parameters
    ----------
    X_hat : ndarray, shape (n, height·width), values in [0, 1]
    shape : tuple of int
        Height and width.

    Returns
    -------
    dict of ndarray, each of shape (n,)
        "ink": pixels that are on after rounding at ½.
        "pieces": connected pieces of ink; pixels that touch at a corner are connected.
        "blobs": squares of 2×2 pixels that are all ink: a line of one pixel's width has none.
        "doubtful": pixels between 0.1 and 0.9, where the decoder does not know.

    Raises
    ------
    ValueError
        If the pictures have not height·width pixels.
    """
    X_hat = np.atleast_2d(X_hat)
    if X_hat.shape[1] != shape[0] * shape[1]:
        raise ValueError(f"pictures of {X_hat.shape[1]} pixels are not {shape[0]}×{shape[1]}.")
    ink = X_hat.reshape(-1, *shape) > 0.5
    blobs = ink[:, :-1, :-1] & ink[:, 1:, :-1] & ink[:, :-1, 1:] & ink[:, 1:, 1:]
    return {
        "ink": ink.sum(axis=(1, 2)),
        "pieces": np.array([count_pieces(image) for image in ink]),
        "blobs": blobs.sum(axis=(1, 2)),
        "doubtful": ((X_hat > 0.1) & (X_hat < 0.9)).sum(axis=1),
    }


def count_pieces(image: np.ndarray) -> int:
    """Count connected pieces of ink (8-connected), by painting them over one after another.

    Parameters
    ----------
    image : ndarray of bool, shape (height, width)
    """
    left = {(int(y), int(x)) for y, x in np.argwhere(image)}
    pieces = 0
    while left:
        pieces += 1
        edge = [left.pop()]
        while edge:
            y, x = edge.pop()
            around = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= around
            edge += around
    return pieces


def looks_like_a_letter(
    X_hat: np.ndarray, letters: np.ndarray, shape: tuple[int, int] = (7, 5)
) -> np.ndarray:
    """Whether pictures pass for letters by the four measures of `stroke_measures`.

    A picture passes if it is one piece, has as much ink as the letters have (between their
    smallest and largest), no more blobs than any letter, and at most two doubtful pixels. A simple
    rule that can be read aloud: it says nothing about beauty.

    Parameters
    ----------
    X_hat : ndarray, shape (n, height·width), values in [0, 1]
    letters : ndarray, shape (n_letters, height·width)
        What letters look like, such as A–Z and a–z.
    shape : tuple of int

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    ValueError
        If there is no letter or the pictures have not height·width pixels.
    """
    if len(letters) == 0:
        raise ValueError("looks_like_a_letter needs letters to compare with; there are none.")
    known, new = stroke_measures(letters, shape), stroke_measures(X_hat, shape)
    return (
        (new["pieces"] == 1)
        & (new["ink"] >= known["ink"].min())
        & (new["ink"] <= known["ink"].max())
        & (new["blobs"] <= known["blobs"].max())
        & (new["doubtful"] <= 2)
    )


def new_letters(
    X_hat: np.ndarray,
    X: np.ndarray,
    letters: np.ndarray,
    min_distance: int = 3,
    shape: tuple[int, int] = (7, 5),
) -> np.ndarray:
    """Find pictures that pass for letters and are no known glyph, each different from the others.

    Parameters
    ----------
    X_hat : ndarray, shape (n, n_features)
        Candidates, such as what a grid over the latent space decodes to.
    X : ndarray, shape (n_samples, n_features)
        Known glyphs, to keep away from.
    letters : ndarray, shape (n_letters, n_features)
        See `looks_like_a_letter`.
    min_distance : int
        Pixels in which a new letter differs from every known glyph, and from every other new one.
    shape : tuple of int

    Returns
    -------
    ndarray of int, shape (n_new,)
        Rows of X_hat, the most original first. May be empty.

    Raises
    ------
    ValueError
        If min_distance is below 1 or the pictures do not fit.
    """
    at_least("min_distance", min_distance)
    _, originality = nearest_glyphs(X_hat, X)
    rows = np.flatnonzero(originality >= min_distance)
    rows = rows[looks_like_a_letter(X_hat[rows], letters, shape)] if len(rows) else rows
    chosen: list[int] = []
    for row in rows[np.argsort(-originality[rows], kind="stable")]:
        if not chosen or hamming_distances(X_hat[row], X_hat[chosen]).min() >= min_distance:
            chosen.append(int(row))
    return np.array(chosen, dtype=int)


# --- Drawings in grey ---------------------------------------------------------------------------


def unsure_share(X_hat: np.ndarray) -> np.ndarray:
    """Share of a picture's pixels that are neither black nor white: between .1 and .9. Its blur.

    Parameters
    ----------
    X_hat : ndarray, shape (..., n_pixels), values in [0, 1]

    Returns
    -------
    ndarray, shape (...)
    """
    return ((X_hat > 0.1) & (X_hat < 0.9)).mean(axis=-1)


def gradient_energy(X_hat: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Detail of a picture: the sum of the squared steps from each pixel to the next.

    E = Σ (x[i+1, j] − x[i, j])² + Σ (x[i, j+1] − x[i, j])². A sharp edge of length ℓ pixels counts
    ℓ; smoothed over w pixels it counts ℓ/w; an even grey counts nothing.

    Parameters
    ----------
    X_hat : ndarray, shape (..., height·width)
    shape : tuple of int
        Height and width.

    Returns
    -------
    ndarray, shape (...)
    """
    images = np.reshape(X_hat, (*np.shape(X_hat)[:-1], *shape)).astype(float)
    down, right = np.diff(images, axis=-2), np.diff(images, axis=-1)
    return (down**2).sum(axis=(-2, -1)) + (right**2).sum(axis=(-2, -1))


def nearest_drawings(X_hat: np.ndarray, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which known drawing each picture is nearest to, and the squared error between the two.

    ‖x̂ − x‖² = ‖x̂‖² − 2·x̂·x + ‖x‖²: one product instead of n·m differences of 6400 pixels.

    Parameters
    ----------
    X_hat : ndarray, shape (n, n_features)
    X : ndarray, shape (n_samples, n_features)

    Returns
    -------
    index : ndarray of int, shape (n,)
    distance : ndarray, shape (n,)
        Sum over pixels of the squared difference.

    Raises
    ------
    ValueError
        If the pictures differ in size.
    """
    X_hat, X = np.asarray(X_hat, float), np.asarray(X, float)
    if X_hat.shape[-1] != X.shape[-1]:
        raise ValueError(
            f"pictures of {X_hat.shape[-1]} and of {X.shape[-1]} pixels cannot be compared."
        )
    squares = (X_hat**2).sum(axis=1)[:, None] + (X**2).sum(axis=1) - 2 * X_hat @ X.T
    index = squares.argmin(axis=1)
    return index, np.maximum(squares[np.arange(len(index)), index], 0)
