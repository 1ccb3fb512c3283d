"""A question to think about: answer first, then open the discussion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from .exercise import Exercise
from .message import Message, Verdict, show


@dataclass(repr=False)
class Think(Exercise):
    """Answer first, then open the discussion.

    Parameters
    ----------
    choices : mapping of str to str
        The answers to choose from, by letter.
    best : str
        The letter that the discussion defends.
    discussion : str
    """

    choices: Mapping[str, str] = field(kw_only=True)
    best: str = field(kw_only=True)
    discussion: str = field(kw_only=True)
    kind: ClassVar[str] = "think"
    untouched: ClassVar[Verdict] = Verdict.UNANSWERED
    committed: str | None = field(default=None, init=False)
    reason: str = field(default="", init=False)

    def judge(self, *answer: Any) -> Message:
        """Say whether this is an answer; whether it is a good one says the discussion."""
        letter = answer[0] if answer else None
        if letter is None or letter is Ellipsis or letter == "":
            return self.not_written()
        if not isinstance(letter, str) or letter.strip().lower() not in self.choices:
            letters = ", ".join(repr(one) for one in self.choices)
            return Message(Verdict.WRONG, self.title, f"answer with one of the letters {letters}.")
        letter = letter.strip().lower()
        text = f"({letter}) {self.choices[letter]}\n\nNow open the discussion: discuss()."
        return Message(Verdict.ANSWERED, self.title, text)

    def not_written(self) -> Message:
        """Return the choices, as the kind answer to no answer."""
        listed = "\n\n".join(f"({letter}) {text}" for letter, text in self.choices.items())
        return Message(Verdict.UNANSWERED, self.title, f"choose a letter.\n\n{listed}")

    def check(self, *answer: Any) -> None:
        """Commit an answer: a letter and, if you like, a sentence that says why."""
        message = self.judge(*answer)
        show(message)
        if message.verdict is Verdict.ANSWERED:
            self.state = "done"
            self.committed = answer[0].strip().lower()
            self.reason = str(answer[1]) if len(answer) > 1 else ""
        elif message.verdict is Verdict.WRONG and self.state == "open":
            self.state = "tried"

    def discuss(self) -> None:
        """Show the discussion, once an answer is there."""
        if self.committed is None:
            text = "first answer: check('a'), with the letter that you believe in. Then discuss()."
            show(Message(Verdict.UNANSWERED, self.title, text))
            return
        yours = f"You said ({self.committed}), and we say ({self.best}). "
        why = f"You wrote: {self.reason}\n\n" if self.reason else ""
        show(Message(Verdict.DISCUSSION, self.title, why + yours + self.discussion))

    solution = discuss
