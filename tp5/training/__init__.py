"""Training: objective, optimizers, schedules, the loop, and what it leaves behind."""

from .callbacks import StopBelow, StopWhenFlat
from .history import History, side_by_side
from .loop import TrainingWarning, train
from .objective import Denoising, NoiseFunction, Objective, Reconstruction
from .optimizers import SGD, Adam, Momentum, Optimizer, RMSprop
from .schedules import AdaptiveRate, CosineDecay, ExponentialDecay, Schedule, StepDecay
from .scipy_methods import Scipy

__all__ = [
    "SGD",
    "Adam",
    "AdaptiveRate",
    "CosineDecay",
    "Denoising",
    "ExponentialDecay",
    "History",
    "Momentum",
    "NoiseFunction",
    "Objective",
    "Optimizer",
    "RMSprop",
    "Reconstruction",
    "Schedule",
    "Scipy",
    "StepDecay",
    "StopBelow",
    "StopWhenFlat",
    "TrainingWarning",
    "side_by_side",
    "train",
]
