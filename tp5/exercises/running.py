"""Run a student's function in another process: with limits, in quiet, every accident described."""

from __future__ import annotations

import base64
import json
import multiprocessing
import os
import pickle
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from .message import Message
from .parcels import Other, unpack
from .pupil import attend, spoken_line

SECONDS = 5.0  # for one call
ALL_SECONDS = 60.0  # of processor time, for all the calls of a check
TRAINING = 300.0  # for cells that train, when a notebook is graded
MOST = 2**28  # bytes of an answer
PRINTED = 8  # lines of the student's own prints that are shown

# Where one can fork, a process begins with all that the judge has loaded.
FORK: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


class Untouched(Exception):
    """The stub is as it was: it returned None or `...`, or raised NotImplementedError."""


class Mistake(Exception):
    """What is wrong with an answer, in a sentence or two; ``code`` shows where."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.text, self.code = text, code


class Bench:
    """A process for a student's code, at the other end of a line."""

    private: ClassVar[tuple[int, ...]] = ()  # the judge's files, which it must not inherit
    spare: ClassVar[list[Bench]] = []

    def __init__(self) -> None:
        self.line, theirs = FORK.Pipe()
        forks = FORK.get_start_method() == "fork"
        self.where = tempfile.TemporaryFile() if forks else None  # noqa: SIM115
        closed = [*self.private, self.line.fileno()] if forks else []
        self.process = FORK.Process(target=attend, args=(theirs, closed, self.where), daemon=True)
        self.process.start()
        theirs.close()

    @classmethod
    def waiting(cls) -> Bench:
        """Return one that waits already, or a new one."""
        return cls.spare.pop() if cls.spare else cls()

    @classmethod
    def prepare(cls) -> None:
        """Where it takes long to begin, begin one for the next check."""
        if FORK.get_start_method() != "fork" and not cls.spare:
            cls.spare.append(cls())

    def ask(self, task: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Give it a task, and return its answer.

        Raises
        ------
        Mistake
            If it takes too long or is no more.
        Untouched
            If it met a stub.
        """
        try:
            self.line.send_bytes(json.dumps(task).encode())
            if not self.line.poll(seconds):
                raise Mistake(
                    f"it was still running after {seconds:g} seconds and was stopped. Does a "
                    f"loop never end?",
                    self.line_at_work(task.get("lines", {})),
                )
            answer = json.loads(self.line.recv_bytes(MOST))
        except (EOFError, OSError, ValueError):
            raise Mistake(f"your code has ended its own process{self.last_words()}.") from None
        if "mistake" in answer:
            raise Mistake(str(answer["mistake"]), str(answer["code"]))
        return answer

    def line_at_work(self, lines: dict[str, str]) -> str:
        """Return the student's line that is being executed, where the system can tell."""
        if self.where is None or self.process.pid is None:
            return ""
        os.kill(self.process.pid, signal.SIGUSR1)
        self.process.join(0.1)
        self.where.seek(0)
        found = re.findall(
            r'^  File "(.*)", line (\d+) in (.*)$', self.where.read().decode(), re.MULTILINE
        )
        return spoken_line(
            [(name, int(number), function) for name, number, function in found],
            lines,
        )

    def last_words(self) -> str:
        """Return how it ended: by which signal, if it was one."""
        self.process.join(1)
        code = self.process.exitcode
        if code is not None and code < 0:
            return f" ({signal.Signals(-code).name})"
        return "" if code is None else f" with exit code {code}"

    def end(self) -> None:
        """End it, and all that it has started."""
        if self.process.pid is not None and hasattr(os, "killpg"):
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                self.process.kill()
        else:
            self.process.kill()
        self.process.join()
        self.line.close()
        if self.where is not None:
            self.where.close()


class Runner:
    """A student's function, called as the exercise wants to call it.

    Parameters
    ----------
    function : dict
        As `answers.pack_function` packed it, or the cells that define it.
    signature : sequence of str
        Names of the arguments that the exercise hands over.
    reference : callable, optional
        The course's own answer, which the student's must not call.
    seconds : float
        For one call.

    Attributes
    ----------
    printed : str
        What the function printed at its first call.
    """

    def __init__(
        self,
        function: dict[str, Any],
        signature: Sequence[str],
        reference: Callable[..., Any] | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self.function, self.signature, self.seconds = function, list(signature), seconds
        self.reference = reference and (reference.__module__, reference.__qualname__)
        self.printed, self.calls = "", 0

    def __enter__(self) -> Runner:
        self.bench = Bench.waiting()
        try:
            task = self.function | {"do": "function", "seconds": ALL_SECONDS}
            task |= {"signature": self.signature, "reference": self.reference}
            answer = self.bench.ask(task, 4 * self.seconds)
            if "untouched" in answer:
                raise Untouched
        except BaseException:
            self.bench.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.bench.end()

    def __call__(self, *args: Any) -> Any:
        """Call it on copies of the arguments, and return what it returns.

        Raises
        ------
        Untouched
            If it is the stub.
        Mistake
            If it raises, does not end, or changes an argument.
        """
        packed = base64.b64encode(pickle.dumps(args)).decode()
        task = {"do": "call", "args": packed, "signature": self.signature}
        task["lines"] = self.function.get("lines", {})
        self.calls += 1
        answer = self.bench.ask(task, self.seconds)
        if self.calls == 1:
            self.printed = str(answer["printed"])
        if "untouched" in answer:
            if self.calls == 1:
                raise Untouched
            raise Mistake(f"it returns nothing for {spoken(self.signature, args)}.")
        for name in answer["changed"]:
            raise Mistake(
                f"it changes its argument {name} in place. Whoever calls it still needs "
                f"{name}: compute something new instead (a = a + b, not a += b)."
            )
        for arg, calls in zip(args, answer["calls"], strict=True):
            if hasattr(arg, "calls"):  # a loss that counts how often it was asked
                arg.calls = calls
        return unpack(answer["result"])

    def remarks(self) -> str:
        """Return what the student's code printed at its first call, some lines of it."""
        if not self.printed:
            return ""
        lines = ["it printed:", *self.printed.splitlines()]
        more = [f"… {len(lines) - PRINTED - 1} more lines"] if len(lines) > PRINTED + 1 else []
        return "\n".join(lines[: PRINTED + 1] + more)


def compute_answer(cells: dict[str, Any]) -> list[Any]:
    """Return what a notebook's cells compute for a check, packed; see `cells.slice_for`.

    Raises
    ------
    Mistake
        If they fail, or take too long.
    """
    return list(ask_once(cells | {"do": "values"})["values"])


def verify_apart(title: str, answer: list[Any]) -> Message:
    """Return the verdict on what was found; the judge itself does not train, and has no threads."""
    return Message.from_plain(ask_once({"do": "verify", "title": title, "answer": answer})["says"])


def ask_once(task: dict[str, Any]) -> dict[str, Any]:
    """Let a process of its own do one long task."""
    bench = Bench.waiting()
    try:
        return bench.ask(task | {"seconds": 2 * TRAINING}, TRAINING)
    finally:
        bench.end()


def same(a: Any, b: Any) -> bool:
    """Whether two arrays, or two lists of arrays, hold the same numbers (up to rounding)."""
    if isinstance(a, list | tuple):
        return type(b) is type(a) and len(a) == len(b) and all(map(same, a, b))
    try:
        a, b = np.asarray(a), np.asarray(b)
    except ValueError:  # rows of unequal length
        return True
    if a.dtype.kind not in "biuf" or b.dtype.kind not in "biuf":
        return True  # no numbers: somebody else will complain
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True)


def spoken(names: Sequence[str], args: Sequence[Any]) -> str:
    """Say a call in short, ``value = 14``; arrays by their shape."""
    return ", ".join(f"{name} = {short(arg)}" for name, arg in zip(names, args, strict=True))


def short(value: Any) -> str:
    """A number as it is, an array by its shape, anything else by its kind."""
    if isinstance(value, np.ndarray):
        few = value.ndim == 1 and value.size <= 4
        return str(value.round(4).tolist()) if few else f"an array of shape {value.shape}"
    if isinstance(value, int | float | str | bool | np.number):
        return f"{value:.4g}" if isinstance(value, float | np.floating) else str(value)
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return value.kind if isinstance(value, Other) else f"a {type(value).__name__}"
