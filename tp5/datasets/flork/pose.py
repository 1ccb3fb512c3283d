"""The pose of a drawing: every cause of its pixels, by name."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from ...checks import as_rng, shown

WORDS: dict[str, dict[str, int]] = {
    "mouth": {"line": 40, "hook": 22, "smile": 26, "open": 12},
    "eyes": {"dots": 60, "closed": 10, "wide": 10, "angry": 8, "sunglasses": 6, "tears": 6},
    "arms": {"bent": 52, "limp": 16, "none": 32},
    "hands": {"fork": 55, "mitten": 25, "none": 20},
    "accessory": {
        "none": 52,
        "phone": 7,
        "popcorn": 7,
        "cookie": 5,
        "mate": 5,
        "headphones": 6,
        "hat": 6,
        "horns": 4,
        "halo": 4,
        "formulas": 4,
    },
    "outlier": {"none": 96, "letterbox": 1, "second": 2, "caption": 1},
}
"""The words that a pose knows, and how often in a hundred `random_pose` picks each."""

HELD = ("phone", "popcorn", "cookie", "mate")
"""The accessories that need a hand."""


def _number(low: float, high: float, default: float) -> Any:
    """Return a dataclass field that remembers the range from which `random_pose` draws."""
    return field(default=default, metadata={"range": (low, high)})


@dataclass(frozen=True)
class Pose:
    """Everything that decides a drawing.

    The ranges are those of `random_pose`. Leave them and see what happens.

    Attributes
    ----------
    lean : float
        Tilt of the whole figure in degrees, -9 (back) to 9 (forward).
    height : float
        Height of the figure in sides, .80 to .85: the top of the head lies at y = 1 - height.
    foot : float
        x where the back line leaves the paper, .05 to .20.
    snout : float
        x of the tip of the snout, .78 to .82; larger is longer.
    snout_y : float
        y of the tip of the snout, .25 to .35; larger looks further down.
    chest : float
        x where the chest line starts under the snout, .65 to .75.
    mouth : {"line", "hook", "smile", "open"}
        How the mouth ends at its inner corner, or whether it is open.
    mouth_x : float
        x of the inner corner of the mouth, .40 to .52; smaller is wider.
    mouth_curve : float
        -1 (sulking) to 1 (beaming).
    eyes : {"dots", "closed", "wide", "angry", "sunglasses", "tears"}
        What the eyes are like.
    eye_size : float
        Radius of a dot eye in sides, .015 to .020.
    eye_tilt : float
        Slope of the line through both eyes in degrees, 10 to 20.
    arms : {"bent", "limp", "none"}
        Two straight pieces and an elbow, a hanging noodle, or nothing. Who holds something has
        bent arms, whatever this says.
    near_arm, near_bend : float
        Of the arm in front of the body: direction of the upper arm, 70 to 150 degrees, and the
        turn from there to the forearm, -140 to -60 degrees. Only for bent arms.
    far_arm, far_bend : float
        The same of the arm on the chest line: 20 to 70 degrees, -120 to -40 degrees.
    hands : {"fork", "mitten", "none"}
        Three fingers, a round mitten with a thumb, or a bare line.
    accessory : {"none", "phone", "popcorn", "cookie", "mate", "headphones", "hat", "horns", \
"halo", "formulas"}
        One thing more. The first four are held in the far hand.
    stroke : float
        Width of the line in sides, .019 to .023: 1.5 to 1.8 pixels of 80.
    mirrored : bool
        Whether the finished picture is flipped left to right.
    outlier : {"none", "letterbox", "second", "caption"}
        What every collection from the web has: black bars, a second figure, a line of text.

    Raises
    ------
    ValueError
        If a word is not in its list, or a number is none or beyond ±1000.

    Examples
    --------
    >>> Pose(eyes="wide", accessory="popcorn").mouth
    'line'
    """

    lean: float = _number(-9, 9, 0.0)
    height: float = _number(0.80, 0.85, 0.83)
    foot: float = _number(0.05, 0.20, 0.13)
    snout: float = _number(0.78, 0.82, 0.80)
    snout_y: float = _number(0.25, 0.35, 0.30)
    chest: float = _number(0.65, 0.75, 0.68)
    mouth: str = "line"
    mouth_x: float = _number(0.40, 0.52, 0.46)
    mouth_curve: float = _number(-1, 1, 0.2)
    eyes: str = "dots"
    eye_size: float = _number(0.015, 0.020, 0.018)
    eye_tilt: float = _number(10, 20, 14.0)
    arms: str = "bent"
    near_arm: float = _number(70, 150, 110.0)
    near_bend: float = _number(-140, -60, -90.0)
    far_arm: float = _number(20, 70, 45.0)
    far_bend: float = _number(-120, -40, -90.0)
    hands: str = "fork"
    accessory: str = "none"
    stroke: float = _number(0.019, 0.023, 0.021)
    mirrored: bool = False
    outlier: str = "none"

    def __post_init__(self) -> None:
        for name, words in WORDS.items():
            word = getattr(self, name)
            if not isinstance(word, str) or word not in words:
                raise ValueError(
                    f"a Flork cannot have {name}={shown(word)}; choose from {', '.join(words)}."
                )
        for name, (low, high) in RANGES.items():
            number = getattr(self, name)
            if (
                not isinstance(number, int | float | np.integer | np.floating)
                or not -1000 <= number <= 1000
            ):
                raise ValueError(
                    f"a Flork cannot have {name}={shown(number)}; "
                    f"take a number, usually from {low} to {high}."
                )
        if not isinstance(self.mirrored, bool | np.bool_):
            raise ValueError(
                f"a Flork cannot have mirrored={shown(self.mirrored)}; take True or False."
            )


RANGES: dict[str, tuple[float, float]] = {
    part.name: part.metadata["range"] for part in fields(Pose) if "range" in part.metadata
}
"""From where to where `random_pose` draws each number of a pose."""


def random_pose(rng: int | np.random.Generator) -> Pose:
    """Draw a pose: numbers uniformly from `RANGES`, words with the odds of `WORDS`.

    One in five is mirrored, except where there is something to read.

    Parameters
    ----------
    rng : int or numpy.random.Generator
        Seed or source of chance.

    Returns
    -------
    Pose

    Examples
    --------
    >>> random_pose(7) == random_pose(7)
    True
    """
    rng = as_rng(rng)
    # Four digits place a line to a hundredth of a pixel, and keep a printed pose readable.
    numbers: dict[str, Any] = {
        name: round(float(rng.uniform(*ends)), 4) for name, ends in RANGES.items()
    }
    words: dict[str, Any] = {
        name: str(rng.choice(list(odds), p=np.array(list(odds.values())) / 100))
        for name, odds in WORDS.items()
    }
    to_read = words["accessory"] == "formulas" or words["outlier"] == "caption"
    return Pose(**numbers, **words, mirrored=bool(rng.random() < 0.2) and not to_read)
