"""The optimizers' update of θ, each in one pass: the equations of `tp5.training.optimizers`."""

from __future__ import annotations

import math
from math import inf

from .forms import ADAM, MOMENTUM, NESTEROV, RMSPROP, SGD
from .jit import compiled


@compiled
def update(rule, theta, grad, m, v, powers, lr):
    """Change θ in place by what ``grad`` says; ``m`` and ``v`` are what the optimizer remembers.

    ``powers`` holds (beta1^t, beta2^t) of Adam's step t, which `next_step` moves on.
    """
    number = theta.dtype.type  # a float64 beside float32 would make all of it float64
    lr, decay, decay2, eps = number(lr), number(rule.decay), number(rule.decay2), number(rule.eps)
    rest, rest2 = number(1 - rule.decay), number(1 - rule.decay2)
    if rule.weight_decay > 0:
        keep = number(1 - lr * rule.weight_decay)
        for i in range(theta.size):
            theta[i] *= keep
    if rule.kind == SGD:
        for i in range(theta.size):
            theta[i] -= lr * grad[i]
    elif rule.kind == MOMENTUM:
        for i in range(theta.size):
            v[i] = decay * v[i] - lr * grad[i]
            theta[i] += v[i]
    elif rule.kind == NESTEROV:
        for i in range(theta.size):
            v[i] = decay * v[i] - lr * grad[i]
            theta[i] += decay * v[i] - lr * grad[i]
    elif rule.kind == RMSPROP:
        for i in range(theta.size):
            v[i] = decay * v[i] + rest * (grad[i] * grad[i])
            theta[i] -= lr * grad[i] / (math.sqrt(v[i]) + eps)
    elif rule.kind == ADAM:
        correct, correct2 = number(1 / (1 - powers[0])), number(1 / (1 - powers[1]))
        for i in range(theta.size):
            m[i] = decay * m[i] + rest * grad[i]
            v[i] = decay2 * v[i] + rest2 * (grad[i] * grad[i])
            theta[i] -= lr * (m[i] * correct) / (math.sqrt(v[i] * correct2) + eps)


@compiled
def clip(rule, grad):
    """Shorten a gradient that is too long: g ← g·clip_norm/‖g‖."""
    if rule.clip_norm < inf:
        total = 0.0
        for i in range(grad.size):
            total += grad[i] * grad[i]
        if total > rule.clip_norm * rule.clip_norm:
            scale = grad.dtype.type(rule.clip_norm / math.sqrt(total))
            for i in range(grad.size):
                grad[i] *= scale


@compiled
def next_step(rule, powers):
    """beta^t from beta^(t − 1), for both betas of Adam."""
    powers[0] *= rule.decay
    powers[1] *= rule.decay2
