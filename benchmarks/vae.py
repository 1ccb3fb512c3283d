"""One epoch of the Flork VAE, beside PyTorch in the same run.

    python benchmarks/vae.py [rounds]

6400-256-2, 426 drawings, batches of 32, Adam, float32. The contestants take turns, so that a busy
machine is busy for all of them, and each gets its best and its median round. Without PyTorch
(pip install torch) only ours is timed. PyTorch computes the same loss, eager, with fused Adam.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tp5 import Adam, RMSprop, VariationalAutoencoder
from tp5.flork import load_florks
from tp5.optimizers import Optimizer
from tp5.training import batches

BATCH = 32


def our_epoch(X: np.ndarray, optimizer: Optimizer) -> Callable[[], Any]:
    vae = VariationalAutoencoder((6400, 256, 2))
    rngs = [np.random.default_rng(0)]
    theta = vae.initial_theta(rngs[0])[None]
    objective = vae.objective(X, X, theta, rngs)
    update = optimizer.start(theta, objective.grad)

    def epoch() -> Any:
        objective.start_epoch(0)
        for rows in batches(len(X), BATCH, rngs):
            objective.gradient(rows)
            update(0.001)
        return objective.loss()

    return epoch


def torch_epoch(X: np.ndarray) -> Callable[[], Any]:
    import torch
    from torch import nn

    data = torch.from_numpy(X)
    encoder = nn.Sequential(nn.Linear(6400, 256), nn.ReLU(), nn.Linear(256, 4))
    decoder = nn.Sequential(nn.Linear(2, 256), nn.ReLU(), nn.Linear(256, 6400))
    parameters = [*encoder.parameters(), *decoder.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=0.001, fused=True)
    cross_entropy = nn.functional.binary_cross_entropy_with_logits

    def epoch() -> Any:
        total = 0.0
        for rows in torch.randperm(len(data)).split(BATCH):
            x = data[rows]
            mu, log_var = encoder(x).chunk(2, dim=1)
            logits = decoder(mu + torch.exp(log_var / 2) * torch.randn_like(mu))
            kl = 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum()
            loss = (cross_entropy(logits, x, reduction="sum") + kl) / len(rows)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        return total / len(data)

    return epoch


def main(rounds: int = 25) -> None:
    X = np.ascontiguousarray(1 - load_florks().X, np.float32)
    contestants = {"tp5, Adam": our_epoch(X, Adam()), "tp5, RMSprop": our_epoch(X, RMSprop())}
    try:
        contestants["PyTorch, fused Adam"] = torch_epoch(X)
    except ImportError:
        print("PyTorch is not installed: only ours is timed.")
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds + 2):
        for name, epoch in contestants.items():
            start = time.perf_counter()
            epoch()
            if turn >= 2:  # the first two warm up
                times[name].append(time.perf_counter() - start)
    ours = times["tp5, Adam"]
    for name, seconds in times.items():
        best, median, ratio = min(seconds), np.median(seconds), np.median(np.divide(seconds, ours))
        spent = f"best {best * 1e3:.0f} ms, median {median * 1e3:.0f} ms an epoch"
        print(f"{name:>20}: {spent}; {ratio:.2f} × tp5 with Adam")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
