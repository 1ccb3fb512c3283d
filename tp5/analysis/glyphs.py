"""Measures of decoded glyphs: is it drawn with a pen, does it pass for a letter, is it new?"""

from __future__ import annotations

import numpy as np

from ..checks import as_numbers, as_pictures, at_least, picture_shape
from .distances import hamming_distances, nearest


def stroke_measures(X_hat: np.ndarray, shape: tuple[int, int] = (7, 5)) -> dict[str, np.ndarray]:
    """Four simple measures of whether a picture is drawn with a pen.

    Parameters
    ----------
    X_hat : array_like, shape (n, height·width) or (height·width,), values in [0, 1]
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
    X_hat = as_glyphs("X_hat", X_hat, shape)
    ink = X_hat.reshape(-1, *shape) > 0.5
    blobs = ink[:, :-1, :-1] & ink[:, 1:, :-1] & ink[:, :-1, 1:] & ink[:, 1:, 1:]
    return {
        "ink": ink.sum(axis=(1, 2)),
        "pieces": np.array([count_pieces(image) for image in ink]),
        "blobs": blobs.sum(axis=(1, 2)),
        "doubtful": ((X_hat > 0.1) & (X_hat < 0.9)).sum(axis=1),
    }


def as_glyphs(name: str, X: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return pictures, shape (n, height·width); raise ValueError if they are of another shape."""
    X = as_pictures(name, np.atleast_2d(as_numbers(name, X)), ("n", "height·width"))
    picture_shape(shape, X.shape[1])
    return X


def count_pieces(image: np.ndarray) -> int:
    """Count connected pieces of ink; pixels that touch at a corner are connected.

    Parameters
    ----------
    image : ndarray of bool, shape (height, width)
    """
    from scipy.ndimage import label  # loaded when used: `import tp5` imports numpy alone

    return int(label(image, structure=np.ones((3, 3)))[1])


def looks_like_a_letter(
    X_hat: np.ndarray, letters: np.ndarray, shape: tuple[int, int] = (7, 5)
) -> np.ndarray:
    """Whether pictures pass for letters by the four measures of `stroke_measures`.

    A picture passes if it is one piece, has as much ink as the letters have (between their
    smallest and largest), no more blobs than any letter, and at most two doubtful pixels. A simple
    rule that can be read aloud: it says nothing about beauty.

    Parameters
    ----------
    X_hat : array_like, shape (n, height·width), values in [0, 1]
    letters : array_like, shape (n_letters, height·width)
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
    known = stroke_measures(as_glyphs("letters", letters, shape), shape)
    new = stroke_measures(X_hat, shape)
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
    X_hat : array_like, shape (n, n_features)
        Candidates, such as what a grid over the latent space decodes to.
    X : array_like, shape (n_samples, n_features)
        Known glyphs, to keep away from.
    letters : array_like, shape (n_letters, n_features)
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
    X_hat, letters = as_glyphs("X_hat", X_hat, shape), as_glyphs("letters", letters, shape)
    _, originality = nearest(X_hat, X, "hamming")
    rows = np.flatnonzero(originality >= min_distance)
    rows = rows[looks_like_a_letter(X_hat[rows], letters, shape)] if len(rows) else rows
    chosen: list[int] = []
    for row in rows[np.argsort(-originality[rows], kind="stable")]:
        if not chosen or hamming_distances(X_hat[row], X_hat[chosen]).min() >= min_distance:
            chosen.append(int(row))
    return np.array(chosen, dtype=int)
