"""What all exercises share: check, hint, solution, and how far one has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from .answers import CannotBeSent, pack_all
from .asking import JUDGE
from .message import CheckFailed, Message, Verdict, show, strict


@dataclass
class Exercise:
    """What all three kinds share.

    Parameters
    ----------
    title : str
        Its name, as one writes it after ``exercises.``.
    notebook : int
        Where it stands.
    hints : sequence of str
        From a nudge to nearly everything; `hint` gives one more at each call.

    Attributes
    ----------
    state : {"open", "tried", "done"}
        In this kernel; written nowhere.
    """

    title: str
    notebook: int
    hints: Sequence[str]
    kind: ClassVar[str] = ""
    untouched: ClassVar[Verdict] = Verdict.OPEN
    state: str = field(default="open", init=False)
    hints_given: int = field(default=0, init=False)

    def judge(self, *answer: Any) -> Message:
        """Return what `check` shows; nothing is displayed, counted or raised."""
        if not answer or any(one is None or one is Ellipsis for one in answer):
            return self.not_written()
        try:
            packed = pack_all(answer)
        except CannotBeSent as error:
            return Message(Verdict.WRONG, self.title, str(error))
        return JUDGE.ask(self.title, packed)

    def decide(self, answer: list[dict[str, Any]]) -> Message:
        """Return the verdict on an answer, as `answers.pack_all` packed it: the judge's part."""
        raise NotImplementedError

    def examined(self, *answer: Any) -> Message:
        """Return the verdict on what was found: an `Explore`'s part."""
        raise NotImplementedError

    def check(self, *answer: Any) -> None:
        """Judge an answer and show the verdict.

        Parameters
        ----------
        *answer
            What the exercise asks for: a function, what was found, or a letter.

        Raises
        ------
        CheckFailed
            If it is not right and checks are strict; see `strict`. Else never.
        """
        message = self.judge(*answer)
        if message.verdict in (Verdict.RIGHT, Verdict.ANSWERED):
            self.state = "done"
        elif message.verdict is Verdict.WRONG and self.state == "open":
            self.state = "tried"
        show(message)
        if strict() and message.verdict in (Verdict.WRONG, self.untouched):
            raise CheckFailed(repr(message))

    def hint(self) -> None:
        """Show a hint; the next call shows the next one, the last one stays."""
        which = min(self.hints_given, len(self.hints) - 1)
        self.hints_given += 1
        count = f"{which + 1} of {len(self.hints)}: " if len(self.hints) > 1 else ""
        show(Message(Verdict.HINT, self.title, count + self.hints[which]))

    def solution(self) -> None:
        """Show a solution."""
        raise NotImplementedError

    def not_written(self) -> Message:
        """Return the kind answer to a stub."""
        return Message(self.untouched, self.title, f"hint: {self.hints[0]}")

    def __repr__(self) -> str:
        return f"Exercise {self.title} ({self.kind}, {self.state}): check, hint, solution"
