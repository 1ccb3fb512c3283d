"""No bad argument gets a bare exception, a warning of NumPy, or an answer in two lines."""

from __future__ import annotations

import numpy as np
import pytest
from bad_calls import BAD, GOOD, calls, name_of, public, verdict

import tp5
from tp5 import analysis, datasets, experiments, explorer, models, networks, plots, training

ROOMS = {room: getattr(tp5, room) for room in GOOD}

# What takes no arguments of a user's, or is tried elsewhere with more than a table can say.
ELSEWHERE = {
    datasets.Font, datasets.FontError, datasets.all_characters, datasets.load_fonts,  # test_fonts
    datasets.Images, datasets.load_images,  # test_images
    datasets.data_path,  # test_files
    experiments.local_processes, experiments.run_jobs,  # test_experiments_jobs
    experiments.ArchitectureComparison, experiments.FractionComparison,  # results
    experiments.NoiseComparison, experiments.OptimizerComparison,
    plots.CourseFigure, plots.new_figure, plots.projector,  # test_plots
    plots.visible,
    explorer.link, explorer.LiveTraining,  # test_explorer_…; a LiveTraining is begun and ended
    experiments.local_threads,  # test_scale
    # Without arguments, or to be derived from: test_activations, test_losses, test_model, …
    networks.Activation, networks.Identity, networks.ReLU, networks.Tanh, networks.Loss,
    networks.BinaryCrossEntropy, networks.SquaredError, networks.check_layers, models.LatentModel,
    # What `fit` is made of: it hands them what it has checked.
    training.History, training.Objective, training.Reconstruction, training.Denoising,
    training.Optimizer, training.Schedule, training.TrainingWarning, training.NoiseFunction,
    training.train,
}  # fmt: skip

FUNCTIONS = [(room, function) for room in GOOD for function in GOOD[room]]


@pytest.mark.parametrize("room", ROOMS)
def test_everything_public_is_called(room):
    missing = public(ROOMS[room]) - set(GOOD[room]) - ELSEWHERE
    assert not missing


@pytest.mark.parametrize(("room", "function"), FUNCTIONS, ids=lambda part: str(name_of(part)))
def test_a_good_call_is_good(room, function):
    assert verdict(function, GOOD[room][function]) == ""


@pytest.mark.parametrize(("room", "function"), FUNCTIONS, ids=lambda part: str(name_of(part)))
def test_a_bad_argument_gets_one_sentence(room, function):
    bare = {
        name: said
        for name, arguments in calls(room, function)
        if (said := verdict(function, arguments))
    }
    assert not bare, "\n".join(f"{name}: {said}" for name, said in bare.items())


def test_there_are_thousands_of_them():
    assert sum(len(list(calls(*which))) for which in FUNCTIONS) > 11_000


# --- The judge is a good one ----------------------------------------------------------------------


def test_a_bare_exception_is_found():
    assert verdict(lambda x: np.zeros(3) @ x, {"x": np.zeros(4)}).startswith("bare ValueError")
    assert verdict(lambda x: x + 1, {"x": None}).startswith("bare TypeError")
    assert verdict(lambda x: [][x], {"x": 3}).startswith("bare IndexError")


def test_a_warning_of_numpy_is_found():
    assert verdict(lambda x: np.mean(x), {"x": []}).startswith("bare RuntimeWarning")


def test_a_sentence_of_ours_passes():
    assert verdict(analysis.gaussian_grid, {"side": BAD["a word"]}) == ""
