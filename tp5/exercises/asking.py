"""Ask the judge: start it, send it an answer, return its verdict."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from .message import Message, Verdict

# The folder of this very tp5 comes first, and the current one not at all (-P): a file of the
# student's called numpy.py is no module of the judge's.
START = "import sys; sys.path.insert(0, {0!r}); from tp5.exercises.judge import main; main()"


class Judge:
    """The judge's process, as the notebook sees it; begins with the first question."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.owner = 0
        self.lock = threading.Lock()

    def start(self) -> subprocess.Popen[str]:
        """Return its process: the one that waits, or a new one."""
        if self.process is None or self.process.poll() is not None or self.owner != os.getpid():
            home = str(Path(__file__).resolve().parents[2])
            quiet = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", START.format(home)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | quiet,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # the square (■) interrupts the notebook, not the judge
            )
            self.owner = os.getpid()
        return self.process

    def ask(self, title: str, answer: list[dict[str, Any]]) -> Message:
        """Return what the judge says to an answer."""
        with self.lock:
            process = self.start()
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                process.stdin.write(json.dumps({"title": title, "answer": answer}) + "\n")
                process.stdin.flush()
                said = process.stdout.readline()
            except BaseException as error:  # interrupted: its verdict would come too late
                self.stop()
                if not isinstance(error, OSError):
                    raise
                said = ""
        if not said:
            text = "the process that judges has ended; run the cell again."
            return Message(Verdict.WRONG, title, text)
        return Message.from_plain(json.loads(said))

    def stop(self) -> None:
        """End it; the next question starts another."""
        if self.process is not None and self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    pipe.close()
        self.process = None


JUDGE = Judge()
atexit.register(JUDGE.stop)


def warm_up() -> None:
    """In a notebook, let the judge start now: the first check then finds it waiting."""
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        JUDGE.start()
