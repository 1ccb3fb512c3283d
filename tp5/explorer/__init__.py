"""Walking through a latent space by hand, in a notebook."""

from .drawing_sliders import DrawingSliders
from .latent_explorer import LatentExplorer
from .live_training import LiveTraining
from .new_letters import InterpolationSliders, NewLetterSliders
from .noise_playground import NoisePlayground
from .noise_sliders import NoiseSliders
from .sliders import LatentSliders

__all__ = [
    "DrawingSliders",
    "InterpolationSliders",
    "LatentExplorer",
    "LatentSliders",
    "LiveTraining",
    "NewLetterSliders",
    "NoisePlayground",
    "NoiseSliders",
]
