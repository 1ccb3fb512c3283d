"""Models as files: an ``.npz`` with the weights, the history, and a line of JSON about them."""

from __future__ import annotations

import json
import math
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..checks import ModelError
from ..files import atomic_write
from ..networks import Activation, Loss, get_activation, get_loss
from ..training.history import History
from .packing import PACKED, pack, unpack

FORMAT_VERSION = 1


class StorageWarning(UserWarning):
    """A file gave less than it should have held."""


# A file may unfold to this much, and to a hundred times its own size: more is no model of ours.
UNFOLDED = 256e6
RATIO = 100


def write_model(model: Any, path: str | os.PathLike[str], compact: bool) -> None:
    """Write a model; see `LatentModel.save`."""
    arrays, own = contents(model, compact), own_parts(model)
    with atomic_write(path) as file:
        np.savez_compressed(file, **arrays)
    if own:
        handed = ", ".join(
            f"{kind}={{{', '.join(f'{name!r}: …' for name in names)}}}"
            for kind, names in own.items()
        )
        warnings.warn(
            f"{path} holds the names of what is your own and not its code; to read it again: "
            f"{type(model).__name__}.load(path, {handed}).",
            UserWarning,
            stacklevel=3,
        )


def contents(model: Any, compact: bool) -> dict[str, Any]:
    """Return the arrays of a trained model's file, by name."""
    theta = model.trained_theta()
    arrays: dict[str, Any] = pack(theta) if compact else {"theta": theta}
    about = {"format": FORMAT_VERSION, "kind": model.kind, "config": model.config()}
    if model.history is not None:
        history_arrays, about["message"] = model.history.to_arrays()
        arrays |= history_arrays
    return {"about": np.array(json.dumps(about)), **arrays}


def read_model(
    cls: Any,
    path: str | os.PathLike[str],
    activations: Mapping[str, Activation] | None = None,
    losses: Mapping[str, Loss] | None = None,
) -> Any:
    """Read a model of a class; see `LatentModel.load`.

    The headers are read first, so that a small file which would unfold to gigabytes is refused
    before it does. Weights with a history that is damaged are given without it, with a warning.
    """
    check_readable(path)
    try:
        with np.load(path, allow_pickle=False) as file:
            check_headers(file)
            about = json.loads(str(file["about"]))
            theta, names = read_theta(file)
            history_arrays = read_history(file, names)
    except Exception as why:  # what NumPy, zipfile, zlib and tokenize raise is no closed list
        reason = f"{path} is not a saved model, or is damaged ({in_short(why)}); save it again."
        raise ModelError(reason) from None
    given = {"activations": activations or {}, "losses": losses or {}}
    model = described_model(cls, path, about, given)
    model.theta = weights_of(model, path, theta)
    if history_arrays:
        model.history = history_of(model, path, history_arrays, about.get("message", ""))
    return model


def check_readable(path: str | os.PathLike[str]) -> None:
    """Raise OSError unless there is a file that we may read."""
    if not isinstance(path, str | os.PathLike) or not os.fspath(path):
        raise ValueError(f'path must be the name of a file, such as "model.npz", not {path!r}.')
    if not Path(path).exists():
        raise FileNotFoundError(f"{path}: there is no such file; save a model there first.")
    if not Path(path).is_file():
        raise ModelError(f"{path} is not a saved model but a folder or a device; name its file.")
    try:
        with Path(path).open("rb"):
            pass
    except OSError as why:
        raise type(why)(f"{path} may be a model, but cannot be read: {why.strerror}.") from None


def in_short(why: Exception) -> str:
    """Return the first line of what an error says, or its name if it says nothing."""
    return (str(why).splitlines() or [type(why).__name__])[0][:200]


def check_headers(file: Any) -> None:
    """Raise ValueError if the arrays of an ``.npz`` would be larger than a model's ever are."""
    total = sum(unfolded_size(file, member) for member in file.zip.namelist())
    packed = Path(file.zip.filename).stat().st_size
    if total > UNFOLDED + RATIO * packed:
        raise ValueError(f"it has {packed / 1e6:.3g} MB and would unfold to {total / 1e9:.3g} GB")


def unfolded_size(file: Any, member: str) -> int:
    """Return the bytes that an array needs, by its header; 0 if it has none that can be read."""
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    try:
        with file.zip.open(member) as stream:
            shape, _, dtype = readers[np.lib.format.read_magic(stream)](stream)
    except Exception:  # nor can the array be read then
        return 0
    return math.prod(shape) * dtype.itemsize


def read_theta(file: Any) -> tuple[np.ndarray, set[str]]:
    """Return the weights of a file, and the names of its other arrays: a history's."""
    names = set(file.files) - {"about"}
    if names >= PACKED:
        return unpack({name: file[name] for name in PACKED}), names - PACKED
    return file["theta"], names - {"theta"}


def read_history(file: Any, names: set[str]) -> dict[str, Any]:
    """Return a history's arrays; in place of one that cannot be read, what was wrong with it."""
    arrays: dict[str, Any] = {}
    for name in sorted(names):
        try:
            arrays[name] = file[name]
        except Exception as why:
            arrays[name] = f"{name}: {in_short(why)}"
    return arrays


def described_model(
    cls: Any, path: str | os.PathLike[str], about: Any, given: Mapping[str, Mapping[str, Any]]
) -> Any:
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
        config = dict(about["config"])
        config = {name: own(name, value, given) for name, value in config.items()}
        return cls(**config)
    except (TypeError, ValueError, KeyError, OverflowError, MemoryError) as why:
        raise ModelError(f"{path} describes no valid model ({why}); save it again.") from None


ACTIVATIONS = ("activation", "latent_activation", "output_activation")  # of a model


def own(name: str, value: Any, given: Mapping[str, Mapping[str, Any]]) -> Any:
    """Return a model's argument; for the name of somebody's own part what was handed in for it."""
    kind = "losses" if name == "loss" else "activations" if name in ACTIVATIONS else ""
    if not kind or not isinstance(value, str) or ours(kind, value) is not None:
        return value
    if value not in given[kind]:
        raise ValueError(
            f"its {name} {value!r} is somebody's own: load(path, {kind}={{{value!r}: …}})"
        )
    return given[kind][value]


def own_parts(model: Any) -> dict[str, list[str]]:
    """Return the names of what a model has that is not the course's, by where `load` takes it.

    Raises
    ------
    ValueError
        If it bears the name of one of ours, which `load` would take in its place.
    """
    parts: list[tuple[str, str, Any]] = [("losses", model.loss_function.name, model.loss_function)]
    named = [getattr(model, name) for name in ACTIVATIONS if hasattr(model, name)]
    parts += [("activations", str(g), g) for g in named]
    found: dict[str, list[str]] = {}
    for kind, name, part in parts:
        same = ours(kind, name)
        if same is None and name not in found.setdefault(kind, []):
            found[kind].append(name)
        elif same is not None and type(same) is not type(part):
            raise ValueError(
                f"{type(part).__name__} is your own and bears the name of the course's {name!r}, "
                f"which would be loaded in its place; give it a name of its own."
            )
    return found


def ours(kind: str, name: str) -> Activation | Loss | None:
    """Return the course's activation or loss of that name, if there is one."""
    try:
        return get_loss(name) if kind == "losses" else get_activation(name)
    except ValueError:
        return None


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
    model: Any, path: str | os.PathLike[str], arrays: dict[str, Any], message: object
) -> History | None:
    """Return the file's history, if it is one of this model's runs; else warn, and return None."""
    try:
        for array in arrays.values():
            if isinstance(array, str):
                raise ValueError(array)
        history = History.from_arrays(arrays, str(message))
        if history.loss.shape[1] != model.n_runs or not len(history.loss):
            raise ValueError(f"it is of other than {model.n_runs} runs")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as why:
        warnings.warn(
            f"{path} has a damaged history ({why}): the weights are whole and are here, what is "
            f"known of their training is not.",
            StorageWarning,
            stacklevel=4,
        )
        return None
    return history
