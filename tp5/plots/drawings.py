"""Pictures of drawings, grey or in colour: in rows, and beside what they resemble."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from ..checks import as_data, as_labels, as_pictures, at_least, picture_shape
from .canvas import GREY, CourseFigure, bare, new_figure
from .glyphs import frame
from .words import in_plain_words

SIDE = (80, 80)


@in_plain_words
def drawings(
    X: np.ndarray,
    title: str,
    names: Sequence[str] | None = None,
    columns: int = 10,
    shape: tuple[int, ...] = SIDE,
) -> CourseFigure:
    """Draw pictures in rows, each under its name if it has one.

    Parameters
    ----------
    X : array_like, shape (n, height·width), values in [0, 1], 1 is ink; or (n, height·width·3)
    title : str
    names : sequence of str, optional
    columns : int
    shape : tuple of int
        Height and width; or (height, width, 3) for colours, such as the `shape` of
        `tp5.datasets.Images`.
    """
    X = as_pictures("X", X, ("n", "height·width"))
    picture_shape(shape, X.shape[1], colour=True)
    names = None if names is None else as_labels("names", names, len(X))
    columns = min(at_least("columns", columns), len(X))
    rows = -(-len(X) // columns)
    height = (1.25 if names else 1.0) * 9.0 / columns * rows
    figure, axes = new_figure(rows, columns, size=(9.0, height + 0.5))
    for position, axis in enumerate(axes.flat):
        bare(axis)
        if position < len(X):
            show(axis, X[position], shape)
            axis.set_title(names[position] if names else "", fontsize=11, pad=3)
    figure.suptitle(title)
    named = f", named {'; '.join(names)}" if names and len(names) <= 12 else ""
    in_colour = " in colour" if len(shape) == 3 else ""
    figure.alt = f"{title}: {len(X)} drawings of {shape[1]}×{shape[0]} pixels{in_colour}{named}."
    figure.alt = figure.alt.replace("\n", " ")
    figure.light = True
    return figure


def show(axes: Axes, x: np.ndarray, shape: tuple[int, ...] = SIDE) -> None:
    """Draw one picture with a thin frame: grey, 1 is ink; or in its colours."""
    picture = np.clip(np.reshape(x, shape), 0, 1)
    axes.imshow(picture, cmap="gray_r", vmin=0, vmax=1, interpolation="antialiased")
    bare(axes)
    frame(axes)


@in_plain_words
def beside_nearest(
    X_new: np.ndarray,
    X_nearest: np.ndarray,
    distances: Sequence[float] | np.ndarray,
    title: str,
    shape: tuple[int, ...] = SIDE,
) -> CourseFigure:
    """Draw invented pictures, and under each the known drawing that is nearest to it.

    Parameters
    ----------
    X_new, X_nearest : array_like, shape (n, height·width)
    distances : sequence of float
        Squared error between the two.
    title : str
    shape : tuple of int
    """
    X_new = as_pictures("X_new", X_new, ("n", "height·width"))
    X_nearest = as_pictures("X_nearest", X_nearest, X_new.shape)
    picture_shape(shape, X_new.shape[1], colour=True)
    n = len(X_new)
    distances = as_data("distances", distances, (n,))
    figure, axes = new_figure(2, n, size=(max(9.0, 1.15 * n), 3.6))
    for column in range(n):
        show(axes[0, column], X_new[column], shape)
        show(axes[1, column], X_nearest[column], shape)
        axes[1, column].set_xlabel(f"{distances[column]:.0f}", fontsize=12)
    axes[0, 0].set_ylabel("new", fontsize=12)
    axes[1, 0].set_ylabel("nearest", fontsize=12)
    figure.suptitle(title)
    figure.supxlabel("squared error between the two", fontsize=11, color=GREY)
    figure.alt = (
        f"{title}. {n} invented drawings above, the nearest of the known drawings below each; the "
        f"squared error between the two is {min(distances):.1f} to {max(distances):.1f}."
    )
    figure.light = True
    return figure
