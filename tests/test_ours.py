"""Is this the course's own font?"""

from __future__ import annotations

import numpy as np

from tp5.datasets import Font, is_ours, load_fonts


def test_the_course_s_fonts_are_ours():
    assert is_ours(load_fonts())


def test_one_pixel_or_one_font_makes_another_hand():
    ours = load_fonts()
    X = ours[0].X.copy()
    X[5, 17] = 1 - X[5, 17]
    assert not is_ours([Font(ours[0].name, ours[0].labels, X), *ours[1:]])
    assert not is_ours(ours[1:])
    assert not is_ours([Font("Font3", ours[2].labels, np.zeros((32, 35)))])


def test_names_of_the_arrays_do_not_matter():
    assert is_ours([Font(f"mine{font.name}", font.labels, font.X) for font in load_fonts()])
