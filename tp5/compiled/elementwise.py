"""What the activations and the losses do to a row of numbers."""

from __future__ import annotations

from .elementary import exp, log1p, tanh
from .forms import LOGISTIC, RELU, SQUARED_ERROR, TANH
from .jit import compiled


@compiled
def activate(layer, a, n):
    """H = g(a) for the first n numbers, in place."""
    if layer.activation == TANH:
        for j in range(n):
            a[j] = tanh(a[j])
    elif layer.activation == LOGISTIC:
        for j in range(n):
            a[j] = 0.5 + 0.5 * tanh(layer.parameter * a[j])
    elif layer.activation == RELU:
        for j in range(n):
            a[j] = a[j] if a[j] > 0 else layer.parameter * a[j]


@compiled
def multiply_by_slope(layer, h, delta, n):
    """δ = dL/dh ⊙ g′ for the first n numbers, in place; g′ is told by the output h."""
    if layer.activation == TANH:
        for j in range(n):
            delta[j] *= 1 - h[j] * h[j]
    elif layer.activation == LOGISTIC:
        for j in range(n):
            delta[j] *= 2 * layer.parameter * h[j] * (1 - h[j])
    elif layer.activation == RELU:
        for j in range(n):
            delta[j] *= 1 if h[j] > 0 else layer.parameter


@compiled
def pixel_losses(kind, a, y, loss, delta, n):
    """Write n pixels' losses, (a − y)² or a logit's cross-entropy, and their derivatives dL/da."""
    if kind == SQUARED_ERROR:
        for j in range(n):
            error = a[j] - y[j]
            loss[j] = error * error
            delta[j] = 2 * error
    else:
        for j in range(n):
            e = exp(-(700.0 if abs(a[j]) > 700.0 else abs(a[j])))  # e^(−|a|): no overflow
            p = (1.0 if a[j] > 0 else e) / (1.0 + e)
            loss[j] = max(a[j], 0.0) - a[j] * y[j] + log1p(e)
            delta[j] = p - y[j]


@compiled
def sample_losses(kind, A, Y, pixels, delta):
    """Return the mean loss of samples, which are rows here; write each one's dL/dA of the mean.

    ``pixels``, two rows, begins as zeros: the first becomes the loss of each pixel.
    """
    n_samples, n_pixels, total = len(A), A.shape[1], 0.0
    part, sums, losses = A.dtype.type(1 / n_samples), pixels[0], pixels[1]
    for s in range(n_samples):
        pixel_losses(kind, A[s], Y[s], losses, delta[s], n_pixels)
        for j in range(n_pixels):
            sums[j] += losses[j] * part
            delta[s, j] *= part
    for j in range(n_pixels):
        total += sums[j]
    return total
