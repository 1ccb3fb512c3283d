"""A history says what each epoch cost and gained, for each run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp5.training.history import ARRAYS, History, side_by_side
from tp5.training.recorder import Recorder


def recorded(*losses: list[float], lrs=None, message: str = "done") -> History:
    """Return a history of these losses, one list an epoch, the first before training."""
    record = Recorder(np.array(losses[0]))
    for epoch, loss in enumerate(losses[1:]):
        record.add(np.array(loss), None if lrs is None else np.array(lrs[epoch]))
    return record.history(message)


def history_of(*loss: float, evaluations: int = 1, message: str = "done") -> History:
    """Return a history of one run, as a scipy method leaves it."""
    record = Recorder(np.array([loss[0]]))
    for epoch, value in enumerate(loss[1:], start=1):
        record.add(np.array([value]), evaluations=(epoch * evaluations, epoch))
    return record.history(message)


# --- Recorder -------------------------------------------------------------------------------------


def test_row_zero_is_before_training_and_a_row_follows_for_each_epoch():
    history = recorded([4.0, 5.0], [3.0, 4.0], [2.0, 3.0])
    np.testing.assert_array_equal(history.loss, [[4, 5], [3, 4], [2, 3]])
    assert history.n_epochs == 2


def test_time_may_be_told_where_epochs_share_a_call():
    record = Recorder(np.array([1.0]))
    record.add(np.array([1.0]), seconds=0.25)
    record.add(np.array([1.0]), seconds=0.5)
    np.testing.assert_array_equal(record.history("").seconds, [[0], [0.25], [0.5]])


def test_a_history_of_the_first_epochs_leaves_out_the_others():
    record = Recorder(np.array([3.0]))
    for loss in (2.0, 1.0):
        record.add(np.array([loss]), np.array([0.1]))
    history = record.history("", 1)
    np.testing.assert_array_equal(history.loss, [[3], [2]])
    assert history.lr.shape == history.seconds[1:].shape == (1, 1)


def test_the_recorder_counts_epochs():
    record = Recorder(np.array([1.0]))
    assert record.epoch == 0
    record.add(np.array([1.0]))
    assert record.epoch == 1


def test_time_starts_at_zero_and_does_not_run_backwards():
    seconds = recorded(*[[1.0, 1.0]] * 5).seconds
    np.testing.assert_array_equal(seconds[0], 0)
    assert (np.diff(seconds, axis=0) >= 0).all()
    np.testing.assert_array_equal(seconds[:, 0], seconds[:, 1])


def test_an_epoch_costs_one_pass_unless_told_otherwise():
    history = recorded([1.0], [1.0], [1.0])
    np.testing.assert_array_equal(history.function_evaluations, [[0], [1], [2]])
    np.testing.assert_array_equal(history.gradient_evaluations, [[0], [1], [2]])


def test_the_cost_told_is_the_cost_kept():
    history = history_of(3.0, 2.0, 1.0, evaluations=10)
    np.testing.assert_array_equal(history.function_evaluations, [[0], [10], [20]])
    np.testing.assert_array_equal(history.gradient_evaluations, [[0], [1], [2]])


def test_all_arrays_have_a_column_for_each_run():
    history = recorded([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], lrs=[[0.1] * 3])
    assert {getattr(history, name).shape for name in ARRAYS} == {(2, 3)}
    assert history.lr.shape == (1, 3)


def test_each_epochs_learning_rate_is_kept_for_each_run():
    history = recorded([1.0, 1.0], [1.0, 1.0], [1.0, 1.0], lrs=[[0.1, 0.2], [0.3, 0.4]])
    np.testing.assert_array_equal(history.lr, [[0.1, 0.2], [0.3, 0.4]])


def test_a_learning_rate_array_changed_later_does_not_change_what_was_kept():
    lr = np.array([0.1, 0.2])
    record = Recorder(np.ones(2))
    record.add(np.ones(2), lr)
    lr *= 2
    np.testing.assert_array_equal(record.history("").lr, [[0.1, 0.2]])


def test_an_optimizer_without_a_learning_rate_has_none():
    assert history_of(2.0, 1.0).lr is None


def test_the_parts_of_the_loss_are_kept_and_are_nan_where_the_loss_is():
    record = Recorder(np.array([3.0, 4.0]), {"kl": np.array([1.0, 2.0])})
    record.add(np.array([2.0, np.nan]), parts={"kl": np.array([0.5, 1.5])})
    np.testing.assert_array_equal(record.history("").parts["kl"], [[1, 2], [0.5, np.nan]])


# --- History --------------------------------------------------------------------------------------


def test_final_loss_is_the_last_finite_one_of_each_run():
    history = recorded([4.0, 5.0, np.nan], [3.0, np.nan, np.nan], [2.0, np.inf, np.nan])
    np.testing.assert_array_equal(history.final_loss, [2, 5, np.nan])


@pytest.mark.parametrize("index", [0, 1, -1, np.int64(1)], ids=repr)
def test_one_run_keeps_its_columns_and_the_message(index):
    history = recorded([4.0, 5.0], [3.0, 4.0], lrs=[[0.1, 0.2]], message="why")
    one = history.run(index)
    for name in (*ARRAYS, "lr"):
        wanted = getattr(history, name)[:, int(index)][:, None]
        np.testing.assert_array_equal(getattr(one, name), wanted)
    assert one.message == "why"


def test_some_runs_keep_their_columns():
    history = recorded([4.0, 5.0, 6.0], [3.0, 4.0, 5.0])
    np.testing.assert_array_equal(history.run(slice(1, 3)).loss, [[5, 6], [4, 5]])


def test_one_run_without_learning_rate_has_none():
    assert history_of(2.0, 1.0).run(0).lr is None


def test_repr_tells_epochs_runs_and_the_end():
    history = recorded([1.0, 2.0], [1.0, 2.0], [0.5, 1.0], message="2 epochs done")
    assert repr(history) == "History of 2 epochs, 2 runs: 2 epochs done"


# --- What it has cost -----------------------------------------------------------------------------


def two_runs_of_unequal_length() -> History:
    """Return losses 9, 5, 4, 3 at 10 evaluations an iteration, and 8, 6 at 100."""
    return side_by_side(
        [history_of(9.0, 5.0, 4.0, 3.0, evaluations=10), history_of(8.0, 6.0, evaluations=100)]
    )


def test_cost_is_counted_in_iterations_in_passes_or_in_seconds():
    history = two_runs_of_unequal_length()
    np.testing.assert_array_equal(history.cost("iterations"), np.c_[[0, 1, 2, 3], [0, 1, 2, 3]])
    passes = [[0, 0], [11, 101], [22, 101], [33, 101]]  # losses and gradients
    np.testing.assert_array_equal(history.cost("passes"), passes)
    np.testing.assert_array_equal(history.cost("seconds"), history.seconds)


def test_total_cost_is_that_at_the_end_of_each_run():
    history = two_runs_of_unequal_length()
    np.testing.assert_array_equal(history.total_cost("iterations"), [3, 1])
    np.testing.assert_array_equal(history.total_cost("passes"), [33, 101])


@pytest.mark.parametrize(
    ("budget", "wanted"), [(0, [9, 8]), (10, [9, 8]), (11, [5, 8]), (32, [4, 8]), (1e9, [3, 6])]
)
def test_the_loss_at_a_cost_is_that_of_the_last_epoch_it_paid_for(budget, wanted):
    np.testing.assert_array_equal(two_runs_of_unequal_length().at_cost(budget), wanted)


def test_the_loss_at_a_cost_is_finite_for_a_run_that_diverged():
    history = recorded([4.0, 4.0], [3.0, 2.0], [2.0, np.nan], [1.0, np.nan])
    np.testing.assert_array_equal(history.at_cost(3, "iterations"), [1, 2])


@pytest.mark.parametrize("budget", [-1, np.nan])
def test_a_budget_below_zero_buys_nothing(budget):
    with pytest.raises(ValueError, match="budget"):
        two_runs_of_unequal_length().at_cost(budget)


@pytest.mark.parametrize("by", ["epochs", "", None])
def test_an_unknown_cost_is_refused_with_those_that_there_are(by):
    with pytest.raises(ValueError, match="by must be one of iterations, passes, seconds"):
        two_runs_of_unequal_length().cost(by)


# --- Into a file and back -------------------------------------------------------------------------


@pytest.mark.parametrize("lrs", [None, [[0.1, 0.2], [0.3, 0.4]]], ids=["without_lr", "with_lr"])
def test_a_history_taken_apart_and_put_together_is_equal(lrs):
    history = recorded([4.0, 5.0], [3.0, 4.0], [2.0, np.nan], lrs=lrs, message="why")
    again = History.from_arrays(*history.to_arrays())
    for name in (*ARRAYS, "lr"):
        np.testing.assert_array_equal(getattr(again, name), getattr(history, name))
    assert (again.lr is None) == (lrs is None)
    assert again.message == "why"


def test_the_parts_of_the_loss_go_into_a_file_and_back_and_to_each_run():
    record = Recorder(np.array([3.0, 4.0]), {"kl": np.array([1.0, 2.0])})
    history = record.history("")
    again = History.from_arrays(*history.to_arrays())
    np.testing.assert_array_equal(again.parts["kl"], [[1, 2]])
    np.testing.assert_array_equal(again.run(1).parts["kl"], [[2]])
    assert recorded([1.0]).parts == {}


@pytest.mark.parametrize("name", ARRAYS)
def test_a_missing_array_is_refused_by_name(name):
    arrays, message = recorded([1.0], [1.0]).to_arrays()
    del arrays[name]
    with pytest.raises(ValueError, match=name):
        History.from_arrays(arrays, message)


@pytest.mark.parametrize("name", [*ARRAYS, "lr"])
def test_an_array_of_another_shape_is_refused(name):
    arrays, message = recorded([1.0, 1.0], [1.0, 1.0], lrs=[[0.1, 0.1]]).to_arrays()
    arrays[name] = arrays[name][:, :1]
    with pytest.raises(ValueError, match="shape"):
        History.from_arrays(arrays, message)


# --- Side by side ---------------------------------------------------------------------------------


def test_a_run_that_ended_sooner_has_nan_losses_and_costs_that_stay():
    joined = side_by_side([history_of(5.0, 4.0, evaluations=3), history_of(9.0, 8.0, 7.0, 6.0)])
    np.testing.assert_array_equal(
        joined.loss, [[5, 9], [4, 8], [np.nan, 7], [np.nan, 6]], strict=True
    )
    np.testing.assert_array_equal(joined.function_evaluations, [[0, 0], [3, 1], [3, 2], [3, 3]])
    np.testing.assert_array_equal(joined.gradient_evaluations, [[0, 0], [1, 1], [1, 2], [1, 3]])
    np.testing.assert_array_equal(joined.seconds[1:, 0], joined.seconds[1, 0])


def test_each_message_is_told_once_in_order():
    messages = ["b", "a", "b"]
    assert side_by_side([history_of(1.0, message=text) for text in messages]).message == "b; a"


@given(st.lists(st.lists(st.floats(0, 9), min_size=1, max_size=5), min_size=1, max_size=4))
@settings(deadline=None)
def test_joining_keeps_every_loss_and_every_final_loss(losses):
    histories = [history_of(*loss) for loss in losses]
    joined = side_by_side(histories)
    assert joined.n_epochs == max(map(len, losses)) - 1
    for run, loss in enumerate(losses):
        np.testing.assert_array_equal(joined.loss[: len(loss), run], loss)
        assert np.isnan(joined.loss[len(loss) :, run]).all()
        assert joined.final_loss[run] == loss[-1]
