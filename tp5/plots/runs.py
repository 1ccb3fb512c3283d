"""Pictures of what some runs can tell apart, and what they cannot."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from ..analysis.intervals import difference_interval, mean_interval
from ..checks import as_mapping
from .canvas import COLORS, GREY, CourseFigure, new_figure
from .training import as_groups
from .words import in_plain_words


@in_plain_words
def pairs_apart(
    panels: Mapping[str, Mapping[str, np.ndarray]], title: str, unit: str = "squared error"
) -> CourseFigure:
    """Draw for each pair of rows whether their runs tell them apart, in a table a panel.

    A number is how much larger the mean of the row is than that of the column, where the 95 %
    interval of the difference leaves out 0; ≈ stands where it does not.

    Parameters
    ----------
    panels : mapping of name to mapping of row to array_like, shape (n_runs,)
        Such as ``{"5 runs": {"35-2-35": errors, …}, "50 runs": …}``, with the same rows.
    title, unit : str
    """
    checked = as_mapping("panels", panels)
    _, names = as_groups(checked)
    last = list(checked.values())[-1]
    names.sort(key=lambda name: float(mean_interval(last[name])[0]))  # the best first
    size = (2.2 + 4.6 * len(checked), 1.9 + 0.44 * len(names))
    figure, (row,) = new_figure(1, len(checked), size=size, sharey=True)
    counts = []
    for axis, (panel, groups) in zip(row, checked.items(), strict=True):
        told = draw_pairs(axis, groups, names)
        pairs = len(names) * (len(names) - 1) // 2
        axis.set_title(f"{panel}: {told} of {pairs} pairs told apart")
        counts.append(f"{panel} tell {told} of {pairs} pairs apart")
    places = [f"{name}   {place}" for place, name in enumerate(names, 1)]
    row[0].set_yticks(range(len(names)), places)
    row[0].set_ylim(len(names) - 0.5, -0.5)
    figure.suptitle(title)
    figure.alt = (
        f"{title}. Differences in {unit} of each pair of rows, from the smallest mean to the "
        f"largest: {', '.join(names)}. {'; '.join(counts)}."
    )
    return figure


def draw_pairs(axes: Axes, groups: Mapping[str, np.ndarray], names: list[str]) -> int:
    """Draw the lower half of the table, a cell for each pair; return how many are told apart."""
    told = 0
    for y, worse in enumerate(names):
        for x, better in enumerate(names[:y]):
            difference, half_width = difference_interval(groups[worse], groups[better])
            sure = abs(difference) > half_width
            told += sure
            words = f"{difference:+.2f}" if sure else "≈"
            ink = COLORS[0] if sure and difference > 0 else COLORS[1] if sure else GREY
            weight = "bold" if sure else "normal"
            axes.text(x, y, words, ha="center", va="center", color=ink, weight=weight)
    axes.set_xlim(-0.6, len(names) - 1.4)
    axes.set_xticks(range(len(names) - 1), [str(place + 1) for place in range(len(names) - 1)])
    axes.set(xlabel="is worse than the one in place …")
    axes.grid(False)
    return told
