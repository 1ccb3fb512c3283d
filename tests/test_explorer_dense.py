"""What goes to the browser of a network: the numbers that NumPy uses, in its order."""

import re

import numpy as np
import pytest

from tp5 import Autoencoder, VariationalAutoencoder
from tp5.checks import ModelError
from tp5.explorer.dense import dense, script, style
from tp5.explorer.page import EXPLORER


def forward(layers, weights, h):
    """The forward pass as dense.js does it: layer after layer from one array of weights."""
    g = {
        "identity": lambda a, beta: a,
        "tanh": lambda a, beta: np.tanh(a),
        "leaky": lambda: Autoencoder((12, 5, 2, 5, 12), activation="leaky_relu(0.2)"),
        "relu": lambda a, beta: np.maximum(a, 0),
        "leaky_relu": lambda a, slope: np.where(a > 0, a, slope * a),
        "logistic": lambda a, beta: 1 / (1 + np.exp(-2 * beta * a)),
    }
    start = 0
    for layer in layers:
        rows, columns = layer["n_in"] + 1, layer["n_out"]
        W = weights[start : start + rows * columns].reshape(rows, columns)
        start += W.size
        h = g[layer["activation"]](h @ W[:-1] + W[-1], layer["parameter"])
    assert start == len(weights), "no weight is left over"
    return h


MODELS = {
    "bce": lambda: Autoencoder((12, 5, 2, 5, 12)),
    "squared error": lambda: Autoencoder((12, 5, 2, 5, 12), loss="squared_error"),
    "steep logistic": lambda: Autoencoder(
        (12, 5, 3, 5, 12), activation="logistic(0.7)", latent_activation="tanh"
    ),
    "leaky": lambda: Autoencoder((12, 5, 2, 5, 12), activation="leaky_relu(0.2)"),
    "relu": lambda: Autoencoder((12, 5, 2, 5, 12), activation="relu"),
    "vae": lambda: VariationalAutoencoder((12, 6, 2)),
}


@pytest.mark.parametrize("name", MODELS)
def test_the_browser_gets_what_numpy_computes(name):
    X = np.random.default_rng(0).random((9, 12))
    model = MODELS[name]().fit(X, epochs=5, rng=0, progress=False)
    z = forward(*dense(model, "encoder"), X)
    assert np.allclose(z, model.encode(X), atol=1e-5)
    assert np.allclose(forward(*dense(model, "decoder"), z), model.decode(z), atol=1e-5)


def test_only_one_trained_run_goes_there():
    with pytest.raises(ModelError, match="is not trained yet; call fit"):
        dense(Autoencoder((4, 2, 4)))
    several = Autoencoder((4, 2, 4)).fit(np.eye(4), n_runs=2, epochs=1, rng=0, progress=False)
    with pytest.raises(ValueError, match=r"2 runs; take one, such as model\.best"):
        dense(several)
    with pytest.raises(ValueError, match="an encoder and a decoder, no 'middle'"):
        dense(several[0], "middle")


def test_scripts_are_joined_and_fetch_nothing():
    text = script(*EXPLORER, "in_notebook.js")
    assert text.count("export default") == 1
    text = text.replace("http://www.w3.org/2000/svg", "")  # a name, not an address
    for word in ("http://", "https://", "import ", "fetch(", "eval("):
        assert word not in text, f"{word} in the explorer's script"


# --- Style ----------------------------------------------------------------------------------------

OWN = {
    "controls.css": (".tp5-live", ".tp5-noise", ".tp5-film", ".tp5-asleep"),
    "training_film.css": (".tp5-film",),
    "live_training.css": (".tp5-live",),
    "noise_playground.css": (".tp5-noise",),
    "latent_explorer.css": (".tp5-explorer",),
}


@pytest.mark.parametrize("name", OWN)
def test_a_widget_s_style_is_for_that_widget_alone(name):
    """They meet in one notebook, and use the same names for their parts."""
    sheet = re.sub(r"/\*.*?\*/", "", style(name), flags=re.DOTALL)
    selectors = [selector.strip() for selector in re.findall(r"([^{}]+)\{", sheet)]
    assert selectors
    for selector in selectors:
        assert any(own in selector for own in OWN[name]), selector
        outside = re.sub(r"\([^)]*\)", "", selector)
        assert "," not in outside, f"{selector}: one selector a rule, or :is(...)"
