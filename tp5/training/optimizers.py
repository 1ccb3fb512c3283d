"""Optimizers: from a gradient to the next θ.

An optimizer is a recipe and keeps no state: ``start(theta, grad)`` allocates the memory that one
training needs and returns its ``update(lr)``, which changes ``theta`` in place from what stands in
``grad``. In the equations g is the gradient, all products are elementwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..blocks import Blocks
from ..checks import number_in
from ..networks.activations import number
from .schedules import Schedule, as_rates, as_schedule

Update = Callable[[Any], None]


@dataclass(frozen=True)
class Optimizer:
    """What every optimizer has: a learning rate, or a `Schedule` of it.

    Parameters
    ----------
    lr : float > 0, ndarray of shape (n_runs, 1), or Schedule

    Raises
    ------
    ValueError
        If the learning rate, or another parameter, is out of its range.
    """

    lr: Any = 0.05

    def __post_init__(self) -> None:
        as_schedule(self.lr)  # refuses a learning rate that is none

    @property
    def schedule(self) -> Schedule:
        """The learning rate as a `Schedule`."""
        return as_schedule(self.lr)

    def start(self, theta: np.ndarray, grad: np.ndarray) -> Update:
        """Bind the recipe to two arrays.

        Parameters
        ----------
        theta, grad : ndarray, shape (..., n_params)

        Returns
        -------
        callable
            ``update(lr)`` changes ``theta`` in place.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent, θ ← θ − lr·g (stochastic when g is the gradient of a batch)."""

    def start(self, theta: np.ndarray, grad: np.ndarray) -> Update:
        """Return the update; no memory."""
        step = np.empty_like(theta)

        def update(lr: Any) -> None:
            np.multiply(grad, lr, out=step)
            np.subtract(theta, step, out=theta)

        return update


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

    def __post_init__(self) -> None:
        super().__post_init__()
        as_rates("momentum", "[0, 1)", self.momentum)

    def start(self, theta: np.ndarray, grad: np.ndarray) -> Update:
        """Return the update; it remembers the velocity v."""
        momentum = match("momentum", self.momentum, theta)
        if np.ndim(momentum) == 0:
            momentum = number(momentum, theta.dtype)
        v, step = np.zeros_like(theta), np.empty_like(theta)

        def update(lr: Any) -> None:
            np.multiply(grad, lr, out=step)
            np.multiply(v, momentum, out=v)
            np.subtract(v, step, out=v)
            if not self.nesterov:
                np.add(theta, v, out=theta)
                return
            np.subtract(theta, step, out=theta)
            np.multiply(v, momentum, out=step)
            np.add(theta, step, out=theta)

        return update


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

    def __post_init__(self) -> None:
        super().__post_init__()
        number_in("rho", "[0, 1)", self.rho)
        number_in("eps", "(0, ∞)", self.eps)

    def start(self, theta: np.ndarray, grad: np.ndarray) -> Update:
        """Return the update; it remembers s, a running mean of the squared gradient."""
        s = np.zeros_like(theta)
        parts = Blocks(theta, grad, s)
        rho, rest, eps = (number(x, theta.dtype) for x in (self.rho, 1 - self.rho, self.eps))

        def update(lr: Any) -> None:
            def change(theta: Any, g: Any, s: Any, step: Any) -> None:
                np.multiply(g, g, out=step)
                step *= rest
                s *= rho
                s += step
                np.sqrt(s, out=step)
                step += eps
                np.divide(g, step, out=step)
                step *= lr
                theta -= step

            parts.each(change)

        return update


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

    def __post_init__(self) -> None:
        super().__post_init__()
        number_in("beta1", "[0, 1)", self.beta1)
        number_in("beta2", "[0, 1)", self.beta2)
        number_in("eps", "(0, ∞)", self.eps)

    def start(self, theta: np.ndarray, grad: np.ndarray) -> Update:
        """Return the update; it remembers m, v and t.

        m and v are kept without their factors (1 − beta): m′ = beta1·m′ + g and
        v′ = beta2·v′ + g². The factors go into the numbers ``scale`` and ``eps``, which costs
        nothing, and two passes over the weights are saved.
        """
        m, v = np.zeros_like(theta), np.zeros_like(theta)
        parts = Blocks(theta, grad, m, v)
        t = 0
        beta1, beta2 = number(self.beta1, theta.dtype), number(self.beta2, theta.dtype)

        def update(lr: Any) -> None:
            nonlocal t
            t += 1
            m_factor = (1 - self.beta1) / (1 - self.beta1**t)  # m̂ = m_factor·m′
            v_factor = ((1 - self.beta2) / (1 - self.beta2**t)) ** 0.5  # √v̂ = v_factor·√v′
            scale, eps = lr * (m_factor / v_factor), self.eps / v_factor

            def change(theta: Any, g: Any, m: Any, v: Any, step: Any) -> None:
                m *= beta1
                m += g
                np.multiply(g, g, out=step)
                v *= beta2
                v += step
                np.sqrt(v, out=step)
                step += eps
                np.divide(m, step, out=step)
                step *= scale
                theta -= step

            parts.each(change)

        return update


def match(name: str, value: Any, theta: np.ndarray) -> Any:
    """Return a number as a Python float, and a column with one for each run in θ's dtype.

    A float64 array beside a float32 θ would make NumPy compute in float64, slowly.

    Raises
    ------
    ValueError
        If there are not as many as θ has runs.
    """
    if np.ndim(value) == 0:
        return float(value)
    if theta.ndim < 2 or len(value) != len(theta):
        n_runs = len(theta) if theta.ndim > 1 else 1
        raise ValueError(
            f"there are {len(value)} values of {name} for {n_runs} runs; give one each."
        )
    return np.asarray(value, theta.dtype)
