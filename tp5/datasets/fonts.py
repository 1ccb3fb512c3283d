"""Reading fonts from any file.

``load_fonts`` asks of a file one question: where in it are lists of numbers that can be glyphs? Who
takes the file apart, and finds glyphs and their names in it, is `tp5.datasets.font_files`; what a
font is, `tp5.datasets.font`.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from ..checks import picture_shape
from ..files import data_path
from .font import Font, FontError, all_characters
from .font_files import File, Size, Unreadable, named

__all__ = ["Font", "FontError", "all_characters", "load_fonts"]

MAX_BYTES = 1_000_000  # 96 characters take about 6 kB; more than this is some other file


def load_fonts(
    path: str | os.PathLike[str] | None = None,
    *,
    shape: tuple[int, int] = (7, 5),
    columns: bool = False,
    mirror: bool | None = None,
    invert: bool | None = None,
) -> list[Font]:
    """Read the fonts of any file: a ``font.h``, Python, JSON, a notebook, CSV, plain lines, arrays.

    A font is a list of glyphs, and a glyph of 5×7 dots is 7 numbers of 5 bits (bit 4 is the left
    column), or 35 bits, or 7 rows of 5 bits. Bits are 0 and 1, −1 and 1, or characters (``#`` and
    ``.``). All else in the file is passed over, and none of its code is run: what code makes of a
    list cannot be known, and is refused.

    What the glyphs are called is said by

    - the keys of a dictionary, a column of labels, or ``['A'] = {…}`` in C;
    - the name of the array: ``Font1``, ``font_2``, ``upper``, ``minúsculas``; or else a comment at
      its first row or above it, such as ``// 0x40``. They begin at 0x20, 0x40 or 0x60;
    - the order, if there are three arrays of 32 whose names do not say another;
    - the number, if one array has 96 or 95 glyphs: it is three fonts, from 0x20 on.

    Comments beside the other rows are not asked: they are often wrong. Where nothing says it, the
    glyphs are numbered, ``"#0"``, ``"#1"``…

    Parameters
    ----------
    path : path, optional
        The file, at most 1 MB. Without it: the font that comes with the course.
    shape : tuple of int
        Height and width of a glyph.
    columns : bool
        Whether a glyph is ``width`` numbers, each a column, its lowest bit on top.
    mirror : bool, optional
        Whether the bits of a number run the other way. Without it, letters that look mirrored
        are refused.
    invert : bool, optional
        Whether 0 is ink; without it, letters that look inverted are refused.

    Returns
    -------
    list of Font
        In the order of their characters.

    Raises
    ------
    FontError
        With the line, the reason and the remedy.
    ValueError
        If ``shape`` is not two whole numbers.

    Examples
    --------
    >>> load_fonts()
    [Font Font1: 32 characters  !…?, Font Font2: 32 characters @A…_, Font Font3: 32 characters `a…█]
    >>> for row in load_fonts()[1].glyphs[1]:
    ...     print("".join(".#"[int(pixel)] for pixel in row))
    ..#..
    .#.#.
    #...#
    #...#
    #####
    #...#
    #...#
    """
    height, width = picture_shape(shape)
    cells: list[int] = []
    try:
        file = File(_bytes(path))
        cells = file.cells
        fonts = [Font(*parts) for parts in named(file, Size(height, width, bool(columns)))]
    except Unreadable as error:
        raise _error(path, cells, error) from None
    fonts = [_turned(font, columns, bool(mirror), bool(invert)) for font in fonts]
    if path is not None and None in (mirror, invert) and (height, width) == (7, 5):
        _look(fonts, str(path), columns, mirror, invert)
    return fonts


def _error(path: str | os.PathLike[str] | None, cells: list[int], error: Unreadable) -> FontError:
    """Say in which file, and in which cell of a notebook, something is wrong."""
    line, reason, remedy = error.args
    name = "data/font.h" if path is None else str(path)
    if cells and line is not None:
        cell = bisect_right(cells, line)
        name, line = f"{name}, cell {cell}", line - cells[cell - 1] + 1
    return FontError(name, line, reason, remedy)


def _bytes(path: str | os.PathLike[str] | None) -> bytes:
    """Read the bytes of a file that exists, is a file, and has the size of a font."""
    try:
        file = data_path("font.h") if path is None else Path(path)
        if file.exists() and not file.is_file():  # reading a pipe or a device might never end
            what = "a folder" if file.is_dir() else "not a regular file"
            raise Unreadable(None, f"this is {what}", "give a file")
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Unreadable(None, "there is no such file", "check its name and folder") from None
    except (OSError, ValueError, TypeError) as error:  # the latter: what no file is called
        reason = getattr(error, "strerror", None) or error
        raise Unreadable(None, f"cannot be read ({reason})", "check the file") from None
    if len(data) > MAX_BYTES:
        raise Unreadable(None, "more than 1 MB, too large for a font", "give another file")
    return data


# --- Mirrored, inverted ----------------------------------------------------------------------


def _turned(font: Font, columns: bool, mirror: bool, invert: bool) -> Font:
    """Return a font with its bits the other way round, or with paper and ink exchanged."""
    glyphs = _mirrored(font.glyphs, columns) if mirror else font.glyphs
    return replace(font, X=np.abs(invert - glyphs).reshape(font.X.shape))


def _mirrored(glyphs: np.ndarray, columns: bool) -> np.ndarray:
    return glyphs[:, ::-1] if columns else glyphs[:, :, ::-1]


def _look(
    fonts: list[Font], path: str, columns: bool, mirror: bool | None, invert: bool | None
) -> None:
    """Refuse letters that resemble the course's own far more once they are turned."""
    known = {c: g for font in _course() for c, g in zip(font.labels, font.glyphs, strict=True)}
    ours = [
        (g, known[c]) for f in fonts for g, c in zip(f.glyphs, f.labels, strict=True) if c in known
    ]
    if len(ours) < 10:
        return
    glyphs, wanted = np.array(ours).swapaxes(0, 1)  # (n, 7, 5)
    turned = {"": glyphs}
    if mirror is None:
        turned["mirror"] = _mirrored(glyphs, columns)
    if invert is None:
        turned |= {f"{name} invert".strip(): 1 - g for name, g in turned.items()}
    distance = {name: np.abs(g - wanted).sum(axis=(1, 2)).mean() for name, g in turned.items()}
    best = min(distance, key=lambda name: distance[name])
    if best and distance[best] < 0.6 * distance[""]:
        looks = " and ".join(name + "ed" for name in best.split())
        arguments = ", ".join(f"{name}=True" for name in best.split())
        reason = (
            f"the letters look {looks} ({distance['']:.0f} pixels off, {distance[best]:.0f} if not)"
        )
        raise FontError(path, None, reason, f"give load_fonts {arguments} (False: leave them)")


@cache
def _course() -> list[Font]:
    return load_fonts()
