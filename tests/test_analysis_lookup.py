"""The two baselines of a denoiser, by hand and by Bayes."""

from __future__ import annotations

import numpy as np
import pytest

from tp5.analysis import best_guess, nearest_lookup
from tp5.datasets import flip, load_fonts


def test_lookup_finds_the_nearest_by_hand():
    X = np.array([[0.0, 0, 0, 0], [1, 1, 1, 0]])
    noisy = np.array([[[1.0, 0, 0, 0], [1, 1, 0, 0]]])  # 1 and 2 pixels from the first
    np.testing.assert_array_equal(nearest_lookup(noisy, X), [[X[0], X[1]]])


def test_best_guess_is_bayes_rule_by_hand():
    X = np.array([[0.0, 0.0], [1.0, 1.0]])
    # (1, 0) is one flip from either; (1, 1) is two flips from the first, none from the other
    first, second = 0.1**2, 0.9**2
    wanted = [[0.5, 0.5], [second / (first + second)] * 2]
    np.testing.assert_allclose(best_guess(np.array([[1.0, 0], [1, 1]]), X, 0.1), wanted)


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_best_guess_at_any_level(p):
    X = load_fonts()[1].X
    noisy = flip(X, p, 0)
    guess = best_guess(noisy, X, p)
    assert np.isfinite(guess).all()
    if p in (0, 1):
        np.testing.assert_allclose(guess, X, atol=1e-9)
    if p == 0.5:
        np.testing.assert_allclose(guess, np.broadcast_to(X.mean(axis=0), X.shape), atol=1e-9)


def test_nobody_leaves_fewer_wrong_pixels_than_the_best_guess():
    X = load_fonts()[1].X
    Y = np.tile(X, (300, 1))
    noisy = flip(Y, 0.3, 1)
    best, nearest = (
        ((X_hat > 0.5) != Y).mean()
        for X_hat in (best_guess(noisy, X, 0.3), nearest_lookup(noisy, X))
    )
    assert best < nearest < 0.3


def test_lookup_of_bool_and_byte_pictures_is_that_of_floats():
    X = load_fonts()[1].X
    noisy = flip(X, 0.05, 3)
    wanted = nearest_lookup(noisy, X)
    assert (wanted == X).all(axis=1).mean() > 0.8
    for kind in (bool, np.uint8):
        np.testing.assert_array_equal(nearest_lookup(noisy.astype(kind), X.astype(kind)), wanted)


@pytest.mark.parametrize("function", [nearest_lookup, lambda x, X: best_guess(x, X, 0.1)])
def test_pictures_of_other_sizes_are_refused(function):
    message = "X_noisy with 35 features cannot be compared with X, which has 36"
    with pytest.raises(ValueError, match=message):
        function(np.zeros((1, 35)), np.zeros((2, 36)))
