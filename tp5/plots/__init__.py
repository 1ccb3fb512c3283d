"""Every figure of the course: a function each, which returns its figure with alt text."""

from .canvas import COLORS, CourseFigure, new_figure
from .glyphs import closest_pairs, glyph_rgb, glyphs, reconstructions
from .latent import latent_map, latent_maps
from .network import funnel
from .training import (
    error_curves,
    error_panels,
    errors_with_intervals,
    goal_curves,
    gradient_check,
)

__all__ = [
    "COLORS",
    "CourseFigure",
    "closest_pairs",
    "error_curves",
    "error_panels",
    "errors_with_intervals",
    "funnel",
    "glyph_rgb",
    "glyphs",
    "goal_curves",
    "gradient_check",
    "latent_map",
    "latent_maps",
    "new_figure",
    "reconstructions",
]
