"""The drawing pad, in a page without a network: encoder, pen, mouse, finger, keys, colours."""

import numpy as np
import pytest
from pages import grave_violations, redrawn
from PIL import Image

from tp5 import Autoencoder, VariationalAutoencoder
from tp5.datasets.flork import load_florks
from tp5.datasets.flork.pen import Pen
from tp5.datasets.fonts import load_fonts
from tp5.explorer import LatentExplorer
from tp5.explorer.page import encoded

FONT = load_fonts()[1]
ACTIVATIONS = ("tanh", "relu", "logistic", "logistic(0.7)", "leaky_relu(0.2)", "identity")
OPEN = "() => window.explorer && (explorer.pad?.encode || !explorer.place.get('draw'))"
MODELS = [(kind, name) for kind in ("ae", "vae") for name in ACTIVATIONS]


def trained(kind, activation="tanh", epochs=60):
    if kind == "vae":
        model = VariationalAutoencoder((35, 20, 2), activation=activation)
    else:
        model = Autoencoder((35, 25, 17, 2, 17, 25, 35), activation=activation)
    return model.fit(FONT.X, epochs=epochs, rng=0, progress=False)


@pytest.fixture
def open_page(browser, tmp_path):
    """Return a function that saves an explorer as a page and opens it without a network."""
    contexts = []

    def run(explorer, bits=None, title="Draw", **options):
        explorer.save_html(tmp_path / "pad.html", title=title, bits=bits)
        options = {"viewport": {"width": 1000, "height": 900}} | options
        context = browser.new_context(offline=True, accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto((tmp_path / "pad.html").as_uri())
        page.wait_for_function(OPEN)
        return page

    yield run
    for context in contexts:
        context.close()


def drawn(page):
    """The drawing as the browser holds it, values in [0, 1]."""
    return np.array(page.evaluate("() => Array.from(explorer.pad.sheet.bytes)")) / 255


def state(page):
    """z, code and σ as the browser has them."""
    found = page.evaluate("() => [explorer.place.z, explorer.pad.code, explorer.pad.sigma]")
    return [None if numbers is None else np.array(numbers) for numbers in found]


@pytest.fixture
def glyphs():
    return LatentExplorer(trained("ae"), FONT.X, FONT.labels, draw=True)


@pytest.fixture(scope="module")
def flork_vae():
    X = 1 - load_florks().X
    return VariationalAutoencoder((6400, 256, 2)).fit(X, epochs=8, rng=0, progress=False), X


# --- The encoder ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "activation"), MODELS)
def test_javascript_encodes_what_numpy_encodes(open_page, kind, activation):
    model = trained(kind, activation)
    page = open_page(LatentExplorer(model, FONT.X, FONT.labels, draw=True), bits=32)
    X = np.concatenate([FONT.X, np.random.default_rng(0).random((50, 35))])
    script = "X => X.map(x => Array.from(explorer.pad.encode(Float32Array.from(x))))"
    answers = np.array(page.evaluate(script, X.tolist()))
    mu, log_var = model.posterior(X) if kind == "vae" else (model.encode(X), None)
    expected = mu if kind == "ae" else np.concatenate([mu, log_var], axis=1)
    assert np.abs(answers - expected).max() < 1e-3 * np.abs(expected).max()
    assert page.errors == []


def test_a_drawn_flork_moves_the_point_with_its_cloud_in_a_page_below_8_mb(
    open_page, flork_vae, tmp_path
):
    model, X = flork_vae
    explorer = LatentExplorer(model, X, draw=True)
    page = open_page(explorer)
    assert (tmp_path / "pad.html").stat().st_size < 8e6
    points = explorer.data.codes[:50]
    script = "points => points.map(z => Array.from(explorer.decode(z)))"
    pictures = np.array(page.evaluate(script, points.tolist()))
    assert np.abs(pictures - model.decode(points)).max() < 1 / 255
    note = page.locator(".tp5-note").inner_text()
    assert "8 bits: codes of drawings are off by up to" in note
    off = float(note.split("up to ")[1].rstrip(". "))

    box = page.locator(".tp5-pad").bounding_box()
    side, before = box["width"], page.evaluate("() => explorer.map.canvas.toDataURL()")
    page.mouse.move(box["x"] + 0.2 * side, box["y"] + 0.9 * side)
    page.mouse.down()
    for x, y in ((0.25, 0.5), (0.4, 0.2), (0.6, 0.25), (0.7, 0.5), (0.75, 0.9)):
        page.mouse.move(box["x"] + x * side, box["y"] + y * side, steps=5)
    page.mouse.up()
    redrawn(page)
    picture = drawn(page)
    assert 100 < (picture > 0.5).sum() < 800, "a line"
    z, code, sigma = state(page)
    mu, log_var = (head[0] for head in model.posterior(picture[None]))
    assert np.allclose(z, code, atol=1e-6)
    assert np.abs(code - mu).max() < 3 * off
    assert np.allclose(sigma, np.exp(log_var / 2), rtol=0.2)
    assert page.evaluate("() => explorer.map.canvas.toDataURL()") != before
    words = page.inner_text(".tp5-views")
    assert "your drawing at z" in words
    assert "σ (" in words
    assert "nearest sample: " in words
    assert page.errors == []


def test_eight_bits_say_what_they_cost_and_keep_to_it(open_page):
    model = trained("vae", epochs=200)
    page = open_page(LatentExplorer(model, FONT.X, FONT.labels, draw=True), bits=8)
    note = page.locator(".tp5-note").inner_text()
    off = float(note.split("decoded pictures are off by up to ")[1].split(",")[0])
    z = model.encode(FONT.X)
    script = "points => points.map(z => Array.from(explorer.decode(z)))"
    error = np.abs(np.array(page.evaluate(script, z.tolist())) - model.decode(z)).max()
    assert 0 < error <= off * 1.06


def test_the_cloud_is_an_ellipse_of_one_sigma(open_page):
    """On the map with PCA axes too: its points are those of mu ± σ, projected."""
    explorer = LatentExplorer(trained("vae", epochs=200), FONT.X, FONT.labels, draw=True)
    explorer.drawing = FONT.X[5]
    for pca in (False, True):
        explorer.pca = pca
        page = open_page(explorer)
        cloud = page.evaluate("() => explorer.pad.cloud")
        _, _, sigma = state(page)
        P = np.linalg.inv(explorer.coordinates.axes.T)  # s = P·(z − centre)
        covariance = P @ np.diag(sigma**2) @ P.T
        c, s = np.cos(cloud["angle"]), np.sin(cloud["angle"])
        R = np.array([[c, -s], [s, c]])
        assert np.allclose(R @ np.diag(np.square(cloud["radii"])) @ R.T, covariance, rtol=1e-4)


# --- The pen --------------------------------------------------------------------------------------


def test_the_pen_draws_lines_like_those_of_our_drawings(open_page, flork_vae):
    page = open_page(LatentExplorer(*flork_vae, draw=True))
    points = [(0.2, 0.8), (0.3, 0.3), (0.7, 0.25), (0.6, 0.75)]
    page.evaluate(
        """points => {
            const { sheet, wide } = explorer.pad;
            sheet.begin();
            for (let k = 1; k < points.length; k++)
                sheet.line(...points[k - 1], ...points[k], wide, [255]);
        }""",
        [(80 * x, 80 * y) for x, y in points],
    )
    ours = Pen(80, 0.021)
    ours.line(points)
    wanted, found = 1 - ours.picture() / 255, drawn(page).reshape(80, 80)
    assert abs(found.sum() / wanted.sum() - 1) < 0.1, "as much ink"
    assert np.abs(found - wanted).mean() < 0.01
    assert np.abs(found - wanted).max() < 0.5


def test_undo_clear_mirror_copy_and_the_ends_of_the_path(open_page, glyphs):
    page = open_page(glyphs)

    def press(name):
        page.get_by_role("button", name=name, exact=True).click()

    page.evaluate(
        "s => explorer.place.set(explorer.place.asState(s))",
        list(glyphs.coordinates.to_s(glyphs.data.codes[6])),
    )
    press("copy the nearest")
    assert np.array_equal(drawn(page), FONT.X[6])
    press("mirror")
    mirrored = FONT.glyphs[6][:, ::-1].ravel()
    assert np.array_equal(drawn(page), mirrored)
    _, code, sigma = state(page)
    assert sigma is None
    assert np.allclose(code, glyphs.data.model.encode(mirrored[None])[0], atol=0.02)
    press("drawing = A")
    assert np.allclose(page.evaluate("() => explorer.place.toZ(explorer.place.get('a'))"), code)
    press("clear")
    assert not drawn(page).any()
    page.get_by_text("click pixels").wait_for()
    press("drawing = B")
    assert "draw something first" in page.inner_text(".tp5-message")
    press("undo")
    press("undo")
    assert np.array_equal(drawn(page), FONT.X[6])
    with page.expect_download() as waiting:
        press("keep drawing")
    kept = np.asarray(Image.open(waiting.value.path()).convert("L"))
    assert np.array_equal(kept[22::45, 22::45] < 128, FONT.glyphs[6] > 0.5)
    assert page.errors == []


# --- Hands and keys -------------------------------------------------------------------------------


def middle(box, row, column):
    return box["x"] + (column + 0.5) / 5 * box["width"], box["y"] + (row + 0.5) / 7 * box["height"]


def test_pixels_are_turned_over_by_mouse_and_dragged_over(open_page, glyphs):
    page = open_page(glyphs)
    box = page.locator(".tp5-pad").bounding_box()
    page.mouse.click(*middle(box, 2, 3))
    assert np.flatnonzero(drawn(page)).tolist() == [13]
    page.mouse.click(*middle(box, 2, 3))
    assert not drawn(page).any()
    page.mouse.move(*middle(box, 0, 0))
    page.mouse.down()
    page.mouse.move(*middle(box, 0, 4))
    page.mouse.up()
    assert np.flatnonzero(drawn(page)).tolist() == [0, 1, 2, 3, 4], "no pixel is leapt over"
    redrawn(page)
    z, code, _ = state(page)
    assert np.allclose(z, code, atol=1e-6)


def test_a_finger_draws_on_a_telephone_and_the_page_does_not_scroll(open_page, glyphs):
    page = open_page(glyphs, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    pad = page.locator(".tp5-pad")
    pad.scroll_into_view_if_needed()
    box, at = pad.bounding_box(), page.evaluate("() => scrollY")
    page.touchscreen.tap(*middle(box, 1, 1))
    assert np.flatnonzero(drawn(page)).tolist() == [6]
    session = page.context.new_cdp_session(page)
    for kind, row in (("touchStart", 2), ("touchMove", 4), ("touchMove", 6), ("touchEnd", None)):
        x, y = middle(box, row or 0, 4)
        points = [] if row is None else [{"x": x, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert np.flatnonzero(drawn(page)).tolist() == [6, 14, 19, 24, 29, 34]
    assert page.evaluate("() => scrollY") == at
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_drawing_by_keyboard(open_page, glyphs, flork_vae):
    page = open_page(glyphs)
    page.locator(".tp5-pad").focus()
    for key in ("ArrowUp", " ", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    assert np.flatnonzero(drawn(page)).tolist() == [12, 13]
    assert "Row 3, column 4: ink." in page.inner_text(".tp5-message")
    page.keyboard.press("Control+z")
    assert np.flatnonzero(drawn(page)).tolist() == [12]

    page = open_page(LatentExplorer(*flork_vae, draw=True))
    page.locator(".tp5-pad").focus()
    page.keyboard.press(" ")
    assert "the pen is down" in page.inner_text(".tp5-message")
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    page.keyboard.press("ArrowDown")
    ink = drawn(page).reshape(80, 80)
    assert (ink[40, 41:50] > 0.9).all()
    assert not ink[43:].any()
    assert "the pen is up" in page.inner_text(".tp5-message")
    assert page.errors == []


# --- What else is seen ----------------------------------------------------------------------------


def test_a_saved_drawing_is_in_the_page(open_page, glyphs):
    glyphs.drawing = FONT.glyphs[11]
    page = open_page(glyphs)
    assert np.array_equal(drawn(page), FONT.X[11])
    assert np.allclose(state(page)[0], glyphs.z, atol=1e-6)
    assert encoded(glyphs.canvas.drawing)


def test_colour_pictures_are_seen_in_colour(open_page):
    rng = np.random.default_rng(0)
    X = rng.random((20, 6 * 8 * 3))
    model = VariationalAutoencoder((144, 16, 2)).fit(X, epochs=5, rng=0, progress=False)
    explorer = LatentExplorer(model, X, shape=(6, 8, 3), draw=True)
    page = open_page(explorer)
    script = """() => { const c = document.querySelector('.tp5-picture');
        return Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data); }"""
    seen = np.array(page.evaluate(script)).reshape(6, 8, 4)[..., :3]
    assert np.abs(seen - 255 * explorer.image).max() < 1.6
    page.get_by_label("colour of the pen").fill("#ff8000")
    box = page.locator(".tp5-pad").bounding_box()
    page.mouse.click(box["x"] + 3, box["y"] + 3)
    assert np.allclose(drawn(page).reshape(6, 8, 3)[0, 0], [1, 128 / 255, 0])
    assert (drawn(page).reshape(6, 8, 3)[1:] == 1).all(), "the paper is white"
    with page.expect_download() as waiting:
        page.get_by_role("button", name="save path").click()
    film = Image.open(waiting.value.path())
    assert film.n_frames == 40
    grown = film.size[0] // 8
    film.seek(0)
    frame = np.asarray(film.convert("RGB"))[grown // 2 :: grown, grown // 2 :: grown]
    first = model.decode(explorer.path)[0].reshape(6, 8, 3)
    assert np.abs(frame - 255 * first).max() < 28, "six reds, seven greens, six blues"
    assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_and_hostile_words_stay_text(open_page, scheme):
    labels = [f"<img src=x onerror=alert(1)> $\\frac{{{i}}}{{2}}$" for i in range(32)]
    explorer = LatentExplorer(trained("ae"), FONT.X, labels, draw=True)
    page = open_page(
        explorer, title="</script><script>alert(1)</script> $\\frac", color_scheme=scheme
    )
    assert grave_violations(page, "main") == {}
    assert page.inner_text("h1") == "</script><script>alert(1)</script> $\\frac"
    assert "<img src=x onerror=alert(1)> $\\frac{" in page.inner_text(".tp5-views")
    assert page.locator("main img").count() == 0
    assert page.errors == []


def test_no_pad_where_samples_look_otherwise(open_page):
    page = open_page(LatentExplorer(trained("ae"), FONT.X, images=1 - FONT.glyphs))
    assert page.get_by_label("draw").count() == 0
    assert page.errors == []
