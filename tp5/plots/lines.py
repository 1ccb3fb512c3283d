"""Lines that several figures draw: the mean of some runs with its band, and baselines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..analysis.intervals import mean_interval
from ..checks import as_data, as_mapping, number_in
from .canvas import GREY, color, line_style


def as_runs(name: str, values: object, n: str | int = "n") -> np.ndarray:
    """Return curves, shape (n, n_runs), NaN where a run has diverged; or raise ValueError."""
    runs = as_data(name, values, (n, "n_runs"), finite=False)
    return np.where(np.isfinite(runs), runs, np.nan)


def draw_band(axes: Axes, x: np.ndarray, runs: np.ndarray, name: str, position: int) -> None:
    """Draw the mean of the runs, shape (n, n_runs), and a band from the smallest to the largest."""
    look = {"color": color(position), "linestyle": line_style(position)}
    axes.plot(x, mean_interval(runs)[0], label=name, **look)
    low, high = np.fmin.reduce(runs, axis=1), np.fmax.reduce(runs, axis=1)  # these leave out NaN
    axes.fill_between(x, low, high, color=color(position), alpha=0.15, linewidth=0)


def as_baselines(baselines: Mapping[str, float] | None) -> dict[str, float]:
    """Return names and numbers, none for None; raise ValueError if one is no finite number."""
    given = {} if baselines is None else as_mapping("baselines", baselines, least=0)
    return {
        name: number_in(f"baseline {name!r}", "(-∞, ∞)", value) for name, value in given.items()
    }


def draw_baselines(axes: Axes, baselines: Mapping[str, float]) -> None:
    """Draw horizontal grey lines, each with its name on it."""
    for position, (name, value) in enumerate(baselines.items()):
        axes.axhline(value, color=GREY, linestyle=(":", "--")[position % 2], linewidth=1.4)
        place = axes.get_yaxis_transform()  # x in fractions of the axes, y in data
        box = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1}
        style: dict[str, Any] = {"ha": "right", "va": "bottom", "color": GREY, "bbox": box}
        axes.text(0.99, value, name, transform=place, **style)
