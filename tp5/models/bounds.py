"""How good a variational autoencoder is: its KL divergence, and bounds on ln p(x) of data."""

from __future__ import annotations

import numpy as np

from ..checks import as_rng, at_least
from ..networks import Loss, kl_per_latent
from .model import LatentModel


class EvidenceBounds(LatentModel):
    """What a model with a posterior q(z|x) and a decoder p(x|z) says of data, in nats.

    Attributes
    ----------
    loss_function : Loss
        −ln p(x|z), but for a constant.
    """

    loss_function: Loss

    def posterior(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and log variance of q(z|x) of each sample."""
        raise NotImplementedError

    def _outputs(self, z: np.ndarray) -> np.ndarray:
        """Return what the loss reads, the decoder's last outputs."""
        raise NotImplementedError

    def kl(self, X: np.ndarray) -> np.ndarray:
        """Return KL(q(z|x) ‖ p(z)) of each sample and each latent dimension, in nats.

        Where a dimension's KL is 0 for all samples, the encoder tells the decoder nothing there:
        that dimension has collapsed onto the prior.

        Returns
        -------
        ndarray, shape (n_samples, n_latent), or (n_runs, n_samples, n_latent)
        """
        mu, log_var = (head.astype(float) for head in self.posterior(X))
        return kl_per_latent(mu, log_var)

    def elbo(
        self, X: np.ndarray, n_samples: int = 1, rng: int | np.random.Generator | None = None
    ) -> np.ndarray:
        """Evidence lower bound of each sample, E_q[ln p(x|z)] − KL(q(z|x) ‖ p(z)), in nats.

        Always with weight 1 for the KL, whatever beta was trained: otherwise it is no bound.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_features)
            Values that the decoder reaches: in [0, 1].
        n_samples : int
            Draws of z to average over.
        rng : int or numpy.random.Generator, optional

        Returns
        -------
        ndarray, shape (len(X),), or (n_runs, len(X))
        """
        log_weights = [log_p for log_p, _ in self._draws(X, n_samples, rng)]
        return np.mean(log_weights, axis=0) - self.kl(X).sum(axis=-1)

    def log_likelihood(
        self, X: np.ndarray, n_samples: int = 100, rng: int | np.random.Generator | None = None
    ) -> np.ndarray:
        """Importance-weighted bound on ln p(x) of each sample, in nats.

            ln p(x) ≥ E[ ln (1/K)·Σ_k p(x|z_k)·p(z_k)/q(z_k|x) ],   z_1, …, z_K ~ q(z|x)

        K = 1 is the ELBO; more draws make the bound tighter (Burda, Grosse & Salakhutdinov 2016,
        theorem 1). The figure for data that the model has not seen says how well it generalises.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_features)
            Values that the decoder reaches: in [0, 1].
        n_samples : int
            K, the draws of z.
        rng : int or numpy.random.Generator, optional

        Returns
        -------
        ndarray, shape (len(X),), or (n_runs, len(X))
        """
        log_weights = [log_p + log_ratio for log_p, log_ratio in self._draws(X, n_samples, rng)]
        return np.logaddexp.reduce(log_weights, axis=0) - np.log(len(log_weights))

    def _draws(
        self, X: np.ndarray, n_samples: int, rng: int | np.random.Generator | None
    ) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return ln p(x|z) and ln p(z)/q(z|x) for each of ``n_samples`` draws of z ~ q(z|x).

        With z = mu + σ·eps the second is ½·Σ (eps² + log_var − z²): the constants cancel.
        """
        n_samples, rng = at_least("n_samples", n_samples), as_rng(rng)
        mu, log_var = (head.astype(float) for head in self.posterior(X))
        X, _ = self.check_training_data(X, None)
        draws = []
        for _ in range(n_samples):
            eps = rng.standard_normal(mu.shape[-2:])
            z = mu + np.exp(log_var / 2) * eps
            pixels = self.loss_function.pixels(self._outputs(z), X)
            log_ratio = 0.5 * (eps**2 + log_var - z**2).sum(axis=-1)
            constant = self.loss_function.constant * X.shape[-1]
            draws.append((-pixels.sum(axis=-1, dtype=float) - constant, log_ratio))
        return draws
