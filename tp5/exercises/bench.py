"""A process for a student's code, with limits, watched from outside by the clock."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import sys
import tempfile
from typing import Any, ClassVar

from .message import Message
from .pupil import attend, spoken_line

SECONDS = 5.0  # for one call
ALL_SECONDS = 60.0  # of processor time, for all the calls of a check
TRAINING = 300.0  # for cells that train, when a notebook is graded
MOST = 2**28  # bytes of an answer

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
            If it takes too long or is no more, or the student's code raises.
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
        answer = bench.ask(task | {"seconds": 2 * TRAINING}, TRAINING)
    finally:
        bench.end()
    if "untouched" in answer:
        raise Untouched
    return answer
