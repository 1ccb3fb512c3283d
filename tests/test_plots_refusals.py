"""What a figure cannot show is refused in one sentence, before anything is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from bad_calls import GOOD, GRID, LABELS, MODEL, SPREAD, X, Z

from tp5 import plots

SQUARES = np.ones((3, 3, 35))

REFUSED = [
    (plots.beside_nearest, {"X_nearest": X[:3]}, r"X_nearest has shape \(3, 35\), but must be \(8"),
    (plots.character_map, {"index": np.full((3, 3), 8)}, "index must have whole numbers from 0 to"),
    (plots.character_map, {"index": np.zeros((2, 2))}, r"index has shape \(2, 2\), but must be"),
    (plots.character_map, {"grid": GRID[:1, :1]}, "as many rows as columns, two or more, not"),
    (plots.cleaning_curves, {"levels": [0.1]}, r"[ab] has shape \(3, 2\), but must be \(n_runs, 1"),
    (plots.closest_pairs, {"X": X[:1], "labels": "A"}, "labels must be a sequence"),
    (plots.closest_pairs, {"X": X[:1], "labels": ["A"]}, "needs two or more characters"),
    (plots.clouds, {"colourings": {"a": LABELS[:3]}}, "'a' needs one value for each sample, of wh"),
    (plots.collapse, {"kl": {"b": [1, 2]}}, "codes, kl and X_hat must have the same names"),
    (plots.cost_curves, {"histories": {}}, "histories must be a mapping of names"),
    (plots.cost_curves, {"histories": {"a": MODEL}}, "'a' must be a history, as model.history"),
    (plots.cost_curves, {"by": ["euros"]}, "by must be one of iterations, passes, seconds, not"),
    (plots.cost_curves, {"baselines": {"m": "low"}}, "baseline 'm' must be a number in"),
    (plots.decoded_grid, {"grid": GRID[:2]}, r"grid has shape \(2, 3, 2\), but must be \(3, 3"),
    (plots.decoded_grid, {"images": SQUARES[:, :2]}, r"images has shape \(3, 2, 35\), but must be"),
    (plots.denoised, {"pictures": {"noisy": X[:3]}}, r"noisy has shape \(3, 35\), but must be"),
    (plots.drawings, {"shape": (8, 8)}, "pictures of 35 pixels are not 8×8"),
    (plots.drawings, {"X": 255 * X}, "X has whole numbers up to 255, but a picture's values lie"),
    (plots.errors_with_intervals, {"groups": {"g": {"a": [1, 2]}, "h": {"b": [1, 2]}}},
     "group 'h' has other rows than a"),
    (plots.funnel, {"layers": (35, 2)}, "an autoencoder has three layers or more, not 2"),
    (plots.glyphs, {"labels": LABELS[:3]}, "labels has 3 entries, but 8 are needed, one for each"),
    (plots.grid_and_map, {"grid": GRID[:, :2]}, r"X_hat has shape \(3, 3, 35\), but must be"),
    (plots.gradient_check, {"differences": SPREAD[:3]}, r"differences has shape \(3,\), but must"),
    (plots.holes, {"distance": SPREAD[:5]}, r"doubtful has shape \(12,\), but must be \(5,\)"),
    (plots.holes, dict.fromkeys(("distance", "doubtful", "originality"), SPREAD[:5]), "eight"),
    (plots.latent_maps, {"titles": ["T", "U"]}, "titles has 2 entries, but 1 are needed"),
    (plots.level_map, {"test_levels": [0.1]}, r"kept has shape \(2, 2\), but must be \(2, 1\)"),
    (plots.losses_apart, {"histories": {"a": MODEL.history}}, "'a' needs the history of a variat"),
    (plots.originality_map, {"originality": SPREAD}, r"originality has shape \(12,\), but must be"),
    (plots.reconstructions, {"X_hat": X[:, :5]}, r"X_hat has shape \(8, 5\), but must be \(8,"),
    (plots.strip, {"captions": LABELS[:2]}, "captions has 2 entries, but 8 are needed"),
    (plots.success_rates, {"successes": {"a": (6, 5)}}, "6 successes in 5 trials make no proport"),
    (plots.trends, {"labels": {"b": ("x", "y")}}, "labels must name the axes of a, and of no oth"),
]  # fmt: skip


@pytest.mark.parametrize(("figure", "changed", "message"), REFUSED)
def test_what_does_not_fit_is_refused(figure, changed, message, monkeypatch):
    def begun(*_: object, **__: object) -> None:
        raise AssertionError("something is drawn already")

    monkeypatch.setitem(figure.__wrapped__.__globals__, "new_figure", begun)
    with pytest.raises(ValueError, match=message):
        figure(**(GOOD["plots"][figure] | changed))


def test_a_run_that_diverged_leaves_no_warning():
    runs = np.full((6, 2), np.nan)
    runs[:2, 0] = (4.0, np.inf)
    for figure in (
        plots.error_curves({"a": runs}, {}, "T"),
        plots.errors_with_intervals({"g": {"a": [np.nan, np.nan], "b": [1, 2]}}, {}, "T"),
        plots.level_map(np.full((2, 2), np.nan), [0.1, 0.2], [0.1, 0.2], "T"),
    ):
        figure.draw_without_rendering()


def test_points_that_all_lie_at_one_place_leave_no_warning():
    plots.holes(np.ones(9), np.ones(9), np.ones(9), "T").draw_without_rendering()
    plots.latent_map(np.ones((8, 2)), LABELS, "T").draw_without_rendering()
    plots.clouds(np.ones((8, 2)), {"a": [1] * 8}, "T").draw_without_rendering()


def test_a_picture_in_bytes_or_bool_is_drawn_as_one_in_floats():
    for kind in (bool, np.uint8):
        figure = plots.glyphs(X.astype(kind), LABELS, "T")
        wanted = plots.glyphs(X, LABELS, "T")
        for image, other in zip(figure.axes[0].images, wanted.axes[0].images, strict=True):
            np.testing.assert_array_equal(image.get_array(), other.get_array())


def test_codes_may_come_as_lists():
    figure = plots.latent_map(Z.tolist(), LABELS, "T")
    np.testing.assert_allclose(figure.axes[0].collections[0].get_offsets(), Z)
