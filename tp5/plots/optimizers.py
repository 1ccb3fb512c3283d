"""Pictures of what optimizers reach, and of what it costs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.ticker import MaxNLocator, NullFormatter

from ..analysis.intervals import mean_interval, proportion_interval
from ..checks import as_data, as_list, as_mapping, as_sequence, number_in, one_of, shown
from ..training.history import COSTS, History
from .canvas import GREY, CourseFigure, color, legend_outside, line_style, marker, new_figure
from .lines import as_baselines, draw_band, draw_baselines
from .words import in_plain_words, typeset_powers

COST_LABELS = {
    "iterations": "iterations",
    "passes": "passes over the data",
    "seconds": "seconds",
}


@in_plain_words
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
    """
    histories, baselines = as_histories(histories), as_baselines(baselines)
    by = [one_of("by", cost, COSTS) for cost in as_list("by", by)]
    top = None if top is None else number_in("top", "(0, ∞)", top)
    width = 7.5 if len(by) == 1 else 2.6 + 3.2 * len(by)
    figure, (row,) = new_figure(1, len(by), size=(width, 4.6), sharey=True)
    for axis, cost in zip(row, by, strict=True):
        for position, (name, history) in enumerate(histories.items()):
            draw_band(axis, *loss_by_cost(history, cost), name, position)
        longest = max(history.total_cost(cost).max() for history in histories.values())
        if cost != "iterations" or longest > 50:
            axis.set_xscale("log")
            typeset_powers(axis.xaxis)
        else:
            axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.set(xlabel=COST_LABELS[cost])
        draw_baselines(axis, baselines)
    row[0].set(ylabel=ylabel, ylim=(0, top))
    legend_outside(row[-1])
    figure.suptitle(title)
    ends = "; ".join(
        f"{name} {mean_interval(history.final_loss)[0]:.2f} after "
        + ", ".join(f"{history.total_cost(cost).mean():.3g} {COST_LABELS[cost]}" for cost in by)
        for name, history in histories.items()
    )
    figure.alt = f"{title}. {ylabel} against {', '.join(by)}, mean and range of the runs. {ends}."
    return figure


def as_histories(histories: Mapping[str, History]) -> dict[str, History]:
    """Return histories by name; raise ValueError if one is none, or has no iteration."""
    checked = as_mapping("histories", histories)
    for name, history in checked.items():
        if not isinstance(history, History):
            raise ValueError(f"{name!r} must be a history, as model.history, not {shown(history)}.")
        if history.n_epochs < 1:
            raise ValueError(f"the history of {name!r} has no epoch to draw.")
    return checked


def loss_by_cost(history: History, by: str, n_points: int = 150) -> tuple[np.ndarray, np.ndarray]:
    """Return a history as curves over a common axis, though each run pays at its own pace.

    Returns
    -------
    cost : ndarray, shape (n_points,)
        From the first iteration of the last run to begin, to the end of the last run.
    loss : ndarray, shape (n_points, n_runs)
    """
    least = 1e-9  # seconds, on a clock that did not move
    first = max(history.cost(by)[1].max(), least)
    last = max(history.total_cost(by).max(), first)
    costs = np.unique(np.geomspace(first, last, n_points))
    costs[-1] = last  # and not a rounding error before it
    return costs, np.array([history.at_cost(cost, by) for cost in costs])


@in_plain_words
def iteration_costs(histories: Mapping[str, History], title: str) -> CourseFigure:
    """Draw what one iteration costs each optimizer: passes over the data, and milliseconds.

    Parameters
    ----------
    histories : mapping of name to History
    title : str
    """
    histories = as_histories(histories)
    names, rows = list(histories), range(len(histories))
    passes = np.array([cost_an_iteration(history, "passes") for history in histories.values()])
    seconds = np.array([cost_an_iteration(history, "seconds") for history in histories.values()])
    figure, ((left, right),) = new_figure(1, 2, size=(9.0, 1.9 + 0.42 * len(names)), sharey=True)
    for axis, numbers, unit in ((left, passes, "passes"), (right, 1000 * seconds, "ms")):
        for row, number in zip(rows, numbers, strict=True):
            axis.scatter(number, row, s=60, color=color(row), marker=marker(row), zorder=3)
            text = f"{number:,.0f}" if number >= 10 else f"{number:.2g}"
            place = {"xytext": (9, 0), "textcoords": "offset points", "va": "center"}
            axis.annotate(text, (number, row), fontsize=12, **place)
        axis.set(xscale="log", xlabel=f"{unit} an iteration")
        axis.set_xlim(numbers.min() / 2, numbers.max() * 8)
        axis.xaxis.set_minor_formatter(NullFormatter())  # between 1 and 10 they would overlap
        typeset_powers(axis.xaxis)
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
    """Mean cost of an iteration over all iterations and runs; at least 1e-9."""
    cost = np.sum(history.total_cost(by)) / max(np.sum(history.total_cost("iterations")), 1)
    return max(float(cost), 1e-9)  # a logarithm wants more than 0


@in_plain_words
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
    """
    counts = {
        name: as_sequence(f"successes of {name!r}", pair, 2)
        for name, pair in as_mapping("successes", successes).items()
    }
    intervals = {name: proportion_interval(*pair) for name, pair in counts.items()}
    figure, ((axis,),) = new_figure(size=(9.0, 1.6 + 0.5 * len(counts)))
    words = []
    for row, (name, (count, n)) in enumerate(counts.items()):
        low, high = intervals[name]
        look = {"color": color(row), "linewidth": 2.5}
        axis.plot([low, high], [row, row], marker="|", markersize=12, **look)
        axis.scatter(count / n, row, s=70, color=color(row), marker=marker(row), zorder=3)
        axis.text(1.04, row, f"{count} of {n}", va="center", fontsize=13)
        words.append(f"{name} {count} of {n} (95 % interval {low:.0%} to {high:.0%})")
    axis.axvline(1, color=GREY, linewidth=0.8)
    axis.set_yticks(range(len(counts)), list(counts))
    axis.set_ylim(len(counts) - 0.5, -0.5)
    axis.set_xlim(-0.03, 1.2)
    axis.set_xticks(np.linspace(0, 1, 6), [f"{tick:.0%}" for tick in np.linspace(0, 1, 6)])
    axis.set(xlabel=f"{xlabel}, with the 95 % interval", title=title)
    figure.alt = f"{title}. {'; '.join(words)}."
    return figure


@in_plain_words
def spectra(
    eigenvalues: Mapping[str, np.ndarray], title: str, ylabel: str = "eigenvalue"
) -> CourseFigure:
    """Draw the eigenvalues of matrices, each from the largest to the smallest, on powers of ten.

    Parameters
    ----------
    eigenvalues : mapping of name to array_like, shape (n,)
        Those that are not positive have no logarithm and are left out.
    title, ylabel : str
    """
    values = {
        name: np.sort(as_data(f"eigenvalues of {name!r}", each, ("n",)))[::-1]
        for name, each in as_mapping("eigenvalues", eigenvalues).items()
    }
    positive = {name: each[each > 0] for name, each in values.items()}
    for name, each in positive.items():
        if not len(each):
            raise ValueError(f"no eigenvalue of {name!r} is positive; there is nothing to draw.")
    figure, ((axis,),) = new_figure(size=(9.0, 4.4))
    for position, (name, each) in enumerate(positive.items()):
        look = {"color": color(position), "linestyle": line_style(position)}
        axis.plot(np.arange(1, len(each) + 1), each, label=name, **look)
    axis.set(yscale="log", xlabel="eigenvalue, from the largest on", ylabel=ylabel, title=title)
    typeset_powers(axis.yaxis)
    legend_outside(axis)
    spans = "; ".join(
        f"{name}: {len(each)} of {len(values[name])} are positive, from {each[0]:.1e} down to "
        f"{each[-1]:.1e}"
        for name, each in positive.items()
    )
    figure.alt = f"{title}. Eigenvalues on a logarithmic axis. {spans}."
    return figure
