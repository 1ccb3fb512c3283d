"""The course's notebooks as a student runs them: all cells, in JupyterLab, and then by hand.

Trains what the notebooks train, minutes in all: `make test` begins with this file.
"""

from pathlib import Path

import nbformat
import numpy as np
import pytest
from conftest import run_all
from pages import own_errors

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
EXPLORERS = {  # its name, and how many come before it
    "01_font_autoencoder": ("explorer", 0),
    "03_generating_characters": ("finder", 1),
    "05_flork_vae": ("explorer", 0),
}
# What Python knows, on the screen: the kernel's z, whenever it changes.
SAY_Z = """
import ipywidgets
said = ipywidgets.Label()
def say(change=None):
    said.value = 'python has z ' + ' '.join(f'{v:.4f}' for v in NAME.z)
NAME.observe(say, 'z')
say()
said
"""
PIXELS = """(k) => {
    const c = document.querySelectorAll('.tp5-explorer')[k].querySelector('.tp5-picture');
    return Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data); }"""


def with_label(name, explorer, folder):
    """Copy a notebook into a folder, with a cell more after the one that shows the explorer."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4)
    shown = [k for k, c in enumerate(notebook.cells) if c.source.endswith(f"\n{explorer}")]
    cell = nbformat.v4.new_code_cell(SAY_Z.replace("NAME", explorer))
    notebook.cells.insert(shown[0] + 1, cell)
    notebook.cells.append(nbformat.v4.new_code_cell("print('the end of the ' + 'notebook')"))
    nbformat.write(notebook, folder / f"{name}.ipynb")


def python_z(page):
    words = page.locator(".widget-label", has_text="python has z").inner_text().split()
    return np.array([float(word) for word in words[3:]])


def followed(page, ask, before):
    """Return what Python says once it is something else, and has not changed for a while."""
    for _ in range(1200):
        page.wait_for_timeout(100)
        now = ask()
        if not np.array_equal(now, before):
            page.wait_for_timeout(1000)
            if np.array_equal(ask(), now):
                return now
    raise AssertionError("the screen has moved and Python has not followed")


def wait_for_python(page, before):
    return followed(page, lambda: python_z(page), before)


@pytest.mark.parametrize("name", EXPLORERS)
def test_all_cells_run_and_the_explorer_answers(lab, browser, name):
    folder, url = lab
    explorer, k = EXPLORERS[name]
    with_label(name, explorer, folder)
    page = run_all(browser, url(f"{name}.ipynb"))
    page.get_by_text("the end of the notebook", exact=True).wait_for()
    assert page.locator(".jp-RenderedText[data-mime-type*=error]").count() == 0
    page.locator(".tp5-explorer").nth(k).scroll_into_view_if_needed()

    z, picture = python_z(page), page.evaluate(PIXELS, k)
    output = page.locator(".jp-OutputArea-output", has=page.locator(".tp5-explorer")).nth(k)
    output.locator(".noUi-handle").first.focus()
    for _ in range(20):
        page.keyboard.press("PageUp")  # five steps at once
    moved = wait_for_python(page, z)
    assert moved[1:] == pytest.approx(z[1:])
    assert page.evaluate(PIXELS, k) != picture

    picture = page.evaluate(PIXELS, k)
    page.locator(".tp5-map").nth(k).scroll_into_view_if_needed()
    box = page.locator(".tp5-map").nth(k).bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 250, box["y"] + 280, steps=10)
    page.mouse.up()
    dragged = wait_for_python(page, moved)
    assert (dragged != moved).all()
    assert page.evaluate(PIXELS, k) != picture
    assert own_errors(page) == []
    page.close()


SAY_LEVEL = """
import ipywidgets
said = ipywidgets.Label()
def say(change=None):
    said.value = f'python has level {playground.level:.2f}, wrong {playground.wrong["noisy"]}'
playground.observe(say)
say()
said
"""


def test_the_playground_of_notebook_04_answers(lab, browser):
    folder, url = lab
    notebook = nbformat.read(NOTEBOOKS / "04_denoising.ipynb", 4)
    shown = [k for k, c in enumerate(notebook.cells) if c.source.endswith("\nplayground")]
    notebook.cells.insert(shown[0] + 1, nbformat.v4.new_code_cell(SAY_LEVEL))
    notebook.cells.append(nbformat.v4.new_code_cell("print('the end of the ' + 'notebook')"))
    nbformat.write(notebook, folder / "04_denoising.ipynb")
    page = run_all(browser, url("04_denoising.ipynb"))
    page.get_by_text("the end of the notebook", exact=True).wait_for()
    said = page.locator(".widget-label", has_text="python has level")
    noisy = page.locator("canvas[data-picture=noisy]")
    noisy.scroll_into_view_if_needed()
    before, level = noisy.evaluate("c => c.toDataURL()"), said.inner_text()
    page.get_by_role("slider", name="noise level").focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    level = followed(page, said.inner_text, level)
    assert noisy.evaluate("c => c.toDataURL()") != before
    box = noisy.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    clicked = followed(page, said.inner_text, level)  # one pixel more, or one less, is wrong
    assert clicked.split(",")[0] == level.split(",")[0]
    assert own_errors(page) == []
    page.close()
