"""Run the benchmarks, and write `benchmarks/results.md`.

    python -m benchmarks              all of it, a quarter of an hour; W8 (the notebooks) and the
                                      explorer run in the course's own .venv, if there is one
    python -m benchmarks W1 W4        only these; what was measured before stays in the report
    python -m benchmarks report       write the report anew from what was measured

Each section's measurements are kept in build/bench/, so that a run can be taken up again.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from typing import Any

import numpy as np

from tp5.tools.compiling import compile_all
from tp5.training.one_run import Losses, losses_of
from tp5.training.watched import Watched

from . import growth, problem, report
from .race import ROOT, race, whole_processes
from .sections import SECTIONS

FOLDER = ROOT / "build" / "bench"
COURSE_PYTHON = ROOT / ".venv" / "bin" / "python"
EXPLORER = ROOT / "benchmarks" / "explorer.py"
OTHERS = {"W7": "How cost grows", "W8": "All notebooks under nbval", "explorer": "In a browser"}
ORDER = [*SECTIONS, *OTHERS]


def measure(key: str) -> dict[str, Any]:
    """Measure one section."""
    stamp = report.stamp()
    if key == "W7":
        found = growth.measure()
        growth.draw(found).save(ROOT / "benchmarks" / "scaling.png")
        return stamp | {"growth": found}
    if key == "W8":
        return stamp | {"notebooks": time_notebooks()}
    if key == "explorer":
        return stamp | {"text": run_explorer()}
    races = []
    for one in SECTIONS[key].races:
        print(f"  {one.what}", flush=True)
        if one.command:
            races.append(whole_processes(one.entries, one.command, one.rounds))
        else:
            races.append(race(one.entries, one.rounds))
    more = {"scipy": inside_scipy()} if key == "W6" else {}
    return stamp | {"races": races} | more


def inside_scipy() -> dict[str, float]:
    """Seconds of W6's iteration, those of them that scipy waits for the loss, and its calls.

    Medians of five iterations.
    """
    model, X, theta = problem.powell_network()
    losses = losses_of(model.objective(X, X, theta[None]), run=0)
    found = zip(*(clocked_powell(losses, theta) for _ in range(5)), strict=True)
    return dict(zip(("seconds", "waited", "calls"), map(statistics.median, found), strict=True))


def clocked_powell(losses: Losses, theta: np.ndarray) -> tuple[float, float, int]:
    """The same of one iteration: a clock stands around each call, which is counted as in `fit`."""
    watched, waited = Watched(losses, theta, bar=()), 0.0

    def loss_at(theta: np.ndarray) -> float:
        nonlocal waited
        start = time.perf_counter()
        loss = watched.loss(theta)
        waited += time.perf_counter() - start
        return loss

    start = time.perf_counter()
    calls = problem.scipy_powell(loss_at, theta)["calls"]
    return time.perf_counter() - start, waited, calls


def time_notebooks() -> dict[str, float]:
    """Seconds that each notebook takes under nbval, in the course's own environment."""
    options = ["-q", "--nbval", "--nbval-cell-timeout", "600", "-p", "no:cacheprovider"]
    options += ["--nbval-sanitize-with", "tests/nbval_sanitize.cfg"]
    subprocess.run([str(COURSE_PYTHON), "-m", "tp5", "compile"], cwd=ROOT, check=True)  # once
    seconds = {}
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        start = time.perf_counter()
        command = [str(COURSE_PYTHON), "-m", "pytest", *options, str(path)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        seconds[path.stem] = time.perf_counter() - start
        print(f"    {path.stem}: {seconds[path.stem]:.0f} s", flush=True)
    return seconds


def run_explorer() -> str:
    """What `explorer.py` prints; it needs a browser, so it may fail."""
    command = [str(COURSE_PYTHON), str(EXPLORER)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def main(keys: list[str]) -> int:
    """Measure, keep, report."""
    default = ORDER if COURSE_PYTHON.exists() else [*SECTIONS, "W7"]
    wanted = [] if keys == ["report"] else keys or default
    if unknown := set(wanted) - set(ORDER):
        print(f"there is no section {', '.join(sorted(unknown))}; choose of {', '.join(ORDER)}.")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    if set(wanted) & set(SECTIONS):
        print(compile_all())  # once for this environment: each process then loads what is kept
    for key in wanted:
        start = time.perf_counter()
        title = SECTIONS[key].title if key in SECTIONS else OTHERS[key]
        print(f"{key} · {title}", flush=True)
        (FOLDER / f"{key}.json").write_text(json.dumps(measure(key), indent=1))
        print(f"  {time.perf_counter() - start:.0f} s", flush=True)
    paths = {key: FOLDER / f"{key}.json" for key in ORDER}
    measured = {key: json.loads(path.read_text()) for key, path in paths.items() if path.exists()}
    (ROOT / "benchmarks" / "results.md").write_text(report.document(measured))
    print(report.printed(measured))
    print("All of it: benchmarks/results.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
