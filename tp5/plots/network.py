"""A picture of a network's shape."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..checks import as_sequence, at_least
from .canvas import COLORS, CourseFigure, bare, new_figure
from .words import in_plain_words


@in_plain_words
def funnel(layers: Sequence[int], title: str) -> CourseFigure:
    """Draw an autoencoder's layers, such as (35, 2, 35), as columns of units."""
    layers = [at_least("a layer", width) for width in as_sequence("layers", layers)]
    if len(layers) < 3:
        raise ValueError(f"an autoencoder has three layers or more, not {len(layers)}.")
    figure, ((axis,),) = new_figure(size=(8.0, 4.0))
    bare(axis)
    middle = len(layers) // 2
    heights = [np.arange(width) - (width - 1) / 2 for width in layers]
    for layer, (here, there) in enumerate(pairwise(heights)):
        for end, edge in ((here[0], there[0]), (here[-1], there[-1])):  # the outline of all wires
            axis.plot([layer, layer + 1], [end, edge], color="#CCCCCC", linewidth=1, zorder=0)
    for layer, y in enumerate(heights):
        ink = COLORS[1] if layer == middle else COLORS[0]
        axis.scatter(np.full(len(y), layer), y, s=14, color=ink)
        axis.text(layer, y[-1] + 1.2, str(len(y)), ha="center", fontsize=13)
    names = {0: "X", middle: "z", len(layers) - 1: "X̂"}
    bottom = min(y[0] for y in heights) - 3
    for layer, name in names.items():
        axis.text(layer, bottom, name, ha="center", va="top", fontsize=14)
    for centre, name in ((middle / 2, "encoder"), (middle + middle / 2, "decoder")):
        axis.text(centre, bottom, name, ha="center", va="top", fontsize=13, color="#555555")
    axis.set_ylim(bottom - 2.5, max(y[-1] for y in heights) + 4)
    axis.set_title(title)
    widths = ", ".join(map(str, layers))
    figure.alt = (
        f"{title}. Columns of {widths} units: an encoder that narrows to {layers[middle]} latent "
        f"units, and a decoder that widens again."
    )
    return figure
