"""The questions of each notebook: check, hint, solution.

``from tp5 import exercises; q = exercises.momentum_step``, then ``q.check(momentum_step)``,
``q.hint()``, ``q.solution()``; for a question to think about ``q.discuss()``. What one has done
stays in the kernel's memory: ``exercises.progress()``. Nothing is written or sent.
"""

from ..table import Table
from .asking import warm_up
from .characters import faces, line, long_walk, new_letter, originality
from .denoising import clean_all, flip_noise, masking_hint, nearest_neighbour
from .exercise import Exercise
from .flork_vae import draw_backward, grey_likelihood, kl, reparameterize, turn_round
from .font_autoencoder import (
    flat_curve,
    forward,
    glyph_row,
    layer_backward,
    sixty_epochs,
    squared_error,
)
from .message import CheckFailed
from .optimizers import (
    finite_difference,
    momentum_step,
    sgd_catches_up,
    train_test_split,
    yardstick,
)
from .tally import count

# In the order of the notebooks, from easy to hard in each.
ALL: tuple[Exercise, ...] = (
    *(glyph_row, squared_error, forward, layer_backward, sixty_epochs, flat_curve),
    *(momentum_step, train_test_split, finite_difference, sgd_catches_up, yardstick),
    *(line, originality, new_letter, long_walk, faces),
    *(flip_noise, nearest_neighbour, clean_all, masking_hint),
    *(reparameterize, kl, draw_backward, turn_round, grey_likelihood),
)


def progress(notebook: int | None = None) -> Table:
    """Return which exercises are open, tried and done, in this kernel.

    Parameters
    ----------
    notebook : int, optional
        Its number, 1 to 5; by default the one that you work in.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        If there is no such notebook.
    """
    return count(ALL, notebook)


warm_up()

__all__ = [
    "ALL",
    "CheckFailed",
    "clean_all",
    "draw_backward",
    "faces",
    "finite_difference",
    "flat_curve",
    "flip_noise",
    "forward",
    "glyph_row",
    "grey_likelihood",
    "kl",
    "layer_backward",
    "line",
    "long_walk",
    "masking_hint",
    "momentum_step",
    "nearest_neighbour",
    "new_letter",
    "originality",
    "progress",
    "reparameterize",
    "sgd_catches_up",
    "sixty_epochs",
    "squared_error",
    "train_test_split",
    "turn_round",
    "yardstick",
]
