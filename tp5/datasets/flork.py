"""Flork, drawn from a recipe: 426 small pictures of which we know every cause.

Flork is a sock puppet made of one thick black line. Each drawing follows from a `Pose`, a
handful of named numbers and words: how far it leans, how long its snout is, what it holds. So
when an autoencoder squeezes 6400 pixels into two numbers, the map of those two numbers can be
coloured by what caused the pixels.

A place on the paper is a pair (x, y) in *sides*: (0, 0) is the top-left corner, (1, 1) the
bottom-right one, y points down. Angles are in degrees: 0 points right, 90 points down.

The puppet is the work of the artist of the web comic *Flork of Cows*, who welcomes fan art that
earns no money. The pictures here are our own; none is copied.
"""

from __future__ import annotations

import hashlib
import math
import os
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tp5.files import atomic_write, data_path

if TYPE_CHECKING:
    from PIL import Image

Point = tuple[float, float]

SEED = 80
"""The seed of the drawings that the course ships."""

OVERSAMPLE = 8
"""We draw this many times larger and average: that makes the grey edges of a smooth line."""

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


# --- The pose: what we know about a drawing -----------------------------------------------------


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
            if word not in words:
                raise ValueError(
                    f"a Flork cannot have {name}={word!r}; choose from {', '.join(words)}."
                )
        for name, (low, high) in RANGES.items():
            number = getattr(self, name)
            if not isinstance(number, int | float | np.number) or not -1000 <= number <= 1000:
                raise ValueError(
                    f"a Flork cannot have {name}={number!r}; "
                    f"take a number, usually from {low} to {high}."
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
    rng = np.random.default_rng(rng)
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


# --- The pen ------------------------------------------------------------------------------------


class _Pen:
    """A round brush on a large sheet that is averaged down to the picture at the end.

    Attributes
    ----------
    place : callable
        Takes a point of the figure to the paper: lean, shrink, shift.
    """

    def __init__(self, size: int, stroke: float) -> None:
        from PIL import Image, ImageDraw

        self.scale = size * OVERSAMPLE
        self.sheet: Image.Image = Image.new("L", (self.scale, self.scale), 255)
        self.draw = ImageDraw.Draw(self.sheet)
        self.stroke = stroke
        self.place: Callable[[Point], Point] = _as_is

    def _pixels(self, points: Sequence[Point]) -> list[tuple[int, int]]:
        # Whole pixels of the large sheet leave nothing for a Pillow version to round its own way.
        placed = np.array([self.place(point) for point in points])
        placed = np.clip(placed, -9, 9)  # far outside the paper is far enough
        return [(int(x), int(y)) for x, y in np.rint(placed * self.scale)]

    def _wide(self, sides: float) -> int:
        return round(min(sides, 4) * self.scale)  # four sides cover the paper from anywhere near

    def line(self, points: Sequence[Point], width: float = 1.0) -> None:
        """Draw straight pieces with round joints and ends, ``width`` strokes wide."""
        pixels = self._pixels(points)
        wide = max(1, self._wide(self.stroke * width))
        self.draw.line(pixels, fill=0, width=wide)
        for pixel in pixels:
            self._disc(pixel, wide, 0)

    def curve(self, points: Sequence[Point], width: float = 1.0) -> None:
        """Draw a smooth line through all points."""
        self.line(_smooth(points), width)

    def fill(self, points: Sequence[Point], ink: int = 255) -> None:
        """Fill a polygon. In white (255), it hides what is behind it."""
        self.draw.polygon(self._pixels(points), fill=ink)

    def dot(self, center: Point, radius: float, ink: int = 0) -> None:
        """Fill a disc."""
        self._disc(self._pixels([center])[0], self._wide(2 * radius), ink)

    def ring(self, center: Point, radius: float) -> None:
        """Draw a circle and whiten what is in it."""
        self.dot(center, radius)
        self.dot(center, radius - self.stroke, ink=255)

    def _disc(self, center: tuple[int, int], wide: int, ink: int) -> None:
        left, top = center[0] - wide // 2, center[1] - wide // 2
        if wide > 0:
            self.draw.ellipse((left, top, left + wide - 1, top + wide - 1), fill=ink)

    def picture(self) -> np.ndarray:
        """Average the sheet down to (size, size), uint8."""
        return np.asarray(self.sheet.reduce(OVERSAMPLE))


def _as_is(point: Point) -> Point:
    return point


def _standing(
    pose: Pose, scale: float = 1, dx: float = 0, dy: float = 0, flip: bool = False
) -> Callable[[Point], Point]:
    """Return where the points of a figure fall on the paper."""
    slope = math.tan(math.radians(pose.lean))

    def place(point: Point) -> Point:
        x, y = point
        x += slope * (0.6 - y)  # around the middle, or a leaning head would leave the paper
        return dx + scale * (1 - x if flip else x), dy + scale * y

    return place


def _smooth(points: Sequence[Point], steps: int = 10) -> list[Point]:
    """Catmull-Rom: cubics through all points; the slope at each is that between its neighbours."""
    p = np.array([points[0], *points, points[-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [
        b
        + t * (c - a) / 2
        + t**2 * (2 * a - 5 * b + 4 * c - d) / 2
        + t**3 * (3 * b - a - 3 * c + d) / 2
        for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True)
    ]
    return [(float(x), float(y)) for x, y in np.vstack([*pieces, p[-1:]])]


def _toward(start: Point, angle: float, length: float) -> Point:
    """Return the point ``length`` away from ``start`` in the direction ``angle``."""
    turn = math.radians(angle)
    return start[0] + length * math.cos(turn), start[1] + length * math.sin(turn)


def _shift(point: Point, dx: float, dy: float) -> Point:
    """Return the point moved by (dx, dy)."""
    return point[0] + dx, point[1] + dy


def _near(point: Point, *offsets: Point) -> list[Point]:
    """Return the points at these offsets from ``point``."""
    return [_shift(point, dx, dy) for dx, dy in offsets]


def _oval(center: Point, rx: float, ry: float, start: float = 0, stop: float = 360) -> list[Point]:
    """Return points on an ellipse, or on its part between two angles."""
    turns = np.radians(np.linspace(start, stop, 25))
    return _near(center, *((rx * math.cos(turn), ry * math.sin(turn)) for turn in turns))


# --- Body, mouth, eyes --------------------------------------------------------------------------


def _lip(pose: Pose) -> float:
    """Return the y at which the mouth starts and the chest line falls."""
    return pose.snout_y + 0.105


def _body(pen: _Pen, pose: Pose) -> None:
    """Up the back, over the head, around the snout; then the chest."""
    back, tip, top = pose.foot + 0.07, pose.snout, 1 - pose.height
    deep = tip - back  # from the back of the head to the snout
    outline = [
        (pose.foot, 1.05),
        (pose.foot + 0.04, 0.75),
        (back + 0.01, 0.45),
        (back + 0.09 * deep, 0.29),
        (back + 0.32 * deep, top + 0.02),
        (back + 0.58 * deep, top + 0.01),
        (back + 0.87 * deep, pose.snout_y - 0.08),
        (tip, pose.snout_y),
        (tip - 0.02, _lip(pose) - 0.01),
    ]
    mouth = np.array(_mouth_line(pose))[::-1]  # np.interp wants x to rise
    chest = [
        (pose.chest, float(np.interp(pose.chest, *mouth.T))),
        (pose.chest - 0.02, _lip(pose) + 0.12),
        (pose.chest - 0.01, 0.75),
        (pose.chest + 0.02, 1.05),
    ]
    pen.fill(_smooth(outline) + _smooth(chest))
    pen.curve(outline)
    pen.curve(chest)


def _mouth_line(pose: Pose) -> list[Point]:
    """Return the points of the mouth, from under the snout inward to its corner."""
    lip, curve = _lip(pose), 0.035 * pose.mouth_curve
    middle = ((pose.mouth_x + pose.snout) / 2, lip + curve)
    return _smooth([(pose.snout - 0.02, lip - 0.01), middle, (pose.mouth_x, lip - curve)])


def _mouth(pen: _Pen, pose: Pose) -> None:
    """One line that closes the snout, and how it ends."""
    mouth = _mouth_line(pose)
    corner = mouth[-1]
    pen.line(mouth)
    if pose.mouth == "hook":
        pen.curve(_near(corner, (0, 0), (-0.025, 0.02), (-0.015, 0.055)))
    elif pose.mouth == "smile":
        pen.curve(_near(corner, (-0.035, 0.01), (0, 0), (0, -0.05)))
    elif pose.mouth == "open":
        jaw = _lip(pose) + 0.09
        right = (pose.chest, jaw - 0.09)
        pen.curve([corner, (corner[0] + 0.05, jaw), _shift(right, -0.08, 0.09), right])


def _eyes(pen: _Pen, pose: Pose) -> None:
    """Two eyes high on the snout, the line through them tilted."""
    middle = (pose.snout - 0.17, (1 - pose.height + pose.snout_y) / 2 + 0.025)
    left, right = (_toward(middle, pose.eye_tilt + turn, 0.055) for turn in (180, 0))
    _EYES[pose.eyes](pen, pose, left, right)


def _eyes_dots(pen: _Pen, pose: Pose, left: Point, right: Point) -> None:
    for eye in (left, right):
        pen.dot(eye, pose.eye_size)


def _eyes_closed(pen: _Pen, pose: Pose, left: Point, right: Point) -> None:
    for eye in (left, right):
        pen.line([_toward(eye, pose.eye_tilt + turn, 0.028) for turn in (180, 0)])


def _eyes_wide(pen: _Pen, pose: Pose, left: Point, right: Point) -> None:
    for eye in (left, right):
        pen.ring(eye, 0.055)
        pen.dot(eye, pose.eye_size)


def _eyes_angry(pen: _Pen, pose: Pose, left: Point, right: Point) -> None:
    _eyes_dots(pen, pose, _shift(left, 0, 0.02), _shift(right, 0, 0.02))
    pen.line(_near(left, (-0.045, -0.035), (0.03, -0.005)))
    pen.line(_near(right, (-0.02, -0.015), (0.045, -0.035)))


def _eyes_sunglasses(pen: _Pen, pose: Pose, left: Point, right: Point) -> None:
    for eye in (left, right):
        lens = _near(eye, (-0.052, -0.02), (0.052, -0.012), (0.04, 0.05), (-0.035, 0.05))
        pen.fill(lens, ink=0)
    pen.line([_toward(left, 180 + 0.3 * pose.eye_tilt, 0.2), left, right], width=0.8)


def _eyes_tears(pen: _Pen, pose: Pose, left: Point, right: Point) -> None:
    _eyes_dots(pen, pose, left, right)
    for eye in (left, right):
        pen.line([_shift(eye, 0, 0.035), (eye[0], _lip(pose) - 0.03)], width=0.6)


_EYES: dict[str, Callable[[_Pen, Pose, Point, Point], None]] = {
    "dots": _eyes_dots,
    "closed": _eyes_closed,
    "wide": _eyes_wide,
    "angry": _eyes_angry,
    "sunglasses": _eyes_sunglasses,
    "tears": _eyes_tears,
}


# --- Arms and hands -----------------------------------------------------------------------------


def _arm(pose: Pose, far: bool) -> list[Point]:
    """Return shoulder, elbow and hand."""
    holds = pose.accessory in HELD
    x, y = (pose.chest - 0.01, 0.64) if far else (pose.foot + 0.24, 0.66)
    if pose.arms == "limp" and not holds:
        out = 0.10 if far else -0.04
        return [(x, y), (x + out, y + 0.09), (x + out, y + 0.27)]
    angle, bend = (pose.far_arm, pose.far_bend) if far else (pose.near_arm, pose.near_bend)
    elbow = _toward((x, y), angle, 0.14)
    hand = _toward(elbow, angle + bend, 0.13)
    if far and holds:  # what the hand holds must stay on the paper
        hand = (min(hand[0], 0.85), hand[1])
    return [(x, y), elbow, hand]


def _arms(pen: _Pen, pose: Pose) -> None:
    """Both arms; a hand that holds something is hidden by it."""
    holds = pose.accessory in HELD
    if pose.arms == "none" and not holds:
        return
    for far in (False, True):
        arm = _arm(pose, far)
        if pose.arms == "limp" and not holds:
            pen.curve(arm)
        else:
            pen.line(arm)
        if not (far and holds):
            _hand(pen, pose, *arm[1:])


def _hand(pen: _Pen, pose: Pose, elbow: Point, hand: Point) -> None:
    """Fingers or a mitten, in the direction of the forearm."""
    angle = math.degrees(math.atan2(hand[1] - elbow[1], hand[0] - elbow[0]))
    if pose.hands == "fork":
        for spread in (-45, 0, 45):
            pen.line([hand, _toward(hand, angle + spread, 0.05)], width=0.8)
    elif pose.hands == "mitten":
        palm = _toward(hand, angle, 0.035)
        pen.line([palm, _toward(palm, angle - 60, 0.06)])  # the thumb
        pen.ring(palm, 0.048)


# --- Accessories: each is drawn around the hand, or on the top of the head ----------------------


def _accessory(pen: _Pen, pose: Pose) -> None:
    """One thing in the far hand, on the head or behind everything."""
    if pose.accessory == "none":
        return
    back = pose.foot + 0.07
    crown = (back + 0.4 * (pose.snout - back), 1 - pose.height)
    spot = _arm(pose, far=True)[-1] if pose.accessory in HELD else crown
    _ACCESSORIES[pose.accessory](pen, spot)


def _phone(pen: _Pen, hand: Point) -> None:
    corners = _near(hand, (-0.05, -0.14), (0.06, -0.12), (0.04, 0.06), (-0.07, 0.04))
    pen.fill(corners)
    pen.line([*corners, corners[0]])
    pen.dot(_shift(hand, -0.012, 0.025), 0.01)


def _popcorn(pen: _Pen, hand: Point) -> None:
    bucket = _near(hand, (-0.09, -0.06), (-0.055, 0.14), (0.075, 0.14), (0.11, -0.06))
    pen.fill(bucket)
    pen.line(bucket)
    pen.line(_near(hand, (-0.024, -0.04), (-0.012, 0.13)), width=0.6)
    pen.line(_near(hand, (0.044, -0.04), (0.032, 0.13)), width=0.6)
    corns = ((-0.06, -0.08), (0.08, -0.08), (0.01, -0.09), (-0.025, -0.13), (0.05, -0.13))
    for corn in _near(hand, *corns):
        pen.ring(corn, 0.045)


def _cookie(pen: _Pen, hand: Point) -> None:
    pen.ring(_shift(hand, 0.02, -0.06), 0.085)
    for chip in _near(hand, (-0.01, -0.09), (0.05, -0.07), (0.01, -0.03)):
        pen.dot(chip, 0.014)


def _mate(pen: _Pen, hand: Point) -> None:
    gourd = _oval(_shift(hand, 0.02, -0.02), 0.075, 0.085, -60, 240)
    pen.fill(gourd)
    pen.line([*gourd, gourd[0]])
    pen.line(_near(hand, (0.03, -0.09), (-0.03, -0.23), (-0.06, -0.24)), width=0.8)


def _headphones(pen: _Pen, crown: Point) -> None:
    ear = _shift(crown, -0.13, 0.15)
    pen.line(_oval((crown[0], ear[1]), 0.13, 0.19, 180, 305), width=1.5)
    pen.fill(_oval(ear, 0.05, 0.08), ink=0)


def _hat(pen: _Pen, crown: Point) -> None:
    felt = _near(crown, (-0.10, 0.02), (-0.09, -0.13), (0.09, -0.13), (0.10, 0.02))
    pen.fill(felt)
    pen.line(felt)
    pen.line(_near(crown, (-0.10, -0.03), (0.10, -0.03)), width=1.6)
    pen.line(_near(crown, (-0.18, 0.02), (0.18, 0.02)))


def _horns(pen: _Pen, crown: Point) -> None:
    pen.curve(_near(crown, (-0.10, 0.02), (-0.16, -0.04), (-0.12, -0.12)))
    pen.curve(_near(crown, (-0.12, -0.12), (-0.11, -0.04), (-0.03, 0.01)))
    pen.curve(_near(crown, (0.07, 0.02), (0.13, -0.04), (0.15, -0.12)))
    pen.curve(_near(crown, (0.15, -0.12), (0.18, -0.04), (0.14, 0.01)))


def _halo(pen: _Pen, crown: Point) -> None:
    pen.line(_oval(_shift(crown, 0.05, -0.09), 0.14, 0.04))


def _formulas(pen: _Pen, crown: Point) -> None:
    del crown  # they float behind the figure, and do not lean with it
    pen.place = _as_is
    for text, corner in (
        ("Σx²", (0.03, 0.04)),
        ("∫", (0.04, 0.3)),
        ("π", (0.87, 0.08)),
        ("√2", (0.84, 0.44)),
    ):
        _write(pen, text, corner, 0.11)


_ACCESSORIES: dict[str, Callable[[_Pen, Point], None]] = {
    "phone": _phone,
    "popcorn": _popcorn,
    "cookie": _cookie,
    "mate": _mate,
    "headphones": _headphones,
    "hat": _hat,
    "horns": _horns,
    "halo": _halo,
    "formulas": _formulas,
}


# --- Writing: a letter is a few strokes, so that no font file decides what we draw --------------

# Strokes on a grid of three columns (0 to 2) and five rows (0 to 4): "04 10 24" goes from the
# bottom left over the top middle to the bottom right.
_LETTERS: dict[str, list[str]] = {
    "H": ["00 04", "20 24", "02 22"],
    "O": ["00 20 24 04 00"],
    "L": ["00 04 24"],
    "A": ["04 10 24", "03 23"],
    "2": ["00 20 22 02 04 24"],
    "Σ": ["20 00 12 04 24"],
    "∫": ["20 10 14 04"],
    "π": ["01 31", "11 14", "21 24"],
    "√": ["02 14 20 30"],
    "x": ["02 24", "22 04"],
    "²": ["00 10 11 02 12"],
}


def _write(pen: _Pen, text: str, corner: Point, height: float) -> None:
    """Write from the top-left corner, so high."""
    row = height / 4
    column = 0.9 * row  # letters are a little narrower than high
    for number, letter in enumerate(text):
        start = _shift(corner, 3.2 * number * column, 0)
        for stroke in _LETTERS[letter]:
            cells = stroke.split()
            pen.line(_near(start, *((int(c[0]) * column, int(c[1]) * row) for c in cells)), 0.8)


# --- The whole picture --------------------------------------------------------------------------


def _figure(pen: _Pen, pose: Pose) -> None:
    """One Flork, from back to front."""
    for part in (_body, _mouth, _eyes, _arms, _accessory):
        part(pen, pose)


def _alone(pen: _Pen, pose: Pose) -> None:
    """The usual picture: one Flork and nothing else."""
    pen.place = _standing(pose)
    _figure(pen, pose)


def _letterbox(pen: _Pen, pose: Pose) -> None:
    """A smaller figure between the black bars of a film."""
    pen.place = _standing(pose, 0.7, 0.15, 0.15)
    _figure(pen, pose)
    pen.place = _as_is
    for top, bottom in ((0.0, 0.14), (0.86, 1.0)):
        pen.fill([(0, top), (1, top), (1, bottom), (0, bottom)], ink=0)


def _second(pen: _Pen, pose: Pose) -> None:
    """A child looks up to the figure."""
    pen.place = _standing(pose, 0.85, -0.12, 0.15)
    _figure(pen, pose)
    pen.place = _standing(pose, 0.55, 0.5, 0.45, flip=True)
    _figure(pen, replace(pose, accessory="none", arms="none"))


def _caption(pen: _Pen, pose: Pose) -> None:
    """A smaller figure below a word."""
    pen.place = _standing(pose, 0.8, 0.1, 0.2)
    _figure(pen, pose)
    pen.place = _as_is
    _write(pen, "HOLA", (0.2, 0.03), 0.14)


_SCENES: dict[str, Callable[[_Pen, Pose], None]] = {
    "none": _alone,
    "letterbox": _letterbox,
    "second": _second,
    "caption": _caption,
}


def draw_flork(pose: Pose, size: int = 80) -> np.ndarray:
    """Draw a pose in black on white.

    Parameters
    ----------
    pose : Pose
        What to draw.
    size : int
        Side of the picture in pixels, 8 to 1024.

    Returns
    -------
    ndarray of shape (size, size), uint8
        0 is black, 255 is white paper; the edges of the line are grey.

    Raises
    ------
    ValueError
        If the size is not an integer from 8 to 1024.

    Examples
    --------
    >>> picture = draw_flork(Pose(mouth="smile", accessory="mate"))
    >>> picture.shape, picture.max()
    ((80, 80), np.uint8(255))
    """
    if not isinstance(size, int | np.integer) or not 8 <= size <= 1024:
        raise ValueError(f"cannot draw a Flork of size {size!r}; take an integer from 8 to 1024.")
    pen = _Pen(int(size), pose.stroke)
    _SCENES[pose.outlier](pen, pose)
    picture = pen.picture()
    return np.ascontiguousarray(picture[:, ::-1]) if pose.mirrored else picture


# --- The data set -------------------------------------------------------------------------------


class Florks(NamedTuple):
    """The drawings of the course, as `load_florks` returns them.

    Attributes
    ----------
    X : ndarray of shape (n, size²), float32
        One drawing a row, in [0, 1]; white paper is 1.
    images : ndarray of shape (n, size, size), uint8
        The same drawings, 0 to 255.
    poses : list of Pose
        What was drawn.
    """

    X: np.ndarray
    images: np.ndarray
    poses: list[Pose]

    def __repr__(self) -> str:
        n, height, width = self.images.shape
        return f"Florks({n} drawings of {width}×{height}: X {self.X.shape} {self.X.dtype}, poses)"


def make_florks(
    n: int = 426, rng: int | np.random.Generator = SEED, size: int = 80
) -> tuple[np.ndarray, list[Pose]]:
    """Draw n random poses.

    The first ten of 426 are those of ``make_florks(10)`` with the same seed.

    Parameters
    ----------
    n : int
        How many, at least 1.
    rng : int or numpy.random.Generator
        Seed or source of chance.
    size : int
        Side of a picture in pixels.

    Returns
    -------
    images : ndarray of shape (n, size, size), uint8
        White paper is 255.
    poses : list of Pose
        What was drawn, in the same order.

    Raises
    ------
    ValueError
        If n is less than 1, or the size is not an integer from 8 to 1024.

    Examples
    --------
    >>> images, poses = make_florks(3, rng=0)
    >>> images.shape, len(poses)
    ((3, 80, 80), 3)
    """
    if n < 1:
        raise ValueError(f"cannot make {n} drawings; take n of at least 1.")
    rng = np.random.default_rng(rng)
    poses = [random_pose(rng) for _ in range(n)]
    return np.stack([draw_flork(pose, size) for pose in poses]), poses


def save_florks(path: str | os.PathLike[str], images: np.ndarray, poses: Sequence[Pose]) -> None:
    """Write drawings and poses to one compressed file, a column for each part of a pose.

    Parameters
    ----------
    path : path
        The ``.npz`` file to write.
    images : ndarray of shape (n, size, size), uint8
        The drawings.
    poses : sequence of Pose
        What was drawn, in the same order.
    """
    columns: dict[str, Any] = {
        part.name: np.array([getattr(pose, part.name) for pose in poses]) for part in fields(Pose)
    }
    with atomic_write(path) as file:
        np.savez_compressed(file, images=images, **columns)


def load_florks(path: str | os.PathLike[str] | None = None) -> Florks:
    """Read the 426 drawings that the course ships, or a file of `save_florks`.

    Parameters
    ----------
    path : path, optional
        By default ``data/flork/florks.npz``.

    Returns
    -------
    Florks
        ``X`` of shape (426, 6400) in [0, 1], ``images`` and ``poses``.

    Raises
    ------
    FileNotFoundError
        If the file is missing.
    ValueError
        If the file is damaged.

    Examples
    --------
    >>> florks = load_florks()
    >>> florks.X.shape
    (426, 6400)
    >>> lean = [pose.lean for pose in florks.poses]  # a colour for each point of a map
    """
    path = data_path("flork/florks.npz") if path is None else Path(path)
    try:
        with np.load(path) as columns:  # allow_pickle is False: a data file cannot run code
            images = columns["images"]
            parts = {part.name: columns[part.name].tolist() for part in fields(Pose)}
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(
            f"{path} is damaged ({error}); fetch it again, or redraw it: "
            f"python -m tp5.datasets.flork"
        ) from error
    poses = [
        Pose(**dict(zip(parts, row, strict=True))) for row in zip(*parts.values(), strict=True)
    ]
    X = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
    return Florks(X, images, poses)


def _redraw() -> None:
    """Write the file that the course ships again, and say its checksum."""
    path = data_path("flork") / "florks.npz"
    save_florks(path, *make_florks())
    print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path}")


if __name__ == "__main__":
    _redraw()
