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


LayerGradient = tuple[np.ndarray, np.ndarray]  # h and δ of one layer: dL/dW = [h, 1]ᵀ·δ
Layers = np.ndarray  # of shape (n_layers,), a record a layer: `describe` makes it


def layer_of(dtype: np.typing.DTypeLike) -> np.dtype[Any]:
    """Return what is said of a layer after the input: a record of six numbers."""
    return np.dtype(
        [
            ("n_in", np.int64),
            ("n_out", np.int64),
            ("start", np.int64),  # where its weights begin in θ; its biases are their last row
            ("activation", np.int64),  # IDENTITY … RELU
            ("parameter", dtype),  # β of a logistic, the slope of a leaky ReLU below 0
            ("loss", np.int64),  # SQUARED_ERROR or BINARY_CROSS_ENTROPY: the network's
        ],
        align=True,
    )


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
    """Return a network and its loss in numbers, a record a layer; None if one is somebody's own.

    An activation or loss of a student's own, a subclass of ours included, trains on the blackboard.
    """
    if type(loss) not in LOSSES or any(type(g) not in ACTIVATIONS for g in network.activations):
        return None
    layers, start = [], 0
    for (n_rows, n_out), g in zip(network.shapes, network.activations, strict=True):
        kind, name = ACTIVATIONS[type(g)]
        parameter = getattr(g, name) if name else 0.0
        layers.append((n_rows - 1, n_out, start, kind, parameter, LOSSES[type(loss)]))
        start += n_rows * n_out
    return np.array(layers, layer_of(dtype))


def n_params(layers: Layers) -> int:
    """Return the number of weights."""
    return int(((layers["n_in"] + 1) * layers["n_out"]).sum())


def rules(optimizer: Any, n_runs: int) -> list[Rule]:
    """Return an optimizer in numbers, one for each run; its decay may be a column of runs."""
    name, decay, *numbers = optimizer.rule()
    numbers = [float(x) for x in (*numbers, optimizer.weight_decay, optimizer.clip_norm)]
    decays = np.broadcast_to(np.ravel(decay), n_runs)
    return [Rule(RULES[name], float(each), *numbers) for each in decays]


def space(layers: Layers, n_block: int, dtype: np.typing.DTypeLike) -> Space:
    """Return room for n_block samples side by side."""
    widest = int(max(layers["n_in"].max(), layers["n_out"].max()))
    shape = (len(layers) + 1, widest, n_block)
    return Space(
        np.zeros(shape, dtype),
        np.zeros(shape, dtype),
        np.zeros((n_block, widest), dtype),
        np.zeros((int(layers["n_out"][-1]), n_block), dtype),
    )


def of_run(data: np.ndarray, run: int) -> np.ndarray:
    """Return the data set of one run, which may be that of all, shape (n_samples, width)."""
    return data if data.ndim == 2 else data[run]


def remembered(theta: np.ndarray, memories: int) -> tuple[np.ndarray, np.ndarray]:
    """Return zeros for m and v, of the shape of θ where an optimizer has so many memories."""
    nothing = theta[:, :0]
    return np.zeros_like(theta if memories > 1 else nothing), np.zeros_like(
        theta if memories > 0 else nothing
    )
