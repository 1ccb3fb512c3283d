"""The passes for many samples at once, which lie side by side in memory.

`H[l, j, s]` is the output of unit j in layer l for sample s, `D[l, j, s]` its dL/dH. Each weight is
fetched once for all samples, and the inner loops run along them. The additions of each unit have
the order of `tp5.compiled.online`, and so the outputs have the same bits.
"""

from __future__ import annotations

from numpy import uintp

from .elementwise import activate, multiply_by_slope, pixel_losses
from .jit import compiled


@compiled
def forward(layers, theta, H, n):
    """H ← g([h, 1]·W), layer by layer, for n samples whose input stands in H[0]."""
    for layer in range(len(layers.widths) - 1):
        forward_layer(layers, theta, layer, H, n)


@compiled
def forward_layer(layers, theta, layer, H, n):
    """One layer of it."""
    for unit in range(layers.widths[layer + 1]):
        forward_unit(layers, theta, layer, unit, H, n)


@compiled
def forward_unit(layers, theta, layer, j, H, n):
    """One unit of that layer: h′_j = g(Σ_i h_i·W_ij + b_j)."""
    n_in, n_out, W = layers.widths[layer], layers.widths[layer + 1], layers.starts[layer]
    h, a = H[layer], H[layer + 1]
    for s in range(n):
        a[j, s] = theta[uintp(W + n_in * n_out + j)]
    add_products(theta, W + j, n_out, n_in, h, a, j, n)
    activate(layers.activations[layer], layers.parameters[layer], a, j, n)


@compiled
def add_products(theta, w, stride, n_in, h, a, row, n):
    """a[row] ← a[row] + Σ_i θ[w + i·stride]·h[i] for n samples, four inputs in one go."""
    fours = n_in - n_in % 4
    for i in range(0, fours, 4):
        w0 = theta[uintp(w + i * stride)]
        w1 = theta[uintp(w + (i + 1) * stride)]
        w2 = theta[uintp(w + (i + 2) * stride)]
        w3 = theta[uintp(w + (i + 3) * stride)]
        for s in range(n):
            a[row, s] = (
                a[row, s] + w0 * h[i, s] + w1 * h[i + 1, s] + w2 * h[i + 2, s] + w3 * h[i + 3, s]
            )
    for i in range(fours, n_in):
        w0 = theta[uintp(w + i * stride)]
        for s in range(n):
            a[row, s] += w0 * h[i, s]


@compiled
def losses(layers, H, Y, D, n, n_batch):
    """Return the sum of the losses of n samples; D[-1] becomes their share in n_batch's mean.

    D[0], which nobody needs, takes the pixels' losses, and then the samples'.
    """
    total, last, share = 0.0, len(layers.widths) - 1, H.dtype.type(1 / n_batch)
    for j in range(layers.widths[last]):
        pixel_losses(layers.loss, H[last, j], Y[j], D[0, j], D[last, j], n)
        for s in range(n):
            D[last, j, s] *= share
    for j in range(1, layers.widths[last]):
        for s in range(n):
            D[0, 0, s] += D[0, j, s]
    for s in range(n):
        total += D[0, 0, s]
    return total


@compiled
def backward(layers, theta, grad, H, D, T, n):
    """Add to ``grad`` what n samples say of it: the equations of `online.backward`."""
    for layer in range(len(layers.widths) - 2, -1, -1):
        n_in, n_out, W = layers.widths[layer], layers.widths[layer + 1], layers.starts[layer]
        kind, parameter = layers.activations[layer], layers.parameters[layer]
        h, delta, before = H[layer], D[layer + 1], D[layer]
        for j in range(n_out):
            multiply_by_slope(kind, parameter, H[layer + 1], delta, j, n)
            for s in range(n):
                T[s, j] = delta[j, s]
        for i in range(n_in):
            add_outer_product(grad, W + i * n_out, n_out, h, i, T, n)
        for s in range(n):
            for j in range(n_out):
                grad[uintp(W + n_in * n_out + j)] += T[s, j]
        if layer > 0:
            for i in range(n_in):
                for s in range(n):
                    before[i, s] = 0
                add_products(theta, W + i * n_out, 1, n_out, delta, before, i, n)


@compiled
def add_outer_product(grad, row, n_out, h, i, T, n):
    """A row of dL/dW ← itself + Σ_s h[i, s]·δ[s], four samples in one go."""
    fours = n - n % 4
    for s in range(0, fours, 4):
        h0, h1, h2, h3 = h[i, s], h[i, s + 1], h[i, s + 2], h[i, s + 3]
        for j in range(n_out):
            grad[uintp(row + j)] = (
                grad[uintp(row + j)]
                + h0 * T[s, j]
                + h1 * T[s + 1, j]
                + h2 * T[s + 2, j]
                + h3 * T[s + 3, j]
            )
    for s in range(fours, n):
        h0 = h[i, s]
        for j in range(n_out):
            grad[uintp(row + j)] += h0 * T[s, j]
