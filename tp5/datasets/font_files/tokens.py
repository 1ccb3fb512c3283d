"""Text that no parser takes, cut into tokens; comments and ``#if 0`` are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .tree import MAX_NUMBERS, Unreadable

NO, YES, OVER, MAYBE = range(4)  # whether a branch of an #if is read

# The alternatives are tried in this order. Each runs forward to its end and never starts over
# (*+ is a * that does not go back), so that the time is proportional to the length of the file.
#
# A comment is one of C, of Python, of Octave, a docstring, or a line for the preprocessor; after a
# final \ only #define goes on. In C a // goes on too: "// 0x5C \" would swallow the row below it.
_TOKEN = re.compile(
    r"""
    (?P<comment>  //[^\n]* | /\*.*?\*/ | \"{3}.*?\"{3} | '{3}.*?'{3}
                | (?: (?m:^) | (?<=;) ) [ \t]* %[^\n]*
                | \#[ \t]*define\b (?:[^\\\n] | \\.)*+ | \#[^\n]* )
  | (?P<unclosed> /\* | \"{3} | '{3} )
  | (?P<string>   \"(?:[^"\\\n] | \\[^\n])*+\"? | '(?:[^'\\\n] | \\[^\n])*+'? )
  | (?P<number>   (?<![\w.]) [+-]? \.? [0-9] [\w.]* )
  | (?P<cast>     \( [ \t]* \w+ [ \t]* \) (?=[ \t]*[\d{(]) )
  | (?P<word>     \w+ )
  | (?P<open>     [\[{(] )
  | (?P<close>    [\]})] )
  | (?P<comma>    [,;] )
  | (?P<other>    \S )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of the text: a number, a word, a bracket…"""

    kind: str
    text: str
    line: int
    touches: bool = True  # nothing stands between it and the one before


def tokens(text: str, line: int) -> Iterator[Token]:
    """Cut a text into tokens, left to right; only white space is left out."""
    end = 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", end, match.start())
        yield Token(match.lastgroup or "", match.group(), line, end == match.start())
        line, end = line + match.group().count("\n"), match.end()


def comments(text: str, first: int) -> list[tuple[int, str]]:
    """Return the lines and the texts of all comments."""
    return [(token.line, token.text) for token in tokens(text, first) if token.kind == "comment"]


def live(text: str, first: int) -> Iterator[Token]:
    """Yield the tokens, without comments and without what stands from ``#if 0`` to ``#endif``."""
    branches: list[list[int]] = []  # of each #if: whether this branch is read; its numbers
    for count, token in enumerate(tokens(text, first)):
        if token.kind == "unclosed":
            remedy = f"add {token.text.replace('/*', '*/')}"
            raise Unreadable(token.line, "the comment opened here is never closed", remedy)
        if count == MAX_NUMBERS:
            raise Unreadable(token.line, "far more than three fonts", "give a shorter file")
        if token.kind == "comment":
            _branch(branches, token)
        elif all(branch[0] in (YES, MAYBE) for branch in branches):
            for branch in branches:
                branch[-1] += token.kind == "number"
            yield token


def _branch(branches: list[list[int]], token: Token) -> None:
    """Follow the preprocessor into a branch of an ``#if``, or out of it."""
    match = re.match(r"#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b[ \t]*(\S*)", token.text)
    if match and match[1].startswith("if"):
        branches.append([{"if0": NO, "if1": YES}.get(match[1] + match[2], MAYBE), 0])
    elif match and branches and match[1] != "endif":
        branches[-1][0] = {NO: YES, YES: OVER, OVER: OVER, MAYBE: MAYBE}[branches[-1][0]]
        branches[-1].append(0)
    elif match and branches:
        known, *numbers = branches.pop()
        if known == MAYBE and sum(n >= 7 for n in numbers if n) > 1:
            reason = "numbers in several branches of an #if that ends here"
            raise Unreadable(token.line, reason, "keep the branch that counts")
