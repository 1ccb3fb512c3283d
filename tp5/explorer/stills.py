"""Still pictures of a widget, for readers who have no kernel; and what every widget checks."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..checks import shown
from ..plots import CourseFigure, new_figure
from ..plots.canvas import bare
from ..plots.picture import Picture
from ..plots.words import in_plain_words

INVISIBLE = {" ": "space", "\x7f": "DEL"}  # labels that nobody could see
NOTE = "A still picture of a widget: run this cell to bring it to life."


class WithStill:
    """A widget that leaves a still picture: comes before the widget's class.

    Where a widget cannot live (on a code host, on paper, in a notebook that was saved and is
    opened again) the picture is seen in its place, and its words stand below it. A living widget
    hides them, see ``words.css``.
    """

    def still(self) -> Picture | None:
        """Return the widget as it is now, as a picture; None if there is nothing to see yet."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the widget and its still, for notebooks, each under its own kind."""
        return self._bundle(self.still(), **kwargs)

    def _bundle(self, still: Picture | None, **kwargs: Any) -> Any:
        parent: Any = super()
        bundle = parent._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        if still is not None:
            more, about = still.bundle()
            data, metadata = data | more, metadata | about
        return data | {"text/plain": repr(self)}, metadata

    def _ipython_display_(self) -> None:
        from IPython.display import display

        still = self.still()
        data, metadata = self._bundle(still)
        display(data, metadata=metadata, raw=True)
        if still is not None:
            display(still.words(NOTE), raw=True)


@in_plain_words
def still_pictures(pictures: Mapping[str, np.ndarray], alt: str) -> CourseFigure:
    """Return pictures side by side, each under its caption.

    Parameters
    ----------
    pictures : mapping of str to ndarray, shape (height, width) or (height, width, 3)
        By caption; values in [0, 1], where 1 is ink in a picture of two dimensions.
    alt : str
    """
    figure, axes = new_figure(1, len(pictures), size=(2.8 * len(pictures), 3.6))
    figure.light = all(picture.ndim == 2 for picture in pictures.values())
    figure.alt = alt
    for axis, (caption, picture) in zip(axes[0], pictures.items(), strict=True):
        ink = {"cmap": "gray_r", "vmin": 0, "vmax": 1} if picture.ndim == 2 else {}
        axis.imshow(np.clip(picture, 0, 1), interpolation="nearest", **ink)
        lines = [textwrap.fill(line, 26) for line in caption.split("\n")]
        axis.set_title("\n".join(lines), fontsize=12)
        bare(axis)
        for spine in axis.spines.values():
            spine.set(visible=True, color="#999999")
    return figure


def visible(labels: Sequence[str]) -> list[str]:
    """Return the labels, with a name in place of a character that nobody could see."""
    return [INVISIBLE.get(str(label), str(label)) for label in labels]


def check_one_run(model: Any) -> None:
    """Raise unless this is one trained run.

    Raises
    ------
    ModelError
        If the model is not trained.
    ValueError
        If it has several runs.
    """
    if not callable(getattr(model, "trained_theta", None)):
        raise ValueError(f"model must be a trained model, such as model.best, not {shown(model)}.")
    model.trained_theta()
    if model.n_runs > 1:
        raise ValueError(f"this model has {model.n_runs} runs; take one, such as model.best.")
