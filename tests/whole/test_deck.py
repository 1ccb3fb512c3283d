"""docs/deck.md: every row has its place in a notebook, and its numbers are that notebook's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_notebooks import NOTEBOOKS, NUMBER, computed_numbers, plain, prose

DECK = (Path(__file__).parents[2] / "docs" / "deck.md").read_text(encoding="utf-8")
TABLE = [line.strip("| ").split(" | ") for line in DECK.split("\n") if line.startswith("| ")]
HEAD, ROWS = TABLE[0], TABLE[1:]
NAMES = [f"{number}-{row[0].replace(' ', '_')[:30]}" for number, row in enumerate(ROWS)]


def test_the_table_has_its_seven_columns():
    assert HEAD == [
        "slide", "shows or says", "where", "setting", "the deck reports", "we measure", "verdict"
    ]  # fmt: skip
    assert len(ROWS) >= 13
    assert [row for row in ROWS if len(row) != 7 or not all(row)] == []


def places(row):
    """Which notebook and section a row sends one to."""
    links = re.findall(r"\[(\d\d), section (\d+(?:\.\d+)?)\]\(\.\./notebooks/([^)#]+)\)", row[2])
    assert links, f"no link such as [01, section 6](../notebooks/…) in {row[2]}"
    return links


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_place_is_there(row):
    for number, section, file in places(row):
        assert file.startswith(number)
        headings = re.findall(r"^#{2,3} (\d+(?:\.\d+)?)\.? ", prose(NOTEBOOKS[file]), re.MULTILINE)
        assert section in headings, f"{file} has no section {section}"


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_setting_is_the_same_or_says_what_differs(row):
    assert re.match(r"same\b|changed: \w", row[3]), row[3]


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_what_we_measure_stands_in_the_notebook(row):
    known = [v for _, _, file in places(row) for v in computed_numbers(NOTEBOOKS[file])]
    known += [100 * value for value in known]
    for match in NUMBER.finditer(row[5]):
        number = plain(match[1])
        digits = len(number.partition(".")[2])
        near = (abs(value - float(number)) <= 0.5001 * 10**-digits for value in known)
        assert any(near), f"{match[1]} is in no cell of the notebook: {row[5]}"
