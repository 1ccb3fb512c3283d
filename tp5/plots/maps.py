"""Maps of a latent space: whose country a point lies in, how original it is, what holes hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from ..checks import as_data, as_labels
from .canvas import COLORS, CourseFigure, new_figure
from .words import in_plain_words, visible

# Pale relatives of the palette's colours: regions that letters can be read on.
PALE = ("#BFDDF0", "#F6D3B8", "#B8E3D3", "#EBD3E0", "#FBE5B5", "#DDDDDD", "#D5EEF9")


@in_plain_words
def character_map(
    grid: np.ndarray,
    index: np.ndarray,
    labels: Sequence[str],
    codes: np.ndarray,
    title: str,
) -> CourseFigure:
    """Draw which character each point of the latent space decodes to: a country for each.

    Parameters
    ----------
    grid : array_like, shape (side, side, 2)
    index : array_like of int, shape (side, side)
        The nearest known character of each point's picture; see `tp5.analysis.nearest`.
    labels : sequence of str
    codes : array_like, shape (n_samples, 2)
        Where the characters themselves lie: the dots.
    title : str
    """
    grid, codes = as_grid(grid), as_data("codes", codes, ("n_samples", 2))
    labels = as_labels("labels", labels)
    index = as_index(index, grid.shape[:2], len(labels))
    figure, ((axis,),) = new_figure(size=(9.0, 7.6))
    pale = np.array([to_rgb(name) for name in PALE])
    axis.imshow(pale[index % len(PALE)], extent=extent(grid), aspect="auto")
    draw_borders(axis, grid, index)
    axis.scatter(codes[:, 0], codes[:, 1], s=10, color=COLORS[1], zorder=3)
    for number in np.unique(index):
        inside = grid[index == number]
        # The point of the country that is nearest to its middle: the middle may lie outside.
        x, y = inside[np.linalg.norm(inside - inside.mean(axis=0), axis=1).argmin()]
        axis.text(x, y, visible(labels[number]), ha="center", va="center", fontsize=13)
    axis.grid(False)
    axis.set(xlabel="z1", ylabel="z2", title=title)
    values, sizes = np.unique(index, return_counts=True)
    largest = [visible(labels[values[k]]) for k in sizes.argsort()[::-1][:3]]
    figure.alt = (
        f"{title}. The plane is divided into countries, one for each of {len(values)} characters "
        f"that are decoded somewhere; the largest: {', '.join(largest)}, the first with "
        f"{sizes.max() / index.size:.0%} of the area. Dots are the characters' own codes."
    )
    return figure


def as_grid(grid: np.ndarray) -> np.ndarray:
    """Return a grid, shape (side, side, 2), of two rows or more; or raise ValueError."""
    grid = as_data("grid", grid, ("side", "side", 2))
    if len(grid) < 2 or grid.shape[0] != grid.shape[1]:
        raise ValueError(f"a grid has as many rows as columns, two or more, not {grid.shape[:2]}.")
    return grid


def as_index(index: np.ndarray, shape: tuple[int, ...], n_labels: int) -> np.ndarray:
    """Return the number of a label for each point; raise ValueError if one has no label."""
    array = as_data("index", index, shape)
    if not (array == array.round()).all() or array.min() < 0 or array.max() >= n_labels:
        raise ValueError(f"index must have whole numbers from 0 to {n_labels - 1}, one a label.")
    return array.astype(int)


def draw_borders(axes: Axes, grid: np.ndarray, index: np.ndarray) -> None:
    """Draw a thin line where the character changes from one point to the next."""
    z1, z2 = grid[0, :, 0], grid[:, 0, 1]
    numbers = np.unique(index)
    for number in numbers if len(numbers) > 1 else []:
        axes.contour(z1, z2, index == number, levels=[0.5], colors="white", linewidths=0.7)


@in_plain_words
def originality_map(
    grid: np.ndarray, originality: np.ndarray, codes: np.ndarray, title: str
) -> CourseFigure:
    """Draw how far what each point decodes to is from every known glyph.

    Parameters
    ----------
    grid : array_like, shape (side, side, 2)
    originality : array_like, shape (side, side)
        Pixels by which the picture differs from the nearest glyph.
    codes : array_like, shape (n_samples, 2)
    title : str
    """
    grid, codes = as_grid(grid), as_data("codes", codes, ("n_samples", 2))
    originality = as_data("originality", originality, grid.shape[:2])
    figure, ((axis,),) = new_figure(size=(9.0, 6.6))
    top = max(int(originality.max()), 1)
    image = axis.imshow(
        originality, extent=extent(grid), aspect="auto", cmap="cividis", vmin=0, vmax=top
    )
    axis.scatter(codes[:, 0], codes[:, 1], s=14, color=COLORS[1], edgecolor="white", linewidth=0.5)
    axis.grid(False)
    axis.set(xlabel="z1", ylabel="z2", title=title)
    figure.colorbar(image, ax=axis, label="pixels away from every known glyph")
    known, new = (originality == 0).mean(), (originality >= 3).mean()
    figure.alt = (
        f"{title}. Map of the distance to the nearest known glyph, 0 to {top} pixels. {known:.0%} "
        f"of the points decode to a known glyph exactly, {new:.0%} to something at least 3 pixels "
        f"away. Dots are the characters' own codes."
    )
    return figure


def extent(grid: np.ndarray) -> tuple[float, float, float, float]:
    """Return left, right, bottom and top of a grid's picture: its points are pixel centres."""
    side = len(grid)
    low, high = grid[-1, 0], grid[0, -1]
    half = (high - low) / (side - 1) / 2
    return (
        float(low[0] - half[0]),
        float(high[0] + half[0]),
        float(low[1] - half[1]),
        float(high[1] + half[1]),
    )


@in_plain_words
def holes(
    distance: np.ndarray, doubtful: np.ndarray, originality: np.ndarray, title: str
) -> CourseFigure:
    """Draw what becomes of random points, by their distance to the nearest code.

    Parameters
    ----------
    distance : array_like, shape (n,)
        Of each point to the nearest code; eight points or more.
    doubtful : array_like, shape (n,)
        Pixels of its picture between 0.1 and 0.9.
    originality : array_like, shape (n,)
    title : str
    """
    distance = as_data("distance", distance, ("n",))
    measures = {
        "doubtful pixels": as_data("doubtful", doubtful, distance.shape),
        "pixels away from every glyph": as_data("originality", originality, distance.shape),
    }
    if len(distance) < 8:
        raise ValueError(f"holes needs eight points or more, not {len(distance)}.")
    groups = np.array_split(np.argsort(distance, kind="stable"), 8)  # from near to far
    middle = [distance[group].mean() for group in groups]
    means = {name: [values[group].mean() for group in groups] for name, values in measures.items()}
    figure, ((axis,),) = new_figure(size=(9.0, 4.6))
    for position, (name, values) in enumerate(means.items()):
        style = {"color": COLORS[position], "marker": "os"[position]}
        axis.plot(middle, values, label=name, linestyle=("-", "--")[position], **style)
    axis.set(xlabel="distance from the point to the nearest code", ylabel="pixels, mean")
    axis.set_title(title)
    axis.set_ylim(bottom=0)
    axis.legend(frameon=False)
    ends = "; ".join(
        f"{name} from {values[0]:.1f} to {values[-1]:.1f}" for name, values in means.items()
    )
    figure.alt = (
        f"{title}. {len(distance)} random points in eight groups by their distance to the nearest "
        f"code, {middle[0]:.2f} to {middle[-1]:.2f} on average. From the nearest to the farthest "
        f"group: {ends}."
    )
    return figure
