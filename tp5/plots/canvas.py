"""The canvas of every figure: one size, one palette, and words for those who cannot see it."""

from __future__ import annotations

import io
import os
from typing import Any, ClassVar

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from ..files import atomic_write
from .picture import Picture
from .showing import await_picture, picture_taken, show_those_before

# Okabe & Ito's eight colours, told apart with any kind of colour vision (Wong 2011, Nature
# Methods 8, 441). Yellow is left out: it vanishes on a white wall.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v")
GREY = "#767676"
SMALLEST_TEXT = 11.0  # points

STYLE: Any = {
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E5E5E5",
    "axes.axisbelow": True,
    "lines.linewidth": 1.8,
}

# On the wall: a browser window of 1280 × 720 pixels, less its menus and the prompts beside a cell,
# and text as large as a slide's.
PROJECTED_SIZE = (11.4, 6.5)  # inches of 96 pixels
PROJECTED_TEXT = 14.0  # points


class projector:
    """Make the figures that follow larger, with no text below 14 points: for the back of the room.

    A figure grows until it fills a browser window of 1280 × 720 pixels, text and lines with it, and
    what is still smaller than 14 points is enlarged alone.

    Parameters
    ----------
    on : bool

    Examples
    --------
    From here on, until ``projector(False)``:

    >>> _ = projector()

    Or for some figures only:

    >>> with projector():
    ...     figure, axes = new_figure()
    """

    current: ClassVar[bool] = False

    def __init__(self, on: bool = True) -> None:
        self.before = projector.current
        projector.current = on

    def __enter__(self) -> projector:
        return self

    def __exit__(self, *_: object) -> None:
        projector.current = self.before

    def __repr__(self) -> str:
        return f"figures from here on: {'for the projector' if projector.current else 'as usual'}"


class CourseFigure(Figure):
    """A matplotlib figure that shows itself in a notebook together with its alt text.

    As the last expression of a cell, by ``display`` or `show`; and if it is made elsewhere, when
    the cell has ended: see `tp5.plots.showing`.

    Attributes
    ----------
    alt : str
        What the figure shows, in words.
    light : bool
        Whether the file is to be small: 96 dots an inch, one a pixel of the screen, in 24 greys
        and the course's colours. Grey pictures by the dozen would make a notebook heavy.
    projected : bool
        Whether it was made for the wall, see `projector`.
    """

    alt: str = ""
    light: bool = False
    projected: bool = False

    @property
    def enlargement(self) -> float:
        """How many times as large as usual it is shown: 1 unless ``projected``."""
        if not self.projected:
            return 1.0
        width, height = PROJECTED_SIZE
        return max(1.0, min(width / self.get_figwidth(), height / self.get_figheight()))

    def make_legible(self) -> None:
        """Enlarge text of less than 11 points, or 14 on the wall."""
        smallest = PROJECTED_TEXT / self.enlargement if self.projected else SMALLEST_TEXT
        for text in self.findobj(Text):
            text.set_fontsize(max(text.get_fontsize(), smallest))

    def png(self, dpi: int | None = None) -> bytes:
        """Return the picture as the bytes of a PNG file.

        In few colours: a notebook holds twenty figures.
        """
        from PIL import Image

        picture_taken(self)
        raw, buffer = io.BytesIO(), io.BytesIO()
        dpi = dpi or round((96 if self.light else 144) * self.enlargement)
        self.make_legible()
        with mpl.rc_context(style(self)):
            self.savefig(raw, format="png", dpi=dpi)
        palette = few_colors() if self.light else None
        picture = Image.open(raw).convert("RGB")
        picture = picture.quantize(256, palette=palette, dither=Image.Dither.NONE)
        picture.save(buffer, "png", optimize=True)
        return buffer.getvalue()

    def save(self, path: str | os.PathLike[str], dpi: int | None = None) -> None:
        """Write the picture as a PNG file, whole or not at all."""
        with atomic_write(path) as file:
            file.write(self.png(dpi))

    def picture(self) -> Picture:
        """Return the picture with its words, as a notebook keeps it; raise if it has no words."""
        width = round(self.get_figwidth() * 96 * self.enlargement)
        return Picture(self.png(), self.alt, width)

    def show(self, warn: bool = True) -> None:
        """Show the figure here and now, in a loop too.

        Raises
        ------
        RuntimeError
            If there is no notebook to show it in.
        """
        from IPython.core.getipython import get_ipython

        if get_ipython() is None:
            raise RuntimeError(
                "there is no notebook to show this figure in; figure.save('figure.png') writes it."
            )
        self._ipython_display_()

    # All that IPython asks for: matplotlib's own PNG would come beside it.
    def _ipython_display_(self) -> None:
        show_those_before(self)
        self.picture().show()


def few_colors() -> Any:
    """Return a picture whose palette is 24 greys, and each of `COLORS` in six strengths."""
    from PIL import Image

    greys = np.linspace(0, 255, 24)[:, None] * np.ones(3)
    full = np.array([[int(name[i : i + 2], 16) for i in (1, 3, 5)] for name in COLORS[:-1]])
    strengths = np.linspace(1, 0, 6, endpoint=False)[:, None, None]
    blends = 255 + strengths * (full - 255)  # (6, n_colors, 3), from full towards white
    entries = np.concatenate([greys, blends.reshape(-1, 3)]).round().astype(np.uint8)
    picture = Image.new("P", (1, 1))
    picture.putpalette(entries.tobytes())
    return picture


def new_figure(
    rows: int = 1, columns: int = 1, size: tuple[float, float] = (9.0, 4.5), **subplots: Any
) -> tuple[CourseFigure, np.ndarray]:
    """Return a figure in the course's style, and its axes.

    Made without pyplot: no global state, nothing to close, nothing shown twice.

    Parameters
    ----------
    rows, columns : int
    size : tuple of float
        Width and height in inches (96 pixels each on the screen).
    **subplots
        More of `Figure.subplots`'s arguments.

    Returns
    -------
    figure : CourseFigure
    axes : ndarray of Axes, shape (rows, columns)
    """
    figure = CourseFigure(figsize=size, layout="constrained")
    figure.projected = projector.current
    await_picture(figure)
    with mpl.rc_context(style(figure)):
        axes = figure.subplots(rows, columns, squeeze=False, **subplots)
    return figure, axes


def style(figure: CourseFigure) -> Any:
    """Return the style that a figure is drawn in: matplotlib's parameters by name."""
    if not figure.projected:
        return STYLE
    smallest = PROJECTED_TEXT / figure.enlargement
    sizes = {name: max(STYLE[name], smallest) for name in ("font.size", "axes.titlesize")}
    return STYLE | sizes


def color(position: int) -> str:
    """Return the palette's colour at a position, from the start again after the last."""
    return COLORS[position % len(COLORS)]


def line_style(position: int) -> Any:
    """Return the line style that goes with `color`, so that colour is never alone."""
    return LINE_STYLES[position % len(LINE_STYLES)]


def legend_outside(axes: Axes) -> None:
    """Put the legend to the right of the axes, where it hides nothing."""
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=11)


def marker(position: int) -> str:
    """Return the marker that goes with `color`."""
    return MARKERS[position % len(MARKERS)]


def bare(axes: Axes) -> None:
    """Take ticks, grid and frame away: the axes hold a picture."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
