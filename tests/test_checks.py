"""Data that a model cannot use are refused in one sentence that says what and where."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp5.checks import as_data, as_probabilities, as_rng, at_least, number_in, shown


def with_value(value: float, position: tuple[int, ...], shape: tuple[int, ...] = (4, 3)):
    array = np.zeros(shape)
    array[position] = value
    return array


# --- as_data --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(1, 3), (5, 3), (2, 5, 3)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_good_data_come_back_equal_contiguous_and_in_the_dtype_wanted(shape, dtype):
    wanted = np.arange(np.prod(shape)).reshape(shape)
    X = as_data("X", np.asfortranarray(wanted), 3, dtype)
    np.testing.assert_array_equal(X, wanted)
    assert X.dtype == dtype
    assert X.flags.c_contiguous


def test_data_that_are_right_already_are_not_copied():
    X = np.ones((4, 3))
    assert as_data("X", X, 3) is X


def test_a_list_of_rows_is_data():
    np.testing.assert_array_equal(as_data("X", [[0, 1], [1, 0]], 2), [[0, 1], [1, 0]])


@pytest.mark.parametrize("shape", [(3,), (), (2, 2, 2, 3), (4, 2), (4, 4), (2, 4, 2)])
def test_wrong_dimensions_or_width_are_refused_with_the_shape_that_is_wanted(shape):
    with pytest.raises(ValueError, match=r"^Z has shape \(.*must be \(n_samples, 3\)"):
        as_data("Z", np.zeros(shape), 3)


@pytest.mark.parametrize("shape", [(0, 3), (0, 4, 3), (2, 0, 3)])
def test_no_samples_are_refused(shape):
    with pytest.raises(ValueError, match="no sample"):
        as_data("X", np.zeros(shape), 3)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("position", [(0, 0), (3, 1)])
def test_a_value_that_is_not_finite_is_refused_with_value_and_index(value, position):
    with pytest.raises(ValueError, match="not finite") as refused:
        as_data("X", with_value(value, position), 3)
    assert f"{value}, at index {position};" in str(refused.value)


def test_the_index_of_a_bad_value_names_its_run():
    with pytest.raises(ValueError, match=r"at index \(1, 2, 0\)"):
        as_data("X", with_value(np.nan, (1, 2, 0), (2, 4, 3)), 3)


@pytest.mark.parametrize(
    "value",
    ["abc", [["a", "b", "c"]], [[1, 2, 3], [4, 5]], None, object(), [[None, {}, 1]], {"X": 1}],
    ids=["word", "words", "ragged", "None", "object", "mixed", "dict"],
)
def test_what_is_no_array_of_numbers_is_refused(value):
    with pytest.raises(ValueError, match=r"^X (must be an array of numbers|has shape)"):
        as_data("X", value, 3)


def test_numbers_written_as_strings_are_refused():
    with pytest.raises(ValueError, match="must be an array of numbers"):
        as_data("X", [["1", "0", "1"]], 3)


def test_complex_numbers_are_refused():
    with pytest.raises(ValueError, match="must be an array of numbers"):
        as_data("X", np.full((2, 3), 1 + 1j), 3)


def test_a_value_too_large_for_float32_is_refused_as_not_finite():
    with pytest.raises(ValueError, match="not finite"):
        as_data("X", with_value(1e300, (0, 0)), 3, "float32")


# --- as_probabilities -----------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1), min_size=1))
@settings(deadline=None)
def test_values_from_0_to_1_are_probabilities(values):
    array = np.array(values)
    assert as_probabilities("X", array) is array


@pytest.mark.parametrize("value", [-1e-9, 1 + 1e-9, 255.0, -1.0])
def test_a_value_outside_0_to_1_is_no_probability(value):
    with pytest.raises(ValueError, match=r"^Y has values from .* scale the data"):
        as_probabilities("Y", np.array([[0.5, value]]))


# --- at_least -------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [1, 7, np.int64(3), np.uint8(2)])
def test_a_whole_number_comes_back_as_int(value):
    result = at_least("epochs", value)
    assert result == value
    assert type(result) is int


@pytest.mark.parametrize("value", [0, -1, 1.0, 2.5, np.float64(3), "3", None, np.nan, [1]])
def test_what_is_no_whole_number_of_at_least_one_is_refused_by_name(value):
    with pytest.raises(ValueError, match=r"^epochs must be a whole number of at least 1, not "):
        at_least("epochs", value)


def test_the_lower_bound_can_be_another():
    assert at_least("epochs", 0, low=0) == 0
    with pytest.raises(ValueError, match="at least 3"):
        at_least("n", 2, low=3)


# --- number_in ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "inside", "outside"),
    [
        ("(0, 1)", [0.5, np.float32(0.25)], [0, 1, -0.1]),
        ("[0, 1]", [0, 1, np.int64(1)], [-1e-9, 1.5]),
        ("(0, 1]", [1, 1e-300], [0, 2]),
        ("[0, ∞)", [0, 1e300], [-1, np.inf]),
        ("(0, ∞]", [np.inf], [0, -np.inf]),
    ],
)
def test_an_interval_is_read_as_in_mathematics(interval, inside, outside):
    for value in inside:
        result = number_in("eps", interval, value)
        assert result == value
        assert type(result) is float
    for value in (*outside, np.nan, "0.5", None, [0.5], 1j):
        message = (
            rf"^eps must be a number in {re.escape(interval)}, not {re.escape(repr(value))}\.$"
        )
        with pytest.raises(ValueError, match=message):
            number_in("eps", interval, value)


def test_the_message_shows_a_plain_number():
    with pytest.raises(ValueError, match=r"not 2\.5\.$"):
        number_in("eps", "(0, 1)", np.float64(2.5))


# --- as_rng ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 7, 2**70, np.int64(7), np.uint8(7)])
def test_a_seed_gives_the_generator_of_numpy(seed):
    assert as_rng(seed).random() == np.random.default_rng(int(seed)).random()


def test_a_generator_is_used_and_advances():
    rng = np.random.default_rng(0)
    assert as_rng(rng) is rng


def test_none_is_another_each_time():
    assert as_rng().random() != as_rng(None).random()


@pytest.mark.parametrize(
    "value",
    ["seed", "7", 1.5, 7.0, -1, np.int64(-1), np.nan, True, [1, 2], np.zeros(3), 1j, object(),
     np.random.RandomState(0), np.random.default_rng],
    ids=lambda value: type(value).__name__ + str(value)[:12],
)  # fmt: skip
def test_what_is_no_source_of_chance_is_refused_in_one_sentence(value):
    with pytest.raises(ValueError, match=r"^rng must be a whole number of at least 0, a numpy"):
        as_rng(value)


# --- shown ----------------------------------------------------------------------------------------


class Evil:
    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (np.float64(2.5), "2.5"),
        ("seed", "'seed'"),
        (np.zeros((300, 4)), "an array of shape (300, 4)"),
        (None, "None"),
    ],
)
def test_a_bad_value_is_shown_plainly(value, wanted):
    assert shown(value) == wanted


@pytest.mark.parametrize("value", ["x" * 10_000, Evil(), list(range(10_000)), [np.eye(9)] * 9])
def test_whatever_a_bad_value_is_it_takes_one_short_line(value):
    assert len(shown(value)) < 700
    assert "\n" not in shown(value)
