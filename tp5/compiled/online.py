"""One sample's forward and backward pass, as explicit loops, for training one sample a step.

`H[l, j]` is the output of unit j in layer l (layer 0 is the input), `D[l, j]` is dL/dH[l, j]. A
layer's weights lie in θ row after row, from ``layers.starts`` on, the biases in the last row.

Inner loops run along a row, where numbers lie side by side in memory: the compiler then computes
4, 8 or 16 of them at once, and the additions of each unit keep their order. Python's θ[−1] would
prevent that: `uintp` promises that an index is not negative.
"""

from __future__ import annotations

from numpy import uintp

from .elementwise import activate, multiply_by_slope, pixel_losses
from .jit import compiled


@compiled
def forward(layers, theta, x, H):
    """H ← g([h, 1]·W), layer by layer."""
    for j in range(layers.widths[0]):
        H[0, j] = x[j]
    for layer in range(len(layers.widths) - 1):
        multiply(layers, theta, layer, H)
        kind, parameter = layers.activations[layer], layers.parameters[layer]
        activate(kind, parameter, H, layer + 1, layers.widths[layer + 1])


@compiled
def multiply(layers, theta, layer, H):
    """A = [h, 1]·W, four inputs in one go: a is then fetched and stored once for all four."""
    n_in, n_out, W = layers.widths[layer], layers.widths[layer + 1], layers.starts[layer]
    for j in range(n_out):
        H[layer + 1, j] = theta[uintp(W + n_in * n_out + j)]
    fours = n_in - n_in % 4
    for i in range(0, fours, 4):
        h0, h1, h2, h3 = H[layer, i], H[layer, i + 1], H[layer, i + 2], H[layer, i + 3]
        w0 = W + i * n_out
        w1, w2, w3 = w0 + n_out, w0 + 2 * n_out, w0 + 3 * n_out
        for j in range(n_out):
            H[layer + 1, j] = (
                H[layer + 1, j]
                + h0 * theta[uintp(w0 + j)]
                + h1 * theta[uintp(w1 + j)]
                + h2 * theta[uintp(w2 + j)]
                + h3 * theta[uintp(w3 + j)]
            )
    for i in range(fours, n_in):
        h0, w0 = H[layer, i], W + i * n_out
        for j in range(n_out):
            H[layer + 1, j] += h0 * theta[uintp(w0 + j)]


@compiled
def start_backward(layers, H, y, D):
    """D[-1] ← dL/da of the output; D[0], which nobody needs, takes the pixels' losses."""
    last = len(layers.widths) - 1
    pixel_losses(layers.loss, H[last], y, D[0], D[last], layers.widths[last])


@compiled
def backward(layers, theta, grad, H, D):
    """δ = dL/dh′ ⊙ g′, dL/dW = [h, 1]ᵀ·δ, dL/dh = δ·Wᵀ, from the last layer to the first."""
    for layer in range(len(layers.widths) - 2, -1, -1):
        kind, parameter = layers.activations[layer], layers.parameters[layer]
        multiply_by_slope(kind, parameter, H, D, layer + 1, layers.widths[layer + 1])
        outer_product(layers, grad, layer, H, D)
        if layer > 0:
            multiply_transposed(layers, theta, layer, D)


@compiled
def outer_product(layers, grad, layer, H, D):
    """dL/dW = [h, 1]ᵀ·δ."""
    n_in, n_out, dW = layers.widths[layer], layers.widths[layer + 1], layers.starts[layer]
    for i in range(n_in):
        h, row = H[layer, i], dW + i * n_out
        for j in range(n_out):
            grad[uintp(row + j)] = h * D[layer + 1, j]
    for j in range(n_out):
        grad[uintp(dW + n_in * n_out + j)] = D[layer + 1, j]


@compiled
def multiply_transposed(layers, theta, layer, D):
    """dL/dh = δ·Wᵀ, eight inputs in one go: their sums do not wait for one another."""
    n_in, n_out, W = layers.widths[layer], layers.widths[layer + 1], layers.starts[layer]
    eights, zero = n_in - n_in % 8, theta.dtype.type(0)
    for i in range(0, eights, 8):
        w0 = W + i * n_out
        w4 = w0 + 4 * n_out
        s0, s1, s2, s3, s4, s5, s6, s7 = zero, zero, zero, zero, zero, zero, zero, zero
        for j in range(n_out):
            d = D[layer + 1, j]
            s0 += d * theta[uintp(w0 + j)]
            s1 += d * theta[uintp(w0 + n_out + j)]
            s2 += d * theta[uintp(w0 + 2 * n_out + j)]
            s3 += d * theta[uintp(w0 + 3 * n_out + j)]
            s4 += d * theta[uintp(w4 + j)]
            s5 += d * theta[uintp(w4 + n_out + j)]
            s6 += d * theta[uintp(w4 + 2 * n_out + j)]
            s7 += d * theta[uintp(w4 + 3 * n_out + j)]
        D[layer, i], D[layer, i + 1], D[layer, i + 2], D[layer, i + 3] = s0, s1, s2, s3
        D[layer, i + 4], D[layer, i + 5], D[layer, i + 6], D[layer, i + 7] = s4, s5, s6, s7
    for i in range(eights, n_in):
        w0, s0 = W + i * n_out, zero
        for j in range(n_out):
            s0 += D[layer + 1, j] * theta[uintp(w0 + j)]
        D[layer, i] = s0
