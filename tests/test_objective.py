"""The objective of a batch is the network's loss and gradient on exactly those samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp5 import Autoencoder
from tp5.networks.losses import BinaryCrossEntropy, SquaredError
from tp5.networks.network import Network
from tp5.training import objective as objective_module
from tp5.training.objective import Denoising, Reconstruction, chunks, draw_noise
from tp5.training.one_run import BlackboardLosses, losses_of

N_RUNS, N_SAMPLES, WIDTH = 3, 7, 4
NETWORK = Network((WIDTH, 3, WIDTH), ["tanh", "identity"])

# Which of X and Y each run has for itself; "same" is a plain autoencoder, where Y is X.
DATA = ["same_shared", "same_own", "shared_shared", "own_shared", "shared_own", "own_own"]
every_data = pytest.mark.parametrize("data", DATA)


def objective_for(data: str, loss=None, n_runs: int = N_RUNS) -> Reconstruction:
    rng = np.random.default_rng(2)

    def draw(kind: str) -> np.ndarray:
        return rng.random((n_runs, N_SAMPLES, WIDTH) if kind == "own" else (N_SAMPLES, WIDTH))

    first, second = data.split("_")
    X = draw(second if first == "same" else first)
    Y = X if first == "same" else draw(second)
    theta = rng.normal(size=(n_runs, NETWORK.n_params))
    return Reconstruction(NETWORK, loss or SquaredError(), X, Y, theta)


def of_run(array: np.ndarray, run: int) -> np.ndarray:
    return array[run] if array.ndim == 3 else array


def expected(objective: Reconstruction, rows=None) -> tuple[np.ndarray, np.ndarray]:
    """Loss and gradient of each run alone, from the pure function."""
    pairs = []
    for run, theta in enumerate(objective.theta):
        chosen = slice(None) if rows is None else rows[run]
        X, Y = (of_run(array, run)[chosen] for array in (objective.X, objective.Y))
        pairs.append(NETWORK.loss_and_grad(theta, X, Y, objective.loss_function))
    losses, grads = zip(*pairs, strict=True)
    return np.array(losses), np.array(grads)


def assert_close(got, wanted) -> None:
    np.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-13)


# --- All samples ----------------------------------------------------------------------------------


@every_data
@pytest.mark.parametrize("loss", [SquaredError(), BinaryCrossEntropy()], ids=repr)
def test_loss_and_gradient_over_all_samples(data, loss):
    objective = objective_for(data, loss)
    wanted = expected(objective)
    assert_close(objective.loss(), wanted[0])
    assert_close(objective.gradient(), wanted[1])


def test_the_gradient_needs_no_loss_before_it():
    objective = objective_for("own_shared")
    assert_close(objective.gradient(), expected(objective)[1])


def test_after_a_step_loss_and_gradient_are_those_of_the_new_theta():
    objective = objective_for("own_shared")
    for _ in range(3):
        assert_close(objective.loss(), expected(objective)[0])
        assert_close(objective.gradient(), expected(objective)[1])
        objective.theta -= 0.1 * objective.gradient()
        assert_close(objective.gradient(), expected(objective)[1])
        objective.theta -= 0.1 * objective.gradient()


def test_a_theta_changed_between_loss_and_gradient_is_noticed():
    objective = objective_for("same_shared")
    objective.loss()
    objective.theta *= 0.5
    assert_close(objective.gradient(), expected(objective)[1])


def test_a_batch_between_loss_and_gradient_does_no_harm():
    objective = objective_for("same_shared")
    objective.loss()
    objective.gradient(np.zeros((N_RUNS, 2), int))
    assert_close(objective.gradient(), expected(objective)[1])


# --- Batches --------------------------------------------------------------------------------------


@every_data
@pytest.mark.parametrize("n_batch", [1, 3, N_SAMPLES])
def test_a_batch_is_exactly_the_rows_of_each_run(data, n_batch):
    objective = objective_for(data)
    rng = np.random.default_rng(0)
    for _ in range(3):
        rows = np.array([rng.permutation(N_SAMPLES)[:n_batch] for _ in range(N_RUNS)])
        assert_close(objective.gradient(rows), expected(objective, rows)[1])


@given(st.lists(st.integers(1, N_SAMPLES), min_size=2, max_size=6), st.sampled_from(DATA))
@settings(deadline=None, max_examples=30)
def test_batches_of_different_sizes_do_not_disturb_each_other(sizes, data):
    objective = objective_for(data)
    rng = np.random.default_rng(0)
    for size in sizes:
        rows = rng.integers(0, N_SAMPLES, (N_RUNS, size))
        assert_close(objective.gradient(rows), expected(objective, rows)[1])
        assert_close(objective.loss(), expected(objective)[0])


@every_data
def test_the_data_are_left_alone(data):
    objective = objective_for(data, BinaryCrossEntropy())
    before = objective.X.copy(), objective.Y.copy()
    objective.loss()
    objective.gradient()
    objective.gradient(np.zeros((N_RUNS, 1), int))
    np.testing.assert_array_equal(objective.X, before[0])
    np.testing.assert_array_equal(objective.Y, before[1])


def test_the_data_may_be_read_only():
    X = np.random.default_rng(0).random((N_SAMPLES, WIDTH))
    X.setflags(write=False)
    theta = np.ones((2, NETWORK.n_params))
    objective = Reconstruction(NETWORK, SquaredError(), X, X, theta)
    objective.gradient(np.zeros((2, 3), int))
    objective.gradient()


# --- One run --------------------------------------------------------------------------------------


@pytest.fixture(params=["compiled", "blackboard"])
def core(request, monkeypatch) -> str:
    monkeypatch.setenv("TP5_COMPILED", "0" if request.param == "blackboard" else "1")
    return request.param


@every_data
@pytest.mark.parametrize("loss", [SquaredError(), BinaryCrossEntropy()], ids=repr)
def test_the_losses_of_one_run_are_those_of_the_objective(data, loss, core):
    objective = objective_for(data, loss)
    losses, grads = expected(objective)
    for run in range(N_RUNS):
        alone = losses_of(objective, run)
        assert isinstance(alone, BlackboardLosses) == (core == "blackboard")
        value, grad = alone.loss_and_grad(objective.theta[run])
        assert_close(alone.loss(objective.theta[run]), losses[run])
        assert_close(value, losses[run])
        assert_close(grad, grads[run])


def test_the_losses_of_one_run_are_float64_and_leave_theta_alone(core):
    X = np.random.default_rng(0).random((N_SAMPLES, WIDTH)).astype("float32")
    theta = np.ones((2, NETWORK.n_params), "float32")
    alone = losses_of(Reconstruction(NETWORK, SquaredError(), X, X, theta), 1)
    point = theta[1].astype(float)
    loss, grad = alone.loss_and_grad(point)
    assert type(loss) is type(alone.loss(point)) is float
    assert grad.dtype == "float64"
    wanted = NETWORK.loss_and_grad(point, X.astype(float), X.astype(float), SquaredError())
    assert_close(loss, wanted[0])
    assert_close(grad, wanted[1])
    np.testing.assert_array_equal(point, 1)


@every_data
def test_the_loss_of_one_run_is_right_however_theta_moves(data, core):
    objective = objective_for(data, BinaryCrossEntropy())
    alone, rng, theta = losses_of(objective, 1), np.random.default_rng(0), objective.theta[1].copy()
    for n_moved in (31, 1, 1, 0, 2, 2, 1, 3, 31, 1):
        moved = rng.choice(NETWORK.n_params, n_moved, replace=False)
        theta[moved] += rng.normal(size=n_moved)
        objective.theta[1] = theta
        assert_close(alone.loss(theta), expected(objective)[0][1])


# --- Fresh noise ----------------------------------------------------------------------------------


def denoising_for(noises, X=None) -> Denoising:
    plain = objective_for("shared_shared")
    rngs = np.random.default_rng(4).spawn(N_RUNS)
    X = plain.X if X is None else X
    return Denoising(NETWORK, SquaredError(), X, plain.X.copy(), plain.theta, noises, rngs)


def hiss(X, rng):
    return X + rng.normal(0, 0.3, X.shape)


def test_before_the_first_epoch_the_input_is_clean():
    objective = denoising_for([hiss] * N_RUNS)
    np.testing.assert_array_equal(objective.X, np.stack([objective.Y] * N_RUNS))
    assert_close(objective.loss(), expected(objective)[0])


def test_every_epoch_each_run_has_noise_of_its_own_and_y_stays():
    objective, before = denoising_for([hiss] * N_RUNS), denoising_for([hiss] * N_RUNS).Y
    seen = []
    for epoch in range(3):
        objective.start_epoch(epoch)
        seen += [noisy.copy() for noisy in objective.X]
        assert_close(objective.loss(), expected(objective)[0])
        assert_close(objective.gradient(), expected(objective)[1])
        rows = np.array([[0, 3], [6, 1], [2, 2]])
        assert_close(objective.gradient(rows), expected(objective, rows)[1])
    assert len({noisy.tobytes() for noisy in seen}) == 3 * N_RUNS
    np.testing.assert_array_equal(objective.Y, before)


def test_noise_that_works_in_place_starts_from_clean_data_every_epoch():
    def add_one(X, rng):
        X += 1
        return X

    objective = denoising_for([add_one] * N_RUNS)
    for epoch in range(2):
        objective.start_epoch(epoch)
        np.testing.assert_array_equal(objective.X, np.stack([objective.Y + 1] * N_RUNS))


def test_only_fresh_noise_makes_an_objective_that_is_not_the_same_when_asked_twice():
    assert objective_for("same_shared").deterministic
    assert not denoising_for([hiss] * N_RUNS).deterministic


def test_noise_that_changes_the_shape_is_refused():
    with pytest.raises(ValueError, match=r"shape \(2, 4\) of \(7, 4\); it must keep the shape"):
        denoising_for([lambda X, rng: X[:2]] * N_RUNS).start_epoch(0)


@pytest.mark.parametrize("bad", [np.nan, np.inf, "loud", None, 1j], ids=str)
def test_noise_that_is_no_finite_number_is_refused(bad):
    with pytest.raises(ValueError, match="no finite numbers; mend the noise"):
        draw_noise(lambda X, rng: np.full(X.shape, bad), np.zeros((2, 3)), np.random.default_rng(0))


# --- Many samples, chunk by chunk -----------------------------------------------------------------


@every_data
@pytest.mark.parametrize("chunk", [1, 40, 100])
def test_chunk_by_chunk_loss_and_gradient_are_those_of_the_whole(data, chunk, monkeypatch):
    monkeypatch.setattr(objective_module, "CHUNK", chunk)
    objective = objective_for(data)
    wanted = expected(objective)
    assert_close(objective.loss(), wanted[0])
    assert_close(objective.gradient(), wanted[1])
    rows = np.array([[0, 3, 5], [6, 1, 4], [2, 2, 2]])
    assert_close(objective.gradient(rows), expected(objective, rows)[1])


@given(n_samples=st.integers(1, 50), numbers=st.integers(1, 30), chunk=st.integers(1, 200))
def test_chunks_are_few_and_small_and_hold_every_row_once(n_samples, numbers, chunk):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(objective_module, "CHUNK", chunk)
        parts = [range(n_samples)[part] for part in chunks(n_samples, numbers)]
    np.testing.assert_array_equal(np.concatenate(parts), np.arange(n_samples))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    if n_samples * numbers <= chunk:
        assert len(parts) == 1
    assert all(len(part) * numbers <= chunk + numbers for part in parts) or len(parts) == n_samples


def as_tuple(answer):
    return answer if isinstance(answer, tuple) else (answer,)


@pytest.mark.parametrize("core", ["compiled", "blackboard"])
@pytest.mark.parametrize("method", ["loss", "loss_and_grad"])
def test_a_theta_of_another_length_is_refused_and_whole_numbers_are_numbers(
    core, method, monkeypatch
):
    monkeypatch.setenv("TP5_COMPILED", "1" if core == "compiled" else "0")
    model = Autoencoder((6, 4, 2, 4, 6))
    ask = getattr(model.losses(np.eye(6)), method)
    for wrong in (np.zeros(10), np.zeros((1, model.n_params)), "abc"):
        with pytest.raises(ValueError, match="theta"):
            ask(wrong)
    ones = np.ones(model.n_params)
    for same in (ones.astype(int), np.repeat(ones, 2)[::2]):
        for found, known in zip(as_tuple(ask(same)), as_tuple(ask(ones)), strict=True):
            np.testing.assert_array_equal(found, known)
