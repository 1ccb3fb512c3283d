"""The noise playground, driven from Python: what is set spoils, restores and counts anew."""

from __future__ import annotations

import base64

import ipywidgets
import numpy as np
import pytest

from tp5 import Autoencoder, VariationalAutoencoder
from tp5.analysis import nearest_lookup
from tp5.checks import ModelError
from tp5.datasets.fonts import load_fonts
from tp5.datasets.noise import NOISES, Noise, flip
from tp5.explorer import NoisePlayground
from tp5.explorer import noise_playground as module
from tp5.explorer.stills import still_pictures

FONT = load_fonts()[0]
X, LABELS = FONT.X, FONT.labels


@pytest.fixture(scope="module")
def ae() -> Autoencoder:
    return Autoencoder((35, 25, 17, 2, 17, 25, 35)).fit(X, rng=0, epochs=300, progress=False)


@pytest.fixture
def playground(ae):
    """What it sends is kept in ``playground.sent``."""
    playground = NoisePlayground(ae, X, LABELS)
    playground.sent = []
    playground.send = lambda content, buffers=(): playground.sent.append((content, buffers))
    return playground


# --- What is shown --------------------------------------------------------------------------------


def test_noise_level_and_character_restored_at_once(ae, playground):
    playground.character = "8"
    playground.level = 0.3
    clean = X[[LABELS.index("8")]]
    noisy = flip(clean, 0.3, 0)
    np.testing.assert_array_equal(playground.noisy.ravel(), noisy[0])
    np.testing.assert_allclose(playground.restored.ravel(), ae.reconstruct(noisy)[0])
    assert playground.wrong == {
        "noisy": (noisy != clean).sum(),
        "restored": ae.wrong_pixels(noisy, clean)[0],
        "nearest": (nearest_lookup(noisy, X) != clean).sum(),
    }


def test_pixels_hit_at_a_low_level_are_hit_at_a_higher_one(playground):
    hit = np.zeros((7, 5), dtype=bool)
    playground.level = 0.0
    clean = playground.noisy
    for level in (0.1, 0.2, 0.5, 1.0):
        playground.level = level
        assert (playground.noisy != clean)[hit].all()
        hit |= playground.noisy != clean
    assert hit.all()


def test_other_noise_of_the_same_level(playground):
    playground.level = 0.5
    before = playground.noisy
    playground.draw_again()
    assert (playground.noisy != before).any()
    assert playground.level == 0.5
    playground.seed = 0
    np.testing.assert_array_equal(playground.noisy, before)


def test_the_kind_can_be_chosen(playground):
    playground.level, playground.kind = 1.0, "masking"
    playground.character = "8"
    assert not playground.noisy.any()
    assert "masking 1" in repr(playground)


def test_a_click_turns_a_pixel_over_and_back(ae, playground):
    before, wrong = playground.noisy, playground.wrong["noisy"]
    playground.toggle(0, 2)
    playground.toggle(6, 4)
    assert playground.toggled == [(0, 2), (6, 4)]
    np.testing.assert_array_equal(np.argwhere(playground.noisy != before), [[0, 2], [6, 4]])
    np.testing.assert_allclose(
        playground.restored.ravel(), ae.reconstruct(playground.noisy.reshape(1, -1))[0]
    )
    assert "2 pixels clicked" in repr(playground)
    playground.toggle(0, 2)
    playground.toggle(6, 4)
    assert playground.toggled == []
    assert playground.wrong["noisy"] == wrong


def test_a_click_stays_while_the_noise_moves_and_goes_with_the_character(playground):
    playground.toggle(3, 1)
    playground.level, playground.kind, playground.seed = 0.7, "gaussian", 4
    assert playground.toggled == [(3, 1)]
    noise = Noise("gaussian", 0.7)(X[[0]], 4).reshape(7, 5)
    assert playground.noisy[3, 1] == 1 - noise[3, 1]
    playground.character = "8"
    assert playground.toggled == []


def test_clicks_alone_are_noise_too(playground):
    playground.level = 0.0
    assert playground.wrong["noisy"] == 0
    playground.toggle(2, 2)
    assert playground.wrong["noisy"] == 1


def test_a_variational_model_and_numbers_for_labels():
    vae = VariationalAutoencoder((35, 16, 2)).fit(X, epochs=3, rng=0, progress=False)
    playground = NoisePlayground(vae, X)
    playground.character = "31"
    np.testing.assert_allclose(
        playground.restored.ravel(), vae.reconstruct(flip(X[[31]], 0.1, 0))[0]
    )


# --- What the browser is told ---------------------------------------------------------------------


def test_a_view_that_asks_gets_model_characters_and_random_numbers(playground):
    playground._answer(playground, {"kind": "hello"}, [])
    assert not playground.sent
    playground._answer(playground, {"kind": "ask"}, [])
    (about, (encoder, decoder, characters)), (draws, (numbers,)) = playground.sent
    assert [layer["n_out"] for layer in about["encoder"]] == [25, 17, 2]
    assert [layer["n_out"] for layer in about["decoder"]] == [17, 25, 35]
    assert len(encoder) + len(decoder) == 4 * playground.model.n_params
    np.testing.assert_array_equal(np.frombuffer(characters, np.float32).reshape(X.shape), X)
    assert about["labels"][0] == "space"
    assert about["kinds"] == list(NOISES)
    assert draws == {"kind": "draws", "seed": 0}
    np.testing.assert_array_equal(np.frombuffer(numbers).reshape(3, 35), playground.draws())


@pytest.mark.parametrize("seed", [0, 7])
def test_the_random_numbers_are_those_of_the_noise(playground, seed):
    playground.seed = seed
    hit, salt, normal = playground.draws()
    x = X[20]
    expected = {
        "flip": np.where(hit < 0.3, 1 - x, x),
        "salt_and_pepper": np.where(hit < 0.3, salt < 0.5, x),
        "gaussian": np.clip(x + 0.3 * normal, 0, 1),
        "masking": np.where(hit < 0.3, 0, x),
    }
    for kind in NOISES:
        np.testing.assert_allclose(Noise(kind, 0.3)(X[[20]], seed)[0], expected[kind])


def test_other_noise_sends_other_random_numbers(playground):
    playground.draw_again()
    ((content, (numbers,)),) = playground.sent
    assert content == {"kind": "draws", "seed": 1}
    np.testing.assert_array_equal(np.frombuffer(numbers).reshape(3, 35), playground.draws())


def test_nothing_heavy_is_in_what_a_saved_notebook_holds(playground):
    playground.toggle(0, 2)
    state = {key: value for key, value in playground.get_state().items() if key[0] != "_"}
    names = ("position", "level", "kind", "seed", "clicks")
    assert [state[name] for name in names] == [0, 0.1, "flip", 0, [2]]
    assert len(str(state)) < 1000


# --- Without a browser ----------------------------------------------------------------------------


def test_a_still_goes_with_it_the_wrong_pixels_coloured_and_counted(playground, monkeypatch):
    playground.character, playground.level = "<", 0.3
    drawn = []
    monkeypatch.setattr(
        module,
        "still_pictures",
        lambda shown, alt: drawn.append(shown) or still_pictures(shown, alt),
    )
    data, metadata = playground._repr_mimebundle_()
    (shown,) = drawn
    assert [picture.shape for picture in shown.values()] == [(7, 5, 3)] * 4
    clean = FONT.glyphs[LABELS.index("<")]
    noisy = list(shown.values())[1]
    coloured = (noisy.max(axis=-1) - noisy.min(axis=-1)) > 0.1
    np.testing.assert_array_equal(coloured, playground.noisy != clean)
    wrong = playground.wrong["noisy"]
    assert metadata["image/png"]["alt"].startswith(f"<, clean, noisy: {wrong} wrong pixels, ")
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert data["text/plain"] == f"NoisePlayground at <, flip 0.3: {playground.wrong}"


def test_a_character_that_nobody_could_see_gets_a_name(playground):
    assert repr(playground).startswith("NoisePlayground at space, flip 0.1: ")


def test_one_wrong_pixel_is_no_plural(playground):
    playground.level = 0.0
    playground.toggle(0, 0)
    assert "noisy: 1 wrong pixel," in playground.still().alt


# --- As ipywidgets --------------------------------------------------------------------------------


def test_the_controls_are_widgets_and_both_follow(playground):
    controls = playground.controls
    controls["level"].value = 0.4
    controls["kind"].value = "salt_and_pepper"
    controls["position"].value = LABELS.index("8")
    controls["seed"].value = 3
    assert (playground.level, playground.kind, playground.seed) == (0.4, "salt_and_pepper", 3)
    assert playground.character == "8"
    playground.level, playground.character = 0.7, "<"
    assert controls["level"].value == 0.7
    assert controls["position"].label == "<"
    assert playground.controls is controls


def test_two_playgrounds_can_be_linked(ae, playground):
    other = NoisePlayground(ae, X, LABELS)
    ipywidgets.link((playground, "level"), (other, "level"))
    playground.level = 0.25
    assert other.level == 0.25


def test_closing_closes_the_controls(playground):
    control = playground.controls["level"]
    playground.close()
    assert control.comm is None


def test_colour_pictures_are_refused():
    colour = np.random.default_rng(0).random((4, 27))
    ae = Autoencoder((27, 2, 27)).fit(colour, epochs=1, rng=0, progress=False)
    with pytest.raises(ValueError, match=r"pictures in grey: give shape=\(height, width\)"):
        NoisePlayground(ae, colour, shape=(3, 3, 3))


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("level", 2, r"noise level must be a number in \[0, 1\], not 2"),
        ("level", -0.1, r"noise level must be a number in \[0, 1\], not -0\.1"),
        ("level", np.nan, r"noise level must be a number in \[0, 1\], not nan"),
        ("level", None, r"noise level must be a number in \[0, 1\], not None"),
        ("kind", "rain", "kind of noise must be one of flip"),
        ("kind", None, "kind of noise must be one of flip"),
        ("seed", -1, "seed must be a whole number of at least 0, not -1"),
        ("seed", 0.5, r"seed must be a whole number of at least 0, not 0\.5"),
    ],
)
def test_what_cannot_be_set(ae, playground, name, value, message):
    with pytest.raises(ValueError, match=message):
        setattr(playground, name, value)
    assert (playground.level, playground.kind, playground.seed) == (0.1, "flip", 0)
    with pytest.raises(ValueError, match=message):
        NoisePlayground(ae, X, LABELS, **{name: value})


def test_there_must_be_such_a_character(playground):
    with pytest.raises(ValueError, match="there is no character 'q' here; choose one of the label"):
        playground.character = "q"


@pytest.mark.parametrize("place", [(7, 0), (-1, 0), (0, 5), (0, 1.5), ("0", 0)])
def test_there_must_be_such_a_pixel(playground, place):
    with pytest.raises(ValueError, match=r"there is no pixel .*: rows go from 0 to 6 and columns"):
        playground.toggle(*place)
    assert playground.toggled == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"X": X[:, :30]}, r"X has shape \(32, 30\), but must be \(n_samples, 35\)"),
        ({"X": np.stack([X, X])}, r"X has shape \(2, 32, 35\), but must be \(n_samples, 35\)"),
        ({"X": np.where(X > 0, np.nan, X)}, "X has a value that is not finite, nan"),
        ({"X": 2 * X}, r"X has values from 0 to 2; pixels must lie in \[0, 1\], so scale it"),
        ({"X": X[:0]}, "there is no sample in it"),
        ({"labels": LABELS[1:]}, "labels has 31 entries, but 32 are needed"),
        ({"shape": (8, 5)}, "35 pixels"),
    ],
)
def test_pictures_must_fit(ae, arguments, message):
    with pytest.raises(ValueError, match=message):
        NoisePlayground(ae, **({"X": X, "labels": LABELS} | arguments))


def test_several_runs_are_refused():
    ae = Autoencoder((35, 2, 35)).fit(X, n_runs=2, epochs=1, rng=0, progress=False)
    with pytest.raises(ValueError, match=r"this model has 2 runs; take one, such as model\.best"):
        NoisePlayground(ae, X)


def test_an_untrained_model_is_refused():
    with pytest.raises(ModelError, match="not trained yet"):
        NoisePlayground(Autoencoder((35, 2, 35)), X)
