"""Figures are shown wherever in a cell they are made; tried in a real kernel."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

from tp5 import plots

START = """
import numpy as np
from tp5 import plots

def figure(title):
    return plots.funnel((3, 2, 3), title)
"""
CELLS = {
    "loop": "for k in range(3):\n    figure(f'run {k}')",
    "middle": "figure('first')\nprint('between')\nfigure('last')",
    "function": "def draw():\n    figure('in a function')\ndraw()",
    "assigned": "kept = figure('kept')",
    "show": "for k in range(2):\n    figure(f'now {k}').show()\n    print(k)",
    "display": "display(figure('by display'))\nNone",
    "again": "kept.show()\nkept",
    "saved": "figure('to a file').save('figure.png')",
    "no words": "_ = plots.new_figure()",
    "error": "figure('before it')\n1 / 0",
    "half-drawn": "plots.new_figure()[2]",
    "after": "'nothing waits'",
}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each cell left behind, by its name."""
    cells = [nbformat.v4.new_code_cell(source) for source in (START, *CELLS.values())]
    resources = {"metadata": {"path": str(tmp_path_factory.mktemp("figures"))}}
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(
        notebook, timeout=600, kernel_name="python3", allow_errors=True, resources=resources
    ).execute()
    assert notebook.cells[0].outputs == []
    return dict(zip(CELLS, (cell.outputs for cell in notebook.cells[1:]), strict=True))


def seen(outputs):
    """In order: what is printed, the first words of pictures, the name of an error."""
    told = []
    for output in outputs:
        if output.output_type == "stream":
            told.append(output.text.strip())
        elif output.output_type == "error":
            told.append(output.ename)
        elif "image/png" in output.data:
            told.append(output.metadata["image/png"]["alt"].split(".")[0])
        elif "tp5-words" not in output.data.get("text/html", ""):
            told.append(output.data["text/plain"])
    return told


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("loop", ["run 0", "run 1", "run 2"]),
        ("middle", ["between", "first", "last"]),
        ("function", ["in a function"]),
        ("assigned", ["kept"]),
        ("show", ["now 0", "0", "now 1", "1"]),
        ("display", ["by display"]),
        ("again", ["kept", "kept"]),
        ("saved", []),
        ("error", ["ZeroDivisionError", "before it"]),
        ("half-drawn", ["IndexError"]),
        ("after", ["'nothing waits'"]),
    ],
)
def test_every_figure_is_seen_once(outputs, name, wanted):
    told = seen(outputs[name])
    assert told == wanted
    pictures = [output for output in outputs[name] if "image/png" in output.get("data", {})]
    words = [o for o in outputs[name] if "tp5-words" in o.get("data", {}).get("text/html", "")]
    assert len(words) == len(pictures), "its words come with every picture"


def test_a_figure_without_words_is_not_lost_in_silence(outputs):
    (told,) = seen(outputs["no words"])
    assert "it has no alt text; say in figure.alt what it shows, then figure.show()" in told


def test_without_a_notebook_show_says_what_to_do():
    with pytest.raises(RuntimeError, match=r"no notebook .* figure\.save\('figure\.png'\)"):
        plots.funnel((3, 2, 3), "T").show()
