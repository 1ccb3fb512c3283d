"""compare_fractions: who is trained with, who is held out, and what the numbers mean."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tp5 import Adam, Autoencoder, Scipy
from tp5.datasets.fonts import all_characters, load_fonts
from tp5.experiments import FractionComparison, compare_fractions, studies
from tp5.experiments.held_out import count_training
from tp5.experiments.studies import StudyError, read_study
from tp5.models.baselines import mean_image_error
from tp5.table import Table

LETTERS = load_fonts()[1].X
SMALL = {"layers": (35, 6, 2, 6, 35), "epochs": 20, "n_runs": 2, "progress": False, "rng": 0}


def compare(**changed) -> FractionComparison:
    return compare_fractions(LETTERS, **(SMALL | {"optimizer": Adam(0.02)} | changed))


@pytest.fixture(scope="module")
def study() -> FractionComparison:
    return compare()


def test_shapes_and_counts(study):
    assert study.n_train == (10, 16, 22)
    assert study.train.shape == study.test.shape == (3, 2)
    assert [learned.shape for learned in study.learned] == [(2, 10), (2, 16), (2, 22)]
    assert len(study.table) == 6
    assert study.summary["characters"] == [10, 16, 22]


def test_nobody_is_tested_on_what_it_was_trained_with(monkeypatch):
    """The two parts are all letters together, each once, and other ones in each run."""
    from tp5.experiments import fractions

    seen = []

    class Spy(fractions.Autoencoder):
        def error(self, X, Y=None):
            seen.append({letter.tobytes() for letter in X})
            return super().error(X, Y)

    monkeypatch.setattr(fractions, "Autoencoder", Spy)
    compare(fractions=(0.5,))
    first_part, first_rest, second_part, second_rest = seen
    everything = {letter.tobytes() for letter in LETTERS}
    for part, rest in ((first_part, first_rest), (second_part, second_rest)):
        assert len(part) == len(rest) == 16
        assert part | rest == everything
    assert first_part != second_part


def test_baselines_are_those_of_the_mean_of_the_training_part(study):
    whole = mean_image_error(LETTERS)
    assert (study.test_mean > study.train_mean).all(), "a mean fits those it is the mean of"
    assert abs(study.train_mean.mean() - whole) < 1.5


def test_the_networks_are_kept_with_what_they_learned(study):
    """Each network's error on its own letters is the one that the study reports."""
    for k, fraction in enumerate(study.fractions):
        for run in range(2):
            network, learned = study.model(fraction)[run], study.learned[k][run]
            assert len(set(learned)) == study.n_train[k]
            assert network.error(LETTERS[learned]) == pytest.approx(study.train[k, run])
            rest = np.delete(LETTERS, learned, axis=0)
            assert network.error(rest) == pytest.approx(study.test[k, run])


def test_a_fraction_that_was_not_trained_is_refused(study):
    with pytest.raises(ValueError, match=r"fraction must be one of 0\.3, 0\.5, 0\.7, not 0\.4"):
        study.model(0.4)


def test_with_more_runs_the_first_ones_stay_what_they_were(study):
    more = compare(n_runs=3)
    np.testing.assert_array_equal(more.train[:, :2], study.train)
    np.testing.assert_array_equal(more.model(0.5).theta[:2], study.model(0.5).theta)


def test_an_executor_changes_no_number(study):
    with ThreadPoolExecutor(2) as executor:
        np.testing.assert_array_equal(compare(executor=executor).train, study.train)


def test_powell_is_the_default():
    """It stops at its limit, as told: without a warning."""
    result = compare_fractions(
        LETTERS, (0.3,), layers=(35, 1, 35), epochs=1, n_runs=2, rng=1, progress=False
    )
    assert (result.train < 12).all()
    assert "Maximum number of iterations" in result.model(0.3).history.message


def test_csv(study, tmp_path):
    study.to_csv(tmp_path / "fractions.csv")
    head, *rows = (tmp_path / "fractions.csv").read_text().splitlines()
    assert head == "fraction,characters,run,train,test,train_mean,test_mean,learned"
    assert len(rows) == 6
    assert "3 fractions × 2 runs" in repr(study)


def test_save_writes_the_table_and_the_networks(study, tmp_path):
    study.save(tmp_path)
    names = ["fractions.csv", "fractions_30.npz", "fractions_50.npz", "fractions_70.npz"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    again = Autoencoder.load(tmp_path / "fractions_50.npz")
    np.testing.assert_array_equal(again.theta, study.model(0.5).theta)


def test_the_shipped_study_is_that_of_its_networks():
    """Its numbers are those of the networks that are stored beside them."""
    shipped = FractionComparison.shipped()
    X, _ = all_characters(load_fonts())
    assert shipped.train.shape == shipped.test.shape == (3, 10)
    for k, fraction in enumerate(shipped.fractions):
        for run in range(10):
            network, learned = shipped.model(fraction)[run], shipped.learned[k][run]
            assert network.error(X[learned]) == pytest.approx(shipped.train[k, run], abs=1e-8)
            rest = np.delete(X, learned, axis=0)
            assert network.error(rest) == pytest.approx(shipped.test[k, run], abs=1e-8)


# --- Stored studies -------------------------------------------------------------------------------


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A study of two rows, in a folder of its own."""
    path = tmp_path / "small.csv"
    Table({"name": ["a", "b"], "runs": [1, 2], "error": [0.5, 1.25]}).to_csv(path)
    checksum = hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    monkeypatch.setitem(studies.CHECKSUMS, "small", checksum)
    monkeypatch.setattr(studies, "data_path", lambda name: tmp_path / name.split("/")[-1])
    return path


def test_a_stored_study_comes_back_as_it_was(stored):
    table = read_study("small")
    assert table.rows == [("a", 1, 0.5), ("b", 2, 1.25)]


def test_line_ends_do_not_matter(stored):
    stored.write_bytes(stored.read_bytes().replace(b"\r\n", b"\n"))
    assert len(read_study("small")) == 2


def test_other_numbers_are_refused(stored):
    stored.write_text(stored.read_text().replace("1.25", "0.25"))
    with pytest.raises(StudyError, match=r"small\.csv is not the table that the course shipped"):
        read_study("small")


def test_an_unknown_study_is_refused():
    with pytest.raises(
        ValueError,
        match="a study's name must be one of fractions, optimizers, conclusions, not 'weather'",
    ):
        read_study("weather")


@pytest.mark.parametrize("name", studies.CHECKSUMS)
def test_the_shipped_studies_are_intact(name):
    assert len(read_study(name)) > 0


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fraction", [0, 1, -0.5, 1.5, np.nan])
def test_a_fraction_lies_between_0_and_1(fraction):
    with pytest.raises(ValueError, match=r"a training fraction must be a number in \(0, 1\)"):
        compare(fractions=(fraction,))


def test_a_fraction_that_leaves_no_sample_is_refused():
    with pytest.raises(ValueError, match=r"0.01 of 32 samples leaves none to train with"):
        compare(fractions=(0.01,))
    with pytest.raises(ValueError, match=r"0.99 of 32 samples leaves none to test with"):
        count_training(0.99, 32)


def test_no_fractions_are_refused():
    with pytest.raises(ValueError, match="fractions is empty"):
        compare(fractions=())


def test_no_runs_are_refused():
    with pytest.raises(ValueError, match="n_runs must be a whole number of at least 1"):
        compare(n_runs=0)


def test_widths_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"X has shape .* but must be \(n_samples, 20\)"):
        compare(layers=(20, 2, 20))


def test_what_is_no_optimizer_is_refused():
    with pytest.raises(ValueError, match="optimizer must be one of the course's"):
        compare(optimizer="Powell")
    assert Scipy("Powell").maxiter is None
