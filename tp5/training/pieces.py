"""A large network's passes, some samples at a time, in threads of our own.

The same samples go together whatever the number of threads: so the bits do not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..compiled import LayerGradient
from ..threads import share, slices

FEW, MANY = 32, 128  # samples that one thread sends through at once, where there are so many
MOST = 8  # pieces of a batch: each piece fetches all weights anew

# Sends a part of a batch through; h and δ of each layer and the mean losses are what it finds.
Send = Callable[[slice], tuple[Sequence[np.ndarray], Sequence[np.ndarray], Any]]


def gradients(
    send: Send,
    n: int,
    shapes: Sequence[tuple[int, int]],
    dtype: np.dtype[Any],
    count: int,
) -> tuple[list[LayerGradient], Any]:
    """Gradient of the mean over a batch, layer by layer, and the mean losses.

    Parameters
    ----------
    send : callable
        Called with a part of the batch, in a thread; returns the h that each layer was given, each
        layer's δ, and losses, all of the mean over this part.
    n : int
        Samples in the batch.
    shapes : sequence of (int, int)
        Of each layer's weights, the row of biases included.
    dtype : dtype
    count : int
        Threads.

    Returns
    -------
    layers : list of (ndarray, ndarray)
        h and δ of each layer: dL/dW = [h, 1]ᵀ·δ.
    losses : ndarray
    """
    layers = [
        (np.empty((n, n_in - 1), dtype), np.empty((n, n_out), dtype)) for n_in, n_out in shapes
    ]

    @np.errstate(over="ignore", invalid="ignore")  # each thread has to be told anew
    def piece(part: slice) -> Any:
        h, deltas, losses = send(part)
        weight = (part.stop - part.start) / n
        for (all_h, all_deltas), its_h, delta in zip(layers, h, deltas, strict=True):
            all_h[part] = its_h
            np.multiply(delta, dtype.type(weight), out=all_deltas[part])
        return weight * np.asarray(losses)

    pieces = min(n, max(2, min(n // FEW, MOST)))
    answers = share([partial(piece, part) for part in slices(n, pieces)], count)
    return layers, sum(answers)


def losses(send: Callable[[slice], Any], n_samples: int, count: int) -> Any:
    """Mean of what ``send`` says of a part, over all samples, in ``count`` threads."""

    @np.errstate(over="ignore", invalid="ignore")
    def piece(part: slice) -> Any:
        return (part.stop - part.start) / n_samples * np.asarray(send(part))

    parts = slices(n_samples, -(-n_samples // MANY))
    return sum(share([partial(piece, part) for part in parts], count))
