"""One notebook with figures and widgets in JupyterLab and in Notebook 7: run, saved, reopened."""

from __future__ import annotations

import nbformat
import pytest
from conftest import open_page, run_notebook, running_lab
from pages import grave_violations, own_errors, redrawn

CELLS = [
    """
from tp5 import Autoencoder, plots
from tp5.datasets import load_fonts
from tp5.explorer import LatentExplorer
from tp5.progress import progress_bar
font = load_fonts()[2]
X, labels = font.X, font.labels
model = Autoencoder((35, 8, 2, 8, 35)).fit(X, epochs=50, rng=0, progress=False)
""",
    "for k in range(2):\n    plots.latent_map(model.encode(X), labels, f'run {k}')",
    "explorer = LatentExplorer(model, X, labels)\nexplorer",
    "for step in progress_bar(4, True):\n    pass\nprint('the end of ' + 'it')",
]
STILL = ".jp-OutputArea-output img[src^='data:image/png']"


@pytest.fixture(scope="module", params=["lab", "notebook"])
def program(request, tmp_path_factory):
    """A running JupyterLab or Notebook 7: its folder and a function from a name to its URL."""
    folder = tmp_path_factory.mktemp(request.param)
    with running_lab(folder, tmp_path_factory.mktemp("state"), request.param) as url:
        yield folder, url


@pytest.fixture(scope="module")
def page(program, browser):
    """The notebook, run."""
    page = run_notebook(program, browser, "shown.ipynb", CELLS)
    page.get_by_text("the end of it", exact=True).wait_for()
    page.locator(".tp5-explorer .tp5-map").wait_for()
    yield page
    page.close()


@pytest.fixture(scope="module")
def reopened(page, program, browser):
    """The same notebook, saved, closed, its kernel shut down, and opened in a new page."""
    folder, url = program
    page.locator(".jp-NotebookPanel-toolbar [data-command='docmanager:save']").first.click()
    for _ in range(1500):
        page.wait_for_timeout(200)
        if len(outputs(folder)) >= 8:
            break
    assert len(outputs(folder)) >= 8, "it is not saved"
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Shut Down Kernel", exact=True).click()
    page.wait_for_timeout(1000)
    page.close()
    again = open_page(browser, url("shown.ipynb"))
    again.locator(".tp5-words").last.wait_for()
    again.wait_for_timeout(3000)  # a widget that is not found says so late
    yield again
    again.close()


def outputs(folder):
    notebook = nbformat.read(folder / "shown.ipynb", as_version=4)
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def test_figures_of_a_loop_are_seen_and_their_words_can_be_reached(page):
    cell = page.locator(".jp-CodeCell").nth(1)
    assert cell.locator(STILL).count() == 2
    words = cell.locator("details")
    assert words.count() == 2
    assert "run 0" in words.first.text_content()
    tree = cell.locator(".jp-OutputArea").first.aria_snapshot()
    assert "In words" in tree
    words.first.locator("summary").click()
    assert "run 0: 32 characters" in cell.locator(".jp-OutputArea").first.aria_snapshot()
    words.first.locator("summary").click()


def test_axe_finds_nothing_but_what_jupyter_itself_drops(page):
    """The alt of a PNG is dropped by JupyterLab; the words below it are ours."""
    found = grave_violations(page, ".jp-CodeCell:nth-of-type(2) .jp-OutputArea")
    assert set(found) <= {"image-alt"}, found


def test_the_explorer_lives_and_its_still_is_out_of_sight(page):
    cell = page.locator(".jp-CodeCell").nth(2)
    picture = cell.locator("canvas.tp5-picture").first
    before = picture.evaluate("canvas => canvas.toDataURL()")
    cell.locator(".tp5-map").focus()
    for _ in range(5):
        page.keyboard.press("Shift+ArrowRight")
    redrawn(page)
    assert picture.evaluate("canvas => canvas.toDataURL()") != before
    assert cell.locator(STILL).count() == 0
    assert not cell.locator(".tp5-words").is_visible(), "they are those of the still"
    assert own_errors(page) == []


def test_a_finished_bar_leaves_nothing_to_see(page):
    cell = page.locator(".jp-CodeCell").nth(3)
    assert cell.locator(".jp-OutputArea-output").all_inner_texts() == ["the end of it\n"]


def test_the_next_morning_the_still_is_there_and_no_error(reopened):
    cell = reopened.locator(".jp-CodeCell").nth(2)
    assert reopened.get_by_text("model not found").count() == 0
    assert reopened.get_by_text("Loading widget").count() == 0
    still = cell.locator(STILL)
    assert still.count() == 1
    assert still.evaluate("img => img.naturalWidth") > 500
    assert cell.get_by_text("run this cell to bring it to life").is_visible()
    assert "nearest sample: " in cell.locator(".tp5-words details").text_content()


def test_the_next_morning_figures_are_there_and_nothing_is_left_of_the_bar(reopened):
    assert reopened.locator(".jp-CodeCell").nth(1).locator(STILL).count() == 2
    assert reopened.locator(".jp-CodeCell").nth(3).inner_text().strip().endswith("the end of it")


def test_the_file_holds_stills_and_no_widgets(reopened, program):
    kinds = [set(output.get("data", {})) for output in outputs(program[0])]
    assert sum("image/png" in one for one in kinds) == 3
    assert not any("widget" in kind for one in kinds for kind in one)
