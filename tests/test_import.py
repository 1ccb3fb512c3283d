"""`import tp5` is quick because it loads NumPy alone."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def loaded_by(statement: str) -> set[str]:
    """Top-level modules that are there after a statement, in a Python of its own."""
    code = f"{statement}; import json, sys; print(json.dumps(sorted(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in json.loads(result.stdout)}


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    return loaded_by("import tp5")


@pytest.mark.parametrize(
    "name", ["scipy", "matplotlib", "tqdm", "PIL", "ipywidgets", "anywidget", "IPython"]
)
def test_what_takes_long_is_loaded_when_it_is_used(loaded, name):
    assert name not in loaded


def test_nothing_but_numpy_and_the_standard_library_is_loaded(loaded):
    numpy = loaded_by("import numpy, numpy.random")
    assert "numpy" in loaded
    assert loaded - numpy - sys.stdlib_module_names == {"tp5"}
