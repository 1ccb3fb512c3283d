"""Every figure of the course: a function each, which returns its figure with alt text."""

from .animation import Animation
from .canvas import COLORS, CourseFigure, new_figure, projector
from .generation import character_map, decoded_grid, holes, originality_map, strip
from .glyphs import closest_pairs, glyph_rgb, glyphs, reconstructions, visible
from .latent import latent_map, latent_maps
from .network import funnel
from .noise import cleaning_curves, denoised, level_map, noise_kinds
from .optimizers import cost_curves, iteration_costs, success_rates
from .training import (
    error_curves,
    error_panels,
    errors_with_intervals,
    goal_curves,
    gradient_check,
)
from .vae import (
    beside_nearest,
    clouds,
    collapse,
    drawings,
    grid_and_map,
    losses_apart,
    trends,
)

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
    "projector",
    "reconstructions",
    "strip",
    "success_rates",
    "trends",
    "visible",
]
