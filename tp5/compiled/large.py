"""A large network's step: BLAS multiplies, and loops do the rest in one pass each.

With millions of weights an optimizer is memory traffic: a step of the VAE fetches θ, m and v and
stores them, 80 MB. The gradient, which is as large, need never be there as a whole: block by block
it is multiplied out, and used while the cache still has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from math import inf
from typing import Any

import numpy as np

from ..networks import Loss
from ..threads import in_peace, n_threads, share, slices
from .elementwise import sample_losses
from .forms import LOSSES, SGD, LayerGradient, Rule, remembered, rules
from .optimizers import clip, next_step, update

WORTH_A_THREAD = 2**17  # weights: with fewer, handing them over costs more
BLOCK = 2**18  # weights whose gradient is made in one go: a megabyte


class CompiledUpdate:
    """An optimizer's update of any θ in one pass, in as many threads as there are cores.

    Parameters
    ----------
    optimizer : Optimizer
        One whose ``rule()`` says something.
    theta : ndarray, shape (n_runs, n_params)
        Changed in place.
    """

    def __init__(self, optimizer: Any, theta: np.ndarray) -> None:
        self.theta, self.rules = theta, rules(optimizer, len(theta))
        self.m, self.v = remembered(theta, optimizer.memories)
        self.powers = np.ones((len(theta), 2))
        self.count = max(1, min(n_threads(), theta.shape[1] // WORTH_A_THREAD))
        load(theta.dtype)

    def __call__(self, grad: np.ndarray, lr: Any) -> None:
        """Take a step; ``lr`` is a number, or a column with one for each run."""
        rates = np.broadcast_to(np.ravel(lr), len(self.theta))
        for run, rule in enumerate(self.rules):
            clip(rule, grad[run])
            next_step(rule, self.powers[run])
            parts = [
                partial(self._update, run, part.start, grad[run, part], float(rates[run]))
                for part in slices(self.theta.shape[1], self.count)
            ]
            share(parts, self.count)

    def by_layers(self, run: int, layers: Sequence[LayerGradient], lr: float) -> None:
        """Take a run's step by a gradient that is told layer by layer, in the order of θ."""
        next_step(self.rules[run], self.powers[run])
        blocks, start = [], 0
        for h, delta in layers:
            n_in, n_out = h.shape[1], delta.shape[1]
            for rows in slices(n_in, -(-n_in * n_out // BLOCK)):
                place = start + rows.start * n_out
                blocks.append(partial(self._multiply, run, place, h[:, rows], delta, lr))
            start += (n_in + 1) * n_out
            blocks.append(partial(self._add_up, run, start - n_out, delta, lr))
        # Backwards: the passes have just met the last layer's weights, and the next ones will meet
        # the first layer's. Both are then still in the cache, which saves a fifth of a step.
        share(blocks[::-1], self.count)

    @np.errstate(over="ignore", invalid="ignore")  # each thread has to be told anew
    def _multiply(self, run: int, start: int, h: np.ndarray, delta: np.ndarray, lr: float) -> None:
        self._update(run, start, np.ravel(h.T @ delta), lr)

    @np.errstate(over="ignore", invalid="ignore")
    def _add_up(self, run: int, start: int, delta: np.ndarray, lr: float) -> None:
        self._update(run, start, delta.sum(axis=0), lr)

    def _update(self, run: int, start: int, grad: np.ndarray, lr: float) -> None:
        theta, m, v = (
            array[run, start : start + grad.size] for array in (self.theta, self.m, self.v)
        )
        update(self.rules[run], theta, grad, m, v, self.powers[run], lr)


@cache
def load(dtype: np.dtype[Any]) -> None:
    """Compile, or load, the loops of a large network's step, in peace."""
    one, nothing = np.zeros((1, 1), dtype), np.empty(0, dtype)
    rule, powers = Rule(SGD, 0.0, 0.0, 0.0, 0.0, inf), np.ones(2)
    in_peace(partial(sample_losses, 0, one, one, np.zeros((2, 1), dtype), one.copy()))
    in_peace(partial(update, rule, nothing, nothing, nothing, nothing, powers, 0.0))
    in_peace(partial(next_step, rule, powers))
    in_peace(partial(clip, rule, nothing))


def value_and_gradient(loss: Loss, A: np.ndarray, Y: np.ndarray) -> tuple[Any, np.ndarray]:
    """Return a loss and dL/dA, in one pass where it is a loss of ours.

    Parameters
    ----------
    loss : Loss
    A, Y : ndarray, shape (n_samples, n_pixels)
    """
    if type(loss) not in LOSSES:
        return loss.value_and_gradient(A, Y)
    delta, pixels = np.empty_like(A), np.zeros((2, A.shape[1]), A.dtype)
    return sample_losses(LOSSES[type(loss)], A, Y, pixels, delta), delta
