"""Pictures as a matrix: one a row, paper white, and what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from .pictures import is_white_on_black, square


@dataclass(frozen=True, eq=False)
class Images:
    """Pictures as an autoencoder wants them.

    Attributes
    ----------
    X : ndarray of shape (n, height·width) or (n, height·width·3), float32
        One picture a row, in [0, 1]; white paper is 1. ``X[i].reshape(shape)`` is picture i.
    names : list of str
        The file name of each row.
    skipped : dict of str to str
        The file names that are not in X, each with the reason.
    shape : tuple of int
        (height, width), or (height, width, 3) in colour.
    labels : list of str or None
        The class of each row: the folder that it was in, or the column of labels.
    inverted : bool
        Whether black and white have changed places, in all pictures alike.
    doubtful : list of str
        The pictures whose border is not as light, or as dark, as the others'.
    """

    X: np.ndarray
    names: list[str]
    skipped: dict[str, str] = field(default_factory=dict)
    shape: tuple[int, ...] = (80, 80)
    labels: list[str] | None = None
    inverted: bool = False
    doubtful: list[str] = field(default_factory=list)

    @classmethod
    def from_array(
        cls,
        pixels: Any,
        labels: Sequence[Any] | None = None,
        names: Sequence[str] | None = None,
        invert: bool | Literal["auto"] = False,
    ) -> Images:
        """Take pictures that are in Python already.

        Parameters
        ----------
        pixels : array_like
            Shape (n, height, width), (n, height, width, 3) in colour, or (n, side²). Values in
            [0, 1], or integers up to 255 or 65535.
        labels, names : sequence, optional
            One for each picture.
        invert : bool or "auto"
            As in `load_images`.

        Raises
        ------
        ValueError
            If shape or values are others, or the labels too few or too many.

        Examples
        --------
        >>> Images.from_array(np.zeros((9, 28, 28), dtype="uint8"), labels=range(9))
        Images(9 of 28×28 in 9 classes: X (9, 784) float32)
        """
        values = _in_unit_interval(pixels)
        if values.ndim == 2:
            side = round(values.shape[1] ** 0.5)
            values = values.reshape(-1, side, side) if side**2 == values.shape[1] else values
        if values.ndim not in (3, 4) or values.shape[3:] not in ((), (3,)) or values.size == 0:
            shapes = "(n, height, width), (n, height, width, 3) or (n, side²)"
            raise ValueError(f"pixels have shape {np.shape(pixels)}, but must have {shapes}.")
        names = [str(i) for i in range(len(values))] if names is None else list(names)
        for what, given in (("labels", labels), ("names", names)):
            if given is not None and len(given) != len(values):
                raise ValueError(f"{len(given)} {what} do not fit {len(values)} pictures.")
        classes = None if labels is None else [str(label) for label in labels]
        return images_of(list(values), names, {}, classes, invert)

    @property
    def size(self) -> int:
        """Height of a picture in pixels."""
        return self.shape[0]

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        colour = " in colour" if len(self.shape) == 3 else ""
        classes = f" in {len(set(self.labels))} classes" if self.labels else ""
        text = f"Images({len(self)} of {self.shape[1]}×{self.shape[0]}{colour}{classes}"
        text += f": X {self.X.shape} {self.X.dtype}"
        text += "; inverted, as paper was dark" if self.inverted else ""
        if self.doubtful:
            paper = "" if self.inverted else "paper is light; "
            look = "looks" if len(self.doubtful) == 1 else "look"
            text += f"; {paper}{len(self.doubtful)} {look} inverted: {some(self.doubtful)}"
        return text + (f"; skipped {listed(self.skipped)})" if self.skipped else ")")


def images_of(
    rows: list[np.ndarray],
    names: list[str],
    skipped: dict[str, str],
    labels: list[str] | None,
    invert: bool | str,
    dark: list[bool] | None = None,
) -> Images:
    """Decide once which colour paper is, and put the pictures one below the other."""
    X = np.stack(rows)  # (n, height, width[, 3])
    if dark is None:
        dark = [X.ndim == 3 and is_white_on_black(picture) for picture in X]
    inverted = 2 * sum(dark) > len(dark) if invert == "auto" else bool(invert)
    doubtful = [n for n, d in zip(names, dark, strict=True) if d != inverted]
    X = np.nan_to_num(1 - X if inverted else X, nan=1.0)  # margins are paper
    asked = invert != "auto" or X.ndim == 4
    flat = X.reshape(len(X), -1)
    return Images(flat, names, skipped, X.shape[1:], labels, inverted, [] if asked else doubtful)


def resized(images: Images, size: int, fit: str) -> Images:
    """Return pictures brought to another size."""
    pictures = images.X.reshape(-1, *images.shape)
    X = np.nan_to_num(np.stack([square(picture, size, fit) for picture in pictures]), nan=1.0)
    return replace(images, X=X.reshape(len(X), -1), shape=X.shape[1:])


def _in_unit_interval(pixels: Any) -> np.ndarray:
    """Return pixels as float32 in [0, 1]; integers are shares of 255 or of 65535."""
    raw = np.asarray(pixels)
    if raw.dtype.kind not in "buif" or raw.size == 0:
        raise ValueError(f"pixels must be numbers, not {raw.dtype} of shape {raw.shape}.")
    low, high = float(raw.min()), float(raw.max())
    whole = raw.dtype.kind != "f" or bool((raw == np.round(raw)).all())
    top = 1 if high <= 1 else 255 if high <= 255 else 65535
    if not (low >= 0 and high <= top and (whole or top == 1)):  # NaN too
        raise ValueError(f"pixels go from {low:g} to {high:g}; scale them to [0, 1].")
    return (raw / np.float32(top)).astype(np.float32)


def listed(skipped: dict[str, str], most: int = 5) -> str:
    """Return "2 files: a.png (the file is empty), b.png (…)", and not more than fits on a slide."""
    named = [f"{name} ({why})" for name, why in skipped.items()]
    return f"{len(skipped)} file{'s' * (len(skipped) > 1)}: {some(named, most)}"


def some(names: list[str], most: int = 5) -> str:
    """Return the first few of many."""
    more = [f"and {len(names) - most} more"] if len(names) > most else []
    return ", ".join(names[:most] + more)
