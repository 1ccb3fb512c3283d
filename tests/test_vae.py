"""The variational autoencoder: gradients, bounds, runs, training, files."""

from __future__ import annotations

import hashlib
import inspect
import itertools
import json
import runpy
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp5 import RMSprop, Scipy, TrainingWarning, VariationalAutoencoder
from tp5.checks import ModelError
from tp5.files import data_path
from tp5.models.packing import pack, unpack
from tp5.networks.gradient_check import central_differences, relative_error
from tp5.networks.losses import kl_divergence
from tp5.training.optimizers import SGD, Adam


def some_data(n: int = 12, width: int = 9, seed: int = 3) -> np.ndarray:
    """Soft blobs on a line: two causes, place and width."""
    rng = np.random.default_rng(seed)
    place, spread = rng.uniform(1, width - 2, (n, 1)), rng.uniform(0.8, 2, (n, 1))
    return np.exp(-(((np.arange(width) - place) / spread) ** 2))


def small(**arguments) -> VariationalAutoencoder:
    return VariationalAutoencoder(**{"layers": (9, 6, 2), "dtype": "float64"} | arguments)


@pytest.fixture(scope="module")
def trained() -> VariationalAutoencoder:
    vae = small(layers=(9, 16, 2))
    return vae.fit(some_data(60), optimizer=Adam(0.01), epochs=150, batch_size=20, rng=0)


# --- Shapes and counts ----------------------------------------------------------------------------


def test_parameter_counts_are_those_of_the_class():
    table = VariationalAutoencoder((6400, 256, 2)).summary()
    counts = [n for n in table["parameters"] if n]
    assert counts == [1_638_656, 514, 514, 768, 1_644_800, 3_285_252]


def test_the_summary_of_a_deep_network_adds_up():
    vae = VariationalAutoencoder((6400, 640, 256, 2))
    *rows, total = vae.summary()["parameters"]
    assert sum(rows) == total == vae.n_params
    assert vae.summary()["width"][:7] == [6400, 640, 256, 2, 2, 2, 256]


def test_a_network_without_hidden_layers_is_allowed():
    vae = small(layers=(9, 2)).fit(some_data(), epochs=2, rng=0)
    assert vae.encode(some_data()).shape == (12, 2)


def test_defaults_are_the_class_s():
    assert VariationalAutoencoder.defaults.batch_size == 20
    assert VariationalAutoencoder.defaults.epochs == 50
    assert VariationalAutoencoder.defaults.optimizer == RMSprop(lr=0.001, rho=0.9, eps=1e-7)
    assert VariationalAutoencoder().layers == (6400, 256, 2)
    assert VariationalAutoencoder().dtype == np.float32


def test_repr_says_what_it_is(trained):
    assert repr(small()) == (
        "VariationalAutoencoder 9-6-2-6-9, 169 parameters, relu, beta 1, not trained"
    )
    assert "trained 150 epochs, loss" in repr(trained)


# --- The gradient ---------------------------------------------------------------------------------

CASES = list(
    itertools.product([(9, 2), (9, 6, 2), (9, 7, 5, 3)], ["relu", "tanh"], [0.0, 1.0, 4.0], [1, 5])
)


@pytest.mark.parametrize(("layers", "activation", "beta", "n"), CASES)
def test_gradient_equals_central_differences(layers, activation, beta, n):
    vae = small(layers=layers, activation=activation, beta=beta)
    rng = np.random.default_rng(7)
    theta = rng.normal(0, 0.6, vae.n_params)
    X, eps = rng.random((n, 9)), rng.standard_normal((n, layers[-1]))
    _, grad = vae.loss_and_grad(theta, X, eps)
    differences = central_differences(lambda shifted: vae.loss_and_grad(shifted, X, eps)[0], theta)
    assert relative_error(grad, differences) < 1e-6


def test_gradient_with_another_target_equals_central_differences():
    vae, rng = small(activation="tanh"), np.random.default_rng(5)
    theta = rng.normal(0, 0.6, vae.n_params)
    (X, Y), eps = rng.random((2, 4, 9)), rng.standard_normal((4, 2))
    _, grad = vae.loss_and_grad(theta, X, eps, Y)
    differences = central_differences(lambda t: vae.loss_and_grad(t, X, eps, Y)[0], theta)
    assert relative_error(grad, differences) < 1e-6


def test_runs_are_computed_as_if_alone():
    vae, rng = small(), np.random.default_rng(1)
    theta = rng.normal(0, 0.5, (3, vae.n_params))
    X, eps = some_data(), rng.standard_normal((3, 12, 2))
    loss, grad = vae.loss_and_grad(theta, X, eps)
    for run in range(3):
        alone = vae.loss_and_grad(theta[run], X, eps[run])
        np.testing.assert_allclose(loss[run], alone[0], rtol=1e-12)
        np.testing.assert_allclose(grad[run], alone[1], atol=1e-12)


def test_float32_gradient_is_near_the_float64_one():
    rng = np.random.default_rng(2)
    theta, X, eps = rng.normal(0, 0.5, small().n_params), some_data(), rng.standard_normal((12, 2))
    single = [array.astype(np.float32) for array in (theta, X, eps)]
    _, exact = small().loss_and_grad(theta, X, eps)
    _, grad = small(dtype="float32").loss_and_grad(*single)
    assert grad.dtype == np.float32
    assert relative_error(grad.astype(float), exact) < 1e-5


def test_the_objective_draws_from_the_generators_of_the_runs():
    vae, X = small(), some_data()
    theta = np.random.default_rng(1).normal(0, 0.5, (2, vae.n_params))
    rngs = [np.random.default_rng(seed) for seed in (10, 11)]
    objective = vae.objective(X, X, theta, rngs)
    rows = np.array([[0, 3, 5], [2, 1, 4]])
    gradient = objective.gradient(rows)
    for run, seed in enumerate((10, 11)):
        eps = np.random.default_rng(seed).standard_normal((3, 2))
        loss, grad = vae.loss_and_grad(theta[run], X[rows[run]], eps)
        np.testing.assert_allclose(gradient[run], grad, atol=1e-12)
        np.testing.assert_allclose(objective.loss()[run], loss, rtol=1e-12)


def test_chunk_by_chunk_loss_and_gradient_are_those_of_all_samples(monkeypatch):
    vae, X = small(), some_data()
    theta = np.random.default_rng(1).normal(0, 0.5, (2, vae.n_params))

    def objective():
        return vae.objective(X, X, theta, [np.random.default_rng(seed) for seed in (10, 11)])

    whole = objective()
    untrained = whole.loss()  # before any batch
    whole.start_epoch(0)
    grad = whole.gradient()
    monkeypatch.setattr("tp5.training.objective.CHUNK", 60)
    in_chunks = objective()
    np.testing.assert_allclose(in_chunks.loss(), untrained, rtol=1e-12)
    in_chunks.start_epoch(0)
    np.testing.assert_allclose(in_chunks.gradient(), grad, atol=1e-12)  # the same eps, in order
    np.testing.assert_allclose(in_chunks.loss(), whole.loss(), rtol=1e-12)


# --- Training -------------------------------------------------------------------------------------


def test_training_reports_reconstruction_and_kl_apart(trained):
    history = trained.history
    reconstruction, kl = history.parts["reconstruction"], history.parts["kl"]
    assert reconstruction.shape == kl.shape == history.loss.shape == (151, 1)
    np.testing.assert_allclose(history.loss, reconstruction + kl, rtol=1e-12)
    assert reconstruction[-1] < 0.85 * reconstruction[0]
    assert kl[-1] > 0.5


@pytest.mark.parametrize("warm_up", [0, 3])
def test_the_reported_loss_weighs_the_kl_with_beta(warm_up):
    vae = small(beta=4, warm_up=warm_up).fit(some_data(), epochs=5, n_runs=2, rng=0)
    parts = vae.history.parts
    np.testing.assert_allclose(vae.history.loss, parts["reconstruction"] + 4 * parts["kl"])


def test_the_reported_loss_is_the_mean_over_the_batches():
    vae, X = small(), some_data(12)
    objective = vae.objective(X, X, np.zeros((1, vae.n_params)), [np.random.default_rng(0)])
    objective.start_epoch(0)
    for rows in ([[0, 1, 2, 3, 4]], [[5, 6, 7, 8, 9]], [[10, 11]]):
        objective.gradient(np.array(rows))
    # All weights 0: every pixel has probability ½, whatever eps, and q is the prior.
    np.testing.assert_allclose(objective.loss(), 9 * np.log(2))
    assert objective.parts["kl"] == 0
    np.testing.assert_allclose(objective.parts["reconstruction"], 9 * np.log(2))


def test_warm_up_raises_the_weight_in_equal_steps():
    vae, X = small(beta=2, warm_up=4), some_data()
    objective = vae.objective(X, X, np.zeros((1, vae.n_params)), [np.random.default_rng(0)])
    assert objective.weight == 2  # before the first epoch
    weights = []
    for epoch in range(6):
        objective.start_epoch(epoch)
        weights.append(objective.weight)
    assert weights == [0, 0.5, 1, 1.5, 2, 2]


def test_warm_up_changes_the_training_and_a_beta_of_zero_forgets_the_prior():
    X = some_data(40)
    train = {"optimizer": Adam(0.01), "epochs": 60, "batch_size": 20, "rng": 0}
    free = small(beta=0).fit(X, **train).history.parts["kl"][-1]
    bound = small(beta=1).fit(X, **train).history.parts["kl"][-1]
    slow = small(beta=1, warm_up=60).fit(X, **train).history.parts["kl"][-1]
    tight = small(beta=20).fit(X, **train).history.parts["kl"][-1]
    assert free > slow > bound > tight
    assert tight < 0.05


def test_a_run_is_the_same_alone_and_beside_others():
    train = {"optimizer": Adam(0.01), "epochs": 3, "batch_size": 5, "rng": 4}
    one = small().fit(some_data(), n_runs=1, **train)
    three = small().fit(some_data(), n_runs=3, **train)
    np.testing.assert_allclose(three.theta[:1], one.theta, atol=1e-12)
    assert not np.allclose(three.theta[0], three.theta[1])


def test_the_same_seed_trains_the_same_model():
    one, same, other = (small().fit(some_data(), epochs=2, rng=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.theta, same.theta)
    assert not np.array_equal(one.theta, other.theta)


def test_each_run_can_have_data_of_its_own():
    X = np.stack([some_data(seed=1), some_data(seed=2)])
    vae = small().fit(X, epochs=2, rng=0)
    assert vae.n_runs == 2
    assert vae.encode(X).shape == (2, 12, 2)


def test_training_goes_on_from_the_weights_of_another():
    first = small().fit(some_data(), epochs=2, rng=0)
    more = small().fit(some_data(), epochs=1, start=first.theta, rng=1)
    assert np.abs(more.theta - first.theta).max() < 0.05


def test_a_denoising_variational_autoencoder_trains():
    vae = small().fit(some_data(), noise=lambda X, rng: X + rng.normal(0, 0.1, X.shape), epochs=2)
    assert np.isfinite(vae.history.loss).all()


def test_divergence_is_told_and_the_last_finite_weights_are_kept():
    vae = small(dtype="float32")
    with pytest.warns(TrainingWarning, match="diverged in epoch"):
        vae.fit(some_data(), optimizer=SGD(1e6), epochs=20, batch_size=3, rng=0)
    assert np.isfinite(vae.theta).all()
    assert np.isnan(vae.history.loss[-1]).all()
    assert np.isnan(vae.history.parts["kl"][-1]).all()
    assert np.isfinite(vae.history.final_loss).all()


def test_a_log_variance_that_overflows_counts_as_divergence():
    vae, X = small(dtype="float32"), some_data().astype(np.float32)
    theta = np.zeros((1, vae.n_params), np.float32)
    vae.encoder.weights(vae.halves(theta)[0])[-1][..., -1, 2:] = 200  # the bias of log_var
    objective = vae.objective(X, X, theta, [np.random.default_rng(0)])
    with np.errstate(over="ignore", invalid="ignore"):
        assert not np.isfinite(objective.loss()).any()


def test_a_fatal_last_step_counts_though_the_loss_of_its_epoch_is_finite():
    # The epoch's loss is the mean over batches, each at the weights before its step.
    vae = small()
    with pytest.warns(TrainingWarning, match="diverged in epoch 1 "):
        vae.fit(some_data(), optimizer=SGD(1e308), epochs=1, batch_size=len(some_data()), rng=0)
    assert np.isfinite(vae.theta).all()
    assert np.isfinite(vae.history.loss[0]).all()
    assert np.isnan(vae.history.loss[1]).all()


def test_best_is_the_run_with_the_smallest_loss():
    vae = small().fit(some_data(), epochs=3, n_runs=3, rng=0)
    best = vae.best
    assert best.history.final_loss[0] == vae.history.final_loss.min()
    assert best.history.parts["kl"].shape == (4, 1)


# --- Between image and latent space ---------------------------------------------------------------


def test_encode_is_the_mean_of_the_posterior(trained):
    X = some_data()
    mu, log_var = trained.posterior(X)
    np.testing.assert_array_equal(trained.encode(X), mu)
    assert mu.shape == log_var.shape == (12, 2)


def test_reconstruction_is_decode_of_encode_and_better_than_the_mean(trained):
    X = some_data(60)
    X_hat = trained.reconstruct(X)
    np.testing.assert_array_equal(X_hat, trained.decode(trained.encode(X)))
    assert 0 <= X_hat.min() <= X_hat.max() <= 1
    assert trained.error(X) < 0.3 * ((X - X.mean(axis=0)) ** 2).sum(axis=1).mean()
    assert trained.wrong_pixels(X).shape == (60,)


def test_samples_are_decoded_standard_normal_draws(trained):
    z = np.random.default_rng(8).standard_normal((5, 2))
    np.testing.assert_array_equal(trained.sample(5, rng=8), trained.decode(z))
    assert not np.array_equal(trained.sample(5, rng=8), trained.sample(5, rng=9))


def test_several_runs_lead_with_a_runs_axis():
    vae, X = small().fit(some_data(), epochs=1, n_runs=3, rng=0), some_data()
    assert vae.encode(X).shape == (3, 12, 2)
    assert vae.reconstruct(X).shape == (3, 12, 9)
    assert vae.sample(4, rng=0).shape == (3, 4, 9)
    assert vae.kl(X).shape == (3, 12, 2)
    assert vae.elbo(X, 2, rng=0).shape == (3, 12)
    both = vae.log_likelihood(X, 2, rng=0)
    np.testing.assert_allclose(both[1], vae[1].log_likelihood(X, 2, rng=0), rtol=1e-12)


# --- Bounds ---------------------------------------------------------------------------------------


def exact_log_likelihood(vae: VariationalAutoencoder, X: np.ndarray) -> np.ndarray:
    """ln ∫ p(x|z) p(z) dz by brute force on a fine grid over a 2-D latent space."""
    axis, step = np.linspace(-7, 7, 561, retstep=True)
    z = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    p = vae.decode(z)
    log_p_x = X @ np.log(p).T + (1 - X) @ np.log1p(-p).T  # (n_samples, n_points)
    log_p_z = -0.5 * (z**2).sum(axis=1) - np.log(2 * np.pi)
    return np.logaddexp.reduce(log_p_x + log_p_z, axis=1) + 2 * np.log(step)


def test_bounds_lie_below_the_log_likelihood_and_get_tighter(trained):
    X = some_data(4, seed=9)  # not seen in training
    exact = exact_log_likelihood(trained, X)
    elbo = trained.elbo(X, 4000, rng=0)
    tighter = trained.log_likelihood(X, 4000, rng=0)
    assert (elbo < exact).all()
    assert (elbo < tighter).all()
    np.testing.assert_allclose(tighter, exact, atol=0.02)


def test_one_draw_of_the_importance_bound_is_on_average_the_elbo(trained):
    X = some_data(3)
    single = np.mean([trained.log_likelihood(X, 1, rng=seed) for seed in range(3000)], axis=0)
    np.testing.assert_allclose(single, trained.elbo(X, 3000, rng=0), atol=0.1)


def test_elbo_weighs_the_kl_with_one_whatever_beta(trained):
    heavy = small(layers=(9, 16, 2), beta=20)
    heavy.theta = trained.theta
    X = some_data()
    np.testing.assert_array_equal(heavy.elbo(X, 3, rng=0), trained.elbo(X, 3, rng=0))


def test_elbo_is_the_negative_training_loss(trained):
    X = some_data(60)
    objective = trained.objective(X, X, trained.theta, [np.random.default_rng(0)])
    losses = []
    for _ in range(200):
        objective.start_epoch(0)
        losses.append(objective.loss()[0])
    assert abs(np.mean(losses) + trained.elbo(X, 200, rng=1).mean()) < 0.03


def test_kl_of_each_sample_and_latent_adds_up_to_the_loss_s(trained):
    X = some_data()
    kl = trained.kl(X)
    assert kl.shape == (12, 2)
    assert (kl >= 0).all()
    np.testing.assert_allclose(kl.sum(axis=-1).mean(), kl_divergence(*trained.posterior(X)))


def test_a_collapsed_dimension_has_no_kl_and_changes_nothing():
    vae = small(layers=(9, 4, 3))
    theta = vae.initial_theta(np.random.default_rng(0))[None]
    vae.encoder.weights(vae.halves(theta)[0])[-1][:] = 0  # q is the prior, for every x
    vae.theta = theta
    assert (vae.kl(some_data()) == 0).all()


# --- Files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_save_and_load_keep_everything(tmp_path, dtype):
    vae = small(beta=2, warm_up=3, dtype=dtype).fit(some_data(), epochs=4, n_runs=2, rng=0)
    vae.save(tmp_path / "vae.npz")
    loaded = VariationalAutoencoder.load(tmp_path / "vae.npz")
    np.testing.assert_array_equal(loaded.theta, vae.theta)
    assert loaded.theta.dtype == dtype
    assert loaded.config() == vae.config()
    assert loaded.history.parts.keys() == {"reconstruction", "kl"}
    np.testing.assert_array_equal(loaded.history.parts["kl"], vae.history.parts["kl"])
    assert repr(loaded) == repr(vae)


def test_the_config_covers_every_argument_and_is_json():
    arguments = set(inspect.signature(VariationalAutoencoder).parameters)
    config = small().config()
    assert set(config) == arguments
    assert json.loads(json.dumps(config)) == config


def test_a_plain_autoencoder_s_file_is_refused(tmp_path):
    from tp5 import Autoencoder

    Autoencoder((9, 2, 9)).fit(some_data(), epochs=1).save(tmp_path / "ae.npz")
    with pytest.raises(ModelError, match="not a VariationalAutoencoder; load it as what it is"):
        VariationalAutoencoder.load(tmp_path / "ae.npz")


# --- Bad input, one by one ------------------------------------------------------------------------

BAD_ARGUMENTS = [
    ({"layers": (9, 6, 2, 6, 9)}, r"give the encoder's widths.*\(9, 6, 2\)"),
    ({"layers": (9,)}, "two or more positive whole numbers"),
    ({"layers": (9, 0)}, "positive whole numbers"),
    ({"beta": -1}, r"beta must be a number in \[0, ∞\), not -1"),
    ({"beta": float("nan")}, r"beta must be a number in \[0, ∞\), not nan"),
    ({"beta": float("inf")}, r"beta must be a number in \[0, ∞\), not inf"),
    ({"warm_up": -1}, "warm_up must be a whole number of at least 0"),
    ({"warm_up": 0.5}, "warm_up must be a whole number"),
    ({"activation": "swish"}, "unknown activation 'swish'"),
    ({"init": "zeros"}, "init must be one of .*, not 'zeros'"),
    ({"dtype": "float16"}, "dtype must be 'float64' or 'float32'"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD_ARGUMENTS)
def test_a_bad_argument_is_refused_in_one_sentence(arguments, message):
    with pytest.raises(ValueError, match=message):
        small(**arguments)


@pytest.mark.parametrize(
    "call",
    [
        lambda vae: vae.encode(some_data()),
        lambda vae: vae.posterior(some_data()),
        lambda vae: vae.decode([[0.0, 0.0]]),
        lambda vae: vae.sample(3, rng=0),
        lambda vae: vae.elbo(some_data(), 1, rng=0),
        lambda vae: vae.log_likelihood(some_data(), 1, rng=0),
        lambda vae: vae.kl(some_data()),
        lambda vae: vae.save("nowhere.npz"),
    ],
)
def test_an_untrained_model_says_so(call):
    with pytest.raises(ModelError, match=r"not trained yet; call fit\(X\) first"):
        call(small())


def test_values_outside_0_and_1_are_refused(trained):
    with pytest.raises(ValueError, match="X has values from 0 to 255"):
        small().fit(np.array([[0.0] * 8 + [255.0]]))
    with pytest.raises(ValueError, match="X has values from"):
        trained.elbo(some_data() * 2)


def test_widths_that_do_not_fit_are_refused(trained):
    with pytest.raises(ValueError, match=r"X has shape \(12, 8\)"):
        trained.encode(some_data(width=8))
    with pytest.raises(ValueError, match=r"z has shape \(1, 3\)"):
        trained.decode([[0.0, 0.0, 0.0]])


def test_numbers_of_draws_are_checked(trained):
    for call in (trained.sample, lambda n: trained.elbo(some_data(), n)):
        with pytest.raises(ValueError, match="must be a whole number of at least 1"):
            call(0)


def test_scipy_is_refused_because_the_loss_is_random():
    vae = small()
    with pytest.raises(ValueError, match="L-BFGS-B needs a loss that is the same when asked twice"):
        vae.fit(some_data(), optimizer=Scipy("L-BFGS-B"), epochs=2)
    assert vae.theta is None


def test_nothing_warns_in_an_ordinary_training():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        small(dtype="float32").fit(some_data(), epochs=3, rng=0, progress=False)


# --- Compact files --------------------------------------------------------------------------------


def test_a_compact_file_is_a_quarter_of_the_size_and_decodes_alike(tmp_path):
    X = some_data(40, width=64)
    vae = small(layers=(64, 256, 2), dtype="float32").fit(X, epochs=20, n_runs=2, rng=0)
    vae.save(tmp_path / "whole.npz")
    vae.save(tmp_path / "compact.npz", compact=True)
    sizes = [(tmp_path / name).stat().st_size for name in ("compact.npz", "whole.npz")]
    assert sizes[0] < 0.35 * sizes[1]
    loaded = VariationalAutoencoder.load(tmp_path / "compact.npz")
    assert loaded.theta.dtype == np.float32
    assert loaded.theta.shape == vae.theta.shape
    assert np.abs(loaded.theta - vae.theta).max() <= np.abs(vae.theta).max() / 254 * 1.001
    np.testing.assert_allclose(loaded.reconstruct(X), vae.reconstruct(X), atol=0.03)
    np.testing.assert_array_equal(loaded.history.loss, vae.history.loss)


def test_packing_keeps_zeros_and_the_largest_weight_of_each_block():
    theta = np.zeros((1, 130), np.float32)
    theta[0, 3], theta[0, 100], theta[0, 129] = 5, -0.001, 1e-20
    back = unpack(pack(theta))
    assert back.shape == (1, 130)
    np.testing.assert_allclose(back, theta, rtol=1e-6)


@given(st.integers(1, 200), st.integers(0, 1000))
def test_packing_moves_no_weight_by_more_than_half_a_step(n_params, seed):
    theta = np.random.default_rng(seed).normal(size=(2, n_params)).astype(np.float32)
    back = unpack(pack(theta))
    padded = np.pad(theta, ((0, 0), (0, -n_params % 64))).reshape(2, -1, 64)
    steps = np.repeat(np.abs(padded).max(axis=-1) / 127, 64, axis=1)[:, :n_params]
    assert (np.abs(back - theta) <= 0.5001 * steps + 1e-12).all()


# --- The shipped network --------------------------------------------------------------------------


def test_the_shipped_weights_are_those_of_the_readme_and_load():
    path = data_path("flork/vae_640.npz")
    readme = data_path("flork/README.md").read_text("utf-8")
    assert hashlib.sha256(path.read_bytes()).hexdigest() in readme
    assert path.stat().st_size < 12e6
    vae = VariationalAutoencoder.load(path)
    assert vae.layers == (6400, 640, 256, 2)
    assert vae.history.n_epochs == 200


def test_the_script_that_made_them_trains_again():
    path = data_path("flork/train_640.py")
    script = runpy.run_path(str(path))
    losses = script["train"](epochs=2, progress=False).history.loss
    shipped = VariationalAutoencoder.load(data_path("flork/vae_640.npz")).history.loss
    np.testing.assert_allclose(losses, shipped[:3], rtol=0.01)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("X", np.ones((4, 8))), ("eps", np.ones((4, 3))), ("eps", np.ones(2)), ("Y", np.ones(9))],
    ids=str,
)
def test_loss_and_grad_refuses_what_does_not_fit(name, wrong):
    given = {"X": np.ones((4, 9)), "eps": np.ones((4, 2)), "Y": np.ones((4, 9))} | {name: wrong}
    with pytest.raises(ValueError, match=name):
        small().loss_and_grad(np.zeros(small().n_params), **given)


def test_a_squared_error_says_which_values_its_output_reaches():
    with pytest.raises(ValueError, match="a sigmoid output lies between 0 and 1"):
        small(loss="squared_error").fit(2 * some_data(), epochs=1)
    vae = small(loss="squared_error").fit(some_data(), epochs=1, progress=False)
    with pytest.raises(ValueError, match="a sigmoid output lies between 0 and 1"):
        vae.elbo(2 * some_data())


def test_one_that_has_diverged_can_still_be_shown():
    with pytest.warns(TrainingWarning, match="diverged"):
        vae = small().fit(some_data(), optimizer=SGD(1e30), epochs=3, rng=0, progress=False)
    assert repr(vae).startswith("VariationalAutoencoder 9-6-2-6-9")
    assert vae.summary()["activation"][-2] == "sigmoid"
