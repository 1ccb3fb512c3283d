"""The 1-pixel goal: every character of a font through two numbers, at most one pixel wrong."""

from __future__ import annotations

import numpy as np
import pytest

from tp5 import Adam, Autoencoder, CosineDecay
from tp5.datasets.fonts import load_fonts

FONTS = load_fonts()


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.name)
def test_ten_of_ten_seeds_learn_a_font_with_at_most_one_wrong_pixel_in_a_character(font):
    ae = Autoencoder((35, 25, 17, 2, 17, 25, 35), dtype="float32")
    ae.fit(font.X, epochs=3000, n_runs=10, rng=0, progress=False)
    wrong = ae.wrong_pixels(font.X)  # (n_runs, 32)
    assert wrong.shape == (10, 32)
    assert (wrong.max(axis=1) <= 1).sum() == 10


def test_five_of_five_seeds_learn_all_96_characters_without_a_wrong_pixel():
    X = np.concatenate([font.X for font in FONTS])
    ae = Autoencoder((35, 64, 32, 2, 32, 64, 35), dtype="float32")
    ae.fit(X, optimizer=Adam(CosineDecay(0.01)), epochs=3000, n_runs=5, rng=0, progress=False)
    wrong = ae.wrong_pixels(X)  # (n_runs, 96)
    assert wrong.shape == (5, 96)
    assert (wrong.sum(axis=1) == 0).sum() == 5
