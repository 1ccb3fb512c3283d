"""A time limit for code that may never end, in the notebook's own process.

From the limit on an exception is raised inside the running code again and again, until it has
ended: one that a bare ``except:`` in a loop swallows is followed by the next, until one arrives
outside of its ``try``. In the main thread of Linux and macOS an alarm signal does it,
which also wakes ``time.sleep``; elsewhere (Windows, other threads) a second thread asks the
interpreter to.

Such an exception may come between any two steps. So in both functions the first step after the
call is a plain assignment, ``over = True``, from which on no more are sent.
"""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

AGAIN = 0.001  # seconds between one exception and the next


class TimeUp(BaseException):
    """The limit was reached. No Exception: ``except Exception`` must not catch it."""


def call(function: Callable[..., Any], args: Sequence[Any], seconds: float) -> Any:
    """Return ``function(*args)``; stop it when it takes too long.

    Parameters
    ----------
    function : callable
    args : sequence
    seconds : float > 0

    Returns
    -------
    Any
        What it returns. Signal handlers and timers are then as they were.

    Raises
    ------
    TimeUp
        If it takes longer.
    """
    in_main = threading.current_thread() is threading.main_thread()
    by_alarm = in_main and hasattr(signal, "setitimer")
    return (call_with_alarm if by_alarm else call_with_watch)(function, args, seconds)


def call_with_alarm(function: Callable[..., Any], args: Sequence[Any], seconds: float) -> Any:
    """`call` with an alarm signal (POSIX, main thread)."""
    over = False

    def ring(_signal: int, _frame: FrameType | None) -> None:
        if not over:
            raise TimeUp

    start = time.monotonic()
    handler = signal.signal(signal.SIGALRM, ring)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        return function(*args)
    finally:
        over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if left:  # somebody else's alarm was set: it goes on
            rest = max(left - (time.monotonic() - start), 0.001)
            signal.setitimer(signal.ITIMER_REAL, rest, interval)


def call_with_watch(function: Callable[..., Any], args: Sequence[Any], seconds: float) -> Any:
    """`call` with a thread that watches the clock (any platform, any thread)."""
    watch = Watch(seconds)
    try:
        watch.start()
        return function(*args)
    finally:
        watch.over = True
        try:  # two exceptions may still be on their way: one sent, one being sent
            try:
                watch.end()
            except TimeUp:
                watch.end()
        except TimeUp:
            watch.end()


class Watch:
    """Raises `TimeUp` in the thread that made it, from a time on, until it is over.

    Whoever waits for it may be interrupted by it. So they share plain flags and one bare lock,
    which no exception can leave half-way, and `end` may be called again.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = False
        self.ended = False
        self.watched = threading.get_ident()
        self.asleep = threading.Lock()

    def start(self) -> None:
        """Begin to watch."""
        self.asleep.acquire()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self) -> None:
        """Wait, then raise again and again in the watched thread, at its next step."""
        self.asleep.acquire(timeout=self.seconds)
        thread, exception = ctypes.c_ulong(self.watched), ctypes.py_object(TimeUp)
        while not self.over:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, exception)
            time.sleep(AGAIN)
        self.ended = True

    def end(self) -> None:
        """Wait until nothing more can come; what is still on its way arrives here."""
        if self.asleep.locked():
            self.asleep.release()
        while not self.ended:
            time.sleep(AGAIN)
        time.sleep(0)
