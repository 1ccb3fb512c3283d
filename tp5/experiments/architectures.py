"""Which architecture reconstructs the characters best? The class's comparison, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np

from ..checks import (
    as_data,
    as_executor,
    as_layers,
    as_list,
    as_progress,
    as_rng,
    at_least,
    number_in,
    shown,
)
from ..models.autoencoder import Autoencoder
from ..models.baselines import PCA
from ..networks.network import Network
from ..training.optimizers import Momentum
from .architecture_comparison import ArchitectureComparison
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
