"""The loss for methods that ask nothing else, thousands of times: Powell, and finite differences.

They move one weight at a time. What lies before that weight in the network is still right from
the call before, and so are the other units of its own layer: only the unit whose weight has moved,
and the layers after it, are computed again.
"""

from __future__ import annotations

from .batch import forward_layer, forward_unit, losses
from .jit import compiled

FEW = 2  # Powell moves one weight; a finite difference puts one back and moves the next


@compiled
def coordinate_loss(layers, theta, known, space):
    """Return the mean loss at θ, of one run and in float64.

    ``space`` holds the samples, and the outputs that belong to the θ in ``known``, which becomes
    ``theta``. The value is right for every θ, whatever came before: what has moved is found.
    """
    H, n = space.H, space.H.shape[2]
    first, last, count = theta.size, 0, 0
    for i in range(theta.size):
        if theta[i] != known[i]:  # NaN too, which is equal to nothing
            first, last, count = min(first, i), i, count + 1
            known[i] = theta[i]
    layer = 0
    while layer < len(layers.widths) - 1 and layers.starts[layer + 1] <= first:
        layer += 1
    if count <= FEW and count > 0 and last < layers.starts[layer + 1]:
        for weight in (first, last):
            unit = (weight - layers.starts[layer]) % layers.widths[layer + 1]
            forward_unit(layers, theta, layer, unit, H, n)
        layer += 1
    while layer < len(layers.widths) - 1:
        forward_layer(layers, theta, layer, H, n)
        layer += 1
    return losses(layers, H, space.Y, space.D, n, n) / n
