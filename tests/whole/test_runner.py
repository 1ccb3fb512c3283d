"""A notebook is run from top to bottom, its file is left alone, and what went wrong is said."""

from __future__ import annotations

import sys

import nbformat
import pytest

from tp5.tools import runner


@pytest.fixture
def notebook(tmp_path):
    """Write a notebook of some cells, and return its path."""

    def write(*cells):
        path = tmp_path / "some.ipynb"
        nbformat.write(
            nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]),
            path,
        )
        return path

    return write


def test_the_whole_course_is_found_in_order():
    names = [path.name for path in runner.find_notebooks()]
    assert names == sorted(names)
    assert names[0] == "00_start_here.ipynb"


def test_a_number_or_a_path_chooses(notebook):
    path = notebook("1")
    assert [found.name[:2] for found in runner.find_notebooks(["02", "01"])] == ["02", "01"]
    assert runner.find_notebooks([str(path)]) == [path]


def test_a_notebook_that_is_not_there_is_named():
    with pytest.raises(FileNotFoundError, match="no notebook '9'; there are 00, 01"):
        runner.find_notebooks(["9"])


def test_a_good_and_a_failing_notebook(notebook):
    path = notebook("x = 1", "import os", "assert x == 2, 'x is one'", "never = 1")
    before = path.read_bytes()
    bad = runner.run_notebook(path)
    assert str(bad) == "✗ some.ipynb: cell 3: AssertionError: x is one"
    assert path.read_bytes() == before
    good = runner.run_notebook(
        notebook("import pathlib", "assert pathlib.Path('some.ipynb').exists()")
    )
    assert not good.failure
    assert str(good) == f"✓ some.ipynb, {good.seconds:.0f} s"


def test_a_cell_that_takes_too_long_is_stopped(notebook):
    slow = runner.run_notebook(notebook("import time", "time.sleep(60)"), cell_seconds=1)
    assert slow.failure == "cell 2 took longer than 1 s"
    assert slow.seconds < 30


def test_a_kernel_that_dies_is_told(notebook):
    dead = runner.run_notebook(notebook("import os; os._exit(1)"))
    assert "the kernel died in cell" in dead.failure


def test_it_runs_in_this_python_whatever_kernel_the_notebook_asks_for(notebook):
    path = notebook("import sys", f"assert sys.executable == {sys.executable!r}")
    text = path.read_text().replace('"metadata": {}', '"metadata": {"kernelspec": KERNEL}')
    kernel = '{"name": "nowhere", "display_name": "Nowhere", "language": "python"}'
    path.write_text(text.replace("KERNEL", kernel))
    assert nbformat.read(path, as_version=4).metadata.kernelspec.name == "nowhere"
    assert not runner.run_notebook(path).failure
