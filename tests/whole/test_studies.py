"""A stored study comes again: the same seed, the same weights, bit for bit."""

from __future__ import annotations

import numpy as np

from tp5.datasets import all_characters, load_fonts
from tp5.experiments import STUDY_RNG, FractionComparison, compare_fractions


def test_the_first_training_of_the_fractions_comes_again():
    X, _ = all_characters(load_fonts())
    again = compare_fractions(X, (0.3,), n_runs=1, rng=STUDY_RNG, progress=False)
    shipped = FractionComparison.shipped()
    np.testing.assert_array_equal(again.learned[0][0], shipped.learned[0][0])
    np.testing.assert_array_equal(again.model(0.3).theta[0], shipped.model(0.3).theta[0])
    assert again.table["train"][0] == shipped.table["train"][0]
    assert again.table["test"][0] == shipped.table["test"][0]
