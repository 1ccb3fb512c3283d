"""A bar counts, is drawn, and leaves nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from IPython.display import DisplayHandle

from tp5 import progress as bars
from tp5.progress import progress_bar


def test_without_a_bar_it_is_a_range():
    assert progress_bar(3, False) == range(3)


def test_a_terminal_is_left_clean(capsys):
    assert list(progress_bar(3, True, desc="Powell")) == [0, 1, 2]
    printed = capsys.readouterr().err
    assert "Powell" in printed
    assert printed.split("\r")[-1].strip() == ""


def test_a_quick_loop_draws_nothing(capsys):
    assert list(progress_bar(3, None)) == [0, 1, 2]
    assert capsys.readouterr().err == ""


@pytest.fixture
def screen(monkeypatch):
    """What a notebook was shown, one after another."""
    told = []
    monkeypatch.setattr(bars, "in_notebook", lambda: True)

    class Handle(DisplayHandle):
        def update(self, data, **_):
            told.append(data)

    def display(data, **_):
        told.append(data)
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    return told


def test_a_notebook_sees_the_bar_and_then_nothing(screen, capsys):
    for step in progress_bar(4, True, desc="CG <1>", mininterval=0):
        time.sleep(0.001)
        if step == 2:
            assert 'value="2" max="4"' in screen[-1]["text/html"]
            assert screen[-1]["text/plain"].startswith("CG <1>: 2 of 4, about 0 s left")
            assert "CG &lt;1&gt;" in screen[-1]["text/html"]
    assert screen[0] == {}
    assert screen[-1] == {}
    assert not any("widget" in kind for data in screen for kind in data)
    assert capsys.readouterr().err == ""


def test_a_quick_loop_in_a_notebook_shows_nothing_at_all(screen):
    assert list(progress_bar(3, None)) == [0, 1, 2]
    assert screen == []


def test_it_can_be_moved_and_closed_by_hand(screen):
    bar = progress_bar(10, True, mininterval=0, miniters=0)
    bar.update(7)
    assert screen[-1]["text/plain"].startswith("7 of 10")
    bar.close()
    bar.close()
    assert screen[-1] == {}
    assert list(progress_bar(0, True)) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ZeroDivisionError])
def test_a_loop_that_is_broken_off_leaves_nothing(screen, stop):
    def train():
        for step in progress_bar(10, True, mininterval=0):
            if step == 3:
                raise stop

    with pytest.raises(stop):
        train()
    assert screen[-1] == {}


def test_nobody_else_draws_bars():
    """tqdm.auto's are widgets, and a saved notebook remembers them."""
    package = Path(bars.__file__).parent
    found = [path.name for path in package.rglob("*.py") if "tqdm.auto" in path.read_text()]
    assert found == []
