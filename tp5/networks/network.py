"""A dense network whose weights are **one flat vector θ**, seen through a view per layer.

Forward, layer by layer:            h′ = g(h·W + b)
Backward, from the last layer on:   δ = dL/dh′ ⊙ g′,   dL/dW = hᵀ·δ,   dL/db = Σ δ,   dL/dh = δ·Wᵀ

Leading axes are runs: θ of shape (n_params,) is one network; of shape (n_runs, n_params) it is
n_runs networks that share nothing but the NumPy calls that compute them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from ..checks import as_data, as_sequence, shown
from .activations import Activation, get_activation
from .losses import Loss


class Network:
    """A dense feed-forward network: its widths, its activations, and where in θ each weight is.

    Parameters
    ----------
    layers : sequence of int
        Width of each layer, input to output, at least two.
    activations : sequence of str or Activation
        One for each layer after the input.

    Attributes
    ----------
    n_params : int
        Length of θ: Σ (n_in + 1)·n_out.

    Raises
    ------
    ValueError
        If a width is not a positive integer, or the activations do not match the layers.

    Examples
    --------
    >>> Network((35, 17, 2), ["tanh", "identity"]).n_params
    648
    """

    def __init__(self, layers: Sequence[int], activations: Sequence[str | Activation]) -> None:
        self.layers = check_layers(layers)
        self.activations = tuple(
            map(get_activation, as_sequence("activations", activations, least=0))
        )
        if len(self.activations) != len(self.layers) - 1:
            raise ValueError(
                f"{len(self.layers)} layers need {len(self.layers) - 1} activations (one for each "
                f"layer after the input), not {len(self.activations)}."
            )
        self.shapes = [(n_in + 1, n_out) for n_in, n_out in pairwise(self.layers)]
        self.n_params = sum(rows * columns for rows, columns in self.shapes)

    def __repr__(self) -> str:
        return f"Network {'-'.join(map(str, self.layers))}, {self.n_params} parameters"

    def weights(self, theta: np.ndarray) -> list[np.ndarray]:
        """Views of θ, one a layer: changing one changes θ, and the other way round.

        Parameters
        ----------
        theta : ndarray, shape (..., n_params)

        Returns
        -------
        list of ndarray, each of shape (..., n_in + 1, n_out)
            The last row of each is the bias b, the others are W. Weights from elsewhere are put
            here: ``network.weights(theta)[0][:-1] = W``.

        Raises
        ------
        ValueError
            If θ has another number of weights.
        """
        if theta.shape[-1] != self.n_params:
            raise ValueError(
                f"theta has {theta.shape[-1]} weights, but {self!r} has another number."
            )
        views, start = [], 0
        for rows, columns in self.shapes:
            stop = start + rows * columns
            views.append(theta[..., start:stop].reshape(*theta.shape[:-1], rows, columns))
            start = stop
        return views

    def outputs(
        self, theta: np.ndarray, X: np.ndarray, first: int = 0, last: int | None = None
    ) -> list[np.ndarray]:
        """Send X through the layers ``first`` to ``last``; return X and each layer's output.

        Parameters
        ----------
        theta : ndarray, shape (..., n_params)
        X : ndarray, shape (..., n_samples, layers[first])
        first, last : int
            Positions in ``layers``: where X comes in, and which layer's output is the last one.

        Returns
        -------
        list of ndarray, each of shape (..., n_samples, width)
        """
        h = [X]
        for W, g in list(zip(self.weights(theta), self.activations, strict=True))[first:last]:
            h.append(g.value(h[-1] @ W[..., :-1, :] + W[..., -1:, :]))
        return h

    def forward(
        self, theta: np.ndarray, X: np.ndarray, first: int = 0, last: int | None = None
    ) -> np.ndarray:
        """Return the last of `outputs`, shape (..., n_samples, layers[last]).

        Raises
        ------
        ValueError
            If θ has another number of weights, or X another width or a value that is not finite.
        """
        theta = as_data("theta", theta, (..., self.n_params), None, finite=False)
        X = as_data("X", X, (..., "n_samples", self.layers[first]), None)
        return self.outputs(theta, X, first, last)[-1]

    def backward(
        self,
        theta: np.ndarray,
        h: Sequence[np.ndarray],
        error: np.ndarray,
        to_input: bool = False,
    ) -> tuple[list[np.ndarray], np.ndarray]:
        """Backpropagate the error dL/dh′ of the last output (Rumelhart, Hinton & Williams 1986).

        Parameters
        ----------
        theta : ndarray, shape (..., n_params)
        h : list of ndarray
            What `outputs` returned.
        error : ndarray, shape (..., n_samples, n_out)
        to_input : bool
            Whether the error of the input is wanted too.

        Returns
        -------
        deltas : list of ndarray
            δ of each layer after the input, the shape of its output: `gradient` needs no more.
        error : ndarray, shape (..., n_samples, n_in)
            dL/dX, if wanted.
        """
        W, deltas = self.weights(theta), list[np.ndarray]()
        for layer in reversed(range(len(W))):
            delta = error * self.activations[layer].derivative(h[layer + 1])
            deltas.insert(0, delta)
            if layer > 0 or to_input:
                error = delta @ W[layer][..., :-1, :].swapaxes(-1, -2)
        return deltas, error

    def gradient(
        self, h: Sequence[np.ndarray], deltas: Sequence[np.ndarray], grad: np.ndarray | None = None
    ) -> np.ndarray:
        """Gradient dL/dθ, summed over the samples: dL/dW = [h, 1]ᵀ·δ of each layer.

        Parameters
        ----------
        h : list of ndarray
            What `outputs` returned.
        deltas : list of ndarray
            What `backward` returned.
        grad : ndarray, shape (..., n_params), optional
            Where it is written, such as a part of a larger one.

        Returns
        -------
        ndarray, shape (..., n_params)
        """
        if grad is None:
            grad = np.empty((*deltas[-1].shape[:-2], self.n_params), deltas[-1].dtype)
        for layer, (dW, delta) in enumerate(zip(self.weights(grad), deltas, strict=True)):
            np.matmul(h[layer].swapaxes(-1, -2), delta, out=dW[..., :-1, :])
            dW[..., -1, :] = delta.sum(axis=-2)
        return grad

    def loss_and_grad(
        self, theta: np.ndarray, X: np.ndarray, Y: np.ndarray, loss: Loss
    ) -> tuple[np.ndarray, np.ndarray]:
        """Loss and its gradient by backpropagation, a pure function of its arguments.

        Parameters
        ----------
        theta : ndarray, shape (..., n_params)
        X : ndarray, shape (..., n_samples, n_in)
        Y : ndarray, shape (..., n_samples, n_out)
        loss : Loss

        Returns
        -------
        loss : ndarray, shape (...)
        grad : ndarray, shape (..., n_params)
        """
        h = self.outputs(theta, X)
        value, error = loss.value_and_gradient(h[-1], Y)
        deltas, _ = self.backward(theta, h, error)
        return value, self.gradient(h, deltas)


def check_layers(layers: Sequence[int]) -> tuple[int, ...]:
    """Return the widths as a tuple of int.

    Raises
    ------
    ValueError
        If there are fewer than two, or one is not a positive whole number.
    """
    widths = tuple(layers) if isinstance(layers, Iterable) else ()
    whole = all(isinstance(width, int | np.integer) and width > 0 for width in widths)
    if len(widths) < 2 or not whole:
        raise ValueError(
            f"layers must be two or more positive whole numbers, such as (35, 17, 2, 17, 35), "
            f"not {shown(layers)}."
        )
    return tuple(int(width) for width in widths)
