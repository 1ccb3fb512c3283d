"""The pen, and the lines and ovals that it is given."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .pose import Pose

if TYPE_CHECKING:
    from PIL import Image

Point = tuple[float, float]

OVERSAMPLE = 8
"""We draw this many times larger and average: that makes the grey edges of a smooth line."""


class Pen:
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
        self.place: Callable[[Point], Point] = as_is

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
        self.line(smooth(points), width)

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


def as_is(point: Point) -> Point:
    """Leave a point where it is."""
    return point


def standing(
    pose: Pose, scale: float = 1, dx: float = 0, dy: float = 0, flip: bool = False
) -> Callable[[Point], Point]:
    """Return where the points of a figure fall on the paper."""
    slope = math.tan(math.radians(pose.lean))

    def place(point: Point) -> Point:
        x, y = point
        x += slope * (0.6 - y)  # around the middle, or a leaning head would leave the paper
        return dx + scale * (1 - x if flip else x), dy + scale * y

    return place


def smooth(points: Sequence[Point], steps: int = 10) -> list[Point]:
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


def toward(start: Point, angle: float, length: float) -> Point:
    """Return the point ``length`` away from ``start`` in the direction ``angle``."""
    turn = math.radians(angle)
    return start[0] + length * math.cos(turn), start[1] + length * math.sin(turn)


def shift(point: Point, dx: float, dy: float) -> Point:
    """Return the point moved by (dx, dy)."""
    return point[0] + dx, point[1] + dy


def near(point: Point, *offsets: Point) -> list[Point]:
    """Return the points at these offsets from ``point``."""
    return [shift(point, dx, dy) for dx, dy in offsets]


def oval(center: Point, rx: float, ry: float, start: float = 0, stop: float = 360) -> list[Point]:
    """Return points on an ellipse, or on its part between two angles."""
    turns = np.radians(np.linspace(start, stop, 25))
    return near(center, *((rx * math.cos(turn), ry * math.sin(turn)) for turn in turns))
