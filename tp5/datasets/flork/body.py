"""The puppet itself: body, mouth and eyes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .pen import Pen, Point, near, shift, smooth, toward
from .pose import Pose


def lip_y(pose: Pose) -> float:
    """Return the y at which the mouth starts and the chest line falls."""
    return pose.snout_y + 0.105


def draw_body(pen: Pen, pose: Pose) -> None:
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
        (tip - 0.02, lip_y(pose) - 0.01),
    ]
    mouth = np.array(mouth_line(pose))[::-1]  # np.interp wants x to rise
    chest = [
        (pose.chest, float(np.interp(pose.chest, *mouth.T))),
        (pose.chest - 0.02, lip_y(pose) + 0.12),
        (pose.chest - 0.01, 0.75),
        (pose.chest + 0.02, 1.05),
    ]
    pen.fill(smooth(outline) + smooth(chest))
    pen.curve(outline)
    pen.curve(chest)


def mouth_line(pose: Pose) -> list[Point]:
    """Return the points of the mouth, from under the snout inward to its corner."""
    lip, curve = lip_y(pose), 0.035 * pose.mouth_curve
    middle = ((pose.mouth_x + pose.snout) / 2, lip + curve)
    return smooth([(pose.snout - 0.02, lip - 0.01), middle, (pose.mouth_x, lip - curve)])


def draw_mouth(pen: Pen, pose: Pose) -> None:
    """One line that closes the snout, and how it ends."""
    mouth = mouth_line(pose)
    corner = mouth[-1]
    pen.line(mouth)
    if pose.mouth == "hook":
        pen.curve(near(corner, (0, 0), (-0.025, 0.02), (-0.015, 0.055)))
    elif pose.mouth == "smile":
        pen.curve(near(corner, (-0.035, 0.01), (0, 0), (0, -0.05)))
    elif pose.mouth == "open":
        jaw = lip_y(pose) + 0.09
        right = (pose.chest, jaw - 0.09)
        pen.curve([corner, (corner[0] + 0.05, jaw), shift(right, -0.08, 0.09), right])


def draw_eyes(pen: Pen, pose: Pose) -> None:
    """Two eyes high on the snout, the line through them tilted."""
    middle = (pose.snout - 0.17, (1 - pose.height + pose.snout_y) / 2 + 0.025)
    left, right = (toward(middle, pose.eye_tilt + turn, 0.055) for turn in (180, 0))
    EYES[pose.eyes](pen, pose, left, right)


def dots(pen: Pen, pose: Pose, left: Point, right: Point) -> None:
    """Two dots."""
    for eye in (left, right):
        pen.dot(eye, pose.eye_size)


def closed(pen: Pen, pose: Pose, left: Point, right: Point) -> None:
    """Two short lines."""
    for eye in (left, right):
        pen.line([toward(eye, pose.eye_tilt + turn, 0.028) for turn in (180, 0)])


def wide(pen: Pen, pose: Pose, left: Point, right: Point) -> None:
    """Two rings with a dot each."""
    for eye in (left, right):
        pen.ring(eye, 0.055)
        pen.dot(eye, pose.eye_size)


def angry(pen: Pen, pose: Pose, left: Point, right: Point) -> None:
    """Two dots under slanting brows."""
    dots(pen, pose, shift(left, 0, 0.02), shift(right, 0, 0.02))
    pen.line(near(left, (-0.045, -0.035), (0.03, -0.005)))
    pen.line(near(right, (-0.02, -0.015), (0.045, -0.035)))


def sunglasses(pen: Pen, pose: Pose, left: Point, right: Point) -> None:
    """Two black lenses, and the bow to the ear."""
    for eye in (left, right):
        lens = near(eye, (-0.052, -0.02), (0.052, -0.012), (0.04, 0.05), (-0.035, 0.05))
        pen.fill(lens, ink=0)
    pen.line([toward(left, 180 + 0.3 * pose.eye_tilt, 0.2), left, right], width=0.8)


def tears(pen: Pen, pose: Pose, left: Point, right: Point) -> None:
    """Two dots, and a line of tears below each."""
    dots(pen, pose, left, right)
    for eye in (left, right):
        pen.line([shift(eye, 0, 0.035), (eye[0], lip_y(pose) - 0.03)], width=0.6)


EYES: dict[str, Callable[[Pen, Pose, Point, Point], None]] = {
    "dots": dots,
    "closed": closed,
    "wide": wide,
    "angry": angry,
    "sunglasses": sunglasses,
    "tears": tears,
}
