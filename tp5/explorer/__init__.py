"""Walking through a latent space by hand, in a notebook."""

from .figure_knobs import FigureKnobs
from .latent_explorer import LatentExplorer
from .live_training import LiveTraining
from .noise_playground import NoisePlayground

__all__ = [
    "FigureKnobs",
    "LatentExplorer",
    "LiveTraining",
    "NoisePlayground",
]
