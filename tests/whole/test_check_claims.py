"""What `make claims` changes in a notebook, and what it leaves alone."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tp5.datasets import all_characters, is_ours, load_fonts

sys.path.insert(0, str(Path(__file__).parents[2] / "docs"))
import check_claims
import other_hand


@pytest.mark.parametrize(("code", "wanted"), [
    ("fit(X, rng=0, epochs=10)", "fit(X, rng=100, epochs=10)"),
    ("a = dict(seed=7)", "a = dict(seed=107)"),
    ('a = {"rng": 2, "lr": 3}', 'a = {"rng": 102, "lr": 3}'),
    ("r = np.random.default_rng(1)", "r = np.random.default_rng(101)"),
    ("rng = 4\nseed = rng", "rng = 104\nseed = rng"),
    ("say('é β', rng=1); f(rng=22)", "say('é β', rng=101); f(rng=122)"),
    ("%matplotlib inline\nf(rng=1)", "%matplotlib inline\nf(rng=101)"),
    ("if colab:\n    %pip install x\nf(rng=1)", "if colab:\n    %pip install x\nf(rng=101)"),
    ("f(rng=rng, n_runs=5)\nrng=None", "f(rng=rng, n_runs=5)\nrng=None"),
])  # fmt: skip
def test_literal_seeds_are_shifted_and_nothing_else(code, wanted):
    assert check_claims.shifted(code, 100) == wanted


def test_exercises_and_prose_stay_as_they_are():
    notebook = new_notebook(cells=[
        new_code_cell("FONTS = load_fonts()  # yours\nf(rng=1)", id="a"),
        new_code_cell("f(rng=1)", id="ex-try"),
        new_markdown_cell("rng=1"),
    ])  # fmt: skip
    check_claims.prepare(notebook, 100, Path("my.h"))
    sources = [cell.source for cell in notebook.cells]
    assert sources == ["FONTS = load_fonts('my.h')  # yours\nf(rng=101)", "f(rng=1)", "rng=1"]


def test_a_notebook_that_fails_is_told_with_its_cell(tmp_path, monkeypatch, capsys):
    passes = new_code_cell("assert 1", id="good")
    for name, cells in (("01_a", [passes]), ("02_b", [passes, new_code_cell("assert 0, 'no'")])):
        path = tmp_path / f"{name}.ipynb"
        path.write_text(check_claims.nbformat.writes(new_notebook(cells=cells)), encoding="utf-8")
    monkeypatch.setattr(check_claims, "NOTEBOOKS", tmp_path)
    assert check_claims.check("01_a.ipynb", 0, None) == "passed"
    assert check_claims.check("01_a.ipynb", 0, Path("f.h")) == "takes no font"
    assert "AssertionError: no" in check_claims.check("02_b.ipynb", 0, None)
    results = {("01_a", "100"): "passed", ("02_b", "100"): "FAILED in x: no"}
    check_claims.print_table(["01_a", "02_b"], ["100"], results)
    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["100"], ["01_a", "passed"], ["02_b", "FAILED"]
    ]  # fmt: skip


def test_another_hand_draws_the_same_characters_otherwise(tmp_path):
    fonts = {name: load_fonts(path) for name, path in other_hand.write_all(tmp_path).items()}
    assert [len(each) for each in fonts.values()] == [3, 1]
    X, labels = all_characters(fonts["another-hand"])
    ours, our_labels = all_characters(load_fonts())
    assert labels == our_labels
    assert not is_ours(fonts["another-hand"])
    assert 3 < np.abs(X - ours).sum(axis=1).mean() < 15
