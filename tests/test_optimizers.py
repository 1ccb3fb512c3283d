"""Each optimizer takes the steps of its textbook equation, run by run, told once and compiled."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tp5 import compiled
from tp5.training.epochs import Update
from tp5.training.optimizers import SGD, Adam, Momentum, Optimizer, RMSprop, match
from tp5.training.schedules import CosineDecay, Schedule

LR = 0.1
EVERY = {
    "SGD": SGD(LR),
    "Momentum": Momentum(LR),
    "Nesterov": Momentum(LR, momentum=0.6, nesterov=True),
    "RMSprop": RMSprop(LR),
    "Adam": Adam(LR, beta1=0.7, beta2=0.95, eps=1e-3),
}
every_optimizer = pytest.mark.parametrize("name", EVERY)


@pytest.fixture(params=["blackboard", "compiled"], autouse=True)
def core(request, monkeypatch) -> None:
    """Make `start` take the update from either."""
    monkeypatch.setattr(f"{__name__}.COMPILED", request.param == "compiled")


COMPILED = False


def start(optimizer: Optimizer, theta: np.ndarray):
    """Return the update of θ, called as update(grad, lr)."""
    if COMPILED:
        return compiled.core().CompiledUpdate(optimizer, theta)
    return Update(optimizer, theta)


def walk(optimizer: Optimizer, gradients, lr=LR, dtype="float64") -> np.ndarray:
    """θ after each step along given gradients, of shape (n_steps, n_runs, n), starting from 0."""
    gradients = np.asarray(gradients, dtype)
    theta = np.zeros(gradients.shape[1:], dtype)
    update, path = start(optimizer, theta), []
    for grad in gradients:
        update(grad, lr)
        path.append(theta.copy())
    return np.array(path)


def some_gradients(*shape: int) -> np.ndarray:
    return np.random.default_rng(5).normal(size=shape)


# --- The textbook ---------------------------------------------------------------------------------


def sgd(gradients) -> Iterator[float]:
    theta = 0.0
    for g in gradients:
        theta = theta - LR * g
        yield theta


def momentum(gradients, mu: float = 0.8) -> Iterator[float]:
    theta = v = 0.0
    for g in gradients:
        v = mu * v - LR * g
        theta = theta + v
        yield theta


def nesterov(gradients, mu: float = 0.6) -> Iterator[float]:
    theta = v = 0.0
    for g in gradients:
        v = mu * v - LR * g
        theta = theta + mu * v - LR * g
        yield theta


def rmsprop(gradients, rho: float = 0.9, eps: float = 1e-7) -> Iterator[float]:
    theta = s = 0.0
    for g in gradients:
        s = rho * s + (1 - rho) * g**2
        theta = theta - LR * g / (np.sqrt(s) + eps)
        yield theta


def adam(gradients, beta1=0.7, beta2=0.95, eps=1e-3) -> Iterator[float]:
    """Algorithm 1 of Kingma & Ba 2015, word by word."""
    theta = m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        theta = theta - LR * m_hat / (np.sqrt(v_hat) + eps)
        yield theta


TEXTBOOK = {
    "SGD": sgd,
    "Momentum": momentum,
    "Nesterov": nesterov,
    "RMSprop": rmsprop,
    "Adam": adam,
}


@every_optimizer
@pytest.mark.parametrize("shape", [(1, 6), (3, 6)], ids=["one_run", "three_runs"])
def test_every_step_is_the_textbook_equation(name, shape):
    gradients = some_gradients(5, *shape)
    wanted = np.array(list(TEXTBOOK[name](gradients)))
    np.testing.assert_allclose(walk(EVERY[name], gradients), wanted, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("optimizer", "wanted"),
    [
        (SGD(LR), [-0.2, -0.4, -0.6]),
        (Momentum(LR, momentum=0.5), [-0.2, -0.5, -0.85]),  # v: −0.2, −0.3, −0.35
        (Momentum(LR, momentum=0.5, nesterov=True), [-0.3, -0.65, -1.025]),
        # s: 1, 1.75, 2.3125; each step is 0.1·2/√s
        (RMSprop(LR, rho=0.75, eps=1e-12), [-0.2, -0.3511858, -0.4827054]),
        (Adam(LR), [-0.1, -0.2, -0.3]),  # the same gradient again and again: steps of lr
        (Adam(LR, eps=2.0), [-0.05, -0.1, -0.15]),  # 0.1·2/(2 + 2)
    ],
    ids=repr,
)
def test_golden_numbers_with_a_gradient_of_two(optimizer, wanted):
    np.testing.assert_allclose(walk(optimizer, [[[2.0]]] * 3).ravel(), wanted, rtol=1e-6)


def test_nesterov_walks_along_the_points_it_looks_ahead_to():
    """Sutskever's form takes the gradient at θ + μv; its look-ahead points are our θ."""
    curvature, mu, phi = np.array([1.0, 4.0]), 0.6, np.array([1.0, -2.0])
    theta, v = phi.copy(), np.zeros(2)
    ours = phi[None].copy()
    update = start(Momentum(LR, momentum=mu, nesterov=True), ours)
    for _ in range(5):
        v = mu * v - LR * curvature * (theta + mu * v)
        theta = theta + v
        update(curvature * ours, LR)
        np.testing.assert_allclose(ours[0], theta + mu * v, rtol=1e-12)


def test_momentum_zero_is_gradient_descent():
    gradients = some_gradients(5, 1, 6)
    for nesterov in (False, True):
        path = walk(Momentum(LR, momentum=0, nesterov=nesterov), gradients)
        np.testing.assert_allclose(path, walk(SGD(LR), gradients), rtol=1e-14)


def test_defaults_are_those_of_the_course_and_of_the_papers():
    assert SGD() == SGD(0.05)
    assert Momentum() == Momentum(0.05, momentum=0.8, nesterov=False)
    assert RMSprop() == RMSprop(0.001, rho=0.9, eps=1e-7)
    assert Adam() == Adam(0.001, beta1=0.9, beta2=0.999, eps=1e-8)


# --- In place, without state in the recipe --------------------------------------------------------


@every_optimizer
def test_an_update_changes_theta_in_place_and_leaves_the_gradient(name):
    theta, grad = np.ones((2, 3)), np.full((2, 3), 0.5)
    update = start(EVERY[name], theta)
    assert update(grad, LR) is None
    assert (theta < 1).all()
    np.testing.assert_array_equal(grad, 0.5)


@every_optimizer
def test_a_recipe_used_twice_starts_anew(name):
    gradients = some_gradients(4, 1, 3)
    first = walk(EVERY[name], gradients)
    np.testing.assert_array_equal(walk(EVERY[name], gradients), first)


@every_optimizer
def test_every_optimizer_finds_the_bottom_of_a_bowl(name):
    theta = np.array([[1.0, -1.0]])
    update, curvature = start(EVERY[name], theta), np.array([1.0, 5.0])
    for epoch in range(300):
        update(curvature * theta, CosineDecay(LR).next(LR, epoch, 300, np.empty(0)))
    np.testing.assert_allclose(theta, 0, atol=1e-2)


@every_optimizer
def test_a_zero_gradient_changes_nothing_and_warns_of_nothing(name):
    np.testing.assert_array_equal(walk(EVERY[name], np.zeros((3, 1, 4))), 0)


@every_optimizer
def test_float32_stays_float32_and_is_near_float64(name):
    gradients = some_gradients(5, 2, 6)
    path = walk(EVERY[name], gradients, lr=np.float32([[LR], [LR]]), dtype="float32")
    assert path.dtype == "float32"
    np.testing.assert_allclose(path, walk(EVERY[name], gradients), rtol=1e-4, atol=1e-5)


# --- Runs -----------------------------------------------------------------------------------------


@every_optimizer
def test_a_learning_rate_for_each_run_is_each_run_alone(name):
    gradients, lrs = some_gradients(5, 3, 6), [0.01, 0.1, 1.0]
    together = walk(EVERY[name], gradients, lr=np.array(lrs)[:, None])
    for run, lr in enumerate(lrs):
        alone = walk(EVERY[name], gradients[:, [run]], lr=lr)
        np.testing.assert_allclose(together[:, [run]], alone, rtol=1e-13)


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_momentum_for_each_run_is_each_run_alone(nesterov, dtype):
    gradients, momenta = some_gradients(5, 3, 6), [0.0, 0.5, 0.9]
    column = np.array(momenta)[:, None]
    together = walk(Momentum(LR, momentum=column, nesterov=nesterov), gradients, dtype=dtype)
    for run, mu in enumerate(momenta):
        alone = walk(Momentum(LR, momentum=mu, nesterov=nesterov), gradients[:, [run]], dtype=dtype)
        np.testing.assert_allclose(
            together[:, [run]], alone, rtol=1e-6 if dtype == "float32" else 0
        )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_one_number_for_each_run_is_used_in_the_dtype_of_theta(dtype):
    """A float64 column would make NumPy compute a float32 step in float64, and slowly."""
    column = match("momentum", np.array([[0.5], [0.9]]), np.zeros((2, 3), dtype))
    assert column.dtype == dtype
    assert match("momentum", np.float64(0.5), np.zeros((2, 3), dtype)) == 0.5


@pytest.mark.parametrize("shape", [(2, 4), (1, 4), (4,)])
def test_as_many_numbers_as_runs_or_one(shape):
    with pytest.raises(ValueError, match="momentum"):
        match("momentum", np.full((3, 1), 0.5), np.zeros(shape))


@every_optimizer
def test_in_parts_by_threads_it_is_what_it_is_in_one_piece(name, monkeypatch):
    gradients = some_gradients(4, 2, 11)
    wanted = walk(EVERY[name], gradients)
    monkeypatch.setattr(compiled.core(), "WORTH_A_THREAD", 3)
    np.testing.assert_array_equal(walk(EVERY[name], gradients), wanted)


class OwnRule(SGD):
    """An optimizer of a student's own, made from one of ours."""

    def change(self, g, memory, lr, t):
        return -lr * np.sign(g), ()


def test_the_steps_of_an_optimizer_of_ones_own_are_its_own():
    """What the compiled core knows of SGD must not be taken for what a subclass of it says."""
    assert OwnRule(LR).rule() is None
    np.testing.assert_allclose(OwnRule(LR).change(np.array([[2.0]]), (), LR, 1)[0], -LR)
    assert SGD(LR).rule() is not None


# --- Learning rate --------------------------------------------------------------------------------


def test_a_number_as_lr_is_a_constant_schedule():
    assert Adam(0.3).schedule == Schedule(0.3)


def test_a_schedule_as_lr_is_the_schedule():
    schedule = CosineDecay(0.02)
    assert SGD(schedule).schedule is schedule


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [SGD, Momentum, RMSprop, Adam])
@pytest.mark.parametrize("lr", [0, -0.1, np.nan, np.inf, None, "fast"])
def test_a_learning_rate_must_be_a_number_above_zero(kind, lr):
    with pytest.raises(ValueError, match=r"the learning rate must be a number in \(0, ∞\)"):
        kind(lr)


@pytest.mark.parametrize(
    ("kind", "name"),
    [(Momentum, "momentum"), (RMSprop, "rho"), (Adam, "beta1"), (Adam, "beta2")],
)
@pytest.mark.parametrize("value", [-0.1, 1, 1.5, np.nan, "a", None])
def test_a_decay_must_lie_between_zero_and_one(kind, name, value):
    with pytest.raises(ValueError, match=rf"{name} must be a number in \[0, 1\)"):
        kind(LR, **{name: value})


@pytest.mark.parametrize("value", [np.array([[0.5], [1.0]]), np.array([[-0.1], [0.5]])])
def test_every_runs_momentum_must_lie_between_zero_and_one(value):
    with pytest.raises(ValueError, match=r"momentum must be a number in \[0, 1\)"):
        Momentum(LR, momentum=value)


def test_an_array_of_momenta_is_a_column():
    with pytest.raises(ValueError, match=r"\(n_runs, 1\)"):
        Momentum(LR, momentum=np.array([0.5, 0.8]))


@pytest.mark.parametrize("kind", [RMSprop, Adam])
@pytest.mark.parametrize("eps", [0, -1e-8, np.nan, "a"])
def test_eps_must_be_above_zero(kind, eps):
    with pytest.raises(ValueError, match=r"eps must be a number in \(0, ∞\)"):
        kind(LR, eps=eps)
