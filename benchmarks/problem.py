"""What is computed: the data, the networks and the weights that every contestant starts from.

Weights travel as the course's own flat θ: for each layer a matrix of (n_in + 1) × n_out, whose
last row is the bias.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from tp5 import Autoencoder, VariationalAutoencoder
from tp5.datasets.fonts import all_characters, load_fonts
from tp5.experiments.jobs import COURSE

LETTERS = (35, 25, 17, 2, 17, 25, 35)
WIDE = (35, 64, 32, 2, 32, 64, 35)
DRAWINGS = (6400, 256, 2)
BATCH, VAE_EPOCHS = 32, 10  # of W4; fewer would show more of a fit's beginning

# W1: tanh, a linear output, squared error summed over pixels; scikit-learn knows no other output.
LINEAR_OUTPUT = {
    "activation": "tanh",
    "latent_activation": "tanh",
    "output_activation": "identity",
    "loss": "squared_error",
    "init": "glorot",
}
ONLINE_LR, ONLINE_EPOCHS = 0.01, 30


@dataclass
class Contestant:
    """Some work, ready to be timed.

    Attributes
    ----------
    run : callable
        Does the work once.
    check : callable
        Returns the loss and its gradient at the common weights, as the course's flat θ.
    more : dict
        Other things that a section asks for, by name.
    """

    run: Callable[[], Any]
    check: Callable[[], tuple[float, np.ndarray]]
    more: dict[str, Any] = field(default_factory=dict)


def matrices(theta: np.ndarray, layers: tuple[int, ...]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cut θ, shape (..., n_params), into (W, b) of each layer."""
    parts, start = [], 0
    for n_in, n_out in pairwise(layers):
        stop = start + (n_in + 1) * n_out
        W = theta[..., start:stop].reshape(*theta.shape[:-1], n_in + 1, n_out)
        parts.append((np.array(W[..., :-1, :]), np.array(W[..., -1, :])))
        start = stop
    return parts


def flat(parts: list[tuple[Any, Any]]) -> np.ndarray:
    """Put (W, b) of each layer together again, to one θ of one run."""
    return np.concatenate(
        [np.concatenate([np.ravel(W), np.ravel(b)]) for W, b in parts], dtype=float
    )


def characters(wide: bool = False) -> np.ndarray:
    """One font, shape (32, 35), or all three, shape (96, 35); float32."""
    fonts = load_fonts()
    X = all_characters(fonts)[0] if wide else fonts[1].X
    return np.ascontiguousarray(X, np.float32)


def online_network(n_runs: int) -> tuple[Autoencoder, np.ndarray, np.ndarray]:
    """The network of W1, its data and its θ, shape (n_runs, n_params)."""
    model = Autoencoder(LETTERS, dtype="float32", **LINEAR_OUTPUT)
    rngs = np.random.default_rng(0).spawn(n_runs)
    return model, characters(), np.array([model.initial_theta(rng) for rng in rngs])


def course_network(layers: tuple[int, ...], dtype: str) -> tuple[Autoencoder, np.ndarray]:
    """The course's own network, logistic everywhere, and its θ, shape (n_params,)."""
    model = Autoencoder(layers, dtype=dtype, **COURSE)
    return model, model.initial_theta(np.random.default_rng(0))


def powell_network() -> tuple[Autoencoder, np.ndarray, np.ndarray]:
    """The network of W6, its data and its θ, shape (n_params,); float64."""
    model, theta = course_network(LETTERS, "float64")
    return model, characters().astype(float), theta


def scipy_powell(loss_at: Callable[[np.ndarray], float], theta: np.ndarray) -> dict[str, int]:
    """One iteration of scipy's Powell: the work of W6."""
    from scipy.optimize import minimize

    return {"calls": minimize(loss_at, theta, method="Powell", options={"maxiter": 1}).nfev}


def characters_network(wide: bool) -> tuple[Autoencoder, np.ndarray, np.ndarray]:
    """The network of W3 (tanh, linear codes, cross-entropy from logits), its data and its θ."""
    model = Autoencoder(WIDE if wide else LETTERS, dtype="float32")
    return model, characters(wide), model.initial_theta(np.random.default_rng(0))


# W3: full batch, Adam; it ends when so few pixels are wrong, which is looked up every ten epochs.
ADAM = {False: 0.02, True: 0.01}  # its learning rate for one font, and for all three
BETA2, LOOK_EVERY, MOST_EPOCHS = 0.99, 10, 4000


def good_enough(X_hat: np.ndarray, X: np.ndarray, wide: bool) -> bool:
    """Tell whether at most one pixel of a character is wrong, or (wide) none of any."""
    wrong = ((X_hat > 0.5) != (X > 0.5)).sum(axis=-1)
    return wrong.sum() == 0 if wide else wrong.max() <= 1


def drawings_network() -> tuple[VariationalAutoencoder, np.ndarray, np.ndarray, np.ndarray]:
    """The VAE of W4 and W5, the 426 drawings, its θ, and an eps for the first batch."""
    from tp5.datasets.flork import load_florks

    X = np.ascontiguousarray(1 - load_florks().X, np.float32)
    model, rng = VariationalAutoencoder(DRAWINGS), np.random.default_rng(0)
    theta = model.initial_theta(rng)
    return model, X, theta, rng.standard_normal((BATCH, 2)).astype(np.float32)


def vae_matrices(theta: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """(W, b) of the VAE's four layers: encoder 6400-256-4, decoder 2-256-6400."""
    split = (6400 + 1) * 256 + (256 + 1) * 4
    encoder = matrices(theta[:split], (6400, 256, 4))
    return encoder + matrices(theta[split:], (2, 256, 6400))


def scatter(z: np.ndarray, path: str) -> None:
    """Draw a map of codes as anyone would."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    plt.figure(figsize=(6, 5))
    plt.scatter(z[:, 0], z[:, 1], s=12)
    plt.xlabel("z₁")
    plt.ylabel("z₂")
    plt.title("426 drawings")
    plt.savefig(path, dpi=100)
