"""The autoencoder: a network that must say its input again through a narrow latent layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..checks import as_data, as_dtype, at_least, one_of
from ..networks import (
    INITS,
    Activation,
    BinaryCrossEntropy,
    Loss,
    Network,
    check_layers,
    get_activation,
    get_loss,
    initial_theta,
)
from ..training import Adam, CosineDecay, Denoising, NoiseFunction, Reconstruction
from ..training.one_run import Losses, losses_of
from .model import Defaults, LatentModel
from .runs import thousands


class Autoencoder(LatentModel):
    """A dense autoencoder, X̂ = decoder(encoder(X)), with the latent layer z in the middle.

    Parameters
    ----------
    layers : sequence of int
        Width of each layer, input to output, such as (35, 25, 17, 2, 17, 25, 35); the last is as
        wide as the first. The latent layer is the middle one of an odd number, or ``latent_layer``.
    activation : str or Activation
        Of the hidden layers: "tanh", "logistic", "relu", "identity", or `Logistic(beta)`.
    latent_activation : str or Activation, optional
        Of the latent layer; by default "identity". The course's is the hidden layers' own.
    output_activation : str or Activation, optional
        Of the output with the squared error; by default "logistic". Cross-entropy takes logits
        and allows no other than the identity.
    loss : {"binary_cross_entropy", "squared_error"} or Loss
    init : {"he", "glorot", "uniform"}
        See `tp5.networks.initial_theta`.
    dtype : {"float64", "float32"}
    latent_layer : int, optional
        Position of the latent layer in ``layers``, from 0, where the decoder does not mirror the
        encoder: 2 for (35, 17, 2, 8, 17, 25, 35).

    Attributes
    ----------
    network : Network
    n_latent, n_params : int
    theta : ndarray, shape (n_runs, n_params), or None before training
    history : History, or None before training

    Raises
    ------
    ValueError
        If an argument is not one of these, in one sentence.

    Notes
    -----
    With one run, arrays have no runs axis: ``encode(X)`` is (n_samples, n_latent). With several
    it leads: (n_runs, n_samples, n_latent).

    References
    ----------
    Rumelhart, Hinton & Williams 1986; Goodfellow, Bengio & Courville 2016, chapter 14.

    Examples
    --------
    >>> ae = Autoencoder((35, 25, 17, 2, 17, 25, 35))
    >>> ae.n_params, ae.n_latent
    (2789, 2)
    """

    kind = "Autoencoder"
    defaults = Defaults(Adam(CosineDecay(0.02), beta2=0.99), epochs=2000)

    def __init__(
        self,
        layers: Sequence[int],
        activation: str | Activation = "tanh",
        latent_activation: str | Activation = "identity",
        output_activation: str | Activation | None = None,
        loss: str | Loss = "binary_cross_entropy",
        init: str = "he",
        dtype: str = "float64",
        latent_layer: int | None = None,
    ) -> None:
        super().__init__()
        self.layers = check_layers(layers)
        middle = len(self.layers) // 2 if len(self.layers) % 2 else 0
        position = middle if latent_layer is None else at_least("latent_layer", latent_layer, 0)
        if self.layers[0] != self.layers[-1] or position not in range(1, len(self.layers) - 1):
            raise ValueError(
                f"layers {self.layers} are no autoencoder: give an odd number of them (the middle "
                f"one is the latent layer) or say latent_layer, between the first and the last; "
                f"and the last as wide as the first, such as (35, 2, 35)."
            )
        self.activation = get_activation(activation)
        self.latent_activation = get_activation(latent_activation)
        self.loss_function = get_loss(loss)
        logits = isinstance(self.loss_function, BinaryCrossEntropy)
        default = "identity" if logits else "logistic"
        self.output_activation = get_activation(
            default if output_activation is None else output_activation
        )
        if logits and self.output_activation.name != "identity":
            raise ValueError(
                "binary cross-entropy reads logits and applies the logistic itself; leave "
                "output_activation out, or take loss='squared_error'."
            )
        self.init, self.dtype = one_of("init", init, INITS), as_dtype(dtype)
        self.latent_layer = int(position)
        self.n_latent = self.layers[self.latent_layer]
        activations = [self.activation] * (len(self.layers) - 1)
        activations[self.latent_layer - 1] = self.latent_activation
        activations[-1] = self.output_activation
        self.network = Network(self.layers, activations)
        self.n_params = self.network.n_params

    def config(self) -> dict[str, Any]:
        """Return the constructor's arguments, as JSON can hold them."""
        return {
            "layers": list(self.layers),
            "activation": str(self.activation),
            "latent_activation": str(self.latent_activation),
            "output_activation": str(self.output_activation),
            "loss": self.loss_function.name,
            "init": self.init,
            "dtype": self.dtype.name,
            "latent_layer": self.latent_layer,
        }

    def initial_theta(self, rng: np.random.Generator) -> np.ndarray:
        """Random starting weights of one run, shape (n_params,)."""
        return initial_theta(self.network, self.init, rng, self.dtype)

    def objective(
        self,
        X: np.ndarray,
        Y: np.ndarray,
        theta: np.ndarray,
        rngs: Sequence[np.random.Generator] = (),
        noises: Sequence[NoiseFunction] = (),
    ) -> Reconstruction:
        """Return what training minimises: the loss of reconstructing Y from X, or from noisy X."""
        if noises:
            return Denoising(self.network, self.loss_function, X, Y, theta, noises, rngs)
        return Reconstruction(self.network, self.loss_function, X, Y, theta)

    def loss_and_grad(
        self, theta: np.ndarray, X: np.ndarray, Y: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Loss and gradient at any θ, a pure function; see `Network.loss_and_grad`."""
        theta = as_data("theta", theta, (..., self.n_params), None)
        X = as_data("X", X, (..., "n_samples", self.layers[0]), None)
        Y = X if Y is None else as_data("Y", Y, (..., *X.shape[-2:]), None)
        return self.network.loss_and_grad(theta, X, Y, self.loss_function)

    def losses(self, X: np.ndarray, Y: np.ndarray | None = None) -> Losses:
        """Return loss and gradient at any θ, shape (n_params,), as scipy's methods are given them.

        By the compiled core where there is one: ``losses(X).loss_and_grad(theta)``. The same on
        the blackboard is `loss_and_grad`.
        """
        nothing = np.empty((1, self.n_params))
        return losses_of(self.objective(*self.check_training_data(X, Y), nothing), 0)

    def encode(self, X: np.ndarray) -> np.ndarray:
        """Latent vectors of samples.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_features) or (n_runs, n_samples, n_features)

        Returns
        -------
        z : ndarray, shape (n_samples, n_latent), or (n_runs, n_samples, n_latent)

        Raises
        ------
        ModelError
            If the model is not trained.
        ValueError
            If X does not fit.
        """
        X = as_data("X", X, self.layers[0], self.dtype)
        return self.network.forward(self.theta_for("X", X), X, last=self.latent_layer)

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Reconstructions that belong to latent vectors.

        Parameters
        ----------
        z : ndarray, shape (n_samples, n_latent) or (n_runs, n_samples, n_latent)

        Returns
        -------
        X_hat : ndarray, shape (n_samples, n_features), or (n_runs, n_samples, n_features)

        Raises
        ------
        ModelError
            If the model is not trained.
        ValueError
            If z does not fit.
        """
        z = as_data("z", z, self.n_latent, self.dtype)
        A = self.network.forward(self.theta_for("z", z), z, first=self.latent_layer)
        return self.loss_function.reconstruction(A)

    def __repr__(self) -> str:
        about = f"{'-'.join(map(str, self.layers))}, {thousands(self.n_params)} parameters"
        return f"Autoencoder {about}, {self.activation}{self.describe_training()}"
