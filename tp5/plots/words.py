"""The words of a figure: what people write is drawn as they wrote it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import matplotlib as mpl
from matplotlib.axis import Axis

from ..checks import shown

P = ParamSpec("P")
R = TypeVar("R")


def in_plain_words(function: Callable[P, R]) -> Callable[P, R]:
    """Let a figure's words be words: a $ in a label or a title is a dollar, not mathematics.

    Arguments that are annotated as str must be str; a ValueError says which is not.
    """
    signature = inspect.signature(function)
    words = [
        name for name, argument in signature.parameters.items() if argument.annotation == "str"
    ]

    @functools.wraps(function)
    def drawn(*args: P.args, **more: P.kwargs) -> R:
        given = signature.bind(*args, **more).arguments
        for name in words:
            if not isinstance(given.get(name, ""), str):
                raise ValueError(f"{name} must be a str, not {shown(given[name])}.")
        with mpl.rc_context({"text.parse_math": False}):  # for all text that is made in here
            return function(*args, **more)

    return drawn


def visible(label: str) -> str:
    """Return a label that can be seen: space and DEL have no glyph."""
    return "space" if label == " " else label.replace("\x7f", "DEL")


def typeset_powers(axis: Axis) -> None:
    """Let the powers of ten on a logarithmic axis be mathematics all the same."""
    for text in [*axis.get_majorticklabels(), *axis.get_minorticklabels()]:
        text.set_parse_math(True)
