"""The models: autoencoder, variational autoencoder, and the baselines that they must beat."""

from .autoencoder import Autoencoder
from .baselines import PCA, mean_image_error
from .model import LatentModel
from .vae import VariationalAutoencoder

__all__ = ["PCA", "Autoencoder", "LatentModel", "VariationalAutoencoder", "mean_image_error"]
