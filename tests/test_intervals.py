import numpy as np
import pytest

from tp5.analysis import difference_interval, mean_interval, rank_correlation, told_apart

RNG = np.random.default_rng(0)


def test_interval_of_five_values_by_hand():
    mean, half_width = mean_interval(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    # s = sqrt(2.5), t(4 degrees, 97.5 %) = 2.776445
    assert mean == 3
    assert half_width == pytest.approx(2.776445 * np.sqrt(2.5) / np.sqrt(5), rel=1e-6)


def test_interval_covers_the_true_mean_as_often_as_it_says():
    values = np.random.default_rng(0).normal(7, 3, size=(4000, 5))
    mean, half_width = mean_interval(values)
    assert (np.abs(mean - 7) < half_width).mean() == pytest.approx(0.95, abs=0.012)


def test_interval_leaves_out_nan():
    with_nan = np.array([1.0, np.nan, 2.0, 3.0])
    assert mean_interval(with_nan) == mean_interval(np.array([1.0, 2.0, 3.0]))


def test_interval_works_along_an_axis():
    values = np.random.default_rng(1).normal(size=(3, 6))
    for axis in (0, 1):
        mean, half_width = mean_interval(values, axis=axis)
        one = mean_interval(values.take(0, axis=1 - axis))
        assert (mean[0], half_width[0]) == pytest.approx(one)


def test_one_value_has_no_interval():
    mean, half_width = mean_interval(np.array([4.0]))
    assert mean == 4
    assert np.isnan(half_width)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_confidence_outside_0_and_1_is_refused(confidence):
    with pytest.raises(ValueError, match=r"confidence must be a number in \(0, 1\)"):
        mean_interval(np.arange(3.0), confidence=confidence)


def test_difference_of_equal_samples_is_undecided():
    a = np.array([1.0, 2.0, 3.0])
    difference, half_width = difference_interval(a, a)
    assert difference == 0
    assert half_width > 0


def test_difference_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(600):
        d, h = difference_interval(rng.normal(3, 2, 5), rng.normal(1, 0.5, 5))
        hits += abs(d - 2) < h
    assert hits / 600 == pytest.approx(0.95, abs=0.03)


def test_difference_of_one_run_is_refused():
    with pytest.raises(ValueError, match="at least two runs"):
        difference_interval(np.array([1.0]), np.array([1.0, 2.0]))


# --- Rank correlation -----------------------------------------------------------------------------


def test_rank_correlation_is_spearman_s():
    from scipy.stats import spearmanr

    a, b = RNG.normal(size=50), np.round(RNG.normal(size=50), 1)  # with ties
    rho, low, high = rank_correlation(a, b)
    assert abs(rho - spearmanr(a, b).statistic) < 1e-12
    assert low < rho < high


def test_any_rising_function_has_rank_correlation_1():
    a = RNG.normal(size=20)
    np.testing.assert_allclose(rank_correlation(a, np.exp(a)), (1, 1, 1), atol=1e-6)
    np.testing.assert_allclose(rank_correlation(a, -(a**3)), (-1, -1, -1), atol=1e-6)


def test_the_interval_covers_zero_as_often_as_it_says():
    covered = 0
    for _ in range(400):
        _, low, high = rank_correlation(RNG.normal(size=60), RNG.normal(size=60))
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


def test_pairs_that_are_told_apart_have_the_smaller_mean_first():
    groups = {"b": [5.0, 5.1, 4.9], "a": [1.0, 1.1, 0.9], "c": [5.0, 6.5, 4.0]}
    assert told_apart(groups) == [("a", "b"), ("a", "c")]
    assert told_apart({"a": [1.0, 2.0]}) == []
    with pytest.raises(ValueError, match="groups must be a mapping"):
        told_apart([])
