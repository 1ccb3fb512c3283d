"""The first cell of notebook 00, where it is opened: here, in the wrong Python, on Colab."""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

START = Path(__file__).parents[2] / "notebooks" / "00_start_here.ipynb"
CELL = next(c for c in nbformat.read(START, as_version=4).cells if c.cell_type == "code").source


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs the cell; it returns the magics that were called."""
    shell = InteractiveShell()
    called = []
    monkeypatch.setattr(
        shell, "run_line_magic", lambda name, line, **_: called.append((name, line))
    )

    def run():
        shell.run_cell(CELL).raise_error()
        return called

    yield run
    shell.history_manager.end_session()


def test_where_the_course_is_installed_it_does_nothing(run):
    assert run() == []


def test_in_the_wrong_python_it_says_what_to_do(run, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"choose the kernel 'Python \(tp5\)' .*make lab"):
        run()


def test_on_colab_it_installs_the_course_and_lets_widgets_in(run, monkeypatch):
    colab, output = types.ModuleType("google.colab"), types.ModuleType("google.colab.output")
    allowed = []
    output.enable_custom_widget_manager = lambda: allowed.append(True)
    colab.output = output
    for name, module in {"google": types.ModuleType("google"), "google.colab": colab}.items():
        monkeypatch.setitem(sys.modules, name, module)
    assert run() == [("pip", "install --quiet git+https://github.com/OWNER/REPOSITORY")]
    assert allowed == [True]
