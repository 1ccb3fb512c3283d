"""The loss for methods that ask nothing else, thousands of times: Powell, and finite differences.

They move one weight at a time. What lies before that weight in the network is still right from
the call before, and so are the other units of its own layer: only the unit whose weight has moved,
and the layers after it, are computed again.
"""

from __future__ import annotations

from numpy import uintp

from .batch import forward_layer, forward_unit, losses
from .jit import compiled

BLOCK = 128  # weights that are compared at a time
FEW = 2  # Powell moves one weight; a finite difference puts one back and moves the next


@compiled
def coordinate_loss(layers, theta, known, H, D, Y):
    """Return the mean loss at θ, of one run and in float64.

    H and Y hold the samples, and H the outputs that belong to the θ in ``known``, which becomes
    ``theta``. The value is right for every θ, whatever came before: what has moved is found.
    (Arrays one by one: to take a `Space` apart would cost Python another 2 µs a call.)
    """
    n = H.shape[2]
    first, last, count = find_moved(theta, known)
    depth = 0
    while depth < len(layers) - 1 and layers[depth + 1].start <= first:
        depth += 1
    layer = layers[depth]
    if 0 < count <= FEW and last < layer.start + (layer.n_in + 1) * layer.n_out:
        for weight in (first, last):
            unit = (weight - layer.start) % layer.n_out
            forward_unit(layer, theta, unit, H[depth], H[depth + 1, unit], n)
        depth += 1
    while depth < len(layers):
        forward_layer(layers[depth], theta, H[depth], H[depth + 1], n)
        depth += 1
    return losses(layers, H, Y, D, n, n) / n


@compiled
def find_moved(theta, known):
    """Return the first weight that differs, the last one and their number; ``known`` becomes θ.

    Most blocks hold none, and to count them in a block takes the compiler a few instructions.
    """
    first, last, count = theta.size, 0, 0
    for start in range(0, theta.size, BLOCK):
        end = min(start + BLOCK, theta.size)
        differ = 0
        for i in range(start, end):
            differ += theta[uintp(i)] != known[uintp(i)]  # NaN too, which is equal to nothing
        if differ > 0:
            for i in range(start, end):
                if theta[i] != known[i]:
                    first, last, count = min(first, i), i, count + 1
                    known[i] = theta[i]
    return first, last, count
