"""Run a student's function: with a time limit, in quiet, and with every accident described."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import linecache
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .limits import TimeUp, call

SECONDS = 5.0  # for one call
PRINTED = 8  # lines of the student's own prints that are shown

# Whose files are not the student's.
OURS = tuple(
    str(Path(folder).resolve())
    for folder in (
        Path(__file__).parents[1],
        Path(np.__file__).parent,
        sysconfig.get_path("purelib"),
        sysconfig.get_path("stdlib"),
    )
)


class Untouched(Exception):
    """The stub is as it was: it returned None or `...`, or raised NotImplementedError."""


class Mistake(Exception):
    """What is wrong with an answer, in a sentence or two; ``code`` shows where."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.text, self.code = text, code


@dataclass
class Runner:
    """A student's function, called as the exercise wants to call it.

    Parameters
    ----------
    function : callable
    signature : sequence of str
        Names of the arguments that the exercise hands over.

    Attributes
    ----------
    printed : str
        What the function printed at its first call.
    """

    function: Callable[..., Any]
    signature: Sequence[str]
    seconds: float = SECONDS
    printed: str = field(default="", init=False)
    calls: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        try:
            parameters = inspect.signature(self.function)
        except (TypeError, ValueError):  # some functions written in C have none
            return
        try:
            parameters.bind(*self.signature)
        except TypeError:
            wanted = ", ".join(self.signature)
            raise Mistake(
                f"the exercise calls your function with ({wanted}), and yours takes {parameters}."
            ) from None

    def __call__(self, *args: Any) -> Any:
        """Call it on copies of the arguments, and return what it returns.

        Raises
        ------
        Untouched
            If it is the stub.
        Mistake
            If it raises, does not end, or changes an argument.
        """
        given = tuple(one if callable(one) else copy.deepcopy(one) for one in args)
        output = io.StringIO()
        try:
            result = self._guarded(given, output)
        finally:
            self.printed = self.printed if self.calls else output.getvalue()
            self.calls += 1
        if result is None or result is Ellipsis:
            if self.calls == 1:
                raise Untouched
            raise Mistake(f"it returns nothing for {spoken(self.signature, args)}.")
        for name, before, after in zip(self.signature, args, given, strict=True):
            if isinstance(before, np.ndarray | list) and not same(before, after):
                raise Mistake(
                    f"it changes its argument {name} in place. Whoever calls it still needs "
                    f"{name}: compute something new instead (a = a + b, not a += b)."
                )
        return result

    def _guarded(self, args: tuple[Any, ...], output: io.StringIO) -> Any:
        try:
            with (
                contextlib.redirect_stdout(output),
                contextlib.redirect_stderr(output),
                warnings.catch_warnings(),
                np.errstate(all="ignore"),
            ):
                warnings.simplefilter("ignore")
                return call(self.function, args, self.seconds)
        except NotImplementedError:
            raise Untouched from None
        except TimeUp as error:
            raise Mistake(
                f"it was still running after {self.seconds:g} seconds and was stopped. Does a "
                f"loop never end?",
                own_line(error),
            ) from None
        except (Exception, SystemExit) as error:
            about = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            raise Mistake(f"your code raises {about}", own_line(error)) from None

    def remarks(self) -> str:
        """Return what the student's code printed at its first call, some lines of it."""
        lines = self.printed.splitlines()
        more = [f"… {len(lines) - PRINTED} more lines"] if len(lines) > PRINTED else []
        return "\n".join(lines[:PRINTED] + more)


def own_line(error: BaseException) -> str:
    """Return the last of the student's own lines that an error went through."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not str(Path(frame.filename).resolve()).startswith(OURS)
    ]
    if not frames:
        return ""
    last = frames[-1]
    line = last.line or linecache.getline(last.filename, last.lineno or 0).strip()
    return f"in {last.name}, line {last.lineno}:\n    {line}"


def same(a: Any, b: Any) -> bool:
    """Whether two arrays, or two lists of arrays, hold the same numbers (up to rounding)."""
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
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
    return f"a {type(value).__name__}"
