"""What can be set of a live training: names, checks, and the controls for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
import traitlets

from ..checks import as_data, as_labels, as_layers, as_list, at_least, number_in, shown
from ..models.autoencoder import Autoencoder
from ..networks import INITS
from ..training import SGD, Adam, Momentum, RMSprop
from .controls import slider

SETTINGS = (
    *("architecture", "lr", "momentum", "epochs", "rng"),
    *("optimizer", "batch_size", "init"),
)
OPTIMIZERS = {
    "momentum": lambda lr, momentum: Momentum(lr, momentum),
    "nesterov": lambda lr, momentum: Momentum(lr, momentum, nesterov=True),
    "sgd": lambda lr, momentum: SGD(lr),
    "rmsprop": lambda lr, momentum: RMSprop(lr),
    "adam": lambda lr, momentum: Adam(lr),
}
WITH_MOMENTUM = ("momentum", "nesterov")
BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64)


class TrainingSettings(traitlets.HasTraits):
    """The eight settings as traits, each with its check; `LiveTraining` is made of them."""

    # Of no type: the checks below say more than a trait would. None has a default.
    architecture: Any = traitlets.TraitType(...).tag(sync=True)
    lr: Any = traitlets.TraitType(...).tag(sync=True)
    momentum: Any = traitlets.TraitType(...).tag(sync=True)
    epochs: Any = traitlets.TraitType(...).tag(sync=True)
    rng: Any = traitlets.TraitType(...).tag(sync=True)
    optimizer: Any = traitlets.TraitType(...).tag(sync=True)
    batch_size: Any = traitlets.TraitType(...).tag(sync=True)
    init: Any = traitlets.TraitType(...).tag(sync=True)
    architectures: dict[str, tuple[int, ...]]

    @traitlets.validate("architecture")
    def _check_architecture(self, proposal: Any) -> str:
        wanted = proposal["value"]
        name = name_of(wanted) if isinstance(wanted, list | tuple) else wanted
        return one_of("architecture", name, self.architectures)

    @traitlets.validate("optimizer")
    def _check_optimizer(self, proposal: Any) -> str:
        return one_of("optimizer", proposal["value"], OPTIMIZERS)

    @traitlets.validate("init")
    def _check_init(self, proposal: Any) -> str:
        return one_of("init", proposal["value"], INITS)

    @traitlets.validate("lr")
    def _check_lr(self, proposal: Any) -> float:
        return number_in("the learning rate", "(0, ∞)", proposal["value"])

    @traitlets.validate("momentum")
    def _check_momentum(self, proposal: Any) -> float:
        return number_in("momentum", "[0, 1)", proposal["value"])

    @traitlets.validate("epochs", "batch_size")
    def _check_count(self, proposal: Any) -> int:
        return at_least(proposal["trait"].name, proposal["value"])

    @traitlets.validate("rng")
    def _check_rng(self, proposal: Any) -> int:
        return at_least("rng", proposal["value"], low=0)

    def training_arguments(self) -> dict[str, Any]:
        """Return what ``fit`` is given."""
        return {
            "optimizer": OPTIMIZERS[self.optimizer](self.lr, self.momentum),
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "rng": self.rng,
        }

    def batch_sizes(self, n_samples: int) -> list[int]:
        """Return the batch sizes to choose from, the one that is set among them."""
        some = {size for size in BATCH_SIZES if size < n_samples} | {n_samples}
        return sorted(some | {self.batch_size})

    def make_controls(self, n_samples: int) -> dict[str, Any]:
        """Return an ipywidget for each setting."""

        def choice(options: Any, label: str) -> Any:
            return widgets.Dropdown(options=options, description=label)

        return {
            "architecture": choice(list(self.architectures), "architecture"),
            "optimizer": choice(list(OPTIMIZERS), "optimizer"),
            "lr": widgets.FloatLogSlider(min=-3.3, max=0, step=0.05, description="learning rate"),
            "momentum": slider(0.0, 0.95, 0.05, "momentum"),
            "epochs": slider(10, 500, 10, "epochs"),
            "batch_size": choice(self.batch_sizes(n_samples), "batch size"),
            "init": choice(list(INITS), "weights"),
            "rng": widgets.BoundedIntText(min=0, max=2**31, description="seed"),
        }


def one_of(what: str, name: Any, known: Any) -> str:
    """Return the name; raise ValueError, which lists the known ones, if it is none of them."""
    if not isinstance(name, str) or name not in known:
        raise ValueError(
            f"there is no {what} {shown(name)} here; choose one of {', '.join(known)}."
        )
    return name


def check_samples(X: np.ndarray, labels: Sequence[str] | None) -> np.ndarray:
    """Return X as an array of shape (n_samples, n_features), checked."""
    X = as_data("X", X, ("n_samples", "n_features"))
    if labels is not None:
        as_labels("labels", labels, len(X))
    return X


def named_architectures(
    architectures: Sequence[Sequence[int]], X: np.ndarray, arguments: dict[str, Any]
) -> dict[str, tuple[int, ...]]:
    """Return the architectures by name; raise ValueError unless all fit X and have 2 latent units.

    Parameters
    ----------
    architectures : sequence of sequence of int
    X : ndarray, shape (n_samples, n_features)
    arguments : dict
        More of `Autoencoder`'s.
    """
    every = [as_layers("layers", layers) for layers in as_list("architectures", architectures)]
    for layers in every:
        model = Autoencoder(layers, **arguments)
        if model.layers[0] != X.shape[1] or model.n_latent != 2:
            raise ValueError(
                f"{name_of(layers)} does not fit: samples have {X.shape[1]} features, and the map "
                f"needs 2 latent units."
            )
    return {name_of(layers): tuple(layers) for layers in every}


def name_of(layers: Sequence[int]) -> str:
    """Return "35-2-35" for (35, 2, 35)."""
    return "-".join(map(str, layers))
