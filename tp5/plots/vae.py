"""Pictures of a variational autoencoder: drawings, clouds of codes, what lies between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from ..analysis.intervals import rank_correlation
from ..training.history import History
from .canvas import COLORS, GREY, CourseFigure, bare, color, line_style, marker, new_figure
from .glyphs import frame

SIDE = (80, 80)

# In two dimensions a share 1 − e^(−r²/2) of N(0, I) lies within r of the origin.
PRIOR_95 = float(np.sqrt(-2 * np.log(0.05)))


def drawings(
    X: np.ndarray,
    title: str,
    names: Sequence[str] | None = None,
    columns: int = 10,
    shape: tuple[int, int] = SIDE,
) -> CourseFigure:
    """Draw pictures in rows, each under its name if it has one.

    Parameters
    ----------
    X : ndarray, shape (n, height·width), values in [0, 1], 1 is ink
    title : str
    names : sequence of str, optional
    columns : int
    shape : tuple of int
        Height and width.

    Returns
    -------
    CourseFigure
    """
    columns = min(columns, len(X))
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
    figure.alt = f"{title}: {len(X)} drawings of {shape[1]}×{shape[0]} pixels{named}."
    figure.alt = figure.alt.replace("\n", " ")
    figure.light = True
    return figure


def show(axes: Axes, x: np.ndarray, shape: tuple[int, int] = SIDE) -> None:
    """Draw one picture in grey, 1 is ink, with a thin frame."""
    axes.imshow(np.reshape(x, shape), cmap="gray_r", vmin=0, vmax=1, interpolation="antialiased")
    bare(axes)
    frame(axes)


def losses_apart(
    histories: Mapping[str, History], title: str, lines: Mapping[str, float] | None = None
) -> CourseFigure:
    """Draw reconstruction and KL against epochs, on two axes: they differ a hundredfold.

    Parameters
    ----------
    histories : mapping of name to History
        With the parts "reconstruction" and "kl"; the mean over runs is drawn, from epoch 1 on
        (untrained, a network's loss would flatten the rest).
    title : str
    lines : mapping of name to float, optional
        Horizontal lines in the left panel, such as the mean image's cross-entropy.

    Returns
    -------
    CourseFigure
    """
    figure, ((left, right),) = new_figure(1, 2, size=(10.0, 4.4))
    ends = []
    for position, (name, history) in enumerate(histories.items()):
        style: Any = {"color": color(position), "linestyle": line_style(position), "label": name}
        for axis, part in ((left, "reconstruction"), (right, "kl")):
            curve = np.nanmean(history.parts[part], axis=1)
            axis.plot(np.arange(1, len(curve)), curve[1:], **style)
        last = {part: float(np.nanmean(rows[-1])) for part, rows in history.parts.items()}
        ends.append(f"{name}: reconstruction {last['reconstruction']:.1f}, KL {last['kl']:.2f}")
    for name, value in (lines or {}).items():
        left.axhline(value, color=GREY, linestyle=":", linewidth=1.4)
        place = left.get_yaxis_transform()  # x in fractions of the axes, y in data
        left.text(0.99, value, name, transform=place, ha="right", va="bottom", color=GREY)
    left.set(xlabel="epoch", ylabel="nats a drawing", title="reconstruction (cross-entropy)")
    right.set(xlabel="epoch", title="KL divergence from N(0, I)", ylim=(0, None))
    if len(histories) > 1:
        right.legend(frameon=False, fontsize=11)
    figure.suptitle(title)
    grey = "".join(f" Grey line: {name}, {value:.1f}." for name, value in (lines or {}).items())
    figure.alt = (
        f"{title}. Two panels against epochs. After the last epoch, {'; '.join(ends)} nats.{grey}"
    )
    return figure


def clouds(
    z: np.ndarray,
    colourings: Mapping[str, Sequence[Any] | np.ndarray],
    title: str,
    columns: int = 2,
) -> CourseFigure:
    """Draw the same map of codes several times, coloured by one thing each.

    Parameters
    ----------
    z : ndarray, shape (n_samples, 2)
    colourings : mapping of name to a number or a word for each sample
        Numbers get a scale of colours, words a colour and a marker each.
    title : str
    columns : int

    Returns
    -------
    CourseFigure

    Raises
    ------
    ValueError
        If z has not two columns, or a colouring has another length.
    """
    if z.ndim != 2 or z.shape[1] != 2 or any(len(v) != len(z) for v in colourings.values()):
        raise ValueError(
            f"clouds need z of shape (n_samples, 2), not {z.shape}, and one value for each sample."
        )
    columns = min(columns, len(colourings))
    rows = -(-len(colourings) // columns)
    figure, axes = new_figure(rows, columns, size=(5.2 * columns, 4.0 * rows + 0.4))
    for axis in axes.flat[len(colourings) :]:
        axis.set_visible(False)
    for axis, (name, values) in zip(axes.flat, colourings.items(), strict=False):
        colour_codes(axis, z, np.asarray(values), name)
    figure.suptitle(title)
    (left, right), (low, high) = (np.quantile(z[:, axis], (0.05, 0.95)) for axis in (0, 1))
    figure.alt = (
        f"{title}. {len(z)} codes; nine tenths of them have z1 from {left:.1f} to {right:.1f} and "
        f"nine tenths have z2 from {low:.1f} to {high:.1f}. Coloured by {', '.join(colourings)}."
    )
    return figure


def colour_codes(axes: Axes, z: np.ndarray, values: np.ndarray, name: str) -> None:
    """Draw codes with a colour scale for numbers, or a colour and a marker for each word."""
    if values.dtype.kind in "fiub":
        dots = axes.scatter(z[:, 0], z[:, 1], c=values.astype(float), cmap="viridis_r", s=14)
        axes.figure.colorbar(dots, ax=axes)
    else:
        for position, word in enumerate(dict.fromkeys(values.tolist())):
            style: Any = {"color": color(position), "marker": marker(position), "s": 16}
            x, y = z[values == word].T
            axes.scatter(x, y, label=word, alpha=0.8, **style)
        axes.legend(frameon=False, fontsize=11)
    axes.set(xlabel="z1", ylabel="z2", title=name)
    axes.margins(0.06)


def grid_and_map(
    X_hat: np.ndarray,
    grid: np.ndarray,
    codes: np.ndarray,
    title: str,
    shape: tuple[int, int] = SIDE,
) -> CourseFigure:
    """Draw what a decoder makes of a grid of points, and beside it where those points lie.

    Parameters
    ----------
    X_hat : ndarray, shape (rows, columns, height·width)
    grid : ndarray, shape (rows, columns, 2)
        Row 0 is drawn at the top.
    codes : ndarray, shape (n_samples, 2)
        The data, for the map.
    title : str
    shape : tuple of int

    Returns
    -------
    CourseFigure
    """
    rows, columns = grid.shape[:2]
    figure, ((left, right),) = new_figure(1, 2, size=(10.0, 5.3), width_ratios=[1, 1.25])
    left.scatter(codes[:, 0], codes[:, 1], s=12, color=COLORS[0], label="codes of the drawings")
    points = grid.reshape(-1, 2)
    left.scatter(points[:, 0], points[:, 1], s=40, color=COLORS[1], marker="x", label="the grid")
    left.set(xlabel="z1", ylabel="z2", title="where the points lie")
    left.legend(
        frameon=False, fontsize=11, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2
    )
    height, width = shape
    mosaic = np.reshape(X_hat, (rows, columns, height, width)).swapaxes(1, 2)
    right.imshow(mosaic.reshape(rows * height, -1), cmap="gray_r", vmin=0, vmax=1)
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


def beside_nearest(
    X_new: np.ndarray,
    X_nearest: np.ndarray,
    distances: Sequence[float] | np.ndarray,
    title: str,
    shape: tuple[int, int] = SIDE,
) -> CourseFigure:
    """Draw invented pictures, and under each the known drawing that is nearest to it.

    Parameters
    ----------
    X_new, X_nearest : ndarray, shape (n, height·width)
    distances : sequence of float
        Squared error between the two.
    title : str
    shape : tuple of int

    Returns
    -------
    CourseFigure
    """
    n = len(X_new)
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


def trends(
    panels: Mapping[str, tuple[np.ndarray, np.ndarray]],
    labels: Mapping[str, tuple[str, str]],
    title: str,
) -> CourseFigure:
    """Draw quantity against quantity: points, medians of ten equal groups, rank correlation.

    Parameters
    ----------
    panels : mapping of title to two ndarrays of shape (n,)
        Horizontal and vertical.
    labels : mapping of the same titles to the names of the two axes
    title : str

    Returns
    -------
    CourseFigure
    """
    figure, (row,) = new_figure(1, len(panels), size=(3.6 * len(panels) + 0.4, 4.4))
    said = []
    for axis, (name, (x, y)) in zip(row, panels.items(), strict=True):
        rho, low, high = rank_correlation(x, y)
        axis.scatter(x, y, s=6, color=GREY, alpha=0.5)
        axis.set(xlim=most_of(x), ylim=most_of(y))
        groups = np.array_split(np.argsort(x, kind="stable"), 10)
        middles = [[np.median(x[group]), np.median(y[group])] for group in groups]
        axis.plot(*np.transpose(middles), color=COLORS[1], marker="o")
        axis.set(xlabel=labels[name][0], ylabel=labels[name][1])
        axis.set_title(f"{name}\nρ = {rho:.2f} [{low:.2f}, {high:.2f}]", fontsize=12)
        said.append(f"{name}: rank correlation {rho:.2f}, interval {low:.2f} to {high:.2f}")
    figure.suptitle(title)
    figure.supxlabel(
        "ρ counts every point; the outermost 1 % are not drawn", fontsize=11, color=GREY
    )
    figure.alt = f"{title}. {'; '.join(said)}. Scatter with medians of ten equal groups."
    return figure


def most_of(values: np.ndarray) -> tuple[float, float]:
    """Return limits that show 99 % of the values: an outlier would flatten the rest."""
    low, high = np.quantile(values, (0.005, 0.995))
    margin = 0.05 * (high - low)
    return float(low - margin), float(high + margin)


def collapse(
    codes: Mapping[str, np.ndarray],
    kl: Mapping[str, np.ndarray],
    X_hat: Mapping[str, np.ndarray],
    title: str,
    shape: tuple[int, int] = SIDE,
) -> CourseFigure:
    """Draw, for each weight of the KL, the cloud of codes and some reconstructions below it.

    Each cloud has its own scale; the dashed circle, which holds 95 % of N(0, I), is the measure.

    Parameters
    ----------
    codes : mapping of name to ndarray, shape (n_samples, 2)
    kl : mapping of name to ndarray, shape (2,)
        Mean KL of each latent dimension.
    X_hat : mapping of name to ndarray, shape (n_shown, height·width)
    title : str
    shape : tuple of int

    Returns
    -------
    CourseFigure
    """
    n_shown = len(next(iter(X_hat.values())))
    figure, axes = new_figure(
        1 + n_shown,
        len(codes),
        size=(10.0, 3.1 + 1.9 * n_shown),
        height_ratios=[1.2] + [1] * n_shown,
    )
    for column, (name, z) in enumerate(codes.items()):
        axis = axes[0, column]
        axis.scatter(z[:, 0], z[:, 1], s=8, color=COLORS[0])
        axis.add_patch(Circle((0, 0), PRIOR_95, fill=False, color=COLORS[1], linestyle="--"))
        reach = max(1.1 * float(np.abs(z).max()), 1.3 * PRIOR_95)
        axis.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="z1", aspect="equal")
        kl1, kl2 = kl[name]
        axis.set_title(f"{name}\nKL {kl1:.2f}\n+ {kl2:.2f}", fontsize=12)
        for row, x in enumerate(X_hat[name]):
            show(axes[1 + row, column], x, shape)
    axes[0, 0].set_ylabel("z2")
    figure.suptitle(title)
    figure.supxlabel("dashed: the circle that holds 95 % of N(0, I)", fontsize=11, color=GREY)
    said = "; ".join(f"{name}: {kl1:.2f} and {kl2:.2f}" for name, (kl1, kl2) in kl.items())
    figure.alt = (
        f"{title}. For each, a map of the codes and {n_shown} reconstructions. Mean KL of the two "
        f"latent dimensions in nats: {said}."
    )
    figure.light = True
    return figure
