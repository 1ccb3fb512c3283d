"""Weights of one byte each, for files that are shipped."""

from __future__ import annotations

import numpy as np

# A weight in a compact file is a whole number from −127 to 127 times its block's scale.
PACKED = {"theta_steps", "theta_scales", "theta_length"}
PACKED_BLOCK = 64


def pack(theta: np.ndarray) -> dict[str, np.ndarray]:
    """Round weights to one byte each: w ≈ step·scale, one scale for each 64 weights in a row.

    With scale = max|w|/127 in a block, no weight moves by more than half a scale
    (block-wise quantization, Dettmers et al. 2022, section 2.1).

    Parameters
    ----------
    theta : ndarray, shape (n_runs, n_params)

    Returns
    -------
    dict of str to ndarray
        For `unpack`: the steps, the scales, and how many weights a run has.
    """
    n_runs, n_params = theta.shape
    padded = np.pad(theta, ((0, 0), (0, -n_params % PACKED_BLOCK)))
    blocks = padded.reshape(n_runs, -1, PACKED_BLOCK)
    scales = (np.abs(blocks).max(axis=-1, keepdims=True) / 127).astype(np.float32)
    steps = np.rint(blocks / np.where(scales > 0, scales, 1)).astype(np.int8)
    return {"theta_steps": steps, "theta_scales": scales, "theta_length": np.array(n_params)}


def unpack(arrays: dict[str, np.ndarray]) -> np.ndarray:
    """Return θ, shape (n_runs, n_params), from what `pack` made; take it out of ``arrays``."""
    names = ("theta_steps", "theta_scales", "theta_length")
    steps, scales, n_params = (arrays.pop(name) for name in names)
    theta = steps * scales
    return theta.reshape(len(theta), -1)[:, : int(n_params)]
