"""A student's code may do anything: loop for ever, raise, print, warn. The notebook lives on."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import functools
import html
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

from tp5 import exercises
from tp5.exercises import answers, asking, bench, limits, message, pupil
from tp5.exercises.compare import Pair, compare
from tp5.exercises.message import Message, Verdict
from tp5.exercises.pupil import own_line
from tp5.exercises.running import SECONDS, Mistake, Runner, Untouched, same, short

POSIX = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="POSIX processes")


# --- Running ------------------------------------------------------------------------------------


def runner_of(function, names, seconds=SECONDS):
    """Run a function as the judge does, in a process of its own."""
    return Runner(answers.pack_function(function)["function"], names, None, seconds)


def told(function, *args, names=("x",), seconds=1.0):
    with pytest.raises(Mistake) as error, runner_of(function, names, seconds) as runner:
        runner(*args)
    return error.value


def test_a_loop_is_stopped_and_its_line_shown():
    def looping(x):
        while x:
            x = x * 1

    mistake = told(looping, 1)
    assert mistake.text.startswith("it was still running after 1 seconds and was stopped")
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
    assert own_line(ValueError(), {}) == ""
    assert told(int, "a word").code == ""


def looping_and_swallowing_everything(x):
    while True:
        try:
            sum(range(1000))
        except:  # noqa: E722
            continue


def looping_in_c(x):
    return sum(range(10**12))


def asleep(x):
    time.sleep(3600)


@pytest.mark.parametrize("body", [looping_and_swallowing_everything, looping_in_c, asleep])
def test_nothing_goes_on_for_ever(body):
    start = time.monotonic()
    mistake = told(body, 1)
    assert time.monotonic() - start < 600
    assert mistake.text.startswith("it was still running after 1 seconds and was stopped")
    assert mistake.code.startswith(f"in {body.__name__}, line ")


@POSIX
@pytest.mark.parametrize(
    ("end", "said"),
    [
        (lambda x: os._exit(3), "your code has ended its own process with exit code 3."),
        (lambda x: os.kill(os.getpid(), 9), "your code has ended its own process (SIGKILL)."),
        (lambda x: ctypes.string_at(0), "your code has ended its own process (SIGSEGV)."),
        (lambda x: os.kill(os.getpid(), 19), "it was still running after 4 seconds"),
        (lambda x: [np.zeros(10**8) for _ in range(9)], "Unable to allocate 763"),
        (lambda x: np.ones((10**5, 10**5)), "Unable to allocate 74.5 GiB"),
        (lambda x: (_ for _ in ()).throw(KeyboardInterrupt), "your code raises KeyboardInterrupt"),
        (lambda x: deeper(x), "your code raises RecursionError"),
        (lambda x: os.closerange(3, 9999), "your code has ended its own process"),
    ],
)
def test_what_ends_or_fills_a_process_costs_one_check(end, said):
    assert said in told(end, 1, seconds=4).text


def deeper(x):
    return deeper(x)


@POSIX
def test_a_fork_ends_with_its_check(tmp_path):
    def forking(x):
        import os
        import time

        for _ in range(3):  # refused, unless root does it
            if not os.fork():
                (tmp_path / str(os.getpid())).touch()
                time.sleep(60)
        while len(list(tmp_path.iterdir())) < 3:
            time.sleep(0.01)
        return x

    refusal = "BlockingIOError"
    try:
        with runner_of(forking, ["x"]) as runner:
            assert runner(7) == 7
    except Mistake as refused:
        refusal = refused.text
    assert "BlockingIOError" in refusal
    for pid in [int(path.name) for path in tmp_path.iterdir()]:
        wait_for_the_end_of(pid)


def wait_for_the_end_of(pid):
    for _ in range(500):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().split()[2]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.01)
    raise AssertionError(f"{pid} lives")


@POSIX
def test_both_ends_of_a_fork_may_return_and_one_of_them_is_heard():
    def forking(x):
        with contextlib.suppress(BlockingIOError):  # root may, others may not
            os.fork()
        return x

    with runner_of(forking, ["x"]) as runner:
        assert [runner(1), runner(2)] == [1, 2]


@pytest.mark.parametrize("error", [SystemExit("bye"), RecursionError("too deep"), KeyError("x")])
def test_every_accident_is_caught(error):
    def raising(x):
        raise error

    assert f"your code raises {type(error).__name__}" in told(raising, 1).text


def test_an_error_without_words():
    def asserting(x):
        raise AssertionError

    assert told(asserting, 1).text == "your code raises AssertionError"


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


def test_warnings_are_nobodys_business(recwarn):
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
    with runner_of(lambda x: x or None, ["x"]) as runner:
        assert runner(1) == 1
        with pytest.raises(Mistake, match="returns nothing for x = 0"):
            runner(0)
    with pytest.raises(Untouched), runner_of(lambda x: ..., ["x"]) as runner:
        runner(0)


def test_the_arguments_must_fit():
    wrong = r"calls your function with \(x, y\), and yours takes \(a\)"
    with pytest.raises(Mistake, match=wrong), runner_of(lambda a: a, ["x", "y"]):
        pass
    for fitting in (lambda *args, **more: args, min):  # written in C, min tells no names
        with runner_of(fitting, ["x", "y"]) as runner:
            runner(1, 2)


# --- Hostile answers ----------------------------------------------------------------------------


class Evil:
    """Raises whatever is asked of it."""

    def __array__(self, *_, **__):
        raise SystemExit("from __array__")

    def __str__(self):
        raise KeyboardInterrupt("from __str__")

    __repr__ = __str__

    def __len__(self):
        raise ZeroDivisionError

    def __iter__(self):
        return iter(int, 1)  # for ever

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None


class EvilError(Exception):
    def __str__(self):
        raise ValueError("from __str__")


class Callable:
    @property
    def __signature__(self):
        raise OSError("from __signature__")

    def __call__(self, X_hat, X):
        return Evil()


def nested_in_itself():
    inner = []
    inner.append(inner)
    return inner


def raising_evil():
    raise EvilError


HOSTILE = {
    "itself": (lambda A, X: nested_in_itself(), "is a list that is too long, too deep, or cont"),
    "evil": (lambda A, X: Evil(), "should be numbers, and is a Evil."),
    "evils": (lambda A, X: [Evil(), Evil()], "should be numbers, and is a list."),
    "huge": (lambda A, X: [0] * 10**6, "too long"),
    "array": (lambda A, X: np.zeros(10**8, np.int8), "too long"),
    "word": (lambda A, X: "x" * 10**6, "too long"),
    "number": (lambda A, X: 10**400, "is not finite"),
    "error": (lambda A, X: raising_evil(), "your code raises EvilError"),
    "signature": (Callable(), "should be numbers, and is a Evil."),
    "class": (Evil, "yours takes ()"),
    "stdout": (lambda A, X: sys.stdout.close() or 1.5, "most of all"),
    "no_stdout": (lambda A, X: setattr(sys, "stdout", None) or 1.5, "most of all"),
    "exits": (lambda A, X: atexit._run_exitfuncs() or 1.5, "most of all"),
    "generator": (lambda A, X: (i for i in range(3)), "is a generator"),
    "dates": (lambda A, X: np.zeros(3, "M8[s]"), "is an array of datetime64[s]"),
    "records": (lambda A, X: np.zeros(3, "i4,f8"), "is an array of"),
}


@POSIX
@pytest.mark.parametrize(("answer", "said"), HOSTILE.values(), ids=HOSTILE)
def test_an_evil_answer_is_a_wrong_one(answer, said, capsys):
    message = exercises.squared_error.judge(answer)
    assert message.verdict is Verdict.WRONG
    assert said in repr(message)


def test_what_cannot_be_sent_is_said():
    lock = threading.Lock()
    message = exercises.kl.judge(lambda mu, log_var: lock)
    assert message.verdict is Verdict.WRONG
    assert "uses something of the notebook that cannot be handed over" in message.text
    assert "Let it use its arguments only." in message.text


def test_a_function_brings_what_it_needs_of_the_notebook():
    half, closure = 0.5, [0.5]

    def square(x):
        return x * x

    def kl(mu, log_var, unused=half):
        return closure[0] * (square(mu) + np.exp(log_var) - 1 - log_var).sum(axis=1).mean()

    assert exercises.kl.judge(kl).verdict is Verdict.RIGHT
    assert exercises.kl.judge(functools.lru_cache(kl)).verdict is Verdict.WRONG  # arrays: no hash
    assert exercises.kl.judge(functools.partial(kl, unused=1)).verdict is Verdict.RIGHT


@pytest.mark.parametrize("answer", [Evil(), nested_in_itself(), float, {}, b"x"])
@pytest.mark.parametrize("title", ["sgd_catches_up", "sixty_epochs"])
def test_an_evil_thing_that_was_found_is_a_wrong_one(title, answer):
    assert getattr(exercises, title).judge(answer).verdict is Verdict.WRONG


# --- What the notebook does to its own library does not reach the judge --------------------------


def test_numpy_in_the_notebook_is_not_the_judges(monkeypatch):
    monkeypatch.setattr(np, "allclose", lambda *_, **__: True)
    monkeypatch.setattr(type(exercises.kl), "_compare", lambda *_: None)
    monkeypatch.setattr(type(exercises.kl), "decide", lambda *_: Message(Verdict.RIGHT, "kl"))
    assert exercises.kl.judge(lambda mu, log_var: 0.0).verdict is Verdict.WRONG


def test_patches_in_the_function_itself_stay_in_its_process():
    def patching(mu, log_var):
        import numpy

        from tp5.exercises import compare
        from tp5.exercises.code import Code

        numpy.allclose = compare.compare = Code._compare = lambda *_, **__: True
        return 0.0

    for _ in range(2):
        assert exercises.kl.judge(patching).verdict is Verdict.WRONG


def test_an_interrupted_check_leaves_the_next_one_whole(monkeypatch):
    right = lambda mu, s: 0.5 * (mu**2 + np.exp(s) - 1 - s).sum(axis=1).mean()  # noqa: E731
    assert exercises.kl.judge(right).verdict is Verdict.RIGHT

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(asking.JUDGE.process.stdout, "readline", interrupted, raising=False)
        with pytest.raises(KeyboardInterrupt):
            exercises.kl.judge(right)
    assert exercises.kl.judge(right).verdict is Verdict.RIGHT


def test_a_judge_that_was_killed_says_so_and_the_next_one_begins():
    process = asking.JUDGE.start()
    process.stdin.write("this is no question\n")
    process.stdin.flush()
    process.wait(600)
    assert exercises.kl.judge(lambda mu, log_var: None).verdict is Verdict.OPEN


def test_a_new_interpreter_does_what_a_fork_does(monkeypatch):
    """Windows and macOS have no (safe) fork."""
    monkeypatch.setattr(bench, "FORK", multiprocessing.get_context("spawn"))
    with runner_of(lambda x: x + 1, ["x"]) as runner:
        assert runner(1) == 2
    monkeypatch.setattr(pupil, "limit_this_process", lambda *_: None)
    assert "still running after 1 seconds" in told(looping_in_c, 1).text
    assert "exit code 3" in told(lambda x: os._exit(3), 1).text


def test_where_the_system_has_no_limits_the_clock_is_watched(monkeypatch):
    monkeypatch.setattr(limits, "resource", None)
    limits.limit_this_process(1)
    assert "still running after 1 seconds" in told(looping_in_c, 1).text


# --- Words --------------------------------------------------------------------------------------


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
