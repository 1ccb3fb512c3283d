"""Data: fonts, pictures, drawings of Flork, and noise."""

from .flork import load_florks
from .fonts import Font, FontError, all_characters, load_fonts
from .images import Images, load_images
from .noise import NOISES, Noise, best_guess, flip, nearest_lookup, noisy_pairs

__all__ = [
    "NOISES",
    "Font",
    "FontError",
    "Images",
    "Noise",
    "all_characters",
    "best_guess",
    "flip",
    "load_florks",
    "load_fonts",
    "load_images",
    "nearest_lookup",
    "noisy_pairs",
]
