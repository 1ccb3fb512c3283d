"""The doctor finds what is broken, and names the remedy: each thing is really broken here."""

from __future__ import annotations

import hashlib
import shutil
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import ipywidgets
import jupyter_core.paths
import psutil
import pytest
import threadpoolctl

from tp5 import files
from tp5.models.autoencoder import Autoencoder
from tp5.networks.activations import Tanh
from tp5.tools import doctor

DATA = files.data_path("SHA256SUMS").parent


def look(name):
    """Run one check as `examine` does."""
    return doctor.run(name, doctor.CHECKS[name])


def only_ill(name):
    (finding,) = (finding for finding in look(name) if not finding.ok)
    return finding


@pytest.fixture
def own_data(tmp_path, monkeypatch):
    """A copy of data/ that a test may spoil."""
    shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("vae_640.npz"))
    (tmp_path / "data" / "flork" / "vae_640.npz").symlink_to(DATA / "flork" / "vae_640.npz")
    monkeypatch.setattr(files, "__file__", str(tmp_path / "tp5" / "files.py"))
    return tmp_path / "data"


def test_this_machine_is_ready():
    examination = doctor.examine()
    assert examination.healthy, examination
    assert [finding.name for finding in examination] == list(doctor.CHECKS)
    assert examination.verdict == "All is well."
    assert all(not finding.remedy for finding in examination)


@pytest.mark.parametrize("name", doctor.CHECKS)
def test_a_check_that_stumbles_says_so_and_does_not_raise(name):
    def stumble(_):
        raise OSError("a disk on fire")

    (finding,) = doctor.run(name, stumble)
    assert not finding.ok
    assert finding.found == "OSError: a disk on fire"
    assert finding.remedy


# --- Python and packages --------------------------------------------------------------------------


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(doctor.platform, "python_version", lambda: "3.10.4")
    assert only_ill("Python").found == "3.10.4, but the course needs >=3.11"
    assert "make PYTHON=" in only_ill("Python").remedy


def test_a_python_that_is_not_finished_yet_is_new_enough(monkeypatch):
    monkeypatch.setattr(doctor.platform, "python_version", lambda: "3.16.0a2")
    assert look("Python")[0].ok


def with_version(monkeypatch, package, version):
    def fake(name):
        if name != package:
            return metadata_version(name)
        if version is None:
            raise metadata.PackageNotFoundError(name)
        return version

    metadata_version = metadata.version
    monkeypatch.setattr(doctor.metadata, "version", fake)


def test_an_old_package_is_named_with_the_command_that_mends_it(monkeypatch):
    with_version(monkeypatch, "scipy", "1.2.0")
    finding = only_ill("packages")
    assert finding.found == "scipy is 1.2.0, the course needs >=1.13"
    assert finding.remedy.endswith('-m pip install "scipy>=1.13"')


def test_a_missing_package_is_named(monkeypatch):
    with_version(monkeypatch, "anywidget", None)
    assert only_ill("packages").found.startswith("anywidget is not installed")


def test_in_a_wheel_the_requirements_come_from_the_metadata(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "__file__", str(tmp_path / "tp5" / "doctor.py"))
    monkeypatch.setattr(
        doctor.metadata, "requires", lambda _: ["numpy>=99", 'pytest>=8.2; extra == "test"']
    )
    monkeypatch.setattr(doctor.metadata, "metadata", lambda _: {"Requires-Python": ">=3.11"})
    assert doctor.requirements() == (">=3.11", ["numpy>=99"])
    assert "numpy is 2" in only_ill("packages").found


def test_a_package_that_is_not_installed_at_all_is_a_finding(monkeypatch, tmp_path):
    def absent(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "__file__", str(tmp_path / "tp5" / "doctor.py"))
    monkeypatch.setattr(doctor.metadata, "requires", absent)
    assert "PackageNotFoundError" in only_ill("packages").found
    assert "make lab" in only_ill("packages").remedy


# --- data -----------------------------------------------------------------------------------------


def test_a_copy_of_the_data_is_as_good(own_data):
    assert all(finding.ok for finding in look("data"))


@pytest.mark.parametrize("file", ["font.h", "flork/florks.npz", "studies/fractions.csv"])
def test_one_changed_byte_is_seen(own_data, file):
    content = bytearray((own_data / file).read_bytes())
    content[100] ^= 1
    (own_data / file).write_bytes(content)
    assert only_ill("data").found == f"data/{file} has been changed"
    assert f"git checkout -- data/{file}" in only_ill("data").remedy


def test_a_missing_file_is_named(own_data):
    (own_data / "studies" / "conclusions.csv").unlink()
    assert only_ill("data").found == "data/studies/conclusions.csv is missing"


def test_without_any_data_it_says_so(own_data):
    shutil.rmtree(own_data)
    assert "data/SHA256SUMS is missing" in only_ill("data").found


def test_every_file_of_the_data_is_on_the_list():
    lines = (DATA / "SHA256SUMS").read_text().splitlines()
    listed = {line.split()[1]: line.split()[0] for line in lines}
    there = {
        path.relative_to(DATA).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in DATA.rglob("*")
        if path.is_file() and path.suffix not in {".md", ".py", ".pyc", ""}
    }
    assert listed == there


# --- training, widgets, threads, memory -----------------------------------------------------------


def test_arithmetic_that_is_wrong_is_seen(monkeypatch):
    monkeypatch.setenv("TP5_COMPILED", "0")
    monkeypatch.setattr(Tanh, "derivative", lambda self, h: -h)
    assert "wrong pixels" in only_ill("training").found
    assert "numpy" in only_ill("training").remedy


@pytest.mark.parametrize("seed", range(5))
def test_the_tiny_training_succeeds_from_other_starts_too(monkeypatch, seed):
    fit = Autoencoder.fit
    monkeypatch.setattr(Autoencoder, "fit", lambda *a, **k: fit(*a, **(k | {"rng": seed + 1})))
    assert look("training")[0].ok


def test_a_slider_that_python_does_not_hear_is_seen(monkeypatch):
    monkeypatch.setattr(ipywidgets.FloatSlider, "_handle_msg", lambda self, message: None)
    assert "did not hear" in only_ill("widgets").found
    assert "ipywidgets" in only_ill("widgets").remedy


def test_a_missing_extension_of_jupyterlab_is_named(monkeypatch, tmp_path):
    manager = tmp_path / "labextensions" / "@jupyter-widgets" / "jupyterlab-manager"
    manager.mkdir(parents=True)
    (manager / "package.json").write_text("{}")
    monkeypatch.setattr(jupyter_core.paths, "jupyter_path", lambda: [str(tmp_path)])
    finding = only_ill("widgets")
    assert finding.found == "JupyterLab lacks the extension anywidget"
    assert "reload the page" in finding.remedy


def test_more_threads_than_processors_are_seen(monkeypatch):
    pool = {"user_api": "blas", "internal_api": "openblas", "num_threads": 64}
    monkeypatch.setattr(threadpoolctl, "threadpool_info", lambda: [pool])
    monkeypatch.setattr(doctor, "available_processors", lambda: 2)
    assert only_ill("BLAS").found == "openblas, threads: 64, processors: 2"
    assert "OMP_NUM_THREADS=2" in only_ill("BLAS").remedy


def test_a_blas_that_nobody_can_ask_is_fine(monkeypatch):
    monkeypatch.setattr(threadpoolctl, "threadpool_info", list)  # Accelerate on a Mac
    assert look("BLAS")[0].ok


def test_without_affinity_all_processors_count(monkeypatch):
    monkeypatch.delattr(doctor.os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(doctor.os, "cpu_count", lambda: None)
    assert doctor.available_processors() == 1


def test_little_memory_is_seen(monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=2**28))
    assert "0.2 GiB free" in only_ill("memory").found
    assert "close" in only_ill("memory").remedy


def test_a_container_may_be_allowed_less_than_its_machine_has(monkeypatch, tmp_path):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=2**34))
    assert doctor.free_memory(str(tmp_path)) == 16  # no container
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text(f"{2**29}\n")
    assert doctor.free_memory(str(tmp_path)) == 16  # a container without a limit
    (tmp_path / "memory.max").write_text(f"{2**31}\n")
    assert doctor.free_memory(str(tmp_path)) == 1.5


# --- how it is told -------------------------------------------------------------------------------

ILL = doctor.Examination(
    [
        doctor.Finding("data", True, "as shipped"),
        doctor.Finding("memory", False, "<1", "close & go"),
    ]
)


def test_it_prints_a_line_each_and_the_remedy():
    assert repr(ILL).splitlines() == [
        "✓ data       as shipped",
        "✗ memory     <1",
        "             → close & go",
        "1 of 2 need a remedy (→).",
    ]
    assert not ILL.healthy


def test_in_a_notebook_it_is_a_table():
    page = ILL._repr_html_()
    assert page.count("<tr>") == 3
    cells = ("✗", "memory", "&lt;1", "close &amp; go")
    assert "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells) in page
    assert page.endswith("<p>1 of 2 need a remedy (→).</p>")
    assert "remedy" not in doctor.Examination(ILL[:1])._repr_html_()


def test_nothing_in_it_names_a_folder_of_this_machine():
    """Notebook 00 shows it, and notebooks hold no absolute path."""
    assert sys.prefix not in repr(doctor.examine())
    assert str(Path.cwd()) not in repr(doctor.examine())
