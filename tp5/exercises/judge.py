"""The process that judges: it waits beside the notebook, and no student's code ever runs in it.

One question a line, one verdict a line, as JSON. NumPy and the course are here as they were
installed, whatever the notebook has done to its own.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO

from .exercise import Exercise
from .message import Message, Verdict


def main() -> None:
    """Answer until nobody asks any more."""
    # Whatever is printed here must not be taken for a verdict.
    verdicts = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin, verdicts)


def serve(questions: TextIO, verdicts: TextIO) -> None:
    """Answer each line of ``questions`` with a line of ``verdicts``."""
    from . import ALL
    from .bench import Bench

    Bench.private = (verdicts.fileno(),)
    exercises = {one.title: one for one in ALL}
    for line in questions:
        question = json.loads(line)
        message = verdict(exercises[question["title"]], question["answer"])
        verdicts.write(json.dumps(message.as_plain()) + "\n")
        verdicts.flush()
        Bench.prepare()


def verdict(exercise: Exercise, answer: list[dict[str, Any]]) -> Message:
    """Return what an exercise says to an answer; a sentence, too, if that cannot be read."""
    try:
        return exercise.decide(answer)
    except Exception as error:
        text = f"what you handed over cannot be used: {type(error).__name__}: {error}"
        return Message(Verdict.WRONG, exercise.title, text)
