"""Coordinates, and what an explorer knows of a model and its data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp5 import Autoencoder
from tp5.checks import ModelError
from tp5.explorer.coordinates import Coordinates
from tp5.explorer.latent_data import LatentData, guess_shape


@given(st.integers(1, 6), st.booleans(), st.integers(0, 10**6))
def test_coordinates_lead_there_and_back(n_latent, pca, seed):
    rng = np.random.default_rng(seed)
    codes = rng.normal(size=(30, n_latent)) * rng.uniform(0.1, 9, n_latent) + 3
    coordinates = Coordinates(codes, pca)
    s = coordinates.to_s(codes)
    assert np.allclose(coordinates.to_z(s), codes)
    assert np.allclose(s.mean(axis=0), 0, atol=1e-9)
    assert np.allclose(s.std(axis=0), 1), "one step is one spread"


@given(st.integers(2, 6), st.integers(0, 10**6))
def test_pca_puts_the_largest_spread_first_and_takes_correlation_away(n_latent, seed):
    rng = np.random.default_rng(seed)
    codes = rng.normal(size=(40, n_latent)) @ rng.normal(size=(n_latent, n_latent))
    coordinates = Coordinates(codes, pca=True)
    spreads = np.linalg.norm(coordinates.axes, axis=1)
    assert (np.diff(spreads) <= 1e-9).all()
    # Golden: the singular values of the centred codes are the spreads times √n.
    singular = np.linalg.svd(codes - codes.mean(axis=0), compute_uv=False)
    assert np.allclose(spreads, singular / np.sqrt(40), rtol=1e-6, atol=1e-9)
    off = coordinates.axes @ coordinates.axes.T
    assert np.allclose(off - np.diag(np.diag(off)), 0, atol=1e-8), "dense.js relies on it"
    assert coordinates.names[:2] == ["PC1", "PC2"]


def test_a_collapsed_dimension_keeps_steps_of_one():
    codes = np.array([[0.0, 5.0], [2.0, 5.0], [4.0, 5.0]])
    axes = Coordinates(codes).axes
    assert np.allclose(axes, np.diag([np.sqrt(8 / 3), 1.0]))
    assert np.allclose(Coordinates(np.ones((3, 2))).axes, np.eye(2))


X = np.random.default_rng(1).random((8, 9)).round()


@pytest.fixture(scope="module")
def model():
    return Autoencoder((9, 4, 2, 4, 9)).fit(X, epochs=20, rng=0, progress=False)


def test_what_it_says_of_a_model(model):
    data = LatentData(model, X, list("abcdefg "))
    about = data.describe()
    assert about["shape"] == [3, 3]
    assert about["n_latent"] == 2
    assert about["labels"][-1] == "space"
    assert about["unique"]
    assert about["binary"]
    assert about["start"] == data.codes[data.ends()[0]].tolist()
    weights, codes, pictures = data.arrays()
    assert weights.dtype == codes.dtype == np.float32
    assert pictures.dtype == np.uint8
    assert set(pictures.ravel()) == {0, 255}
    assert data.fingerprint == LatentData(model, X).fingerprint
    other = Autoencoder((9, 4, 2, 4, 9)).fit(X, epochs=21, rng=0, progress=False)
    assert data.fingerprint != LatentData(other, X).fingerprint


def test_names_of_samples(model):
    assert LatentData(model, X).label(3) == "sample 3"
    assert LatentData(model, X, list("abcdefgh")).label(3) == "d"
    assert LatentData(model, X, list("aaaabbbb")).label(3) == "sample 3 (a)"


def test_reach_is_the_gap_between_neighbours(model):
    data = LatentData(model, X)
    gaps = np.linalg.norm(data.codes[:, None] - data.codes[None], axis=-1)
    np.fill_diagonal(gaps, np.inf)
    assert data.reach == pytest.approx(np.quantile(gaps.min(axis=1), 0.95))
    twins = LatentData(model, np.repeat(X[:2], 20, axis=0))
    spread = np.sqrt(twins.codes.var(axis=0).sum())
    assert twins.reach == pytest.approx(spread / 20), "twins have no gap, but a reach"
    assert LatentData(model, X[:1]).reach > 0
    assert LatentData(model, X[:1]).limit >= 1


def test_a_few_far_codes_do_not_shrink_the_map(model):
    data = LatentData(model, X)
    data.codes = np.random.default_rng(0).normal(size=(1000, 2))
    data.codes[:3] = 300.0
    data.coordinates = {False: Coordinates(data.codes)}
    s = np.abs(data.coordinates[False].to_s(data.codes))
    assert (s > data.limit).any(axis=1).sum() == 3
    assert data.ends()[1] >= 3, "B lies on the map"


def test_pictures_of_their_own(model):
    images = np.full((8, 3, 3), 0.25)
    data = LatentData(model, X, images=images)
    assert not data.binary
    assert (data.picture_bytes() == 64).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"labels": ["a"]}, "labels has 1 entries, but 8 are needed"),
        ({"images": np.zeros((8, 9))}, r"images of shape \(8, 9\) do not fit 8 samples"),
        ({"images": np.zeros((7, 3, 3))}, r"images of shape \(7, 3, 3\) do not fit 8 samples"),
        ({"images": np.zeros((8, 2, 3))}, r"pictures of 9 pixels are not 2×3"),
        ({"images": np.full((8, 3, 3), 2.0)}, r"must have values in \[0, 1\]; scale them"),
        ({"images": np.full((8, 3, 3), np.nan)}, r"must have values in \[0, 1\]; scale them"),
        ({"shape": (2, 5)}, r"pictures of 9 pixels are not 2×5"),
        ({"X": np.full((8, 9), np.nan)}, r"X has a value that is not finite, nan, at index \(0, 0"),
        ({"X": np.zeros((8, 4))}, r"X has shape \(8, 4\), but must be \(n_samples, 9\)"),
        ({"X": np.zeros((1, 8, 9))}, r"X has shape \(1, 8, 9\), but must be \(n_samples"),
        ({"X": X - 1}, r"the pictures must have values in \[0, 1\]"),
    ],
)
def test_what_does_not_fit_is_said(model, arguments, message):
    with pytest.raises(ValueError, match=message):
        LatentData(model, **({"X": X} | arguments))


def test_an_untrained_model_is_refused():
    with pytest.raises(ModelError, match="is not trained yet"):
        LatentData(Autoencoder((9, 4, 2, 4, 9)), X)


def test_shapes_are_guessed_only_where_there_is_one():
    assert guess_shape(35, None) == (7, 5)
    assert guess_shape(6400, None) == (80, 80)
    assert guess_shape(12, (4, 3)) == (4, 3)
    assert guess_shape(12, (2, 2, 3)) == (2, 2, 3)
    with pytest.raises(ValueError, match=r"(pictures of 12 pixels are not|shape must be)"):
        guess_shape(12, (2, 3, 2))
    with pytest.raises(ValueError, match=r"12 pixels may have any shape; give shape=\(height"):
        guess_shape(12, None)


def test_too_many_pictures_stay_in_the_kernel(model, monkeypatch):
    monkeypatch.setattr("tp5.explorer.latent_data.PICTURE_BYTES", 71)
    assert LatentData(model, X).picture_bytes().size == 0
    monkeypatch.setattr("tp5.explorer.latent_data.PICTURE_BYTES", 72)
    assert LatentData(model, X).picture_bytes().size == 72
