"""Do the class's three conclusions hold for VAEs in general? Many networks instead of one.

``python -m tp5.experiments.conclusions data/studies/conclusions.csv`` repeats the study that
notebook 05 reads: eight trainings of each polarity, in a minute or two. Its products are BLAS's, so
the last digits are those of the machine.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np

from ..analysis import conclusions, random_places, rank_correlation
from ..checks import (
    as_executor,
    as_layers,
    as_pictures,
    as_progress,
    as_rng,
    at_least,
    picture_shape,
)
from ..models.arguments import check_optimizer
from ..models.vae import VariationalAutoencoder
from ..table import Table
from ..training.optimizers import Adam, Optimizer, RMSprop
from .jobs import local_processes, run_jobs

POLARITIES = ("ink is 1", "paper is 1")
PLACES = ("codes", "random points")
N_PLACES = 400
NAMES = ("polarity", "network", "place", "conclusion", "rho", "low", "high")
Row = tuple[str, int, str, str, float, float, float]


def compare_conclusions(
    X: np.ndarray,
    shape: tuple[int, int] = (80, 80),
    hidden: Sequence[int] = (64,),
    n_networks: int = 8,
    epochs: int = 25,
    optimizer: Optimizer | None = None,
    batch_size: int = 64,
    rng: int | np.random.Generator | None = None,
    executor: Executor | None = None,
    progress: bool | None = None,
) -> Table:
    """Train VAEs on drawings of either polarity; measure `conclusions` at codes and elsewhere.

    Each network draws weights, noise and random points of its own. By default they are small and
    train as in section 10 of notebook 05. ``hidden=(256,), epochs=50, optimizer=RMSprop(),
    batch_size=20`` is the class's way, and takes ten times as long.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features), values in [0, 1]
        Drawings with ink = 1; 1 − X has paper = 1, as picture files have.
    shape : tuple of int
        Height and width of a drawing.
    hidden : sequence of int
        The encoder's widths between input and latent layer, which has two units.
    n_networks : int
        Of each polarity.
    epochs : int
    optimizer : Optimizer, optional
        By default ``Adam(0.002)``.
    batch_size : int
    rng : int or numpy.random.Generator, optional
    executor : concurrent.futures.Executor, optional
    progress : bool, optional

    Returns
    -------
    Table
        A row for each polarity, network, place and conclusion: the rank correlation of the two
        quantities and the interval *within* that network; NaN where one of the two is constant.

    Raises
    ------
    ValueError
        If X or shape does not fit, or a number is out of its range.
    """
    X = as_pictures("X", X, ("n_samples", "n_features"))
    picture_shape(shape, X.shape[1])
    n_networks = at_least("n_networks", n_networks)
    layers = (X.shape[1], *as_layers("hidden", hidden), 2)
    fit = {
        "optimizer": check_optimizer(Adam(0.002) if optimizer is None else optimizer),
        "epochs": at_least("epochs", epochs),
        "batch_size": at_least("batch_size", batch_size),
    }
    cells = [(polarity, network) for network in range(n_networks) for polarity in POLARITIES]
    jobs = [
        (cell, layers, X if cell[0] == POLARITIES[0] else 1 - X, shape, fit, generator)
        for cell, generator in zip(cells, as_rng(rng).spawn(len(cells)), strict=True)
    ]
    results = run_jobs(measure_network, jobs, as_executor(executor), as_progress(progress))
    return Table.from_rows(NAMES, sorted(row for rows in results for row in rows))


def measure_network(
    cell: tuple[str, int],
    layers: tuple[int, ...],
    X: np.ndarray,
    shape: tuple[int, int],
    fit: dict[str, Any],
    rng: np.random.Generator,
) -> list[Row]:
    """Train one network and measure the conclusions at both kinds of places (a job)."""
    vae = VariationalAutoencoder(layers).fit(X, rng=rng, progress=False, **fit)
    elsewhere = random_places(vae.encode(X), N_PLACES, rng)
    rows: list[Row] = []
    for place, points in zip(PLACES, (None, elsewhere), strict=True):
        for name, (x, y) in conclusions(vae, X, shape, points).items():
            # Of a network that draws the same everywhere nothing rises or falls.
            varies = np.ptp(x) > 0 and np.ptp(y) > 0
            measured = rank_correlation(x, y) if varies else (np.nan, np.nan, np.nan)
            rho, low, high = (round(number, 4) for number in measured)
            rows.append((*cell, place, name, rho, low, high))
    return rows


def main(path: str) -> None:
    """Repeat the study of notebook 05: the class's network and training, 8 of each polarity."""
    from ..datasets import load_florks

    with local_processes() as executor:
        table = compare_conclusions(
            1 - load_florks().X,
            hidden=(256,),
            epochs=50,
            optimizer=RMSprop(),
            batch_size=20,
            rng=5,
            executor=executor,
            progress=True,
        )
    table.to_csv(path)
    print(table)


if __name__ == "__main__":
    main(sys.argv[1])
