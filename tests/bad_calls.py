"""Calls that nobody should make: every argument of every public function × a table of bad values.

`GOOD` has one good call of each public function, class and method of a room. `calls` replaces its
arguments, one at a time, by each of `BAD`; `verdict` says what came of it.
"""

from __future__ import annotations

import inspect
import linecache
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import tp5
from tp5 import analysis, datasets, experiments, explorer, models, networks, plots, training
from tp5.datasets import flork

PACKAGE = str(Path(tp5.__file__).parent)


class Evil:
    """An object that answers nobody."""

    def __repr__(self) -> str:
        raise RuntimeError("no word about me")

    __str__ = __repr__

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        raise RuntimeError("no array")


BAD: dict[str, Any] = {
    "None": None,
    "a word": "seed",
    "no word": "",
    "bytes": b"bytes",
    "True": True,
    "1.5": 1.5,
    "-1": -1,
    "0": 0,
    "NaN": float("nan"),
    "infinity": float("inf"),
    "10**400": 10**400,
    "a complex number": 1j,
    "an empty list": [],
    "an empty dict": {},
    "a dict": {"x": 1},
    "an object": object(),
    "an evil object": Evil(),
    "a function": len,
    "words": ["a", "b"],
    "rows of unequal length": [[1, 2, 3], [4, 5]],
    "an empty array": np.zeros((0, 35)),
    "five dimensions": np.zeros((1, 2, 1, 2, 1)),
    "one dimension": np.ones(5),
    "a column": np.ones((5, 1)),
    "NaN in an array": np.full((8, 35), np.nan),
    "infinity in an array": np.full((8, 35), np.inf),
    "bytes of a picture": np.full((8, 35), 255, dtype=np.uint8),
    "a masked array": np.ma.array(np.ones((8, 35)), mask=np.eye(8, 35)),
    "an old random state": np.random.RandomState(0),
}

FONT = datasets.load_fonts()[1]
X = FONT.X[:8]
LABELS = FONT.labels[:8]
FONTS = datasets.load_fonts()[:2]
Z = np.random.default_rng(0).normal(size=(8, 2))
RUNS = np.linspace(8, 4, 6)[:, None] + np.array([0.0, 0.2])
GRID = analysis.rectangle_grid(0, 1, 3)
MODEL = tp5.Autoencoder((35, 2, 35)).fit(X, epochs=2, rng=0, progress=False)
SPREAD = np.linspace(0, 1, 12)
VAE = tp5.VariationalAutoencoder((35, 8, 2)).fit(X, epochs=2, rng=0, progress=False)
QUICK = {"n_runs": 2, "epochs": 1, "rng": 0, "executor": None, "progress": False}
ARCHITECTURES = experiments.compare_architectures(FONTS, [(35, 2, 35)], **QUICK)
OPTIMIZERS = experiments.compare_optimizers(
    X, {"Adam": (tp5.Adam(), 2)}, n_runs=2, rng=0, layers=(35, 2, 35), progress=False
)
NOISES = experiments.compare_noise(
    X, ["flip"], [2], [0.1], [0.1, 0.2], (4,), None, 2, 1, 2, 0, progress=False
)
TABLE = tp5.table.Table({"run": [0, 1], "loss": [4.7, 5.1]})


WALKER = explorer.LatentExplorer(MODEL, X, LABELS)
CLEANER = explorer.NoisePlayground(MODEL, X, LABELS)


def setter(widget: Any, name: str) -> Callable[..., None]:
    """Return a function that sets an attribute of a widget."""

    def set_it(value: Any) -> None:
        setattr(widget, name, value)

    set_it.__qualname__ = f"{type(widget).__name__}.{name}"
    return set_it


def funnel() -> plots.CourseFigure:
    """Draw something."""
    return plots.funnel((35, 2, 35), "T")


def live_training(**arguments: Any) -> None:
    """Begin a live training, and end it."""
    live = explorer.LiveTraining(**arguments)
    live.cancel()
    live.close()


def fresh(kind: Any, *arguments: Any) -> Callable[..., Any]:
    """Return the fit of a model that is made for each call."""

    def fit(**more: Any) -> Any:
        return kind(*arguments).fit(**({"progress": False} | more))

    fit.__qualname__ = f"{kind.__name__}.fit"
    return fit


FIT = {
    "X": X, "Y": X, "optimizer": tp5.SGD(0.1), "epochs": 1, "batch_size": 4, "n_runs": 1, "rng": 0,
    "start": None, "callbacks": [], "progress": False, "noise": datasets.Noise("flip", 0.1),
    "validation": X, "keep_best": False,
}  # fmt: skip
THETA = MODEL.theta
NETWORK = tp5.Network((35, 2, 35), ["tanh", "identity"])
PCA = models.PCA(2).fit(X)
GRADIENT = np.ones(4)

GOOD: dict[str, dict[Callable[..., Any], dict[str, Any]]] = {
    "networks": {
        networks.LeakyReLU: {"slope": 0.1},
        networks.Logistic: {"beta": 1.0},
        networks.Network: {"layers": (35, 2, 35), "activations": ["tanh", "identity"]},
        networks.central_differences: {
            "loss": lambda theta: (theta**2).sum(axis=1), "theta": GRADIENT, "step": 1e-5
        },
        networks.get_activation: {"activation": "tanh"},
        networks.get_loss: {"loss": "squared_error"},
        networks.initial_theta: {
            "network": NETWORK, "init": "he", "rng": np.random.default_rng(0), "dtype": "float32"
        },
        networks.kl_divergence: {"mu": Z, "log_var": Z},
        networks.kl_gradient: {"mu": Z, "log_var": Z},
        networks.kl_per_latent: {"mu": Z, "log_var": Z},
        networks.relative_error: {"gradient": GRADIENT, "reference": GRADIENT},
        NETWORK.forward: {"theta": THETA, "X": X},
    },
    "training": {
        tp5.SGD: {"lr": 0.1, "weight_decay": 0.1, "clip_norm": 1.0},
        tp5.Momentum: {"lr": 0.1, "momentum": 0.5, "nesterov": True},
        tp5.RMSprop: {"lr": 0.1, "rho": 0.9, "eps": 1e-7},
        tp5.Adam: {"lr": 0.1, "beta1": 0.9, "beta2": 0.9, "eps": 1e-7},
        tp5.CosineDecay: {"lr": 0.1, "final": 0.1},
        tp5.ExponentialDecay: {"lr": 0.1, "factor": 0.9},
        tp5.StepDecay: {"lr": 0.1, "every": 2, "factor": 0.5},
        tp5.AdaptiveRate: {"lr": 0.1, "increase": 0.1, "decrease": 0.1, "patience": 3},
        tp5.Scipy: {"method": "Powell", "maxiter": 2, "gradient": True, "tol": 0.1, "options": {}},
        tp5.StopBelow: {"target": 1.0},
        tp5.StopWhenFlat: {"patience": 2, "tolerance": 0.1},
        MODEL.history.at_cost: {"budget": 1.0, "by": "passes"},
        MODEL.history.total_cost: {"by": "passes"},
        MODEL.history.run: {"runs": 0},
        training.side_by_side: {"histories": [MODEL.history]},
    },
    "models": {
        models.PCA: {"n_latent": 2},
        PCA.fit: {"X": X},
        PCA.encode: {"X": X},
        PCA.decode: {"z": Z},
        PCA.error: {"X": X},
        PCA.wrong_pixels: {"X": X},
        models.mean_image_error: {"X": X},
        models.Autoencoder: {
            "layers": (35, 2, 35), "activation": "tanh", "latent_activation": "tanh",
            "output_activation": "logistic", "loss": "squared_error", "init": "he",
            "dtype": "float32", "latent_layer": 1,
        },
        models.VariationalAutoencoder: {
            "layers": (35, 8, 2), "beta": 1.0, "warm_up": 1, "activation": "relu",
            "init": "glorot", "dtype": "float32", "loss": "squared_error", "decoder_layers": None,
        },
        fresh(models.Autoencoder, (35, 2, 35)): FIT,
        fresh(models.VariationalAutoencoder, (35, 8, 2)): {
            name: FIT[name] for name in ("X", "optimizer", "epochs", "batch_size", "n_runs", "rng")
        },
        MODEL.__getitem__: {"run": 0},
        MODEL.encode: {"X": X},
        MODEL.decode: {"z": Z},
        MODEL.reconstruct: {"X": X},
        MODEL.error: {"X": X, "Y": X},
        MODEL.wrong_pixels: {"X": X, "Y": X},
        MODEL.loss_and_grad: {"theta": THETA, "X": X, "Y": X},
        VAE.sample: {"n": 2, "rng": 0},
        VAE.posterior: {"X": X},
        VAE.elbo: {"X": X, "n_samples": 2, "rng": 0},
        VAE.log_likelihood: {"X": X, "n_samples": 2, "rng": 0},
        VAE.kl: {"X": X},
    },
    "analysis": {
        analysis.conclusions: {"model": VAE, "X": FONT.X, "shape": (7, 5), "points": Z},
        analysis.random_places: {"codes": Z, "n": 3, "rng": 0},
        analysis.told_apart: {"groups": {"a": SPREAD, "b": SPREAD + 1}, "confidence": 0.9},
        analysis.best_guess: {"X_noisy": X, "X": X, "p": 0.1},
        analysis.difference_interval: {"a": SPREAD, "b": SPREAD, "confidence": 0.9},
        analysis.gaussian_grid: {"side": 3},
        analysis.gradient_energy: {"X_hat": X, "shape": (7, 5)},
        analysis.grid_over: {"codes": Z, "side": 3},
        analysis.hamming_distances: {"X": X, "Y": X},
        analysis.interpolate: {"start": Z[0], "end": Z[1], "steps": 3},
        analysis.looks_like_a_letter: {"X_hat": X, "letters": X, "shape": (7, 5)},
        analysis.mean_interval: {"values": RUNS, "axis": 0, "confidence": 0.9},
        analysis.near_neighbours: {"points": Z, "known": Z, "radius": 0.5},
        analysis.nearest: {"points": Z, "known": Z, "metric": "squared"},
        analysis.nearest_lookup: {"X_noisy": X, "X": X},
        analysis.new_letters: {
            "X_hat": X, "X": X, "letters": X, "min_distance": 1, "shape": (7, 5)
        },
        analysis.pairwise_distances: {"points": Z, "known": Z},
        analysis.proportion_interval: {"successes": 3, "n": 5, "confidence": 0.9},
        analysis.quantile_grid: {"side": 3, "codes": Z, "tail": 0.1},
        analysis.rank_correlation: {"a": SPREAD, "b": SPREAD**2, "confidence": 0.9},
        analysis.rectangle_grid: {"low": 0.0, "high": 1.0, "side": 3},
        analysis.separation: {"z": Z},
        analysis.stroke_measures: {"X_hat": X, "shape": (7, 5)},
        analysis.unsure_share: {"X_hat": X},
    },
    "datasets": {
        datasets.Noise: {"kind": "flip", "level": 0.1},
        datasets.Noise("flip", 0.1).__call__: {"X": X, "rng": 0},
        datasets.flip: {"X": X, "p": 0.1, "rng": 0},
        datasets.noise.salt_and_pepper: {"X": X, "p": 0.1, "rng": 0},
        datasets.noise.gaussian: {"X": X, "sigma": 0.1, "rng": 0},
        datasets.noise.masking: {"X": X, "p": 0.1, "rng": 0},
        datasets.noisy_pairs: {"X": X, "noise": datasets.Noise("flip", 0.1), "copies": 2, "rng": 0},
        datasets.load_florks: {"path": None},
        datasets.is_ours: {"fonts": FONTS},
        flork.Pose: {"lean": 0.0, "mouth": "line", "mirrored": False, "accessory": "none"},
        flork.draw_flork: {"pose": flork.Pose(), "size": 16},
        flork.make_florks: {"n": 1, "rng": 0, "size": 16},
        flork.random_pose: {"rng": 0},
    },
    "experiments": {
        experiments.class_characters: {"labels": LABELS},
        experiments.compare_conclusions: {
            "X": X, "shape": (7, 5), "hidden": (4,), "n_networks": 1, "epochs": 1,
            "optimizer": tp5.Adam(), "batch_size": 4, "rng": 0, "executor": None, "progress": False,
        },
        experiments.class_pairs: {"X": X, "labels": list(LABELS), "rng": 0},
        experiments.class_denoiser: {
            "X_noisy": X[:2], "Y": X[:2], "n_runs": 1, "iterations": 1, "rng": 0
        },
        experiments.compare_architectures: {
            "fonts": FONTS, "architectures": [(35, 2, 35)], "momenta": [0.0], "lr": 0.1, **QUICK
        },
        experiments.compare_fractions: {
            "X": X, "fractions": [0.5], "layers": (35, 2, 35), "optimizer": tp5.Adam(), **QUICK
        },
        experiments.compare_noise: {
            "X": X, "kinds": ["flip"], "latent_sizes": [2], "train_levels": [0.1],
            "test_levels": [0.1], "hidden": (4,), "copies": 1, "test_copies": 1, **QUICK,
        },
        experiments.compare_optimizers: {
            "X": X, "optimizers": {"Adam": (tp5.Adam(), 1)}, "n_runs": 1, "rng": 0,
            "layers": (35, 2, 35), "train_fraction": None, "X_test": X, "executor": None,
            "progress": False,
        },
        experiments.read_study: {"name": "fractions"},
        ARCHITECTURES.model: {"architecture": 0, "momentum": 0, "font": 0},
        ARCHITECTURES.curves: {"momentum": 0},
        ARCHITECTURES.errors: {"momentum": 0, "font": 0},
        OPTIMIZERS.history: {"name": "Adam"},
        OPTIMIZERS.at_cost: {"budget": 1.0, "by": "passes"},
        NOISES.model: {"kind": "flip", "n_latent": 2, "level": 0.1},
        NOISES.kept: {"kind": "flip", "n_latent": 2},
        tp5.table.Table: {"columns": {"a": [1]}},
        tp5.table.Table.from_rows: {"names": ["a"], "rows": [(1,)]},
        TABLE.sorted_by: {"name": "run"},
        TABLE.__getitem__: {"name": "run"},
    },
    "plots": {
        plots.Animation: {"frames": np.eye(5)[:, None], "alt": "A dot", "seconds": 0.1, "scale": 2},
        plots.beside_nearest: {
            "X_new": X, "X_nearest": X, "distances": np.arange(8), "title": "T", "shape": (7, 5)
        },
        plots.character_map: {
            "grid": GRID, "index": np.arange(9).reshape(3, 3) % 3, "labels": LABELS, "codes": Z,
            "title": "T",
        },
        plots.cleaning_curves: {
            "levels": [0.1, 0.2], "curves": {"a": np.ones((3, 2))}, "title": "T",
            "baselines": {"b": np.ones((3, 2))}, "xlabel": "x",
        },
        plots.closest_pairs: {
            "X": X, "labels": LABELS, "title": "T", "n_pairs": 2, "shape": (7, 5)
        },
        plots.clouds: {"z": Z, "colourings": {"a": LABELS}, "title": "T", "columns": 1},
        plots.collapse: {
            "codes": {"a": Z}, "kl": {"a": [1, 2]}, "X_hat": {"a": X[:1]}, "title": "T",
            "shape": (7, 5),
        },
        plots.cost_curves: {
            "histories": {"a": MODEL.history}, "title": "T", "by": ["passes"],
            "baselines": {"m": 1.0}, "ylabel": "y", "top": 9.0,
        },
        plots.decoded_grid: {
            "images": np.ones((3, 3, 35)), "grid": GRID, "title": "T", "shape": (7, 5)
        },
        plots.decoded_grids: {
            "images": {"a": np.ones((3, 3, 35))}, "grid": GRID, "title": "T", "shape": (7, 5)
        },
        plots.denoised: {
            "clean": X, "pictures": {"noisy": X}, "labels": LABELS, "title": "T", "shape": (7, 5)
        },
        plots.drawings: {
            "X": X, "title": "T", "names": LABELS, "columns": 4, "shape": (7, 5)
        },
        plots.error_curves: {
            "curves": {"a": RUNS}, "baselines": {"m": 1.0}, "title": "T", "ylabel": "y"
        },
        plots.error_panels: {
            "panels": {"p": {"a": RUNS}}, "baselines": {"m": 1.0}, "title": "T", "ylabel": "y",
            "top": 9.0,
        },
        plots.errors_with_intervals: {
            "groups": {"g": {"a": RUNS[0]}}, "baselines": {"m": 1.0}, "title": "T", "xlabel": "x"
        },
        plots.funnel: {"layers": (35, 2, 35), "title": "T"},
        plots.glyph_rgb: {"image": X[0].reshape(7, 5), "wanted": X[1].reshape(7, 5)},
        plots.glyphs: {
            "X": X, "labels": LABELS, "title": "T", "columns": 4, "shape": (7, 5)
        },
        plots.goal_curves: {"wrong": {0: [9, 8], 50: [1, 2]}, "title": "T", "goal": 1},
        plots.gradient_check: {"exact": SPREAD, "differences": SPREAD + 1e-9, "title": "T"},
        plots.grid_and_map: {
            "X_hat": np.ones((3, 3, 35)), "grid": GRID, "codes": Z, "title": "T", "shape": (7, 5)
        },
        plots.holes: {
            "distance": SPREAD, "doubtful": SPREAD, "originality": SPREAD, "title": "T"
        },
        plots.iteration_costs: {"histories": {"a": MODEL.history}, "title": "T"},
        plots.latent_map: {"z": Z, "labels": LABELS, "title": "T"},
        plots.latent_maps: {
            "zs": [Z], "labels": [LABELS], "titles": ["T"], "columns": 1, "title": "T"
        },
        plots.level_map: {
            "kept": np.ones((2, 2)), "train_levels": [0.1, 0.2], "test_levels": [0.1, 0.2],
            "title": "T",
        },
        plots.losses_apart: {"histories": {"a": VAE.history}, "title": "T", "lines": {"m": 1.0}},
        plots.noise_kinds: {
            "image": X[0].reshape(7, 5), "noisy": {"flip": {0.1: X[0].reshape(7, 5)}}, "title": "T"
        },
        plots.originality_map: {
            "grid": GRID, "originality": np.ones((3, 3)), "codes": Z, "title": "T"
        },
        plots.pairs_apart: {
            "panels": {"two runs": {"a": RUNS[0], "b": RUNS[1]}}, "title": "T", "unit": "u"
        },
        plots.spectra: {"eigenvalues": {"a": SPREAD}, "title": "T", "ylabel": "y"},
        plots.reconstructions: {
            "X": X, "X_hat": X, "labels": LABELS, "title": "T", "columns": 4, "shape": (7, 5)
        },
        plots.strip: {
            "images": X, "captions": LABELS, "title": "T", "note": "n", "shape": (7, 5)
        },
        plots.success_rates: {"successes": {"a": (3, 5)}, "title": "T", "xlabel": "x"},
        plots.trends: {
            "panels": {"a": (SPREAD, SPREAD**2)}, "labels": {"a": ("x", "y")}, "title": "T"
        },
    },
    "explorer": {
        explorer.LatentExplorer: {
            "model": MODEL, "X": X, "labels": LABELS, "images": X.reshape(-1, 7, 5),
            "shape": None, "pca": False, "draw": False,
        },
        setter(WALKER, "z"): {"value": [0.0, 1.0]},
        setter(WALKER, "path"): {"value": [[0.0, 1.0], [1.0, 1.0]]},
        setter(WALKER, "t"): {"value": 0.5},
        WALKER.restore: {"state": WALKER.state()},
        explorer.NoisePlayground: {
            "model": MODEL, "X": X, "labels": LABELS, "shape": (7, 5), "level": 0.1,
            "kind": "flip", "seed": 0,
        },
        explorer.FigureKnobs: {"draw": lambda run: funnel(), "run": [0, 1]},
        explorer.TrainingFilm: {
            "X": X, "labels": LABELS, "every": 1, "shown": [0, 1], "shape": (7, 5)
        },
        setter(WALKER, "pca"): {"value": False},
        setter(CLEANER, "character"): {"value": LABELS[1]},
        CLEANER.toggle: {"row": 1, "column": 1},
        live_training: {
            "X": X, "labels": LABELS, "architecture": (35, 2, 35), "lr": 0.1, "momentum": 0.1,
            "epochs": 1, "n_runs": 1, "target": (5.0, 10), "architectures": [(35, 2, 35)], "rng": 0,
        },
    },
}  # fmt: skip


def name_of(function: Callable[..., Any]) -> str:
    """Return "Noise.__call__", or "flip"."""
    return getattr(function, "__qualname__", repr(function))


def calls(room: str, function: Callable[..., Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a name and the arguments of a bad call: one of the good arguments is replaced."""
    good = GOOD[room][function]
    for argument in good:
        for what, value in BAD.items():
            yield f"{name_of(function)}({argument}={what})", good | {argument: value}


def verdict(function: Callable[..., Any], arguments: dict[str, Any]) -> str:
    """Call it; return "" where all is well: it did what it should, or said why not in a sentence.

    A figure is drawn too. Warnings of NumPy and of Python's runtime are faults; and an exception is
    bare unless a line of tp5 raised it, as a ValueError, an OSError or a LookupError.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", RuntimeWarning)
        try:
            result = function(**arguments)
            if isinstance(result, plots.CourseFigure):
                result.draw_without_rendering()
        except Exception as error:
            return said_on_purpose(error)
    return ""


def said_on_purpose(error: Exception) -> str:
    """Return "" for one clear sentence of tp5's own, otherwise what is wrong with the error."""
    frames = inspect.getinnerframes(error.__traceback__)  # type: ignore[arg-type]
    last = frames[-1]
    line = linecache.getline(last.filename, last.lineno).strip()
    where = f"{Path(last.filename).name}:{last.lineno}: {line[:70]}"
    try:
        text = str(error)
    except RuntimeError:  # of an evil object, which a KeyError spells
        text = "no words"
    if not isinstance(error, ValueError | OSError | LookupError):
        return f"bare {type(error).__name__}: {text[:80]} at {where}"
    if not last.filename.startswith(PACKAGE) or not line.startswith("raise"):
        return f"bare {type(error).__name__}: {text[:80]} at {where}"
    if "\n" in text or len(text) > 700:
        return f"no sentence but {text[:200]!r}"
    return ""


def public(room: Any) -> set[Callable[..., Any]]:
    """Return the functions and classes that a room hands out."""
    return {getattr(room, name) for name in room.__all__ if callable(getattr(room, name))}


def main(rooms: list[str]) -> None:
    """Print the calls of some rooms that end in a bare exception."""
    for room in rooms:
        every = GOOD[room]
        found: dict[str, list[tuple[str, str]]] = {}
        for function, good in every.items():
            if said := verdict(function, good):
                found[name_of(function)] = [("the good call", said)]
            for name, arguments in calls(room, function):
                if said := verdict(function, arguments):
                    call, _, what = name.partition("=")
                    found.setdefault(call, []).append((what[:-1], said))
        bare = sum(map(len, found.values()))
        number = sum(len(list(calls(room, function))) for function in every)
        print(f"{room}: {bare} bare of {number} calls")
        for call, cases in found.items():
            print(f"  {call}): {len(cases)}, such as {cases[0][0]}: {cases[0][1][:150]}")


if __name__ == "__main__":
    main(sys.argv[1:] or list(GOOD))
