"""Is this the course's own font? What a notebook says of single characters is said of that one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .fonts import Font, all_characters, load_fonts


def is_ours(fonts: Sequence[Font]) -> bool:
    """Whether fonts hold the characters of the course's ``font.h``, pixel by pixel.

    Notebooks run with any font. Claims hold for any; constants of our font (that the closest pair
    differs in two pixels) are asserted for ours only.

    Parameters
    ----------
    fonts : sequence of Font
    """
    (X, labels), (ours, our_labels) = all_characters(fonts), all_characters(load_fonts())
    return labels == our_labels and np.array_equal(X, ours)
