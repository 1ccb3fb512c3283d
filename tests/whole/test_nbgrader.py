"""Grading is nbgrader's job. Here the real one grades four submissions of a notebook of ours.

The notebook is 02 without what is not an exercise, so that a kernel has it done in seconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[teach]'")

ROOT = Path(__file__).parents[2]
NOTEBOOK = "02_optimizers.ipynb"

MOMENTUM = """
    v = momentum * v - lr * grad
    return theta + v, v
"""
SPLIT = """
    order = rng.permutation(len(X))
    n_train = round(fraction * len(X))
    return X[order[:n_train]], X[order[n_train:]]
"""
DIFFERENCE = """
    here, gradient = loss(theta), theta.copy()
    for i in range(len(theta)):
        nudged = theta.copy()
        nudged[i] += h
        gradient[i] = (loss(nudged) - here) / h
    return gradient
"""
FOR_EVER = """
    while True:
        try:
            X = X + 1
        except Exception:
            pass
"""

POINTS = {"momentum_step": 2, "train_test_split": 2, "finite_difference": 3, "sgd_catches_up": 3}

# What each student writes into the stubs, and what it is worth.
STUDENTS = {
    "untouched": ({}, 0),
    "half": (
        {"momentum_step": MOMENTUM, "train_test_split": "\n    return X[:5], X[5:]\n", "lr": "0.5"},
        2 + 3,
    ),
    "right": (
        {
            "momentum_step": MOMENTUM,
            "train_test_split": SPLIT,
            "finite_difference": DIFFERENCE,
            "lr": "0.5",
            "reason": "Because 6.2 alone is neither good nor bad.",
        },
        10,
    ),
    "broken": (
        {
            "momentum_step": "\n    return theta +* v\n",
            "train_test_split": FOR_EVER,
            "finite_difference": DIFFERENCE,
            "lr": "no_such_name",
        },
        3,
    ),
}


def nbgrader(course, *arguments):
    """Run a command as a teacher does, with no settings of this machine, and no strict checks."""
    clean = {name: value for name, value in os.environ.items() if name != "TP5_STRICT_CHECKS"}
    clean |= {"JUPYTER_CONFIG_DIR": str(course / "none"), "IPYTHONDIR": str(course / "none")}
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env=clean,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return run.stdout + run.stderr


def only_exercises(notebook):
    """Return the notebook's exercises, with the import that they need."""
    start = nbformat.v4.new_code_cell("from tp5 import exercises", id="start")
    cells = [cell for cell in notebook.cells if cell.id.startswith("ex-")]
    return nbformat.v4.new_notebook(cells=[start, *cells], metadata=notebook.metadata)


def filled_in(release, answers):
    """Return the notebook as a student hands it in."""
    notebook = nbformat.read(release, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            assert "\n    # your code here\n" in cell.source
            cell.source = cell.source.replace("\n    # your code here\n", answers[name])
        elif name == "yardstick_reason" and "reason" in answers:
            cell.source = answers["reason"]
        elif cell.source.startswith("my_lr = ") and "lr" in answers:
            cell.source = f"my_lr = {answers['lr']}"
    return notebook


@pytest.fixture
def course(tmp_path):
    """A course in which everything has been handed out, handed in and graded."""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    (tmp_path / "notebooks").mkdir()
    ours = nbformat.read(ROOT / "notebooks" / NOTEBOOK, as_version=4)
    nbformat.write(only_exercises(ours), tmp_path / "notebooks" / NOTEBOOK)
    nbgrader(tmp_path, "generate_assignment", "notebooks")
    release = tmp_path / "course/release/notebooks" / NOTEBOOK
    for student, (answers, _) in STUDENTS.items():
        place = tmp_path / "course/submitted" / student / "notebooks"
        place.mkdir(parents=True)
        nbformat.write(filled_in(release, answers), place / NOTEBOOK)
    nbgrader(tmp_path, "autograde", "notebooks")
    return tmp_path


@pytest.fixture
def gradebook(course, monkeypatch):
    from nbgrader.api import Gradebook

    here = str(Path(sys.executable).parent)  # it calls alembic by its name
    monkeypatch.setenv("PATH", os.pathsep.join([here, os.environ["PATH"]]))
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "tp5") as book:
        yield book


def test_four_submissions_are_graded(course, gradebook):
    """One test, for all of it hangs on one course, which takes half a minute."""
    check_what_was_handed_out(course)
    check_points(gradebook)
    check_reasons(gradebook)
    check_what_the_teacher_reads(course)


def check_points(gradebook):
    for student, (_, points) in STUDENTS.items():
        submission = gradebook.find_submission("notebooks", student)
        assert submission.score == points, student
        assert submission.max_score == sum(POINTS.values()) + 2, "and two for the reason"
    earned = {
        student: [grade(gradebook, student, f"{name}_check").auto_score for name in POINTS]
        for student in STUDENTS
    }
    assert earned == {
        "untouched": [0, 0, 0, 0],
        "half": [2, 0, 0, 3],
        "right": [2, 2, 3, 3],
        "broken": [0, 0, 3, 0],
    }


def grade(gradebook, student, cell):
    return gradebook.find_grade(cell, NOTEBOOK.removesuffix(".ipynb"), "notebooks", student)


def check_reasons(gradebook):
    """A reason is read by the teacher; none at all is worth nothing."""
    assert grade(gradebook, "right", "yardstick_reason").needs_manual_grade
    untouched = grade(gradebook, "untouched", "yardstick_reason")
    assert not untouched.needs_manual_grade
    assert untouched.auto_score == 0


def marked(path):
    """Cells with nbgrader's metadata, by their grade id."""
    cells = [
        cell for cell in nbformat.read(path, as_version=4).cells if "nbgrader" in cell.metadata
    ]
    return {cell.metadata["nbgrader"]["grade_id"]: cell for cell in cells}


def check_what_was_handed_out(course):
    """Stubs to write in, checks that are locked, no output."""
    cells = marked(course / "course/release/notebooks" / NOTEBOOK)
    for name in ("momentum_step", "train_test_split", "finite_difference"):
        assert "SOLUTION" not in cells[name].source
        assert "    # your code here\n" in cells[name].source
        assert cells[f"{name}_check"].metadata["editable"] is False
        assert cells[f"{name}_check"].outputs == []
    assert cells["yardstick_reason"].source == "*Why? (Double-click, and write here.)*"


def check_what_the_teacher_reads(course):
    """An untouched stub says so, a loop that never ends was stopped, and so on."""
    said = {
        ("untouched", "momentum_step"): "○ Not written yet (momentum_step)",
        ("half", "train_test_split"): "5 of 40 rows are for training",
        ("broken", "train_test_split"): "still running after 5 seconds",
        ("broken", "momentum_step"): "NameError",
        ("right", "finite_difference"): "✓ Right (finite_difference)",
    }
    for (student, name), words in said.items():
        cells = marked(course / "course/autograded" / student / "notebooks" / NOTEBOOK)
        assert words in str(cells[f"{name}_check"].outputs)
