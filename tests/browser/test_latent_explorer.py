"""The explorer in JupyterLab in a real browser: mouse, keys, Python, themes, accessibility."""

import numpy as np
import pytest
from pages import grave_violations, own_errors, redrawn

CELLS = [
    "import ipywidgets, numpy as np\n"
    "from tp5 import Autoencoder\n"
    "from tp5.explorer import LatentExplorer\n"
    "from tp5.datasets.fonts import load_fonts\n"
    "font = load_fonts()[1]\n"
    "model = Autoencoder((35, 25, 17, 2, 17, 25, 35), dtype='float32')\n"
    "model = model.fit(font.X, epochs=300, rng=0, progress=False)",
    "explorer = LatentExplorer(model, font.X, font.labels)\nexplorer",
    # What Python knows, on the screen at once: z, and what NumPy decodes there.
    "said = ipywidgets.Label()\n"
    "def say(change=None):\n"
    "    place = ' '.join(f'{v:.4f}' for v in explorer.z)\n"
    "    said.value = f'z {place} ink {explorer.image.sum():.2f} at {explorer.nearest[0]}'\n"
    "explorer.observe(say, 'z'); say()\n"
    "go = ipywidgets.Button(description='go to W')\n"
    "def there(button):\n"
    "    explorer.z = explorer.data.codes[font.labels.index('W')]\n"
    "go.on_click(there)\n"
    "ipywidgets.VBox([said, go])",
]

PIXELS = """() => { const c = document.querySelector('.tp5-picture');
    return Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data); }"""


def greys(page):
    return np.array(page.evaluate(PIXELS)).reshape(-1, 4)[:, 0].astype(float)


def python_says(page):
    """z, the ink of the picture and the nearest sample, as the kernel has them."""
    words = page.locator(".widget-label", has_text="ink").inner_text().split()
    return np.array([float(words[1]), float(words[2])]), float(words[4]), int(words[6])


def settled(page):
    """Wait until kernel and screen show the same picture; return what Python says of it."""
    for _ in range(3000):
        page.wait_for_timeout(100)
        z, ink, sample = python_says(page)
        if abs((255 - greys(page)).sum() / 255 - ink) < 0.1:
            return z, ink, sample
    raise AssertionError(f"kernel and screen differ: {ink} and {(255 - greys(page)).sum() / 255}")


@pytest.fixture(scope="module")
def page(lab, browser):
    """One notebook for all of these tests: they move the same explorer about."""
    from conftest import run_notebook

    page = run_notebook(lab, browser, "explorer.ipynb", CELLS)
    page.locator(".widget-label", has_text="ink").wait_for()
    page.locator(".tp5-explorer").wait_for()
    yield page
    page.close()


def test_a_slider_moved_by_keyboard_moves_the_picture_and_python(page):
    before, (z, _, _) = greys(page), settled(page)
    handle = page.locator(".jp-OutputArea .noUi-handle").first
    handle.focus()
    for _ in range(60):
        page.keyboard.press("ArrowRight")
    after, _, _ = settled(page)
    assert np.abs(greys(page) - before).max() > 50
    assert after[0] != z[0]
    assert after[1] == z[1]
    assert own_errors(page) == []


def test_dragging_on_the_map_moves_sliders_and_python(page):
    before, (z, _, _) = greys(page), settled(page)
    page.locator(".tp5-map").scroll_into_view_if_needed()
    box = page.locator(".tp5-map").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 300)
    page.mouse.down()
    for k in range(20):
        page.mouse.move(box["x"] + 60 + 8 * k, box["y"] + 300 - 6 * k)
    page.mouse.up()
    after, _, _ = settled(page)
    assert np.abs(greys(page) - before).max() > 50
    assert np.linalg.norm(after - z) > 0.1
    readouts = page.locator(".jp-OutputArea .widget-readout").all_inner_texts()
    width = box["width"]
    shown = [float(text.replace("−", "-")) for text in readouts[:2]]
    fraction = np.array([(60 + 152) / width, 1 - (300 - 114) / width])
    slope = np.diff(shown)[0] / np.diff(2 * fraction - 1)[0]  # the map's half-width in spreads
    assert np.allclose(shown, (2 * fraction - 1) * slope, atol=0.05)
    assert own_errors(page) == []


def test_arrow_keys_on_the_map_stay_with_the_map(page):
    page.locator(".tp5-map").focus()
    active = ".jp-Cell.jp-mod-active"
    cell = page.locator(active).count() and page.locator(active).first.inner_text()[:40]
    z, _, _ = settled(page)
    page.keyboard.press("Shift+ArrowUp")
    redrawn(page)
    after, _, _ = settled(page)
    assert after[0] == pytest.approx(z[0], abs=1e-3)
    assert after[1] > z[1]
    assert cell == (page.locator(active).count() and page.locator(active).first.inner_text()[:40])


def test_setting_z_from_python_moves_the_screen(page):
    page.get_by_role("button", name="go to W").click()
    page.wait_for_function(
        "() => document.querySelector('.tp5-views').innerText.includes('nearest sample: W')"
    )
    _, _, sample = settled(page)
    from tp5.datasets.fonts import load_fonts

    assert load_fonts()[1].labels[sample] == "W"
    assert own_errors(page) == []


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_critical(page, theme):
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text="Theme").first.hover()
    page.get_by_role("menuitemcheckbox", name=theme, exact=True).or_(
        page.get_by_role("menuitem", name=theme, exact=True)
    ).first.click()
    page.wait_for_function(f"() => document.body.dataset.jpThemeName === '{theme}'")
    assert grave_violations(page, ".tp5-explorer") == {}
    paper = page.evaluate(
        "() => getComputedStyle(document.querySelector('.tp5-map')).backgroundColor"
    )
    assert (paper == "rgb(255, 255, 255)") == (theme == "JupyterLab Light")


def test_focus_is_visible_and_the_tab_order_is_that_of_reading(page):
    page.locator(".tp5-map").focus()
    order = []
    for _ in range(6):
        order.append(page.evaluate("() => document.activeElement.textContent.trim().slice(0, 8)"))
        page.keyboard.press("Tab")
    assert order[1:3] == ["A = here", "B = here"]
    page.keyboard.press("Shift+Tab")
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_every_picture_has_its_words_on_the_screen(open_notebook):
    cells = [
        "from tp5 import plots\nplots.funnel((35, 2, 35), 'a funnel')",
        "print('do' + 'ne')",
    ]
    page = open_notebook("alt.ipynb", cells)
    page.get_by_text("done", exact=True).wait_for()
    image = page.locator(".jp-OutputArea img").first
    assert image.evaluate("image => image.naturalWidth") > 500
    words = page.locator(".jp-OutputArea .tp5-words").first
    words.locator("summary").click()
    assert "a funnel. Columns of 35, 2, 35 units" in words.inner_text()


def test_the_words_of_a_living_explorer_s_still_are_hidden(page):
    assert page.locator(".tp5-explorer").count() == 1
    assert not page.locator(".tp5-words").first.is_visible()
