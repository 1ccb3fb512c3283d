"""``python -m tp5.datasets.flork`` draws the file that the course ships again."""

from .data_set import redraw

redraw()
