import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tp5.datasets.fonts import load_fonts
from tp5.experiments import ARCHITECTURES, compare_architectures, local_processes
from tp5.models.baselines import PCA, mean_image_error

FONTS = load_fonts()
SMALL = {"architectures": [(35, 2, 35), (35, 5, 2, 5, 35)], "n_runs": 3, "epochs": 4, "rng": 7}


@pytest.fixture(scope="module")
def small():
    return compare_architectures(FONTS, **SMALL, progress=False)


def test_the_architectures_are_the_course_s_six_and_the_seventh_of_its_plots():
    assert len(ARCHITECTURES) == 7
    assert all(a[0] == a[-1] == 35 and a[len(a) // 2] == 2 for a in ARCHITECTURES)


def test_the_result_has_a_loss_for_every_cell_run_and_epoch(small):
    assert small.loss.shape == (2, 2, 3, 3, 5)
    assert np.isfinite(small.loss).all()


def test_table_rows_say_what_the_losses_say(small):
    row = small.table.where(architecture="35-5-2-5-35", momentum=0.8, font=FONTS[1].name)
    assert row["error"] == [pytest.approx(small.loss[1, 1, 1, :, -1].mean())]
    assert len(small.table) == 12
    assert len(small.summary) == 4


def test_models_are_the_runs_whose_losses_are_told(small):
    model = small.model(1, momentum=1, font=2)
    assert model.n_runs == 3
    assert model.error(FONTS[2].X) == pytest.approx(small.loss[1, 1, 2, :, -1], rel=1e-4)


def test_curves_and_errors_are_means_over_fonts(small):
    assert small.curves(0)["35-2-35"].shape == (5, 3)
    assert small.curves(0)["35-2-35"][-1] == pytest.approx(small.errors(0)["35-2-35"])
    by_font = [small.errors(0, font=f)["35-2-35"] for f in range(3)]
    assert np.mean(by_font, axis=0) == pytest.approx(small.errors(0)["35-2-35"])


def test_baselines_are_those_of_each_font(small):
    assert small.mean_image == pytest.approx([mean_image_error(f.X) for f in FONTS])
    assert small.pca == pytest.approx([PCA(2).fit(f.X).error(f.X) for f in FONTS])


def test_the_same_rng_gives_the_same_numbers_on_any_executor(small):
    with ThreadPoolExecutor(2) as threads:
        again = compare_architectures(FONTS, **SMALL, executor=threads, progress=False)
    assert np.array_equal(again.loss, small.loss)
    with local_processes(2) as processes:
        again = compare_architectures(FONTS, **SMALL, executor=processes, progress=False)
    assert np.array_equal(again.loss, small.loss)


def test_another_rng_gives_other_numbers(small):
    other = compare_architectures(FONTS, **(SMALL | {"rng": 8}), progress=False)
    assert not np.allclose(other.loss, small.loss)


def test_the_result_survives_a_trip_to_another_process(small):
    assert np.array_equal(pickle.loads(pickle.dumps(small)).loss, small.loss)


def test_csv_and_repr(small, tmp_path):
    small.to_csv(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text().startswith("architecture,momentum,font,error,ci95")
    assert "2 architectures × momenta (0.0, 0.8) × 3 fonts × 3 runs, 4 epochs" in repr(small)


def test_no_fonts_are_refused():
    with pytest.raises(ValueError, match="fonts with equally many characters"):
        compare_architectures([], **SMALL)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"architectures": [(35, 2, 35), (35, 2, 35)]}, r"architectures has \(35, 2, 35\) twice"),
        ({"architectures": []}, "architectures is empty"),
        ({"momenta": [0.5, 0.5]}, r"momenta has 0\.5 twice"),
        ({"momenta": [1.5]}, r"a momentum must be a number in \[0, 1\), not 1\.5"),
        ({"momenta": 0.5}, r"momenta must be a sequence, not 0\.5"),
        ({"epochs": 0}, "epochs must be a whole number"),
        ({"n_runs": 1.5}, "n_runs must be a whole number"),
        ({"rng": "seed"}, "rng must be a whole number"),
        ({"executor": "all"}, "executor must be a concurrent"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_is_trained(changed, message):
    with pytest.raises(ValueError, match=message):
        compare_architectures(FONTS, **(SMALL | changed))


@pytest.mark.parametrize("fonts", ["fonts", [1, 2], None, [FONTS[0].X]])
def test_what_is_no_font_is_refused(fonts):
    with pytest.raises(ValueError, match="fonts must be fonts, as load_fonts"):
        compare_architectures(fonts, **SMALL)


@pytest.mark.parametrize("place", [-1, 7, "first", 0.0, True])
def test_a_cell_that_is_not_there_is_refused(small, place):
    with pytest.raises(ValueError, match="architecture must be a position from 0 to 1, not"):
        small.model(place, 0, 0)
    for function in (small.curves, small.errors):
        with pytest.raises(ValueError, match="momentum must be a position from 0 to 1, not"):
            function(place)


def test_an_interrupt_cancels_what_has_not_begun():
    with ThreadPoolExecutor(1) as threads, pytest.raises(ValueError, match="no autoencoder"):
        compare_architectures(FONTS, [(35, 2), (35, 2, 35)], executor=threads, progress=False)


@pytest.fixture(scope="module")
def together():
    return compare_architectures(FONTS, **SMALL, together=True, progress=False)


def test_one_network_for_all_fonts_is_tested_font_by_font(together):
    assert together.loss.shape == (2, 2, 1, 3, 5)
    assert together.final.shape == (2, 2, 3, 3)
    model = together.model(1, momentum=1)
    for f, font in enumerate(FONTS):
        assert model.error(font.X) == pytest.approx(together.final[1, 1, f])
    assert together.final.mean(axis=2) == pytest.approx(together.loss[:, :, 0, :, -1], rel=1e-4)
    assert "3 fonts together × 3 runs" in repr(together)


def test_the_baselines_of_one_network_learn_all_fonts_too(together):
    X = np.concatenate([font.X for font in FONTS])
    assert together.pca == pytest.approx([PCA(2).fit(X).error(font.X) for font in FONTS])
    assert together.mean_image.mean() == pytest.approx(mean_image_error(X))


def test_a_cell_of_one_network_has_no_font(together):
    with pytest.raises(ValueError, match="one network learned all fonts together; leave font out"):
        together.model(0, momentum=0, font=1)


def test_the_numbers_of_the_course_at_its_learning_rate():
    """The shallow network beats PCA, and with momentum a deep one sits at the mean image."""
    result = compare_architectures(
        FONTS[:1], [(35, 17, 2, 17, 35), ARCHITECTURES[-1]], n_runs=2, rng=0, progress=False
    )
    errors = result.loss[:, :, 0, :, -1].mean(axis=-1)  # (n_architectures, n_momenta)
    assert errors[0, 0] < result.pca[0] + 0.3
    assert errors[1, 1] == pytest.approx(result.mean_image[0], abs=0.4)
