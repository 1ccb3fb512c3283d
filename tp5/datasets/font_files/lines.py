"""Lines of numbers or of dots, such as a CSV, as a tree."""

from __future__ import annotations

import csv
import re
from collections import Counter
from itertools import pairwise
from typing import Any

from .tree import INK, MAX_NUMBERS, PAPER, Node, Unreadable, leaf

_DOTS = re.compile(f"[{re.escape(INK + PAPER.strip())}]{{3,}}")
_LABEL = re.compile(r"char(acter)?|label|letter|symbol|name|glyph", re.IGNORECASE)
SURE = 8  # so many rows in lines are no accident
_CODE = re.compile(r"code|ascii|dec|hex|ord|index|id|", re.IGNORECASE)


def table(text: str, first: int) -> Node | None:
    """Read lines of numbers or dots, perhaps with a header and labels; None if it is more."""
    return next(filter(None, (_lines(text, first, d) for d in (",", ";", "\t", " "))), None)


def _lines(text: str, first: int, delimiter: str) -> Node | None:
    groups, header, label = [Node(first, is_list=True)], None, None
    count = 0
    for line, content in enumerate(text.split("\n"), first):
        row = _row(content, delimiter, line)
        count += len(row.items) if row else 0
        if count > MAX_NUMBERS:
            raise Unreadable(line, "far more than three fonts", "give a shorter file")
        bare = content.strip()
        if header is None and not groups[0].items and _is_header(content, delimiter, row):
            header = _split(content, delimiter)
        elif row is not None:
            groups[-1].items.append(row)
            groups[-1].key, label = groups[-1].key or label, None
        elif not re.match(r"\s*(//|# |%)", content):
            groups += [Node(line, is_list=True)] if groups[-1].items else []
            if re.fullmatch(r".|[^\W\d]\w*:?", bare) and label is None:
                label = bare
            elif bare:
                if len(groups[0].items) < SURE:
                    return None
                raise Unreadable(line, "this line is no row of numbers like the others", "mend it")
    groups = [group for group in groups if group.items]
    if label or not groups:
        return None
    for group in groups:
        _columns(group, header)
    whole = groups[0] if len(groups) == 1 else Node(first, items=groups, is_list=True)
    return Node(first, items=[whole], is_list=True)


def _is_header(content: str, delimiter: str, row: Node | None) -> bool:
    """Tell whether a line names the columns: by words, or by 0, 1, 2, … as pandas does."""
    if row is not None:
        counted = [cell.value for cell in row.numbers]
        return len(counted) > 1 and counted == list(range(len(counted)))
    cells = _split(content, delimiter)
    words = [cell for cell in cells if leaf(cell.strip(), 0).value is None]
    return len(cells) > 5 and 2 * len(words) > len(cells)


def _split(content: str, delimiter: str) -> list[str]:
    """Return the cells of a line; a comma at its end starts no other."""
    try:
        cells = next(
            csv.reader([content], delimiter=delimiter, skipinitialspace=delimiter == " "), []
        )
    except csv.Error:
        return []
    return cells[:-1] if cells and not cells[-1] else cells


def _row(content: str, delimiter: str, line: int) -> Node | None:
    """Read a line of five numbers or more, or one of dots; what else is in it must be a label."""
    row = Node(line, is_list=True, end=line)
    if _DOTS.fullmatch(content.strip()):
        row.items = [Node(line, value=int(dot in INK), text=dot) for dot in content.strip()]
        return row
    texts = [cell.strip() or cell for cell in _split(content, delimiter)]
    row.items = [leaf(text, line) for text in texts]
    if len(texts) >= 5 and len(set(map(len, texts))) == 1 and _is_packed(texts):
        row.items = [Node(line, value=text, text=text) for text in texts]
        return row
    others = [cell.text for cell in row.items if cell.value is None]
    is_row = len(row.numbers) >= 5 and len(others) <= 2
    return row if is_row and all(re.fullmatch(r".?|\w+", text) for text in others) else None


def _is_packed(texts: list[str]) -> bool:
    """Tell whether each text is a row of bits: 01110 10001 …"""
    return all(re.fullmatch("[01]{3,}", text) for text in texts)


def _columns(group: Node, header: list[str] | None) -> None:
    """Take the columns of labels and of codes out of the rows, and name the rows after them."""
    width = Counter(len(row.items) for row in group.items).most_common(1)[0][0]
    regular = [row.items for row in group.items if len(row.items) == width]
    heads = [head.strip() for head in header] if header else None
    if heads and len(heads) != width:
        reason = f"{len(heads)} names of columns above rows of {width}"
        raise Unreadable(group.line, reason, "make them agree")
    labels, codes = [], []
    for i, column in enumerate(zip(*regular, strict=True)):
        values = [cell.value for cell in column]
        if None in values or (heads and _LABEL.fullmatch(heads[i])):
            labels.append(i)
        elif _CODE.fullmatch(heads[i]) if heads else i in (0, width - 1) and _is_count(values):
            codes.append(i)
    if heads:  # the one that is called label before what is only text
        labels.sort(key=lambda i: not _LABEL.fullmatch(heads[i]))
    for row in group.items:
        if len(row.items) == width:
            names = [row.items[i].text for i in labels if row.items[i].text]
            names += [chr(row.items[i].value) for i in codes if row.items[i].value >= 0x20]
            row.key = names[0] if names else None
            row.items = [cell for i, cell in enumerate(row.items) if i not in labels + codes]


def _is_count(values: list[Any]) -> bool:
    """Tell whether a column only counts its rows."""
    are_numbers = len(values) > 2 and all(isinstance(value, int) for value in values)
    return are_numbers and all(b - a == 1 for a, b in pairwise(values))
