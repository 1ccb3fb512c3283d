"""Measures of grey drawings, and quantile grids."""

from __future__ import annotations

import numpy as np
import pytest

from tp5.analysis.intervals import rank_correlation
from tp5.analysis.latent import gradient_energy, nearest_drawings, quantile_grid, unsure_share

rng = np.random.default_rng(0)


def test_quantiles_of_the_normal_distribution_are_the_class_s():
    grid = quantile_grid(5)
    quantiles = [-1.6448, -0.5978, 0, 0.5978, 1.6448]
    np.testing.assert_allclose(grid[0, :, 0], quantiles, atol=1e-4)
    np.testing.assert_allclose(grid[:, 0, 1], quantiles[::-1], atol=1e-4)
    assert grid.shape == (5, 5, 2)


def test_quantiles_of_codes_are_their_own():
    codes = np.stack([np.linspace(10, 20, 101), np.linspace(-1, 1, 101)], axis=1)
    grid = quantile_grid(3, codes, tail=0.1)
    np.testing.assert_allclose(grid[1], [[11, 0], [15, 0], [19, 0]], atol=1e-12)
    np.testing.assert_allclose(grid[0, 0], [11, 0.8])


@pytest.mark.parametrize("tail", [0, 0.5, -1, np.nan])
def test_a_tail_outside_its_range_is_refused(tail):
    with pytest.raises(ValueError, match=r"tail must be a number in \(0, 0.5\)"):
        quantile_grid(5, tail=tail)


def test_a_grid_needs_two_dimensions_and_two_lines():
    with pytest.raises(ValueError, match="two latent dimensions, not 3"):
        quantile_grid(5, np.zeros((4, 3)))
    with pytest.raises(ValueError, match="side must be a whole number of at least 2"):
        quantile_grid(1)


def test_unsure_pixels_are_those_between_a_tenth_and_nine_tenths():
    X = np.array([[0, 0.05, 0.5, 0.95], [0.2, 0.3, 0.8, 0.89]])
    np.testing.assert_allclose(unsure_share(X), [0.25, 1])


def test_gradient_energy_counts_the_length_of_sharp_edges():
    image = np.zeros((6, 6))
    image[:, 3:] = 1  # one edge, 6 pixels long
    assert gradient_energy(image.ravel(), (6, 6)) == 6
    image[:, 2] = 0.5  # the same edge over two pixels
    assert gradient_energy(image.ravel(), (6, 6)) == 3
    assert gradient_energy(np.full((2, 36), 0.4), (6, 6)).tolist() == [0, 0]


def test_nearest_drawings_are_those_with_the_smallest_squared_error():
    X, X_hat = rng.random((9, 20)), rng.random((5, 20))
    squares = ((X_hat[:, None] - X[None]) ** 2).sum(axis=-1)
    index, distance = nearest_drawings(X_hat, X)
    np.testing.assert_array_equal(index, squares.argmin(axis=1))
    np.testing.assert_allclose(distance, squares.min(axis=1))


def test_a_known_drawing_is_its_own_nearest():
    X = rng.random((9, 20)).astype(np.float32)
    index, distance = nearest_drawings(X, X)
    assert index.tolist() == list(range(9))
    assert (distance >= 0).all()
    assert distance.max() < 1e-6


def test_pictures_of_other_sizes_are_refused():
    with pytest.raises(ValueError, match="pictures of 3 and of 4 pixels"):
        nearest_drawings(np.zeros((1, 3)), np.zeros((1, 4)))


# --- Rank correlation -----------------------------------------------------------------------------


def test_rank_correlation_is_spearman_s():
    from scipy.stats import spearmanr

    a, b = rng.normal(size=50), np.round(rng.normal(size=50), 1)  # with ties
    rho, low, high = rank_correlation(a, b)
    assert abs(rho - spearmanr(a, b).statistic) < 1e-12
    assert low < rho < high


def test_any_rising_function_has_rank_correlation_1():
    a = rng.normal(size=20)
    np.testing.assert_allclose(rank_correlation(a, np.exp(a)), (1, 1, 1), atol=1e-6)
    np.testing.assert_allclose(rank_correlation(a, -(a**3)), (-1, -1, -1), atol=1e-6)


def test_the_interval_covers_zero_as_often_as_it_says():
    covered = 0
    for _ in range(400):
        _, low, high = rank_correlation(rng.normal(size=60), rng.normal(size=60))
        covered += low <= 0 <= high
    assert 0.91 < covered / 400 < 0.985


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (np.arange(9), np.arange(9), "ten or more pairs"),
        (np.arange(12), np.arange(11), "ten or more pairs"),
        (np.arange(12), np.ones(12), "one is constant"),
    ],
)
def test_rank_correlation_refuses_too_little(a, b, message):
    with pytest.raises(ValueError, match=message):
        rank_correlation(a, b)
