"""Two explorers that move together: the same picture, seen by two models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .latent_explorer import LatentExplorer


def link(a: LatentExplorer, b: LatentExplorer) -> Callable[[], None]:
    """Move two explorers together, by pictures.

    The same z means something else to each model; a picture means the same to both. A drawing on
    one pad appears on the other, and each encoder says where it lies. Where z is moved, the other
    model encodes what this one decodes there. So one sees two models side by side: autoencoder and
    variational autoencoder, 50 and 200 epochs, beta = 1 and 4.

    Parameters
    ----------
    a, b : LatentExplorer
        Of models for pictures of the same shape. b goes where a is at once.

    Returns
    -------
    callable
        Call it to let go.

    Raises
    ------
    ValueError
        If they are one and the same, or their pictures differ in shape.

    Examples
    --------
    >>> link(LatentExplorer(ae, X), LatentExplorer(vae, X))  # doctest: +SKIP
    """
    if a is b:
        raise ValueError("an explorer moves with itself already; link two of them.")
    if a.data.shape != b.data.shape:
        raise ValueError(
            f"one explorer has pictures of shape {a.data.shape}, the other {b.data.shape}: they "
            f"cannot show the same."
        )
    follow = Follow(a, b)
    for one in (a, b):
        one.observe(follow, names=["z", "drawing"])
    follow.bring(a, b)

    def let_go() -> None:
        for one in (a, b):
            one.unobserve(follow, names=["z", "drawing"])

    return let_go


class Follow:
    """Observer of two explorers: where one goes, the other goes along."""

    def __init__(self, a: LatentExplorer, b: LatentExplorer) -> None:
        self.pair, self.at_work = (a, b), False

    def __call__(self, change: Any) -> None:
        """One of them has been moved or drawn on; what the other then does moves nobody."""
        if not self.at_work:
            moved = change["owner"]
            self.bring(moved, self.pair[1] if moved is self.pair[0] else self.pair[0])

    def bring(self, moved: LatentExplorer, other: LatentExplorer) -> None:
        """Let the other show the picture that this one shows: its drawing, or what is decoded."""
        self.at_work = True
        try:
            if moved.at_drawing:
                other.drawing = moved.drawing
            else:
                other.z = other.data.model.encode(moved.image.reshape(1, -1))[0]
        finally:
            self.at_work = False
