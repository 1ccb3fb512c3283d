"""Looking at what was learned: points of the latent space, distances, glyphs, intervals."""

from .distances import (
    hamming_distances,
    near_neighbours,
    nearest,
    pairwise_distances,
    separation,
)
from .drawings import gradient_energy, unsure_share
from .glyphs import looks_like_a_letter, new_letters, stroke_measures
from .grids import gaussian_grid, grid_over, interpolate, quantile_grid, rectangle_grid
from .intervals import (
    difference_interval,
    mean_interval,
    proportion_interval,
    rank_correlation,
    told_apart,
)
from .lookup import best_guess, nearest_lookup

__all__ = [
    "best_guess",
    "difference_interval",
    "gaussian_grid",
    "gradient_energy",
    "grid_over",
    "hamming_distances",
    "interpolate",
    "looks_like_a_letter",
    "mean_interval",
    "near_neighbours",
    "nearest",
    "nearest_lookup",
    "new_letters",
    "pairwise_distances",
    "proportion_interval",
    "quantile_grid",
    "rank_correlation",
    "rectangle_grid",
    "separation",
    "stroke_measures",
    "told_apart",
    "unsure_share",
]
