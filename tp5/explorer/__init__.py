"""Walking through a latent space by hand, in a notebook."""

from .drawing_sliders import DrawingSliders
from .new_letters import InterpolationSliders, NewLetterSliders
from .noise_sliders import NoiseSliders
from .sliders import LatentSliders

__all__ = [
    "DrawingSliders",
    "InterpolationSliders",
    "LatentSliders",
    "NewLetterSliders",
    "NoiseSliders",
]
