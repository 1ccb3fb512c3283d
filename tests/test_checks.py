"""Data that a model cannot use are refused in one sentence that says what and where."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp5.checks import (
    as_callable,
    as_data,
    as_executor,
    as_labels,
    as_layers,
    as_list,
    as_mapping,
    as_pictures,
    as_probabilities,
    as_progress,
    as_rng,
    at_least,
    number_in,
    one_of,
    picture_shape,
    place_of,
    position,
    readable,
    shown,
)


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


# --- as_data: any shape ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        ((4, 2), ("n_samples", 2)),
        ((4, 2), (4, "n_features")),
        ((4, 2), (..., 2)),
        ((2,), (..., 2)),
        ((5, 4, 3, 2), (..., "n", 2)),
        ((), (...,)),
        ((3, 1), (...,)),
        ((7,), ("n",)),
    ],
)
def test_a_shape_is_asked_axis_by_axis(shape, wanted):
    assert as_data("z", np.ones(shape), wanted).shape == shape


@pytest.mark.parametrize(
    ("shape", "wanted", "asked"),
    [
        ((4, 3), ("n_samples", 2), r"\(n_samples, 2\)"),
        ((4,), ("n_samples", 2), r"\(n_samples, 2\)"),
        ((3,), (..., 2), r"\(\.\.\., 2\)"),
        ((), (..., "n"), r"\(\.\.\., n\)"),
        ((2, 2), ("n",), r"\(n,\)"),
        ((1, 4, 2), ("n_samples", 2), r"\(n_samples, 2\); of several runs take one"),
    ],
)
def test_another_shape_is_refused_with_the_axes_by_name(shape, wanted, asked):
    with pytest.raises(ValueError, match=rf"^z has shape .*, but must be {asked}"):
        as_data("z", np.ones(shape), wanted)


def test_float32_may_stay():
    assert as_data("X", np.ones(3, "float32"), (3,), dtype=None).dtype == np.float32
    for kind in (bool, np.uint8, np.int64, np.float16, float):
        assert as_data("X", np.ones(3, kind), (3,), dtype=None).dtype == np.float64


def test_infinite_values_pass_where_they_may():
    np.testing.assert_array_equal(
        as_data("X", [np.nan, np.inf], (2,), finite=False), [np.nan, np.inf]
    )


def test_masked_values_are_refused_and_an_empty_mask_is_none():
    X = np.ones((2, 3))
    assert as_data("X", np.ma.array(X, mask=False), 3).shape == (2, 3)
    with pytest.raises(ValueError, match=r"X has masked values.*numpy\.ma\.filled"):
        as_data("X", np.ma.array(X, mask=np.eye(2, 3)), 3)


def test_what_raises_as_it_becomes_an_array_is_refused():
    class Evil:
        def __array__(self, *_, **__):
            raise RuntimeError("no")

    with pytest.raises(ValueError, match="X must be an array of numbers, not Evil of object"):
        as_data("X", Evil(), 3)


# --- Pictures -------------------------------------------------------------------------------------


@pytest.mark.parametrize("X", [[[0, 1]], [[True, False]], [[-0.1, 1.2]], [[0.5, 2.5]]])
def test_pictures_may_spill_over(X):
    np.testing.assert_array_equal(as_pictures("X", X, 2), np.array(X, float))


@pytest.mark.parametrize(("top", "by"), [(255, "255"), (16, "255"), (2, "2"), (15, "15")])
def test_whole_numbers_above_one_are_a_picture_that_nobody_scaled(top, by):
    with pytest.raises(ValueError, match=f"X has whole numbers up to {top}, .* divide it by {by}"):
        as_pictures("X", [[0, top]], 2)


def test_height_and_width():
    assert picture_shape([7, 5], 35) == (7, 5)
    assert picture_shape((np.int64(7), 5)) == (7, 5)
    with pytest.raises(ValueError, match="pictures of 36 pixels are not 7×5"):
        picture_shape((7, 5), 36)


# --- Words and lists ------------------------------------------------------------------------------


def test_labels_become_words():
    assert as_labels("labels", np.array([1, 2])) == ["1", "2"]
    assert as_labels("labels", ["a", "\ud800"], 2) == ["a", "?"], "half a character can be drawn"
    with pytest.raises(ValueError, match="labels has 2 entries, but 3 are needed, one for each"):
        as_labels("labels", ["a", "b"], 3)
    assert as_labels("labels", "AB", 2) == ["A", "B"]
    with pytest.raises(ValueError, match="labels must be a sequence, not 3"):
        as_labels("labels", 3)


def test_a_list_has_something_and_nothing_twice():
    assert as_list("levels", (0.1, 0.2)) == [0.1, 0.2]
    with pytest.raises(ValueError, match="levels is empty; give at least one"):
        as_list("levels", [])
    with pytest.raises(ValueError, match=r"layers has \(35, 2, 35\) twice; give each once"):
        as_list("layers", [(35, 2, 35), (35, 2, 35)])


def test_a_mapping_has_words_as_names():
    assert as_mapping("curves", {0.1: "x"}) == {"0.1": "x"}
    assert as_mapping("curves", {}, least=0) == {}
    with pytest.raises(ValueError, match=r"curves must be a mapping .* at least 1 entries, not"):
        as_mapping("curves", {})


def test_one_of_some_words():
    assert one_of("by", "b", "ab") == "b"
    with pytest.raises(ValueError, match="by must be one of a, b, not 'c'"):
        one_of("by", "c", "ab")
    assert place_of("level", np.float64(0.2), (0.1, 0.2)) == 1
    with pytest.raises(ValueError, match=r"level must be one of 0\.1, 0\.2, not \[0\.1\]"):
        place_of("level", [0.1], (0.1, 0.2))


@pytest.mark.parametrize("value", [-1, 3, True, 1.0, "0", None])
def test_a_position_is_counted_from_0(value):
    assert position("run", np.int64(2), 3) == 2
    with pytest.raises(ValueError, match="run must be a position from 0 to 2, not"):
        position("run", value, 3)


# --- What is run ----------------------------------------------------------------------------------


def test_a_function_takes_what_it_is_given():
    assert as_callable("noise", max, "X, rng") is max
    for value in (None, 3, len, lambda: 0, lambda X: X):
        with pytest.raises(ValueError, match=r"noise must be a callable noise\(X, rng\), not"):
            as_callable("noise", value, "X, rng")


def test_an_executor_can_submit():
    assert as_executor(None) is None
    with pytest.raises(ValueError, match="executor must be a concurrent"):
        as_executor(map)


def test_progress_is_yes_no_or_neither():
    assert [as_progress(value) for value in (True, np.False_, None)] == [True, False, None]
    with pytest.raises(ValueError, match="progress must be True, False or None, not 1"):
        as_progress(1)


def test_layers_are_whole_numbers():
    assert as_layers("layers", [np.int64(3), 2]) == (3, 2)
    for value in ("35", 3, [3, 0], [2.5], []):
        with pytest.raises(ValueError, match="layers"):
            as_layers("layers", value)


def test_a_file_to_read_is_there(tmp_path):
    (tmp_path / "x").write_text("x")
    assert readable(str(tmp_path / "x")) == tmp_path / "x"
    with pytest.raises(FileNotFoundError, match=r"there is no file .*y"):
        readable(tmp_path / "y")
    with pytest.raises(IsADirectoryError, match="is a folder; add the name of a file"):
        readable(tmp_path)
    for value in ("", "a\0b", None, 3, b"x"):
        with pytest.raises(ValueError, match=r"(names no file|path must be the name of a file)"):
            readable(value)


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


@pytest.mark.parametrize("digits", [19, 400, 9000])
def test_more_than_a_machine_can_count_is_refused(digits):
    with pytest.raises(ValueError, match=f"epochs must be at most {2**63 - 1}, not "):
        at_least("epochs", 10**digits)


def test_true_is_no_number():
    with pytest.raises(ValueError, match="not True"):
        at_least("epochs", True)
    with pytest.raises(ValueError, match="not True"):
        number_in("p", "[0, 1]", True)


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
