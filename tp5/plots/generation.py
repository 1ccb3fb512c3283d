"""Pictures of what a decoder makes of points nobody encoded: grids and walks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from ..checks import as_data, as_labels, as_mapping, as_pictures, picture_shape
from .canvas import COLORS, GREY, CourseFigure, bare, new_figure
from .drawings import SIDE
from .glyphs import frame, picture_rgb
from .words import in_plain_words, visible


@in_plain_words
def decoded_grid(
    images: np.ndarray, grid: np.ndarray, title: str, shape: tuple[int, ...] = (7, 5)
) -> CourseFigure:
    """Draw what a decoder makes of a grid of points, each picture where its point lies.

    Parameters
    ----------
    images : array_like, shape (side, side, height·width), values in [0, 1]
    grid : array_like, shape (side, side, 2)
        The points; see `tp5.analysis.rectangle_grid`.
    title : str
    shape : tuple of int
        Height and width of a picture.
    """
    images = as_pictures("images", images, ("side", "side", "height·width"))
    picture_shape(shape, images.shape[2], colour=True)
    images, grid = on_a_grid(images, grid, shape)
    figure, ((axis,),) = new_figure(size=(6.8, 0.5 + 6.4 * (shape[0] + 1) / (shape[1] + 1)))
    low, high = draw_grid(axis, images, grid, shape)
    axis.set(ylabel="z2", title=title)
    side = len(grid)
    figure.alt = (
        f"{title}. {side}×{side} decoded pictures, z1 from {low[0]:.2f} to {high[0]:.2f} to the "
        f"right, z2 from {low[1]:.2f} to {high[1]:.2f} upwards."
    )
    return figure


@in_plain_words
def decoded_grids(
    images: Mapping[str, np.ndarray], grid: np.ndarray, title: str, shape: tuple[int, ...] = (7, 5)
) -> CourseFigure:
    """Draw what several decoders make of the same grid of points, side by side.

    Parameters
    ----------
    images : mapping of name to array_like, shape (side, side, height·width), values in [0, 1]
    grid : array_like, shape (side, side, 2)
    title : str
    shape : tuple of int
        Height and width of a picture.
    """
    panels = as_mapping("images", images)
    panels = {name: on_a_grid(images, grid, shape)[0] for name, images in panels.items()}
    figure, (row,) = new_figure(1, len(panels), size=(4.4 * len(panels), 5.9))
    shades = []
    for axis, (name, pictures) in zip(row, panels.items(), strict=True):
        low, high = draw_grid(axis, pictures, grid, shape)
        axis.set_title(name)
        unsure = np.mean((np.asarray(pictures) > 0.1) & (np.asarray(pictures) < 0.9))
        shades.append(f"{name}: {unsure:.0%} of the pixels are grey")
    row[0].set_ylabel("z2")
    figure.suptitle(title)
    figure.alt = (
        f"{title}. {len(panels)} panels of {len(grid)}×{len(grid)} decoded pictures, z1 from "
        f"{low[0]:.2f} to {high[0]:.2f} to the right, z2 from {low[1]:.2f} to {high[1]:.2f} "
        f"upwards. {'; '.join(shades)}."
    )
    return figure


def on_a_grid(
    images: np.ndarray, grid: np.ndarray, shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return pictures and their points, checked before a figure is made for them."""
    images = as_pictures("images", images, ("side", "side", "height·width"))
    side = len(images)
    images = as_pictures("images", images, (side, side, "height·width"))
    picture_shape(shape, images.shape[2], colour=True)
    return images, as_data("grid", grid, (side, side, 2))


def draw_grid(
    axis: Axes, images: np.ndarray, grid: np.ndarray, shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Draw pictures where their points lie; return the lowest and the highest point."""
    side = len(images)
    height, width = shape[0] + 1, shape[1] + 1
    mosaic = np.full((side, height, side, width, 3), 0.88)  # thin grey lines
    tiles = picture_rgb(images, shape).transpose(0, 2, 1, 3, 4)
    mosaic[:, : shape[0], :, : shape[1]] = tiles
    axis.imshow(mosaic.reshape(side * height, side * width, 3)[:-1, :-1])
    axis.grid(False)
    ticks = np.unique(np.linspace(0, side - 1, min(side, 5)).round().astype(int))
    axis.set_xticks(ticks * width + shape[1] / 2, [f"{grid[0, i, 0]:.2g}" for i in ticks])
    axis.set_yticks(ticks * height + shape[0] / 2, [f"{grid[i, 0, 1]:.2g}" for i in ticks])
    axis.set_xlabel("z1")
    return grid[-1, 0], grid[0, -1]


@in_plain_words
def grid_and_map(
    X_hat: np.ndarray,
    grid: np.ndarray,
    codes: np.ndarray,
    title: str,
    shape: tuple[int, ...] = SIDE,
) -> CourseFigure:
    """Draw what a decoder makes of a grid of points, and beside it where those points lie.

    Parameters
    ----------
    X_hat : array_like, shape (rows, columns, height·width)
    grid : array_like, shape (rows, columns, 2)
        Row 0 is drawn at the top.
    codes : array_like, shape (n_samples, 2)
        The data, for the map.
    title : str
    shape : tuple of int
    """
    grid = as_data("grid", grid, ("rows", "columns", 2))
    codes = as_data("codes", codes, ("n_samples", 2))
    rows, columns = grid.shape[:2]
    X_hat = as_pictures("X_hat", X_hat, (rows, columns, "height·width"))
    shape = picture_shape(shape, X_hat.shape[2], colour=True)
    height, width = shape[:2]
    figure, ((left, right),) = new_figure(1, 2, size=(10.0, 5.3), width_ratios=[1, 1.25])
    left.scatter(codes[:, 0], codes[:, 1], s=12, color=COLORS[0], label="codes of the drawings")
    points = grid.reshape(-1, 2)
    left.scatter(points[:, 0], points[:, 1], s=40, color=COLORS[1], marker="x", label="the grid")
    left.set(xlabel="z1", ylabel="z2", title="where the points lie")
    left.legend(
        frameon=False, fontsize=11, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2
    )
    mosaic = np.clip(X_hat, 0, 1).reshape(rows, columns, *shape).swapaxes(1, 2)
    mosaic = mosaic.reshape(rows * height, columns * width, *shape[2:])
    right.imshow(mosaic, cmap="gray_r", vmin=0, vmax=1)
    for line in range(1, columns):
        right.axvline(line * width - 0.5, color="#CCCCCC", linewidth=0.8)
    for line in range(1, rows):
        right.axhline(line * height - 0.5, color="#CCCCCC", linewidth=0.8)
    right.grid(False)
    z1, z2 = grid[0, :, 0], grid[:, 0, 1]
    right.set_xticks((np.arange(columns) + 0.5) * width, [f"{z:z.2f}" for z in z1])
    right.set_yticks((np.arange(rows) + 0.5) * height, [f"{z:z.2f}" for z in z2])
    right.set(xlabel="z1", ylabel="z2", title="what the decoder makes of them")
    figure.suptitle(title)
    figure.alt = (
        f"{title}. Left, {len(codes)} codes and a grid of {rows} by {columns} points, z1 from "
        f"{z1.min():.2f} to {z1.max():.2f} and z2 from {z2.min():.2f} to {z2.max():.2f}; right, "
        f"the {rows * columns} decoded pictures in the same places."
    )
    figure.light = True
    return figure


@in_plain_words
def strip(
    images: np.ndarray,
    captions: Sequence[str],
    title: str,
    note: str = "",
    shape: tuple[int, ...] = (7, 5),
) -> CourseFigure:
    """Draw pictures side by side, such as those on a line through the latent space.

    Parameters
    ----------
    images : array_like, shape (n, height·width)
    captions : sequence of str
        Above each picture; may have several lines.
    title : str
    note : str
        Below: what the captions mean.
    shape : tuple of int
    """
    images = as_pictures("images", images, ("n", "height·width"))
    captions = as_labels("captions", captions, len(images))
    picture_shape(shape, images.shape[1], colour=True)
    size = (max(9.0, 0.95 * len(images)), 2.3 + (0.3 if note else 0))
    figure, (row,) = new_figure(1, len(images), size=size)
    for axis, image, caption in zip(row, images, captions, strict=True):
        bare(axis)
        axis.imshow(picture_rgb(image, shape))
        axis.set_title(visible(caption), fontsize=12, pad=3)
        frame(axis)
    figure.suptitle(title)
    if note:
        figure.supxlabel(note, fontsize=12, color=GREY)
    spoken = "; ".join(caption.replace("\n", ", ") for caption in captions)
    figure.alt = f"{title}. {len(images)} pictures from left to right: {spoken}. {note}".strip()
    return figure
