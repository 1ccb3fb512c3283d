"""Train the network that notebook 05 does not have the time to train, and write its weights.

    python data/flork/train_640.py

6400-640-256-2 and its mirror, 200 epochs of RMSprop in batches of 20, seed 0: the class's second
network. It takes minutes. The file holds one byte a weight (see `tp5.models.model.pack`).
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np

from tp5 import VariationalAutoencoder
from tp5.datasets.flork import load_florks

LAYERS, EPOCHS, SEED = (6400, 640, 256, 2), 200, 0


def train(epochs: int = EPOCHS, progress: bool | None = True) -> VariationalAutoencoder:
    """Return the trained network; ink is 1 for it, paper 0."""
    X = 1 - load_florks().X
    return VariationalAutoencoder(LAYERS).fit(X, epochs=epochs, rng=SEED, progress=progress)


def main(path: Path) -> None:
    """Train, write, and say what the file is."""
    vae = train()
    vae.save(path, compact=True)
    print(vae)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, SHA-256 {digest}")
    loaded = VariationalAutoencoder.load(path)
    X = 1 - load_florks().X
    moved = np.abs(vae.reconstruct(X) - loaded.reconstruct(X)).max()
    print(f"the rounding moves a pixel by at most {moved:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).with_name("vae_640.npz"))
