"""Pictures of characters: as they are, as they come back, and how near they are to each other."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Rectangle

from ..analysis import hamming_distances
from .canvas import COLORS, GREY, CourseFigure, bare, new_figure

PAPER, INK, MISSING, EXTRA = "#FFFFFF", "#1A1A1A", COLORS[1], COLORS[0]


def glyph_rgb(image: np.ndarray, wanted: np.ndarray | None = None) -> np.ndarray:
    """Colours of one glyph: grey where a pixel is in between, two colours where it is wrong.

    Parameters
    ----------
    image : ndarray, shape (height, width), values in [0, 1] (1 is ink)
    wanted : ndarray of the same shape, optional
        Pixels that differ from it after rounding are coloured: orange where ink is missing, blue
        where there is ink too much.

    Returns
    -------
    ndarray, shape (height, width, 3)
    """
    paper, ink = (np.array(hex_rgb(name)) for name in (PAPER, INK))
    image = np.clip(image, 0, 1)
    rgb = paper + image[..., None] * (ink - paper)
    if wanted is not None:
        rgb[(image <= 0.5) & (wanted > 0.5)] = hex_rgb(MISSING)
        rgb[(image > 0.5) & (wanted <= 0.5)] = hex_rgb(EXTRA)
    return rgb


def glyphs(
    X: np.ndarray,
    labels: Sequence[str],
    title: str,
    columns: int = 16,
    shape: tuple[int, int] = (7, 5),
) -> CourseFigure:
    """Draw a sheet of characters, each under its label.

    Parameters
    ----------
    X : ndarray, shape (n_samples, height·width)
    labels : sequence of str
    title : str
    columns : int
    shape : tuple of int
        Height and width of a character.

    Returns
    -------
    CourseFigure
    """
    figure = sheet(np.reshape(X, (len(X), *shape)), labels, title, columns)
    figure.alt = f"{title}: {len(X)} characters of {shape[1]}×{shape[0]} pixels in a grid."
    return figure


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
    X, X_hat : ndarray, shape (n_samples, height·width)
        What was wanted, and what came out.
    labels : sequence of str
    title : str
    columns : int
    shape : tuple of int

    Returns
    -------
    CourseFigure
    """
    wrong = ((X_hat > 0.5) != (X > 0.5)).sum(axis=-1)
    names = [
        f"{label}  {count}" if count else label for label, count in zip(labels, wrong, strict=True)
    ]
    images = np.reshape(X_hat, (len(X), *shape))
    figure = sheet(images, names, title, columns, wanted=np.reshape(X, (len(X), *shape)))
    legend = "orange: ink is missing · blue: ink too much · the number counts wrong pixels"
    figure.supxlabel(legend, fontsize=12, color=GREY)
    exact = int((wrong == 0).sum())
    figure.alt = (
        f"{title}: {len(X)} reconstructed characters, {exact} of them exact; wrong pixels are "
        f"coloured, at most {int(wrong.max())} in one character."
    )
    return figure


def sheet(
    images: np.ndarray,
    names: Sequence[str],
    title: str,
    columns: int,
    wanted: np.ndarray | None = None,
) -> CourseFigure:
    """Draw images, shape (n, height, width), in rows of ``columns``, each under its name."""
    height, width = images.shape[1:]
    across, down = width + 1.5, height + 3.0  # room for a gap, and for the name
    rows = -(-len(images) // columns)
    figure, ((axis,),) = new_figure(size=(9.0, 9.0 * rows * down / (columns * across) + 0.6))
    bare(axis)
    for position, (image, name) in enumerate(zip(images, names, strict=True)):
        left, top = position % columns * across, position // columns * down
        rgb = glyph_rgb(image, None if wanted is None else wanted[position])
        axis.imshow(rgb, extent=(left, left + width, top + height, top))
        edge = Rectangle((left, top), width, height, fill=False, edgecolor="#CCCCCC")
        axis.add_patch(edge)
        axis.text(left + width / 2, top - 0.4, visible(name), ha="center", fontsize=12)
    axis.set(xlim=(-0.5, columns * across - 1), ylim=(rows * down - 2.5, -2.5), title=title)
    return figure


def closest_pairs(
    X: np.ndarray, labels: Sequence[str], title: str, n_pairs: int = 4
) -> CourseFigure:
    """Draw how far apart characters are: all Hamming distances, and the closest pairs.

    Parameters
    ----------
    X : ndarray, shape (n_samples, 35)
    labels : sequence of str
    title : str
    n_pairs : int

    Returns
    -------
    CourseFigure
    """
    distances = hamming_distances(X, X)
    first, second = np.triu_indices(len(X), k=1)
    pairs = distances[first, second]
    figure, axes = new_figure(1, 1 + n_pairs, width_ratios=[3.2] + [1] * n_pairs, size=(9.0, 3.4))
    histogram, *pictures = axes[0]
    histogram.hist(pairs, bins=np.arange(pairs.max() + 2) - 0.5, color=COLORS[0])
    histogram.set(xlabel="pixels in which two characters differ", ylabel="pairs of characters")
    histogram.set_title("All pairs")
    for axis, pair in zip(pictures, np.argsort(pairs, kind="stable"), strict=False):
        one, other = X[first[pair]].reshape(7, 5), X[second[pair]].reshape(7, 5)
        bare(axis)
        axis.imshow(glyph_rgb(other, wanted=one))
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


def frame(axes: object) -> None:
    """Draw a thin grey frame around a picture, so that white paper has an edge."""
    for spine in axes.spines.values():  # type: ignore[attr-defined]
        spine.set(visible=True, color="#CCCCCC", linewidth=0.8)


def visible(label: str) -> str:
    """Return a label that can be seen (space and DEL have no glyph) and that is not mathtext.

    What can be seen already stays as it is.
    """
    if label == " ":
        return "space"
    return re.sub(r"(?<!\\)\$", r"\\$", label.replace("\x7f", "DEL"))


def hex_rgb(name: str) -> tuple[float, ...]:
    """Return "#FF0000" as (1.0, 0.0, 0.0)."""
    return tuple(int(name[start : start + 2], 16) / 255 for start in (1, 3, 5))
