"""Run the jobs of an experiment: here, or on any ``concurrent.futures.Executor``.

A job is a function and all that it needs, its random generator included. So its numbers are the
same to the last bit wherever it runs, in whatever order, beside whatever else, and if it has to
be begun again because the machine under it has died.
"""

from __future__ import annotations

import copy
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    Executor,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
)
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

import numpy as np

from ..checks import at_least
from ..progress import progress_bar
from ..threads import OneThread

# The course's network: logistic units everywhere, squared error, weights from U(−1, 1).
COURSE: dict[str, Any] = {
    "activation": "logistic",
    "latent_activation": "logistic",
    "init": "uniform",
    "loss": "squared_error",
}


RESTARTS = 2  # of worker processes that die: a job that kills them would do so for ever


class WorkersDied(RuntimeError):
    """Worker processes have died too often.

    Attributes
    ----------
    results : dict of int to Any
        What was finished, by the position of its job.
    """

    def __init__(self, results: dict[int, Any], n_jobs: int) -> None:
        self.results = results
        super().__init__(
            f"worker processes died {RESTARTS + 1} times, with {len(results)} of {n_jobs} jobs "
            f"done. Is there enough memory for so many at once? The finished results are in this "
            f"error's .results, by position."
        )


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
        Such as `local_threads` or `local_processes`, or a Dask ``Client``'s ``get_executor()``;
        without it the jobs run here, one after another.
    progress : bool, optional
        Progress bar: True always, False never; by default after the first second.
    cost : callable, optional
        ``cost(*job)`` guesses how long a job takes. An executor is given the longest first, so
        that none is left to run alone at the end.

    Returns
    -------
    list

    Raises
    ------
    WorkersDied
        If worker processes died again and again. What was finished is in its ``results``.

    Warns
    -----
    RuntimeWarning
        If a process of a ``ProcessPoolExecutor`` died. Such a pool takes no more jobs, so those
        without a result go to `local_processes`. (Dask does the like by itself.)
    """
    with OneThread():
        steps = iter(progress_bar(len(jobs), progress))
        if executor is None:
            return [call(function, *jobs[step]) for step in steps]
        next(steps, None)  # shows the bar, at 0
        return Batch(function, jobs, steps, cost).results_from(executor)


class Batch:
    """Jobs that are handed out, and what has come back: see `run_jobs`.

    Parameters
    ----------
    function : callable
    jobs : sequence of tuple
    steps : iterator
        Takes a step with each job that is done.
    cost : callable, optional

    Attributes
    ----------
    results : dict of int to Any
        By the position of the job.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        jobs: Sequence[tuple[Any, ...]],
        steps: Iterator[int],
        cost: Callable[..., float] | None = None,
    ) -> None:
        self.function, self.jobs, self.steps = function, jobs, steps
        self.order = sorted(range(len(jobs)), key=lambda i: -cost(*jobs[i]) if cost else 0)
        self.results: dict[int, Any] = {}

    @property
    def missing(self) -> list[int]:
        """Positions of the jobs without a result, the longest first."""
        return [position for position in self.order if position not in self.results]

    def results_from(self, executor: Executor) -> list[Any]:
        """Let the executor do all jobs, and new processes those that were lost with a process."""
        try:
            self.collect(executor)
        except BrokenProcessPool as broken:
            self.start_again(broken)
        return [self.results[position] for position in range(len(self.jobs))]

    def collect(self, executor: Executor) -> None:
        """Submit what is missing, and keep each result when it is there."""
        positions = {}
        broken = None
        try:
            for position in self.missing:
                try:
                    future = executor.submit(call, self.function, *self.jobs[position])
                except BrokenProcessPool as error:
                    broken = error
                    break
                positions[future] = position
            for future in as_completed(positions):
                try:
                    self.results[positions[future]] = future.result()
                    next(self.steps, None)
                except BrokenProcessPool as error:  # the results that are there come all the same
                    broken = error
        except BaseException:
            for future in positions:  # one failed or was interrupted: the rest is not wanted
                future.cancel()
            raise
        if broken:
            raise broken

    def start_again(self, broken: BrokenProcessPool) -> None:
        """Give what is missing to new processes, and once more if those die too."""
        for _ in range(RESTARTS):
            warnings.warn(
                f"a worker process died; the {len(self.missing)} of {len(self.jobs)} jobs without "
                f"a result are given to new processes of this machine.",
                RuntimeWarning,
                stacklevel=5,
            )
            try:
                with local_processes() as executor:
                    return self.collect(executor)
            except BrokenProcessPool as again:
                broken = again
        raise WorkersDied(self.results, len(self.jobs)) from broken


def call(function: Callable[..., Any], *job: Any) -> Any:
    """Call ``function(*job)`` with one BLAS thread and with generators of its own.

    With as many threads as cores in each process they would wait for one another, and a sum that
    is divided among threads may be rounded otherwise. The generators that were given stay as they
    are, so that a job which has to be begun again draws the same numbers.
    """
    fresh = [copy.deepcopy(x) if isinstance(x, np.random.Generator) else x for x in job]
    OneThread()  # for ever in a worker; here `run_jobs` lifts it
    return function(*fresh)


def local_processes(max_workers: int | None = None) -> ProcessPoolExecutor:
    """Return an executor with a process for each core of this machine.

    The processes are spawned, not forked: a Jupyter kernel has threads, and forking a process
    that has threads can hang it.

    Parameters
    ----------
    max_workers : int, optional
        By default the number of cores.

    Returns
    -------
    concurrent.futures.ProcessPoolExecutor
        To be used in a ``with`` statement.

    Raises
    ------
    ValueError
        If max_workers is not a whole number of at least 1.
    """
    return ProcessPoolExecutor(count_workers(max_workers), mp_context=get_context("spawn"))


def local_threads(max_workers: int | None = None) -> ThreadPoolExecutor:
    """Return an executor with a thread for each core of this machine: for compiled trainings.

    Compiled loops run side by side in one process, and no other has to be started, which takes
    seconds. What Python computes step by step, as scipy's methods do, takes turns: that is for
    `local_processes`.

    Parameters
    ----------
    max_workers : int, optional
        By default the number of cores.

    Returns
    -------
    concurrent.futures.ThreadPoolExecutor
        To be used in a ``with`` statement.

    Raises
    ------
    ValueError
        If max_workers is not a whole number of at least 1.
    """
    return ThreadPoolExecutor(count_workers(max_workers), thread_name_prefix="tp5 job")


def count_workers(max_workers: int | None) -> int:
    """Return how many workers are meant: by default one for each core."""
    return (os.cpu_count() or 1) if max_workers is None else at_least("max_workers", max_workers)
