"""What is called, run or read: functions, executors, progress bars, files."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import Any

import numpy as np

from .sentence import shown


def as_callable(name: str, value: Any, arguments: str) -> Any:
    """Return a function; raise ValueError unless it takes such arguments, written "X, rng"."""
    try:
        inspect.signature(value).bind(*arguments.split(", "))
    except Exception as error:  # whatever an object says that is no function
        silent = callable(value) and str(error).startswith("no signature found")
        if not silent:  # some built-in functions do not tell what they take
            raise ValueError(
                f"{name} must be a callable {name}({arguments}), not {shown(value)}."
            ) from None
    return value


def as_switch(name: str, value: Any) -> bool:
    """Return True or False; raise ValueError if it is something else."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False, not {shown(value)}.")
    return bool(value)


def as_executor(executor: Any) -> Any:
    """Return an executor or None; raise ValueError if it is something that cannot run jobs."""
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise ValueError(
            f"executor must be a concurrent.futures.Executor, such as local_processes(), not "
            f"{shown(executor)}."
        )
    return executor


def as_progress(progress: Any) -> bool | None:
    """Return whether to show a bar: True, False or None; raise ValueError if it is none of them."""
    if progress is not None and not isinstance(progress, bool | np.bool_):
        raise ValueError(f"progress must be True, False or None, not {shown(progress)}.")
    return None if progress is None else bool(progress)


def readable(path: Any) -> Path:
    """Return the path of a file to read.

    Raises
    ------
    ValueError
        If it is no path.
    FileNotFoundError, IsADirectoryError
        If there is no such file, or it is a folder.
    """
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise ValueError(f"path must be the name of a file, not {shown(path)}.")
    name = os.fspath(path)
    if not name or "\0" in name:
        raise ValueError(f"{shown(name)} names no file; give a name.")
    if Path(name).is_dir():
        raise IsADirectoryError(f"{name} is a folder; add the name of a file.")
    if not Path(name).exists():
        raise FileNotFoundError(f"there is no file {name}.")
    return Path(name)
