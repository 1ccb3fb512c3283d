"""An autoencoder is its two halves: what goes in, what z is, what comes out, how it looks."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp5 import Autoencoder, Momentum
from tp5.networks.activations import Identity, Logistic, ReLU, Tanh
from tp5.networks.losses import BinaryCrossEntropy, SquaredError
from tp5.training.history import History

LAYERS = (6, 4, 2, 4, 6)
X = (np.random.default_rng(8).random((9, 6)) > 0.5).astype(float)
NARROW = "\N{NARROW NO-BREAK SPACE}"


def trained(n_runs: int = 1, data=X, epochs: int = 3, **options) -> Autoencoder:
    return Autoencoder(LAYERS, **options).fit(
        data, epochs=epochs, n_runs=n_runs, rng=0, progress=False
    )


# --- Layers and activations -----------------------------------------------------------------------


def test_the_course_network():
    ae = Autoencoder((35, 25, 17, 2, 17, 25, 35))
    assert (ae.n_params, ae.n_latent, ae.latent_layer) == (2789, 2, 3)


@pytest.mark.parametrize("layers", [(6, 2, 6), [6, 2, 6], np.array([6, 2, 6])], ids=repr)
def test_layers_may_be_any_sequence(layers):
    assert Autoencoder(layers).layers == (6, 2, 6)


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, [Tanh(), Identity(), Tanh(), Identity()]),
        ({"loss": "squared_error"}, [Tanh(), Identity(), Tanh(), Logistic()]),
        ({"activation": "relu"}, [ReLU(), Identity(), ReLU(), Identity()]),
        (
            {"activation": Logistic(0.3), "latent_activation": "tanh"},
            [Logistic(0.3), Tanh(), Logistic(0.3), Identity()],
        ),
        (
            {"loss": SquaredError(), "output_activation": "tanh"},
            [Tanh(), Identity(), Tanh(), Tanh()],
        ),
        (
            {"loss": BinaryCrossEntropy(), "output_activation": Identity()},
            [Tanh(), Identity(), Tanh(), Identity()],
        ),
    ],
    ids=str,
)
def test_hidden_latent_and_output_layer_each_have_their_activation(options, wanted):
    assert list(Autoencoder(LAYERS, **options).network.activations) == wanted


def test_the_smallest_network_has_latent_and_output_only():
    assert Autoencoder((6, 2, 6), "relu").network.activations == (Identity(), Identity())


@pytest.mark.parametrize("layers", [(6, 2), (6, 4, 4, 6), (6, 2, 5), (6, 4, 2, 4, 7)])
def test_layers_that_are_no_autoencoder_are_refused_with_an_example(layers):
    with pytest.raises(ValueError, match=r"are no autoencoder: .* such as \(35, 2, 35\)"):
        Autoencoder(layers)


@pytest.mark.parametrize("layers", [(), (6,), (6, 0, 6), (6, 2.0, 6), ("6", "2", "6"), 35, None])
def test_layers_that_are_no_widths_are_refused(layers):
    with pytest.raises(ValueError, match="layers must be two or more positive whole numbers"):
        Autoencoder(layers)


@pytest.mark.parametrize("output", ["logistic", "tanh", "relu", Logistic(0.5)])
def test_cross_entropy_takes_logits_and_no_output_activation(output):
    with pytest.raises(ValueError, match="reads logits"):
        Autoencoder(LAYERS, output_activation=output)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"activation": "softmax"}, "unknown activation 'softmax'"),
        ({"latent_activation": "softmax"}, "unknown activation 'softmax'"),
        ({"loss": "squared_error", "output_activation": "softmax"}, "unknown activation 'softmax'"),
        ({"loss": "mse"}, "unknown loss 'mse'"),
        ({"init": "xavier"}, "init must be one of .*, not 'xavier'"),
        ({"dtype": "float16"}, "dtype must be 'float64' or 'float32', not 'float16'"),
        ({"dtype": int}, "dtype must be"),
    ],
    ids=str,
)
def test_an_unknown_option_is_refused_by_name(options, message):
    with pytest.raises(ValueError, match=message):
        Autoencoder(LAYERS, **options)


activations = st.sampled_from(["identity", "tanh", "relu", "logistic", "sigmoid", "leaky_relu"])


@given(
    half=st.lists(st.integers(1, 9), min_size=1, max_size=3),
    latent=st.integers(1, 4),
    options=st.fixed_dictionaries(
        {
            "activation": activations | st.floats(0.1, 9).map(Logistic),
            "latent_activation": activations,
            "loss": st.sampled_from(["squared_error", "binary_cross_entropy"]),
            "init": st.sampled_from(["uniform", "glorot", "he"]),
            "dtype": st.sampled_from(["float32", "float64"]),
        }
    ),
)
@settings(deadline=None)
def test_the_configuration_survives_json_and_builds_the_same_model(half, latent, options):
    ae = Autoencoder([*half, latent, *reversed(half)], **options)
    config = json.loads(json.dumps(ae.config()))
    again = Autoencoder(**config)
    assert again.config() == ae.config()
    assert again.network.activations == ae.network.activations
    assert repr(again) == repr(ae)


# --- Starting weights -----------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("init", ["uniform", "glorot", "he"])
def test_starting_weights_have_the_models_dtype_and_its_way_of_drawing_them(init, dtype):
    ae = Autoencoder(LAYERS, init=init, dtype=dtype)
    theta = ae.initial_theta(np.random.default_rng(0))
    assert theta.shape == (ae.n_params,)
    assert theta.dtype == dtype
    biases = np.concatenate([W[-1] for W in ae.network.weights(theta)])
    assert (biases != 0).all() if init == "uniform" else (biases == 0).all()


# --- Loss and gradient ----------------------------------------------------------------------------


@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy"])
@pytest.mark.parametrize("activation", ["tanh", "logistic", "sigmoid", "identity"])
def test_gradient_of_an_autoencoder_equals_central_differences(loss, activation):
    ae = Autoencoder(LAYERS, activation, loss=loss)
    theta, step = ae.initial_theta(np.random.default_rng(1)), 1e-5
    shifts = step * np.eye(ae.n_params)
    above, below = (ae.loss_and_grad(shifted, X)[0] for shifted in (theta + shifts, theta - shifts))
    wanted = (above - below) / (2 * step)
    _, grad = ae.loss_and_grad(theta, X)
    error = np.linalg.norm(grad - wanted) / (np.linalg.norm(grad) + np.linalg.norm(wanted))
    assert error < 1e-6


def test_without_y_the_loss_is_that_of_x_itself():
    ae, Y = trained(), 1 - X
    np.testing.assert_array_equal(
        ae.loss_and_grad(ae.theta, X)[0], ae.loss_and_grad(ae.theta, X, X)[0]
    )
    assert ae.loss_and_grad(ae.theta, X, Y)[0] != ae.loss_and_grad(ae.theta, X)[0]


# --- Encode and decode ----------------------------------------------------------------------------


@pytest.mark.parametrize(("n_runs", "axis"), [(1, ()), (3, (3,))])
def test_one_run_has_no_runs_axis_and_several_runs_have_one(n_runs, axis):
    ae = trained(n_runs)
    z = ae.encode(X)
    assert z.shape == (*axis, 9, 2)
    assert ae.decode(z).shape == ae.reconstruct(X).shape == (*axis, 9, 6)


def test_encode_and_decode_are_the_two_halves_of_the_network():
    ae = trained(3)
    z = ae.encode(X)
    np.testing.assert_array_equal(z, ae.network.forward(ae.theta, X, last=2))
    logits = ae.network.forward(ae.theta, z, first=2)
    np.testing.assert_allclose(ae.decode(z), 1 / (1 + np.exp(-logits)), rtol=1e-12)
    np.testing.assert_array_equal(ae.reconstruct(X), ae.decode(z))


def test_with_the_squared_error_the_output_is_the_reconstruction():
    ae = trained(loss="squared_error")
    np.testing.assert_array_equal(ae.reconstruct(X), ae.network.forward(ae.theta[0], X))


@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy"])
def test_by_default_every_reconstructed_pixel_lies_between_zero_and_one(loss):
    X_hat = trained(3, loss=loss).reconstruct(X)
    assert X_hat.min() >= 0
    assert X_hat.max() <= 1


def test_each_run_encodes_and_decodes_as_it_would_alone():
    ae = trained(3)
    z = ae.encode(X)
    for run in range(3):
        np.testing.assert_allclose(z[run], ae[run].encode(X), rtol=1e-12)
        np.testing.assert_allclose(ae.decode(z)[run], ae[run].decode(z[run]), rtol=1e-12)
        np.testing.assert_allclose(ae.decode(z[0])[run], ae[run].decode(z[0]), rtol=1e-12)


def test_each_run_may_encode_data_of_its_own():
    ae, data = trained(2), np.stack([X, 1 - X])
    for run in range(2):
        np.testing.assert_allclose(ae.encode(data)[run], ae[run].encode(data[run]), rtol=1e-12)


def test_encoding_one_sample_is_encoding_it_among_others():
    ae = trained()
    np.testing.assert_allclose(ae.encode(X[3:4]), ae.encode(X)[3:4], rtol=1e-12)


def test_encode_and_decode_leave_their_arguments_alone_and_return_new_arrays():
    ae = trained(latent_activation="identity", activation="identity")
    z = ae.encode(X)
    before = X.copy(), z.copy()
    X_hat = ae.decode(z)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(z, before[1])
    assert not np.shares_memory(X_hat, z)


def test_a_float32_model_answers_in_float32():
    ae = trained(2, dtype="float32")
    assert ae.encode(X).dtype == ae.reconstruct(X).dtype == "float32"


@pytest.mark.parametrize(
    "data",
    [np.zeros((3, 5)), np.zeros(6), np.zeros((0, 6)), np.full((2, 6), np.nan), "X", None],
    ids=["width", "one_dimension", "empty", "nan", "string", "None"],
)
@pytest.mark.parametrize("method", ["encode", "reconstruct", "wrong_pixels", "error"])
def test_data_that_do_not_fit_are_refused(method, data):
    with pytest.raises(ValueError, match=r"^X (has|must be)"):
        getattr(trained(), method)(data)


@pytest.mark.parametrize("z", [np.zeros((3, 6)), np.zeros(2), np.full((1, 2), np.inf), "z"])
def test_latent_vectors_that_do_not_fit_are_refused(z):
    with pytest.raises(ValueError, match=r"^z (has|must be)"):
        trained().decode(z)


@pytest.mark.parametrize("method", ["encode", "reconstruct", "wrong_pixels", "error"])
def test_data_of_another_number_of_runs_are_refused(method):
    with pytest.raises(ValueError, match="3 runs"):
        getattr(trained(3), method)(np.stack([X, X]))


def test_latent_vectors_of_another_number_of_runs_are_refused():
    with pytest.raises(ValueError, match="3 runs"):
        trained(3).decode(np.zeros((2, 5, 2)))


# --- How it looks ---------------------------------------------------------------------------------


def with_losses(*losses: float, epochs: int = 150, **options) -> Autoencoder:
    """Return an autoencoder that looks as if it had been trained to these losses."""
    ae = Autoencoder((35, 25, 17, 2, 17, 25, 35), **options)
    ae.theta = np.zeros((len(losses), ae.n_params))
    rows = np.full((epochs + 1, len(losses)), 9.0)
    rows[-1] = losses
    ae.history = History(rows, rows, rows, rows)
    return ae


def test_repr_of_a_model_that_is_not_trained():
    wanted = f"Autoencoder 35-25-17-2-17-25-35, 2{NARROW}789 parameters, tanh, not trained"
    assert repr(Autoencoder((35, 25, 17, 2, 17, 25, 35))) == wanted


def test_repr_of_several_runs_tells_mean_and_standard_deviation():
    ae = with_losses(4.39, 5.03, 4.71, 4.39, 5.03)  # standard deviation of a sample: 0.32
    assert repr(ae) == (
        f"Autoencoder 35-25-17-2-17-25-35, 2{NARROW}789 parameters, tanh, "
        f"5 runs, trained 150 epochs, loss 4.71 ± 0.32"
    )


def test_repr_of_one_run_tells_its_loss():
    ae = with_losses(0.1234, epochs=7, activation="sigmoid")
    assert repr(ae).endswith(" parameters, sigmoid, trained 7 epochs, loss 0.12")


def test_repr_counts_a_run_that_diverged_with_its_last_finite_loss():
    assert repr(with_losses(1.0, np.nan)).endswith("2 runs, trained 150 epochs, loss 5.00 ± 5.66")


def test_repr_of_weights_without_a_history_tells_the_runs():
    ae = with_losses(1.0, 2.0)
    ae.history = None
    assert repr(ae).endswith("tanh, 2 runs")


def test_one_epoch_is_not_epochs():
    assert "trained 1 epoch," in repr(with_losses(1.0, epochs=1))


# --- It learns ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy"])
def test_four_corners_of_a_square_pass_through_one_number_without_an_error(loss, dtype):
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
    ae = Autoencoder((2, 8, 1, 8, 2), loss=loss, dtype=dtype)
    ae.fit(corners, epochs=600, n_runs=8, rng=0, progress=False)
    assert (ae.wrong_pixels(corners) == 0).all(axis=1).any()
    assert ae.best.error(corners) < 0.1


def test_online_training_with_momentum_as_in_the_course():
    ae = Autoencoder(LAYERS, "logistic", "logistic", loss="squared_error", init="uniform")
    ae.fit(X, optimizer=Momentum(0.05), batch_size=1, epochs=150, n_runs=5, rng=0, progress=False)
    assert (ae.history.loss[-1] < ae.history.loss[0]).all()


def test_a_linear_autoencoder_reaches_what_pca_reaches_and_no_less():
    ae = Autoencoder((6, 2, 6), output_activation="identity", loss="squared_error")
    ae.fit(X, epochs=800, rng=0, progress=False)
    centred = X - X.mean(axis=0)
    pca = (np.linalg.svd(centred, compute_uv=False)[2:] ** 2).sum() / len(X)
    assert ae.error(X) == pytest.approx(pca, rel=1e-3)
    assert ae.error(X) >= pca - 1e-9


def test_losses_at_any_theta_are_those_of_the_blackboard():
    ae = Autoencoder((6, 3, 2, 3, 6))
    X = (np.random.default_rng(0).random((5, 6)) > 0.5).astype(float)
    theta = ae.initial_theta(np.random.default_rng(1))
    loss, grad = ae.losses(X).loss_and_grad(theta)
    wanted, wanted_grad = ae.loss_and_grad(theta, X)
    assert loss == pytest.approx(float(wanted))
    assert grad == pytest.approx(wanted_grad)
    assert ae.losses(X, 1 - X).loss(theta) == pytest.approx(
        float(ae.loss_and_grad(theta, X, 1 - X)[0])
    )
    with pytest.raises(ValueError, match="X has shape"):
        ae.losses(X[:, :5])
