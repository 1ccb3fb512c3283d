"""Run a student's function in another process, and describe every accident in a sentence."""

from __future__ import annotations

import base64
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .bench import ALL_SECONDS, SECONDS, Bench, Mistake, Untouched
from .parcels import Other, unpack

PRINTED = 8  # lines of the student's own prints that are shown

__all__ = ["Mistake", "Runner", "Untouched", "same", "short", "spoken"]


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
