"""The passes for many samples at once, which lie side by side in memory.

`H[depth, j, s]` is the output of unit j at that depth for sample s, `D[depth, j, s]` its dL/dH.
Each weight is fetched once for all samples, and the inner loops run along them. The additions of
each unit have the order of `tp5.compiled.online`, and so the outputs have the same bits.
"""

from __future__ import annotations

from numpy import uintp

from .elementwise import activate, multiply_by_slope, pixel_losses
from .jit import compiled


@compiled
def forward(layers, theta, H, n):
    """H ← g([h, 1]·W), layer by layer, for n samples whose input stands in H[0]."""
    for depth in range(len(layers)):
        forward_layer(layers[depth], theta, H[depth], H[depth + 1], n)


@compiled
def forward_layer(layer, theta, h, a, n):
    """One layer of it."""
    for j in range(layer.n_out):
        forward_unit(layer, theta, j, h, a[j], n)


@compiled
def forward_unit(layer, theta, j, h, a, n):
    """One unit of that layer: h′_j = g(Σ_i h_i·W_ij + b_j)."""
    n_in, n_out, W = layer.n_in, layer.n_out, layer.start
    bias = theta[uintp(W + n_in * n_out + j)]
    for s in range(n):
        a[s] = bias
    add_products(theta, W + j, n_out, n_in, h, a, n)
    activate(layer, a, n)


@compiled
def add_products(theta, w, stride, n_in, h, a, n):
    """A ← a + Σ_i θ[w + i·stride]·h[i] for n samples, eight inputs in one go."""
    eights = n_in - n_in % 8
    for i in range(0, eights, 8):
        k0 = w + i * stride
        k4 = k0 + 4 * stride
        w0, w1 = theta[uintp(k0)], theta[uintp(k0 + stride)]
        w2, w3 = theta[uintp(k0 + 2 * stride)], theta[uintp(k0 + 3 * stride)]
        w4, w5 = theta[uintp(k4)], theta[uintp(k4 + stride)]
        w6, w7 = theta[uintp(k4 + 2 * stride)], theta[uintp(k4 + 3 * stride)]
        h0, h1, h2, h3 = h[i], h[i + 1], h[i + 2], h[i + 3]
        h4, h5, h6, h7 = h[i + 4], h[i + 5], h[i + 6], h[i + 7]
        for s in range(n):
            a[s] = (
                a[s]
                + w0 * h0[s]
                + w1 * h1[s]
                + w2 * h2[s]
                + w3 * h3[s]
                + w4 * h4[s]
                + w5 * h5[s]
                + w6 * h6[s]
                + w7 * h7[s]
            )
    for i in range(eights, n_in):
        w0, h0 = theta[uintp(w + i * stride)], h[i]
        for s in range(n):
            a[s] += w0 * h0[s]


@compiled
def losses(layers, H, Y, D, n, n_batch):
    """Return the sum of the losses of n samples; D[-1] becomes their share in n_batch's mean.

    D[0], which nobody needs, takes the pixels' losses, and then the samples'.
    """
    total, last, share = 0.0, len(layers), H.dtype.type(1 / n_batch)
    loss, pixels, output, delta = layers[last - 1].loss, D[0], H[last], D[last]
    for j in range(len(Y)):
        pixel_losses(loss, output[j], Y[j], pixels[j], delta[j], n)
        for s in range(n):
            delta[j, s] *= share
    for j in range(1, len(Y)):
        for s in range(n):
            pixels[0, s] += pixels[j, s]
    for s in range(n):
        total += pixels[0, s]
    return total


@compiled
def backward(layers, theta, grad, H, D, T, n):
    """Add to ``grad`` what n samples say of it: the equations of `online.backward`."""
    for depth in range(len(layers) - 1, -1, -1):
        backward_layer(layers[depth], grad, H[depth], H[depth + 1], D[depth + 1], T, n)
        if depth > 0:
            multiply_transposed(layers[depth], theta, D[depth + 1], D[depth], n)


@compiled
def backward_layer(layer, grad, h, output, delta, T, n):
    """δ = dL/dh′ ⊙ g′, and dL/dW = [h, 1]ᵀ·δ for all samples together."""
    n_in, n_out, W = layer.n_in, layer.n_out, layer.start
    bias = W + n_in * n_out
    for j in range(n_out):
        multiply_by_slope(layer, output[j], delta[j], n)
        for s in range(n):
            T[s, j] = delta[j, s]
    for i in range(n_in):
        add_outer_product(grad, W + i * n_out, n_out, h[i], T, n)
    for s in range(n):
        for j in range(n_out):
            grad[uintp(bias + j)] += T[s, j]


@compiled
def multiply_transposed(layer, theta, delta, before, n):
    """dL/dh = δ·Wᵀ."""
    for i in range(layer.n_in):
        row = before[i]
        for s in range(n):
            row[s] = 0
        add_products(theta, layer.start + i * layer.n_out, 1, layer.n_out, delta, row, n)


@compiled
def add_outer_product(grad, row, n_out, h, T, n):
    """A row of dL/dW ← itself + Σ_s h[s]·δ[s], eight samples in one go."""
    eights = n - n % 8
    for s in range(0, eights, 8):
        h0, h1, h2, h3 = h[s], h[s + 1], h[s + 2], h[s + 3]
        h4, h5, h6, h7 = h[s + 4], h[s + 5], h[s + 6], h[s + 7]
        d0, d1, d2, d3 = T[s], T[s + 1], T[s + 2], T[s + 3]
        d4, d5, d6, d7 = T[s + 4], T[s + 5], T[s + 6], T[s + 7]
        for j in range(n_out):
            k = uintp(row + j)
            grad[k] = (
                grad[k]
                + h0 * d0[j]
                + h1 * d1[j]
                + h2 * d2[j]
                + h3 * d3[j]
                + h4 * d4[j]
                + h5 * d5[j]
                + h6 * d6[j]
                + h7 * d7[j]
            )
    for s in range(eights, n):
        h0, d0 = h[s], T[s]
        for j in range(n_out):
            grad[uintp(row + j)] += h0 * d0[j]
