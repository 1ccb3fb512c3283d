"""Run the jobs of an experiment: here, or on any ``concurrent.futures.Executor``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from ..training import progress_bar

# The course's network: logistic units everywhere, squared error, weights from U(−1, 1).
COURSE = {
    "activation": "logistic",
    "latent_activation": "logistic",
    "init": "uniform",
    "loss": "squared_error",
}


def run_jobs(
    function: Callable[..., Any],
    jobs: Sequence[tuple[Any, ...]],
    executor: Executor | None = None,
    progress: bool | None = None,
    cost: Callable[..., float] | None = None,
) -> list[Any]:
    """Call ``function(*job)`` for each job; the results come back in the order of the jobs.

    Parameters
    ----------
    function : callable
        Importable by a worker, so a function of a module.
    jobs : sequence of tuple
        Each holds all that its call needs, its random generator included: so the numbers do not
        depend on where, or in which order, the jobs run.
    executor : concurrent.futures.Executor, optional
        Such as a ``ProcessPoolExecutor``; without it the jobs run here, one after another.
    progress : bool, optional
        Progress bar: True always, False never; by default after the first second.
    cost : callable, optional
        ``cost(*job)`` guesses how long a job takes. An executor is given the longest first, so
        that none is left to run alone at the end.

    Returns
    -------
    list
    """
    steps = progress_bar(len(jobs), progress)
    if executor is None:
        return [function(*jobs[step]) for step in steps]
    order = sorted(range(len(jobs)), key=lambda i: -cost(*jobs[i]) if cost else 0)
    submitted = {position: executor.submit(function, *jobs[position]) for position in order}
    futures = [submitted[position] for position in range(len(jobs))]
    try:
        return [futures[step].result() for step in steps]
    except BaseException:
        for future in futures:  # one failed or was interrupted: the rest is not wanted
            future.cancel()
        raise


def local_processes(max_workers: int | None = None) -> ProcessPoolExecutor:
    """Return an executor with a process for each core of this machine.

    The processes are spawned, not forked: a Jupyter kernel has threads, and forking a process
    that has threads can hang it. Each computes with one thread: with as many threads as cores in
    each process they would wait for one another.

    Parameters
    ----------
    max_workers : int, optional
        By default the number of cores.

    Returns
    -------
    concurrent.futures.ProcessPoolExecutor
        To be used in a ``with`` statement.
    """
    spawn = get_context("spawn")
    return ProcessPoolExecutor(max_workers, mp_context=spawn, initializer=one_thread)


def one_thread() -> None:
    """Limit the linear algebra library of this process to one thread."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)
