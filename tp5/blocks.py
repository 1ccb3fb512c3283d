"""Elementwise work on large arrays: block by block, and on as many cores as BLAS uses.

Products of matrices are done by a library, BLAS, which keeps its numbers in the cache and uses
every core. NumPy's elementwise functions do neither. Where arrays are large, as a VAE's three
million weights, that is half of the time of a step. What is computed stays the same to the bit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from .blas import n_threads

# The most numbers of one array in a block. Work makes several passes over its arrays: done on whole
# large arrays, each pass fetches everything from main memory anew; block by block, a block stays in
# the cache meanwhile. (Smaller blocks would stay nearer still. But threads meet at Python's lock
# between any two passes, and wait there: 65,536 numbers take a third longer.)
BLOCK = 2**18

# With fewer numbers for each thread, handing them over costs more than it saves.
WORTH_A_THREAD = 2**16


def blocks(
    *arrays: np.ndarray, axis: int = -1, n_workers: int = 1
) -> Iterator[tuple[np.ndarray, ...]]:
    """Cut arrays of one shape along an axis (-1 or -2) into views of at most about `BLOCK`.

    There are as many for each worker, where the axis is long enough.
    """
    length = arrays[0].shape[axis]
    count = -(-arrays[0].size // (BLOCK * n_workers)) * n_workers
    count = max(1, min(count, length))
    ends = [length * part // count for part in range(count + 1)]
    behind = [slice(None)] * (-axis - 1)  # the axes after the one that is cut
    for start, stop in pairwise(ends):
        part: Any = (..., slice(start, stop), *behind)
        yield tuple(array[part] for array in arrays)


class Blocks:
    """Arrays of one shape in blocks, and for each block an array more to scribble on.

    A thread scribbles on the same memory for every block, which therefore never leaves the cache.

    Parameters
    ----------
    *arrays : ndarray
        Of one shape.
    axis : {-1, -2}
        Which axis is cut.
    """

    def __init__(self, *arrays: np.ndarray, axis: int = -1) -> None:
        n_workers = max(1, min(n_threads(), arrays[0].size // WORTH_A_THREAD))
        self.blocks = list(blocks(*arrays, axis=axis, n_workers=n_workers))
        size = max(views[0].size for views in self.blocks)
        self.scratch = [np.empty(size, arrays[0].dtype) for _ in range(n_workers)]

    def each(self, function: Callable[..., Any]) -> None:
        """Call ``function(*views, scratch)`` for every block, in several threads if it is worth it.

        Whoever is free takes the next block, for a core may be busy with something else.
        """
        waiting = iter(self.blocks)  # Python's lock lets one thread at a time take from it

        def work(memory: np.ndarray) -> None:
            for views in waiting:
                function(*views, memory[: views[0].size].reshape(views[0].shape))

        # NumPy leaves the other threads alone while it computes. A context carries np.errstate.
        others = [threads().submit(copy_context().run, work, own) for own in self.scratch[1:]]
        try:
            work(self.scratch[0])
        finally:
            for other in others:
                other.result()


@cache
def threads() -> ThreadPoolExecutor:
    """Return the threads that compute beside this one; they are started when first needed."""
    return ThreadPoolExecutor(max(1, (os.cpu_count() or 1) - 1), thread_name_prefix="tp5")


if hasattr(os, "register_at_fork"):  # threads do not survive a fork: the child starts its own
    os.register_at_fork(after_in_child=threads.cache_clear)
