"""The process in which a student's code runs: a fork of the judge, or a new interpreter.

It may loop, fill the memory, fork, or end itself: that ends this process, and costs one check. What
it hands back are values (`parcels`), compared elsewhere by code that it cannot reach.
"""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import inspect
import io
import json
import os
import pickle
import signal
import sysconfig
import traceback
import warnings
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .limits import MEMORY, limit_this_process
from .parcels import pack, pack_model, unpack
from .quiet import ASKS, AsksForInput, quiet

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
ENOUGH = 4000  # characters of what it prints and says


class NotYours(Exception):
    """The function handed over, or one that it calls, is the course's own answer."""


def attend(line: Any, closed: list[int], where: Any = None) -> None:
    """Do what the judge asks, in a process of its own, until it has no more questions.

    Parameters
    ----------
    line : multiprocessing.connection.Connection
        Questions come in by it, as JSON, and answers go out.
    closed : list of int
        Files of the judge that are none of this process's business.
    where : file, optional
        Where to note, on SIGUSR1, which line is being executed.
    """
    for number in closed:
        with contextlib.suppress(OSError):
            os.close(number)
    if hasattr(os, "setsid"):
        os.setsid()  # a group of its own, which can be ended as a whole
    if where is not None:
        faulthandler.register(signal.SIGUSR1, file=where, all_threads=False)
    pupil, me = Pupil(), os.getpid()
    while True:
        try:
            task = json.loads(line.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)
        answer = json.dumps(pupil.answer(task)).encode()
        if os.getpid() != me:  # a fork of the student's came back from the function as well
            os._exit(1)
        line.send_bytes(answer)


class Pupil:
    """Holds the student's function, and calls it."""

    def __init__(self) -> None:
        self.function: Callable[..., Any] = pack
        self.lines: dict[str, str] = {}

    def answer(self, task: dict[str, Any]) -> dict[str, Any]:
        """Do one task; whatever happens becomes words."""
        printed = io.StringIO()
        try:
            with (
                contextlib.redirect_stdout(printed),
                contextlib.redirect_stderr(printed),
                quiet(printed),
                warnings.catch_warnings(),
                np.errstate(all="ignore"),
            ):
                warnings.simplefilter("ignore")
                done = getattr(self, "do_" + task["do"])(task)
        except NotImplementedError:
            done = {"untouched": True}
        except AsksForInput as error:
            done = {"mistake": ASKS, "code": own_line(error, self.lines)}
        except NotYours:
            done = {"mistake": "that is the course's own answer; write yours.", "code": ""}
        except BaseException as error:  # SystemExit and KeyboardInterrupt are accidents as well
            text = f"your code raises {about(error)}"
            done = {"mistake": text, "code": own_line(error, self.lines)}
        return done | {"printed": text_of(printed)}

    def do_function(self, task: dict[str, Any]) -> dict[str, Any]:
        """Take the function: from a pickle, or as the notebook's cells define it."""
        self.lines = task.get("lines", {})
        limit_this_process(task["seconds"])
        forbid(task["reference"])
        if "pickle" in task:
            self.function = pickle.loads(b64decode(task["pickle"]))
        else:
            self.function = self.run(task)[0]
        if not callable(self.function):
            return {"mistake": "hand over the function itself, such as check(f).", "code": ""}
        refuse_ours(self.function)
        return complain_of_signature(self.function, task["signature"])

    def do_values(self, task: dict[str, Any]) -> dict[str, Any]:
        """Compute what the check cell hands over, as the notebook's cells do."""
        self.lines = task["lines"]
        limit_this_process(task["seconds"], alone=False, memory=4 * MEMORY)
        return {"values": [pack_answer(value) for value in self.run(task)]}

    def do_verify(self, task: dict[str, Any]) -> dict[str, Any]:
        """Judge what was found, in a process that has no code of a student's."""
        from . import ALL

        limit_this_process(task["seconds"], alone=False, memory=4 * MEMORY)
        (exercise,) = (one for one in ALL if one.title == task["title"])
        return {"says": exercise.examined(*map(unpack, task["answer"])).as_plain()}

    def run(self, task: dict[str, Any]) -> list[Any]:
        """Execute cells, and return the values of the expressions that the check is given."""
        space: dict[str, Any] = {"__name__": "__main__"}
        for name, source in task["cells"]:
            exec(compile(source, name, "exec"), space)
        return [eval(expression, space) for expression in task["expressions"]]

    def do_call(self, task: dict[str, Any]) -> dict[str, Any]:
        """Call the function, and say what it returned and whether it changed an argument."""
        from .running import same

        before, args = (pickle.loads(b64decode(task["args"])) for _ in range(2))
        result = self.function(*args)
        if result is None or result is Ellipsis:
            return {"untouched": True}
        changed = [
            name
            for name, old, new in zip(task["signature"], before, args, strict=True)
            if isinstance(old, np.ndarray | list) and not same(old, new)
        ]
        calls = [getattr(arg, "calls", None) for arg in args]
        return {"result": pack(result), "changed": changed, "calls": calls}


def pack_answer(value: Any) -> Any:
    """Pack a value, or a trained model."""
    from ..models.model import LatentModel

    if isinstance(value, LatentModel) and value.theta is not None:
        return pack_model(value)
    return pack(value)


def forbid(reference: tuple[str, str] | None) -> None:
    """Make the course's own answer unusable in this process, by whatever name it is called."""
    if reference is None:
        return

    def refused(*args: Any, **arguments: Any) -> None:
        from tp5.exercises.pupil import NotYours

        raise NotYours

    answer = getattr(importlib.import_module(reference[0]), reference[1])
    answer.__code__ = refused.__code__


def refuse_ours(function: Any) -> None:
    """Raise `NotYours` at a function that stands in the course's files."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is not None and str(Path(code.co_filename).resolve()).startswith(OURS[0]):
        raise NotYours


def complain_of_signature(function: Callable[..., Any], names: list[str]) -> dict[str, Any]:
    """Return a mistake if it cannot be called with arguments of these names."""
    try:
        parameters = inspect.signature(function)
    except BaseException:  # functions written in C have none, evil ones raise
        return {}
    try:
        parameters.bind(*names)
    except TypeError:
        wanted = ", ".join(names)
        text = f"the exercise calls your function with ({wanted}), and yours takes {parameters}."
        return {"mistake": text, "code": ""}
    return {}


def about(error: BaseException) -> str:
    """Return an error's name and what it says, if it can say it."""
    try:
        said = str(error)[:ENOUGH]
    except BaseException:  # an evil __str__
        said = ""
    name = type(error).__name__
    return f"{name}: {said}" if said else name


def text_of(printed: io.StringIO) -> str:
    """Return what was printed; nothing if the student's code has closed its own output."""
    try:
        return printed.getvalue()[:ENOUGH]
    except ValueError:
        return ""


def own_line(error: BaseException, lines: dict[str, str]) -> str:
    """Return the last of the student's own lines that an error went through."""
    frames = [
        (frame.filename, frame.lineno or 0, frame.name)
        for frame in traceback.extract_tb(error.__traceback__, limit=-200)
    ]
    return spoken_line(frames[::-1], lines)


def spoken_line(frames: list[tuple[str, int, str]], lines: dict[str, str]) -> str:
    """Return the first line that is the student's, with its text; innermost frames come first.

    The text stands in ``lines``, by the cell's name and the number or by the function's.
    """
    for filename, number, function in frames:
        if str(Path(filename).resolve()).startswith(OURS) or filename.startswith("<frozen"):
            continue
        text = lines.get(f"{filename}:{number}") or lines.get(f"{function}:{number}")
        return f"in {function}, line {number}:" + (f"\n    {text}" if text else "")
    return ""
