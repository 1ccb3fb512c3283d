"""Measures of grey drawings, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tp5.analysis import gradient_energy, unsure_share


def test_unsure_pixels_are_those_between_a_tenth_and_nine_tenths():
    X = np.array([[0, 0.05, 0.5, 0.95], [0.2, 0.3, 0.8, 0.89]])
    np.testing.assert_allclose(unsure_share(X), [0.25, 1])


def test_gradient_energy_counts_the_length_of_sharp_edges():
    image = np.zeros((6, 6))
    image[:, 3:] = 1  # one edge, 6 pixels long
    assert gradient_energy(image.ravel(), (6, 6)) == 6
    image[:, 2] = 0.5  # the same edge over two pixels
    assert gradient_energy(image.ravel(), (6, 6)) == 3
    assert gradient_energy(np.full((2, 36), 0.4), (6, 6)).tolist() == [0, 0]


def test_drawings_must_have_the_pixels_of_their_shape():
    with pytest.raises(ValueError, match="pictures of 36 pixels are not 5×7"):
        gradient_energy(np.zeros((2, 36)), (5, 7))


@pytest.mark.parametrize("measure", [unsure_share, lambda X: gradient_energy(X, (6, 6))])
def test_bytes_are_no_drawings_yet(measure):
    drawn = np.full((2, 36), 200, dtype=np.uint8)
    with pytest.raises(ValueError, match=r"whole numbers up to 200.* divide it by 255"):
        measure(drawn)
