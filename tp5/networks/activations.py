"""Activation functions: the value g(a) of a unit, and its derivative g′(a).

Every derivative here is written with the unit's own output h = g(a), which the forward pass
has kept. Backpropagation then needs no second look at a.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from ..checks import number_in


@cache
def number(value: float, dtype: np.dtype) -> np.ndarray:
    """Return a number as an array without dimensions, made once and used for ever.

    A Python number is converted anew in every call of NumPy, and for the few dozen units of a
    small layer that takes longer than the arithmetic.
    """
    array = np.array(value, dtype)
    array.flags.writeable = False
    return array


class Activation:
    """One activation function: ``value(a)`` and ``derivative(h)``, both elementwise.

    Both take an optional ``out`` array, as NumPy's own functions do, and return it.
    """

    name: ClassVar[str]

    def value(self, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return h = g(a), any shape."""
        raise NotImplementedError

    def derivative(self, h: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return g′(a) for the a that gave h = g(a), any shape."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Identity(Activation):
    """Identity, g(a) = a and g′(a) = 1: the unit is linear."""

    name: ClassVar[str] = "identity"

    def value(self, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return a itself (copied only if ``out`` is another array)."""
        return np.positive(a, out=out) if out is not None and out is not a else a

    def derivative(self, h: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return ones."""
        out = np.empty_like(h) if out is None else out
        out.fill(1)
        return out


@dataclass(frozen=True)
class Tanh(Activation):
    """Hyperbolic tangent, g(a) = tanh(a) in (−1, 1) and g′(a) = 1 − h²."""

    name: ClassVar[str] = "tanh"

    def value(self, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return tanh(a)."""
        return np.tanh(a, out=out)

    def derivative(self, h: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return 1 − h²."""
        out = np.empty_like(h) if out is None else out
        np.multiply(h, h, out=out)
        return np.subtract(number(1, out.dtype), out, out=out)


@dataclass(frozen=True)
class Logistic(Activation):
    """Logistic function of steepness β, g(a) = 1/(1 + e^(−2βa)) and g′(a) = 2β·h·(1 − h).

    Parameters
    ----------
    beta : float > 0
        Steepness. β = 1 is the course's; β = ½ is the sigmoid of most textbooks.

    Notes
    -----
    Computed as (1 + tanh(βa))/2, which is the same function and cannot overflow
    (Hertz, Krogh & Palmer 1991, eq. 1.13 and 1.14).
    """

    beta: float = 1.0
    name: ClassVar[str] = "logistic"

    def __post_init__(self) -> None:
        beta = number_in("the logistic's beta", "(0, ∞)", self.beta)
        object.__setattr__(self, "beta", beta)  # a NumPy scalar would change dtypes

    def value(self, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return 1/(1 + e^(−2βa))."""
        out = np.empty(np.shape(a), np.result_type(a, 0.0)) if out is None else out
        if self.beta != 1:
            a = np.multiply(a, self.beta, out=out)
        np.tanh(a, out=out)
        half = number(0.5, out.dtype)
        out *= half
        out += half
        return out

    def derivative(self, h: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return 2β·h·(1 − h)."""
        out = np.empty(np.shape(h), np.result_type(h, 0.0)) if out is None else out
        h = h.copy() if np.may_share_memory(h, out) else h
        np.subtract(number(1, out.dtype), h, out=out)
        out *= h
        out *= number(2 * self.beta, out.dtype)
        return out

    def __str__(self) -> str:
        return self.name if self.beta == 1 else f"{self.name}({self.beta!r})"


@dataclass(frozen=True)
class ReLU(Activation):
    """Rectified linear unit, g(a) = max(0, a) and g′(a) = 1 where h > 0, else 0."""

    name: ClassVar[str] = "relu"

    def value(self, a: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return max(0, a)."""
        return np.maximum(a, 0, out=out)

    def derivative(self, h: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return 1 where h > 0, else 0 (also at the kink, where no derivative exists)."""
        return np.greater(h, 0, out=np.empty_like(h) if out is None else out)


ACTIVATIONS: dict[str, type[Activation]] = {
    kind.name: kind for kind in (Identity, Tanh, Logistic, ReLU)
}


def get_activation(activation: str | Activation) -> Activation:
    """Return the activation of that name; an `Activation` is returned as it is.

    Parameters
    ----------
    activation : {"identity", "tanh", "logistic", "relu"} or Activation
        "logistic(0.5)" is ``Logistic(beta=0.5)``: ``str`` of any activation is understood.

    Raises
    ------
    ValueError
        If there is no activation of that name.
    """
    if isinstance(activation, Activation):
        return activation
    if isinstance(activation, str) and activation in ACTIVATIONS:
        return ACTIVATIONS[activation]()
    steepness = re.fullmatch(r"logistic\((\d+\.?\d*(?:e[+-]?\d+)?)\)", str(activation))
    if steepness:
        return Logistic(float(steepness[1]))
    raise ValueError(f"unknown activation {activation!r}; choose one of {', '.join(ACTIVATIONS)}.")
