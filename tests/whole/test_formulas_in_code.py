"""Notebook 01 says "That is all of tp5/networks/network.py": the lines it shows are the file's."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from tp5.networks import Network, SquaredError

ROOT = Path(__file__).parents[2]
NOTEBOOK = nbformat.read(ROOT / "notebooks" / "01_font_autoencoder.ipynb", as_version=4)
SOURCE = (ROOT / "tp5" / "networks" / "network.py").read_text(encoding="utf-8")


def shown_lines():
    (cell,) = [c.source for c in NOTEBOOK.cells if "That is all of `tp5/networks/" in c.source]
    block = re.search(r"```python\n(.*?)```", cell, re.DOTALL)[1]
    return [line for line in block.split("\n") if line.strip()]


def test_the_lines_in_the_notebook_are_the_file_s_in_this_order():
    code = [line.strip() for line in SOURCE.split("\n")]
    places = [code.index(line) for line in shown_lines()]
    assert len(places) == 5, "the output, and the three formulas, one of them in two lines"
    assert places == sorted(places)


def other_lines(method, following):
    body = SOURCE.partition(f"def {method}(")[2].partition(f"def {following}(")[0].split('"""')[2]
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    return [line for line in lines if line not in shown_lines()]


def test_nothing_else_in_backward_and_gradient_computes():
    assert other_lines("backward", "gradient") == [
        "W, deltas = self.weights(theta), list[np.ndarray]()",
        "for layer in reversed(range(len(W))):",
        "deltas.insert(0, delta)",
        "if layer > 0 or to_input:",
        "return deltas, error",
    ]
    assert other_lines("gradient", "loss_and_grad") == [
        "if grad is None:",
        "grad = np.empty((*deltas[-1].shape[:-2], self.n_params), deltas[-1].dtype)",
        "for layer, (dW, delta) in enumerate(zip(self.weights(grad), deltas, strict=True)):",
        "return grad",
    ]


def test_the_three_formulas_are_what_the_file_computes():
    rng = np.random.default_rng(0)
    network = Network((4, 3), ["logistic"])
    X, Y, theta = rng.random((5, 4)), rng.random((5, 3)), rng.standard_normal(network.n_params)
    W = network.weights(theta)[0]
    with_one = np.hstack([X, np.ones((5, 1))])  # [h, 1]
    h, out = network.outputs(theta, X)
    g = 1 / (1 + np.exp(-2 * with_one @ W))
    assert out == pytest.approx(g)
    error = SquaredError().gradient(out, Y)
    deltas, to_input = network.backward(theta, [h, out], error, to_input=True)
    grad = network.gradient([h, out], deltas)
    delta = error * 2 * g * (1 - g)
    assert network.weights(grad)[0] == pytest.approx(with_one.T @ delta)
    assert to_input == pytest.approx(delta @ W[:-1].T)
