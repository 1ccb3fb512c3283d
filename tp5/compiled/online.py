"""One sample's forward and backward pass, as explicit loops, for training one sample a step.

`H[depth, j]` is the output of unit j at that depth (0 is the input), `D[depth, j]` its dL/dH. The
weights of ``layers[depth]`` lead from H[depth] to H[depth + 1]; they lie in θ row after row, the
biases are the last row.

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
    for j in range(len(x)):
        H[0, j] = x[j]
    for depth in range(len(layers)):
        multiply(layers[depth], theta, H[depth], H[depth + 1])
        activate(layers[depth], H[depth + 1], layers[depth].n_out)


@compiled
def multiply(layer, theta, h, a):
    """A = [h, 1]·W, eight inputs in one go: a is then fetched and stored once for all eight."""
    n_in, n_out, W = layer.n_in, layer.n_out, layer.start
    bias = W + n_in * n_out
    for j in range(n_out):
        a[j] = theta[uintp(bias + j)]
    eights = n_in - n_in % 8
    for i in range(0, eights, 8):
        h0, h1, h2, h3 = h[i], h[i + 1], h[i + 2], h[i + 3]
        h4, h5, h6, h7 = h[i + 4], h[i + 5], h[i + 6], h[i + 7]
        w0 = W + i * n_out
        w4 = w0 + 4 * n_out
        for j in range(n_out):
            a[j] = (
                a[j]
                + h0 * theta[uintp(w0 + j)]
                + h1 * theta[uintp(w0 + n_out + j)]
                + h2 * theta[uintp(w0 + 2 * n_out + j)]
                + h3 * theta[uintp(w0 + 3 * n_out + j)]
                + h4 * theta[uintp(w4 + j)]
                + h5 * theta[uintp(w4 + n_out + j)]
                + h6 * theta[uintp(w4 + 2 * n_out + j)]
                + h7 * theta[uintp(w4 + 3 * n_out + j)]
            )
    for i in range(eights, n_in):
        h0, w0 = h[i], W + i * n_out
        for j in range(n_out):
            a[j] += h0 * theta[uintp(w0 + j)]


@compiled
def start_backward(layers, H, y, D):
    """D[-1] ← dL/da of the output; D[0], which nobody needs, takes the pixels' losses."""
    last = len(layers)
    pixel_losses(layers[last - 1].loss, H[last], y, D[0], D[last], len(y))


@compiled
def backward(layers, theta, grad, H, D):
    """δ = dL/dh′ ⊙ g′, dL/dW = [h, 1]ᵀ·δ, dL/dh = δ·Wᵀ, from the last layer to the first."""
    for depth in range(len(layers) - 1, -1, -1):
        multiply_by_slope(layers[depth], H[depth + 1], D[depth + 1], layers[depth].n_out)
        outer_product(layers[depth], grad, H[depth], D[depth + 1])
        if depth > 0:
            multiply_transposed(layers[depth], theta, D[depth + 1], D[depth])


@compiled
def outer_product(layer, grad, h, delta):
    """dL/dW = [h, 1]ᵀ·δ, two inputs in one go: to begin a loop costs as much as its few rounds."""
    n_in, n_out, dW = layer.n_in, layer.n_out, layer.start
    bias = dW + n_in * n_out
    twos = n_in - n_in % 2
    for i in range(0, twos, 2):
        h0, h1, row = h[i], h[i + 1], dW + i * n_out
        for j in range(n_out):
            grad[uintp(row + j)] = h0 * delta[j]
            grad[uintp(row + n_out + j)] = h1 * delta[j]
    for i in range(twos, n_in):
        h0, row = h[i], dW + i * n_out
        for j in range(n_out):
            grad[uintp(row + j)] = h0 * delta[j]
    for j in range(n_out):
        grad[uintp(bias + j)] = delta[j]


@compiled
def multiply_transposed(layer, theta, delta, before):
    """dL/dh = δ·Wᵀ, eight inputs in one go: their sums do not wait for one another."""
    n_in, n_out, W = layer.n_in, layer.n_out, layer.start
    eights, zero = n_in - n_in % 8, theta.dtype.type(0)
    for i in range(0, eights, 8):
        s0, s1, s2, s3, s4, s5, s6, s7 = zero, zero, zero, zero, zero, zero, zero, zero
        w0 = W + i * n_out
        w4 = w0 + 4 * n_out
        for j in range(n_out):
            d = delta[j]
            s0 += d * theta[uintp(w0 + j)]
            s1 += d * theta[uintp(w0 + n_out + j)]
            s2 += d * theta[uintp(w0 + 2 * n_out + j)]
            s3 += d * theta[uintp(w0 + 3 * n_out + j)]
            s4 += d * theta[uintp(w4 + j)]
            s5 += d * theta[uintp(w4 + n_out + j)]
            s6 += d * theta[uintp(w4 + 2 * n_out + j)]
            s7 += d * theta[uintp(w4 + 3 * n_out + j)]
        before[i], before[i + 1], before[i + 2], before[i + 3] = s0, s1, s2, s3
        before[i + 4], before[i + 5], before[i + 6], before[i + 7] = s4, s5, s6, s7
    for i in range(eights, n_in):
        w0, s0 = W + i * n_out, zero
        for j in range(n_out):
            s0 += delta[j] * theta[uintp(w0 + j)]
        before[i] = s0
