"""Optimizers are compared fairly: same starts, same data, every evaluation counted."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tp5 import SGD, Adam, Autoencoder, Scipy, SquaredError
from tp5.experiments import OptimizerComparison, compare_optimizers
from tp5.experiments.optimizers import mean_image_errors, train_run

X = (np.random.default_rng(0).random((10, 6)) > 0.5).astype(float)
LAYERS = (6, 3, 2, 3, 6)
N_PARAMS = 7 * 3 + 4 * 2 + 3 * 3 + 4 * 6
OPTIMIZERS = {
    "L-BFGS-B": (Scipy("L-BFGS-B"), 6),
    "CG, differences": (Scipy("CG", gradient=False), 3),
    "Adam": (Adam(0.02), 8),
    "online": (SGD(0.05), 4, 1),
}


def compare(optimizers=OPTIMIZERS, **more):
    more = {"n_runs": 3, "rng": 1, "layers": LAYERS, "progress": False} | more
    return compare_optimizers(more.pop("X", X), optimizers, **more)


@pytest.fixture(scope="module")
def held_out():
    return compare(train_fraction=0.7)


def test_every_optimizer_starts_from_the_same_weights(held_out):
    first = held_out.history("Adam").loss[0]
    for history in held_out.histories.values():
        np.testing.assert_allclose(history.loss[0], first, rtol=1e-9)
    assert len(set(first)) == 3, "but each run from its own"


def test_run_i_learns_and_is_tested_on_all_the_samples_between_them(held_out):
    assert held_out.X.shape == (3, 7, 6)
    assert held_out.X_test.shape == (3, 3, 6)
    for run in range(3):
        both = np.concatenate([held_out.X[run], held_out.X_test[run]])
        np.testing.assert_array_equal(np.sort(both, axis=0), np.sort(X, axis=0))
    assert not np.array_equal(held_out.X[0], held_out.X[1]), "another choice each run"


def test_training_and_testing_error_are_the_same_measure(held_out):
    for name, model in held_out.models.items():
        for data, errors in (
            (held_out.X, held_out.training_error[name]),
            (held_out.X_test, held_out.testing_error[name]),
        ):
            expected = SquaredError().value(model.reconstruct(data), data)
            np.testing.assert_allclose(errors, expected)


def test_the_mean_image_is_that_of_the_training_set(held_out):
    for run in range(3):
        learned, tested = held_out.X[run], held_out.X_test[run]
        expected = ((tested - learned.mean(axis=0)) ** 2).sum() / len(tested)
        assert held_out.mean_image_test[run] == pytest.approx(expected)


def test_costs_are_counted(held_out):
    differences = held_out.history("CG, differences")
    assert (differences.function_evaluations[1:] % (N_PARAMS + 1) == 0).all()
    assert (differences.gradient_evaluations == 0).all()
    assert held_out.history("Adam").total_cost("passes") == pytest.approx(16)
    table = held_out.table.where(optimizer="online")
    assert table["iterations"] == [4.0]
    assert table["passes"] == [8.0]
    assert table["train error"] == [pytest.approx(held_out.training_error["online"].mean())]


def test_at_cost_is_the_loss_that_a_budget_pays_for(held_out):
    free = held_out.at_cost(0)
    rich = held_out.at_cost(1e9)
    for name, history in held_out.histories.items():
        np.testing.assert_array_equal(free[name], history.loss[0])
        np.testing.assert_array_equal(rich[name], history.final_loss)
    np.testing.assert_array_equal(
        held_out.at_cost(3, by="iterations")["Adam"], held_out.history("Adam").loss[3]
    )
    np.testing.assert_array_equal(
        held_out.at_cost(7, by="passes")["Adam"], held_out.history("Adam").loss[3]
    )


def test_unknown_cost():
    with pytest.raises(ValueError, match="by must be one of iterations, passes, seconds,"):
        compare({"Adam": (Adam(), 1)}).at_cost(1, by="euros")


def test_the_numbers_do_not_depend_on_the_executor():
    optimizers = {name: OPTIMIZERS[name] for name in ("L-BFGS-B", "Adam")}
    here = compare(optimizers)
    with ThreadPoolExecutor(1) as executor:
        there = compare(optimizers, executor=executor)
    for name in optimizers:
        np.testing.assert_array_equal(here.history(name).loss, there.history(name).loss)


def test_result_and_job_can_be_pickled(held_out):
    again = pickle.loads(pickle.dumps(held_out))
    np.testing.assert_array_equal(again.at_cost(5)["Adam"], held_out.at_cost(5)["Adam"])
    assert pickle.loads(pickle.dumps(train_run)) is train_run


def test_without_a_test_there_is_no_testing_error():
    result = compare({"Adam": (Adam(), 2)})
    assert result.testing_error == {}
    assert result.X_test is None
    assert "test error" not in result.table.columns
    assert "held out" not in repr(result)


def test_a_test_set_of_its_own():
    result = compare({"Adam": (Adam(), 2)}, X_test=1 - X)
    expected = SquaredError().value(result.models["Adam"].reconstruct(1 - X), 1 - X)
    np.testing.assert_allclose(result.testing_error["Adam"], expected)
    assert ", 10 held out" in repr(result)


def test_one_run():
    result = compare({"Adam": (Adam(), 2)}, n_runs=1, train_fraction=0.5)
    assert result.testing_error["Adam"].shape == (1,)


def test_csv(tmp_path, held_out):
    held_out.to_csv(tmp_path / "optimizers.csv")
    lines = (tmp_path / "optimizers.csv").read_text().splitlines()
    assert lines[0].startswith("optimizer,iterations,passes,seconds,train error")
    assert len(lines) == 5


def test_a_row_a_run(held_out):
    rows = held_out.runs.where(optimizer="Adam")
    assert rows["run"] == [0, 1, 2]
    assert rows["passes"] == [16, 16, 16]
    np.testing.assert_allclose(rows["train"], held_out.training_error["Adam"], atol=1e-9)
    np.testing.assert_allclose(rows["test_mean"], held_out.mean_image_test, atol=1e-9)
    assert np.isnan(compare({"Adam": (Adam(), 2)}).runs["test"]).all(), "nothing was held out"


def test_save_writes_the_table_and_the_networks(tmp_path):
    result = compare({"Adam": (Adam(), 2), "SGD": (SGD(0.1), 2)})
    result.save(tmp_path)
    names = ["optimizers.csv", "optimizers_adam.npz", "optimizers_sgd.npz"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    again = Autoencoder.load(tmp_path / "optimizers_adam.npz")
    np.testing.assert_array_equal(again.theta, result.models["Adam"].theta)
    np.testing.assert_array_equal(again.history.loss, result.history("Adam").loss)


def test_the_shipped_study_is_that_of_its_networks():
    """Its numbers are those of the networks that are stored beside them."""
    shipped = OptimizerComparison.shipped()
    assert list(shipped.models) == ["Powell", "BFGS", "CG"]
    for name, model in shipped.models.items():
        np.testing.assert_allclose(model.error(shipped.X), shipped.training_error[name], atol=1e-8)
        tested = model.error(shipped.X_test)
        np.testing.assert_allclose(tested, shipped.testing_error[name], atol=1e-8)
        assert model.history.n_epochs == 100
        # Powell's weights reach 1e17, and show the last bit of every unit's output.
        near = 0.1 if name == "Powell" else 1e-6
        last = model.history.final_loss
        np.testing.assert_allclose(last, shipped.training_error[name], rtol=0, atol=near)
    again = mean_image_errors(shipped.X, shipped.X_test, 5)
    np.testing.assert_allclose(again, shipped.mean_image_test, atol=1e-8)


def test_no_warnings_come_out(recwarn):
    compare({"BFGS": (Scipy("BFGS"), 1)})
    assert not recwarn.list, "why a training ended is in its history"
    assert "iterations" in compare({"BFGS": (Scipy("BFGS"), 1)}).history("BFGS").message


def test_an_interrupt_ends_the_comparison(monkeypatch):
    def interrupt(model, epoch, loss):
        if epoch == 2:
            raise KeyboardInterrupt

    fit = Autoencoder.fit
    monkeypatch.setattr(
        Autoencoder, "fit", lambda self, *X, **more: fit(self, *X, callbacks=[interrupt], **more)
    )
    with pytest.raises(KeyboardInterrupt):
        compare({"SGD": (SGD(0.1), 5)})


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"optimizers": {}}, "with at least one, not"),
        ({"optimizers": {"Adam": Adam()}}, "must come with its epochs"),
        ({"optimizers": {"Adam": (Adam(),)}}, "must come with its epochs"),
        ({"optimizers": {"?": ("adam", 3)}}, "optimizer must be one of the course's"),
        ({"optimizers": {"Adam": (Adam(), 0)}}, "epochs must be a whole number of at least 1"),
        ({"train_fraction": 0.0}, r"a training fraction must be a number in \(0, 1\), not 0.0"),
        ({"train_fraction": 1.2}, r"a training fraction must be a number in \(0, 1\), not 1.2"),
        ({"train_fraction": 0.01}, "leaves none to train with"),
        ({"train_fraction": 0.99}, "leaves none to test with"),
        ({"train_fraction": 0.5, "X_test": X}, "not both"),
        ({"X_test": X[:0]}, "X_test has shape .*no sample"),
        ({"X_test": X[:, :5]}, "X_test has shape"),
        ({"X": X[:, :5]}, "X has shape"),
        ({"n_runs": 0}, "n_runs must be a whole number of at least 1"),
    ],
)
def test_bad_input(more, message):
    more = {"optimizers": {"Adam": (Adam(), 1)}} | more
    with pytest.raises(ValueError, match=message):
        compare(**more)
