"""What to say of a list that is no font: what is wrong with it, or what it is instead."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from .tree import Node, Size, Unreadable


def mend(given: int, wanted: int) -> str:
    """Say what to do about a wrong count."""
    off = "one" if abs(given - wanted) == 1 else str(abs(given - wanted))
    return f"add the missing {off}" if given < wanted else f"remove the extra {off}"


def why_not(item: Node, size: Size) -> Unreadable:
    """Say what is wrong with one of the glyphs of a font."""
    count, width = size.numbers
    top = f"0x{(1 << width) - 1:X}"
    if item.problem or not item.is_list:
        problem = (f"{item.text[:20]!r} stands between the rows", "remove it or make it a comment")
        return Unreadable(item.line, *(item.problem or problem))
    for leaf in item.items:
        if leaf.problem:
            return Unreadable(leaf.line, *leaf.problem)
        if leaf.is_list and item.numbers:
            return Unreadable(item.line, "row is not closed before the next", "close it")
        if not leaf.is_list and not isinstance(leaf.value, int):
            reason = f"{leaf.text[:20]!r} is not an integer"
            return Unreadable(leaf.line, reason, f"write one from 0 to {top}")
    given = len(item.items)
    if given != count:
        plural = "" if given == 1 else "s"
        reason = f"row has {given} number{plural}, not {count}"
        return Unreadable(item.line, reason, mend(given, count))
    for leaf in item.items:
        if leaf.value is not None and leaf.value < 0:
            reason = f"{leaf.text[:20]!r} is below 0"
            return Unreadable(leaf.line, reason, f"write an integer from 0 to {top}")
        if leaf.value is not None and leaf.value >= 1 << width:
            reason = f"{leaf.text[:20]!r} is above {top}"
            return Unreadable(leaf.line, reason, f"use the {width} low bits only")
    return Unreadable(item.line, "this glyph is written otherwise than the others", "rewrite it")


def explained(root: Node, size: Size) -> Unreadable:
    """Say what the largest list of numbers is, as it is no font of this size."""
    grids, flat = [], []
    for node, twins in _lists(root):
        widths = {len(row.numbers) for row in node.lists}
        if len(node.lists) > 1 and len(widths) == 1 and min(widths) > 2:
            grids.append((len(node.lists) * min(widths), twins, node))
        if len(node.numbers) == len(node.items) >= 100:
            flat.append((len(node.items), node))
    if not grids and not flat:
        return Unreadable(None, "no rows at all", "write 32 rows like {0x04, 0x0A, ...} per font")
    if not grids:
        count, node = max(flat, key=lambda pair: pair[0])
        reason = f"{node.key or 'the array'} has {count} numbers, not 32 rows of {size.numbers[0]}"
        return Unreadable(node.line, reason, "put each row in brackets to see which")
    _, twins, node = max(grids, key=lambda grid: grid[0])
    rows, length = len(node.lists), len(node.lists[0].numbers)
    values = {int(abs(leaf.value)) for row in node.lists for leaf in row.numbers}
    height, width = length, max(values).bit_length()
    if values <= {0, 1}:
        side = math.isqrt(length)
        height, width = (rows, length) if twins > 1 or rows == length else (side, length // side)
    elif length == size.width and max(values) < 1 << size.height:
        reason = (
            f"{length} numbers a glyph, up to 0x{max(values):X}: columns, as Arduino's fonts have"
        )
        return Unreadable(node.line, reason, "give load_fonts columns=True")
    reason = f"these glyphs are {width}×{height}, not {size.width}×{size.height}"
    return Unreadable(node.line, reason, f"give load_fonts shape=({height}, {width})")


def _lists(node: Node) -> Iterator[tuple[Node, int]]:
    """Yield the lists below a node, and how many of their length stand side by side."""
    lengths = Counter(len(child.items) for child in node.lists)
    for child in node.lists:
        yield child, lengths[len(child.items)]
        yield from _lists(child)
