"""One picture: from a file of any format to brightness or colours in [0, 1], of any size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
"""What is read. Pillow knows many more formats; few of their decoders are as well tried."""

KINDS = "PNG, JPEG, WebP, GIF, BMP, TIFF or PGM"

EXTENSIONS = (
    *(".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"),
    *(".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pnm"),
)
"""How the names of pictures end. A picture under another name is read all the same."""

MAX_PIXELS = 64_000_000
"""A larger picture is refused before it is decoded: a small file can unfold to fill the memory."""

DARK_BORDER = 0.75
"""With more than this share of dark pixels on its border, a picture is white on black."""

LEFTOVERS = ("thumbs.db", "ehthumbs.db", "desktop.ini")
"""What Windows leaves in a folder of pictures; other systems' leftovers begin with a point."""


class Unreadable(ValueError):
    """A file that does not become a picture; the message says why."""


def is_named_like_a_picture(path: Path) -> bool:
    """Tell whether a name promises a picture."""
    return path.suffix.lower() in EXTENSIONS and not is_leftover(path)


def is_leftover(path: Path) -> bool:
    """Tell whether nobody put this file here on purpose."""
    return path.name.startswith(".") or path.name.lower() in LEFTOVERS


def read_picture(path: Path, mode: str = "L") -> np.ndarray:
    """Decode a file.

    Parameters
    ----------
    path : Path
    mode : {"L", "RGB"}
        Grey, or colour.

    Returns
    -------
    ndarray, shape (height, width) or (height, width, 3), float32, in [0, 1]

    Raises
    ------
    Unreadable
        If it is no picture, damaged, or larger than 64 megapixels.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        _check_file(path)
        with Image.open(path, formats=FORMATS) as image:
            width, height = image.size  # from the header: nothing is decoded yet
            if width * height > MAX_PIXELS:
                raise Unreadable(f"{width}×{height} pixels are too many")
            return _values(ImageOps.exif_transpose(image), mode)
    except Unreadable:
        raise
    except UnidentifiedImageError:
        if path.suffix.lower() in (".npy", ".npz", ".csv", ".gz"):
            raise Unreadable("a file of many pictures? give load_images this file") from None
        raise Unreadable(f"not a {KINDS} picture") from None
    except PermissionError as error:
        raise Unreadable("no permission to read it") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise Unreadable("too many pixels") from error
    except Exception as error:  # on damaged bytes, a decoder may raise anything
        raise Unreadable(f"damaged or truncated: {error}") from error


def _check_file(path: Path) -> None:
    """Refuse what is not worth opening, or would hang."""
    if is_leftover(path):
        raise Unreadable("a hidden file")
    if path.is_dir():
        raise Unreadable("a folder")
    if not path.is_file():  # opening a pipe would wait for ever
        raise Unreadable("not a regular file: a broken link, a pipe or a device")
    if path.stat().st_size == 0:
        raise Unreadable("the file is empty")


def _values(image: Image.Image, mode: str) -> np.ndarray:
    """Composite on white and return what is seen, in [0, 1], float32."""
    from PIL import Image

    if image.mode[0] in "IF":  # 16 bits a pixel, or floats; convert("L") would cut them at 255
        deep = np.asarray(image, dtype=np.float32)
        grey = np.clip(deep / np.float32(65535), 0, 1) if image.mode[0] == "I" else deep
        if not (grey.min() >= 0 and grey.max() <= 1):
            raise Unreadable(f"floats from {grey.min():g} to {grey.max():g}, not in [0, 1]")
        grey = np.where(deep == image.info.get("transparency", -1), np.float32(1), grey)
        return grey if mode == "L" else np.repeat(grey[..., None], 3, axis=2)
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return np.asarray(image.convert(mode), dtype=np.float32) / np.float32(255)


def is_white_on_black(picture: np.ndarray) -> bool:
    """Look at the outermost pixels, shape (height, width): are they mostly dark?"""
    border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    return float(np.mean(border < 0.5)) > DARK_BORDER


def square(picture: np.ndarray, size: int, fit: str) -> np.ndarray:
    """Bring a picture to (size, size); each new pixel is the mean of what it covers.

    Margins, where ``fit`` is "pad", are NaN: which colour paper has is known when all pictures are.
    """
    if picture.ndim == 3:
        channels = np.moveaxis(picture, -1, 0)
        return np.stack([square(channel, size, fit) for channel in channels], axis=-1)
    from PIL import Image

    height, width = picture.shape
    new_width = new_height = size
    box = (0.0, 0.0, float(width), float(height))
    if fit == "crop":
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        box = (left, top, left + side, top + side)
    elif fit == "pad":
        scale = size / max(width, height)
        new_width, new_height = max(1, round(width * scale)), max(1, round(height * scale))
    image = Image.fromarray(np.ascontiguousarray(picture))
    small = np.asarray(image.resize((new_width, new_height), Image.Resampling.BOX, box))
    paper = np.full((size, size), np.nan, dtype=np.float32)
    x, y = (size - new_width) // 2, (size - new_height) // 2
    # A mean of ones may come out as 1.0000001.
    paper[y : y + new_height, x : x + new_width] = np.clip(small, 0, 1)
    return paper


# --- Sheets ----------------------------------------------------------------------------------


def cut(sheet: np.ndarray, tiles: tuple[int, int]) -> list[np.ndarray]:
    """Cut a sheet into its tiles, row by row."""
    rows = np.array_split(sheet, tiles[0], axis=0)
    return [tile for row in rows for tile in np.array_split(row, tiles[1], axis=1)]


def tiles_of(picture: np.ndarray) -> tuple[int, int] | None:
    """Return how a picture divides into equal tiles, each with ink in it and paper around it."""
    height, width = picture.shape[:2]
    if height * width > 4_000_000:  # no sheet, or one that would take seconds
        return None
    ink = np.abs(picture - picture[0, 0]).reshape(height, width, -1).max(axis=-1) > 0.1
    for rows, columns in sorted(np.ndindex(33, 33), key=lambda pair: -pair[0] * pair[1]):
        if rows * columns < 4 or height % rows or width % columns:
            continue
        tile = ink.reshape(rows, height // rows, columns, width // columns)
        edges = tile[:, [0, -1]].any() or tile[..., [0, -1]].any()
        if min(tile.shape[1], tile.shape[3]) >= 8 and not edges and tile.any(axis=(1, 3)).all():
            return rows, columns
    return None
