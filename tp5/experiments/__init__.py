"""Experiments: one function each, a result that is a plain table and the numbers behind it."""

from .architectures import ARCHITECTURES, ArchitectureComparison, compare_architectures
from .jobs import local_processes, run_jobs

__all__ = [
    "ARCHITECTURES",
    "ArchitectureComparison",
    "compare_architectures",
    "local_processes",
    "run_jobs",
]
