"""Fonts are found in whatever people keep them in; what is no font is said for what it is."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tp5.datasets import Font, FontError, all_characters, load_fonts

CASES = Path(__file__).parent / "cases" / "fonts"
X, LABELS = all_characters(load_fonts())
GLYPHS = X.reshape(96, 7, 5).astype(int)
ROWS = (GLYPHS @ [16, 8, 4, 2, 1]).tolist()  # (96, 7)
SYMBOLS, UPPER, LOWER = (slice(start, start + 32) for start in (0, 32, 64))

Read = Callable[..., list[Font]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a text, or bytes, as a file of that name."""

    def read(content: str | bytes, name: str = "font.h", **options) -> list[Font]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_fonts(path, **options)

    return read


def same(fonts: list[Font], *parts: slice, labelled: bool = True) -> bool:
    """Whether these are parts of our own font, pixel by pixel, under their own characters."""
    assert len(fonts) == len(parts)
    for font, part in zip(fonts, parts, strict=True):
        np.testing.assert_array_equal(font.X, X[part])
        names = LABELS[part] if labelled else [f"#{i}" for i in range(len(font.labels))]
        assert list(font.labels) == names
    return True


# --- The cases of the world ------------------------------------------------------------------

READ = {
    "01_array_then_label_list.py": [LOWER],
    "02_fonts_and_symbol_lists_alternate.py": [SYMBOLS, UPPER, LOWER],
    "05_dictionary_by_character.py": [LOWER],
    "06_rows_of_35_bits.py": [LOWER],
    "07_bits_7_by_5.json": [SYMBOLS, UPPER, LOWER],
    "10_table_with_header_and_labels.csv": [LOWER],
    "17_fonts_in_a_notebook.ipynb": [SYMBOLS, UPPER, LOWER],
    "18_one_array_of_96.h": [SYMBOLS, UPPER, LOWER],
    "19_one_array_of_95.h": [SYMBOLS, UPPER, slice(64, 95)],
    "27_java_casts.java": [UPPER],
    "31_octave.m": [UPPER],
    "32_python_tuples.py": [UPPER],
    "33_module_js.js": [UPPER],
    "38_two_arrays_upper_and_lower_names.py": [UPPER, LOWER],
}
NUMBERED = {
    "04_array_then_functions.py": LOWER,
    "12_emoji_font_with_own_name.h": SYMBOLS,
    "36_plain_csv_35_columns.csv": UPPER,
    "37_saved_array.npy": UPPER,
}
NEEDS = {
    "13_8x8_emoji.h": ({"shape": (8, 8)}, "line 1: these glyphs are 8×8, not 5×7"),
    "14_10x10_signs.h": ({"shape": (10, 10)}, "line 2: these glyphs are 10×10, not 5×7"),
    "15_12x12_spaced_bits.txt": ({"shape": (12, 12)}, "these glyphs are 12×12, not 5×7"),
    "23_arduino_columns_5_bytes.h": ({"columns": True}, "5 numbers a glyph, up to 0x7F: columns"),
    "25_mirrored_bits.h": ({"mirror": True}, "the letters look mirrored"),
}


def test_every_case_has_its_test() -> None:
    assert {path.name for path in CASES.iterdir()} == {*READ, *NUMBERED, *NEEDS}


@pytest.mark.parametrize("name", READ)
def test_a_case_is_read(name: str) -> None:
    assert same(load_fonts(CASES / name), *READ[name])


@pytest.mark.parametrize("name", NUMBERED)
def test_a_case_whose_name_says_nothing_is_numbered(name: str) -> None:
    assert same(load_fonts(CASES / name), NUMBERED[name], labelled=False)


@pytest.mark.parametrize("name", NEEDS)
def test_a_case_is_refused_for_what_it_is_and_read_with_the_argument_that_is_named(
    name: str,
) -> None:
    options, reason = NEEDS[name]
    with pytest.raises(FontError, match=re.escape(reason)) as caught:
        load_fonts(CASES / name)
    ((option, value),) = options.items()
    assert f"give load_fonts {option}={value}" in str(caught.value)
    assert "Font.from_array" in str(caught.value)
    (font,) = load_fonts(CASES / name, **options)
    assert font.shape == options.get("shape", (7, 5))
    if "shape" not in options:
        np.testing.assert_array_equal(font.X, X[UPPER])


def test_glyphs_of_another_size_have_their_pixels() -> None:
    (signs,) = load_fonts(CASES / "13_8x8_emoji.h", shape=(8, 8))
    assert "".join(".#"[int(p)] for p in signs.glyphs[2, 3]) == "#######."  # 0xfe
    (bits,) = load_fonts(CASES / "15_12x12_spaced_bits.txt", shape=(12, 12))
    np.testing.assert_array_equal(bits.glyphs, [np.eye(12), np.eye(12)[:, ::-1]])
    assert repr(bits) == "Font Font: 2 glyphs #0 #1 of 12×12"


def test_bits_as_they_are_when_one_says_so() -> None:
    (font,) = load_fonts(CASES / "25_mirrored_bits.h", mirror=False)
    np.testing.assert_array_equal(font.glyphs, GLYPHS[UPPER][:, :, ::-1])


# --- More of each kind -----------------------------------------------------------------------


def c(rows: list, head: str = "const unsigned char Font2[32][7] =") -> str:
    lines = ",\n".join("{" + ", ".join(map(str, row)) + "}" for row in rows)
    return f"{head} {{\n{lines}\n}};\n"


def art(glyph: np.ndarray, ink: str = "#", paper: str = ".") -> list[str]:
    return ["".join((paper, ink)[bit] for bit in row) for row in glyph]


def saved(save: Callable, *arrays, **named) -> bytes:
    buffer = io.BytesIO()
    save(buffer, *arrays, **named)
    return buffer.getvalue()


def cells(*sources: str) -> str:
    code = [{"cell_type": "code", "source": source, "outputs": []} for source in sources]
    text = [{"cell_type": "markdown", "source": ["# Fonts [[1, 2, 3]]"]}]
    return json.dumps({"cells": text + code, "nbformat": 4})


U = ROWS[UPPER]
BITS = [glyph.ravel().tolist() for glyph in GLYPHS[UPPER]]  # (32, 35)
BY_CHARACTER = dict(zip(LABELS[UPPER], U, strict=True))
DRAWN = {k: "\n".join(art(g)) for k, g in zip(LABELS[UPPER], GLYPHS[UPPER], strict=True)}
CSV_HEAD = ",".join(f"r{i}" for i in range(7))
LINES = "\n".join(" ".join(map(str, row)) for row in BITS)

KINDS: dict[str, tuple[str | bytes, str]] = {  # each is our uppercase font, labelled
    "plus and minus one": (f"Font2 = {[[2 * b - 1 for b in g] for g in BITS]}", "a.py"),
    "booleans": (f"Font2 = {[[bool(b) for b in g] for g in BITS]}", "a.py"),
    "json booleans": (json.dumps({"Font2": [[bool(b) for b in g] for g in BITS]}), "a.json"),
    "floats": (f"Font2 = np.array({[[float(b) for b in g] for g in BITS]})", "a.py"),
    "texts of dots": (f"Font2 = {[art(glyph) for glyph in GLYPHS[UPPER]]}", "a.py"),
    "texts of ones": (f"Font2 = {[art(g, '1', '0') for g in GLYPHS[UPPER]]}", "a.py"),
    "texts of 35": (f"Font2 = {[''.join(art(g, 'X', ' ')) for g in GLYPHS[UPPER]]}", "a.py"),
    "texts in c": (
        c([[f'"{row}"' for row in art(g)] for g in GLYPHS[UPPER]], "const char *Font2[32][7] ="),
        "a.h",
    ),
    "characters": (f"Font2 = {[[list(row) for row in art(g)] for g in GLYPHS[UPPER]]}", "a.py"),
    "drawn in a dictionary": (
        f"letters = {DRAWN}",
        "a.py",
    ),
    "rows one below the other": (f"Font2 = {GLYPHS[UPPER].reshape(-1, 5).tolist()}", "a.py"),
    "flat bits": (f"Font2 = {GLYPHS[UPPER].ravel().tolist()}", "a.py"),
    "dictionary of codes": (f"letters = {dict(enumerate(U, 64))}", "a.py"),
    "json by character": (json.dumps(BY_CHARACTER), "a.json"),
    "json records": (
        json.dumps([{"char": k, "rows": v} for k, v in BY_CHARACTER.items()], indent=1),
        "a.json",
    ),
    "pairs": (f"font = {list(BY_CHARACTER.items())}", "a.py"),
    "one variable in a dictionary each": (
        "font = {}\n" + "".join(f"font[{k!r}] = {v}\n" for k, v in BY_CHARACTER.items()),
        "a.py",
    ),
    "designated by characters": (
        "const uint8_t font[128][7] = {\n"
        + "".join(
            f"  ['{chr(92) if k in chr(92) else ''}{k}'] = {{{', '.join(map(str, v))}}},\n"
            for k, v in BY_CHARACTER.items()
        )
        + "};",
        "a.h",
    ),
    "designated by codes": (
        "const uint8_t font[128][7] = {\n"
        + ",\n".join(f"[0x{64 + i:x}] = {{{', '.join(map(str, v))}}}" for i, v in enumerate(U))
        + "};",
        "a.h",
    ),
    "designated by position": (
        "const uint8_t Font2[32][7] = {\n"
        + ",\n".join(f"[{i}] = {{{', '.join(map(str, v))}}}" for i, v in enumerate(U))
        + "};",
        "a.h",
    ),
    "structs with a code": (
        c([[hex(64 + i), "{" + str(v)[1:-1] + "}"] for i, v in enumerate(U)], "struct font[] ="),
        "a.h",
    ),
    "javascript object": (
        "const letters = {\n"
        + ",\n".join(f"  {json.dumps(k)}: {v}" for k, v in BY_CHARACTER.items())
        + "\n};\nexport { letters };",
        "a.js",
    ),
    "comments in a list that is python": (f"Font2 = [  # the font\n{str(U)[1:]}  # end", "a.py"),
    "a class": (f"class Fonts:\n    SIZE = 7, 5\n    FONT2 = {U}\n", "a.py"),
    "a function": (f"def uppercase():\n    '''[[1, 2]]'''\n    return np.array({U})\n", "a.py"),
    "python 2": (f"Font2 = {U}\nprint 'read', len(Font2)\n", "a.py"),
    "array twice": (f"Font2 = {U}\nFont2 = np.array(Font2)\n", "a.py"),
    "reshaped": (f"Font2 = np.array({np.ravel(U).tolist()}, dtype='u1').reshape(32, 7)", "a.py"),
    "an if that is off": (f"if False:\n    Font2 = {U[::-1]}\nelse:\n    Font2 = {U}", "a.py"),
    "code around": (
        f"layers = [35, 25, 17, 2, 17, 25, 35]\ncodes = list(range(32))\nFont2 = {U}\n"
        "names = ['a', 'b']\nx = [0, 1, 2, 3, 4, 5, 6]\nplot(np.array([[0, 1, 2, 3, 4, 5, 6]]).T)\n"
        "sizes = [[5, 7], [8, 8]]\narchitectures = [[5, 4, 3, 2, 3, 4, 5]]\n"
        "def train(x, lr=[0.1, 0.2]):\n    return [row[::-1] for row in x]\n",
        "a.py",
    ),
    "code around, in c": (
        "#include <stdio.h>\nint sizes[3] = {5, 7, 32};\n" + c(U) + "int main(void) {\n"
        '  for (int i = 0; i < 7; i++) { put(Font2[1][i] >> 4 & 1); }\n  return 0;\n}\n',
        "a.c",
    ),
    "if 0": ("#if 0\n" + c(U[::-1]) + "#else\n" + c(U) + "#endif\n", "a.h"),
    "if 1": ("#if 1 // keep\n" + c(U) + "#elif X\n" + c(U[::-1]) + "#endif\n", "a.h"),
    "if 0 in the rows": (
        c(U).replace("},\n", "},\n#if 0\n{1,2,3,4,5,6,7},\n#endif\n", 1),
        "a.h",
    ),
    "an include guard": ("#ifndef FONT_H\n#define FONT_H\n" + c(U) + "#endif\n", "a.h"),
    "progmem elsewhere": (
        "#ifdef __AVR__\n#include <avr/pgmspace.h>\n#else\n#define PROGMEM\n#endif\n" + c(U),
        "a.h",
    ),
    "arduino's binary": (c([[f"B{n:05b}" for n in row] for row in U]), "a.ino"),
    "kotlin": (
        "val font2 = arrayOf(\n" + ",\n".join(f"intArrayOf({str(v)[1:-1]})" for v in U) + ")",
        "a.kt",
    ),
    "rust": (f"pub const FONT2: [[u8; 7]; 32] = {U};", "a.rs"),
    "go": ("var Font2 = [32][7]byte{\n" + c(U, "").strip()[1:-1], "a.go"),
    "octave on one line": ("font2 = [" + "; ".join(" ".join(map(str, v)) for v in U) + "];", "a.m"),
    "octave, remarks": (
        "% [1 2 3\nfont2 = [\n" + " % x ]\n".join(" ".join(map(str, v)) + ";" for v in U) + "\n];",
        "a.m",
    ),
    "csv with header": (
        CSV_HEAD + ",char\n" + "\n".join(f"{str(v)[1:-1]},{k}" for k, v in BY_CHARACTER.items()),
        "a.csv",
    ),
    "csv with labels first, semicolons": (
        "char;" + CSV_HEAD.replace(",", ";") + "\n"
        + "\n".join(f"{k};{';'.join(map(str, v))}" for k, v in BY_CHARACTER.items()),
        "a.csv",
    ),
    "csv with codes": (
        CSV_HEAD + ",code\n" + "\n".join(f"{str(v)[1:-1]},{64 + i}" for i, v in enumerate(U)),
        "a.csv",
    ),
    "tabs and labels": (
        "\n".join(k + "\t" + "\t".join(map(str, v)) for k, v in BY_CHARACTER.items()),
        "a.tsv",
    ),
    "drawn in lines under their names": (
        "\n\n".join(f"{label}\n{drawn}" for label, drawn in DRAWN.items()),
        "a.txt",
    ),
    "npz": (saved(np.savez, Font2=np.array(U)), "a.npz"),
    "npz, compressed": (saved(np.savez_compressed, Font2=X[UPPER]), "a.npz"),
    "notebook, with magic": (cells("%matplotlib inline\n!ls [", f"Font2 = {U}\nFont2"), "a.ipynb"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_pixels_and_characters(kind: str, read: Read) -> None:
    content, name = KINDS[kind]
    assert same(read(content, name), UPPER)


UNNAMED: dict[str, tuple[str | bytes, str]] = {  # our uppercase font; nobody says that it is
    "plain lines": (LINES, "a.txt"),
    "packed bits": (
        "\n".join(" ".join(art(glyph, "1", "0")) for glyph in GLYPHS[UPPER]), "a.txt"),
    "35 dots in a line": ("\n".join("".join(art(g)) for g in GLYPHS[UPPER]), "a.txt"),
    "drawn in lines": ("\n\n".join("\n".join(art(g)) for g in GLYPHS[UPPER]), "a.txt"),
    "drawn without gaps": ("\n".join("\n".join(art(g, "█", "░")) for g in GLYPHS[UPPER]), "a.txt"),
    "savetxt": (saved(np.savetxt, X[UPPER]), "a.txt"),
    "savetxt, integers": (saved(np.savetxt, np.array(U), fmt="%d", delimiter=","), "a.csv"),
    "pandas": (
        "," + ",".join(map(str, range(35))) + "\n"
        + "\n".join(f"{i},{str(b)[1:-1]}" for i, b in enumerate(BITS)), "a.csv"),
    "rows in brackets, nothing around": ("\n".join(map(str, U)), "a.txt"),
    "npy, boolean": (saved(np.save, GLYPHS[UPPER].astype(bool)), "a.npy"),
    "npy, signs": (saved(np.save, 2 * GLYPHS[UPPER] - 1), "a.npy"),
    "a name of another kind": (f"emoji = {U}", "a.py"),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNNAMED)
def test_every_unnamed_kind_gives_the_same_pixels_numbered(kind: str, read: Read) -> None:
    content, name = UNNAMED[kind]
    assert same(read(content, name), UPPER, labelled=False)


# --- What is refused for what it is ----------------------------------------------------------


def with_row(row: str, at: int = 5) -> str:
    """Font2 in C, with another row on line ``at`` (the array opens on line 1)."""
    lines = c(U).split("\n")
    lines[at - 1] = row + ","
    return "\n".join(lines)


REFUSED: dict[str, tuple[str | bytes, str, int | None, str]] = {
    "a lost comma": (with_row("{0x1 0x17, 3, 4, 5, 6, 7}"), "a.h", 5, "no comma before '0x17'"),
    "a lost comma, a sum": (with_row("{0x10 +0x01, 2, 3, 4, 5, 6}"), "a.h", 5, "before '+0x01'"),
    "a lost comma between casts": (
        with_row("{(char) 1, (char) 2 (char) 3, (char) 4, 5, 6, 7}"), "a.h", 5, "before '3'"),
    "a lost comma in python": (
        f"Font2 = [\n{U[0]!s},\n[1, 2 3, 4, 5, 6, 7]]", "a.py", 3, "no comma before '3'"),
    "a lost comma at the end of a line": (
        "int Font2[] = {\n" + ",\n".join(str(v)[1:-1] for v in U).replace(",\n", "\n", 1) + "};",
        "a.h", 3, "no comma before '4'"),
    "sums without commas": (with_row("{1 2 3 4 5 6 +7}"), "a.h", 5, "no comma before '+7'"),
    "two branches": (
        "#ifdef NEW\n" + c(U) + "#else\n" + c(U[::-1]) + "#endif\n", "a.h", 71, "several branches"),
    "a slice": (f"Font2 = {U}[::-1]", "a.py", 1, "code around this list may change it"),
    "a slice of numpy": (f"Font2 = np.array({U})[:, ::-1]", "a.py", 1, "code around this list"),
    "a product": (f"Font2 = 2 * np.array({U})", "a.py", 1, "code around this list"),
    "a transposed array": (f"Font2 = np.array({U}).T", "a.py", 1, "code around this list"),
    "a function": (f"Font2 = np.fliplr({U})", "a.py", 1, "code around this list"),
    "a comprehension": (f"Font2 = [r[::-1] for r in {U}]", "a.py", 1, "code around this list"),
    "javascript's reverse": (f"const Font2 = {U}.reverse();", "a.js", 1, "code around this list"),
    "octave's transpose": (
        "font2 = [\n" + ";\n".join(" ".join(map(str, v)) for v in U) + "\n]';", "a.m", 1, "code"),
    "a macro around a row": (with_row("REVERSED(1, 2, 3, 4, 5, 6, 7)"), "a.h", 5, "code around"),
    "changed later": (f"Font2 = {U}\n\nFont2[1][2] = 3\n", "a.py", 3, "Font2 is changed here"),
    "turned later": (f"Font2 = {U}\nFont2 = Font2[::-1]\n", "a.py", 2, "Font2 is changed here"),
    "a row more, later": (f"Font2 = {U[1:]}\nFont2.append({U[0]})\n", "a.py", 2, "is changed here"),
    "changed in another cell": (
        cells(f"x = 1\nFont2 = {U}", "y = 2\nFont2[0] = y"), "a.ipynb", 2, "Font2 is changed here"),
    "assigned twice": (f"Font2 = {U}\nFont2 = {U[::-1]}\n", "a.py", 2, "Font2 is changed here"),
    "seven bits a row": (f"a = {[[0, 1, 0, 1, 0, 1, 1]] * 32}", "a.py", 1, "these glyphs are"),
    "8 by 7, left-aligned": (c([[n << 3 for n in row] for row in U]), "a.h", 1, "8×7, not 5×7"),
    "bits of another size": (
        json.dumps(np.ones((9, 6, 4)).tolist()), "a.json", 1, "these glyphs are 4×6, not 5×7"),
    "0 and -1": (f"Font2 = {[[-b for b in g] for g in BITS]}", "a.py", 1, "which is paper?"),
    "two of one name": (f"f = {{'a': {U[0]}, 'b': {U[1]},\n'a': {U[2]}}}", "a.py", 2, "second gl"),
    "a glyph without a name": (
        "int f[][7] = {\n" + ",\n".join(f"['{k}'] = {{{str(U[i])[1:-1]}}}" for i, k in
        enumerate("ABCDEFGHIJ")) + ",\n{1, 2, 3, 4, 5, 6, 7}};", "a.h", 12, "has no name"),
    "rows apart from the others": (
        "\n".join(str(v)[1:-1] for v in U[:7]) + "\n\n" + "\n".join(str(v)[1:-1] for v in U[7:]),
        "a.txt", 1, "rows stand apart from the fonts"),
    "vectors of a script": ("x = [0, 1, 2, 3, 4, 5, 6]\ny = [1, 2, 3, 4, 5, 6, 7]\n", "a.py", None,
        "no rows at all"),
    "one row of numbers": ("layers = [[5, 4, 3, 2, 3, 4, 5]]", "a.py", 1, "may be anything"),
    "a csv with a row too short": (
        "\n".join(str(v)[1:-1] for v in [*U[:9], U[9][:6], *U[10:]]), "a.csv", 10, "6 numbers"),
    "a csv with a word in it": (
        "\n".join([*(str(v)[1:-1] for v in U), "and so on"]), "a.csv", 33, "no row of numbers"),
    "objects in npy": (
        saved(np.save, np.array([{}, None], dtype=object), allow_pickle=True), "a.npy", None,
        "it holds object, not numbers, in shape (2,)"),
    "a damaged npy": (saved(np.save, X)[:-9], "a.npy", None, "the array is damaged"),
    "a damaged npz": (saved(np.savez, X=X)[:-99], "a.npz", None, "the array is damaged"),
    "a claim of terabytes": (
        saved(np.save, X).replace(b"(96, 35), }     ", b"(960000000, 35)}"), "a.npy", None,
        "(960000000, 35) is too large"),
    "a row commented out of 96": (
        c(ROWS, "char font[96][7] =").replace("{4, 10, 17", "// {4, 10, 17", 1), "a.h", 1,
        "font has 95 rows, not 96; add the missing one"),
    "a font between whole ones that lost a row": (
        json.dumps([ROWS[:32], ROWS[33:64], ROWS[64:]]), "a.json", 1, "has 31 rows, not 32"),
    "a font between whole ones that lost a number": (
        json.dumps([np.ravel(ROWS[:32]).tolist(), np.ravel(U)[1:].tolist()]), "a.json", 1,
        "the array has 223 numbers, not 32 rows of 7"),
    "a word among 224 numbers": (
        f"int Font2[] = {{{str(np.ravel(U).tolist())[1:-1].replace(' 21', ' x', 1)}}};", "a.h", 1,
        "Font2 has 224 numbers, not 32 rows of 7"),
    "rows behind the bracket": (
        c(U[:30]) + ",\n".join("{" + str(row)[1:-1] + "}" for row in U[30:]) + ";\n", "a.h", 1,
        "has 30 rows, not 32"),
    "rows behind the bracket of a font that says no size": (
        c(U[:20], "int signs[][7] =") + ",\n{1, 2, 3, 4, 5, 6, 7};\n", "a.h", 24,
        "rows stand apart from the fonts"),
    "a damaged row among rows": (
        "\n".join(map(str, U)).replace("[4, 10", "[, 10", 1), "a.txt", 2, "nothing stands before"),
    "a typing error in the first line": (LINES.replace("0 1", "0 %1", 1), "a.txt", None, ""),
    "one row of dots too short": (
        "\n".join("".join(art(g)) for g in GLYPHS[UPPER])[:-28], "a.txt", 32, "written otherwise"),
    "an inverted font": (c([[31 - n for n in row] for row in U]), "a.h", None, "look inverted"),
    "both": (
        f"Font2 = {[(1 - g[:, ::-1]).ravel().tolist() for g in GLYPHS[UPPER]]}", "a.py", None,
        "look mirrored and inverted"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_ambiguous_is_refused(kind: str, read: Read) -> None:
    content, name, line, reason = REFUSED[kind]
    with pytest.raises(FontError) as caught:
        read(content, name)
    assert reason in str(caught.value)
    assert caught.value.line == line or not reason
    assert str(caught.value).endswith(", or use Font.from_array.")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shape", [(8,), "8x8", (0, 8), (8.0, 8), None])
def test_impossible_shapes(shape, read: Read) -> None:
    with pytest.raises(ValueError, match="shape must be"):
        read(c(U), shape=shape)


@pytest.mark.parametrize("path", [5, 1.5, [], object()])
def test_what_is_no_path(path) -> None:
    with pytest.raises(FontError, match="cannot be read"):
        load_fonts(path)


def test_a_header_that_does_not_fit_its_rows(read: Read) -> None:
    with pytest.raises(FontError, match="14 names of columns above rows of 7"):
        read("a,b,c,d,e,f,g,h,i,j,k,l,m,n\n" + "\n".join(str(row)[1:-1] for row in U), "a.csv")


def test_a_notebook_says_in_which_cell(read: Read) -> None:
    with pytest.raises(FontError, match=r"^a\.ipynb, cell 2, line 2: Font2 is changed here"):
        read(*REFUSED["changed in another cell"][:2])


def test_nothing_of_a_file_is_run(read: Read, tmp_path: Path) -> None:
    target = tmp_path / "written"
    read(f"open({str(target)!r}, 'w').close()\nFont2 = {U}\n", "a.py")
    assert not target.exists()


@pytest.mark.parametrize(
    ("turned", "options"),
    [
        (GLYPHS[UPPER][:, :, ::-1], {"mirror": True}),
        (1 - GLYPHS[UPPER], {"invert": True}),
        (1 - GLYPHS[UPPER][:, :, ::-1], {"mirror": True, "invert": True}),
    ],
)
def test_turned_fonts_are_turned_back_on_demand(turned, options, read: Read) -> None:
    content = json.dumps({"Font2": turned.reshape(32, 35).tolist()})
    assert same(read(content, **options), UPPER)
    (as_it_is,) = read(content, mirror=False, invert=False)
    np.testing.assert_array_equal(as_it_is.glyphs, turned)


def test_columns_from_the_bottom_are_mirrored_columns(read: Read) -> None:
    columns = (GLYPHS[UPPER].transpose(0, 2, 1) @ [64, 32, 16, 8, 4, 2, 1]).tolist()
    assert same(read(c(columns, "char Font2[][5] ="), columns=True, mirror=True), UPPER)
    with pytest.raises(FontError, match="look mirrored"):
        read(c(columns, "char Font2[][5] ="), columns=True)


# --- Which characters ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "part", "labels"),
    [
        ("uppercase", slice(33, 59), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ("letras_minusculas", slice(65, 91), "abcdefghijklmnopqrstuvwxyz"),
        ("digits", slice(16, 26), "0123456789"),
    ],
)
def test_a_name_and_a_number_tell_the_characters(name, part, labels, read: Read) -> None:
    (font,) = read(f"{name} = {ROWS[part]}", "a.py")
    assert "".join(font.labels) == labels
    np.testing.assert_array_equal(font.X, X[part])


def test_a_dictionary_of_all_characters_is_three_fonts(read: Read) -> None:
    mixed = dict(list(zip(LABELS, ROWS, strict=True))[::-1])
    assert same(read(f"font = {mixed}", "a.py"), SYMBOLS, UPPER, LOWER)


def test_an_unknown_font_beside_three_known_ones(read: Read) -> None:
    text = "".join(c(ROWS[32 * i : 32 * i + 32], f"int Font{i + 1}[][7] =") for i in range(3))
    *known, emoji = read(text + c(U[:20], "int FontEmoji[20][7] ="))
    assert same(known, SYMBOLS, UPPER, LOWER)
    assert (emoji.name, emoji.labels[0], emoji.labels[-1]) == ("FontEmoji", "#0", "#19")


def test_numbers_go_on_from_font_to_font(read: Read) -> None:
    one, other = read(json.dumps([U, U[:9]]), "a.json")
    assert (one.labels[-1], other.labels[0]) == ("#31", "#32")


def test_three_arrays_that_contradict_their_order_are_numbered(read: Read) -> None:
    text = c(U, "int x[][7] =") + c(U, "int Font1[][7] =") + c(U, "int y[][7] =")
    assert [font.labels[0] for font in read(text)] == [" ", "#0", "#32"]


# --- Font.from_array -------------------------------------------------------------------------


def test_arrays_of_any_glyph_size() -> None:
    pixels = np.random.default_rng(0).integers(0, 2, (4, 12, 9))
    font = Font.from_array(pixels, ["a", "b", "c", "$x$"], name="mine")
    assert (font.X.shape, font.shape, font.X.dtype) == ((4, 108), (12, 9), np.float64)
    np.testing.assert_array_equal(font.glyphs, pixels)
    assert repr(font) == "Font mine: 4 glyphs a b … $x$ of 9×12"


@pytest.mark.parametrize(
    "pixels",
    [ROWS[UPPER], np.array(ROWS[UPPER], np.uint8), X[UPPER], BITS, GLYPHS[UPPER] > 0,
     2 * GLYPHS[UPPER] - 1, GLYPHS[UPPER].astype("float32")],
)  # fmt: skip
def test_arrays_of_five_by_seven(pixels) -> None:
    font = Font.from_array(pixels, LABELS[UPPER])
    assert font.shape == (7, 5)
    assert same([font], UPPER)


def test_a_dictionary_names_the_glyphs() -> None:
    font = Font.from_array({"a": GLYPHS[65], "b": GLYPHS[66]})
    assert font.labels == ("a", "b")
    assert Font.from_array(GLYPHS[:2]).labels == ("#0", "#1")


@pytest.mark.parametrize(
    ("pixels", "labels", "sentence"),
    [
        (
            np.zeros((3, 100)),
            None,
            r"shape \(n_glyphs, height, width\), not \(3, 100\); re",
        ),
        (np.ones((32, 7)), None, r"not \(32, 7\)"),
        ([], None, r"not \(0,\)"),
        ([[1, 2], [3]], None, "as many in each glyph"),
        ("abc", None, "must be numbers"),
        (np.full((2, 8, 8), 255), None, r"pixels go from 255 to 255; scale them to \[0, 1\]"),
        (np.full((2, 8, 8), np.nan), None, "pixels go from nan"),
        (np.ones((2, 8, 8)), ["a"], "1 labels do not fit 2 glyphs"),
    ],
)
def test_arrays_that_are_no_font(pixels, labels, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Font.from_array(pixels, labels)


def test_fonts_of_several_sizes_do_not_become_one_array() -> None:
    with pytest.raises(ValueError, match=r"several sizes .*: a \(8, 8\), Font \(7, 5\)"):
        all_characters([Font.from_array(np.ones((2, 8, 8)), name="a"), Font.from_array(GLYPHS)])
