"""Notebook 02: momentum, finite differences, a train/test split."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..datasets.fonts import load_fonts
from .code import Code
from .compare import Pair, compare
from .explore import Explore
from .running import Mistake, Runner
from .think import Think

# --- Momentum -----------------------------------------------------------------------------------


def step_with_momentum(
    theta: np.ndarray, v: np.ndarray, grad: np.ndarray, lr: float, momentum: float
) -> tuple[np.ndarray, np.ndarray]:
    """V ← momentum·v − lr·grad, then θ ← θ + v (`tp5.Momentum` does it in place)."""
    v = momentum * v - lr * grad
    return theta + v, v


def steps() -> list[tuple[Any, ...]]:
    """Four states of a training with momentum."""
    rng = np.random.default_rng(3)
    settings = ((0.05, 0.8), (0.1, 0.9), (0.3, 0.5), (0.02, 0.0))
    return [(*rng.normal(size=(3, 5)), lr, momentum) for lr, momentum in settings]


def _step(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Return a wrong step: θ and v from a formula for each."""
    return lambda theta, v, grad, lr, momentum: rule(theta, v, grad, lr, momentum)


momentum_step = Code(
    "momentum_step",
    2,
    (
        "two lines: first the new velocity, then the new weights from the new velocity.",
        "v = momentum * v - lr * grad; return theta + v, v.",
    ),
    reference=step_with_momentum,
    cases=steps,
    parts=("theta", "v"),
    where=lambda theta, v, grad, lr, momentum: f"for lr = {lr:g}, momentum = {momentum:g}",
    factors=lambda theta, v, grad, lr, momentum: {"lr": lr},
    mistakes={
        "theta moves by the old velocity: compute the new v first, then add it.": _step(
            lambda theta, v, grad, lr, m: (theta + v, m * v - lr * grad)
        ),
        "the gradient's sign is wrong: + lr·grad climbs, − lr·grad descends.": _step(
            lambda theta, v, grad, lr, m: (theta + m * v + lr * grad, m * v + lr * grad)
        ),
        "momentum is missing: the old velocity must live on, momentum·v.": _step(
            lambda theta, v, grad, lr, m: (theta - lr * grad, -lr * grad)
        ),
        "the factor momentum is missing: the old velocity counts in full, and never fades.": _step(
            lambda theta, v, grad, lr, m: (theta + v - lr * grad, v - lr * grad)
        ),
        "the learning rate is missing: v ← momentum·v − lr·grad.": _step(
            lambda theta, v, grad, lr, m: (theta + m * v - grad, m * v - grad)
        ),
        "theta is moved against the velocity: theta + v, for v already points downhill.": _step(
            lambda theta, v, grad, lr, m: (theta - m * v + lr * grad, m * v - lr * grad)
        ),
        "that is another convention, v ← momentum·v + grad with theta − lr·v; here v carries lr "
        "and the sign.": _step(
            lambda theta, v, grad, lr, m: (theta - lr * (m * v + grad), m * v + grad)
        ),
        "the gradient is weighted by 1 − momentum, as in an average; here it is not.": _step(
            lambda theta, v, grad, lr, m: (
                theta + m * v - (1 - m) * lr * grad,
                m * v - (1 - m) * lr * grad,
            )
        ),
        "it returns (v, theta), in the wrong order.": _step(
            lambda theta, v, grad, lr, m: (m * v - lr * grad, theta + m * v - lr * grad)
        ),
    },
)

# --- Finite differences -------------------------------------------------------------------------


def forward_differences(
    loss: Callable[[np.ndarray], float], theta: np.ndarray, h: float = 1e-6
) -> np.ndarray:
    """dE/dθ_i ≈ [E(θ + h·e_i) − E(θ)]/h: n + 1 evaluations of the loss for n weights."""
    here = loss(theta)
    gradient = np.empty_like(theta)
    for i in range(len(theta)):
        nudged = theta.copy()
        nudged[i] += h
        gradient[i] = (loss(nudged) - here) / h
    return gradient


class CountedLoss:
    """A smooth loss that counts how often it is asked."""

    def __init__(self, n: int, rng: np.random.Generator) -> None:
        self.slope, self.bend = rng.normal(size=(2, n))
        self.calls = 0

    def __call__(self, theta: np.ndarray) -> float:
        """Return E(θ)."""
        self.calls += 1
        return float(self.slope @ theta + np.sin(self.bend * theta).sum())

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """Return what the differences come near to."""
        return self.slope + self.bend * np.cos(self.bend * theta)


def examine_differences(runner: Runner) -> None:
    """Compare with the exact gradient, and count the evaluations."""
    rng = np.random.default_rng(4)
    pairs, counts, shifted = [], [], []
    for n, h in ((4, 1e-6), (7, 1e-5), (3, 1e-4)):
        loss, theta = CountedLoss(n, rng), rng.normal(size=n)
        got = runner(loss, theta, h)
        counts.append((loss.calls, n))
        where = f"for {n} weights, h = {h:g}"
        factors = {"1/h": 1 / h, "n, the number of weights": n}
        pairs.append(Pair(got, loss.gradient(theta), where, factors, rtol=1e-3, atol=1e-3))
        total = np.cumsum(loss.gradient(theta))
        shifted.append(np.shape(got) == total.shape and np.allclose(got, total, 1e-3, 1e-3))
    if all(shifted):
        raise Mistake(
            "the nudges pile up: when weight i is nudged, the weights before it must be back in "
            "their place. Nudge a copy."
        )
    compare("your gradient", pairs)
    calls, n = counts[0]
    if any(calls != n + 1 for calls, n in counts):
        raise Mistake(
            f"the numbers are right, but it evaluates the loss {calls} times for {n} weights; "
            f"{n + 1} are enough: E(θ) once, and once for each nudge."
        )


finite_difference = Code(
    "finite_difference",
    2,
    (
        "evaluate E(theta) once, then nudge one weight of a copy at a time.",
        "nudged = theta.copy(); nudged[i] += h; the entry is (loss(nudged) - here) / h.",
    ),
    reference=forward_differences,
    examine=examine_differences,
)

# --- A train/test split -------------------------------------------------------------------------


def split_at_random(
    X: np.ndarray, fraction: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Shuffle the rows; round(fraction·n) of them are for training, the others for testing."""
    order = rng.permutation(len(X))
    n_train = round(fraction * len(X))
    return X[order[:n_train]], X[order[n_train:]]


def examine_split(runner: Runner) -> None:
    """Every row once, the right number of them, at random, and by `rng` alone."""
    data = np.random.default_rng(5).random((40, 3))
    for n, fraction in ((40, 0.7), (32, 0.5), (20, 0.8)):
        check_parts(split_of(runner, data[:n], fraction, 0), data[:n], fraction)
    parts = [split_of(runner, data, 0.7, seed)[0] for seed in range(8)]
    if all(np.array_equal(part, data[:28]) for part in parts):
        raise Mistake("it takes the first rows, in order: shuffle them, or the test is not fair.")
    if all(np.array_equal(part, parts[0]) for part in parts):
        raise Mistake("every seed gives the same split: use the rng that is handed over.")
    if not np.array_equal(parts[0], split_of(runner, data, 0.7, 0)[0]):
        raise Mistake(
            "the same seed gives two different splits: draw from the rng that is handed over, "
            "not from np.random."
        )


def split_of(runner: Runner, X: np.ndarray, fraction: float, seed: int) -> Any:
    """Run the student's split."""
    return runner(X, fraction, np.random.default_rng(seed))


def check_parts(result: Any, X: np.ndarray, fraction: float) -> None:
    """Raise a `Mistake` unless the two parts make up X."""
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Mistake("it should return two arrays: (X_train, X_test).")
    train, test = (np.asarray(part) for part in result)
    if any(part.ndim != 2 or part.shape[1] != X.shape[1] for part in (train, test)):
        raise Mistake(
            f"the two parts have shapes {train.shape} and {test.shape}; each should have whole "
            f"rows of X, shape (…, {X.shape[1]})."
        )
    used = np.vstack([train, test])
    rows, known = [tuple(row) for row in used], {tuple(row) for row in X}
    if not set(rows) <= known:
        raise Mistake("there are rows in it that X does not have: shuffle whole rows of X.")
    if set(map(tuple, train)) & set(map(tuple, test)):
        raise Mistake("a row is in both parts: what is tested must not have been learned.")
    if len(set(rows)) < len(rows):
        raise Mistake("a row is drawn twice: draw without replacement, as a permutation does.")
    if len(rows) < len(X):
        raise Mistake(f"{len(X) - len(rows)} of {len(X)} rows are in neither part.")
    wanted = round(fraction * len(X))
    if abs(len(train) - wanted) > 1:
        swapped = " The two parts have changed places." if abs(len(test) - wanted) <= 1 else ""
        raise Mistake(
            f"{len(train)} of {len(X)} rows are for training; a fraction of {fraction:g} is "
            f"{wanted}.{swapped}"
        )


train_test_split = Code(
    "train_test_split",
    2,
    (
        "put the row numbers in random order, then cut the list in two.",
        "rng.permutation(len(X)) gives the row numbers in random order.",
        "X[order[:n_train]] are the rows to learn, X[order[n_train:]] those to hold out.",
    ),
    reference=split_at_random,
    examine=examine_split,
)

# --- Explore and think --------------------------------------------------------------------------


SEEDS = range(20)  # each with its own characters held out, and five runs
# The error is 4.62 at 0.2, 4.33 at 0.3, 4.20 at 1.5 and 4.66 at 2.
TARGET, MARGIN = 4.3, 0.2


def sgd_error(lr: float, seeds: Iterable[int] = SEEDS) -> float:
    """Mean error of SGD after 600 passes, on a network smaller than the notebook's, many seeds."""
    return float(np.mean([errors_of_seed(lr, seed) for seed in seeds]))


def errors_of_seed(lr: float, seed: int) -> np.ndarray:
    """Return the errors of five runs."""
    from ..experiments import compare_optimizers
    from ..training.optimizers import SGD

    study = compare_optimizers(
        load_fonts()[1].X,
        {"SGD": (SGD(lr=lr), 300)},
        n_runs=5,
        rng=seed,
        layers=(35, 8, 2, 8, 35),
        train_fraction=0.7,
        progress=False,
        activation="logistic",
        latent_activation="logistic",
        loss="squared_error",
        init="uniform",
    )
    return study.at_cost(600)["SGD"]


def sgd_is_fast(lr: float) -> str:
    """Verify a learning rate by training with it."""
    if isinstance(lr, bool) or not isinstance(lr, int | float | np.number) or not lr > 0:
        raise Mistake("hand over the learning rate, a number above 0, such as check(0.2).")
    error = sgd_error(float(lr))
    if not error < TARGET + MARGIN:
        raise Mistake(
            f"with lr = {lr:g} the error is {error:.2f}, the mean of 100 runs from 20 seeds; it "
            f"should be below 4.3."
        )
    return (
        f"with lr = {lr:g} the error is {error:.2f} after 600 passes, the mean of 100 runs from 20 "
        f"seeds: as low as momentum's."
    )


def one_half() -> tuple[float]:
    """At 0.5 plain SGD takes steps as long as momentum 0.9 does at 0.05: 1/(1 − 0.9) = 10."""
    return (0.5,)


sgd_catches_up = Explore(
    "sgd_catches_up",
    2,
    (
        "momentum 0.9 adds up about 1/(1 − 0.9) = 10 gradients. What does that do to a learning "
        "rate of 0.05?",
        "the target is reached somewhere between 0.3 and 1.5.",
    ),
    verify=sgd_is_fast,
    example=one_half,
)

yardstick = Think(
    "yardstick",
    2,
    ("somebody reports a test error of 6.2. Good or bad? What else did you want to know?",),
    choices={
        "a": "the training error of the same network",
        "b": "the number of epochs and the optimizer",
        "c": "the error of the training set's mean image on the same held-out characters",
    },
    best="c",
    discussion=(
        "An error has no meaning by itself: 6.2 is good if doing nothing clever gives 7.6, and "
        "bad if it gives 5. The mean image of the training set, measured on the same held-out "
        "characters, is what one gets for nothing; PCA is what one gets for nearly nothing. In "
        "section 5 the network with the best training error is worse than the mean image on the "
        "test, which (a) alone would never have told. (b) says what it cost, not what it is "
        "worth. And with all three one more thing belongs: how many splits, and the interval."
    ),
)
