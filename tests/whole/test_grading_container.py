"""`docs/grade.py` with an engine of ours in the place of Docker: no image, but the same commands.

Where Linux lets us, that engine takes the network away as well.
"""

from __future__ import annotations

import ast
import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[teach]'")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is for Linux")

ROOT = Path(__file__).parents[2]
NOTEBOOK = "02_optimizers.ipynb"
ENGINE = """#!{python}
import os, subprocess, sys
words = sys.argv[1:]
with open({log!r}, "a") as log: print(words, file=log)
folder = words[words.index("--volume") + 1].removesuffix(":/course")
command = words[words.index("sh"):]
if not os.getuid():
    command[-1] = command[-1].replace("jupyter lab", "jupyter lab --allow-root")
os.chdir(folder)
os.environ["PATH"] = os.pathsep.join([{bin!r}, os.environ["PATH"]])
alone = ["unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
if subprocess.run([*alone, "true"], stderr=subprocess.DEVNULL).returncode:
    alone = []
os.execvp([*alone, *command][0], [*alone, *command])
"""
MOMENTUM = "\n    v = momentum * v - lr * grad\n    return theta + v, v\n"
LOOK_AROUND = """
import pathlib, socket
print(sorted(p.name for p in pathlib.Path("..", "..", "..", "submitted").resolve().iterdir()))
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
except OSError as error:
    print("no network:", error)
from IPython.display import HTML, display
display(HTML("<script>alert(1)</script><i>words</i><b onclick='steal()'>"))
display({"text/latex": "<script>alert(1)</script>"}, raw=True)
"""


@pytest.fixture
def top(tmp_path):
    """A course with two submissions of a notebook that is short."""
    ours = nbformat.read(ROOT / "notebooks" / NOTEBOOK, as_version=4)
    start = nbformat.v4.new_code_cell("from tp5 import exercises", id="start")
    ours.cells = [start, *(cell for cell in ours.cells if cell.id.startswith("ex-"))]
    (tmp_path / "notebooks").mkdir()
    nbformat.write(ours, tmp_path / "notebooks" / NOTEBOOK)
    for cell in ours.cells:
        if "def momentum_step" in cell.source:
            cell.source = cell.source.replace("\n    # your code here\n", MOMENTUM)
    ours.cells.insert(1, nbformat.v4.new_code_cell(LOOK_AROUND, id="look"))
    for student in ("ana", "ben"):
        place = tmp_path / "course" / "submitted" / student / "notebooks"
        place.mkdir(parents=True)
        nbformat.write(ours, place / NOTEBOOK)
    for name in ("nbgrader_config.py", "docs/grade.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def environment(tmp_path):
    """The environment of a teacher whose ``docker`` is ours."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    here = str(Path(sys.executable).parent)
    script = ENGINE.format(python=sys.executable, log=str(tmp_path / "log"), bin=here)
    (binaries / "docker").write_text(script)
    (binaries / "docker").chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    paths = {"PATH": os.pathsep.join([str(binaries), os.environ["PATH"]])}
    paths |= {"JUPYTER_CONFIG_DIR": str(tmp_path / "none")}
    paths |= {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    return clean | paths


def test_a_submission_is_graded_and_read_in_containers(top, environment):
    """One test, for it takes half a minute."""
    words = [sys.executable, "docs/grade.py", "ana", "--port", "0"]
    # A shell's background job ignores it, and so would what it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    grading = subprocess.Popen(
        words, cwd=top, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        address = next(line for line in grading.stdout if line.startswith("Open http")).split()[1]
        check_formgrader(address)
    finally:
        os.kill(grading.pid, signal.SIGINT)
        rest = grading.communicate(timeout=900)[0]
    assert grading.returncode == 0, rest
    check_what_was_seen(top)
    check_commands(top)
    check_points(top, environment)


def check_formgrader(address):
    """The page of the submission comes through the socket."""
    pattern = r"(http://127\.0\.0\.1:\d+)/formgrader\?token=(.+)"
    site, token = re.fullmatch(pattern, address).groups()

    def read(path):
        request = urllib.request.Request(site + path, headers={"Authorization": f"token {token}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    (submission,) = json.loads(read("/formgrader/api/student_notebook_submissions/ana/notebooks"))
    assert submission["score"] == 2
    page = read(f"/formgrader/submissions/{submission['id']}/?index=0")
    assert "<b>Right</b>" in page
    assert "<i>words</i>" in page
    assert "<script>alert(1)" not in page
    assert "<b onclick" not in page
    assert "ben" not in read("/formgrader/api/students")


def check_what_was_seen(top):
    """The submission's own cell met no other submission, and no network if we can take it away."""
    graded = top / "course/graded/ana/course/autograded/ana/notebooks" / NOTEBOOK
    printed = str(nbformat.read(graded, as_version=4).cells[1].outputs)
    assert "['ana']" in printed
    alone = subprocess.run(["unshare", "-n", "true"], check=False, stderr=subprocess.DEVNULL)
    assert alone.returncode or "no network: [Errno 101]" in printed


def check_commands(top):
    """Each container has no network, and one folder, which is the student's."""
    runs = [ast.literal_eval(line) for line in (top / "log").read_text().splitlines()]
    assert len(runs) == 3
    for words in runs:
        assert words[:2] == ["run", "--rm"]
        assert words[words.index("--network") + 1] == "none"
        assert "--read-only" in words
        mounted = [words[i + 1] for i, word in enumerate(words) if word == "--volume"]
        assert mounted == [f"{top / 'course/graded/ana'}:/course"]


def check_points(top, environment):
    """All points are in one table; more than there are is refused."""
    words = [sys.executable, "docs/grade.py"]

    def run(*more):
        return subprocess.run(
            [*words, *more], cwd=top, env=environment, capture_output=True, text=True, check=False
        )

    assert run("--table").returncode == 0
    with (top / "course/grades.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert (row["student_id"], float(row["score"]), float(row["max_score"])) == ("ana", 2, 12)
    assert (top / "course/graded/ana/course/feedback/ana/notebooks/02_optimizers.html").is_file()
    assert "was graded. To do it again, remove that folder" in run("ana").stderr
    for nobody in ("nobody", "../ana", ""):
        assert "put the notebooks into its notebooks/" in run(nobody).stderr
    table = top / "course/graded/ana/course/grades.csv"
    table.write_text(table.read_text().replace(",2.0,", ",99.0,"))
    assert "ana has 99.0 of 12.0 points?" in run("--table").stderr
