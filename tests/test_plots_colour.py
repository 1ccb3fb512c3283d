"""Colour pictures, and glyphs of any size, are drawn as they are."""

from __future__ import annotations

import numpy as np
import pytest

from tp5 import Autoencoder, plots
from tp5.analysis import rectangle_grid
from tp5.datasets import Font
from tp5.explorer import LatentExplorer

SHAPE = (6, 4, 3)
X = np.random.default_rng(0).random((9, 72))
GRID = rectangle_grid(0, 1, side=3)

FIGURES = {
    "drawings": lambda: plots.drawings(X, "T", shape=SHAPE),
    "beside_nearest": lambda: plots.beside_nearest(X, X, np.ones(9), "T", shape=SHAPE),
    "glyphs": lambda: plots.glyphs(X, list("abcdefghi"), "T", shape=SHAPE),
    "strip": lambda: plots.strip(X, list("abcdefghi"), "T", shape=SHAPE),
    "decoded_grid": lambda: plots.decoded_grid(X.reshape(3, 3, 72), GRID, "T", shape=SHAPE),
    "grid_and_map": lambda: plots.grid_and_map(
        X.reshape(3, 3, 72), GRID, GRID.reshape(-1, 2), "T", shape=SHAPE
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_shows_the_colours_of_its_pictures(name: str) -> None:
    figure = FIGURES[name]()
    shown = [np.asarray(i.get_array()) for axis in figure.axes for i in axis.get_images()]
    picture = X[0].reshape(SHAPE)
    assert any(np.allclose(image[:6, :4], picture) for image in shown if image.shape[-1] == 3)
    figure.canvas.draw()


def test_alt_text_says_that_it_is_in_colour() -> None:
    assert "9 drawings of 4×6 pixels in colour" in FIGURES["drawings"]().alt


@pytest.mark.parametrize("shape", [(6, 12, 1), (6, 4), (6, 4, 3, 1), (4, 6, 4), "72"])
def test_a_shape_that_does_not_fit_is_refused(shape) -> None:
    with pytest.raises(ValueError, match=r"are not 6×4|or \(height, width, 3\) in colour, not"):
        plots.drawings(X, "T", shape=shape)


def test_a_font_of_another_size_goes_all_the_way() -> None:
    pixels = np.random.default_rng(0).integers(0, 2, (5, 12, 9))
    font = Font.from_array(pixels, ["a", "b", "$c$", "d", "e"])
    model = Autoencoder((108, 16, 2, 16, 108)).fit(font.X, epochs=3, rng=0, progress=False)
    X_hat, z = model.reconstruct(font.X), model.encode(font.X)
    figures = [
        plots.glyphs(font.X, font.labels, "T", shape=font.shape),
        plots.reconstructions(font.X, X_hat, font.labels, "T", shape=font.shape),
        plots.closest_pairs(font.X, font.labels, "T", shape=font.shape),
        plots.denoised(font.X, {"restored": X_hat}, font.labels, "T", shape=font.shape),
        plots.latent_map(z, font.labels, "T"),
        plots.strip(X_hat, font.labels, "T", shape=font.shape),
    ]
    for figure in figures:
        figure.canvas.draw()
    assert "5 characters of 9×12 pixels" in figures[0].alt
    explorer = LatentExplorer(model, font.X, font.labels, shape=font.shape)
    assert explorer.image.shape == font.shape
