"""The doctor of an installed course: no checkout, and loops that are not compiled yet."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tp5.tools import doctor

DATA = Path(__file__).parents[2] / "data"


def test_it_works_from_an_installed_wheel(tmp_path):
    root = Path(__file__).parents[2]
    if not (root / "pyproject.toml").exists():
        pytest.skip("no checkout")
    shutil.copytree(root / "tp5", tmp_path / "tp5", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tp5" / "data").symlink_to(DATA)
    run = subprocess.run(
        [sys.executable, "-m", "tp5", "doctor"], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("✓") == len(doctor.CHECKS)
