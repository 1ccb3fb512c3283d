"""Live training, driven from Python: what is set trains again, and the views are told."""

from __future__ import annotations

import base64
import re
import threading

import ipywidgets
import numpy as np
import pytest

from tp5 import Adam, Autoencoder, Momentum
from tp5.datasets.fonts import load_fonts
from tp5.experiments.jobs import COURSE
from tp5.explorer import LiveTraining, training_settings
from tp5.models.baselines import mean_image_error

FONT = load_fonts()[1]
X, LABELS = FONT.X, FONT.labels
QUICK = {"epochs": 3, "rng": 0}


@pytest.fixture
def live():
    """A short training with a target; what it sends is kept in ``live.sent``."""
    live = LiveTraining(X, LABELS, target=(20.0, 2), **QUICK)
    live.wait(120)
    live.sent = []
    live.send = lambda content, buffers=(): live.sent.append((content, buffers))
    yield live
    live.close()


def fit(
    layers=(35, 17, 2, 17, 35),
    lr=0.05,
    momentum=0.0,
    epochs=3,
    n_runs=5,
    rng=0,
    optimizer=None,
    batch_size=1,
    **model,
):
    """What compare_architectures does for one architecture, in one plain call."""
    return Autoencoder(layers, **(COURSE | {"dtype": "float32"} | model)).fit(
        X,
        optimizer=optimizer or Momentum(lr, momentum),
        epochs=epochs,
        batch_size=batch_size,
        n_runs=n_runs,
        rng=rng,
        progress=False,
    )


# --- Training -------------------------------------------------------------------------------------


def test_it_trains_as_fit_does_to_the_last_bit(live):
    plain = fit()
    np.testing.assert_array_equal(live.model.theta, plain.theta)
    np.testing.assert_array_equal(live.history.loss, plain.history.loss)


@pytest.mark.parametrize(
    ("name", "value", "same"),
    [
        ("lr", 0.01, {"lr": 0.01}),
        ("momentum", 0.8, {"momentum": 0.8}),
        ("epochs", 5, {"epochs": 5}),
        ("rng", 3, {"rng": 3}),
        ("architecture", "35-2-35", {"layers": (35, 2, 35)}),
        ("architecture", (35, 2, 35), {"layers": (35, 2, 35)}),
        ("optimizer", "adam", {"optimizer": Adam(0.05)}),
        ("optimizer", "nesterov", {"optimizer": Momentum(0.05, 0.0, nesterov=True)}),
        ("batch_size", 8, {"batch_size": 8}),
        ("init", "glorot", {"init": "glorot"}),
    ],
)
def test_whatever_is_set_trains_again(live, name, value, same):
    setattr(live, name, value)
    live.wait(120)
    np.testing.assert_array_equal(live.model.theta, fit(**same).theta)


def test_what_was_trained_with_other_settings_is_gone_at_once(live):
    live.epochs = 1_000_000
    assert live.history is None
    live.cancel()


def test_of_several_changes_in_a_row_the_latest_wins(live):
    started = live._number
    for k in range(200):
        live.lr = 0.001 * (k + 1)
    live.momentum, live.epochs = 0.5, 4
    live.wait(120)
    ended = [content["number"] for content, _ in live.sent if content["ended"]]
    assert ended == sorted(ended)
    assert ended[-1] == started + 202
    np.testing.assert_array_equal(live.model.theta, fit(lr=0.2, momentum=0.5, epochs=4).theta)


def test_a_short_training_at_work_comes_to_its_end_and_the_next_waits_for_it(live, monkeypatch):
    """What is seen while a slider is dragged: trainings one after another, none cut off."""
    at_work, go_on, order = threading.Event(), threading.Event(), []
    fit_of_model = Autoencoder.fit

    def slow(model, *arguments, **more):
        order.append(more["optimizer"].lr)
        at_work.set()
        assert go_on.wait(120)
        return fit_of_model(model, *arguments, **more)

    monkeypatch.setattr(Autoencoder, "fit", slow)
    live.lr = 0.01
    assert at_work.wait(120)
    for lr in (0.02, 0.03, 0.04):
        live.lr = lr
    go_on.set()
    live.wait(120)
    assert order == [0.01, 0.04]
    ended = [content["number"] for content, _ in live.sent if content["ended"]]
    assert len(ended) == 2, "both are told of, and those between have cost nothing"


def test_a_training_is_short_or_long_by_what_the_last_one_took(live):
    assert not live._fit.streams
    live._pace = 1.0
    live.epochs = 4
    live.wait(120)
    assert live._fit.streams
    assert live.history.n_epochs == 4
    assert live._pace < 1e-3, "measured anew"


def test_a_curve_can_be_pinned(live):
    live.pin()
    np.testing.assert_allclose(live.pinned, live.history.loss.mean(axis=1))
    live.epochs = 1_000_000
    live.pin()
    assert live.pinned == []
    live.cancel()


# --- As ipywidgets --------------------------------------------------------------------------------


def test_the_controls_are_widgets_and_both_follow(live):
    controls = live.controls
    assert set(controls) == set(training_settings.SETTINGS)
    controls["lr"].value = 0.01
    controls["architecture"].value = "35-2-35"
    controls["batch_size"].value = 8
    assert (live.lr, live.architecture, live.batch_size) == (0.01, "35-2-35", 8)
    live.momentum, live.epochs = 0.8, 9
    assert (controls["momentum"].value, controls["epochs"].value) == (0.8, 9 + 1)
    assert live.epochs == 9, "a slider that begins at 10 does not pull it up"


def test_what_a_slider_cannot_show_stays(live):
    slider = live.controls["lr"]
    live.lr = 3.0
    assert live.lr == 3.0
    assert slider.value == 1.0


def test_two_trainings_can_be_linked(live):
    other = LiveTraining(X, optimizer="adam", **QUICK)
    ipywidgets.link((live, "lr"), (other, "lr"))
    live.lr = 0.02
    assert other.lr == 0.02
    live.wait(120)
    other.wait(120)


def test_a_change_cancels_the_training_that_runs(live):
    live.epochs = 1_000_000
    long = live._fit
    while not long.losses:  # until it is at work
        assert live.training
        threading.Event().wait(0.005)
    live.epochs = 2
    live.wait(120)
    assert long.wait(120)
    assert not long.done
    assert live.history.n_epochs == 2


def test_waiting_is_for_the_last_change(live):
    live.epochs = 1_000_000
    threading.Timer(0.3, lambda: setattr(live, "epochs", 2)).start()
    live.wait(120)
    assert live.history.n_epochs == 2


def test_waiting_has_an_end(live):
    live.epochs = 1_000_000
    with pytest.raises(TimeoutError, match=r"after 0\.3 seconds the training is still going on"):
        live.wait(0.3)
    live.cancel()
    live.wait(120)
    assert live.history is None
    assert live.sent[-1][0]["text"] == "The training was cancelled."


def test_the_models_own_arguments_can_be_chosen():
    live = LiveTraining(X, latent_activation="identity", dtype="float64", n_runs=2, **QUICK)
    live.wait(120)
    plain = fit(latent_activation="identity", dtype="float64", n_runs=2)
    np.testing.assert_array_equal(live.model.theta, plain.theta)


def test_without_a_seed_it_draws_one_and_can_train_the_same_again():
    live = LiveTraining(X, epochs=1, rng=np.random.default_rng(5))
    live.wait(120)
    seed, theta = live.rng, live.model.theta
    live.rng += 1
    live.wait(120)
    assert (live.model.theta != theta).any()
    live.rng = seed
    live.wait(120)
    np.testing.assert_array_equal(live.model.theta, theta)


# --- Target ---------------------------------------------------------------------------------------


def test_reached_says_whether_the_target_is_reached(live):
    assert live.reached
    epochs, live.epochs = live.epochs, 10**7
    assert not live.reached, "not before it has been trained"
    live.lr, live.epochs = 1e-6, epochs
    live.wait(120)
    means = live.history.loss[1:3].mean(axis=1)
    assert live.reached == bool((means < 20.0).any())
    assert not LiveTraining(X, **QUICK).reached, "nothing to reach"


def test_the_views_get_the_verdict(live):
    live.lr = 0.06
    live.wait(120)
    last, _ = live.sent[-1]
    assert last["reached"] is True
    assert last["verdict"].startswith("✓ Reached after 1 epoch: a mean error below 20 within 2")


# --- What the browser is told ---------------------------------------------------------------------


def test_a_view_that_asks_gets_data_and_curves(live):
    live._answer(live, {"kind": "ask"}, [])
    (about, none), (curves, buffers) = live.sent
    assert about["labels"][0] == "@"
    assert about["architectures"][1] == "35-17-2-17-35"
    assert about["baselines"]["mean image"] == mean_image_error(X)
    assert about["target"] == [20.0, 2]
    assert not none
    losses = np.frombuffer(buffers[0], np.float32).reshape(-1, 5)
    codes = np.frombuffer(buffers[1], np.float32).reshape(-1, 2)
    np.testing.assert_array_equal(losses, live.history.loss.astype(np.float32))
    np.testing.assert_array_equal(codes, live.model.best.encode(X))
    assert curves["ended"]
    assert curves["box"] == [0, 1, 0, 1]
    assert re.fullmatch(r"After 3 epochs: error [\d.]+ ± [\d.]+ \(5 runs\)\.", curves["text"])


def test_a_view_that_asks_something_else_gets_nothing(live):
    live._answer(live, {"kind": "hello"}, [])
    assert not live.sent


def test_while_it_trains_the_views_see_it_grow(live):
    live.epochs = 1_000_000
    while len(live.sent) < 3:
        threading.Event().wait(0.005)
    live._answer(live, {"kind": "ask"}, [])  # in the middle of it
    live.cancel()
    live.wait(120)
    growing = [
        (content, np.frombuffer(buffers[0], np.float32).reshape(-1, 5))
        for content, buffers in live.sent
        if content["kind"] == "curves" and len(buffers[0])
    ]
    for content, losses in growing:
        assert np.isnan(losses[0]).all(), "the untrained network is not known yet"
        assert np.isfinite(losses[1:]).all()
        assert content["text"].startswith(f"Epoch {len(losses) - 1} of 1000000: error ")
        assert not content["ended"]
    assert len(growing[-1][1]) > len(growing[0][1])


def test_an_error_in_the_thread_is_one_clear_sentence(live, monkeypatch):
    def broken(*_args, **_arguments):
        raise MemoryError("there is not enough\nmemory for this")

    monkeypatch.setattr(Autoencoder, "fit", broken)
    live.lr = 0.01
    with pytest.raises(RuntimeError, match="there is not enough memory for this"):
        live.wait(120)
    assert live.error == "there is not enough memory for this"
    assert "not enough memory" in repr(live)
    last, _ = live.sent[-1]
    assert last["failed"]
    assert last["text"] == "The training failed: there is not enough memory for this"
    monkeypatch.undo()
    live.lr = 0.02
    live.wait(120)
    assert not live.error, "the next change starts afresh"


def test_runs_that_diverge_are_shown_as_such():
    live = LiveTraining(
        X, lr=30.0, epochs=40, rng=0, target=(5.0, 40), output_activation="identity"
    )
    live.wait(120)
    assert np.isnan(live.history.loss[-1]).all()
    assert not live.reached
    assert "every run has diverged" in repr(live)
    live.sent = []
    live.send = lambda content, buffers=(): live.sent.append((content, buffers))
    live._answer(live, {"kind": "ask"}, [])
    curves, buffers = live.sent[-1]
    assert "every run has diverged" in curves["text"]
    assert np.isfinite(np.frombuffer(buffers[1], np.float32)).all(), "the last codes that were"


def test_nothing_heavy_is_in_what_a_saved_notebook_holds(live):
    state = {key: value for key, value in live.get_state().items() if key[0] != "_"}
    assert {key: state[key] for key in training_settings.SETTINGS} == {
        "architecture": "35-17-2-17-35",
        "lr": 0.05,
        "momentum": 0.0,
        "epochs": 3,
        "rng": 0,
        "optimizer": "momentum",
        "batch_size": 1,
        "init": "uniform",
    }
    assert len(str(state)) < 1000


# --- Without a browser ----------------------------------------------------------------------------


def test_a_still_picture_goes_with_it_and_waits_for_the_training(live):
    live.epochs = 4
    data, metadata = live._repr_mimebundle_()
    assert live.history.n_epochs == 4
    words = metadata["image/png"]["alt"]
    assert "mean image 7.07" in words
    assert "Latent space of the best run: 32 characters" in words
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert re.fullmatch(
        r"LiveTraining of 35-17-2-17-35, lr 0\.05, momentum 0, 4 epochs, 5 runs: "
        r"error [\d.]+ ± [\d.]+; target reached",
        data["text/plain"],
    )


def test_before_it_is_trained_it_says_so(live):
    live.epochs = 1_000_000
    assert repr(live).endswith("not trained yet")
    assert live.figures() == []
    live.cancel()
    assert live.still() is None


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("lr", 0, r"the learning rate must be a number in \(0, ∞\), not 0"),
        ("lr", "fast", r"the learning rate must be a number in \(0, ∞\), not 'fast'"),
        ("lr", np.nan, r"the learning rate must be a number in \(0, ∞\), not nan"),
        ("momentum", 1.0, r"momentum must be a number in \[0, 1\), not 1\.0"),
        ("momentum", None, r"momentum must be a number in \[0, 1\), not None"),
        ("epochs", 0, "epochs must be a whole number of at least 1, not 0"),
        ("epochs", 2.5, r"epochs must be a whole number of at least 1, not 2\.5"),
        ("rng", -1, "rng must be a whole number of at least 0, not -1"),
        ("architecture", "35-3-35", "there is no architecture '35-3-35' here; choose one of 35-2"),
        ("architecture", 35, "there is no architecture 35 here"),
        ("optimizer", "magic", "there is no optimizer 'magic' here; choose one of momentum, "),
        ("init", None, "there is no init None here; choose one of uniform, glorot, he"),
        ("batch_size", 0, "batch_size must be a whole number of at least 1, not 0"),
    ],
)
def test_what_cannot_be_set(live, name, value, message):
    before = live._number
    with pytest.raises(ValueError, match=message):
        setattr(live, name, value)
    assert live._number == before, "the training goes on as it was"
    with pytest.raises(ValueError, match=message):
        LiveTraining(X, **(QUICK | {name: value}))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"X": X[0]}, r"X has shape \(35,\), but must be"),
        ({"X": np.stack([X, X])}, r"X has shape \(2, 32, 35\), but must be \(n_samples, n_f"),
        ({"X": np.where(X > 0, np.nan, X)}, "X has a value that is not finite, nan"),
        ({"X": X[:, :30]}, "35-2-35 does not fit: samples have 30 features"),
        ({"X": "letters"}, "X must be an array of numbers"),
        ({"labels": LABELS[1:]}, "labels has 31 entries, but 32 are needed"),
        ({"architectures": []}, "architectures is empty; give at least one"),
        ({"architectures": [(35, 3, 35)]}, "35-3-35 does not fit: .* the map needs 2 latent units"),
        ({"architectures": [(35, 2)]}, "are no autoencoder"),
        ({"n_runs": 0}, "n_runs must be a whole number of at least 1, not 0"),
        ({"target": (0, 60)}, r"a target's error must be a number in \(0, ∞\), not 0"),
        ({"loss": "binary_cross_entropy"}, "the baselines are squared errors, and so is the loss"),
        ({"activation": "sine"}, "unknown activation 'sine'"),
    ],
)
def test_what_cannot_be_trained(arguments, message):
    with pytest.raises(ValueError, match=message):
        LiveTraining(**({"X": X} | QUICK | arguments))


# --- In a kernel ----------------------------------------------------------------------------------


def test_the_kernel_answers_other_cells_while_it_trains():
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3")

    def run(code):
        said = []
        client.execute_interactive(code, timeout=600, output_hook=said.append)
        kinds = ("stream", "error")
        return "".join(str(m["content"].get("text", m)) for m in said if m["msg_type"] in kinds)

    try:
        start = "from tp5.explorer import LiveTraining; from tp5.datasets.fonts import load_fonts"
        assert run(start) == ""
        assert run("live = LiveTraining(load_fonts()[1].X, epochs=1_000_000, rng=0)") == ""
        assert run("print(live.training, sum(range(10)), len(live._fit.losses) < 1_000_000)") == (
            "True 45 True\n"
        )
        assert run("live.epochs = 5; live.wait(600); print(live.history.n_epochs)") == "5\n"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
