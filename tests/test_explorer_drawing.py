"""Drawings, from Python: what is set is encoded, what the browser draws arrives."""

import numpy as np
import pytest

from tp5 import Autoencoder, VariationalAutoencoder
from tp5.datasets.fonts import load_fonts
from tp5.explorer import LatentExplorer, link
from tp5.networks.activations import Tanh

FONT = load_fonts()[1]


@pytest.fixture(scope="module")
def models():
    ae = Autoencoder((35, 25, 17, 2, 17, 25, 35)).fit(FONT.X, epochs=100, rng=0, progress=False)
    vae = VariationalAutoencoder((35, 20, 2)).fit(FONT.X, epochs=30, rng=0, progress=False)
    return ae, vae


@pytest.fixture
def explorer(models):
    return LatentExplorer(models[0], FONT.X, FONT.labels)


def test_a_drawing_set_in_python_opens_the_pad_and_moves_z_to_its_code(explorer):
    assert explorer.drawing is None
    explorer.drawing = FONT.glyphs[7]
    assert explorer.canvas.draw
    assert explorer.canvas.drawing == (255 * FONT.X[7]).astype(np.uint8).tobytes()
    assert np.allclose(explorer.z, explorer.data.codes[7])
    assert explorer.at_drawing
    assert explorer.nearest[0] == 7
    explorer.z = explorer.data.codes[9]
    assert not explorer.at_drawing
    assert np.array_equal(explorer.drawing, FONT.glyphs[7]), "the drawing stays"
    explorer.drawing = None
    assert explorer.canvas.drawing is None


def test_what_the_browser_draws_arrives_with_its_place(explorer):
    seen = []
    explorer.observe(lambda change: seen.append(change["new"]), "drawing")
    pixels = (255 * FONT.X[4]).astype(np.uint8)
    s1, s2 = explorer.coordinates.to_s(explorer.data.codes[4])
    explorer.canvas.set_state({"s1": s1, "s2": s2, "drawing": memoryview(pixels.tobytes())})
    assert len(seen) == 1
    assert np.array_equal(explorer.drawing, FONT.glyphs[4])
    assert explorer.at_drawing


def test_a_drawing_may_be_flat_and_is_kept_in_256_steps(explorer):
    explorer.drawing = np.full(35, 0.5)
    assert explorer.drawing.shape == (7, 5)
    assert (explorer.drawing == 128 / 255).all()


@pytest.mark.parametrize(
    ("drawing", "message"),
    [
        (np.zeros((5, 7)), r"a drawing must have shape \(7, 5\), not \(5, 7\)"),
        ("A", r"a drawing must have shape \(7, 5\), not \(\)"),
        (np.full((7, 5), 2), r"a drawing must have values in \[0, 1\]; scale them"),
        (np.full((7, 5), np.nan), r"a drawing must have values in \[0, 1\]; scale them"),
    ],
)
def test_what_is_no_drawing(explorer, drawing, message):
    before = explorer.z
    with pytest.raises(ValueError, match=message):
        explorer.drawing = drawing
    assert np.array_equal(explorer.z, before)


def test_where_samples_look_otherwise_there_is_no_drawing(models):
    other = 1 - FONT.glyphs
    explorer = LatentExplorer(models[0], FONT.X, images=other)
    assert not explorer.canvas.about["can_draw"]
    with pytest.raises(ValueError, match="no drawing where samples are shown by other images"):
        explorer.drawing = FONT.glyphs[0]
    with pytest.raises(ValueError, match="drawings have the look of X, not of images"):
        LatentExplorer(models[0], FONT.X, images=other, draw=True)


# --- Colour, and units of one's own ---------------------------------------------------------------


@pytest.fixture(scope="module")
def colourful():
    X = np.random.default_rng(0).random((30, 4 * 5 * 3))
    vae = VariationalAutoencoder((60, 16, 2)).fit(X, epochs=2, rng=0, progress=False)
    return vae, X


def test_colour_pictures_have_three_numbers_a_pixel(colourful):
    model, X = colourful
    explorer = LatentExplorer(model, X, shape=(4, 5, 3))
    assert explorer.image.shape == (4, 5, 3)
    assert explorer.canvas.about["shape"] == [4, 5, 3]
    assert not explorer.canvas.about["binary"]
    explorer.drawing = X[3].reshape(4, 5, 3)
    assert explorer.drawing.shape == (4, 5, 3)
    images = X.reshape(-1, 4, 5, 3)
    assert LatentExplorer(model, X, images=images).data.shape == (4, 5, 3)


class Bent(Tanh):
    """An activation of a student's own."""

    name = "bent"


def test_an_activation_of_ones_own_is_refused_in_a_sentence():
    model = Autoencoder((35, 2, 35), activation=Bent(), latent_activation=Bent())
    model = model.fit(FONT.X, epochs=1, rng=0, progress=False)
    with pytest.raises(
        ValueError, match=r"which knows .* and not your activation 'bent'; draw model"
    ):
        LatentExplorer(model, FONT.X)


# --- Two at once ----------------------------------------------------------------------------------


def test_linked_explorers_show_the_same_drawing(models):
    a, b = (LatentExplorer(model, FONT.X, FONT.labels) for model in models)
    let_go = link(a, b)
    a.drawing = FONT.glyphs[3]
    assert np.array_equal(b.drawing, a.drawing)
    assert np.allclose(b.z, b.data.codes[3])
    b.drawing = FONT.glyphs[8]
    assert np.allclose(a.z, a.data.codes[8])
    let_go()
    a.drawing = FONT.glyphs[1]
    assert np.array_equal(b.drawing, FONT.glyphs[8])


def test_linked_explorers_move_by_what_is_decoded(models):
    a, b = (LatentExplorer(model, FONT.X, FONT.labels) for model in models)
    start = a.z
    link(a, b)
    assert np.array_equal(a.z, start), "the second goes where the first is"
    assert np.allclose(b.z, models[1].encode(a.image.reshape(1, -1))[0])
    moved = []
    a.observe(lambda change: moved.append(change["new"]), "z")
    a.sliders[0].value += 0.5
    assert len(moved) == 1, "no echo"
    assert np.allclose(b.z, models[1].encode(a.image.reshape(1, -1))[0])
    b.z = b.data.codes[5]
    assert np.allclose(a.z, models[0].encode(b.image.reshape(1, -1))[0])


def test_what_cannot_be_linked(models, colourful, explorer):
    with pytest.raises(ValueError, match="moves with itself already"):
        link(explorer, explorer)
    other = LatentExplorer(*colourful, shape=(4, 5, 3))
    with pytest.raises(ValueError, match=r"shape \(7, 5\), the other \(4, 5, 3\)"):
        link(explorer, other)
