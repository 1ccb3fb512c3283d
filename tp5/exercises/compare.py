"""Compare a student's numbers with the right ones, and say *how* they differ.

A diagnosis must hold for every input on which the function was tried: a factor 2 on one of them
is an accident, on all of them it is the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .parcels import Other
from .running import Mistake

RTOL, ATOL = 1e-6, 1e-9


@dataclass(frozen=True)
class Pair:
    """One result and what it should be.

    Parameters
    ----------
    got : Any
        What the student's function returned.
    want : ndarray
    where : str
        For which input.
    factors : mapping of str to float
        Numbers that are easily forgotten here, by name: a factor of got/want is looked up here.
    rtol, atol : float
    """

    got: Any
    want: np.ndarray
    where: str
    factors: Mapping[str, float] = field(default_factory=dict)
    rtol: float = RTOL
    atol: float = ATOL

    def close(self, got: Any) -> bool:
        """Whether ``got`` equals what is wanted, up to the tolerance."""
        return np.shape(got) == self.want.shape and np.allclose(
            got, self.want, rtol=self.rtol, atol=self.atol
        )


def compare(name: str, pairs: Sequence[Pair]) -> None:
    """Raise a `Mistake` that says how the results differ; return if they do not.

    Parameters
    ----------
    name : str
        What the result is called: "your result", "dE/dW".
    pairs : sequence of Pair
        One for each input.

    Raises
    ------
    Mistake
    """
    pairs = [as_numbers(name, pair) for pair in pairs]
    for check in (check_shape, check_kind, check_finite):
        for pair in pairs:
            check(name, pair)
    if all(pair.close(pair.got) for pair in pairs):
        return
    for find in (find_sign, find_transposed, find_factor, find_offset, find_reversed):
        sentence = find(pairs)
        if sentence:
            raise Mistake(f"{name} {sentence}")
    raise Mistake(largest_difference(name, pairs))


def as_numbers(name: str, pair: Pair) -> Pair:
    """Return the pair with ``got`` as an array of numbers."""
    if isinstance(pair.got, Other):
        raise Mistake(f"{name} should be numbers, and is {pair.got.kind}.")
    try:
        got = np.asarray(pair.got)
    except ValueError:  # rows of unequal length
        got = np.array(None)
    if got.dtype.kind not in "biuf":
        kind = f"an array of {got.dtype}" if isinstance(pair.got, np.ndarray) else None
        kind = kind or f"a {type(pair.got).__name__}"
        raise Mistake(f"{name} should be numbers, and is {kind}.")
    return Pair(got, pair.want, pair.where, pair.factors, pair.rtol, pair.atol)


def check_shape(name: str, pair: Pair) -> None:
    """Raise a `Mistake` if the shape is another one."""
    got, want = pair.got.shape, pair.want.shape
    if got == want:
        return
    hint = ""
    if pair.got.ndim == 2 and got == want[::-1]:
        hint = " It is transposed: a matrix product the other way round, or a .T too many?"
    elif pair.got.size == pair.want.size:
        hint = " The number of entries is right; an axis of length 1 too many or too few?"
    elif len(got) == len(want) - 1:
        hint = " An axis is gone: a sum or mean over one axis too many?"
    elif len(got) == len(want) + 1:
        hint = " An axis is left: a sum or mean over one axis too few?"
    raise Mistake(f"{name} has shape {got}, and should have {want} ({pair.where}).{hint}")


def check_kind(name: str, pair: Pair) -> None:
    """Raise a `Mistake` if whole numbers stand where decimals are needed."""
    if pair.got.dtype.kind in "biu" and pair.want.dtype.kind == "f":
        cut = np.array_equal(pair.got, pair.want.astype(pair.got.dtype))
        if cut and not pair.close(pair.got):
            raise Mistake(
                f"{name} holds whole numbers ({pair.got.dtype}), and the decimals are cut off; "
                f"it should be {pair.want.dtype} ({pair.where})."
            )


def check_finite(name: str, pair: Pair) -> None:
    """Raise a `Mistake` if an entry is nan or infinite where it should not be."""
    bad = ~np.isfinite(pair.got) & np.isfinite(pair.want)
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        raise Mistake(
            f"{name} is not finite: {pair.got[place]}{at(place)} ({pair.where}). A division by "
            f"0, a logarithm of 0, or an exponential that overflows?"
        )


Finder = Callable[[Sequence[Pair]], str | None]


def find_sign(pairs: Sequence[Pair]) -> str | None:
    """Everything right but the sign?"""
    if all(pair.close(-1.0 * pair.got) for pair in pairs):
        return "has the wrong sign: every entry is right, with + for − and − for +."
    return None


def find_transposed(pairs: Sequence[Pair]) -> str | None:
    """A square matrix on its side?"""
    if all(pair.got.ndim == 2 and pair.close(pair.got.T) for pair in pairs):
        return "is transposed: rows and columns have changed places."
    return None


def find_factor(pairs: Sequence[Pair]) -> str | None:
    """A constant factor, by its name if it has one?"""
    pairs = [pair for pair in pairs if pair.want.any() or pair.got.any()]  # 0 = c·0 for any c
    ratios = [r for r in map(ratio, pairs) if r is not None]
    if not pairs or len(ratios) < len(pairs):
        return None
    loose = max(1e-5, 10 * pairs[0].rtol)
    for name in pairs[0].factors:
        values = np.array([pair.factors[name] for pair in pairs])
        for sign, word in ((1.0, ""), (-1.0, ", and the sign is wrong")):
            if np.allclose(ratios, sign * values, rtol=loose):
                return f"has a factor too many: {name}{word}.{mean_or_sum(name, True)}"
            if np.allclose(ratios, sign / values, rtol=loose):
                return f"lacks a factor: {name}{word}.{mean_or_sum(name, False)}"
    first = ratios[0]
    if not np.allclose(ratios, first, rtol=loose) or abs(first) < 1e-12:
        return None
    if abs(first) > 1:
        return f"is {first:.3g} times what it should be, in every entry."
    return f"lacks a factor: {1 / first:.3g}, in every entry."


def ratio(pair: Pair) -> float | None:
    """Return c if got = c·want, else None."""
    got, want = pair.got.astype(float), pair.want.astype(float)
    norm = float((want * want).sum())
    if norm == 0:
        return None
    c = float((got * want).sum()) / norm
    scale = np.abs(got).max()
    return c if np.allclose(got, c * want, rtol=10 * pair.rtol, atol=1e-7 * scale) else None


def mean_or_sum(name: str, too_many: bool) -> str:
    """Say what a factor n usually comes from."""
    if not name.startswith("n,"):
        return ""
    return " A sum instead of a mean?" if too_many else " A mean instead of a sum?"


def find_offset(pairs: Sequence[Pair]) -> str | None:
    """The same number too much everywhere?"""
    offsets = [pair.got.astype(float) - pair.want for pair in pairs]
    first = float(np.ravel(offsets[0])[0])
    if first and all(np.allclose(offset, first, rtol=1e-6, atol=1e-9) for offset in offsets):
        return f"is off by the same number everywhere: {first:+.4g}."
    return None


def find_reversed(pairs: Sequence[Pair]) -> str | None:
    """The right entries in reverse order?"""
    if all(pair.got.ndim and pair.close(pair.got[::-1]) for pair in pairs):
        return "is in reverse order: the first entry is last."
    return None


def largest_difference(name: str, pairs: Sequence[Pair]) -> str:
    """Say where the largest difference is, in which input and which entry."""
    gaps = [np.abs(pair.got.astype(float) - pair.want) for pair in pairs]
    worst = int(np.argmax([gap.max() for gap in gaps]))
    pair, gap = pairs[worst], gaps[worst]
    place = tuple(int(i) for i in np.unravel_index(gap.argmax(), gap.shape))
    wrong = sum(int((~np.isclose(p.got, p.want, rtol=p.rtol, atol=p.atol)).sum()) for p in pairs)
    total = sum(p.want.size for p in pairs)
    share = f"{wrong} of {total} entries are" if total > 1 else "it is"
    yours, true = float(pair.got[place]), float(pair.want[place])
    return (
        f"{name} is wrong, most of all{at(place)} ({pair.where}): yours {yours:.4g}, true value "
        f"{true:.4g}. In all the tests together {share} wrong."
    )


def at(place: tuple[int, ...]) -> str:
    """Say an index, `` at [3, 1]``; nothing for a single number."""
    return f" at [{', '.join(map(str, place))}]" if place else ""
