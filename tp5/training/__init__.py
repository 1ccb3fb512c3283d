"""Training: objective, optimizers, schedules, the loop, and what it leaves behind."""

from .history import History, side_by_side
from .loop import StopBelow, StopWhenFlat, TrainingWarning, train
from .optimizers import SGD, Adam, Momentum, Optimizer, RMSprop
from .schedules import AdaptiveRate, CosineDecay, ExponentialDecay, Schedule, StepDecay
from .scipy_methods import Scipy

__all__ = [
    "SGD",
    "Adam",
    "AdaptiveRate",
    "CosineDecay",
    "ExponentialDecay",
    "History",
    "Momentum",
    "Optimizer",
    "RMSprop",
    "Schedule",
    "Scipy",
    "StepDecay",
    "StopBelow",
    "StopWhenFlat",
    "TrainingWarning",
    "side_by_side",
    "train",
]
