"""Figures of generation: words for them, and the numbers that they draw."""

from __future__ import annotations

import numpy as np
import pytest

from tp5.analysis import rectangle_grid
from tp5.plots import character_map, decoded_grid, decoded_grids, holes, originality_map, strip

GRID = rectangle_grid((0, 10), (4, 14), side=5)
CODES = np.array([[1.0, 11.0], [3.0, 13.0]])


def shown(axes) -> np.ndarray:
    return np.asarray(axes.images[0].get_array())


def test_decoded_grid_puts_each_picture_where_its_point_lies():
    images = np.zeros((5, 5, 35))
    images[0, 4] = 1  # top right: z = (4, 14)
    figure = decoded_grid(images, GRID, "Sheet")
    axis = figure.axes[0]
    pixels = shown(axis)
    assert pixels.shape == (5 * 8 - 1, 5 * 6 - 1, 3)
    assert (pixels[:7, -5:] < 0.2).all(), "ink in the corner at the top right"
    assert (pixels[:7, :5] == 1).all()
    assert [tick.get_text() for tick in axis.get_xticklabels()] == ["0", "1", "2", "3", "4"]
    assert [tick.get_text() for tick in axis.get_yticklabels()] == ["14", "13", "12", "11", "10"]
    assert "5×5 decoded pictures, z1 from 0.00 to 4.00" in figure.alt
    assert "z2 from 10.00 to 14.00 upwards" in figure.alt


def test_decoded_grids_draw_the_same_points_by_several_decoders():
    black, grey = np.ones((5, 5, 35)), np.full((5, 5, 35), 0.5)
    figure = decoded_grids({"30 %": black, "70 %": grey}, GRID, "Sheets")
    left, right = figure.axes
    assert (left.get_title(), right.get_title()) == ("30 %", "70 %")
    assert (shown(left)[:7, :5] < 0.2).all()
    assert (shown(right)[:7, :5] > 0.3).all()
    assert "30 %: 0% of the pixels are grey; 70 %: 100% of the pixels are grey" in figure.alt
    with pytest.raises(ValueError, match="images has shape"):
        decoded_grids({"30 %": black[:4]}, GRID, "Sheets")


def test_character_map_gives_each_character_its_country():
    index = np.zeros((5, 5), dtype=int)
    index[:, 3:] = 1  # the right: z1 of 3 and 4
    figure = character_map(GRID, index, ["a", "$"], CODES, "Countries")
    axis = figure.axes[0]
    colours = shown(axis)
    assert (colours[:, :3] == colours[0, 0]).all()
    assert (colours[0, 4] != colours[0, 0]).any()
    texts = {text.get_text(): text.get_position() for text in axis.texts}
    assert set(texts) == {"a", "$"}
    assert texts["a"][0] < 2.5 < texts["$"][0]
    assert axis.images[0].get_extent() == [-0.5, 4.5, 9.5, 14.5]
    assert "one for each of 2 characters" in figure.alt
    assert "the first with 60% of the area" in figure.alt


def test_originality_map_draws_the_numbers():
    originality = np.arange(25).reshape(5, 5)
    figure = originality_map(GRID, originality, CODES, "Originality")
    np.testing.assert_array_equal(shown(figure.axes[0]), originality)
    np.testing.assert_allclose(figure.axes[0].collections[0].get_offsets(), CODES)
    assert "0 to 24 pixels. 4% of the points decode to a known glyph exactly, 88%" in figure.alt


def test_strip_draws_and_tells_each_picture():
    images = np.zeros((3, 35))
    images[1, 0] = 1
    figure = strip(images, ["a +0", "b +2", " "], "A walk", note="and how far")
    assert len(figure.axes) == 3
    assert (shown(figure.axes[1])[0, 0] < 0.2).all()
    assert figure.axes[2].get_title() == "space"
    assert figure.alt == "A walk. 3 pictures from left to right: a +0; b +2;  . and how far"


def test_holes_groups_points_by_distance():
    distance = np.arange(80.0)
    figure = holes(distance, (distance / 10).astype(int), 0 * distance, "Holes")
    doubtful, original = figure.axes[0].lines
    np.testing.assert_allclose(doubtful.get_xdata()[[0, -1]], [4.5, 74.5])
    np.testing.assert_allclose(doubtful.get_ydata(), np.arange(8), atol=0.6)
    assert not np.any(original.get_ydata())
    assert "80 random points in eight groups" in figure.alt


@pytest.mark.parametrize(
    "figure",
    [
        decoded_grid(np.zeros((2, 2, 35)), rectangle_grid(0, 1, 2), "t"),
        character_map(GRID, np.eye(5, dtype=int), ["a", "b"], CODES, "t"),
        originality_map(GRID, np.zeros((5, 5), dtype=int), CODES, "t"),
        strip(np.zeros((2, 35)), ["a", "b"], "t"),
    ],
    ids=["decoded_grid", "character_map", "originality_map", "strip"],
)
def test_every_figure_can_be_drawn_and_says_what_it_shows(figure):
    assert figure.png(dpi=40).startswith(b"\x89PNG")
    assert figure.picture().alt
