"""An explorer as one web page that needs nothing else: to hand out, to open on a telephone."""

from __future__ import annotations

import base64
import gzip
import html
import json
import os
from typing import Any

import numpy as np

from ..files import atomic_write
from .dense import script, style
from .latent_data import LatentData
from .weights import BITS, error_of, pack

# What the explorer is made of, in a notebook and in a page alike.
EXPLORER = (
    *("dense.js", "element.js", "gif.js", "picture.js", "pen.js", "latent_space.js"),
    *("latent_map.js", "explorer_place.js", "explorer_controls.js", "explorer_view.js"),
    *("explorer_path.js", "explorer_map.js", "explorer_files.js", "drawing_pad.js"),
    "latent_explorer.js",
)
PAGE_BYTES = 8_000_000  # beyond, the encoder's weights get fewer bits

# All that it needs is in the page: nothing may be loaded, and nothing sent.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'"
)

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
{style}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<div id="tp5-here"></div>
{note}
</main>
<script type="application/json" id="tp5-data">{data}</script>
<script type="module">
{script}
</script>
</body>
</html>
"""


def write_page(
    path: str | os.PathLike[str],
    title: str,
    data: LatentData,
    about: dict[str, Any],
    state: dict[str, Any],
    bits: int | None = None,
) -> None:
    """Write the page; see `LatentExplorer.save_html`."""
    if bits is not None and bits not in BITS:
        raise ValueError(f"bits must be one of {', '.join(map(str, BITS))}, not {bits!r}.")
    _, codes, pictures = data.arrays()
    rest = [encoded(codes.tobytes()), encoded(pictures.tobytes())]
    weights, note = packed_weights(data, PAGE_BYTES - sum(map(len, rest)), bits)
    content = {"about": about, "state": state, "weights": weights, "arrays": rest}
    page = document(
        title,
        style("page.css", "latent_explorer.css"),
        script(*EXPLORER, "weights.js", "page_model.js", "in_page.js"),
        content,
        note,
    )
    with atomic_write(path) as file:
        file.write(page.encode())


def document(title: str, sheet: str, code: str, content: Any, note: str = "") -> str:
    """Return a page that needs nothing else: a heading, what it is made of, and its data.

    Parameters
    ----------
    title, note : str
        Plain text.
    sheet, code : str
        CSS, and an ES module.
    content
        What the module finds in ``contentOfPage()``.
    """
    return PAGE.format(
        policy=POLICY,
        title=html.escape(title),
        style=sheet,
        note=f'<p class="tp5-note">{html.escape(note)}</p>' if note else "",
        data=json.dumps(content).replace("<", "\\u003c"),  # nothing in it may end the script
        script=code,
    )


def encoded(content: bytes) -> str:
    """Return bytes zipped and as base64."""
    # mtime=0: the same explorer is the same file, byte for byte.
    return base64.b64encode(gzip.compress(content, 6, mtime=0)).decode()


def packed_weights(
    data: LatentData, space: int, bits: int | None = None
) -> tuple[dict[str, dict[str, Any]], str]:
    """Return decoder and encoder for a page, and a sentence on what few bits have cost.

    Pictures are right to within 1/255: the decoder has 16 bits, 32 if those do not do. The encoder
    has as many if that fits, else 8.

    Parameters
    ----------
    data : LatentData
    space : int
        Characters that there are for them.
    bits : {32, 16, 8}, optional
        So many, whatever the space.
    """
    parts, inputs = {"decoder": (data.layers, data.weights)}, {"decoder": places(data)}
    if data.can_draw:
        parts["encoder"], inputs["encoder"] = data.encoder(), data.X[:500]

    def error(name: str, n_bits: int) -> float:
        layers, weights = parts[name]
        return error_of(layers, weights, n_bits, inputs[name])

    fine = {name: 16 if error(name, 16) < 0.9 / 255 else 32 for name in parts}
    choices = [fine, fine | {"encoder": 8}]
    for choice in choices if bits is None else [dict.fromkeys(parts, bits)]:
        found = {name: packed(*parts[name], choice[name]) for name in parts}
        if sum(len(part["content"]) for part in found.values()) <= space:
            break
    coarse = [name for name in parts if found[name]["bits"] == 8]
    return found, "".join(note_on(name, error(name, 8)) for name in coarse)


def packed(layers: list[dict[str, Any]], weights: np.ndarray, bits: int) -> dict[str, Any]:
    """Return a part of the network as a page holds it."""
    return {"layers": layers, "bits": bits, "content": encoded(pack(layers, weights, bits))}


def note_on(part: str, error: float) -> str:
    """Say what 8 bits cost."""
    what = "decoded pictures" if part == "decoder" else "codes of drawings"
    inks = f", {255 * error:.1f} of 255 greys" if part == "decoder" else ""
    return (
        f"To keep this page small, weights have 8 bits: {what} are off by up to {error:.2g}{inks}. "
    )


def places(data: LatentData) -> np.ndarray:
    """Return points wherever one can go: up to 500 codes, and 500 between the sliders' ends."""
    limit = data.limit
    anywhere = np.random.default_rng(0).uniform(-limit, limit, (500, data.n_latent))
    some = data.codes[:: max(1, len(data.codes) // 500)]
    return np.concatenate([some, data.coordinates[False].to_z(anywhere)])
