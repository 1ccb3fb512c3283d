"""Which optimizer descends best: at equal iterations, and at equal cost?

``python -m tp5.experiments.optimizers data/studies`` repeats the study that notebook 02 reads: the
class's three methods on its network, up to 100 iterations of each, without a gradient.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np

from ..checks import as_data, as_executor, as_layers, as_progress, as_rng, at_least, shown
from ..models.autoencoder import Autoencoder
from ..networks.losses import SquaredError
from ..training.history import side_by_side
from ..training.loop import TrainingWarning
from ..training.scipy_methods import Scipy
from .held_out import split
from .jobs import local_processes, run_jobs
from .optimizer_comparison import CLASS_COMPARISON, OptimizerComparison

# What the class compared. It gave no gradient: scipy takes differences.
CLASS_METHODS = {
    "Powell": (Scipy("Powell"), 100),
    "BFGS": (Scipy("BFGS", gradient=False), 100),
    "CG": (Scipy("CG", gradient=False), 100),
}


def compare_optimizers(
    X: np.ndarray,
    optimizers: Mapping[str, tuple[Any, ...]],
    n_runs: int = 5,
    rng: int | np.random.Generator | None = None,
    *,
    layers: Sequence[int] = (35, 25, 17, 2, 17, 25, 35),
    train_fraction: float | None = None,
    X_test: np.ndarray | None = None,
    executor: Executor | None = None,
    progress: bool | None = None,
    **model: Any,
) -> OptimizerComparison:
    """Train the same networks with every optimizer, ``n_runs`` times each.

    Fair in four ways. Run i starts from the same weights under every optimizer, and learns the
    same characters. Each training runs alone, so that its seconds are its own (with an
    ``executor`` as many run at a time as it has workers). What is counted is every evaluation of
    the loss and of its gradient. And training and testing error are the same measure.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_features)
    optimizers : mapping of name to (optimizer, epochs) or (optimizer, epochs, batch_size)
        Such as ``{"Adam": (Adam(0.01), 500), "online": (SGD(0.05), 150, 1)}``. For a `Scipy`
        method the epochs are its iterations.
    n_runs : int
        At least 2 for an interval.
    rng : int or numpy.random.Generator, optional
    layers : sequence of int
    train_fraction : float in (0, 1), optional
        Each run learns its own random choice of so many of the samples, rounded; the others are
        held out for the test.
    X_test : ndarray, shape (n_test, n_features), optional
        A test set of its own, instead of ``train_fraction``.
    executor : concurrent.futures.Executor, optional
        Trains in parallel; all numbers but the seconds are the same with and without.
    progress : bool, optional
    **model
        More of `Autoencoder`'s arguments, such as ``activation="logistic"``.

    Returns
    -------
    OptimizerComparison

    Raises
    ------
    ValueError
        If there is no optimizer, one is not such a tuple, the training fraction leaves no sample
        on one side, the test set is empty or of another width, or an argument does not fit.
    """
    X = as_data("X", X, ("n_samples", "n_features"))
    check_optimizers(optimizers)
    at_least("n_runs", n_runs)
    generator = as_rng(rng)
    X, X_test = split(X, X_test, train_fraction, n_runs, generator)
    seeds = generator.integers(2**63, size=n_runs)
    whole = [Autoencoder(as_layers("layers", layers), **model) for _ in optimizers]
    layers = whole[0].layers
    jobs = [
        (layers, model, X[run] if X.ndim == 3 else X, how, int(seeds[run]))
        for how in optimizers.values()
        for run in range(n_runs)
    ]
    trained = run_jobs(train_run, jobs, as_executor(executor), as_progress(progress))
    for position, ae in enumerate(whole):
        join_runs(ae, trained[position * n_runs : (position + 1) * n_runs])
    models = dict(zip(optimizers, whole, strict=True))
    return OptimizerComparison(
        models=models,
        X=X,
        X_test=X_test,
        training_error={name: errors_of_runs(ae, X) for name, ae in models.items()},
        testing_error={}
        if X_test is None
        else {name: errors_of_runs(ae, X_test) for name, ae in models.items()},
        mean_image=mean_image_errors(X, X, n_runs),
        mean_image_test=None if X_test is None else mean_image_errors(X, X_test, n_runs),
    )


def train_run(
    layers: tuple[int, ...],
    model: dict[str, Any],
    X: np.ndarray,
    how: tuple[Any, ...],
    seed: int,
) -> Autoencoder:
    """Train one run with one optimizer (a job). Why it ended is in its history's message."""
    optimizer, epochs, *batch_size = how
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)
        ae = Autoencoder(layers, **model).fit(
            X,
            optimizer=optimizer,
            epochs=epochs,
            batch_size=batch_size[0] if batch_size else None,
            rng=seed,
            progress=False,
        )
    assert ae.history is not None
    if ae.history.message.startswith("interrupted"):
        raise KeyboardInterrupt  # fit has caught it; the jobs after this one are not wanted
    return ae


def join_runs(ae: Autoencoder, runs: Sequence[Autoencoder]) -> None:
    """Make an autoencoder of several runs from trainings of one run each."""
    ae.theta = np.concatenate([run.theta for run in runs if run.theta is not None])
    ae.history = side_by_side([run.history for run in runs if run.history is not None])


def check_optimizers(optimizers: Mapping[str, tuple[Any, ...]]) -> None:
    """Raise ValueError unless there are optimizers, each with its epochs."""
    if not isinstance(optimizers, Mapping) or not optimizers:
        raise ValueError(
            f"optimizers must be a mapping of names to (optimizer, epochs) with at least one, not "
            f"{shown(optimizers)}."
        )
    for name, how in optimizers.items():
        if not isinstance(how, tuple) or len(how) not in (2, 3):
            raise ValueError(
                f"optimizer {name!r} must come with its epochs (and batch size, if any), such as "
                f"(Adam(0.01), 500), not {shown(how)}."
            )
        for what, count in zip(("epochs", "batch_size"), how[1:], strict=False):
            if count is not None:
                at_least(what, count)


def errors_of_runs(ae: Autoencoder, X: np.ndarray) -> np.ndarray:
    """Squared error of each run, shape (n_runs,), also where there is one run."""
    data = X[0] if X.ndim == 3 and len(X) == 1 else X
    return np.atleast_1d(ae.error(data))


def mean_image_errors(X: np.ndarray, X_test: np.ndarray, n_runs: int) -> np.ndarray:
    """Error of the mean of X as an answer to X_test, for each run, shape (n_runs,)."""
    answer = X.mean(axis=-2, keepdims=True) + 0 * X_test
    return np.broadcast_to(SquaredError().value(answer, X_test), n_runs)


def main(folder: str) -> None:
    """Repeat the study of notebook 02: 5 runs of Powell, BFGS and CG, up to 100 iterations."""
    from ..datasets.fonts import all_characters, load_fonts

    X, _ = all_characters(load_fonts())
    with local_processes() as executor:
        result = compare_optimizers(
            X, CLASS_METHODS, executor=executor, progress=True, **CLASS_COMPARISON
        )
    result.save(folder)
    print(result)


if __name__ == "__main__":
    main(sys.argv[1])
