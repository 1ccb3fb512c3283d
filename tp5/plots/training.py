"""Pictures of training: the loss as epochs go by, and what a gradient check says."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..analysis.intervals import mean_interval
from ..checks import as_data, as_mapping, at_least, number_in
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
from .lines import as_baselines, as_runs, draw_band, draw_baselines
from .words import in_plain_words


@in_plain_words
def error_curves(
    curves: Mapping[str, np.ndarray],
    baselines: Mapping[str, float],
    title: str,
    ylabel: str = "squared error a character",
) -> CourseFigure:
    """Draw error against epochs: the mean of the runs, and a band from the best to the worst.

    Parameters
    ----------
    curves : mapping of name to array_like, shape (n_epochs + 1, n_runs)
        What is not finite (a run that diverged) is left out.
    baselines : mapping of name to float
        Horizontal lines, such as the mean image's error.
    title, ylabel : str
    """
    return error_panels({title: curves}, baselines, ylabel=ylabel)


@in_plain_words
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
    """
    drawn = {
        panel: {
            name: as_runs(f"curve {name!r}", runs, "n_epochs + 1")
            for name, runs in as_mapping("curves", curves).items()
        }
        for panel, curves in as_mapping("panels", panels).items()
    }
    baselines = as_baselines(baselines)
    top = None if top is None else number_in("top", "(0, ∞)", top)
    width = 8.0 if len(drawn) == 1 else 11.0
    figure, (row,) = new_figure(1, len(drawn), size=(width, 4.8), sharey=True)
    for axis, (panel, curves) in zip(row, drawn.items(), strict=True):
        for position, (name, runs) in enumerate(curves.items()):
            draw_band(axis, np.arange(len(runs)), runs, name, position)
        draw_baselines(axis, baselines)
        axis.set(xlabel="epoch", title=panel)
    row[0].set(ylabel=ylabel, ylim=(0, top))
    legend_outside(row[-1])
    figure.suptitle(title)
    ends = "; ".join(
        f"{panel}, after the last epoch: "
        + ", ".join(f"{name} {mean_interval(runs[-1])[0]:.2f}" for name, runs in curves.items())
        for panel, curves in drawn.items()
    )
    lines = ", ".join(f"{name} {value:.2f}" for name, value in baselines.items())
    about = f"{title}. " if title else ""
    figure.alt = f"{about}{ylabel} against epochs. {ends}. Baselines: {lines or 'none'}."
    return figure


@in_plain_words
def gradient_check(exact: np.ndarray, differences: np.ndarray, title: str) -> CourseFigure:
    """Draw backpropagation's gradient against central differences: on the diagonal if right.

    Parameters
    ----------
    exact, differences : array_like, shape (n_params,)
    title : str
    """
    exact = as_data("exact", exact, ("n_params",))
    differences = as_data("differences", differences, exact.shape)
    figure, ((left, right),) = new_figure(1, 2, size=(9.0, 4.2))
    span = [float(differences.min()), float(differences.max())]
    left.plot(span, span, color=GREY, linewidth=1)
    left.scatter(differences, exact, s=9, color=COLORS[0])
    left.set(xlabel="central difference", ylabel="backpropagation", title="entry by entry")
    gap = np.maximum(np.abs(exact - differences), 1e-16)
    right.hist(np.log10(gap), bins=40, color=COLORS[1])
    right.set(xlabel="log10 of the difference", ylabel="weights", title="how far apart")
    figure.suptitle(title)
    figure.alt = (
        f"{title}. Scatter of {len(exact)} gradient entries on the diagonal, and a histogram of "
        f"their absolute differences, the largest of order 1e{np.log10(gap.max()):.0f}."
    )
    return figure


@in_plain_words
def goal_curves(wrong: Mapping[int, np.ndarray], title: str, goal: int = 1) -> CourseFigure:
    """Draw the worst character's wrong pixels as epochs go by, a line for each run.

    Parameters
    ----------
    wrong : mapping of epoch to array_like, shape (n_runs,)
        Largest number of wrong pixels in any character.
    title : str
    goal : int
    """
    goal = at_least("goal", goal, 0)
    as_mapping("wrong", wrong)
    epochs = as_data("the epochs of wrong", list(wrong), ("n_epochs",))
    worst = as_data("wrong", list(wrong.values()), ("n_epochs", "n_runs"))
    figure, ((axis,),) = new_figure(size=(9.0, 4.2))
    for run, line in enumerate(worst.T):
        axis.plot(epochs, line, color=color(run), linestyle=line_style(run), linewidth=1.3)
    axis.axhline(goal, color=GREY, linestyle=":")
    axis.text(epochs[-1], goal, f"the goal: {goal}", ha="right", va="bottom", color=GREY)
    axis.set(xlabel="epoch", ylabel="wrong pixels in the worst character", title=title)
    axis.set_yscale("symlog", linthresh=1)
    axis.set_ylim(bottom=-0.1)
    axis.set_yticks([0, 1, 2, 5, 10, 20], ["0", "1", "2", "5", "10", "20"])
    reached = int((worst[-1] <= goal).sum())
    figure.alt = (
        f"{title}. A line for each of {worst.shape[1]} runs, falling from "
        f"{int(worst[0].min())}–{int(worst[0].max())} wrong pixels; {reached} runs end at {goal} "
        f"or fewer."
    )
    return figure


@in_plain_words
def errors_with_intervals(
    groups: Mapping[str, Mapping[str, np.ndarray]],
    baselines: Mapping[str, float],
    title: str,
    xlabel: str = "squared error a character",
) -> CourseFigure:
    """Draw a mean with its 95 % interval for each row and group, and every run as a dot.

    Parameters
    ----------
    groups : mapping of group to mapping of row to array_like, shape (n_runs,)
        Such as ``{"momentum 0": {"35-2-35": errors, …}, "momentum 0.8": …}``. All groups have the
        same rows, and all rows of a group as many runs.
    baselines : mapping of name to float
    title, xlabel : str
    """
    runs_of, rows = as_groups(groups)
    baselines = as_baselines(baselines)
    figure, ((axis,),) = new_figure(size=(9.0, 1.8 + 0.5 * len(rows)))
    for position, (group, runs) in enumerate(runs_of.items()):
        y = np.arange(len(rows)) + (position - (len(runs_of) - 1) / 2) * 0.25
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
        f"{group}: "
        + ", ".join(
            f"{row} {mean:.2f}" for row, mean in zip(rows, mean_interval(runs)[0], strict=True)
        )
        for group, runs in runs_of.items()
    )
    figure.alt = f"{title}. {xlabel}, mean of the runs with its 95 % interval. {means}."
    return figure


def as_groups(
    groups: Mapping[str, Mapping[str, np.ndarray]],
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Return each group's runs, shape (n_rows, n_runs), and the rows; or raise ValueError."""
    checked = {
        name: as_mapping(f"group {name!r}", rows)
        for name, rows in as_mapping("groups", groups).items()
    }
    rows = list(next(iter(checked.values())))
    for name, values in checked.items():
        if list(values) != rows:
            raise ValueError(f"group {name!r} has other rows than {', '.join(rows)}.")
    return {
        name: as_runs(f"group {name!r}", list(values.values()), len(rows))
        for name, values in checked.items()
    }, rows
