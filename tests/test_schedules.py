"""Each schedule gives the learning rate of its equation, epoch by epoch and run by run."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tp5.training.schedules import (
    AdaptiveRate,
    CosineDecay,
    ExponentialDecay,
    Schedule,
    StepDecay,
    as_schedule,
)

EVERY = [Schedule, ExponentialDecay, StepDecay, CosineDecay, AdaptiveRate]
every_schedule = pytest.mark.parametrize("kind", EVERY)


def rates(schedule: Schedule, losses: np.ndarray) -> np.ndarray:
    """Learning rate of every epoch of a training that has these losses, shape (n_epochs, ...)."""
    lr, result, epochs = schedule.lr, [], len(losses)
    for epoch in range(epochs):
        lr = schedule.next(lr, epoch, epochs, losses[: epoch + 1])
        result.append(lr)
    return np.array(result)


def fixed_rates(schedule: Schedule, epochs: int) -> np.ndarray:
    return rates(schedule, np.ones((epochs, 1)))


# --- Fixed plans ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schedule", "epochs", "wanted"),
    [
        (Schedule(0.3), 4, {0: 0.3, 3: 0.3}),
        (ExponentialDecay(0.5, factor=0.1), 4, {0: 0.5, 1: 0.05, 3: 0.0005}),
        (ExponentialDecay(0.5, factor=1), 4, {0: 0.5, 3: 0.5}),
        (StepDecay(0.8, every=3, factor=0.5), 9, {0: 0.8, 2: 0.8, 3: 0.4, 5: 0.4, 6: 0.2, 8: 0.2}),
        (StepDecay(0.8), 101, {49: 0.8, 50: 0.4, 99: 0.4, 100: 0.2}),
        (CosineDecay(0.02), 100, {0: 0.02, 25: 0.01 * (1 + np.sqrt(0.5)), 50: 0.01}),
        (CosineDecay(0.02), 3, {0: 0.02, 1: 0.015, 2: 0.005}),
        (CosineDecay(0.02, final=0.5), 100, {0: 0.02, 50: 0.015}),
        (CosineDecay(0.02, final=1), 10, {0: 0.02, 9: 0.02}),
    ],
    ids=str,
)
def test_golden_numbers(schedule, epochs, wanted):
    got = fixed_rates(schedule, epochs)
    assert {epoch: got[epoch] for epoch in wanted} == pytest.approx(wanted)


@given(
    st.sampled_from([ExponentialDecay, CosineDecay, StepDecay]),
    st.floats(1e-6, 1e3),
    st.integers(1, 60),
)
@settings(deadline=None)
def test_a_decay_starts_at_lr_never_rises_and_stays_above_zero(kind, lr, epochs):
    got = fixed_rates(kind(lr), epochs)
    assert got[0] == lr
    assert (np.diff(got) <= 0).all()
    assert (got > 0).all()


@every_schedule
def test_each_run_may_have_its_own_rate(kind):
    lr, losses = np.array([[0.1], [0.2]]), np.ones((6, 2))
    together = rates(kind(lr), losses)
    for run in range(2):
        alone = rates(kind(float(lr[run, 0])), losses[:, [run]])
        np.testing.assert_allclose(together[:, run].ravel(), alone.ravel())


@every_schedule
def test_the_column_of_rates_may_be_a_list(kind):
    losses = np.cumsum(np.ones((6, 2)), axis=0)
    wanted = rates(kind(np.array([[0.1], [0.2]])), losses)
    np.testing.assert_array_equal(rates(kind([[0.1], [0.2]]), losses), wanted)


@every_schedule
def test_a_schedule_does_not_change_the_array_it_was_given(kind):
    lr = np.array([[0.1], [0.2]])
    rates(kind(lr), np.cumsum(np.ones((9, 2)), axis=0))
    np.testing.assert_array_equal(lr, [[0.1], [0.2]])


# --- The adaptive rate ----------------------------------------------------------------------------

FALLING, RISING, FLAT = np.arange(9.0)[::-1], np.arange(9.0), np.ones(9)
ADAPTIVE = AdaptiveRate(0.1, increase=0.01, decrease=0.5, patience=3)


def test_after_three_decreases_the_rate_grows_by_a_constant():
    got = rates(ADAPTIVE, FALLING[:6, None])
    np.testing.assert_allclose(got.ravel(), [0.1, 0.1, 0.1, 0.11, 0.12, 0.13])


def test_after_three_increases_the_rate_shrinks_by_a_fraction():
    got = rates(ADAPTIVE, RISING[:6, None])
    np.testing.assert_allclose(got.ravel(), [0.1, 0.1, 0.1, 0.05, 0.025, 0.0125])


@pytest.mark.parametrize("losses", [FLAT, [1, 2, 1, 2, 1, 2, 1], [3, 2, 1, 1, 0, -1], [np.nan] * 6])
def test_without_a_row_of_three_the_rate_stays(losses):
    np.testing.assert_array_equal(rates(ADAPTIVE, np.array(losses, float)[:, None]), 0.1)


def test_each_run_adapts_to_its_own_loss():
    losses = np.stack([FALLING, RISING, FLAT, np.full(9, np.nan)], axis=1)
    together = rates(ADAPTIVE, losses)
    assert together.shape == (9, 4, 1)
    for run in range(4):
        np.testing.assert_array_equal(together[:, [run]], rates(ADAPTIVE, losses[:, [run]]))


def adaptive_rule(losses: np.ndarray, lr: float, a: float, b: float, patience: int) -> list[float]:
    """The rule as the course says it: count the decreases, and the increases, in a row."""
    falls = rises = 0
    result = [lr]
    for before, after in pairwise(losses):
        falls = falls + 1 if after < before else 0
        rises = rises + 1 if after > before else 0
        lr = lr + a if falls >= patience else lr - b * lr if rises >= patience else lr
        result.append(lr)
    return result


@given(arrays(float, (14,), elements=st.integers(0, 9).map(float)), st.integers(1, 4))
@settings(deadline=None)
def test_on_any_losses_the_rate_follows_the_rule(losses, patience):
    schedule = AdaptiveRate(0.1, increase=0.02, decrease=0.3, patience=patience)
    wanted = adaptive_rule(losses, 0.1, 0.02, 0.3, patience)
    np.testing.assert_allclose(rates(schedule, losses[:, None]).ravel(), wanted)


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lr", [0, -0.1, np.nan, np.inf, None, "fast", np.array([[0.1], [0.0]])], ids=str
)
@every_schedule
def test_a_learning_rate_must_be_a_number_above_zero(kind, lr):
    with pytest.raises(ValueError, match=r"learning rate must be a number in \(0, ∞\)"):
        kind(lr)


@pytest.mark.parametrize("lr", [np.array([0.1, 0.2]), [0.1, 0.2], np.full((2, 2), 0.1)], ids=str)
def test_an_array_of_learning_rates_is_a_column(lr):
    with pytest.raises(ValueError, match=r"\(n_runs, 1\)"):
        Schedule(lr)


@pytest.mark.parametrize(
    ("kind", "name", "values"),
    [
        (ExponentialDecay, "factor", [0, -1, 1.1, np.nan, "a"]),
        (StepDecay, "factor", [0, -1, 1.1, np.nan, "a"]),
        (StepDecay, "every", [0, -3, 0.5, 1.5]),
        (CosineDecay, "final", [-0.1, 1.1, np.nan, "a"]),
        (AdaptiveRate, "increase", [-0.1, np.nan, np.inf]),
        (AdaptiveRate, "decrease", [-0.1, 1, np.nan]),
        (AdaptiveRate, "patience", [0, -1, 1.5]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_another_parameter_out_of_its_range_is_refused_by_name(kind, name, values):
    for value in values:
        with pytest.raises(ValueError, match=name):
            kind(0.1, **{name: value})


# --- Numbers --------------------------------------------------------------------------------------


def test_a_number_is_a_constant_schedule():
    assert as_schedule(0.3) == Schedule(0.3)


@every_schedule
def test_a_schedule_is_returned_as_it_is(kind):
    schedule = kind(0.1)
    assert as_schedule(schedule) is schedule
