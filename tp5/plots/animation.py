"""Small moving pictures: a walk through a latent space, with words for it."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence

import numpy as np

from ..checks import as_numbers, at_least, number_in
from ..files import atomic_write
from .picture import Picture

STOP = "It moves for ever; to stop it, hide this output: click the bar on its left."


class Animation:
    """Pictures shown one after another, there and back again.

    A notebook keeps it as an animated PNG, which survives where HTML does not; on paper it is its
    first picture. What moves for ever must be possible to stop (WCAG 2.2, criterion 2.2.2): the
    words beside it say how.

    Parameters
    ----------
    frames : ndarray, shape (n_frames, height, width), values in [0, 1] (1 is ink)
    alt : str
        What it shows, in words.
    seconds : float > 0
        How long one picture stays.
    scale : int
        Screen pixels for each pixel of a picture.

    Raises
    ------
    ValueError
        If there are fewer than two frames, their shape or values do not fit, there is no alt
        text, or a time or scale is not above 0.

    Examples
    --------
    >>> Animation(np.eye(5)[:, None], alt="A dot moves from left to right.")
    Animation of 5 pictures: A dot moves from left to right.
    """

    def __init__(
        self, frames: np.ndarray, alt: str, seconds: float = 0.12, scale: int = 28
    ) -> None:
        frames = as_numbers("frames", frames).astype(float)
        if frames.ndim != 3 or len(frames) < 2 or 0 in frames.shape:
            raise ValueError(
                f"an animation needs frames of shape (n_frames, height, width), two or more, not "
                f"{frames.shape}."
            )
        if not (np.isfinite(frames).all() and frames.min() >= 0 and frames.max() <= 1):
            raise ValueError("the frames of an animation must have values in [0, 1]; scale them.")
        if not isinstance(alt, str) or not alt:
            raise ValueError("this animation has no alt text; say in alt what it shows.")
        self.seconds = number_in("seconds", "[0.02, 60]", seconds)  # faster, browsers slow it down
        self.frames, self.alt, self.scale = frames, alt, at_least("scale", scale)

    def gif(self) -> bytes:
        """Return the bytes of a GIF that goes there and back, for ever, and rests at both ends."""
        return self._moving("gif")

    def png(self) -> bytes:
        """Return the bytes of the same as an animated PNG."""
        return self._moving("png")

    def _moving(self, kind: str) -> bytes:
        from PIL import Image  # loaded when used: `import tp5` imports numpy alone

        grey = np.round((1 - self.frames) * 255).astype(np.uint8)
        large = grey.repeat(self.scale, axis=1).repeat(self.scale, axis=2)
        order = there_and_back(len(large))
        pictures = [Image.fromarray(large[frame]) for frame in order]
        rest = [len(large) - 1, 0]  # stay longer where there is something to look at
        times = [round(1000 * self.seconds * (6 if frame in rest else 1)) for frame in order]
        buffer = io.BytesIO()
        pictures[0].save(
            buffer, kind, save_all=True, append_images=pictures[1:], duration=times, loop=0
        )
        return buffer.getvalue()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the GIF to a file, whole or not at all."""
        with atomic_write(path) as file:
            file.write(self.gif())

    def _ipython_display_(self) -> None:
        Picture(self.png(), self.alt, self.frames.shape[2] * self.scale).show(STOP)

    def __repr__(self) -> str:
        return f"Animation of {len(self.frames)} pictures: {self.alt}"


def there_and_back(n_frames: int) -> Sequence[int]:
    """Return 0, 1, …, n − 1, …, 1: played in a loop it turns round at both ends."""
    return [*range(n_frames), *range(n_frames - 2, 0, -1)]
