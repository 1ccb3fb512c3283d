"""Some thousand training steps in sixteen digits: the same on every machine.

One addition in another order, one product fused with a sum, and online training makes another
latent map of the same seed. Where these digits are the course's, so are its numbers.
"""

from __future__ import annotations

import hashlib
from itertools import product
from typing import Any

import numpy as np

from ..models import Autoencoder
from ..training import SGD, Adam, CosineDecay, ExponentialDecay, Momentum, Optimizer, RMSprop

# What the compiled core gives; the blackboard's last digits are the machine's own.
FINGERPRINT = "71201885a9902947"

ACTIVATIONS = ("tanh", "logistic", "logistic(0.7)", "sigmoid", "relu", "leaky_relu", "identity")
OPTIMIZERS = (
    SGD(CosineDecay(0.05)),
    Momentum(ExponentialDecay(0.02), weight_decay=0.01),
    Momentum(0.02, momentum=0.6, nesterov=True),
    RMSprop(0.01),
    Adam(0.01, beta2=0.99, clip_norm=2.0),
)


def fingerprint() -> str:
    """Train tiny networks in every way that there is, and the course's; return a name of it all.

    Every optimizer in both dtypes, online, in batches and with all samples at once; the activations
    and losses take turns.

    Returns
    -------
    str
        Sixteen hexadecimal digits of all weights and losses, to the last bit.
    """
    digest = hashlib.sha256()
    ways = product(OPTIMIZERS, ("float32", "float64"), (1, 3, None))
    for turn, (optimizer, dtype, batch_size) in enumerate(ways):
        options: dict[str, Any] = {
            "activation": ACTIVATIONS[turn % len(ACTIVATIONS)],
            "loss": ("binary_cross_entropy", "squared_error")[turn // 2 % 2],
            "init": ("he", "glorot", "uniform")[turn // 4 % 3],
            "dtype": dtype,
        }
        add(digest, Autoencoder((6, 5, 2, 5, 6), **options), optimizer, batch_size, epochs=25)
    course = Autoencoder((35, 25, 17, 2, 17, 25, 35), "logistic", "logistic", dtype="float32")
    add(digest, course, Momentum(0.02), 1, epochs=30)
    return digest.hexdigest()[:16]


def add(
    digest: hashlib._Hash,
    model: Autoencoder,
    optimizer: Optimizer,
    batch_size: int | None,
    epochs: int,
) -> None:
    """Train two runs of a model, and add their weights and losses."""
    X = np.random.default_rng(5).random((9, model.layers[0])) > 0.5
    model.fit(
        X,
        optimizer=optimizer,
        epochs=epochs,
        batch_size=batch_size,
        n_runs=2,
        rng=len(model.layers),
        progress=False,
    )
    assert model.theta is not None
    assert model.history is not None
    assert np.isfinite(model.history.loss).all()
    for array in (model.theta, model.history.loss):
        digest.update(array.astype("<f8").tobytes())
