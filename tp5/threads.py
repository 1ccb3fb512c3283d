"""How many threads may compute at once: BLAS's, which multiplies NumPy's matrices, and our own."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from threading import Event, Lock
from typing import Any, TypeVar

T = TypeVar("T")

HELD: list[int] = []  # threads that somebody has said, if so
LIMIT_LOCK = Lock()
LIMITS: list[Any] = []  # the limit on BLAS, if there is one, and a None for each who wants it


def n_threads() -> int:
    """Threads to compute with: 1 in a worker of an experiment, else as many as BLAS has.

    Apple's BLAS does not say how many it has: then as many as there are cores.
    """
    if HELD:
        return HELD[-1]
    libraries = controller().info()
    threads = [one["num_threads"] for one in libraries if one["user_api"] == "blas"]
    return max(threads, default=os.cpu_count() or 1)


@cache
def controller() -> Any:
    """Look once for the libraries that have threads: it takes a millisecond.

    Returns
    -------
    threadpoolctl.ThreadpoolController
    """
    import numpy  # noqa: F401  (loads BLAS)
    from threadpoolctl import ThreadpoolController  # `import tp5` imports numpy alone

    return ThreadpoolController()


class OneThread:
    """Compute with one thread, in this whole process: BLAS, and with it the compiled loops.

    In a ``with`` statement the limit is lifted at the end; otherwise it stays.
    """

    def __init__(self) -> None:
        from threadpoolctl import threadpool_limits

        self.blas, self.before = threadpool_limits(1), HELD.copy()
        HELD[:] = [1]

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        HELD[:] = self.before
        self.blas.restore_original_limits()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Let BLAS multiply with one thread, in a ``with`` statement: where our own share the work.

    Several trainings may do so at once: the last one to end gives BLAS its threads back.
    """
    with LIMIT_LOCK:
        if not LIMITS:
            LIMITS.append(controller().limit(limits=1, user_api="blas"))
        LIMITS.append(None)
    try:
        yield
    finally:
        with LIMIT_LOCK:
            LIMITS.pop()
            if len(LIMITS) == 1:
                LIMITS.pop().restore_original_limits()


@cache
def workers() -> ThreadPoolExecutor:
    """Return the threads that run compiled loops; they are started when first needed."""
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="tp5")


def at_once(
    calls: Sequence[Callable[[], None]],
    stop: Callable[[], Any] = bool,
    here: Callable[[], Any] = bool,
) -> None:
    """Make the calls at the same time, each in a thread, and ``here`` in this one.

    Interrupted, it calls ``stop``, and returns when none of them runs any more: who comes after it
    may change what they change. So none begins before all are known.
    """
    known, given_up = Event(), Event()

    def begin(call: Callable[[], None]) -> None:
        known.wait()
        if not given_up.is_set():
            call()

    futures: list[Future[None]] = []
    try:
        futures = [workers().submit(begin, call) for call in calls]
        known.set()
        here()
        while wait(futures, timeout=0.1).not_done:  # a wait without end is deaf on Windows
            pass
    except BaseException:
        stop()
        given_up.set()
        known.set()
        left: Any = futures
        while left:  # also through a second interrupt, of somebody who cannot wait
            try:
                left = wait(futures, timeout=0.1).not_done
            except KeyboardInterrupt:
                continue
        raise
    for future in futures:
        future.result()


def slices(length: int, count: int) -> list[slice]:
    """Cut a length into ``count`` slices of about one size."""
    ends = [length * part // count for part in range(count + 1)]
    return list(map(slice, ends[:-1], ends[1:]))


def share(calls: Sequence[Callable[[], T]], count: int) -> list[T]:
    """Make short calls in ``count`` threads, each taking the next one; return their answers."""
    answers: Any = [None] * len(calls)
    waiting = iter(enumerate(calls))

    def take() -> None:
        for place, call in waiting:
            answers[place] = call()

    at_once([take] * (min(count, len(calls)) - 1), here=take)
    return answers


def in_peace(function: Callable[[], T]) -> T:
    """Call a function that an interrupt must not stop half-way; raise the interrupt afterwards.

    A module that is left half imported, or a function half compiled, would break every later use.
    Nothing is collected meanwhile: what a library makes as it loads is no garbage, and to look for
    some among it, again and again, takes a tenth of a second.
    """
    collecting = gc.isenabled()
    interrupt: KeyboardInterrupt | None = None
    try:
        gc.disable()
        with ThreadPoolExecutor(1, thread_name_prefix="tp5 in peace") as thread:
            future = thread.submit(function)
            while not future.done():
                try:
                    future.exception(timeout=0.1)
                except TimeoutError:
                    continue
                except KeyboardInterrupt as now:
                    interrupt = now
    finally:
        if collecting:
            gc.enable()
    if interrupt:
        raise interrupt
    return future.result()


if hasattr(os, "register_at_fork"):  # threads do not survive a fork: the child starts its own
    os.register_at_fork(after_in_child=workers.cache_clear)
