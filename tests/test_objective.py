"""The objective of a batch is the network's loss and gradient on exactly those samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp5.networks.losses import BinaryCrossEntropy, SquaredError
from tp5.networks.network import Network
from tp5.training import objective as objective_module
from tp5.training.objective import Reconstruction, run_offsets

N_RUNS, N_SAMPLES, WIDTH = 3, 7, 4
NETWORK = Network((WIDTH, 3, WIDTH), ["tanh", "identity"])

# Which of X and Y each run has for itself; "same" is a plain autoencoder, where Y is X.
DATA = ["same_shared", "same_own", "shared_shared", "own_shared", "shared_own", "own_own"]
every_data = pytest.mark.parametrize("data", DATA)


def objective_for(data: str, loss=None, n_runs: int | None = N_RUNS) -> Reconstruction:
    rng = np.random.default_rng(2)

    def draw(kind: str) -> np.ndarray:
        return rng.random((n_runs, N_SAMPLES, WIDTH) if kind == "own" else (N_SAMPLES, WIDTH))

    first, second = data.split("_")
    X = draw(second if first == "same" else first)
    Y = X if first == "same" else draw(second)
    theta = rng.normal(size=(n_runs, NETWORK.n_params) if n_runs else NETWORK.n_params)
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
    objective.gradient()
    assert_close(objective.grad, wanted[1])


def test_the_gradient_needs_no_loss_before_it():
    objective = objective_for("own_shared")
    objective.gradient()
    assert_close(objective.grad, expected(objective)[1])


def test_after_a_step_loss_and_gradient_are_those_of_the_new_theta():
    objective = objective_for("own_shared")
    for _ in range(3):
        assert_close(objective.loss(), expected(objective)[0])
        objective.gradient()
        assert_close(objective.grad, expected(objective)[1])
        objective.theta -= 0.1 * objective.grad
        objective.gradient()
        assert_close(objective.grad, expected(objective)[1])
        objective.theta -= 0.1 * objective.grad


def test_a_theta_changed_between_loss_and_gradient_is_noticed():
    objective = objective_for("same_shared")
    objective.loss()
    objective.theta *= 0.5
    objective.gradient()
    assert_close(objective.grad, expected(objective)[1])


def test_a_batch_between_loss_and_gradient_does_no_harm():
    objective = objective_for("same_shared")
    objective.loss()
    objective.gradient(np.zeros((N_RUNS, 2), int))
    objective.gradient()
    assert_close(objective.grad, expected(objective)[1])


def test_an_objective_of_one_run_needs_no_runs_axis():
    objective = objective_for("same_shared", n_runs=None)
    loss, grad = NETWORK.loss_and_grad(objective.theta, objective.X, objective.Y, SquaredError())
    assert objective.loss().shape == ()
    assert_close(objective.loss(), loss)
    objective.gradient()
    assert_close(objective.grad, grad)
    objective.gradient(np.array([2, 5]))
    rows = [2, 5]
    _, grad = NETWORK.loss_and_grad(
        objective.theta, objective.X[rows], objective.Y[rows], SquaredError()
    )
    assert_close(objective.grad, grad)


# --- Batches --------------------------------------------------------------------------------------


@every_data
@pytest.mark.parametrize("n_batch", [1, 3, N_SAMPLES])
def test_a_batch_is_exactly_the_rows_of_each_run(data, n_batch):
    objective = objective_for(data)
    rng = np.random.default_rng(0)
    for _ in range(3):
        rows = np.array([rng.permutation(N_SAMPLES)[:n_batch] for _ in range(N_RUNS)])
        objective.gradient(rows)
        assert_close(objective.grad, expected(objective, rows)[1])


@given(st.lists(st.integers(1, N_SAMPLES), min_size=2, max_size=6), st.sampled_from(DATA))
@settings(deadline=None, max_examples=30)
def test_batches_of_different_sizes_do_not_disturb_each_other(sizes, data):
    objective = objective_for(data)
    rng = np.random.default_rng(0)
    for size in sizes:
        rows = rng.integers(0, N_SAMPLES, (N_RUNS, size))
        objective.gradient(rows)
        assert_close(objective.grad, expected(objective, rows)[1])
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


@every_data
def test_a_single_run_is_the_same_objective_for_that_run(data):
    objective = objective_for(data)
    losses, grads = expected(objective)
    for run in range(N_RUNS):
        single = objective.single(run)
        assert_close(single.loss(), losses[run])
        single.gradient()
        assert_close(single.grad, grads[run])


def test_a_single_run_is_float64_with_a_theta_of_its_own():
    X = np.random.default_rng(0).random((N_SAMPLES, WIDTH)).astype("float32")
    theta = np.ones((2, NETWORK.n_params), "float32")
    single = Reconstruction(NETWORK, SquaredError(), X, X, theta).single(1)
    assert {single.theta.dtype, single.grad.dtype, single.X.dtype, single.Y.dtype} == {
        np.dtype("float64")
    }
    single.theta += 1
    np.testing.assert_array_equal(theta, 1)


@every_data
def test_the_loss_alone_is_the_loss_however_theta_moves(data):
    single = objective_for(data, BinaryCrossEntropy()).single(1)
    loss_alone, rng = single.loss_alone(), np.random.default_rng(0)
    for n_moved in (31, 1, 1, 0, 2, 2, 1, 3, 31, 1):
        moved = rng.choice(NETWORK.n_params, n_moved, replace=False)
        single.theta[moved] += rng.normal(size=n_moved)
        assert loss_alone(single.theta) == pytest.approx(float(single.loss()), rel=1e-12)


# --- Other input ----------------------------------------------------------------------------------


@pytest.mark.parametrize("data", ["shared_shared", "own_own"])
def test_other_input_takes_the_place_of_x_and_y_stays(data):
    objective = objective_for(data)
    Y, noisy = objective.Y.copy(), 0.5 * objective.X
    objective.loss()
    objective.load_input(noisy)
    objective.X = noisy  # what `expected` looks at
    objective.gradient()
    loss, grad = expected(objective)
    assert_close(objective.grad, grad)
    assert_close(objective.loss(), loss)
    rows = np.array([[0, 3], [6, 1], [2, 2]])
    objective.gradient(rows)
    assert_close(objective.grad, expected(objective, rows)[1])
    np.testing.assert_array_equal(objective.Y, Y)


def test_other_input_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"not \(3, 4\)"):
        objective_for("shared_shared").load_input(np.zeros((3, WIDTH)))


def test_where_y_is_x_itself_the_input_cannot_be_replaced():
    objective = objective_for("same_shared")
    with pytest.raises(ValueError, match="only where Y is an array of its own"):
        objective.load_input(objective.X.copy())


# --- Offsets --------------------------------------------------------------------------------------


def test_runs_that_share_their_data_have_no_offset():
    assert run_offsets(np.zeros((5, 2))) is None


def test_a_runs_own_data_begin_where_the_run_befores_end():
    np.testing.assert_array_equal(run_offsets(np.zeros((3, 5, 2))), [[0], [5], [10]])


# --- Many samples, piece by piece -----------------------------------------------------------------


@every_data
@pytest.mark.parametrize("piece", [1, 40, 100])
def test_piece_by_piece_loss_and_gradient_are_those_of_the_whole(data, piece, monkeypatch):
    monkeypatch.setattr(objective_module, "PIECE", piece)
    objective = objective_for(data)
    assert len(objective.pieces) > 1
    wanted = expected(objective)
    assert_close(objective.loss(), wanted[0])
    objective.gradient()
    assert_close(objective.grad, wanted[1])


def test_piece_by_piece_one_run_needs_no_runs_axis(monkeypatch):
    monkeypatch.setattr(objective_module, "PIECE", 20)
    objective = objective_for("same_shared", n_runs=None)
    loss, grad = NETWORK.loss_and_grad(objective.theta, objective.X, objective.Y, SquaredError())
    assert_close(objective.loss(), loss)
    objective.gradient()
    assert_close(objective.grad, grad)


def test_piece_by_piece_new_input_counts(monkeypatch):
    monkeypatch.setattr(objective_module, "PIECE", 20)
    objective = objective_for("own_own")
    objective.load_input(objective.X + 0.5)
    objective.X = objective.X + 0.5  # what `expected` reads
    assert_close(objective.loss(), expected(objective)[0])


@given(n_samples=st.integers(1, 50), numbers=st.integers(1, 30), piece=st.integers(1, 200))
def test_pieces_are_few_and_small_and_hold_every_row_once(n_samples, numbers, piece):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(objective_module, "PIECE", piece)
        parts = objective_module.pieces(n_samples, numbers)
    np.testing.assert_array_equal(np.concatenate(parts), np.arange(n_samples))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    if n_samples * numbers <= piece:
        assert len(parts) == 1
    assert all(len(part) * numbers <= piece + numbers for part in parts) or len(parts) == n_samples
