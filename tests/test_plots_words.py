"""What people write is drawn as they wrote it, in every figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bad_calls import GOOD, LABELS, MODEL, X, name_of
from matplotlib.text import Text

from tp5 import explorer, plots
from tp5.plots.words import in_plain_words

MONEY = r" $\frac$ and $x_1$"  # no mathematics, and mathematics that matplotlib cannot read
KEPT = {"by"}  # arguments that choose among words of ours


def with_money(value: Any) -> Any:
    """Write `MONEY` behind every word."""
    if isinstance(value, str):
        return value + MONEY
    if isinstance(value, Mapping):
        return {with_money(key): with_money(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(with_money, value))
    return value


FIGURES = [
    function for function in GOOD["plots"] if function not in (plots.Animation, plots.glyph_rgb)
]


@pytest.mark.parametrize("function", FIGURES, ids=name_of)
def test_a_dollar_is_a_dollar(function):
    arguments = {
        name: value if name in KEPT else with_money(value)
        for name, value in GOOD["plots"][function].items()
    }
    figure = function(**arguments)
    figure.draw_without_rendering()  # raises where a word is read as mathematics
    drawn = [text for text in figure.findobj(Text) if MONEY in text.get_text()]
    assert drawn
    assert not any(text.get_parse_math() for text in drawn)
    assert MONEY in figure.alt


def test_powers_of_ten_are_typeset():
    figure = plots.iteration_costs(**GOOD["plots"][plots.iteration_costs])
    figure.draw_without_rendering()
    ticks = [text for text in figure.axes[0].get_xticklabels() if "mathdefault" in text.get_text()]
    assert ticks
    assert all(text.get_parse_math() for text in ticks)


def test_a_student_s_own_figure_may_have_mathematics():
    _, ((axis,),) = plots.new_figure()
    axis.set_title("$x^2$")
    assert axis.title.get_parse_math()


def test_outside_of_a_figure_nothing_changes():
    @in_plain_words
    def fails(title: str) -> None:
        raise KeyError(title)

    with pytest.raises(KeyError):
        fails("T")
    assert Text(0, 0, "$x$").get_parse_math()


@pytest.mark.parametrize("title", [None, 3, ["T"], b"T"])
def test_a_title_is_a_str(title):
    with pytest.raises(ValueError, match="title must be a str, not"):
        plots.funnel((3, 2, 3), title)


def test_what_cannot_be_seen_gets_a_name():
    assert [plots.visible(label) for label in (" ", "\x7f", "$", "A")] == ["space", "DEL", "$", "A"]


def test_a_dollar_is_a_dollar_in_the_explorers_too():
    labels = [label + MONEY for label in LABELS]
    for widget in (
        explorer.LatentExplorer(MODEL, X, labels),
        explorer.NoisePlayground(MODEL, X, labels),
    ):
        assert widget.still().png.startswith(b"\x89PNG")
        assert MONEY in widget.still().alt


def test_a_dollar_is_a_dollar_in_the_maps_of_classes():
    for labels in ([f"$\\frac{k % 2}$" for k in range(8)], ["$\\a"] * 8):
        explorer.LatentExplorer(MODEL, X, labels).still()
