"""What makes a picture a letter, and a new one: by hand, by controls and by invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp5 import Autoencoder
from tp5.analysis import (
    grid_over,
    hamming_distances,
    looks_like_a_letter,
    nearest,
    new_letters,
    stroke_measures,
)
from tp5.analysis.glyphs import count_pieces
from tp5.datasets import all_characters, load_fonts

X, LABELS = all_characters(load_fonts())
LETTERS = X[[label.isalpha() for label in LABELS]]


def picture(drawing: str) -> np.ndarray:
    """Seven words of five, # is ink → (1, 35)."""
    return np.array([[float(dot == "#") for row in drawing.split() for dot in row]])


@pytest.mark.parametrize(
    ("drawing", "ink", "pieces", "blobs"),
    [
        ("..... ..... ..... ..... ..... ..... .....", 0, 0, 0),
        ("#.... .#... ..#.. ...#. ....# ..... .....", 5, 1, 0),
        ("##... ##... ..... ..... ..... ..... ....#", 5, 2, 1),
        ("##### ##### ##### ##### ##### ##### #####", 35, 1, 24),
        ("#.#.# ..... #.#.# ..... #.#.# ..... #.#.#", 12, 12, 0),
    ],
)
def test_stroke_measures_by_hand(drawing, ink, pieces, blobs):
    measures = stroke_measures(picture(drawing))
    assert [int(measures[name][0]) for name in ("ink", "pieces", "blobs")] == [ink, pieces, blobs]
    assert measures["doubtful"][0] == 0


def test_doubtful_pixels():
    image = picture("#.... ..... ..... ..... ..... ..... .....")
    image[0, 5:9] = [0.05, 0.2, 0.5, 0.95]
    assert stroke_measures(image)["doubtful"][0] == 2


@given(st.integers(0, 2**35 - 1))
def test_pieces_do_not_change_when_the_picture_is_mirrored(bits):
    image = (bits >> np.arange(35) & 1).reshape(7, 5).astype(bool)
    pieces = count_pieces(image)
    assert pieces == count_pieces(image[::-1]) == count_pieces(image[:, ::-1])
    assert pieces <= image.sum()


def test_letters_pass_for_letters_and_noise_does_not():
    """Controls of the rule: 50 of 52 letters (i and j have dots), 1 random picture in 20."""
    passes = looks_like_a_letter(LETTERS, LETTERS)
    assert passes.sum() == 50
    random = np.random.default_rng(0).random((2000, 35)) < LETTERS.mean()
    assert looks_like_a_letter(random.astype(float), LETTERS).mean() < 0.1


def test_a_doubtful_picture_is_no_letter():
    blurred = 0.5 + 0.3 * (LETTERS[:1] - 0.5)
    assert not looks_like_a_letter(blurred, LETTERS)[0]


def test_new_letters_are_new_and_differ():
    lambda_letter = picture("#.... #.... .#... .#... #.#.. #.#.. #..#.")
    candidates = np.concatenate([X, lambda_letter, lambda_letter])
    rows = new_letters(candidates, X, LETTERS)
    assert rows.tolist() == [96], "found once, and no known glyph"


def test_a_trained_decoder_draws_new_letters():
    ae = Autoencoder((35, 64, 32, 2, 32, 64, 35), dtype="float32")
    ae.fit(X, rng=0, progress=False)
    images = ae.decode(grid_over(ae.encode(X), 120).reshape(-1, 2))
    rows = new_letters(images, X, LETTERS)
    assert len(rows) >= 5, "with three seeds it was 21, 25 and 41"
    originality = nearest(images[rows], X, "hamming")[1]
    assert originality.min() >= 3
    assert (np.diff(originality) <= 0).all(), "the most original first"
    between = hamming_distances(images[rows], images[rows])[np.triu_indices(len(rows), k=1)]
    assert (between >= 3).all()


# --- Bad input ------------------------------------------------------------------------------------


def test_pictures_must_fit():
    with pytest.raises(ValueError, match="pictures of 34 pixels are not 7×5"):
        stroke_measures(X[:, 1:])


@pytest.mark.parametrize("shape", [35, (7, 5, 1), (7.0, 5.0), (-7, -5), "75", None])
def test_a_shape_is_a_height_and_a_width(shape):
    with pytest.raises(ValueError, match=r"shape must be \(height, width\), two whole numbers"):
        stroke_measures(X, shape)


def test_letters_to_compare_with_are_needed():
    with pytest.raises(ValueError, match=r"letters has shape \(0, 35\): there is no sample in it"):
        looks_like_a_letter(X, X[:0])


def test_min_distance_must_be_positive():
    with pytest.raises(ValueError, match="min_distance must be a whole number of at least 1"):
        new_letters(X, X, LETTERS, min_distance=0)
