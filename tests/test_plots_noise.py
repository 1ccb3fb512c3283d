"""Figures of noise: words for them, and the numbers that they draw."""

from __future__ import annotations

import numpy as np
import pytest

from tp5.plots import cleaning_curves, denoised, level_map, noise_kinds

CLEAN = np.zeros((7, 5))
CLEAN[3] = 1
SPOILT = CLEAN.copy()
SPOILT[3, :2] = 0  # ink is missing in two pixels
SPOILT[0, 0] = 1  # and there is one too much


def test_noise_kinds_counts_wrong_pixels():
    noisy = {"flip": {0.1: CLEAN, 0.3: SPOILT}, "masking": {0.1: SPOILT, 0.3: CLEAN}}
    figure = noise_kinds(CLEAN, noisy, "Kinds")
    titles = [axis.get_title() for axis in figure.axes]
    assert titles == ["0.1: 0 wrong", "0.3: 3 wrong", "0.1: 3 wrong", "0.3: 0 wrong"]
    assert [axis.get_ylabel() for axis in figure.axes[::2]] == ["flip", "masking"]
    assert "2 kinds of noise (flip, masking), each at levels 0.1, 0.3" in figure.alt


def test_denoised_colours_and_counts_what_is_wrong():
    clean, noisy = CLEAN.reshape(1, 35), SPOILT.reshape(1, 35)
    figure = denoised(clean, {"noisy": noisy, "restored": clean}, ["-"], "One")
    assert [axis.get_title() for axis in figure.axes] == ["-", "3", "0"]
    picture = np.asarray(figure.axes[1].images[0].get_array())
    np.testing.assert_allclose(picture[0, 0], [0, 0x72 / 255, 0xB2 / 255], err_msg="too much: blue")
    np.testing.assert_allclose(
        picture[3, 0], [0xD5 / 255, 0x5E / 255, 0], err_msg="missing: orange"
    )
    assert "wrong pixels in all, noisy: 3, restored: 0" in figure.alt


def test_level_map_writes_its_numbers_and_frames_what_is_worse_than_nothing():
    kept = np.array([[np.nan, 0.5, 0.25], [np.nan, 1.5, 12.3]])
    figure = level_map(kept, [0.1, 0.3], [0, 0.1, 0.2], "Levels")
    axis = figure.axes[0]
    assert [text.get_text() for text in axis.texts] == ["0.50", "0.25", "1.50", "12"]
    corners = [patch.get_xy() for patch in axis.patches]
    assert len(corners) == 2
    assert all(round(y + 0.44) == 1 for _, y in corners), "both in the second row"
    assert [tick.get_text() for tick in axis.get_yticklabels()] == ["0.1", "0.3"]
    assert "smallest at 0.1 the one trained at 0.1, at 0.2 the one trained at 0.1" in figure.alt
    assert "2 cells above 1 are framed" in figure.alt


def test_baselines_can_be_drawn_without_a_denoiser():
    figure = cleaning_curves([0.1, 0.2], {}, "Baselines", {"nothing": np.ones((3, 2))})
    assert len(figure.axes[0].lines) == 1
    with pytest.raises(ValueError, match="curves must be a mapping"):
        cleaning_curves([0.1, 0.2], {}, "Nothing at all")


def test_cleaning_curves_draw_means_and_intervals():
    levels = [0.0, 0.1, 0.2]
    runs = np.array([[0.0, 1, 2], [0, 3, 4]])
    figure = cleaning_curves(levels, {"net": runs}, "Cleaning", {"nothing": runs + 5})
    baseline, curve = figure.axes[0].lines
    np.testing.assert_allclose(baseline.get_ydata(), [5, 7, 8])
    np.testing.assert_allclose(curve.get_ydata(), [0, 2, 3])
    band = figure.axes[0].collections[0].get_paths()[0].vertices
    half_width = 12.706 * np.sqrt(2) / np.sqrt(2)  # Student's t of two runs, s = √2
    assert band[:, 1].max() == pytest.approx(3 + half_width, rel=1e-3)
    assert "At level 0.1: nothing 7.00, net 2.00" in figure.alt


def test_baselines_may_be_shown_before_there_is_a_denoiser():
    figure = cleaning_curves([0.1, 0.2], {}, "T", {"nothing": np.array([[3.0, 7.0]] * 2)})
    assert "At level 0.2: nothing 7.00" in figure.alt
    with pytest.raises(ValueError, match="curves must be a mapping of names"):
        cleaning_curves([0.1, 0.2], {}, "T")


@pytest.mark.parametrize(
    "figure",
    [
        noise_kinds(CLEAN, {"flip": {0.1: CLEAN, 0.2: CLEAN}}, "t"),
        denoised(np.zeros((2, 35)), {"noisy": np.ones((2, 35))}, [" ", "$"], "t"),
        level_map(np.ones((2, 2)), [0, 1], [0, 1], "t"),
        cleaning_curves([0, 1], {"a": np.ones((2, 2))}, "t"),
    ],
    ids=["noise_kinds", "denoised", "level_map", "cleaning_curves"],
)
def test_every_figure_can_be_drawn_and_says_what_it_shows(figure):
    assert figure.png(dpi=40).startswith(b"\x89PNG")
    assert figure.picture().alt
