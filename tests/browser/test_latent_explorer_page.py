"""The explorer as a page from a file, with the network off: numbers, mouse, keys, files."""

import json

import numpy as np
import pytest
from pages import redrawn
from PIL import Image

from tp5 import Autoencoder, VariationalAutoencoder
from tp5.datasets.fonts import load_fonts
from tp5.explorer import LatentExplorer

FONT = load_fonts()[1]
ACTIVATIONS = ("tanh", "relu", "logistic", "logistic(0.7)", "leaky_relu(0.2)", "identity")


def trained(kind, **options):
    if kind == "vae":
        model = VariationalAutoencoder((35, 20, 2), **options)
        return model.fit(FONT.X, epochs=30, rng=0, progress=False)
    model = Autoencoder((35, 25, 17, 2, 17, 25, 35), **options)
    return model.fit(FONT.X, epochs=60, rng=0, progress=False)


@pytest.fixture
def open_page(browser, tmp_path):
    """Return a function that saves an explorer as a page and opens it without a network."""
    contexts = []

    def run(explorer, bits=None, title="Latent explorer", **options):
        path = tmp_path / "explorer.html"
        explorer.save_html(path, title=title, bits=bits)
        context = browser.new_context(
            viewport={"width": 1000, "height": 800}, offline=True, accept_downloads=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.errors, page.asked = [], []
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_function("() => window.explorer")
        return page

    yield run
    for context in contexts:
        context.close()


def decoded(page, points):
    """What the browser decodes, shape (n_points, n_pixels)."""
    script = "points => points.map(z => Array.from(window.explorer.decode(z)))"
    return np.array(page.evaluate(script, points.tolist()))


def pixels(page):
    script = """() => { const c = document.querySelector('.tp5-picture');
        return Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data); }"""
    return np.array(page.evaluate(script)).reshape(-1, 4)[:, 0]


MODELS = [("ae", {"activation": name}) for name in ACTIVATIONS]
MODELS += [("ae", {"activation": "tanh", "latent_activation": "logistic", "loss": "squared_error"})]
MODELS += [("vae", {"activation": name}) for name in ACTIVATIONS]


@pytest.mark.parametrize(("kind", "options"), MODELS)
def test_javascript_decodes_what_numpy_decodes(open_page, kind, options):
    model = trained(kind, **options)
    explorer = LatentExplorer(model, FONT.X, FONT.labels)
    s = np.random.default_rng(0).uniform(-1, 1, (200, 2)) * explorer.data.limit
    z = np.concatenate([explorer.data.codes, explorer.coordinates.to_z(s)])
    for bits, most in ((None, 1 / 255), (32, 1e-4)):
        page = open_page(explorer, bits=bits)
        assert np.abs(decoded(page, z) - model.decode(z)).max() < most
        assert page.errors == []


@pytest.fixture
def explorer():
    return LatentExplorer(trained("ae"), FONT.X, FONT.labels)


def z_of(page):
    return np.array(page.evaluate("() => window.explorer.place.z"))


def test_nothing_is_fetched_and_the_first_picture_is_right(open_page, explorer):
    page = open_page(explorer)
    assert [url[:5] for url in page.asked if not url.startswith("data:")] == ["file:"]
    assert page.errors == []
    assert np.allclose(z_of(page), explorer.z)
    assert np.abs(pixels(page) - 255 * (1 - explorer.image.ravel())).max() < 1.6


def test_mouse_keys_and_sliders_move_z(open_page, explorer):
    page = open_page(explorer)
    box = page.locator(".tp5-map").bounding_box()
    before = pixels(page)
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 100, steps=8)
    page.mouse.up()
    limit = explorer.data.limit
    s = (np.array([300, 380 - 100]) / 190 - 1) * limit
    assert np.allclose(z_of(page), explorer.coordinates.to_z(s), atol=0.05)
    redrawn(page)
    explorer.z = z_of(page)
    assert np.abs(pixels(page) - 255 * (1 - explorer.image.ravel())).max() < 1.6
    assert np.abs(pixels(page) - before).max() > 100
    start = explorer.coordinates.to_s(z_of(page))
    page.keyboard.press("ArrowRight")  # the drag has left the focus on the map
    page.keyboard.press("Shift+ArrowDown")
    assert np.allclose(explorer.coordinates.to_s(z_of(page)) - start, [0.05, -0.25], atol=1e-6)
    page.locator(".tp5-sliders input").first.focus()
    page.keyboard.press("ArrowLeft")
    moved = explorer.coordinates.to_s(z_of(page))[0] - start[0]
    assert moved == pytest.approx(0.05 - 0.01, abs=0.011)
    page.locator(".tp5-map").focus()
    page.keyboard.press("Home")
    assert np.allclose(z_of(page), explorer.data.codes[explorer.data.ends()[0]])


def test_touch(open_page, explorer):
    page = open_page(explorer, has_touch=True, is_mobile=True)
    box = page.locator(".tp5-map").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    s = explorer.coordinates.to_s(z_of(page))
    assert np.allclose(s, np.array([-0.5, 0.5]) * explorer.data.limit, atol=0.05)
    wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, "the page fits a telephone's width"


def test_hover_shows_the_sample_and_a_double_click_goes_there(open_page, explorer):
    page = open_page(explorer)
    box = page.locator(".tp5-map").bounding_box()
    sample = FONT.labels.index("R")
    s = explorer.coordinates.to_s(explorer.data.codes[sample]) / explorer.data.limit
    x, y = box["x"] + (s[0] + 1) * 190, box["y"] + (1 - s[1]) * 190
    page.mouse.move(x, y)
    assert page.locator(".tp5-tip").is_visible()
    assert page.locator(".tp5-tip").inner_text().strip() == "R"
    page.mouse.dblclick(x, y)
    assert np.allclose(z_of(page), explorer.data.codes[sample], atol=1e-5)
    redrawn(page)
    assert "nearest sample: R, distance 0.00" in page.inner_text(".tp5-views")
    assert "among the data" in page.inner_text(".tp5-cue")


def test_far_from_the_data_it_says_so(open_page, explorer):
    page = open_page(explorer)
    corners = explorer.coordinates.to_z(
        np.array([[i, j] for i in (-1, 1) for j in (-1, 1)]) * explorer.data.limit
    )
    gaps = np.linalg.norm(corners[:, None] - explorer.data.codes, axis=-1).min(axis=1)
    far = int(gaps.argmax())
    assert gaps[far] > explorer.data.reach
    s = explorer.coordinates.to_s(corners[far])
    page.evaluate("s => window.explorer.place.move({0: s[0], 1: s[1]})", s.tolist())
    redrawn(page)
    words = "between" if gaps[far] <= 2.5 * explorer.data.reach else "outside"
    assert words in page.inner_text(".tp5-cue")


def test_pca_threshold_and_thumbnails(open_page, explorer):
    page = open_page(explorer)
    before, z = pixels(page), z_of(page)
    page.get_by_label("PCA axes").check()
    redrawn(page)
    assert np.allclose(z_of(page), z, atol=1e-6), "z stays where it is"
    assert np.abs(pixels(page) - before).max() <= 1
    assert "PC1 across, PC2 upwards" in page.inner_text(".tp5-views")
    page.evaluate("() => window.explorer.place.move({0: 0.3, 1: -0.4})")
    page.get_by_label("black or white").check()
    redrawn(page)
    assert set(pixels(page)) <= {0, 255}
    look = "() => document.querySelector('.tp5-map-canvas').toDataURL().length"
    bare = page.evaluate(look)
    page.get_by_label("pictures under the map").check()
    page.wait_for_function(f"() => ({look})() > {bare} + 3000")
    assert page.errors == []


def test_playing_the_path(open_page, explorer):
    explorer.path = explorer.data.codes[[0, 20]]
    page = open_page(explorer)
    page.get_by_label("there and back").uncheck()
    page.get_by_role("button", name="play").click()
    page.wait_for_function("() => window.explorer.place.get('t') > 0.1")
    a, b = explorer.path
    t = page.evaluate("() => [window.explorer.place.get('t'), window.explorer.place.z]")
    assert np.allclose(t[1], (1 - t[0]) * a + t[0] * b, atol=1e-6)
    page.get_by_role("button", name="pause").click()
    paused = page.evaluate("() => window.explorer.place.get('t')")
    page.wait_for_timeout(200)
    assert page.evaluate("() => window.explorer.place.get('t')") == paused
    page.get_by_role("button", name="play").click()
    page.wait_for_function("() => window.explorer.place.get('t') === 1")
    page.wait_for_function("() => !window.explorer.path.playing")
    assert np.allclose(z_of(page), b, atol=1e-6)


def test_who_wants_less_motion_sees_still_pictures(open_page, explorer):
    page = open_page(explorer, reduced_motion="reduce")
    seen = page.evaluate(
        """async () => {
            const e = window.explorer, seen = new Set();
            e.place.listen(['t'], () => seen.add(e.place.get('t').toFixed(2)));
            e.path.start();
            await new Promise(done => setTimeout(done, 2200));
            e.path.stop();
            return [...seen];
        }"""
    )
    assert seen[0] in ("0.10", "0.00")
    assert 1 <= len(seen) <= 3, "one picture every 0.8 s, not a film"


def test_files_that_it_saves_and_loads(open_page, explorer, tmp_path):
    explorer.path = explorer.data.codes[[2, 9]]
    page = open_page(explorer)

    def download(button):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=button).click()
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def answer(text):
        """What is said once a file of ``text`` is chosen: one in memory, never half written."""
        page.evaluate("() => { document.querySelector('.tp5-message').textContent = ''; }")
        file = {"name": "a.json", "mimeType": "application/json", "buffer": text.encode()}
        page.locator("input[type=file]").set_input_files(file)
        page.wait_for_function("() => document.querySelector('.tp5-message').textContent")
        return page.inner_text(".tp5-message")

    picture = np.asarray(Image.open(download("save picture")).convert("L"))
    assert picture.shape == (7 * 45, 5 * 45)
    assert np.abs(picture[22::45, 22::45] - 255 * (1 - explorer.image)).max() < 1.6
    film = Image.open(download("save path"))
    assert film.n_frames == 40
    ends = explorer.data.model.decode(explorer.path).reshape(2, 7, 5)
    for frame, end in ((0, 0), (20, 1)):
        film.seek(frame)
        grey = np.asarray(film.convert("L"))[22::45, 22::45]
        assert np.abs(grey - 255 * (1 - ends[end])).max() < 4  # 128 greys
    saved = download("save state")
    state = json.loads(saved.read_text())
    assert state["model"] == explorer.state()["model"]
    explorer.restore(state)  # Python reads what the page wrote
    page.evaluate("() => window.explorer.place.move({0: 1, 1: 1})")
    assert answer(saved.read_text()) == "state loaded"
    assert np.allclose(z_of(page), state["z"], atol=1e-6)
    for text, said in (
        (json.dumps(state | {"model": "0"}), "saved with another model"),
        (json.dumps(state | {"z": [1]}), "holds no explorer state"),
        ("not json", "holds no explorer state"),
        ("null", "holds no explorer state"),
        ('{"path": 7}', "holds no explorer state"),
    ):
        assert said in answer(text)
    page.evaluate("() => { Blob.prototype.text = async () => { throw Error('NotReadable'); }; }")
    assert "a.json changed or went away while it was read" in answer("null")
    assert np.allclose(z_of(page), state["z"], atol=1e-6), "what is refused moves nothing"
    assert page.errors == []


@pytest.mark.parametrize("n_latent", [1, 3, 20])
def test_other_numbers_of_dimensions(open_page, n_latent):
    model = Autoencoder((35, 25, n_latent, 25, 35), dtype="float32")
    model = model.fit(FONT.X, epochs=20, rng=0, progress=False)
    page = open_page(LatentExplorer(model, FONT.X, FONT.labels))
    assert page.locator(".tp5-sliders input").count() == n_latent
    before = z_of(page)
    box = page.locator(".tp5-map").bounding_box()
    page.mouse.click(box["x"] + 30, box["y"] + 30)
    assert (np.abs(z_of(page) - before) > 1e-3).sum() == min(n_latent, 2)
    if n_latent > 2:
        page.get_by_label("across").select_option(index=2)
        redrawn(page)
        assert "z3 across, z2 upwards" in page.inner_text(".tp5-views")
    assert page.errors == []


def test_fifty_thousand_samples_are_a_density_and_stay_at_speed(open_page):
    rng = np.random.default_rng(0)
    X = np.abs(FONT.X[rng.integers(32, size=50_000)] - (rng.random((50_000, 35)) < 0.05))
    page = open_page(LatentExplorer(trained("ae"), X))
    assert page.evaluate("() => window.explorer.map.marking.kind") == "density"
    page.mouse.move(300, 300)
    page.mouse.down()
    frames = "() => document.querySelector('.tp5-views').frames"
    first = page.evaluate(frames)
    for k in range(20):
        page.mouse.move(200 + 5 * k, 250)
        redrawn(page)
    assert page.evaluate(frames) - first >= 20, "a picture for each move"
    assert page.errors == []


def test_classes_have_a_legend_with_signs(open_page):
    labels = ["letter" if label.isalpha() else "sign" for label in FONT.labels]
    page = open_page(LatentExplorer(trained("ae"), FONT.X, labels))
    assert page.inner_text(".tp5-legend").split() == [
        "■",
        "letter",
        "●",
        "sign",
    ] or page.inner_text(".tp5-legend").split() == ["●", "sign", "■", "letter"]
