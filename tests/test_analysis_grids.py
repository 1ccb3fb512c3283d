"""Grids over a latent space and lines through it, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tp5.analysis import gaussian_grid, grid_over, interpolate, quantile_grid, rectangle_grid

SQUARE = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])


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
    with pytest.raises(ValueError, match=r"codes has shape \(4, 3\), but must be \(n_samples, 2\)"):
        quantile_grid(5, np.zeros((4, 3)))
    with pytest.raises(ValueError, match="side must be a whole number of at least 2"):
        quantile_grid(1)


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
    with pytest.raises(ValueError, match=r"codes has shape \(4, 3\), but must be \(n_samples, 2\)"):
        grid_over(np.zeros((4, 3)))


def test_a_line_needs_two_points_of_one_space():
    with pytest.raises(ValueError, match=r"no line from a point of shape \(2,\) to one of \(3,\)"):
        interpolate([0, 0], [1, 1, 1])
    with pytest.raises(ValueError, match="steps must be a whole number of at least 2"):
        interpolate([0, 0], [1, 1], steps=1)


@pytest.mark.parametrize("low", ["left", (0, 0, 0), np.zeros((2, 2)), None])
def test_a_corner_is_a_number_or_two(low):
    with pytest.raises(
        ValueError, match=r"^low must be (an array of numbers|a number or \(z1, z2\))"
    ):
        rectangle_grid(low, 1)
