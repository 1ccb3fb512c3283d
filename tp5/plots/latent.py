"""Pictures of the latent space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from .canvas import CourseFigure, color, marker, new_figure
from .glyphs import visible


def latent_map(z: np.ndarray, labels: Sequence[str], title: str) -> CourseFigure:
    """Draw where each character lies in a two-dimensional latent space.

    Parameters
    ----------
    z : ndarray, shape (n_samples, 2)
    labels : sequence of str
        Drawn at the points; no legend needed.
    title : str

    Returns
    -------
    CourseFigure

    Raises
    ------
    ValueError
        If z has not two columns.
    """
    return latent_maps([z], [labels], [title])


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
    zs : sequence of ndarray, each of shape (n_samples, 2)
    labels : sequence of sequence of str
    titles : sequence of str
    columns : int
    title : str, optional
        Of the whole figure.

    Returns
    -------
    CourseFigure
    """
    columns = min(columns, len(zs))
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


def where(
    codes: np.ndarray,
    point: np.ndarray,
    labels: Sequence[str] | None = None,
    names: Sequence[str] = ("z1", "z2"),
) -> CourseFigure:
    """Draw a small map of codes with the point where one is: a still of the explorer's map.

    Parameters
    ----------
    codes : ndarray, shape (n_samples, 2)
    point : ndarray, shape (2,)
    labels : sequence of str, optional
        Up to seven different ones are classes; others are drawn at their codes if they are short.
    names : sequence of str
        Of the two axes.

    Returns
    -------
    CourseFigure
    """
    figure, axes = new_figure(size=(4.2, 4.0))
    figure.light = True
    axis = axes[0, 0]
    classes = list(dict.fromkeys(labels or []))
    if labels is not None and len(classes) <= 7 and len(classes) < len(labels):
        for k, name in enumerate(classes):
            mine = codes[[label == name for label in labels]]
            axis.scatter(*mine.T, s=14, color=color(k), marker=marker(k), label=name)
        axis.legend(fontsize=11)
    elif labels is not None and len(labels) <= 400 and max(map(len, labels)) <= 5:
        for place, label in zip(codes, labels, strict=True):
            axis.annotate(visible(label), place, ha="center", va="center", color=color(0))
        axis.update_datalim(codes)
        axis.autoscale_view()
    else:
        axis.plot(*codes.T, "." if len(codes) <= 3000 else ",", color=color(0))
    axis.plot(*point, "+", markersize=22, markeredgewidth=3, color=color(1))
    axis.set(xlabel=names[0], ylabel=names[1], title=f"{len(codes)} codes, and + is z")
    figure.alt = (
        f"Map of {len(codes)} codes in spreads of the data. z stands at {names[0]} = "
        f"{point[0]:.1f}, {names[1]} = {point[1]:.1f}."
    )
    return figure


def scatter_labels(axes: Axes, z: np.ndarray, labels: Sequence[str], ink: str) -> None:
    """Draw each label beside its point z, shape (n_samples, 2)."""
    if z.ndim != 2 or z.shape[1] != 2:
        raise ValueError(f"a latent map needs z of shape (n_samples, 2), not {z.shape}.")
    axes.scatter(z[:, 0], z[:, 1], s=12, color=ink)
    for (x, y), label in zip(z, labels, strict=True):
        axes.annotate(
            visible(label), (x, y), xytext=(3, 3), textcoords="offset points", fontsize=12
        )
    axes.set(xlabel="z1", ylabel="z2")
    axes.margins(0.08)
