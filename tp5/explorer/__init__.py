"""Walking through a latent space by hand, in a notebook."""

from .sliders import LatentSliders

__all__ = ["LatentSliders"]
