"""Experiments: one function each, a result that is a plain table and the numbers behind it."""

from .architectures import ARCHITECTURES, ArchitectureComparison, compare_architectures
from .fractions import FractionComparison, compare_fractions
from .jobs import local_processes, run_jobs
from .noise import NoiseComparison, compare_noise
from .optimizers import OptimizerComparison, compare_optimizers
from .studies import read_study

__all__ = [
    "ARCHITECTURES",
    "ArchitectureComparison",
    "FractionComparison",
    "NoiseComparison",
    "OptimizerComparison",
    "compare_architectures",
    "compare_fractions",
    "compare_noise",
    "compare_optimizers",
    "local_processes",
    "read_study",
    "run_jobs",
]
