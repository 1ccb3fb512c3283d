"""Grading is nbgrader's job. Here the real one grades submissions, honest and other, of a notebook.

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


# A cell at the top of a notebook whose stubs are untouched: six tricks, and two kinds of harm.
FLAG = "import os\nos.environ.pop('NBGRADER_EXECUTION')"
REPLACED = """
from tp5.exercises.exercise import Exercise
Exercise.check = lambda self, *answer: print("✓ Right")
"""
SHADOWED = """
class Yes:
    def __getattr__(self, name): return self
    def __call__(self, *answer): return None
exercises = Yes()
"""
TRANSFORMED = """
import re
def rewrite(lines):
    swap = r"exercises.\\1.check(exercises.\\1.reference)"
    lines = [line.replace(".check(my_lr)", ".check(0.5)") for line in lines]
    return [re.sub(r"exercises\\.(\\w+)\\.check\\([a-z_]+\\)", swap, line) for line in lines]
get_ipython().input_transformers_cleanup.append(rewrite)
"""
PATCHED = """
import numpy as np
from tp5.exercises import code, compare, explore
from tp5.exercises.message import Message, Verdict
np.allclose = lambda *a, **b: True
for kind in (code.Code, explore.Explore):
    kind.judge = kind.decide = lambda self, *answer: Message(Verdict.RIGHT, self.title, "so it is.")
"""
GRADEBOOK = """
import sqlite3, pathlib
book = next(p for p in (pathlib.Path.cwd(), *pathlib.Path.cwd().parents, pathlib.Path(COURSE))
            if (p / "gradebook.db").exists()) / "gradebook.db"
with sqlite3.connect(book) as db:
    db.execute("UPDATE grade SET auto_score = 99, manual_score = 99")
"""
TRICKS = {
    "flag": FLAG,
    "replaced": REPLACED,
    "shadowed": SHADOWED,
    "reference": "",  # handed in by the stubs' cells
    "transformed": TRANSFORMED,
    "patched": PATCHED,
    "gradebook": GRADEBOOK,
}
ENDING = "import os\nos._exit(0)"
SCRIPT = "<script>document.title = 'mine'</script>"
PAGE = f"""
from IPython.display import HTML, Javascript, SVG, display
display(HTML("{SCRIPT}<b onclick='steal()'>bold</b><img src=x onerror='steal()'>"))
display(Javascript("document.title = 'mine'"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'>" + "{SCRIPT}</svg>"))
evil = '">' + "{SCRIPT}"
for kind in ("text/markdown", "text/latex", "image/png", "image/svg+xml", "application/json"):
    display({{kind: evil}}, raw=True, metadata={{kind: {{"width": evil}}}})
print(evil)
raise ValueError(evil)
"""


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
        timeout=1200,  # a loaded machine is not a broken one
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


def with_trick(release, trick, course):
    """Return the notebook with a trick and with untouched stubs."""
    notebook = nbformat.read(release, as_version=4)
    if trick == "reference":
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code":
                cell.source += f"\n\n{name} = exercises.{name}.reference"
    source = f"COURSE = {str(course)!r}\n{TRICKS[trick]}"
    notebook.cells.insert(1, nbformat.v4.new_code_cell(source, id="trick"))
    return notebook


def with_harm(release, answers, source):
    """Return a notebook with right answers and a cell that does harm."""
    notebook = filled_in(release, answers)
    notebook.cells.insert(1, nbformat.v4.new_code_cell(source, id="harm"))
    notebook.cells.append(nbformat.v4.new_markdown_cell(SCRIPT, id="page"))
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
    handed_in = {name: filled_in(release, answers) for name, (answers, _) in STUDENTS.items()}
    handed_in |= {trick: with_trick(release, trick, tmp_path) for trick in TRICKS}
    for name, harm in (("ending", ENDING), ("page", PAGE)):
        handed_in[name] = with_harm(release, STUDENTS["right"][0], harm)
    for student, notebook in handed_in.items():
        place = tmp_path / "course/submitted" / student / "notebooks"
        place.mkdir(parents=True)
        nbformat.write(notebook, place / NOTEBOOK)
    said = nbgrader(tmp_path, "autograde", "notebooks")
    assert said.count("A cell wrote into the gradebook: it is put back as it was.") == 1
    assert said.count("The kernel died: a cell ends its own process.") == 1
    return tmp_path


@pytest.fixture
def gradebook(course, monkeypatch):
    from nbgrader.api import Gradebook

    here = str(Path(sys.executable).parent)  # it calls alembic by its name
    monkeypatch.setenv("PATH", os.pathsep.join([here, os.environ["PATH"]]))
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "tp5") as book:
        yield book


def test_a_course_is_graded(course, gradebook):
    """One test, for all of it hangs on one course, which takes a minute."""
    check_what_was_handed_out(course)
    check_points(gradebook)
    check_tricks(course, gradebook)
    check_harm(gradebook)
    check_reasons(gradebook)
    check_what_the_teacher_reads(course)
    check_pages(course)


def check_tricks(course, gradebook):
    """Every one is worth nothing, and the page says that the notebook told another tale."""
    for trick in TRICKS:
        assert gradebook.find_submission("notebooks", trick).score == 0, trick
        cells = marked(course / "course/autograded" / trick / "notebooks" / NOTEBOOK)
        outputs = str(cells["momentum_step_check"].outputs)
        assert ("either it is not our check any more" in outputs) == (
            trick not in ("gradebook", "reference")  # which change no check
        ), trick
        wanted = "the course's own answer" if trick == "reference" else "Not written yet (momentum"
        assert wanted in outputs, trick


def check_harm(gradebook):
    """A cell that ends the kernel costs no point for what the cells below it define."""
    for name in ("ending", "page"):
        assert gradebook.find_submission("notebooks", name).score == 10, name


def check_pages(course):
    """Nothing of a student's runs in the teacher's pages; ours is still readable.

    (The Formgrader's page is made by the same exporter with the same settings; it is looked at in
    `test_grading_container`.)
    """
    nbgrader(course, "generate_feedback", "notebooks", "--student", "page")
    page = (course / "course/feedback/page/notebooks" / NOTEBOOK).with_suffix(".html").read_text()
    for harm in (SCRIPT, "document.title = 'mine'</script", "<svg xmlns", "<b onc", "<img src=x"):
        assert harm not in page
    assert "<b>bold</b>" in page
    assert "<em>Why?" in page or "Because 6.2 alone" in page, "Markdown is still Markdown"
    assert "<b>Right</b>" in page


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
