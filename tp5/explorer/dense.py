"""A trained network for the browser: what it is, in words, and its weights as bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..networks import BinaryCrossEntropy, Identity, LeakyReLU, Logistic, Network, ReLU, Tanh
from .stills import check_one_run

# What dense.js knows, and the name of the number that goes with it.
KINDS: dict[Any, str | None] = {
    Identity: None,
    Tanh: None,
    Logistic: "beta",
    ReLU: None,
    LeakyReLU: "slope",
}
FOLDER = Path(__file__).parent


def script(*names: str) -> str:
    """Return JavaScript files of this folder as one ES module: no build step, nothing fetched."""
    return "\n".join((FOLDER / "js" / name).read_text(encoding="utf-8") for name in names)


def style(*names: str) -> str:
    """Return CSS files of this folder as one sheet."""
    return "\n".join((FOLDER / "css" / name).read_text(encoding="utf-8") for name in names)


def dense(model: Any, part: str = "decoder") -> tuple[list[dict[str, Any]], np.ndarray]:
    """Describe the encoder or the decoder of a trained model, for ``dense.js``.

    The encoder leads from a picture to z (of a variational autoencoder: to mu), the decoder from z
    to the values of pixels in [0, 1]. The posterior of a variational autoencoder is its encoder
    with both heads, mu and log_var.

    Parameters
    ----------
    model : Autoencoder or VariationalAutoencoder
        One trained run.
    part : {"encoder", "decoder", "posterior"}

    Returns
    -------
    layers : list of dict
        For each layer ``n_in``, ``n_out``, the name of its ``activation`` and the ``parameter``
        of that: beta, or slope.
    weights : ndarray of float32, one axis
        Of each layer the matrix (n_in + 1, n_out), row after row, the biases last.

    Raises
    ------
    ModelError
        If the model is not trained.
    ValueError
        If it has several runs, there is no such part, or a unit's activation is not one of ours.
    """
    parts = ["encoder", "decoder"] + ["posterior"] * is_variational(model)
    if part not in parts:
        raise ValueError(f"a model has an {' and a '.join(parts)}, no {part!r}.")
    check_one_run(model)
    matrices, activations = part_of(model, part)
    check_activations(activations)
    layers = [
        {
            "n_in": W.shape[0] - 1,
            "n_out": W.shape[1],
            "activation": g.name,
            "parameter": parameter_of(g),
        }
        for W, g in zip(matrices, activations, strict=True)
    ]
    if part == "decoder" and isinstance(model.loss_function, BinaryCrossEntropy):
        # The network ends in logits: what makes them probabilities is the textbooks' sigmoid.
        layers[-1] |= {"activation": "logistic", "parameter": 0.5}
    return layers, np.concatenate([W.ravel() for W in matrices]).astype(np.float32)


def is_variational(model: Any) -> bool:
    """Whether a model's encoder answers with a cloud: mu and log_var."""
    return hasattr(model, "halves")


def parameter_of(g: Any) -> float:
    """Return the number that belongs to an activation: a logistic's beta, a leaky ReLU's slope."""
    name = KINDS[type(g)]
    return getattr(g, name) if name else 0.0


def check_activations(activations: list[Any]) -> None:
    """Raise unless the browser knows every activation.

    Raises
    ------
    ValueError
        If one is somebody's own, a subclass of ours included.
    """
    for g in activations:
        if type(g) not in KINDS:
            known = ", ".join(kind.name for kind in KINDS)
            raise ValueError(
                f"the network is drawn in the browser, which knows {known}, and not your "
                f"activation {str(g)!r}; draw model.decode(z) with tp5.plots instead."
            )


def part_of(model: Any, part: str) -> tuple[list[np.ndarray], list[Any]]:
    """Return the weight matrices and the activations of a model's encoder or decoder."""
    theta = model.trained_theta()[0]
    if is_variational(model):  # two networks, and the encoder has two heads
        network: Network = model.decoder if part == "decoder" else model.encoder
        matrices = network.weights(model.halves(theta)[part == "decoder"])
        if part == "encoder":
            matrices[-1] = matrices[-1][:, : model.n_latent]  # mu comes first
        return matrices, list(network.activations)
    here = slice(model.latent_layer, None) if part == "decoder" else slice(model.latent_layer)
    return model.network.weights(theta)[here], list(model.network.activations[here])
