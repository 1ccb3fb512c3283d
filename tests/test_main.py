"""The two commands: what they print, and the code they exit with."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tp5 import __main__, __version__
from tp5.tools import doctor, runner


def test_the_doctor_in_a_process_of_its_own():
    run = subprocess.run(
        [sys.executable, "-m", "tp5", "doctor"], capture_output=True, text=True, check=True
    )
    assert run.stdout.endswith("All is well.\n")
    assert run.stderr == ""


def test_an_ill_machine_exits_with_1(monkeypatch, capsys):
    ill = [doctor.Finding("memory", False, "none", "buy some")]
    monkeypatch.setattr(doctor, "examine", lambda: doctor.Examination(ill))
    assert __main__.main(["doctor"]) == 1
    assert "→ buy some" in capsys.readouterr().out


def test_the_version(capsys):
    with pytest.raises(SystemExit) as end:
        __main__.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"tp5 {__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["dctor"], ["doctor", "01"]])
def test_a_wrong_command_line_exits_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        __main__.main(arguments)
    assert end.value.code == 2
    assert "usage: python -m tp5" in capsys.readouterr().err


def test_stopping_it_is_no_traceback(monkeypatch, capsys):
    def stop():
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "examine", stop)
    assert __main__.main(["doctor"]) == 130
    assert capsys.readouterr().out == "stopped\n"


def test_run_names_each_notebook(monkeypatch, capsys):
    monkeypatch.setattr(
        runner,
        "run_notebook",
        lambda path: runner.Performance(path.name, 3.2, "cell 2: boo" if "02" in path.name else ""),
    )
    assert __main__.main(["run", "01"]) == 0
    assert capsys.readouterr().out == "✓ 01_font_autoencoder.ipynb, 3 s\n"
    assert __main__.main(["run"]) == 1
    assert "✗ 02_optimizers.ipynb: cell 2: boo" in capsys.readouterr().out


def test_run_knows_which_notebooks_there_are(capsys):
    assert __main__.main(["run", "77"]) == 2
    assert "no notebook '77'; there are 00, 01, 02" in capsys.readouterr().err
