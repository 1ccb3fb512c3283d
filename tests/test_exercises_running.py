"""A student's code may do anything: loop for ever, raise, print, warn. The notebook lives on."""

from __future__ import annotations

import contextlib
import html
import signal
import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest

from tp5 import exercises
from tp5.exercises import limits, message
from tp5.exercises.compare import Pair, compare
from tp5.exercises.limits import TimeUp
from tp5.exercises.message import Message, Verdict
from tp5.exercises.running import Mistake, Runner, Untouched, own_line, same, short

POSIX = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no setitimer on this system")


def for_ever():
    while True:
        pass


def swallowing_exceptions():
    while True:
        with contextlib.suppress(Exception):
            for_ever()


def swallowing_everything():
    while True:
        try:
            sum(range(1000))
        except:  # noqa: E722
            continue


def asleep():
    time.sleep(30)


# --- The time limit -----------------------------------------------------------------------------

CALLS = [pytest.param(limits.call_with_alarm, marks=POSIX), limits.call_with_watch]


@pytest.mark.parametrize("body", [for_ever, swallowing_exceptions])
@pytest.mark.parametrize("call", CALLS)
def test_a_loop_ends(call, body):
    with pytest.raises(TimeUp):
        call(body, (), 0.1)


@POSIX
def test_even_one_that_swallows_everything():
    with pytest.raises(TimeUp):  # a thread's exceptions get through too, but it may take a minute
        limits.call_with_alarm(swallowing_everything, (), 0.1)


@POSIX
def test_sleep_is_woken():
    start = time.monotonic()
    with pytest.raises(TimeUp):
        limits.call_with_alarm(asleep, (), 0.1)
    assert time.monotonic() - start < 20


@pytest.mark.parametrize("call", [limits.call, *CALLS])
def test_nothing_happens_to_what_is_quick(call):
    assert call(pow, (2, 5), 30) == 32
    with pytest.raises(ZeroDivisionError):
        call(divmod, (2, 0), 30)


@POSIX
@pytest.mark.parametrize("body", [for_ever, int])
def test_signal_handler_and_timer_are_as_they_were(body):
    heard = []
    before = signal.signal(signal.SIGALRM, lambda *_: heard.append("theirs"))
    signal.setitimer(signal.ITIMER_REAL, 60, 7)
    try:
        handler = signal.getsignal(signal.SIGALRM)
        with contextlib.suppress(TimeUp):
            limits.call_with_alarm(body, (), 0.1)
        assert signal.getsignal(signal.SIGALRM) is handler
        left, interval = signal.getitimer(signal.ITIMER_REAL)
        assert 0 < left < 60
        assert interval == 7
        assert heard == []
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("call", CALLS)
def test_nothing_comes_late(call):
    threads = threading.active_count()
    for number in range(100):  # bodies that end just when the limit does
        with contextlib.suppress(TimeUp):
            call(time.sleep, (0.001 + 1e-5 * (number % 10),), 0.001)
    time.sleep(0.1)
    assert threading.active_count() == threads
    if hasattr(signal, "getitimer"):
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_in_another_thread_the_limit_works_too():
    ended = []

    def work():
        try:
            limits.call(for_ever, (), 0.1)
        except TimeUp:
            ended.append("here")
        time.sleep(0.05)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    assert ended == ["here"]


def test_without_setitimer_a_thread_watches(monkeypatch):
    monkeypatch.delattr(signal, "setitimer", raising=False)
    with pytest.raises(TimeUp):
        limits.call(for_ever, (), 0.1)


def test_except_exception_does_not_catch_it():
    assert not issubclass(TimeUp, Exception)


# --- Running ------------------------------------------------------------------------------------


def told(function, *args, names=("x",), seconds=0.2):
    with pytest.raises(Mistake) as error:
        Runner(function, names, seconds)(*args)
    return error.value


def test_a_loop_is_stopped_and_its_line_shown():
    def looping(x):
        while x:
            x = x * 1

    mistake = told(looping, 1)
    assert mistake.text.startswith("it was still running after 0.2 seconds and was stopped")
    assert mistake.code.startswith("in looping, line ")


def test_an_error_is_shown_with_the_line_of_the_student_and_no_other():
    def dividing(x):
        y = x @ np.ones(3)
        return y

    mistake = told(dividing, np.ones(2))
    assert mistake.text.startswith("your code raises ValueError: matmul")
    first, second = mistake.code.splitlines()
    assert first.startswith("in dividing, line ")
    assert second == "    y = x @ np.ones(3)"


def test_an_error_inside_numpy_is_shown_where_the_student_called_it():
    def solving(x):
        return np.linalg.inv(x)

    mistake = told(solving, np.zeros((2, 2)))
    assert "LinAlgError: Singular matrix" in mistake.text
    assert mistake.code.endswith("return np.linalg.inv(x)")


def test_an_error_without_a_line_of_the_student_has_none():
    assert own_line(ValueError()) == ""
    assert told(int, "a word").code == ""


@pytest.mark.parametrize("error", [SystemExit("bye"), RecursionError("too deep"), KeyError("x")])
def test_every_accident_is_caught(error):
    def raising(x):
        raise error

    assert f"your code raises {type(error).__name__}" in told(raising, 1).text


def test_an_error_without_words():
    def asserting(x):
        raise AssertionError

    assert told(asserting, 1).text == "your code raises AssertionError"


def test_interrupting_the_kernel_still_works():
    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Runner(interrupted, ["x"])(1)


def test_prints_are_kept_apart_and_shown_with_a_wrong_answer(capsys):
    def chatty(theta, v, grad, lr, momentum):
        for number in range(20):
            print("step", number)
        return theta

    verdict = exercises.momentum_step.judge(chatty)
    assert capsys.readouterr().out == ""
    assert "it printed:\nstep 0\n" in verdict.code
    assert "step 7\n… 12 more lines" in verdict.code
    assert verdict.code.count("step 0") == 1, "those of the first call only"


def test_warnings_do_not_reach_the_notebook(recwarn):
    def warning(X_hat, X):
        warnings.warn("look out", stacklevel=1)
        return np.log(np.zeros(())) + 1 / np.zeros(1)[0]

    verdict = exercises.squared_error.judge(warning)
    assert "not finite" in verdict.text
    assert len(recwarn) == 0


def test_arguments_are_copies():
    x = np.ones(3)

    def greedy(x):
        x[:] = 7
        return x

    assert "changes its argument x in place" in told(greedy, x).text
    assert (x == 1).all()


def test_changes_in_a_list_of_arrays_are_seen():
    def greedy(x):
        x[1] *= 2
        return x

    assert "changes its argument x in place" in told(greedy, [np.ones(2), np.ones(3)]).text


def test_a_stub_is_untouched_only_at_its_first_call():
    runner = Runner(lambda x: x or None, ["x"])
    assert runner(1) == 1
    with pytest.raises(Mistake, match="returns nothing for x = 0"):
        runner(0)
    with pytest.raises(Untouched):
        Runner(lambda x: ..., ["x"])(0)


def test_the_arguments_must_fit():
    with pytest.raises(Mistake, match=r"calls your function with \(x, y\), and yours takes \(a\)"):
        Runner(lambda a: a, ["x", "y"])
    Runner(lambda *args, **more: args, ["x", "y"])
    Runner(min, ["x", "y"])  # written in C, it tells no names


def test_what_is_said_of_an_argument_is_short():
    assert short(np.ones((3, 2))) == "an array of shape (3, 2)"
    assert short(np.array([0.5, 1.25])) == "[0.5, 1.25]"
    assert short(0.123456) == "0.1235"
    assert short([1, 2]) == "a list of 2"
    assert short(np.tanh) == "a ufunc"
    assert short(7) == "7"


def test_same():
    assert same(np.array([np.nan, 1]), np.array([np.nan, 1]))
    assert not same(np.ones(2), np.ones(3))
    assert same("words", "others"), "not numbers: not our business"
    assert same([[1, 2], [3]], [[1, 2], [3]])


# --- Comparing ----------------------------------------------------------------------------------

WANT = np.arange(12.0).reshape(3, 4) + 0.5


def complaint(got, want=WANT, **more):
    with pytest.raises(Mistake) as error:
        compare("the result", [Pair(got, want, "for x", **more)])
    return error.value.text


def test_equal_up_to_the_tolerance_is_equal():
    compare("the result", [Pair(WANT + 1e-10, WANT, "for x"), Pair(2, np.array(2.0), "for y")])
    compare("the result", [Pair(WANT.astype(np.float32), WANT, "for x")])


@pytest.mark.parametrize(
    ("got", "said"),
    [
        (WANT.T, "shape (4, 3), and should have (3, 4) (for x). It is transposed"),
        (WANT[None], "an axis of length 1 too many or too few"),
        (np.stack([WANT, WANT]), "An axis is left"),
        (WANT.ravel(), "an axis of length 1 too many or too few"),
        (WANT[:, :2], "shape (3, 2), and should have (3, 4) (for x)."),
        (WANT.sum(axis=0), "An axis is gone"),
        ("words", "should be numbers, and is a str."),
        (None, "should be numbers, and is a NoneType"),
        (WANT.astype(object), "should be numbers, and is an array of object"),
        (WANT * 1j, "should be numbers, and is an array of complex128"),
        ([[1], [2, 3]], "should be numbers, and is a list"),
        (WANT.astype(int), "whole numbers (int64), and the decimals are cut off"),
        (np.where(WANT == 5.5, np.inf, WANT), "not finite: inf at [1, 1] (for x)"),
        (-WANT, "wrong sign"),
        (3 * WANT, "3 times what it should be"),
        (WANT / 4, "lacks a factor: 4"),
        (WANT - 2, "off by the same number everywhere: -2."),
        (WANT[::-1], "in reverse order"),
        (np.where(WANT == 5.5, 6, WANT), "most of all at [1, 1] (for x): yours 6, true value 5.5."),
        (0 * WANT, "true value 11.5. In all the tests together 12 of 12 entries are wrong."),
    ],
)
def test_how_they_differ(got, said):
    assert said in complaint(got)


def test_factors_have_names():
    named = {"factors": {"lr": 0.1, "n, the number of samples": 3}}
    assert complaint(WANT * 0.1, **named) == "the result has a factor too many: lr."
    assert complaint(WANT * 10, **named) == "the result lacks a factor: lr."
    assert "A sum instead of a mean?" in complaint(WANT * 3, **named)
    assert "A mean instead of a sum?" in complaint(WANT / 3, **named)
    assert "lr, and the sign is wrong" in complaint(WANT * -0.1, **named)


def test_a_square_matrix_on_its_side():
    square = np.arange(9.0).reshape(3, 3)
    assert "is transposed: rows and columns" in complaint(square.T, square)


def test_a_diagnosis_must_hold_for_all_inputs():
    pairs = [Pair(2 * WANT, WANT, "for x"), Pair(3 * WANT, WANT, "for y")]
    with pytest.raises(Mistake, match=r"most of all at \[2, 3\] \(for y\): yours 34.5"):
        compare("the result", pairs)
    zero = Pair(0 * WANT, 0 * WANT, "for zero")
    with pytest.raises(Mistake, match="2 times what it should be"):
        compare("the result", [zero, pairs[0]])


def test_a_single_number_has_no_place():
    assert complaint(1.0, np.array(-7.5)).startswith("the result")
    assert " at [" not in complaint(np.array(3), np.array(-7.5))


# --- Messages -----------------------------------------------------------------------------------


def test_a_message_says_it_with_a_symbol_and_a_word_in_text_and_in_html():
    for verdict in Verdict:
        shown = Message(verdict, "kl", "one & two\n\nthree", "a < b")
        assert repr(shown).startswith(f"{verdict.symbol} {verdict.word} (kl): one & two")
        assert repr(shown).endswith("\n    a < b")
        page = shown._repr_html_()
        assert f"<b>{verdict.word}</b> (<code>kl</code>): one &amp; two</p>" in page
        assert f'<span aria-hidden="true">{verdict.symbol}</span>' in page
        assert "<p>three</p><pre>a &lt; b</pre>" in page
    assert "<pre>" not in Message(Verdict.RIGHT, "kl", "so it is")._repr_html_()
    assert html.escape("<x>") in Message(Verdict.WRONG, "<x>")._repr_html_()


def test_outside_of_a_notebook_messages_are_printed(capsys, monkeypatch):
    message.show(Message(Verdict.RIGHT, "kl", "so it is."))
    assert capsys.readouterr().out == "✓ Right (kl): so it is.\n"
    monkeypatch.setitem(sys.modules, "IPython.core.getipython", None)  # no IPython at all
    message.show(Message(Verdict.RIGHT, "kl", "so it is."))
    assert capsys.readouterr().out == "✓ Right (kl): so it is.\n"


def test_in_a_notebook_they_are_displayed(monkeypatch):
    import IPython.core.getipython
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.core.getipython, "get_ipython", object)
    monkeypatch.setattr(IPython.display, "display", shown.append)
    exercises.glyph_row.check(lambda value: None)
    assert [type(one) for one in shown] == [Message]


def test_exercises_load_without_widgets_and_figures():
    code = (
        "import sys, tp5.exercises; print(*{'matplotlib', 'ipywidgets', 'scipy', 'IPython'}"
        " & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


def test_an_exercise_introduces_itself():
    assert repr(exercises.kl) == "Exercise kl (code, open): check, hint, solution"
