"""Keras: `compile` and `fit`, on the backend that the environment variable KERAS_BACKEND names."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from .. import problem
from ..problem import Contestant


class Sampling(keras.layers.Layer):
    """Draw z = mu + e^(log_var/2)·eps, and add the KL divergence to the loss."""

    def __init__(self) -> None:
        super().__init__()
        self.seeds = keras.random.SeedGenerator(0)
        self.fixed_eps: Any = None  # for the comparison of losses

    def call(self, heads: Any) -> Any:
        mu, log_var = heads[:, :2], heads[:, 2:]
        kl = 0.5 * ops.sum(ops.square(mu) + ops.exp(log_var) - 1 - log_var, axis=1)
        self.add_loss(ops.mean(kl))
        drawn = self.fixed_eps
        if drawn is None:
            drawn = keras.random.normal(ops.shape(mu), seed=self.seeds)
        return mu + ops.exp(log_var / 2) * drawn


def cross_entropy(y: Any, logits: Any) -> Any:
    """Sum over pixels; Keras takes the mean over samples."""
    return ops.sum(ops.softplus(logits) - logits * y, axis=-1)


def vae() -> Contestant:
    _, X, theta, eps = problem.drawings_network()
    sampling = Sampling()
    image = keras.Input((6400,))
    hidden = keras.layers.Dense(256, activation="relu")(image)
    heads = keras.layers.Dense(4)(hidden)
    hidden = keras.layers.Dense(256, activation="relu")(sampling(heads))
    model = keras.Model(image, keras.layers.Dense(6400)(hidden))
    encoder = keras.Model(image, heads)
    model.set_weights([array for part in problem.vae_matrices(theta) for array in part])
    model.compile(optimizer=keras.optimizers.Adam(0.001, epsilon=1e-8), loss=cross_entropy)

    def run(epochs: int = problem.VAE_EPOCHS) -> None:
        model.fit(X, X, batch_size=problem.BATCH, epochs=epochs, verbose=0)

    def draw(path: str, epochs: int = 50) -> None:
        run(epochs)
        problem.scatter(encoder.predict(X, batch_size=len(X), verbose=0)[:, :2], path)

    def check() -> tuple[float, np.ndarray]:
        sampling.fixed_eps = ops.convert_to_tensor(eps)
        x = ops.convert_to_tensor(X[: problem.BATCH])
        loss, grads = WITH_GRADIENT[keras.backend.backend()](model, x)
        sampling.fixed_eps = None
        return loss, problem.flat(list(zip(grads[::2], grads[1::2], strict=True)))

    return Contestant(run, check, {"draw": draw})


def with_jax_gradient(model: keras.Model, x: Any) -> tuple[float, list[np.ndarray]]:
    import jax

    fixed = [v.value for v in model.non_trainable_variables]

    def loss_of(trainable: list[Any]) -> Any:
        logits, _, losses = model.stateless_call(trainable, fixed, x, return_losses=True)
        return ops.mean(cross_entropy(x, logits)) + sum(losses)

    start = [v.value for v in model.trainable_variables]
    loss, grads = jax.value_and_grad(loss_of)(start)
    return float(loss), [np.asarray(g) for g in grads]


def with_torch_gradient(model: keras.Model, x: Any) -> tuple[float, list[np.ndarray]]:
    logits = model(x)
    loss = ops.mean(cross_entropy(x, logits)) + sum(model.losses)
    loss.backward()
    grads = [v.value.grad.detach().cpu().numpy().copy() for v in model.trainable_variables]
    model.zero_grad()
    return float(loss), grads


WITH_GRADIENT = {"jax": with_jax_gradient, "torch": with_torch_gradient}
