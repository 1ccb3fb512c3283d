"""Pictures of what a decoder makes of points nobody encoded: grids, maps, walks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from .canvas import COLORS, GREY, CourseFigure, bare, new_figure
from .glyphs import frame, glyph_rgb, visible

# Pale relatives of the palette's colours: regions that letters can be read on.
PALE = ("#BFDDF0", "#F6D3B8", "#B8E3D3", "#EBD3E0", "#FBE5B5", "#DDDDDD", "#D5EEF9")


def decoded_grid(
    images: np.ndarray, grid: np.ndarray, title: str, shape: tuple[int, int] = (7, 5)
) -> CourseFigure:
    """Draw what a decoder makes of a grid of points, each picture where its point lies.

    Parameters
    ----------
    images : ndarray, shape (side, side, height·width), values in [0, 1]
    grid : ndarray, shape (side, side, 2)
        The points; see `tp5.analysis.rectangle_grid`.
    title : str
    shape : tuple of int
        Height and width of a picture.

    Returns
    -------
    CourseFigure
    """
    side = len(images)
    height, width = shape[0] + 1, shape[1] + 1
    mosaic = np.full((side, height, side, width, 3), 0.88)  # thin grey lines
    tiles = glyph_rgb(images.reshape(side, side, *shape)).transpose(0, 2, 1, 3, 4)
    mosaic[:, : shape[0], :, : shape[1]] = tiles
    figure, ((axis,),) = new_figure(size=(6.8, 0.5 + 6.4 * height / width))
    axis.imshow(mosaic.reshape(side * height, side * width, 3)[:-1, :-1])
    axis.grid(False)
    ticks = np.unique(np.linspace(0, side - 1, min(side, 5)).round().astype(int))
    axis.set_xticks(ticks * width + shape[1] / 2, [f"{grid[0, i, 0]:.2g}" for i in ticks])
    axis.set_yticks(ticks * height + shape[0] / 2, [f"{grid[i, 0, 1]:.2g}" for i in ticks])
    axis.set(xlabel="z1", ylabel="z2", title=title)
    low, high = grid[-1, 0], grid[0, -1]
    figure.alt = (
        f"{title}. {side}×{side} decoded pictures, z1 from {low[0]:.2f} to {high[0]:.2f} to the "
        f"right, z2 from {low[1]:.2f} to {high[1]:.2f} upwards."
    )
    return figure


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
    grid : ndarray, shape (side, side, 2)
    index : ndarray of int, shape (side, side)
        The nearest known character of each point's picture; see `tp5.analysis.nearest`.
    labels : sequence of str
    codes : ndarray, shape (n_samples, 2)
        Where the characters themselves lie: the dots.
    title : str

    Returns
    -------
    CourseFigure
    """
    figure, ((axis,),) = new_figure(size=(9.0, 7.6))
    pale = np.array([[int(c[k : k + 2], 16) / 255 for k in (1, 3, 5)] for c in PALE])
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


def draw_borders(axes: Axes, grid: np.ndarray, index: np.ndarray) -> None:
    """Draw a thin line where the character changes from one point to the next."""
    z1, z2 = grid[0, :, 0], grid[:, 0, 1]
    for number in np.unique(index):
        axes.contour(z1, z2, index == number, levels=[0.5], colors="white", linewidths=0.7)


def originality_map(
    grid: np.ndarray, originality: np.ndarray, codes: np.ndarray, title: str
) -> CourseFigure:
    """Draw how far what each point decodes to is from every known glyph.

    Parameters
    ----------
    grid : ndarray, shape (side, side, 2)
    originality : ndarray of int, shape (side, side)
        Pixels by which the picture differs from the nearest glyph.
    codes : ndarray, shape (n_samples, 2)
    title : str

    Returns
    -------
    CourseFigure
    """
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


def strip(
    images: np.ndarray,
    captions: Sequence[str],
    title: str,
    note: str = "",
    shape: tuple[int, int] = (7, 5),
) -> CourseFigure:
    """Draw pictures side by side, such as those on a line through the latent space.

    Parameters
    ----------
    images : ndarray, shape (n, height·width)
    captions : sequence of str
        Above each picture; may have several lines.
    title : str
    note : str
        Below: what the captions mean.
    shape : tuple of int

    Returns
    -------
    CourseFigure
    """
    size = (max(9.0, 0.95 * len(images)), 2.3 + (0.3 if note else 0))
    figure, (row,) = new_figure(1, len(images), size=size)
    for axis, image, caption in zip(row, images, captions, strict=True):
        bare(axis)
        axis.imshow(glyph_rgb(image.reshape(shape)))
        axis.set_title(visible(caption), fontsize=12, pad=3)
        frame(axis)
    figure.suptitle(title)
    if note:
        figure.supxlabel(note, fontsize=12, color=GREY)
    spoken = "; ".join(caption.replace("\n", ", ") for caption in captions)
    figure.alt = f"{title}. {len(images)} pictures from left to right: {spoken}. {note}".strip()
    return figure


def holes(
    distance: np.ndarray, doubtful: np.ndarray, originality: np.ndarray, title: str
) -> CourseFigure:
    """Draw what becomes of random points, by their distance to the nearest code.

    Parameters
    ----------
    distance : ndarray, shape (n,)
        Of each point to the nearest code.
    doubtful : ndarray of int, shape (n,)
        Pixels of its picture between 0.1 and 0.9.
    originality : ndarray of int, shape (n,)
    title : str

    Returns
    -------
    CourseFigure
    """
    edges = np.quantile(distance, np.linspace(0, 1, 9))
    bins = np.clip(np.searchsorted(edges, distance, side="right") - 1, 0, 7)
    middle = [distance[bins == k].mean() for k in range(8)]
    figure, ((axis,),) = new_figure(size=(9.0, 4.6))
    measures = {"doubtful pixels": doubtful, "pixels away from every glyph": originality}
    for position, (name, values) in enumerate(measures.items()):
        style = {"color": COLORS[position], "marker": "os"[position]}
        means = [values[bins == k].mean() for k in range(8)]
        axis.plot(middle, means, label=name, linestyle=("-", "--")[position], **style)
    axis.set(xlabel="distance from the point to the nearest code", ylabel="pixels, mean")
    axis.set_title(title)
    axis.set_ylim(bottom=0)
    axis.legend(frameon=False)
    ends = "; ".join(
        f"{name} from {values[bins == 0].mean():.1f} to {values[bins == 7].mean():.1f}"
        for name, values in measures.items()
    )
    figure.alt = (
        f"{title}. {len(distance)} random points in eight groups by their distance to the nearest "
        f"code, {middle[0]:.2f} to {middle[-1]:.2f} on average. From the nearest to the farthest "
        f"group: {ends}."
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
