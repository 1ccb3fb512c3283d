"""The objective: what a training minimises, which is a network, a loss and the data together."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from ..networks.losses import Loss
from ..networks.network import Network, Workspace
from .powell import MovingLoss

# The most numbers, one for each unit and sample and run, that all samples may need at once.
PIECE = 2**23


class Objective(Protocol):
    """What the training loop needs to know about a model.

    Attributes
    ----------
    theta, grad : ndarray, shape (..., n_params)
        The weights, which the optimizer changes in place, and where `gradient` writes.
    n_samples : int
    parts : dict of str to ndarray, shape (...)
        What the last loss was made of, by name; empty where it has one part only.
    """

    theta: np.ndarray
    grad: np.ndarray
    n_samples: int
    parts: dict[str, np.ndarray]

    def start_epoch(self, epoch: int) -> None:
        """Take note that an epoch begins, the first being 0."""

    def loss(self) -> np.ndarray:
        """Loss of each run over all samples, shape (...)."""

    def gradient(self, rows: np.ndarray | None = None) -> None:
        """Write into ``grad`` the gradient over a batch: some rows for each run, or all of them."""


class Reconstruction:
    """Reconstruct Y from X: the objective of a plain autoencoder, and of a denoising one.

    Parameters
    ----------
    network : Network
    loss : Loss
    X, Y : ndarray, shape (n_samples, width) or (n_runs, n_samples, width)
        Shared by all runs, or one data set a run. For a plain autoencoder Y is X.
    theta : ndarray, shape (n_params,) or (n_runs, n_params)
    """

    def __init__(
        self, network: Network, loss: Loss, X: np.ndarray, Y: np.ndarray, theta: np.ndarray
    ) -> None:
        self.network, self.loss_function = network, loss
        self.X, self.Y = X, Y
        self.theta, self.grad = theta, np.empty_like(theta)
        self.n_samples = X.shape[-2]
        self.parts: dict[str, np.ndarray] = {}
        # One table with all rows of all runs, so that one `take` fetches a batch for every run.
        self.X_table = np.concatenate([X, np.ones((*X.shape[:-1], 1), X.dtype)], axis=-1)
        self.X_table = self.X_table.reshape(-1, X.shape[-1] + 1)
        self.Y_table = None if Y is X else Y.reshape(-1, Y.shape[-1])
        self.X_offset, self.Y_offset = (run_offsets(array) for array in (X, Y))
        self.batches: dict[int, Any] = {}
        self.pieces = pieces(self.n_samples, theta.size // theta.shape[-1] * sum(network.layers))
        self.forward_theta: np.ndarray | None = None  # θ of the whole workspace's last forward pass

    @cached_property
    def whole(self) -> Any:
        """The workspace of all samples at once, where they are few enough; X stays loaded."""
        workspace = self._workspace(self.n_samples)
        workspace.load(self.X)
        return workspace

    def load_input(self, X: np.ndarray) -> None:
        """Put other input in the place of X, of the same shape: fresh noise. Y stays.

        Raises
        ------
        ValueError
            If the shape is another one, or if Y is X and so would change with it.
        """
        if X.shape != self.X.shape or self.Y_table is None:
            raise ValueError(
                f"the input can be replaced by one of shape {self.X.shape}, not {X.shape}, and "
                f"only where Y is an array of its own."
            )
        self.X_table[:, :-1] = X.reshape(-1, X.shape[-1])
        if len(self.pieces) == 1:
            self.whole.load(X)
        self.forward_theta = None

    def _workspace(self, n_samples: int) -> Any:
        return Workspace(self.network, self.theta, self.grad, n_samples)

    def start_epoch(self, epoch: int) -> None:
        """Nothing changes from epoch to epoch."""

    def loss(self) -> np.ndarray:
        """Loss of each run over all samples, shape (...)."""
        if len(self.pieces) > 1:
            return self._mean_over_pieces(self._batch_loss)
        output = self.whole.forward()
        self.forward_theta = self.theta.copy()
        return self.loss_function.value(output, self.Y)

    def _batch_loss(self, rows: np.ndarray) -> np.ndarray:
        workspace, Y = self._load(rows)
        return self.loss_function.value(workspace.forward(), Y)

    def _batch_gradient(self, rows: np.ndarray) -> np.ndarray:
        self.gradient(rows)
        return self.grad

    def _mean_over_pieces(self, of_rows: Callable[[np.ndarray], np.ndarray]) -> Any:
        """Mean over all samples of what ``of_rows(rows)`` says of some, taken piece by piece."""
        lead = self.theta.shape[:-1]
        parts = (
            of_rows(np.broadcast_to(rows, (*lead, len(rows)))) * (len(rows) / self.n_samples)
            for rows in self.pieces
        )
        return sum(parts)

    def gradient(self, rows: np.ndarray | None = None) -> None:
        """Write into ``grad`` the gradient over a batch.

        Parameters
        ----------
        rows : ndarray of int, shape (..., n_batch), optional
            The samples of each run's batch. Without it the batch is all samples; then a forward
            pass that `loss` has just made for the same θ is not made again.
        """
        if rows is None and len(self.pieces) > 1:
            self.grad[...] = self._mean_over_pieces(self._batch_gradient)
            return
        if rows is None:
            workspace, Y = self.whole, self.Y
            if self.forward_theta is None or not np.array_equal(self.theta, self.forward_theta):
                workspace.forward()
        else:
            workspace, Y = self._load(rows)
            workspace.forward()
        delta = workspace.delta[-1]
        workspace.backward(self.loss_function.gradient(workspace.output, Y, out=delta))

    def _load(self, rows: np.ndarray) -> tuple[Any, np.ndarray]:
        """Fetch a batch; workspaces are kept by batch size (an epoch's last may be smaller)."""
        n_batch = rows.shape[-1]
        if n_batch not in self.batches:
            self.batches[n_batch] = self._workspace(n_batch)
        workspace = self.batches[n_batch]
        # mode="clip" spares NumPy a buffered copy; the rows are in range.
        in_table = rows if self.X_offset is None else rows + self.X_offset
        self.X_table.take(in_table, axis=0, out=workspace.h[0], mode="clip")
        if self.Y_table is None:
            return workspace, workspace.X
        in_table = rows if self.Y_offset is None else rows + self.Y_offset
        return workspace, self.Y_table.take(in_table, axis=0)

    def loss_alone(self) -> MovingLoss:
        """Return the loss of one run as a function of θ, quick when few weights have moved."""
        return MovingLoss(self.network, self.loss_function, self.X, self.Y)

    def single(self, run: int) -> Reconstruction:
        """Return the same objective for one run alone, in float64 and with a θ of its own."""
        X, Y = (data[run] if data.ndim == 3 else data for data in (self.X, self.Y))
        X64 = X.astype(float)
        Y64 = X64 if self.Y is self.X else Y.astype(float)
        return Reconstruction(
            self.network, self.loss_function, X64, Y64, self.theta[run].astype(float)
        )


def pieces(n_samples: int, numbers_per_sample: int) -> list[np.ndarray]:
    """Cut all samples into the fewest pieces of one size that are not too large; return their rows.

    Each unit of the network keeps a few numbers for every sample that passes through. For 60,000
    at once that would be gigabytes, fetched from main memory at each step; piece by piece they
    are few enough to stay near.
    """
    count = -(-n_samples * numbers_per_sample // PIECE)
    return np.array_split(np.arange(n_samples), min(count, n_samples))


def run_offsets(data: np.ndarray) -> np.ndarray | None:
    """First row of each run's data in a table of all rows, shape (n_runs, 1); None if shared."""
    if data.ndim == 2:
        return None
    return np.arange(data.shape[0])[:, None] * data.shape[1]
