"""The whole picture: one Flork alone, or what every collection from the web has beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ...checks import shown
from .accessories import draw_accessory
from .arms import draw_arms
from .body import draw_body, draw_eyes, draw_mouth
from .pen import Pen, as_is, standing
from .pose import Pose
from .writing import write


def draw_figure(pen: Pen, pose: Pose) -> None:
    """One Flork, from back to front."""
    for part in (draw_body, draw_mouth, draw_eyes, draw_arms, draw_accessory):
        part(pen, pose)


def alone(pen: Pen, pose: Pose) -> None:
    """The usual picture: one Flork and nothing else."""
    pen.place = standing(pose)
    draw_figure(pen, pose)


def letterbox(pen: Pen, pose: Pose) -> None:
    """A smaller figure between the black bars of a film."""
    pen.place = standing(pose, 0.7, 0.15, 0.15)
    draw_figure(pen, pose)
    pen.place = as_is
    for top, bottom in ((0.0, 0.14), (0.86, 1.0)):
        pen.fill([(0, top), (1, top), (1, bottom), (0, bottom)], ink=0)


def second(pen: Pen, pose: Pose) -> None:
    """A child looks up to the figure."""
    pen.place = standing(pose, 0.85, -0.12, 0.15)
    draw_figure(pen, pose)
    pen.place = standing(pose, 0.55, 0.5, 0.45, flip=True)
    draw_figure(pen, replace(pose, accessory="none", arms="none"))


def caption(pen: Pen, pose: Pose) -> None:
    """A smaller figure below a word."""
    pen.place = standing(pose, 0.8, 0.1, 0.2)
    draw_figure(pen, pose)
    pen.place = as_is
    write(pen, "HOLA", (0.2, 0.03), 0.14)


SCENES: dict[str, Callable[[Pen, Pose], None]] = {
    "none": alone,
    "letterbox": letterbox,
    "second": second,
    "caption": caption,
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
    if not isinstance(pose, Pose):
        raise ValueError(f"draw_flork draws a Pose, not {shown(pose)}.")
    if not isinstance(size, int | np.integer) or not 8 <= size <= 1024:
        raise ValueError(
            f"cannot draw a Flork of size {shown(size)}; take an integer from 8 to 1024."
        )
    pen = Pen(int(size), pose.stroke)
    SCENES[pose.outlier](pen, pose)
    picture = pen.picture()
    return np.ascontiguousarray(picture[:, ::-1]) if pose.mirrored else picture
