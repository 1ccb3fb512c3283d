"""The threads of BLAS, the library that multiplies NumPy's matrices.

This module comes before NumPy, because what it asks for must be said before BLAS is loaded.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

# OpenBLAS's threads wait for their next product at full speed, by default for 2²⁶ ticks of the
# clock, 27 ms: on the very core that `tp5.blocks` would use meanwhile. After 2¹⁶ they sleep.
# (Where NumPy was imported before tp5, it stays as it was: a third slower, and nothing else.)
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "16")


def n_threads() -> int:
    """Threads that BLAS uses now: 1 in a worker of an experiment, or if the user says so."""
    libraries = controller().info()
    return max((one["num_threads"] for one in libraries if one["user_api"] == "blas"), default=1)


@cache
def controller() -> Any:
    """Look once for the libraries that have threads: it takes a millisecond.

    Returns
    -------
    threadpoolctl.ThreadpoolController
    """
    import numpy  # noqa: F401  (loads BLAS)
    from threadpoolctl import ThreadpoolController  # `import tp5` imports numpy alone

    return ThreadpoolController()


def one_thread() -> Any:
    """Let BLAS compute with one thread, in this whole process.

    Returns
    -------
    threadpoolctl.threadpool_limits
        In a ``with`` statement it lifts the limit at the end; otherwise the limit stays.
    """
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)
