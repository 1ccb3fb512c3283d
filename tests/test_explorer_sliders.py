"""The widgets, driven for real: a control moves, and picture, view and words move with it."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from tp5 import Autoencoder
from tp5.explorer import NoiseSliders
from tp5.fonts import load_fonts
from tp5.noise import flip

FONT = load_fonts()[0]  # symbols: < > & and " must survive in HTML
X, LABELS = FONT.X, FONT.labels


@pytest.fixture(scope="module")
def ae() -> Autoencoder:
    return Autoencoder((35, 25, 17, 2, 17, 25, 35)).fit(X, rng=0, epochs=800, progress=False)


def pictures(view: str) -> list[np.ndarray]:
    """The pictures in a view, as grey or RGB values in [0, 1], one for each pixel of a glyph."""
    urls = re.findall(r"data:image/png;base64,([^\"]+)", view)
    large = [np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))) / 255 for data in urls]
    return [picture[18::37, 18::37] for picture in large]  # 260 // 7 rows: 37 pixels each


# --- NoiseSliders ---------------------------------------------------------------------------------


def test_noise_level_and_character_restored_at_once(ae):
    sliders = NoiseSliders(ae, X, LABELS)
    view = sliders.view.value
    sliders.character = "8"
    sliders.level = 0.3
    assert sliders.view.value != view
    clean = X[[LABELS.index("8")]]
    noisy = flip(clean, 0.3, 0)
    np.testing.assert_array_equal(sliders.noisy.ravel(), noisy[0])
    np.testing.assert_allclose(sliders.restored.ravel(), ae.reconstruct(noisy)[0])
    assert sliders.wrong["noisy"] == (noisy != clean).sum()
    assert sliders.wrong["restored"] == ae.wrong_pixels(noisy, clean)[0]
    assert f"noisy: {sliders.wrong['noisy']} wrong pixels" in sliders.view.value
    shown = pictures(sliders.view.value)
    assert [picture.shape for picture in shown] == [(7, 5, 3)] * 4
    coloured = (shown[1].max(axis=-1) - shown[1].min(axis=-1)) > 0.1
    np.testing.assert_array_equal(coloured.ravel(), (noisy != clean)[0])


def test_pixels_hit_at_a_low_level_are_hit_at_a_higher_one(ae):
    sliders = NoiseSliders(ae, X, LABELS, level=0.0)
    hit = np.zeros((7, 5), dtype=bool)
    for level in (0.1, 0.2, 0.5, 1.0):
        sliders.level = level
        now = sliders.noisy != X[0].reshape(7, 5)
        assert (now | ~hit).all()
        hit = now
    assert hit.all()


def test_the_button_draws_other_noise_of_the_same_level(ae):
    sliders = NoiseSliders(ae, X, LABELS, level=0.5)
    before = sliders.noisy
    sliders.button.click()
    assert (sliders.noisy != before).any()
    assert sliders.level == 0.5


def test_the_kind_can_be_chosen(ae):
    sliders = NoiseSliders(ae, X, LABELS, level=1.0)
    sliders.character = "8"
    sliders.kind = "masking"
    assert not sliders.noisy.any()
    assert "masking 1" in repr(sliders)


def test_what_is_no_level_kind_or_character_is_refused(ae):
    sliders = NoiseSliders(ae, X, LABELS)
    with pytest.raises(ValueError, match=r"noise level must be a number in \[0, 1\], not 2"):
        sliders.level = 2
    with pytest.raises(ValueError, match="unknown noise 'rain'"):
        sliders.kind = "rain"
    with pytest.raises(ValueError, match="there is no character 'q' here"):
        sliders.character = "q"
    with pytest.raises(ValueError, match="unknown noise 'rain'"):
        NoiseSliders(ae, X, LABELS, kind="rain")
