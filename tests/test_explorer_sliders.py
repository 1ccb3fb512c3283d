"""The widgets, driven for real: a control moves, and picture, view and words move with it."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from tp5 import Autoencoder
from tp5.explorer import InterpolationSliders, LatentSliders, NewLetterSliders, NoiseSliders
from tp5.explorer.sliders import png_url
from tp5.fonts import load_fonts
from tp5.latent import hamming_distances, nearest_sample
from tp5.model import ModelError
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


# --- LatentSliders --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [LatentSliders, NewLetterSliders])
def test_setting_z_moves_sliders_picture_and_view(ae, kind):
    sliders = kind(ae, X, LABELS)
    before, view = sliders.image, sliders.view.value
    code = ae.encode(X)[LABELS.index("8")]
    sliders.z = code
    np.testing.assert_allclose(sliders.z, code, atol=1e-6)
    assert not np.allclose(sliders.image, before)
    assert sliders.view.value != view
    np.testing.assert_allclose(pictures(sliders.view.value)[0], 1 - sliders.image, atol=1 / 255)
    np.testing.assert_array_equal(sliders.image > 0.5, FONT.glyphs[LABELS.index("8")] > 0.5)


def test_moving_one_slider_is_moving_z(ae):
    sliders = LatentSliders(ae, X, LABELS)
    view = sliders.view.value
    sliders.sliders[1].value += 1.0
    assert sliders.view.value != view
    np.testing.assert_allclose(sliders.image.ravel(), ae.decode(sliders.z[None])[0])


def test_the_view_is_drawn_once_when_z_is_set(ae):
    sliders = LatentSliders(ae, X, LABELS)
    drawn = []
    sliders.view.observe(drawn.append, names="value")
    sliders.z = sliders.codes[7]
    assert len(drawn) == 1


def test_z_stays_within_the_sliders(ae):
    sliders = LatentSliders(ae, X, LABELS)
    sliders.z = (1e6, -1e6)
    np.testing.assert_allclose(sliders.z, (sliders.high[0], sliders.low[1]))


def test_html_letters_do_not_break_the_view(ae):
    sliders = LatentSliders(ae, X, LABELS)
    sliders.z = sliders.codes[LABELS.index("<")]
    assert "nearest code: &lt;, at distance 0.00" in sliders.view.value
    assert "&amp;lt;" not in sliders.view.value, "escaped once, not twice"
    assert len(re.findall("<text", sliders.view.value)) == 32


def test_a_still_picture_goes_with_the_widget(ae):
    sliders = LatentSliders(ae, X, LABELS)
    data = sliders._repr_mimebundle_()
    (picture,) = re.findall(r"<img[^>]*>", data["text/html"])
    assert picture in sliders.view.value
    assert "<svg" not in data["text/html"], "JupyterLab strips it from a page that is not run"
    assert "at z = (" in data["text/plain"]


def test_it_starts_at_a_known_sample_in_the_middle(ae):
    sliders = LatentSliders(ae, X, LABELS)
    assert nearest_sample(sliders.z, sliders.codes)[1] < 0.05 * sliders.codes.std()


def test_a_label_that_nobody_could_see_gets_a_name(ae):
    sliders = LatentSliders(ae, X, LABELS)
    sliders.z = sliders.codes[LABELS.index(" ")]
    assert "nearest code: space" in sliders.view.value


@pytest.mark.parametrize("z", [(0, np.nan), (1,), (1, 2, 3)])
def test_z_must_be_two_finite_numbers(ae, z):
    with pytest.raises(ValueError, match="z must be 2 finite numbers"):
        LatentSliders(ae, X, LABELS).z = z


EVERY = {
    "LatentSliders": lambda *args: LatentSliders(*args),
    "NewLetterSliders": lambda *args: NewLetterSliders(*args),
    "InterpolationSliders": lambda *args: InterpolationSliders(*args, "0", "1"),
    "NoiseSliders": lambda *args: NoiseSliders(*args),
}
every = pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)


@every
def test_several_runs_are_refused(make):
    ae = Autoencoder((35, 2, 35)).fit(X, n_runs=2, epochs=1, rng=0, progress=False)
    with pytest.raises(ValueError, match=r"this model has 2 runs; take one, such as model\.best"):
        make(ae, X, LABELS)


@every
def test_an_untrained_model_is_refused(make):
    with pytest.raises(ModelError, match="not trained yet"):
        make(Autoencoder((35, 2, 35)), X, LABELS)


@every
def test_labels_and_pictures_must_fit(ae, make):
    with pytest.raises(ValueError, match="31 labels and pictures of 7×5 do not fit X of shape"):
        make(ae, X, LABELS[1:])


def test_the_map_needs_two_dimensions():
    ae = Autoencoder((35, 3, 35)).fit(X, epochs=1, rng=0, progress=False)
    with pytest.raises(ValueError, match="the map needs 2 latent dimensions; this model has 3"):
        LatentSliders(ae, X, LABELS)


# --- NewLetterSliders -----------------------------------------------------------------------------


def test_originality_is_the_distance_to_the_nearest_character(ae):
    sliders = NewLetterSliders(ae, X, LABELS)
    sliders.z = sliders.codes[LABELS.index("7")]
    assert sliders.originality == 0
    assert "nearest picture: 7, exactly" in sliders.view.value
    for z in np.random.default_rng(0).uniform(sliders.low, sliders.high, (30, 2)):
        sliders.z = z
        wanted = hamming_distances(sliders.image.reshape(1, -1), X).min()
        assert sliders.originality == wanted
        assert ("exactly" in sliders.view.value) == (wanted == 0)


# --- InterpolationSliders -------------------------------------------------------------------------


def test_walking_from_one_character_to_another(ae):
    walk = InterpolationSliders(ae, X, LABELS, "0", "7")
    np.testing.assert_array_equal(walk.image > 0.5, FONT.glyphs[LABELS.index("0")] > 0.5)
    walk.t = 1.0
    np.testing.assert_array_equal(walk.image > 0.5, FONT.glyphs[LABELS.index("7")] > 0.5)
    walk.t = 0.5
    middle = walk.codes[[LABELS.index("0"), LABELS.index("7")]].mean(axis=0)
    np.testing.assert_allclose(walk.image.ravel(), ae.decode(middle[None])[0])
    np.testing.assert_allclose(pictures(walk.view.value)[0], 1 - walk.image, atol=1 / 255)
    assert "t = 0.50 on the way from 0 to 7" in walk.view.value


def test_choosing_another_character(ae):
    walk = InterpolationSliders(ae, X, LABELS, "0", "7")
    view = walk.view.value
    walk.start = "&"
    assert walk.start == "&"
    assert walk.view.value != view
    walk.end = " "
    walk.t = 1
    assert walk.choices[1].label == "space"
    assert not (walk.image > 0.5).any()
    assert repr(walk) == "InterpolationSliders from & to   at t = 1.00"


def test_a_walk_needs_characters_that_there_are(ae):
    with pytest.raises(ValueError, match="there is no character 'q' here"):
        InterpolationSliders(ae, X, LABELS, "0", "q")
    walk = InterpolationSliders(ae, X, LABELS, "0", "7")
    with pytest.raises(ValueError, match="there is no character 'q' here"):
        walk.start = "q"


@pytest.mark.parametrize("t", [-0.1, 1.1, np.nan])
def test_t_lies_between_0_and_1(ae, t):
    with pytest.raises(ValueError, match=r"t must lie in \[0, 1\]"):
        InterpolationSliders(ae, X, LABELS, "0", "7").t = t


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


def test_png_url_holds_the_picture():
    image = np.random.default_rng(0).random((7, 5))
    (back,) = pictures(f'"{png_url(image)}"')
    np.testing.assert_allclose(back, image, atol=1 / 255)
