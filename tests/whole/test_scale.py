"""The experiments on a real Dask cluster: the same bits as here, also when a worker is killed."""

from __future__ import annotations

import os
import signal
import threading
import time

import numpy as np
import pytest

from tp5 import SGD, threads
from tp5.datasets.fonts import load_fonts
from tp5.experiments import (
    compare_architectures,
    compare_fractions,
    compare_noise,
    compare_optimizers,
    jobs,
    local_processes,
    local_threads,
    run_jobs,
)

distributed = pytest.importorskip(
    "distributed", reason="distributed is not installed: pip install 'tp5[scale]'"
)

FONTS = load_fonts()
X = FONTS[1].X


@pytest.fixture(scope="module")
def client():
    """Two worker processes, each with two threads."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=2, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def dask(client):
    with client.get_executor() as executor:
        yield executor


def slow_draw(seconds: float, rng: np.random.Generator) -> float:
    drawn = rng.standard_normal()
    time.sleep(seconds)
    return drawn


def threads_of_blas(_: int) -> int:
    return threads.n_threads()


# --- The same bits --------------------------------------------------------------------------------

# Every experiment, small, and the numbers that it found.
EXPERIMENTS = {
    "architectures": lambda executor: (
        compare_architectures(
            FONTS, [(35, 2, 35), (35, 5, 2, 5, 35)], n_runs=2, epochs=3, rng=7, executor=executor
        ).loss
    ),
    "fractions": lambda executor: (
        compare_fractions(
            X, (0.3, 0.6), (35, 2, 35), SGD(0.01), 3, n_runs=2, rng=7, executor=executor
        ).test
    ),
    "noise": lambda executor: (
        compare_noise(
            X, ["flip"], [2, 3], [0.1], [0.1], (9,), n_runs=2, epochs=2, rng=7, executor=executor
        ).after
    ),
    "optimizers": lambda executor: compare_optimizers(
        X, {"SGD": (SGD(0.01), 3)}, n_runs=3, rng=7, executor=executor
    ).training_error["SGD"],
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_dask_finds_the_same_bits_as_this_process(name, dask):
    experiment = EXPERIMENTS[name]
    np.testing.assert_array_equal(experiment(dask), experiment(None))


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("workers", [1, 3])
def test_local_threads_find_the_same_bits_however_many_they_are(name, workers):
    experiment = EXPERIMENTS[name]
    with local_threads(workers) as executor:
        np.testing.assert_array_equal(experiment(executor), experiment(None))


@pytest.mark.parametrize("workers", [1, 3])
def test_local_processes_find_the_same_bits_however_many_they_are(workers):
    experiment = EXPERIMENTS["fractions"]
    with local_processes(workers) as executor:
        np.testing.assert_array_equal(experiment(executor), experiment(None))


# --- A worker is killed ---------------------------------------------------------------------------


def test_a_killed_worker_loses_nothing(client, dask):
    generators = np.random.default_rng(0).spawn(12)
    work = [(0.3, generator) for generator in generators]
    victim, *_ = client.run(os.getpid).values()
    threading.Timer(0.45, os.kill, (victim, signal.SIGKILL)).start()  # in its second job
    drawn = run_jobs(slow_draw, work, dask, progress=False)
    assert drawn == [generator.standard_normal() for generator in generators]
    with pytest.raises(ProcessLookupError):  # it was killed indeed
        os.kill(victim, 0)


# --- Threads and progress -------------------------------------------------------------------------


def test_a_dask_worker_computes_with_one_thread_also_in_two_jobs_at_once(dask):
    assert run_jobs(threads_of_blas, [(i,) for i in range(8)], dask, progress=False) == [1] * 8


def test_the_bar_counts_the_jobs_of_all_workers(dask, monkeypatch):
    seen = []

    def bar(total, progress):
        for step in range(total):
            yield step
            seen.append(step)

    monkeypatch.setattr(jobs, "progress_bar", bar)
    run_jobs(threads_of_blas, [(i,) for i in range(6)], dask)
    assert seen == list(range(6))
