"""Pictures of noise, and of what a denoiser leaves of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Rectangle

from ..analysis.intervals import mean_interval
from .canvas import GREY, CourseFigure, bare, color, legend_outside, line_style, marker, new_figure
from .glyphs import frame, glyph_rgb, visible

LEGEND = "orange: ink is missing · blue: ink too much · the number counts wrong pixels"


def noise_kinds(
    image: np.ndarray, noisy: Mapping[str, Mapping[float, np.ndarray]], title: str
) -> CourseFigure:
    """Draw one character spoilt by several kinds of noise (rows) at several levels (columns).

    Parameters
    ----------
    image : ndarray, shape (height, width)
        The clean character.
    noisy : mapping of kind to mapping of level to ndarray, shape (height, width)
    title : str

    Returns
    -------
    CourseFigure
    """
    levels = list(next(iter(noisy.values())))
    size = (1.15 * len(levels) + 2.2, 1.5 * len(noisy) + 0.8)
    figure, axes = new_figure(len(noisy), len(levels), size=size)
    for row, (kind, pictures) in zip(axes, noisy.items(), strict=True):
        for axis, (level, picture) in zip(row, pictures.items(), strict=True):
            bare(axis)
            axis.imshow(glyph_rgb(picture))
            wrong = int(((picture > 0.5) != (image > 0.5)).sum())
            axis.set_title(f"{level:g}: {wrong} wrong", fontsize=12, pad=2)
            frame(axis)
        row[0].set_ylabel(kind, rotation=0, ha="right", va="center", fontsize=13)
    figure.suptitle(title)
    figure.alt = (
        f"{title}. One character under {len(noisy)} kinds of noise ({', '.join(noisy)}), each at "
        f"levels {', '.join(f'{level:g}' for level in levels)}; it becomes harder to read from "
        f"left to right."
    )
    return figure


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
    clean : ndarray, shape (n, height·width)
    pictures : mapping of name to ndarray, shape (n, height·width)
        The rows below, such as ``{"noisy": X_noisy, "restored": X_hat}``.
    labels : sequence of str
    title : str
    shape : tuple of int

    Returns
    -------
    CourseFigure
    """
    rows = {"clean": clean, **pictures}
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
    totals = ", ".join(f"{name}: {counts[name]}" for name in pictures)
    figure.alt = (
        f"{title}. {len(clean)} characters in columns, rows clean, {', '.join(pictures)}; wrong "
        f"pixels in all, {totals}."
    )
    return figure


def level_map(
    kept: np.ndarray, train_levels: Sequence[float], test_levels: Sequence[float], title: str
) -> CourseFigure:
    """Draw training level × test level as a heat map of the share of wrong pixels that is left.

    Parameters
    ----------
    kept : ndarray, shape (n_train_levels, n_test_levels)
        After/before; above 1 (framed) the denoiser does worse than nothing. NaN stays empty.
    train_levels, test_levels : sequence of float
    title : str

    Returns
    -------
    CourseFigure
    """
    figure, ((axis,),) = new_figure(size=(9.0, 0.62 * len(train_levels) + 1.7))
    image = axis.imshow(kept, cmap="cividis_r", vmin=0, vmax=1.25, aspect="auto")
    axis.grid(False)
    for (row, column), value in np.ndenumerate(kept):
        if not np.isfinite(value):
            continue
        worse = value > 1
        ink = "white" if value > 0.75 else "black"
        weight = "bold" if worse else "normal"
        text = f"{value:.2f}" if value < 10 else f"{value:.0f}"
        axis.text(
            column, row, text, ha="center", va="center", color=ink, fontsize=13, weight=weight
        )
        if worse:
            box = Rectangle((column - 0.46, row - 0.44), 0.92, 0.88, fill=False)
            box.set(edgecolor=color(1), linewidth=2.5)
            axis.add_patch(box)
    axis.set_xticks(range(len(test_levels)), [f"{level:g}" for level in test_levels])
    axis.set_yticks(range(len(train_levels)), [f"{level:g}" for level in train_levels])
    axis.set(xlabel="noise level of the test", ylabel="noise level of the training", title=title)
    bar = figure.colorbar(image, ax=axis, label="wrong pixels after / before")
    bar.outline.set_visible(False)
    best = [int(np.nanargmin(column)) for column in kept.T if np.isfinite(column).any()]
    seen = [level for level, c in zip(test_levels, kept.T, strict=True) if np.isfinite(c).any()]
    winners = ", ".join(
        f"at {test:g} the one trained at {train_levels[row]:g}"
        for test, row in zip(seen, best, strict=True)
    )
    figure.alt = (
        f"{title}. Heat map of wrong pixels after over before; smallest {winners}; "
        f"{int((kept > 1).sum())} cells above 1 are framed: worse than doing nothing."
    )
    return figure


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
    curves : mapping of name to ndarray, shape (n_runs, n_levels)
        Denoisers, in colour.
    baselines : mapping of name to ndarray, shape (n_runs, n_levels), optional
        What they must beat, in grey.
    title, xlabel : str

    Returns
    -------
    CourseFigure
    """
    figure, ((axis,),) = new_figure(size=(10.0, 4.8))
    greys = ("#000000", GREY, "#A0A0A0", "#C4C4C4")
    baselines = baselines or {}
    for position, (name, runs) in enumerate(baselines.items()):
        ink, dashes = greys[position % len(greys)], line_style(position + 1)
        axis.plot(levels, runs.mean(axis=0), color=ink, linestyle=dashes, label=name)
    for position, (name, runs) in enumerate(curves.items()):
        mean, half_width = mean_interval(runs, axis=0)
        style = {"color": color(position), "marker": marker(position), "markersize": 7}
        axis.plot(levels, mean, label=name, linestyle=line_style(position), **style)
        low, high = mean - half_width, mean + half_width
        axis.fill_between(levels, low, high, color=color(position), alpha=0.15, linewidth=0)
    axis.set(xlabel=xlabel, ylabel="wrong pixels a character", title=title)
    axis.set_ylim(bottom=0)
    legend_outside(axis)
    middle = len(levels) // 2
    values = ", ".join(
        f"{name} {runs[:, middle].mean():.2f}" for name, runs in {**baselines, **curves}.items()
    )
    figure.alt = (
        f"{title}. Wrong pixels a character against the noise level, from {levels[0]:g} to "
        f"{levels[-1]:g}. At level {levels[middle]:g}: {values}."
    )
    return figure
