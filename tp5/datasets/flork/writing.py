"""Writing: a letter is a few strokes, so that no font file decides what we draw."""

from __future__ import annotations

from .pen import Pen, Point, near, shift

# Strokes on a grid of three columns (0 to 2) and five rows (0 to 4): "04 10 24" goes from the
# bottom left over the top middle to the bottom right.
LETTERS: dict[str, list[str]] = {
    "H": ["00 04", "20 24", "02 22"],
    "O": ["00 20 24 04 00"],
    "L": ["00 04 24"],
    "A": ["04 10 24", "03 23"],
    "2": ["00 20 22 02 04 24"],
    "Σ": ["20 00 12 04 24"],
    "∫": ["20 10 14 04"],
    "π": ["01 31", "11 14", "21 24"],
    "√": ["02 14 20 30"],
    "x": ["02 24", "22 04"],
    "²": ["00 10 11 02 12"],
}


def write(pen: Pen, text: str, corner: Point, height: float) -> None:
    """Write from the top-left corner, so high."""
    row = height / 4
    column = 0.9 * row  # letters are a little narrower than high
    for number, letter in enumerate(text):
        start = shift(corner, 3.2 * number * column, 0)
        for stroke in LETTERS[letter]:
            cells = stroke.split()
            pen.line(near(start, *((int(c[0]) * column, int(c[1]) * row) for c in cells)), 0.8)
