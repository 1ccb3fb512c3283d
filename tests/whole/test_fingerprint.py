"""The same seed gives the same bits: on other processors, with one thread and with two."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.portable import NO_AVX, SETTINGS, can_be, processor
from tp5.tools.fingerprint import FINGERPRINT

ROOT = Path(__file__).parents[2]
ASK = "from tp5.tools.fingerprint import fingerprint; print(fingerprint())"

MORE = {
    "two threads": {"OMP_NUM_THREADS": "2"},
    # Other kernels for BLAS and NumPy, and Numba as this machine is.
    "nehalem kernels": {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": NO_AVX},
    "nehalem, one thread": processor("nehalem", "Nehalem", NO_AVX) | {"OMP_NUM_THREADS": "1"},
}


@pytest.mark.parametrize(("name", "setting"), (SETTINGS | MORE).items(), ids=SETTINGS | MORE)
def test_thousands_of_steps_end_at_the_same_bits(name, setting):
    if not can_be(name):
        pytest.skip("this processor lacks the instructions")
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=os.environ | setting,
        capture_output=True,
        text=True,
        timeout=1800,  # it compiles for that processor first
        check=True,
    )
    assert asked.stdout.split()[-1] == FINGERPRINT


def test_the_blackboard_trains_the_same_networks():
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=os.environ | {"TP5_COMPILED": "0"},
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    assert len(asked.stdout.split()[-1]) == 16
