import numpy as np
import pytest

from tp5.networks.gradient_check import central_differences, relative_error


def test_central_differences_of_a_cubic():
    def loss(theta):
        return (theta**3).sum(axis=-1)

    theta = np.random.default_rng(0).normal(size=600)  # more than one chunk of runs
    assert central_differences(loss, theta) == pytest.approx(3 * theta**2, abs=1e-8)


def test_relative_error_is_0_for_equal_1_for_opposite_and_a_third_for_half():
    g = np.array([3.0, 4.0])
    assert relative_error(g, g) == 0
    assert relative_error(g, -g) == 1
    assert relative_error(g / 2, g) == pytest.approx(1 / 3)
    assert relative_error(0 * g, 0 * g) == 0


def test_a_loss_that_returns_one_number_for_all_is_refused():
    theta = np.array([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="what loss returns"):
        central_differences(lambda theta: (theta**2).sum(), theta)
