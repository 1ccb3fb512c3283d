"""Walking through a latent space by hand, in a notebook."""

from .figure_knobs import FigureKnobs
from .latent_explorer import LatentExplorer
from .link import link
from .live_training import LiveTraining
from .noise_playground import NoisePlayground
from .training_film import TrainingFilm

__all__ = [
    "FigureKnobs",
    "LatentExplorer",
    "LiveTraining",
    "NoisePlayground",
    "TrainingFilm",
    "link",
]
