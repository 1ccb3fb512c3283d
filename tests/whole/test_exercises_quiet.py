"""What an answer asks, shows or leaves open is caught and told in a word; in a real kernel, too."""

from __future__ import annotations

import builtins
import io
import sys

import matplotlib.pyplot as plt
import nbformat
import pytest
from nbclient import NotebookClient

from tp5 import exercises
from tp5.exercises.message import Verdict
from tp5.exercises.quiet import AsksForInput, quiet

ASKING = {
    "input": "n = input('which row? ')",
    "password": "import getpass; getpass.getpass()",
    "keyboard": "import sys; sys.stdin.readline()",
}
SHOWING = {
    "display": "display(value, value)",
    "figure": "plots.funnel((3, 2, 3), 'T')",
    "pyplot": "plt.figure()",
    "show": "plt.plot([1]); plt.show()",
}
CELL = """
def glyph_row(value):
    {line}
    return [value >> b & 1 for b in (4, 3, 2, 1, 0)]
exercises.glyph_row.check(glyph_row)
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each check shows in a notebook, by the name of what it tries."""
    lines = ASKING | SHOWING | {"prints": "print('row', value)", "nothing": "pass"}
    start = "import matplotlib.pyplot as plt\nfrom tp5 import exercises, plots"
    sources = [start, *(CELL.format(line=line) for line in lines.values())]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    resources = {"metadata": {"path": str(tmp_path_factory.mktemp("answers"))}}
    client = NotebookClient(notebook, timeout=600, kernel_name="python3", resources=resources)
    client.execute()
    return dict(zip(lines, (cell.outputs for cell in notebook.cells[1:]), strict=True))


@pytest.mark.parametrize("name", ASKING)
def test_an_answer_that_asks_is_told_so(outputs, name):
    (message,) = outputs[name]
    text = message.data["text/plain"]
    assert text.startswith("✗ Not yet (glyph_row): it asks for input, and in a check nobody")
    assert ASKING[name] in text, "the line where it asks"


@pytest.mark.parametrize("name", SHOWING)
def test_what_an_answer_shows_is_not_poured_out(outputs, name):
    (message,) = outputs[name]
    text = message.data["text/plain"]
    assert text.startswith("✓ Right (glyph_row)")
    assert len(text.splitlines()) <= 4, "of the first call only"


@pytest.mark.parametrize(("name", "things"), [("display", "2 things"), ("pyplot", "a thing")])
def test_it_is_told_in_a_word(outputs, name, things):
    (message,) = outputs[name]
    assert f"(and it shows {things}, which a check does not)" in message.data["text/plain"]


def test_what_a_right_answer_prints_is_told_once(outputs):
    (message,) = outputs["prints"]
    assert "it printed:\n    row " in message.data["text/plain"]
    assert message.data["text/plain"].count("row ") == 1


def test_an_answer_that_is_quiet_hears_nothing_of_it(outputs):
    (message,) = outputs["nothing"]
    assert len(message.data["text/plain"].splitlines()) == 1


def test_outside_of_a_notebook_too():
    def asking(value):
        return input()

    verdict = exercises.glyph_row.judge(asking)
    assert verdict.verdict is Verdict.WRONG
    assert verdict.text.startswith("it asks for input")


def test_everything_is_as_it_was_afterwards():
    before, printed = (input, sys.stdin), io.StringIO()

    def answer():
        with quiet(printed):
            builtins.display("a thing")
            input()

    with pytest.raises(AsksForInput):
        answer()
    assert (input, sys.stdin) == before
    assert printed.getvalue() == "(and it shows a thing, which a check does not)\n"


def test_a_figure_that_was_open_before_stays_and_is_not_counted():
    mine, printed = plt.figure(), io.StringIO()
    with quiet(printed):
        plt.figure()
    assert plt.fignum_exists(mine.number)
    plt.close(mine)
    assert printed.getvalue() == "(and it shows a thing, which a check does not)\n"
