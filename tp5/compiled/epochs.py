"""Many epochs in one call, for one run: one sample a step, or batches of samples side by side.

Both leave ``loss[epoch]``, the mean over all samples after each epoch, and return how many epochs
have ended with a finite one. A run that diverges gets back the weights of the last of those, which
are in ``run.kept``. Once ``stop[0]`` is not 0 they return, after a sample or a block of samples.
"""

from __future__ import annotations

from math import isfinite

import numpy as np

from . import batch, online
from .jit import compiled
from .optimizers import clip, next_step, update


@compiled
def train_online(layers, rule, run, X, Y, order, lr, loss, stop, H, D, space):
    """Train for ``len(lr)`` epochs, one sample a step, in the order of each row of ``order``.

    A step takes H and D, for one sample; an epoch's loss has all samples side by side in `space`.
    """
    for epoch in range(len(lr)):
        for step in range(len(X)):
            if stop[0] != 0:
                return epoch
            row = order[epoch, step]
            online.forward(layers, run.theta, X[row], H)
            online.start_backward(layers, H, Y[row], D)
            online.backward(layers, run.theta, run.grad, H, D)
            clip(rule, run.grad)
            next_step(rule, run.powers)
            update(rule, run.theta, run.grad, run.m, run.v, run.powers, lr[epoch])
        loss[epoch] = mean_loss(layers, run.theta, run.grad[:0], X, Y, space, stop)
        if not end_epoch(run, loss[epoch]):
            loss[epoch] = np.nan  # a finite one, behind which weights were not, is none either
            return epoch
    return len(lr)


@compiled
def train_batches(layers, rule, run, X, Y, order, batch_size, lr, loss, stop, space):
    """Train for ``len(lr)`` epochs in batches, in the order of each row of ``order``.

    Where one block holds all samples, the pass that computes an epoch's loss is the forward pass
    of the next epoch's step, and is not made twice.
    """
    n_samples, n_block = len(X), space.H.shape[2]
    everything = batch_size >= n_samples and n_block >= n_samples
    if everything:
        mean_loss(layers, run.theta, run.grad[:0], X, Y, space, stop)
    for epoch in range(len(lr)):
        for start in range(0, n_samples, batch_size):
            n_batch = min(batch_size, n_samples - start)
            for i in range(run.grad.size):
                run.grad[i] = 0
            for first in range(start, start + n_batch, n_block):
                if stop[0] != 0:
                    return epoch
                n = min(n_block, start + n_batch - first)
                if not everything:
                    for s in range(n):
                        put(X, Y, order[epoch, first + s], s, space)
                    batch.forward(layers, run.theta, space.H, n)
                    batch.losses(layers, space.H, space.Y, space.D, n, n_batch)
                batch.backward(layers, run.theta, run.grad, space.H, space.D, space.T, n)
            clip(rule, run.grad)
            next_step(rule, run.powers)
            update(rule, run.theta, run.grad, run.m, run.v, run.powers, lr[epoch])
        loss[epoch] = mean_loss(layers, run.theta, run.grad[:0], X, Y, space, stop)
        if not end_epoch(run, loss[epoch]):
            loss[epoch] = np.nan  # a finite one, behind which weights were not, is none either
            return epoch
    return len(lr)


@compiled
def mean_loss(layers, theta, grad, X, Y, space, stop):
    """Return the mean loss of all samples, block by block.

    ``grad`` becomes its gradient; an empty one says that none is wanted. NaN if it was stopped.
    """
    total, n_block = 0.0, space.H.shape[2]
    for i in range(grad.size):
        grad[i] = 0
    for first in range(0, len(X), n_block):
        if stop[0] != 0:
            return np.nan
        n = min(n_block, len(X) - first)
        for s in range(n):
            put(X, Y, first + s, s, space)
        batch.forward(layers, theta, space.H, n)
        total += batch.losses(layers, space.H, space.Y, space.D, n, len(X))
        if grad.size:
            batch.backward(layers, theta, grad, space.H, space.D, space.T, n)
    return total / len(X)


@compiled
def put(X, Y, row, s, space):
    """Make a row of X and Y the sample s of those that lie side by side."""
    for j in range(X.shape[1]):
        space.H[0, j, s] = X[row, j]
    for j in range(Y.shape[1]):
        space.Y[j, s] = Y[row, j]


@compiled
def end_epoch(run, loss):
    """Keep θ if all is finite, else put back what was kept; return which.

    A saturated unit hides infinite weights: a finite loss is not enough.
    """
    total = 0.0
    for i in range(run.theta.size):
        total += run.theta[i]
    finite = isfinite(loss) and isfinite(total)
    source, target = (run.theta, run.kept) if finite else (run.kept, run.theta)
    for i in range(source.size):
        target[i] = source[i]
    return finite
