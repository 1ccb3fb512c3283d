"""Pictures of the latent space: where the codes lie, and what they are coloured by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..checks import as_data, as_labels, as_mapping, as_sequence, at_least
from .canvas import CourseFigure, color, marker, new_figure
from .words import in_plain_words, visible


@in_plain_words
def latent_map(z: np.ndarray, labels: Sequence[str], title: str) -> CourseFigure:
    """Draw where each character lies in a two-dimensional latent space.

    Parameters
    ----------
    z : array_like, shape (n_samples, 2)
    labels : sequence of str
        Drawn at the points; no legend needed.
    title : str
    """
    return latent_maps([z], [labels], [title])


@in_plain_words
def latent_maps(
    zs: Sequence[np.ndarray],
    labels: Sequence[Sequence[str]],
    titles: Sequence[str],
    columns: int = 2,
    title: str = "",
) -> CourseFigure:
    """Draw several latent maps side by side.

    Parameters
    ----------
    zs : sequence of array_like, each of shape (n_samples, 2)
    labels : sequence of sequence of str
    titles : sequence of str
    columns : int
    title : str, optional
        Of the whole figure.
    """
    zs = [as_data("z", z, ("n_samples", 2)) for z in as_sequence("zs", zs)]
    titles = as_labels("titles", titles, len(zs))
    labels = [
        as_labels("labels", words, len(z))
        for words, z in zip(as_sequence("labels", labels, len(zs)), zs, strict=True)
    ]
    columns = min(at_least("columns", columns), len(zs))
    rows = -(-len(zs) // columns)
    width = 9.0 if columns > 1 else 7.0
    height = (4.3 if columns > 1 else 5.6) * rows + (0.4 if title else 0)
    figure, axes = new_figure(rows, columns, size=(width, height))
    for position, axis in enumerate(axes.flat):
        if position >= len(zs):
            axis.set_visible(False)
            continue
        scatter_labels(axis, zs[position], labels[position], color(position))
        axis.set_title(titles[position])
    if title:
        figure.suptitle(title)
    spans = ", ".join(
        f"{name}: {len(z)} characters, z1 from {z[:, 0].min():.1f} to {z[:, 0].max():.1f}, "
        f"z2 from {z[:, 1].min():.1f} to {z[:, 1].max():.1f}"
        for name, z in zip(titles, zs, strict=True)
    )
    figure.alt = f"{title + '. ' if title else ''}Latent map, each character at its code. {spans}."
    return figure


def scatter_labels(axes: Axes, z: np.ndarray, labels: Sequence[str], ink: str) -> None:
    """Draw each label beside its point z, shape (n_samples, 2)."""
    axes.scatter(z[:, 0], z[:, 1], s=12, color=ink)
    for (x, y), label in zip(z, labels, strict=True):
        axes.annotate(
            visible(label), (x, y), xytext=(3, 3), textcoords="offset points", fontsize=12
        )
    axes.set(xlabel="z1", ylabel="z2")
    axes.margins(0.08)


@in_plain_words
def clouds(
    z: np.ndarray,
    colourings: Mapping[str, Sequence[Any] | np.ndarray],
    title: str,
    columns: int = 2,
) -> CourseFigure:
    """Draw the same map of codes several times, coloured by one thing each.

    Parameters
    ----------
    z : array_like, shape (n_samples, 2)
    colourings : mapping of name to a number or a word for each sample
        Numbers get a scale of colours, words a colour and a marker each.
    title : str
    columns : int
    """
    z = as_data("z", z, ("n_samples", 2))
    checked = {
        name: as_colouring(name, values, len(z))
        for name, values in as_mapping("colourings", colourings).items()
    }
    columns = min(at_least("columns", columns), len(checked))
    rows = -(-len(checked) // columns)
    figure, axes = new_figure(rows, columns, size=(5.2 * columns, 4.0 * rows + 0.4))
    for axis in axes.flat[len(checked) :]:
        axis.set_visible(False)
    for axis, (name, values) in zip(axes.flat, checked.items(), strict=False):
        colour_codes(axis, z, values, name)
    figure.suptitle(title)
    (left, right), (low, high) = (np.quantile(z[:, axis], (0.05, 0.95)) for axis in (0, 1))
    figure.alt = (
        f"{title}. {len(z)} codes; nine tenths of them have z1 from {left:.1f} to {right:.1f} and "
        f"nine tenths have z2 from {low:.1f} to {high:.1f}. Coloured by {', '.join(checked)}."
    )
    return figure


def as_colouring(name: str, values: Any, n: int) -> np.ndarray:
    """Return one number or one word for each of n samples; or raise ValueError."""
    if np.asarray(values, dtype=object).ndim != 1 or len(values) != n:
        raise ValueError(f"colouring {name!r} needs one value for each sample, of which are {n}.")
    array = np.asarray(list(values))
    if array.dtype.kind in "fiub":
        return as_data(f"colouring {name!r}", array, (n,))
    return np.array(as_labels(name, values))


def colour_codes(axes: Axes, z: np.ndarray, values: np.ndarray, name: str) -> None:
    """Draw codes with a colour scale for numbers, or a colour and a marker for each word."""
    if values.dtype.kind == "f":
        dots = axes.scatter(z[:, 0], z[:, 1], c=values, cmap="viridis_r", s=14)
        axes.figure.colorbar(dots, ax=axes)
    else:
        for position, word in enumerate(dict.fromkeys(values.tolist())):
            style: Any = {"color": color(position), "marker": marker(position), "s": 16}
            x, y = z[values == word].T
            axes.scatter(x, y, label=word, alpha=0.8, **style)
        axes.legend(fontsize=11, framealpha=0.6)  # a frame: its markers are no codes
    axes.set(xlabel="z1", ylabel="z2", title=name)
    axes.margins(0.06)


@in_plain_words
def where(
    codes: np.ndarray,
    point: np.ndarray,
    labels: Sequence[str] | None = None,
    names: Sequence[str] = ("z1", "z2"),
) -> CourseFigure:
    """Draw a small map of codes with the point where one is: a still of the explorer's map.

    Parameters
    ----------
    codes : array_like, shape (n_samples, 2)
    point : array_like, shape (2,)
    labels : sequence of str, optional
        Up to seven different ones are classes; others are drawn at their codes if they are short.
    names : sequence of str
        Of the two axes.
    """
    codes, point = as_data("codes", codes, ("n_samples", 2)), as_data("point", point, (2,))
    names = as_labels("names", names, 2)
    labels = None if labels is None else as_labels("labels", labels, len(codes))
    figure, axes = new_figure(size=(4.2, 4.0))
    figure.light = True
    axis = axes[0, 0]
    draw_still(axis, codes, labels)
    axis.plot(*point, "+", markersize=22, markeredgewidth=3, color=color(1))
    axis.set(xlabel=names[0], ylabel=names[1], title=f"{len(codes)} codes, and + is z")
    figure.alt = (
        f"Map of {len(codes)} codes in spreads of the data. z stands at {names[0]} = "
        f"{point[0]:.1f}, {names[1]} = {point[1]:.1f}."
    )
    return figure


def draw_still(axes: Axes, codes: np.ndarray, labels: Sequence[str] | None) -> None:
    """Draw codes as classes, as their labels, or as dots, whichever can be read."""
    classes = list(dict.fromkeys(labels or []))
    if labels is not None and len(classes) <= 7 and len(classes) < len(labels):
        for k, name in enumerate(classes):
            mine = codes[[label == name for label in labels]]
            axes.scatter(mine[:, 0], mine[:, 1], s=14, color=color(k), marker=marker(k), label=name)
        axes.legend(fontsize=11)
    elif labels is not None and len(labels) <= 400 and max(map(len, labels)) <= 5:
        for place, label in zip(codes, labels, strict=True):
            axes.annotate(visible(label), place, ha="center", va="center", color=color(0))
        axes.update_datalim(codes)
        axes.autoscale_view()
    else:
        axes.plot(*codes.T, "." if len(codes) <= 3000 else ",", color=color(0))
