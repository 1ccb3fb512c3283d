"""Any font.h is read exactly, or refused with its line, the reason and a remedy."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import pickle
import random
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tp5.datasets import fonts as module
from tp5.datasets.fonts import Font, FontError, all_characters, load_fonts
from tp5.files import data_path

FILE = data_path("font.h")
TEXT = FILE.read_text(encoding="utf-8")
# The numbers of font.h by a way that shares nothing with tp5.datasets.fonts: shape (3, 32, 7).
LINES = re.findall(r"^    \{(.*)\},  // 0x", TEXT, re.MULTILINE)
NUMBERS = np.array([[int(n, 16) for n in line.split(", ")] for line in LINES]).reshape(3, 32, 7)

Read = Callable[[str | bytes], list[Font]]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Read a text as if it were the content of font.h."""
    path = tmp_path_factory.mktemp("fonts") / "font.h"

    def read(content: str | bytes) -> list[Font]:
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return load_fonts(path)

    return read


def pack(fonts: list[Font]) -> np.ndarray:
    """Pixels back to numbers, (n_fonts, 32, 7)."""
    return np.array([font.glyphs @ [16, 8, 4, 2, 1] for font in fonts])


def c_rows(numbers: np.ndarray, number: str = "0x{:02X}") -> str:
    return ",\n".join("  {" + ", ".join(number.format(n) for n in row) + "}" for row in numbers)


def c_array(numbers: np.ndarray, head: str = "const unsigned char Font1[32][7] =") -> str:
    return f"{head} {{\n{c_rows(numbers)}\n}};\n"


def c_file(heads: list[str], number: str = "0x{:02X}") -> str:
    return "".join(
        f"{head} {{\n{c_rows(rows, number)}\n}};\n"
        for head, rows in zip(heads, NUMBERS, strict=False)
    )


# --- The course's font.h ---------------------------------------------------------------------


def picture(font: Font, character: str) -> str:
    rows = font.glyphs[font.labels.index(character)]
    return "\n".join("".join(".#"[int(pixel)] for pixel in row) for row in rows)


def test_the_file_has_96_different_characters() -> None:
    fonts = load_fonts()
    X, labels = all_characters(fonts)
    assert [font.name for font in fonts] == ["Font1", "Font2", "Font3"]
    assert labels == [chr(code) for code in range(0x20, 0x80)]
    assert X.shape == (96, 35)
    assert X.dtype == np.float64
    assert set(np.unique(X)) == {0.0, 1.0}
    np.testing.assert_array_equal(pack(fonts), NUMBERS)


def test_no_two_characters_differ_in_less_than_two_pixels() -> None:
    X, labels = all_characters(load_fonts())
    distance = np.abs(X[:, None] - X[None]).sum(axis=-1)
    np.fill_diagonal(distance, np.inf)
    assert distance.min() == 2
    closest = {labels[i] + labels[j] for i, j in np.argwhere(distance == 2) if i < j}
    assert closest == {"!'", "!|", "(<", ")>", ":;", "Il", "hn", "l|"}


def test_space_is_empty_and_del_is_a_block() -> None:
    X, _ = all_characters(load_fonts())
    assert not X[0].any()
    assert X[-1].all()


def test_golden_glyphs() -> None:
    symbols, upper, lower = load_fonts()
    assert picture(upper, "A") == "..#..\n.#.#.\n#...#\n#...#\n#####\n#...#\n#...#"
    assert picture(lower, "p") == ".....\n.....\n####.\n#...#\n#...#\n####.\n#...."
    assert picture(symbols, "7") == "#####\n....#\n...#.\n..#..\n.#...\n.#...\n.#..."


def test_comments_of_the_file_name_the_right_characters() -> None:
    comments = re.findall(r"^    \{.*\},  // 0x([0-9A-F]{2}) (.*)", TEXT, re.MULTILINE)
    assert [int(code, 16) for code, _ in comments] == list(range(0x20, 0x80))
    named = [name for _, name in comments if name not in ("space", "DEL, a filled block")]
    assert named == [f"'{chr(code)}'" for code in range(0x21, 0x7F)]


def test_readme_gives_the_checksum() -> None:
    readme = FILE.with_name("README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() in readme
    assert "CC0" in readme


# --- Font ------------------------------------------------------------------------------------


def test_repr_is_one_short_line() -> None:
    assert repr(load_fonts()) == (
        "[Font Font1: 32 characters  !…?, Font Font2: 32 characters @A…_,"
        " Font Font3: 32 characters `a…█]"
    )


def test_arrays_are_read_only() -> None:
    font = load_fonts()[0]
    for array in (font.X, font.glyphs):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(AttributeError):
        font.X = font.X  # type: ignore[misc]


def test_font_keeps_a_copy() -> None:
    X = np.zeros((32, 35))
    font = Font("mine", tuple("a" * 32), X)
    X[:] = 1
    assert not font.X.any()


def test_fonts_compare_and_hash_without_error() -> None:
    first, again = load_fonts()[0], load_fonts()[0]
    assert first == first
    assert first != again  # eq compares identity, not 1,120 pixels
    assert len({first, again}) == 2
    np.testing.assert_array_equal(copy.deepcopy(first).X, first.X)


def test_glyphs_are_the_same_pixels() -> None:
    font = load_fonts()[1]
    assert font.glyphs.shape == (32, 7, 5)
    np.testing.assert_array_equal(font.glyphs.reshape(32, 35), font.X)
    assert np.shares_memory(font.glyphs, font.X)


def test_all_characters_of_one_font_and_of_none() -> None:
    fonts = load_fonts()
    X, labels = all_characters(fonts[2:])
    np.testing.assert_array_equal(X, fonts[2].X)
    assert labels == list(fonts[2].labels)
    X[:] = 0  # the caller's own array
    assert fonts[2].X.any()
    with pytest.raises(ValueError, match="fonts must be the list that load_fonts"):
        all_characters([])


# --- Dialects --------------------------------------------------------------------------------

NAMES = ["Font1", "Font2", "Font3"]
HEADS = [f"const unsigned char {name}[32][7] =" for name in NAMES]
LISTS = [rows.tolist() for rows in NUMBERS]
NASTY = (
    r"""{ } [ ] ( ) , ; " ' # \ """ + "{0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07}, = : font9 = {"
)


def each_line(change: Callable[[str], str]) -> str:
    """Change the lines that hold a row."""
    return "\n".join(
        change(line) if line.startswith("    {") else line for line in TEXT.split("\n")
    )


def without_comments(text: str) -> str:
    return re.sub(r" *//[^\n]*", "", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))


def flat(rows: np.ndarray) -> str:
    return ",".join(map(str, rows.ravel()))


def python(brackets: str = "[{}]") -> str:
    return "\n".join(
        f"font{i} = {brackets.format(str(rows)[1:-1])}" for i, rows in enumerate(LISTS, 1)
    )


def array_repr(rows: np.ndarray) -> str:
    return "np." + repr(rows.astype(np.uint8))  # with dtype=uint8


DIALECTS: dict[str, str | bytes] = {
    "as it is": TEXT,
    "hexadecimal, small letters": c_file(HEADS, "0x{:x}"),
    "hexadecimal, 0X and a suffix": c_file(HEADS, "0X{:X}u"),
    "decimal": c_file(HEADS, "{}"),
    "decimal, aligned": c_file(HEADS, "{:2d}"),
    "decimal, signs": c_file(HEADS, "{:+d}"),
    "binary": c_file(HEADS, "0b{:05b}"),
    "binary, 0B": c_file(HEADS, "0B{:b}"),
    "mixed": re.sub("0x1F", "0b11111", re.sub("0x0A", "10", TEXT)),
    "no comments": without_comments(TEXT),
    "crlf": TEXT.replace("\n", "\r\n"),
    "lone cr": TEXT.replace("\n", "\r"),
    "crlf and lf mixed": TEXT.replace("},\n", "},\r\n").replace("};\n", "};\r\n"),
    "utf-8 with bom": b"\xef\xbb\xbf" + TEXT.encode(),
    "utf-16 with bom": TEXT.encode("utf-16"),
    "utf-16 big-endian": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "letters that are not ascii": TEXT.replace("space", "espacio vacío, año 2024 █ 漢字"),
    "no final newline": TEXT.rstrip("\n"),
    "ends after the last brace": c_file(HEADS)[: -len(";\n")],
    "blank lines": TEXT.replace("\n    {", "\n\n \t\n    {"),
    "tabs": TEXT.replace("    {", "\t\t{").replace(", ", ",\t"),
    "form feeds": TEXT.replace("\n/*", "\n\f/*"),
    "no indentation": TEXT.replace("    {", "{"),
    "no spaces": c_file(HEADS).replace(", ", ","),
    "spaces everywhere": c_file(HEADS).replace(",", " ,  ").replace("{", " { ").replace("}", " }"),
    "all on one line": c_file(HEADS).replace("\n", " "),
    "one number a line": without_comments(TEXT).replace(", ", ",\n"),
    "brace on its own line": TEXT.replace("= {", "=\n{"),
    "comma after the last row": c_file(HEADS).replace("}\n}", "},\n}"),
    "comma after the last number": c_file(HEADS).replace("}", ",}").replace(",};", "};"),
    "no comma after a row": without_comments(TEXT).replace("},", "}"),
    "no commas at all": without_comments(TEXT).replace(",", " "),
    "sizes left out": c_file([f"int {name}[][7]=" for name in NAMES]),
    "sizes spaced": c_file([f"int {name} [ 32 ] [ 7 ]  =" for name in NAMES]),
    "sizes computed": c_file([f"char {name}[4 * 8][ROWS(7)] =" for name in NAMES]),
    "progmem": c_file([f"const uint8_t {name}[32][7] PROGMEM =" for name in NAMES]),
    "attribute": c_file([f"char {n}[32][7] __attribute__((aligned(4))) =" for n in NAMES]),
    "declared before": "extern int Font1[32][7], Font3[][7];\nint width = 5;\n" + c_file(HEADS),
    "extern C": '#ifdef X\nextern "C" {\n#endif\n' + c_file(HEADS) + "#ifdef X\n}\n#endif\n",
    "namespace": "namespace fonts {\n" + c_file(HEADS) + "}\n",
    "std::array": "".join(
        c_array(rows, f"std::array<std::array<uint8_t, 7>, 32> {name} = {{").replace("};", "}};")
        for name, rows in zip(NAMES, NUMBERS, strict=True)
    ),
    "java": c_file([f"static final int[][] {name} =" for name in NAMES]),
    "preprocessor": '#pragma once\n#include "a{.h"\n#include <b>\n# define ROW(a) {a, \\\n 1, 2}\n'
    "#ifndef A\n#define A {0x01}\n" + c_file(HEADS) + "#endif // A {\n",
    "nasty // comments": each_line(lambda line: line + NASTY),
    "nasty // comments, final backslash": each_line(lambda line: line + NASTY + "\\"),
    "nasty /* */ comments": each_line(lambda line: line.split("//")[0] + f"/* {NASTY} */"),
    "nasty /* */ comments before": each_line(lambda line: f"/* {NASTY} */" + line),
    "nasty /* */ comments of two lines": each_line(lambda line: f"{line}\n/* {NASTY}\n{NASTY} */"),
    "nasty # comments": each_line(lambda line: line.split("//")[0] + "# " + NASTY),
    "comments between the numbers": without_comments(TEXT).replace(", ", ", /* {9}, */ "),
    "/* in a // comment": each_line(lambda line: line + " /* "),
    "// in a /* comment": each_line(lambda line: line.split("//")[0] + " /* // */"),
    "*/ in a // comment": each_line(lambda line: line + " */ "),
    "quotes in /* comments": TEXT.replace("/* symbols", "/* isn't \" this ''' \"\"\" symbols"),
    "a row commented out": each_line(lambda line: f"{line}\n// {line}\n/* {line} */\n# {line}"),
    "strings outside": "char *a = \"{0x01, // /* \\\" [\";\nchar b = '{', c = '\\'';\n" + TEXT,
    "python": python(),
    "python, another language inside": python().replace("], [", '],  # {, ] "\n  ['),
    "python, annotated": python().replace(" =", ": list[list[int]] ="),
    "python, docstring": '"""Fonts, isn\'t it: [[1, 2]]\n\n{"""\n' + python() + "\n'''[[['''\n",
    "typescript": python().replace(" =", ": number[][] ="),
    "numpy call": "import numpy as np\n" + python("np.array([{}], dtype=np.uint8)"),
    "numpy repr": "\n".join(f"font{i} = {array_repr(r)}" for i, r in enumerate(NUMBERS, 1)),
    "numpy str": "\n".join(f"font{i} = {r}" for i, r in enumerate(NUMBERS, 1)),
    "numpy, three-dimensional": repr(NUMBERS),
    "python dictionary": str(dict(zip(NAMES, LISTS, strict=True))),
    "python dict()": f"fonts = dict({python().replace(chr(10), ', ')})",
    "json": json.dumps(dict(zip(NAMES, LISTS, strict=True))),
    "json, indented": json.dumps(dict(zip(NAMES, LISTS, strict=True)), indent=2),
    "json, with more in it": json.dumps(
        {"width": 5, "by": "{x}", "fonts": dict(zip(NAMES, LISTS, strict=True)), "ok": True}
    ),
    "json, bare": json.dumps(LISTS),
    "c, three-dimensional": "char fonts[3][32][7] = {"
    + ",".join(f"{{{c_rows(rows)}}}" for rows in NUMBERS)
    + "};",
    "no inner braces": "".join(
        f"char {name}[32][7] = {{{flat(rows)}}};\n"
        for name, rows in zip(NAMES, NUMBERS, strict=True)
    ),
    "json, no inner brackets": json.dumps(
        {name: rows.ravel().tolist() for name, rows in zip(NAMES, NUMBERS, strict=True)}
    ),
    "semicolons": c_file(HEADS).replace(", ", "; "),
    "no names": "".join(f"= {{{c_rows(rows)}}};\n" for rows in NUMBERS),
    "other names": c_file(["char symbols[32][7] =", "int upper[32][7]=", "int lower[32][7]="]),
    "numbered from 0": c_file([f"char Font{i}[32][7] =" for i in range(3)]),
    "numbered from 2": c_file([f"char Font{i}[32][7] =" for i in (2, 3, 4)]),
    "another order": c_array(NUMBERS[2], HEADS[2])
    + c_array(NUMBERS[0], HEADS[0])
    + c_array(NUMBERS[1], HEADS[1]),
}


@pytest.mark.parametrize("content", DIALECTS.values(), ids=DIALECTS.keys())
def test_every_dialect_gives_the_same_pixels(content: str | bytes, read: Read) -> None:
    fonts = read(content)
    np.testing.assert_array_equal(pack(fonts), NUMBERS)
    assert all_characters(fonts)[1] == [chr(code) for code in range(0x20, 0x80)]


@pytest.mark.parametrize(
    ("dialect", "names"),
    [
        ("as it is", "Font1 Font2 Font3"),
        ("python", "font1 font2 font3"),
        ("python, annotated", "font1 font2 font3"),
        ("json", "Font1 Font2 Font3"),
        ("progmem", "Font1 Font2 Font3"),
        ("attribute", "Font1 Font2 Font3"),
        ("java", "Font1 Font2 Font3"),
        ("typescript", "font1 font2 font3"),
        ("numpy call", "font1 font2 font3"),
        ("std::array", "Font1 Font2 Font3"),
        ("declared before", "Font1 Font2 Font3"),
        ("other names", "symbols upper lower"),
        ("numbered from 0", "Font0 Font1 Font2"),
        ("another order", "Font1 Font2 Font3"),
        ("no names", "Font1 Font2 Font3"),
        ("json, bare", "Font1 Font2 Font3"),
    ],
)
def test_names_are_those_of_the_file(dialect: str, names: str, read: Read) -> None:
    assert [font.name for font in read(DIALECTS[dialect])] == names.split()


def test_names_of_numpy_arrays_that_are_no_fonts_are_kept(read: Read) -> None:
    text = python("np.array([{}], dtype=np.uint8)")
    for old, new in zip(["font1", "font2", "font3"], ["low", "mid", "high"], strict=True):
        text = text.replace(old, new)
    assert [font.name for font in read(text)] == ["low", "mid", "high"]


@pytest.mark.parametrize("text", ["00", "000", "07", "08", "09", "007", "-0"])
def test_leading_zeros_that_make_no_difference(text: str, read: Read) -> None:
    rows = c_rows(NUMBERS[0]).replace("0x00", text, 1)
    expected = NUMBERS[0].copy()
    expected[0, 0] = abs(int(text))
    np.testing.assert_array_equal(pack(read(f"int Font1[][7] = {{{rows}}};"))[0], expected)


# --- Which characters ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "base"),
    [
        ("char Font1[32][7] =", 0x20),
        ("char FONT2[32][7] =", 0x40),
        ("char font_3[32][7] =", 0x60),
        ("const uint8_t glyphs2[32][7] PROGMEM =", 0x40),
        ("font1 =", 0x20),
        ('"Font 2":', 0x40),
        ('{"fonts": {"FONT-1":', 0x20),
        ("int32 =", None),  # no number of a font
        ("font12 =", None),
        ("font =", None),
        ("", None),
        ("uppercase =", 0x40),
        ("int MINUSCULAS[32][7] =", 0x60),
        ("símbolos =", 0x20),
        ("upper_and_lower =", None),
        ("// the lowercase letters\nletters =", 0x60),
        ("// the lowercase letters\n\n\n\n\n\nletters =", None),  # too far away
        ("// 0x20\nchar Font2[32][7] =", 0x40),  # the name is stronger than the comment
        ("// 0x40 and on\nchar letters[32][7] =", 0x40),
        ("/* from 0x40 */ char letters[32][7] =", 0x40),
        ("# 0x20-0x3F\nletters =", 0x20),
        ("/* 0x20, 0x7F */\n/* 0x40 */ letters =", 0x40),  # the nearest comment
        ("char letters[32][7] = // 0x40\n", 0x40),
        ("// code 0x41\nchar letters[32][7] =", None),  # not a base
        ("// 0x400, 10x20\nchar letters[32][7] =", None),
    ],
)
def test_base_of_one_font(head: str, base: int | None, read: Read) -> None:
    closing = "}}" if head.startswith("{") else ""
    (font,) = read(f"{head} {{\n{c_rows(NUMBERS[1])}\n}}{closing}\n")
    labels = (f"#{row}" if base is None else chr(base + row) for row in range(32))
    assert font.labels == tuple(labels)
    np.testing.assert_array_equal(pack([font])[0], NUMBERS[1])
    assert font.name in head or (base is None and font.name == "Font")


@pytest.mark.parametrize("comment", ["// 0x40, '@'", "# 0X40", "/* 0x40 */", "//0x40"])
@pytest.mark.parametrize("where", ["behind", "before", "inside"])
def test_base_of_one_font_from_the_comment_of_its_first_row(
    comment: str, where: str, read: Read
) -> None:
    first, rest = c_rows(NUMBERS[1]).split("\n", 1)
    inside = first.replace("{", "{" + comment + "\n")
    first = {"behind": f"{first} {comment}", "before": f"{comment}\n{first}", "inside": inside}[
        where
    ]
    (font,) = read(f"/* 0x20 to 0x7F */\nint a[][7] = {{\n{first}\n{rest} // 0x60\n}};\n")
    assert font.labels[0] == "@"


def test_base_of_a_font_without_inner_braces_from_its_comment(read: Read) -> None:
    numbers = flat(NUMBERS[0]).split(",", 7)
    text = f"int a[224] = {{ {', '.join(numbers[:7])}, // 0x20\n{numbers[7]} }}; // 0x40\n"
    assert read(text)[0].labels[0] == " "


def test_two_fonts(read: Read) -> None:
    text = c_array(NUMBERS[2], "int Font3[][7] =") + c_array(NUMBERS[0], "int Font1[][7] =")
    fonts = read(text)
    assert [font.name for font in fonts] == ["Font1", "Font3"]
    np.testing.assert_array_equal(pack(fonts), NUMBERS[[0, 2]])


def test_two_fonts_one_by_its_comment(read: Read) -> None:
    text = c_array(NUMBERS[2], "int Font3[][7] =") + c_array(NUMBERS[1], "\n// 0x40\nint a[][7] =")
    fonts = read(text)
    assert [(font.name, font.labels[0]) for font in fonts] == [("a", "@"), ("Font3", "`")]


def test_labels_come_from_the_position_not_from_the_comments(read: Read) -> None:
    shuffled = list(range(0x20, 0x80))
    random.Random(5).shuffle(shuffled)
    codes = iter(shuffled)
    text = each_line(lambda line: line.split("//")[0] + f"// 0x{next(codes):02X} 'wrong'")
    assert all_characters(read(text))[1] == [chr(code) for code in range(0x20, 0x80)]
    for i, name in enumerate(NAMES):
        wrong = c_array(NUMBERS[i], f"/* 0x20 0x40 */ int {name}[32][7] =").replace(
            "},\n", "}, // 0x20\n"
        )
        assert read(wrong)[0].labels[0] == chr(0x20 * (i + 1))


# --- Refusals --------------------------------------------------------------------------------

ROWS = ["{" + ", ".join(f"0x{n:02X}" for n in row) + "}" for row in NUMBERS[0]]


def font_with(line: int, row: str, rows: list[str] = ROWS) -> str:
    """Font1 with the opening on line 1, the first row on line 2, and another row at `line`."""
    lines = rows.copy()
    lines[line - 2] = row
    return "int Font1[32][7] = {\n" + ",\n".join(lines) + "\n};\n"


REFUSED: dict[str, tuple[str | bytes, int | None, str]] = {
    "6 numbers": (
        font_with(12, "{1, 2, 3, 4, 5, 6}"),
        12,
        "row has 6 numbers, not 7; add the miss",
    ),
    "8 numbers": (
        font_with(2, "{1,2,3,4,5,6,7,8}"),
        2,
        "8 numbers, not 7; remove the extra one, or",
    ),
    "1 number": (font_with(3, "{1}"), 3, "row has 1 number, not 7; add the missing 6, or"),
    "0 numbers": (font_with(33, "{}"), 33, "row has 0 numbers, not 7; add the missing 7, or"),
    "10 numbers": (font_with(33, "{0,1,2,3,4,5,6,7,8,9}"), 33, "remove the extra 3, or"),
    "0x20": (font_with(4, "{0x20, 2, 3, 4, 5, 6, 7}"), 4, "'0x20' is above 0x1F"),
    "huge": (font_with(4, "{1, 0xFFFFFFFFFFFFFFFFFFFF, 3, 4, 5, 6, 7}"), 4, "above 0x1F"),
    "very huge": (font_with(4, "{1, " + "9" * 9999 + ", 3, 4, 5, 6, 7}"), 4, "not an integer"),
    "very huge hex": (font_with(4, "{1, 0x" + "9" * 9999 + ", 3, 4, 5, 6, 7}"), 4, "above 0x1F"),
    "negative": (font_with(5, "{1, -2, 3, 4, 5, 6, 7}"), 5, "'-2' is below 0"),
    "octal": (font_with(5, "{1, 010, 3, 4, 5, 6, 7}"), 5, "'010' may be octal, decimal or binary"),
    "binary digits": (font_with(5, "{1, 00110, 3, 4, 5, 6, 7}"), 5, "add 0x or 0b"),
    "float": (font_with(6, "{1, 2.0, 3, 4, 5, 6, 7}"), 6, "'2.0' is not an integer"),
    "float, short": (font_with(6, "{1, .5, 3, 4, 5, 6, 7}"), 6, "'.5' is not an integer"),
    "exponent": (font_with(6, "{1, 1e-5, 3, 4, 5, 6, 7}"), 6, "'1e' is not an integer"),
    "hexadecimal without digits": (font_with(6, "{0x, 2, 3, 4, 5, 6, 7}"), 6, "'0x' is not an int"),
    "binary with a 2": (font_with(6, "{0b12, 2, 3, 4, 5, 6, 7}"), 6, "'0b12' is not an integer"),
    "a name": (font_with(7, "{1, 2, THREE, 4, 5, 6, 7}"), 7, "'THREE' is not an integer"),
    "a string": (font_with(7, '{1, 2, "3", 4, 5, 6, 7}'), 7, "is not an integer"),
    "a character": (font_with(7, "{1, 2, '3', 4, 5, 6, 7}"), 7, "is not an integer"),
    "an open string": (font_with(7, "{1, 2, '3, 4, 5, 6, 7}"), 7, "row is not closed"),
    "a sum": (font_with(7, "{1+1, 2, 3, 4, 5, 6}"), 7, "'+' is not an integer"),
    "foreign digits": (font_with(7, "{1, 2, ٣, 4, 5, 6, 7}"), 7, "is not an integer"),
    "a superscript": (font_with(7, "{1, 2, 3², 4, 5, 6, 7}"), 7, "is not an integer"),
    "underscores": (font_with(7, "{1, 2, 1_0, 4, 5, 6, 7}"), 7, "'1_0' is not an integer"),
    "a control character": (font_with(7, "{1, 2, \x1b, 4, 5, 6, 7}"), 7, r"'\x1b' is not an"),
    "equals": (font_with(7, "{1, 2, = 3, 4, 5, 6, 7}"), 7, "no comma before '3'"),
    "two commas": (font_with(8, "{1, 2,, 3, 4, 5, 6, 7}"), 8, "nothing stands before this comma"),
    "first comma": (font_with(8, "{,1, 2, 3, 4, 5, 6, 7}"), 8, "nothing stands before this comma"),
    "two commas between rows": (font_with(8, ROWS[0] + ","), 8, "nothing stands before"),
    "a word between rows": (font_with(9, ROWS[0] + " x"), 9, "'x' stands between the rows"),
    "a word before the rows": (font_with(2, "x " + ROWS[0]), 2, "'x' stands between the rows"),
    "a number between rows": (font_with(9, ROWS[0] + ", 1"), 9, "'1' stands between the rows"),
    "row without its opening": (font_with(9, "1, 2, 3, 4, 5, 6, 7}"), 34, "} where no bracket"),
    "row without its closing": (font_with(9, "{1, 2, 3, 4, 5, 6, 7"), 9, "row is not closed"),
    "last row without its closing": (font_with(33, "{1,2,3,4,5,6,7"), 1, "is never closed"),
    "two rows in one": (font_with(9, "{1, 2, 3, 4, 5, 6, 7 {1}}"), 9, "row is not closed"),
    "row in a row": (font_with(9, "{{1, 2, 3, 4, 5, 6, 7}}"), 9, "row has 1 number, not 7"),
    "31 rows": (c_array(NUMBERS[0][1:]), 1, "Font1 has 31 rows, not 32; add the missing one, or"),
    "33 rows": ("\n" + c_array(NUMBERS[0][[*range(32), 0]]), 2, "33 rows, not 32; remove the ext"),
    "second font short": (
        c_array(NUMBERS[0]) + c_array(NUMBERS[1][1:], "\nint Font2[][7] ="),
        36,
        "Font2 has 31 rows",
    ),
    "223 numbers": (
        f"\nint a[] = {{{flat(NUMBERS[0])[2:]}}};",
        2,
        "a has 223 numbers, not 32 rows",
    ),
    "no numbers": ("int Font1[32][7] = {};", None, "no rows at all"),
    "empty file": ("", None, "no rows at all"),
    "blank file": (" \n\t\r\n", None, "no rows at all"),
    "only a bom": (b"\xef\xbb\xbf", None, "no rows at all"),
    "only comments": (f"// {ROWS[0]}\n/* {ROWS[1]} */\n# {ROWS[2]}", None, "no rows at all"),
    "only a declaration": ("extern char Font1[32][7];", None, "no rows at all"),
    "some other text": ("Dear reader, there is no font here.\n", None, "no rows at all"),
    "some other code": ("enum { A, B };\nstruct x { int y[3]; };", None, "no rows at all"),
    "the same font twice": (
        c_array(NUMBERS[0]) * 2,
        35,
        "second font for the characters from 0x20",
    ),
    "the same name among three": (c_file([HEADS[0], HEADS[1], HEADS[0]]), 69, "from 0x20"),
    "name and comment agree": (
        c_array(NUMBERS[0]) + c_array(NUMBERS[1], "// 0x20\nint a[32][7] ="),
        36,
        "a second font for the characters from 0x20; name the arrays Font1, Font2, Font3, or",
    ),
    "unclosed comment": ("\n" + TEXT + "\n/* { ", TEXT.count("\n") + 3, "comment opened here is n"),
    "unclosed comment, no */": (TEXT[:40] + "\n" + TEXT[40:].replace("*/", ""), 1, "add */"),
    "unclosed docstring": ('x = 1\n"""\n' + python(), 2, 'never closed; add """'),
    "unclosed array": (c_array(NUMBERS[0])[:-3], 1, "the bracket opened here is never closed"),
    "unclosed first of two": (
        c_array(NUMBERS[0]).replace("};", "") + c_array(NUMBERS[1], HEADS[1]),
        1,
        "the bracket opened here is never closed",
    ),
    "unclosed subscript": ("\nint Font1[32 = 5;", 2, "the bracket opened here is never closed"),
    "one } too many": (c_array(NUMBERS[0]) + "\n}", 36, "} where no bracket should close"),
    "} for ]": ("font = [\n[0, 1, 2, 3, 4, 5, 6},\n", 2, "} where ] should close"),
    "] for }": ("font = {\n{0, 1, 2, 3, 4, 5, 6],\n", 2, "] where } should close"),
    "deep": ("\n" + "[" * 1000, 2, "brackets are nested too deep"),
    "crlf counts as one line": (
        font_with(12, "{1}").replace("\n", "\r\n"),
        12,
        "row has 1 number, not 7",
    ),
    "lone cr counts as one line": (
        font_with(12, "{1}").replace("\n", "\r"),
        12,
        "row has 1 number",
    ),
    "binary": (bytes(range(256)) * 4, None, ""),
    "png": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        1,
        "this is not UTF-8 text; save it as text in UTF-8",
    ),
    "zero byte": (b"int a;\nint b;\0", 2, "a zero byte, as in a binary file"),
    "latin-1": ("// uno\n// año\n".encode("latin-1"), 2, "this is not UTF-8 text"),
    "latin-1, crlf, bom": ("ï»¿//\r\n//\r// año".encode("latin-1"), 3, "this is not UTF-8 text"),
    "half a utf-16 character": (TEXT.encode("utf-16")[:-1], 134, "this is not UTF-16"),
    "utf-16 without bom": (TEXT.encode("utf-16-le"), 1, "a zero byte, as in a binary file"),
    "too large": (TEXT + " " * 1_000_000, None, "more than 1 MB, too large for a font"),
    "too much": ("\n" + "1 " * 60_000, 2, "far more than three fonts"),
}


@pytest.mark.parametrize(("content", "line", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_every_refusal_tells_where_and_why(
    content: str | bytes, line: int | None, reason: str, read: Read
) -> None:
    with pytest.raises(FontError) as caught:
        read(content)
    error = caught.value
    assert reason in str(error)
    if content != REFUSED["binary"][0]:
        assert error.line == line
    place = "font.h" if error.line is None else f"font.h, line {error.line}"
    assert str(error) == f"{place}: {error.reason}; {error.remedy}, or use Font.from_array."
    assert Path(error.path).is_absolute()
    assert "\n" not in str(error)
    assert len(str(error)) < 160


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FontError, match=r"^fuente.h: there is no such file; check its name"):
        load_fonts(tmp_path / "fuente.h")
    with pytest.raises(FontError, match="there is no such file"):
        load_fonts(str(tmp_path / "no" / "font.h"))


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(FontError, match="this is a folder; give a file"):
        load_fonts(tmp_path)
    with pytest.raises(FontError, match="this is a folder"):
        load_fonts("")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_pipe_does_not_wait_for_ever(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "font.h")
    with pytest.raises(FontError, match="not a regular file"):
        load_fonts(tmp_path / "font.h")


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "\udcff"])
def test_impossible_names(path: str) -> None:
    with pytest.raises(FontError):
        load_fonts(path)


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "font.h").write_text(TEXT)
    monkeypatch.setattr(Path, "open", refuse)  # chmod would not stop root
    with pytest.raises(FontError, match=r"^font.h: cannot be read \(Permission denied\)"):
        load_fonts(tmp_path / "font.h")


def test_course_file_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Path:
        raise FileNotFoundError(name)

    monkeypatch.setattr(module, "data_path", missing)
    with pytest.raises(FontError, match=r"^font.h: there is no such file"):
        load_fonts()


def test_error_survives_pickling() -> None:
    error = FontError("a/font.h", 3, "why", "what to do")
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) == "font.h, line 3: why; what to do, or use Font.from_array."
    assert (again.path, again.line, again.reason, again.remedy) == error.args
    assert isinstance(error, ValueError)


# --- Anything at all -------------------------------------------------------------------------


def parses_or_refuses(read: Read, content: str | bytes) -> None:
    try:
        fonts = read(content)
    except FontError as refusal:
        error = refusal
        fonts = []
    if not fonts:
        assert error.line is None or error.line >= 1
        assert str(error).endswith(".")
        return
    for font in fonts:
        assert font.X.shape == (len(font.labels), 35)
        assert set(np.unique(font.X)) <= {0.0, 1.0}
        assert len(set(font.labels)) == len(font.labels)
        repr(font)


PIECES = ["{", "}", "[", "]", "(", ")", ",", ";", "=", ":", "0x", "0x20", "0b1", "-1", "010", "1.5"]
PIECES += ["/*", "*/", "//", "#", "#define", '"', "'", '"""', "'''", "\\", "\n", "\r", " ", "\0"]
PIECES += ["Font1", "x", "[32][7]", "{1,2,3,4,5,6,7},", "\ufeff", "é", "٣", "\ud7ff"]
pieces = st.one_of(st.sampled_from(PIECES), st.text(max_size=3), st.integers().map(str))
SMALL = c_array(NUMBERS[0]).replace("},\n", "},  // 0x20 {x\n") + "/* end */\n"


@given(
    st.sampled_from([TEXT, SMALL, python(), json.dumps(LISTS)]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 8), pieces), min_size=1, max_size=4),
)
@settings(deadline=None)  # a busy machine is no error
def test_damaged_headers(read: Read, text: str, edits: list[tuple[float, int, str]]) -> None:
    """Delete, insert, replace."""
    for where, deleted, inserted in edits:
        start = int(where * len(text))
        text = text[:start] + inserted + text[start + deleted :]
    parses_or_refuses(read, text)


@given(st.sampled_from([TEXT, SMALL, python()]), st.floats(0, 1), st.floats(0, 1))
@settings(deadline=None, max_examples=50)
def test_swapped_tokens_and_truncated_headers(
    read: Read, text: str, first: float, second: float
) -> None:
    tokens = re.findall(r"\w+|\s+|.", text)
    i, j = int(first * (len(tokens) - 1)), int(second * (len(tokens) - 1))
    tokens[i], tokens[j] = tokens[j], tokens[i]
    parses_or_refuses(read, "".join(tokens))
    parses_or_refuses(read, "".join(tokens[: max(i, j)]))


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
@example(b"\xff\xfe\x00")
@example(b"\xff\xfe{\x00\x00\xd8")
@example(b"\xef\xbb")
@settings(deadline=None)
def test_random_bytes(read: Read, content: bytes) -> None:
    parses_or_refuses(read, content)


@given(st.lists(pieces, max_size=60).map("".join))
@settings(deadline=None)
def test_random_pieces(read: Read, text: str) -> None:
    parses_or_refuses(read, text)


@given(st.binary(min_size=224, max_size=224), st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_random_fonts_in_random_dialects_come_back(read: Read, values: bytes, seed: int) -> None:
    rows = (np.frombuffer(values, dtype=np.uint8) & 31).reshape(32, 7).tolist()
    draw = random.Random(seed).choice
    opening, closing = draw([("{", "}"), ("[", "]")])
    number = draw(["{}", "0x{:X}", "0x{:02x}", "0b{:b}", "0b{:05b}"])
    after = draw(["", ",", " ", "\t,"])
    between = draw([", ", ",", " , ", " ", ",\n"])
    comments = ["", " // {0x01} \" ' \\", " # [1, 2, /* ", " /* // },\n{ */", " // 0x20"]
    head, foot = draw(
        [
            ("int Font2[32][7] = ", ";"),
            ("font_2 = ", ""),
            ('{"Font2": ', "}"),
            ("Font2 = np.array(", ", dtype=int)"),
        ]
    )
    text = head + opening + "\n"
    for row in rows:
        text += opening + between.join(number.format(n) for n in row) + after + closing
        text += draw([",", ", ", ""]) + draw(comments) + draw(["\n", "\n\n"])
    text += closing + foot
    (font,) = read(draw(["", "\ufeff"]) + text.replace("\n", draw(["\n", "\r\n", "\r"])))
    assert pack([font])[0].tolist() == rows
    assert font.labels[0] == "@"


@pytest.mark.parametrize(
    ("start", "atom"),
    [("", "/*/"), ("x={", '\\"'), ('"', '\\"'), ("", "a[a"), ("a", " "), ("", "#define \\\n")],
)
def test_a_megabyte_of_anything_ends(start: str, atom: str, read: Read) -> None:
    """Time grows with the length alone: a quadratic reader would sit here for an hour."""
    parses_or_refuses(read, start + atom * (999_990 // len(atom)))
