"""A dense network whose weights are **one flat vector θ**, seen through a view per layer.

Two ideas carry this file.

*The bias is a weight.* Every layer's input h gets a last entry that is always 1, so that a layer
is one product, a = [h, 1]·W, and its gradient another, dL/dW = [h, 1]ᵀ·δ. The last row of W holds
the biases.

*Leading axes are runs.* ``theta`` of shape (n_params,) is one network; of shape (n_runs, n_params)
it is n_runs networks that share nothing but the NumPy calls that compute them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import accumulate, groupby, pairwise
from math import prod
from operator import itemgetter
from typing import Any

import numpy as np

from .activations import Activation, Identity, get_activation
from .losses import Loss

# From so many weights on, arithmetic and memory take longer than the calls.
LARGE = 100_000


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
        self.activations = tuple(get_activation(activation) for activation in activations)
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
            The last row of each is the bias.

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

    def forward(
        self, theta: np.ndarray, X: np.ndarray, first: int = 0, last: int | None = None
    ) -> np.ndarray:
        """Send X through the layers ``first`` to ``last``: h ← g(h·W + b), layer by layer.

        Parameters
        ----------
        theta : ndarray, shape (..., n_params)
        X : ndarray, shape (..., n_samples, layers[first])
        first, last : int
            Positions in ``layers``: where X comes in, and which layer's output is wanted.
            By default the whole network.

        Returns
        -------
        ndarray, shape (..., n_samples, layers[last])
        """
        last = len(self.layers) - 1 if last is None else last
        h = X
        for W, g in list(zip(self.weights(theta), self.activations, strict=True))[first:last]:
            h = g.value(h @ W[..., :-1, :] + W[..., -1:, :])
        return h

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
        grad = np.empty_like(theta)
        workspace = Workspace(self, theta, grad, n_samples=X.shape[-2])
        workspace.load(X)
        output = workspace.forward()
        workspace.backward(loss.gradient(output, Y))
        return loss.value(output, Y), grad


class Workspace:
    """Everything that a forward and a backward pass write to, allocated once and used for ever.

    A training step of a small network is all overhead: allocating and unpacking would cost more
    than the arithmetic. So the views of θ and of its gradient, the outputs and the errors of
    every layer are made here, for one number of samples, and the passes only fill them.

    Parameters
    ----------
    network : Network
    theta, grad : ndarray, shape (..., n_params)
        θ is read, grad is written; both stay the caller's.
    n_samples : int
        Samples in a batch.
    input_grad : bool
        Whether `backward` also returns the gradient with respect to the input.

    Attributes
    ----------
    h : list of ndarray, each of shape (..., n_samples, width + 1)
        Input of each layer, with its last column of ones.
    X : ndarray, shape (..., n_samples, n_in)
        Input of the first layer without that column: a view.
    output : ndarray, shape (..., n_samples, n_out)
        Output of the last layer.
    """

    def __init__(
        self,
        network: Network,
        theta: np.ndarray,
        grad: np.ndarray,
        n_samples: int,
        input_grad: bool = False,
    ) -> None:
        shape = (*theta.shape[:-1], n_samples)  # of each array below, before its width
        self.activations = network.activations
        self.W, self.dW = network.weights(theta), network.weights(grad)
        self.h = [np.empty((*shape, width + 1), theta.dtype) for width in network.layers[:-1]]
        self.X = self.h[0][..., :-1]
        self.delta = [np.empty((*shape, width), theta.dtype) for width in network.layers]
        self._place_outputs(network.layers[1:], shape, theta.dtype)
        for h in self.h:
            h[..., -1] = 1
        self.output = self.outputs[-1]
        self.product, self.weight_gradient = products(theta, n_samples)
        self.view = matrix if self.product is np.ndarray.dot else lambda array: array
        self._prepare_passes(first=0 if input_grad else 1)

    def _place_outputs(
        self, widths: Sequence[int], shape: tuple[int, ...], dtype: np.dtype
    ) -> None:
        """Make `outputs` and `slopes`, h′ and g′(a) of every layer, each kind in one array.

        Neighbouring layers of one activation get their g′ in one call on their part of that array.
        One sample of one run is written straight into the next layer's input, beside its one;
        more are written apart, where they are contiguous and so faster, and are then copied.
        """
        pad = 1 if prod(shape) == 1 else 0
        shapes = [(*shape, width + pad) for width in widths]
        everything, outputs = one_array(shapes, dtype)
        all_slopes, slopes = one_array(shapes, dtype)
        if pad:
            everything.fill(1)  # the ones get their g′ too, which nobody reads
            self.h[1:] = outputs[:-1]
        self.outputs = [array[..., :width] for array, width in zip(outputs, widths, strict=True)]
        self.slopes = [array[..., :width] for array, width in zip(slopes, widths, strict=True)]
        self.alike = []
        stop = 0
        for g, layers in groupby(zip(self.activations, outputs, strict=True), key=itemgetter(0)):
            start, stop = stop, stop + sum(array.size for _, array in layers)
            if not isinstance(g, Identity):  # g′ = 1: nothing to compute, or to multiply by
                self.alike.append((g, everything[start:stop], all_slopes[start:stop]))

    def _prepare_passes(self, first: int) -> None:
        """List what each layer needs in the two passes, so that they look nothing up."""
        view = self.view
        copies: list[np.ndarray | None] = [
            None if np.shares_memory(h, output) else view(h[..., :-1])
            for h, output in zip(self.h[1:], self.outputs, strict=False)
        ]
        h, W, outputs = (list(map(view, arrays)) for arrays in (self.h, self.W, self.outputs))
        self.forward_steps = list(
            zip(h, W, self.activations, outputs, [*copies, None], strict=True)
        )
        linear = [isinstance(g, Identity) for g in self.activations]
        self.backward_steps = [
            (
                None if linear[layer] else view(self.slopes[layer]),
                h[layer].swapaxes(-1, -2),
                view(self.dW[layer]),
                W[layer][..., :-1, :].swapaxes(-1, -2),
                view(self.delta[layer]) if layer >= first else None,
            )
            for layer in reversed(range(len(self.W)))
        ]

    def load(self, X: np.ndarray) -> None:
        """Copy X, shape (..., n_samples, n_in), into the input of the first layer."""
        self.X[...] = X

    def forward(self) -> np.ndarray:
        """Compute each layer's output, h′ = g([h, 1]·W), and return the last one."""
        for h, W, g, output, next_h in self.forward_steps:
            self.product(h, W, out=output)
            g.value(output, out=output)
            if next_h is not None:
                next_h[...] = output
        return self.output

    def backward(self, delta: np.ndarray) -> np.ndarray:
        """Backpropagate the error and fill ``grad``; `forward` must have run.

        For each layer, last to first, with its input h, its output h′ and dL/dh′ at hand:

            δ = dL/dh′ ⊙ g′         the error at its pre-activation
            dL/dW = [h, 1]ᵀ·δ       summed over the batch
            dL/dh = δ·Wᵀ            the error that it hands to the layer before

        (Rumelhart, Hinton & Williams 1986.)

        Parameters
        ----------
        delta : ndarray, shape (..., n_samples, n_out)
            dL/d(output). Overwritten.

        Returns
        -------
        ndarray, shape (..., n_samples, n_in)
            dL/d(input), meaningful with ``input_grad=True`` only.
        """
        for g, outputs, slopes in self.alike:
            g.derivative(outputs, out=slopes)
        delta = self.view(delta)
        for slope, h_T, dW, W_T, before in self.backward_steps:
            if slope is not None:
                delta *= slope
            self.weight_gradient(h_T, delta, out=dW)
            if before is not None:
                delta = self.product(delta, W_T, out=before)
        return self.delta[0]


def products(theta: np.ndarray, n_samples: int) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return the quickest ways to compute [h, 1]·W and [h, 1]ᵀ·δ, called as ``way(A, B, out=C)``.

    All give the same numbers. `numpy.ndarray.dot` begins in half of the time of `numpy.matmul`,
    but takes matrices only, one run without its runs axis; and it fills C with zeros first, which
    for a large network costs more. For one sample [h, 1]ᵀ·δ is an outer product, and
    `numpy.einsum` goes through those of many runs in half of the time of `numpy.matmul`.
    """
    if theta.size == theta.shape[-1] < LARGE:
        return np.ndarray.dot, np.ndarray.dot
    return np.matmul, partial(np.einsum, "...in,...nj->...ij") if n_samples == 1 else np.matmul


def matrix(array: np.ndarray) -> np.ndarray:
    """View an array of one run, shape (n, m) or (1, n, m), without its runs axis."""
    return array.reshape(array.shape[-2:])


def one_array(
    shapes: Sequence[tuple[int, ...]], dtype: np.typing.DTypeLike
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return an array with room for arrays of these shapes, and views of it, one each."""
    sizes = [prod(shape) for shape in shapes]
    whole = np.empty(sum(sizes), dtype)
    parts = np.split(whole, list(accumulate(sizes))[:-1])
    return whole, [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


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
            f"not {layers!r}."
        )
    return tuple(int(width) for width in widths)


def initial_theta(
    network: Network, init: str, rng: np.random.Generator, dtype: np.typing.DTypeLike = float
) -> np.ndarray:
    """Random starting weights for one network.

    Parameters
    ----------
    network : Network
    init : {"uniform", "glorot", "he"}
        "uniform": every weight and bias from U(−1, 1), the course's.
        "glorot": weights from U(−r, r), r = √(6/(n_in + n_out)), biases 0 (Glorot & Bengio 2010).
        "he": weights from N(0, 2/n_in), biases 0 (He et al. 2015).
    rng : numpy.random.Generator
    dtype : float32 or float64

    Returns
    -------
    ndarray, shape (n_params,)

    Raises
    ------
    ValueError
        If ``init`` is none of the three.
    """
    if init not in INITS:
        raise ValueError(f"unknown init {init!r}; choose one of {', '.join(INITS)}.")
    theta = np.zeros(network.n_params)
    for W in network.weights(theta):
        n_in, n_out = W.shape[0] - 1, W.shape[1]
        if init == "uniform":
            W[:] = rng.uniform(-1, 1, W.shape)
        elif init == "glorot":
            r = np.sqrt(6 / (n_in + n_out))
            W[:-1] = rng.uniform(-r, r, (n_in, n_out))
        else:
            W[:-1] = rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))
    return theta.astype(dtype)


INITS = ("uniform", "glorot", "he")
