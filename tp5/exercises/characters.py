"""Notebook 03: a line in the latent space, originality, finding letters by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..analysis import hamming_distances, interpolate, looks_like_a_letter, nearest
from ..datasets.fonts import all_characters, load_fonts
from .code import Code
from .explore import Explore
from .running import Mistake
from .think import Think

# --- Interpolation ------------------------------------------------------------------------------


def ends_of_lines() -> list[tuple[np.ndarray, np.ndarray, int]]:
    """Three lines, in two and in three dimensions."""
    rng = np.random.default_rng(6)
    return [(*rng.normal(size=(2, n)), steps) for n, steps in ((2, 5), (2, 11), (3, 4))]


line = Code(
    "line",
    3,
    (
        "how far along is each point? From 0 at the start to 1 at the end, in equal steps.",
        "t = np.linspace(0, 1, steps)[:, None] has shape (steps, 1), a column.",
        "(1 - t) * start + t * end is the whole line at once.",
    ),
    reference=interpolate,
    cases=ends_of_lines,
    mistakes={
        "the line does not reach its end: both ends belong to it (linspace, not arange).": (
            lambda start, end, steps: np.linspace(start, end, steps, endpoint=False)
        ),
        "it adds t·end to start: the way from start to end is end − start.": (
            lambda start, end, steps: start + np.linspace(0, 1, steps)[:, None] * end
        ),
        "the line never leaves its start.": lambda start, end, steps: np.tile(start, (steps, 1)),
        "start and end are exchanged: at t = 0 it should be at start.": (
            lambda start, end, steps: np.linspace(end, start, steps)
        ),
    },
)

# --- Originality --------------------------------------------------------------------------------


def pixels_from_known(picture: np.ndarray, known: np.ndarray) -> int:
    """Pixels in which a picture differs from the nearest known one, after rounding."""
    return int(((picture > 0.5) != (known > 0.5)).sum(axis=1).min())


def decoded_pictures() -> list[tuple[np.ndarray, np.ndarray]]:
    """Pictures between known ones, as a decoder makes them, and the known ones."""
    rng = np.random.default_rng(7)
    known = load_fonts()[1].X
    hit = rng.random((4, 35)) < 0.15
    mixed = list(np.abs(known[[1, 5, 20, 30]] - hit) * 0.6 + 0.4 * rng.random((4, 35)) * 0.9)
    return [(picture, known) for picture in [*mixed, known[3].copy()]]


def _absolute(picture: np.ndarray, known: np.ndarray) -> float:
    return np.abs(picture - known).sum(axis=1).min()


originality = Code(
    "originality",
    3,
    (
        "round first (ink is above ½), then count the differing pixels of each known picture.",
        "(picture > 0.5) != (known > 0.5) has shape (n_known, n_pixels).",
    ),
    reference=pixels_from_known,
    cases=decoded_pictures,
    factors=lambda picture, known: {"n, the number of pixels": picture.size},
    mistakes={
        "it returns which one is the nearest, not how far: min, not argmin.": lambda p, k: (
            hamming_distances(p, k).argmin()
        ),
        "the pictures are not rounded: a pixel counts as ink above ½.": _absolute,
        "it is the distance to the farthest picture: min, not max.": lambda p, k: hamming_distances(
            p, k
        ).max(),
        "it counts the pixels that are equal, not those that differ.": lambda p, k: (
            35 - hamming_distances(p, k)
        ).min(),
        "it counts the pixels that are equal to the nearest, not those that differ.": lambda p, k: (
            35 - hamming_distances(p, k).min()
        ),
        "it takes the mean over the known pictures: the nearest one is wanted.": lambda p, k: (
            hamming_distances(p, k).mean()
        ),
        "it adds up over all known pictures: the nearest one is wanted.": lambda p, k: (
            hamming_distances(p, k).sum()
        ),
        "squared differences are added up without rounding first.": lambda p, k: (
            ((p - k) ** 2).sum(axis=1).min()
        ),
    },
)

# --- Explore: a long walk and a new letter ------------------------------------------------------

# What another processor may round otherwise is no reason to say no: a pixel this near to ½ counts
# as it is wanted, and a place is as good as the best one this near to it (a share of the map).
DOUBT = NEAR = 1e-4
AROUND = np.array([[0, 0], [0, 1], [1, 0], [0, -1], [-1, 0]])


def passed_on_the_way(model: Any, start: str, end: str) -> set[str]:
    """Characters that the straight line between two meets exactly, without these two."""
    X, labels = all_characters(load_fonts())
    for label in (start, end):
        if label not in labels:
            raise Mistake(f"there is no character {label!r} among the 96.")
    codes = model.encode(X)
    points = interpolate(codes[labels.index(start)], codes[labels.index(end)], steps=200)
    pictures = model.decode(points)[:, None, :]  # (200, 1, 35)
    met = (np.abs(pictures - X) < 0.5 + DOUBT).all(axis=2).any(axis=0)
    return {label for label, is_met in zip(labels, met, strict=True) if is_met} - {start, end}


def passes_eight(model: Any, pair: tuple[str, str]) -> str:
    """Verify a pair of characters by walking from one to the other."""
    check_model(model)
    if np.shape(pair) != (2,):
        raise Mistake("hand over the network and two characters: check(ae, ('R', 'e')).")
    count = len(passed_on_the_way(model, *pair))
    if count < 8:
        raise Mistake(f"from {pair[0]} to {pair[1]} it meets {count} others; find 8 or more.")
    return f"from {pair[0]} to {pair[1]} it meets {count} other characters."


def check_model(model: Any) -> None:
    """Raise a `Mistake` unless this is one trained network with two latent units."""
    if getattr(model, "theta", None) is None or model.n_latent != 2 or len(model) != 1:
        raise Mistake("the network comes first: one trained run with two latent units, as ae.")


def small_autoencoder() -> Any:
    """One network that knows the 96 characters."""
    from ..models.autoencoder import Autoencoder

    X, _ = all_characters(load_fonts())
    network = Autoencoder((35, 64, 32, 2, 32, 64, 35), dtype="float32")
    return network.fit(X, rng=0, progress=False)


def longest_of_many() -> tuple[Any, tuple[str, str]]:
    """Try the pairs whose codes lie farthest apart, and keep the one that meets most."""
    ae = small_autoencoder()
    X, labels = all_characters(load_fonts())
    codes = ae.encode(X)
    distance = np.linalg.norm(codes[:, None] - codes, axis=-1)
    far = np.argsort(np.triu(distance), axis=None)[-40:]
    pairs = [(labels[a], labels[b]) for a, b in zip(*np.unravel_index(far, (96, 96)), strict=True)]
    return ae, max(pairs, key=lambda pair: len(passed_on_the_way(ae, *pair)))


long_walk = Explore(
    "long_walk",
    3,
    (
        "the longer the line, the more countries it crosses: look at the map of section 3.",
        "try characters at opposite rims, or write a loop over all pairs.",
    ),
    verify=passes_eight,
    example=longest_of_many,
)


def is_new_letter(model: Any, z: Any) -> str:
    """Verify a place by decoding it: original, and it passes the notebook's rule."""
    check_model(model)
    try:
        place = np.asarray(z, dtype=float)
    except (TypeError, ValueError):
        place = np.array(None)
    if place.shape != (2,):
        raise Mistake("hand over the network and two numbers: check(ae, finder.z).")
    X, labels = all_characters(load_fonts())
    pictures = model.decode(place + NEAR * np.ptp(model.encode(X), axis=0) * AROUND)
    which, away = nearest(pictures, X, "hamming")
    if away.max() < 3:
        raise Mistake(
            f"the picture there is {away[0]} pixels from {labels[which[0]]}; 3 or more are new."
        )
    alphabet = X[[label.isalpha() for label in labels]]
    passes = (away >= 3) & looks_like_a_letter(pictures, alphabet)
    if not passes.any():
        raise Mistake(
            "it is new, but the rule of section 5 does not let it pass: one piece, as much ink "
            "as letters have, no fat blobs, at most two doubtful pixels."
        )
    best = int(passes.argmax())
    return f"a new letter, {away[best]} pixels from {labels[which[best]]}, its nearest neighbour."


def first_on_a_grid() -> tuple[Any, np.ndarray]:
    """Ask the rule at 100×100 places, and take the first that passes."""
    from ..analysis import grid_over, new_letters

    ae = small_autoencoder()
    X, labels = all_characters(load_fonts())
    places = grid_over(ae.encode(X), side=100).reshape(-1, 2)
    alphabet = X[[label.isalpha() for label in labels]]
    return ae, places[new_letters(ae.decode(places), X, alphabet)[0]]


new_letter = Explore(
    "new_letter",
    3,
    (
        "go where the map of section 4 shows that pictures are original, and look for one piece.",
        "at the borders between two letters the picture is often a mixture that nobody drew.",
    ),
    verify=is_new_letter,
    example=first_on_a_grid,
)

faces = Think(
    "faces",
    3,
    ("what would a network have to learn to reconstruct a picture that it has never seen?",),
    choices={
        "a": "yes: a network only knows what it was shown, whatever the pictures are",
        "b": "no: thousands of faces share causes (pose, light, a nose below the eyes) that can "
        "be learned from some and used for others",
        "c": "no: photographs have more pixels, and more pixels are easier",
    },
    best="b",
    discussion=(
        "Generalising means that what was learned from some pictures says something about the "
        "others. Faces are one thing seen many times: their differences come from a few causes, "
        "and a network that has found them can put together a face it never saw. The 96 "
        "characters are 96 conventions; knowing A, B and C tells nobody what D looks like. "
        "(Strokes are shared, and a network with more latent units learns those.) More pixels "
        "(c) do not help by themselves: notebook 05 has 6400 and 426 drawings, and there, too, "
        "unseen drawings are harder."
    ),
)
