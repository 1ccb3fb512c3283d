"""Each loss is its equation: sum over pixels, mean over samples, one number a run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tp5.networks.losses import (
    LOSSES,
    BinaryCrossEntropy,
    SquaredError,
    get_loss,
    kl_divergence,
    kl_gradient,
)

every_loss = pytest.mark.parametrize("loss", [SquaredError(), BinaryCrossEntropy()], ids=repr)


def random_case(*shape: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.normal(size=shape), rng.random(shape)


def slopes(function, point: np.ndarray, step: float = 1e-6) -> np.ndarray:
    """Central differences of a function of one array to one number."""
    result = np.empty_like(point)
    for index in np.ndindex(point.shape):
        shift = np.zeros_like(point)
        shift[index] = step
        result[index] = (function(point + shift) - function(point - shift)) / (2 * step)
    return result


# --- Value ----------------------------------------------------------------------------------------


def test_squared_error_sums_over_pixels_and_averages_over_samples():
    A = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]])
    Y = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 3.0]])
    assert SquaredError().value(A, Y) == (1 + 4 + 9 + 4) / 2


def test_cross_entropy_sums_over_pixels_and_averages_over_samples():
    A = np.log([[3.0, 3.0], [1.0, 1.0]])  # p = ¾ for the first sample, ½ for the second
    Y = np.array([[1.0, 0.0], [0.0, 1.0]])
    wanted = (np.log(4 / 3) + np.log(4) + 2 * np.log(2)) / 2
    assert BinaryCrossEntropy().value(A, Y) == pytest.approx(wanted, rel=1e-15)


def test_cross_entropy_from_logits_is_the_naive_formula_where_that_works():
    A, Y = random_case(20, 7)
    p = 1 / (1 + np.exp(-5 * A))
    naive = (-Y * np.log(p) - (1 - Y) * np.log(1 - p)).sum(axis=1).mean()
    assert BinaryCrossEntropy().value(5 * A, Y) == pytest.approx(naive, rel=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("logit", [-1e4, -800.0, -90.0, 0.0, 90.0, 800.0, 1e4])
@pytest.mark.parametrize("y", [0.0, 0.25, 1.0])
def test_cross_entropy_does_not_overflow(dtype, logit, y):
    A, Y = np.array([[logit]], dtype), np.array([[y]], dtype)
    loss = BinaryCrossEntropy()
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        value, gradient = loss.value(A, Y), loss.gradient(A, Y)
    wanted = np.logaddexp(0, logit) - logit * y
    assert value == pytest.approx(wanted, rel=1e-6)
    assert gradient == pytest.approx((logit > 0) - y if logit else 0.5 - y, abs=1e-6)


@given(arrays(float, (3, 2), elements=st.floats(-1e4, 1e4)), st.floats(0, 1))
@settings(deadline=None)
def test_cross_entropy_is_at_least_the_entropy_of_the_pixel(A, y):
    entropy = -sum(q * np.log(q) for q in (y, 1 - y) if q > 0)
    value = BinaryCrossEntropy().value(A, np.full_like(A, y))
    assert value >= 2 * entropy - 1e-9


@every_loss
def test_each_run_has_a_loss_of_its_own(loss):
    A, Y = random_case(3, 5, 4)
    together = loss.value(A, Y)
    assert together.shape == (3,)
    np.testing.assert_allclose(together, [loss.value(a, y) for a, y in zip(A, Y, strict=True)])


@every_loss
def test_runs_may_share_one_target(loss):
    A, Y = random_case(3, 5, 4)
    np.testing.assert_allclose(loss.value(A, Y[0]), [loss.value(a, Y[0]) for a in A])
    wanted = [loss.gradient(a, Y[0]) for a in A]
    np.testing.assert_allclose(loss.gradient(A, Y[0]), wanted)


# --- Gradient -------------------------------------------------------------------------------------


@every_loss
@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (5, 3)])
def test_gradient_equals_central_differences(loss, shape):
    A, Y = random_case(*shape)
    wanted = slopes(lambda A: loss.value(A, Y), A)
    np.testing.assert_allclose(loss.gradient(A, Y), wanted, rtol=1e-6, atol=1e-9)


@every_loss
def test_gradient_of_runs_is_the_gradient_of_each(loss):
    A, Y = random_case(3, 5, 4)
    wanted = [loss.gradient(a, y) for a, y in zip(A, Y, strict=True)]
    np.testing.assert_array_equal(loss.gradient(A, Y), wanted)


@every_loss
def test_the_arguments_are_left_alone(loss):
    A, Y = random_case(5, 4)
    before = A.copy(), Y.copy()
    loss.value(A, Y)
    loss.gradient(A, Y)
    np.testing.assert_array_equal((A, Y), before)


@every_loss
def test_the_value_is_the_pixels_losses_summed_and_averaged(loss):
    A, Y = random_case(3, 5, 4)
    pixels = loss.pixels(A, Y)
    assert pixels.shape == A.shape
    np.testing.assert_allclose(loss.value(A, Y), pixels.sum(axis=2).mean(axis=1), rtol=1e-13)


@every_loss
def test_float32_stays_float32(loss):
    A, Y = (array.astype("float32") for array in random_case(5, 4))
    assert loss.value(A, Y).dtype == loss.gradient(A, Y).dtype == "float32"
    assert loss.reconstruction(A).dtype == "float32"


# --- Reconstruction -------------------------------------------------------------------------------


def test_the_output_is_the_reconstruction_with_the_squared_error():
    A, _ = random_case(5, 4)
    np.testing.assert_array_equal(SquaredError().reconstruction(A), A)


def test_the_logistic_of_the_logit_is_the_reconstruction_with_cross_entropy():
    A, _ = random_case(5, 4)
    before = A.copy()
    X_hat = BinaryCrossEntropy().reconstruction(A)
    np.testing.assert_allclose(X_hat, 1 / (1 + np.exp(-A)), rtol=1e-12)
    np.testing.assert_array_equal(A, before)


# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_every_name_is_understood(name):
    assert get_loss(name).name == name


@every_loss
def test_a_loss_is_returned_as_it_is(loss):
    assert get_loss(loss) is loss


@pytest.mark.parametrize("name", ["mse", "SquaredError", "", None, 3, SquaredError, []])
def test_an_unknown_loss_is_refused_with_those_that_there_are(name):
    with pytest.raises(ValueError, match="choose one of squared_error, binary_cross_entropy"):
        get_loss(name)


# --- KL divergence --------------------------------------------------------------------------------


def test_kl_golden_numbers():
    mu, log_var = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[0.0, np.log(2)], [0.0, 0.0]])
    # ½·1² + ½·(2 − 1 − ln 2) for the first sample, ½·2² for the second
    assert kl_divergence(mu, log_var) == pytest.approx((0.5 + (1 - np.log(2)) / 2 + 2) / 2)


def test_kl_is_the_integral_that_defines_it():
    mu, log_var = 0.7, -0.4
    x = np.linspace(-15, 15, 20_001)
    log_q = -0.5 * ((x - mu) ** 2 / np.exp(log_var) + log_var + np.log(2 * np.pi))
    log_p = -0.5 * (x**2 + np.log(2 * np.pi))
    integral = np.trapezoid(np.exp(log_q) * (log_q - log_p), x)
    assert kl_divergence(np.array([[mu]]), np.array([[log_var]])) == pytest.approx(integral)


def test_kl_of_the_prior_itself_is_zero():
    assert kl_divergence(np.zeros((4, 2)), np.zeros((4, 2))) == 0


latents = arrays(float, (3, 2), elements=st.floats(-20, 20))


@given(latents, latents)
@settings(deadline=None)
def test_kl_is_never_negative(mu, log_var):
    assert kl_divergence(mu, log_var) >= 0


@given(st.floats(-1e-6, 1e-6))
@settings(deadline=None)
def test_kl_is_never_negative_beside_the_prior_where_digits_cancel(log_var):
    assert kl_divergence(np.zeros((1, 1)), np.array([[log_var]])) >= 0


def test_kl_gradient_equals_central_differences():
    mu, log_var = np.random.default_rng(1).normal(size=(2, 5, 3))
    d_mu, d_log_var = kl_gradient(mu, log_var)
    wanted = slopes(lambda mu: kl_divergence(mu, log_var), mu)
    np.testing.assert_allclose(d_mu, wanted, rtol=1e-6, atol=1e-9)
    wanted = slopes(lambda log_var: kl_divergence(mu, log_var), log_var)
    np.testing.assert_allclose(d_log_var, wanted, rtol=1e-6, atol=1e-9)


def test_each_run_has_a_kl_of_its_own():
    mu, log_var = np.random.default_rng(1).normal(size=(2, 3, 5, 2))
    pairs = list(zip(mu, log_var, strict=True))
    np.testing.assert_allclose(kl_divergence(mu, log_var), [kl_divergence(*pair) for pair in pairs])
    for together, alone in zip(
        kl_gradient(mu, log_var),
        zip(*[kl_gradient(*pair) for pair in pairs], strict=True),
        strict=True,
    ):
        np.testing.assert_allclose(together, alone)
