"""What a comparison of optimizers found, as a table, as networks, and as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..analysis import mean_interval
from ..checks import as_rng, one_of
from ..datasets.fonts import all_characters, load_fonts
from ..files import data_path
from ..models.autoencoder import Autoencoder
from ..table import Table
from ..training.history import COSTS, History
from .held_out import split
from .jobs import COURSE
from .studies import ERRORS, read_study

# The class's comparison, as it is stored: five runs of its network, each learns 70 %.
CLASS_COMPARISON: dict[str, Any] = {
    "n_runs": 5,
    "rng": 0,
    "layers": (35, 25, 17, 2, 17, 25, 35),
    "train_fraction": 0.7,
    **COURSE,
}


@dataclass(frozen=True, eq=False)
class OptimizerComparison:
    """What `compare_optimizers` found. All dictionaries have the optimizers' names as keys.

    Attributes
    ----------
    models : dict of str to Autoencoder
        The trained runs; ``models[name].history`` is their record.
    X, X_test : ndarray, shape (n_samples, n_features), or (n_runs, ...) where each run has its own
        What was learned, and what was held out (None if nothing was).
    training_error, testing_error : dict of str to ndarray, shape (n_runs,)
        Squared error a character, the same measure for both; the second is empty without a test.
    mean_image : ndarray, shape (n_runs,)
    mean_image_test : ndarray, shape (n_runs,), or None
        Error of the laziest answer, the mean of the *training* images, on each of the two.
    """

    models: dict[str, Autoencoder]
    X: np.ndarray
    X_test: np.ndarray | None
    training_error: dict[str, np.ndarray]
    testing_error: dict[str, np.ndarray]
    mean_image: np.ndarray
    mean_image_test: np.ndarray | None

    def history(self, name: str) -> History:
        """Return the record of an optimizer's runs."""
        history = self.models[one_of("name", name, self.models)].history
        assert history is not None
        return history

    @property
    def histories(self) -> dict[str, History]:
        """The records of all optimizers: what the figures draw."""
        return {name: self.history(name) for name in self.models}

    def at_cost(self, budget: float, by: str = "passes") -> dict[str, np.ndarray]:
        """Loss that each optimizer had reached when it had spent a budget.

        Parameters
        ----------
        budget : float
        by : {"iterations", "passes", "seconds"}
            See `History.cost`.

        Returns
        -------
        dict of str to ndarray, shape (n_runs,)
            Of the last iteration that the budget paid for; row 0, the untrained network, is free.
        """
        one_of("by", by, COSTS)
        return {name: history.at_cost(budget, by) for name, history in self.histories.items()}

    @property
    def table(self) -> Table:
        """One row an optimizer: what it cost, and the errors with their 95 % intervals."""
        columns: dict[str, list[Any]] = {"optimizer": list(self.models)}
        for by in COSTS:
            final = [history.total_cost(by) for history in self.histories.values()]
            columns[by] = [float(np.mean(runs)) for runs in final]
        for kind, errors in (("train", self.training_error), ("test", self.testing_error)):
            if errors:
                intervals = [mean_interval(runs) for runs in errors.values()]
                columns[f"{kind} error"] = [float(mean) for mean, _ in intervals]
                columns[f"{kind} ci95"] = [float(half_width) for _, half_width in intervals]
        return Table(columns)

    def to_csv(self, path: str) -> None:
        """Write `table` as CSV."""
        self.table.to_csv(path)

    @property
    def runs(self) -> Table:
        """One row a run; errors to nine digits, since BLAS rounds the sixteenth as it likes."""
        nothing = np.full(len(self.mean_image), np.nan)  # where nothing was held out
        test_mean = nothing if self.mean_image_test is None else self.mean_image_test
        rows = []
        for name, history in self.histories.items():
            test = self.testing_error.get(name, nothing)
            errors = np.stack([self.training_error[name], test, self.mean_image, test_mean], axis=1)
            costs = np.stack([history.total_cost(by) for by in COSTS], axis=1)
            for run, (iterations, passes, seconds) in enumerate(costs.tolist()):
                numbers = (round(error, 9) for error in errors[run].tolist())
                rows.append((name, run, int(iterations), int(passes), round(seconds, 3), *numbers))
        return Table.from_rows(("optimizer", "run", *COSTS, *ERRORS), rows)

    def save(self, folder: str) -> None:
        """Write ``optimizers.csv``, a row a run, and the networks as ``optimizers_powell.npz`` etc.

        Parameters
        ----------
        folder : str
            It must exist.
        """
        self.runs.to_csv(f"{folder}/optimizers.csv")
        for name, model in self.models.items():
            model.save(f"{folder}/{file_of(name)}")

    @classmethod
    def shipped(cls) -> OptimizerComparison:
        """Return the study that the course ships: Powell, BFGS and CG by differences, our font.

        Raises
        ------
        StudyError
            If its table is not the one that the course shipped.
        """
        table = read_study("optimizers")
        parts = {name: table.where(optimizer=name) for name in dict.fromkeys(table["optimizer"])}
        first = next(iter(parts.values()))
        X, X_test = class_split()
        return cls(
            models={name: load_stored(name) for name in parts},
            X=X,
            X_test=X_test,
            training_error={name: np.array(part["train"]) for name, part in parts.items()},
            testing_error={name: np.array(part["test"]) for name, part in parts.items()},
            mean_image=np.array(first["train_mean"]),
            mean_image_test=np.array(first["test_mean"]),
        )

    def __repr__(self) -> str:
        n_runs = len(self.mean_image)
        held_out = f", {self.X_test.shape[-2]} held out" if self.X_test is not None else ""
        return (
            f"{len(self.models)} optimizers × {n_runs} runs on {self.X.shape[-2]} "
            f"characters{held_out}\n{self.table}"
        )


def class_split() -> tuple[np.ndarray, np.ndarray | None]:
    """Return the characters that the study's runs learn, and those held out, of our font."""
    X, _ = all_characters(load_fonts())
    fraction, n_runs = CLASS_COMPARISON["train_fraction"], CLASS_COMPARISON["n_runs"]
    return split(X, None, fraction, n_runs, as_rng(CLASS_COMPARISON["rng"]))


def load_stored(name: str) -> Autoencoder:
    """Return the networks that the study has of an optimizer."""
    return Autoencoder.load(data_path(f"studies/{file_of(name)}"))


def file_of(name: str) -> str:
    """Return the file that an optimizer's networks have in the study."""
    return f"optimizers_{name.lower()}.npz"
