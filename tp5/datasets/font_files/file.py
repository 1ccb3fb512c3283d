"""Any file as one tree: lists in lists, with their names and lines. Nothing of the file is run.

Saved arrays are read by NumPy without pickle, notebooks by `json`, tables by `csv`, Python and
JSON by `ast`; what none of them takes, such as C, is cut into tokens.
"""

from __future__ import annotations

import io
import json
import re

import numpy as np

from ..saved_arrays import ARRAYS, read_arrays
from .brackets import lex
from .lines import table
from .python import Python
from .tokens import comments
from .tree import MAX_NUMBERS, Node, Unreadable, tree_of


class File:
    """What was found in the bytes of a file.

    Attributes
    ----------
    tree : Node
    comments : list of (line, text)
    changed : dict of str to int
        The line at which code changes the list of that name.
    cells : list of int
        Of a notebook: the line at which each cell of code begins.

    Raises
    ------
    Unreadable
        With the line, the reason and the remedy.
    """

    def __init__(self, data: bytes) -> None:
        self.tree = Node(is_list=True)
        self.comments: list[tuple[int, str]] = []
        python = Python()
        self.changed = python.changed
        self.cells: list[int] = []
        if data.startswith(ARRAYS):
            self.tree.items = _saved(data)
            return
        text = _decoded(data)
        cells, line = _cells(text), 1
        for part in cells or [text]:
            self.cells += [line] if cells else []
            read = table(part, line) or python.read(part, line) or lex(part, line)
            self.tree.items += read.items
            self.comments += comments(part, line)
            line += part.count("\n") + 1


def _saved(data: bytes) -> list[Node]:
    """Return the arrays of a ``.npy`` or ``.npz``."""
    try:
        arrays = read_arrays(io.BytesIO(data), MAX_NUMBERS)
    except ValueError as error:
        raise Unreadable(None, str(error), "save an array of pixels") from None
    return [tree_of(np.atleast_1d(array), name or None) for name, array in arrays.items()]


def _decoded(data: bytes) -> str:
    """Return the text, whatever its line ends and the mark that editors put in front of it."""
    # Notepad and PowerShell save "Unicode" as UTF-16, marked by these two bytes.
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    reason = "a zero byte, as in a binary file"
    try:
        text, zero, _ = data.decode(encoding).partition("\0")
    except UnicodeDecodeError as error:
        reason = zero = f"this is not {error.encoding.upper()} text"
        text = error.object[: error.start].decode(error.encoding, "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if zero:
        raise Unreadable(text.count("\n") + 1, reason, "save it as text in UTF-8")
    return text


def _cells(text: str) -> list[str]:
    """Return the cells of code of a notebook, without its magic lines; none if it is none."""
    if '"cells"' not in text:
        return []
    try:
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in cells]
    except (ValueError, LookupError, TypeError, RecursionError):
        return []
    return [re.sub(r"(?m)^[ \t]*[%!?].*", "", source) for source in sources]
