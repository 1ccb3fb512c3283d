"""Weights on their way into a page: with 32, 16 or 8 bits each, and what the fewer bits cost."""

from __future__ import annotations

from typing import Any

import numpy as np

from .dense import KINDS

BITS = (32, 16, 8)


def pack(layers: list[dict[str, Any]], weights: np.ndarray, bits: int) -> bytes:
    """Return the weights of `tp5.explorer.dense.dense` as bytes, for ``weights.js``.

    With 8 bits each unit has a scale of its own, the largest of its weights is ±127 steps of it.
    The bytes are the scales and the biases of all layers as float32, then the weights as int8.
    """
    if bits == 32:
        return weights.astype(np.float32).tobytes()
    if bits == 16:
        with np.errstate(over="ignore"):
            return weights.astype(np.float16).tobytes()
    scales, biases, steps = [], [], []
    for W in matrices(layers, weights):
        scale = np.abs(W[:-1]).max(axis=0) / 127
        scale[scale == 0] = 1
        scales.append(scale)
        biases.append(W[-1])
        steps.append(np.rint(W[:-1] / scale).astype(np.int8))
    floats = np.concatenate([np.concatenate(pair) for pair in zip(scales, biases, strict=True)])
    return floats.astype(np.float32).tobytes() + b"".join(step.tobytes() for step in steps)


def unpack(layers: list[dict[str, Any]], content: bytes, bits: int) -> np.ndarray:
    """Return the weights that `pack` has packed, as float32, one axis."""
    if bits > 8:
        return np.frombuffer(content, np.float32 if bits == 32 else np.float16).astype(np.float32)
    n_floats = 2 * sum(layer["n_out"] for layer in layers)
    floats = np.frombuffer(content, np.float32, n_floats)
    steps = np.frombuffer(content, np.int8, offset=4 * n_floats)
    found, a, b = [], 0, 0
    for layer in layers:
        n_in, n_out = layer["n_in"], layer["n_out"]
        scale, bias = floats[a : a + n_out], floats[a + n_out : a + 2 * n_out]
        W = steps[b : b + n_in * n_out].reshape(n_in, n_out) * scale
        found += [W.ravel(), bias]
        a, b = a + 2 * n_out, b + n_in * n_out
    return np.concatenate(found)


def matrices(layers: list[dict[str, Any]], weights: np.ndarray) -> list[np.ndarray]:
    """Return the matrix of each layer, shape (n_in + 1, n_out), the biases last."""
    found, start = [], 0
    for layer in layers:
        size = (layer["n_in"] + 1) * layer["n_out"]
        found.append(weights[start : start + size].reshape(-1, layer["n_out"]))
        start += size
    return found


def forward(layers: list[dict[str, Any]], weights: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Return what ``dense.js`` computes, layer by layer, shape (n_samples, n_out)."""
    kinds = {kind.name: kind for kind in KINDS}
    for layer, W in zip(layers, matrices(layers, weights), strict=True):
        kind = kinds[layer["activation"]]
        g = kind(layer["parameter"]) if KINDS[kind] else kind()
        h = g.value(h @ W[:-1] + W[-1])
    return h


def error_of(
    layers: list[dict[str, Any]], weights: np.ndarray, bits: int, inputs: np.ndarray
) -> float:
    """Return the largest change of an output by packing; infinite where a weight does not fit.

    Parameters
    ----------
    layers, weights
        As `tp5.explorer.dense.dense` returns them.
    bits : {32, 16, 8}
    inputs : ndarray, shape (n_samples, n_in)
    """
    rounded = unpack(layers, pack(layers, weights, bits), bits)
    if not np.isfinite(rounded).all():
        return np.inf
    exact = forward(layers, weights, inputs)
    return float(np.abs(forward(layers, rounded, inputs) - exact).max())
