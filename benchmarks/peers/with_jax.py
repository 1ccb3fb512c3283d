"""JAX: whole epochs in one compiled program, by jit and scan; many runs by vmap."""

from __future__ import annotations

from functools import partial
from itertools import accumulate, pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from .. import problem
from ..problem import Contestant

Parts = list[tuple[Any, Any]]


def cross_entropy(logits: Any, y: Any) -> Any:
    return jnp.sum(jax.nn.softplus(logits) - logits * y)


def checked(loss_of: Any, parts: Parts, *arguments: Any) -> tuple[float, np.ndarray]:
    loss, grad = jax.value_and_grad(loss_of)(parts, *arguments)
    return float(loss), problem.flat(grad)


def adam(parts: Any, grad: Any, m: Any, v: Any, t: Any, lr: float, beta2: float) -> Any:
    """One step of Adam on trees of arrays, as optax does it."""
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grad)
    v = jax.tree.map(lambda v, g: beta2 * v + (1 - beta2) * g * g, v, grad)
    a, b = 1 / (1 - 0.9**t), 1 / (1 - beta2**t)
    parts = jax.tree.map(lambda p, m, v: p - lr * (m * a) / (jnp.sqrt(v * b) + 1e-8), parts, m, v)
    return parts, m, v


def zeros(parts: Parts) -> Any:
    return jax.tree.map(jnp.zeros_like, parts)


# --- W1 -------------------------------------------------------------------------------------------


def online(n_runs: int = 1) -> Contestant:
    _, X, theta = problem.online_network(n_runs)
    x_all = jnp.asarray(X)
    parts = [(jnp.asarray(W), jnp.asarray(b)) for W, b in problem.matrices(theta, problem.LETTERS)]

    def loss_of(parts: Parts, x: Any) -> Any:
        h = x
        for i, (W, b) in enumerate(parts):
            h = h @ W + b
            h = jnp.tanh(h) if i < len(parts) - 1 else h
        return jnp.sum((h - x) ** 2) / len(x)

    def train(parts: Parts, key: Any) -> Parts:
        def epoch(parts: Parts, key: Any) -> tuple[Parts, None]:
            def step(parts: Parts, row: Any) -> tuple[Parts, None]:
                grad = jax.grad(loss_of)(parts, x_all[row][None])
                return jax.tree.map(lambda p, g: p - problem.ONLINE_LR * g, parts, grad), None

            return lax.scan(step, parts, jax.random.permutation(key, len(x_all)))

        return lax.scan(epoch, parts, jax.random.split(key, problem.ONLINE_EPOCHS))[0]

    many = jax.jit(jax.vmap(train))
    keys = jax.random.split(jax.random.key(0), n_runs)
    first = [(W[0], b[0]) for W, b in parts]

    def run() -> None:
        jax.block_until_ready(many(parts, keys))

    return Contestant(run, lambda: checked(loss_of, first, x_all))


def online_10() -> Contestant:
    return online(10)


# --- W2 -------------------------------------------------------------------------------------------


def course_loss(parts: Parts, x: Any) -> Any:
    """Logistic units of β = 1 everywhere, squared error summed over pixels."""
    h = x
    for W, b in parts:
        h = jax.nn.sigmoid(2 * (h @ W + b))
    return jnp.sum((h - x) ** 2) / len(x)


def sweep() -> Contestant:
    from tp5.datasets.fonts import load_fonts
    from tp5.experiments import ARCHITECTURES

    fonts = np.array([font.X for font in load_fonts()], np.float32)
    data = np.tile(np.repeat(fonts, 5, 0), (2, 1, 1))  # (n_runs, 32, 35)
    momenta = np.repeat(np.float32([0.0, 0.8]), 15)

    def train(layers: tuple[int, ...], X: Any, momentum: Any, key: Any) -> Any:
        begin, order = jax.random.split(key)
        shapes = [(n_in + 1, n_out) for n_in, n_out in pairwise(layers)]
        ends = list(accumulate(rows * columns for rows, columns in shapes))
        drawn = jnp.split(jax.random.uniform(begin, (ends[-1],), minval=-1), ends[:-1])
        whole = [part.reshape(shape) for part, shape in zip(drawn, shapes, strict=True)]
        parts = [(W[:-1], W[-1]) for W in whole]

        def epoch(state: Any, key: Any) -> Any:
            def step(state: Any, row: Any) -> Any:
                parts, velocity = state
                grad = jax.grad(course_loss)(parts, X[row][None])
                velocity = jax.tree.map(lambda v, g: momentum * v - 0.05 * g, velocity, grad)
                return (jax.tree.map(jnp.add, parts, velocity), velocity), None

            state, _ = lax.scan(step, state, jax.random.permutation(key, len(X)))
            return state, course_loss(state[0], X)

        return lax.scan(epoch, (parts, zeros(parts)), jax.random.split(order, 150))

    @partial(jax.jit, static_argnums=0)
    def train_all(layers: tuple[int, ...], key: Any) -> Any:
        keys = jax.random.split(key, len(data))
        return jax.vmap(partial(train, layers))(data, momenta, keys)

    def run() -> None:
        for layers in ARCHITECTURES:
            jax.block_until_ready(train_all(layers, jax.random.key(0)))

    def check() -> tuple[float, np.ndarray]:
        _, theta = problem.course_network(problem.LETTERS, "float32")
        parts = problem.matrices(theta, problem.LETTERS)
        return checked(course_loss, parts, problem.characters())

    return Contestant(run, check)


# --- W3 -------------------------------------------------------------------------------------------


def characters(wide: bool) -> Contestant:
    model, X, theta = problem.characters_network(wide)
    x, start = jnp.asarray(X), problem.matrices(theta, model.layers)
    codes = len(start) // 2 - 1  # the layer that gives the codes is linear, and so is the last

    def logits_of(parts: Parts) -> Any:
        h = x
        for i, (W, b) in enumerate(parts):
            h = h @ W + b
            h = h if i in (codes, len(parts) - 1) else jnp.tanh(h)
        return h

    def loss_of(parts: Parts) -> Any:
        return cross_entropy(logits_of(parts), x) / len(x)

    @jax.jit
    def ten_epochs(state: Any) -> Any:
        def epoch(state: Any, _: None) -> Any:
            parts, m, v, t = state
            grad = jax.grad(loss_of)(parts)
            args = (problem.ADAM[wide], problem.BETA2)
            return (*adam(parts, grad, m, v, t + 1, *args), t + 1), None

        state, _ = lax.scan(epoch, state, length=problem.LOOK_EVERY)
        return state, jax.nn.sigmoid(logits_of(state[0]))

    def run() -> dict[str, int]:
        state = (start, zeros(start), zeros(start), 0)
        for _ in range(problem.MOST_EPOCHS // problem.LOOK_EVERY):
            state, X_hat = ten_epochs(state)
            if problem.good_enough(np.asarray(X_hat), X, wide):
                break
        return {"epochs": int(state[-1])}

    return Contestant(run, lambda: checked(loss_of, start))


def one_font() -> Contestant:
    return characters(False)


def all_fonts() -> Contestant:
    return characters(True)


# --- W4, W5 ---------------------------------------------------------------------------------------


def vae() -> Contestant:
    _, X, theta, eps = problem.drawings_network()
    data, start = jnp.asarray(X), problem.vae_matrices(theta)

    def loss_of(parts: Parts, x: Any, eps: Any) -> Any:
        (W1, b1), (W2, b2), (W3, b3), (W4, b4) = parts
        mu, log_var = jnp.split(jax.nn.relu(x @ W1 + b1) @ W2 + b2, 2, axis=1)
        z = mu + jnp.exp(log_var / 2) * eps
        logits = jax.nn.relu(z @ W3 + b3) @ W4 + b4
        kl = 0.5 * jnp.sum(mu**2 + jnp.exp(log_var) - 1 - log_var)
        return (cross_entropy(logits, x) + kl) / len(x)

    def step(state: Any, rows: Any) -> Any:
        parts, m, v, t, key = state
        key, here = jax.random.split(key)
        eps = jax.random.normal(here, (len(rows), 2))
        grad = jax.grad(loss_of)(parts, data[rows], eps)
        return (*adam(parts, grad, m, v, t + 1, 0.001, 0.999), t + 1, key), None

    whole = len(X) // problem.BATCH * problem.BATCH

    def epoch(state: Any) -> Any:
        *_, key = state
        order = jax.random.permutation(key, len(X))
        state, _ = lax.scan(step, state, order[:whole].reshape(-1, problem.BATCH))
        return step(state, order[whole:])[0]  # the last batch is smaller

    compiled = jax.jit(epoch, donate_argnums=0)
    fresh = jax.tree.map(jnp.array, start)
    state = [(fresh, zeros(fresh), zeros(fresh), 0.0, jax.random.key(0))]

    def run(epochs: int = problem.VAE_EPOCHS) -> None:
        for _ in range(epochs):
            state[0] = compiled(state[0])
        jax.block_until_ready(state[0])

    def draw(path: str, epochs: int = 50) -> None:
        run(epochs)
        (W1, b1), (W2, b2), *_ = state[0][0]
        problem.scatter(np.asarray((jax.nn.relu(data @ W1 + b1) @ W2 + b2)[:, :2]), path)

    def check() -> tuple[float, np.ndarray]:
        return checked(loss_of, start, data[: problem.BATCH], eps)

    return Contestant(run, check, {"draw": draw})


# --- W6 -------------------------------------------------------------------------------------------


def powell() -> Contestant:
    jax.config.update("jax_enable_x64", True)
    _, X, theta = problem.powell_network()
    x = jnp.asarray(X)

    @jax.jit
    def loss_of(theta: Any) -> Any:
        parts, begin = [], 0
        for n_in, n_out in pairwise(problem.LETTERS):
            W = theta[begin : begin + (n_in + 1) * n_out].reshape(n_in + 1, n_out)
            parts.append((W[:-1], W[-1]))
            begin += W.size
        return course_loss(parts, x)

    def run() -> dict[str, int]:
        return problem.scipy_powell(lambda theta: float(loss_of(theta)), theta)

    return Contestant(run, lambda: (float(loss_of(theta)), np.zeros(0)))
