"""Which architecture reconstructs the characters best? The class's comparison, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..analysis import mean_interval
from ..checks import (
    as_data,
    as_executor,
    as_layers,
    as_list,
    as_progress,
    as_rng,
    at_least,
    number_in,
    position,
    shown,
)
from ..models.autoencoder import Autoencoder
from ..models.baselines import PCA
from ..networks.network import Network
from ..table import Table
from ..training.optimizers import Momentum
from .jobs import COURSE, run_jobs

# The six architectures of the course, and the seventh that its plots show.
ARCHITECTURES: tuple[tuple[int, ...], ...] = (
    (35, 2, 35),
    (35, 17, 2, 17, 35),
    (35, 17, 8, 2, 8, 17, 35),
    (35, 25, 17, 2, 17, 25, 35),
    (35, 17, 8, 4, 2, 4, 8, 17, 35),
    (35, 25, 17, 8, 2, 8, 17, 25, 35),
    (35, 25, 17, 8, 4, 2, 4, 8, 17, 25, 35),
)


@dataclass(frozen=True, eq=False)
class ArchitectureComparison:
    """What `compare_architectures` found.

    Attributes
    ----------
    architectures : tuple of tuple of int
    momenta : tuple of float
    fonts : tuple of str
    lr : float
    together : bool
        Whether one network learned the characters of all fonts.
    loss : ndarray, shape (n_architectures, n_momenta, n_trained, n_runs, n_epochs + 1)
        Squared error before training and after each epoch, on what was learned: one font after
        the other, or all of them together (then n_trained is 1).
    final : ndarray, shape (n_architectures, n_momenta, n_fonts, n_runs)
        Squared error after the last epoch, on each font's characters.
    mean_image, pca : ndarray, shape (n_fonts,)
        The two baselines, learned from the same characters, on each font's characters.
    """

    architectures: tuple[tuple[int, ...], ...]
    momenta: tuple[float, ...]
    fonts: tuple[str, ...]
    lr: float
    together: bool
    loss: np.ndarray
    final: np.ndarray
    mean_image: np.ndarray
    pca: np.ndarray
    _models: list[Autoencoder]

    def model(self, architecture: int, momentum: int, font: int | None = None) -> Autoencoder:
        """Return the trained runs of one cell of the comparison, by its positions.

        Where one network learned all fonts, a cell has no font.
        """
        n_architectures, n_momenta, n_trained, n_runs, _ = self.loss.shape
        whole = self._models[position("architecture", architecture, n_architectures)]
        position("momentum", momentum, n_momenta)
        if self.together and font is not None:
            raise ValueError("one network learned all fonts together; leave font out.")
        trained = 0 if self.together else position("font", font, n_trained)
        first = int(np.ravel_multi_index((momentum, trained, 0), (n_momenta, n_trained, n_runs)))
        return whole[first : first + n_runs]

    @property
    def names(self) -> list[str]:
        """The architectures as a figure names them: "35-2-35"."""
        return ["-".join(map(str, layers)) for layers in self.architectures]

    def curves(self, momentum: int) -> dict[str, np.ndarray]:
        """Error by epoch of every architecture at one momentum (by its position).

        Returns
        -------
        dict of name to ndarray, shape (n_epochs + 1, n_runs)
            Each run's mean over the fonts.
        """
        momentum = position("momentum", momentum, len(self.momenta))
        means = self.loss[:, momentum].mean(axis=1)  # (n_architectures, n_runs, n_epochs + 1)
        return dict(zip(self.names, means.swapaxes(1, 2), strict=True))

    def errors(self, momentum: int, font: int | None = None) -> dict[str, np.ndarray]:
        """Final error of every architecture at one momentum (by its position).

        Parameters
        ----------
        momentum : int
        font : int, optional
            Position of a font; without it each run's mean over the fonts.

        Returns
        -------
        dict of name to ndarray, shape (n_runs,)
        """
        momentum = position("momentum", momentum, len(self.momenta))
        final = self.final[:, momentum]  # (n_architectures, n_fonts, n_runs)
        if font is not None:
            font = position("font", font, len(self.fonts))
        runs = final.mean(axis=1) if font is None else final[:, font]
        return dict(zip(self.names, runs, strict=True))

    @property
    def table(self) -> Table:
        """One row a cell: final error of each architecture, momentum and font, with interval."""
        names = ("architecture", "momentum", "font", "error", "ci95", "worst", "best")
        rows = []
        for cell in np.ndindex(self.final.shape[:3]):
            errors = self.final[cell]
            mean, half_width = mean_interval(errors)
            about = (self.names[cell[0]], self.momenta[cell[1]])
            numbers = (mean, half_width, errors.max(), errors.min())
            rows.append((*about, self.fonts[cell[2]], *map(float, numbers)))
        return Table.from_rows(names, rows)

    @property
    def summary(self) -> Table:
        """One row an architecture and momentum: each run's mean over the fonts, with interval."""
        names = ("architecture", "momentum", "error", "ci95")
        rows = []
        for place, momentum in enumerate(self.momenta):
            for name, runs in self.errors(place).items():
                rows.append((name, momentum, *map(float, mean_interval(runs))))
        return Table.from_rows(names, rows)

    def to_csv(self, path: str) -> None:
        """Write `table` as CSV."""
        self.table.to_csv(path)

    def __repr__(self) -> str:
        n_runs, rows = self.loss.shape[3:]
        return (
            f"{len(self.architectures)} architectures × momenta {self.momenta} × "
            f"{len(self.fonts)} fonts{' together' * self.together} × {n_runs} runs, "
            f"{rows - 1} epochs, lr {self.lr:g}\n"
            f"{self.summary}"
        )


def compare_architectures(
    fonts: Sequence[Any],
    architectures: Sequence[Sequence[int]] = ARCHITECTURES,
    momenta: Sequence[float] = (0.0, 0.8),
    n_runs: int = 5,
    epochs: int = 150,
    lr: float = 0.025,
    rng: int | np.random.Generator | None = None,
    together: bool = False,
    executor: Executor | None = None,
    progress: bool | None = None,
    **model: Any,
) -> ArchitectureComparison:
    """Train every architecture with every momentum on the fonts, ``n_runs`` times each.

    The class's way of training: online (one character a step, in an order drawn anew each epoch),
    logistic units, squared error, weights from U(−1, 1). Its rule Δw = η·(ζ − O)·g′·h descends ½E,
    so its learning rate of 0.05 is the 0.025 of E, our default. All momenta, fonts and runs of one
    architecture train together on the runs axis.

    Parameters
    ----------
    fonts : sequence of Font
        All of the same number of characters.
    architectures : sequence of sequence of int
    momenta : sequence of float in [0, 1)
    n_runs : int
        Runs of each cell, at least 2 for an interval.
    epochs : int
    lr : float > 0
    rng : int or numpy.random.Generator, optional
    together : bool
        True trains one network on the characters of all fonts, and tests it font by font, as the
        class did. False trains a network for each font.
    executor : concurrent.futures.Executor, optional
        Trains the architectures in parallel; the numbers are the same with and without.
    progress : bool, optional
    **model
        More of `Autoencoder`'s arguments, such as ``latent_activation="identity"``.

    Returns
    -------
    ArchitectureComparison

    Raises
    ------
    ValueError
        If the fonts differ in size, an architecture or a momentum comes twice, or an argument is
        out of its range.
    """
    fonts = as_fonts(fonts)
    tested = np.stack([np.asarray(font.X, dtype=float) for font in fonts])
    learned = tested.reshape(1, -1, tested.shape[-1]) if together else tested
    whole = [as_layers("layers", one) for one in as_list("architectures", architectures)]
    momenta = [number_in("a momentum", "[0, 1)", value) for value in as_list("momenta", momenta)]
    at_least("n_runs", n_runs)
    at_least("epochs", epochs)
    course = COURSE | {"dtype": "float32"} | model
    for layers in whole:  # what is none is refused before anything is trained
        Autoencoder(layers, **course)
    shape = (len(momenta), len(learned), n_runs)
    # Every run on the runs axis: its data and its momentum.
    X = np.broadcast_to(learned[None, :, None], (*shape, *learned[0].shape))
    momentum = np.broadcast_to(np.array(momenta)[:, None, None], shape)
    X, momentum = X.reshape(-1, *learned[0].shape), momentum.reshape(-1, 1)
    jobs = [
        (layers, course, X, momentum, lr, epochs, generator)
        for layers, generator in zip(whole, as_rng(rng).spawn(len(whole)), strict=True)
    ]
    executor, progress = as_executor(executor), as_progress(progress)
    trained = run_jobs(train_architecture, jobs, executor, progress, cost=training_cost)
    loss = np.array([model.history.loss.T.reshape(*shape, -1) for model in trained])
    lazy = learned.mean(axis=-2, keepdims=True)
    pcas = [PCA(2).fit(X) for X in learned] * (len(tested) if together else 1)
    return ArchitectureComparison(
        architectures=tuple(whole),
        momenta=tuple(momenta),
        fonts=tuple(font.name for font in fonts),
        lr=lr,
        together=together,
        loss=loss,
        final=errors_by_font(trained, tested, shape) if together else loss[..., -1],
        mean_image=((tested - lazy) ** 2).sum(axis=-1).mean(axis=-1),
        pca=np.array([pca.error(X) for pca, X in zip(pcas, tested, strict=True)]),
        _models=trained,
    )


def errors_by_font(
    trained: Sequence[Autoencoder], tested: np.ndarray, shape: tuple[int, int, int]
) -> np.ndarray:
    """Test networks that learned all fonts on each of them.

    Returns
    -------
    ndarray, shape (n_architectures, n_momenta, n_fonts, n_runs)
    """
    n_momenta, _, n_runs = shape
    errors = np.array([[model.error(X) for X in tested] for model in trained])
    return errors.reshape(*errors.shape[:2], n_momenta, n_runs).swapaxes(1, 2)


def as_fonts(fonts: Sequence[Any]) -> list[Any]:
    """Return fonts as a list, also where there is one.

    Raises
    ------
    ValueError
        If there is none, something is no font, or they differ in size.
    """
    fonts = list(fonts) if isinstance(fonts, list | tuple) else [fonts]
    for font in fonts:
        if not hasattr(font, "X") or not hasattr(font, "name"):
            raise ValueError(f"fonts must be fonts, as load_fonts() gives, not {shown(font)}.")
        as_data("a font's X", font.X, ("n_characters", "n_features"))
    if len({np.shape(font.X) for font in fonts}) != 1:
        raise ValueError("compare_architectures needs fonts with equally many characters each.")
    return fonts


def training_cost(layers: tuple[int, ...], *_: Any) -> float:
    """Guess how long an architecture trains: overhead for each layer, work for each weight."""
    return 1000 * len(layers) + Network(layers, ["identity"] * (len(layers) - 1)).n_params


def train_architecture(
    layers: tuple[int, ...],
    model: dict[str, Any],
    X: np.ndarray,
    momentum: np.ndarray,
    lr: float,
    epochs: int,
    rng: np.random.Generator,
) -> Autoencoder:
    """Train all runs of one architecture (a job)."""
    return Autoencoder(layers, **model).fit(
        X, optimizer=Momentum(lr, momentum), epochs=epochs, batch_size=1, rng=rng, progress=False
    )
