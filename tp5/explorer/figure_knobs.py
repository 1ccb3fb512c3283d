"""A figure of the course with knobs: what `ipywidgets.interact` does, and a still picture."""

from __future__ import annotations

import base64
import html
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import ipywidgets
import numpy as np

from ..checks import as_list, as_mapping, one_of, shown
from ..plots import CourseFigure
from ..plots.picture import Picture
from .stills import WithStill

WIDE = ipywidgets.Layout(width="34em")
WORDS = {"description_width": "11em"}


class FigureKnobs(WithStill, ipywidgets.VBox):
    """Choose what a figure is drawn of: a list where the choices are words, a slider for numbers.

    Unlike `ipywidgets.interact` it leaves its picture, with alt text, in the notebook, and is the
    same object for Python: ``knobs.choose(passes=300)`` moves the slider.

    Parameters
    ----------
    draw : callable
        Called as ``draw(**choice)``, returns a `tp5.plots.CourseFigure`. What it has drawn once is
        kept.
    **knobs
        Sequences of what can be chosen, by the names of draw's arguments. The first is chosen.

    Attributes
    ----------
    choice : dict
        What is chosen now, by name.
    figure : CourseFigure

    Raises
    ------
    ValueError
        If there is no knob, or one has nothing to choose from.
        If draw cannot be called so, or returns no figure of the course.

    Examples
    --------
    >>> from tp5 import plots
    >>> FigureKnobs(lambda width: plots.funnel((35, width, 35), "a funnel"), width=[2, 5])
    FigureKnobs with width = 2. a funnel. Columns of 35, 2, 35 units: an encoder that narrows to \
2 latent units, and a decoder that widens again.
    """

    def __init__(self, draw: Callable[..., CourseFigure], **knobs: Sequence[Any]) -> None:
        self._draw, self._drawn = draw, dict[tuple[Any, ...], CourseFigure]()
        self._picture = ipywidgets.HTML()
        self._knobs = {
            name: knob(name, as_choices(name, options))
            for name, options in as_mapping("knobs", knobs).items()
        }
        check_draw(draw, knobs)
        self._show()
        super().__init__([*self._knobs.values(), self._picture])
        for control in self._knobs.values():
            control.observe(lambda change: self._show(), names="value")

    @property
    def choice(self) -> dict[str, Any]:
        """What is chosen now, by name."""
        return {name: control.value for name, control in self._knobs.items()}

    @property
    def figure(self) -> CourseFigure:
        """The figure of this choice."""
        choice = self.choice
        key = tuple(choice.values())
        if key not in self._drawn:
            figure = self._draw(**choice)
            if not isinstance(figure, CourseFigure):
                raise ValueError(f"draw must return a figure of tp5.plots, not {shown(figure)}.")
            self._drawn[key] = figure
        return self._drawn[key]

    def choose(self, **choice: Any) -> FigureKnobs:
        """Turn knobs, as the mouse does: ``knobs.choose(passes=300)``.

        Raises
        ------
        ValueError
            If there is no such knob, or nothing of the kind to choose.
        """
        for name, value in choice.items():
            control = self._knobs[one_of("knob", name, self._knobs)]
            options = [option for _, option in control.options]
            if value not in options:
                raise ValueError(f"{name} must be one of {options}, not {shown(value)}.")
            control.value = value
        return self

    def _show(self) -> None:
        self._picture.value = as_html(self.figure.picture())

    def __repr__(self) -> str:
        choice = ", ".join(f"{name} = {value}" for name, value in self.choice.items())
        return f"FigureKnobs with {choice}. {self.figure.alt}"

    def still(self) -> Picture:
        """The picture of this choice, for readers who have no kernel."""
        return self.figure.picture()


def as_html(picture: Picture) -> str:
    """Return a picture, with its words, as the value of an HTML widget."""
    source = base64.b64encode(picture.png).decode()
    words = html.escape(picture.alt)
    return f'<img alt="{words}" width="{picture.width}" src="data:image/png;base64,{source}">'


def check_draw(draw: object, knobs: Iterable[str]) -> None:
    """Raise ValueError unless draw can be called with the knobs as its arguments."""
    try:
        inspect.signature(draw).bind(**dict.fromkeys(knobs))  # type: ignore[arg-type]
    except Exception:  # whatever an object says that is no function
        call = f"draw({', '.join(knobs)})"
        raise ValueError(f"draw must be a callable {call}, not {shown(draw)}.") from None


def as_choices(name: str, options: Any) -> list[Any]:
    """Return words or numbers to choose from; raise ValueError if something is neither."""
    choices = as_list(name, options)
    for choice in choices:
        if not isinstance(choice, str | int | float | np.generic):
            raise ValueError(f"{name} must be words or numbers, not {shown(choice)}.")
    return choices


def knob(name: str, options: Sequence[Any]) -> Any:
    """Return a list to choose from, or a slider where all options are numbers."""
    words = [(str(option).replace("_", " "), option) for option in options]
    numbers = all(isinstance(option, int | float) for option in options) and len(options) > 1
    kind = ipywidgets.SelectionSlider if numbers else ipywidgets.Dropdown
    about = name.replace("_", " ")
    return kind(options=words, value=options[0], description=about, layout=WIDE, style=WORDS)
