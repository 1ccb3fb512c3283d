"""What is said of a training."""

from __future__ import annotations

import numpy as np
import pytest

from tp5 import Autoencoder
from tp5.explorer.training_report import (
    Target,
    best_codes,
    counted,
    describe_error,
    map_box,
)

FALLING = np.array([[6.0, 8.0], [4.0, 7.0], [3.0, 4.0], [1.0, 2.0]])  # means 7, 5.5, 3.5, 1.5


def test_a_target_is_reached_when_the_mean_of_the_runs_is_below_it_in_time():
    assert Target(5.0, 60).reached_after(FALLING) == 3
    assert Target(5.0, 3).reached_after(FALLING) == 3
    assert Target(5.0, 2).reached_after(FALLING) is None
    assert Target(3.5, 3).reached_after(FALLING) is None, "below, not at"
    assert Target(9.0, 1).reached_after(FALLING) == 1


def test_a_run_that_has_diverged_reaches_nothing():
    lost = FALLING.copy()
    lost[1:, 0] = np.nan
    assert Target(5.0, 4).reached_after(lost) is None


def test_the_verdict_has_a_sign_a_word_and_the_target():
    target = Target(5.0, 3)
    assert target.verdict(FALLING[:1], ended=False) == (
        None,
        "… Target: a mean error below 5 within 3 epochs",
    )
    assert target.verdict(FALLING, ended=True) == (
        True,
        "✓ Reached after 3 epochs: a mean error below 5 within 3 epochs",
    )
    assert target.verdict(FALLING[:3], ended=False)[0] is True, "as soon as it is so"
    late = Target(2.0, 3)
    assert late.verdict(FALLING[:3], ended=False) == (
        False,
        "✗ Not reached: a mean error below 2 within 3 epochs",
    )
    assert late.verdict(FALLING[:1], ended=True)[0] is False, "a training that is too short"
    assert "after 1 epoch:" in Target(9.0, 1).verdict(FALLING, ended=True)[1]


@pytest.mark.parametrize("goal", [0, -1, np.nan, np.inf, "5"])
def test_a_targets_error_must_be_a_number_above_0(goal):
    with pytest.raises(ValueError, match=r"a target's error must be a number in \(0, ∞\), not"):
        Target(goal, 60)


@pytest.mark.parametrize("within", [0, 1.5])
def test_a_targets_epochs_must_be_a_whole_number(within):
    with pytest.raises(ValueError, match="a target's number of epochs must be a whole number"):
        Target(5.0, within)


def test_the_error_comes_with_its_interval():
    assert describe_error(np.array([4.0, 4.2, 4.4])) == "error 4.20 ± 0.50"
    assert describe_error(np.array([4.0])) == "error 4.00", "one run has no interval"


def test_runs_that_have_diverged_are_counted():
    assert describe_error(np.array([4.0, np.nan, 4.4])) == (
        "error 4.20 ± 2.54 without 1 of 3 runs: diverged"
    )
    assert describe_error(np.array([4.0, np.inf])) == "error 4.00 without 1 of 2 runs: diverged"
    assert describe_error(np.array([np.nan] * 2)).startswith("every run has diverged")


def test_the_map_is_of_the_best_run_that_there_is():
    X = np.eye(6)
    model = Autoencoder((6, 2, 6)).fit(X, n_runs=3, epochs=1, rng=0, progress=False)
    np.testing.assert_array_equal(
        best_codes(model, X, np.array([2.0, np.nan, 1.0])), model[2].encode(X)
    )
    assert best_codes(model, X, np.full(3, np.nan)).shape == (6, 2)


def test_a_bounded_latent_layer_has_a_map_that_stays():
    codes = np.array([[0.2, 3.0], [0.4, -1.0]])
    boxes = {
        latent: map_box(Autoencoder((6, 2, 6), latent_activation=latent), codes)
        for latent in ("logistic", "tanh", "identity")
    }
    assert boxes["logistic"] == [0, 1, 0, 1]
    assert boxes["tanh"] == [-1, 1, -1, 1]
    assert boxes["identity"] == [0.2, 0.4, -1.0, 3.0]
    flat = map_box(Autoencoder((6, 2, 6)), np.zeros((2, 2)))
    assert flat == [0, 1, 0, 1], "codes that have all fallen together"


def test_small_words():
    assert (counted(1, "run"), counted(5, "run")) == ("1 run", "5 runs")
