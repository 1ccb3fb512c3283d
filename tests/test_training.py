"""The loop visits every sample once an epoch, keeps each run apart, and ends without a loss."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp5 import Autoencoder, TrainingWarning
from tp5.networks.initial import initial_theta
from tp5.networks.losses import BinaryCrossEntropy, SquaredError
from tp5.networks.network import Network
from tp5.progress import progress_bar
from tp5.training.callbacks import StopBelow, StopWhenFlat
from tp5.training.epochs import batches
from tp5.training.loop import train
from tp5.training.objective import Reconstruction
from tp5.training.optimizers import SGD, Adam, Momentum, RMSprop
from tp5.training.recorder import Recorder
from tp5.training.schedules import AdaptiveRate, CosineDecay, ExponentialDecay

N_SAMPLES, WIDTH = 7, 4
NETWORK = Network((WIDTH, 3, WIDTH), ["tanh", "identity"])
LINEAR = Network((WIDTH, 2, WIDTH), ["identity", "identity"])
X = (np.random.default_rng(8).random((N_SAMPLES, WIDTH)) > 0.5).astype(float)

EVERY = {
    "SGD": SGD(0.1),
    "Momentum": Momentum(0.05),
    "RMSprop": RMSprop(0.01),
    "Adam": Adam(CosineDecay(0.02)),
    "Adaptive": SGD(AdaptiveRate(0.1, patience=2)),
}
every_optimizer = pytest.mark.parametrize("optimizer", EVERY.values(), ids=EVERY)


def generators(n_runs: int, seed: int = 0) -> list[np.random.Generator]:
    return np.random.default_rng(seed).spawn(n_runs)


def objective_for(rngs, network=NETWORK, loss=None, data=X, dtype="float64") -> Reconstruction:
    theta = np.array([initial_theta(network, "glorot", rng, dtype) for rng in rngs])
    data = data.astype(dtype)
    return Reconstruction(network, loss or BinaryCrossEntropy(), data, data, theta)


def trained(rngs, optimizer=None, epochs=5, batch_size=N_SAMPLES, callbacks=(), **options):
    """Return θ and the history of a training from random weights."""
    objective = objective_for(rngs, **options)
    history = train(
        objective, optimizer or Adam(0.05), epochs, batch_size, rngs, callbacks, progress=False
    )
    return objective.theta, history


class Counting:
    """An objective that computes nothing, and writes down the rows it is asked for."""

    deterministic, layers = True, None

    def __init__(self, n_runs: int, n_samples: int) -> None:
        self.theta = np.zeros((n_runs, 3))
        self.n_samples, self.parts = n_samples, {}
        self.rows: list[np.ndarray | None] = []

    def start_epoch(self, epoch: int) -> None:
        pass

    def loss(self) -> np.ndarray:
        return np.zeros(len(self.theta))

    def gradient(self, rows: np.ndarray | None = None) -> np.ndarray:
        self.rows.append(None if rows is None else rows.copy())
        return np.zeros_like(self.theta)


def test_a_callback_may_be_called_before_the_first_epoch_and_after_every_third():
    seen = []

    def plain(model, epoch, loss):
        seen.append(("plain", epoch))

    def third(model, epoch, loss):
        seen.append(("third", epoch))

    third.every, third.from_start = 3, True
    objective = Counting(n_runs=1, n_samples=4)
    train(objective, SGD(0.1), 4, 2, generators(1), callbacks=[plain, third], progress=False)
    assert [epoch for name, epoch in seen if name == "plain"] == [1, 2, 3, 4]
    assert [epoch for name, epoch in seen if name == "third"] == [0, 3, 4], "and after the last"


def test_a_callback_that_ends_the_training_before_it_begins():
    def at_once(model, epoch, loss):
        return True

    at_once.from_start = True
    objective = Counting(n_runs=1, n_samples=4)
    history = train(objective, SGD(0.1), 4, 2, generators(1), callbacks=[at_once], progress=False)
    assert history.n_epochs == 0
    assert history.message == "ended by a callback after epoch 0"
    assert objective.rows == []


# --- Epochs and batches ---------------------------------------------------------------------------


@given(st.integers(1, 20), st.integers(1, 25), st.integers(1, 4))
@settings(deadline=None)
def test_an_epoch_visits_every_sample_once_for_each_run(n_samples, batch_size, n_runs):
    parts = list(batches(n_samples, batch_size, generators(n_runs)))
    if batch_size >= n_samples:
        assert parts == [None]  # one batch of all samples
        return
    assert {part.shape[0] for part in parts} == {n_runs}
    assert {part.shape[1] for part in parts[:-1]} <= {batch_size}
    assert 1 <= parts[-1].shape[1] <= batch_size
    for visited in np.concatenate(parts, axis=1):
        assert sorted(visited) == list(range(n_samples))


def test_the_last_batch_is_what_is_left():
    assert [part.shape[1] for part in batches(10, 4, generators(2))] == [4, 4, 2]


@pytest.mark.parametrize("batch_size", [N_SAMPLES, N_SAMPLES + 1, 1000])
def test_the_full_batch_is_one_batch_of_everything(batch_size):
    assert list(batches(N_SAMPLES, batch_size, generators(2))) == [None]


@pytest.mark.parametrize("batch_size", [1, 8])
def test_the_order_is_another_one_for_each_epoch_and_for_each_run(batch_size):
    objective = Counting(n_runs=3, n_samples=30)
    train(objective, SGD(0.1), 4, batch_size, generators(3), progress=False)
    orders = np.concatenate(objective.rows, axis=1).reshape(3, 4, 30)  # (n_runs, epochs, ...)
    assert len({tuple(order) for order in orders.reshape(12, 30)}) == 12
    np.testing.assert_array_equal(np.sort(orders), np.broadcast_to(np.arange(30), (3, 4, 30)))


@pytest.mark.parametrize(("batch_size", "steps"), [(10, 1), (11, 1), (1, 10), (4, 3), (5, 2)])
def test_every_batch_is_one_step(batch_size, steps):
    objective = Counting(n_runs=2, n_samples=10)
    train(objective, SGD(0.1), 3, batch_size, generators(2), progress=False)
    assert len(objective.rows) == 3 * steps


@pytest.mark.parametrize(
    "batch_size", [1, 3, N_SAMPLES], ids=["online", "mini_batch", "full_batch"]
)
def test_training_is_a_step_along_the_gradient_of_each_batch(batch_size):
    rngs, again = generators(2), generators(2)
    theta, _ = trained(rngs, SGD(0.1), 3, batch_size)
    wanted = objective_for(again).theta
    for _ in range(3):
        for rows in batches(N_SAMPLES, batch_size, again):
            for run in range(2):
                x = X if rows is None else X[rows[run]]
                _, grad = NETWORK.loss_and_grad(wanted[run], x, x, BinaryCrossEntropy())
                wanted[run] -= 0.1 * grad
    np.testing.assert_allclose(theta, wanted, rtol=1e-11, atol=1e-13)


def test_no_epochs_change_nothing():
    theta, history = trained(generators(2), epochs=0)
    np.testing.assert_array_equal(theta, objective_for(generators(2)).theta)
    assert history.loss.shape == (1, 2)
    assert history.message == "0 epochs done"


# --- History --------------------------------------------------------------------------------------


def test_row_zero_of_the_history_is_the_untrained_loss_and_the_last_is_that_of_the_end():
    rngs = generators(3)
    untrained = objective_for(generators(3)).loss()
    objective = objective_for(rngs)
    history = train(objective, Adam(0.05), 5, 2, rngs, progress=False)
    np.testing.assert_allclose(history.loss[0], untrained, rtol=1e-14)  # compiled, blackboard
    np.testing.assert_allclose(history.loss[-1], objective.loss(), rtol=1e-14)
    assert history.loss.shape == (6, 3)
    assert history.message == "5 epochs done"


def test_an_epoch_counts_as_one_gradient_whatever_the_batch():
    for batch_size in (1, 3, N_SAMPLES):
        _, history = trained(generators(2), epochs=4, batch_size=batch_size)
        np.testing.assert_array_equal(history.gradient_evaluations[:, 0], np.arange(5))


def test_the_learning_rate_of_every_epoch_is_in_the_history():
    _, history = trained(generators(2), SGD(ExponentialDecay(0.1, factor=0.5)), epochs=3)
    np.testing.assert_allclose(history.lr, [[0.1] * 2, [0.05] * 2, [0.025] * 2])


def test_the_adaptive_rate_sees_each_runs_own_loss():
    schedule = AdaptiveRate(np.array([[0.01], [5.0]]), increase=0.001, decrease=0.5, patience=2)
    _, history = trained(generators(2), SGD(schedule), epochs=12)
    for run, start in enumerate((0.01, 5.0)):
        lr = start
        for epoch in range(12):
            lr = schedule.next(lr, epoch, 12, history.loss[: epoch + 1, [run]])
            assert history.lr[epoch, run] == pytest.approx(np.ravel(lr)[0], rel=1e-12)
    assert history.lr[-1, 0] > 0.01


@every_optimizer
@pytest.mark.parametrize(
    "batch_size", [1, 3, N_SAMPLES], ids=["online", "mini_batch", "full_batch"]
)
def test_training_reduces_the_loss_of_every_run(optimizer, batch_size):
    _, history = trained(generators(3), optimizer, epochs=60, batch_size=batch_size)
    assert (history.loss[-1] < 0.9 * history.loss[0]).all()


def test_an_epoch_costs_the_same_late_in_a_long_training_as_early(monkeypatch):
    read = []

    def losses(record: Recorder) -> list[np.ndarray]:
        found = [row.loss for row in record.rows]
        read.append(len(found))
        return found

    monkeypatch.setattr(Recorder, "losses", property(losses))
    train(Counting(10, 3), SGD(0.1), 400, 3, generators(10), progress=False)
    assert sum(read) < 400, "losses of all epochs so far, read in every epoch"


# --- Seeds and runs -------------------------------------------------------------------------------


@every_optimizer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_same_seed_gives_the_same_weights(optimizer, dtype):
    first, _ = trained(generators(2), optimizer, batch_size=2, dtype=dtype)
    again, _ = trained(generators(2), optimizer, batch_size=2, dtype=dtype)
    other, _ = trained(generators(2, seed=1), optimizer, batch_size=2, dtype=dtype)
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


@pytest.mark.parametrize(
    "batch_size", [1, 3, N_SAMPLES], ids=["online", "mini_batch", "full_batch"]
)
def test_a_run_with_data_of_its_own_trains_alone_as_beside_others(batch_size):
    data = np.stack([X, 1 - X, X[::-1]])
    together, _ = trained(generators(3), Adam(0.05), 20, batch_size, data=data)
    for run in range(3):
        alone, _ = trained([generators(3)[run]], Adam(0.05), 20, batch_size, data=data[run])
        np.testing.assert_allclose(together[run], alone[0], rtol=0, atol=1e-12)


@every_optimizer
@pytest.mark.parametrize(
    "batch_size", [1, 3, N_SAMPLES], ids=["online", "mini_batch", "full_batch"]
)
def test_a_run_trains_alone_as_beside_others(optimizer, batch_size):
    together, history = trained(generators(4), optimizer, 20, batch_size)
    for run in range(4):
        alone, its_history = trained([generators(4)[run]], optimizer, 20, batch_size)
        np.testing.assert_allclose(together[run], alone[0], rtol=0, atol=1e-12)
        np.testing.assert_allclose(history.loss[:, run], its_history.loss[:, 0], rtol=1e-12)


def test_float32_training_stays_float32_and_near_float64():
    single, _ = trained(generators(2), batch_size=3, dtype="float32")
    double, _ = trained(generators(2), batch_size=3, dtype="float64")
    assert single.dtype == "float32"
    np.testing.assert_allclose(single, double, atol=1e-3)


@pytest.mark.parametrize("n_runs", [1, 2])
def test_learning_rates_for_another_number_of_runs_are_refused(n_runs):
    with pytest.raises(ValueError, match="learning rate"):
        trained(generators(n_runs), SGD(np.full((3, 1), 0.1)))


def test_momenta_for_another_number_of_runs_are_refused():
    with pytest.raises(ValueError, match="momentum"):
        trained(generators(2), Momentum(0.1, momentum=np.full((3, 1), 0.5)))


# --- Callbacks ------------------------------------------------------------------------------------


def test_callbacks_hear_of_every_epoch_and_of_each_runs_loss():
    heard = []

    def listen(model, epoch, loss):
        heard.append((epoch, *loss))

    _, history = trained(generators(2), epochs=3, callbacks=[listen])
    np.testing.assert_array_equal(heard, np.c_[1:4, history.loss[1:]])


def test_any_iterable_of_callbacks_will_do():
    heard = []
    trained(
        generators(1), epochs=3, callbacks=iter([lambda model, epoch, loss: heard.append(epoch)])
    )
    assert heard == [1, 2, 3]


@pytest.mark.parametrize("position", [0, 1])
def test_one_callback_that_says_true_ends_the_training(position):
    heard = []
    callbacks = [lambda model, epoch, loss: heard.append(epoch)]
    callbacks.insert(position, lambda model, epoch, loss: epoch == 3)
    theta, history = trained(generators(2), epochs=9, callbacks=callbacks)
    assert history.n_epochs == 3
    assert history.message == "ended by a callback after epoch 3"
    assert heard == [1, 2, 3]
    np.testing.assert_array_equal(theta, trained(generators(2), epochs=3)[0])


def test_a_callback_may_change_the_weights():
    """Weight decay, for one: the next gradient must be that of the weights it left."""
    rngs, again = generators(2), generators(2)
    objective, wanted = objective_for(rngs), objective_for(again).theta

    def decay(model, epoch, loss):
        objective.theta *= 0.9

    train(objective, SGD(0.1), 3, N_SAMPLES, rngs, [decay], progress=False)
    for _ in range(3):
        wanted -= 0.1 * NETWORK.loss_and_grad(wanted, X, X, BinaryCrossEntropy())[1]
        wanted *= 0.9
    np.testing.assert_allclose(objective.theta, wanted, rtol=1e-12)


def answers(stop, losses) -> list[bool]:
    """Return what a callback of `fit`, called with the model, says after each epoch."""
    return [
        bool(stop(None, epoch, np.atleast_1d(loss))) for epoch, loss in enumerate(losses, start=1)
    ]


def test_stop_below_waits_for_every_run():
    assert answers(StopBelow(1.0), [[0.5, 1.5], [0.5, 1.0]]) == [False, True]


def test_stop_below_does_not_wait_for_a_run_that_has_diverged():
    assert answers(StopBelow(1.0), [[0.5, np.nan]]) == [True]


@pytest.mark.parametrize(
    ("losses", "ends"),
    [
        ([5, 4, 3, 2, 1], None),
        ([5, 5, 5, 5, 5], 4),
        ([5, 4, 4, 4, 4], 5),
        ([5, 6, 6, 4, 5], None),
        ([5, 6, 7, 8, 9], 4),
        ([5, 5, 5, 4.99, 4.99], None),
    ],
)
def test_stop_when_flat_waits_for_three_epochs_without_a_new_best(losses, ends):
    got = answers(StopWhenFlat(3), map(float, losses))
    assert got == [ends is not None and epoch >= ends for epoch in range(1, 6)]


def test_an_improvement_within_the_tolerance_is_none():
    assert answers(StopWhenFlat(2, tolerance=0.1), [5.0, 4.95, 4.92]) == [False, False, True]
    assert answers(StopWhenFlat(2, tolerance=0.01), [5.0, 4.95, 4.92]) == [False, False, False]


def test_one_run_that_improves_keeps_all_going():
    losses = np.array([[5, 5], [5, 4], [5, 3], [5, np.nan], [5, np.nan]])
    assert answers(StopWhenFlat(2), losses) == [False, False, False, False, True]


def test_a_stop_when_flat_that_was_used_before_starts_anew():
    stop, falling = StopWhenFlat(2), [9.0, 8.0, 7.0, 6.0]
    answers(stop, [1.0] * 3)
    assert answers(stop, falling) == [False] * 4
    assert answers(stop, np.array([falling, falling, falling]).T) == [False] * 4


@pytest.mark.parametrize("patience", [0, -1])
def test_a_patience_below_one_is_refused(patience):
    with pytest.raises(ValueError, match="patience"):
        StopWhenFlat(patience)


# --- Interruption ---------------------------------------------------------------------------------


def interrupt_at(epoch: int):
    def callback(model, now: int, loss: np.ndarray) -> None:
        if now == epoch:
            raise KeyboardInterrupt

    return callback


@pytest.mark.parametrize("batch_size", [1, N_SAMPLES])
def test_an_interrupt_keeps_the_last_whole_epoch_and_warns(batch_size):
    with pytest.warns(TrainingWarning, match="interrupted after epoch 3 of 9"):
        theta, history = trained(
            generators(2), epochs=9, batch_size=batch_size, callbacks=[interrupt_at(3)]
        )
    assert history.n_epochs == 3
    assert "interrupted" in history.message
    np.testing.assert_array_equal(theta, trained(generators(2), epochs=3, batch_size=batch_size)[0])


@pytest.mark.parametrize("epoch", [0, 2])
def test_an_interrupt_in_the_middle_of_an_epoch_goes_back_to_its_start(epoch, monkeypatch):
    monkeypatch.setenv("TP5_COMPILED", "0")
    rngs = generators(2)
    objective = objective_for(rngs)
    plain, calls = objective.gradient, []

    def gradient(rows=None):
        calls.append(rows)
        if len(calls) == N_SAMPLES * epoch + 4:
            raise KeyboardInterrupt
        return plain(rows)

    monkeypatch.setattr(objective, "gradient", gradient)
    with pytest.warns(TrainingWarning, match=f"interrupted after epoch {epoch} of 9"):
        history = train(objective, Adam(0.05), 9, 1, rngs, progress=False)
    wanted, shorter = trained(generators(2), epochs=epoch, batch_size=1)
    np.testing.assert_array_equal(objective.theta, wanted)
    np.testing.assert_array_equal(history.loss, shorter.loss)


# --- Divergence -----------------------------------------------------------------------------------


def linear_training(lrs, epochs=40, batch_size=N_SAMPLES, rngs=None, callbacks=()):
    """Train linear networks with squared error, which diverge where the learning rate is large."""
    lr = np.reshape(np.asarray(lrs, float), (-1, 1))
    rngs = rngs or generators(len(lr))
    options = {"network": LINEAR, "loss": SquaredError(), "callbacks": callbacks}
    return trained(rngs, SGD(lr), epochs, batch_size, **options)


def diverging_epoch(history, run: int) -> int:
    return int(np.flatnonzero(np.isnan(history.loss[:, run]))[0])


@pytest.mark.parametrize(
    "batch_size", [1, 3, N_SAMPLES], ids=["online", "mini_batch", "full_batch"]
)
def test_a_run_that_diverges_says_when_and_at_which_rate_and_goes_back(batch_size):
    with pytest.warns(TrainingWarning, match="diverged") as warned:
        theta, history = linear_training([0.01, 50.0, 0.02], batch_size=batch_size)
    epoch = diverging_epoch(history, 1)
    assert len(warned) == 1
    message = str(warned[0].message)
    assert f"run 1 diverged in epoch {epoch} at learning rate 50:" in message
    assert f"weights of epoch {epoch - 1} are kept" in message
    assert np.isnan(history.loss[epoch:, 1]).all()
    assert np.isfinite(history.loss[:epoch, 1]).all()
    before, _ = trained_until(epoch - 1, batch_size)
    np.testing.assert_array_equal(theta[1], before[1])
    assert np.isfinite(theta).all()


def trained_until(epochs: int, batch_size):
    return linear_training([0.01, 50.0, 0.02], epochs, batch_size)


@pytest.mark.parametrize("batch_size", [1, N_SAMPLES], ids=["online", "full_batch"])
def test_the_others_go_on_as_if_nothing_had_happened(batch_size):
    rngs, others = generators(3), generators(3)
    with pytest.warns(TrainingWarning, match="run 1 diverged"):
        theta, history = linear_training([0.01, 50.0, 0.02], 40, batch_size, rngs)
    alone, its_history = linear_training([0.01, 0.02], 40, batch_size, [others[0], others[2]])
    np.testing.assert_array_equal(theta[[0, 2]], alone)
    np.testing.assert_array_equal(history.loss[:, [0, 2]], its_history.loss)
    assert history.n_epochs == 40


def test_runs_that_diverge_in_one_epoch_are_told_in_one_sentence():
    with pytest.warns(
        TrainingWarning, match=r"run 1, 2 diverged .* learning rate 1e\+200, 2e\+200"
    ):
        linear_training([0.01, 1e200, 2e200])


def test_when_every_run_has_diverged_the_training_ends():
    with pytest.warns(TrainingWarning, match="diverged"):
        theta, history = linear_training([50.0, 60.0], epochs=500)
    last = max(diverging_epoch(history, run) for run in range(2))
    assert history.n_epochs == last < 500
    assert history.message == f"every run has diverged after epoch {last}"
    assert np.isfinite(theta).all()
    assert np.isfinite(history.final_loss).all()


def test_callbacks_hear_nan_for_a_run_that_has_diverged():
    heard = []
    with pytest.warns(TrainingWarning):
        linear_training([0.01, 1e200], 3, callbacks=[lambda model, epoch, loss: heard.append(loss)])
    np.testing.assert_array_equal(np.isnan(heard), [[False, True]] * 3)


@pytest.mark.parametrize("kind", [SGD, Momentum, RMSprop, Adam])
@pytest.mark.parametrize("network", [LINEAR, Network((WIDTH, 3, WIDTH), ["relu", "identity"])])
def test_no_optimizer_leaves_weights_that_are_not_finite(kind, network):
    options = {"network": network, "loss": SquaredError(), "epochs": 10}
    with pytest.warns(TrainingWarning, match="diverged"):
        theta, _ = trained(generators(2), kind(1e300), **options)
    assert np.isfinite(theta).all()


def test_weights_that_overflow_behind_a_finite_loss_are_a_divergence_too():
    """A saturated output hides infinite weights: its loss is finite, and its gradient 0."""
    saturated = Network((WIDTH, 3, WIDTH), ["tanh", "logistic"])
    options = {"network": saturated, "loss": SquaredError(), "epochs": 30}
    with pytest.warns(TrainingWarning, match="diverged"):
        theta, _ = trained(generators(4), Momentum(1.7e308), **options)
    assert np.isfinite(theta).all()


# --- Whose line a warning names -------------------------------------------------------------------


def test_a_warning_names_the_line_that_called_fit():
    data, model = (
        X,
        Autoencoder((WIDTH, 2, WIDTH), "identity", "identity", "identity", "squared_error"),
    )
    with pytest.warns(TrainingWarning) as warned:
        model.fit(data, optimizer=SGD(1e200), epochs=5, rng=0)
    assert warned[0].filename == __file__

    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.warns(TrainingWarning) as warned:
        model.fit(data, optimizer=SGD(0.01), epochs=5, rng=0, callbacks=[interrupt])
    assert warned[0].filename == __file__


# --- Progress bar ---------------------------------------------------------------------------------


def printed_by(capsys, progress: bool | None, callbacks=()) -> str:
    rngs = generators(1)
    train(objective_for(rngs), SGD(0.1), 3, N_SAMPLES, rngs, callbacks, progress=progress)
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.mark.parametrize("progress", [False, None])
def test_a_short_training_prints_nothing(capsys, progress):
    assert printed_by(capsys, progress) == ""


def test_a_progress_bar_that_is_wanted_counts_the_epochs(capsys):
    slow = [lambda model, epoch, loss: time.sleep(0.15)]  # a bar is drawn ten times a second
    assert "2/3" in printed_by(capsys, True, slow)


def test_a_training_longer_than_a_second_shows_a_bar_by_default(capsys):
    for _ in progress_bar(12, None):
        time.sleep(0.1)
    assert "/12" in capsys.readouterr().err


def test_without_progress_a_long_training_prints_nothing(capsys):
    for _ in progress_bar(12, False):
        time.sleep(0.1)
    captured = capsys.readouterr()
    assert captured.out + captured.err == ""
