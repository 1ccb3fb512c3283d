"""What a cell has made is closed when it runs again: its memory does not wait for the kernel.

ipywidgets keeps every widget until it is closed, and IPython keeps what a cell has shown. A student
who runs the explorer's cell twenty times would have twenty models and data sets in memory.
"""

from __future__ import annotations

import sys
from typing import Any, Protocol


class Closable(Protocol):
    """What can be closed."""

    def close(self) -> None:
        """Give back what it holds."""


_made: dict[str, tuple[str, list[Closable]]] = {}  # by cell: the execution, and what it has made


def close_with_cell(widget: Closable) -> None:
    """Close a widget once the cell that is running now runs again.

    Where no notebook says which cell it is (a script, a console, a batch run), nothing is closed.
    """
    cell, execution = this_cell()
    if not cell:
        return
    before, widgets = _made.get(cell, (execution, []))
    if before != execution:
        for old in widgets:
            old.close()
        widgets = []
    _made[cell] = (execution, [*widgets, widget])


def forget(widget: Closable) -> None:
    """Let go of a widget that has been closed."""
    for cell, (execution, widgets) in list(_made.items()):
        if any(one is widget for one in widgets):
            _made[cell] = (execution, [one for one in widgets if one is not widget])


def this_cell() -> tuple[str, str]:
    """Return names of the running cell and of this execution of it; empty where nobody knows."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython else None
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = (parent.get("metadata") or {}).get("cellId", "")
    return str(cell), str((parent.get("header") or {}).get("msg_id", ""))
