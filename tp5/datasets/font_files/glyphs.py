"""Which lists of numbers are glyphs, and why another is none.

A glyph of ``height`` × ``width`` dots is written as ``height`` numbers of ``width`` bits, as
``height·width`` bits, or as ``height`` rows of ``width`` bits; bits are 0 and 1, −1 and 1, or
characters. A font is a list of glyphs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from .refusals import explained, mend, why_not
from .tree import INK, PAPER, Node, Size, Unreadable, leaves

SURE, FEW = 8, 3  # so many glyphs in a list are no accident; so few may be one
WHOLE = (32, 95, 96)  # glyphs in a list that has no inner brackets
NAMED = {"DEL": "\x7f", "SPACE": " ", "SP": " "}


class Table(NamedTuple):
    """A font as it stands in a file."""

    node: Node
    name: Any
    pixels: np.ndarray  # (n_glyphs, height, width), 0 or 1
    labels: list[str] | None
    is_drawn: bool  # dot by dot, or called a font: not just a few numbers
    trouble: tuple[str, str] | None = None  # what code may have done to it

    @property
    def is_sure(self) -> bool:
        """Whether this can hardly be anything but a font."""
        has_letters = bool(self.labels) and all(len(label) == 1 for label in self.labels or [])
        return self.is_drawn or has_letters or len(self.pixels) >= SURE


def tables(root: Node, size: Size) -> list[Table]:
    """Return the fonts in a tree; raise `Unreadable` if there are none, or one is damaged."""
    doubts: list[Unreadable] = []
    found = list(_tables(root, size, None, doubts))
    in_lists = bool(found)
    if not in_lists:
        found = list(filter(None, [_table(_alone(root, size), size, None, doubts)]))
        found = [t for t in found if t.is_drawn or len(t.pixels) >= SURE]
    sure = [t for t in found if t.is_sure] or [t for t in found if len(t.pixels) >= FEW]
    if not found:
        raise doubts[0] if doubts else explained(root, size)
    if not sure:
        reason = f"{len(found[0].pixels)} row(s) of numbers may be anything"
        raise Unreadable(found[0].node.line, reason, "name the glyphs, as in {'A': [...]}")
    for table in sure:
        if table.trouble:
            raise Unreadable(table.node.line, *table.trouble)
    apart = [t.node for t in found if not (t.is_sure or t.name or t.trouble) and sure[0].is_sure]
    apart += [row for row in root.lists if row.key is None and row.numbers and _glyph(row, size)]
    if apart and in_lists:
        raise Unreadable(apart[0].line, "rows stand apart from the fonts", "put them into one")
    return sure


def _alone(root: Node, size: Size) -> Node:
    """Return the glyphs that stand alone in a file: ``A = […]``, ``letters["B"] = […]``."""
    items = [
        item
        for item in root.lists
        if _labelled(item, size)[0] is not None
        or (isinstance(item.key, str) and len(item.key) == 1)
        or (item.key is None and len(item.numbers) > 2)
    ]
    return Node(items[0].line if items else None, items=items, is_list=True)


def _tables(
    node: Node, size: Size, name: Any, doubts: list[Unreadable], problem: Any = None
) -> Iterator[Table]:
    """Yield the fonts below a node."""
    for child in node.lists:
        named = child.key or (name if len(node.lists) == 1 else None)  # std::array has two braces
        trouble = problem or child.problem
        table = _table(child, size, named, doubts)
        if table:
            yield table._replace(trouble=trouble)
        else:
            yield from _tables(child, size, named, doubts, trouble)


def _table(node: Node, size: Size, name: Any, doubts: list[Unreadable]) -> Table | None:
    """Return the font that a list is, if it is one."""
    items = _rows(node, size)
    pairs = [_labelled(item, size) for item in items]
    forms = [_form(item) if bits else None for item, (bits, _) in zip(items, pairs, strict=True)]
    form, good = Counter(f for f in forms if f).most_common(1)[0] if any(forms) else (None, 0)
    numbers = [leaf.value for item in items for leaf in item.numbers]
    is_packed = len(numbers) == len(items) * size.numbers[0]
    if not good or 2 * good < len(items) or (is_packed and set(numbers) == {0, 1}):
        _check_count(node, name, size)
        return None  # seven bits in a row are no seven rows
    wrong = [item for item, its_form in zip(items, forms, strict=True) if its_form != form]
    if wrong and good < SURE:
        doubts.append(why_not(wrong[0], size))
        return None
    if wrong:
        raise why_not(wrong[0], size)
    labels = _labels([label for _, label in pairs], items)
    if node.declared not in (0, len(items), len(node.items)) and labels is None:
        reason = f"{name or 'the array'} has {len(items)} rows, not {node.declared}"
        raise Unreadable(node.line, reason, mend(len(items), node.declared))
    if {0, -1} <= {leaf.value for leaf in leaves(node)}:
        raise Unreadable(node.line, "0 and -1 in one font: which is paper?", "write 0 and 1")
    pixels = np.array([bits for bits, _ in pairs], dtype=float)
    is_drawn = not is_packed or "font" in str(name).lower()
    return Table(node, name, pixels.reshape(-1, size.height, size.width), labels, is_drawn)


def _form(item: Node) -> tuple[int, int]:
    """Return what all glyphs of a font have in common: how many things they are written with."""
    return len(item.items), len(item.lists)


def _check_count(node: Node, name: Any, size: Size) -> None:
    """Refuse a list without inner brackets that is a font but for a few numbers."""
    count, (length, width) = len(node.items), size.numbers
    inside = [n for n in node.numbers if isinstance(n.value, int) and 0 <= n.value < 1 << width]
    for n in WHOLE:
        if abs(count - n * length) <= length and 0.9 * count < len(inside):
            reason = f"{name or 'the array'} has {count} numbers, not {n} rows of {length}"
            raise Unreadable(node.line, reason, "put each row in brackets to see which")


def _rows(node: Node, size: Size) -> list[Node]:
    """Return the items of a list; a long list without inner brackets is cut into glyphs."""
    count, dots = len(node.items), size.height * size.width
    lengths = []
    if count > 1 and len(node.numbers) == count and node.items[0].line is not None:
        lengths = [len(list(line)) for _, line in groupby(node.items, lambda leaf: leaf.line)]
    if len(node.numbers) == count:
        for length in (size.numbers[0], dots):
            if (set(lengths) == {length} and len(lengths) > 1) or count in [
                n * length for n in WHOLE
            ]:
                return _cut(node, length)
    whole = count > size.height and count % size.height == 0  # (n·7, 5) bits
    if whole and all(item.is_list and _bits(item, size.width) for item in node.items):
        return _cut(node, size.height)
    return node.items


def _cut(node: Node, length: int) -> list[Node]:
    parts = [node.items[i : i + length] for i in range(0, len(node.items), length)]
    return [Node(part[0].line, part[0].key, items=part, is_list=True) for part in parts]


# --- One glyph -------------------------------------------------------------------------------


def _labelled(item: Node, size: Size) -> tuple[list[int] | None, Any]:
    """Return the bits of a glyph, if it is one, and what it is called."""
    bits, parts = _glyph(item, size), item.items
    if bits is None and 2 <= len(parts) <= 3:  # ('a', [0x00, …]), {"char": "a", "rows": […]}
        drawn = [found for part in parts if (found := _glyph(part, size)) is not None]
        names = [part.value for part in parts if not part.is_list and part.value not in (None, "")]
        texts = [name for name in names if isinstance(name, str)]
        if len(drawn) == 1 and len(names) == len(parts) - 1:
            return drawn[0], (texts or names)[0]
    return bits, item.key


def _glyph(node: Node, size: Size) -> list[int] | None:
    """Return the bits of a glyph, row by row; None if it is none."""
    count, width = size.numbers
    rows: list[Any] = node.items
    if node.problem or any(item.problem for item in rows):
        return None
    if isinstance(node.value, str):
        rows = [Node(value=line) for line in node.value.strip("\n").split("\n")]
    if len(rows) == size.height and not any(isinstance(row.value, int | float) for row in rows):
        lines = [_bits(row, size.width) for row in rows]
        return None if None in lines else [bit for line in lines for bit in line or []]
    values = [row.value for row in rows]
    if len(values) != count or not all(isinstance(v, int) and 0 <= v < 1 << width for v in values):
        return _bits(node, size.height * size.width)
    if size.columns:
        return [value >> row & 1 for row in range(size.height) for value in values]
    return [value >> bit & 1 for value in values for bit in range(width)[::-1]]


def _bits(node: Node, n: int) -> list[int] | None:
    """Return the n bits of a list or of a text; None if there are others, or another number."""
    values: list[Any] = [item.value for item in node.items]
    if isinstance(node.value, str):
        values = list(node.value[:: 2 if len(node.value) == 2 * n - 1 else 1])
    inks = [_bit(value) for value in values]
    return None if len(inks) != n or None in inks or node.problem else inks  # type: ignore


def _bit(value: Any) -> int | None:
    if isinstance(value, str) and len(value) == 1:
        return 1 if value in INK else 0 if value in PAPER else None
    return {0: 0, 1: 1, -1: 0}.get(value)


def _labels(keys: list[Any], items: list[Node]) -> list[str] | None:
    """Return what the glyphs are called; None if they are only counted, or not even that."""
    if keys == [None] * len(keys) or keys == list(range(len(keys))):
        return None
    is_code = all(isinstance(key, int) and 0x20 <= key < 0x110000 for key in keys)
    seen = set()
    for item, key in zip(items, keys, strict=True):
        if key is None:
            raise Unreadable(item.line, "this glyph has no name, and others have", "name it")
        if key in seen:
            raise Unreadable(item.line, f"a second glyph {str(key)[:20]!r}", "remove one")
        seen.add(key)
    return [chr(key) if is_code else NAMED.get(str(key).upper(), str(key)) for key in keys]
