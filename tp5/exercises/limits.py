"""What a student's process may take: memory, processor time, no other processes, no core file.

The time that a call may take by the clock is watched from outside (`running`), where a loop in C
or a bare ``except:`` cannot help.
"""

from __future__ import annotations

import contextlib
import math

try:
    import resource
except ImportError:  # Windows has none; the clock is watched all the same
    resource = None  # type: ignore[assignment]

MEMORY = 2 * 2**30  # bytes of address space


def limit_this_process(seconds: float, alone: bool = True, memory: int = MEMORY) -> None:
    """Limit this process for the rest of its life, where the system can.

    Parameters
    ----------
    seconds : float
        Of processor time; then the system ends it, even if nobody watches it any more.
    alone : bool
        Whether it may start neither processes nor threads. (Root may; the whole group is ended
        afterwards.)
    memory : int
        Bytes; more raises MemoryError.
    """
    if resource is None:
        return
    wanted = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: math.ceil(seconds),
        resource.RLIMIT_CORE: 0,
    }
    if alone:
        wanted[resource.RLIMIT_NPROC] = 0
    for kind, most in wanted.items():
        with contextlib.suppress(ValueError, OSError):  # macOS knows some, and keeps none of them
            _, hard = resource.getrlimit(kind)
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (most, most))
