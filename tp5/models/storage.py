"""Models as files: an ``.npz`` with the weights, the history, and a line of JSON about them."""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from ..checks import ModelError
from ..files import atomic_write
from ..training.history import History

FORMAT_VERSION = 1

# What NumPy, zipfile and json raise at a damaged file.
DAMAGE = (
    *(OSError, ValueError, KeyError, IndexError, EOFError, AttributeError, TypeError),
    *(RuntimeError, NotImplementedError, MemoryError, zipfile.BadZipFile, zlib.error),
)

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


def write_model(model: Any, path: str | os.PathLike[str], compact: bool) -> None:
    """Write a model; see `LatentModel.save`."""
    theta = model.trained_theta()
    arrays: dict[str, Any] = pack(theta) if compact else {"theta": theta}
    about = {"format": FORMAT_VERSION, "kind": model.kind, "config": model.config()}
    if model.history is not None:
        history_arrays, about["message"] = model.history.to_arrays()
        arrays |= history_arrays
    with atomic_write(path) as file:
        np.savez_compressed(file, about=np.array(json.dumps(about)), **arrays)


def read_model(cls: Any, path: str | os.PathLike[str]) -> Any:
    """Read a model of a class; see `LatentModel.load`."""
    if not Path(path).exists():
        raise FileNotFoundError(f"{path}: there is no such file; save a model there first.")
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = json.loads(str(arrays.pop("about")))
        theta = unpack(arrays) if set(arrays) >= PACKED else arrays.pop("theta")
    except DAMAGE as why:
        reason = f"{path} is not a saved model, or is damaged ({why}); save it again."
        raise ModelError(reason) from None
    model = described_model(cls, path, about)
    model.theta = weights_of(model, path, theta)
    if arrays:
        model.history = history_of(model, path, arrays, about.get("message", ""))
    return model


def described_model(cls: Any, path: str | os.PathLike[str], about: Any) -> Any:
    """Return an untrained model of a class, as the file describes it."""
    if not isinstance(about, dict) or about.get("format") != FORMAT_VERSION:
        raise ModelError(
            f"{path} is of another version than this tp5 reads ({FORMAT_VERSION}); update tp5."
        )
    if about.get("kind") != cls.kind:
        raise ModelError(
            f"{path} holds a {about.get('kind')}, not a {cls.kind}; load it as what it is."
        )
    try:
        return cls(**about["config"])
    except (TypeError, ValueError, KeyError) as why:
        raise ModelError(f"{path} describes no valid model ({why}); save it again.") from None


def weights_of(model: Any, path: str | os.PathLike[str], theta: np.ndarray) -> np.ndarray:
    """Return the file's weights in the model's dtype, if they are weights of this model."""
    fits = theta.dtype.kind == "f" and theta.ndim == 2 and theta.shape[1] == model.n_params
    if not (fits and len(theta) and np.isfinite(theta).all()):
        raise ModelError(
            f"{path} has weights of shape {theta.shape}, but must have {model.n_params} finite "
            f"numbers for each run; save it again."
        )
    return theta.astype(model.dtype)


def history_of(
    model: Any, path: str | os.PathLike[str], arrays: dict[str, np.ndarray], message: str
) -> History:
    """Return the file's history, if it is one of this model's runs."""
    try:
        history = History.from_arrays(arrays, message)
        if history.loss.shape[1] != model.n_runs:
            raise ValueError(f"it is of other than {model.n_runs} runs")
    except DAMAGE as why:
        raise ModelError(f"{path} has a damaged history ({why}); save it again.") from None
    return history
