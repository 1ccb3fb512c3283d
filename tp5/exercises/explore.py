"""A target to reach with a widget or an experiment."""

from __future__ import annotations

import inspect
import textwrap
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from .bench import Mistake, Untouched, compute_answer, verify_apart
from .exercise import Exercise
from .message import Message, Verdict, show


@dataclass(repr=False)
class Explore(Exercise):
    """Reach a target with a widget or an experiment; what was found is verified by computing.

    The target is what the notebook says. What counts as right ends beyond it, by a margin larger
    than other seeds or another processor make: who has reached the target once is right everywhere.

    Parameters
    ----------
    verify : callable
        Takes what the student found; returns a sentence, or raises `Mistake` with one.
    example : callable
        Takes nothing and returns something that reaches the target, as a tuple.
    """

    verify: Callable[..., str] = field(kw_only=True)
    example: Callable[[], tuple[Any, ...]] = field(kw_only=True)
    kind: ClassVar[str] = "explore"
    untouched: ClassVar[Verdict] = Verdict.UNTRIED

    def decide(self, answer: list[dict[str, Any]]) -> Message:
        """Judge what was found: numbers, words, models; no code of the student's."""
        try:
            if "cells" in answer[0].get("function", {}):
                answer = compute_answer(answer[0]["function"])
            if any("function" in one for one in answer):
                raise Mistake("hand over what you found, not a function.")
            return verify_apart(self.title, answer)
        except Untouched:
            return self.not_written()
        except Mistake as mistake:
            return Message(Verdict.WRONG, self.title, mistake.text, mistake.code)

    def examined(self, *answer: Any) -> Message:
        """Return the verdict on what was found, by computing; it may train for a while."""
        if not answer or any(one is None for one in answer):
            return self.not_written()
        try:
            inspect.signature(self.verify).bind(*answer)
        except TypeError:
            names = ", ".join(inspect.signature(self.verify).parameters)
            return Message(Verdict.WRONG, self.title, f"hand over what you found: ({names}).")
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a training that diverges is told by its error
                return Message(Verdict.RIGHT, self.title, self.verify(*answer))
        except Mistake as mistake:
            return Message(Verdict.WRONG, self.title, mistake.text, mistake.code)
        except Exception as error:
            text = f"what you handed over cannot be used: {type(error).__name__}: {error}"
            return Message(Verdict.WRONG, self.title, text)

    def solution(self) -> None:
        """Show one way to reach the target."""
        code = textwrap.dedent(inspect.getsource(self.example)).rstrip()
        show(Message(Verdict.SOLUTION, self.title, "one way to reach it.", code))
