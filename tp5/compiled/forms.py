"""What the loops are given: a network, an optimizer and the arrays of a training, in numbers.

This file and `tp5.compiled` itself load no Numba.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..networks import (
    BinaryCrossEntropy,
    Identity,
    LeakyReLU,
    Logistic,
    Loss,
    Network,
    ReLU,
    SquaredError,
    Tanh,
)

IDENTITY, TANH, LOGISTIC, RELU = 0, 1, 2, 3
SQUARED_ERROR, BINARY_CROSS_ENTROPY = 0, 1
SGD, MOMENTUM, NESTEROV, RMSPROP, ADAM = 0, 1, 2, 3, 4

ACTIVATIONS = {
    Identity: (IDENTITY, None),
    Tanh: (TANH, None),
    Logistic: (LOGISTIC, "beta"),
    ReLU: (RELU, None),
    LeakyReLU: (RELU, "slope"),
}
LOSSES = {SquaredError: SQUARED_ERROR, BinaryCrossEntropy: BINARY_CROSS_ENTROPY}
RULES = {
    "SGD": SGD,
    "MOMENTUM": MOMENTUM,
    "NESTEROV": NESTEROV,
    "RMSPROP": RMSPROP,
    "ADAM": ADAM,
}


class Layers(NamedTuple):
    """A network and its loss."""

    widths: np.ndarray  # of each layer, input to output
    starts: np.ndarray  # where each layer's weights begin in θ, and where the last ones end
    activations: np.ndarray  # IDENTITY … RELU, one for each layer after the input
    parameters: np.ndarray  # β of a logistic, the slope of a leaky ReLU below 0
    loss: int  # SQUARED_ERROR or BINARY_CROSS_ENTROPY


class Rule(NamedTuple):
    """An optimizer."""

    kind: int  # SGD … ADAM
    decay: float  # momentum, or rho, or beta1
    decay2: float  # beta2
    eps: float
    weight_decay: float
    clip_norm: float


class Run(NamedTuple):
    """The arrays that a training changes."""

    theta: np.ndarray
    kept: np.ndarray  # θ after the last epoch that ended with a finite loss
    m: np.ndarray  # what the optimizer remembers: as long as θ, or empty
    v: np.ndarray
    powers: np.ndarray  # beta1^t and beta2^t
    grad: np.ndarray


class Space(NamedTuple):
    """Where the passes of a batch write."""

    H: np.ndarray  # outputs, shape (n_layers, widest, n_block)
    D: np.ndarray  # errors, likewise
    T: np.ndarray  # errors of one layer, turned: shape (n_block, widest)
    Y: np.ndarray  # targets, turned: shape (n_out, n_block)


def describe(network: Network, loss: Loss, dtype: np.typing.DTypeLike) -> Layers | None:
    """Return a network and its loss in numbers; None if one of them is somebody's own.

    An activation or loss of a student's own, a subclass of ours included, trains on the blackboard.
    """
    kinds: list[tuple[int, float]] = []
    for g in network.activations:
        if type(g) not in ACTIVATIONS:
            return None
        kind, name = ACTIVATIONS[type(g)]
        kinds.append((kind, getattr(g, name) if name else 0.0))
    if type(loss) not in LOSSES:
        return None
    sizes = [rows * columns for rows, columns in network.shapes]
    return Layers(
        widths=np.array(network.layers, np.int64),
        starts=np.cumsum([0, *sizes], dtype=np.int64),
        activations=np.array([kind for kind, _ in kinds], np.int64),
        parameters=np.array([parameter for _, parameter in kinds], dtype),
        loss=LOSSES[type(loss)],
    )


def rules(optimizer: Any, n_runs: int) -> list[Rule]:
    """Return an optimizer in numbers, one for each run; its decay may be a column of runs."""
    name, decay, *numbers = optimizer.rule()
    numbers = [float(x) for x in (*numbers, optimizer.weight_decay, optimizer.clip_norm)]
    decays = np.broadcast_to(np.ravel(decay), n_runs)
    return [Rule(RULES[name], float(each), *numbers) for each in decays]


def space(layers: Layers, n_block: int, dtype: np.typing.DTypeLike) -> Space:
    """Return room for n_block samples side by side."""
    widths = layers.widths
    shape = (len(widths), int(widths.max()), n_block)
    D = np.zeros(shape, dtype)
    return Space(
        np.zeros(shape, dtype),
        D,
        np.zeros((n_block, shape[1]), dtype),
        np.zeros((int(widths[-1]), n_block), dtype),
    )
