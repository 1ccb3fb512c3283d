"""A training in a thread is the training it would be anywhere else, and it can be cancelled."""

from __future__ import annotations

import signal
import threading
import warnings

import numpy as np
import pytest

from tp5 import SGD, Autoencoder
from tp5.explorer.background import BackgroundFit, one_sentence

X = (np.random.default_rng(0).random((8, 6)) < 0.5).astype(float)
LAYERS = (6, 4, 2, 4, 6)
ONLINE = {"optimizer": SGD(0.1), "batch_size": 1, "n_runs": 3, "rng": 7}


def nothing(_fit):
    """Of no interest."""


def test_the_result_is_that_of_fit_to_the_last_bit():
    told, ended = [], []
    background = BackgroundFit(
        Autoencoder(LAYERS), X, told.append, ended.append, epochs=9, **ONLINE
    )
    assert background.wait(120)
    plain = Autoencoder(LAYERS).fit(X, epochs=9, progress=False, **ONLINE)
    np.testing.assert_array_equal(background.model.theta, plain.theta)
    np.testing.assert_array_equal(background.model.history.loss, plain.history.loss)
    np.testing.assert_array_equal(background.losses, plain.history.loss[1:])
    assert (len(told), ended) == (9, [background])
    assert background.done
    assert not background.running
    assert not background.error


def test_it_works_in_another_thread_while_this_one_goes_on():
    begun, go_on = threading.Event(), threading.Event()

    def hold(_fit):
        begun.set()
        go_on.wait(120)

    background = BackgroundFit(Autoencoder(LAYERS), X, hold, nothing, epochs=2, **ONLINE)
    assert begun.wait(120)
    assert background.running
    assert not background.done
    assert not background.wait(0.01)
    go_on.set()
    assert background.wait(120)
    assert background.done


def test_cancelling_ends_it_after_the_epoch_and_tells_nobody():
    ended = []

    def first_epoch(fit):
        fit.cancel()

    background = BackgroundFit(
        Autoencoder(LAYERS), X, first_epoch, ended.append, epochs=100_000, **ONLINE
    )
    assert background.wait(120)
    assert len(background.losses) == 1
    assert background.cancelled
    assert not background.done
    assert not ended


def test_once_cancel_has_returned_nothing_more_is_told():
    begun, go_on, told = threading.Event(), threading.Event(), []

    def slow(fit):
        begun.set()
        go_on.wait(120)
        told.append(fit.cancelled)

    background = BackgroundFit(Autoencoder(LAYERS), X, slow, slow, epochs=100_000, **ONLINE)
    assert begun.wait(120)
    cancelling = threading.Thread(target=background.cancel)
    cancelling.start()
    cancelling.join(0.05)
    assert cancelling.is_alive(), "it waits for the callback that is being called"
    go_on.set()
    cancelling.join(120)
    so_far = len(told)
    assert background.wait(120)
    assert told == [False] * so_far


def test_who_cancels_within_the_delay_has_trained_nothing():
    told = []
    background = BackgroundFit(
        Autoencoder(LAYERS), X, told.append, told.append, delay=30, epochs=1, **ONLINE
    )
    background.cancel()
    assert background.wait(120)
    assert not told
    assert background.model.theta is None


def test_an_error_becomes_a_sentence():
    ended = []
    background = BackgroundFit(
        Autoencoder(LAYERS), 2 * X, nothing, ended.append, epochs=1, **ONLINE
    )
    assert background.wait(120)
    assert background.error.startswith("X has values from 0 to 2, but binary cross-entropy needs")
    assert not background.done
    assert ended == [background]


def test_an_error_without_words_is_named():
    assert one_sentence(MemoryError()) == "the training ended with a MemoryError."
    assert one_sentence(ValueError("two\n  lines")) == "two lines"


def test_divergence_warns_nobody_below_another_cell():
    model = Autoencoder(
        LAYERS, "identity", output_activation="identity", loss="squared_error", init="uniform"
    )
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        fast = ONLINE | {"optimizer": SGD(50.0)}
        background = BackgroundFit(model, X, nothing, nothing, epochs=50, **fast)
        assert background.wait(120)
    assert not [w for w in seen if "diverged" in str(w.message)]
    assert background.done
    assert np.isnan(background.model.history.loss[-1]).all()


def test_one_that_fails_while_it_reports_says_so():
    def broken(_fit):
        raise OSError("the connection is gone")

    background = BackgroundFit(Autoencoder(LAYERS), X, broken, nothing, epochs=1, **ONLINE)
    assert background.wait(120)
    assert background.error == "the connection is gone"


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"epochs": 1, "batch_size": 0}])
def test_what_fit_refuses_is_said(wrong):
    background = BackgroundFit(Autoencoder(LAYERS), X, nothing, nothing, **(ONLINE | wrong))
    assert background.wait(120)
    assert "must be a whole number of at least 1" in background.error


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no setitimer on this system")
def test_one_whose_waiting_is_interrupted_is_still_running():
    """The square (■) while a cell waits: Python 3.11 and 3.12 then say that the thread is dead."""
    begun, go_on = threading.Event(), threading.Event()

    def hold(_fit):
        begun.set()
        go_on.wait(120)

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    background = BackgroundFit(Autoencoder(LAYERS), X, hold, nothing, epochs=2, **ONLINE)
    try:
        assert begun.wait(120)
        for _ in range(20):
            signal.setitimer(signal.ITIMER_REAL, 0.002)
            with pytest.raises(KeyboardInterrupt):
                background.wait(120)
            assert background.running
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        go_on.set()
    assert background.wait(120)
    assert not background.running
    assert background.done
