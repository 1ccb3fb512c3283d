"""Fonts of another hand, made from ours: to see that the notebooks run with any font."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tp5.datasets import load_fonts


def redraw(glyphs: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Redraw glyphs, shape (n, 7, 5): slanted at the top, moved, and two pixels of another mind."""
    redrawn = glyphs.copy()
    redrawn[:, :3] = np.roll(redrawn[:, :3], 1, axis=2)  # the upper half leans to the right
    for glyph in redrawn:
        glyph[:] = np.roll(glyph, rng.integers(-1, 2), axis=1)
        rows, columns = rng.integers(7, size=2), rng.integers(5, size=2)
        glyph[rows, columns] = 1 - glyph[rows, columns]
    return redrawn


def as_header(named: dict[str, np.ndarray]) -> str:
    """Return fonts as a C header: an array of 32 rows of 7 numbers each."""
    text = []
    for name, glyphs in named.items():
        rows = (glyphs @ [16, 8, 4, 2, 1]).astype(int)  # (32, 7)
        lines = ",\n".join("  {" + ", ".join(f"0x{row:02X}" for row in each) + "}" for each in rows)
        text.append(f"int {name}[32][7] = {{\n{lines}\n}};\n")
    return "\n".join(text)


def write_all(folder: Path) -> dict[str, Path]:
    """Write three fonts in one file, and a file of one font; return both by name."""
    rng = np.random.default_rng(5)
    drawn = {f"Font{k}": redraw(font.glyphs, rng) for k, font in enumerate(load_fonts(), 1)}
    paths = {"another-hand": folder / "another_hand.h", "one-font": folder / "one_font.h"}
    paths["another-hand"].write_text(as_header(drawn), encoding="utf-8")
    paths["one-font"].write_text(as_header({"Font3": drawn["Font3"]}), encoding="utf-8")
    return paths
