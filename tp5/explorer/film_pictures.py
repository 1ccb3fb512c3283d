"""The film of a training as a GIF, by matplotlib: for slides, and where there is no browser."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..plots.canvas import color, new_figure
from .recording import Recording, moment

LABELLED = 150  # samples: above, dots


def film_gif(
    recording: Recording, run: int, labels: Sequence[str] | None = None, seconds: float = 0.12
) -> bytes:
    """Return the bytes of a GIF: map and loss after each recorded epoch, for ever.

    Parameters
    ----------
    recording : Recording
    run : int
    labels : sequence of str, optional
        Drawn at the codes, where there are at most 150.
    seconds : float
        For each picture; the last one rests.
    """
    figure, axes = new_figure(1, 2, size=(8.4, 4.2))
    losses = np.array(recording.losses)[:, run]
    pictures = []
    for k in range(len(recording.epochs)):
        for axis in axes[0]:
            axis.clear()
        draw_map(axes[0, 0], recording, k, run, labels)
        draw_loss(axes[0, 1], losses, recording.epochs[k])
        pictures.append(as_picture(figure))
    buffer = io.BytesIO()
    times = [round(1000 * seconds)] * (len(pictures) - 1) + [1500]
    pictures[0].save(
        buffer, "gif", save_all=True, append_images=pictures[1:], duration=times, loop=0
    )
    return buffer.getvalue()


def draw_map(
    axis: Any, recording: Recording, k: int, run: int, labels: Sequence[str] | None
) -> None:
    """Draw the codes of one picture."""
    codes = recording.codes[k][run]
    if recording.sigma:
        from matplotlib.patches import Ellipse

        for z, sigma in zip(codes, recording.sigma[k][run], strict=True):
            axis.add_patch(Ellipse(z, *(2 * sigma), color=color(1), alpha=0.12, linewidth=0))
    if labels is not None and len(labels) <= LABELLED:
        for z, label in zip(codes, labels, strict=True):
            text = str(label).replace("$", r"\$")  # no formula, whatever a label holds
            axis.text(*z, text, ha="center", va="center", color=color(0), clip_on=True)
    else:
        axis.plot(*codes.T, ".", color=color(0))
    left, right, bottom, top = recording.box()
    axis.set(xlim=(left, right), ylim=(bottom, top), xlabel="z1", ylabel="z2")
    axis.set_title(moment(recording.epochs[k]))


def draw_loss(axis: Any, losses: np.ndarray, epoch: int) -> None:
    """Draw the loss, and a mark at an epoch."""
    axis.plot(losses, color=color(0))
    axis.plot([epoch], [losses[epoch]], "o", color=color(1), markersize=9)
    axis.set(xlabel="epoch", ylabel="loss", title=f"loss {losses[epoch]:.2f}")
    axis.set_ylim(bottom=0)


def as_picture(figure: Any) -> Any:
    """Return a figure as a picture in few colours."""
    from PIL import Image

    raw = Image.open(io.BytesIO(figure.png(dpi=80))).convert("RGB")
    return raw.quantize(64, dither=Image.Dither.NONE)
