"""What is raced against what: W1 to W6. The goals are those that the project set itself."""

from __future__ import annotations

from dataclasses import dataclass

from . import problem
from .race import Entry

STEPS = problem.ONLINE_EPOCHS * 32


@dataclass(frozen=True)
class Race:
    """Contestants that do one piece of work; the first is the course.

    Attributes
    ----------
    what : str
    entries : tuple of Entry
    rounds : int
    unit : str
        Of the times that are printed: "µs a step".
    factor : float
        From seconds of one round to that unit.
    goal : float or None
        At most this, in that unit.
    beside : tuple of str and float, optional
        A contestant, and its time in that unit where the goal was set. On a slower machine, or in
        a slower hour of this one, the goal is as much larger.
    command : str
        Where whole processes are timed, what they are told; else empty.
    """

    what: str
    entries: tuple[Entry, ...]
    rounds: int
    unit: str
    factor: float = 1.0
    goal: float | None = None
    beside: tuple[str, float] | None = None
    command: str = ""


@dataclass(frozen=True)
class Section:
    """A row of the project's list of goals."""

    title: str
    races: tuple[Race, ...]
    why: str


def keras(backend: str) -> Entry:
    return Entry(
        f"Keras on {backend}, fit", "with_keras", "vae", {"KERAS_BACKEND": backend.lower()}
    )


SECTIONS: dict[str, Section] = {
    "W1": Section(
        "One online SGD step, 35-25-17-2-17-25-35, tanh, float32",
        (
            Race(
                "one run",
                (
                    Entry("tp5", "ours", "online"),
                    Entry("PyTorch, fused SGD", "pytorch", "online"),
                    Entry("PyTorch, compiled", "pytorch", "online_compiled"),
                    Entry("JAX, scan", "with_jax", "online"),
                    Entry("scikit-learn", "with_sklearn", "online"),
                ),
                9,
                "µs a step",
                1e6 / STEPS,
                6.8,  # an eighth of what it took before its loops were compiled
                ("JAX, scan", 6.86),
            ),
            Race(
                "ten runs",
                (
                    Entry("tp5, 10 runs", "ours", "online_10"),
                    Entry("JAX, scan and vmap", "with_jax", "online_10"),
                ),
                9,
                "µs a run and step",
                1e5 / STEPS,
                2.11,
                ("JAX, scan and vmap", 2.11),
            ),
        ),
        "At this size a step is almost no arithmetic, so a library that is called from Python"
        " step by step is all overhead, PyTorch's recorded graphs too. JAX compiles thirty "
        "epochs into one program, anew for each architecture and each change of the step. "
        "Ours are loops that Numba has compiled once, for any network: they are loaded from "
        "the disk. Ten runs go to as many threads as there are cores. (Our time includes a "
        "pass over all samples after each epoch, for the record.)",
    ),
    "W2": Section(
        "The sweep: 7 architectures × 2 momenta × 3 fonts × 5 runs, 150 epochs, online",
        (
            Race(
                "whole process",
                (
                    Entry("tp5, two threads", "ours", "sweep"),
                    Entry("JAX, scan and vmap", "with_jax", "sweep"),
                    Entry("PyTorch, torch.func", "pytorch", "sweep"),
                ),
                3,
                "s",
                1.0,
                3.45,  # a tenth of JAX's
                ("JAX, scan and vmap", 34.5),
                command="run",
            ),
        ),
        "Thirty runs of an architecture are one job. JAX compiles seven programs "
        "first. PyTorch is timed for the epochs given beside it, and the rest is multiplied.",
    ),
    "W3": Section(
        "Until it is learned: full batch, Adam, float32",
        (
            Race(
                "one font to at most 1 wrong pixel a character",
                (
                    Entry("tp5", "ours", "one_font"),
                    Entry("PyTorch, fused Adam", "pytorch", "one_font"),
                    Entry("JAX, scan", "with_jax", "one_font"),
                ),
                7,
                "s",
                1.0,
                0.057,
                ("JAX, scan", 0.0573),
            ),
            Race(
                "all 96 characters to 0 wrong pixels",
                (
                    Entry("tp5", "ours", "all_fonts"),
                    Entry("PyTorch, fused Adam", "pytorch", "all_fonts"),
                    Entry("JAX, scan", "with_jax", "all_fonts"),
                ),
                5,
                "s",
                1.0,
                0.29,
                ("JAX, scan", 0.288),
            ),
        ),
        "All start from the same weights, and end where the pixels are right; rounding sends them "
        "on slightly different ways, so the epochs differ. From 32 characters to 96, and wider "
        "layers, arithmetic takes over from overhead.",
    ),
    "W4": Section(
        "VAE 6400-256-2, one epoch of 426 drawings, batches of 32, Adam, float32",
        (
            Race(
                "ten epochs",
                (
                    Entry("tp5", "ours", "vae"),
                    Entry("PyTorch, fused Adam", "pytorch", "vae"),
                    Entry("PyTorch, compiled", "pytorch", "vae_compiled"),
                    Entry("JAX, scan", "with_jax", "vae"),
                    keras("JAX"),
                    keras("torch"),
                ),
                7,
                "s an epoch",
                1 / problem.VAE_EPOCHS,
                0.161,
                ("JAX, scan", 0.161),
            ),
        ),
        "Here arithmetic and memory are the cost. Every step multiplies matrices of 6400 × 256, "
        "and passes over 3.3 million weights and moments, which is memory traffic. PyTorch's fused "
        "Adam is one pass over them, JAX joins the loss into one as well. Our products are BLAS's, "
        "a few samples to each thread of our own; the loss and its gradient are one compiled pass. "
        "Our gradient is never there as a whole: block by block it is multiplied out, and Adam "
        "uses it while the cache still has it.",
    ),
    "W5": Section(
        "Python's start → 426 drawings → 50 epochs of the VAE → latent map as PNG",
        (
            Race(
                "whole process",
                (
                    Entry("tp5", "ours", "vae"),
                    Entry("PyTorch, fused Adam", "pytorch", "vae"),
                    Entry("JAX, scan", "with_jax", "vae"),
                    keras("JAX"),
                ),
                3,
                "s",
                1.0,
                goal=14,
                beside=("JAX, scan", 14),
                command="draw {folder}/map.png",
            ),
        ),
        "Peak memory is the largest resident set of the process; installed is what pip has put on "
        "the disk for the modules that it loaded and for what they require.",
    ),
    "W6": Section(
        "Powell, one iteration, 2,789 weights, 32 characters",
        (
            Race(
                "one iteration of scipy's minimize",
                (
                    Entry("tp5", "ours", "powell"),
                    Entry("NumPy, every layer anew", "ours", "powell_plain"),
                    Entry("JAX, jit", "with_jax", "powell"),
                    Entry("PyTorch, no_grad", "pytorch", "powell"),
                ),
                3,
                "s",
                1.0,
            ),
        ),
        "scipy asks for the loss one θ after another, and between two of them spends some time of "
        "its own on 2,789 numbers (the last line gives it): no objective can be faster than that. "
        "Ours computes only the units behind the weight that has moved: "
        "tp5/compiled/coordinate.py.",
    ),
}
