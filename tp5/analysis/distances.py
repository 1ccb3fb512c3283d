"""How far points are from each other, and which known sample is the nearest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..checks import as_data, as_pictures, number_in, one_of

CHUNK = 4_000_000  # distances in memory at a time, 32 MB, however many points there are
METRICS = ("euclidean", "squared", "hamming")


def nearest(
    points: np.ndarray, known: np.ndarray, metric: str = "euclidean"
) -> tuple[np.ndarray, np.ndarray]:
    """Which of the known samples is nearest to each point, and how far away it is.

    index = argmin over i of d(x, X_i), the first of those that are equally near. For codes of a
    latent space the distance is large in its holes; for pictures the Hamming distance is their
    *originality*: 0 is a copy of a known one.

    Parameters
    ----------
    points : array_like, shape (..., n_features)
    known : array_like, shape (n_samples, n_features)
    metric : {"euclidean", "squared", "hamming"}
        ‖x − X_i‖; ‖x − X_i‖², the squared error; or the number of pixels in which the two differ
        after rounding at ½.

    Returns
    -------
    index : ndarray of int, shape (...)
    distance : ndarray, shape (...)
        Of int for "hamming".

    Raises
    ------
    ValueError
        If the metric is unknown, points and known samples differ in their number of features, or
        there are none.
    """
    points, known = comparable(points, known, one_of("metric", metric, METRICS))
    parts = [
        (distances.argmin(axis=1), distances.min(axis=1))
        for distances in in_chunks(points.reshape(-1, points.shape[-1]), known, metric)
    ]
    index, distance = (np.concatenate(part) for part in zip(*parts, strict=True))
    shape = points.shape[:-1]
    return index.reshape(shape)[()], distance.reshape(shape)[()]


def in_chunks(points: np.ndarray, known: np.ndarray, metric: str) -> Iterator[np.ndarray]:
    """Yield the distances of the first few points from all known ones, of the next few, …"""
    step = max(1, CHUNK // len(known))
    for first in range(0, len(points), step):
        yield between(points[first : first + step], known, metric)


def between(points: np.ndarray, known: np.ndarray, metric: str) -> np.ndarray:
    """Return all distances, shape (n, n_samples), between what is `comparable`.

    The pixels that differ between x and y, both of zeros and ones, are Σx + Σy − 2·x·y: exact in
    float32 up to 16 million pixels.
    """
    if metric == "hamming":
        differ = points.sum(axis=1)[:, None] + known.sum(axis=1) - 2 * (points @ known.T)
        return differ.astype(int)
    from scipy.spatial.distance import cdist  # loaded when used: `import tp5` imports numpy alone

    return cdist(points, known, {"squared": "sqeuclidean"}.get(metric, metric))


def comparable(
    points: np.ndarray, known: np.ndarray, metric: str, names: tuple[str, str] = ("points", "known")
) -> tuple[np.ndarray, np.ndarray]:
    """Return both as floats; for the Hamming distance, rounded at ½ to zeros and ones.

    Raises
    ------
    ValueError
        If they are no numbers, there are none, or they differ in their number of features.
    """
    door = as_pictures if metric == "hamming" else as_data
    points = door(names[0], points, (..., "n_features"))
    known = door(names[1], known, ("n_samples", "n_features"))
    if points.shape[-1] != known.shape[-1]:
        raise ValueError(
            f"{names[0]} with {points.shape[-1]} features cannot be compared with {names[1]}, "
            f"which has {known.shape[-1]}."
        )
    if metric == "hamming":
        points, known = ((array > 0.5).astype(np.float32) for array in (points, known))
    return points, known


def pairwise_distances(points: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the Euclidean distance of each point from each known one, shape (..., n_samples).

    Parameters
    ----------
    points : array_like, shape (..., n_features)
    known : array_like, shape (n_samples, n_features)

    Raises
    ------
    ValueError
        If points and known samples differ in their number of features, or there are none.
    """
    points, known = comparable(points, known, "euclidean")
    distances = between(points.reshape(-1, points.shape[-1]), known, "euclidean")
    return distances.reshape(*points.shape[:-1], len(known))


def hamming_distances(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Count the pixels in which each picture of X differs from each of Y, after rounding at ½.

    Parameters
    ----------
    X : array_like, shape (..., n_features)
    Y : array_like, shape (n_samples, n_features)

    Returns
    -------
    ndarray of int, shape (..., n_samples)

    Raises
    ------
    ValueError
        If the pictures differ in size, or their values are not those of a picture.
    """
    X, Y = comparable(X, Y, "hamming", ("X", "Y"))
    counts = np.concatenate(list(in_chunks(X.reshape(-1, X.shape[-1]), Y, "hamming")))
    return counts.reshape(*X.shape[:-1], len(Y))


def near_neighbours(points: np.ndarray, known: np.ndarray, radius: float) -> np.ndarray:
    """Count the known samples within a radius of each point, such as codes in a latent space.

    Parameters
    ----------
    points : array_like, shape (..., n_features)
    known : array_like, shape (n_samples, n_features)
    radius : float > 0

    Returns
    -------
    ndarray of int, shape (...)

    Raises
    ------
    ValueError
        If the radius is not above 0, or points and known samples do not fit.
    """
    radius = number_in("radius", "(0, ∞]", radius)
    points, known = comparable(points, known, "euclidean")
    flat = points.reshape(-1, points.shape[-1])
    counts = [(part <= radius).sum(axis=1) for part in in_chunks(flat, known, "euclidean")]
    return np.concatenate(counts).reshape(points.shape[:-1])[()]


def separation(z: np.ndarray) -> np.ndarray:
    """How well codes keep apart: the distance to the nearest other code, in units of the spread.

    The median over samples of min_j ‖z_i − z_j‖, divided by the root mean square distance of the
    codes from their centre. Scaling, shifting or rotating the latent space changes nothing.

    Parameters
    ----------
    z : array_like, shape (..., n_samples, n_latent)

    Returns
    -------
    ndarray, shape (...)
        0 if most codes coincide with another one.

    Raises
    ------
    ValueError
        If there are fewer than two samples.
    """
    from scipy.spatial import KDTree  # asks few of the n² distances

    z = as_data("z", z, (..., "n_samples", "n_latent"))
    if z.shape[-2] < 2:
        raise ValueError("separation needs at least two codes.")
    runs = z.reshape(-1, *z.shape[-2:])
    # Of the two nearest the first is the code itself, 0 away, or one that coincides with it.
    gaps = np.array([KDTree(run).query(run, k=2)[0][:, 1] for run in runs])
    spread = np.sqrt(runs.var(axis=1).sum(axis=-1))
    measure = np.median(gaps, axis=1) / np.where(spread > 0, spread, np.inf)
    return measure.reshape(z.shape[:-2])[()]
