"""Activation functions: the value g(a) of a unit, and its derivative g′(a).

Every derivative here is written with the unit's own output h = g(a), which the forward pass
has kept. Backpropagation then needs no second look at a.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..checks import number_in, shown


class Activation:
    """One activation function, elementwise. One of your own has these three, and trains."""

    name: ClassVar[str]
    low: ClassVar[float] = -math.inf  # between these two lies every h
    high: ClassVar[float] = math.inf

    def value(self, a: np.ndarray) -> np.ndarray:
        """Return h = g(a), any shape."""
        raise NotImplementedError

    def derivative(self, h: np.ndarray) -> np.ndarray:
        """Return g′(a) for the a that gave h = g(a), any shape."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Identity(Activation):
    """Identity, g(a) = a and g′(a) = 1: the unit is linear."""

    name: ClassVar[str] = "identity"

    def value(self, a: np.ndarray) -> np.ndarray:
        """Return a itself."""
        return a

    def derivative(self, h: np.ndarray) -> np.ndarray:
        """Return ones: one 1, seen as often."""
        return np.broadcast_to(h.dtype.type(1), h.shape)


@dataclass(frozen=True)
class Tanh(Activation):
    """Hyperbolic tangent, g(a) = tanh(a) in (−1, 1) and g′(a) = 1 − h²."""

    name: ClassVar[str] = "tanh"
    low: ClassVar[float] = -1.0
    high: ClassVar[float] = 1.0

    def value(self, a: np.ndarray) -> np.ndarray:
        """Return tanh(a)."""
        return np.tanh(a)

    def derivative(self, h: np.ndarray) -> np.ndarray:
        """Return 1 − h²."""
        return 1 - h * h


@dataclass(frozen=True)
class Logistic(Activation):
    """Logistic function of steepness β, g(a) = 1/(1 + e^(−2βa)) and g′(a) = 2β·h·(1 − h).

    Parameters
    ----------
    beta : float > 0
        Steepness. β = 1 is the course's. β = ½ is the textbooks' sigmoid, half as steep.

    Notes
    -----
    Computed as (1 + tanh(βa))/2, which is the same function and cannot overflow
    (Hertz, Krogh & Palmer 1991, eq. 1.13 and 1.14).
    """

    beta: float = 1.0
    name: ClassVar[str] = "logistic"
    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 1.0

    def __post_init__(self) -> None:
        beta = number_in("the logistic's beta", "(0, ∞)", self.beta)
        object.__setattr__(self, "beta", beta)  # a NumPy scalar would change dtypes

    def value(self, a: np.ndarray) -> np.ndarray:
        """Return 1/(1 + e^(−2βa))."""
        return (1 + np.tanh(self.beta * a)) / 2

    def derivative(self, h: np.ndarray) -> np.ndarray:
        """Return 2β·h·(1 − h)."""
        return 2 * self.beta * h * (1 - h)

    def __str__(self) -> str:
        names = {1.0: "logistic", 0.5: "sigmoid"}
        return names.get(self.beta, f"logistic({self.beta!r})")


@dataclass(frozen=True)
class ReLU(Activation):
    """Rectified linear unit, g(a) = max(0, a) and g′(a) = 1 where h > 0, else 0."""

    name: ClassVar[str] = "relu"
    low: ClassVar[float] = 0.0

    def value(self, a: np.ndarray) -> np.ndarray:
        """Return max(0, a)."""
        return np.maximum(a, 0)

    def derivative(self, h: np.ndarray) -> np.ndarray:
        """Return 1 where h > 0, else 0 (also at the kink, where no derivative exists)."""
        return (h > 0).astype(h.dtype)


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """Leaky rectified linear unit, g(a) = a where a > 0, else slope·a (Maas et al. 2013).

    Parameters
    ----------
    slope : float in (0, 1)
    """

    slope: float = 0.01
    name: ClassVar[str] = "leaky_relu"

    def __post_init__(self) -> None:
        object.__setattr__(self, "slope", number_in("the slope", "(0, 1)", self.slope))

    def value(self, a: np.ndarray) -> np.ndarray:
        """Return a or slope·a."""
        return np.where(a > 0, a, self.slope * a)

    def derivative(self, h: np.ndarray) -> np.ndarray:
        """Return 1 where h > 0, else the slope."""
        return np.where(h > 0, np.ones_like(h), self.slope)

    def __str__(self) -> str:
        return self.name if self.slope == 0.01 else f"{self.name}({self.slope!r})"


ACTIVATIONS: dict[str, Activation] = {
    str(activation): activation
    for activation in (Identity(), Tanh(), Logistic(), Logistic(0.5), ReLU(), LeakyReLU())
}


def get_activation(activation: str | Activation) -> Activation:
    """Return the activation of that name; an `Activation` is returned as it is.

    Parameters
    ----------
    activation : {"identity", "tanh", "logistic", "sigmoid", "relu", "leaky_relu"} or Activation
        "sigmoid" is the field's 1/(1 + e^(−a)); the course's "logistic", 1/(1 + e^(−2a)), is
        twice as steep. "logistic(0.7)" is ``Logistic(0.7)``: ``str`` of each is understood.

    Raises
    ------
    ValueError
        If there is no activation of that name.
    """
    if isinstance(activation, Activation):
        return activation
    if isinstance(activation, str) and activation in ACTIVATIONS:
        return ACTIVATIONS[activation]
    words = activation if isinstance(activation, str) else ""
    number = re.fullmatch(r"(logistic|leaky_relu)\((\d+\.?\d*(?:e[+-]?\d+)?)\)", words)
    if number:
        return {"logistic": Logistic, "leaky_relu": LeakyReLU}[number[1]](float(number[2]))
    raise ValueError(
        f"unknown activation {shown(activation)}; choose one of {', '.join(ACTIVATIONS)}, or hand "
        f"in an Activation of your own (value, derivative, name)."
    )
