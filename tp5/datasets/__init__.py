"""Data: fonts, pictures, drawings of Flork, and noise."""

from ..files import data_path
from .flork import load_florks
from .font import Font, FontError, all_characters
from .fonts import load_fonts
from .images import Images, load_images
from .noise import NOISES, Noise, flip, noisy_pairs
from .ours import is_ours

__all__ = [
    "NOISES",
    "Font",
    "FontError",
    "Images",
    "Noise",
    "all_characters",
    "data_path",
    "flip",
    "is_ours",
    "load_florks",
    "load_fonts",
    "load_images",
    "noisy_pairs",
]
