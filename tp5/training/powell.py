"""The loss for methods that ask nothing else, thousands of times: Powell, and finite differences.

They move one weight at a time. What lies before that weight in the network is still right from
the call before, and so are the other units of its own layer: only the unit whose weight has moved,
and the layers after it, are computed again.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

import numpy as np

from ..networks.losses import Loss
from ..networks.network import Network


class MovingLoss:
    """The loss of one run at any θ, a function; it is quick when few weights have moved.

    The value is right for every θ, whatever came before: what has moved is found by comparing θ
    with the θ of the last call. No gradient, so no arrays for one.

    Parameters
    ----------
    network : Network
    loss : Loss
    X, Y : ndarray, shape (n_samples, width)

    Notes
    -----
    Samples are columns here, so that one unit's outputs lie side by side in memory, and a layer
    writes straight into the next one's input, above its row of ones.
    """

    FEW = 2  # Powell moves one weight; a finite difference puts one back and moves the next

    def __init__(self, network: Network, loss: Loss, X: np.ndarray, Y: np.ndarray) -> None:
        self.theta = np.full(network.n_params, np.nan)  # equal to nothing: all of it has moved
        self.W = network.weights(self.theta)
        self.activations = network.activations
        self.loss_function = loss
        self.ends = list(accumulate(rows * columns for rows, columns in network.shapes))
        inputs = [np.ones((width + 1, len(X))) for width in network.layers[:-1]]
        inputs[0][:-1] = X.T
        self.inputs = inputs  # of each layer, shape (n_in + 1, n_samples)
        last = np.empty((network.layers[-1], len(X)))
        self.outputs = [h[:-1] for h in inputs[1:]] + [last]
        self.Y = np.ascontiguousarray(Y.T).T
        self.calls = list(zip(self.W, inputs, self.outputs, self.activations, strict=True))

    def __call__(self, theta: np.ndarray) -> float:
        """Return the loss at θ, shape (n_params,)."""
        moved = (theta != self.theta).nonzero()[0]
        if moved.size:
            self._move(theta, moved)
        return float(self.loss_function.value(self.outputs[-1].T, self.Y))

    def _move(self, theta: np.ndarray, moved: np.ndarray) -> None:
        """Go to θ and bring every output up to date; ``moved`` says which weights differ."""
        self.theta[moved] = theta[moved]
        first = bisect_right(self.ends, moved[0])  # the layer of the first weight that has moved
        if moved.size <= self.FEW and moved[-1] < self.ends[first]:
            W, h, out, g = self.calls[first]
            for weight in moved:
                unit = (weight - self.ends[first]) % W.shape[1]
                row = out[unit]
                g.value(W[:, unit].dot(h, out=row), out=row)
            first += 1
        for W, h, out, g in self.calls[first:]:
            g.value(W.T.dot(h, out=out), out=out)
