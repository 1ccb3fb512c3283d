"""Notebook 04: flip noise, the nearest neighbour, a denoiser for all 96 characters."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..datasets.fonts import all_characters, load_fonts
from ..datasets.noise import Noise, flip, noisy_pairs
from .code import Code
from .explore import Explore
from .running import Mistake, Runner
from .think import Think

# --- Flip noise ---------------------------------------------------------------------------------


def examine_flip(runner: Runner) -> None:
    """Which values, how many, where, and by `rng` alone."""
    X = np.round(np.random.default_rng(8).random((60, 35)))
    noisy = np.asarray(runner(X, 0.2, np.random.default_rng(0)))
    if noisy.shape != X.shape:
        raise Mistake(f"it returns shape {noisy.shape} for pictures of shape {X.shape}.")
    if noisy.dtype == bool:
        raise Mistake("it returns which pixels are hit (bool), not the noisy picture.")
    if noisy.dtype.kind not in "iuf":
        raise Mistake(f"it should return numbers, and returns {noisy.dtype}.")
    check_values(noisy, X)
    check_generator(runner, X)
    check_independence(runner, X)
    check_rate(runner, X)
    check_ends_and_grey(runner)


def drawn(runner: Runner, X: np.ndarray, p: float, seed: int) -> np.ndarray:
    """Run the student's noise."""
    return np.asarray(runner(X, p, np.random.default_rng(seed)))


def check_values(noisy: np.ndarray, X: np.ndarray) -> None:
    """Raise a `Mistake` unless every pixel is what it was or its opposite."""
    if not np.isin(noisy, (0, 1)).all():
        low, high = noisy.min(), noisy.max()
        raise Mistake(
            f"black and white pixels come back with values from {low:.4g} to {high:.4g}: a "
            f"flipped pixel is 1 − x, ink becomes paper and paper ink."
        )
    if not (noisy > X).any():
        raise Mistake("ink becomes paper, and paper never becomes ink: that is masking noise.")
    if not (noisy < X).any():
        raise Mistake("paper becomes ink, and ink never becomes paper: a flip works both ways.")


def check_rate(runner: Runner, X: np.ndarray) -> None:
    """Raise a `Mistake` unless a share p of many pixels is turned over, up to five sigma."""
    for p in (0.2, 0.4):
        hits = [(drawn(runner, X, p, seed) != X).mean() for seed in range(20)]
        rate, sigma = float(np.mean(hits)), np.sqrt(p * (1 - p) / (20 * X.size))
        if abs(rate - p) < 5 * sigma:
            continue
        why = ""
        if abs(rate - (1 - p)) < 5 * sigma:
            why = " That is 1 − p: < and > have changed places."
        elif abs(rate - p / 2) < 5 * sigma:
            why = " That is p/2: pixels that are hit get a random value, as in salt & pepper."
        raise Mistake(f"with p = {p:g} a share of {rate:.2f} of the pixels is turned over.{why}")


def check_independence(runner: Runner, X: np.ndarray) -> None:
    """Raise a `Mistake` if whole rows or columns are turned over together, or always as many."""
    hits = np.array([drawn(runner, X, 0.2, seed) != X for seed in range(20)])
    if (hits == hits[:, :1]).all():
        raise Mistake("all pictures are hit in the same pixels: draw rng.random(X.shape).")
    if (hits == hits[:, :, :1]).all():
        raise Mistake("pictures are turned over as a whole: draw a number for each pixel.")
    if np.ptp(hits.sum(axis=(1, 2))) == 0 or np.ptp(hits.sum(axis=2)) == 0:
        raise Mistake("exactly the same number of pixels is hit each time; each pixel on its own.")


def check_ends_and_grey(runner: Runner) -> None:
    """Raise a `Mistake` at p = 0, p = 1, for grey pixels, or for a single picture."""
    grey = np.random.default_rng(9).random(35)
    for p, wanted, words in ((0.0, grey, "p = 0 leaves"), (1.0, 1 - grey, "p = 1 turns over")):
        if not np.allclose(drawn(runner, grey, p, 0), wanted):
            raise Mistake(f"{words} every pixel; grey ones too, x becomes 1 − x.")


def check_generator(runner: Runner, X: np.ndarray) -> None:
    """Raise a `Mistake` unless chance comes from `rng` and from nowhere else."""
    first, again, other = (drawn(runner, X, 0.2, seed) for seed in (0, 0, 1))
    if np.array_equal(first, other) and np.array_equal(first, again):
        raise Mistake("every seed gives the same noise: use the rng that is handed over.")
    if not np.array_equal(first, again):
        raise Mistake(
            "the same seed gives two different noises: draw from the rng that is handed over, "
            "not from np.random."
        )


flip_noise = Code(
    "flip_noise",
    4,
    (
        "which pixels are hit? Draw one number between 0 and 1 for each.",
        "rng.random(X.shape) < p says which pixels are hit.",
        "np.where(hit, 1 - X, X) turns those over and leaves the others.",
    ),
    reference=flip,
    examine=examine_flip,
)

# --- The nearest neighbour ----------------------------------------------------------------------


def spoilt_letters() -> list[tuple[np.ndarray, np.ndarray]]:
    """Noisy letters and the letters that they may have been."""
    letters = load_fonts()[1].X
    noisy = flip(letters[[1, 4, 9, 18, 23, 30]], 0.1, 10)
    return [(picture, letters) for picture in noisy]


def _distances(noisy: np.ndarray, known: np.ndarray) -> np.ndarray:
    return (known != noisy).sum(axis=1)


def nearest_letter(noisy: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the row of known that differs from a noisy picture in the fewest pixels."""
    return known[(known != noisy).sum(axis=1).argmin()]


nearest_neighbour = Code(
    "nearest_neighbour",
    4,
    (
        "count the differing pixels of every known letter; which count is the smallest?",
        "(known != noisy).sum(axis=1) are the counts, one for each known letter.",
        "argmin says where the smallest is; return that row of known.",
    ),
    reference=nearest_letter,
    signature=("noisy", "known"),
    cases=spoilt_letters,
    mistakes={
        "it returns which one is the nearest, its number; the picture itself is wanted.": (
            lambda noisy, known: _distances(noisy, known).argmin()
        ),
        "it returns how far the nearest is; the picture itself is wanted.": (
            lambda noisy, known: _distances(noisy, known).min()
        ),
        "it returns the farthest letter: argmin, not argmax.": (
            lambda noisy, known: known[_distances(noisy, known).argmax()]
        ),
        "it returns the noisy picture as it came.": lambda noisy, known: noisy,
        "it sums over the wrong axis: axis=1 are the pixels, axis=0 the letters.": (
            lambda noisy, known: known[(known != noisy).sum(axis=0).argmin() % len(known)]
        ),
        "differences are added up with their signs, so that + and − cancel: count them.": (
            lambda noisy, known: known[(known - noisy).sum(axis=1).argmin()]
        ),
    },
)

# --- Explore and think --------------------------------------------------------------------------


def cleans_all(model: Any) -> str:
    """Verify a denoiser on flip noise of 0.1 that nobody trained with."""
    if getattr(model, "theta", None) is None or model.layers[0] != 35:
        raise Mistake("hand over the trained Autoencoder, such as check(mine).")
    X, _ = all_characters(load_fonts())
    noisy, clean = noisy_pairs(X, Noise("flip", 0.1), copies=30, rng=5)
    left = float(np.mean(model.wrong_pixels(noisy, clean).sum(axis=-1)) / (noisy != clean).sum())
    if not left < 0.2 + 0.01:  # twice what other seeds change
        raise Mistake(f"a share of {left:.2f} of the wrong pixels is left; find below 0.20.")
    return f"a share of {left:.2f} of the wrong pixels is left."


def wide_and_shallow() -> tuple[Any]:
    """One wide layer on each side and twenty latent units; more layers do not help here."""
    from ..models.autoencoder import Autoencoder

    X, _ = all_characters(load_fonts())
    network = Autoencoder((35, 256, 20, 256, 35), dtype="float32")
    return (network.fit(X, noise=Noise("flip", 0.1), epochs=1500, rng=0, progress=False),)


clean_all = Explore(
    "clean_all",
    4,
    (
        "96 characters need more room than 32: wider layers, more latent units, more epochs.",
        "more layers are not what it takes: try one wide layer on each side, and 1500 epochs.",
    ),
    verify=cleans_all,
    example=wide_and_shallow,
)

masking_hint = Think(
    "masking_hint",
    4,
    ("with masking, which of the pixels in the noisy picture can be believed?",),
    choices={
        "a": "every pixel of ink is true: known letters that lack one of them are ruled out",
        "b": "every pixel of paper is true: ink can only be where no paper is",
        "c": "there is none: both noises are equally blind",
    },
    best="a",
    discussion=(
        "Masking erases ink and never adds any, so ink in the noisy picture was ink in the "
        "clean one. A lookup that knows this first throws out every letter that has paper where "
        "ink is seen, and among the rest takes the one with the fewest ink pixels missing. The "
        "usual lookup counts both kinds of difference alike and throws the hint away; that is "
        "why the network of section 6 beats it. With flip noise both kinds are equally likely "
        "to be false, and the plain count is right. (b) has it upside down: paper is what "
        "masking makes."
    ),
)
