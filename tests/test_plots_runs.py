"""Which pairs some runs tell apart, in a table."""

from __future__ import annotations

import numpy as np
import pytest

from tp5 import plots

NOISE = np.random.default_rng(0).normal(0, 0.1, (3, 20))
ROWS = {name: mean + noise for name, mean, noise in zip("abc", (5, 4, 5), NOISE, strict=True)}


def words(axis):
    return [text.get_text() for text in axis.texts]


def test_each_pair_has_a_difference_or_a_sign_that_nothing_can_be_said():
    few = {name: runs[:2] for name, runs in ROWS.items()}
    figure = plots.pairs_apart({"two runs": few, "twenty": ROWS}, "T")
    table = words(figure.axes[1])
    assert len(table) == 3
    assert table.count("≈") == 1
    assert sum(word.startswith("+1.") or word.startswith("+0.9") for word in table) == 2
    assert "twenty tell 2 of 3 pairs apart" in figure.alt
    assert "from the smallest mean to the largest: b, " in figure.alt


def test_rows_must_be_the_same():
    with pytest.raises(ValueError, match="group 'twenty' has other rows than"):
        plots.pairs_apart({"two": {"x": [1.0, 2.0], "y": [1.0, 2.0]}, "twenty": ROWS}, "T")
    with pytest.raises(ValueError, match="panels must be a mapping"):
        plots.pairs_apart({}, "T")
