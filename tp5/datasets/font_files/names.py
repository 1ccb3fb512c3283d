"""Which characters the glyphs of a file are: what its names, comments and keys say of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from .file import File
from .glyphs import Table, tables
from .refusals import mend
from .tree import Size, Unreadable

N_CHARACTERS = 32  # of one of the three fonts of the course
BASES = (0x20, 0x40, 0x60)  # their first codes
WORDS = {
    0x20: r"symbol|s[ií]mbol|punct|punt|digit|d[ií]git",
    0x40: r"upper|may[uú]s|capital",
    0x60: r"lower|min[uú]s",
}

Named = tuple[str, tuple[str, ...], np.ndarray, tuple[int, int]]  # what a Font is made of


def named(file: File, size: Size) -> list[Named]:
    """Return name, labels, pixels and shape of each font in a file, in the order of characters."""
    found = tables(file.tree, size)
    for table in found:
        line = file.changed.get(table.name, 0)
        if line > (table.node.line or 0):
            reason = f"{table.name} is changed here, and no code of a file is run"
            raise Unreadable(line, reason, "write the font as it becomes")
    found = [part for table in found for part in _split(table, len(found))]
    firsts = _firsts(found, file.comments)
    fonts, counted = [], 0
    for table, first in zip(found, firsts, strict=True):
        n = len(table.pixels)
        labels = table.labels or [chr(first + i) for i in range(n) if first is not None]
        if not labels:  # nobody says what they are: the glyphs of the file are counted
            labels, counted = numbers(n, counted), counted + n
        at = ord(labels[0]) if len(labels[0]) == 1 else 0x110000
        name = str(table.name or (f"Font{at // N_CHARACTERS}" if at in BASES else "Font"))
        fonts.append((at, (name[:40], tuple(labels), table.pixels.reshape(n, -1), size[:2])))
    return [font for _, font in sorted(fonts, key=lambda pair: pair[0])]


def numbers(n: int, start: int = 0) -> list[str]:
    """Return labels for glyphs of which nobody says what they are; no character looks like that."""
    return [f"#{i}" for i in range(start, start + n)]


def _split(table: Table, n_tables: int) -> Iterator[Table]:
    """Yield the three fonts that one list of 96 characters is; DEL may be missing."""
    pixels, labels = table.pixels, table.labels
    codes = [chr(0x20 + i) for i in range(len(pixels))]
    if len(pixels) not in (95, 96) or not (
        n_tables == 1 if labels is None else set(labels) == set(codes)
    ):
        yield table
        return
    if labels:
        pixels = pixels[[labels.index(code) for code in codes]]
    for start in range(0, len(codes), N_CHARACTERS):
        part = slice(start, start + N_CHARACTERS)
        yield table._replace(
            name=f"Font{start // N_CHARACTERS + 1}", pixels=pixels[part], labels=codes[part]
        )


def _firsts(found: list[Table], comments: list[tuple[int, str]]) -> list[int | None]:
    """Return the code of each font's first character, as far as something says it."""
    firsts: list[int | None] = []
    end = -1
    for table in found:
        first = _first(str(table.name or ""), table)
        if first is None and table.labels is None:
            first = _first_in_comments(table, end, comments)
        firsts.append(first)
        end = table.node.end
    whole = [t.labels is None and len(t.pixels) == N_CHARACTERS for t in found]
    for table in found:  # beside two whole fonts, the third is one
        if any(whole) and len(found) == 3 and table.labels is None:
            _check_rows(table, str(table.name or "the array"))
    if whole == [True] * 3 and _in_order(found, firsts):
        firsts = list(BASES)
    for i, first in enumerate(firsts):
        if first is not None and first in firsts[:i]:
            reason = f"a second font for the characters from 0x{first:X}"
            raise Unreadable(found[i].node.line, reason, "name the arrays Font1, Font2, Font3")
    return firsts


def _in_order(found: list[Table], firsts: list[int | None]) -> bool:
    """Tell whether three fonts may be taken in their order: nothing says another."""
    counts = [re.search(r"(?<!\d)\d$", str(table.name or "")) for table in found]
    start = [int(count[0]) - i for i, count in enumerate(counts) if count]  # Font0, Font1, Font2
    if len(start) == 3:
        return len(set(start)) == 1
    return all(first in (None, base) for first, base in zip(firsts, BASES, strict=True))


def _first(name: str, table: Table) -> int | None:
    """Font1 → 0x20, font_2 → 0x40, "FONT3" → 0x60, lowercase → 0x60; but int32 is no font."""
    n, count = len(table.pixels), re.search(r"(?<!\d)[1-3]$", name)
    if table.labels is not None:
        return None
    words = [word for word in WORDS.values() if re.search(word, name, re.IGNORECASE)]
    if count or len(words) == 1:
        _check_rows(table, name)
    if not count:
        return _first_in_words(name, n)
    return BASES[int(count[0]) - 1] if n == N_CHARACTERS else None


def _check_rows(table: Table, name: str) -> None:
    """Refuse a font of nearly 32 characters: in its middle, labels would be wrong."""
    n = len(table.pixels)
    if 0 < abs(n - N_CHARACTERS) < 5:
        reason = f"{name} has {n} rows, not {N_CHARACTERS}"
        raise Unreadable(table.node.line, reason, mend(n, N_CHARACTERS))


def _first_in_words(text: str, n: int) -> int | None:
    """Return the code of the first of n characters that a text calls symbols, or lowercase."""
    bases = [base for base, word in WORDS.items() if re.search(word, text, re.IGNORECASE)]
    if len(bases) != 1:
        return None
    letters, digits = (bases[0] + 1, None) if bases[0] > 0x20 else (None, 0x30)
    return {N_CHARACTERS: bases[0], 26: letters, 10: digits}.get(n)


def _first_in_comments(table: Table, after: int, comments: list[tuple[int, str]]) -> int | None:
    """Find what a comment at the first row, or else above the array, says of it."""
    rows, n, start = table.node.items, len(table.pixels), table.node.line or 0
    second = rows[min(len(rows) // n, len(rows) - 1)].line or 0
    inside = [text for line, text in comments if start <= line < second]
    above = [text for line, text in comments if after < line <= start]
    for text in inside + above[::-1]:
        if match := re.search(r"\b0[xX][246]0\b", text):
            return int(match[0], 16) if n == N_CHARACTERS else None
    near = [text for line, text in comments if max(after, start - 4) < line <= start]
    return next((f for text in near[::-1] if (f := _first_in_words(text, n)) is not None), None)
