"""Live training as one web page: the step told in JavaScript, in a worker, without a kernel."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.intervals import mean_interval
from ..files import atomic_write
from ..models.autoencoder import Autoencoder
from ..networks import LeakyReLU, ReLU, Tanh
from .dense import check_activations, parameter_of, script, style
from .page import document
from .training_report import map_box
from .training_settings import OPTIMIZERS, SETTINGS

if TYPE_CHECKING:
    from .live_runs import LiveRuns

PAGE = (
    *("element.js", "axes.js", "live_training.js", "page_model.js"),
    *("training_words.js", "train_in_page.js"),
)
WORKER = ("elementary.js", "train.js", "train_worker.js")


def network_of(model: Autoencoder) -> dict[str, Any]:
    """Return a network and its loss for ``train.js``: `tp5.compiled.describe`, in words."""
    activations = list(model.network.activations)
    check_activations(activations)
    names = {ReLU: "relu", LeakyReLU: "relu", Tanh: "tanh"}
    return {
        "widths": list(model.layers),
        "latent": model.latent_layer,
        "activations": [names.get(type(g), g.name) for g in activations],
        "parameters": [parameter_of(g) for g in activations],
        "loss": model.loss_function.name,
    }


def rule_of(optimizer: Any) -> dict[str, Any]:
    """Return what ``train.js`` needs to know of an optimizer."""
    kind, decay, decay2, eps = optimizer.rule()
    return {"kind": kind, "decay": float(decay), "decay2": float(decay2), "eps": float(eps)}


def write_training(path: str | os.PathLike[str], title: str, live: LiveRuns) -> None:
    """Write the page; see `LiveTraining.save_html`."""
    networks, boxes = {}, {}
    for name, layers in live.architectures.items():
        model = Autoencoder(layers, **live.arguments)
        networks[name] = network_of(model)
        # Where latent units are bounded the map is; else it follows the codes.
        box = map_box(model, np.zeros((1, 2)))
        boxes[name] = box if network_bounded(networks[name]) else None
    content = {
        "about": live.about() | {"student": student_factors(live.n_runs)},
        "state": {name: getattr(live, name) for name in (*SETTINGS, "pinned")},
        "X": live.X.tolist(),
        "networks": networks,
        "boxes": boxes,
        "rules": {name: rule_of(make(0.01, 0.5)) for name, make in OPTIMIZERS.items()},
        "worker": script(*WORKER),
    }
    page = document(
        title,
        style("page.css", "controls.css", "live_training.css"),
        script(*PAGE),
        content,
    )
    with atomic_write(path) as file:
        file.write(page.encode())


def student_factors(n_runs: int) -> list[float]:
    """Return, by the number of runs, what s/√n is multiplied with for the interval of a mean."""
    factors = [0.0, 0.0]
    for n in range(2, n_runs + 1):
        values = np.arange(n, dtype=float)
        factors.append(float(mean_interval(values)[1] / (values.std(ddof=1) / np.sqrt(n))))
    return factors


def network_bounded(network: dict[str, Any]) -> bool:
    """Whether the latent units of a network have bounds."""
    return network["activations"][network["latent"] - 1] in ("logistic", "tanh")
