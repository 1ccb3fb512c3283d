"""A large network's step, layer by layer in threads, is the one that stands on the blackboard."""

from __future__ import annotations

import threading
import time
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest

from tp5 import Autoencoder, VariationalAutoencoder, compiled, threads
from tp5.compiled import large
from tp5.datasets import Noise
from tp5.networks import (
    BinaryCrossEntropy,
    Network,
    SquaredError,
    central_differences,
    relative_error,
)
from tp5.training import SGD, Adam, Momentum, RMSprop, TrainingWarning, pieces
from tp5.training import epochs as epochs_module
from tp5.training.epochs import BlackboardEpochs, EpochsByLayers, epochs_of

X = np.random.default_rng(0).random((45, 12))
OPTIMIZERS = {  # a large eps: g/√g² of a g that is nothing but rounding would be ±1
    "SGD, decay": SGD(0.01, weight_decay=0.1),
    "Nesterov": Momentum(0.001, momentum=np.array([[0.3], [0.9]]), nesterov=True),
    "RMSprop": RMSprop(0.02, eps=1e-2),
    "Adam": Adam(0.02, eps=1e-2),
}


class Ours(SquaredError):
    """A loss that the compiled loops do not know."""


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch) -> None:
    """Small networks go the large ones' way, in many blocks and pieces."""
    monkeypatch.setattr(pieces, "FEW", 10)
    monkeypatch.setattr(pieces, "MANY", 20)
    monkeypatch.setattr(epochs_module, "LARGE", 0)
    monkeypatch.setattr(large, "BLOCK", 40)
    monkeypatch.setattr(large, "WORTH_A_THREAD", 1)


def vae_of(**arguments) -> VariationalAutoencoder:
    return VariationalAutoencoder((12, 9, 7, 2), **({"dtype": "float64"} | arguments))


def ae_of(**arguments) -> Autoencoder:
    return Autoencoder((12, 9, 2, 7, 12), **({"dtype": "float64"} | arguments))


every_kind = pytest.mark.parametrize("kind", [vae_of, ae_of], ids=["VAE", "AE"])


def way_of(model, optimizer, batch_size) -> type:
    rngs = np.random.default_rng(0).spawn(2)
    objective = model.objective(X, X, np.array([model.initial_theta(rng) for rng in rngs]))
    return type(epochs_of(objective, optimizer, batch_size, rngs)[0])


def both_ways(monkeypatch, model, **arguments):
    """Train by layers, and on the blackboard alone; return θ and all losses of each."""
    given = {"optimizer": Adam(0.02, eps=1e-2), "epochs": 3, "batch_size": 20, "n_runs": 2}
    given |= {"rng": 3, "progress": False} | arguments
    answers = []
    for switch, way in (("1", EpochsByLayers), ("0", BlackboardEpochs)):
        monkeypatch.setenv("TP5_COMPILED", switch)
        assert way_of(model, given["optimizer"], given["batch_size"]) is way
        model.fit(X, **given)
        answers.append((model.theta, model.history.loss, *model.history.parts.values()))
    return answers


@every_kind
@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [2, 11, 45])
def test_it_takes_the_same_steps(kind, name, batch_size, monkeypatch):
    ours, blackboard = both_ways(
        monkeypatch, kind(), optimizer=OPTIMIZERS[name], batch_size=batch_size
    )
    for mine, its in zip(ours, blackboard, strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-7, atol=1e-9)


@every_kind
@pytest.mark.parametrize("loss", [SquaredError(), BinaryCrossEntropy(), Ours()], ids=repr)
@pytest.mark.parametrize("noise", [None, Noise("flip", 0.1)], ids=["clean", "noisy"])
def test_also_with_another_loss_and_with_noise(kind, loss, noise, monkeypatch):
    more = {"warm_up": 2, "beta": 0.7} if kind is vae_of else {}
    ours, blackboard = both_ways(
        monkeypatch, kind(loss=loss, activation="tanh", **more), noise=noise
    )
    for mine, its in zip(ours, blackboard, strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-7, atol=1e-9)


@every_kind
def test_also_in_float32_and_with_a_data_set_for_each_run(kind, monkeypatch):
    sets = np.random.default_rng(1).random((2, 45, 12))
    ours, blackboard = both_ways(monkeypatch, kind(dtype="float32"), Y=sets)
    for mine, its in zip(ours, blackboard, strict=True):
        np.testing.assert_allclose(mine, its, rtol=2e-3, atol=1e-4)


@every_kind
def test_the_bits_do_not_depend_on_the_number_of_threads(kind, monkeypatch):
    answers = []
    for count in (1, 2, 5):
        monkeypatch.setattr(large, "n_threads", lambda count=count: count)
        vae = kind().fit(X, optimizer=Adam(0.01), epochs=3, batch_size=40, rng=3, progress=False)
        answers.append((vae.theta, vae.history.loss))
    for other in answers[1:]:
        np.testing.assert_array_equal(other[0], answers[0][0])
        np.testing.assert_array_equal(other[1], answers[0][1])


def test_the_gradient_layer_by_layer_equals_central_differences():
    vae, rng = vae_of(beta=0.7), np.random.default_rng(4)
    theta = vae.initial_theta(rng)
    objective = vae.objective(X, X, theta[None], [np.random.default_rng(5)])
    layers = objective.by_layers(0, None, count=2)
    grad = np.concatenate(
        [np.vstack([h.T @ delta, delta.sum(axis=0)]).ravel() for h, delta in layers]
    )
    eps = np.random.default_rng(5).standard_normal((len(X), 2))
    numeric = central_differences(lambda theta: vae.loss_and_grad(theta, X, eps)[0], theta)
    assert relative_error(grad, numeric) < 1e-6
    assert objective.loss() == pytest.approx(vae.loss_and_grad(theta, X, eps)[0])


@pytest.mark.parametrize("optimizer", [SGD(0.1, clip_norm=1.0), SGD(0.1)], ids=repr)
def test_what_needs_the_whole_gradient_or_too_much_at_once_stays_on_the_blackboard(
    optimizer, monkeypatch
):
    if optimizer.clip_norm == np.inf:
        monkeypatch.setattr(epochs_module, "CHUNK", 45 * elbo_width() - 1)
        assert way_of(vae_of(), optimizer, 44) is EpochsByLayers
    assert way_of(vae_of(), optimizer, 1000) is BlackboardEpochs


def elbo_width() -> int:
    vae = vae_of()
    return sum(vae.encoder.layers + vae.decoder.layers)


def test_blas_has_its_threads_again_after_each_epoch():
    before, seen = threads.n_threads(), []

    def ask(model, epoch, loss):
        seen.append(threads.n_threads())

    vae_of().fit(X, epochs=2, batch_size=20, rng=0, callbacks=[ask], progress=False)
    assert seen == [before, before]


def test_of_two_trainings_at_once_the_last_gives_blas_its_threads_back():
    before, first, second = (
        threads.n_threads(),
        threads.one_blas_thread(),
        threads.one_blas_thread(),
    )
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert threads.n_threads() == 1
    second.__exit__(None, None, None)
    assert threads.n_threads() == before
    with pytest.raises(ZeroDivisionError), threads.one_blas_thread():
        raise ZeroDivisionError
    assert threads.n_threads() == before


@pytest.mark.filterwarnings("error")
def test_a_run_that_diverges_is_told_in_words_alone():
    lr = np.array([[1e-3], [1e9]])
    vae = vae_of(dtype="float32")
    with pytest.warns(TrainingWarning, match="run 1 diverged in epoch") as told:
        vae.fit(X, optimizer=SGD(lr), epochs=4, batch_size=20, rng=1, n_runs=2, progress=False)
    assert len(told) == 1
    assert np.isfinite(vae.theta).all()
    assert np.isfinite(vae.history.loss[:, 0]).all()


@pytest.mark.parametrize("step", [1, 5, 8])
@every_kind
@pytest.mark.parametrize("where", ["backward", "by_layers"])
def test_interrupted_it_keeps_the_last_whole_epoch(kind, where, step, monkeypatch):
    """Three steps an epoch: the interrupt comes into the first, the second or the third."""
    whole = [kind(dtype="float32").initial_theta(np.random.default_rng(7).spawn(1)[0])]
    vae = kind(dtype="float32")
    arguments = {"optimizer": Adam(0.01), "batch_size": 15, "rng": 7, "progress": False}
    vae.fit(
        X, epochs=3, callbacks=[lambda m, e, loss: whole.append(m.theta[0].copy())], **arguments
    )
    owner = Network if where == "backward" else large.CompiledUpdate
    # Each of a VAE's networks is sent backward, and each batch is two pieces.
    in_a_step = {"by_layers": 1, "backward": 4 if kind is vae_of else 2}[where]
    untouched, calls = getattr(owner, where), []

    def interrupted(self, *given, **more):
        calls.append(1)
        if len(calls) == in_a_step * step + 1:
            raise KeyboardInterrupt
        return untouched(self, *given, **more)

    monkeypatch.setattr(owner, where, interrupted)
    with pytest.warns(TrainingWarning, match=f"interrupted after epoch {step // 3} of 3"):
        vae.fit(X, epochs=3, **arguments)
    np.testing.assert_array_equal(vae.theta[0], whole[step // 3])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", [SquaredError(), BinaryCrossEntropy(), Ours()], ids=repr)
def test_loss_and_gradient_in_one_pass(loss, dtype):
    rng = np.random.default_rng(6)
    A, Y = (8 * rng.standard_normal((5, 13))).astype(dtype), rng.random((5, 13)).astype(dtype)
    A[0, :4] = 0, -0.0, 900, -900
    value, gradient = compiled.core().value_and_gradient(loss, A, Y)
    assert value == pytest.approx(loss.value(A, Y), rel=1e-6 if dtype == "float32" else 1e-14)
    assert gradient.dtype == A.dtype
    np.testing.assert_allclose(gradient, loss.gradient(A, Y), rtol=2e-6, atol=1e-7)


# --- Threads that share out short calls -----------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_answers_stand_in_the_order_of_the_calls(count):
    assert threads.share([partial(int, k) for k in range(10)], count) == list(range(10))
    assert threads.share([], count) == []


@pytest.mark.parametrize("count", [1, 3])
def test_an_error_of_one_call_comes_out_and_none_is_left_running(count):
    running = []

    def call(k):
        running.append(k)
        if k == 3:
            raise ZeroDivisionError
        running.remove(k)

    with pytest.raises(ZeroDivisionError):
        threads.share([partial(call, k) for k in range(9)], count)
    assert running == [3]


def test_slices_cover_a_length_once():
    for length, count in ((10, 3), (3, 3), (2, 5), (7, 1)):
        parts = threads.slices(length, count)
        assert len(parts) == count
        assert [k for part in parts for k in range(length)[part]] == list(range(length))


def test_who_interrupts_twice_still_gets_calls_that_have_ended(monkeypatch):
    begun, ended, really_wait, again = threading.Event(), [], threads.wait, iter([True])

    def call():
        begun.set()
        time.sleep(0.3)
        ended.append(True)

    def wait(futures, timeout=None):
        if next(again, False):
            raise KeyboardInterrupt
        return really_wait(futures, timeout)

    def here():
        begun.wait()
        raise KeyboardInterrupt

    monkeypatch.setattr(threads, "wait", wait)
    with pytest.raises(KeyboardInterrupt):
        threads.at_once([call], here=here)
    assert ended


def test_where_blas_does_not_say_its_threads_there_are_as_many_as_cores(monkeypatch):
    silent = SimpleNamespace(info=lambda: [])
    monkeypatch.setattr(threads, "controller", lambda: silent)
    monkeypatch.setattr(threads.os, "cpu_count", lambda: 7)
    assert threads.n_threads() == 7
    with threads.OneThread():
        assert threads.n_threads() == 1
    assert threads.n_threads() == 7
