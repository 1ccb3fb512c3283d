"""Pictures of the latent space."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from .canvas import CourseFigure, color, new_figure
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
