"""PyTorch: eager with fused optimizers; compiled where that works; `torch.func` for many runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from .. import problem
from ..problem import Contestant


def dense(layers: tuple[int, ...], theta: np.ndarray, hidden: type[nn.Module]) -> nn.Sequential:
    """A stack of linear layers with the common weights, an activation between each two."""
    modules: list[nn.Module] = []
    for (n_in, n_out), (W, b) in zip(
        pairwise(layers), problem.matrices(theta, layers), strict=True
    ):
        linear = nn.Linear(n_in, n_out)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(W.T.copy()))
            linear.bias.copy_(torch.from_numpy(b))
        modules += [linear, hidden()]
    return nn.Sequential(*modules[:-1])


def gradients(modules: list[nn.Module]) -> np.ndarray:
    linear = [m for module in modules for m in module.modules() if isinstance(m, nn.Linear)]
    return problem.flat([(m.weight.grad.numpy().T, m.bias.grad.numpy()) for m in linear])


def checked(loss: torch.Tensor, *modules: nn.Module) -> tuple[float, np.ndarray]:
    loss.backward()
    grad = gradients(list(modules))
    for module in modules:
        module.zero_grad()
    return loss.item(), grad


# --- W1: one sample a step ------------------------------------------------------------------------


def online(compiled: bool = False) -> Contestant:
    torch.set_num_threads(1)  # so small that a second thread only costs
    _, X, theta = problem.online_network(1)
    x_all, model = torch.from_numpy(X), dense(problem.LETTERS, theta[0], nn.Tanh)
    optimizer = torch.optim.SGD(model.parameters(), lr=problem.ONLINE_LR, fused=True)

    def loss_of(x: torch.Tensor) -> torch.Tensor:
        return (model(x) - x).square().sum() / len(x)

    step_loss = torch.compile(loss_of) if compiled else loss_of

    def run() -> None:
        for _ in range(problem.ONLINE_EPOCHS):
            for row in torch.randperm(len(x_all)):
                optimizer.zero_grad()
                step_loss(x_all[row][None]).backward()
                optimizer.step()

    return Contestant(run, lambda: checked(loss_of(x_all), model))


def online_compiled() -> Contestant:
    return online(compiled=True)


# --- W2: many runs at once, by torch.func ---------------------------------------------------------


def course_loss(parts: list[Any], x: torch.Tensor) -> torch.Tensor:
    """Logistic units of β = 1 everywhere, squared error summed over pixels."""
    h = x
    for W, b in parts:
        h = torch.sigmoid(2 * (h @ W + b))
    return (h - x).square().sum() / len(x)


def sweep() -> Contestant:
    from tp5.datasets.fonts import load_fonts
    from tp5.experiments import ARCHITECTURES

    torch.set_num_threads(1)
    fonts = torch.tensor(np.array([font.X for font in load_fonts()]), dtype=torch.float32)
    gradient = torch.func.vmap(torch.func.grad(course_loss))
    share = 150 // EPOCHS_OF_SWEEP

    def train(layers: tuple[int, ...]) -> None:
        n_runs = 30
        data = fonts.repeat_interleave(5, 0).repeat(2, 1, 1)  # (n_runs, 32, 35)
        momentum = torch.tensor([0.0, 0.8]).repeat_interleave(15)
        parts = [
            (torch.rand(n_runs, n_in, n_out) * 2 - 1, torch.rand(n_runs, n_out) * 2 - 1)
            for n_in, n_out in pairwise(layers)
        ]
        velocity = [tuple(torch.zeros_like(p) for p in part) for part in parts]
        for _ in range(EPOCHS_OF_SWEEP):
            order = torch.rand(n_runs, 32).argsort(1)
            for row in order.T:
                x = data[torch.arange(n_runs), row][:, None]
                for part, v, grad in zip(parts, velocity, gradient(parts, x), strict=True):
                    for p, v_p, g in zip(part, v, grad, strict=True):
                        column = momentum.view(-1, *[1] * (p.ndim - 1))
                        v_p.mul_(column).sub_(g, alpha=0.05)
                        p.add_(v_p)

    def run() -> dict[str, float]:
        start = time.perf_counter()
        for layers in ARCHITECTURES:
            train(layers)
        spent = time.perf_counter() - start
        return {"epochs": EPOCHS_OF_SWEEP, "extrapolated": spent * (share - 1)}

    def check() -> tuple[float, np.ndarray]:
        _, theta = problem.course_network(problem.LETTERS, "float32")
        parts = [
            (torch.from_numpy(W), torch.from_numpy(b))
            for W, b in problem.matrices(theta, problem.LETTERS)
        ]
        X = torch.from_numpy(problem.characters())
        grad, loss = torch.func.grad_and_value(course_loss)(parts, X)
        return float(loss), problem.flat([(W.numpy(), b.numpy()) for W, b in grad])

    return Contestant(run, check)


EPOCHS_OF_SWEEP = 5  # of 150: the rest is multiplied, or this alone would take minutes


# --- W3: full batch until it is learned -----------------------------------------------------------


def characters(wide: bool) -> Contestant:
    torch.set_num_threads(1)
    model_, X, theta = problem.characters_network(wide)
    x, layers = torch.from_numpy(X), model_.layers

    def network() -> nn.Sequential:
        model = dense(layers, theta, nn.Tanh)
        codes = len(layers) // 2  # the codes are linear
        return nn.Sequential(*[m for i, m in enumerate(model) if i != 2 * codes - 1])

    def loss_of(model: nn.Module) -> torch.Tensor:
        return cross_entropy(model(x), x, reduction="sum") / len(x)

    def run() -> dict[str, int]:
        model = network()
        optimizer = torch.optim.Adam(
            model.parameters(), lr=problem.ADAM[wide], betas=(0.9, problem.BETA2), fused=True
        )
        for epoch in range(1, problem.MOST_EPOCHS + 1):
            optimizer.zero_grad()
            loss_of(model).backward()
            optimizer.step()
            if epoch % problem.LOOK_EVERY == 0:
                with torch.no_grad():
                    X_hat = torch.sigmoid(model(x)).numpy()
                if problem.good_enough(X_hat, X, wide):
                    break
        return {"epochs": epoch}

    def check() -> tuple[float, np.ndarray]:
        model = network()
        return checked(loss_of(model), model)

    return Contestant(run, check)


def one_font() -> Contestant:
    return characters(False)


def all_fonts() -> Contestant:
    return characters(True)


# --- W4, W5: the VAE ------------------------------------------------------------------------------


def vae(compiled: bool = False) -> Contestant:
    _, X, theta, eps = problem.drawings_network()
    data, split = torch.from_numpy(X), (6400 + 1) * 256 + (256 + 1) * 4
    encoder = dense((6400, 256, 4), theta[:split], nn.ReLU)
    decoder = dense((2, 256, 6400), theta[split:], nn.ReLU)
    parameters = [*encoder.parameters(), *decoder.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=0.001, fused=True)

    def loss_of(x: torch.Tensor, eps: torch.Tensor) -> torch.Tensor:
        mu, log_var = encoder(x).chunk(2, dim=1)
        logits = decoder(mu + torch.exp(log_var / 2) * eps)
        kl = 0.5 * (mu.square() + log_var.exp() - 1 - log_var).sum()
        return (cross_entropy(logits, x, reduction="sum") + kl) / len(x)

    step_loss: Callable[..., torch.Tensor] = torch.compile(loss_of) if compiled else loss_of

    def run(epochs: int = problem.VAE_EPOCHS) -> None:
        for _ in range(epochs):
            for rows in torch.randperm(len(data)).split(problem.BATCH):
                optimizer.zero_grad()
                step_loss(data[rows], torch.randn(len(rows), 2)).backward()
                optimizer.step()

    def check() -> tuple[float, np.ndarray]:
        return checked(loss_of(data[: problem.BATCH], torch.from_numpy(eps)), encoder, decoder)

    def draw(path: str, epochs: int = 50) -> None:
        run(epochs)
        with torch.no_grad():
            mu = encoder(data)[:, :2].numpy()
        problem.scatter(mu, path)

    return Contestant(run, check, {"draw": draw})


def vae_compiled() -> Contestant:
    return vae(compiled=True)


# --- W6: the loss that Powell asks for ------------------------------------------------------------


def powell() -> Contestant:
    torch.set_num_threads(1)
    _, X, theta = problem.powell_network()
    x = torch.from_numpy(X)
    layers = list(pairwise(problem.LETTERS))
    sizes = [(n_in + 1) * n_out for n_in, n_out in layers]

    @torch.no_grad()
    def loss_at(theta: np.ndarray) -> float:
        h = x
        for part, (n_in, n_out) in zip(torch.from_numpy(theta).split(sizes), layers, strict=True):
            W = part.view(n_in + 1, n_out)
            h = torch.sigmoid(2 * torch.addmm(W[-1], h, W[:-1]))
        return float((h - x).square().sum() / len(x))

    def run() -> dict[str, int]:
        return problem.scipy_powell(loss_at, theta)

    return Contestant(run, lambda: (loss_at(theta), np.zeros(0)))
