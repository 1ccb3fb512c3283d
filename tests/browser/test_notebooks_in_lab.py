"""The course's notebooks as a student runs them, in JupyterLab, and then by hand.

All cells of 01; of the others those that their explorer needs: nbval runs all. Trains what these
train, minutes in all: `make test` begins with this file.
"""

import ast
from pathlib import Path

import nbformat
import numpy as np
import pytest
from conftest import run_all
from pages import own_errors

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
EXPLORERS = {  # by its name
    "01_font_autoencoder": "explorer",
    "03_generating_characters": "finder",
    "05_flork_vae": "explorer",
}
WHOLE = "01_font_autoencoder"
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
PIXELS = """() => {
    const c = document.querySelector('.tp5-explorer .tp5-picture');
    return Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data); }"""


def names(source, *kinds):
    """Names that a cell makes (ast.Store) or uses (ast.Load)."""
    tree = ast.parse("".join(line for line in source.splitlines(True) if line[:1] not in "%!"))
    found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, kinds)}
    if ast.Store in kinds:
        made = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.alias)]
        found |= {getattr(n, "asname", None) or n.name for n in made}
    return found


def needed_by(cells, last):
    """The cell ``last``, the texts before it, and the cells that make what it needs."""
    wanted, kept = set(), []
    for k in range(last, -1, -1):
        cell = cells[k]
        if cell.cell_type == "code":
            made = names(cell.source, ast.Store)
            trains = any(f"{name}.fit(" in cell.source for name in wanted)
            if k < last and not trains and not made & wanted:
                continue
            wanted = (wanted | names(cell.source, ast.Load)) - made
        kept.insert(0, cell)
    return kept


def with_label(name, explorer, label, folder, whole):
    """Copy a notebook into a folder, with a cell more after the one that shows the explorer."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4)
    cells = notebook.cells
    shown = next(k for k, c in enumerate(cells) if c.source.endswith(f"\n{explorer}"))
    rest = cells[shown + 1 :] if whole else []
    end = nbformat.v4.new_code_cell("print('the end of the ' + 'notebook')")
    before = cells[: shown + 1] if whole else needed_by(cells, shown)
    notebook.cells = [*before, nbformat.v4.new_code_cell(label), *rest, end]
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
def test_the_cells_run_and_the_explorer_answers(lab, browser, name):
    folder, url = lab
    explorer = EXPLORERS[name]
    label = SAY_Z.replace("NAME", explorer)
    with_label(name, explorer, label, folder, whole=name == WHOLE)
    page = run_all(browser, url(f"{name}.ipynb"))
    page.get_by_text("the end of the notebook", exact=True).wait_for()
    assert page.locator(".jp-RenderedText[data-mime-type*=error]").count() == 0
    page.locator(".tp5-explorer").first.scroll_into_view_if_needed()

    z, picture = python_z(page), page.evaluate(PIXELS)
    output = page.locator(".jp-OutputArea-output", has=page.locator(".tp5-explorer")).first
    output.locator(".noUi-handle").first.focus()
    for _ in range(20):
        page.keyboard.press("PageUp")  # five steps at once
    moved = wait_for_python(page, z)
    assert moved[1:] == pytest.approx(z[1:])
    assert page.evaluate(PIXELS) != picture

    picture = page.evaluate(PIXELS)
    page.locator(".tp5-map").first.scroll_into_view_if_needed()
    box = page.locator(".tp5-map").first.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 250, box["y"] + 280, steps=10)
    page.mouse.up()
    dragged = wait_for_python(page, moved)
    assert (dragged != moved).all()
    assert page.evaluate(PIXELS) != picture
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
    with_label("04_denoising", "playground", SAY_LEVEL, folder, whole=False)
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
