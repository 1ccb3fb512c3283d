"""The files that say what the course needs agree with each other, and a wheel carries the data."""

import json
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import tp5

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_environment_yml_asks_for_what_pyproject_asks_for():
    lines = re.findall(r"^  - (\S+[^:\s])$", (ROOT / "environment.yml").read_text(), re.MULTILINE)
    conda = set(lines) - {"conda-forge", "pip"}
    nbval = [one for one in PROJECT["optional-dependencies"]["test"] if one.startswith("nbval")]
    assert conda == {"python" + PROJECT["requires-python"], *PROJECT["dependencies"], *nbval}


def test_environment_is_named_after_the_course():
    assert (ROOT / "environment.yml").read_text().split("name: ")[1].startswith("tp5\n")


def test_versions_agree():
    assert tp5.__version__ == PROJECT["version"]


def test_a_wheel_carries_the_data_and_finds_it(tmp_path):
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, ROOT]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("tp5-*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    assert (site / "tp5" / "data" / "font.h").read_bytes() == (ROOT / "data/font.h").read_bytes()
    code = "import tp5; from tp5.datasets import load_fonts; print(tp5.__file__, len(load_fonts()))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=site, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [str(site / "tp5" / "__init__.py"), "3"]


def test_an_installation_tells_jupyter_of_the_kernel_and_of_the_stills(tmp_path):
    """The same files from a wheel as from `pip install -e .`, by which make installs."""
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=True)
    (python,) = [*environment.glob("bin/python"), *environment.glob("Scripts/python.exe")]
    command = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--editable", ROOT]
    subprocess.run(command, check=True)
    kernel = environment / "share" / "jupyter" / "kernels" / "tp5" / "kernel.json"
    told = json.loads(kernel.read_text())
    assert told["argv"][0] == "python", "whichever Python the server runs in"
    assert told["display_name"] == "Python (tp5)"
    settings = environment / "etc" / "jupyter" / "jupyter_server_config.d" / "tp5.json"
    assert settings.read_bytes() == (ROOT / "etc" / "server.json").read_bytes()
