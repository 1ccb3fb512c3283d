"""Pictures of characters: as they are, as they come back, and how near they are to each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from ..analysis import hamming_distances
from ..checks import as_labels, as_pictures, at_least, picture_shape
from .canvas import COLORS, GREY, CourseFigure, bare, new_figure
from .words import in_plain_words, visible

PAPER, INK, MISSING, EXTRA = "#FFFFFF", "#1A1A1A", COLORS[1], COLORS[0]


def glyph_rgb(image: np.ndarray, wanted: np.ndarray | None = None) -> np.ndarray:
    """Colours of one glyph: grey where a pixel is in between, two colours where it is wrong.

    Parameters
    ----------
    image : array_like, shape (..., height, width), values in [0, 1] (1 is ink)
    wanted : array_like of the same shape, optional
        Pixels that differ from it after rounding are coloured: orange where ink is missing, blue
        where there is ink too much.

    Returns
    -------
    ndarray, shape (..., height, width, 3)
    """
    paper, ink = np.array(to_rgb(PAPER)), np.array(to_rgb(INK))
    image = np.clip(as_pictures("image", image, (..., "height", "width")), 0, 1)
    rgb = paper + image[..., None] * (ink - paper)
    if wanted is not None:
        wanted = as_pictures("wanted", wanted, image.shape)
        rgb[(image <= 0.5) & (wanted > 0.5)] = to_rgb(MISSING)
        rgb[(image > 0.5) & (wanted <= 0.5)] = to_rgb(EXTRA)
    return rgb


def picture_rgb(pictures: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Colours of pictures, shape (..., height·width): of their ink; or their own, if it ends in 3.

    Returns
    -------
    ndarray, shape (..., height, width, 3)
    """
    pictures = pictures.reshape(*pictures.shape[:-1], *shape)
    return np.clip(pictures, 0, 1) if len(shape) == 3 else glyph_rgb(pictures)


@in_plain_words
def glyphs(
    X: np.ndarray,
    labels: Sequence[str],
    title: str,
    columns: int = 16,
    shape: tuple[int, ...] = (7, 5),
) -> CourseFigure:
    """Draw a sheet of characters, each under its label.

    Parameters
    ----------
    X : array_like, shape (n_samples, height·width)
    labels : sequence of str
    title : str
    columns : int
    shape : tuple of int
        Height and width of a character, such as ``font.shape``; (height, width, 3) in colour.
    """
    X = as_pictures("X", X, ("n_samples", "height·width"))
    labels = as_labels("labels", labels, len(X))
    shape = picture_shape(shape, X.shape[1], colour=True)
    height, width = shape[:2]
    figure = sheet(picture_rgb(X, shape), labels, title, at_least("columns", columns))
    figure.alt = f"{title}: {len(X)} characters of {width}×{height} pixels in a grid."
    return figure


@in_plain_words
def reconstructions(
    X: np.ndarray,
    X_hat: np.ndarray,
    labels: Sequence[str],
    title: str,
    columns: int = 16,
    shape: tuple[int, int] = (7, 5),
) -> CourseFigure:
    """Draw reconstructed characters, their wrong pixels coloured and counted.

    Parameters
    ----------
    X, X_hat : array_like, shape (n_samples, height·width)
        What was wanted, and what came out.
    labels : sequence of str
    title : str
    columns : int
    shape : tuple of int
    """
    X = as_pictures("X", X, ("n_samples", "height·width"))
    X_hat = as_pictures("X_hat", X_hat, X.shape)
    height, width = picture_shape(shape, X.shape[1])
    wrong = ((X_hat > 0.5) != (X > 0.5)).sum(axis=1)
    labels = as_labels("labels", labels, len(X))
    names = [
        f"{label}  {count}" if count else label for label, count in zip(labels, wrong, strict=True)
    ]
    images, wanted = (part.reshape(-1, height, width) for part in (X_hat, X))
    figure = sheet(glyph_rgb(images, wanted), names, title, at_least("columns", columns))
    legend = "orange: ink is missing · blue: ink too much · the number counts wrong pixels"
    figure.supxlabel(legend, fontsize=12, color=GREY)
    exact = int((wrong == 0).sum())
    figure.alt = (
        f"{title}: {len(X)} reconstructed characters, {exact} of them exact; wrong pixels are "
        f"coloured, at most {int(wrong.max())} in one character."
    )
    return figure


def sheet(images: np.ndarray, names: Sequence[str], title: str, columns: int) -> CourseFigure:
    """Draw images, shape (n, height, width, 3), in rows of ``columns``, each under its name."""
    height, width = images.shape[1:3]
    across, down = width + 1.5, height + 3.0  # room for a gap, and for the name
    rows = -(-len(images) // columns)
    figure, ((axis,),) = new_figure(size=(9.0, 9.0 * rows * down / (columns * across) + 0.6))
    bare(axis)
    for position, (image, name) in enumerate(zip(images, names, strict=True)):
        left, top = position % columns * across, position // columns * down
        axis.imshow(image, extent=(left, left + width, top + height, top))
        edge = Rectangle((left, top), width, height, fill=False, edgecolor="#CCCCCC")
        axis.add_patch(edge)
        axis.text(left + width / 2, top - 0.4, visible(name), ha="center", fontsize=12)
    axis.set(xlim=(-0.5, columns * across - 1), ylim=(rows * down - 2.5, -2.5), title=title)
    return figure


@in_plain_words
def closest_pairs(
    X: np.ndarray,
    labels: Sequence[str],
    title: str,
    n_pairs: int = 4,
    shape: tuple[int, int] = (7, 5),
) -> CourseFigure:
    """Draw how far apart characters are: all Hamming distances, and the closest pairs.

    Parameters
    ----------
    X : array_like, shape (n_samples, height·width)
        Two or more.
    labels : sequence of str
    title : str
    n_pairs : int
    shape : tuple of int
    """
    X = as_pictures("X", X, ("n_samples", "height·width"))
    labels = as_labels("labels", labels, len(X))
    images = X.reshape(-1, *picture_shape(shape, X.shape[1]))
    if len(X) < 2:
        raise ValueError("closest_pairs needs two or more characters.")
    first, second = np.triu_indices(len(X), k=1)
    pairs = hamming_distances(X, X)[first, second]
    n_pairs = min(at_least("n_pairs", n_pairs), len(pairs))
    figure, axes = new_figure(1, 1 + n_pairs, width_ratios=[3.2] + [1] * n_pairs, size=(9.0, 3.4))
    histogram, *pictures = axes[0]
    histogram.hist(pairs, bins=np.arange(pairs.max() + 2) - 0.5, color=COLORS[0])
    histogram.set(xlabel="pixels in which two characters differ", ylabel="pairs of characters")
    histogram.set_title("All pairs")
    for axis, pair in zip(pictures, np.argsort(pairs, kind="stable"), strict=False):
        bare(axis)
        axis.imshow(glyph_rgb(images[second[pair]], wanted=images[first[pair]]))
        frame(axis)
        names = f"{visible(labels[first[pair]])} and {visible(labels[second[pair]])}"
        axis.set_title(f"{names}\ndiffer in {int(pairs[pair])}", fontsize=11)
    figure.suptitle(title)
    figure.alt = (
        f"{title} Histogram of the {len(pairs)} distances between pairs, from {int(pairs.min())} "
        f"to {int(pairs.max())} pixels, median {np.median(pairs):.0f}; beside it the {n_pairs} "
        f"closest pairs, the pixels in which they differ in colour."
    )
    return figure


def frame(axes: Axes) -> None:
    """Draw a thin grey frame around a picture, so that white paper has an edge."""
    for spine in axes.spines.values():
        spine.set(visible=True, color="#CCCCCC", linewidth=0.8)
