"""What the README says is so."""

import re
from pathlib import Path

import nbformat
import pytest

from tp5 import exercises
from tp5.__main__ import main
from tp5.exercises.think import Think

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_the_three_lines_do_what_they_say():
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    *lines, last = code.strip().splitlines()
    namespace: dict = {}
    exec("\n".join(lines), namespace)
    expression, claim = last.split("#")
    assert eval(expression, namespace) == int(claim)


def test_every_file_that_it_links_or_shows_exists():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_every_notebook_is_in_the_course_map_with_its_title():
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        title = nbformat.read(path, as_version=4).cells[0].source.split("\n")[0].removeprefix("# ")
        assert f"[{title}](notebooks/{path.name})" in README


def test_every_command_that_it_names_exists():
    for command in re.findall(r"-m tp5 (\w+)", README):
        with pytest.raises(SystemExit) as end:
            main([command, "--help"])
        assert end.value.code == 0


def test_binder_and_colab_would_open_a_notebook_that_is_there():
    paths = re.findall(r"(?:urlpath=lab/tree|blob/HEAD)/([\w/.]+)", README)
    assert paths == ["notebooks/00_start_here.ipynb"] * 2
    assert (ROOT / paths[0]).exists()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/teaching.md"])
def test_files_and_targets_that_a_page_names_exist(name):
    text = (ROOT / name).read_text()
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make (\w+)", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for path in re.findall(r"`((?:tp5|docs|tests|data|notebooks|benchmarks)/[\w/.]*)`", text):
        assert (ROOT / path).exists(), path


def test_every_make_target_that_it_names_exists():
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"`?make (\w+)", README)) - {"it"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


TEACHING = (ROOT / "docs" / "teaching.md").read_text()


def test_the_answers_that_the_teacher_is_told_are_those_of_the_checks():
    told = dict(re.findall(r"`(\w+)` ([a-d])\b", TEACHING))
    assert told == {q.title: q.best for q in exercises.ALL if isinstance(q, Think)}


def test_the_questions_that_the_teacher_is_told_about_are_asked():
    for notebook, number in re.findall(r"^\| (\d\d), (\d+\.\d+) ", TEACHING, re.MULTILINE):
        (path,) = (ROOT / "notebooks").glob(f"{notebook}_*.ipynb")
        assert f"**{number}" in path.read_text(), f"{notebook}, {number}"


def test_a_session_fills_two_hours():
    for session in re.split(r"^## Session \d", TEACHING, flags=re.MULTILINE)[1:]:
        minutes = re.findall(r"^\| (\d+) \|", session.partition("\n## ")[0], re.MULTILINE)
        assert sum(map(int, minutes)) == 120
