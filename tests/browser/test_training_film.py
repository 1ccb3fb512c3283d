"""The film of a training: in a page without a network, and growing in JupyterLab."""

import numpy as np
import pytest
from pages import grave_violations, own_errors, redrawn
from PIL import Image

from tp5 import Autoencoder, Momentum, VariationalAutoencoder
from tp5.datasets.fonts import load_fonts
from tp5.explorer import TrainingFilm

FONT = load_fonts()[1]


def filmed(model, n_runs=1, labels=FONT.labels, epochs=40, **options):
    film = TrainingFilm(FONT.X, labels, every=2)
    model.fit(
        FONT.X, epochs=epochs, n_runs=n_runs, callbacks=[film], progress=False, rng=0, **options
    )
    return film


@pytest.fixture(scope="module")
def letters():
    model = Autoencoder((35, 17, 2, 17, 35), activation="logistic", loss="squared_error")
    return filmed(model, n_runs=3, optimizer=Momentum(0.01, 0.5), batch_size=1)


@pytest.fixture
def open_page(browser, tmp_path):
    """Return a function that saves a film as a page and opens it without a network."""
    contexts = []

    def run(film, title="A training", **options):
        film.save_html(tmp_path / "film.html", title=title)
        options = {"viewport": {"width": 1000, "height": 700}} | options
        context = browser.new_context(offline=True, accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto((tmp_path / "film.html").as_uri())
        page.wait_for_function("() => document.querySelector('.tp5-film')?.dataset.frame === '0'")
        return page

    yield run
    for context in contexts:
        context.close()


def map_of(page):
    return page.evaluate("() => document.querySelector('.tp5-film-map').toDataURL()")


def at_frame(page, frame):
    page.wait_for_function(
        f"() => document.querySelector('.tp5-film')?.dataset.frame === '{frame}'"
    )


def test_the_time_slider_moves_codes_loss_and_words(open_page, letters):
    page = open_page(letters)
    loss = letters.recording.losses[0][letters.run]
    assert page.inner_text(".tp5-text") == f"untrained: loss {loss:.2f}"
    before = map_of(page)
    page.get_by_role("slider", name="time").focus()
    page.keyboard.press("End")
    at_frame(page, 20)
    loss = letters.recording.losses[40][letters.run]
    assert page.inner_text(".tp5-text") == f"after epoch 40 of 40: loss {loss:.2f}"
    assert map_of(page) != before
    last = map_of(page)
    page.get_by_role("combobox", name="run").select_option(label=str((letters.run + 1) % 3 + 1))
    redrawn(page)
    assert map_of(page) != last
    codes = page.evaluate("() => Array.from(film.stage.codes)")
    assert np.array_equal(np.float32(codes), np.ravel(letters.recording.codes))
    assert page.errors == []


def test_play_and_pause(open_page, letters):
    page = open_page(letters)
    page.get_by_role("button", name="play").click()
    page.wait_for_function("() => Number(document.querySelector('.tp5-film').dataset.frame) > 3")
    page.get_by_role("button", name="pause").click()
    paused = page.evaluate("() => document.querySelector('.tp5-film').dataset.frame")
    page.wait_for_timeout(300)
    assert page.evaluate("() => document.querySelector('.tp5-film').dataset.frame") == paused
    page.get_by_role("button", name="play").click()
    at_frame(page, 20)
    page.get_by_role("button", name="play").wait_for()


def test_who_wants_less_motion_sees_still_pictures(open_page, letters):
    page = open_page(letters, reduced_motion="reduce")
    seen = page.evaluate(
        """async () => {
            const root = document.querySelector('.tp5-film'), seen = new Set();
            film.start();
            for (let k = 0; k < 40; k++) {
                await new Promise(done => setTimeout(done, 50));
                seen.add(root.dataset.frame);
            }
            film.stop();
            return [...seen];
        }"""
    )
    assert 2 <= len(seen) <= 4, "one every 0.8 s"


def test_the_gif_is_one_that_pillow_reads(open_page, letters):
    page = open_page(letters)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="save GIF").click()
    gif = Image.open(waiting.value.path())
    assert gif.size == (760, 380)
    assert gif.n_frames == 21 + 8, "a rest at the end"
    gif.seek(0)
    first = np.asarray(gif.convert("RGB"), int)
    canvas = page.evaluate("() => Array.from(film.stage.still(0, film.model.get('run')))")
    wanted = np.array(canvas).reshape(380, 760, 4)[..., :3]
    assert np.abs(first - wanted).max() <= 26, "six reds, seven greens, six blues"


def test_clouds_of_a_variational_training(open_page):
    page = open_page(filmed(VariationalAutoencoder((35, 20, 2)), labels=None))
    codes, sigma = page.evaluate("() => [film.stage.codes.length, film.stage.sigma.length]")
    assert codes == sigma == 21 * 32 * 2
    assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_and_hostile_words_stay_text(open_page, scheme):
    labels = [("<script>", r"$\frac$")[k % 2] for k in range(32)]
    film = filmed(Autoencoder((35, 2, 35)), labels=labels)
    page = open_page(film, title="<script>alert(1)</script>", color_scheme=scheme)
    assert grave_violations(page, "main") == {}
    assert "<script>" in page.inner_text(".tp5-legend")
    assert r"$\frac$" in page.inner_text(".tp5-legend")
    assert page.errors == []


def test_a_telephone(open_page, letters):
    page = open_page(
        letters, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="play").tap()
    page.wait_for_function("() => Number(document.querySelector('.tp5-film').dataset.frame) > 2")


def test_it_grows_while_it_trains_in_jupyterlab(open_notebook):
    cells = [
        "from tp5 import Autoencoder\n"
        "from tp5.datasets.fonts import load_fonts\n"
        "from tp5.explorer import TrainingFilm\n"
        "import time\n"
        "font = load_fonts()[1]\n"
        "film = TrainingFilm(font.X, font.labels)\n"
        "film",
        "time.sleep(2)\n"
        "slow = lambda model, epoch, loss: time.sleep(0.05)\n"
        "model = Autoencoder((35, 16, 2, 16, 35))\n"
        "model.fit(font.X, epochs=60, rng=0, callbacks=[film, slow], progress=False)",
        "print('at', film.frame, film.n_frames)",
    ]
    page = open_notebook("film.ipynb", cells)
    at_frame(page, 60)
    page.get_by_text("at 60 61", exact=True).wait_for()
    assert "after epoch 60 of 60" in page.inner_text(".tp5-film .tp5-text")
    page.get_by_role("slider", name="time").focus()
    page.keyboard.press("Home")
    at_frame(page, 0)
    assert grave_violations(page, ".tp5-film") == {}
    assert own_errors(page) == []
