"""Figures of the variational autoencoder show the numbers they get, and say them in words."""

from __future__ import annotations

import io

import numpy as np
import pytest

from tp5 import plots
from tp5.analysis import rank_correlation
from tp5.plots.vae import most_of
from tp5.training.history import History

rng = np.random.default_rng(0)
X = rng.random((7, 12))
SHAPE = (3, 4)
z = rng.normal(size=(30, 2))
LOSS = np.linspace(9, 5, 6)[:, None] * np.ones(2)
HISTORY = History(LOSS, LOSS, LOSS, LOSS, parts={"reconstruction": LOSS - 2, "kl": LOSS * 0 + 2})
GRID = np.stack(np.meshgrid([-1.0, 0.0, 1.0], [2.0, 0.0]), axis=-1)  # (2, 3, 2)
DECODED = rng.random((2, 3, 12))
LINE = np.linspace(0, 1, 40)

FIGURES = {
    "drawings": lambda: plots.drawings(X, "T", list("abcdefg"), 4, SHAPE),
    "losses_apart": lambda: plots.losses_apart({"a": HISTORY, "b": HISTORY}, "T", {"mean": 6.0}),
    "clouds": lambda: plots.clouds(z, {"number": z[:, 0], "word": ["a", "b", "c"] * 10}, "T"),
    "three clouds": lambda: plots.clouds(z, dict.fromkeys("abc", z[:, 0]), "T"),
    "grid_and_map": lambda: plots.grid_and_map(DECODED, GRID, z, "T", SHAPE),
    "beside_nearest": lambda: plots.beside_nearest(X, X, np.arange(7.0), "T", SHAPE),
    "trends": lambda: plots.trends({"a": (LINE, LINE**2)}, {"a": ("x", "y")}, "T"),
    "collapse": lambda: plots.collapse(
        {"beta 1": z, "beta 20": z * 0}, {"beta 1": [2.5, 0.5], "beta 20": [0.0, 0.0]},
        {"beta 1": X[:2], "beta 20": X[:2]}, "T", SHAPE,
    ),
}  # fmt: skip


@pytest.fixture(params=FIGURES, ids=str, scope="module")
def figure(request):
    return FIGURES[request.param]()


def test_every_figure_has_alt_text_and_a_title(figure):
    assert len(figure.alt) > 30
    assert figure.alt.startswith("T")
    assert figure.get_suptitle() == "T"


def test_every_figure_shows_itself_with_its_alt_text(figure):
    assert figure.picture().alt.startswith("T")


def test_ink_is_drawn_black():
    image = plots.drawings(X, "T", shape=SHAPE).axes[0].images[0]
    np.testing.assert_array_equal(image.get_array(), X[0].reshape(SHAPE))
    assert image.cmap(1.0)[:3] == (0, 0, 0)
    assert image.cmap(0.0)[:3] == (1, 1, 1)


def test_the_alt_text_of_drawings_counts_and_names_them():
    figure = plots.drawings(X, "T", list("abcdefg"), shape=SHAPE)
    assert "7 drawings of 4×3 pixels, named a; b; c" in figure.alt


def test_losses_apart_draws_each_part_from_epoch_1_on():
    figure = FIGURES["losses_apart"]()
    left, right = figure.axes
    np.testing.assert_array_equal(left.lines[0].get_xdata(), [1, 2, 3, 4, 5])
    np.testing.assert_allclose(left.lines[0].get_ydata(), LOSS[1:, 0] - 2)
    np.testing.assert_allclose(right.lines[0].get_ydata(), 2)
    assert "a: reconstruction 3.0, KL 2.00" in figure.alt
    assert "Grey line: mean, 6.0" in figure.alt


def test_a_map_is_coloured_by_numbers_or_by_words():
    figure = FIGURES["clouds"]()
    numbers, words = figure.axes[:2]
    np.testing.assert_allclose(numbers.collections[0].get_array(), z[:, 0])
    np.testing.assert_allclose(words.collections[1].get_offsets(), z[1::3])
    assert [text.get_text() for text in words.get_legend().get_texts()] == ["a", "b", "c"]
    assert "30 codes" in figure.alt
    assert "Coloured by number, word" in figure.alt


def test_truth_values_are_coloured_as_numbers():
    figure = plots.clouds(z, {"mirrored": z[:, 0] > 0}, "T")
    assert set(figure.axes[0].collections[0].get_array()) == {0.0, 1.0}


@pytest.mark.parametrize(("codes", "values"), [(z[:, :1], z[:, 0]), (z, z[:5, 0]), (z[0], z[0])])
def test_a_map_refuses_what_does_not_fit(codes, values):
    with pytest.raises(ValueError, match=r"(one value for each sample|z has shape)"):
        plots.clouds(codes, {"a": values}, "T")


def test_the_grid_lies_in_the_picture_as_in_the_map():
    left, right = FIGURES["grid_and_map"]().axes
    np.testing.assert_allclose(left.collections[1].get_offsets(), GRID.reshape(-1, 2))
    mosaic = right.images[0].get_array()
    assert mosaic.shape == (6, 12)
    np.testing.assert_allclose(mosaic[3:, 4:8], DECODED[1, 1].reshape(SHAPE))
    assert [tick.get_text() for tick in right.get_xticklabels()] == ["-1.00", "0.00", "1.00"]
    assert [tick.get_text() for tick in right.get_yticklabels()] == ["2.00", "0.00"]


def test_a_zero_has_no_sign_on_the_axis():
    figure = plots.grid_and_map(DECODED, GRID - 1e-12, z, "T", SHAPE)
    assert "-0.00" not in [tick.get_text() for tick in figure.axes[1].get_xticklabels()]


def test_new_drawings_stand_above_their_nearest():
    figure = plots.beside_nearest(X[:3], X[3:6], [1.0, 2.0, 30.4], "T", SHAPE)
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), X[0].reshape(SHAPE))
    np.testing.assert_array_equal(figure.axes[3].images[0].get_array(), X[3].reshape(SHAPE))
    assert figure.axes[5].get_xlabel() == "30"
    assert "is 1.0 to 30.4" in figure.alt


def test_trends_say_the_rank_correlation_that_they_draw():
    noisy = LINE + rng.normal(0, 0.5, 40)
    figure = plots.trends({"a": (LINE, noisy)}, {"a": ("x", "y")}, "T")
    rho, low, high = rank_correlation(LINE, noisy)
    assert f"rank correlation {rho:.2f}, interval {low:.2f} to {high:.2f}" in figure.alt
    assert f"ρ = {rho:.2f} [{low:.2f}, {high:.2f}]" in figure.axes[0].get_title()
    medians = figure.axes[0].lines[0].get_xydata()
    np.testing.assert_allclose(medians[0], [np.median(LINE[:4]), np.median(noisy[:4])])


def test_collapse_shows_every_cloud_beside_the_prior_and_says_its_kl():
    figure = FIGURES["collapse"]()
    assert len(figure.axes) == 6
    draws = np.linalg.norm(np.random.default_rng(1).standard_normal((20_000, 2)), axis=1)
    for axis in figure.axes[:2]:
        assert abs((draws < axis.patches[0].radius).mean() - 0.95) < 0.005
    assert "beta 1: 2.50 and 0.50; beta 20: 0.00 and 0.00" in figure.alt


def test_limits_leave_out_an_outlier():
    low, high = most_of(np.append(np.linspace(0, 1, 1000), 99))
    assert -0.1 < low < 0.01
    assert 0.99 < high < 1.1


def test_a_light_file_keeps_the_colours_of_the_course():
    from PIL import Image

    figure = FIGURES["grid_and_map"]()
    assert figure.light
    picture = np.asarray(Image.open(io.BytesIO(figure.png())).convert("RGB")).reshape(-1, 3)
    for name in plots.COLORS[:2]:  # the codes and the grid
        wanted = [int(name[start : start + 2], 16) for start in (1, 3, 5)]
        assert (picture == wanted).all(axis=1).any(), name
