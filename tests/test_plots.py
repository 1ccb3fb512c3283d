"""Figures show the numbers they are given, and say in words what they show."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from tp5 import plots
from tp5.datasets.fonts import all_characters, load_fonts
from tp5.plots import glyph_rgb, visible
from tp5.plots.canvas import CourseFigure
from tp5.plots.picture import together

X, LABELS = all_characters(load_fonts())
RUNS = np.linspace(8, 4, 11)[:, None] + np.array([0.0, 0.2, 0.4])
ROWS = {"35-2-35": np.array([4.0, 5.0, 6.0]), "35-17-2-17-35": np.array([3.0, 3.5, 4.0])}
BASELINES = {"mean image": 6.84, "PCA-2": 4.43}
z = np.random.default_rng(0).normal(size=(96, 2))

FIGURES = {
    "glyphs": lambda: plots.glyphs(X, LABELS, "T"),
    "reconstructions": lambda: plots.reconstructions(X, np.roll(X, 1, axis=1), LABELS, "T"),
    "closest_pairs": lambda: plots.closest_pairs(X, LABELS, "T"),
    "latent_map": lambda: plots.latent_map(z, LABELS, "T"),
    "latent_maps": lambda: plots.latent_maps([z] * 3, [LABELS] * 3, ["T", "a", "b"], title="T"),
    "funnel": lambda: plots.funnel((35, 17, 2, 17, 35), "T"),
    "gradient_check": lambda: plots.gradient_check(RUNS[:, 0], RUNS[:, 0] + 1e-9, "T"),
    "error_curves": lambda: plots.error_curves({"run": RUNS}, BASELINES, "T"),
    "error_panels": lambda: plots.error_panels({"T": {"a": RUNS}, "b": {"a": RUNS}}, BASELINES),
    "errors_with_intervals": lambda: plots.errors_with_intervals({"g": ROWS}, BASELINES, "T"),
    "goal_curves": lambda: plots.goal_curves({1: np.array([9, 8]), 50: np.array([1, 2])}, "T"),
}


@pytest.fixture(params=FIGURES, ids=str, scope="module")
def figure(request):
    return FIGURES[request.param]()


def test_every_figure_has_alt_text_and_a_title(figure):
    assert len(figure.alt) > 30
    titles = [axis.get_title() for axis in figure.axes] + [figure.get_suptitle()]
    assert any("T" in title for title in titles)


def test_every_figure_is_kept_as_a_png_with_its_alt_text(figure):
    data, metadata = figure.picture().bundle()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == figure.alt
    assert data["text/plain"] == f"Figure: {figure.alt}"
    assert set(data) == {"image/png", "text/plain"}, "where there is HTML, a code host prefers it"


def test_axes_with_ticks_are_labelled(figure):
    for axis in figure.axes:
        if axis.get_visible() and len(axis.get_xticks()):
            assert axis.get_xlabel(), "an x axis has no label"
            shared = axis.get_shared_y_axes().get_siblings(axis)
            named = any(other.get_ylabel() for other in shared)
            assert named or len(axis.get_yticklabels()), "a y axis has no label"


def test_a_figure_without_alt_text_refuses_to_be_shown():
    figure, _ = plots.new_figure()
    with pytest.raises(ValueError, match="no alt text"):
        figure.picture()


def test_its_words_come_beside_it_for_screen_readers_and_for_paper():
    figure, _ = plots.new_figure(size=(1, 1))
    figure.alt = 'a "quote" & <b> $x$ 3_4'
    words = figure.picture().words()
    assert "<p>a &quot;quote&quot; &amp; &lt;b&gt; $x$ 3_4</p>" in words["text/html"]
    assert "<details><summary>In words</summary>" in words["text/html"]
    assert words["text/markdown"] == r'*In words:* a "quote" \& \<b\> \$x\$ 3\_4'
    assert set(words) == {"text/html", "text/markdown"}, "text alone has the words already"


@pytest.mark.parametrize(("below", "size"), [(True, (3, 2)), (False, (5, 1))])
def test_two_pictures_become_one(below, size):
    figure, _ = plots.new_figure(size=(2, 1))
    figure.alt = "One."
    wide, _ = plots.new_figure(size=(3, 1))
    wide.alt = "Two."
    both = together(figure.picture(), wide.picture(), below=below)
    assert both.alt == "One. Two."
    assert both.width == 96 * size[0]
    assert Image.open(io.BytesIO(both.png)).size == (144 * size[0], 144 * size[1])


def test_png_and_saved_file_are_the_same_picture(tmp_path):
    figure = plots.funnel((3, 2, 3), "T")
    figure.save(tmp_path / "f.png")
    assert Image.open(tmp_path / "f.png").size == Image.open(io.BytesIO(figure.png())).size


def test_a_figure_in_a_notebook_is_shown_once(capsys):
    from IPython.core.formatters import DisplayFormatter

    formatter = DisplayFormatter()
    data, _ = formatter.format(FIGURES["funnel"]())
    assert data == {}, "_ipython_display_ has shown it; no second PNG beside it"


def test_glyph_colours_tell_missing_ink_from_ink_too_much():
    image, wanted = np.array([[0.0, 1.0, 1.0, 0.0]]), np.array([[0, 1, 0, 1]])
    paper, ink, extra, missing = glyph_rgb(image, wanted)[0]
    assert paper.tolist() == [1, 1, 1]
    assert ink.max() < 0.2
    assert extra[2] > extra[0], "blue"
    assert missing[0] > missing[2], "orange"


def test_reconstructions_count_wrong_pixels():
    X_hat = X[:2].copy()
    X_hat[1, :3] = 1 - X_hat[1, :3]
    figure = plots.reconstructions(X[:2], X_hat, ["a", "b"], "T", columns=2)
    (axis,) = figure.axes
    assert [text.get_text() for text in axis.texts] == ["a", "b  3"]
    assert "1 of them exact" in figure.alt
    assert "at most 3" in figure.alt


def test_closest_pairs_names_the_smallest_distance():
    assert "from 2 to" in FIGURES["closest_pairs"]().alt


def test_curves_are_the_mean_of_the_runs():
    (axis,) = FIGURES["error_curves"]().axes
    assert axis.lines[0].get_ydata() == pytest.approx(RUNS.mean(axis=1))
    assert sorted(line.get_ydata()[0] for line in axis.lines[1:]) == [4.43, 6.84]


def test_a_diverged_run_does_not_hide_the_others():
    runs = RUNS.copy()
    runs[5:, 0] = np.nan
    (axis,) = plots.error_curves({"run": runs}, {}, "T").axes
    assert np.isfinite(axis.lines[0].get_ydata()).all()


def test_interval_marks_are_the_means():
    figure = FIGURES["errors_with_intervals"]()
    assert "35-2-35 5.00" in figure.alt
    assert "35-17-2-17-35 3.50" in figure.alt


def test_goal_curves_count_the_runs_that_reach_the_goal():
    assert "1 runs end at 1 or fewer" in FIGURES["goal_curves"]().alt


def test_labels_that_cannot_be_seen_get_a_name():
    assert [visible(" "), visible("\x7f"), visible("$"), visible("A")] == [
        "space",
        "DEL",
        "$",
        "A",
    ]


def test_a_latent_map_of_three_dimensions_is_refused():
    with pytest.raises(ValueError, match=r"z has shape \(96, 3\), but must be \(n_samples, 2\)"):
        plots.latent_map(np.zeros((96, 3)), LABELS, "T")


def test_making_figures_leaves_pyplot_alone():
    import matplotlib.pyplot as plt

    assert isinstance(FIGURES["funnel"](), CourseFigure)
    assert plt.get_fignums() == []
