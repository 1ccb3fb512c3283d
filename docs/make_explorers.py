"""Make the explorers that need no kernel: `python docs/make_explorers.py FOLDER`.

Each is one file to hand out: it opens on a telephone, from a stick, without a network.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tp5 import Adam, Autoencoder, CosineDecay, Momentum, VariationalAutoencoder
from tp5.datasets.flork import load_florks
from tp5.datasets.fonts import all_characters, load_fonts
from tp5.experiments.jobs import COURSE
from tp5.explorer import LatentExplorer, LiveTraining, TrainingFilm
from tp5.files import data_path

INTRODUCTION = """\
The explorers of the notebooks, without a kernel: networks train, encode and decode in these pages.
Change the learning rate and watch letters spread; drag the point on the map, or focus it and use
the arrow keys; draw, and see what the network makes of it. Each is one file that needs no network:
save it, hand it out, open it on a telephone.
"""


def main(folder: Path) -> dict[str, tuple[str, str]]:
    """Train, and write a page for each explorer.

    Returns
    -------
    dict of file name (without .html) to title and description
    """
    pages = {}
    for name, (title, what, make) in EXPLORERS.items():
        make().save_html(folder / f"{name}.html", title=title)
        pages[name] = (title, what)
    return pages


def training() -> LiveTraining:
    """Five runs of 35-25-17-2-17-25-35, as in notebook 01, section 5."""
    font = load_fonts()[1]
    layers = (35, 25, 17, 2, 17, 25, 35)
    return LiveTraining(
        font.X, font.labels, architecture=layers, lr=0.005, epochs=60, target=(5.0, 60), rng=1
    )


def film(every: int = 2) -> TrainingFilm:
    """The same network, with a learning rate at which its letters spread and then saturate."""
    font = load_fonts()[1]
    seen = TrainingFilm(font.X, font.labels, every=every)
    Autoencoder((35, 25, 17, 2, 17, 25, 35), **COURSE).fit(
        font.X,
        optimizer=Momentum(0.02, 0.5),
        epochs=200,
        batch_size=1,
        n_runs=3,
        rng=1,
        callbacks=[seen],
        progress=False,
    )
    return seen


def characters() -> LatentExplorer:
    """All 96 characters in two numbers, as in notebook 01, section 8."""
    X, labels = all_characters(load_fonts())
    adam = Adam(CosineDecay(0.01), beta2=0.99)
    model = Autoencoder((35, 64, 32, 2, 32, 64, 35), dtype="float32").fit(
        X, optimizer=adam, epochs=2000, n_runs=3, rng=0, progress=False
    )
    assert model.best.wrong_pixels(X).sum() <= 1
    return LatentExplorer(model.best, X, labels=labels)


def florks() -> LatentExplorer:
    """426 drawings and the trained network that the course ships, as in notebook 05."""
    data = load_florks()
    model = VariationalAutoencoder.load(data_path("flork/vae_640.npz"))
    side = ["left" if pose.mirrored else "right" for pose in data.poses]
    return LatentExplorer(model, 1 - data.X, labels=side, draw=True)


EXPLORERS = {
    "training": (
        "Train a network in this page",
        "Notebook 01: five runs start again before your eyes, as often as you move a slider.",
        training,
    ),
    "characters": (
        "96 characters in two numbers",
        "Notebook 01: every character comes back without a wrong pixel. And between them?",
        characters,
    ),
    "florks": (
        "426 drawings in two numbers",
        "Notebook 05: the variational autoencoder 6400-640-256-2 and the drawings that it learned. "
        "Draw one of your own beside them: the encoder says where it lies, the decoder answers.",
        florks,
    ),
    "film": (
        "The film of a training",
        "Notebook 01: the codes of 32 characters, from the first epoch to the two hundredth.",
        film,
    ),
}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
