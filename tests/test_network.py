"""The network computes what the blackboard says, and its gradient is the slope of its loss."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp5.networks.activations import Identity, LeakyReLU, Logistic, ReLU, Tanh
from tp5.networks.gradient_check import central_differences, relative_error
from tp5.networks.initial import INITS, initial_theta
from tp5.networks.losses import BinaryCrossEntropy, SquaredError
from tp5.networks.network import Network, check_layers

HIDDEN = [Tanh(), Logistic(), Logistic(0.5), ReLU(), LeakyReLU(), Identity()]
SEED = 0
DEPTHS = [(4, 3, 4), (4, 3, 3, 4), (5, 4, 2, 4, 5), (4, 5, 3, 2, 3, 5, 4)]


def some_weights(network: Network, *runs: int) -> np.ndarray:
    """Weights and biases, none of them 0.

    ReLU has no derivative at its kink, and a central difference across it means nothing; a ReLU
    layer that is off altogether has no gradient to compare. With this seed no pre-activation of
    these tests comes within a step of 0, and no layer is off.
    """
    return np.random.default_rng(SEED).normal(0.1, 0.6, (*runs, network.n_params))


def some_data(network: Network, *shape: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    widths = network.layers[0], network.layers[-1]
    X, Y = (rng.random((*shape, width)) for width in widths)
    return X, Y


def slope(network: Network, theta, X, Y, loss) -> np.ndarray:
    """Slope of the loss along each weight, from nothing but forward passes."""
    return central_differences(lambda runs: loss.value(network.forward(runs, X), Y), theta)


# --- The gradient ---------------------------------------------------------------------------------

LOSS_AND_OUTPUT = [(BinaryCrossEntropy(), Identity()), *((SquaredError(), g) for g in HIDDEN)]


@pytest.mark.parametrize("n_samples", [1, 6], ids=["online", "batch"])
@pytest.mark.parametrize("layers", DEPTHS, ids=lambda layers: f"{len(layers) - 2}_hidden")
@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
@pytest.mark.parametrize(("loss", "output"), LOSS_AND_OUTPUT, ids=str)
def test_gradient_equals_central_differences(loss, output, hidden, layers, n_samples):
    network = Network(layers, [hidden] * (len(layers) - 2) + [output])
    theta = some_weights(network)
    X, Y = some_data(network, n_samples)
    _, grad = network.loss_and_grad(theta, X, Y, loss)
    assert relative_error(grad, slope(network, theta, X, Y, loss)) < 1e-6


@pytest.mark.parametrize("n_samples", [1, 6], ids=["online", "batch"])
@pytest.mark.parametrize("shared", [True, False], ids=["shared_data", "data_of_its_own"])
@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
@pytest.mark.parametrize(("loss", "output"), LOSS_AND_OUTPUT, ids=str)
def test_each_runs_gradient_is_its_own(loss, output, hidden, shared, n_samples):
    network = Network((5, 4, 2, 4, 5), [hidden, Identity(), hidden, output])
    theta = some_weights(network, 3)
    X, Y = some_data(network, *(() if shared else (3,)), n_samples)
    _, grad = network.loss_and_grad(theta, X, Y, loss)
    assert grad.shape == theta.shape
    for run in range(3):
        x, y = (X, Y) if shared else (X[run], Y[run])
        assert relative_error(grad[run], slope(network, theta[run], x, y, loss)) < 1e-6


def test_a_network_without_hidden_layer_has_the_gradient_of_linear_regression():
    network = Network((3, 2), ["identity"])
    theta = some_weights(network)
    X, Y = some_data(network, 5)
    _, grad = network.loss_and_grad(theta, X, Y, SquaredError())
    ones = np.c_[X, np.ones(5)]
    wanted = 2 / 5 * ones.T @ (ones @ theta.reshape(4, 2) - Y)
    np.testing.assert_allclose(grad, wanted.ravel(), rtol=1e-12)


def test_runs_may_have_two_axes():
    network = Network((4, 3, 4), ["tanh", "identity"])
    theta = some_weights(network, 2, 3)
    X, Y = some_data(network, 6)
    loss, grad = network.loss_and_grad(theta, X, Y, BinaryCrossEntropy())
    assert loss.shape == (2, 3)
    for i, j in np.ndindex(2, 3):
        one_loss, one_grad = network.loss_and_grad(theta[i, j], X, Y, BinaryCrossEntropy())
        assert loss[i, j] == pytest.approx(one_loss)
        np.testing.assert_allclose(grad[i, j], one_grad, rtol=1e-10, atol=1e-12)


def test_loss_and_grad_leaves_its_arguments_alone_and_repeats_itself():
    network = Network((4, 3, 4), ["tanh", "logistic"])
    arguments = some_weights(network), *some_data(network, 6)
    before = [array.copy() for array in arguments]
    first = network.loss_and_grad(*arguments, SquaredError())
    second = network.loss_and_grad(*arguments, SquaredError())
    for a, b in itertools.chain(
        zip(arguments, before, strict=True), zip(first, second, strict=True)
    ):
        np.testing.assert_array_equal(a, b)
    assert not np.shares_memory(first[1], second[1])


def test_the_loss_is_that_of_the_forward_pass():
    network = Network((4, 3, 4), ["tanh", "identity"])
    theta, (X, Y) = some_weights(network, 3), some_data(network, 6)
    value, _ = network.loss_and_grad(theta, X, Y, BinaryCrossEntropy())
    np.testing.assert_allclose(value, BinaryCrossEntropy().value(network.forward(theta, X), Y))


def test_float32_stays_float32_and_is_near_float64():
    network = Network((4, 3, 2, 3, 4), ["tanh", "identity", "logistic(0.5)", "identity"])
    theta, (X, Y) = some_weights(network, 3), some_data(network, 6)
    wanted = network.loss_and_grad(theta, X, Y, BinaryCrossEntropy())
    single = [array.astype("float32") for array in (theta, X, Y)]
    for got, exact in zip(
        network.loss_and_grad(*single, BinaryCrossEntropy()), wanted, strict=True
    ):
        assert got.dtype == "float32"
        np.testing.assert_allclose(got, exact, rtol=1e-4, atol=1e-5)


# --- The forward pass -----------------------------------------------------------------------------


def test_golden_numbers_of_a_forward_pass():
    network = Network((2, 2, 1), ["relu", "identity"])
    theta = np.array(
        [
            *(1, 2, 3, 4, 0.5, -50),  # W of layer 1: from input 1, from input 2, biases
            *(10, 20, -1),  # W of layer 2: from unit 1, from unit 2, bias
        ]
    )
    # unit 1: 1·1 + 3·2 + 0.5 = 7.5; unit 2: 2·1 + 4·2 − 50 < 0; output: 10·7.5 − 1
    np.testing.assert_array_equal(network.forward(theta, np.array([[1.0, 2.0]])), [[74]])


def test_forward_can_start_and_end_at_any_layer():
    network = Network((5, 4, 2, 4, 5), ["tanh", "identity", "tanh", "logistic"])
    theta, (X, _) = some_weights(network, 3), some_data(network, 6)
    whole = network.forward(theta, X)
    for layer in range(1, 4):
        z = network.forward(theta, X, last=layer)
        assert z.shape == (3, 6, network.layers[layer])
        np.testing.assert_array_equal(network.forward(theta, z, first=layer), whole)


def test_forward_leaves_its_input_alone():
    network = Network((4, 3, 4), ["identity", "identity"])
    theta, (X, _) = some_weights(network), some_data(network, 6)
    before = theta.copy(), X.copy()
    network.forward(theta, X)
    np.testing.assert_array_equal(theta, before[0])
    np.testing.assert_array_equal(X, before[1])


# --- θ and its views ------------------------------------------------------------------------------


def test_the_course_network_has_2789_parameters():
    assert Network((35, 25, 17, 2, 17, 25, 35), ["tanh"] * 6).n_params == 2789


@pytest.mark.parametrize("runs", [(), (3,), (2, 3)], ids=str)
def test_weights_are_views_that_cover_theta_once(runs):
    network = Network((5, 4, 2, 5), ["tanh"] * 3)
    theta = np.zeros((*runs, network.n_params))
    for W, shape in zip(network.weights(theta), [(6, 4), (5, 2), (3, 5)], strict=True):
        assert W.shape == (*runs, *shape)
        assert np.shares_memory(W, theta)
        W += 1
    np.testing.assert_array_equal(theta, 1)


@pytest.mark.parametrize("too_many", [-1, 1, 100])
def test_a_theta_of_another_length_is_refused(too_many):
    network = Network((4, 3, 4), ["tanh", "identity"])
    theta, (X, Y) = np.zeros(network.n_params + too_many), some_data(network, 6)
    with pytest.raises(ValueError, match="31"):
        network.loss_and_grad(theta, X, Y, SquaredError())


def test_repr_tells_widths_and_size():
    assert repr(Network((4, 3, 4), ["tanh", "relu"])) == "Network 4-3-4, 31 parameters"


@pytest.mark.parametrize("n_activations", [0, 1, 3])
def test_as_many_activations_as_layers_after_the_input(n_activations):
    with pytest.raises(ValueError, match=f"3 layers need 2 activations .* not {n_activations}"):
        Network((4, 3, 4), ["tanh"] * n_activations)


def test_the_gradient_of_one_sample_is_that_of_a_batch_of_it_twice():
    network = Network((4, 3, 2, 4), ["tanh", "tanh", "identity"])
    theta, (X, Y) = some_weights(network, 3), some_data(network, 1)
    once = network.loss_and_grad(theta, X, Y, SquaredError())
    twice = network.loss_and_grad(theta, np.r_[X, X], np.r_[Y, Y], SquaredError())
    for a, b in zip(once, twice, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_the_gradient_of_a_batch_is_the_mean_of_its_samples_gradients():
    network = Network((4, 3, 2, 4), ["tanh", "tanh", "identity"])
    theta, (X, Y) = some_weights(network), some_data(network, 6)
    _, grad = network.loss_and_grad(theta, X, Y, BinaryCrossEntropy())
    one_by_one = [
        network.loss_and_grad(theta, X[[i]], Y[[i]], BinaryCrossEntropy())[1] for i in range(6)
    ]
    np.testing.assert_allclose(grad, np.mean(one_by_one, axis=0), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("layers", [(4, 4), (4, 3, 4), (4, 3, 2, 4)], ids=str)
@pytest.mark.parametrize("n_samples", [1, 3])
@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
def test_the_gradient_with_respect_to_the_input_equals_central_differences(
    layers, n_samples, hidden
):
    network = Network(layers, [hidden] * (len(layers) - 1))
    theta, (X, Y) = some_weights(network), some_data(network, n_samples)
    h = network.outputs(theta, X)
    _, got = network.backward(theta, h, SquaredError().gradient(h[-1], Y), to_input=True)
    step = 1e-6
    shifts = step * np.eye(X.size).reshape(X.size, *X.shape)
    above, below = (
        SquaredError().value(network.forward(theta, shifted), Y)
        for shifted in (X + shifts, X - shifts)
    )
    assert got.shape == X.shape
    assert relative_error(got.ravel(), (above - below) / (2 * step)) < 1e-6


def test_the_weights_gradient_is_the_same_with_and_without_that_of_the_input():
    network = Network((4, 3, 4), ["tanh", "identity"])
    theta, (X, Y) = some_weights(network, 3), some_data(network, 6)
    h = network.outputs(theta, X)
    error = SquaredError().gradient(h[-1], Y)
    both = [network.backward(theta, h, error, to_input=wanted)[0] for wanted in (False, True)]
    for without, beside in zip(*both, strict=True):
        np.testing.assert_array_equal(without, beside)


def test_the_gradient_is_written_where_it_is_wanted():
    network = Network((4, 3, 4), ["tanh", "identity"])
    theta, (X, Y) = some_weights(network, 3), some_data(network, 6)
    whole = np.full((3, network.n_params + 5), np.nan)
    h = network.outputs(theta, X)
    deltas, _ = network.backward(theta, h, SquaredError().gradient(h[-1], Y))
    grad = network.gradient(h, deltas, whole[:, 5:])
    assert np.shares_memory(grad, whole)
    np.testing.assert_array_equal(
        whole[:, 5:], network.loss_and_grad(theta, X, Y, SquaredError())[1]
    )
    assert np.isnan(whole[:, :5]).all()


@given(
    layers=st.lists(st.integers(1, 5), min_size=2, max_size=5),
    n_samples=st.integers(1, 4),
    runs=st.sampled_from([(), (1,), (3,)]),
    seed=st.integers(0, 99),
)
@settings(deadline=None, max_examples=50)
def test_the_outputs_are_the_input_and_each_layer_s_equation(layers, n_samples, runs, seed):
    rng = np.random.default_rng(seed)
    network = Network(layers, rng.choice(HIDDEN, len(layers) - 1))
    theta = rng.normal(size=(*runs, network.n_params))
    X, _ = some_data(network, n_samples)
    outputs = network.outputs(theta, X)
    assert outputs[0] is X
    for layer, (W, g) in enumerate(zip(network.weights(theta), network.activations, strict=True)):
        a = np.einsum("...si,...ij->...sj", outputs[layer], W[..., :-1, :]) + W[..., -1:, :]
        np.testing.assert_allclose(outputs[layer + 1], g.value(a), atol=1e-12)


@pytest.mark.parametrize(
    "kinds", list(itertools.product(["tanh", "identity", "logistic"], repeat=3))
)
@pytest.mark.parametrize("n_runs", [1, 2, 5])
@pytest.mark.parametrize("n_samples", [1, 2])
def test_the_gradient_of_runs_is_backpropagation_run_by_run(kinds, n_runs, n_samples):
    network = Network((3, 4, 2, 3), kinds)
    rng = np.random.default_rng(0)
    theta = rng.normal(size=(n_runs, network.n_params))
    X, Y = rng.normal(size=(2, n_runs, n_samples, 3))
    _, together = network.loss_and_grad(theta, X, Y, SquaredError())
    for run in range(n_runs):
        h = [X[run]]
        for layer in range(3):
            h.append(network.forward(theta[run], X[run], 0, layer + 1))
        delta, grad = 2 * (h[-1] - Y[run]) / n_samples, []
        for layer in (2, 1, 0):  # backpropagation as the textbook writes it
            delta = delta * network.activations[layer].derivative(h[layer + 1])
            grad = [h[layer].T @ delta, delta.sum(axis=0), *grad]
            delta = delta @ network.weights(theta[run])[layer][:-1].T
        obvious = np.concatenate([part.ravel() for part in grad])
        np.testing.assert_allclose(together[run], obvious, atol=1e-13)


# --- Widths ---------------------------------------------------------------------------------------


def test_widths_come_back_as_a_tuple_of_int():
    widths = check_layers(np.array([35, 2, 35]))
    assert widths == (35, 2, 35)
    assert all(type(width) is int for width in widths)


@pytest.mark.parametrize(
    "layers",
    [(), (3,), (3, 0, 3), (3, -1), (3.0, 2), (3, 2.5), (3, None), ("3", "2"), "35", 35, None],
    ids=str,
)
def test_what_are_no_widths_is_refused(layers):
    with pytest.raises(ValueError, match="layers must be two or more positive whole numbers"):
        check_layers(layers)


# --- Starting weights -----------------------------------------------------------------------------

WIDE = Network((300, 200, 100), ["tanh", "identity"])


def layers_of(init: str, dtype="float64") -> list[np.ndarray]:
    return WIDE.weights(initial_theta(WIDE, init, np.random.default_rng(0), dtype))


def test_uniform_weights_and_biases_fill_minus_one_to_one():
    for W in layers_of("uniform"):
        assert -1 <= W.min() < -0.99
        assert 0.99 < W.max() <= 1
        assert W.std() == pytest.approx(1 / np.sqrt(3), rel=0.02)
        assert W[-1].std() == pytest.approx(1 / np.sqrt(3), rel=0.15)


def test_glorot_weights_fill_their_interval_and_biases_are_zero():
    for W, n_in, n_out in zip(layers_of("glorot"), (300, 200), (200, 100), strict=True):
        r = np.sqrt(6 / (n_in + n_out))
        assert -r <= W[:-1].min() < -0.99 * r
        assert 0.99 * r < W[:-1].max() <= r
        assert W[:-1].std() == pytest.approx(r / np.sqrt(3), rel=0.02)
        np.testing.assert_array_equal(W[-1], 0)


def test_he_weights_are_normal_with_variance_two_over_n_in_and_biases_are_zero():
    for W, n_in in zip(layers_of("he"), (300, 200), strict=True):
        assert W[:-1].std() == pytest.approx(np.sqrt(2 / n_in), rel=0.02)
        assert abs(W[:-1].mean()) < 0.05 * W[:-1].std()
        assert np.abs(W[:-1]).max() > 3 * np.sqrt(2 / n_in)  # no interval: normal
        np.testing.assert_array_equal(W[-1], 0)


@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_starting_weights_follow_from_the_seed_and_have_the_dtype(init, dtype):
    thetas = [initial_theta(WIDE, init, np.random.default_rng(seed), dtype) for seed in (0, 0, 1)]
    assert thetas[0].shape == (WIDE.n_params,)
    assert thetas[0].dtype == dtype
    np.testing.assert_array_equal(thetas[0], thetas[1])
    assert not np.array_equal(thetas[0], thetas[2])


@pytest.mark.parametrize("init", ["xavier", "", None, "Glorot"])
def test_an_unknown_init_is_refused_with_those_that_there_are(init):
    with pytest.raises(ValueError, match="init must be one of uniform, glorot, he"):
        initial_theta(WIDE, init, np.random.default_rng(0))


@pytest.mark.parametrize("init", INITS)
def test_the_starting_weights_are_the_same_numbers_in_either_dtype(init):
    single, double = (
        initial_theta(WIDE, init, np.random.default_rng(0), dtype)
        for dtype in ("float32", "float64")
    )
    np.testing.assert_array_equal(single, double)
