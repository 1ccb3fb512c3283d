"""What a check is given, made ready to be sent to the judge."""

from __future__ import annotations

import base64
import inspect
import linecache
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

from .parcels import kind_of
from .pupil import OURS, pack_answer


class CannotBeSent(Exception):
    """An answer that holds something which no other process can have."""


def pack_all(answer: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Pack an answer: functions, trained models, numbers and words.

    Raises
    ------
    CannotBeSent
        If a function uses something that cannot be sent, in one sentence.
    """
    return [pack_function(one) if is_function(one) else pack_answer(one) for one in answer]


def is_function(value: Any) -> bool:
    """Whether it is something to call, and not a model or a number."""
    from ..models.model import LatentModel

    return callable(value) and not isinstance(value, LatentModel)


def pack_function(function: Callable[..., Any]) -> dict[str, Any]:
    """Pack a function, what it needs of the notebook's names, and the text of its lines."""
    import cloudpickle

    home = inspect.getmodule(function)
    travels = home is not None and home.__name__ != "__main__" and is_students(home)
    if home is not None and travels:  # a module of the student's: the judge may not find it
        cloudpickle.register_pickle_by_value(home)
    try:
        pickled = cloudpickle.dumps(function)
    except BaseException as error:
        raise CannotBeSent(
            f"your function uses something of the notebook that cannot be handed over "
            f"({type(error).__name__}: {short(error)}). Let it use its arguments only."
        ) from None
    finally:
        if home is not None and travels:
            cloudpickle.unregister_pickle_by_value(home)
    content = {"pickle": base64.b64encode(pickled).decode(), "lines": lines_of(function)}
    return {"function": content}


def is_students(module: Any) -> bool:
    """Whether a module is neither the course's, nor Python's, nor an installed package."""
    file = getattr(module, "__file__", None)
    return file is not None and not str(file).startswith(OURS) and module.__name__ in sys.modules


def short(error: BaseException) -> str:
    """Return what an error says, if it can say it, on one line."""
    try:
        return " ".join(str(error).split())[:200]
    except BaseException:
        return kind_of(error)


def lines_of(function: Any) -> dict[str, str]:
    """Return the text of each line of a function, and of those it calls, by "name:number"."""
    try:
        code, names = function.__code__, function.__globals__
        called = [getattr(names.get(name), "__code__", None) for name in code.co_names]
        codes = [one for one in (code, *called, *code.co_consts) if isinstance(one, CodeType)]
        return {
            f"{one.co_name}:{number}": linecache.getline(one.co_filename, number).strip()
            for one in codes
            if not one.co_filename.startswith(OURS)
            for number in {number for _, _, number in one.co_lines() if number}
        }
    except Exception:  # no plain function: its lines are not shown
        return {}
