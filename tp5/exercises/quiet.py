"""What an answer asks, displays or leaves open while it is checked: caught, and told in a word."""

from __future__ import annotations

import builtins
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

ASKS = (
    "it asks for input, and in a check nobody answers: take what you need from its arguments, "
    "not from input()."
)


class AsksForInput(Exception):
    """An answer has called ``input()`` or the like."""


def nobody_answers(*_: Any, **__: Any) -> Any:
    """Stand in for whatever waits for somebody to type."""
    raise AsksForInput(ASKS)


class Nobody:
    """In place of the keyboard."""

    read = readline = readlines = fileno = __iter__ = nobody_answers


@contextmanager
def quiet(printed: TextIO) -> Iterator[None]:
    """Keep an answer from asking and from showing; say in ``printed`` that it tried to.

    For the process in which answers run, which has no screen: a notebook's ``display`` is there
    all the same, or an answer that uses it would stop at a NameError.
    """
    shown: list[object] = []
    keyboard: Any = Nobody()
    told: Any = builtins
    figures = open_figures()
    before = told.input, getpass.getpass, sys.stdin, getattr(told, "display", None)
    told.input = getpass.getpass = nobody_answers
    sys.stdin, told.display = keyboard, lambda *things, **_: shown.extend(things)
    try:
        yield
    finally:
        told.input, getpass.getpass, sys.stdin, told.display = before
        shown += close_figures(but=figures)
        if shown and not printed.closed:
            things = "a thing" if len(shown) == 1 else f"{len(shown)} things"
            printed.write(f"(and it shows {things}, which a check does not)\n")


def open_figures() -> set[int]:
    """Return the numbers of the figures that matplotlib's pyplot has open."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()


def close_figures(but: set[int]) -> list[int]:
    """Close pyplot's figures, but not those that were open before; return their numbers."""
    new = sorted(open_figures() - but)
    for number in new:
        sys.modules["matplotlib.pyplot"].close(number)
    return new
