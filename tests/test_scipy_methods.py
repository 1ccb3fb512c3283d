"""scipy's methods train the same network: counted, watched, and never worse than the best seen."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from tp5 import Autoencoder, Scipy, TrainingWarning
from tp5.networks.initial import initial_theta
from tp5.networks.losses import BinaryCrossEntropy, SquaredError
from tp5.networks.network import Network
from tp5.training.objective import Reconstruction
from tp5.training.scipy_methods import METHODS, WITHOUT_GRADIENT
from tp5.training.watched import Watched

WIDTH = 3
TANH = Network((WIDTH, 2, WIDTH), ["tanh", "identity"])  # 17 parameters
LINEAR = Network((WIDTH, 2, WIDTH), ["identity", "identity"])
X = (np.random.default_rng(8).random((9, WIDTH)) > 0.5).astype(float)

every_method = pytest.mark.parametrize("method", METHODS)
with_gradient = pytest.mark.parametrize(
    "method", [method for method in METHODS if method not in WITHOUT_GRADIENT]
)
ignores_non_convergence = pytest.mark.filterwarnings("ignore::tp5.training.loop.TrainingWarning")


def objective_for(network=TANH, loss=None, seed: int = 0) -> Reconstruction:
    theta = initial_theta(network, "glorot", np.random.default_rng(seed))[None]
    return Reconstruction(network, loss or BinaryCrossEntropy(), X, X, theta)


def minimized(scipy: Scipy, epochs: int = 10, **options):
    """Return the objective after a training, its history, and scipy's result."""
    objective = objective_for(**options)
    history = scipy.minimize(objective, epochs, len(X), [], progress=False)
    return objective, history, history.results[0]


def watch(monkeypatch, interrupt_after: int | None = None) -> list[tuple[float, np.ndarray]]:
    """Collect the points that scipy asks for with their losses; interrupt it after some."""
    seen = []

    def watched(plain):
        def call(self, theta):
            if len(seen) == interrupt_after:
                raise KeyboardInterrupt
            answer = plain(self, theta)
            seen.append((answer[0] if isinstance(answer, tuple) else answer, theta.copy()))
            return answer

        return call

    for name in ("loss", "loss_and_grad"):
        monkeypatch.setattr(Watched, name, watched(getattr(Watched, name)))
    return seen


# --- Every method ---------------------------------------------------------------------------------


@ignores_non_convergence
@every_method
@pytest.mark.parametrize("case", ["tanh", "linear"])
def test_every_method_reduces_the_loss(method, case):
    options = {"network": LINEAR, "loss": SquaredError()} if case == "linear" else {}
    objective, history, _ = minimized(Scipy(method), 60, **options)
    assert objective.loss() < 0.97 * history.loss[0, 0]


@ignores_non_convergence
@every_method
@pytest.mark.parametrize("maxiter", [1, 3, 30])
def test_the_history_begins_untrained_never_rises_and_ends_at_the_loss_of_theta(method, maxiter):
    objective, history, _ = minimized(Scipy(method, maxiter=maxiter))
    assert history.loss[0, 0] == pytest.approx(objective_for().loss()[0], rel=1e-12)
    assert (np.diff(history.loss[:, 0]) <= 0).all()
    assert history.final_loss[0] == pytest.approx(objective.loss()[0], rel=1e-12)


@ignores_non_convergence
@every_method
def test_the_iterations_are_no_more_than_the_epochs(method):
    _, history, result = minimized(Scipy(method), epochs=4)
    assert history.n_epochs <= 4
    assert result.nit <= 4


@ignores_non_convergence
@every_method
def test_maxiter_goes_before_epochs(method):
    _, history, _ = minimized(Scipy(method, maxiter=2), epochs=50)
    assert history.n_epochs <= 2


@ignores_non_convergence
@every_method
def test_the_evaluations_counted_are_those_that_scipy_made(method):
    _, history, result = minimized(Scipy(method), 20)
    assert history.function_evaluations[-1, 0] <= result.nfev
    assert history.function_evaluations[-1, 0] >= 0.5 * result.nfev
    assert (np.diff(history.function_evaluations[:, 0]) > 0).all()
    if method in WITHOUT_GRADIENT:
        np.testing.assert_array_equal(history.gradient_evaluations, 0)
    else:
        np.testing.assert_array_equal(history.gradient_evaluations, history.function_evaluations)


@ignores_non_convergence
@every_method
def test_theta_is_the_best_point_that_was_seen(method, monkeypatch):
    seen = watch(monkeypatch)
    objective, history, _ = minimized(Scipy(method), 5)
    best_loss, best_theta = min(seen, key=lambda pair: pair[0])
    np.testing.assert_array_equal(objective.theta[0], best_theta)
    assert history.final_loss[0] == best_loss


@ignores_non_convergence
@every_method
def test_of_many_weights_no_array_of_all_weights_squared_is_kept(method, monkeypatch):
    monkeypatch.setattr("tp5.training.scipy_methods.SMALL", TANH.n_params - 1)
    _, _, result = minimized(Scipy(method), 3)
    assert max(np.size(value) for value in result.values()) <= TANH.n_params


@ignores_non_convergence
def test_the_history_has_no_learning_rate():
    assert minimized(Scipy("BFGS"))[1].lr is None


# --- The gradient ---------------------------------------------------------------------------------


def test_lbfgsb_with_the_exact_gradient_converges_at_a_point_without_slope():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        options = {"network": LINEAR, "loss": SquaredError()}
        objective, history, result = minimized(Scipy("L-BFGS-B"), 500, **options)
    assert result.success
    assert history.message == str(result.message)
    assert np.abs(objective.gradient()).max() < 1e-3


@ignores_non_convergence
@with_gradient
def test_without_the_exact_gradient_each_gradient_costs_a_loss_for_each_weight_and_one(method):
    scipy = Scipy(method, maxiter=6 if method != "TNC" else 200, gradient=False)
    _, history, _ = minimized(scipy)
    evaluations = history.function_evaluations[-1, 0]
    assert evaluations > 0
    assert evaluations % (TANH.n_params + 1) == 0
    np.testing.assert_array_equal(history.gradient_evaluations, 0)


@ignores_non_convergence
def test_exact_gradient_and_finite_differences_take_the_same_path():
    exact, differences = (
        minimized(Scipy("L-BFGS-B", gradient=gradient), 5)[1] for gradient in (True, False)
    )
    np.testing.assert_allclose(exact.loss, differences.loss, rtol=1e-4)


@ignores_non_convergence
def test_options_and_tol_reach_scipy():
    _, history, _ = minimized(Scipy("L-BFGS-B", options={"maxiter": 2}), 50)
    assert history.n_epochs == 2
    _, history, result = minimized(Scipy("L-BFGS-B", tol=0.5), 50)
    assert result.success
    assert history.n_epochs < 50


# --- Warnings -------------------------------------------------------------------------------------


@every_method
def test_a_method_that_did_not_converge_warns_with_scipys_words(method):
    with pytest.warns(TrainingWarning, match=f"^{method} did not converge: ") as warned:
        _, history, result = minimized(Scipy(method, maxiter=2))
    assert str(result.message) in str(warned[0].message)
    assert history.message == str(result.message)
    assert not result.success


@every_method
@pytest.mark.parametrize("evaluations", [2, 20])
def test_an_interrupt_returns_the_best_point_seen_and_warns(method, evaluations, monkeypatch):
    objective, seen = objective_for(), watch(monkeypatch, interrupt_after=evaluations)
    with pytest.warns(TrainingWarning, match=r"interrupted after iteration \d+ of 500"):
        history = Scipy(method).minimize(objective, 500, len(X), [], progress=False)
    best_loss, best_theta = min(seen, key=lambda pair: pair[0])
    assert history.results == [None]
    assert "interrupted" in history.message
    np.testing.assert_array_equal(objective.theta[0], best_theta)
    assert history.final_loss[0] == best_loss


def test_a_warning_names_the_line_that_called_fit(monkeypatch):
    with pytest.warns(TrainingWarning) as warned:
        Autoencoder((WIDTH, 2, WIDTH)).fit(X, optimizer=Scipy("BFGS"), epochs=1, rng=0)
    assert warned[0].filename == __file__
    watch(monkeypatch, interrupt_after=2)
    with pytest.warns(TrainingWarning, match="interrupted") as warned:
        Autoencoder((WIDTH, 2, WIDTH)).fit(X, optimizer=Scipy("BFGS"), epochs=9, rng=0)
    assert warned[0].filename == __file__


# --- Through fit ----------------------------------------------------------------------------------


def fitted(n_runs: int = 3, epochs: int = 8, method: str = "L-BFGS-B", dtype="float64", **options):
    model = Autoencoder((WIDTH, 2, WIDTH), dtype=dtype)
    options = {"n_runs": n_runs, "epochs": epochs, "rng": 0, "progress": False, **options}
    return model.fit(X, optimizer=Scipy(method), **options)


@ignores_non_convergence
def test_scipys_results_are_kept_run_by_run():
    model = fitted()
    assert len(model.results_) == 3
    for theta, result in zip(model.theta, model.results_, strict=True):
        np.testing.assert_array_equal(theta, result.x)
    assert model[1].results_ == [model.results_[1]]


@ignores_non_convergence
def test_runs_start_from_weights_of_their_own_and_train_as_if_alone():
    model = fitted()
    assert len(set(model.history.loss[0])) == 3
    alone = fitted(n_runs=1)
    np.testing.assert_allclose(model.theta[0], alone.theta[0], atol=1e-12)
    untrained = fitted(n_runs=3, epochs=1).history.loss[0]
    np.testing.assert_allclose(model.history.loss[0], untrained)


def test_a_run_that_ended_sooner_has_nan_from_there_on():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)
        model = fitted(n_runs=4, epochs=400)
    lengths = [result.nit for result in model.results_]
    assert len(set(lengths)) > 1
    assert model.history.loss.shape == (max(lengths) + 1, 4)
    for run, length in enumerate(lengths):
        assert np.isfinite(model.history.loss[: length + 1, run]).all()
        assert np.isnan(model.history.loss[length + 1 :, run]).all()
        assert (np.diff(model.history.loss[: length + 1, run]) <= 0).all()


@ignores_non_convergence
def test_the_loss_of_theta_is_the_final_loss_of_each_run():
    model = fitted()
    loss, _ = model.loss_and_grad(model.theta, X)
    np.testing.assert_allclose(model.history.final_loss, loss, rtol=1e-12)


@ignores_non_convergence
def test_a_float32_model_trains_in_float64_and_stays_float32():
    model = fitted(dtype="float32")
    assert model.theta.dtype == "float32"
    assert model.results_[0].x.dtype == "float64"
    np.testing.assert_allclose(model.theta[0], model.results_[0].x, rtol=1e-6)


@ignores_non_convergence
def test_each_run_may_have_data_of_its_own():
    data = np.stack([X, 1 - X])
    model = Autoencoder((WIDTH, 2, WIDTH)).fit(data, optimizer=Scipy("BFGS"), epochs=5, rng=0)
    loss, _ = model.loss_and_grad(model.theta, data)
    np.testing.assert_allclose(model.history.final_loss, loss, rtol=1e-12)


def test_one_interrupt_ends_the_training_of_all_runs(monkeypatch):
    seen = watch(monkeypatch, interrupt_after=9)
    with pytest.warns(TrainingWarning, match="interrupted"):
        model = fitted(n_runs=3, epochs=50)
    assert len(seen) == 9  # the other two runs were not begun
    assert len(model) == model.history.loss.shape[1] == len(model.results_)
    assert np.isfinite(model.history.final_loss).all()


def test_callbacks_are_refused_for_scipy_calls_none():
    with pytest.raises(
        ValueError, match="calls no callbacks and watches no validation data; leave"
    ):
        fitted(callbacks=[lambda *_: None])


# --- Progress bar ---------------------------------------------------------------------------------


@ignores_non_convergence
@pytest.mark.parametrize("progress", [False, None])
def test_a_short_training_prints_nothing(capfd, progress):
    fitted(progress=progress)
    assert capfd.readouterr() == ("", "")


@ignores_non_convergence
def test_a_progress_bar_that_is_wanted_names_the_method_and_counts_the_iterations(capfd):
    fitted(n_runs=1, epochs=4, progress=True)
    bar = capfd.readouterr().err
    assert "L-BFGS-B" in bar
    assert "/4" in bar


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["Newton", "lbfgs", "", None, "powell"])
def test_an_unknown_method_is_refused_with_those_that_there_are(method):
    with pytest.raises(
        ValueError, match="method must be one of Powell, BFGS, CG, L-BFGS-B, TNC, Nelder"
    ):
        Scipy(method)


@pytest.mark.parametrize("maxiter", [0, -1, 2.5, "3"])
def test_maxiter_must_be_a_positive_whole_number(maxiter):
    with pytest.raises(ValueError, match="maxiter"):
        Scipy("BFGS", maxiter=maxiter)


@pytest.mark.parametrize("tol", [-1.0, np.nan])
def test_tol_must_not_be_negative(tol):
    with pytest.raises(ValueError, match="tol"):
        Scipy("BFGS", tol=tol)


def test_an_option_that_the_method_does_not_know_is_refused():
    with pytest.raises(ValueError, match=r"patience .*show_options"):
        minimized(Scipy("BFGS", options={"patience": 3}))


def test_repr_is_what_one_would_type():
    wanted = "Scipy(method='L-BFGS-B', maxiter=200, gradient=True, tol=None)"
    assert repr(Scipy("L-BFGS-B", maxiter=200)) == wanted


@pytest.mark.filterwarnings("ignore:BFGS did not converge")  # after three iterations: as told
def test_an_interrupt_between_two_runs_keeps_those_before(monkeypatch):
    minimize_run, asked = Scipy._minimize_run, []

    def interrupted(self, objective, run, epochs, progress):
        asked.append(run)
        if run == 2:
            raise KeyboardInterrupt
        return minimize_run(self, objective, run, epochs, progress)

    monkeypatch.setattr(Scipy, "_minimize_run", interrupted)
    model = Autoencoder((6, 2, 6))
    with pytest.warns(TrainingWarning, match="interrupted before run 2; the runs before it are"):
        model.fit(np.eye(6), optimizer=Scipy("BFGS"), epochs=3, n_runs=4, rng=0, progress=False)
    assert asked == [0, 1, 2]
    assert model.n_runs == model.history.loss.shape[1] == 2
