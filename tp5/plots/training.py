"""Pictures of training: the loss as epochs go by, and what a gradient check says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..analysis.intervals import mean_interval
from .canvas import (
    COLORS,
    GREY,
    CourseFigure,
    color,
    legend_outside,
    line_style,
    marker,
    new_figure,
)


def error_curves(
    curves: Mapping[str, np.ndarray],
    baselines: Mapping[str, float],
    title: str,
    ylabel: str = "squared error a character",
) -> CourseFigure:
    """Draw error against epochs: the mean of the runs, and a band from the best to the worst.

    Parameters
    ----------
    curves : mapping of name to ndarray, shape (n_epochs + 1, n_runs)
    baselines : mapping of name to float
        Horizontal lines, such as the mean image's error.
    title, ylabel : str

    Returns
    -------
    CourseFigure
    """
    return error_panels({title: curves}, baselines, ylabel=ylabel)


def error_panels(
    panels: Mapping[str, Mapping[str, np.ndarray]],
    baselines: Mapping[str, float],
    title: str = "",
    ylabel: str = "squared error a character",
    top: float | None = None,
) -> CourseFigure:
    """Draw several `error_curves` side by side on one scale, with one legend.

    Parameters
    ----------
    panels : mapping of title to curves
    baselines : mapping of name to float
    title, ylabel : str
    top : float, optional
        Upper end of the error axis; an untrained network's error would flatten the rest.

    Returns
    -------
    CourseFigure
    """
    width = 8.0 if len(panels) == 1 else 11.0
    figure, (row,) = new_figure(1, len(panels), size=(width, 4.8), sharey=True)
    for axis, (name, curves) in zip(row, panels.items(), strict=True):
        draw_curves(axis, curves)
        draw_baselines(axis, baselines)
        axis.set(xlabel="epoch", title=name)
    row[0].set(ylabel=ylabel, ylim=(0, top))
    legend_outside(row[-1])
    figure.suptitle(title)
    ends = "; ".join(
        f"{panel}, after the last epoch: "
        + ", ".join(f"{name} {np.nanmean(runs[-1]):.2f}" for name, runs in curves.items())
        for panel, curves in panels.items()
    )
    lines = ", ".join(f"{name} {value:.2f}" for name, value in baselines.items())
    about = f"{title}. " if title else ""
    figure.alt = f"{about}{ylabel} against epochs. {ends}. Baselines: {lines or 'none'}."
    return figure


def draw_curves(axes: Axes, curves: Mapping[str, np.ndarray]) -> None:
    """Draw each curve's mean over its runs with a band from the smallest to the largest."""
    for position, (name, runs) in enumerate(curves.items()):
        epochs = np.arange(len(runs))
        style = {"color": color(position), "linestyle": line_style(position)}
        axes.plot(epochs, np.nanmean(runs, axis=1), label=name, **style)
        low, high = np.nanmin(runs, axis=1), np.nanmax(runs, axis=1)
        axes.fill_between(epochs, low, high, color=color(position), alpha=0.15, linewidth=0)


def draw_baselines(axes: Axes, baselines: Mapping[str, float]) -> None:
    """Draw horizontal grey lines, each with its name on it."""
    for position, (name, value) in enumerate(baselines.items()):
        axes.axhline(value, color=GREY, linestyle=(":", "--")[position % 2], linewidth=1.4)
        place = axes.get_yaxis_transform()  # x in fractions of the axes, y in data
        box = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1}
        style: dict[str, Any] = {"ha": "right", "va": "bottom", "color": GREY, "bbox": box}
        axes.text(0.99, value, name, transform=place, **style)


def gradient_check(exact: np.ndarray, differences: np.ndarray, title: str) -> CourseFigure:
    """Draw backpropagation's gradient against central differences: on the diagonal if right.

    Parameters
    ----------
    exact, differences : ndarray, shape (n_params,)
    title : str

    Returns
    -------
    CourseFigure
    """
    figure, ((left, right),) = new_figure(1, 2, size=(9.0, 4.2))
    span = [float(differences.min()), float(differences.max())]
    left.plot(span, span, color=GREY, linewidth=1)
    left.scatter(differences, exact, s=9, color=COLORS[0])
    left.set(xlabel="central difference", ylabel="backpropagation", title="entry by entry")
    gap = np.abs(exact - differences)
    right.hist(np.log10(np.maximum(gap, 1e-16)), bins=40, color=COLORS[1])
    right.set(xlabel="log10 of the difference", ylabel="weights", title="how far apart")
    figure.suptitle(title)
    figure.alt = (
        f"{title}. Scatter of {len(exact)} gradient entries on the diagonal, and a histogram of "
        f"their absolute differences, the largest of order 1e{np.log10(gap.max()):.0f}."
    )
    return figure


def goal_curves(wrong: Mapping[int, np.ndarray], title: str, goal: int = 1) -> CourseFigure:
    """Draw the worst character's wrong pixels as epochs go by, a line for each run.

    Parameters
    ----------
    wrong : mapping of epoch to ndarray, shape (n_runs,)
        Largest number of wrong pixels in any character.
    title : str
    goal : int

    Returns
    -------
    CourseFigure
    """
    figure, ((axis,),) = new_figure(size=(9.0, 4.2))
    epochs, worst = np.array(list(wrong)), np.array(list(wrong.values()))  # (n_epochs, n_runs)
    for run, line in enumerate(worst.T):
        axis.plot(epochs, line, color=color(run), linestyle=line_style(run), linewidth=1.3)
    axis.axhline(goal, color=GREY, linestyle=":")
    axis.text(epochs[-1], goal, f"the goal: {goal}", ha="right", va="bottom", color=GREY)
    axis.set(xlabel="epoch", ylabel="wrong pixels in the worst character", title=title)
    axis.set_yscale("symlog", linthresh=1)
    axis.set_yticks([0, 1, 2, 5, 10, 20], ["0", "1", "2", "5", "10", "20"])
    reached = int((worst[-1] <= goal).sum())
    figure.alt = (
        f"{title}. A line for each of {worst.shape[1]} runs, falling from "
        f"{int(worst[0].min())}–{int(worst[0].max())} wrong pixels; {reached} runs end at {goal} "
        f"or fewer."
    )
    return figure


def errors_with_intervals(
    groups: Mapping[str, Mapping[str, np.ndarray]],
    baselines: Mapping[str, float],
    title: str,
    xlabel: str = "squared error a character",
) -> CourseFigure:
    """Draw a mean with its 95 % interval for each row and group, and every run as a dot.

    Parameters
    ----------
    groups : mapping of group to mapping of row to ndarray, shape (n_runs,)
        Such as ``{"momentum 0": {"35-2-35": errors, …}, "momentum 0.8": …}``.
    baselines : mapping of name to float
    title, xlabel : str

    Returns
    -------
    CourseFigure
    """
    rows = list(next(iter(groups.values())))
    figure, ((axis,),) = new_figure(size=(9.0, 1.8 + 0.5 * len(rows)))
    for position, (group, values) in enumerate(groups.items()):
        y = np.arange(len(rows)) + (position - (len(groups) - 1) / 2) * 0.25
        runs = np.array([values[row] for row in rows])  # (n_rows, n_runs)
        mean, half_width = mean_interval(runs)
        style = {"color": color(position), "marker": marker(position)}
        axis.errorbar(mean, y, xerr=half_width, fmt="none", ecolor=color(position), capsize=4)
        axis.scatter(mean, y, s=42, label=group, zorder=3, **style)
        axis.scatter(runs.ravel(), np.repeat(y, runs.shape[1]), s=8, alpha=0.5, **style)
    for position, (name, value) in enumerate(baselines.items()):
        axis.axvline(value, color=GREY, linestyle=(":", "--")[position % 2])
        place = axis.get_xaxis_transform()
        axis.text(value, 1.0, name, transform=place, ha="center", va="bottom", color=GREY)
    axis.set_yticks(range(len(rows)), rows)
    axis.invert_yaxis()
    axis.set(xlabel=xlabel)
    axis.set_title(title, pad=22)
    legend_outside(axis)
    means = "; ".join(
        f"{group}: " + ", ".join(f"{row} {np.mean(values[row]):.2f}" for row in rows)
        for group, values in groups.items()
    )
    figure.alt = f"{title}. {xlabel}, mean of the runs with its 95 % interval. {means}."
    return figure
