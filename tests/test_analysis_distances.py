"""Distances and the nearest: by hand, against the plain formula, and within a memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp5.analysis import (
    distances,
    hamming_distances,
    near_neighbours,
    nearest,
    pairwise_distances,
    separation,
)
from tp5.datasets import all_characters, load_fonts

X, LABELS = all_characters(load_fonts())
SQUARE = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])


def test_hamming_by_hand():
    A, B = np.array([[0.0, 0.2, 0.9]]), np.array([[0, 0, 1.0], [1, 1, 0]])
    np.testing.assert_array_equal(hamming_distances(A, B), [[0, 3]])
    np.testing.assert_array_equal(hamming_distances(A[0], B), [0, 3])


def test_the_closest_characters_differ_in_two_pixels():
    between = hamming_distances(X, X)[np.triu_indices(96, k=1)]
    assert between.min() == 2


# --- nearest --------------------------------------------------------------------------------------


def test_the_nearest_code_by_hand():
    assert nearest([2.0, 0.0], SQUARE) == (1, 1.0)
    assert nearest([2.0, 2.0], SQUARE, "squared") == (1, 5.0)


def test_points_may_lie_in_any_grid():
    grid = np.array([[[0.0, 1.0], [3.0, 4.0]], [[3.0, 1.0], [0.0, 9.0]]])
    index, distance = nearest(grid, SQUARE)
    np.testing.assert_array_equal(index, [[0, 2], [1, 2]])
    np.testing.assert_allclose(distance, [[1, 3], [1, 5]])


@given(seed=st.integers(0, 2**32 - 1), metric=st.sampled_from(distances.METRICS))
def test_nearest_is_the_plain_formula_s_first_smallest(seed, metric):
    rng = np.random.default_rng(seed)
    points, known = rng.integers(0, 4, (7, 5)) / 3, rng.integers(0, 4, (9, 5)) / 3  # with ties
    apart = points[:, None] - known[None]
    every = {
        "euclidean": np.sqrt((apart**2).sum(-1)),
        "squared": (apart**2).sum(-1),
        "hamming": ((points[:, None] > 0.5) != (known[None] > 0.5)).sum(-1),
    }[metric]
    index, distance = nearest(points, known, metric)
    np.testing.assert_allclose(distance, every.min(axis=1))
    np.testing.assert_allclose(np.take_along_axis(every, index[:, None], 1)[:, 0], distance)
    if metric == "hamming":
        np.testing.assert_array_equal(index, every.argmin(axis=1))
        assert distance.dtype.kind == "i"


@pytest.mark.parametrize("metric", distances.METRICS)
def test_chunks_change_nothing(metric, monkeypatch):
    rng = np.random.default_rng(0)
    points, known = rng.random((50, 6)), rng.random((20, 6))
    whole = nearest(points, known, metric)
    monkeypatch.setattr(distances, "CHUNK", 70)  # three points at a time
    for one, other in zip(whole, nearest(points, known, metric), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int64, np.float32])
@pytest.mark.parametrize("metric", distances.METRICS)
def test_pictures_of_any_kind_of_number_are_measured_alike(kind, metric):
    noisy = X ^ (np.random.default_rng(0).random(X.shape) < 0.1) if X.dtype == bool else X
    wanted = nearest(noisy.astype(float), X, metric)
    for one, other in zip(wanted, nearest(noisy.astype(kind), X.astype(kind), metric), strict=True):
        np.testing.assert_array_equal(one, other)


def test_grey_rows_in_bytes_find_themselves():
    grey = np.random.default_rng(0).integers(0, 256, (200, 64), dtype=np.uint8)
    index, distance = nearest(grey, grey, "squared")
    np.testing.assert_array_equal(index, np.arange(200))
    assert not distance.any()


def test_known_glyphs_are_not_original():
    index, originality = nearest(X, X, "hamming")
    np.testing.assert_array_equal(index, np.arange(96))
    assert not originality.any()
    _, originality = nearest(1 - X[[33]], X, "hamming")
    assert originality[0] == hamming_distances(1 - X[[33]], X).min() > 3


@pytest.mark.parametrize(
    "measure",
    [
        lambda points, known: nearest(points, known),
        lambda points, known: nearest(points, known, "hamming"),
        lambda points, known: near_neighbours(points, known, 0.5),
    ],
    ids=["euclidean", "hamming", "neighbours"],
)
def test_memory_stays_bounded_where_all_distances_would_not_fit(measure):
    """4 000 × 60 000 distances of 8 bytes are 1.9 GB, and their differences 16 times as much."""
    rng = np.random.default_rng(0)
    points, known = rng.random((4000, 2)), rng.random((60_000, 2))
    tracemalloc.start()
    measure(points, known)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200_000_000


# --- Distances and neighbours ---------------------------------------------------------------------


def test_neighbours_by_hand():
    z = np.array([[0.0, 1.0], [3.0, 4.0]])
    np.testing.assert_array_equal(near_neighbours(z, SQUARE, 3.0), [2, 1])
    np.testing.assert_array_equal(near_neighbours(z, SQUARE, 4.0), [3, 2])


def test_all_distances_by_hand():
    np.testing.assert_allclose(
        pairwise_distances(SQUARE, SQUARE), [[0, 3, 4], [3, 0, 5], [4, 5, 0]]
    )
    np.testing.assert_allclose(pairwise_distances([3.0, 4.0], SQUARE), [5, 4, 3])


# --- Separation -----------------------------------------------------------------------------------


@given(st.integers(0, 10_000), st.floats(0.1, 10), st.floats(-5, 5))
def test_separation_knows_no_scale_and_no_place(seed, scale, shift):
    z = np.random.default_rng(seed).normal(size=(12, 2))
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    assert separation(scale * z @ turn + shift) == pytest.approx(separation(z), rel=1e-6)


def test_separation_by_hand():
    # To the nearest other 3, 3 and 4; from the centre (1, 4/3) √(25/9), √(52/9) and √(73/9).
    assert separation(SQUARE) == pytest.approx(3 / np.sqrt(150 / 27))


def test_separation_of_several_runs_and_of_equal_codes():
    z = np.random.default_rng(0).normal(size=(3, 12, 2))
    np.testing.assert_allclose(separation(z), [separation(run) for run in z])
    assert separation(np.ones((4, 2))) == 0


def test_separation_of_sixty_thousand_codes():
    z = np.random.default_rng(0).random((60_000, 2))
    # n points at random in a unit square: the median gap is √(ln 2/(π n)), the spread √(1/6).
    assert separation(z) == pytest.approx(np.sqrt(np.log(2) / (np.pi * 60_000) * 6), rel=0.02)


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [np.zeros((0, 2)), np.zeros(2), np.zeros((2, 4, 2))])
def test_known_samples_need_their_shape(known):
    with pytest.raises(ValueError, match=r"^known has shape \(.*(must be|no sample)"):
        nearest(np.zeros((1, 2)), known)


def test_codes_of_several_runs_get_a_hint():
    with pytest.raises(ValueError, match=r"of several runs take one, such as model\.best"):
        nearest(np.zeros((1, 2)), np.zeros((2, 4, 2)))


@pytest.mark.parametrize("function", [nearest, pairwise_distances])
def test_points_and_known_samples_must_fit(function):
    message = "points with 3 features cannot be compared with known, which has 2"
    with pytest.raises(ValueError, match=message):
        function(np.zeros((1, 3)), SQUARE)


def test_pictures_must_fit():
    with pytest.raises(ValueError, match="X with 34 features cannot be compared with Y, which ha"):
        hamming_distances(X[:, 1:], X)


def test_pictures_that_nobody_scaled_are_refused():
    with pytest.raises(ValueError, match=r"points has whole numbers up to 255.* divide it by 255"):
        nearest(255 * X, X, "hamming")


def test_an_unknown_metric_is_refused():
    with pytest.raises(ValueError, match="metric must be one of euclidean, squared, hamming, not"):
        nearest(X, X, "cosine")


@pytest.mark.parametrize("radius", [0, -1, np.nan, "near", None])
def test_a_radius_must_be_positive(radius):
    with pytest.raises(ValueError, match=r"radius must be a number in \(0, ∞\]"):
        near_neighbours(SQUARE, SQUARE, radius)


def test_separation_needs_two_codes():
    with pytest.raises(ValueError, match="separation needs at least two codes"):
        separation(np.zeros((1, 2)))
