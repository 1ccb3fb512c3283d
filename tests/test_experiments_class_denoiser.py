"""The class's denoiser: six characters, of whatever font, and Powell."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tp5.datasets import all_characters, load_fonts
from tp5.experiments import CLASS_CHARACTERS, class_characters, class_denoiser, class_pairs

X, LABELS = all_characters(load_fonts())


def test_the_pairs_are_four_noisy_samples_of_six_characters():
    noisy, clean = class_pairs(X, LABELS, rng=0)
    assert noisy.shape == clean.shape == (24, 35)
    six = X[[LABELS.index(label) for label in CLASS_CHARACTERS]]
    assert {row.tobytes() for row in clean} == {row.tobytes() for row in six}
    assert 1 < (noisy != clean).sum(axis=1).mean() < 6


def test_the_pairs_are_of_the_font_that_was_given():
    """Another hand's glyphs, other pairs: they used to be ours, whatever the notebook had read."""
    mirrored = X.reshape(-1, 7, 5)[:, :, ::-1].reshape(-1, 35)
    _, clean = class_pairs(mirrored, LABELS, rng=0)
    assert (clean == mirrored[LABELS.index("K")]).all(axis=1).any()
    assert not (clean == X[LABELS.index("K")]).all(axis=1).any()


def test_a_font_that_lacks_one_gives_six_of_its_own():
    small = load_fonts()[2]
    six = class_characters(small.labels)
    assert len(set(six)) == 6
    assert set(six) <= set(small.labels)
    _, clean = class_pairs(small.X, small.labels, rng=0)
    assert len({row.tobytes() for row in clean}) == 6
    assert class_characters(LABELS) == list(CLASS_CHARACTERS)


def test_each_run_is_its_own_and_an_executor_changes_no_number():
    noisy, clean = class_pairs(X, LABELS, rng=0)
    here = class_denoiser(noisy, clean, n_runs=2, iterations=1, rng=0, progress=False)
    assert here.theta.shape == (2, 2894)
    assert (here.theta[0] != here.theta[1]).any()
    with ThreadPoolExecutor(2) as executor:
        there = class_denoiser(
            noisy, clean, n_runs=2, iterations=1, rng=0, executor=executor, progress=False
        )
    np.testing.assert_array_equal(here.theta, there.theta)
    before = ((noisy - clean) ** 2).sum(axis=1).mean() + 8
    assert (here.history.final_loss < before).all()


@pytest.mark.parametrize("changed", [{"n_runs": 0}, {"iterations": 0}])
def test_no_runs_and_no_iterations_are_refused(changed):
    with pytest.raises(ValueError, match="must be a whole number of at least 1"):
        class_denoiser(*class_pairs(X, LABELS, rng=0), **changed)
