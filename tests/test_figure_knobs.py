"""A figure with knobs on it, and its still picture."""

from __future__ import annotations

import pytest

from tp5 import plots
from tp5.explorer import FigureKnobs


def draw(width, title):
    return plots.funnel((35, width, 35), title)


@pytest.fixture
def knobs():
    return FigureKnobs(draw, width=[2, 5, 8], title=["one", "other"])


def test_the_first_of_each_is_chosen_and_drawn(knobs):
    assert knobs.choice == {"width": 2, "title": "one"}
    assert knobs.figure.alt.startswith("one. Columns of 35, 2, 35 units")
    assert "Columns of 35, 2, 35" in knobs.children[-1].value


def test_a_knob_draws_another_figure(knobs):
    slider, menu, picture = knobs.children
    slider.value = 8  # what the mouse does
    assert "one. Columns of 35, 8, 35" in picture.value
    knobs.choose(width=5, title="other")  # what Python does
    assert (slider.value, menu.value) == (5, "other")
    assert "other. Columns of 35, 5, 35" in picture.value


def test_what_was_drawn_once_is_kept():
    calls = []
    knobs = FigureKnobs(lambda width: calls.append(width) or draw(width, "T"), width=[2, 5])
    for width in (5, 2, 5):
        knobs.choose(width=width)
    assert calls == [2, 5]


def test_numbers_have_a_slider_words_a_list(knobs):
    slider, menu, _ = knobs.children
    assert type(slider).__name__ == "SelectionSlider"
    assert type(menu).__name__ == "Dropdown"
    assert FigureKnobs(lambda n_runs: draw(2, "T"), n_runs=[5]).children[0].description == "n runs"


def test_readers_without_a_kernel_get_the_picture_with_its_words(knobs):
    data, metadata = knobs._repr_mimebundle_()
    assert data["image/png"]
    assert metadata["image/png"]["alt"] == knobs.figure.alt
    assert data["text/plain"] == f"FigureKnobs with width = 2, title = one. {knobs.figure.alt}"
    assert "application/vnd.jupyter.widget-view+json" in data


def test_what_cannot_be_chosen_is_refused(knobs):
    with pytest.raises(ValueError, match=r"width must be one of \[2, 5, 8\], not 7"):
        knobs.choose(width=7)
    with pytest.raises(ValueError, match="knob must be one of width, title, not 'height'"):
        knobs.choose(height=7)
    with pytest.raises(ValueError, match="knobs must be a mapping"):
        FigureKnobs(draw)
    with pytest.raises(ValueError, match="width is empty"):
        FigureKnobs(draw, width=[], title=["T"])
    with pytest.raises(ValueError, match=r"draw must return a figure of tp5\.plots, not 1"):
        FigureKnobs(lambda width: width, width=[1])
