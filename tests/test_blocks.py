"""Block by block and in several threads, elementwise work gives the same bits."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from tp5 import Adam, BinaryCrossEntropy, blas, blocks
from tp5.blocks import Blocks


@pytest.fixture(params=[1, 2, 3])
def workers(request, monkeypatch):
    """Small blocks, and so many threads."""
    monkeypatch.setattr(blocks, "BLOCK", 50)
    monkeypatch.setattr(blocks, "WORTH_A_THREAD", 100)
    monkeypatch.setattr(blocks, "n_threads", lambda: request.param)
    blocks.threads.cache_clear()
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    yield request.param
    blocks.threads.cache_clear()


# --- Blocks ---------------------------------------------------------------------------------------


@given(
    lead=st.sampled_from([(), (1,), (5,), (2, 3)]),
    sides=st.tuples(st.integers(1, 9), st.integers(1, 40)),
    block=st.integers(1, 50),
    axis=st.sampled_from([-1, -2]),
    n_workers=st.integers(1, 3),
)
@settings(deadline=None)
def test_blocks_are_views_that_cover_every_entry_once(lead, sides, block, axis, n_workers):
    a, b = np.zeros((2, *lead, *sides))
    one = a.size // a.shape[axis]  # the smallest block that there can be
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", block)
        parts = list(blocks.blocks(a, b, axis=axis, n_workers=n_workers))
    assert len(parts) % n_workers == 0 or len(parts) == a.shape[axis]
    for part_a, part_b in parts:
        assert part_a.shape == part_b.shape
        assert part_a.size < block + one
        part_a += 1
        part_b += 2
    np.testing.assert_array_equal(a, 1)
    np.testing.assert_array_equal(b, 2)


def test_every_block_is_visited_once_with_memory_of_its_shape(workers):
    a = np.zeros((2, 501))

    def visit(part, scratch):
        assert scratch.shape == part.shape
        assert scratch.flags.c_contiguous
        scratch[:] = 1
        part += scratch

    Blocks(a).each(visit)
    np.testing.assert_array_equal(a, 1)


def test_a_small_array_needs_no_thread():
    before = threading.active_count()
    seen = []
    Blocks(np.zeros(10)).each(lambda part, scratch: seen.append(threading.current_thread()))
    assert seen == [threading.current_thread()]
    assert threading.active_count() <= before


def test_adam_in_threads_takes_the_same_steps_to_the_bit(workers):
    grad = np.random.default_rng(0).normal(size=(2, 1001)).astype("f4")
    theta, alone = np.zeros((2, 2, 1001), "f4")
    update = Adam().start(theta, grad)
    for _ in range(3):
        update(0.01)
    for run in range(2):  # 40 numbers are not WORTH_A_THREAD
        for part in range(0, 1001, 40):
            here = (slice(run, run + 1), slice(part, part + 40))
            update = Adam().start(alone[here], grad[here])
            for _ in range(3):
                update(0.01)
    np.testing.assert_array_equal(theta, alone)


def test_cross_entropy_in_threads_is_the_same_to_the_bit(workers, monkeypatch):
    rng = np.random.default_rng(0)
    A, Y = rng.normal(size=(2, 20, 30)).astype("f4"), rng.random((20, 30), "f4")
    value, gradient = BinaryCrossEntropy().value_and_gradient(A, Y)
    monkeypatch.setattr(blocks, "BLOCK", 10**6)
    whole_value, whole_gradient = BinaryCrossEntropy().value_and_gradient(A, Y)
    np.testing.assert_array_equal(value, whole_value)
    np.testing.assert_array_equal(gradient, whole_gradient)


# --- What goes wrong ------------------------------------------------------------------------------


def test_an_error_in_any_block_comes_out(workers):
    def fail(part, scratch):
        if 400 in part:
            raise RuntimeError("block")

    with pytest.raises(RuntimeError, match="block"):
        Blocks(np.arange(501)).each(fail)


def test_a_thread_minds_errstate(workers):
    huge = np.full(501, 1e30, "f4")
    with np.errstate(over="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        Blocks(huge).each(lambda part, scratch: np.multiply(part, part, out=scratch))


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork here")
def test_a_forked_process_starts_threads_of_its_own():
    code = (
        "import os, warnings; warnings.simplefilter('ignore');"
        "import numpy as np; from tp5 import blocks;"
        "blocks.n_threads = lambda: 2; a = np.ones(10**6);"
        "add = lambda part, scratch: np.add(part, 1, out=part);"
        "blocks.Blocks(a).each(add); child = os.fork();"
        "child or (blocks.Blocks(a).each(add), os._exit(int(a.sum() != 3 * 10**6)));"
        "raise SystemExit(os.waitpid(child, 0)[1])"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


# --- Threads of BLAS ------------------------------------------------------------------------------


def test_as_many_threads_as_blas_uses_now():
    with threadpool_limits(1):
        assert blas.n_threads() == 1
        assert len(Blocks(np.zeros(10**6)).scratch) == 1
    with threadpool_limits(2):
        assert blas.n_threads() == 2
        assert len(Blocks(np.zeros(10**6)).scratch) == 2


@pytest.mark.parametrize(("said", "holds"), [(None, "16"), ("20", "20")])
def test_tp5_says_how_long_blas_waits_unless_the_user_has(said, holds, monkeypatch):
    monkeypatch.delenv("OPENBLAS_THREAD_TIMEOUT", raising=False)
    if said:
        monkeypatch.setenv("OPENBLAS_THREAD_TIMEOUT", said)
    code = "import tp5, os; print(os.environ['OPENBLAS_THREAD_TIMEOUT'])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == holds


def test_the_wait_is_set_before_numpy_is_loaded():
    code = (
        "import sys, builtins; load = builtins.__import__\n"
        "def watch(name, *rest):\n"
        "    if name == 'numpy' and 'numpy' not in sys.modules:\n"
        "        import os; assert 'OPENBLAS_THREAD_TIMEOUT' in os.environ\n"
        "    return load(name, *rest)\n"
        "builtins.__import__ = watch; import tp5"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
