"""What a model may be given beside its layers: validation data, own activations, other decoders."""

from __future__ import annotations

import numpy as np
import pytest

from tp5 import Adam, Autoencoder, Logistic, Scipy, VariationalAutoencoder
from tp5.checks import ModelError
from tp5.networks import Activation, central_differences, relative_error

RNG = np.random.default_rng(3)
X = (RNG.random((12, 9)) > 0.5).astype(float)
LAYERS = (9, 5, 2, 5, 9)


class Bent(Activation):
    """A student's own."""

    name = "bent"

    def value(self, a):
        return np.where(a > 0, a, 0.1 * a)

    def derivative(self, h):
        return np.where(h > 0, 1.0, 0.1)


def fitted(**options) -> Autoencoder:
    return Autoencoder(LAYERS).fit(X[:8], epochs=30, rng=0, progress=False, **options)


# --- Validation -----------------------------------------------------------------------------------


def test_the_validation_loss_of_every_epoch_is_that_of_the_weights_of_that_epoch():
    seen = []

    def look(model, epoch, loss):
        seen.append([model[run].loss_and_grad(model.theta[run], X[8:])[0] for run in range(3)])

    model = fitted(validation=X[8:], n_runs=3, callbacks=[look])
    validation = model.history.parts["validation"]
    assert validation.shape == model.history.loss.shape == (31, 3)
    np.testing.assert_allclose(validation[1:], seen, rtol=1e-10)


def test_validation_changes_nothing_of_the_training():
    np.testing.assert_array_equal(fitted(validation=X[8:]).theta, fitted().theta)


def test_the_best_epoch_is_kept_run_by_run():
    model = Autoencoder(LAYERS).fit(
        X[:4], validation=X[4:], keep_best=True, epochs=400, n_runs=4, rng=0, progress=False
    )
    best = model.history.parts["validation"].min(axis=0)
    last = model.history.parts["validation"][-1]
    assert (best < last).all()  # four samples are learned by heart
    for run in range(4):
        loss, _ = model.loss_and_grad(model.theta[run], X[4:])
        assert loss == pytest.approx(best[run], rel=1e-10)


def test_a_pair_is_what_goes_in_and_what_should_come_out():
    noisy = np.clip(X[8:] + 0.3, 0, 1)
    model = fitted(validation=(noisy, X[8:]))
    loss, _ = model.loss_and_grad(model.theta[0], noisy, X[8:])
    assert model.history.parts["validation"][-1, 0] == pytest.approx(loss, rel=1e-10)


def test_a_variational_autoencoder_has_a_validation_loss_too(tmp_path):
    model = VariationalAutoencoder((9, 6, 2)).fit(
        X[:8], validation=X[8:], epochs=5, rng=0, progress=False
    )
    assert np.isfinite(model.history.parts["validation"]).all()
    model.save(tmp_path / "vae.npz")
    again = VariationalAutoencoder.load(tmp_path / "vae.npz").history.parts["validation"]
    np.testing.assert_array_equal(again, model.history.parts["validation"])


def test_what_cannot_be_validated_is_refused():
    with pytest.raises(ValueError, match="keep_best needs validation data"):
        fitted(keep_best=True)
    with pytest.raises(ValueError, match="has shape"):
        fitted(validation=X[:, :3])
    with pytest.raises(ValueError, match="calls no callbacks"):
        fitted(validation=X, optimizer=Scipy("BFGS"))


# --- Pictures that are not flat, targets out of reach ---------------------------------------------


def test_pictures_in_rows_and_columns_are_refused_with_the_remedy():
    pictures = RNG.random((7, 3, 3))
    with pytest.raises(ValueError, match=r"X\.reshape\(len\(X\), -1\)"):
        Autoencoder((3, 2, 3)).fit(pictures)
    with pytest.raises(ValueError, match=r"X\.reshape\(len\(X\), -1\) makes them so, \(7, 9\)"):
        Autoencoder(LAYERS).fit(pictures)
    assert len(Autoencoder((3, 2, 3)).fit(pictures, n_runs=7, epochs=1, progress=False)) == 7


@pytest.mark.parametrize("data", [2 * X - 1, 255 * X])
@pytest.mark.parametrize("output", ["logistic", "sigmoid", Logistic(2.0)])
def test_targets_that_the_output_cannot_reach_are_refused(data, output):
    model = Autoencoder(LAYERS, loss="squared_error", output_activation=output)
    with pytest.raises(ValueError, match=r"lies between 0 and 1: scale the data"):
        model.fit(data)


def test_targets_that_the_output_reaches_are_learned():
    for output in ("tanh", "identity", "leaky_relu"):
        Autoencoder(LAYERS, loss="squared_error", output_activation=output).fit(
            2 * X - 1, epochs=1, progress=False
        )
    with pytest.raises(ValueError, match="a relu output lies between 0 and inf"):
        Autoencoder(LAYERS, loss="squared_error", output_activation="relu").fit(2 * X - 1)


# --- An activation of one's own -------------------------------------------------------------------


def test_an_activation_of_ones_own_trains_is_saved_and_comes_back_if_it_is_handed_in(tmp_path):
    model = Autoencoder(LAYERS, activation=Bent()).fit(X, epochs=20, rng=0, progress=False)
    assert model.history.loss[-1, 0] < model.history.loss[0, 0]
    path = tmp_path / "own.npz"
    with pytest.warns(UserWarning, match=r"load\(path, activations=\{'bent': …\}\)"):
        model.save(path)
    again = Autoencoder.load(path, activations={"bent": Bent()})
    np.testing.assert_array_equal(again.reconstruct(X), model.reconstruct(X))
    with pytest.raises(ModelError, match=r"'bent' is somebody's own: load\(path, activations"):
        Autoencoder.load(path)


# --- Decoders that do not mirror the encoder ------------------------------------------------------


def test_the_latent_layer_may_stand_anywhere_between_the_ends(tmp_path):
    model = Autoencoder((9, 6, 2, 3, 4, 9), latent_layer=2).fit(X, epochs=3, rng=0, progress=False)
    assert model.encode(X).shape == (12, 2)
    assert model.decode(np.zeros((1, 2))).shape == (1, 9)
    model.save(tmp_path / "a.npz")
    assert Autoencoder.load(tmp_path / "a.npz").latent_layer == 2
    for position in (0, 5, 6, -1, "2"):
        with pytest.raises(ValueError, match="latent_layer"):
            Autoencoder((9, 6, 2, 3, 4, 9), latent_layer=position)


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "squared_error"])
@pytest.mark.parametrize("decoder", [None, (2, 4, 3, 9)])
def test_the_gradient_of_every_vae_equals_central_differences(loss, decoder):
    vae = VariationalAutoencoder(
        (9, 5, 2), loss=loss, decoder_layers=decoder, activation="tanh", dtype="float64"
    )
    theta, eps = vae.initial_theta(np.random.default_rng(1)), RNG.standard_normal((12, 2))
    _, grad = vae.loss_and_grad(theta, X, eps)
    numbers = central_differences(
        lambda shifted: np.array([vae.loss_and_grad(t, X, eps)[0] for t in shifted]), theta
    )
    assert relative_error(grad, numbers) < 1e-7


def test_a_decoder_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"begin with 2, the latent width, and end with 9"):
        VariationalAutoencoder((9, 5, 2), decoder_layers=(3, 9))


def test_the_bound_of_a_squared_error_is_that_of_normal_noise():
    """With an encoder that says N(0, 1) the KL is 0, and ln p(x|z) is scipy's."""
    from scipy.stats import norm

    vae = VariationalAutoencoder((9, 4, 2), loss="squared_error", dtype="float64")
    vae.theta = np.zeros((1, vae.n_params))  # x̂ = ½ everywhere
    wanted = norm.logpdf(X, 0.5, np.sqrt(0.5)).sum(axis=1)
    np.testing.assert_allclose(vae.elbo(X, rng=0), wanted, rtol=1e-12)


def test_a_latent_space_that_is_not_used_is_told():
    vae = VariationalAutoencoder((9, 6, 2), beta=1000).fit(
        X, optimizer=Adam(0.01), epochs=150, rng=0, progress=False
    )
    assert "the latent space is hardly used" in repr(vae)
    assert "hardly used" not in repr(
        VariationalAutoencoder((9, 6, 2), beta=0.1).fit(
            X, optimizer=Adam(0.01), epochs=150, rng=0, progress=False
        )
    )


# --- Weights from elsewhere -----------------------------------------------------------------------


def test_weights_from_elsewhere_go_into_the_views_of_theta():
    model = Autoencoder((9, 2, 9), activation="tanh", loss="squared_error")
    theta = np.zeros(model.n_params)
    W = [RNG.normal(size=(9, 2)), RNG.normal(size=(2, 9))]
    b = [RNG.normal(size=2), RNG.normal(size=9)]
    for view, matrix, bias in zip(model.network.weights(theta), W, b, strict=True):
        view[:-1], view[-1] = matrix, bias
    model.theta = theta[None]
    wanted = 1 / (1 + np.exp(-2 * ((X @ W[0] + b[0]) @ W[1] + b[1])))
    np.testing.assert_allclose(model.reconstruct(X), wanted, atol=1e-15)


def test_what_is_kept_is_what_the_history_says_of_the_weights(tmp_path):
    model = Autoencoder(LAYERS).fit(
        X[:4], validation=X[4:], keep_best=True, epochs=400, n_runs=4, rng=0, progress=False
    )
    now = [model.losses(X[:4]).loss(theta) for theta in model.theta]
    np.testing.assert_allclose(model.history.final_loss, now, rtol=1e-10)
    np.testing.assert_array_equal(model.best.theta[0], model.theta[np.argmin(now)])
    assert f"loss {np.mean(now):.2f}" in repr(model)
    np.testing.assert_allclose(model[1:3].history.final_loss, now[1:3], rtol=1e-10)
    model.save(tmp_path / "kept.npz")
    again = Autoencoder.load(tmp_path / "kept.npz")
    np.testing.assert_array_equal(again.history.kept, model.history.kept)


@pytest.mark.parametrize("kind", [Autoencoder, VariationalAutoencoder])
@pytest.mark.parametrize("n", [2, 5])
def test_validation_data_for_another_number_of_runs_are_refused(kind, n):
    model = kind(LAYERS) if kind is Autoencoder else kind((9, 4, 2))
    with pytest.raises(ValueError, match=f"validation's X is for {n} runs, and there are 3"):
        model.fit(X, n_runs=3, epochs=2, validation=np.stack([X] * n), rng=0, progress=False)


def test_validation_data_of_each_run_are_its_own():
    sets = np.stack([X[8:], 1 - X[8:]])
    model = fitted(n_runs=2, validation=sets)
    losses = [model.losses(sets[run]).loss(model.theta[run]) for run in range(2)]
    np.testing.assert_allclose(model.history.parts["validation"][-1], losses, rtol=1e-10)


def test_a_callback_is_called_after_whole_numbers_of_epochs():
    def look(model, epoch, loss):
        raise AssertionError("it should not be called")

    look.every = 0
    with pytest.raises(ValueError, match="the every of a callback"):
        fitted(callbacks=[look])
