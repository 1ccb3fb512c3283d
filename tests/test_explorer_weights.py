"""Weights with few bits: there and back, and what they cost."""

import numpy as np
import pytest

from tp5 import Autoencoder, VariationalAutoencoder
from tp5.explorer.dense import dense
from tp5.explorer.latent_data import LatentData
from tp5.explorer.page import packed_weights, places
from tp5.explorer.weights import error_of, forward, pack, unpack

X = np.random.default_rng(0).random((40, 30)).round()


@pytest.fixture(scope="module")
def model():
    return VariationalAutoencoder((30, 12, 2)).fit(X, epochs=20, rng=0, progress=False)


@pytest.mark.parametrize(("bits", "step"), [(32, 0), (16, 2**-11), (8, 1 / 254)])
def test_there_and_back_within_half_a_step(model, bits, step):
    layers, weights = dense(model)
    content = pack(layers, weights, bits)
    back = unpack(layers, content, bits)
    assert back.dtype == np.float32
    assert np.abs(back - weights).max() <= step * np.abs(weights).max() * 1.001
    biases = 8 * sum(layer["n_out"] for layer in layers) if bits == 8 else 0
    assert len(content) <= weights.size * bits / 8 + biases


def test_a_unit_without_weights_survives_8_bits():
    layers = [{"n_in": 2, "n_out": 2, "activation": "identity", "parameter": 0.0}]
    weights = np.array([0, 1, 0, -2, 3, 4], np.float32)  # the first unit has only a bias
    assert unpack(layers, pack(layers, weights, 8), 8) == pytest.approx(weights, abs=0.01)


def test_the_forward_pass_is_the_model_s(model):
    data = LatentData(model, X, shape=(6, 5))
    z = places(data)
    assert np.allclose(forward(*dense(model), z), model.decode(z), atol=1e-5)
    heads = forward(*data.encoder(), X)
    mu, log_var = model.posterior(X)
    assert np.allclose(heads, np.concatenate([mu, log_var], axis=1), atol=1e-5)


def test_the_error_is_the_largest_that_there_is(model):
    layers, weights = dense(model)
    z = places(LatentData(model, X, shape=(6, 5)))
    errors = [error_of(layers, weights, bits, z) for bits in (32, 16, 8)]
    assert errors[0] == 0
    assert 0 < errors[1] < 1 / 255
    assert errors[1] < errors[2] < 0.1
    assert error_of(layers, weights * np.float32(1e6), 16, z) == np.inf, "no 16-bit number"


def test_bits_follow_the_space(model):
    data = LatentData(model, X, shape=(6, 5))
    full, note = packed_weights(data, 10**9)
    assert (full["decoder"]["bits"], full["encoder"]["bits"], note) == (16, 16, "")
    length = {
        bits: sum(len(p["content"]) for p in packed_weights(data, 0, bits)[0].values())
        for bits in (16, 8)
    }
    some, note = packed_weights(data, length[16] - 1)
    assert (some["decoder"]["bits"], some["encoder"]["bits"]) == (16, 8)
    assert "codes of drawings are off by up to" in note
    assert "decoded pictures" not in note
    few, note = packed_weights(data, 0)
    assert (few["decoder"]["bits"], few["encoder"]["bits"]) == (16, 8), "pictures stay right"
    eight, note = packed_weights(data, 0, bits=8)
    assert (eight["decoder"]["bits"], eight["encoder"]["bits"]) == (8, 8)
    assert "decoded pictures are off by up to" in note
    assert "of 255 greys" in note


def test_where_there_is_no_drawing_there_is_no_encoder():
    model = Autoencoder((9, 4, 2, 4, 9)).fit(X[:, :9], epochs=2, rng=0, progress=False)
    data = LatentData(model, X[:, :9], images=np.zeros((40, 3, 3)))
    assert set(packed_weights(data, 0)[0]) == {"decoder"}
