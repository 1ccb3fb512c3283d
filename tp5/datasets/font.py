"""What a font is: characters made of dots, all of one size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..checks import shown
from .font_files import numbers


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
    >>> from tp5.datasets import load_fonts
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
        short = ["█" if label == "\x7f" else label for label in self.labels]
        between = "" if all(len(label) == 1 for label in short) else " "
        text = between.join(short if len(short) < 4 else [*short[:2], "…", short[-1]])
        what = ("glyph" if between else "character") + "s" * (len(short) > 1)
        size = "" if self.shape == (7, 5) else f" of {self.shape[1]}×{self.shape[0]}"
        return f"Font {self.name}: {len(short)} {what} {text}{size}"


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
    >>> from tp5.datasets import load_fonts
    >>> X, labels = all_characters(load_fonts())
    >>> X.shape, labels.index("A")
    ((96, 35), 33)
    """
    given = list(fonts) if isinstance(fonts, list | tuple) else [fonts]
    if not given or not all(isinstance(font, Font) for font in given):
        raise ValueError(f"fonts must be the list that load_fonts() returns, not {shown(fonts)}.")
    if len({font.shape for font in fonts}) > 1:
        sizes = ", ".join(f"{font.name} {font.shape}" for font in fonts)
        raise ValueError(f"glyphs of several sizes do not fit in one array: {sizes}.")
    X = np.concatenate([font.X for font in fonts])
    return X, [label for font in fonts for label in font.labels]
