"""Accessories: each is drawn around the hand, or on the top of the head."""

from __future__ import annotations

from collections.abc import Callable

from .arms import arm_line
from .pen import Pen, Point, as_is, near, oval, shift
from .pose import HELD, Pose
from .writing import write


def draw_accessory(pen: Pen, pose: Pose) -> None:
    """One thing in the far hand, on the head or behind everything."""
    if pose.accessory == "none":
        return
    back = pose.foot + 0.07
    crown = (back + 0.4 * (pose.snout - back), 1 - pose.height)
    spot = arm_line(pose, far=True)[-1] if pose.accessory in HELD else crown
    ACCESSORIES[pose.accessory](pen, spot)


def phone(pen: Pen, hand: Point) -> None:
    """Hold a phone up, its button at the thumb."""
    corners = near(hand, (-0.05, -0.14), (0.06, -0.12), (0.04, 0.06), (-0.07, 0.04))
    pen.fill(corners)
    pen.line([*corners, corners[0]])
    pen.dot(shift(hand, -0.012, 0.025), 0.01)


def popcorn(pen: Pen, hand: Point) -> None:
    """Hold a striped bucket with five corns on it."""
    bucket = near(hand, (-0.09, -0.06), (-0.055, 0.14), (0.075, 0.14), (0.11, -0.06))
    pen.fill(bucket)
    pen.line(bucket)
    pen.line(near(hand, (-0.024, -0.04), (-0.012, 0.13)), width=0.6)
    pen.line(near(hand, (0.044, -0.04), (0.032, 0.13)), width=0.6)
    corns = ((-0.06, -0.08), (0.08, -0.08), (0.01, -0.09), (-0.025, -0.13), (0.05, -0.13))
    for corn in near(hand, *corns):
        pen.ring(corn, 0.045)


def cookie(pen: Pen, hand: Point) -> None:
    """Hold a cookie with three chips."""
    pen.ring(shift(hand, 0.02, -0.06), 0.085)
    for chip in near(hand, (-0.01, -0.09), (0.05, -0.07), (0.01, -0.03)):
        pen.dot(chip, 0.014)


def mate(pen: Pen, hand: Point) -> None:
    """Hold a gourd with its straw."""
    gourd = oval(shift(hand, 0.02, -0.02), 0.075, 0.085, -60, 240)
    pen.fill(gourd)
    pen.line([*gourd, gourd[0]])
    pen.line(near(hand, (0.03, -0.09), (-0.03, -0.23), (-0.06, -0.24)), width=0.8)


def headphones(pen: Pen, crown: Point) -> None:
    """Put headphones on: a bow and one ear."""
    ear = shift(crown, -0.13, 0.15)
    pen.line(oval((crown[0], ear[1]), 0.13, 0.19, 180, 305), width=1.5)
    pen.fill(oval(ear, 0.05, 0.08), ink=0)


def hat(pen: Pen, crown: Point) -> None:
    """Put on a hat with a band and a brim."""
    felt = near(crown, (-0.10, 0.02), (-0.09, -0.13), (0.09, -0.13), (0.10, 0.02))
    pen.fill(felt)
    pen.line(felt)
    pen.line(near(crown, (-0.10, -0.03), (0.10, -0.03)), width=1.6)
    pen.line(near(crown, (-0.18, 0.02), (0.18, 0.02)))


def horns(pen: Pen, crown: Point) -> None:
    """Let two horns grow."""
    pen.curve(near(crown, (-0.10, 0.02), (-0.16, -0.04), (-0.12, -0.12)))
    pen.curve(near(crown, (-0.12, -0.12), (-0.11, -0.04), (-0.03, 0.01)))
    pen.curve(near(crown, (0.07, 0.02), (0.13, -0.04), (0.15, -0.12)))
    pen.curve(near(crown, (0.15, -0.12), (0.18, -0.04), (0.14, 0.01)))


def halo(pen: Pen, crown: Point) -> None:
    """Let a halo hover."""
    pen.line(oval(shift(crown, 0.05, -0.09), 0.14, 0.04))


def formulas(pen: Pen, crown: Point) -> None:
    """Write four formulas around the figure."""
    del crown  # they float behind the figure, and do not lean with it
    pen.place = as_is
    for text, corner in (
        ("Σx²", (0.03, 0.04)),
        ("∫", (0.04, 0.3)),
        ("π", (0.87, 0.08)),
        ("√2", (0.84, 0.44)),
    ):
        write(pen, text, corner, 0.11)


ACCESSORIES: dict[str, Callable[[Pen, Point], None]] = {
    "phone": phone,
    "popcorn": popcorn,
    "cookie": cookie,
    "mate": mate,
    "headphones": headphones,
    "hat": hat,
    "horns": horns,
    "halo": halo,
    "formulas": formulas,
}
