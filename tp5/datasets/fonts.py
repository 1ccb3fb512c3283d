"""Read any ``font.h``: the pixels of its characters, and which characters they are.

A ``font.h`` is a C header, but people also keep their fonts in Python or JSON, with comments that
hold brackets, quotes and rows. Nothing here is particular to one of these languages. A file is
read in four steps, in the order of this module:

1. the **text**, decoded, with one kind of line end;
2. its **tokens**: comments, strings, numbers, words, brackets. One regular expression;
3. its **lists**: what stands between two brackets, nested with a stack;
4. its **fonts**: lists of 32 rows of 7 integers, turned into pixels.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tp5.files import data_path

N_CHARACTERS, HEIGHT, WIDTH = 32, 7, 5
BASES = (0x20, 0x40, 0x60)  # first codes of the three fonts
MAX_BYTES = 1_000_000  # 96 characters take about 6 kB; more than this is some other file
MAX_TOKENS = 50_000  # the course's file has 1,600
MAX_DEPTH = 5  # three fonts of 32 rows in a dictionary need four


class FontError(ValueError):
    """A file that cannot be read as fonts: where, why, and what to do about it.

    Parameters
    ----------
    path : str
        The file.
    line : int or None
        The line, counted from 1 as an editor does; None if the whole file is meant.
    reason : str
        What is wrong.
    remedy : str
        What to do.

    Examples
    --------
    >>> print(FontError("fonts/font.h", 12, "row has 6 numbers, not 7", "add the missing one"))
    font.h, line 12: row has 6 numbers, not 7; add the missing one.
    """

    def __init__(self, path: str, line: int | None, reason: str, remedy: str) -> None:
        super().__init__(path, line, reason, remedy)  # all four, or it could not be pickled
        self.path, self.line, self.reason, self.remedy = path, line, reason, remedy

    def __str__(self) -> str:
        place = Path(self.path).name or self.path
        if self.line is not None:
            place += f", line {self.line}"
        return f"{place}: {self.reason}; {self.remedy}."


@dataclass(frozen=True, eq=False, repr=False)  # == on arrays has no single answer
class Font:
    r"""Thirty-two characters of 5×7 pixels.

    Parameters
    ----------
    name : str
        Name of the array in the file, or Font1, Font2, Font3 if it has none.
    labels : tuple of str
        The 32 characters, ``chr(base + row)``. The last one of Font3 is DEL, ``"\x7f"``.
    X : ndarray, shape (32, 35)
        One character per row, float64, 0 or 1: the picture from top to bottom, each of its rows
        from left to right. A read-only copy of what is passed.

    Examples
    --------
    >>> font = load_fonts()[1]
    >>> font
    Font Font2: 32 characters @A…_
    >>> font.X.shape, font.glyphs.shape
    ((32, 35), (32, 7, 5))
    """

    name: str
    labels: tuple[str, ...]
    X: np.ndarray

    def __post_init__(self) -> None:
        X = np.array(self.X, dtype=np.float64)
        X.setflags(write=False)
        object.__setattr__(self, "X", X)  # the way to set a field of a frozen dataclass

    @property
    def glyphs(self) -> np.ndarray:
        """The same pixels as pictures, shape (32, 7, 5); a read-only view of `X`."""
        return self.X.reshape(-1, HEIGHT, WIDTH)

    def __repr__(self) -> str:
        shown = ["█" if label == "\x7f" else label for label in self.labels]
        return f"Font {self.name}: {len(shown)} characters {''.join(shown[:2])}…{shown[-1]}"


# --- 1. Text ---------------------------------------------------------------------------------


class _Source(NamedTuple):
    """The text of a file, and where it came from."""

    path: str
    text: str

    def error(self, start: int | None, reason: str, remedy: str) -> FontError:
        """Build the error for what stands at position `start` of the text."""
        line = None if start is None else self.text.count("\n", 0, start) + 1
        return FontError(self.path, line, reason, remedy)


def _read_source(path: str | os.PathLike[str] | None) -> _Source:
    """Read a file, whatever its line ends and the mark that editors put in front of it."""
    name = "data/font.h" if path is None else str(path)
    data = _read_bytes(path, name)
    # Notepad and PowerShell save "Unicode" as UTF-16, marked by these two bytes.
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = _unix(error.object[: error.start].decode(error.encoding, "replace"))
        reason = f"this is not {error.encoding.upper()} text"
        raise _Source(name, before).error(len(before), reason, "save the file as UTF-8") from None
    source = _Source(name, _unix(text))
    if "\0" in source.text:
        start = source.text.index("\0")
        raise source.error(start, "a zero byte, as in a binary file", "give a text file")
    return source


def _unix(text: str) -> str:
    """One kind of line end: Windows writes two characters, old Macs wrote the other one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_bytes(path: str | os.PathLike[str] | None, name: str) -> bytes:
    """Read the bytes of a file that exists, is a file, and has the size of a font."""
    data = b""
    try:
        file = data_path("font.h") if path is None else Path(path)
        is_other = file.exists() and not file.is_file()
        if not is_other:  # reading a pipe or a device might never end
            with file.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise FontError(name, None, "there is no such file", "check its name and folder") from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise FontError(name, None, f"cannot be read ({reason})", "check the file") from None
    if is_other:
        what = "a folder" if file.is_dir() else "not a regular file"
        raise FontError(name, None, f"this is {what}", "give a text file")
    if len(data) > MAX_BYTES:
        raise FontError(name, None, "more than 1 MB, too large for a font", "give another file")
    return data


# --- 2. Tokens -------------------------------------------------------------------------------

# The alternatives are tried in this order. Each runs forward to its end and never starts over
# (*+ is a * that does not go back), so that the time is proportional to the length of the file.
#
# A comment is one of C, of Python, a docstring, or a line for the preprocessor; after a final \
# only #define goes on. In C a // goes on too: "// 0x5C \" would swallow the row below it.
_TOKEN = re.compile(
    r"""
    (?P<comment>   //[^\n]* | /\*.*?\*/ | \"{3}.*?\"{3} | '{3}.*?'{3}
                 | \#[ \t]*define\b (?:[^\\\n] | \\.)*+ | \#[^\n]* )
  | (?P<unclosed>  /\* | \"{3} | '{3} )
  | (?P<string>    \"(?:[^"\\\n] | \\[^\n])*+\"? | '(?:[^'\\\n] | \\[^\n])*+'? )
  | (?P<number>    (?<![\w.]) [+-]? \.? [0-9] [\w.]* )
  | (?P<word>      \w+ )
  | (?P<subscript> (?<=[\w\]]) [ \t]* \[ (?!\[) )      # opens [32] and [7] in Font1[32][7]
  | (?P<open>      [\[{] )
  | (?P<close>     [\]}] )
  | (?P<comma>     , )
  | (?P<other>     \S )
    """,
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    start: int  # position in the text of the file


def _tokens(source: _Source) -> Iterator[_Token]:
    """Cut a text into tokens, left to right; only white space is left out."""
    for count, match in enumerate(_TOKEN.finditer(source.text)):
        kind, text = match.lastgroup or "other", match.group()
        if kind == "unclosed":
            reason = "the comment opened here is never closed"
            raise source.error(match.start(), reason, f"add {text.replace('/*', '*/')}")
        if count == MAX_TOKENS:
            raise source.error(match.start(), "far more than three fonts", "give a shorter file")
        yield _Token(kind, text, match.start())


# --- 3. Lists --------------------------------------------------------------------------------

_CLOSING = {"[": "]", "{": "}"}


@dataclass
class _List:
    """What stands between two brackets: rows, numbers, and whatever does not belong there."""

    start: int
    bracket: str = ""
    name: str | None = None
    is_data: bool = False  # not the file as a whole, nor [32] in Font1[32], nor extern "C" {
    items: list[_Token | _List] = field(default_factory=list)
    end: int = 0

    @property
    def lists(self) -> list[_List]:
        return [item for item in self.items if isinstance(item, _List)]

    @property
    def first_kind(self) -> str:
        first = self.items[0] if self.items else None
        return first.kind if isinstance(first, _Token) else "list" if first else ""


class _Reader:
    """Nests the tokens of a file, with a stack of the lists that are still open."""

    def __init__(self, source: _Source) -> None:
        self.source = source
        self.comments: list[_Token] = []
        self.names: list[str] = []  # what the next list may be called
        self.stack = [_List(0)]

    def read(self) -> _List:
        """Return the whole file as one list."""
        previous = _Token("other", "", 0)
        for token in _tokens(self.source):
            if token.kind == "comment":
                self.comments.append(token)
                continue
            if token.kind in ("open", "subscript"):
                self._open(token, previous)
            elif token.kind == "close":
                self._close(token)
            else:
                self._add(token, previous)
            previous = token
        if len(self.stack) > 1:
            start = self.stack[-1].start
            raise self.source.error(start, "the bracket opened here is never closed", "close it")
        return self.stack[0]

    def _open(self, token: _Token, previous: _Token) -> None:
        """Begin a list: of data, unless it is a subscript or a block of C."""
        parent = self.stack[-1]
        if parent.is_data and parent.first_kind == "number":
            raise self.source.error(parent.start, "row is not closed before the next", "close it")
        if len(self.stack) > MAX_DEPTH:
            raise self.source.error(token.start, "brackets are nested too deep", "remove some")
        is_subscript = token.kind == "subscript" and not parent.is_data  # in data, ][ is a new row
        is_block = token.text == "{" and previous.kind in ("word", "string") and not parent.is_data
        new = _List(token.start, token.text[-1], is_data=not is_subscript and not is_block)
        if is_subscript:
            self._name(previous)
        else:
            new.name, self.names = _font_name(self.names), []
            parent.items.append(new)
        self.stack.append(new)

    def _close(self, token: _Token) -> None:
        """End a list."""
        top = self.stack[-1]
        expected = _CLOSING.get(top.bracket, "no bracket")
        if token.text != expected:
            reason = f"{token.text} where {expected} should close"
            raise self.source.error(token.start, reason, "check the brackets up to this line")
        top.end = token.start
        self.stack.pop()
        if top.is_data:
            self.names = []

    def _add(self, token: _Token, previous: _Token) -> None:
        """Put what is no bracket into the innermost list."""
        top = self.stack[-1]
        if token.text in ("=", ":"):
            self._name(previous)
        elif token.text in (",", ";"):
            self.names = []
        if token.kind == "number" and top.is_data and top.first_kind == "list":
            reason = f"{token.text[:20]!r} stands outside the rows"
            raise self.source.error(token.start, reason, "put each row in brackets")
        if token.kind != "comma":
            top.items.append(token)
        elif top.is_data and previous.kind in ("open", "subscript", "comma"):
            reason = "nothing stands before this comma"
            raise self.source.error(token.start, reason, "remove it or add what is missing")

    def _name(self, token: _Token) -> None:
        """Note what stands before [32], = or : as a possible name of the next list."""
        if token.kind in ("word", "string") and token.text != "dtype":  # np.array(..., dtype=int)
            self.names.append(token.text.strip("\"'")[:40])


def _font_name(names: Sequence[str]) -> str | None:
    """Choose the name that looks like a font's, or else the first.

    There are several in ``FONT1: list[list[int]] =`` or ``int[][] FONT1 =``.
    """
    for name in names:
        if re.search(r"font|(?<!\d)[1-3]$", name, re.IGNORECASE):
            return name
    return names[0] if names else None


# --- 4. Fonts --------------------------------------------------------------------------------


def _arrays(parent: _List) -> Iterator[_List]:
    """Yield the lists that hold the rows of one font; a list of such lists only groups them."""
    for child in parent.lists:
        below = child.lists
        if below and (below[0].name or below[0].lists):
            if len(below) == 1:  # std::array needs two pairs of braces
                below[0].name = below[0].name or child.name
            yield from _arrays(child)
        elif child.is_data or below:  # else a struct, an enum
            yield child


_INTEGER = re.compile(r"([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]{1,99})[uUlL]*")


def _value(item: _Token | _List, source: _Source) -> int:
    """Read one row of dots: an integer of five bits."""
    text = item.text if isinstance(item, _Token) else item.bracket
    shown = repr(text[:20])
    match = _INTEGER.fullmatch(text)
    if match is None:
        raise source.error(item.start, f"{shown} is not an integer", "write one from 0 to 0x1F")
    sign, digits = match.groups()
    if re.fullmatch("0+[1-9][0-9]+", digits):
        # 010 is 8 in C, 10 to the eye, and 2 to whoever draws in binary; 08 is 8 to everybody.
        raise source.error(item.start, f"{shown} may be octal, decimal or binary", "add 0x or 0b")
    value = int(digits, 10 if digits.isdigit() else 0)
    if sign == "-" and value:
        raise source.error(item.start, f"{shown} is below 0", "write an integer from 0 to 0x1F")
    if value >= 1 << WIDTH:
        raise source.error(item.start, f"{shown} is above 0x1F", f"use the {WIDTH} low bits only")
    return value


def _rows(array: _List, source: _Source) -> list[list[int]]:
    """Read the 32 rows of an array, as integers; C may leave out the inner braces."""
    name = array.name or "the array"
    if not array.lists:
        flat = [_value(item, source) for item in array.items]
        if len(flat) != N_CHARACTERS * HEIGHT:
            reason = f"{name} has {len(flat)} numbers, not {N_CHARACTERS} rows of {HEIGHT}"
            raise source.error(array.start, reason, "put each row in brackets to see which")
        return np.reshape(flat, (N_CHARACTERS, HEIGHT)).tolist()
    rows = []
    for item in array.items:
        if isinstance(item, _Token):
            reason = f"{item.text[:20]!r} stands between the rows"
            raise source.error(item.start, reason, "remove it or make it a comment")
        row = [_value(number, source) for number in item.items]
        _check_count("row", "number", len(row), HEIGHT, item, source)
        rows.append(row)
    _check_count(name, "row", len(rows), N_CHARACTERS, array, source)
    return rows


def _check_count(
    what: str, unit: str, count: int, expected: int, where: _List, source: _Source
) -> None:
    """Raise if there are not as many units as there should be."""
    if count == expected:
        return
    off = "one" if abs(count - expected) == 1 else str(abs(count - expected))
    remedy = f"add the missing {off}" if count < expected else f"remove the extra {off}"
    plural = "" if count == 1 else "s"
    raise source.error(where.start, f"{what} has {count} {unit}{plural}, not {expected}", remedy)


def _pixels(array: _List, source: _Source) -> np.ndarray:
    """Unpack the rows of an array into pixels, shape (32, 35): bit 4 is the left column."""
    rows = np.array(_rows(array, source))
    bits = rows[:, :, np.newaxis] >> np.arange(WIDTH)[::-1] & 1  # (32, 7, 5)
    return bits.reshape(N_CHARACTERS, HEIGHT * WIDTH).astype(np.float64)


def _base_in_name(array: _List) -> int | None:
    """Font1 → 0x20, font_2 → 0x40, "FONT3" → 0x60; but int32 is no font."""
    match = re.search(r"(?<!\d)[1-3]$", array.name or "")
    return BASES[int(match.group()) - 1] if match else None


def _base_in_comment(array: _List, after: int, comments: list[_Token]) -> int | None:
    """Find the code of the first character, in a comment at its row or else above the array."""
    second = array.items[len(array.items) // N_CHARACTERS].start  # 32 rows or 224 numbers
    inside = [c.text for c in comments if array.start < c.start < second]
    above = [c.text for c in comments if after < c.start < array.start]
    for text in inside + above[::-1]:
        if match := re.search(r"\b0[xX][246]0\b", text):
            return int(match.group(), 16)
    return None


def _bases(arrays: list[_List], comments: list[_Token], source: _Source) -> list[int]:
    """Decide which characters each array draws. See `load_fonts` for the rules."""
    bases = [_base_in_name(array) for array in arrays]
    if len(arrays) < len(BASES):
        ends = [-1] + [array.end for array in arrays]
        for i, array in enumerate(arrays):
            bases[i] = bases[i] or _base_in_comment(array, ends[i], comments)
        if bases == [None]:
            bases = [BASES[-1]]
    known = [base for base in bases if base is not None]
    if len(set(known)) == len(bases):
        return known
    for i, array in enumerate(arrays):
        if bases[i] is not None and bases[i] in bases[:i]:
            reason = f"a second font for the characters from 0x{bases[i]:X}"
            raise source.error(array.start, reason, "name the arrays Font1, Font2, Font3")
    if len(arrays) == len(BASES):
        return list(BASES)
    missing = arrays[bases.index(None)]
    raise source.error(
        missing.start, "cannot tell which characters these are", "name the array Font1, 2 or 3"
    )


def load_fonts(path: str | os.PathLike[str] | None = None) -> list[Font]:
    """Read one, two or three fonts of 32 characters from a ``font.h``.

    Accepted are C headers and their relatives in Python, JSON or NumPy: lists of 32 rows in
    braces or brackets, a row being 7 integers from 0 to 0x1F, hexadecimal, decimal or binary,
    with commas or white space between them; or 224 integers with no inner brackets. Comments may
    hold anything. What stands outside the arrays is skipped. A leading zero is accepted only
    where it makes no difference (``08``, not ``010``, which is octal in C).

    The labels come from the position in the array, never from the comments beside the rows,
    which are often wrong. The characters of an array start at 0x20, 0x40 or 0x60:

    - its name tells, if it ends in 1, 2 or 3: ``Font1``, ``font_2``, ``"FONT3"``;
    - three arrays that are not all named like this are taken in their order;
    - one or two arrays without such a name: the first comment tells, at the first row or above
      the array, if it says 0x20, 0x40 or 0x60;
    - one array that says nothing starts at 0x60, the lowercase letters.

    Parameters
    ----------
    path : path, optional
        The file, at most 1 MB, in UTF-8 (or UTF-16 with its byte order mark). Without it: the
        font that comes with the course.

    Returns
    -------
    list of Font
        One to three, by their characters: symbols, uppercase, lowercase.

    Raises
    ------
    FontError
        If the file cannot be read, or a row has not 7 integers from 0 to 0x1F, or a font has not
        32 rows, or there are no fonts, more than three, or two for the same characters, or if
        nothing tells which characters they are.

    Examples
    --------
    >>> load_fonts()
    [Font Font1: 32 characters  !…?, Font Font2: 32 characters @A…_, Font Font3: 32 characters `a…█]
    >>> for row in load_fonts()[1].glyphs[1]:
    ...     print("".join(".#"[int(pixel)] for pixel in row))
    ..#..
    .#.#.
    #...#
    #...#
    #####
    #...#
    #...#
    """
    source = _read_source(path)
    reader = _Reader(source)
    arrays = list(_arrays(reader.read()))
    if not arrays:
        raise source.error(None, "no rows at all", "write 32 rows like {0x04, 0x0A, ...} per font")
    if len(arrays) > len(BASES):
        raise source.error(arrays[3].start, "a fourth font", "keep at most three, of 32 rows each")
    pixels = [_pixels(array, source) for array in arrays]
    fonts = {}
    for base, array, X in zip(_bases(arrays, reader.comments, source), arrays, pixels, strict=True):
        labels = tuple(chr(base + row) for row in range(N_CHARACTERS))
        fonts[base] = Font(array.name or f"Font{base // N_CHARACTERS}", labels, X)
    return [fonts[base] for base in sorted(fonts)]


def all_characters(fonts: Sequence[Font]) -> tuple[np.ndarray, list[str]]:
    """Put the characters of several fonts one below the other.

    Parameters
    ----------
    fonts : sequence of Font
        At least one.

    Returns
    -------
    X : ndarray, shape (32 * len(fonts), 35)
        Pixels, float64, 0 or 1.
    labels : list of str
        The character of each row of `X`.

    Raises
    ------
    ValueError
        If there is no font.

    Examples
    --------
    >>> X, labels = all_characters(load_fonts())
    >>> X.shape, labels.index("A")
    ((96, 35), 33)
    """
    if not fonts:
        raise ValueError("no font given; pass the list that load_fonts() returns.")
    X = np.concatenate([font.X for font in fonts])
    return X, [label for font in fonts for label in font.labels]
