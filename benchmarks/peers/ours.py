"""The course itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from tp5 import SGD, Adam, Scipy
from tp5.datasets.fonts import load_fonts
from tp5.experiments import compare_architectures, local_threads
from tp5.training.one_run import Losses, losses_of

from .. import problem
from ..problem import Contestant


def online(n_runs: int = 1) -> Contestant:
    model, X, theta = problem.online_network(n_runs)

    def run() -> None:
        model.fit(
            X,
            optimizer=SGD(problem.ONLINE_LR),
            epochs=problem.ONLINE_EPOCHS,
            batch_size=1,
            start=theta,
            rng=0,
            progress=False,
        )

    def check() -> tuple[float, np.ndarray]:
        return compiled_losses(model, X, theta).loss_and_grad(float64(theta[0]))

    return Contestant(run, check)


def compiled_losses(model: Any, X: np.ndarray, theta: np.ndarray) -> Losses:
    """The compiled core's own loss and gradient: what is timed is what is compared."""
    return losses_of(model.objective(X, X, np.atleast_2d(theta)), run=0)


def float64(theta: np.ndarray) -> np.ndarray:
    return theta.astype(float)


def online_10() -> Contestant:
    return online(10)


def characters(wide: bool) -> Contestant:
    model, X, theta = problem.characters_network(wide)
    seen: dict[str, int] = {}

    def look(model: Any, epoch: int, loss: np.ndarray) -> bool:
        seen["epochs"] = epoch
        return problem.good_enough(model.reconstruct(X), X, wide)

    look.every = problem.LOOK_EVERY  # type: ignore[attr-defined]

    def run() -> dict[str, int]:
        model.fit(
            X,
            optimizer=Adam(problem.ADAM[wide], beta2=problem.BETA2),
            epochs=problem.MOST_EPOCHS,
            batch_size=len(X),
            start=theta,
            callbacks=[look],
            progress=False,
        )
        return seen

    return Contestant(run, lambda: compiled_losses(model, X, theta).loss_and_grad(float64(theta)))


def one_font() -> Contestant:
    return characters(False)


def all_fonts() -> Contestant:
    return characters(True)


def vae() -> Contestant:
    model, X, theta, eps = problem.drawings_network()
    model.theta = theta[None]

    def run(epochs: int = problem.VAE_EPOCHS) -> None:
        model.fit(
            X,
            optimizer=Adam(0.001),
            epochs=epochs,
            batch_size=problem.BATCH,
            start=model.theta,
            rng=0,
            progress=False,
        )

    def check() -> tuple[float, np.ndarray]:
        loss, grad = model.loss_and_grad(theta, X[: problem.BATCH], eps)
        return float(loss), grad

    def draw(path: str, epochs: int = 50) -> None:
        run(epochs)
        problem.scatter(model.encode(X), path)

    return Contestant(run, check, {"draw": draw})


def powell() -> Contestant:
    model, X, theta = problem.powell_network()
    found: dict[str, int] = {}

    def run() -> dict[str, int]:
        model.fit(X, optimizer=Scipy("Powell", maxiter=1), start=theta, progress=False)
        assert model.history is not None
        found["calls"] = int(model.history.function_evaluations[-1, 0])
        return found

    def check() -> tuple[float, np.ndarray]:
        return compiled_losses(model, X, theta).loss(theta), np.zeros(0)

    return Contestant(run, check)


def powell_plain() -> Contestant:
    """scipy's own function on a clean forward pass, which computes every layer anew."""
    model, X, theta = problem.powell_network()

    def loss_at(theta: np.ndarray) -> float:
        return float(((model.network.outputs(theta, X)[-1] - X) ** 2).sum() / len(X))

    def run() -> dict[str, int]:
        return problem.scipy_powell(loss_at, theta)

    return Contestant(run, lambda: (loss_at(theta), np.zeros(0)))


def sweep() -> Contestant:
    fonts = load_fonts()

    def run() -> None:
        with local_threads(2) as executor:
            compare_architectures(fonts, rng=1, executor=executor, progress=False)

    def check() -> tuple[float, np.ndarray]:
        model, theta = problem.course_network(problem.LETTERS, "float32")
        loss, grad = model.loss_and_grad(theta, problem.characters())
        return float(loss), grad

    return Contestant(run, check)
