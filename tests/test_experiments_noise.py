"""compare_noise: what it counts, and what stands fast whatever the weights."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tp5.datasets.fonts import load_fonts
from tp5.datasets.noise import Noise, noisy_pairs
from tp5.experiments import NoiseComparison, compare_noise

LETTERS = load_fonts()[1].X
SMALL = {
    "kinds": ("flip", "masking"),
    "latent_sizes": (3, 6),
    "train_levels": (0.0, 0.1, 0.5),
    "test_levels": (0.0, 0.1, 0.3, 0.5),
    "hidden": (20,),
    "n_runs": 2,
    "epochs": 150,
    "test_copies": 10,
    "progress": False,
}


def compare(**changed) -> NoiseComparison:
    return compare_noise(LETTERS, **(SMALL | {"rng": 3} | changed))


@pytest.fixture(scope="module")
def study() -> NoiseComparison:
    return compare()


def test_shapes(study):
    assert study.after.shape == (2, 2, 3, 2, 4)
    assert study.before.shape == study.nearest.shape == study.best.shape == (2, 2, 4)
    assert len(study.table) == 2 * 2 * 3 * 4


def test_the_noise_of_the_tests_is_what_its_level_says(study):
    flips = study.before[0].mean(axis=0)
    np.testing.assert_allclose(flips, 35 * np.array([0, 0.1, 0.3, 0.5]), rtol=0.08)
    ink = LETTERS.sum(axis=1).mean()
    np.testing.assert_allclose(
        study.before[1].mean(axis=0), ink * np.array([0, 0.1, 0.3, 0.5]), rtol=0.08
    )


def test_lookup_is_perfect_without_noise_and_the_best_guess_never_worse_than_nothing(study):
    assert not study.nearest[:, :, 0].any()
    assert (study.best[0] <= study.before[0]).all()
    assert np.isnan(study.best[1]).all(), "known for flip noise only"


def test_kept_is_after_over_before(study):
    kept = study.kept("flip", 6)
    assert kept.shape == (3, 4)
    assert np.isnan(kept[:, 0]).all(), "nothing is wrong at test level 0"
    wanted = study.after[0, 1, 1, :, 2].mean() / study.before[0, :, 2].mean()
    assert kept[1, 2] == pytest.approx(wanted)


def test_the_numbers_are_those_of_the_models(study):
    """Counted again on other noise of the same level: nearly the same."""
    ae = study.model("flip", 6, 0.1)
    assert ae.n_runs == 2
    noisy, Y = noisy_pairs(LETTERS, Noise("flip", 0.1), copies=40, rng=99)
    again = ae.wrong_pixels(noisy, Y).mean()
    assert study.after[0, 1, 1, :, 1].mean() == pytest.approx(again, rel=0.15)


def test_training_at_one_half_teaches_the_mean_image(study):
    """From flip noise of ½ nothing can be learned but the mean, whatever comes in."""
    after = study.after[0, :, 2]  # (n_latent_sizes, n_runs, n_test_levels)
    np.testing.assert_allclose(after, study.mean_image, rtol=0.15)
    np.testing.assert_allclose(study.best[0, :, 3], study.mean_image, rtol=0.02)


def test_a_denoiser_beats_one_trained_without_noise(study):
    assert (study.after[0, 1, 1, :, 1] < study.after[0, 1, 0, :, 1]).all()


def test_an_executor_changes_no_number(study):
    with ThreadPoolExecutor(2) as executor:
        np.testing.assert_array_equal(compare(executor=executor).after, study.after)


def test_a_fixed_set_learns_less_than_fresh_noise():
    only = {"kinds": ("flip",), "latent_sizes": (6,), "train_levels": (0.2,), "epochs": 600}
    fresh, fixed = (compare(copies=copies, **only).after[0, 0, 0, :, 1] for copies in (None, 1))
    assert fresh.max() < fixed.min()


def test_table_and_csv(study, tmp_path):
    path = tmp_path / "noise.csv"
    study.to_csv(path)
    head, *rows = path.read_text().splitlines()
    assert head == "noise,latent,trained_at,tested_at,before,after,ci95,nearest,best"
    assert len(rows) == 48
    assert "flip, masking × 3, 6 latent units × 3 training levels × 2 runs" in repr(study)


# --- Bad input ------------------------------------------------------------------------------------


def test_an_empty_test_set_is_refused():
    with pytest.raises(ValueError, match="test_copies must be a whole number of at least 1, not 0"):
        compare(test_copies=0)


@pytest.mark.parametrize("name", ["kinds", "latent_sizes", "train_levels", "test_levels"])
def test_empty_lists_are_refused(name):
    with pytest.raises(ValueError, match=f"{name} is empty; give at least one"):
        compare(**{name: ()})


@pytest.mark.parametrize("name", ["train_levels", "test_levels"])
def test_levels_outside_0_to_1_are_refused(name):
    with pytest.raises(ValueError, match=r"noise level must be a number in \[0, 1\], not 1.2"):
        compare(**{name: (0.1, 1.2)})


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match=r"kind of noise must be one of flip, .* not 'rain'"):
        compare(kinds=("rain",))


def test_no_runs_are_refused():
    with pytest.raises(ValueError, match="n_runs must be a whole number of at least 1"):
        compare(n_runs=0)


def test_no_samples_are_refused():
    with pytest.raises(ValueError, match="there is no sample in it"):
        compare_noise(np.zeros((0, 35)), **SMALL)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"kinds": ("flip", "flip")}, "kinds has 'flip' twice"),
        ({"kinds": "flip"}, "kinds must be a sequence, not 'flip'"),
        ({"latent_sizes": (3, 3)}, "latent_sizes has 3 twice"),
        ({"test_levels": (0.1, 0.1)}, "test_levels has 0.1 twice"),
        ({"hidden": (0,)}, "each of hidden must be a whole number"),
        ({"copies": 0}, "copies must be a whole number"),
        ({"rng": -1}, "rng must be a whole number"),
    ],
)
def test_what_would_count_twice_or_not_at_all_is_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        compare(**changed)


def test_a_denoiser_that_was_not_trained_is_refused(study):
    with pytest.raises(ValueError, match="kind must be one of flip, masking, not 'rain'"):
        study.model("rain", 3, 0.1)
    with pytest.raises(ValueError, match="n_latent must be one of 3, 6, not 4"):
        study.kept("flip", 4)
    with pytest.raises(ValueError, match=r"level must be one of 0\.0, 0\.1, 0\.5, not 0\.2"):
        study.model("flip", 3, 0.2)
