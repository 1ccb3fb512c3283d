"""What is compiled is what stands on the blackboard, and has the same bits however it is called."""

from __future__ import annotations

import numpy as np
import pytest

from tp5 import Autoencoder, compiled, threads
from tp5.networks import (
    BinaryCrossEntropy,
    Network,
    SquaredError,
    Tanh,
    central_differences,
    initial_theta,
    relative_error,
)
from tp5.training import SGD, Adam, Momentum, RMSprop
from tp5.training.epochs import BlackboardEpochs, epochs_of
from tp5.training.objective import Reconstruction
from tp5.training.one_run import BlackboardLosses, losses_of

engine = compiled.core()

N_SAMPLES, N_RUNS, LAYERS = 7, 2, (5, 6, 3, 5)
ACTIVATIONS = (
    *("identity", "tanh", "logistic", "logistic(0.7)", "sigmoid"),
    *("relu", "leaky_relu", "leaky_relu(0.2)"),
)
LOSSES = (SquaredError(), BinaryCrossEntropy())
OPTIMIZERS = {  # a large eps: g/√g² of a g that is nothing but rounding would be ±1
    "SGD": SGD(0.1),
    "SGD, decay, clip": SGD(0.1, weight_decay=0.1, clip_norm=0.5),
    "Momentum": Momentum(0.05),
    "Nesterov": Momentum(0.05, momentum=np.array([[0.3], [0.9]]), nesterov=True),
    "RMSprop": RMSprop(0.02, eps=1e-2),
    "Adam": Adam(0.02, beta1=0.8, beta2=0.95, eps=1e-2),
}
# (batch size, samples in a block): online, small batches, all at once, in blocks.
BATCHES = ((1, 128), (3, 128), (N_SAMPLES, 128), (N_SAMPLES, 3), (5, 2))

every_activation = pytest.mark.parametrize("activation", ACTIVATIONS)
every_loss = pytest.mark.parametrize("loss", LOSSES, ids=repr)
every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)


def objective_for(activation="tanh", loss=LOSSES[0], dtype="float64", own=False, n_runs=N_RUNS):
    """Return an objective with a network, data and weights; the same for the same arguments."""
    rng = np.random.default_rng(4)
    network = Network(LAYERS, [activation, "identity", activation])
    shape = (n_runs, N_SAMPLES, 5) if own else (N_SAMPLES, 5)
    X, Y = (rng.random(shape).astype(dtype) for _ in range(2))
    rngs = np.random.default_rng(1).spawn(n_runs)
    theta = np.array([0.5 * initial_theta(network, "uniform", one, dtype) for one in rngs])
    return Reconstruction(network, loss, X, Y, theta)


def epochs_for(objective, optimizer, batch_size):
    """Return the runner of epochs, with generators of its own."""
    return epochs_of(objective, optimizer, batch_size, np.random.default_rng(2).spawn(N_RUNS))[0]


def rates(optimizer, epochs: int, n_runs: int = N_RUNS) -> np.ndarray:
    return np.full((epochs, n_runs), float(optimizer.lr))


# --- Equal to the blackboard ----------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@every_activation
@every_loss
@every_optimizer
def test_epochs_are_those_of_the_blackboard(optimizer, loss, activation, dtype, monkeypatch):
    tolerance = 3e-4 if dtype == "float32" else 1e-11
    for turn, (batch_size, block) in enumerate(BATCHES):
        monkeypatch.setattr(engine, "BLOCK", block)
        trained = []
        for switch in ("1", "0"):
            monkeypatch.setenv("TP5_COMPILED", switch)
            objective = objective_for(activation, loss, dtype, own=turn % 2 == 1)
            runner = epochs_for(objective, optimizer, batch_size)
            assert isinstance(runner, BlackboardEpochs) == (switch == "0")
            before = runner.loss()
            losses = np.concatenate([runner.run(rates(optimizer, 1)) for _ in range(2)])
            assert objective.theta.dtype == dtype
            trained.append((before, losses, objective.theta))
        for got, wanted in zip(*trained, strict=True):
            np.testing.assert_allclose(got, wanted, rtol=tolerance, atol=tolerance)
    assert not np.allclose(objective.theta, objective_for(activation, loss, dtype).theta)


@every_activation
@every_loss
def test_the_gradient_equals_central_differences(activation, loss, monkeypatch):
    objective = objective_for(activation, loss)
    alone, theta = losses_of(objective, 0), objective.theta[0]
    assert not isinstance(alone, BlackboardLosses)

    def loss_of(runs):
        return np.array([alone.loss(run) for run in runs])

    for block in (128, 3):
        monkeypatch.setattr(engine, "BLOCK", block)
        value, grad = losses_of(objective, 0).loss_and_grad(theta)
        assert relative_error(grad, central_differences(loss_of, theta)) < 1e-6
        assert value == pytest.approx(objective.loss()[0], rel=1e-13)


@every_activation
@every_loss
def test_the_coordinate_loss_is_the_loss_however_theta_moves(activation, loss):
    objective = objective_for(activation, loss)
    alone, board = losses_of(objective, 1), objective.network
    rng, theta = np.random.default_rng(0), objective.theta[1].copy()
    last = board.n_params - 1
    moves = [[i] for i in (0, 0, 35, 36, 56, 57, last)] + [[0, last], [3, 4], [35, 36], [40, 45]]
    moves += [list(rng.choice(board.n_params, n, replace=False)) for n in (0, 1, 2, 3, 20)]
    moves += [list(range(board.n_params)), [5], []]
    for moved in moves:
        theta[moved] += rng.normal(size=len(moved))
        wanted = loss.value(board.forward(theta, objective.X), objective.Y)
        assert alone.loss(theta) == pytest.approx(float(wanted), rel=1e-13)


def test_the_coordinate_loss_recovers_from_weights_that_are_not_finite():
    objective = objective_for("relu")
    alone, theta = losses_of(objective, 0), objective.theta[0].copy()
    wanted = alone.loss(theta)
    for bad in (np.nan, np.inf, 1e308):
        spoilt = theta.copy()
        spoilt[3] = bad
        assert not np.isfinite(alone.loss(spoilt))
        assert alone.loss(theta) == wanted


def test_of_many_samples_the_loss_is_taken_block_by_block(monkeypatch):
    objective = objective_for()
    wanted = losses_of(objective, 0).loss(objective.theta[0])
    monkeypatch.setattr(engine, "FEW_SAMPLES", 3)
    monkeypatch.setattr(engine, "BLOCK", 2)
    assert losses_of(objective, 0).loss(objective.theta[0]) == pytest.approx(wanted, rel=1e-14)


def test_the_whole_of_fit_is_nearly_the_blackboards(monkeypatch):
    X = np.random.default_rng(0).random((N_SAMPLES, 5)) > 0.5
    models = []
    for switch in ("1", "0"):
        monkeypatch.setenv("TP5_COMPILED", switch)
        model = Autoencoder((5, 4, 2, 4, 5)).fit(X, epochs=40, n_runs=3, rng=0, progress=False)
        models.append(model)
    assert models[0].history.message == models[1].history.message
    np.testing.assert_allclose(models[0].theta, models[1].theta, atol=1e-8)
    np.testing.assert_allclose(models[0].history.loss, models[1].history.loss, rtol=1e-8)
    np.testing.assert_array_equal(models[0].history.lr, models[1].history.lr)


# --- e^x, tanh, ln(1 + u) -------------------------------------------------------------------------


def each(function, numbers) -> np.ndarray:
    return np.array([function(float(x)) for x in numbers])


@pytest.fixture(scope="module")
def elementary():
    from tp5.compiled import elementary

    return elementary


def test_exp_is_e_to_the_x_to_two_units_of_the_last_place(elementary):
    x = np.concatenate([np.linspace(-699, 699, 4001), np.linspace(-1, 1, 2001), [0, -0.0, 1e-300]])
    np.testing.assert_allclose(each(elementary.exp, x), np.exp(x), rtol=2 * 2.3e-16)
    assert elementary.exp(0.0) == 1
    assert np.isnan(elementary.exp(np.nan))


def test_tanh_is_within_one_rounding_of_numpys(elementary):
    a = np.concatenate([np.linspace(-25, 25, 5001), np.logspace(-20, 2, 1001), [0, 1e308]])
    np.testing.assert_allclose(each(elementary.tanh, a), np.tanh(a), rtol=0, atol=2.3e-16)
    np.testing.assert_array_equal(each(elementary.tanh, -a), -each(elementary.tanh, a))
    np.testing.assert_array_equal(each(elementary.tanh, [np.inf, -np.inf, 0]), [1, -1, 0])
    assert np.isnan(elementary.tanh(np.nan))


def test_log1p_is_the_logarithm_to_two_units_of_the_last_place(elementary):
    u = np.concatenate([np.linspace(0, 1, 4001), np.logspace(-300, 0, 601)])
    np.testing.assert_allclose(each(elementary.log1p, u), np.log1p(u), rtol=2 * 2.3e-16)
    assert elementary.log1p(0.0) == 0
    assert np.isnan(elementary.log1p(np.nan))


@pytest.mark.parametrize("logit", [0.0, 1e-9, 5.0, 36.0, 800.0, 1e30])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("y", [0.0, 0.25, 1.0])
def test_cross_entropy_of_any_logit_is_the_blackboards(logit, sign, y):
    network = Network((1, 1), ["identity"])
    theta = np.array([[0.0, sign * logit]])  # the bias is the logit
    X, Y = np.zeros((1, 1)), np.full((1, 1), y)
    alone = losses_of(Reconstruction(network, BinaryCrossEntropy(), X, Y, theta), 0)
    value, grad = alone.loss_and_grad(theta[0])
    wanted = network.loss_and_grad(theta[0], X, Y, BinaryCrossEntropy())
    assert value == pytest.approx(wanted[0], rel=1e-13, abs=1e-15)
    np.testing.assert_allclose(grad, wanted[1], rtol=1e-13, atol=1e-15)


# --- The same bits --------------------------------------------------------------------------------


def run_bits(optimizer, batch_size, calls, dtype="float32", own=False, n_runs=N_RUNS):
    """Return θ and losses after epochs in calls of so many each."""
    objective = objective_for("tanh", LOSSES[1], dtype, own, n_runs)
    rngs = np.random.default_rng(2).spawn(n_runs)
    runner, _ = epochs_of(objective, optimizer, batch_size, rngs)
    losses = [runner.run(np.full((count, n_runs), 0.05)) for count in calls]
    return objective.theta, np.concatenate(losses)


def assert_same_bits(a, b) -> None:
    for one, other in zip(a, b, strict=True):
        np.testing.assert_array_equal(one, other)


every_batch = pytest.mark.parametrize("batch_size", [1, 3, N_SAMPLES])


@every_batch
@every_optimizer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_many_epochs_a_call_are_one_epoch_a_call(optimizer, batch_size, dtype):
    one_by_one = run_bits(optimizer, batch_size, [1] * 12, dtype)
    assert_same_bits(run_bits(optimizer, batch_size, [12], dtype), one_by_one)
    assert_same_bits(run_bits(optimizer, batch_size, [1, 4, 7], dtype), one_by_one)


@every_batch
@pytest.mark.parametrize("own", [False, True], ids=["shared_data", "data_of_its_own"])
def test_a_run_alone_is_that_run_beside_others(batch_size, own):
    optimizer = Adam(0.05)
    alone, its_losses = run_bits(optimizer, batch_size, [9], n_runs=1)
    beside, losses = run_bits(optimizer, batch_size, [9], n_runs=4)
    np.testing.assert_array_equal(beside[0], alone[0])
    np.testing.assert_array_equal(losses[:, 0], its_losses[:, 0])
    if own:
        together = run_bits(optimizer, batch_size, [9], own=True, n_runs=3)[0]
        assert not np.array_equal(together[0], beside[0])


@every_batch
def test_two_threads_compute_what_one_does(batch_size, monkeypatch):
    monkeypatch.setattr(engine, "WORTH_A_THREAD", 1)
    answers = []
    for count in (1, 2, 5):
        monkeypatch.setattr(engine, "n_threads", lambda count=count: count)
        answers.append(run_bits(Momentum(0.05), batch_size, [9, 3], n_runs=5))
    assert_same_bits(answers[1], answers[0])
    assert_same_bits(answers[2], answers[0])


def test_an_error_in_a_thread_comes_out():
    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        threads.at_once([fail, bool])


def test_nothing_begins_if_an_interrupt_comes_before_all_is_known(monkeypatch):
    begun = []

    class Pool:
        def __init__(self):
            self.count = 0

        def submit(self, *call):
            self.count += 1
            if self.count == 3:
                raise KeyboardInterrupt
            return workers.submit(*call)

    workers = threads.workers()
    pool = Pool()
    monkeypatch.setattr(threads, "workers", lambda: pool)
    with pytest.raises(KeyboardInterrupt):
        threads.at_once([lambda i=i: begun.append(i) for i in range(4)])
    workers.submit(bool).result(20)
    assert begun == []


# --- Divergence -----------------------------------------------------------------------------------


@every_batch
def test_in_the_middle_of_a_call_a_run_that_diverges_keeps_its_last_weights(batch_size):
    def train(calls):
        objective = objective_for("identity", LOSSES[0], n_runs=3)
        runner, _ = epochs_of(objective, SGD(0.05), batch_size, np.random.default_rng(2).spawn(3))
        lr = np.array([0.01, 0.23 if batch_size == 1 else 2.0, 0.02])
        losses = np.concatenate([runner.run(np.tile(lr, (count, 1))) for count in calls])
        return objective.theta, losses

    many, one = train([60]), train([1] * 60)
    assert_same_bits(many, one)
    theta, losses = many
    epoch = int(np.flatnonzero(np.isnan(losses[:, 1]))[0])
    assert 0 < epoch < 59
    assert np.isnan(losses[epoch:, 1]).all()
    assert np.isfinite(losses[:epoch]).all()
    assert np.isfinite(losses[:, [0, 2]]).all()
    np.testing.assert_array_equal(theta[1], train([epoch])[0][1])


def test_infinite_weights_behind_a_finite_loss_are_a_divergence_in_the_last_epoch_too():
    network = Network((5, 3, 5), ["tanh", "logistic"])
    rng = np.random.default_rng(0)
    X = np.round(rng.random((N_SAMPLES, 5)))
    for epochs in range(1, 30):
        theta = initial_theta(network, "glorot", np.random.default_rng(0))[None]
        objective = Reconstruction(network, SquaredError(), X, X, theta)
        runner, _ = epochs_of(objective, Momentum(1.7e308), N_SAMPLES, [rng])
        losses = runner.run(np.full((epochs, 1), 1.7e308))
        assert np.isfinite(theta).all()
        if np.isnan(losses[-1, 0]):
            return
    pytest.fail("it did not diverge")


# --- Who takes the blackboard ---------------------------------------------------------------------


class OwnTanh(Tanh):
    """Somebody's own, made of one of ours."""

    def value(self, a):
        return 2 * np.tanh(a)

    def derivative(self, h):
        return 2 - h * h / 2


class OwnLoss(SquaredError):
    """Likewise."""

    def pixels(self, A, Y):
        return 3 * (A - Y) ** 2

    def gradient(self, A, Y):
        return 6 * (A - Y) / A.shape[-2]


@pytest.mark.parametrize(
    ("activation", "loss"), [(OwnTanh(), LOSSES[0]), ("tanh", OwnLoss())], ids=["g", "loss"]
)
def test_what_is_somebodys_own_takes_the_blackboard(activation, loss, monkeypatch):
    objective = objective_for(activation, loss)
    assert objective.layers is None
    runner = epochs_for(objective, SGD(0.05), 3)
    assert isinstance(runner, BlackboardEpochs)
    assert isinstance(losses_of(objective, 0), BlackboardLosses)
    losses = runner.run(rates(SGD(0.05), 1))
    monkeypatch.setenv("TP5_COMPILED", "0")
    again = objective_for(activation, loss)
    np.testing.assert_array_equal(epochs_for(again, SGD(0.05), 3).run(rates(SGD(0.05), 1)), losses)


class Sign(SGD):
    """An optimizer of somebody's own."""

    def change(self, g, memory, lr, t):
        return -lr * np.sign(g), ()


def test_an_optimizer_of_ones_own_takes_its_own_steps():
    objective = objective_for()
    before = objective.theta.copy()
    runner = epochs_for(objective, Sign(0.25), N_SAMPLES)
    runner.run(rates(Sign(0.25), 1))
    assert isinstance(runner, BlackboardEpochs)
    np.testing.assert_allclose(np.abs(objective.theta - before), 0.25)


def test_many_weights_are_multiplied_by_blas(monkeypatch):
    monkeypatch.setattr("tp5.training.epochs.LARGE", 10)
    kinds = [isinstance(epochs_for(objective_for(), SGD(0.1), n), BlackboardEpochs) for n in (1, 3)]
    assert kinds == [False, True]


def test_read_only_data_compile_nothing_anew():
    from tp5.compiled.epochs import train_online

    epochs_for(objective_for(), SGD(0.1), 1).run(rates(SGD(0.1), 1))
    compiled_for = list(train_online.signatures)
    objective = objective_for()
    for data in (objective.X, objective.Y):
        data.setflags(write=False)
    epochs_for(objective, SGD(0.1), 1).run(rates(SGD(0.1), 1))
    assert train_online.signatures == compiled_for


@pytest.mark.parametrize("batch_size", [1, 3, np.int32(3)])
@pytest.mark.parametrize(
    ("start", "n_runs"),
    [
        (np.ones(12), 3),
        (np.ones((1, 12)), 3),
        (np.asfortranarray(np.ones((3, 12))), None),
        (np.ones((3, 24))[:, ::2], None),
    ],
    ids=["one for all", "one row for all", "column by column", "every second number"],
)
def test_neither_order_in_memory_nor_a_number_of_numpy_compiles_anew(start, n_runs, batch_size):
    from tp5.compiled.epochs import train_batches, train_online

    def train(X, batch_size, **options):
        model = Autoencoder((2, 2, 2))
        model.fit(X, optimizer=SGD(0.1), batch_size=batch_size, epochs=1, progress=False, **options)

    loops = train_online if batch_size == 1 else train_batches
    train(np.eye(4, 2), int(batch_size), rng=0)
    compiled_for = list(loops.signatures)
    train(np.asfortranarray(np.eye(4, 2)), batch_size, start=start, n_runs=n_runs, rng=0)
    assert loops.signatures == compiled_for


def test_every_form_has_a_number_of_its_own():
    assert sorted(compiled.forms.RULES.values()) == [0, 1, 2, 3, 4]
    assert sorted(compiled.forms.LOSSES.values()) == [0, 1]


def test_a_numba_that_cannot_be_imported_leaves_it_to_the_blackboard(monkeypatch):
    def core():
        raise ImportError("Numba needs NumPy 2.4 or less")

    monkeypatch.setattr(compiled, "core", core)
    compiled.importable.cache_clear()
    try:
        with pytest.warns(UserWarning, match=r"cannot be imported \(Numba needs NumPy 2.4 or less"):
            model = Autoencoder((6, 2, 6)).fit(np.eye(6), epochs=2, rng=0, progress=False)
        assert model.history.n_epochs == 2
    finally:
        compiled.importable.cache_clear()
