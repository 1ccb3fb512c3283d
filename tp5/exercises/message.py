"""What a student is told: one symbol, one word, and plain sentences."""

from __future__ import annotations

import contextlib
import html
import os
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How a check ended. Symbol and word say it; colour only repeats it."""

    RIGHT = ("✓", "Right", "#009E73")
    WRONG = ("✗", "Not yet", "#D55E00")
    OPEN = ("○", "Not written yet", "#777777")
    UNTRIED = ("○", "Not tried yet", "#777777")
    UNANSWERED = ("○", "Not answered yet", "#777777")
    ANSWERED = ("✎", "Answered", "#0072B2")
    HINT = ("?", "Hint", "#0072B2")
    SOLUTION = ("→", "Solution", "#0072B2")
    DISCUSSION = ("→", "Discussion", "#0072B2")

    @property
    def symbol(self) -> str:
        """One character, for the eye."""
        return self.value[0]

    @property
    def word(self) -> str:
        """The same in a word, for everybody."""
        return self.value[1]

    @property
    def colour(self) -> str:
        """Of the line on the left; from the course's colour-blind-safe palette."""
        return self.value[2]


@dataclass(frozen=True)
class Message:
    """What is shown in the notebook: a heading, sentences, and sometimes code.

    Parameters
    ----------
    verdict : Verdict
    title : str
        Which exercise.
    text : str
        What to say; paragraphs are apart by an empty line.
    code : str
        Shown as it is, below the text.
    """

    verdict: Verdict
    title: str
    text: str = ""
    code: str = ""

    def as_plain(self) -> dict[str, str]:
        """Return it as JSON knows it."""
        plain = {"verdict": self.verdict.name, "title": self.title}
        return plain | {"text": self.text, "code": self.code}

    @classmethod
    def from_plain(cls, plain: dict[str, str]) -> Message:
        """Return the message that `as_plain` took apart."""
        return cls(Verdict[plain["verdict"]], plain["title"], plain["text"], plain["code"])

    def __repr__(self) -> str:
        parts = [f"{self.verdict.symbol} {self.verdict.word} ({self.title}): {self.text}"]
        if self.code:
            parts.append("\n".join("    " + line for line in self.code.splitlines()))
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        first, *more = (html.escape(part) for part in self.text.split("\n\n"))
        heading = f"<b>{self.verdict.word}</b> (<code>{html.escape(self.title)}</code>): {first}"
        text = "".join(f"<p>{part}</p>" for part in more)
        code = f"<pre>{html.escape(self.code)}</pre>" if self.code else ""
        return (
            f'<div style="border-left:5px solid {self.verdict.colour};padding:2px 14px">'
            f'<p><span aria-hidden="true">{self.verdict.symbol}</span> {heading}</p>'
            f"{text}{code}</div>"
        )


class CheckFailed(AssertionError):
    """A check did not pass while checks are strict: nbgrader gives no points for the cell."""


def strict() -> bool:
    """Whether a failed check raises: ``TP5_STRICT_CHECKS=1``, or nbgrader runs the notebook."""
    return os.environ.get("TP5_STRICT_CHECKS") == "1" or "NBGRADER_EXECUTION" in os.environ


def show(message: object) -> None:
    """Display in a notebook, print elsewhere."""
    with contextlib.suppress(ImportError):
        from IPython.core.getipython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display(message)
            return
    with contextlib.suppress(ValueError, OSError):  # nobody is there to read it
        print(repr(message))
