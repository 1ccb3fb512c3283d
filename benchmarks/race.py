"""Time contestants against each other: each in a process of its own, and all of them in turns.

On a machine that others use too, a second is not always as long. Whoever is timed in turns is
slowed alike, so what counts is the ratio of two times of one round; the times are medians.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
TOLERANCE = 1e-4  # of loss and gradient, relative to the largest entry; all is float32


class Unequal(AssertionError):
    """Two contestants do not compute the same thing: there is nothing to time."""


@dataclass(frozen=True)
class Entry:
    """A contestant's name, where it is found, and the environment that it needs."""

    name: str
    peer: str
    work: str
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, folder: str) -> subprocess.Popen[str]:
        """Start its process; it prepares its work and waits."""
        command = [sys.executable, "-m", "benchmarks.contestant", self.peer, self.work, folder]
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(Path(folder) / f"{self.peer}-{self.work}.log").open("a"),
            text=True,
            cwd=ROOT,
            env=os.environ | {"TORCHINDUCTOR_CACHE_DIR": f"{folder}/inductor"} | self.environment,
        )


def ask(process: subprocess.Popen[str], command: str = "") -> dict[str, Any]:
    """Send a command, and return the answer; without one, what it says when it is ready.

    Raises
    ------
    RuntimeError
        If the process has ended.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if command:
            process.stdin.write(command + "\n")
            process.stdin.flush()
        line = process.stdout.readline()
    except BrokenPipeError:
        line = ""
    if not line:
        raise RuntimeError("the process has ended")
    return json.loads(line)


def difference(process: subprocess.Popen[str], reference: Any) -> tuple[float, Any]:
    """Largest relative difference of loss and gradient from the reference's, and both.

    Raises
    ------
    Unequal
        If it is more than `TOLERANCE`.
    """
    with np.load(ask(process, "check")["path"]) as file:
        loss, grad = float(file["loss"]), file["grad"]
    if reference is None:
        return 0.0, (loss, grad)
    differences = [abs(loss - reference[0]) / abs(reference[0])]
    if grad.size:
        differences.append(np.abs(grad - reference[1]).max() / np.abs(reference[1]).max())
    if not max(differences) < TOLERANCE:
        raise Unequal(f"loss and gradient differ by {differences} from the course's")
    return float(max(differences)), reference


def race(entries: Sequence[Entry], rounds: int) -> list[dict[str, Any]]:
    """Show that all compute the same, then time them in turns; the first entry is the reference.

    Returns
    -------
    list of dict
        For each entry: ``name``, ``difference``, ``first`` (seconds of the first time in a process,
        compiling included unless it is kept on the disk), ``ever`` (the course's first time on a
        machine), ``seconds`` (of each round), what else it said, or ``error``.
    """
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        reference = None
        runners = []
        for entry in entries:
            row: dict[str, Any] = {"name": entry.name, "seconds": []}
            rows.append(row)
            process = entry.start(folder)
            try:
                ask(process)
                row["difference"], reference = difference(process, reference)
                first = ask(process, "run")
                row["first"] = first.pop("seconds")
                row |= first
                runners.append((row, process))
                if entry.peer == "ours":
                    row["ever"] = first_ever(entry, folder)
                print(f"    {entry.name}: ready after {row['first']:.2f} s", flush=True)
            except RuntimeError:
                log = (Path(folder) / f"{entry.peer}-{entry.work}.log").read_text()
                row["error"] = (log.strip().splitlines() or ["it ended without a word"])[-1]
                print(f"    {entry.name}: {row['error']}", flush=True)
        for _ in range(rounds):
            for row, process in runners:
                row["seconds"].append(ask(process, "run")["seconds"])
        for _, process in runners:
            process.stdin.close()
            process.wait()
    return rows


def first_ever(entry: Entry, folder: str) -> float:
    """Seconds of the course's first time on a new machine: its loops are compiled in it."""
    new = Entry(entry.name, entry.peer, entry.work, {"NUMBA_CACHE_DIR": f"{folder}/new"})
    process = new.start(folder)
    ask(process)
    seconds = float(ask(process, "run")["seconds"])
    assert process.stdin is not None
    process.stdin.close()
    process.wait()
    return seconds


def check_all(entries: Sequence[Entry], rows: list[dict[str, Any]], folder: str) -> None:
    """Show that all compute the same, in processes of their own that are not timed."""
    reference = None
    for entry, row in zip(entries, rows, strict=True):
        with entry.start(folder) as process:
            try:
                ask(process)
                row["difference"], reference = difference(process, reference)
            except RuntimeError:
                continue  # it is told when it is to be timed
            finally:
                process.stdin.close()


def whole_processes(entries: Sequence[Entry], command: str, rounds: int) -> list[dict[str, Any]]:
    """Time whole processes, from the start of Python to its end, in turns; also their memory."""
    rows = [{"name": entry.name, "seconds": [], "megabytes": []} for entry in entries]
    with tempfile.TemporaryDirectory() as folder:
        check_all(entries, rows, folder)
        for _ in range(rounds):
            for entry, row in zip(entries, rows, strict=True):
                start = time.perf_counter()
                process = entry.start(folder)
                try:
                    ask(process)
                    answer = ask(process, command.format(folder=folder))
                except RuntimeError:
                    log = (Path(folder) / f"{entry.peer}-{entry.work}.log").read_text()
                    row["error"] = (log.strip().splitlines() or ["it ended without a word"])[-1]
                    continue
                installed = None if "installed" in row else ask(process, "installed")
                asked = 0.0 if installed is None else installed.pop("seconds")
                row |= installed or {}
                process.stdin.close()
                _, _, usage = os.wait4(process.pid, 0)
                process.returncode = 0
                spent = time.perf_counter() - start - asked
                extrapolated = answer.pop("extrapolated", 0.0)
                row["seconds"].append(spent + extrapolated)
                row["megabytes"].append(usage.ru_maxrss / 1024)
                row |= {key: value for key, value in answer.items() if key != "seconds"}
                print(f"    {entry.name}: {row['seconds'][-1]:.1f} s", flush=True)
    return rows


def ratio(row: dict[str, Any], ours: dict[str, Any]) -> float:
    """How many times as long it took, the median over the rounds."""
    pairs = zip(row["seconds"], ours["seconds"], strict=False)
    return statistics.median(theirs / our for theirs, our in pairs)
