"""Fonts: small characters made of dots, and reading them from any file.

``load_fonts`` asks of a file one question: where in it are lists of numbers that can be glyphs? Who
takes the file apart is `tp5.datasets.font_files`; what can be a glyph is said in
`tp5.datasets.font_glyphs`; which characters the glyphs are is decided here.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..files import data_path
from .font_files import File, Size, Unreadable, named, numbers

MAX_BYTES = 1_000_000  # 96 characters take about 6 kB; more than this is some other file


class FontError(ValueError):
    """A file that cannot be read as fonts: where, why, and what to do about it.

    Parameters
    ----------
    path : str
        The file.
    line : int or None
        The line, counted from 1 as an editor does; None if the whole file is meant.
    reason, remedy : str
        What is wrong, and what to do.

    Examples
    --------
    >>> print(FontError("fonts/font.h", 12, "row has 6 numbers, not 7", "add the missing one"))
    font.h, line 12: row has 6 numbers, not 7; add the missing one, or use Font.from_array.
    """

    def __init__(self, path: str, line: int | None, reason: str, remedy: str) -> None:
        super().__init__(path, line, reason, remedy)  # all four, or it could not be pickled
        self.path, self.line, self.reason, self.remedy = path, line, reason, remedy

    def __str__(self) -> str:
        place = Path(self.path).name or self.path
        if self.line is not None:
            place += f", line {self.line}"
        return f"{place}: {self.reason}; {self.remedy}, or use Font.from_array."


@dataclass(frozen=True, eq=False, repr=False)  # == on arrays has no single answer
class Font:
    """Characters made of dots, all of one size.

    Parameters
    ----------
    name : str
        Name of the array in the file, or Font1, Font2, Font3 if it has none.
    labels : tuple of str
        What each glyph is: a character, or a number such as ``"#0"`` where nobody said.
    X : ndarray, shape (n_glyphs, height·width)
        One glyph per row, float64, in [0, 1], 1 is ink: the picture from top to bottom, each of its
        rows from left to right. A read-only copy of what is passed.
    shape : tuple of int
        Height and width of a glyph.

    Examples
    --------
    >>> font = load_fonts()[1]
    >>> font
    Font Font2: 32 characters @A…_
    >>> font.X.shape, font.glyphs.shape
    ((32, 35), (32, 7, 5))
    """

    name: str
    labels: tuple[str, ...]
    X: np.ndarray
    shape: tuple[int, int] = (7, 5)

    def __post_init__(self) -> None:
        X = np.array(self.X, dtype=np.float64)
        X.setflags(write=False)
        object.__setattr__(self, "X", X)  # the way to set a field of a frozen dataclass

    @classmethod
    def from_array(
        cls, pixels: Any, labels: Sequence[str] | None = None, name: str = "Font"
    ) -> Font:
        """Make a font of what is in Python already, of any glyph size.

        Parameters
        ----------
        pixels : array_like
            Shape (n_glyphs, height, width), 0/1, ±1 or greys in [0, 1]; 1 is ink. Glyphs of 5×7 may
            also be 35 pixels or 7 numbers of 5 bits each. A dict names the glyphs by its keys.
        labels : sequence of str, optional
            One for each glyph; numbers by default.
        name : str

        Raises
        ------
        ValueError
            If it has another shape or other values, or there is not one label for each glyph.

        Examples
        --------
        >>> Font.from_array([[[0, 1, 0], [1, 1, 1], [0, 1, 0]]], ["+"])
        Font Font: 1 character + of 3×3
        """
        if isinstance(pixels, dict):
            labels = list(map(str, pixels)) if labels is None else labels
            pixels = list(pixels.values())
        try:
            X: np.ndarray = np.array(pixels, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError("pixels must be numbers, and as many in each glyph.") from None
        is_packed = X.ndim == 2 and X.shape[1] == 7 and X.max(initial=0) > 1
        if is_packed and np.isin(X, np.arange(32)).all():
            X = X.astype(int)[:, :, None] >> np.arange(5)[::-1] & 1  # bit 4 is the left column
        elif X.ndim == 2 and X.shape[1] == 35:
            X = X.reshape(-1, 7, 5)
        if X.ndim != 3 or X.size == 0:
            shape = "(n_glyphs, height, width)"
            raise ValueError(f"pixels must have shape {shape}, not {X.shape}; reshape them.")
        X = (X + 1) / 2 if np.isin(X, (-1, 1)).all() else X
        if not (X.min() >= 0 and X.max() <= 1):  # NaN too
            raise ValueError(f"pixels go from {X.min():g} to {X.max():g}; scale them to [0, 1].")
        labels = tuple(map(str, numbers(len(X)) if labels is None else labels))
        if len(labels) != len(X):
            raise ValueError(f"{len(labels)} labels do not fit {len(X)} glyphs.")
        return cls(name, labels, X.reshape(len(X), -1), X.shape[1:])

    @property
    def glyphs(self) -> np.ndarray:
        """The same pixels as pictures, shape (n_glyphs, height, width); a view of `X`."""
        return self.X.reshape(-1, *self.shape)

    def __repr__(self) -> str:
        shown = ["█" if label == "\x7f" else label for label in self.labels]
        between = "" if all(len(label) == 1 for label in shown) else " "
        text = between.join(shown if len(shown) < 4 else [*shown[:2], "…", shown[-1]])
        what = "characters" if not between else "glyphs"
        size = "" if self.shape == (7, 5) else f" of {self.shape[1]}×{self.shape[0]}"
        return f"Font {self.name}: {len(shown)} {what} {text}{size}"


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
    try:
        file = File(_bytes(path))
    except Unreadable as error:
        raise _error(path, [], error) from None
    try:
        fonts = [Font(*parts) for parts in named(file, Size(*shape, columns))]
    except Unreadable as error:
        raise _error(path, file.cells, error) from None
    fonts = [_turned(font, columns, bool(mirror), bool(invert)) for font in fonts]
    if path is not None and None in (mirror, invert) and tuple(shape) == (7, 5):
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
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
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


def all_characters(fonts: Sequence[Font]) -> tuple[np.ndarray, list[str]]:
    """Put the characters of several fonts one below the other.

    Parameters
    ----------
    fonts : sequence of Font
        At least one, all of one glyph size.

    Returns
    -------
    X : ndarray, shape (n_glyphs, height·width)
        Pixels, float64, 0 or 1.
    labels : list of str
        The character of each row of `X`.

    Raises
    ------
    ValueError
        If there is no font, or their glyphs differ in size.

    Examples
    --------
    >>> X, labels = all_characters(load_fonts())
    >>> X.shape, labels.index("A")
    ((96, 35), 33)
    """
    if not fonts:
        raise ValueError("no font given; pass the list that load_fonts() returns.")
    if len({font.shape for font in fonts}) > 1:
        sizes = ", ".join(f"{font.name} {font.shape}" for font in fonts)
        raise ValueError(f"glyphs of several sizes do not fit in one array: {sizes}.")
    X = np.concatenate([font.X for font in fonts])
    return X, [label for font in fonts for label in font.labels]
