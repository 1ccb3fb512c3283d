"""Notebook 01: bits, the squared error, the forward pass, the backward pass of one layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..datasets.fonts import load_fonts
from ..networks.activations import Logistic
from ..networks.gradient_check import central_differences
from .code import Code
from .explore import Explore
from .running import Mistake
from .think import Think

# --- A row of pixels ----------------------------------------------------------------------------


def read_row(value: int) -> list[int]:
    """Five pixels of a glyph's row, left to right: bit 4 is the leftmost."""
    return [(value >> bit) & 1 for bit in (4, 3, 2, 1, 0)]


glyph_row = Code(
    "glyph_row",
    1,
    (
        "each pixel is one bit of the number: which operators pick out a single bit?",
        "(value >> 4) & 1 is the leftmost pixel: shift the bit to the right end, cut off the rest.",
        "the five shifts are 4, 3, 2, 1, 0, from left to right.",
    ),
    reference=read_row,
    cases=lambda: [(value,) for value in range(32)],
    where=lambda value: f"for value = 0x{value:02X}",
    mistakes={
        "the bits are shifted but not cut off: (value >> 4) & 1 keeps one bit only.": lambda v: [
            v >> bit for bit in (4, 3, 2, 1, 0)
        ],
        "the bits are picked out but not shifted: value & 16 is 16 or 0, not 1 or 0.": lambda v: [
            v & (1 << bit) for bit in (4, 3, 2, 1, 0)
        ],
        "ink and paper have changed places: a bit that is 1 is ink.": lambda v: [
            1 - ((v >> bit) & 1) for bit in (4, 3, 2, 1, 0)
        ],
    },
)

# --- The squared error --------------------------------------------------------------------------


def mean_squared_error(X_hat: np.ndarray, X: np.ndarray) -> float:
    """E = (1/n)·ΣΣ (X_hat − X)²: the sum over the pixels, the mean over the samples."""
    return ((X_hat - X) ** 2).sum(axis=1).mean()


def pictures_in_pairs() -> list[tuple[np.ndarray, np.ndarray]]:
    """Reconstructions and pictures of several sizes."""
    rng = np.random.default_rng(0)
    shapes = [(4, 35), (7, 35), (3, 6)]
    return [(rng.random(shape), np.round(rng.random(shape))) for shape in shapes]


squared_error = Code(
    "squared_error",
    1,
    (
        "(X_hat - X) ** 2 has shape (n_samples, n_pixels): which axis is to be added up?",
        "add up over axis 1, the pixels; then take the mean of what is left, one a sample.",
    ),
    reference=mean_squared_error,
    cases=pictures_in_pairs,
    factors=lambda X_hat, X: {
        "n, the number of samples": X.shape[0],
        "n, the number of pixels": X.shape[1],
    },
    mistakes={
        "the differences are taken without their sign, not squared.": lambda X_hat, X: (
            np.abs(X_hat - X).sum(axis=1).mean()
        ),
        "the differences are added up without a square: + and − cancel.": lambda X_hat, X: (
            (X_hat - X).sum(axis=1).mean()
        ),
        "there is a root too many: the squared error is wanted, not its root.": lambda X_hat, X: (
            np.sqrt(((X_hat - X) ** 2).sum(axis=1).mean())
        ),
        "the root is taken of each sample's error: no root is wanted.": lambda X_hat, X: (
            np.linalg.norm(X_hat - X, axis=1).mean()
        ),
    },
)

# --- The forward pass ---------------------------------------------------------------------------


def forward_pass(
    X: np.ndarray, weights: Sequence[np.ndarray], g: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """H ← g([h, 1]·W), layer by layer; the last row of each W holds the biases."""
    h = X
    for W in weights:
        h = g(h @ W[:-1] + W[-1])
    return h


def small_networks() -> list[tuple[np.ndarray, list[np.ndarray], Callable]]:
    """Data, weights and an activation, for three networks."""
    rng = np.random.default_rng(1)
    cases: list[tuple[np.ndarray, list[np.ndarray], Callable]] = []
    for widths, g in (((3, 2), np.tanh), ((5, 4, 3), Logistic().value), ((4, 2, 2, 4), np.tanh)):
        pairs = pairwise(widths)
        weights = [rng.normal(size=(n_in + 1, n_out)) for n_in, n_out in pairs]
        cases.append((rng.random((6, widths[0])), weights, g))
    return cases


def _bias_first(X: np.ndarray, weights: Sequence[np.ndarray], g: Callable) -> np.ndarray:
    for W in weights:
        X = g(X @ W[1:] + W[0])
    return X


def _no_bias(X: np.ndarray, weights: Sequence[np.ndarray], g: Callable) -> np.ndarray:
    for W in weights:
        X = g(X @ W[:-1])
    return X


def _linear(X: np.ndarray, weights: Sequence[np.ndarray], g: Callable) -> np.ndarray:
    for W in weights:
        X = X @ W[:-1] + W[-1]
    return X


def _last_linear(X: np.ndarray, weights: Sequence[np.ndarray], g: Callable) -> np.ndarray:
    h = forward_pass(X, weights[:-1], g)
    return h @ weights[-1][:-1] + weights[-1][-1]


forward = Code(
    "forward",
    1,
    (
        "keep one h, which is X at first, and let each layer replace it.",
        "W[:-1] are the weights, and W[-1] is the row of biases.",
        "for each W: h = g(h @ W[:-1] + W[-1]).",
    ),
    reference=forward_pass,
    cases=small_networks,
    where=lambda X, weights, g: (
        "for a network " + "-".join(map(str, [X.shape[1], *(W.shape[1] for W in weights)]))
    ),
    mistakes={
        "the biases are missing: the last row of each W is added to every sample.": _no_bias,
        "the first row of W is taken for the biases; it is the last one.": _bias_first,
        "the activation g is missing: without it all layers together are one matrix.": _linear,
        "the activation g is missing in the last layer.": _last_linear,
        "g is applied once, at the end: every layer needs it.": lambda X, weights, g: g(
            _linear(X, weights, g)
        ),
    },
)

# --- The backward pass of one layer -------------------------------------------------------------


def backward_of_layer(
    h: np.ndarray, W: np.ndarray, h_out: np.ndarray, dE_dh_out: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """dE/dW = [h, 1]ᵀ·δ and dE/dh = δ·Wᵀ, with δ = dE/dh′ ⊙ g′ and g′ = 2·h′·(1 − h′)."""
    delta = dE_dh_out * 2 * h_out * (1 - h_out)
    ones = np.ones((len(h), 1))
    return np.hstack([h, ones]).T @ delta, delta @ W[:-1].T


def layers_of_a_network() -> list[tuple[np.ndarray, ...]]:
    """Three layers of logistic units, as they stand in a network 6-4-5-3."""
    rng = np.random.default_rng(2)
    h = rng.random((7, 6))
    cases: list[tuple[np.ndarray, ...]] = []
    for n_in, n_out in ((6, 4), (4, 5), (5, 3)):
        W = rng.normal(size=(n_in + 1, n_out))
        h_out = Logistic().value(h @ W[:-1] + W[-1])
        cases.append((h, W, h_out, rng.normal(size=h_out.shape)))
        h = h_out
    return cases


def slope_of_layer(
    h: np.ndarray, W: np.ndarray, h_out: np.ndarray, dE_dh_out: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The same two gradients by the definition of the derivative: central differences."""

    def loss(W: np.ndarray, h: np.ndarray) -> np.ndarray:
        out = Logistic().value(h @ W[..., :-1, :] + W[..., -1:, :])
        return (dE_dh_out * out).sum(axis=(-2, -1))

    def of_W(theta: np.ndarray) -> np.ndarray:
        return loss(theta.reshape(-1, *W.shape), h)

    def of_h(theta: np.ndarray) -> np.ndarray:
        return loss(W, theta.reshape(-1, *h.shape))

    dE_dW = central_differences(of_W, W.ravel()).reshape(W.shape)
    return dE_dW, central_differences(of_h, h.ravel()).reshape(h.shape)


def _no_derivative(
    h: np.ndarray, W: np.ndarray, h_out: np.ndarray, delta: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    return np.hstack([h, np.ones((len(h), 1))]).T @ delta, delta @ W[:-1].T


def _with(derivative: Callable[[np.ndarray], np.ndarray]) -> Callable[..., Any]:
    return lambda h, W, h_out, dE: _no_derivative(h, W, h_out, dE * derivative(h_out))


layer_backward = Code(
    "layer_backward",
    1,
    (
        "begin with δ: both results follow from it.",
        "δ = dE_dh_out * g′ with g′ = 2·h_out·(1 − h_out), entry by entry.",
        "dE/dW is [h, 1]ᵀ·δ: put a column of ones beside h.",
        "dE/dh is δ·Wᵀ without the row of biases: delta @ W[:-1].T.",
    ),
    reference=backward_of_layer,
    cases=layers_of_a_network,
    truth=slope_of_layer,
    parts=("dE/dW", "dE/dh"),
    rtol=1e-5,
    atol=1e-7,
    where=lambda h, W, *_: (
        f"layer {h.shape[1]}→{W.shape[1]}, whose row {len(W) - 1} is the biases'; the true values "
        f"are central differences"
    ),
    factors=lambda h, *_: {"n, the number of samples": len(h)},
    mistakes={
        "the derivative g′ is missing: δ = dE/dh′ ⊙ g′.": _no_derivative,
        "that is tanh's derivative, 1 − h′²; the logistic unit's is 2·h′·(1 − h′).": _with(
            lambda h: 1 - h**2
        ),
        "it returns (dE/dh, dE/dW), in the wrong order.": lambda *args: backward_of_layer(*args)[
            ::-1
        ],
    },
)

# --- Explore and think --------------------------------------------------------------------------


TARGET, MARGIN = 3.0, 0.2  # five runs at 0.003 to 0.008 end below 3.0, whatever their seed


def below_three(model: Any) -> str:
    """Verify five trainings of at most 60 epochs by computing their error."""
    X = load_fonts()[1].X
    if getattr(model, "theta", None) is None:
        raise Mistake("hand over the trained Autoencoder, such as check(mine) after mine.fit(…).")
    if model.layers[0] != 35 or model.n_latent != 2:
        raise Mistake("the network must have 35 inputs and two latent units.")
    if model.history is None or model.history.n_epochs > 60:
        raise Mistake("it trained for more than 60 epochs.")
    if model.n_runs < 5:
        raise Mistake(f"train five runs (n_runs=5): {model.n_runs} could be luck.")
    error = float(np.mean(model.error(X)))
    if not error < TARGET + MARGIN:
        raise Mistake(f"the mean error of the runs is {error:.2f}; it should be below 3.")
    return f"the mean error of {model.n_runs} runs is {error:.2f} after 60 epochs or fewer."


def trained_at_0005() -> tuple[Any]:
    """Adam at 0.005: five times faster than 0.001, and not yet jumping about as at 0.02."""
    from .. import Adam, Autoencoder

    model = Autoencoder((35, 25, 17, 2, 17, 25, 35))
    X = load_fonts()[1].X
    optimizer = Adam(lr=0.005)
    model.fit(X, optimizer=optimizer, epochs=60, batch_size=1, n_runs=5, rng=0, progress=False)
    return (model,)


sixty_epochs = Explore(
    "sixty_epochs",
    1,
    (
        "try learning rates that differ by a factor, 0.001, 0.003, 0.01, …, and look which way "
        "the error goes.",
        "too small: it is still falling after 60 epochs. Too large: it jumps about. The best lies "
        "between 0.001 and 0.01.",
    ),
    verify=below_three,
    example=trained_at_0005,
)

flat_curve = Think(
    "flat_curve",
    1,
    ("the mean image is one picture, whatever comes in. Which weights make a network say that?",),
    choices={
        "a": "nothing at all: its weights are still where they started",
        "b": "only the biases of its output layer",
        "c": "as much as PCA with one component",
    },
    best="b",
    discussion=(
        "A network that gives the same picture for every input has an output layer that hears "
        "nothing from below; its biases alone say the picture. The best single picture under "
        "squared error is the mean image, and its error is the sum of the variances of the "
        "pixels. The biases find it within a few epochs, for every sample pushes them the same "
        "way. (a) cannot be: section 5 shows that an untrained network is far worse than the "
        "mean image. (c) cannot be either: one component of PCA already tells characters apart "
        "and lies below the mean image's line. So a curve that is flat there has not converged; "
        "it has not begun to use its latent units."
    ),
)
