"""For nbgrader's pages: of a submission only what cannot run in the teacher's browser.

The Formgrader shows a student's cells in a page that has the teacher's rights in Jupyter. Words,
tables and pixels are shown there; scripts, SVG, widgets, LaTeX and pictures from elsewhere are not.
"""

from __future__ import annotations

import base64
import html
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbconvert.filters import markdown2html_mistune
from nbgrader.preprocessors import NbGraderPreprocessor

PIXELS = ("image/png", "image/jpeg")
SEEN = """
    a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5
    h6 hr i img kbd li ol p pre s small span strong sub summary sup table tbody td tfoot th thead tr
    u ul
"""
TAGS = frozenset(SEEN.split())
STYLES = (
    *("background-color", "border", "border-bottom", "border-collapse", "border-left", "color"),
    *("font-family", "font-size", "font-weight", "margin", "padding", "text-align", "width"),
)


class Harmless(NbGraderPreprocessor):
    """Leave of each cell its source, nbgrader's marks, and outputs of words and pixels."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Clean a notebook that is about to become a page."""
        new = type(nb)
        nb.metadata = new(language_info={"name": "python"})
        for cell in nb.cells:
            marks = cell.metadata.get("nbgrader")
            cell.metadata = new({"nbgrader": marks} if marks else {})
            if cell.cell_type == "raw":  # nbconvert hands it on as it is
                cell.source = html.escape(cell.source)
            for output in cell.get("outputs", []):
                output.metadata = new()
                if "data" in output:
                    output.data = new(harmless(output.data))
        return nb, resources


def harmless(data: dict[str, Any]) -> dict[str, str]:
    """Return the kinds of an output that run nothing, cleaned."""
    words = {kind: text for kind, text in data.items() if isinstance(text, str)}
    kept = {kind: words[kind] for kind in PIXELS if is_base64(words.get(kind, "!"))}
    if "text/plain" in words:
        kept["text/plain"] = words["text/plain"]
    if "text/html" in words:
        kept["text/html"] = clean(words["text/html"])
    elif "text/markdown" in words:
        kept["text/html"] = clean_markdown(words["text/markdown"])
    return kept


def is_base64(value: str) -> bool:
    """Whether it is what an image should be, and no way out of its HTML attribute."""
    try:
        base64.b64decode("".join(value.split()), validate=True)
    except ValueError:
        return False
    return True


def clean(page: str) -> str:
    """Return HTML without anything that runs or that is fetched from elsewhere."""
    return str(
        bleach.clean(
            page,
            tags=TAGS,
            attributes=is_allowed,
            protocols={"http", "https", "mailto", "data"},
            css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES),
        )
    )


def is_allowed(tag: str, name: str, value: str) -> bool:
    """Whether an attribute is one that we want to see."""
    if tag == "img" and name == "src":
        return value.startswith(("data:image/png;base64,", "data:image/jpeg;base64,"))
    if tag == "a" and name == "href":
        return value.startswith(("https:", "http:", "mailto:", "#"))
    return name in {"alt", "title", "style", "align", "colspan", "rowspan", "scope", "aria-hidden"}


def clean_markdown(source: str) -> str:
    """Return Markdown as clean HTML: nbgrader's templates do not clean it."""
    return clean(markdown2html_mistune(source))
