"""The explorer from Python: without a browser, as a notebook cell drives it."""

import base64
import json

import numpy as np
import pytest

from tp5 import Autoencoder
from tp5.checks import ModelError
from tp5.datasets.fonts import load_fonts
from tp5.explorer import LatentExplorer
from tp5.explorer.dense import dense


@pytest.fixture(scope="module")
def font():
    return load_fonts()[1]


@pytest.fixture(scope="module")
def model(font):
    model = Autoencoder((35, 25, 17, 2, 17, 25, 35), dtype="float32")
    return model.fit(font.X, epochs=300, rng=0, progress=False)


@pytest.fixture
def explorer(model, font):
    return LatentExplorer(model, font.X, font.labels)


def test_it_begins_at_the_sample_in_the_middle(explorer, model, font):
    codes = model.encode(font.X)
    distances = np.linalg.norm(codes - codes.mean(axis=0), axis=1)
    sample, distance = explorer.nearest
    assert sample == distances.argmin()
    assert distance == pytest.approx(0, abs=1e-6)
    assert explorer.among_the_data


def test_setting_z_moves_canvas_sliders_and_picture(explorer, model):
    seen = []
    explorer.observe(lambda change: seen.append(change["new"]), "z")
    before = explorer.image
    explorer.z = (1.0, -0.5)
    assert explorer.z.tolist() == [1.0, -0.5]
    assert len(seen) == 1
    s = explorer.coordinates.to_s(np.array([1.0, -0.5]))
    assert [explorer.canvas.s1, explorer.canvas.s2] == pytest.approx(s)
    assert [slider.value for slider in explorer.sliders] == pytest.approx(s)
    assert np.array_equal(explorer.image, model.decode(np.array([[1.0, -0.5]]))[0].reshape(7, 5))
    assert np.abs(explorer.image - before).max() > 0.5
    assert repr(explorer) == "LatentExplorer at z = (1.00, -0.50)"


def test_the_browser_moves_z(explorer):
    seen = []
    explorer.observe(lambda change: seen.append(change["new"].copy()), "z")
    explorer.canvas.set_state({"s1": 0.5, "s2": -1.0})  # as a message from the browser does
    assert np.allclose(explorer.z, explorer.coordinates.to_z(np.array([0.5, -1.0])))
    assert np.allclose(seen[-1], explorer.z)


def test_z_far_away_is_reached_and_the_sliders_reach_it_too(explorer):
    explorer.z = explorer.coordinates.to_z(np.array([99.0, 0.0]))
    assert explorer.sliders[0].value == pytest.approx(99)
    assert explorer.sliders[0].max == pytest.approx(99)
    assert not explorer.among_the_data


def sent_by(*parts):
    """Keep what widgets tell the browser: a list of (widget, state)."""
    sent = []
    for part in parts:
        part._send = lambda message, buffers=None, part=part: sent.append((part, message))
    return sent


def test_a_slider_set_in_python_moves_z_picture_and_canvas_and_is_not_echoed(explorer, model):
    slider, canvas = explorer.sliders[0], explorer.canvas
    sent, before = sent_by(slider, canvas), explorer.image
    seen = []
    explorer.observe(lambda change: seen.append(change["new"]), "z")
    slider.value = 1.5
    assert canvas.s1 == 1.5
    s = np.array([1.5, canvas.s2])
    assert np.allclose(explorer.z, explorer.coordinates.to_z(s))
    assert np.abs(explorer.image - before).max() > 0.1
    assert len(seen) == 1
    told = [(part, message["state"]) for part, message in sent]
    assert told == [(slider, {"value": 1.5}), (canvas, {"s1": 1.5})], "each once, and no echo"


def test_a_movement_in_the_browser_reaches_sliders_and_z_and_nobody_is_told_again(explorer):
    sent = sent_by(*explorer.sliders, explorer.canvas)
    explorer.canvas._answer(explorer.canvas, {"kind": "hello"}, [])  # a browser shows it
    explorer.canvas.set_state({"s1": 0.5, "s2": -1.0})
    assert [slider.value for slider in explorer.sliders] == [0.5, -1.0]
    explorer.sliders[0].set_state({"value": 0.4})  # late: the point has moved on
    assert explorer.canvas.s1 == 0.5
    updates = [message for _, message in sent if message["method"] == "update"]
    assert updates == []


def test_where_no_browser_links_them_a_slider_s_message_moves_z(explorer):
    explorer.sliders[1].set_state({"value": 0.25})
    assert explorer.canvas.s2 == 0.25
    assert np.allclose(explorer.z, explorer.coordinates.to_z(explorer.canvas.s))


def test_a_slider_makes_room_for_a_code_beyond_the_map(explorer):
    explorer.sliders[0].set_state({"value": 50.0})
    assert (explorer.sliders[0].value, explorer.sliders[0].max) == (50.0, 50.0)


def test_pca_renames_and_keeps_z_and_path(explorer):
    explorer.z, explorer.path = (1.0, -0.5), [(0.0, 1.0), (2.0, 2.0)]
    explorer.pca = True
    assert np.allclose(explorer.z, (1.0, -0.5))
    assert np.allclose(explorer.path, [(0.0, 1.0), (2.0, 2.0)])
    assert [slider.description for slider in explorer.sliders] == ["PC1", "PC2"]
    assert explorer.coordinates is explorer.data.coordinates[True]
    explorer.canvas.set_state({"pca": False, "s1": 0.0, "s2": 0.0})  # the box in the browser
    assert np.allclose(explorer.z, explorer.data.codes.mean(axis=0))
    assert explorer.sliders[0].description == "z1"


def test_walking_along_the_path(explorer, font):
    codes = explorer.data.codes
    explorer.path = codes[[0, 5]]
    explorer.t = 0.25
    assert np.allclose(explorer.z, 0.75 * codes[0] + 0.25 * codes[5])
    assert explorer.t == 0.25
    explorer.t = 1
    assert explorer.nearest[0] == 5


def test_originality_counts_pixels(explorer, model, font):
    explorer.z = explorer.data.codes[3]
    wrong = int(model.wrong_pixels(font.X[3:4])[0])
    assert explorer.originality <= wrong
    known = (explorer.image.ravel() > 0.5) != (font.X > 0.5)
    assert explorer.originality == known.sum(axis=1).min()


def test_state_there_and_back(explorer, model, font):
    explorer.z, explorer.path = (0.3, 0.4), [(1.0, 0.0), (0.0, 1.0)]
    state = json.loads(json.dumps(explorer.state()))
    fresh = LatentExplorer(model, font.X)
    fresh.restore(state)
    assert np.allclose(fresh.z, (0.3, 0.4))
    assert np.allclose(fresh.path, [(1.0, 0.0), (0.0, 1.0)])
    with pytest.raises(ValueError, match="saved with another model"):
        fresh.restore(state | {"model": "0" * 16})
    for broken in ({}, [], {"z": [0, 0]}, None):
        with pytest.raises(ValueError, match="no explorer state: it needs model, z and path"):
            fresh.restore(broken)
    with pytest.raises(ValueError, match="z must be 2 finite numbers"):
        fresh.restore(state | {"z": [1.0], "path": [(5.0, 5.0), (6.0, 6.0)]})
    assert np.allclose(fresh.path, [(1.0, 0.0), (0.0, 1.0)]), "all of a state or nothing of it"


@pytest.mark.parametrize("z", [(1.0,), (1.0, 2.0, 3.0), (np.nan, 0.0), "ab", None, [[1, 2]]])
def test_a_point_that_is_none_is_refused_and_nothing_moves(explorer, z):
    before = explorer.z
    with pytest.raises(ValueError, match="z must be 2 finite numbers"):
        explorer.z = z
    assert np.array_equal(explorer.z, before)


def test_other_things_that_are_refused(explorer, font):
    with pytest.raises(ValueError, match=r"t, from A to B, must be a number in \[0, 1\]"):
        explorer.t = 1.5
    with pytest.raises(ValueError, match="two ends, A and B, not 3"):
        explorer.path = [(0, 0)] * 3
    with pytest.raises(ValueError, match="B must be 2 finite numbers"):
        explorer.path = [(0, 0), (0,)]
    with pytest.raises(ModelError, match="is not trained yet"):
        LatentExplorer(Autoencoder((35, 2, 35)), font.X)


def answers(explorer, message):
    """Return what the canvas sends back for a message of the browser."""
    sent = []
    explorer.canvas.send = lambda content, buffers=None: sent.append((content, buffers))
    explorer.canvas._handle_custom_msg(message, [])
    return sent


def test_weights_travel_by_message_only(explorer):
    ((content, buffers),) = answers(explorer, {"kind": "ask"})
    assert content["kind"] == "data"
    assert content["about"] == explorer.canvas.about
    json.dumps(content)
    assert [len(b) for b in buffers] == [4 * explorer.data.weights.size, 4 * 32 * 2, 32 * 35]
    ((content, (weights,)),) = answers(explorer, {"kind": "encoder"})
    assert content["kind"] == "encoder"
    assert len(weights) == 4 * dense(explorer.data.model, "encoder")[1].size
    state = explorer.canvas.get_state()
    small = {name: value for name, value in state.items() if name not in ("_esm", "_css")}
    assert len(json.dumps(small, default=str)) < 1500, "no weights in the synced state"


def test_one_picture_by_message(explorer):
    ((content, (picture,)),) = answers(explorer, {"kind": "picture", "sample": 4})
    assert content == {"kind": "picture", "sample": 4}
    assert np.array_equal(np.frombuffer(picture, np.uint8), explorer.data.X[4] * 255)


@pytest.mark.parametrize("n_latent", [1, 3, 20])
def test_other_numbers_of_latent_dimensions(n_latent, font):
    model = Autoencoder((35, 25, n_latent, 25, 35)).fit(font.X, epochs=5, rng=0, progress=False)
    explorer = LatentExplorer(model, font.X, font.labels)
    assert len(explorer.sliders) == n_latent
    explorer.z = np.full(n_latent, 0.5)
    assert getattr(explorer.canvas, f"s{n_latent}") == explorer.sliders[-1].value


def test_fifty_thousand_samples(model, font):
    rng = np.random.default_rng(0)
    X = np.abs(font.X[rng.integers(32, size=50_000)] - (rng.random((50_000, 35)) < 0.05))
    explorer = LatentExplorer(model, X)
    explorer.z = (0.5, 0.5)
    assert explorer.nearest[1] < 1
    assert explorer.data.reach > 0


def test_readers_without_a_kernel_see_a_still_picture(explorer):
    data, metadata = explorer._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    words = metadata["image/png"]["alt"]
    assert words.startswith("Map of 32 codes")
    assert "A picture decoded at z = (" in words
    assert "and the nearest sample: " in words
    assert "text/html" not in data
    assert len(data["image/png"]) < 40_000


def test_the_page_holds_everything(explorer, tmp_path):
    page = tmp_path / "font.html"
    explorer.save_html(page, title="A < B & C")
    text = page.read_text(encoding="utf-8")
    assert "<title>A &lt; B &amp; C</title>" in text
    assert 'src="http' not in text
    assert 'href="http' not in text
    first = page.read_bytes()
    explorer.save_html(page, title="A < B & C")
    assert page.read_bytes() == first, "the same explorer is the same file"
    with pytest.raises(FileNotFoundError, match=r"the folder .* does not exist; make it first"):
        explorer.save_html(tmp_path / "nowhere" / "font.html")
