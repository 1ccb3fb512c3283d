"""Your own pictures: whatever they are kept in becomes a matrix X, one picture a row.

>>> import numpy as np
>>> from tp5 import Autoencoder
>>> pictures = np.random.default_rng(0).random((30, 8, 8))  # or load_images("my_pictures")
>>> images = Images.from_array(pictures)
>>> model = Autoencoder((64, 16, 2, 16, 64)).fit(images.X, epochs=2, rng=0, progress=False)
>>> model.encode(images.X).shape
(30, 2)
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..progress import progress_bar
from .picture_folders import picture_files
from .picture_matrix import Images, images_of, listed, resized
from .pictures import (
    KINDS,
    Unreadable,
    cut,
    is_leftover,
    is_named_like_a_picture,
    is_white_on_black,
    read_picture,
    square,
    tiles_of,
)
from .pixel_files import read_pixels


def load_images(
    source: str | os.PathLike[str],
    size: int | None = None,
    fit: Literal["pad", "stretch", "crop"] = "pad",
    invert: bool | Literal["auto"] = "auto",
    on_error: Literal["skip", "raise"] = "skip",
    progress: bool | None = None,
    mode: Literal["L", "RGB"] = "L",
    tiles: tuple[int, int] | None = None,
) -> Images:
    """Read every picture of a folder, grey and square; or a file that holds many.

    Reads PNG, JPEG, WebP, GIF (the first frame), BMP, TIFF and PGM, in natural order of their
    names (``flork2.png`` before ``flork10.png``). Photographs are turned upright, what is
    transparent becomes white, and a pixel of the result is the mean of the pixels that it covers.
    A folder that holds folders of pictures, and none of its own, is read as a folder a class.

    Files of many pictures are IDX (MNIST's), CSV with a line a picture, ``.npy`` and ``.npz``; a
    label is a column called so, or the first where there is one too many.

    Parameters
    ----------
    source : path
        The folder, or the file.
    size : int, optional
        Side of the result in pixels, 1 to 1024: 80, or as it is in a file of many pictures.
    fit : {"pad", "stretch", "crop"}
        What happens to a picture that is not square: white margins, a distortion, or the square
        in its middle.
    invert : bool or "auto"
        Whether black and white change places, in all pictures. "auto" inverts them if more than
        half are dark on more than three quarters of their border, so that paper is white. Colours
        are not inverted. What was decided, and which pictures look otherwise, is in the repr.
    on_error : {"skip", "raise"}
        What happens to a picture that is empty, truncated, damaged or larger than 64 megapixels:
        leave it out, note why in ``skipped`` and warn once; or raise. What is neither readable
        nor named like a picture (``notes.txt``, a hidden file) is left out and noted in any case.
    progress : bool, optional
        Show a progress bar: at once (True), never (False), or if it takes longer than a second.
    mode : {"L", "RGB"}
        Grey, or colour.
    tiles : (int, int), optional
        Rows and columns of small pictures in each file, if it is a sheet; empty ones are skipped.

    Returns
    -------
    Images
        ``X`` of shape (n, size²) in [0, 1], or (n, size²·3) in colour, ``names``, ``labels``…

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    ValueError
        If it holds no picture that can be read, or an option is unknown; with
        ``on_error="raise"``, if a picture cannot be read.

    Warns
    -----
    UserWarning
        Once, if files were skipped that nobody left there by accident; if a single picture looks
        like a sheet; if each picture is of one colour.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> folder = Path(tempfile.mkdtemp())
    >>> for grey in (0, 100, 200):
    ...     picture = Image.new("L", (90, 60), "white")
    ...     picture.paste(grey, (30, 20, 60, 40))
    ...     picture.save(folder / f"{grey}.png")
    >>> load_images(folder, size=30)
    Images(3 of 30×30: X (3, 900) float32)
    """
    _check_options(size, fit, invert, on_error, mode, tiles)
    source = Path(source).expanduser()
    many = read_pixels(source) if source.is_file() else None
    if many is not None:
        images = Images.from_array(*many, invert=invert)
        return images if size is None else resized(images, size, fit)
    found = _Found()
    files = picture_files(source)
    for position in progress_bar(len(files), progress, desc="pictures"):
        path, name, label = files[position]
        try:
            found.add(read_picture(path, mode), name, label, size or 80, fit, tiles)
        except Unreadable as error:
            found.skipped[name] = str(error)
            if on_error == "raise" and is_named_like_a_picture(path):
                raise ValueError(
                    f"cannot read {path}: {error}; remove it, or use on_error='skip'."
                ) from error
    _report(source, found)
    labels = None if None in found.labels else [str(label) for label in found.labels]
    images = images_of(found.rows, found.names, found.skipped, labels, invert, found.dark)
    if np.ptp(images.X, axis=1).max() < 1 / 255:
        remedy = "look at one of them, and at fit, size and invert"
        warnings.warn(f"{source}: each picture is of a single colour; {remedy}", stacklevel=2)
    return images


class _Found:
    """The pictures of a folder, as they are read one after the other."""

    def __init__(self) -> None:
        self.rows: list[np.ndarray] = []
        self.names: list[str] = []
        self.labels: list[str | None] = []
        self.dark: list[bool] = []  # whether each is white on black
        self.skipped: dict[str, str] = {}
        self.sheet: tuple[int, int] | None = None  # what the last one looks like

    def add(
        self,
        picture: np.ndarray,
        name: str,
        label: str | None,
        size: int,
        fit: str,
        tiles: tuple[int, int] | None,
    ) -> None:
        """Add a picture, or the pictures of a sheet."""
        parts = {name: picture}
        if tiles is not None:
            places = np.ndindex(*tiles)
            pairs = zip(places, cut(picture, tiles), strict=True)
            parts = {f"{name} {row},{column}": tile for (row, column), tile in pairs}
        elif not self.rows:
            self.sheet = tiles_of(picture)
        for part_name, part in parts.items():
            if part.size == 0 or (tiles is not None and np.ptp(part) < 1 / 255):
                self.skipped[part_name] = "an empty tile"
                continue
            self.rows.append(square(part, size, fit))
            self.dark.append(part.ndim == 2 and is_white_on_black(part))
            self.names.append(part_name)
            self.labels.append(label)


def _report(source: Path, found: _Found) -> None:
    """Say what was left out and what looks odd, and raise if nothing is left."""
    if not found.rows:
        raise ValueError(
            f"no file in {source} is a picture that can be read: {listed(found.skipped)}; "
            f"put {KINDS} files there."
        )
    visible = {name: why for name, why in found.skipped.items() if not is_leftover(Path(name))}
    if visible:
        warnings.warn(f"{source}: skipped {listed(visible)}", stacklevel=3)
    if found.sheet and len(found.rows) == 1:
        reason = "looks like a sheet of {}×{} pictures; if it is one, give tiles=({}, {})"
        warnings.warn(f"{found.names[0]} {reason.format(*found.sheet, *found.sheet)}", stacklevel=3)


def _check_options(
    size: object, fit: object, invert: object, on_error: object, mode: object, tiles: Any
) -> None:
    """Refuse what no picture could satisfy, before any file is opened."""
    whole = isinstance(size, int | np.integer) and not isinstance(size, bool)
    if size is not None and not (whole and 1 <= size <= 1024):  # type: ignore[operator]
        raise ValueError(f"size={size!r} is no side of a picture; take an integer from 1 to 1024.")
    for name, value, known in (
        ("fit", fit, ("pad", "stretch", "crop")),
        ("invert", invert, (True, False, "auto")),
        ("on_error", on_error, ("skip", "raise")),
        ("mode", mode, ("L", "RGB")),
    ):
        if value not in known:
            raise ValueError(f"{name}={value!r} is unknown; choose one of {known}.")
    counts = tiles if isinstance(tiles, tuple | list) and len(tiles) == 2 else (0,)
    if tiles is not None and not all(isinstance(n, int) and 1 <= n <= 1000 for n in counts):
        raise ValueError(f"tiles={tiles!r} is no number of rows and of columns, such as (2, 4).")
