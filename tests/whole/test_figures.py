"""Every figure of the course can be read: by colour-blind eyes, and from the back of the room."""

from __future__ import annotations

import inspect
import io
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text
from PIL import Image

from tp5 import plots
from tp5.analysis import nearest, rectangle_grid
from tp5.datasets.fonts import all_characters, load_fonts
from tp5.plots.canvas import COLORS, GREY, LINE_STYLES, MARKERS, PROJECTED_SIZE, projector, style
from tp5.training.history import History

# --- one figure of each kind, about as large as the notebooks' ------------------------------------

X, LABELS = (part[32:64] for part in all_characters(load_fonts()))  # @ to _
rng = np.random.default_rng(0)
z = rng.normal(size=(32, 2))
X_hat = np.clip(X + rng.normal(0, 0.3, X.shape), 0, 1)
RUNS = np.linspace(8, 4, 11)[:, None] + rng.random(5)
CURVES = {name: RUNS + rng.random() for name in ("35-2-35", "35-17-2-17-35", "35-8-2-8-35")}
BASELINES = {"mean image": 6.84, "PCA, 2 components": 4.43}
ROWS = {name: rng.normal(5, 1, 5) for name in CURVES}
GRID = rectangle_grid((-2, -2), (2, 2), side=9)
SQUARES = rng.random((81, 35))
INDEX, ORIGINALITY = (part.reshape(9, 9) for part in nearest(SQUARES, X, "hamming"))
PASSES = np.arange(11.0)[:, None] * np.ones(5)
HISTORY = History(RUNS, PASSES, PASSES, PASSES, parts={"reconstruction": RUNS, "kl": RUNS / 2})
HISTORIES = dict.fromkeys(("BFGS", "CG", "SGD", "momentum", "Adam"), HISTORY)
DRAWN = rng.random((20, 6400))
LEVELS = (0.05, 0.1, 0.2)
LINE = rng.random(200)
BETAS = [f"β = {beta}" for beta in (0.1, 1, 4, 20, 100)]

FIGURES = {
    "beside_nearest": lambda: plots.beside_nearest(DRAWN[:8], DRAWN[:8], np.arange(8) * 30.0, "T"),
    "character_map": lambda: plots.character_map(GRID, INDEX, LABELS, z, "T"),
    "cleaning_curves": lambda: plots.cleaning_curves(
        LEVELS, {name: rng.random((3, 3)) for name in CURVES}, "T",
        {name: rng.random((3, 3)) for name in ("doing nothing", "nearest lookup", "best guess")},
    ),
    "closest_pairs": lambda: plots.closest_pairs(X, LABELS, "T"),
    "clouds": lambda: plots.clouds(z, {"foot": z[:, 0], "side": ["left", "right"] * 16}, "T"),
    "collapse": lambda: plots.collapse(
        dict.fromkeys(BETAS, z), dict.fromkeys(BETAS, (90.19, 50.55)),
        dict.fromkeys(BETAS, DRAWN[:2]), "T",
    ),
    "cost_curves": lambda: plots.cost_curves(HISTORIES, "T", baselines={"mean image": 6.0}),
    "decoded_grid": lambda: plots.decoded_grid(SQUARES.reshape(9, 9, 35), GRID, "T"),
    "denoised": lambda: plots.denoised(X[1:6], {"noisy": X_hat[1:6]}, list("ABCDE"), "T"),
    "drawings": lambda: plots.drawings(DRAWN, "T", [f"drawing {k}" for k in range(20)]),
    "error_curves": lambda: plots.error_curves(CURVES, BASELINES, "T"),
    "error_panels": lambda: plots.error_panels({"a": CURVES, "b": CURVES}, BASELINES, "T"),
    "errors_with_intervals": lambda: plots.errors_with_intervals(
        {"no momentum": ROWS, "momentum 0.8": ROWS, "more": ROWS}, BASELINES, "T"
    ),
    "funnel": lambda: plots.funnel((35, 25, 17, 2, 17, 25, 35), "T"),
    "glyphs": lambda: plots.glyphs(X, LABELS, "T"),
    "goal_curves": lambda: plots.goal_curves({1: np.array([9, 8]), 50: np.array([1, 2])}, "T"),
    "gradient_check": lambda: plots.gradient_check(LINE, LINE + 1e-9, "T"),
    "grid_and_map": lambda: plots.grid_and_map(
        rng.random((7, 7, 6400)), rectangle_grid((-2, -2), (2, 2), side=7), z, "T"
    ),
    "holes": lambda: plots.holes(LINE, LINE, LINE, "T"),
    "iteration_costs": lambda: plots.iteration_costs(HISTORIES, "T"),
    "latent_map": lambda: plots.latent_map(z, LABELS, "T"),
    "latent_maps": lambda: plots.latent_maps([z] * 4, [LABELS] * 4, list("abcd")),
    "level_map": lambda: plots.level_map(rng.random((3, 3)), LEVELS, LEVELS, "T"),
    "losses_apart": lambda: plots.losses_apart(HISTORIES, "T", {"mean image": 6.0}),
    "noise_kinds": lambda: plots.noise_kinds(
        X[1].reshape(7, 5), {"flip": dict.fromkeys(LEVELS, X[1].reshape(7, 5))}, "T"
    ),
    "originality_map": lambda: plots.originality_map(GRID, ORIGINALITY, z, "T"),
    "pairs_apart": lambda: plots.pairs_apart({"five runs": ROWS, "ten": ROWS}, "T"),
    "reconstructions": lambda: plots.reconstructions(X, X_hat, LABELS, "T"),
    "spectra": lambda: plots.spectra({"first": LINE, "then": LINE**2}, "T"),
    "strip": lambda: plots.strip(X[:9], list("ABCDEFGHI"), "T", "a note"),
    "success_rates": lambda: plots.success_rates({"Adam": (15, 15), "L-BFGS-B": (2, 15)}, "T"),
    "trends": lambda: plots.trends(
        dict.fromkeys("abc", (LINE, LINE)), dict.fromkeys("abc", ("share", "error")), "T"
    ),
}  # fmt: skip


def test_every_figure_of_the_course_is_looked_at_here():
    made_by = inspect.signature
    functions = {
        name
        for name in plots.__all__
        if inspect.isfunction(getattr(plots, name))
        and made_by(getattr(plots, name)).return_annotation == "CourseFigure"
    }
    assert functions == set(FIGURES), "a new figure? add it above, so that it is looked at"


# --- colour ---------------------------------------------------------------------------------------

# What the cones still see, in linear RGB, if one kind is missing: Machado, Oliveira & Fernandes,
# IEEE Transactions on Visualization and Computer Graphics 15, 1291 (2009), table 1, severity 1.
EYES = {
    "usual": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                   [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip
TO_XYZ /= [[0.95047], [1.0], [1.08883]]  # white


def linear(name):
    srgb = np.array([int(name[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIE L*a*b* of linear RGB; a distance of 2 in it is just noticeable."""
    t = TO_XYZ @ np.clip(rgb, 0, 1)
    fx, fy, fz = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


def distances(colors, eyes):
    seen = {color: lab(np.array(EYES[eyes]) @ linear(color)) for color in colors}
    return {(a, b): np.linalg.norm(seen[a] - seen[b]) for a, b in combinations(colors, 2)}


def test_the_measure_of_colour_is_right():
    assert lab(np.ones(3)) == pytest.approx([100, 0, 0], abs=0.01)
    assert lab(linear("#FF0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    confused = distances(["#CC0000", "#556B2F"], "deuteranopia")
    assert min(confused.values()) < 0.4 * min(distances(["#CC0000", "#556B2F"], "usual").values())


@pytest.mark.parametrize("eyes", EYES)
def test_the_palette_can_be_told_apart(eyes):
    apart = distances(COLORS, eyes)
    assert min(apart.values()) > 15, min(apart, key=apart.get)
    with_grey = distances((*COLORS, GREY), eyes)
    assert min(with_grey.values()) > 10, min(with_grey, key=with_grey.get)


def test_text_in_grey_has_enough_contrast():
    luminance = TO_XYZ[1] @ linear(GREY)
    assert 1.05 / (luminance + 0.05) > 4.5, "WCAG 2.2, level AA"


def test_colour_is_never_alone():
    assert len(set(map(str, LINE_STYLES))) >= len(COLORS)
    assert len(set(MARKERS)) == len(MARKERS)


# --- size -----------------------------------------------------------------------------------------


def smallest_text(figure):
    """The size in points of the smallest text that one sees, as it is shown."""
    texts = [text for text in figure.findobj(Text) if text.get_visible()]
    sizes = [text.get_fontsize() for text in texts if text.get_text().strip()]
    return min(sizes) * figure.enlargement


def cut_off(figure):
    """How far the figure's content runs out of it, in inches."""
    drawn = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    return max(-drawn.x0, -drawn.y0, drawn.x1 - width, drawn.y1 - height)


def told_by_colour_alone(axes):
    """Whether lines with names differ in colour, and neither in style nor in marker."""
    lines = [line for line in axes.lines if not line.get_label().startswith("_")]
    looks = {(line.get_linestyle(), str(line._dash_pattern), str(line.get_marker()))
             for line in lines}  # fmt: skip
    return len(looks) < len({to_hex(line.get_color()) for line in lines})


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_can_be_read_by_everybody(name):
    figure = FIGURES[name]()
    figure.make_legible()
    assert figure.enlargement == 1
    assert smallest_text(figure) >= 11
    assert not any(map(told_by_colour_alone, figure.axes))


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_can_be_read_on_the_wall(name):
    with projector():
        figure = FIGURES[name]()
    figure.make_legible()
    with mpl.rc_context(style(figure)):
        figure.draw_without_rendering()
    assert smallest_text(figure) >= 14 - 1e-9
    assert cut_off(figure) < 0.05


def test_a_figure_that_cannot_be_read_is_noticed():
    figure, axes = plots.new_figure()
    for colour in COLORS[:2]:
        axes[0, 0].plot([0, 1], color=colour, label=colour)
    axes[0, 0].text(0.5, 0.5, "tiny", fontsize=4)
    figure.text(1.5, 0.5, "outside")
    assert told_by_colour_alone(axes[0, 0])
    assert smallest_text(figure) == 4
    assert cut_off(figure) > 4


def test_the_wall_is_filled_and_not_left():
    with projector():
        wide, _ = plots.new_figure(size=(9.0, 4.5))
        high, _ = plots.new_figure(size=(9.0, 9.0))
    assert wide.enlargement == pytest.approx(PROJECTED_SIZE[0] / 9)
    assert high.enlargement == 1, "never smaller than usual"


def test_the_picture_has_the_size_that_it_is_shown_in():
    usual = plots.funnel((3, 2, 3), "T")
    with projector():
        large = plots.funnel((3, 2, 3), "T")
    widths = [Image.open(io.BytesIO(figure.png())).width for figure in (usual, large)]
    assert widths[1] / widths[0] == pytest.approx(large.enlargement, rel=0.01)
    assert usual.picture().width == 768
    assert large.picture().width == round(768 * large.enlargement)


def test_it_is_a_switch_and_a_context():
    assert not plots.new_figure()[0].projected
    try:
        assert repr(projector()) == "figures from here on: for the projector"
        assert plots.new_figure()[0].projected
        with projector(False):
            assert not plots.new_figure()[0].projected
        assert plots.new_figure()[0].projected
    finally:
        assert repr(projector(False)) == "figures from here on: as usual"
    assert not plots.new_figure()[0].projected


def test_a_failure_inside_the_context_switches_it_off():
    with pytest.raises(RuntimeError), projector():
        raise RuntimeError
    assert not plots.new_figure()[0].projected
