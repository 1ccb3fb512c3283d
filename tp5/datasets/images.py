"""Your own pictures: a folder of image files becomes a matrix X, one picture a row.

>>> images = load_images("my_pictures")              # doctest: +SKIP
>>> model = Autoencoder((6400, 256, 2)).fit(images.X)  # doctest: +SKIP
>>> z = model.encode(images.X)                       # doctest: +SKIP
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
"""What is read. Pillow knows many more formats; few of their decoders are as well tried."""

EXTENSIONS = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")
"""How the names of pictures end. A picture under another name is read all the same."""

MAX_PIXELS = 64_000_000
"""A larger picture is refused before it is decoded: a small file can unfold to fill the memory."""

DARK_BORDER = 0.75
"""With more than this share of dark pixels on its border, a picture is white on black."""


class _Unreadable(ValueError):
    """A file that does not become a row of X; the message says why."""


@dataclass(frozen=True, eq=False)
class Images:
    """Pictures as an autoencoder wants them.

    Attributes
    ----------
    X : ndarray of shape (n, size²), float32
        One picture a row, in [0, 1]; white paper is 1. ``X[i].reshape(size, size)`` is picture i.
    names : list of str
        The file name of each row.
    skipped : dict of str to str
        The file names that are not in X, each with the reason.
    size : int
        Side of a picture in pixels.
    """

    X: np.ndarray
    names: list[str]
    skipped: dict[str, str] = field(default_factory=dict)
    size: int = 80

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        text = f"Images({len(self)} of {self.size}×{self.size}: X {self.X.shape} {self.X.dtype}"
        return text + (f"; skipped {_listed(self.skipped)})" if self.skipped else ")")


def load_images(
    folder: str | os.PathLike[str],
    size: int = 80,
    fit: Literal["pad", "stretch", "crop"] = "pad",
    invert: bool | Literal["auto"] = "auto",
    on_error: Literal["skip", "raise"] = "skip",
    progress: bool | None = None,
) -> Images:
    """Read every picture of a folder, grey and square.

    Reads PNG, JPEG, WebP, GIF (the first frame) and BMP, in natural order of their names
    (``flork2.png`` before ``flork10.png``). Photographs are turned upright, what is transparent
    becomes white, and a pixel of the result is the mean of the pixels that it covers. Folders
    inside the folder are not read.

    Parameters
    ----------
    folder : path
        Where the pictures are.
    size : int
        Side of the result in pixels, 1 to 1024.
    fit : {"pad", "stretch", "crop"}
        What happens to a picture that is not square: white margins, a distortion, or the square
        in its middle.
    invert : bool or "auto"
        Whether black and white change places. "auto" inverts a picture if more than three quarters
        of its outermost pixels are dark, so that the paper is white in all pictures.
    on_error : {"skip", "raise"}
        What happens to a picture that is empty, truncated, damaged or larger than 64 megapixels:
        leave it out, note why in ``skipped`` and warn once; or raise. What is neither readable
        nor named like a picture (``notes.txt``, a hidden file) is left out and noted in any case.
    progress : bool, optional
        Show a progress bar: at once (True), never (False), or if it takes longer than a second.

    Returns
    -------
    Images
        ``X`` of shape (n, size²) in [0, 1], ``names``, ``skipped`` and ``size``.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    ValueError
        If it is a file, holds no picture that can be read, or an option is unknown; with
        ``on_error="raise"``, if a picture cannot be read.

    Warns
    -----
    UserWarning
        Once, if files were skipped that are not hidden.

    Examples
    --------
    >>> images = load_images("my_pictures", fit="crop")  # doctest: +SKIP
    >>> images.X.shape  # doctest: +SKIP
    (31, 6400)
    """
    _check_options(size, fit, invert, on_error)
    folder = Path(folder).expanduser()
    rows: dict[str, np.ndarray] = {}
    skipped: dict[str, str] = {}
    for path in _with_progress(_files(folder), progress):
        try:
            rows[path.name] = _row(path, size, fit, invert)
        except _Unreadable as error:
            skipped[path.name] = str(error)
            if on_error == "raise" and _is_named_like_a_picture(path):
                raise ValueError(
                    f"cannot read {path}: {error}; remove it, or use on_error='skip'."
                ) from error
    _report(folder, rows, skipped)
    return Images(np.stack(list(rows.values())), list(rows), skipped, size)


def _report(folder: Path, rows: dict[str, np.ndarray], skipped: dict[str, str]) -> None:
    """Say what was left out, and raise if nothing is left."""
    if not rows:
        raise ValueError(
            f"no file in {folder} is a picture that can be read: {_listed(skipped)}; "
            "put PNG, JPEG, WebP, GIF or BMP files there."
        )
    visible = {name: why for name, why in skipped.items() if not name.startswith(".")}
    if visible:
        warnings.warn(f"{folder}: skipped {_listed(visible)}", stacklevel=3)


def _listed(skipped: dict[str, str], most: int = 5) -> str:
    """Return "2 files: a.png (the file is empty), b.png (…)", and not more than fits on a slide."""
    some = [f"{name} ({why})" for name, why in list(skipped.items())[:most]]
    more = [f"and {len(skipped) - most} more"] if len(skipped) > most else []
    return f"{len(skipped)} file{'s' * (len(skipped) > 1)}: {', '.join(some + more)}"


def _check_options(size: object, fit: object, invert: object, on_error: object) -> None:
    """Refuse what no picture could satisfy, before any file is opened."""
    whole = isinstance(size, int | np.integer) and not isinstance(size, bool)
    if not whole or not 1 <= size <= 1024:  # type: ignore[operator]
        raise ValueError(f"size={size!r} is no side of a picture; take an integer from 1 to 1024.")
    for name, value, known in (
        ("fit", fit, ("pad", "stretch", "crop")),
        ("invert", invert, (True, False, "auto")),
        ("on_error", on_error, ("skip", "raise")),
    ):
        if value not in known:
            raise ValueError(f"{name}={value!r} is unknown; choose one of {known}.")


def _files(folder: Path) -> list[Path]:
    """Return what is in the folder, in natural order."""
    if not folder.exists():
        raise FileNotFoundError(
            f"there is no folder {folder}; make it and put pictures there, or correct the path "
            f"(you are in {Path.cwd()})."
        )
    if not folder.is_dir():
        raise ValueError(f"{folder} is a file; give the folder that holds it: {folder.parent}")
    paths = sorted(folder.iterdir(), key=lambda path: (_natural(path.name), path.name))
    if not paths:
        raise ValueError(
            f"the folder {folder} is empty; put PNG, JPEG, WebP, GIF or BMP files there."
        )
    return paths


def _is_named_like_a_picture(path: Path) -> bool:
    return path.suffix.lower() in EXTENSIONS and not path.name.startswith(".")


def _natural(name: str) -> list[str | int]:
    """Return a sort key in which 2 comes before 10, and upper case counts as lower case."""
    parts = re.split(r"([0-9]+)", name.casefold())  # text, digits, text, …: types never mix
    return [int(part) if part.isdecimal() and part.isascii() else part for part in parts]


def _with_progress(paths: list[Path], progress: bool | None) -> Iterable[Path]:
    from tqdm.auto import tqdm

    return tqdm(paths, desc="pictures", delay=0 if progress else 1, disable=progress is False)


def _row(path: Path, size: int, fit: str, invert: bool | str) -> np.ndarray:
    """Return one file as a row of X, shape (size²,)."""
    grey = _read(path)
    if _is_white_on_black(grey) if invert == "auto" else invert:
        grey = 1 - grey
    return _square(grey, size, fit).ravel()


def _read(path: Path) -> np.ndarray:
    """Decode a file to grey values in [0, 1], shape (height, width)."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        _check_file(path)
        with Image.open(path, formats=FORMATS) as image:
            width, height = image.size  # from the header: nothing is decoded yet
            if width * height > MAX_PIXELS:
                raise _Unreadable(f"{width}×{height} pixels are too many")
            return _grey(ImageOps.exif_transpose(image))
    except _Unreadable:
        raise
    except UnidentifiedImageError:
        raise _Unreadable("not a PNG, JPEG, WebP, GIF or BMP picture") from None
    except PermissionError as error:
        raise _Unreadable("no permission to read it") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise _Unreadable("too many pixels") from error
    except Exception as error:  # on damaged bytes, a decoder may raise anything
        raise _Unreadable(f"damaged or truncated: {error}") from error


def _check_file(path: Path) -> None:
    """Refuse what is not worth opening, or would hang."""
    if path.name.startswith("."):
        raise _Unreadable("a hidden file")
    if path.is_dir():
        raise _Unreadable("a folder")
    if not path.is_file():  # opening a pipe would wait for ever
        raise _Unreadable("not a regular file: a broken link, a pipe or a device")
    if path.stat().st_size == 0:
        raise _Unreadable("the file is empty")


def _grey(image: Image.Image) -> np.ndarray:
    """Composite on white and return the brightness in [0, 1], shape (height, width), float32."""
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits a pixel; convert("L") would cut them at 255
        deep = np.asarray(image, dtype=np.float32)
        grey = np.clip(deep / np.float32(65535), 0, 1)
        return np.where(deep == image.info.get("transparency", -1), np.float32(1), grey)
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255)


def _is_white_on_black(grey: np.ndarray) -> bool:
    """Look at the outermost pixels: are they mostly dark?"""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return float(np.mean(border < 0.5)) > DARK_BORDER


def _square(grey: np.ndarray, size: int, fit: str) -> np.ndarray:
    """Bring (height, width) to (size, size); each new pixel is the mean of what it covers."""
    from PIL import Image

    height, width = grey.shape
    new_width = new_height = size
    box = (0.0, 0.0, float(width), float(height))
    if fit == "crop":
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        box = (left, top, left + side, top + side)
    elif fit == "pad":
        scale = size / max(width, height)
        new_width, new_height = max(1, round(width * scale)), max(1, round(height * scale))
    image = Image.fromarray(grey)
    small = np.asarray(image.resize((new_width, new_height), Image.Resampling.BOX, box))
    small = np.clip(small, 0, 1)  # a mean of ones may come out as 1.0000001
    paper = np.ones((size, size), dtype=np.float32)
    x, y = (size - new_width) // 2, (size - new_height) // 2
    paper[y : y + new_height, x : x + new_width] = small
    return paper
