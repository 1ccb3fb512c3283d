"""A tree of lists: what every way of reading a file makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

MAX_NUMBERS = 50_000  # the course's file has 672
INK, PAPER = "1#*@█■●▓Xx", "0.-_·░□ "
CODE = ("code around this list may change it, and no code is run", "write the numbers it gives")
CALLS = {  # functions that hand on a list as it is
    *("array", "asarray", "list", "tuple", "tensor", "bytes", "bytearray"),
    *("reshape", "astype", "copy", "tolist"),
    *("Array", "Uint8Array", "arrayOf", "intArrayOf", "byteArrayOf", "listOf", "of", "from"),
    *("freeze", "c"),
}


class Unreadable(Exception):
    """A file, or a part of it, is not what it should be: line, reason, remedy."""


@dataclass
class Node:
    """A list, a number or a text; or something else, of which only the text is known."""

    line: int | None = None
    key: Any = None  # its name, or the character that it draws
    value: Any = None
    text: str = ""
    items: list[Node] = field(default_factory=list)
    is_list: bool = False
    problem: tuple[str, str] | None = None  # why its numbers cannot be trusted, and the remedy
    end: int = 0  # its last line
    declared: int = 0  # how many rows C says that it has
    gaps: dict[tuple[bool, bool], Node] = field(default_factory=dict)  # see _Reader._leaf

    @property
    def lists(self) -> list[Node]:
        """The lists in it."""
        return [item for item in self.items if item.is_list]

    @property
    def numbers(self) -> list[Node]:
        """The numbers in it."""
        return [item for item in self.items if isinstance(item.value, int | float)]


class Size(NamedTuple):
    """How large a glyph is, and which way its numbers run."""

    height: int
    width: int
    columns: bool = False  # a number is a column, its lowest bit on top

    @property
    def numbers(self) -> tuple[int, int]:
        """How many numbers make a glyph, and of how many bits each is."""
        return (self.width, self.height) if self.columns else (self.height, self.width)


def leaves(node: Node) -> Iterator[Node]:
    """Yield the numbers and texts in a list, and in the lists in it."""
    for item in node.items:
        yield from leaves(item) if item.is_list else [item]


_INTEGER = re.compile(r"([+-]?)(0[xX][0-9a-fA-F]+|0?[bB][01]+|[0-9]{1,99})(?:[uUlL]+|_?[iu]8)?")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def leaf(text: str, line: int) -> Node:
    """Return the node of a word, which may be a number."""
    node = Node(line, text=text)
    if match := _INTEGER.fullmatch(text):
        digits = re.sub("^b", "0b", match[2].lower())  # Arduino's B01110
        if re.fullmatch("0+[1-9][0-9]+", digits):
            # 010 is 8 in C, 10 to the eye, and 2 to whoever draws in binary; 08 is 8 to everybody.
            node.problem = (f"{text[:20]!r} may be octal, decimal or binary", "add 0x or 0b")
        value = int(digits, 0 if digits[:2] in ("0x", "0b") else 10)
        node.value = -value if match[1] == "-" else value
    elif _FLOAT.fullmatch(text):
        node.value = float(text)
    return node


def tree_of(value: Any, key: Any = None) -> Node:
    """Return the tree of what is in Python already: lists, dicts, numbers, texts."""
    value = value.tolist() if isinstance(value, np.ndarray | np.generic) else value
    if isinstance(value, dict):
        items = [tree_of(item, name) for name, item in value.items()]
        return Node(key=key, items=items, is_list=True)
    if isinstance(value, list | tuple):
        return Node(key=key, items=[tree_of(item) for item in value], is_list=True)
    return Node(key=key, value=value, text=str(value))
