"""What the runs axis and a second process save: `python benchmarks/training.py`.

Each figure is the median of interleaved repetitions, each ratio is of two figures of one run.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from tp5 import Autoencoder, Momentum
from tp5.experiments import compare_architectures, local_processes
from tp5.experiments.jobs import COURSE
from tp5.fonts import load_fonts

FONTS = load_fonts()
LAYERS = (35, 25, 17, 2, 17, 25, 35)


def online(n_runs: int, epochs: int, rng: int = 0) -> None:
    """Train online as the course does."""
    model = Autoencoder(LAYERS, dtype="float32", **COURSE)
    model.fit(
        FONTS[1].X,
        optimizer=Momentum(0.05, 0.8),
        epochs=epochs,
        batch_size=1,
        n_runs=n_runs,
        rng=rng,
        progress=False,
    )


def medians(repetitions: int, **work: Callable[[], object]) -> dict[str, float]:
    """Seconds of each piece of work: the median of repetitions that take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(repetitions):
        for name, call in work.items():
            start = time.perf_counter()
            call()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def sweep(processes: int) -> None:
    """Train 7 architectures × 2 momenta × 3 fonts × 5 runs × 150 epochs, online."""
    if processes == 1:
        compare_architectures(FONTS, rng=1, progress=False)
        return
    with local_processes(processes) as executor:
        compare_architectures(FONTS, rng=1, executor=executor, progress=False)


def main() -> None:
    """Print the table."""
    print(f"NumPy {np.__version__}; {'-'.join(map(str, LAYERS))}, online, momentum, float32")
    steps = 20 * 32
    work = {f"{n}": (lambda n=n: online(n, epochs=20)) for n in (1, 5, 10, 30)}
    work["ten by one"] = lambda: [online(1, epochs=20, rng=seed) for seed in range(10)]
    found = medians(7, **work)
    for name, seconds in found.items():
        n_runs = 10 if name == "ten by one" else int(name)
        step = seconds / steps * 1e6
        print(f"{name:>10} runs: {step:7.1f} µs a step, {step / n_runs:6.1f} µs a run and step")
    print(f"ten runs one by one / ten at once: {found['ten by one'] / found['10']:.1f}")
    whole = medians(3, **{"one process": lambda: sweep(1), "two processes": lambda: sweep(2)})
    for name, seconds in whole.items():
        print(f"210 networks, 150 epochs each, {name}: {seconds:.1f} s")
    print(f"one process / two: {whole['one process'] / whole['two processes']:.2f}")


if __name__ == "__main__":
    main()
