"""Every exercise: the right answer, the right answer by another road, and the usual wrong ones."""

from __future__ import annotations

import ast
import inspect
import textwrap

import numpy as np
import pytest

import tp5
from tp5 import exercises
from tp5.exercises import pupil
from tp5.exercises.answers import pack_all
from tp5.exercises.bench import FORK
from tp5.exercises.message import Verdict
from tp5.exercises.tally import count

CODE = {q.title: q for q in exercises.ALL if q.kind == "code"}
EXPLORE = {q.title: q for q in exercises.ALL if q.kind == "explore"}
THINK = {q.title: q for q in exercises.ALL if q.kind == "think"}


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    """Each test begins as a kernel begins, and with no strict checks."""
    monkeypatch.delenv("TP5_STRICT_CHECKS", raising=False)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    for q in exercises.ALL:
        q.state, q.hints_given = "open", 0
        if q.kind == "think":
            q.committed, q.reason = None, ""


# --- Right by another road ----------------------------------------------------------------------


def row_from_a_string(value):
    return np.array([int(digit) for digit in format(value, "05b")])


def error_in_a_loop(X_hat, X):
    return sum(float(np.sum((a - b) ** 2)) for a, b in zip(X_hat, X, strict=True)) / len(X)


def forward_with_ones(X, weights, g):
    h = X
    for W in weights:
        h = g(np.column_stack([h, np.ones(len(h))]) @ W)
    return h


def backward_by_sums(h, W, h_out, dE_dh_out):
    delta = dE_dh_out * 2 * (h_out - h_out**2)
    dW = np.zeros_like(W)
    for sample, error in zip(h, delta, strict=True):
        dW += np.outer(np.append(sample, 1.0), error)
    return dW, np.einsum("no,io->ni", delta, W[:-1])


def momentum_in_one_breath(theta, v, grad, lr, momentum):
    return theta + momentum * v - lr * grad, np.subtract(momentum * v, lr * grad)


def differences_by_matrix(loss, theta, h):
    here = loss(theta)
    return np.array([loss(row) - here for row in theta + h * np.eye(len(theta))]) / h


def split_by_choice(X, fraction, rng):
    chosen = rng.choice(len(X), int(fraction * len(X)), replace=False)
    return X[chosen], np.delete(X, chosen, axis=0)


def line_in_a_loop(start, end, steps):
    return [start + k / (steps - 1) * (end - start) for k in range(steps)]


def originality_in_a_loop(picture, known):
    return min(np.count_nonzero(np.round(picture) != other) for other in known)


def flip_by_xor(X, p, rng):
    return np.abs(X - (rng.uniform(size=X.shape) < p))


def neighbour_by_norm(noisy, known):
    return min(known, key=lambda letter: np.linalg.norm(letter - noisy))


def kl_in_loops(mu, log_var):
    sigma = np.sqrt(np.exp(log_var))
    return np.mean(np.sum((mu**2 + sigma**2 - 1) / 2 - np.log(sigma), axis=1))


def draw_by_root(mu, log_var, eps):
    return np.sqrt(np.exp(log_var)) * eps + mu


def gradient_by_parts(dL_dz, mu, log_var, eps, beta):
    variance = np.exp(log_var)
    return mu * beta + dL_dz, (dL_dz * np.sqrt(variance) * eps + beta * variance - beta) / 2


ANOTHER_ROAD = {
    "glyph_row": row_from_a_string,
    "squared_error": error_in_a_loop,
    "forward": forward_with_ones,
    "layer_backward": backward_by_sums,
    "momentum_step": momentum_in_one_breath,
    "finite_difference": differences_by_matrix,
    "train_test_split": split_by_choice,
    "line": line_in_a_loop,
    "originality": originality_in_a_loop,
    "flip_noise": flip_by_xor,
    "nearest_neighbour": neighbour_by_norm,
    "kl": kl_in_loops,
    "reparameterize": draw_by_root,
    "draw_backward": gradient_by_parts,
}


def written_again(function):
    """Return the course's own answer as a student would have written it: the same lines."""
    source = textwrap.dedent(inspect.getsource(function))
    space = dict(vars(inspect.getmodule(function)))
    exec(compile(source, "cell", "exec"), space)
    return space[function.__name__]


@pytest.mark.parametrize("title", CODE)
def test_the_solution_passes(title):
    message = CODE[title].judge(written_again(CODE[title].reference))
    assert message.verdict is Verdict.RIGHT, message


@pytest.mark.parametrize("title", CODE)
def test_the_courses_own_answer_is_not_the_students(title):
    reference = CODE[title].reference
    for handed_over in (reference, lambda *args: reference(*args)):
        message = CODE[title].judge(handed_over)
        assert message.verdict is Verdict.WRONG
        assert message.text == "that is the course's own answer; write yours."


@pytest.mark.parametrize("title", CODE)
def test_another_road_passes(title):
    message = CODE[title].judge(ANOTHER_ROAD[title])
    assert message.verdict is Verdict.RIGHT, message


# --- Wrong, and what is said to it --------------------------------------------------------------


def backward(change=lambda x: x, derivative=lambda h: 2 * h * (1 - h), bias=True):
    """A backward pass of one layer with something wrong in it."""

    def function(h, W, h_out, dE_dh_out):
        delta = dE_dh_out * derivative(h_out)
        ones = np.ones((len(h), 1)) if bias else np.empty((len(h), 0))
        return change((np.hstack([h, ones]).T @ delta, delta @ W[:-1].T))

    return function


def one_entry_wrong(parts):
    parts[0][-1, 2] += len(parts[0])
    return parts


def momentum_in_place(theta, v, grad, lr, momentum):
    v *= momentum
    v -= lr * grad
    theta += v
    return theta, v


def piling_up(loss, theta, h):
    here, nudged, gradient = loss(theta), theta.copy(), []
    for i in range(len(theta)):
        nudged[i] += h
        gradient.append((loss(nudged) - here) / h)
    return np.array(gradient)


def central(loss, theta, h):
    return np.array([(loss(theta + e) - loss(theta - e)) / (2 * h) for e in h * np.eye(len(theta))])


def shuffle_in_place(X, fraction, rng):
    rng.shuffle(X)
    n = round(fraction * len(X))
    return X[:n], X[n:]


def bootstrap(X, fraction, rng):
    n = round(fraction * len(X))
    return X[rng.integers(0, len(X) // 2, n)], X[rng.integers(len(X) // 2, len(X), len(X) - n)]


def shuffled_columns(X, fraction, rng):
    Y = rng.permuted(X, axis=0)
    n = round(fraction * len(X))
    return Y[:n], Y[n:]


def split_with(order):
    def function(X, fraction, rng):
        rows, n = order(X, rng), round(fraction * len(X))
        return X[rows[:n]], X[rows[n:]]

    return function


def flip_where(hits, flipped=lambda X: 1 - X):
    return lambda X, p, rng: np.where(hits(X, p, rng), flipped(X), X)


def flip_exactly(X, p, rng):
    noisy = X.copy().ravel()
    hit = rng.choice(noisy.size, round(p * noisy.size), replace=False)
    noisy[hit] = 1 - noisy[hit]
    return noisy.reshape(X.shape)


def salt(X, p, rng):
    return np.where(rng.random(X.shape) < p, np.round(rng.random(X.shape)), X)


def flip_in_place(X, p, rng):
    hit = rng.random(X.shape) < p
    X[hit] = 1 - X[hit]
    return X


WRONG = {
    "glyph_row": [
        (lambda v: [(v >> k) & 1 for k in range(5)], "reverse order"),
        (lambda v: [(v >> k) & 1 for k in range(7, -1, -1)], "shape (8,), and should have (5,)"),
        (lambda v: format(v, "05b"), "should be numbers, and is a str"),
        (lambda v: [v >> k for k in range(4, -1, -1)], "not cut off"),
        (lambda v: [v & 1 << k for k in range(4, -1, -1)], "not shifted"),
        (lambda v: [1 - (v >> k & 1) for k in range(4, -1, -1)], "changed places"),
        (lambda v: [0, 1, 1, 1, 0], "most of all at"),
        (lambda v: [int(digit) for digit in bin(v)[2:]], "for value = 0x00"),
        (lambda v: [[(v >> k) & 1 for k in range(4, -1, -1)]], "axis of length 1"),
    ],
    "squared_error": [
        (lambda A, X: ((A - X) ** 2).sum(), "n, the number of samples. A sum instead of a mean?"),
        (lambda A, X: ((A - X) ** 2).mean(), "lacks a factor: n, the number of pixels"),
        (lambda A, X: ((A - X) ** 2).sum(axis=1), "An axis is left"),
        (lambda A, X: ((A - X) ** 2).sum(axis=1).mean() / 2, "lacks a factor: 2"),
        (lambda A, X: -((A - X) ** 2).sum(axis=1).mean(), "wrong sign"),
        (lambda A, X: np.abs(A - X).sum(axis=1).mean(), "not squared"),
        (lambda A, X: np.sqrt(((A - X) ** 2).sum(axis=1).mean()), "root too many"),
        (lambda A, X: (A - X).sum(axis=1).mean(), "cancel"),
    ],
    "forward": [
        (lambda X, weights, g: forward_with_ones(X, [W * 1 for W in weights[:-1]], g), "shape"),
        (lambda X, weights, g: forward_with_ones(X, weights, lambda a: a), "activation g is miss"),
        (lambda X, weights, g: forward_with_ones(X, weights, g).T, "transposed"),
        (lambda X, weights, g: X @ weights[0], "your code raises ValueError: matmul"),
        (
            lambda X, weights, g: forward_with_ones(X, [np.roll(W, -1, 0) for W in weights], g),
            "first row of W is taken for the biases",
        ),
        (
            lambda X, weights, g: forward_with_ones(
                X, [np.vstack([W[:-1], 0 * W[-1:]]) for W in weights], g
            ),
            "biases are missing",
        ),
        (lambda X, weights, g: g(forward_with_ones(X, weights, lambda a: a)), "g is applied once"),
    ],
    "layer_backward": [
        (backward(derivative=lambda h: 1), "derivative g′ is missing"),
        (backward(derivative=lambda h: 1 - h**2), "tanh's derivative"),
        (backward(derivative=lambda h: h * (1 - h)), "dE/dW lacks a factor: 2"),
        (backward(derivative=lambda h: -2 * h * (1 - h)), "dE/dW has the wrong sign"),
        (backward(lambda p: (p[0].T, p[1])), "dE/dW has shape (4, 7), and should have (7, 4)"),
        (backward(lambda p: (p[0] / 7, p[1])), "number of samples. A mean instead of a sum?"),
        (backward(bias=False), "dE/dW has shape (6, 4), and should have (7, 4)"),
        (backward(lambda p: p[::-1]), "in the wrong order"),
        (backward(lambda p: p[0]), "returns one thing, and should return 2: dE/dW, dE/dh"),
        (backward(one_entry_wrong), "dE/dW is wrong, most of all at [6, 2] (layer 6→4"),
        (backward(lambda p: (p[0], p[1] * np.nan)), "dE/dh is not finite: nan at [0, 0]"),
    ],
    "momentum_step": [
        (momentum_in_place, "changes its argument theta in place"),
        (lambda t, v, g, lr, m: (t + v, m * v - lr * g), "old velocity"),
        (lambda t, v, g, lr, m: (t + m * v + lr * g, m * v + lr * g), "sign is wrong"),
        (lambda t, v, g, lr, m: (t - lr * g, -lr * g), "momentum is missing"),
        (lambda t, v, g, lr, m: (t + m * v - g, m * v - g), "learning rate is missing"),
        (lambda t, v, g, lr, m: (t - lr * (m * v + g), m * v + g), "another convention"),
        (lambda t, v, g, lr, m: (m * v - lr * g, t + m * v - lr * g), "wrong order"),
        (lambda t, v, g, lr, m: t + m * v - lr * g, "should return 2: theta, v"),
        (lambda t, v, g, lr: (t, v), "calls your function with (theta, v, grad, lr, momentum)"),
        (lambda t, v, g, lr, m: (t, v), "theta is wrong, most of all at"),
        (
            lambda t, v, g, lr, m: ((t + m * v - lr * g).astype(int), m * v - lr * g),
            "whole numbers (int64), and the decimals are cut off",
        ),
    ],
    "finite_difference": [
        (lambda E, t, h: -differences_by_matrix(E, t, h), "wrong sign"),
        (lambda E, t, h: h * differences_by_matrix(E, t, h), "lacks a factor: 1/h"),
        (lambda E, t, h: differences_by_matrix(E, t, h) / 2, "lacks a factor: 2"),
        (piling_up, "nudges pile up"),
        (central, "evaluates the loss 8 times for 4 weights; 5 are enough"),
        (lambda E, t, h: differences_by_matrix(E, t, h).sum(), "shape (), and should have (4,)"),
        (lambda E, t, h: (E(t + h) - E(t)) / h, "should have (4,)"),
    ],
    "train_test_split": [
        (split_with(lambda X, rng: np.arange(len(X))), "first rows, in order"),
        (split_with(lambda X, rng: np.random.permutation(len(X))), "not from np.random"),  # noqa: NPY002
        (split_with(lambda X, rng: np.random.default_rng(0).permutation(len(X))), "every seed"),
        (shuffle_in_place, "changes its argument X in place"),
        (bootstrap, "drawn twice"),
        (shuffled_columns, "rows in it that X does not have"),
        (lambda X, f, rng: split_by_choice(X, f, rng)[::-1], "two parts have changed places"),
        (lambda X, f, rng: (X, X), "in both parts"),
        (lambda X, f, rng: split_by_choice(X, f, rng)[0], "should return two arrays"),
        (lambda X, f, rng: (X[:5], X[5:]), "a fraction of 0.7 is 28"),
        (lambda X, f, rng: (X[:28], X[30:]), "2 of 40 rows are in neither"),
    ],
    "line": [
        (lambda a, b, n: np.linspace(b, a, n), "exchanged"),
        (lambda a, b, n: np.linspace(a, b, n, endpoint=False), "does not reach its end"),
        (lambda a, b, n: np.linspace(a, b, n).T, "transposed"),
        (lambda a, b, n: a + np.linspace(0, 1, n)[:, None] * b, "the way from start to end"),
        (lambda a, b, n: np.linspace(a, b, n + 1), "shape (6, 2), and should have (5, 2)"),
        (lambda a, b, n: np.linspace(a, b, n).astype(int), "decimals are cut off"),
        (lambda a, b, n: 1, "shape (), and should have"),
    ],
    "originality": [
        (lambda p, k: ((p > 0.5) != k).sum(axis=1).argmin(), "min, not argmin"),
        (lambda p, k: np.abs(p - k).sum(axis=1).min(), "not rounded"),
        (lambda p, k: ((p > 0.5) != k).sum(axis=1).max(), "min, not max"),
        (lambda p, k: ((p > 0.5) != k).mean(axis=1).min(), "lacks a factor: n, the number of pix"),
        (lambda p, k: ((p > 0.5) != k).sum(axis=1), "An axis is left"),
        (lambda p, k: ((p > 0.5) == k).sum(axis=1).min(), "equal, not those that differ"),
        (lambda p, k: 0, "true value 6. In all the tests together 4 of 5"),
    ],
    "flip_noise": [
        (flip_where(lambda X, p, rng: rng.random(X.shape) > p), "That is 1 − p"),
        (salt, "That is p/2"),
        (flip_where(lambda X, p, rng: rng.random(X.shape) < p, np.zeros_like), "masking noise"),
        (flip_where(lambda X, p, rng: rng.random(X.shape) < p, np.ones_like), "both ways"),
        (flip_where(lambda X, p, rng: rng.random(X.shape) < p, lambda X: -X), "values from -1"),
        (flip_where(lambda X, p, rng: rng.random(X.shape[-1]) < p), "the same pixels"),
        (flip_where(lambda X, p, rng: np.random.random(X.shape) < p), "not from np.random"),  # noqa: NPY002
        (
            flip_where(lambda X, p, rng: np.random.default_rng(3).random(X.shape) < p),
            "every seed gives the same noise",
        ),
        (lambda X, p, rng: rng.random(X.shape) < p, "returns which pixels are hit"),
        (flip_in_place, "changes its argument X in place"),
        (flip_exactly, "exactly the same number"),
        (lambda X, p, rng: X[0], "returns shape (35,)"),
    ],
    "nearest_neighbour": [
        (lambda x, K: (x != K).sum(axis=1).argmin(), "its number; the picture"),
        (lambda x, K: (x != K).sum(axis=1).min(), "how far the nearest is"),
        (lambda x, K: K[(x != K).sum(axis=1).argmax()], "argmin, not argmax"),
        (lambda x, K: x, "noisy picture as it came"),
        (lambda x, K: K[(K - x).sum(axis=1).argmin()], "with their signs"),
        (lambda x, K: K[[(x != K).sum(axis=1).argmin()]], "shape (1, 35)"),
    ],
    "kl": [
        (lambda mu, s: kl_in_loops(mu, s) * len(mu), "n, the number of samples. A sum instead"),
        (lambda mu, s: kl_in_loops(mu, s) * 2, "2 times what it should be"),
        (lambda mu, s: -kl_in_loops(mu, s), "wrong sign"),
        (lambda mu, s: kl_in_loops(mu, s) / mu.shape[1], "number of latents"),
        (lambda mu, s: kl_in_loops(mu, 2 * s), "taken for ln σ"),
        (lambda mu, s: 0.5 * (mu**2 + np.exp(s) - s).sum(1).mean(), "the − 1 is missing"),
        (lambda mu, s: 0.5 * (mu**2 + s**2 - 1 - np.log(s**2)).sum(1).mean(), "taken for σ"),
        (lambda mu, s: 0.5 * (mu**2 + np.exp(s) - 1 - s).sum(axis=1), "An axis is left"),
        (lambda mu, s: np.log(-np.exp(s)).sum(), "not finite"),
    ],
    "reparameterize": [
        (lambda mu, s, e: mu + np.exp(s) * e, "variance σ²"),
        (lambda mu, s, e: mu + s * e, "taken for σ"),
        (lambda mu, s, e: mu + e, "σ is missing"),
        (lambda mu, s, e: np.exp(s / 2) * e, "mu is missing"),
        (lambda mu, s, e: mu + np.exp(s / 2) * np.random.normal(size=mu.shape), "chance"),  # noqa: NPY002
        (lambda mu, s, e: (mu + np.exp(s / 2) * e).T, "transposed"),
        (lambda mu, s, e: mu + np.exp(s / 2) * e + 1, "off by the same number everywhere: +1"),
    ],
    "draw_backward": [
        (lambda d, mu, s, e, b: (d, d * 0.5 * np.exp(s / 2) * e), "KL is missing"),
        (lambda *a: gradient_by_parts(*a[:-1], 1.0), "lack the factor β"),
        (lambda *a: gradient_by_parts(*a)[::-1], "wrong order"),
        (lambda *a: [-g for g in gradient_by_parts(*a)], "dL/dmu has the wrong sign"),
        (lambda *a: [g / 5 for g in gradient_by_parts(*a)], "A mean instead of a sum?"),
        (
            lambda d, mu, s, e, b: (
                d + b * mu,
                d * np.exp(s / 2) * e + b / 2 * (np.exp(s) - 1),
            ),
            "a factor ½ is missing in dz/dlog_var",
        ),
        (lambda *a: (gradient_by_parts(*a)[0], a[1]), "dL/dlog_var is wrong, most of all at"),
    ],
}

CASES = [
    pytest.param(title, wrong, said, id=f"{title}-{number}")
    for title, answers in WRONG.items()
    for number, (wrong, said) in enumerate(answers)
]


@pytest.mark.parametrize(("title", "wrong", "said"), CASES)
def test_a_wrong_answer_is_told_what_is_wrong_with_it(title, wrong, said):
    message = CODE[title].judge(wrong)
    assert message.verdict is Verdict.WRONG, message
    assert said in repr(message), message


@pytest.mark.parametrize("title", CODE)
def test_there_are_four_wrong_answers_or_more(title):
    assert len(WRONG[title]) >= 4
    assert len({said for _, said in WRONG[title]}) >= 4


@pytest.mark.skipif(FORK.get_start_method() != "fork", reason="a fork has what we set here")
@pytest.mark.parametrize("title", CODE)
def test_every_typical_mistake_gets_its_own_diagnosis(title, monkeypatch):
    """They stand in the course's files, and some call its answers: here that is allowed."""
    for guard in ("forbid", "refuse_ours"):
        monkeypatch.setattr(pupil, guard, lambda _: None)
    q = CODE[title]
    for text, wrong in q.mistakes.items():
        message = q.decide(pack_all((wrong,)))
        assert message.verdict is Verdict.WRONG
        assert message.text == text


# --- Mutants: a solution with one operator changed must not pass -------------------------------

SWAP = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
    ast.Pow: ast.Mult, ast.MatMult: ast.Mult, ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr, ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.NotEq: ast.Eq,
}  # fmt: skip


def mutants(function):
    """Return the function once for each operator, with that one operator exchanged."""
    source = textwrap.dedent(inspect.getsource(function))
    n_places = sum(type(op) in SWAP for op in operators(ast.parse(source)))
    for place in range(n_places):
        tree = ast.parse(source)
        swap_operator(tree, place)
        space = dict(vars(inspect.getmodule(function)))
        exec(compile(ast.fix_missing_locations(tree), f"mutant {place}", "exec"), space)
        yield place, space[function.__name__]


def operators(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign):
            yield node.op
        elif isinstance(node, ast.Compare):
            yield node.ops[0]


def swap_operator(tree, place):
    seen = -1
    for node in ast.walk(tree):
        if not isinstance(node, ast.BinOp | ast.AugAssign | ast.Compare):
            continue
        op = node.ops[0] if isinstance(node, ast.Compare) else node.op
        seen += type(op) in SWAP
        if seen == place and type(op) in SWAP:
            if isinstance(node, ast.Compare):
                node.ops[0] = SWAP[type(op)]()
            else:
                node.op = SWAP[type(op)]()
            return


@pytest.mark.parametrize("title", CODE)
def test_no_mutant_of_the_solution_passes(title):
    survivors = [
        place
        for place, mutant in mutants(CODE[title].reference)
        if CODE[title].judge(mutant).verdict is Verdict.RIGHT
    ]
    assert survivors == []


# --- Stubs --------------------------------------------------------------------------------------

STUBS = ("pass", "...", "return ...", "return None", "raise NotImplementedError()")


@pytest.mark.parametrize("body", STUBS)
@pytest.mark.parametrize("title", CODE)
def test_a_stub_is_answered_kindly(title, body):
    q, space = CODE[title], {}
    exec(f"def stub({', '.join(q.signature)}):\n    {body}", space)
    q.check(space["stub"])
    assert q.state == "open"
    message = q.judge(space["stub"])
    assert message.verdict is Verdict.OPEN
    assert repr(message) == f"○ Not written yet ({title}): hint: {q.hints[0]}"


@pytest.mark.parametrize("title", CODE)
def test_the_result_instead_of_the_function(title):
    message = CODE[title].judge(3.0)
    assert "hand over the function itself" in message.text


# --- Explore and think --------------------------------------------------------------------------


@pytest.mark.parametrize("title", EXPLORE)
def test_nothing_found_yet(title):
    assert EXPLORE[title].judge(None).verdict is Verdict.UNTRIED
    assert EXPLORE[title].judge().verdict is Verdict.UNTRIED
    assert repr(EXPLORE[title].judge()).startswith(f"○ Not tried yet ({title}): hint:")


@pytest.mark.parametrize("title", THINK)
def test_think_first_then_discuss(title, capsys):
    q = THINK[title]
    assert q.best in q.choices
    assert len(q.discussion.split()) > 60
    q.check(None)
    q.discuss()
    first = capsys.readouterr().out
    assert all(text in first for text in q.choices.values())
    assert "first answer" in first
    assert q.discussion not in first
    q.check("z")
    assert "one of the letters 'a', 'b'" in capsys.readouterr().out
    assert q.state == "tried"
    q.check(" A ", "it looks so")
    assert f"✎ Answered ({title}): (a) {q.choices['a']}" in capsys.readouterr().out
    assert q.state == "done"
    q.discuss()
    opened = capsys.readouterr().out
    assert f"You said (a), and we say ({q.best})" in opened
    assert "You wrote: it looks so" in opened
    assert q.discussion in opened


def test_the_letters_of_the_best_answers_differ():
    assert len({q.best for q in THINK.values()}) == 3


# --- Hints, solutions, progress -----------------------------------------------------------------


@pytest.mark.parametrize("title", [*CODE, *EXPLORE])
def test_hints_come_one_by_one_and_the_last_one_stays(title, capsys):
    q = CODE.get(title) or EXPLORE[title]
    for hint in [*q.hints, q.hints[-1]]:
        q.hint()
        assert hint in capsys.readouterr().out


@pytest.mark.parametrize("title", CODE)
def test_the_solution_is_shown_as_it_stands_in_the_code(title, capsys):
    CODE[title].solution()
    shown = capsys.readouterr().out
    for line in inspect.getsource(CODE[title].reference).splitlines():
        assert line.strip() in shown


@pytest.mark.parametrize(
    ("title", "function"),
    [
        ("line", tp5.analysis.interpolate),
        ("flip_noise", tp5.datasets.noise.flip),
        ("kl", tp5.networks.losses.kl_divergence),
    ],
)
def test_where_tp5_has_the_answer_it_is_the_solution(title, function, capsys):
    assert CODE[title].reference is function
    CODE[title].solution()
    assert f"{function.__module__}.{function.__name__}, the course's own" in capsys.readouterr().out


@pytest.mark.parametrize("title", EXPLORE)
def test_an_example_is_shown(title, capsys):
    EXPLORE[title].solution()
    assert inspect.getsource(EXPLORE[title].example).splitlines()[0] in capsys.readouterr().out


def test_each_notebook_has_three_to_six_tasks_of_three_kinds():
    for notebook in range(1, 6):
        kinds = [q.kind for q in exercises.ALL if q.notebook == notebook]
        assert 3 <= len(kinds) <= 6
        assert set(kinds) == {"code", "explore", "think"}
    assert all(q.title in exercises.__all__ for q in exercises.ALL)
    assert all(getattr(exercises, q.title) is q for q in exercises.ALL)


def test_progress_counts_the_notebook_that_is_worked_on():
    assert len(exercises.progress()) == len(exercises.ALL)
    exercises.momentum_step.check(momentum_in_one_breath)
    exercises.momentum_step.check(momentum_in_place)  # what is done stays done
    exercises.train_test_split.check(shuffle_in_place)
    table = exercises.progress()
    assert set(table["notebook"]) == {"02"}
    assert dict(zip(table["exercise"], table["state"], strict=True)) == {
        "momentum_step": "✓ done",
        "finite_difference": "○ open",
        "train_test_split": "✗ tried",
        "sgd_catches_up": "○ open",
        "yardstick": "○ open",
    }
    assert len(exercises.progress(3)) == 5
    with pytest.raises(ValueError, match="no notebook 7 with exercises, only"):
        exercises.progress(7)
    assert len(count([], None)) == 0


def test_a_failed_check_raises_when_checks_are_strict(monkeypatch, capsys):
    q = exercises.momentum_step
    monkeypatch.setenv("TP5_STRICT_CHECKS", "1")
    q.check(momentum_in_one_breath)
    with pytest.raises(exercises.CheckFailed, match="changes its argument theta"):
        q.check(momentum_in_place)
    with pytest.raises(exercises.CheckFailed, match="Not written yet"):
        q.check(lambda theta, v, grad, lr, momentum: None)
    with pytest.raises(exercises.CheckFailed, match="Not tried yet"):
        exercises.sgd_catches_up.check(None)
    exercises.flat_curve.check(None)  # thoughts are graded by hand
    monkeypatch.delenv("TP5_STRICT_CHECKS")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(exercises.CheckFailed):
        q.check(momentum_in_place)
    assert "✗ Not yet (momentum_step)" in capsys.readouterr().out
