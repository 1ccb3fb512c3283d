"""Closing gives memory back: by hand, and when a cell runs again."""

import gc
import inspect
import weakref

import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances

from tp5 import Autoencoder
from tp5.explorer import LatentExplorer, LiveTraining, NoisePlayground, TrainingFilm, cells

X = np.eye(9)


@pytest.fixture(scope="module")
def model():
    return Autoencoder((9, 2, 9)).fit(X, epochs=1, rng=0, progress=False)


class Notebook:
    """Stands for IPython: says which cell runs, and which time."""

    def __init__(self, monkeypatch):
        self.cell, self.execution = "", ""
        monkeypatch.setattr(cells, "this_cell", lambda: (self.cell, self.execution))

    def run(self, cell, execution):
        self.cell, self.execution = cell, execution


@pytest.fixture
def notebook(monkeypatch):
    monkeypatch.setattr(cells, "_made", {})
    return Notebook(monkeypatch)


def test_a_closed_explorer_leaves_no_widget_and_no_data(model):
    before = len(_instances)
    explorer = LatentExplorer(model, X)
    data = weakref.ref(explorer.data)
    assert len(_instances) > before
    explorer.close()
    gc.collect()
    assert len(_instances) == before
    assert data() is None, "although somebody still holds the explorer"
    with pytest.raises(RuntimeError, match="this explorer is closed, and its data are gone"):
        explorer.image  # noqa: B018
    explorer.close()  # once more does no harm


def test_running_the_cell_again_closes_what_it_has_made(model, notebook):
    notebook.run("cell 1", "first")
    old = [LatentExplorer(model, X), LatentExplorer(model, X)]
    assert old[0].data is not None, "two in one run of a cell"
    notebook.run("cell 2", "second")
    elsewhere = LatentExplorer(model, X)
    notebook.run("cell 1", "third")
    new = LatentExplorer(model, X)
    for explorer in old:
        with pytest.raises(RuntimeError, match="is closed"):
            explorer.image  # noqa: B018
    assert elsewhere.image.shape == new.image.shape == (3, 3)


def test_fifty_runs_of_a_cell_keep_one_explorer(model, notebook):
    shown, counts = [], []
    for k in range(50):
        notebook.run("cell", f"run {k}")
        shown.append(LatentExplorer(model, X))  # IPython's Out keeps it
        counts.append(len(_instances))
    assert counts[-1] == counts[0]
    assert sum(explorer._data is not None for explorer in shown) == 1


def test_in_a_script_nothing_is_closed(model):
    first = LatentExplorer(model, X)
    LatentExplorer(model, X)
    assert first.image.shape == (3, 3)


@pytest.mark.parametrize("widget", [LatentExplorer, LiveTraining, NoisePlayground, TrainingFilm])
def test_what_can_be_given_is_seen_where_one_asks(widget):
    """In JupyterLab, with Shift+Tab."""
    names = list(inspect.signature(widget).parameters)
    assert {"X", "labels"} <= set(names)
    assert "arguments" not in names
