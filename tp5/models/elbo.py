"""The objective of a variational autoencoder: minus the evidence lower bound, and its gradient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .. import compiled
from ..networks import Loss, kl_divergence, kl_gradient
from ..training import NoiseFunction, pieces
from ..training.objective import chunks, draw_noise, take

if TYPE_CHECKING:
    from .vae import VariationalAutoencoder


class ElboPass(NamedTuple):
    """What one pass through a variational autoencoder has found."""

    reconstruction: np.ndarray  # shape (...)
    kl: np.ndarray  # shape (...)
    h: list[np.ndarray]  # what each layer of θ, the encoder's and the decoder's, was given
    deltas: list[np.ndarray]  # δ of each of them: its gradient is dL/dW = [h, 1]ᵀ·δ


def elbo_pass(
    model: VariationalAutoencoder,
    theta: np.ndarray,
    X: np.ndarray,
    Y: np.ndarray,
    eps: np.ndarray,
    beta: float | None,
    measure: Callable[..., Any] = Loss.value_and_gradient,
) -> ElboPass:
    """Reconstruction loss, KL, and the errors of all layers, for one draw of eps.

    Forward, with (mu, log_var) the encoder's output and σ = e^(log_var/2):

        z = mu + σ ⊙ eps,   L = loss(decoder(z), Y) + beta·KL(mu, log_var)

    Backward, the error of z goes on to both heads (the reparameterisation trick, Kingma & Welling
    2014, section 2.4), and each head hears from the KL as well:

        dL/dmu      = dL/dz                + beta·mu/n
        dL/dlog_var = dL/dz ⊙ ½·σ ⊙ eps    + beta·½·(e^log_var − 1)/n

    Parameters
    ----------
    model : VariationalAutoencoder
    theta : ndarray, shape (..., n_params)
    X, Y : ndarray, shape (..., n_samples, n_features)
    eps : ndarray, shape (..., n_samples, n_latent)
    beta : float or None
        Weight of the KL in the errors; None where only the losses are wanted.
    measure : callable
        Called as ``measure(loss, A, Y)``, says a loss and dL/dA.

    Returns
    -------
    ElboPass
    """
    theta_in, theta_out = model.halves(theta)
    h = model.encoder.outputs(theta_in, X)
    mu, log_var = split_heads(h[-1])
    noise = np.exp(log_var / 2) * eps
    h_out = model.decoder.outputs(theta_out, mu + noise)
    kl = kl_divergence(mu, log_var)
    reconstruction, error = measure(model.loss_function, h_out[-1], Y)
    if beta is None:
        return ElboPass(reconstruction, kl, [], [])
    deltas_out, dz = model.decoder.backward(theta_out, h_out, error, to_input=True)
    kl_mu, kl_log_var = kl_gradient(mu, log_var)
    heads = [dz + beta * kl_mu, 0.5 * dz * noise + beta * kl_log_var]
    deltas, _ = model.encoder.backward(theta_in, h, np.concatenate(heads, axis=-1))
    return ElboPass(reconstruction, kl, h[:-1] + h_out[:-1], deltas + deltas_out)


def gradient(model: VariationalAutoencoder, found: ElboPass) -> np.ndarray:
    """Gradient dL/dθ that a pass has led to, shape (..., n_params)."""
    n, deltas = len(model.encoder.shapes), found.deltas
    grad = np.empty((*deltas[0].shape[:-2], model.n_params), deltas[0].dtype)
    parts = model.halves(grad)
    model.encoder.gradient(found.h[:n], deltas[:n], parts[0])
    model.decoder.gradient(found.h[n:], deltas[n:], parts[1])
    return grad


class NegativeElbo:
    """Reconstruction + beta·KL, and both apart: what a variational autoencoder minimises.

    eps is drawn for every batch from the run's own generator. `loss` is the mean over the batches
    since the last `start_epoch`, each at the weights of its time: evaluating all data after each
    epoch would cost a quarter more. So it lags behind the weights by half an epoch, and it is what
    Keras shows too. Before the first batch, all data are evaluated.

    During a warm-up the gradient has the weight of its epoch, the reported loss always beta: else
    the losses of two epochs could not be compared.

    Parameters
    ----------
    model : VariationalAutoencoder
    X, Y : ndarray, shape (n_samples, width) or (n_runs, n_samples, width)
    theta : ndarray, shape (n_runs, n_params)
    rngs : sequence of numpy.random.Generator
        One a run.
    noises : sequence of callable
        One a run, to encode noisy copies of X; empty for X as it is.
    """

    deterministic = False
    layers: compiled.Layers | None = None  # its products are large: BLAS is quicker than loops

    def __init__(
        self,
        model: VariationalAutoencoder,
        X: np.ndarray,
        Y: np.ndarray,
        theta: np.ndarray,
        rngs: Sequence[np.random.Generator],
        noises: Sequence[NoiseFunction] = (),
    ) -> None:
        self.model, self.theta, self.rngs, self.noises = model, theta, rngs, noises
        self.clean = np.broadcast_to(X, (len(theta), *X.shape[-2:])) if noises else X
        self.X, self.Y, self.n_samples = self.clean, Y, X.shape[-2]
        self.width = sum(model.encoder.layers + model.decoder.layers)
        self.parts: dict[str, np.ndarray] = {}
        self._start(model.beta)

    def start_epoch(self, epoch: int) -> None:
        """Set the weight of the KL for this epoch, draw its noise, begin the mean over batches."""
        warm_up = self.model.warm_up
        self._start(self.model.beta * min(1.0, epoch / warm_up if warm_up else 1.0))
        if self.noises:
            triples = zip(self.noises, self.clean, self.rngs, strict=True)
            self.X = np.array([draw_noise(*triple) for triple in triples], self.theta.dtype)

    def _start(self, weight: float) -> None:
        self.weight, self.n_seen = weight, np.zeros(len(self.theta))
        self.sums = np.zeros((2, len(self.theta)))  # reconstruction and KL

    def loss(self) -> np.ndarray:
        """Loss of each run, shape (n_runs,)."""
        if not self.n_seen.any():
            self._passes(None, None)
        reconstruction, kl = self.sums / self.n_seen
        self.parts = {"reconstruction": reconstruction, "kl": kl}
        return reconstruction + self.model.beta * kl

    def gradient(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Gradient over a batch, the shape of ``theta``; its loss goes into the epoch's mean.

        Parameters
        ----------
        rows : ndarray of int, shape (n_runs, n_batch), optional
            The samples of each run's batch; all of them by default.
        """
        return self._passes(rows, self.weight)

    def _passes(self, rows: np.ndarray | None, weight: float | None) -> np.ndarray:
        """Send a batch through, chunk by chunk; count its losses and return its mean gradient."""
        X, Y = take(self.X, rows), take(self.Y, rows)
        n = X.shape[-2]
        total: Any = 0.0
        for part in chunks(n, len(self.theta) * self.width):
            size = part.stop - part.start
            eps = np.array([self._eps(run, size) for run in range(len(self.rngs))])
            pair = X[..., part, :], Y[..., part, :]
            found = elbo_pass(self.model, self.theta, *pair, eps, weight)
            self.sums += size * np.stack([found.reconstruction, found.kl])
            self.n_seen += size
            if weight is not None:
                total += gradient(self.model, found) * (size / n)
        return np.asarray(total)

    def by_layers(
        self, run: int, rows: np.ndarray | None, count: int
    ) -> list[compiled.LayerGradient]:
        """Gradient of one run over a batch, layer by layer: see `training.pieces.gradients`."""
        rows = np.arange(self.n_samples) if rows is None else rows[run]
        shapes = self.model.encoder.shapes + self.model.decoder.shapes
        eps = self._eps(run, len(rows))

        def send(part: slice) -> Any:
            found = self._pass(run, rows[part], eps[part], self.weight)
            return found.h, found.deltas, (found.reconstruction, found.kl)

        layers, losses = pieces.gradients(send, len(rows), shapes, self.theta.dtype, count)
        self.sums[:, run] += len(rows) * losses
        self.n_seen[run] += len(rows)
        return layers

    def loss_in_threads(self, count: int) -> np.ndarray:
        """Loss of each run, as `loss` says it; before the first batch, in ``count`` threads."""
        if not self.n_seen.any():
            for run in range(len(self.theta)):
                send = partial(self._losses, run, self._eps(run, self.n_samples))
                self.sums[:, run] = pieces.losses(send, self.n_samples, count)
            self.n_seen[:] = 1
        return self.loss()

    def _eps(self, run: int, n: int) -> np.ndarray:
        """Draw eps for n samples of a run."""
        return self.rngs[run].standard_normal((n, self.model.n_latent), self.theta.dtype.type)

    def _losses(self, run: int, eps: np.ndarray, part: slice) -> Any:
        found = self._pass(run, part, eps[part], None)
        return found.reconstruction, found.kl

    def _pass(
        self, run: int, rows: np.ndarray | slice, eps: np.ndarray, weight: float | None
    ) -> ElboPass:
        """Send some samples of a run through."""
        X = compiled.of_run(self.X, run)[rows]
        Y = X if self.Y is self.X else compiled.of_run(self.Y, run)[rows]
        measure = compiled.core().value_and_gradient
        return elbo_pass(self.model, self.theta[run], X, Y, eps, weight, measure)


def split_heads(heads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mu and log_var, the two halves of the encoder's output: views."""
    n_latent = heads.shape[-1] // 2
    return heads[..., :n_latent], heads[..., n_latent:]
