"""A claim is printed if it holds, and stops the notebook with its figures if it does not."""

from __future__ import annotations

import numpy as np
import pytest

from tp5 import claim


def test_a_claim_that_holds_is_printed(capsys):
    claim(np.float64(4.2) < 4.43, f"the network ({4.2}) beats PCA ({4.43})")
    assert capsys.readouterr().out == "✓ the network (4.2) beats PCA (4.43)\n"


def test_a_claim_that_does_not_hold_stops_with_its_figures(capsys):
    with pytest.raises(AssertionError, match=r"does not hold: the network \(4\.5\) beats PCA"):
        claim(False, "the network (4.5) beats PCA (4.43)")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("holds", ["it holds", 1, None, np.array([True, False]), np.array(True)])
def test_what_is_no_truth_value_is_no_claim(holds):
    with pytest.raises(TypeError, match="a claim holds or it does not: give True or False"):
        claim(holds, "so it is")


@pytest.mark.parametrize("sentence", [True, 4.2, "", "  "])
def test_what_is_no_sentence_is_no_claim(sentence):
    with pytest.raises(TypeError, match="a claim is a sentence with its figures, not"):
        claim(True, sentence)
