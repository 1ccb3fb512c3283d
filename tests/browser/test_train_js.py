"""The step told in JavaScript has the bits of the compiled step: same start, same order, same θ."""

import numpy as np
import pytest

from tp5 import Autoencoder, compiled
from tp5.compiled import elementary
from tp5.datasets.fonts import load_fonts
from tp5.explorer.dense import script
from tp5.explorer.train_page import network_of, rule_of
from tp5.training import SGD, Adam, Momentum, RMSprop, TrainingWarning

X = load_fonts()[1].X
LAYERS = (35, 25, 17, 2, 17, 25, 35)
COURSE = {"activation": "logistic", "latent_activation": "logistic", "loss": "squared_error"}

TRAIN = """({ network, rule, theta, X, batchSize, orders, lr }) => {
    const samples = X.map(x => Float64Array.from(x));
    const start = Float64Array.from(theta);
    const run = new Training(new Network(network), rule, start, samples, batchSize);
    const losses = orders.map(order => run.epoch(order, lr));
    const buffer = new Uint8Array(run.theta.buffer);
    return { losses, theta: Array.from(buffer), code: run.code(samples[3], network.latent) };
}"""


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    code = script("elementary.js", "train.js") + "\nwindow.all = { exp, tanh, log1p };"
    code += "\nwindow.Training = Training; window.Network = Network;"
    page.add_script_tag(content=f"{{{code}}}")
    yield page
    page.close()


def both(page, optimizer, batch_size=1, epochs=20, seed=0, X=X, layers=LAYERS, **model):
    """θ and losses of both, from the same start in the same order."""
    model = Autoencoder(layers, init="uniform", dtype="float64", **(COURSE | model))
    start = model.initial_theta(np.random.default_rng(seed))
    model.fit(
        X,
        optimizer=optimizer,
        batch_size=batch_size,
        epochs=epochs,
        start=start,
        rng=seed,
        progress=False,
    )
    (rng,) = np.random.default_rng(seed).spawn(1)
    natural = np.arange(len(X))
    whole = batch_size >= len(X)
    orders = [natural if whole else rng.permuted(natural[None], axis=1)[0] for _ in range(epochs)]
    asked = {
        "network": network_of(model),
        "rule": rule_of(optimizer),
        "theta": start.tolist(),
        "X": X.tolist(),
        "batchSize": batch_size,
        "orders": [order.tolist() for order in orders],
        "lr": optimizer.lr,
    }
    answer = page.evaluate(TRAIN, asked)
    theta = np.array(answer["theta"], np.uint8).view(np.float64)
    return model, theta, np.array(answer["losses"], float), np.array(answer["code"])


def check(model, theta, losses, code, X=X):
    assert theta.tobytes() == model.theta[0].tobytes(), np.abs(theta - model.theta[0]).max()
    assert np.array_equal(losses, model.history.loss[1:, 0])
    assert np.allclose(code, model.encode(X)[3], atol=1e-12)


pytestmark = pytest.mark.skipif(not compiled.available(), reason="needs Numba")


def test_the_elementary_functions_have_the_same_bits(page):
    rng = np.random.default_rng(0)
    x = np.concatenate(
        [rng.uniform(-30, 30, 3000), rng.normal(size=3000), [0.0, -0.0, 1e-300, 20.5]]
    )
    for name, values in (("exp", x), ("tanh", x), ("log1p", np.abs(np.tanh(x)))):
        answer = page.evaluate(f"x => x.map(all.{name})", values.tolist())
        ours = np.array([getattr(elementary, name)(value) for value in values])
        assert np.array(answer, float).tobytes() == ours.tobytes() or np.array_equal(
            answer, ours
        ), name


OPTIMIZERS = {
    "sgd": SGD(0.05),
    "momentum": Momentum(0.01, 0.8),
    "nesterov": Momentum(0.01, 0.8, nesterov=True),
    "rmsprop": RMSprop(0.001),
    "adam": Adam(0.01),
}


@pytest.mark.parametrize("batch_size", [1, 5, 32])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_theta_has_the_same_bits(page, name, batch_size):
    check(*both(page, OPTIMIZERS[name], batch_size))


def test_after_32_000_online_steps_too(page):
    check(*both(page, Momentum(0.005, 0.5), epochs=1000))


@pytest.mark.parametrize(
    "model",
    [
        {"activation": "tanh", "latent_activation": "identity"},
        {"activation": "relu", "loss": "binary_cross_entropy", "latent_activation": "identity"},
        {"activation": "leaky_relu(0.1)", "latent_activation": "tanh"},
        {"activation": "logistic(0.7)", "loss": "binary_cross_entropy"},
    ],
)
@pytest.mark.parametrize("batch_size", [1, 7])
def test_other_units_and_losses(page, model, batch_size):
    check(*both(page, Adam(0.005), batch_size, **model))


def test_more_samples_than_a_block(page):
    many = np.random.default_rng(1).random((300, 9))
    for batch_size in (1, 200, 300):
        check(*both(page, SGD(0.05), batch_size, epochs=3, X=many, layers=(9, 5, 2, 5, 9)), X=many)


def test_a_run_that_diverges_keeps_its_last_good_weights(page):
    with pytest.warns(TrainingWarning, match="run 0 diverged in epoch 3"):
        model, theta, losses, _ = both(page, SGD(30.0), output_activation="identity", epochs=40)
    python = model.history.loss[1:, 0]  # ends with the epoch in which it diverged
    assert len(python) == 3
    assert np.isnan(losses[-1])
    assert np.array_equal(losses[:3], python, equal_nan=True)
    assert theta.tobytes() == model.theta[0].tobytes()
