"""What has brackets, as a tree: C and its relatives, Octave, what NumPy prints."""

from __future__ import annotations

import ast
import re
from typing import Any

from .tokens import Token, live
from .tree import CALLS, CODE, Node, Unreadable, leaf

MAX_DEPTH = 20  # three fonts of (32, 7, 5) bits in a dictionary need five
_CLOSING = {"[": "]", "{": "}", "(": ")", "": "no bracket"}


def lex(text: str, first: int) -> Node:
    """Read what has brackets: C and its relatives, Octave, what NumPy prints."""
    reader = _Reader(first)
    for token in live(text, first):
        reader.take(token)
    if len(reader.stack) > 1:
        raise _unclosed(reader.stack[0]) or Unreadable(
            reader.stack[-1].line, "the bracket opened here is never closed", "close it"
        )
    return reader.stack[0]


def _unclosed(node: Node) -> Unreadable | None:
    """Find a row that holds the next one."""
    if len(node.numbers) > 1 and node.lists:
        return Unreadable(node.line, "row is not closed before the next", "close it")
    return next(filter(None, map(_unclosed, node.lists)), None)


class _Reader:
    """Nests tokens, with a stack of the lists that are still open."""

    def __init__(self, first: int) -> None:
        self.stack = [Node(first, is_list=True)]
        self.names: list[Any] = []  # what the next list may be called
        self.sizes: list[int] = []  # 32 and 7 in Font1[32][7]
        self.last = self.stack[0]  # the list that was closed last
        self.previous = Token("comma", "", first)

    def take(self, token: Token) -> None:
        top, previous = self.stack[-1], self.previous
        if previous.kind == "close" and token.line == previous.line and self.last.is_list:
            is_code = token.kind == "other" and token.text not in "=:"
            is_code |= token.kind == "open" and token.text + previous.text in ("[]", "(]", "[)")
            if is_code or (token.kind == "string" and token.touches):
                self.last.problem = CODE  # a slice, a product, .reverse(), Octave's '
        if token.kind == "open":
            self._open(token, top)
        elif token.kind == "close":
            self._close(token, top)
        elif token.text in ("=", ":"):
            self._name(top)
        elif token.kind == "comma":
            if token.text == "," and previous.kind in ("open", "comma") and top.is_list:
                problem = ("nothing stands before this comma", "remove it or add what is missing")
                top.items.append(Node(token.line, text=",", problem=problem))
            self.names, self.sizes = [], []
        elif token.kind == "cast":
            return
        else:
            top.items.append(self._leaf(token, top))
        self.previous = token

    def _open(self, token: Token, top: Node) -> None:
        """Begin a list; [32] in Font1[32] is none."""
        if len(self.stack) > MAX_DEPTH:
            raise Unreadable(token.line, "brackets are nested too deep", "remove some")
        previous, is_subscript = self.previous, False
        node = Node(token.line, text=token.text)
        if token.text == "[":
            is_subscript = previous.kind == "word" or (
                previous.text == "]" and not self.last.is_list
            )
            self.names += [previous.text] if previous.kind == "word" else []
        elif token.text == "(" and previous.kind == "word" and top.items:
            node.problem = None if previous.text in CALLS else CODE
            top.items.pop()
        if previous.kind == "other" and previous.text in "-+*/~!^%":
            node.problem = CODE
        if not is_subscript:
            node.is_list, node.key, self.names = True, _font_name(self.names), []
            node.declared, self.sizes = (self.sizes or [0])[0], []
            top.items.append(node)
        self.stack.append(node)

    def _close(self, token: Token, top: Node) -> None:
        """End a list."""
        expected = _CLOSING[top.text]
        if token.text != expected:
            reason = f"{token.text} where {expected} should close"
            raise Unreadable(token.line, reason, "check the brackets up to this line")
        top.end = token.line
        self.last = self.stack.pop()
        if not top.is_list:
            known = len(top.numbers) == len(top.items) == 1
            self.sizes.append(int(top.items[0].value) if known else 0)
        if top.is_list:  # Go says [32][7]byte{ where the list begins
            self.names = [top.key] if len(top.items) <= 1 and top.key else []

    def _name(self, top: Node) -> None:
        """Note what stands before = or : as a possible name of the next list."""
        if self.previous.kind == "close":  # ['A'] = {…} in C, [[u8; 7]; 32] = in Rust
            if self.last.key is None and top.items and top.items[-1] is self.last:
                top.items.pop()
                parts = self.last.items
                one = parts[0].value if len(parts) == 1 else None
                self.names = [one if one is not None else "".join(part.text for part in parts)]
            elif self.last.is_list:
                self.names = [self.last.key]
        elif top.items and self.previous.kind in ("word", "string", "number"):
            name = top.items.pop()
            if self.previous.kind != "word":
                self.names = [name.value]
            elif name.text != "dtype":  # np.array(..., dtype=int)
                self.names.append(name.text)

    def _leaf(self, token: Token, top: Node) -> Node:
        """Return the node of a number, a text or a word; between numbers stand commas, or none."""
        if token.kind == "string":
            return Node(token.line, value=_unquoted(token.text), text=token.text)
        node = leaf(token.text, token.line)
        before = top.items[-1].value if top.items else None
        if token.kind == "word":
            node.value = {"true": 1, "false": 0}.get(token.text.lower(), node.value)
        elif token.kind == "number" and isinstance(before, int | float):
            same_line = token.line == top.items[-1].line and self.previous.text != ";"
            top.gaps.setdefault((same_line, self.previous.kind == "comma"), node)
            loose = top.gaps.get((same_line, False)) if (same_line, True) in top.gaps else None
            if self.previous.kind == "number" and token.text[0] + top.text in ("+{", "-{"):
                loose = node  # 0x10 +0x01 is a sum in C
            if loose is not None:
                loose.problem = (f"no comma before {loose.text[:20]!r}", "add it")
        return node


def _unquoted(text: str) -> str:
    """Return what a text in quotes says."""
    try:
        return str(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return text.strip("\"'")


def _font_name(names: list[Any]) -> Any:
    """Choose the name that looks like a font's, or else the first.

    There are several in ``FONT1: list[list[int]] =`` or ``int[][] FONT1 =``.
    """
    for name in names:
        if isinstance(name, str) and re.search(r"font|(?<!\d)[1-3]$", name, re.IGNORECASE):
            return name
    return names[0] if names else None
