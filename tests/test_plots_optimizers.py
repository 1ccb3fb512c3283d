"""The figures of optimizers draw the right numbers, and say them in their alt text."""

from __future__ import annotations

import numpy as np
import pytest

from tp5 import plots
from tp5.analysis import proportion_interval
from tp5.plots import cost_curves, iteration_costs, success_rates
from tp5.plots.optimizers import cost_an_iteration, loss_by_cost
from tp5.training.history import History


def record(losses, evaluations, seconds) -> History:
    """Two runs that train alike, the second one with a loss larger by 1."""
    losses, evaluations, seconds = (
        np.repeat(np.array(column, float)[:, None], 2, axis=1)
        for column in (losses, evaluations, seconds)
    )
    return History(losses + np.array([0, 1]), seconds, evaluations, 0 * evaluations)


HISTORIES = {
    "dear": record([9, 5, 4], [0, 1000, 2000], [0, 1, 2]),
    "cheap": record([9, 8, 6, 3], [0, 2, 4, 6], [0, 0.1, 0.2, 0.3]),
}


def test_cost_curves_end_at_the_final_losses_on_every_axis():
    figure = cost_curves(HISTORIES, "All of them", baselines={"mean image": 7.0})
    assert len(figure.axes) == 3
    for axis, ends in zip(figure.axes, ([2, 3], [2000, 6], [2, 0.3]), strict=True):
        for line, x_end, y_end in zip(axis.lines, ends, (4.5, 3.5), strict=False):
            assert line.get_xdata()[-1] == pytest.approx(x_end)
            assert line.get_ydata()[-1] == pytest.approx(y_end)
    assert "dear 4.50 after 2 iterations, 2e+03 passes over the data, 2 seconds" in figure.alt
    assert "cheap 3.50" in figure.alt


def test_cost_curves_by_one_cost_and_of_none():
    assert len(cost_curves(HISTORIES, "One", by=["passes"]).axes) == 1
    with pytest.raises(ValueError, match="histories must be a mapping"):
        cost_curves({}, "None")


def test_loss_by_cost_is_a_staircase():
    cost, loss = loss_by_cost(HISTORIES["cheap"], "passes")
    assert cost[0] == 2
    assert cost[-1] == 6
    assert (loss[cost < 4, 0] == 8).all()
    assert (loss[(cost >= 4) & (cost < 6), 0] == 6).all()
    assert loss[-1].tolist() == [3, 4]


def test_a_history_that_ended_sooner_stays_where_it_was():
    losses = np.array([[9.0, 9], [5, 6], [np.nan, 2]])
    passes = np.array([[0.0, 0], [2, 2], [2, 4]])
    _, loss = loss_by_cost(History(losses, passes, passes, 0 * passes), "passes")
    assert loss[-1].tolist() == [5, 2]


def test_iteration_costs():
    figure = iteration_costs(HISTORIES, "One iteration")
    assert cost_an_iteration(HISTORIES["dear"], "passes") == 1000
    assert cost_an_iteration(HISTORIES["cheap"], "seconds") == pytest.approx(0.1)
    assert "dear 1,000 passes and 1e+03 ms" in figure.alt
    drawn = [collection.get_offsets()[0, 0] for collection in figure.axes[0].collections]
    assert drawn == [1000, 2]


def test_success_rates():
    figure = success_rates({"Adam": (10, 10), "L-BFGS-B": (3, 10)}, "The goal")
    (axis,) = figure.axes
    low, high = proportion_interval(3, 10)
    assert axis.lines[1].get_xdata() == pytest.approx([low, high])
    assert "Adam 10 of 10 (95 % interval 72% to 100%)" in figure.alt
    assert "L-BFGS-B 3 of 10 (95 % interval 11% to 60%)" in figure.alt
    with pytest.raises(ValueError, match="11 successes in 10 trials"):
        success_rates({"magic": (11, 10)}, "Impossible")


def test_proportion_interval_stays_within_0_and_1_and_narrows():
    assert proportion_interval(0, 10)[0] == pytest.approx(0, abs=1e-12)
    assert proportion_interval(10, 10)[1] == pytest.approx(1)
    widths = [np.ptp(proportion_interval(n // 2, n)) for n in (4, 40, 400)]
    assert widths == sorted(widths, reverse=True)
    with pytest.raises(ValueError, match="confidence"):
        proportion_interval(1, 2, confidence=1)


def test_spectra_say_how_many_eigenvalues_are_positive_and_their_span():
    figure = plots.spectra({"matrix": [1e-3, 5.0, -1.0, 100.0]}, "T")
    (line,) = figure.axes[0].lines
    assert line.get_ydata() == pytest.approx([100.0, 5.0, 1e-3])
    assert "matrix: 3 of 4 are positive, from 1.0e+02 down to 1.0e-03" in figure.alt
    with pytest.raises(ValueError, match="no eigenvalue of 'matrix' is positive"):
        plots.spectra({"matrix": [-1.0, 0.0]}, "T")
