"""The noise playground, in JupyterLab in a real browser."""

import json

import numpy as np
from pages import grave_violations, own_errors, wait_until_python_says

SETUP = (
    "import json\n"
    "from tp5 import Autoencoder\n"
    "from tp5.explorer import NoisePlayground\n"
    "from tp5.datasets.fonts import load_fonts\n"
    "from tp5.datasets.noise import NOISES, Noise\n"
    "font = load_fonts()[1]\n"
    "model = Autoencoder((35, 64, 32, 10, 32, 64, 35), dtype='float32').fit(\n"
    "    font.X, noise=Noise('flip', 0.1), epochs=100, rng=0, progress=False)\n"
    "playground = NoisePlayground(model, font.X, font.labels)\n"
    "playground.character = 'A'\n"
    "playground"
)
# Every kind at two levels, with a pixel clicked: what NumPy says.
BY_NUMPY = (
    "answers = []\n"
    "for kind in NOISES:\n"
    "    for level in (0.15, 0.4):\n"
    "        playground.kind, playground.level = kind, level\n"
    "        pictures = playground.pictures()\n"
    "        numbers = {name: p.ravel().tolist() for name, p in pictures.items()}\n"
    "        answers.append([kind, level, numbers, playground.wrong])\n"
    "print('by NumPy', json.dumps(answers, default=int))"
)


def wait_for_pictures(page):
    """Wait until the pictures are drawn: the random numbers come after the network."""
    page.wait_for_function("document.querySelector('canvas[data-picture=nearest]')?.values")


def picture(page, name):
    """The numbers behind a picture on the screen."""
    values = page.locator(f"canvas[data-picture={name}]").evaluate("c => Array.from(c.values)")
    return np.array(values)


def wrong(page, name):
    text = page.locator(f"figure:has(canvas[data-picture={name}]) strong").inner_text()
    return int(text.split()[0])


def slide(page, level):
    """Move the level's slider, as a hand does."""
    page.get_by_role("slider", name="noise level").evaluate(
        "(slider, level) => { slider.value = level; slider.dispatchEvent(new Event('input')); }",
        level,
    )


def test_the_browser_computes_what_numpy_computes(open_notebook):
    page = open_notebook("noise.ipynb", [SETUP, "playground.toggle(2, 3)", BY_NUMPY])
    page.get_by_text("by NumPy").last.wait_for()
    wait_for_pictures(page)
    printed = page.locator(".jp-OutputArea-output pre", has_text="by NumPy").inner_text()
    answers = json.loads(printed.removeprefix("by NumPy"))
    assert len(answers) == 8
    for kind, level, numbers, counts in answers:
        page.get_by_role("combobox", name="kind of noise").select_option(kind.replace("_", " "))
        slide(page, level)
        for name, values in numbers.items():
            assert np.abs(picture(page, name) - values).max() < 1 / 255, (kind, level, name)
        assert {name: wrong(page, name) for name in counts} == counts, (kind, level)
    assert own_errors(page) == []


def test_pixels_are_clicked_by_mouse_and_by_keyboard_and_python_follows(open_notebook):
    page = open_notebook("clicks.ipynb", [SETUP, "playground.level = 0.0\nprint('dri' + 'ven')"])
    page.get_by_text("driven", exact=True).wait_for()
    noisy = page.locator("canvas[data-picture=noisy]")
    wait_for_pictures(page)
    assert wrong(page, "noisy") == 0
    assert (picture(page, "restored").round() == picture(page, "clean")).mean() > 0.9
    before = noisy.evaluate("c => c.toDataURL()")
    box = noisy.bounding_box()
    page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + 0.5 / 7 * box["height"])  # (0, 4)
    assert wrong(page, "noisy") == 1
    assert noisy.evaluate("c => c.toDataURL()") != before
    restored = picture(page, "restored")
    for key in ("ArrowLeft", "ArrowDown", " "):  # (1, 3)
        page.keyboard.press(key)
    assert wrong(page, "noisy") == 2
    assert (picture(page, "restored") != restored).any()
    assert "Row 2, column 4: " in page.locator(".tp5-place").inner_text()
    assert "A, noisy: 2 wrong pixels; arrow keys" in noisy.get_attribute("aria-label")
    code = "print('clicked', playground.toggled, playground.wrong['noisy'])"
    wait_until_python_says(page, code, "clicked [(0, 4), (1, 3)] 2")
    page.get_by_role("button", name="undo my clicks").click()
    assert wrong(page, "noisy") == 0
    assert own_errors(page) == []


def test_other_noise_other_character_and_the_slider_by_keyboard(open_notebook):
    page = open_notebook("other.ipynb", [SETUP, "print('do' + 'ne')"])
    page.get_by_text("done", exact=True).wait_for()
    wait_for_pictures(page)
    slide(page, 0.5)
    before = picture(page, "noisy")
    page.get_by_role("button", name="other noise").click()
    page.wait_for_function(
        "before => document.querySelector('canvas[data-picture=noisy]').values"
        ".some((value, i) => value !== before[i])",
        arg=before.tolist(),
    )
    page.get_by_role("slider", name="noise level").focus()
    page.keyboard.press("Home")
    assert wrong(page, "noisy") == 0, "no noise"
    page.get_by_role("combobox", name="character").select_option("W")
    assert page.locator("canvas[data-picture=clean]").get_attribute("aria-label") == "W, clean"
    code = "print('at', playground.character, playground.seed, float(playground.level))"
    wait_until_python_says(page, code, "at W 1 0.0")

    assert grave_violations(page, ".tp5-noise") == {}
    assert own_errors(page) == []
