"""Pictures of noise, and of what a denoiser leaves of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..analysis.intervals import mean_interval
from ..checks import as_data, as_labels, as_mapping, as_pictures, picture_shape
from .canvas import GREY, CourseFigure, bare, color, legend_outside, line_style, marker, new_figure
from .glyphs import frame, glyph_rgb
from .lines import as_runs
from .words import in_plain_words, visible

LEGEND = "orange: ink is missing · blue: ink too much · the number counts wrong pixels"


@in_plain_words
def noise_kinds(
    image: np.ndarray, noisy: Mapping[str, Mapping[float, np.ndarray]], title: str
) -> CourseFigure:
    """Draw one character spoilt by several kinds of noise (rows) at several levels (columns).

    Parameters
    ----------
    image : array_like, shape (height, width)
        The clean character.
    noisy : mapping of kind to mapping of level to array_like, shape (height, width)
        All kinds at the same levels.
    title : str
    """
    image = as_pictures("image", image, ("height", "width"))
    kinds = as_mapping("noisy", noisy)
    first = next(iter(kinds.values()))
    as_mapping("the levels of a noise", first)
    levels = [f"{level:g}" for level in as_data("the levels of a noise", list(first), ("n",))]
    rows = {
        kind: as_pictures(kind, list(as_mapping(kind, row).values()), (len(levels), *image.shape))
        for kind, row in kinds.items()
    }
    size = (1.15 * len(levels) + 2.2, 1.5 * len(rows) + 0.8)
    figure, axes = new_figure(len(rows), len(levels), size=size)
    for row, (kind, pictures) in zip(axes, rows.items(), strict=True):
        for axis, level, picture in zip(row, levels, pictures, strict=True):
            bare(axis)
            axis.imshow(glyph_rgb(picture))
            wrong = int(((picture > 0.5) != (image > 0.5)).sum())
            axis.set_title(f"{level}: {wrong} wrong", fontsize=12, pad=2)
            frame(axis)
        row[0].set_ylabel(kind, rotation=0, ha="right", va="center", fontsize=13)
    figure.suptitle(title)
    figure.alt = (
        f"{title}. One character under {len(rows)} kinds of noise ({', '.join(rows)}), each at "
        f"levels {', '.join(levels)}; it becomes harder to read from left to right."
    )
    return figure


@in_plain_words
def denoised(
    clean: np.ndarray,
    pictures: Mapping[str, np.ndarray],
    labels: Sequence[str],
    title: str,
    shape: tuple[int, int] = (7, 5),
) -> CourseFigure:
    """Draw characters clean (top row), then noisy and restored, wrong pixels coloured and counted.

    Parameters
    ----------
    clean : array_like, shape (n, height·width)
    pictures : mapping of name to array_like, shape (n, height·width)
        The rows below, such as ``{"noisy": X_noisy, "restored": X_hat}``.
    labels : sequence of str
    title : str
    shape : tuple of int
    """
    clean = as_pictures("clean", clean, ("n", "height·width"))
    picture_shape(shape, clean.shape[1])
    labels = as_labels("labels", labels, len(clean))
    below = as_mapping("pictures", pictures)
    rows = {
        name: as_pictures(name, X, clean.shape) for name, X in {"clean": clean, **below}.items()
    }
    size = (1.35 * len(clean) + 1.7, 1.85 * len(rows) + 1.0)
    figure, axes = new_figure(len(rows), len(clean), size=size)
    counts = {}
    for row, (name, images) in zip(axes, rows.items(), strict=True):
        wrong = ((images > 0.5) != (clean > 0.5)).sum(axis=-1)
        counts[name] = int(wrong.sum())
        for position, axis in enumerate(row):
            bare(axis)
            wanted = clean[position].reshape(shape)
            axis.imshow(glyph_rgb(images[position].reshape(shape), wanted))
            text = visible(labels[position]) if name == "clean" else str(wrong[position])
            axis.set_title(text, fontsize=14, pad=3)
            frame(axis)
        row[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=14)
    figure.suptitle(title)
    figure.supxlabel(LEGEND, fontsize=11, color=GREY)
    totals = ", ".join(f"{name}: {counts[name]}" for name in below)
    figure.alt = (
        f"{title}. {len(clean)} characters in columns, rows clean, {', '.join(below)}; wrong "
        f"pixels in all, {totals}."
    )
    return figure


@in_plain_words
def level_map(
    kept: np.ndarray, train_levels: Sequence[float], test_levels: Sequence[float], title: str
) -> CourseFigure:
    """Draw training level × test level as a heat map of the share of wrong pixels that is left.

    Parameters
    ----------
    kept : array_like, shape (n_train_levels, n_test_levels)
        After/before; above 1 (framed) the denoiser does worse than nothing. NaN stays empty.
    train_levels, test_levels : sequence of float
    title : str
    """
    train = as_data("train_levels", train_levels, ("n_train_levels",))
    test = as_data("test_levels", test_levels, ("n_test_levels",))
    kept = as_data("kept", kept, (len(train), len(test)), finite=False)
    figure, ((axis,),) = new_figure(size=(9.0, 0.62 * len(train) + 1.7))
    image = axis.imshow(kept, cmap="cividis_r", vmin=0, vmax=1.25, aspect="auto")
    axis.grid(False)
    for (row, column), value in np.ndenumerate(kept):
        if np.isfinite(value):
            write_share(axis, row, column, value)
    axis.set_xticks(range(len(test)), [f"{level:g}" for level in test])
    axis.set_yticks(range(len(train)), [f"{level:g}" for level in train])
    axis.set(xlabel="noise level of the test", ylabel="noise level of the training", title=title)
    bar = figure.colorbar(image, ax=axis, label="wrong pixels after / before")
    bar.outline.set_visible(False)
    winners = ", ".join(
        f"at {level:g} the one trained at {train[int(np.nanargmin(column))]:g}"
        for level, column in zip(test, kept.T, strict=True)
        if np.isfinite(column).any()
    )
    figure.alt = (
        f"{title}. Heat map of wrong pixels after over before; smallest {winners}; "
        f"{int((kept > 1).sum())} cells above 1 are framed: worse than doing nothing."
    )
    return figure


def write_share(axes: Axes, row: int, column: int, value: float) -> None:
    """Write a share into its cell of the heat map; frame it if it is above 1."""
    worse = value > 1
    ink = "white" if value > 0.75 else "black"
    text = f"{value:.2f}" if value < 10 else f"{value:.0f}"
    weight = "bold" if worse else "normal"
    axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=13, weight=weight)
    if worse:
        box = Rectangle((column - 0.46, row - 0.44), 0.92, 0.88, fill=False)
        box.set(edgecolor=color(1), linewidth=2.5)
        axes.add_patch(box)


@in_plain_words
def cleaning_curves(
    levels: Sequence[float],
    curves: Mapping[str, np.ndarray],
    title: str,
    baselines: Mapping[str, np.ndarray] | None = None,
    xlabel: str = "noise level of the test",
) -> CourseFigure:
    """Draw wrong pixels a character against the noise level, with 95 % intervals as bands.

    Parameters
    ----------
    levels : sequence of float
    curves : mapping of name to array_like, shape (n_runs, n_levels)
        Denoisers, in colour.
    baselines : mapping of name to array_like, shape (n_runs, n_levels), optional
        What they must beat, in grey.
    title, xlabel : str
    """
    x = as_data("levels", levels, ("n_levels",))
    grey = {} if baselines is None else as_cleaning("baselines", baselines, len(x), least=0)
    lines = as_cleaning("curves", curves, len(x), least=0 if grey else 1)
    figure, ((axis,),) = new_figure(size=(10.0, 4.8))
    greys = ("#000000", GREY, "#A0A0A0", "#C4C4C4")
    for position, (name, runs) in enumerate(grey.items()):
        ink, dashes = greys[position % len(greys)], line_style(position + 1)
        axis.plot(x, mean_interval(runs)[0], color=ink, linestyle=dashes, label=name)
    for position, (name, runs) in enumerate(lines.items()):
        mean, half_width = mean_interval(runs)
        style = {"color": color(position), "marker": marker(position), "markersize": 7}
        axis.plot(x, mean, label=name, linestyle=line_style(position), **style)
        low, high = mean - half_width, mean + half_width
        axis.fill_between(x, low, high, color=color(position), alpha=0.15, linewidth=0)
    axis.set(xlabel=xlabel, ylabel="wrong pixels a character", title=title)
    axis.set_ylim(bottom=0)
    legend_outside(axis)
    middle = len(x) // 2
    values = ", ".join(
        f"{name} {mean_interval(runs[middle])[0]:.2f}" for name, runs in {**grey, **lines}.items()
    )
    figure.alt = (
        f"{title}. Wrong pixels a character against the noise level, from {x[0]:g} to "
        f"{x[-1]:g}. At level {x[middle]:g}: {values}."
    )
    return figure


def as_cleaning(
    name: str, curves: Mapping[str, np.ndarray], n_levels: int, least: int = 1
) -> dict[str, np.ndarray]:
    """Return curves by name, each of shape (n_levels, n_runs); or raise ValueError."""
    return {
        key: as_runs(key, as_data(key, runs, ("n_runs", n_levels), finite=False).T)
        for key, runs in as_mapping(name, curves, least).items()
    }
