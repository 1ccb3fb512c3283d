"""A function to write, compared by its numbers and not by its code."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from .compare import ATOL, RTOL, Pair, compare
from .exercise import Exercise
from .message import Message, Verdict, show
from .running import Mistake, Runner, Untouched, same, spoken

Arguments = tuple[Any, ...]


@dataclass(repr=False)
class Code(Exercise):
    """Write a function. Its numbers are compared with the solution's on several random inputs.

    Parameters
    ----------
    reference : callable
        The solution, and what `solution` shows: a function of tp5 wherever there is one.
    cases : callable
        Returns the inputs to try, each a tuple of arguments.
    parts : sequence of str
        Names of the results if there are several.
    mistakes : mapping of str to callable
        Typical wrong answers and what to say to them: recognised by their numbers.
    factors : callable, optional
        Takes the arguments, returns numbers by name that are easily forgotten; see `Pair`.
    truth : callable, optional
        What to compare with, if not the reference: a definition, such as central differences.
    examine : callable, optional
        Instead of a comparison: takes the student's function as a `Runner`, raises `Mistake`.
        (For random results, where there is no one right answer.)
    signature : sequence of str, optional
        Argument names; by default the reference's.
    where : callable, optional
        Says an input in words.
    rtol, atol : float
    """

    reference: Callable[..., Any] = field(kw_only=True)
    cases: Callable[[], Sequence[Arguments]] = field(kw_only=True, default=lambda: [])
    parts: Sequence[str] = field(kw_only=True, default=())
    mistakes: Mapping[str, Callable[..., Any]] = field(kw_only=True, default_factory=dict)
    factors: Callable[..., Mapping[str, float]] | None = field(kw_only=True, default=None)
    truth: Callable[..., Any] | None = field(kw_only=True, default=None)
    examine: Callable[[Runner], None] | None = field(kw_only=True, default=None)
    signature: Sequence[str] = field(kw_only=True, default=())
    where: Callable[..., str] | None = field(kw_only=True, default=None)
    rtol: float = field(kw_only=True, default=RTOL)
    atol: float = field(kw_only=True, default=ATOL)
    kind: ClassVar[str] = "code"

    def __post_init__(self) -> None:
        self.signature = self.signature or list(inspect.signature(self.reference).parameters)

    def decide(self, answer: list[dict[str, Any]]) -> Message:
        """Judge a function, which runs in a process of its own."""
        if len(answer) != 1 or "function" not in answer[0]:
            text = (
                "hand over the function itself, such as check(f), not its result, as check(f(x))."
            )
            return Message(Verdict.WRONG, self.title, text)
        runner = Runner(answer[0]["function"], self.signature, self.reference)
        try:
            with runner:
                (self.examine or self._compare)(runner)
        except Untouched:
            return self.not_written()
        except Mistake as mistake:
            code = "\n\n".join(filter(None, [mistake.code, runner.remarks()]))
            return Message(Verdict.WRONG, self.title, mistake.text, code)
        return Message(Verdict.RIGHT, self.title, self.praise(), runner.remarks())

    def praise(self) -> str:
        """Return what is said to a right answer."""
        if self.examine:
            return "it does all that was asked, on every test."
        like = "central differences" if self.truth else "the solution"
        return f"the same numbers as {like} on {len(self.cases())} inputs."

    def _compare(self, runner: Runner) -> None:
        cases = self.cases()
        given = [self._parts(runner(*args)) for args in cases]
        if not same(list(given[0]), list(self._parts(runner(*cases[0])))):
            raise Mistake(
                "two calls with the same input give different results: it must use its arguments "
                "only, with no chance and nothing remembered from the call before."
            )
        for text, wrong in self.mistakes.items():
            if all(self._alike(got, wrong, args) for got, args in zip(given, cases, strict=True)):
                raise Mistake(text)
        right = [self._right(args) for args in cases]
        if self.parts:
            for got in given:
                self._check_number_of_parts(got)
        for part, name in enumerate(self.parts or ["your result"]):
            compare(
                name,
                [
                    self._pair(got[part], want[part], args)
                    for got, want, args in zip(given, right, cases, strict=True)
                ],
            )

    def _pair(self, got: Any, want: np.ndarray, args: Arguments) -> Pair:
        where = self.where(*args) if self.where else "for " + spoken(self.signature, args)
        factors = self.factors(*args) if self.factors else {}
        return Pair(got, want, where, factors, self.rtol, self.atol)

    def _parts(self, result: Any) -> Any:
        return result if self.parts else (result,)

    def _right(self, args: Arguments) -> list[np.ndarray]:
        return [np.asarray(part) for part in self._parts((self.truth or self.reference)(*args))]

    def _alike(self, got: Any, wrong: Callable[..., Any], args: Arguments) -> bool:
        """Whether a result is what a typical mistake would give, and not right."""
        with np.errstate(all="ignore"):
            other = [np.asarray(part) for part in self._parts(wrong(*args))]
        try:
            return len(got) == len(other) and all(
                np.shape(a) == b.shape and np.allclose(a, b, rtol=self.rtol, atol=self.atol)
                for a, b in zip(got, other, strict=True)
            )
        except (TypeError, ValueError):
            return False

    def _check_number_of_parts(self, got: Any) -> None:
        if not isinstance(got, tuple | list) or len(got) != len(self.parts):
            count = f"{len(got)} things" if isinstance(got, tuple | list) else "one thing"
            wanted = ", ".join(self.parts)
            raise Mistake(f"it returns {count}, and should return {len(self.parts)}: {wanted}.")

    def solution(self) -> None:
        """Show the source of the solution."""
        code = textwrap.dedent(inspect.getsource(self.reference)).rstrip()
        module = self.reference.__module__
        ours = not module.startswith(__package__ or "")
        text = f"this is {module}.{self.reference.__qualname__}, the course's own." if ours else ""
        show(Message(Verdict.SOLUTION, self.title, text or "one way to write it.", code))
