"""The exercises in the notebooks: stubs, checks, and the marks that nbgrader needs."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from tp5 import exercises

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = {int(path.name[:2]): path for path in sorted(FOLDER.glob("0[1-5]_*.ipynb"))}


@pytest.fixture(params=sorted(NOTEBOOKS), ids=lambda number: f"{number:02}")
def number(request):
    return request.param


def cells_of(number):
    return nbformat.read(NOTEBOOKS[number], as_version=4).cells


def marked(number):
    """Cells with nbgrader's metadata, by their grade id."""
    cells = [cell for cell in cells_of(number) if "nbgrader" in cell.metadata]
    names = [cell.metadata["nbgrader"]["grade_id"] for cell in cells]
    assert len(set(names)) == len(names)
    return dict(zip(names, cells, strict=True))


def test_every_exercise_of_the_notebook_is_in_it_in_order(number):
    source = "\n".join(cell.source for cell in cells_of(number) if cell.cell_type == "code")
    checked = re.findall(r"^exercises\.(\w+)\.check\(", source, re.MULTILINE)
    assert checked == [q.title for q in exercises.ALL if q.notebook == number]
    assert f"exercises.progress({number})" in source


def test_tasks_are_numbered_and_say_their_kind(number):
    prose = "\n".join(cell.source for cell in cells_of(number) if cell.cell_type == "markdown")
    section = re.search(r"^## (\d+)\. Exercises", prose, re.MULTILINE)[1]
    tasks = re.findall(rf"^\*\*{section}\.(\d+)(?: (\w+)\.)?\*\*", prose, re.MULTILINE)
    kinds = [q.kind for q in exercises.ALL if q.notebook == number]
    assert [int(n) for n, _ in tasks] == list(range(1, len(tasks) + 1))
    assert [kind.lower() for _, kind in tasks if kind] == kinds


def test_stubs_are_solution_cells_without_a_solution(number):
    cells = marked(number)
    for q in exercises.ALL:
        if q.notebook != number or q.kind != "code":
            continue
        stub = cells[q.title]
        assert stub.metadata["nbgrader"]["solution"]
        assert not stub.metadata["nbgrader"]["grade"]
        body = re.search(r"### BEGIN SOLUTION\n(.*)\n    ### END SOLUTION", stub.source, re.DOTALL)
        assert body[1] == "    # your code here"


def test_the_stub_takes_what_the_exercise_hands_over(number):
    for q in exercises.ALL:
        if q.notebook == number and q.kind == "code":
            arguments = re.search(r"def \w+\((.*)\):", marked(number)[q.title].source)[1]
            wanted = list(q.signature)
            names = [name.split("=")[0].strip() for name in arguments.split(",")]
            assert len(names) == len(wanted)
            if q.reference.__module__.startswith("tp5.exercises"):
                assert names == wanted


def test_checks_are_locked_and_have_points(number):
    cells = marked(number)
    for q in exercises.ALL:
        if q.notebook != number or q.kind == "think":
            continue
        cell = cells[f"{q.title}_check"]
        mark = cell.metadata["nbgrader"]
        assert cell.source.startswith(f"exercises.{q.title}.check(")
        assert mark["grade"]
        assert mark["locked"]
        assert not mark["solution"]
        assert mark["points"] >= 1
        assert mark["schema_version"] == 3


def test_thoughts_are_graded_by_hand(number):
    cells = marked(number)
    for q in exercises.ALL:
        if q.notebook == number and q.kind == "think":
            cell = cells[f"{q.title}_reason"]
            assert cell.cell_type == "markdown"
            assert cell.metadata["nbgrader"]["grade"]
            assert cell.metadata["nbgrader"]["solution"]
            assert cell.source == "*Why? (Double-click, and write here.)*"


def test_what_is_stored_is_the_kind_answer_to_a_stub(number):
    for cell in cells_of(number):
        found = re.match(r"exercises\.(\w+)\.check\(", cell.source)
        if not found or cell.cell_type != "code":
            continue
        (output,) = cell.outputs
        kind = getattr(exercises, found[1]).kind
        start = {"code": "○ Not written yet", "think": "○ Not answered yet"}.get(kind, "")
        assert output["data"]["text/plain"].startswith(start)


def test_nbgrader_accepts_the_marks(number):
    validator = pytest.importorskip("nbgrader.nbgraderformat", reason="nbgrader is not installed")
    notebook = nbformat.read(NOTEBOOKS[number], as_version=4)
    validator.MetadataValidator().validate_nb(notebook)


def test_the_teachers_page_has_the_points(number):
    marks = [cell.metadata["nbgrader"] for cell in marked(number).values()]
    checks = sum(mark["points"] for mark in marks if mark["grade"] and mark["locked"])
    reasons = sum(mark["points"] for mark in marks if mark["grade"] and mark["solution"])
    page = (FOLDER.parent / "docs" / "teaching.md").read_text()
    assert f"| {number:02} | {checks} | {reasons} |" in page


def test_the_teachers_page_has_the_best_answers():
    page = (FOLDER.parent / "docs" / "teaching.md").read_text()
    for q in exercises.ALL:
        if q.kind == "think":
            assert f"`{q.title}` {q.best}" in page
