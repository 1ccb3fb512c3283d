"""Every figure of the course: a function each, which returns a `CourseFigure` with alt text.

What cannot be drawn is refused with a ValueError that says why, before anything is drawn. Words
are drawn as they are written: a $ is a dollar.
"""

from .animation import Animation
from .canvas import COLORS, CourseFigure, new_figure, projector
from .drawings import beside_nearest, drawings
from .generation import decoded_grid, grid_and_map, strip
from .glyphs import closest_pairs, glyph_rgb, glyphs, reconstructions
from .latent import clouds, latent_map, latent_maps
from .maps import character_map, holes, originality_map
from .network import funnel
from .noise import cleaning_curves, denoised, level_map, noise_kinds
from .optimizers import cost_curves, iteration_costs, spectra, success_rates
from .runs import pairs_apart
from .training import (
    error_curves,
    error_panels,
    errors_with_intervals,
    goal_curves,
    gradient_check,
)
from .vae import collapse, losses_apart, trends
from .words import visible

__all__ = [
    "COLORS",
    "Animation",
    "CourseFigure",
    "beside_nearest",
    "character_map",
    "cleaning_curves",
    "closest_pairs",
    "clouds",
    "collapse",
    "cost_curves",
    "decoded_grid",
    "denoised",
    "drawings",
    "error_curves",
    "error_panels",
    "errors_with_intervals",
    "funnel",
    "glyph_rgb",
    "glyphs",
    "goal_curves",
    "gradient_check",
    "grid_and_map",
    "holes",
    "iteration_costs",
    "latent_map",
    "latent_maps",
    "level_map",
    "losses_apart",
    "new_figure",
    "noise_kinds",
    "originality_map",
    "pairs_apart",
    "projector",
    "reconstructions",
    "spectra",
    "strip",
    "success_rates",
    "trends",
    "visible",
]
