"""For nbgrader's pages: of a submission only what cannot run in the teacher's browser.

The Formgrader shows a student's outputs in a page that has the teacher's rights in Jupyter. Words,
tables and pixels are shown there; scripts, SVG, widgets and LaTeX are left out.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

WORDS = ("text/plain", "text/html", "text/markdown")  # cleaned where the page is made
PIXELS = ("image/png", "image/jpeg")


class Harmless(NbGraderPreprocessor):
    """Leave of each cell its source, nbgrader's marks, and outputs of words and pixels.

    What HTML is among them is cleaned by nbconvert itself, ``HTMLExporter.sanitize_html``.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Clean a notebook that is about to become a page."""
        nb.metadata = type(nb)(language_info={"name": "python"})
        for cell in nb.cells:
            marks = cell.metadata.get("nbgrader")
            cell.metadata = type(nb)({"nbgrader": marks} if marks else {})
            for output in cell.get("outputs", []):
                output.metadata = type(nb)()
                if "data" in output:
                    output.data = type(nb)(harmless(output.data))
        return nb, resources


def harmless(data: dict[str, Any]) -> dict[str, str]:
    """Return the kinds of an output that run nothing."""
    words = {kind: data[kind] for kind in WORDS if isinstance(data.get(kind), str)}
    pixels = {kind: data[kind] for kind in PIXELS if is_base64(data.get(kind))}
    return words | pixels


def is_base64(value: Any) -> bool:
    """Whether it is what an image should be, and no way out of its HTML attribute."""
    try:
        base64.b64decode("".join(value.split()), validate=True)
    except (AttributeError, TypeError, ValueError, binascii.Error):
        return False
    return True
