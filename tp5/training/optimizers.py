"""Optimizers: from a gradient to the next θ.

In the equations g is the gradient, all products are elementwise. An optimizer is a recipe and keeps
no state: what a training remembers from step to step, ``memory``, goes in and comes out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from ..checks import as_switch, number_in
from .history import History
from .loop import Callback, train
from .objective import Objective
from .schedules import Schedule, as_rates, as_schedule, match

Memory = tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Optimizer:
    """What every optimizer has: a learning rate, or a `Schedule` of it.

    Parameters
    ----------
    lr : float > 0, ndarray of shape (n_runs, 1), or Schedule
    weight_decay : float >= 0
        Beside the step, θ ← θ − lr·weight_decay·θ (Loshchilov & Hutter 2019).
    clip_norm : float > 0
        A longer gradient is shortened to this length, g ← g·min(1, clip_norm/‖g‖), run by run
        (Pascanu, Mikolov & Bengio 2013).

    Raises
    ------
    ValueError
        If the learning rate, or another parameter, is out of its range.
    """

    lr: Any = 0.05
    weight_decay: float = field(default=0.0, kw_only=True, repr=False)
    clip_norm: float = field(default=math.inf, kw_only=True, repr=False)
    memories: ClassVar[int] = 0  # arrays of the shape of θ that a training remembers

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Let a class with a `change` of its own not inherit the compiled form of another's."""
        super().__init_subclass__(**arguments)
        if "change" in vars(cls) and "rule" not in vars(cls):
            cls.rule = Optimizer.rule  # type: ignore[method-assign]

    def __post_init__(self) -> None:
        as_schedule(self.lr)  # refuses a learning rate that is none
        number_in("weight_decay", "[0, ∞)", self.weight_decay)
        number_in("clip_norm", "(0, ∞]", self.clip_norm)

    @property
    def schedule(self) -> Schedule:
        """The learning rate as a `Schedule`."""
        return as_schedule(self.lr)

    def change(self, g: np.ndarray, memory: Memory, lr: Any, t: int) -> tuple[np.ndarray, Memory]:
        """Return what step t, counted from 1, adds to θ, and what is remembered after it.

        Parameters
        ----------
        g : ndarray, shape (n_runs, n_params)
        memory : tuple of ``memories`` ndarrays of that shape
            Zeros before the first step.
        lr : float, or ndarray of shape (n_runs, 1)
        t : int
        """
        raise NotImplementedError

    def rule(self) -> tuple[str, Any, float, float] | None:
        """Return what the compiled update needs: name, two decays, eps. None: it has no such."""
        return None

    def minimize(
        self,
        objective: Objective,
        epochs: int,
        batch_size: int,
        rngs: Sequence[np.random.Generator],
        callbacks: Iterable[Callback] = (),
        progress: bool | None = None,
        model: Any = None,
    ) -> History:
        """Train with this optimizer: see `train`."""
        return train(objective, self, epochs, batch_size, rngs, callbacks, progress, model)


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent, θ ← θ − lr·g (stochastic when g is the gradient of a batch)."""

    def change(self, g: np.ndarray, memory: Memory, lr: Any, t: int) -> tuple[np.ndarray, Memory]:
        """Return −lr·g; nothing is remembered."""
        return -lr * g, ()

    def rule(self) -> tuple[str, Any, float, float]:
        """Return the compiled update's numbers."""
        return "SGD", 0.0, 0.0, 0.0


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Gradient descent with momentum, v ← momentum·v − lr·g and θ ← θ + v.

    With ``nesterov=True`` the step looks ahead, θ ← θ + momentum·v − lr·g with the new v
    (Rumelhart, Hinton & Williams 1986; Sutskever et al. 2013, sec. 2).

    Parameters
    ----------
    lr : float > 0, ndarray of shape (n_runs, 1), or Schedule
    momentum : float in [0, 1), or ndarray of shape (n_runs, 1)
        0.8 in the course.
    nesterov : bool
    """

    momentum: Any = 0.8
    nesterov: bool = False
    memories: ClassVar[int] = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        as_rates("momentum", "[0, 1)", self.momentum)
        as_switch("nesterov", self.nesterov)

    def change(self, g: np.ndarray, memory: Memory, lr: Any, t: int) -> tuple[np.ndarray, Memory]:
        """Return v, or momentum·v − lr·g; v is remembered."""
        momentum = match("momentum", self.momentum, g)
        v = momentum * memory[0] - lr * g
        return (momentum * v - lr * g if self.nesterov else v), (v,)

    def rule(self) -> tuple[str, Any, float, float]:
        """Return the compiled update's numbers."""
        return "NESTEROV" if self.nesterov else "MOMENTUM", self.momentum, 0.0, 0.0


@dataclass(frozen=True)
class RMSprop(Optimizer):
    """RMSprop, s ← rho·s + (1 − rho)·g² and θ ← θ − lr·g/(√s + eps).

    Tieleman & Hinton 2012, lecture 6.5. The defaults are those of the class's VAE.

    Parameters
    ----------
    lr : float > 0, ndarray of shape (n_runs, 1), or Schedule
    rho : float in [0, 1)
    eps : float > 0
    """

    lr: Any = 0.001
    rho: float = 0.9
    eps: float = 1e-7
    memories: ClassVar[int] = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        number_in("rho", "[0, 1)", self.rho)
        number_in("eps", "(0, ∞)", self.eps)

    def change(self, g: np.ndarray, memory: Memory, lr: Any, t: int) -> tuple[np.ndarray, Memory]:
        """Return −lr·g/(√s + eps); s, a running mean of g², is remembered."""
        s = self.rho * memory[0] + (1 - self.rho) * g * g
        return -lr * g / (np.sqrt(s) + self.eps), (s,)

    def rule(self) -> tuple[str, Any, float, float]:
        """Return the compiled update's numbers."""
        return "RMSPROP", self.rho, 0.0, self.eps


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam, θ ← θ − lr·m̂/(√v̂ + eps) (Kingma & Ba 2015, algorithm 1).

    m ← beta1·m + (1 − beta1)·g,  m̂ = m/(1 − beta1^t): mean of the gradient, bias-corrected;
    v ← beta2·v + (1 − beta2)·g²,  v̂ = v/(1 − beta2^t): mean of its square, at step t.

    Parameters
    ----------
    lr : float > 0, ndarray of shape (n_runs, 1), or Schedule
    beta1, beta2 : float in [0, 1)
    eps : float > 0
    """

    lr: Any = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    memories: ClassVar[int] = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        number_in("beta1", "[0, 1)", self.beta1)
        number_in("beta2", "[0, 1)", self.beta2)
        number_in("eps", "(0, ∞)", self.eps)

    def change(self, g: np.ndarray, memory: Memory, lr: Any, t: int) -> tuple[np.ndarray, Memory]:
        """Return −lr·m̂/(√v̂ + eps); m and v are remembered."""
        m = self.beta1 * memory[0] + (1 - self.beta1) * g
        v = self.beta2 * memory[1] + (1 - self.beta2) * g * g
        m_hat, v_hat = m / (1 - self.beta1**t), v / (1 - self.beta2**t)
        return -lr * m_hat / (np.sqrt(v_hat) + self.eps), (m, v)

    def rule(self) -> tuple[str, Any, float, float]:
        """Return the compiled update's numbers."""
        return "ADAM", self.beta1, self.beta2, self.eps
