"""Pictures of what optimizers reach, and of what it costs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.ticker import MaxNLocator

from ..analysis.intervals import proportion_interval
from ..training.history import COSTS, History
from .canvas import GREY, CourseFigure, color, legend_outside, line_style, marker, new_figure
from .training import draw_baselines

COST_LABELS = {
    "iterations": "iterations",
    "passes": "passes over the data",
    "seconds": "seconds",
}


def cost_curves(
    histories: Mapping[str, History],
    title: str,
    by: Sequence[str] = COSTS,
    baselines: Mapping[str, float] | None = None,
    ylabel: str = "squared error a character",
    top: float | None = None,
) -> CourseFigure:
    """Draw the same trainings against one cost after the other.

    The line is the mean of the runs, the band reaches from the best to the worst. A line begins
    where the first iteration is paid for and ends where the training did. Costs that reach far
    have a logarithmic axis.

    Parameters
    ----------
    histories : mapping of name to History
    title : str
    by : sequence of {"iterations", "passes", "seconds"}
        A panel each.
    baselines : mapping of name to float, optional
        Horizontal lines.
    ylabel : str
    top : float, optional
        Upper end of the error axis; an untrained network's error would flatten the rest.

    Returns
    -------
    CourseFigure

    Raises
    ------
    ValueError
        If there is no history, or a cost is unknown.
    """
    if not histories:
        raise ValueError("cost_curves needs at least one history.")
    width = 7.5 if len(by) == 1 else 2.6 + 3.2 * len(by)
    figure, (row,) = new_figure(1, len(by), size=(width, 4.6), sharey=True)
    for axis, cost in zip(row, by, strict=True):
        for position, (name, history) in enumerate(histories.items()):
            x, loss = loss_by_cost(history, cost)
            look = {"color": color(position), "linestyle": line_style(position)}
            axis.plot(x, loss.mean(axis=1), label=name, **look)
            low, high = loss.min(axis=1), loss.max(axis=1)
            axis.fill_between(x, low, high, color=color(position), alpha=0.15, linewidth=0)
        longest = max(history.total_cost(cost).max() for history in histories.values())
        if cost != "iterations" or longest > 50:
            axis.set_xscale("log")
        else:
            axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.set(xlabel=COST_LABELS[cost])
        draw_baselines(axis, baselines or {})
    row[0].set(ylabel=ylabel, ylim=(0, top))
    legend_outside(row[-1])
    figure.suptitle(title)
    ends = "; ".join(
        f"{name} {np.mean(history.final_loss):.2f} after "
        + ", ".join(f"{history.total_cost(cost).mean():.3g} {COST_LABELS[cost]}" for cost in by)
        for name, history in histories.items()
    )
    figure.alt = f"{title}. {ylabel} against {', '.join(by)}, mean and range of the runs. {ends}."
    return figure


def loss_by_cost(history: History, by: str, n_points: int = 150) -> tuple[np.ndarray, np.ndarray]:
    """Return a history as curves over a common axis, though each run pays at its own pace.

    Returns
    -------
    cost : ndarray, shape (n_points,)
        From the first iteration of the last run to begin, to the end of the last run.
    loss : ndarray, shape (n_points, n_runs)
    """
    first, last = history.cost(by)[1].max(), history.total_cost(by).max()
    costs = np.unique(np.geomspace(first, max(first, last), n_points))
    costs[-1] = max(first, last)  # and not a rounding error before it
    return costs, np.array([history.at_cost(cost, by) for cost in costs])


def iteration_costs(histories: Mapping[str, History], title: str) -> CourseFigure:
    """Draw what one iteration costs each optimizer: passes over the data, and milliseconds.

    Parameters
    ----------
    histories : mapping of name to History
    title : str

    Returns
    -------
    CourseFigure
    """
    names, rows = list(histories), range(len(histories))
    figure, ((left, right),) = new_figure(1, 2, size=(9.0, 1.9 + 0.42 * len(names)), sharey=True)
    passes = np.array([cost_an_iteration(history, "passes") for history in histories.values()])
    seconds = np.array([cost_an_iteration(history, "seconds") for history in histories.values()])
    for axis, numbers, unit in ((left, passes, "passes"), (right, 1000 * seconds, "ms")):
        for row, number in zip(rows, numbers, strict=True):
            axis.scatter(number, row, s=60, color=color(row), marker=marker(row), zorder=3)
            text = f"{number:,.0f}" if number >= 10 else f"{number:.2g}"
            place = {"xytext": (9, 0), "textcoords": "offset points", "va": "center"}
            axis.annotate(text, (number, row), fontsize=12, **place)
        axis.set(xscale="log", xlabel=f"{unit} an iteration")
        axis.set_xlim(numbers.min() / 2, numbers.max() * 8)
    left.set_yticks(rows, names)
    left.set_ylim(len(names) - 0.5, -0.5)
    figure.suptitle(title)
    each = "; ".join(
        f"{name} {count:,.0f} passes and {1000 * time:.3g} ms"
        for name, count, time in zip(names, passes, seconds, strict=True)
    )
    figure.alt = f"{title}. What one iteration costs, on logarithmic axes: {each}."
    return figure


def cost_an_iteration(history: History, by: str) -> float:
    """Mean cost of an iteration over all iterations and runs."""
    return float(np.sum(history.total_cost(by)) / np.sum(history.total_cost("iterations")))


def success_rates(
    successes: Mapping[str, tuple[int, int]],
    title: str,
    xlabel: str = "runs that reach the goal",
) -> CourseFigure:
    """Draw how many runs of each kind succeeded, with the 95 % interval of the rate.

    Parameters
    ----------
    successes : mapping of name to (successes, runs)
    title, xlabel : str

    Returns
    -------
    CourseFigure

    Raises
    ------
    ValueError
        If a number of successes is impossible.
    """
    figure, ((axis,),) = new_figure(size=(9.0, 1.6 + 0.5 * len(successes)))
    words = []
    for row, (name, (count, n)) in enumerate(successes.items()):
        low, high = proportion_interval(count, n)
        look = {"color": color(row), "linewidth": 2.5}
        axis.plot([low, high], [row, row], marker="|", markersize=12, **look)
        axis.scatter(count / n, row, s=70, color=color(row), marker=marker(row), zorder=3)
        axis.text(1.04, row, f"{count} of {n}", va="center", fontsize=13)
        words.append(f"{name} {count} of {n} (95 % interval {low:.0%} to {high:.0%})")
    axis.axvline(1, color=GREY, linewidth=0.8)
    axis.set_yticks(range(len(successes)), list(successes))
    axis.set_ylim(len(successes) - 0.5, -0.5)
    axis.set_xlim(-0.03, 1.2)
    axis.set_xticks(np.linspace(0, 1, 6), [f"{tick:.0%}" for tick in np.linspace(0, 1, 6)])
    axis.set(xlabel=f"{xlabel}, with the 95 % interval", title=title)
    figure.alt = f"{title}. {'; '.join(words)}."
    return figure
