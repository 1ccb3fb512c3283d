"""Arms and hands."""

from __future__ import annotations

import math

from .pen import Pen, Point, toward
from .pose import HELD, Pose


def arm_line(pose: Pose, far: bool) -> list[Point]:
    """Return shoulder, elbow and hand."""
    holds = pose.accessory in HELD
    x, y = (pose.chest - 0.01, 0.64) if far else (pose.foot + 0.24, 0.66)
    if pose.arms == "limp" and not holds:
        out = 0.10 if far else -0.04
        return [(x, y), (x + out, y + 0.09), (x + out, y + 0.27)]
    angle, bend = (pose.far_arm, pose.far_bend) if far else (pose.near_arm, pose.near_bend)
    elbow = toward((x, y), angle, 0.14)
    hand = toward(elbow, angle + bend, 0.13)
    if far and holds:  # what the hand holds must stay on the paper
        hand = (min(hand[0], 0.85), hand[1])
    return [(x, y), elbow, hand]


def draw_arms(pen: Pen, pose: Pose) -> None:
    """Both arms; a hand that holds something is hidden by it."""
    holds = pose.accessory in HELD
    if pose.arms == "none" and not holds:
        return
    for far in (False, True):
        arm = arm_line(pose, far)
        if pose.arms == "limp" and not holds:
            pen.curve(arm)
        else:
            pen.line(arm)
        if not (far and holds):
            draw_hand(pen, pose, *arm[1:])


def draw_hand(pen: Pen, pose: Pose, elbow: Point, hand: Point) -> None:
    """Fingers or a mitten, in the direction of the forearm."""
    angle = math.degrees(math.atan2(hand[1] - elbow[1], hand[0] - elbow[0]))
    if pose.hands == "fork":
        for spread in (-45, 0, 45):
            pen.line([hand, toward(hand, angle + spread, 0.05)], width=0.8)
    elif pose.hands == "mitten":
        palm = toward(hand, angle, 0.035)
        pen.line([palm, toward(palm, angle - 60, 0.06)])  # the thumb
        pen.ring(palm, 0.048)
