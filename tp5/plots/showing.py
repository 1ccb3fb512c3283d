"""A figure shows itself wherever in a cell it is made, as matplotlib's own do.

The last expression of a cell is displayed by the notebook. A figure that is made elsewhere (in a
loop, in a function, before the last line) waits here and is shown when the cell has ended, unless
its picture has been taken before: displayed, saved, or made a part of something else.
"""

from __future__ import annotations

import warnings
from typing import Any

from ..progress import in_notebook

waiting: list[Any] = []  # figures that were made in this cell, and whose picture nobody has taken


def await_picture(figure: Any) -> None:
    """Note that a figure was made; does nothing outside of a notebook."""
    if in_notebook():
        from IPython.core.getipython import get_ipython

        shell: Any = get_ipython()
        shell.events.register("pre_execute", forget_all)  # again and again: it counts once
        shell.events.register("post_run_cell", show_all)
        waiting.append(figure)


def picture_taken(figure: Any) -> None:
    """Note that a figure has been seen to."""
    if figure in waiting:
        waiting.remove(figure)


def show_all(cell: Any) -> None:
    """Show what still waits, in the order in which it was made; ``cell`` is how it ended."""
    if not cell.success:  # what an error has left half-drawn is no news
        waiting[:] = [figure for figure in waiting if figure.alt]
    while waiting:
        show_next()


def show_those_before(figure: Any) -> None:
    """Show what was made before a figure that is about to be shown, so that the order is kept."""
    while figure in waiting and waiting[0] is not figure:
        show_next()


def show_next() -> None:
    """Show what has waited longest; say what is missing if it cannot be shown."""
    figure = waiting.pop(0)
    if figure.alt:
        figure.picture().show()
    else:
        warnings.warn(
            "a figure was made and is not shown, for it has no alt text; say in figure.alt what "
            "it shows, then figure.show().",
            stacklevel=1,
        )


def forget_all() -> None:
    """Forget what was made between two cells, such as by a slider."""
    waiting.clear()
