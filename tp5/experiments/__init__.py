"""Experiments: one function each, a result that is a plain table and the numbers behind it."""

from .architecture_comparison import ArchitectureComparison
from .architectures import ARCHITECTURES, compare_architectures
from .class_denoiser import (
    CLASS_CHARACTERS,
    CLASS_LAYERS,
    class_characters,
    class_denoiser,
    class_pairs,
)
from .conclusions import compare_conclusions
from .fraction_comparison import FractionComparison
from .fractions import STUDY_RNG, compare_fractions
from .jobs import local_processes, local_threads, run_jobs
from .noise import compare_noise
from .noise_comparison import NoiseComparison
from .optimizer_comparison import CLASS_COMPARISON, OptimizerComparison
from .optimizers import compare_optimizers
from .studies import read_study

__all__ = [
    "ARCHITECTURES",
    "CLASS_CHARACTERS",
    "CLASS_COMPARISON",
    "CLASS_LAYERS",
    "STUDY_RNG",
    "ArchitectureComparison",
    "FractionComparison",
    "NoiseComparison",
    "OptimizerComparison",
    "class_characters",
    "class_denoiser",
    "class_pairs",
    "compare_architectures",
    "compare_conclusions",
    "compare_fractions",
    "compare_noise",
    "compare_optimizers",
    "local_processes",
    "local_threads",
    "read_study",
    "run_jobs",
]
