"""Jobs come back in order with the same numbers, wherever they run and whatever dies."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from tp5 import threads
from tp5.experiments import jobs, local_processes, local_threads, run_jobs
from tp5.experiments.jobs import WorkersDied


def draw(scale: float, rng: np.random.Generator) -> float:
    return scale * rng.standard_normal()


def wait_for(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def threads_of_blas(_: int) -> int:
    return threads.n_threads()


def die_once(number: int, folder: str, rng: np.random.Generator) -> float:
    """Draw a number; the first time that number 2 is asked for, kill the process instead."""
    drawn = rng.standard_normal()
    grave = Path(folder, "grave")
    if number == 2 and not grave.exists():
        grave.touch()
        time.sleep(0.3)  # the jobs before this one come back meanwhile
        os.kill(os.getpid(), signal.SIGKILL)
    return number + drawn


def die(number: int, folder: str) -> int:
    """Kill the process in job 1, when the others are done."""
    Path(folder, str(number)).touch()
    if number == 1:
        while len(list(Path(folder).iterdir())) < 4:
            time.sleep(0.01)
        time.sleep(0.2)  # their results are on the way
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse(number: int) -> int:
    if number == 1:
        raise ValueError("number 1 is refused")
    return number


def generators(n: int) -> list[np.random.Generator]:
    return np.random.default_rng(0).spawn(n)


def spawned_pool() -> ProcessPoolExecutor:
    """A pool that is not `local_processes`."""
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"))


# --- Order ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [0, 1, 5])
def test_results_come_back_in_the_order_of_the_jobs(n):
    work = [(0.02 * (n - i),) for i in range(n)]
    wanted = [seconds for (seconds,) in work]
    assert run_jobs(wait_for, work, progress=False) == wanted
    with ThreadPoolExecutor(3) as executor:
        assert run_jobs(wait_for, work, executor, progress=False) == wanted


def test_the_longest_job_is_submitted_first():
    begun = []
    with ThreadPoolExecutor(1) as executor:
        run_jobs(begun.append, [(3,), (9,), (5,)], executor, progress=False, cost=lambda size: size)
    assert begun == [9, 5, 3]


# --- The same numbers -----------------------------------------------------------------------------


def test_a_job_that_is_begun_again_draws_the_same_numbers():
    work = [(2.0, rng) for rng in generators(3)]
    first = run_jobs(draw, work, progress=False)
    assert run_jobs(draw, work, progress=False) == first
    with ThreadPoolExecutor(2) as executor:
        assert run_jobs(draw, work, executor, progress=False) == first


# --- Threads --------------------------------------------------------------------------------------


def test_a_job_computes_with_one_thread_and_afterwards_there_are_as_many_as_before():
    before = threads.n_threads()
    assert run_jobs(threads_of_blas, [(0,)], progress=False) == [1]
    with ThreadPoolExecutor(2) as executor:
        assert run_jobs(threads_of_blas, [(i,) for i in range(9)], executor) == [1] * 9
    assert threads.n_threads() == before


def test_a_worker_process_computes_with_one_thread():
    with local_processes(1) as executor:
        assert run_jobs(threads_of_blas, [(0,)], executor, progress=False) == [1]


# --- What goes wrong ------------------------------------------------------------------------------


def test_an_error_of_a_job_comes_out_and_the_rest_is_cancelled():
    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match="number 1"):
        run_jobs(refuse, [(i,) for i in range(4)], executor, progress=False)


def test_a_killed_process_loses_nothing(tmp_path):
    work = [(number, str(tmp_path), rng) for number, rng in enumerate(generators(6))]
    with spawned_pool() as executor, pytest.warns(RuntimeWarning, match="worker process died"):
        results = run_jobs(die_once, work, executor, progress=False)
    assert (tmp_path / "grave").exists()
    assert results == run_jobs(die_once, work, progress=False)


def test_a_job_that_always_kills_its_process_ends_in_one_sentence_and_the_other_results(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(jobs, "RESTARTS", 1)
    with (
        local_processes(2) as executor,
        pytest.warns(RuntimeWarning),
        pytest.raises(WorkersDied, match="died 2 times, with 3 of 4 jobs done") as caught,
    ):
        run_jobs(die, [(i, str(tmp_path)) for i in range(4)], executor, progress=False)
    assert caught.value.results == {0: 0, 2: 2, 3: 3}


# --- Progress -------------------------------------------------------------------------------------


def test_the_bar_takes_a_step_when_any_job_is_done(monkeypatch):
    two_are_counted = threading.Event()

    def bar(total, progress):
        for step in range(total):
            yield step
            if step == 1:
                two_are_counted.set()

    monkeypatch.setattr(jobs, "progress_bar", bar)
    with ThreadPoolExecutor(2) as executor, warnings.catch_warnings():
        warnings.simplefilter("error")
        # The first job ends when the other two have been counted; False if they are not.
        waits = [(two_are_counted.wait, 10.0), (bool, 1), (bool, 1)]
        assert run_jobs(lambda function, x: function(x), waits, executor) == [True] * 3


def test_a_pool_that_is_broken_already_is_replaced():
    with spawned_pool() as executor:
        with pytest.raises(BrokenProcessPool):
            executor.submit(os._exit, 1).result()
        with pytest.warns(RuntimeWarning, match="3 of 3 jobs"):
            results = run_jobs(wait_for, [(0.0,)] * 3, executor, progress=False)
    assert results == [0.0] * 3


@pytest.mark.parametrize("count", [0, -1, 1.5, "two", True], ids=str)
@pytest.mark.parametrize("local", [local_processes, local_threads])
def test_a_number_of_workers_that_is_none_is_refused(local, count):
    with pytest.raises(ValueError, match="max_workers must be a whole number of at least 1, not"):
        local(count)
