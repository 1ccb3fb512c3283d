"""Still pictures of a widget, for readers who have no kernel; and what every widget checks."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from typing import Any

import numpy as np

INVISIBLE = {" ": "space", "\x7f": "DEL"}  # labels that nobody could see
SIDE = 260  # a picture's height on the screen, pixels


def visible(labels: Sequence[str]) -> list[str]:
    """Return the labels, with a name in place of a character that nobody could see."""
    return [INVISIBLE.get(str(label), str(label)) for label in labels]


def png_url(image: np.ndarray) -> str:
    """Return a picture in [0, 1], shape (height, width) or (height, width, 3), as a data URL.

    Small pictures are enlarged here: JupyterLab strips ``image-rendering`` from HTML that is not
    trusted yet, and the browser would blur them.
    """
    from PIL import Image

    scale = max(1, SIDE // image.shape[0])
    large = image.repeat(scale, axis=0).repeat(scale, axis=1)
    buffer = io.BytesIO()
    Image.fromarray(np.round(np.clip(large, 0, 1) * 255).astype(np.uint8)).save(buffer, "png")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def still_picture(image: np.ndarray, caption: str, spoken: str | None = None) -> str:
    """Return a picture over its caption, as HTML.

    Parameters
    ----------
    image : ndarray, shape (height, width), values in [0, 1] (1 is ink), or (height, width, 3)
    caption : str
    spoken : str, optional
        The alt text; the caption by default.
    """
    width = SIDE * image.shape[1] // image.shape[0]
    shown = 1 - image if image.ndim == 2 else image
    return (
        f'<figure style="margin:0"><img alt="{html.escape(spoken or caption)}" '
        f'src="{png_url(shown)}" style="image-rendering:pixelated;width:{width}px;'
        f'height:{SIDE}px;border:1px solid #999"><figcaption>{html.escape(caption)}</figcaption>'
        f"</figure>"
    )


def check_one_run(model: Any) -> None:
    """Raise unless this is one trained run.

    Raises
    ------
    ModelError
        If the model is not trained.
    ValueError
        If it has several runs.
    """
    model.trained_theta()
    if model.n_runs > 1:
        raise ValueError(f"this model has {model.n_runs} runs; take one, such as model.best.")
