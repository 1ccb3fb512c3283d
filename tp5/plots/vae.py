"""Pictures of a variational autoencoder: its two losses, what a strong KL does, and trends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.patches import Circle

from ..analysis.intervals import mean_interval, rank_correlation
from ..checks import as_data, as_labels, as_mapping, as_pictures, picture_shape
from ..training.history import History
from .canvas import COLORS, GREY, CourseFigure, color, line_style, new_figure
from .drawings import SIDE, show
from .lines import as_baselines, as_runs
from .words import in_plain_words

# In two dimensions a share 1 − e^(−r²/2) of N(0, I) lies within r of the origin.
PRIOR_95 = float(np.sqrt(-2 * np.log(0.05)))


@in_plain_words
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
    """
    curves = {
        name: parts_of(name, history)
        for name, history in as_mapping("histories", histories).items()
    }
    lines = as_baselines(lines)
    figure, ((left, right),) = new_figure(1, 2, size=(10.0, 4.4))
    ends = []
    for position, (name, (reconstruction, kl)) in enumerate(curves.items()):
        style: Any = {"color": color(position), "linestyle": line_style(position), "label": name}
        for axis, curve in ((left, reconstruction), (right, kl)):
            axis.plot(np.arange(1, len(curve)), curve[1:], **style)
        ends.append(f"{name}: reconstruction {reconstruction[-1]:.1f}, KL {kl[-1]:.2f}")
    for name, value in lines.items():
        left.axhline(value, color=GREY, linestyle=":", linewidth=1.4)
        place = left.get_yaxis_transform()  # x in fractions of the axes, y in data
        left.text(0.99, value, name, transform=place, ha="right", va="bottom", color=GREY)
    left.set(xlabel="epoch", ylabel="nats a drawing", title="reconstruction (cross-entropy)")
    right.set(xlabel="epoch", title="KL divergence from N(0, I)", ylim=(0, None))
    if len(curves) > 1:
        right.legend(frameon=False, fontsize=11)
    figure.suptitle(title)
    grey = "".join(f" Grey line: {name}, {value:.1f}." for name, value in lines.items())
    figure.alt = (
        f"{title}. Two panels against epochs. After the last epoch, {'; '.join(ends)} nats.{grey}"
    )
    return figure


def parts_of(name: str, history: History) -> list[np.ndarray]:
    """Return reconstruction and KL, the means over runs; raise ValueError where there is none."""
    parts = getattr(history, "parts", {})
    if not {"reconstruction", "kl"} <= set(parts):
        raise ValueError(f"{name!r} needs the history of a variational autoencoder, with its KL.")
    return [mean_interval(as_runs(part, parts[part]))[0] for part in ("reconstruction", "kl")]


@in_plain_words
def trends(
    panels: Mapping[str, tuple[np.ndarray, np.ndarray]],
    labels: Mapping[str, tuple[str, str]],
    title: str,
) -> CourseFigure:
    """Draw quantity against quantity: points, medians of ten equal groups, rank correlation.

    Parameters
    ----------
    panels : mapping of title to two array_like of shape (n,)
        Horizontal and vertical, ten values or more.
    labels : mapping of the same titles to the names of the two axes
    title : str
    """
    checked, named = as_mapping("panels", panels), as_mapping("labels", labels)
    if set(checked) != set(named):
        raise ValueError(f"labels must name the axes of {', '.join(checked)}, and of no other.")
    pairs = {name: as_data(f"panel {name!r}", pair, (2, "n")) for name, pair in checked.items()}
    axes_names = {name: as_labels(f"labels of {name!r}", named[name], 2) for name in checked}
    rhos = {name: rank_correlation(*pair) for name, pair in pairs.items()}
    figure, (row,) = new_figure(1, len(pairs), size=(3.6 * len(pairs) + 0.4, 4.4))
    said = []
    for axis, (name, (x, y)) in zip(row, pairs.items(), strict=True):
        rho, low, high = rhos[name]
        axis.scatter(x, y, s=6, color=GREY, alpha=0.5)
        axis.set(xlim=most_of(x), ylim=most_of(y))
        groups = np.array_split(np.argsort(x, kind="stable"), 10)
        middles = [[np.median(x[group]), np.median(y[group])] for group in groups]
        axis.plot(*np.transpose(middles), color=COLORS[1], marker="o")
        axis.set(xlabel=axes_names[name][0], ylabel=axes_names[name][1])
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
    margin = 0.05 * (high - low) or 1.0  # where nearly all values are the same
    return float(low - margin), float(high + margin)


@in_plain_words
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
    codes : mapping of name to array_like, shape (n_samples, 2)
    kl : mapping of name to array_like, shape (2,)
        Mean KL of each latent dimension.
    X_hat : mapping of name to array_like, shape (n_shown, height·width)
    title : str
    shape : tuple of int
    """
    columns = as_columns(codes, kl, X_hat, shape)
    n_shown = len(columns[0][3])
    figure, axes = new_figure(
        1 + n_shown,
        len(columns),
        size=(10.0, 3.1 + 1.9 * n_shown),
        height_ratios=[1.2] + [1] * n_shown,
    )
    for column, (name, z, (kl1, kl2), pictures) in enumerate(columns):
        axis = axes[0, column]
        axis.scatter(z[:, 0], z[:, 1], s=8, color=COLORS[0])
        axis.add_patch(Circle((0, 0), PRIOR_95, fill=False, color=COLORS[1], linestyle="--"))
        reach = max(1.1 * float(np.abs(z).max()), 1.3 * PRIOR_95)
        axis.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="z1", aspect="equal")
        axis.set_title(f"{name}\nKL {kl1:.2f}\n+ {kl2:.2f}", fontsize=12)
        for row, x in enumerate(pictures):
            show(axes[1 + row, column], x, shape)
    axes[0, 0].set_ylabel("z2")
    figure.suptitle(title)
    figure.supxlabel("dashed: the circle that holds 95 % of N(0, I)", fontsize=11, color=GREY)
    said = "; ".join(f"{name}: {kl1:.2f} and {kl2:.2f}" for name, _, (kl1, kl2), _ in columns)
    figure.alt = (
        f"{title}. For each, a map of the codes and {n_shown} reconstructions. Mean KL of the two "
        f"latent dimensions in nats: {said}."
    )
    figure.light = True
    return figure


def as_columns(
    codes: Mapping[str, np.ndarray],
    kl: Mapping[str, np.ndarray],
    X_hat: Mapping[str, np.ndarray],
    shape: tuple[int, int],
) -> list[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
    """Return name, codes, KL and pictures of each column; raise ValueError if one is missing."""
    parts = [as_mapping(*part) for part in (("codes", codes), ("kl", kl), ("X_hat", X_hat))]
    if not set(parts[0]) == set(parts[1]) == set(parts[2]):
        raise ValueError("codes, kl and X_hat must have the same names.")
    columns: list[tuple[str, np.ndarray, np.ndarray, np.ndarray]] = []
    for name in parts[0]:
        n_shown = len(columns[0][3]) if columns else "n_shown"
        pictures = as_pictures("X_hat", parts[2][name], (n_shown, "height·width"))
        picture_shape(shape, pictures.shape[1])
        z = as_data("codes", parts[0][name], ("n_samples", 2))
        columns.append((name, z, as_data("kl", parts[1][name], (2,)), pictures))
    return columns
