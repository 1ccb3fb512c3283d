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

from .data_set import SEED, Florks, load_florks, make_florks, save_florks
from .pose import HELD, RANGES, WORDS, Pose, random_pose
from .scenes import draw_flork

__all__ = [
    "HELD",
    "RANGES",
    "SEED",
    "WORDS",
    "Florks",
    "Pose",
    "draw_flork",
    "load_florks",
    "make_florks",
    "random_pose",
    "save_florks",
]
