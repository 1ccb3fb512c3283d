"""The quick loss equals the obvious one at every θ, whatever has moved since the last call."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp5 import Autoencoder
from tp5.training.powell import MovingLoss

LAYERS = (6, 5, 2, 5, 6)
X = (np.random.default_rng(0).random((7, 6)) > 0.5).astype(float)
KINDS = {
    "cross-entropy, tanh": {},
    "the course": {
        "activation": "logistic",
        "latent_activation": "logistic",
        "loss": "squared_error",
        "init": "uniform",
    },
    "ReLU": {"activation": "relu", "loss": "squared_error"},
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def both(kind: str):
    """The quick loss, the obvious one, and a θ to start from."""
    ae = Autoencoder(LAYERS, **KINDS[kind])
    quick = MovingLoss(ae.network, ae.loss_function, X, X)

    def obvious(theta):
        return float(ae.loss_function.value(ae.network.forward(theta, X), X))

    return quick, obvious, ae.initial_theta(np.random.default_rng(1))


@every_kind
def test_each_weight_moved_alone_as_powell_does(kind):
    quick, obvious, theta = both(kind)
    for weight in range(len(theta)):
        theta[weight] += 0.3
        assert quick(theta) == pytest.approx(obvious(theta), rel=1e-12)


@every_kind
def test_each_weight_nudged_and_put_back_as_a_finite_difference_does(kind):
    quick, obvious, theta = both(kind)
    for weight in range(len(theta)):
        nudged = theta.copy()
        nudged[weight] += 0.1
        assert quick(nudged) == pytest.approx(obvious(nudged), rel=1e-12)
    assert quick(theta) == pytest.approx(obvious(theta), rel=1e-12)


@given(
    steps=st.lists(
        st.dictionaries(st.integers(0, 97), st.floats(-3, 3), max_size=5), min_size=1, max_size=6
    )
)
@pytest.mark.parametrize("kind", ["cross-entropy, tanh", "the course"])
def test_any_sequence_of_moves(kind, steps):
    quick, obvious, theta = both(kind)
    assert len(theta) == 98
    for step in steps:
        for weight, change in step.items():
            theta[weight] += change
        assert quick(theta) == pytest.approx(obvious(theta), rel=1e-9, abs=1e-12)


@every_kind
def test_a_combined_direction_moves_every_layer(kind):
    quick, obvious, theta = both(kind)
    direction = np.random.default_rng(2).normal(size=theta.shape)
    for alpha in (0.0, 0.5, -1.0, 0.0):
        assert quick(theta + alpha * direction) == pytest.approx(obvious(theta + alpha * direction))


def test_what_is_not_a_number_leaves_no_trace():
    quick, obvious, theta = both("the course")
    broken = theta.copy()
    broken[3] = np.nan
    assert np.isnan(quick(broken))
    assert quick(theta) == pytest.approx(obvious(theta))


def test_the_same_theta_twice_is_the_same_loss_and_theta_is_not_kept():
    quick, _, theta = both("the course")
    first = quick(theta)
    assert quick(theta) == first
    theta[:] = 0  # the caller's array is not ours
    assert quick(theta) != first


def test_x_and_y_may_differ_as_in_denoising():
    ae = Autoencoder(LAYERS)
    noisy = 1 - X
    quick = MovingLoss(ae.network, ae.loss_function, noisy, X)
    theta = ae.initial_theta(np.random.default_rng(1))
    assert quick(theta) == pytest.approx(float(ae.loss_and_grad(theta, noisy, X)[0]))
