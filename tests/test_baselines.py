import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tp5.models.autoencoder import Autoencoder
from tp5.models.baselines import PCA, mean_image_error
from tp5.training.optimizers import Momentum

X = np.random.default_rng(0).normal(size=(40, 6)) * [5, 3, 1, 1, 1, 1]


def test_mean_image_error_is_the_total_variance():
    assert mean_image_error(X) == pytest.approx(X.var(axis=0).sum())


def test_mean_image_error_by_hand():
    assert mean_image_error(np.array([[0.0, 0.0], [1.0, 1.0]])) == pytest.approx(0.5)


def test_pca_error_is_the_variance_it_leaves_out():
    eigenvalues = np.sort(np.linalg.eigvalsh(np.cov(X.T, bias=True)))
    for n_latent in range(1, 7):
        assert PCA(n_latent).fit(X).error(X) == pytest.approx(eigenvalues[: 6 - n_latent].sum())


def test_pca_codes_are_uncorrelated_and_centred():
    z = PCA(2).fit(X).encode(X)
    assert z.mean(axis=0) == pytest.approx(np.zeros(2), abs=1e-12)
    assert np.cov(z.T)[0, 1] == pytest.approx(0, abs=1e-12)


@given(arrays(float, (9, 4), elements=st.floats(-3, 3)))
def test_pca_is_never_worse_than_the_mean_image(data):
    assert PCA(1).fit(data).error(data) <= mean_image_error(data) + 1e-9


def test_a_linear_autoencoder_learns_pca():
    """Baldi & Hornik 1989: without nonlinearities nothing beats PCA, and training gets there."""
    linear = Autoencoder(
        (6, 2, 6), "identity", output_activation="identity", loss="squared_error", init="glorot"
    ).fit(X, optimizer=Momentum(0.005, 0.9), epochs=600, rng=0, progress=False)
    best = PCA(2).fit(X).error(X)
    assert linear.error(X) == pytest.approx(best, rel=1e-3)
    assert linear.error(X) >= best - 1e-9


def test_wrong_pixels_counts_after_rounding():
    binary = (X > 0).astype(float)
    full = PCA(6).fit(binary)
    assert full.wrong_pixels(binary).tolist() == [0] * 40


@pytest.mark.parametrize("n_latent", [0, -1, 1.5])
def test_pca_refuses_a_number_of_components_that_is_none(n_latent):
    with pytest.raises(ValueError, match="n_latent must be a whole number of at least 1"):
        PCA(n_latent)


def test_pca_refuses_more_components_than_the_data_have():
    with pytest.raises(ValueError, match=r"7 components cannot come from X of shape \(40, 6\)"):
        PCA(7).fit(X)
