"""Each activation is the function it claims to be, and its derivative is that function's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp5.networks.activations import (
    ACTIVATIONS,
    Activation,
    Identity,
    LeakyReLU,
    Logistic,
    ReLU,
    Tanh,
    get_activation,
)

EVERY = [
    Identity(),
    Tanh(),
    Logistic(),
    Logistic(0.5),
    Logistic(3.0),
    ReLU(),
    LeakyReLU(),
    LeakyReLU(0.2),
]
every_activation = pytest.mark.parametrize("g", EVERY, ids=str)
A = np.array([[-3.0, -0.5, -1e-3], [1e-3, 0.7, 4.0]])  # not at the kink of a ReLU

TEXTBOOK = {
    "identity": lambda a: a,
    "tanh": lambda a: (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a)),
    "logistic": lambda a: 1 / (1 + np.exp(-2 * a)),
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "logistic(3.0)": lambda a: 1 / (1 + np.exp(-6 * a)),
    "relu": lambda a: np.where(a > 0, a, 0),
    "leaky_relu": lambda a: np.where(a > 0, a, 0.01 * a),
    "leaky_relu(0.2)": lambda a: np.where(a > 0, a, 0.2 * a),
}


# --- Value and derivative -------------------------------------------------------------------------


@every_activation
def test_value_is_the_textbook_equation(g):
    np.testing.assert_allclose(g.value(A), TEXTBOOK[str(g)](A), rtol=1e-12, atol=1e-15)


@every_activation
def test_derivative_of_the_output_is_the_slope_at_the_input(g):
    step = 1e-6
    slope = (g.value(A + step) - g.value(A - step)) / (2 * step)
    np.testing.assert_allclose(g.derivative(g.value(A)), slope, atol=1e-8)


def test_golden_numbers():
    zero, one = np.zeros(1), np.ones(1)
    assert Logistic().value(zero) == 0.5
    assert Logistic().value(one) == pytest.approx(0.8807970779778823)  # 1/(1 + e^−2)
    assert Logistic(0.5).value(one) == pytest.approx(0.7310585786300049)  # 1/(1 + e^−1)
    assert Logistic().derivative(np.array([0.5])) == 0.5  # 2β·¼
    assert Logistic(0.5).derivative(np.array([0.5])) == 0.25
    assert Tanh().derivative(np.array([0.5])) == 0.75
    assert ReLU().derivative(zero) == 0
    assert LeakyReLU().value(-one) == -0.01
    assert LeakyReLU().derivative(-one) == 0.01


@every_activation
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_dtype_stays(g, dtype):
    a = A.astype(dtype)
    assert g.value(a).dtype == dtype
    assert g.derivative(g.value(a)).dtype == dtype


def test_a_numpy_number_as_beta_does_not_change_the_dtype():
    assert Logistic(np.float64(0.5)).value(A.astype("float32")).dtype == "float32"


@every_activation
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_nothing_overflows(g, dtype):
    a = np.array([-1e30, -1e4, 0, 1e4, 1e30], dtype)
    h = g.value(a)
    assert np.isfinite(h).all()
    assert (np.diff(h) >= 0).all()
    if g.name in ("tanh", "logistic"):
        assert (np.abs(h) <= 1).all()


@every_activation
def test_a_value_that_is_not_a_number_stays_visible(g):
    assert np.isnan(g.value(np.array([np.nan]))).all()


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 3)])
@every_activation
def test_any_shape_goes_in_and_the_same_comes_out(g, shape):
    a = np.full(shape, 0.25)
    h = g.value(a)
    assert np.shape(h) == np.shape(g.derivative(np.asarray(h))) == shape


@every_activation
@pytest.mark.parametrize("a", [np.array([-2, 0, 3]), 2, 0.25], ids=["integers", "int", "float"])
def test_whole_numbers_and_plain_numbers_go_in_too(g, a):
    h = g.value(a)
    np.testing.assert_allclose(h, TEXTBOOK[str(g)](np.asarray(a, float)), rtol=1e-12, atol=1e-15)


@every_activation
def test_the_derivative_takes_whole_numbers_too(g):
    h = np.array([0, 1, 1])
    np.testing.assert_allclose(g.derivative(h), g.derivative(h.astype(float)), rtol=1e-12)


# --- Names ----------------------------------------------------------------------------------------


@every_activation
def test_an_activation_is_understood_by_what_it_prints(g):
    assert get_activation(str(g)) == g


@given(st.floats(1e-12, 1e12) | st.integers(1, 99))
@settings(deadline=None)
def test_any_steepness_survives_being_printed(beta):
    assert get_activation(str(Logistic(beta))) == Logistic(beta)


@given(st.floats(1e-12, 1, exclude_max=True))
@settings(deadline=None)
def test_any_slope_survives_being_printed(slope):
    assert get_activation(str(LeakyReLU(slope))) == LeakyReLU(slope)


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.int64])
def test_a_steepness_from_an_array_survives_being_printed(kind):
    g = Logistic(kind(2))
    assert get_activation(str(g)) == g


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_every_name_is_understood(name):
    g = get_activation(name)
    assert isinstance(g, Activation)
    assert str(g) == name


def test_sigmoid_is_the_textbooks_name_for_half_the_steepness():
    assert get_activation("sigmoid") == get_activation("logistic(0.5)") == Logistic(0.5)
    assert str(Logistic(0.5)) == "sigmoid"
    assert str(Logistic(1)) == "logistic"


def test_an_activation_is_returned_as_it_is():
    g = Logistic(0.3)
    assert get_activation(g) is g


@pytest.mark.parametrize(
    "name", ["Sigmoid", "Tanh", "", "logistic()", "logistic(..)", "logistic(x)", None, 3, Tanh, []]
)
def test_an_unknown_activation_is_refused_with_those_that_there_are(name):
    with pytest.raises(ValueError, match="choose one of identity, tanh, logistic, sigmoid, relu"):
        get_activation(name)


@pytest.mark.parametrize("beta", [0, -1, np.nan, np.inf])
def test_a_steepness_must_be_above_zero(beta):
    with pytest.raises(ValueError, match=r"beta must be a number in \(0, ∞\)"):
        Logistic(beta)


@pytest.mark.parametrize("slope", [0, 1, -0.1, np.nan, "steep"])
def test_a_slope_must_lie_between_zero_and_one(slope):
    with pytest.raises(ValueError, match=r"slope must be a number in \(0, 1\)"):
        LeakyReLU(slope)


def test_an_activation_of_ones_own_says_its_name():
    class Square(Activation):
        name = "square"

    assert str(Square()) == "square"
    with pytest.raises(NotImplementedError):
        Square().value(A)
