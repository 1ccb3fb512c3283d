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
    """One layer of it, two units in one go: what comes in is then fetched once for both."""
    W, n_out, pairs = layer.start, layer.n_out, layer.n_out - layer.n_out % 2
    for j in range(0, pairs, 2):
        start_unit(layer, theta, j, a[j], n)
        start_unit(layer, theta, j + 1, a[j + 1], n)
        add_two_products(theta, W + j, W + j + 1, n_out, layer.n_in, h, a[j], a[j + 1], n)
        activate(layer, a[j], n)
        activate(layer, a[j + 1], n)
    for j in range(pairs, n_out):
        forward_unit(layer, theta, j, h, a[j], n)


@compiled
def forward_unit(layer, theta, j, h, a, n):
    """One unit of that layer: h′_j = g(Σ_i h_i·W_ij + b_j)."""
    start_unit(layer, theta, j, a, n)
    add_products(theta, layer.start + j, layer.n_out, layer.n_in, h, a, n)
    activate(layer, a, n)


@compiled
def start_unit(layer, theta, j, a, n):
    """A_j ← b_j."""
    bias = theta[uintp(layer.start + layer.n_in * layer.n_out + j)]
    for s in range(n):
        a[s] = bias


@compiled
def add_products(theta, w, stride, n_in, h, a, n):
    """A ← a + Σ_i θ[w + i·stride]·h[i] for n samples, four inputs in one go."""
    fours = n_in - n_in % 4
    for i in range(0, fours, 4):
        k = w + i * stride
        w0, w1 = theta[uintp(k)], theta[uintp(k + stride)]
        w2, w3 = theta[uintp(k + 2 * stride)], theta[uintp(k + 3 * stride)]
        h0, h1, h2, h3 = h[i], h[i + 1], h[i + 2], h[i + 3]
        for s in range(n):
            a[s] = a[s] + w0 * h0[s] + w1 * h1[s] + w2 * h2[s] + w3 * h3[s]
    for i in range(fours, n_in):
        w0, h0 = theta[uintp(w + i * stride)], h[i]
        for s in range(n):
            a[s] += w0 * h0[s]


@compiled
def add_two_products(theta, w, v, stride, n_in, h, a, b, n):
    """The same for two at once: a ← a + Σ_i θ[w + i·stride]·h[i], b likewise from θ[v] on."""
    fours = n_in - n_in % 4
    for i in range(0, fours, 4):
        k, m = w + i * stride, v + i * stride
        w0, w1 = theta[uintp(k)], theta[uintp(k + stride)]
        w2, w3 = theta[uintp(k + 2 * stride)], theta[uintp(k + 3 * stride)]
        v0, v1 = theta[uintp(m)], theta[uintp(m + stride)]
        v2, v3 = theta[uintp(m + 2 * stride)], theta[uintp(m + 3 * stride)]
        h0, h1, h2, h3 = h[i], h[i + 1], h[i + 2], h[i + 3]
        for s in range(n):
            a[s] = a[s] + w0 * h0[s] + w1 * h1[s] + w2 * h2[s] + w3 * h3[s]
            b[s] = b[s] + v0 * h0[s] + v1 * h1[s] + v2 * h2[s] + v3 * h3[s]
    for i in range(fours, n_in):
        w0, v0, h0 = theta[uintp(w + i * stride)], theta[uintp(v + i * stride)], h[i]
        for s in range(n):
            a[s] += w0 * h0[s]
            b[s] += v0 * h0[s]


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
    """dL/dh = δ·Wᵀ, two inputs in one go."""
    W, n_in, n_out, pairs = layer.start, layer.n_in, layer.n_out, layer.n_in - layer.n_in % 2
    for i in range(n_in):
        row = before[i]
        for s in range(n):
            row[s] = 0
    for i in range(0, pairs, 2):
        w, v = W + i * n_out, W + (i + 1) * n_out
        add_two_products(theta, w, v, 1, n_out, delta, before[i], before[i + 1], n)
    for i in range(pairs, n_in):
        add_products(theta, W + i * n_out, 1, n_out, delta, before[i], n)


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
