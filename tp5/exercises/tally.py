"""How far one has come: open, tried, done. It lives in the kernel and leaves the machine never."""

from __future__ import annotations

from collections.abc import Iterable

from ..table import Table
from .exercise import Exercise

SYMBOLS = {"open": "○ open", "tried": "✗ tried", "done": "✓ done"}


def count(exercises: Iterable[Exercise], notebook: int | None) -> Table:
    """Return a table of the exercises of one notebook.

    Parameters
    ----------
    exercises : iterable of Exercise
    notebook : int or None
        Its number; None for the one that was worked on in this kernel, or else all.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        If there is no such notebook.
    """
    exercises = list(exercises)
    numbers = sorted({one.notebook for one in exercises})
    if notebook is not None and notebook not in numbers:
        raise ValueError(f"there is no notebook {notebook!r} with exercises, only {numbers}.")
    touched = {one.notebook for one in exercises if one.state != "open"}
    wanted = {notebook} if notebook is not None else touched or set(numbers)
    shown = [one for one in exercises if one.notebook in wanted]
    return Table(
        {
            "notebook": [f"{one.notebook:02}" for one in shown],
            "exercise": [one.title for one in shown],
            "kind": [one.kind for one in shown],
            "state": [SYMBOLS[one.state] for one in shown],
        }
    )
