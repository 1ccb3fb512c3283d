"""An explorer's cell run fifty times: kernel and page give the memory of the earlier ones back."""

from pages import own_errors, run_in_new_cell

CELLS = [
    "import gc\n"
    "import numpy as np\n"
    "from ipywidgets.widgets.widget import _instances\n"
    "from tp5 import VariationalAutoencoder\n"
    "from tp5.explorer import LatentExplorer\n"
    "from tp5.explorer.latent_data import LatentData\n"
    "X = np.random.default_rng(0).random((300, 6400))\n"
    "model = VariationalAutoencoder((6400, 64, 2)).fit(X, epochs=1, rng=0, progress=False)",
    "explorer = LatentExplorer(model, X)\nexplorer",
    "gc.collect()\n"
    "living = sum(isinstance(thing, LatentData) for thing in gc.get_objects())\n"
    "print('kernel has', living, 'of', len(_instances))",
]
ONE = 64 * 6400 * 4 + 300 * 6400  # bytes of the decoder's weights and of the pictures


def held_by_the_page(page):
    """Bytes of arrays that the page holds after garbage collection."""
    session = page.context.new_cdp_session(page)
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")
    session.detach()
    return used["backingStorageSize"], used["usedSize"]


def run_again(page, times):
    """Run the explorer's cell again, as a student does, and wait each time until it is there."""
    for _ in range(times):
        page.locator(".tp5-explorer").evaluate("node => node.classList.add('old')")
        page.locator(".jp-CodeCell").nth(1).locator(".jp-InputArea-editor").click()
        page.keyboard.press("Control+Enter")
        page.locator(".tp5-explorer:not(.old)").wait_for()
        assert page.locator(".tp5-explorer").count() == 1


def kernel_has(page):
    """Living data sets and widgets, as the last cell counts them."""
    last = page.locator(".jp-CodeCell").nth(2)
    last.locator(".jp-OutputArea-output").evaluate("node => node.classList.add('old')")
    last.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Control+Enter")
    words = last.locator(".jp-OutputArea-output:not(.old)").inner_text().split()
    return int(words[2]), int(words[4])


def test_fifty_runs_of_a_cell_hold_one_explorer(open_notebook):
    page = open_notebook("again.ipynb", CELLS)
    page.locator(".tp5-explorer").wait_for()
    run_again(page, 5)
    before, kernel = held_by_the_page(page), kernel_has(page)
    run_again(page, 45)
    after = held_by_the_page(page)
    assert page.evaluate("() => tp5Shared.size") == 1
    assert after[0] - before[0] < 2 * ONE, "not the arrays of 45 explorers"
    assert after[1] - before[1] < 45 * 1e6, "what JupyterLab and IPython keep of each run"
    assert kernel_has(page) == kernel
    assert kernel[0] == 1
    assert own_errors(page) == []


def test_a_second_view_and_a_second_explorer_ask_for_no_weights_again(open_notebook):
    page = open_notebook("views.ipynb", [*CELLS[:2], "explorer", "print('so' + ' far')"])
    page.locator(".tp5-explorer").nth(1).wait_for()
    other = (
        "other = LatentExplorer(model, X); asked = []; "
        "other.canvas.on_msg(lambda widget, message, buffers: asked.append(message)); other"
    )
    run_in_new_cell(page, other)
    page.locator(".tp5-explorer").nth(2).wait_for()
    run_in_new_cell(page, "print('it has asked', asked)")
    page.get_by_text("it has asked []", exact=True).wait_for()
    assert page.evaluate("() => tp5Shared.size") == 1
    assert page.evaluate("() => [...tp5Shared.values()][0].users") == 5, "2 models, 3 views"
    assert own_errors(page) == []


def test_closing_gives_all_of_it_back(open_notebook):
    page = open_notebook("close.ipynb", [*CELLS[:2], "print('so' + ' far')"])
    page.locator(".tp5-explorer").wait_for()
    run_in_new_cell(page, "explorer.close(); print('clo' + 'sed')")
    page.get_by_text("closed", exact=True).wait_for()
    page.locator(".tp5-explorer").wait_for(state="detached")
    assert page.evaluate("() => globalThis.tp5Shared?.size ?? 0") == 0
    assert own_errors(page) == []
