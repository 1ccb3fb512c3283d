"""The variational autoencoder: a latent space that one may draw from.

A plain autoencoder gives every image a point z, and says nothing about the space between points.
A variational one (Kingma & Welling 2014) gives every image a little cloud, q(z|x) = N(mu, var),
draws z from it, and pulls all clouds towards one common N(0, I). So neighbours of a code must
decode to something sensible too, and a z drawn from N(0, I) lands where the decoder has practised.

Three lines are new; the rest is the package's own network, loss and training loop:

    (mu, log_var) = encoder(x)                the last layer has 2·n_latent linear units
    z = mu + e^(log_var/2) ⊙ eps              eps ~ N(0, I): chance comes in beside the network
    L = cross-entropy(decoder(z), x) + beta·KL(N(mu, var) ‖ N(0, I))
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..checks import as_data, as_dtype, as_rng, at_least, number_in, one_of
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
from ..table import Table
from ..training import NoiseFunction, RMSprop
from .bounds import EvidenceBounds
from .elbo import NegativeElbo, elbo_pass, gradient, split_heads
from .model import Defaults
from .runs import thousands

COLLAPSED = 0.05  # nats: with less the decoder is told next to nothing


class VariationalAutoencoder(EvidenceBounds):
    """A dense variational autoencoder with a Gaussian latent space.

    Its loss is the negative evidence lower bound (ELBO), sum over pixels and mean over samples:

        L = −E_q[ln p(x|z)] + beta·KL(q(z|x) ‖ p(z)) ≥ −ln p(x)   for beta = 1

    with p(z) = N(0, I), q(z|x) = N(mu, e^log_var), and ln p(x|z) the negative cross-entropy.

    Parameters
    ----------
    layers : sequence of int
        Widths of the *encoder*, input to latent, such as (6400, 256, 2); the decoder mirrors them.
    beta : float >= 0
        Weight of the KL term; 1 gives the bound, more gives a smoother and emptier latent space
        (Higgins et al. 2017).
    warm_up : int >= 0
        Epochs in which that weight rises from 0 to beta in equal steps (Sønderby et al. 2016).
    activation : str or Activation
        Of the hidden layers.
    loss : {"binary_cross_entropy", "squared_error"}
        −ln p(x|z): of pixels that are on or off, or of grey values with normal noise of variance ½.
    decoder_layers : sequence of int, optional
        Widths of the decoder, latent to output, where it does not mirror the encoder.
    init : {"glorot", "he", "uniform"}
        See `tp5.networks.initial_theta`.
    dtype : {"float32", "float64"}

    Attributes
    ----------
    encoder, decoder : Network
        θ is the encoder's weights, and then the decoder's.
    n_latent, n_params : int
    theta : ndarray, shape (n_runs, n_params), or None before training
    history : History, or None before training
        ``history.parts`` holds "reconstruction" and "kl" apart, each (n_epochs + 1, n_runs).

    Raises
    ------
    ValueError
        If an argument is not one of these, in one sentence.

    Notes
    -----
    The defaults of `fit` are the class's: RMSprop, batches of 20, 50 epochs.

    Grey pixels count as probabilities that a pixel is white. That is the custom, and a loss with
    the right minimum, but no exact likelihood of grey values (Loaiza-Ganem & Cunningham 2019).

    References
    ----------
    Kingma & Welling 2014, "Auto-Encoding Variational Bayes"; Rezende, Mohamed & Wierstra 2014.

    Examples
    --------
    >>> vae = VariationalAutoencoder((6400, 256, 2))
    >>> vae.encoder.n_params, vae.decoder.n_params
    (1639684, 1645568)
    """

    kind = "VariationalAutoencoder"
    defaults = Defaults(RMSprop(lr=0.001, rho=0.9, eps=1e-7), epochs=50, batch_size=20)

    def __init__(
        self,
        layers: Sequence[int] = (6400, 256, 2),
        beta: float = 1.0,
        warm_up: int = 0,
        activation: str | Activation = "relu",
        init: str = "glorot",
        dtype: str = "float32",
        loss: str | Loss = "binary_cross_entropy",
        decoder_layers: Sequence[int] | None = None,
    ) -> None:
        super().__init__()
        self.layers = check_layers(layers)
        if len(self.layers) > 2 and self.layers[0] == self.layers[-1]:
            raise ValueError(
                f"layers {self.layers} are a whole autoencoder's: give the encoder's widths, input "
                f"to latent, such as {self.layers[: len(self.layers) // 2 + 1]}."
            )
        self.beta, self.warm_up = number_in("beta", "[0, ∞)", beta), at_least("warm_up", warm_up, 0)
        self.activation = get_activation(activation)
        self.init, self.dtype = one_of("init", init, INITS), as_dtype(dtype)
        *hidden, self.n_latent = self.layers
        self.loss_function = get_loss(loss)
        out = check_layers(self.layers[::-1] if decoder_layers is None else decoder_layers)
        if out[0] != self.n_latent or out[-1] != self.layers[0]:
            raise ValueError(
                f"decoder_layers {out} do not fit the encoder {self.layers}: they begin with "
                f"{self.n_latent}, the latent width, and end with {self.layers[0]}."
            )
        # A squared error compares pixels, which the sigmoid keeps in [0, 1]; cross-entropy logits.
        last = "identity" if isinstance(self.loss_function, BinaryCrossEntropy) else "sigmoid"
        ends: list[str | Activation] = [self.activation] * (len(hidden) - 1)
        self.encoder = Network([*hidden, 2 * self.n_latent], [*ends, "identity"])
        self.decoder = Network(out, [*([self.activation] * (len(out) - 2)), last])
        self.output_activation = self.decoder.activations[-1]
        self.n_params = self.encoder.n_params + self.decoder.n_params

    def config(self) -> dict[str, Any]:
        """Return the constructor's arguments, as JSON can hold them."""
        return {
            "layers": list(self.layers),
            "beta": self.beta,
            "warm_up": self.warm_up,
            "activation": str(self.activation),
            "init": self.init,
            "dtype": self.dtype.name,
            "loss": self.loss_function.name,
            "decoder_layers": list(self.decoder.layers),
        }

    def initial_theta(self, rng: np.random.Generator) -> np.ndarray:
        """Random starting weights of one run, shape (n_params,)."""
        networks = (self.encoder, self.decoder)
        return np.concatenate([initial_theta(net, self.init, rng, self.dtype) for net in networks])

    def halves(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the encoder's and the decoder's part of θ, shape (..., n_params): views."""
        split = self.encoder.n_params
        return theta[..., :split], theta[..., split:]

    # Training.

    def objective(
        self,
        X: np.ndarray,
        Y: np.ndarray,
        theta: np.ndarray,
        rngs: Sequence[np.random.Generator] = (),
        noises: Sequence[NoiseFunction] = (),
    ) -> NegativeElbo:
        """Return what training minimises; ``rngs``, one a run, draw eps."""
        return NegativeElbo(self, X, Y, theta, rngs, noises)

    def loss_and_grad(
        self, theta: np.ndarray, X: np.ndarray, eps: np.ndarray, Y: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Loss and gradient at any θ for a fixed draw of eps: a pure function.

        Parameters
        ----------
        theta : ndarray, shape (..., n_params)
        X : ndarray, shape (..., n_samples, n_features)
        eps : ndarray, shape (..., n_samples, n_latent)
            Standard normal numbers. Fixed, they make the loss a smooth function of θ, which a
            gradient check needs.
        Y : ndarray of the shape of X, optional
            What to reconstruct; X by default.

        Returns
        -------
        loss : ndarray, shape (...)
        grad : ndarray, shape (..., n_params)
        """
        theta = as_data("theta", theta, (..., self.n_params), None)
        X = as_data("X", X, (..., "n_samples", self.layers[0]), None)
        eps = as_data("eps", eps, (..., X.shape[-2], self.n_latent), None)
        Y = X if Y is None else as_data("Y", Y, (..., *X.shape[-2:]), None)
        found = elbo_pass(self, theta, X, Y, eps, self.beta)
        return found.reconstruction + self.beta * found.kl, gradient(self, found)

    # From image to latent space and back.

    def posterior(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and log variance of q(z|x), the cloud of each sample.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_features) or (n_runs, n_samples, n_features)

        Returns
        -------
        mu, log_var : ndarray, shape (n_samples, n_latent), or (n_runs, n_samples, n_latent)

        Raises
        ------
        ModelError
            If the model is not trained.
        ValueError
            If X does not fit.
        """
        X = as_data("X", X, self.layers[0], self.dtype)
        theta, _ = self.halves(self.theta_for("X", X))
        return split_heads(self.encoder.forward(theta, X))

    def encode(self, X: np.ndarray) -> np.ndarray:
        """Return mu, the centre of each sample's cloud: see `posterior`."""
        return self.posterior(X)[0]

    def decode(self, z: np.ndarray) -> np.ndarray:
        """Pictures that belong to latent vectors.

        Parameters
        ----------
        z : ndarray, shape (n_samples, n_latent) or (n_runs, n_samples, n_latent)

        Returns
        -------
        X_hat : ndarray, shape (n_samples, n_features), or (n_runs, n_samples, n_features)
            The probability of each pixel to be white.

        Raises
        ------
        ModelError
            If the model is not trained.
        ValueError
            If z does not fit.
        """
        return self.loss_function.reconstruction(self._outputs(z))

    def _outputs(self, z: np.ndarray) -> np.ndarray:
        z = as_data("z", z, self.n_latent, self.dtype)
        _, theta = self.halves(self.theta_for("z", z))
        return self.decoder.forward(theta, z)

    def sample(self, n: int, rng: int | np.random.Generator | None = None) -> np.ndarray:
        """Invent n pictures: draw z from N(0, I) and decode it.

        Parameters
        ----------
        n : int
        rng : int or numpy.random.Generator, optional

        Returns
        -------
        X_hat : ndarray, shape (n, n_features), or (n_runs, n, n_features) from the same n draws

        Raises
        ------
        ModelError
            If the model is not trained.
        ValueError
            If n is not a whole number of at least 1.
        """
        n = at_least("n", n)
        return self.decode(as_rng(rng).standard_normal((n, self.n_latent)))

    # How it looks in a notebook.

    def summary(self) -> Table:
        """Return the layer table: for each layer its width, activation, weights and biases.

        The encoder's last layer stands in two rows, its heads mu and log_var. z has no
        parameters: it is drawn.
        """
        rows: list[tuple[str, str, int, str, int]] = [("", "input x", self.layers[0], "", 0)]
        *hidden, (n_in, _) = self.encoder.shapes
        rows += [("encoder", "hidden", n, str(self.activation), m * n) for m, n in hidden]
        head = n_in * self.n_latent
        rows += [("encoder", name, self.n_latent, "identity", head) for name in ("mu", "log_var")]
        rows += [("", "z = mu + σ·eps", self.n_latent, "", 0)]
        *hidden, (n_in, n_out) = self.decoder.shapes
        rows += [("decoder", "hidden", n, str(self.activation), m * n) for m, n in hidden]
        rows += [("decoder", "output x̂", n_out, "sigmoid", n_in * n_out)]
        rows += [("", "total", 0, "", self.n_params)]
        names = ("part", "layer", "width", "activation", "parameters")
        table = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        return Table({**table, "width": [width or "" for width in table["width"]]})

    def __repr__(self) -> str:
        widths = "-".join(map(str, (*self.layers, *self.decoder.layers[1:])))
        about = f"{widths}, {thousands(self.n_params)} parameters, {self.activation}"
        unused = ""
        if self.history is not None and "kl" in self.history.parts:
            rows = self.history.parts["kl"]
            rows = rows[np.isfinite(rows).any(axis=1)]  # those before it diverged, if it has
            if len(rows) and (kl := float(np.nanmean(rows[-1]))) < COLLAPSED:
                unused = f", KL {kl:.2g}: the latent space is hardly used; try a smaller beta"
        return (
            f"VariationalAutoencoder {about}, beta {self.beta:g}{self.describe_training()}{unused}"
        )
