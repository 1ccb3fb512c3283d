"""W7: how the cost of our own training grows with runs, width, samples and latent size."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tp5 import SGD, Adam, Autoencoder
from tp5.experiments.jobs import COURSE
from tp5.plots.canvas import CourseFigure, color, new_figure

from . import problem

Make = Callable[[int], tuple[Callable[[], Any], float]]


def grow_runs(n_runs: int) -> tuple[Callable[[], Any], float]:
    """One online step of n_runs networks; 5 epochs of 32 steps."""
    model = Autoencoder(problem.LETTERS, dtype="float32", **COURSE)
    X = problem.characters()
    return fit(model, X, SGD(0.01), 5, 1, n_runs=n_runs), 5 * len(X)


def grow_width(factor: int) -> tuple[Callable[[], Any], float]:
    """One full-batch epoch; all hidden layers but the codes are so many times as wide."""
    hidden = (25 * factor, 17 * factor)
    model = Autoencoder((35, *hidden, 2, *hidden[::-1], 35), dtype="float32")
    return fit(model, problem.characters(wide=True), Adam(0.01), 10, None), 10


def grow_samples(n: int) -> tuple[Callable[[], Any], float]:
    """One epoch of n pictures of 28×28 pixels in batches of 128."""
    X = np.random.default_rng(0).random((n, 784), dtype=np.float32)
    return fit(Autoencoder((784, 128, 2, 128, 784), dtype="float32"), X, Adam(0.001), 1, 128), 1


def grow_latent(size: int) -> tuple[Callable[[], Any], float]:
    """One epoch of 3,000 such pictures, through codes of a size."""
    X = np.random.default_rng(0).random((3000, 784), dtype=np.float32)
    return fit(Autoencoder((784, 128, size, 128, 784), dtype="float32"), X, Adam(0.001), 1, 128), 1


def fit(
    model: Autoencoder, X: np.ndarray, optimizer: Any, epochs: int, batch: int | None, **more: Any
) -> Callable[[], Any]:
    """Return the training as a function."""
    size = len(X) if batch is None else batch
    return lambda: model.fit(
        X, optimizer=optimizer, epochs=epochs, batch_size=size, rng=0, progress=False, **more
    )


SERIES: dict[str, tuple[str, str, Make, tuple[int, ...]]] = {
    "runs": ("networks trained at once", "s an online step", grow_runs, (1, 2, 4, 8, 16, 32, 64)),
    "width": ("times as wide", "s an epoch", grow_width, (1, 2, 4, 8, 16)),
    "samples": ("pictures of 784 pixels", "s an epoch", grow_samples, (96, 600, 6000, 60_000)),
    "latent": ("latent dimensions", "s an epoch", grow_latent, (2, 4, 8, 16, 32, 64)),
}


ROUNDS, ENOUGH = 9, 30.0  # of each series; and the seconds after which no round is begun


def measure() -> dict[str, dict[str, list[float]]]:
    """Seconds of every point, and the slope between each two neighbours: medians over rounds.

    In a round the points take turns, so that a slow moment of the machine slows them alike.
    """
    found = {}
    for name, (_, _, make, sizes) in SERIES.items():
        rounds = np.array(take_turns([make(size) for size in sizes]))
        slopes = np.median(np.diff(np.log(rounds)) / np.diff(np.log(sizes)), axis=0)
        seconds = np.median(rounds, axis=0)
        lists = {"sizes": list(sizes), "seconds": seconds.tolist(), "slopes": slopes.tolist()}
        found[name] = lists
        print(f"    {name}: {', '.join(f'{s:.2g}' for s in seconds)} s", flush=True)
    return found


def take_turns(works: list[tuple[Callable[[], Any], float]]) -> list[list[float]]:
    """Seconds a step of each work in each round, after one that is not counted."""
    rounds: list[list[float]] = []
    begin = time.perf_counter()
    while len(rounds) <= ROUNDS and (len(rounds) < 4 or time.perf_counter() - begin < ENOUGH):
        spent = []
        for work, steps in works:
            start = time.perf_counter()
            work()
            spent.append((time.perf_counter() - start) / steps)
        rounds.append(spent)
    return rounds[1:]


def draw(found: dict[str, dict[str, list[float]]]) -> CourseFigure:
    """Draw four log-log panels: the cost measured, and one that grows in proportion."""
    figure, axes = new_figure(2, 2, size=(9.0, 7.0))
    parts = []
    for axis, (name, series) in zip(axes.ravel(), found.items(), strict=True):
        xlabel, ylabel, *_ = SERIES[name]
        sizes, seconds = np.array(series["sizes"], float), np.array(series["seconds"])
        axis.loglog(sizes, seconds, "o-", color=color(0), label="measured")
        line = seconds[-1] * sizes / sizes[-1]
        axis.loglog(sizes, line, ":", color="#555555", label="in proportion (slope 1)")
        slope = series["slopes"][-1]
        axis.text(0.97, 0.05, f"last slope {slope:.2f}", transform=axis.transAxes, ha="right")
        axis.set_xticks(sizes, [f"{size:,.0f}" for size in sizes], minor=False)
        axis.set_xticks([], minor=True)
        axis.set(xlabel=xlabel, ylabel=ylabel)
        times = seconds[-1] / seconds[0]
        parts.append(f"{name} ×{sizes[-1] / sizes[0]:g} cost ×{times:.1f}, last slope {slope:.2f}")
    names = axes[0, 0].get_legend_handles_labels()
    figure.legend(*names, loc="outside lower center", ncols=2)
    figure.suptitle("How the cost of a training grows")
    figure.alt = f"Four log-log curves of training time. {'; '.join(parts)}."
    return figure
