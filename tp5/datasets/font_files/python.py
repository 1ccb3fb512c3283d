"""Python as a tree, and with it JSON, without running it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Any

from .tree import CALLS, CODE, MAX_NUMBERS, Node, Unreadable

CHANGING = {"append", "extend", "insert", "pop", "remove", "reverse", "sort", "clear", "update"}
CHANGING |= {"fill", "put"}


class Python:
    """Reads the code of one file, cell by cell.

    Attributes
    ----------
    changed : dict of str to int
        The line at which code changes the list of that name.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.changed: dict[str, int] = {}

    def read(self, text: str, first: int) -> Node | None:
        """Read Python, and with it JSON; None if it is neither."""
        tree = Node(first, is_list=True)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of an odd backslash, of [1, 2][3, 4]
                module = ast.parse(text)
            ast.increment_lineno(module, first - 1)
            if sum(isinstance(node, ast.Constant) for node in ast.walk(module)) > MAX_NUMBERS:
                raise Unreadable(None, "far more than three fonts", "give a shorter file")
            for statement, scope in _statements(module.body, ""):
                tree.items += self._named(statement, scope)
            return tree
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    def _named(self, statement: ast.stmt, scope: str) -> Iterator[Node]:
        """Yield what a statement gives a name to, and note which name it changes instead."""
        target: Any = None
        value, changes = getattr(statement, "value", None), False
        match statement:
            case ast.Assign(targets=[*_, target]) | ast.AnnAssign(target=target):
                again = getattr(target, "id", None) in self.names
                is_same = getattr(_handed_on(value), "id", None) == getattr(target, "id", "")
                changes = (again and not is_same) or not isinstance(target, ast.Name)
            case ast.AugAssign(target=target) | ast.Delete(targets=[target, *_]):
                changes = True
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=target, attr=name))):
                changes = name in CHANGING
            case ast.Expr() | ast.Return():
                pass
            case _:
                return
        if not scope and target is not None:
            self.names.add(_root(target))
            self.changed |= {_root(target): statement.lineno} if changes else {}
        if value is not None:
            key = getattr(target, "id", None) or getattr(target, "attr", None) or _key(target)
            yield _node(value, scope or None if key is None else key)


def _statements(body: list[Any], scope: str) -> Iterator[tuple[ast.stmt, str]]:
    """Yield all statements, each with the function that it stands in; ``if 0:`` holds none."""
    for statement in body:
        if isinstance(statement, ast.If) and isinstance(statement.test, ast.Constant):
            live = statement.body if statement.test.value else statement.orelse
            yield from _statements(live, scope)
            continue
        yield statement, scope
        is_function = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
        inner = statement.name if is_function else scope
        for part in ("body", "orelse", "handlers", "finalbody", "cases"):
            yield from _statements(getattr(statement, part, []), inner)


def _handed_on(tree: Any) -> Any:
    """Return the list in ``np.array([…], dtype=int)`` or in ``list([…]).copy()``."""
    while isinstance(tree, ast.Call):
        owner = getattr(tree.func, "value", None)  # what stands before the point
        name = getattr(tree.func, "attr", None) or getattr(tree.func, "id", None)
        if name not in CALLS or (name == "reshape" and tree.keywords):
            break
        is_method = name in ("reshape", "astype", "copy", "tolist")
        if is_method and getattr(owner, "id", "") not in ("np", "numpy"):
            tree = owner
        elif tree.args:
            tree = tree.args[0]
        else:
            break
    return tree


def _root(tree: Any) -> str:
    """Return the name at the head of ``name[0].part``."""
    while isinstance(tree, ast.Subscript | ast.Attribute | ast.Starred):
        tree = tree.value
    return getattr(tree, "id", "")


def _key(tree: Any) -> Any:
    """Return the constant that is a key of a dictionary, or in ``letters["A"] =``."""
    tree = tree.slice if isinstance(tree, ast.Subscript) else tree
    return tree.value if isinstance(tree, ast.Constant) else None


def _node(tree: Any, key: Any = None, source: str = "") -> Node:
    """Return what an expression says: a list, a number, a text; or code, and what is in it."""
    tree = _handed_on(tree)
    node = Node(tree.lineno, key, text=_text_of(tree), end=tree.end_lineno)
    match tree:
        case ast.Constant(value=int() | float() | str() as value):
            node.value = value
        case ast.Name(id="true" | "false" as word):
            node.value = int(word == "true")
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            node.value = -value
        case ast.UnaryOp(op=ast.UAdd(), operand=ast.Constant(value=int() | float() as value)):
            node.value = value
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            node.items, node.is_list = [_node(element) for element in elements], True
        case ast.Dict(keys=keys, values=values):
            node.items = [_node(v, _key(k)) for k, v in zip(keys, values, strict=True)]
            node.is_list = True
        case ast.Call(func=ast.Name(id="dict"), keywords=[_, *_] as pairs):
            node.items, node.is_list = [_node(pair.value, pair.arg) for pair in pairs], True
        case _:
            node.items = [_node(part) for part in _inside(tree)]
            node.is_list, node.problem = bool(node.items), CODE
    return node


def _text_of(tree: ast.expr) -> str:
    """Return how a number, a text or a name is written."""
    return ast.unparse(tree) if isinstance(tree, ast.Constant | ast.Name) else "this code"


def _inside(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions that an expression is made of."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.expr):
            yield child
        else:
            yield from _inside(child)
