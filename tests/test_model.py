"""A model trains its runs, hands them out, and says in words what it cannot do."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp5 import SGD, Adam, Autoencoder, Scipy, StopBelow, StopWhenFlat, TrainingWarning
from tp5.checks import ModelError
from tp5.models.arguments import count_runs, one_for_each_run
from tp5.models.model import LatentModel
from tp5.models.runs import thousands
from tp5.networks.activations import Activation, Logistic, Tanh
from tp5.networks.losses import SquaredError
from tp5.training.history import ARRAYS

LAYERS, N_PARAMS = (6, 2, 6), 32
X = (np.random.default_rng(8).random((9, 6)) > 0.5).astype(float)


def fitted(n_runs: int | None = 2, data=X, model: Autoencoder | None = None, **options):
    options = {"epochs": 4, "rng": 0, "progress": False, **options}
    return (model or Autoencoder(LAYERS)).fit(data, n_runs=n_runs, **options)


def assert_same_training(a: LatentModel, b: LatentModel) -> None:
    np.testing.assert_array_equal(a.theta, b.theta)
    assert a.theta.dtype == b.theta.dtype
    assert a.config() == b.config()
    assert repr(a) == repr(b)
    np.testing.assert_array_equal(a.history.loss, b.history.loss)
    assert a.history.message == b.history.message


def assert_same_model(a: LatentModel, b: LatentModel) -> None:
    assert_same_training(a, b)
    for name in (*ARRAYS, "lr"):  # the seconds, too
        np.testing.assert_array_equal(getattr(a.history, name), getattr(b.history, name))


# --- Fitting --------------------------------------------------------------------------------------


def test_fit_returns_the_model_with_weights_and_history_for_each_run():
    model = Autoencoder(LAYERS)
    assert fitted(3, model=model) is model
    assert model.theta.shape == (3, N_PARAMS)
    assert model.history.loss.shape == (5, 3)
    assert model.results_ == []


def test_the_history_ends_at_the_loss_of_the_weights():
    model = fitted(3)
    loss, _ = model.loss_and_grad(model.theta, X)
    np.testing.assert_allclose(model.history.final_loss, loss, rtol=1e-12)


def test_what_is_left_out_is_the_models_default():
    model = Autoencoder(LAYERS).fit(X, rng=0, progress=False)
    default = model.defaults
    assert model.history.n_epochs == default.epochs
    assert len(model) == 1
    said = Autoencoder(LAYERS).fit(
        X, optimizer=default.optimizer, epochs=default.epochs, batch_size=9, rng=0, progress=False
    )
    assert_close_weights(model, said)


def assert_close_weights(a: LatentModel, b: LatentModel) -> None:
    np.testing.assert_allclose(a.theta, b.theta, rtol=0, atol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 4, None])
def test_a_seed_is_as_good_as_a_generator_and_gives_the_same_weights(batch_size):
    seeds = [3, np.random.default_rng(3), 3, 4]
    models = [fitted(rng=seed, batch_size=batch_size) for seed in seeds]
    assert_same_thetas(models[:3])
    assert not np.allclose(models[0].theta, models[3].theta)


def assert_same_thetas(models) -> None:
    for model in models[1:]:
        np.testing.assert_array_equal(model.theta, models[0].theta)


def test_two_fits_from_one_generator_differ():
    rng = np.random.default_rng(3)
    assert not np.allclose(fitted(rng=rng).theta, fitted(rng=rng).theta)


@pytest.mark.parametrize("batch_size", [1, 4, None])
def test_more_runs_do_not_change_those_that_were_there(batch_size):
    few, many = (fitted(n_runs, batch_size=batch_size).theta for n_runs in (1, 5))
    np.testing.assert_allclose(many[:1], few, rtol=0, atol=1e-12)
    assert len({tuple(theta) for theta in many}) == 5


def test_the_global_seed_plays_no_part():
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    fitted(batch_size=2)
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002


@pytest.mark.parametrize("batch_size", [1, None])
def test_the_data_are_left_alone_and_may_be_read_only(batch_size):
    data, target = X.copy(), 1 - X
    for array in (data, target):
        array.setflags(write=False)
    fitted(data=data, Y=target, batch_size=batch_size)
    np.testing.assert_array_equal(data, X)


def test_data_may_be_lists_or_whole_numbers():
    assert_same_thetas([fitted(), fitted(data=X.tolist()), fitted(data=X.astype("uint8"))])


def test_y_is_what_the_model_learns_to_say():
    model = fitted(1, data=X, Y=1 - X, epochs=800)
    assert model.error(X, 1 - X) < 0.5 * model.error(X)


def test_y_equal_to_x_is_a_plain_autoencoder():
    assert_close_weights(fitted(Y=X.copy(), batch_size=4), fitted(batch_size=4))


def test_fitting_again_starts_anew():
    model = fitted(rng=1)
    assert_same_training(fitted(3, model=model), fitted(3))


@pytest.mark.parametrize("batch_size", [9, 10, 1000])
def test_a_batch_as_large_as_the_data_is_the_full_batch(batch_size):
    assert_same_thetas([fitted(), fitted(batch_size=batch_size)])


# --- Data of their own ----------------------------------------------------------------------------

OWN = np.stack([X, 1 - X, X[::-1] * X])


@pytest.mark.parametrize("own", ["X", "Y", "both"])
def test_runs_with_data_of_their_own_train_as_separate_models_do(own):
    start = np.random.default_rng(2).normal(size=(3, N_PARAMS))
    data = {"X": OWN if own != "Y" else X, "Y": OWN if own != "X" else X}
    together = fitted(None, data["X"], Y=data["Y"], start=start)
    assert len(together) == 3
    for run in range(3):
        x, y = (array[run] if array.ndim == 3 else array for array in data.values())
        alone = fitted(1, x, Y=y, start=start[run])
        np.testing.assert_allclose(together.theta[run], alone.theta[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 4])
def test_equal_data_for_each_run_are_shared_data(batch_size):
    own = fitted(None, np.stack([X, X]), batch_size=batch_size)
    assert_close_weights(own, fitted(2, batch_size=batch_size))


# --- How many runs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n_runs", "X_shape", "Y_shape", "start_shape", "wanted"),
    [
        (None, (9, 6), (9, 6), None, 1),
        (4, (9, 6), (9, 6), None, 4),
        (None, (4, 9, 6), (9, 6), None, 4),
        (None, (9, 6), (4, 9, 6), None, 4),
        (4, (4, 9, 6), (4, 9, 6), (4, 32), 4),
        (None, (9, 6), (9, 6), (4, 32), 4),
        (None, (9, 6), (9, 6), (32,), 1),
        (4, (9, 6), (9, 6), (32,), 4),
        (4, (9, 6), (9, 6), (1, 32), 4),
        (None, (4, 9, 6), (4, 9, 6), (1, 32), 4),
        (np.int64(4), (9, 6), (9, 6), None, 4),
    ],
)
def test_whatever_says_so_says_how_many_runs(n_runs, X_shape, Y_shape, start_shape, wanted):
    start = None if start_shape is None else np.zeros(start_shape)
    assert count_runs(n_runs, np.zeros(X_shape), np.zeros(Y_shape), start) == wanted


@pytest.mark.parametrize(
    ("n_runs", "X_shape", "Y_shape", "start_shape"),
    [
        (2, (3, 9, 6), (9, 6), None),
        (1, (3, 9, 6), (9, 6), None),
        (2, (9, 6), (3, 9, 6), None),
        (None, (2, 9, 6), (3, 9, 6), None),
        (2, (9, 6), (9, 6), (3, 32)),
        (None, (2, 9, 6), (9, 6), (3, 32)),
    ],
)
def test_numbers_of_runs_that_disagree_are_refused(n_runs, X_shape, Y_shape, start_shape):
    start = None if start_shape is None else np.zeros(start_shape)
    with pytest.raises(ValueError, match="numbers of runs disagree"):
        fitted(n_runs, np.zeros(X_shape), Y=np.zeros(Y_shape), start=start)


# --- Where training starts ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "n_runs"),
    [((N_PARAMS,), None), ((N_PARAMS,), 3), ((1, N_PARAMS), 3), ((3, N_PARAMS), None)],
)
def test_training_starts_where_it_is_told(shape, n_runs):
    start = np.random.default_rng(0).normal(size=shape)
    before = start.copy()
    model = fitted(n_runs, start=start)
    wanted, _ = model.loss_and_grad(np.broadcast_to(before, model.theta.shape), X)
    np.testing.assert_allclose(model.history.loss[0], wanted, rtol=1e-12)
    np.testing.assert_array_equal(start, before)  # the model has weights of its own


def test_training_goes_on_from_the_weights_of_another_model():
    first = fitted(3)
    before = first.theta.copy()
    second = fitted(None, start=first.theta)
    np.testing.assert_allclose(second.history.loss[0], first.history.final_loss)
    np.testing.assert_array_equal(first.theta, before)


@pytest.mark.parametrize(
    "start",
    [
        np.zeros(N_PARAMS + 1),
        np.zeros((2, N_PARAMS - 1)),
        np.zeros(()),
        np.zeros((0, N_PARAMS)),
        np.zeros((1, 1, N_PARAMS)),
        np.full(N_PARAMS, np.nan),
        np.full((2, N_PARAMS), np.inf),
        "glorot",
    ],
    ids=["longer", "shorter", "number", "no_run", "three_axes", "nan", "inf", "word"],
)
def test_weights_to_start_from_that_do_not_fit_are_refused(start):
    with pytest.raises(ValueError, match="start"):
        fitted(None, start=start)


# --- What fit refuses -----------------------------------------------------------------------------


def with_nan(*shape: int) -> np.ndarray:
    data = np.zeros(shape)
    data[..., 4, 2] = np.nan
    return data


REFUSED = {
    "wrong_width": ((X[:, :5],), {}, r"X has shape \(9, 5\), but must be \(n_samples, 6\)"),
    "one_dimension": ((X[0],), {}, r"X has shape \(6,\)"),
    "nan": ((with_nan(9, 6),), {}, r"X has a value that is not finite, nan, at index \(4, 2\)"),
    "nan_in_a_run": ((with_nan(2, 9, 6),), {}, r"at index \(0, 4, 2\)"),
    "empty": ((np.zeros((0, 6)),), {}, "there is no sample"),
    "strings": ((np.full((9, 6), "a"),), {}, "X must be an array of numbers"),
    "none": ((None,), {}, r"X (must be an array of numbers|has shape \(1,\))"),
    "grey_values": ((255 * X,), {}, r"X has values from 0 to 255, .* scale the data"),
    "bad_Y": ((X, -X), {}, "Y has values from -1 to "),
    "Y_wrong_width": ((X, X[:, :5]), {}, r"Y has shape \(9, 5\)"),
    "Y_nan": ((X, with_nan(9, 6)), {}, "Y has a value that is not finite"),
    "other_samples": ((X, X[:5]), {}, "X has 9 samples and Y has 5; pair them"),
    "n_runs": ((X,), {"n_runs": 0}, "n_runs must be a whole number of at least 1, not 0"),
    "n_runs_float": ((X,), {"n_runs": 2.0}, "n_runs must be a whole number"),
    "epochs": ((X,), {"epochs": 0}, "epochs must be a whole number of at least 1, not 0"),
    "epochs_float": ((X,), {"epochs": 1e3}, "epochs must be a whole number"),
    "batch_size": ((X,), {"batch_size": 0}, "batch_size must be a whole number"),
    "batch_size_float": ((X,), {"batch_size": 0.5}, "batch_size must be a whole number"),
    "optimizer_name": ((X,), {"optimizer": "adam"}, "optimizer must be one of the course's"),
    "optimizer_class": ((X,), {"optimizer": Adam}, "optimizer must be one of the course's"),
    "optimizer_number": ((X,), {"optimizer": 0.01}, "optimizer must be one of the course's"),
    "learning_rates": ((X,), {"optimizer": SGD(np.full((3, 1), 0.1))}, "learning rate"),
    "one callback": ((X,), {"callbacks": print}, "callbacks must be a list of callables"),
    "a word as callback": ((X,), {"callbacks": ["stop"]}, "callbacks must be a list of callables"),
    "callbacks": (
        (X,),
        {"optimizer": Scipy("BFGS"), "callbacks": [lambda *_: None]},
        "calls no callbacks",
    ),
    "noise_with_scipy": (
        (X,),
        {"optimizer": Scipy("BFGS"), "noise": lambda data, rng: data},
        r"fit\(X_noisy, Y\)",
    ),
    "start": ((X,), {"start": np.zeros(3)}, r"start has shape \(3,\)"),
    "noise": ((X,), {"noise": "flip"}, "noise must be one callable"),
}


@pytest.mark.parametrize(("data", "options", "message"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused_in_words_and_the_model_stays_as_it_was(
    data, options, message
):
    model = fitted()
    same = deepcopy(model)
    with pytest.raises(ValueError, match=message):
        model.fit(*data, **{"epochs": 2, "rng": 1, **options})
    assert_same_model(model, same)


def test_noisy_input_may_leave_the_interval_where_the_target_does_not():
    fitted(data=3 * X - 1, Y=X)


def test_the_squared_error_takes_any_finite_data():
    model = Autoencoder(LAYERS, output_activation="identity", loss="squared_error")
    fitted(data=10 * X - 5, model=model, optimizer=SGD(1e-4))


# --- Callbacks ------------------------------------------------------------------------------------


def test_a_callback_hears_the_model_the_epoch_and_each_runs_loss():
    heard = []
    model = fitted(callbacks=[lambda *what: heard.append(what)])
    assert [epoch for _, epoch, _ in heard] == [1, 2, 3, 4]
    assert {id(who) for who, _, _ in heard} == {id(model)}
    np.testing.assert_array_equal([loss for _, _, loss in heard], model.history.loss[1:])


def test_a_callback_can_use_the_model_while_it_trains():
    errors = []
    fitted(callbacks=[lambda model, epoch, loss: errors.append(model.error(X))], epochs=30)
    assert np.shape(errors) == (30, 2)
    assert (errors[-1] < errors[0]).all()


def test_stop_below_ends_a_fit():
    model = fitted(epochs=900, callbacks=[StopBelow(3.0)])
    assert model.history.n_epochs < 900
    assert (model.history.loss[-1] <= 3).all()
    assert (model.history.loss[-2] > 3).any()


def test_stop_when_flat_ends_a_fit():
    model = fitted(epochs=900, optimizer=SGD(1e-9), callbacks=[StopWhenFlat(5, tolerance=0.1)])
    assert model.history.n_epochs == 6


def test_an_interrupt_keeps_what_was_learned():
    def interrupt(model, epoch, loss):
        if epoch == 3:
            raise KeyboardInterrupt

    with pytest.warns(TrainingWarning, match="interrupted after epoch 3 of 9"):
        model = fitted(epochs=9, callbacks=[interrupt], optimizer=SGD(0.1))
    assert_close_weights(model, fitted(epochs=3, optimizer=SGD(0.1)))
    assert "trained 3 epochs" in repr(model)


def test_an_error_in_a_callback_is_the_callers_and_leaves_the_model_as_it_was():
    def fail(model, epoch, loss):
        raise ZeroDivisionError

    model = fitted()
    same = deepcopy(model)
    with pytest.raises(ZeroDivisionError):
        fitted(3, model=model, callbacks=[fail])
    assert_same_model(model, same)


# --- Noise ----------------------------------------------------------------------------------------


def test_every_epoch_has_fresh_noise_for_each_run_and_the_clean_data_as_target():
    inputs = []

    def noise(data, rng):
        np.testing.assert_array_equal(data, X)
        inputs.append(np.clip(data + rng.normal(0, 0.3, data.shape), 0, 1))
        return inputs[-1]

    model = fitted(2, noise=noise, epochs=3)
    assert len({array.tobytes() for array in inputs}) == 2 * 3
    wanted, _ = model.loss_and_grad(model.theta, np.array(inputs[-2:]), X)
    np.testing.assert_allclose(model.history.loss[-1], wanted, rtol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 4, None])
def test_noise_that_changes_nothing_is_training_without_noise(batch_size):
    silent = fitted(noise=lambda data, rng: data, batch_size=batch_size)
    assert_close_weights(silent, fitted(batch_size=batch_size))


def test_each_run_may_have_noise_of_its_own():
    dark, bright = (lambda data, rng: 0 * data), (lambda data, rng: 0 * data + 1)
    together = fitted(2, noise=[dark, bright])
    start = [Autoencoder(LAYERS).initial_theta(rng) for rng in np.random.default_rng(0).spawn(2)]
    for run, value in enumerate((0.0, 1.0)):
        alone = fitted(1, np.full_like(X, value), Y=X, start=start[run])
        np.testing.assert_allclose(together.theta[run], alone.theta[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("noise", ["flip", 0.1, [abs], [abs] * 3, [abs, 0.1]])
def test_noise_must_be_a_function_or_one_for_each_run(noise):
    with pytest.raises(ValueError, match="noise must be one callable"):
        one_for_each_run(noise, 2)


def test_noise_that_changes_the_shape_is_refused():
    with pytest.raises(ValueError, match="it must keep the shape"):
        fitted(noise=lambda data, rng: data[:3])


# --- Runs -----------------------------------------------------------------------------------------


def test_a_model_is_as_long_as_it_has_runs():
    model = Autoencoder(LAYERS)
    assert (len(model), model.n_runs, bool(model)) == (0, 0, True)
    fitted(3, model=model)
    assert (len(model), model.n_runs) == (3, 3)


@pytest.mark.parametrize("run", [0, 1, 2, -1, -3, np.int64(1)], ids=repr)
def test_one_run_is_a_model_of_its_own(run):
    model = fitted(3)
    one = model[run]
    assert isinstance(one, Autoencoder)
    np.testing.assert_array_equal(one.theta, model.theta[[run]])
    np.testing.assert_array_equal(one.history.loss, model.history.loss[:, [run]])
    np.testing.assert_array_equal(one.history.lr, model.history.lr[:, [run]])
    assert one.config() == model.config()
    assert f"loss {model.history.final_loss[run]:.2f}" in repr(one)


@pytest.mark.parametrize("run", [3, -4, 100, "best", 0.0])
def test_a_run_that_is_not_there_is_an_index_error(run):
    with pytest.raises(IndexError, match=f"no run {run!r}: there are 3"):
        fitted(3)[run]


@pytest.mark.parametrize(
    "some",
    [slice(1, 3), slice(None), slice(-2, None), slice(None, None, 2), slice(None, None, -1)],
    ids=str,
)
def test_some_runs_are_a_model_of_their_own(some):
    model = fitted(4)
    part = model[some]
    assert isinstance(part, Autoencoder)
    np.testing.assert_array_equal(part.theta, model.theta[some])
    np.testing.assert_array_equal(part.history.loss, model.history.loss[:, some])
    np.testing.assert_array_equal(part.history.lr, model.history.lr[:, some])
    np.testing.assert_array_equal(part.reconstruct(X), model.reconstruct(X)[some])


def test_scipys_results_go_with_the_runs():
    with pytest.warns(TrainingWarning, match="did not converge"):
        model = fitted(3, optimizer=Scipy("BFGS"), epochs=2)
    assert model[1:].results_ == model.results_[1:]


@pytest.mark.parametrize("none", [slice(3, 9), slice(2, 1), slice(0)], ids=str)
def test_no_run_at_all_is_refused(none):
    with pytest.raises(IndexError, match=r"no run slice.*: there are 3, counted from 0"):
        fitted(3)[none]


@pytest.mark.parametrize("run", [[0, 1], (0, 1), None, np.array([True, False, True])], ids=str)
def test_what_is_neither_a_run_nor_a_slice_is_refused(run):
    with pytest.raises(IndexError, match="there is no run"):
        fitted(3)[run]


def test_a_model_is_a_sequence_of_its_runs():
    model = fitted(3)
    np.testing.assert_array_equal(np.concatenate([one.theta for one in model]), model.theta)


def test_a_run_taken_out_does_not_change_the_model_it_came_from():
    model = fitted(3)
    same = deepcopy(model)
    model[1].theta[:] = 0
    fitted(1, model=model[1])
    assert_same_model(model, same)


def test_a_run_keeps_the_activation_that_it_was_made_with():
    class Cubed(Activation):
        """An activation of one's own, as in an exercise."""

        name = "cubed"

        def value(self, a):
            return a**3

        def derivative(self, h):
            return 3 * np.cbrt(h) ** 2

    model = fitted(2, model=Autoencoder((6, 4, 2, 4, 6), Cubed()))
    np.testing.assert_allclose(model[1].reconstruct(X), model.reconstruct(X)[1], rtol=1e-12)
    model = fitted(2, model=Autoencoder((6, 4, 2, 4, 6), Logistic(np.float64(0.5))))
    np.testing.assert_allclose(model[1].reconstruct(X), model.reconstruct(X)[1], rtol=1e-12)


def test_the_best_run_is_the_one_with_the_smallest_loss():
    model = fitted(5)
    wanted = int(np.argmin(model.history.final_loss))
    np.testing.assert_array_equal(model.best.theta, model.theta[[wanted]])
    assert model.best.history.final_loss == model.history.final_loss.min()


def test_a_run_that_diverged_is_not_the_best_for_that():
    options = {"activation": "identity", "output_activation": "identity", "loss": "squared_error"}
    model, lr = Autoencoder((6, 2, 6), **options), np.array([[1e-2], [1e200], [1e-3]])
    with pytest.warns(TrainingWarning, match="run 1 diverged"):
        fitted(3, model=model, optimizer=SGD(lr), epochs=200)
    np.testing.assert_array_equal(model.best.theta, model.theta[[0]])
    assert "3 runs, trained 200 epochs" in repr(model)


def test_without_a_history_there_is_no_best():
    model = fitted(2)
    model.history = None
    with pytest.raises(ModelError, match="history"):
        _ = model.best


@pytest.mark.parametrize(
    "ask",
    [
        lambda model: model.encode(X),
        lambda model: model.decode(np.zeros((1, 2))),
        lambda model: model.reconstruct(X),
        lambda model: model.wrong_pixels(X),
        lambda model: model.error(X),
        lambda model: model.save("never.npz"),
        lambda model: model.best,
        lambda model: model[0],
    ],
    ids=["encode", "decode", "reconstruct", "wrong_pixels", "error", "save", "best", "index"],
)
def test_a_model_that_is_not_trained_says_so(ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=r"Autoencoder is not trained yet; call fit\(X\) first"):
        ask(Autoencoder(LAYERS))
    assert list(tmp_path.iterdir()) == []


# --- How wrong it is ------------------------------------------------------------------------------


class Fixed(Autoencoder):
    """An autoencoder that always says the same."""

    X_hat = np.array([[0.9, 0.4, 0.5, 0.6, 0.1, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]])

    def __init__(self):
        super().__init__(LAYERS)
        self.theta = np.zeros((1, N_PARAMS))  # as if it had been trained

    def reconstruct(self, X):
        return self.X_hat


SAID = np.array([[1, 0, 0, 0, 1, 0], [1, 1, 1, 1, 1, 1.0]])


def test_wrong_pixels_are_counted_after_rounding_at_one_half():
    np.testing.assert_array_equal(Fixed().wrong_pixels(SAID), [2, 5])


def test_error_sums_over_pixels_and_averages_over_samples():
    wanted = (0.01 + 0.16 + 0.25 + 0.36 + 0.81 + 0 + 5) / 2
    error = Fixed().error(SAID)
    assert error == pytest.approx(wanted)
    assert type(error) is float


def test_both_can_compare_with_something_else_than_the_input():
    model = Fixed()
    np.testing.assert_array_equal(model.wrong_pixels(SAID, np.round(model.X_hat)), [0, 0])
    assert model.error(SAID, model.X_hat) == 0


@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy"])
def test_both_have_a_number_for_each_run(loss):
    model = fitted(3, model=Autoencoder(LAYERS, loss=loss))
    assert model.wrong_pixels(X).shape == (3, 9)
    for run in range(3):
        np.testing.assert_array_equal(model.wrong_pixels(X)[run], model[run].wrong_pixels(X))
        assert model.error(X)[run] == pytest.approx(model[run].error(X))


def test_the_error_is_the_squared_error_whatever_loss_was_trained():
    model = fitted(3)
    wanted = ((model.reconstruct(X) - X) ** 2).sum(axis=2).mean(axis=1)
    np.testing.assert_allclose(model.error(X), wanted)
    model = fitted(3, model=Autoencoder(LAYERS, loss=SquaredError()))
    np.testing.assert_allclose(model.error(X), model.history.final_loss)


@pytest.mark.parametrize("method", ["wrong_pixels", "error"])
@pytest.mark.parametrize("Y", [X[:1], X[0], X[:5], X[:, :1], 0.0], ids=lambda Y: str(np.shape(Y)))
def test_a_target_of_another_shape_is_refused(method, Y):
    with pytest.raises(ValueError, match="Y"):
        getattr(fitted(1), method)(X, Y)


@pytest.mark.parametrize("method", ["wrong_pixels", "error"])
def test_a_target_of_another_number_of_runs_is_refused(method):
    with pytest.raises(ValueError, match="3 runs"):
        getattr(fitted(3), method)(X, np.stack([X, X]))


# --- Numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "wanted"),
    [(0, "0"), (999, "999"), (2789, "2 789"), (1234567, "1 234 567")],  # narrow spaces below
)
def test_thousands_are_set_apart_with_a_narrow_no_break_space(number, wanted):
    assert thousands(number) == wanted.replace(" ", "\u202f")


@given(st.integers(0, 10**12))
@settings(deadline=None)
def test_the_digits_stay(number):
    assert int(thousands(number).replace("\u202f", "")) == number


def test_an_activation_given_as_an_object_is_the_same_as_its_name():
    layers = (6, 3, 2, 3, 6)
    named, given = (fitted(model=Autoencoder(layers, g)) for g in ("tanh", Tanh()))
    assert_same_training(named, given)
