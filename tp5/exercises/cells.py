"""Which of a notebook's statements a check needs: they are executed again, and no others.

A slice, backwards from the names that a check is given (Weiser 1981): each statement that binds or
changes a name that is needed, with the names that it needs itself. What else a notebook does, to
the course's modules or to IPython, is not in it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
DEFINITE = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, *DEFINITIONS)
OWN_NAMES = (*DEFINITIONS, ast.Lambda)  # what is bound inside is not bound outside


@dataclass(frozen=True)
class Statement:
    """One statement of a notebook, and what it has to do with names."""

    cell: str
    node: ast.stmt

    def binds(self) -> set[str]:
        """Return the names that it binds, or whose objects it may change."""
        return set(bound_by(self.node))

    def uses(self) -> set[str]:
        """Return the names that it asks for."""
        return {
            one.id
            for one in ast.walk(self.node)
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
        }

    def settles(self) -> set[str]:
        """Return the names whose earlier values are of no interest after it."""
        if not isinstance(self.node, DEFINITE):
            return set()
        return {name for target in targets_of(self.node) for name in plain_names(target)}


def targets_of(node: ast.AST) -> list[Any]:
    """Return what one statement assigns to: nodes, or names."""
    if isinstance(node, ast.Assign):
        return list(node.targets)
    if isinstance(node, ast.AnnAssign | ast.AugAssign | ast.For | ast.NamedExpr):
        return [node.target]
    if isinstance(node, DEFINITIONS):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    if isinstance(node, ast.With):
        return [item.optional_vars for item in node.items if item.optional_vars]
    return []


def plain_names(target: Any) -> Iterator[str]:
    """Yield the names that an assignment's target binds."""
    if isinstance(target, str):
        yield target
    elif isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            yield from plain_names(one)
    elif isinstance(target, ast.Starred):
        yield from plain_names(target.value)


def bound_by(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds, and whose objects it changes: a[0] = …, a.fit(X)."""
    for target in targets_of(node):
        yield from plain_names(target)
        if isinstance(target, ast.Attribute | ast.Subscript):
            yield from base_of(target)
    call = node.value if isinstance(node, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        yield from base_of(call.func)
    if not isinstance(node, OWN_NAMES):
        for child in ast.iter_child_nodes(node):
            yield from bound_by(child)


def base_of(node: ast.AST) -> Iterator[str]:
    """Yield the name that an expression such as a.b[0].c begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


def statements_of(cells: Iterable[tuple[str, str]]) -> list[Statement]:
    """Return the statements of cells, (name, source) each; a cell that is no Python has none."""
    statements = []
    for name, source in cells:
        try:
            tree = ast.parse(without_magics(source))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        statements += [Statement(name, node) for node in tree.body]
    return statements


def without_magics(source: str) -> str:
    """Return a cell without the lines that only IPython understands; lines keep their numbers."""
    lines = source.split("\n")
    return "\n".join("" if line.lstrip().startswith(("%", "!", "?")) else line for line in lines)


def needed(statements: Sequence[Statement], names: set[str]) -> list[Statement]:
    """Return the statements that give the names their values, in order.

    A function's names are looked up when it is called, so that they may be bound after it.
    """
    while True:
        live, late, chosen = set(names), set(names), []
        for one in reversed(statements):
            star = isinstance(one.node, ast.ImportFrom) and one.node.names[0].name == "*"
            if not star and not one.binds() & live:
                continue
            chosen.append(one)
            live = (live - one.settles()) | one.uses()
            if isinstance(one.node, DEFINITIONS):
                late |= one.uses()
        if late == names:
            return chosen[::-1]
        names = late


@dataclass(frozen=True)
class Check:
    """A check cell: which exercise it is of, and the expressions that are handed over."""

    title: str
    expressions: list[str]
    names: set[str]


def read_check(source: str) -> Check | None:
    """Return what a check cell says, ``exercises.TITLE.check(…)``; None if it is none."""
    try:
        call = ast.parse(source).body[0].value  # type: ignore[attr-defined]
        title, attribute = call.func.value.attr, call.func.attr
    except (SyntaxError, IndexError, AttributeError):
        return None
    if attribute != "check":
        return None
    names = {one.id for arg in call.args for one in ast.walk(arg) if isinstance(one, ast.Name)}
    return Check(title, [ast.unparse(arg) for arg in call.args], names)


def slice_for(check: Check, cells: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return what `pupil.Pupil` executes for a check, made of the cells before it.

    Each statement keeps its cell and its numbers of lines: a mistake is found where it stands.
    """
    sources = dict(cells)
    pieces = []
    for one in needed(statements_of(cells), check.names):
        starts = [one.node, *getattr(one.node, "decorator_list", [])]
        first = min(node.lineno for node in starts)
        lines = without_magics(sources[one.cell]).split("\n")
        text = "\n".join(lines[first - 1 : one.node.end_lineno])
        if ";" in text.split("\n")[0]:  # other statements share its line
            text = ast.unparse(one.node)
        pieces.append((one.cell, "\n" * (first - 1) + text + "\n"))
    texts = {
        f"{name}:{number}": line.strip()
        for name, source in cells
        for number, line in enumerate(source.split("\n"), 1)
    }
    return {"cells": pieces, "expressions": check.expressions, "lines": texts}
