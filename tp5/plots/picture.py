"""What a notebook keeps of a picture: a PNG, and words that everybody can reach."""

from __future__ import annotations

import base64
import html
import io
import re
from dataclasses import dataclass
from typing import Any

Bundle = tuple[dict[str, Any], dict[str, Any]]  # data by kind, and metadata by kind


@dataclass(frozen=True)
class Picture:
    """A PNG and what it shows, in words.

    Stored as ``image/png``, it survives where HTML does not: in LaTeX, in print, on a code host.
    Its metadata hold the words, from which exported pages take the ``alt`` of their ``<img>``;
    JupyterLab passes them over, so they come a second time, folded, below the picture.

    Parameters
    ----------
    png : bytes
    alt : str
    width : int
        On the screen, in pixels.

    Raises
    ------
    ValueError
        If there are no words.
    """

    png: bytes
    alt: str
    width: int

    def __post_init__(self) -> None:
        if not self.alt:
            raise ValueError("this figure has no alt text; say in figure.alt what it shows.")

    def bundle(self) -> Bundle:
        """Return the picture as data and metadata of a notebook's output."""
        data = {
            "image/png": base64.b64encode(self.png).decode(),
            "text/plain": f"Figure: {self.alt}",
        }
        return data, {"image/png": {"alt": self.alt, "width": self.width}}

    def words(self, note: str = "") -> dict[str, str]:
        """Return the words as an output of their own: folded, and a paragraph for LaTeX.

        Parameters
        ----------
        note : str, optional
            What everybody is to read, in front of them; not on paper.
        """
        visible = f"<p>{html.escape(note)}</p>" if note else ""
        return {
            "text/html": f'<div class="tp5-words">{visible}<details><summary>In words</summary>'
            f"<p>{html.escape(self.alt)}</p></details></div>",
            "text/markdown": f"*In words:* {as_markdown(self.alt)}",
        }

    def show(self, note: str = "") -> None:
        """Display the picture, and then its words."""
        from IPython.display import display

        data, metadata = self.bundle()
        display(data, metadata=metadata, raw=True)
        display(self.words(note), raw=True)


def together(first: Picture, second: Picture, below: bool = False) -> Picture:
    """Return two pictures as one: side by side, or the second below the first."""
    from PIL import Image

    images = [Image.open(io.BytesIO(one.png)).convert("RGB") for one in (first, second)]
    widths, heights = zip(*(image.size for image in images), strict=True)
    size = (max(widths), sum(heights)) if below else (sum(widths), max(heights))
    both = Image.new("RGB", size, "white")
    both.paste(images[0], (0, 0))
    both.paste(images[1], (0, heights[0]) if below else (widths[0], 0))
    buffer = io.BytesIO()
    both.quantize(256, dither=Image.Dither.NONE).save(buffer, "png", optimize=True)
    shown = (first.width, second.width)
    alt = f"{first.alt} {second.alt}"
    return Picture(buffer.getvalue(), alt, max(shown) if below else sum(shown))


def as_markdown(text: str) -> str:
    """Return Markdown that shows a text as it is."""
    return re.sub(r"([\\`*_{}\[\]()<>#+.!|~^$&-])", r"\\\1", text)
