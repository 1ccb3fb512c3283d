"""Draw the pictures of the README: `make pictures`. What they claim is asserted here."""

from pathlib import Path

from tp5 import Adam, Autoencoder, CosineDecay, plots
from tp5.datasets.flork import load_florks
from tp5.datasets.fonts import all_characters, load_fonts

DOCS = Path(__file__).parent


def main() -> None:
    """Train, assert, draw."""
    X, labels = all_characters(load_fonts())
    model = Autoencoder((35, 64, 32, 2, 32, 64, 35), dtype="float32")
    adam = Adam(CosineDecay(0.01), beta2=0.99)
    best = model.fit(X, optimizer=adam, epochs=3000, n_runs=5, rng=0).best
    assert best.wrong_pixels(X).sum() == 0
    title = "Decoded from two numbers each, without a wrong pixel"
    plots.reconstructions(X, best.reconstruct(X), labels, title).save(DOCS / "decoded.png")
    title = "The two numbers of each character"
    plots.latent_map(best.encode(X), labels, title).save(DOCS / "latent_map.png")
    title = "96 of the 426 drawings that notebook 05 learns"
    plots.drawings(1 - load_florks().X[:96], title, columns=16).save(DOCS / "florks.png")


if __name__ == "__main__":
    main()
