"""The data set: 426 drawings, made, saved and read again."""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from ...checks import as_rng, at_least, readable
from ...files import atomic_write, data_path
from .pose import Pose, random_pose
from .scenes import draw_flork

SEED = 80
"""The seed of the drawings that the course ships."""


class Florks(NamedTuple):
    """The drawings of the course, as `load_florks` returns them.

    Attributes
    ----------
    X : ndarray of shape (n, size²), float32
        One drawing a row, in [0, 1]; white paper is 1.
    images : ndarray of shape (n, size, size), uint8
        The same drawings, 0 to 255.
    poses : list of Pose
        What was drawn.
    """

    X: np.ndarray
    images: np.ndarray
    poses: list[Pose]

    def __repr__(self) -> str:
        n, height, width = self.images.shape
        return f"Florks({n} drawings of {width}×{height}: X {self.X.shape} {self.X.dtype}, poses)"


def make_florks(
    n: int = 426, rng: int | np.random.Generator = SEED, size: int = 80
) -> tuple[np.ndarray, list[Pose]]:
    """Draw n random poses.

    The first ten of 426 are those of ``make_florks(10)`` with the same seed.

    Parameters
    ----------
    n : int
        How many, at least 1.
    rng : int or numpy.random.Generator
        Seed or source of chance.
    size : int
        Side of a picture in pixels.

    Returns
    -------
    images : ndarray of shape (n, size, size), uint8
        White paper is 255.
    poses : list of Pose
        What was drawn, in the same order.

    Raises
    ------
    ValueError
        If n is less than 1, or the size is not an integer from 8 to 1024.

    Examples
    --------
    >>> images, poses = make_florks(3, rng=0)
    >>> images.shape, len(poses)
    ((3, 80, 80), 3)
    """
    rng = as_rng(rng)
    poses = [random_pose(rng) for _ in range(at_least("n", n))]
    return np.stack([draw_flork(pose, size) for pose in poses]), poses


def save_florks(path: str | os.PathLike[str], images: np.ndarray, poses: Sequence[Pose]) -> None:
    """Write drawings and poses to one compressed file, a column for each part of a pose.

    Parameters
    ----------
    path : path
        The ``.npz`` file to write.
    images : ndarray of shape (n, size, size), uint8
        The drawings.
    poses : sequence of Pose
        What was drawn, in the same order.
    """
    columns: dict[str, Any] = {
        part.name: np.array([getattr(pose, part.name) for pose in poses]) for part in fields(Pose)
    }
    with atomic_write(path) as file:
        np.savez_compressed(file, images=images, **columns)


def load_florks(path: str | os.PathLike[str] | None = None) -> Florks:
    """Read the 426 drawings that the course ships, or a file of `save_florks`.

    Parameters
    ----------
    path : path, optional
        By default ``data/flork/florks.npz``.

    Returns
    -------
    Florks
        ``X`` of shape (426, 6400) in [0, 1], ``images`` and ``poses``.

    Raises
    ------
    FileNotFoundError
        If the file is missing.
    ValueError
        If the file is damaged.

    Examples
    --------
    >>> florks = load_florks()
    >>> florks.X.shape
    (426, 6400)
    >>> lean = [pose.lean for pose in florks.poses]  # a colour for each point of a map
    """
    path = data_path("flork/florks.npz") if path is None else readable(path)
    try:
        with np.load(path) as columns:  # allow_pickle is False: a data file cannot run code
            images = columns["images"]
            parts = {part.name: columns[part.name].tolist() for part in fields(Pose)}
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(
            f"{path} is damaged ({error}); fetch it again, or redraw it: "
            f"python -m tp5.datasets.flork"
        ) from error
    poses = [
        Pose(**dict(zip(parts, row, strict=True))) for row in zip(*parts.values(), strict=True)
    ]
    X = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
    return Florks(X, images, poses)


def redraw() -> None:
    """Write the file that the course ships again, and say its checksum."""
    path = data_path("flork") / "florks.npz"
    save_florks(path, *make_florks())
    print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path}")
