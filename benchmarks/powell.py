"""How long Powell waits for one loss: every layer computed anew, or only what has moved.

    python benchmarks/powell.py

32 characters through 35-25-17-2-17-25-35 as in the course (logistic units, squared error). Three
ways to the same number: the pure forward pass, which allocates as it goes; the training's forward
pass, which does not; and `tp5.powell.MovingLoss`. Each is asked the same questions: in turns, in
many short rounds, so that other work on the machine slows all three alike. What counts is the
ratio; the microseconds are the median of the rounds.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize

from tp5 import Autoencoder
from tp5.experiments.jobs import COURSE
from tp5.fonts import load_fonts
from tp5.table import Table

LAYERS = (35, 25, 17, 2, 17, 25, 35)
LossAt = Callable[[np.ndarray], float]


def ways(ae: Autoencoder, X: np.ndarray, theta: np.ndarray) -> dict[str, LossAt]:
    """Return the three functions from θ to the loss."""
    objective = ae.objective(X, X, theta.copy())

    def pure(theta: np.ndarray) -> float:
        return float(ae.loss_function.value(ae.network.forward(theta, X), X))

    def every_layer(theta: np.ndarray) -> float:
        objective.theta[:] = theta
        return float(objective.loss())

    return {"pure": pure, "every layer": every_layer, "what has moved": objective.loss_alone()}


def in_turns(rounds: int, tasks: dict[str, Callable[[int], int]]) -> dict[str, float]:
    """Time the tasks in turns; return each one's median, in µs a call."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(rounds):
        for name, task in tasks.items():
            start = time.perf_counter()
            calls = task(number)
            times[name].append((time.perf_counter() - start) / calls * 1e6)
    return {name: float(np.median(values)) for name, values in times.items()}


def alone(loss_at: LossAt, theta: np.ndarray, weights: np.ndarray) -> Callable[[int], int]:
    """Return a task: ten calls a weight, which moves as in a line search."""
    moved = np.repeat(theta[None], 10, axis=0)

    def task(number: int) -> int:
        for weight in weights[number]:
            moved[:, weight] += np.linspace(-1, 1, 10)
            for x in moved:
                loss_at(x)
            moved[:, weight] = theta[weight]
        return 10 * weights.shape[1]

    return task


def in_powell(loss_at: LossAt, theta: np.ndarray) -> Callable[[int], int]:
    """Return a task: one iteration of scipy's Powell, which moves every weight in its turn."""

    def task(number: int) -> int:
        return minimize(loss_at, theta, method="Powell", options={"maxiter": 1}).nfev

    return task


def main(rounds: int = 60, iterations: int = 3) -> None:
    """Time the three ways, and print the table."""
    X, rng = load_fonts()[1].X, np.random.default_rng(0)
    ae = Autoencoder(LAYERS, **COURSE)
    theta = ae.initial_theta(rng)
    weights = rng.integers(0, ae.n_params, (rounds, 10))
    functions = ways(ae, X, theta)
    expected = functions["pure"](theta)
    assert all(np.isclose(loss_at(theta), expected) for loss_at in functions.values())
    called = in_turns(rounds, {name: alone(f, theta, weights) for name, f in functions.items()})
    within = in_turns(iterations, {name: in_powell(f, theta) for name, f in functions.items()})
    empty = in_turns(iterations, {"": in_powell(lambda x: x[0] * x[0], theta)})[""]
    print(
        Table(
            {
                "computed": list(functions),
                "µs a call": list(called.values()),
                "speed-up": [called["pure"] / time for time in called.values()],
                "µs in Powell": list(within.values()),
                "speed-up ": [within["pure"] / time for time in within.values()],
            }
        )
    )
    print(f"Of each call in Powell scipy itself takes {empty:.1f} µs.")


if __name__ == "__main__":
    main()
