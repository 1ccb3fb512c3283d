"""Is this machine ready for the course? Each check answers ✓, or ✗ with the remedy.

In a terminal ``python -m tp5 doctor``, in a notebook ``doctor.examine()``. A check never raises:
what it stumbles over is its finding.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from .. import compiled
from ..files import data_path
from .findings import Examination, Finding

MEMORY_NEEDED = 1.0  # GiB; notebook 05 takes half of it, the browser the other half
INSTALL = f"{sys.executable} -m pip install"
# Without them JupyterLab says "Error displaying widget".
WIDGET_EXTENSIONS = {
    "@jupyter-widgets/jupyterlab-manager": "jupyterlab-widgets",
    "anywidget": "anywidget",
}


def examine() -> Examination:
    """Run every check: a second or two in all, and the first time ten more, to compile.

    Returns
    -------
    Examination
        A list of `Finding`; ``.healthy`` says whether all is well.
    """
    return Examination(finding for name, check in CHECKS.items() for finding in run(name, check))


def run(name: str, check: Callable[[str], Iterable[Finding]]) -> list[Finding]:
    """Return the findings of one check; an exception in it is a finding too."""
    try:
        return list(check(name))
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
        return [Finding(name, False, found, "install the course again: make clean, then make lab")]


def requirements() -> tuple[str, list[str]]:
    """Return what the course asks for: the Python version, and the packages.

    From pyproject.toml where there is a checkout, which a ``git pull`` may have changed since the
    course was installed; from the installed package's own metadata otherwise.

    Returns
    -------
    python : str
        For example ``">=3.11"``.
    packages : list of str
        For example ``["numpy>=2.0"]``; without those of the extras.
    """
    pyproject = Path(__file__).parents[2] / "pyproject.toml"
    if pyproject.exists():
        import tomllib

        project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
        return project["requires-python"], project["dependencies"]
    packages = [line for line in metadata.requires("tp5") or [] if "extra ==" not in line]
    return metadata.metadata("tp5")["Requires-Python"], packages


def check_python(name: str) -> Iterable[Finding]:
    """Is this Python new enough?"""
    from packaging.specifiers import SpecifierSet

    wanted, _ = requirements()
    version = platform.python_version()
    if SpecifierSet(wanted).contains(version, prereleases=True):
        yield Finding(name, True, version)
    else:
        remedy = "install a newer one, then: make clean, make PYTHON=python3.12 lab"
        yield Finding(name, False, f"{version}, but the course needs {wanted}", remedy)


def check_packages(name: str) -> Iterable[Finding]:
    """Is every package there, in a version that pyproject.toml allows?"""
    from packaging.requirements import Requirement

    _, packages = requirements()
    fine = []
    for wanted in map(Requirement, packages):
        try:
            version = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            version = "not installed"
        if version[0].isdigit() and wanted.specifier.contains(version, prereleases=True):
            fine.append(f"{wanted.name} {version}")
        else:
            found = f"{wanted.name} is {version}, the course needs {wanted.specifier}"
            yield Finding(name, False, found, f'{INSTALL} "{wanted}"')
    if len(fine) == len(packages):
        yield Finding(name, True, ", ".join(fine))


def check_data(name: str) -> Iterable[Finding]:
    """Are the files of ``data/`` the ones that the course ships (SHA-256)?"""
    lines = data_path("SHA256SUMS").read_text(encoding="utf-8").splitlines()
    fine = []
    for expected, file in (line.split() for line in lines):
        try:
            same = hashlib.sha256(data_path(file).read_bytes()).hexdigest() == expected
            found = "" if same else f"data/{file} has been changed"
        except OSError:
            found = f"data/{file} is missing"
        if found:
            remedy = f"git checkout -- data/{file}   (or install the course again)"
            yield Finding(name, False, found, remedy)
        else:
            fine.append(Path(file).name)
    if len(fine) == len(lines):
        yield Finding(name, True, f"{', '.join(fine)}: as shipped")


def check_compiled(name: str) -> Iterable[Finding]:
    """Are the training loops compiled, and where is their code kept?"""
    if not compiled.available():
        found = "none: every training takes the blackboard, tens of times slower"
        remedy = f"{INSTALL} numba   (and leave TP5_COMPILED out of the environment)"
        yield Finding(name, False, found, remedy)
        return
    from .compiling import compile_here, kept_in

    seconds = compile_here()
    yield Finding(name, True, f"ready after {seconds:.1f} s; the code is kept in {kept_in()}")


def check_numbers(name: str) -> Iterable[Finding]:
    """Does the same seed give the same numbers here as in the course, to the last bit?"""
    from .fingerprint import FINGERPRINT, fingerprint

    if not compiled.available():
        yield Finding(name, True, "the course's to a few digits: the blackboard is rounded here")
        return
    same = fingerprint() == FINGERPRINT
    remedy = "make clean, then make lab; if it stays, tell us which processor this is"
    found = f"same numbers as the course: {'yes' if same else 'no'}"
    yield Finding(name, same, found, "" if same else remedy)


def check_training(name: str) -> Iterable[Finding]:
    """Does a tiny training end where it must: eight letters through two numbers and back?"""
    from ..datasets import load_fonts
    from ..models import Autoencoder

    X = load_fonts()[1].X[1:9]
    model = Autoencoder((35, 32, 2, 32, 35)).fit(X, epochs=1500, rng=0, progress=False)
    wrong = int(model.wrong_pixels(X).sum())
    found = f"the letters A to H through 2 numbers and back, {wrong} wrong pixels"
    remedy = f"{INSTALL} --force-reinstall numpy numba   (its arithmetic is broken here)"
    yield Finding(name, wrong == 0, found, "" if wrong == 0 else remedy)


def check_widgets(name: str) -> Iterable[Finding]:
    """Does a slider answer, and does JupyterLab have what it needs to draw one?

    A message as the browser would send it moves the slider, and its observer must hear of it.
    """
    import ipywidgets
    from jupyter_core.paths import jupyter_path

    heard: list[float] = []
    slider = ipywidgets.FloatSlider(value=0.0, min=-1.0, max=1.0)
    slider.observe(lambda change: heard.append(change["new"]), names="value")
    message: dict[str, Any] = {"data": {"method": "update", "state": {"value": 0.5}}}
    slider._handle_msg({"content": message, "buffers": []})
    answers = heard == [0.5] and slider.get_state()["value"] == 0.5
    slider.close()
    if not answers:
        remedy = f"{INSTALL} --force-reinstall ipywidgets"
        yield Finding(name, False, "a slider was moved and Python did not hear of it", remedy)
    folders = [Path(folder) / "labextensions" for folder in jupyter_path()]
    absent = {
        extension: package
        for extension, package in WIDGET_EXTENSIONS.items()
        if not any((folder / extension / "package.json").exists() for folder in folders)
    }
    for extension, package in absent.items():
        remedy = f"{INSTALL} --force-reinstall {package}, start JupyterLab again, reload the page"
        yield Finding(name, False, f"JupyterLab lacks the extension {extension}", remedy)
    if answers and not absent:
        yield Finding(name, True, "a slider moved, Python heard of it; JupyterLab can draw it")


def check_threads(name: str) -> Iterable[Finding]:
    """Does NumPy's linear algebra (BLAS) use no more threads than there are processors?"""
    import numpy as np
    from threadpoolctl import threadpool_info

    np.ones((2, 2)) @ np.ones((2, 2))
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    processors = available_processors()
    most = max((pool["num_threads"] for pool in pools), default=1)
    libraries = ", ".join(sorted({pool["internal_api"] for pool in pools})) or "the system's own"
    found = f"{libraries}, threads: {most}, processors: {processors}"
    remedy = f"threads wait for each other: set OMP_NUM_THREADS={processors} and start again"
    yield Finding(name, most <= processors, found, "" if most <= processors else remedy)


def available_processors() -> int:
    """Return how many processors this process may use, which can be fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_memory(name: str) -> Iterable[Finding]:
    """Is there memory for the largest notebook?"""
    free = free_memory()
    ok = free >= MEMORY_NEEDED
    remedy = "close other programs, and notebooks that you are done with (Kernel, Shut Down)"
    found = f"{free:.1f} GiB free, {MEMORY_NEEDED} needed"
    yield Finding(name, ok, found, "" if ok else remedy)


def free_memory(limits: str = "/sys/fs/cgroup") -> float:
    """Return the memory that a program may still take, in GiB.

    A container (Binder) may be allowed less than its machine has: Linux says so in ``limits``.
    """
    import psutil

    free = psutil.virtual_memory().available
    try:
        limit = int((Path(limits) / "memory.max").read_text())
        used = int((Path(limits) / "memory.current").read_text())
        free = min(free, limit - used)
    except (OSError, ValueError):  # no container, or no limit: "max"
        pass
    return free / 2**30


CHECKS: dict[str, Callable[[str], Iterable[Finding]]] = {
    "Python": check_python,
    "packages": check_packages,
    "data": check_data,
    "compiled": check_compiled,
    "numbers": check_numbers,
    "training": check_training,
    "widgets": check_widgets,
    "BLAS": check_threads,
    "memory": check_memory,
}
