"""Grids, lines, neighbours, and what makes a picture a new letter: by hand and by invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp5 import Autoencoder
from tp5.analysis.latent import (
    count_pieces,
    distances_to_data,
    gaussian_grid,
    grid_over,
    hamming_distances,
    interpolate,
    looks_like_a_letter,
    near_neighbours,
    nearest_glyphs,
    nearest_sample,
    new_letters,
    rectangle_grid,
    separation,
    stroke_measures,
)
from tp5.datasets.fonts import all_characters, load_fonts

X, LABELS = all_characters(load_fonts())
LETTERS = X[[label.isalpha() for label in LABELS]]
SQUARE = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])


def picture(drawing: str) -> np.ndarray:
    """Seven words of five, # is ink → (1, 35)."""
    return np.array([[float(dot == "#") for row in drawing.split() for dot in row]])


# --- Distances ------------------------------------------------------------------------------------


def test_hamming_by_hand():
    A, B = np.array([[0.0, 0.2, 0.9]]), np.array([[0, 0, 1.0], [1, 1, 0]])
    np.testing.assert_array_equal(hamming_distances(A, B), [[0, 3]])


def test_the_closest_characters_differ_in_two_pixels():
    between = hamming_distances(X, X)[np.triu_indices(96, k=1)]
    assert between.min() == 2


def test_nearest_sample_by_hand():
    assert nearest_sample(np.array([2.0, 0.0]), SQUARE) == (1, 1.0)


def test_distances_and_neighbours_by_hand():
    z = np.array([[0.0, 1.0], [3.0, 4.0]])
    np.testing.assert_allclose(distances_to_data(z, SQUARE), [1, 3])
    np.testing.assert_array_equal(near_neighbours(z, SQUARE, 3.0), [2, 1])
    np.testing.assert_array_equal(near_neighbours(z, SQUARE, 4.0), [3, 2])


@given(st.integers(0, 10_000), st.floats(0.1, 10), st.floats(-5, 5))
def test_separation_knows_no_scale_and_no_place(seed, scale, shift):
    z = np.random.default_rng(seed).normal(size=(12, 2))
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    assert separation(scale * z @ turn + shift) == pytest.approx(separation(z), rel=1e-6)


def test_separation_of_several_runs_and_of_equal_codes():
    z = np.random.default_rng(0).normal(size=(3, 12, 2))
    np.testing.assert_allclose(separation(z), [separation(run) for run in z])
    assert separation(np.ones((4, 2))) == 0


# --- Grids and lines ------------------------------------------------------------------------------


def test_a_grid_lies_as_a_map_does():
    grid = rectangle_grid((0.0, 10.0), (1.0, 12.0), side=3)
    np.testing.assert_allclose(grid[0, 0], (0, 12), err_msg="top left")
    np.testing.assert_allclose(grid[-1, -1], (1, 10), err_msg="bottom right")
    np.testing.assert_allclose(grid[1, 1], (0.5, 11), err_msg="middle")


def test_the_grid_of_the_course():
    grid = rectangle_grid(0.05, 0.95)
    assert grid.shape == (15, 15, 2)
    assert grid.min() == 0.05
    assert grid.max() == 0.95


def test_a_grid_over_codes_reaches_just_as_far():
    grid = grid_over(SQUARE, side=4)
    np.testing.assert_allclose(grid.min(axis=(0, 1)), (0, 0))
    np.testing.assert_allclose(grid.max(axis=(0, 1)), (3, 4))


def test_gaussian_quantiles_hold_equal_probability():
    from scipy.stats import norm

    grid = gaussian_grid(15)
    np.testing.assert_allclose(norm.cdf(grid[0, :, 0]), (np.arange(15) + 0.5) / 15)
    np.testing.assert_allclose(grid[:, 0, 1], -grid[::-1, 0, 1], atol=1e-12)
    np.testing.assert_allclose(grid[7, 7], 0, atol=1e-12)


def test_a_line_has_its_ends_and_equal_steps():
    line = interpolate([0, 1, 2], [4, 1, 0], steps=5)
    np.testing.assert_allclose(line, [[0, 1, 2], [1, 1, 1.5], [2, 1, 1], [3, 1, 0.5], [4, 1, 0]])


# --- What is decoded ------------------------------------------------------------------------------


def test_known_glyphs_are_not_original():
    index, originality = nearest_glyphs(X, X)
    np.testing.assert_array_equal(index, np.arange(96))
    assert not originality.any()
    index, originality = nearest_glyphs(1 - X[[33]], X)
    assert originality[0] == hamming_distances(1 - X[[33]], X).min() > 3


@pytest.mark.parametrize(
    ("drawing", "ink", "pieces", "blobs"),
    [
        ("..... ..... ..... ..... ..... ..... .....", 0, 0, 0),
        ("#.... .#... ..#.. ...#. ....# ..... .....", 5, 1, 0),
        ("##... ##... ..... ..... ..... ..... ....#", 5, 2, 1),
        ("##### ##### ##### ##### ##### ##### #####", 35, 1, 24),
        ("#.#.# ..... #.#.# ..... #.#.# ..... #.#.#", 12, 12, 0),
    ],
)
def test_stroke_measures_by_hand(drawing, ink, pieces, blobs):
    measures = stroke_measures(picture(drawing))
    assert [int(measures[name][0]) for name in ("ink", "pieces", "blobs")] == [ink, pieces, blobs]
    assert measures["doubtful"][0] == 0


def test_doubtful_pixels():
    image = picture("#.... ..... ..... ..... ..... ..... .....")
    image[0, 5:9] = [0.05, 0.2, 0.5, 0.95]
    assert stroke_measures(image)["doubtful"][0] == 2


@given(st.integers(0, 2**35 - 1))
def test_pieces_do_not_change_when_the_picture_is_mirrored(bits):
    image = (bits >> np.arange(35) & 1).reshape(7, 5).astype(bool)
    pieces = count_pieces(image)
    assert pieces == count_pieces(image[::-1]) == count_pieces(image[:, ::-1])
    assert pieces <= image.sum()


def test_letters_pass_for_letters_and_noise_does_not():
    """Controls of the rule: 50 of 52 letters (i and j have dots), 1 random picture in 20."""
    passes = looks_like_a_letter(LETTERS, LETTERS)
    assert passes.sum() == 50
    random = np.random.default_rng(0).random((2000, 35)) < LETTERS.mean()
    assert looks_like_a_letter(random.astype(float), LETTERS).mean() < 0.1


def test_a_doubtful_picture_is_no_letter():
    blurred = 0.5 + 0.3 * (LETTERS[:1] - 0.5)
    assert not looks_like_a_letter(blurred, LETTERS)[0]


def test_new_letters_are_new_and_differ():
    lambda_letter = picture("#.... #.... .#... .#... #.#.. #.#.. #..#.")
    candidates = np.concatenate([X, lambda_letter, lambda_letter])
    rows = new_letters(candidates, X, LETTERS)
    assert rows.tolist() == [96], "found once, and no known glyph"


def test_a_trained_decoder_draws_new_letters():
    ae = Autoencoder((35, 64, 32, 2, 32, 64, 35), dtype="float32")
    ae.fit(X, rng=0, progress=False)
    images = ae.decode(grid_over(ae.encode(X), 120).reshape(-1, 2))
    rows = new_letters(images, X, LETTERS)
    assert len(rows) >= 5, "with three seeds it was 21, 25 and 41"
    originality = nearest_glyphs(images[rows], X)[1]
    assert originality.min() >= 3
    assert (np.diff(originality) <= 0).all(), "the most original first"
    between = hamming_distances(images[rows], images[rows])[np.triu_indices(len(rows), k=1)]
    assert (between >= 3).all()


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [1, 0, 2.5])
@pytest.mark.parametrize("grid", [lambda side: rectangle_grid(0, 1, side), gaussian_grid])
def test_a_grid_needs_two_rows(grid, side):
    with pytest.raises(ValueError, match="side must be a whole number of at least 2"):
        grid(side)


@pytest.mark.parametrize("ends", [(1, 0), (0, 0), (0, np.inf), ((0, 0), (1, 0))])
def test_a_grid_needs_an_area(ends):
    with pytest.raises(ValueError, match="a grid needs low below high in both directions"):
        rectangle_grid(*ends)


def test_a_grid_needs_two_dimensions():
    with pytest.raises(ValueError, match="a grid needs two latent dimensions, not 3"):
        grid_over(np.zeros((4, 3)))


@pytest.mark.parametrize("codes", [np.zeros((0, 2)), np.zeros(2), np.zeros((2, 4, 2))])
def test_codes_need_their_shape(codes):
    with pytest.raises(ValueError, match=r"with at least one sample, not .* model\.best"):
        distances_to_data(np.zeros((1, 2)), codes)


def test_a_line_needs_two_points_of_one_space():
    with pytest.raises(ValueError, match=r"no line from a point of shape \(2,\) to one of \(3,\)"):
        interpolate([0, 0], [1, 1, 1])
    with pytest.raises(ValueError, match="steps must be a whole number of at least 2"):
        interpolate([0, 0], [1, 1], steps=1)


@pytest.mark.parametrize("radius", [0, -1, np.nan])
def test_a_radius_must_be_positive(radius):
    with pytest.raises(ValueError, match=r"radius must be a number in \(0, ∞\]"):
        near_neighbours(SQUARE, SQUARE, radius)


def test_points_and_codes_must_fit():
    with pytest.raises(ValueError, match="points with 3 coordinates and codes with 2 do not fit"):
        distances_to_data(np.zeros((1, 3)), SQUARE)


def test_pictures_must_fit():
    with pytest.raises(ValueError, match="images of 34 and of 35 pixels cannot be compared"):
        nearest_glyphs(X[:, 1:], X)
    with pytest.raises(ValueError, match="pictures of 34 pixels are not 7×5"):
        stroke_measures(X[:, 1:])


def test_letters_to_compare_with_are_needed():
    with pytest.raises(ValueError, match="needs letters to compare with; there are none"):
        looks_like_a_letter(X, X[:0])


def test_min_distance_must_be_positive():
    with pytest.raises(ValueError, match="min_distance must be a whole number of at least 1"):
        new_letters(X, X, LETTERS, min_distance=0)


def test_separation_needs_two_codes():
    with pytest.raises(ValueError, match="separation needs at least two codes"):
        separation(np.zeros((1, 2)))
