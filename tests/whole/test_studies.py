"""A stored study comes again: the same seed, the same weights, bit for bit."""

from __future__ import annotations

import numpy as np

from tp5 import Scipy
from tp5.datasets import all_characters, load_fonts
from tp5.experiments import (
    CLASS_COMPARISON,
    STUDY_RNG,
    FractionComparison,
    OptimizerComparison,
    compare_fractions,
    compare_optimizers,
)
from tp5.experiments.optimizers import CLASS_METHODS

X, _ = all_characters(load_fonts())


def test_the_first_training_of_the_fractions_comes_again():
    again = compare_fractions(X, (0.3,), n_runs=1, rng=STUDY_RNG, progress=False)
    shipped = FractionComparison.shipped()
    np.testing.assert_array_equal(again.learned[0][0], shipped.learned[0][0])
    np.testing.assert_array_equal(again.model(0.3).theta[0], shipped.model(0.3).theta[0])
    assert again.table["train"][0] == shipped.table["train"][0]
    assert again.table["test"][0] == shipped.table["test"][0]


def test_the_first_iteration_of_the_optimizers_comes_again():
    """Powell's bit for bit; BFGS and CG multiply by BLAS, whose last bit is the processor's."""
    one = {name: (method, 1) for name, (method, _) in CLASS_METHODS.items()}
    again = compare_optimizers(X, one, progress=False, **CLASS_COMPARISON)
    shipped = OptimizerComparison.shipped()
    np.testing.assert_array_equal(again.X, shipped.X)
    np.testing.assert_array_equal(again.X_test, shipped.X_test)
    for name, history in again.histories.items():
        stored = shipped.history(name)
        near = 0 if name == "Powell" else 1e-6
        np.testing.assert_allclose(history.loss, stored.loss[:2], rtol=near)
        np.testing.assert_array_equal(history.function_evaluations, stored.function_evaluations[:2])


def test_the_stored_methods_are_the_class_s():
    """A hundred iterations each, and no gradient is handed to scipy."""
    assert list(CLASS_METHODS) == list(OptimizerComparison.shipped().models)
    for method, iterations in CLASS_METHODS.values():
        assert isinstance(method, Scipy)
        assert iterations == 100
        assert method.method == "Powell" or not method.gradient
