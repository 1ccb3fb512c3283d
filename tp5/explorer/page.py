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

# What the explorer is made of, in a notebook and in a page alike.
EXPLORER = (
    *("dense.js", "element.js", "gif.js", "latent_space.js", "latent_map.js"),
    *("explorer_files.js", "explorer_controls.js", "latent_explorer.js"),
)

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
) -> None:
    """Write the page; see `LatentExplorer.save_html`."""
    weights, codes, pictures = data.arrays()
    half = halves_will_do(data)
    arrays = [weights.astype(np.float16) if half else weights, codes, pictures]
    # mtime=0: the same explorer is the same file, byte for byte.
    texts = [base64.b64encode(gzip.compress(a.tobytes(), mtime=0)).decode() for a in arrays]
    content = json.dumps({"about": about, "state": state, "half": half, "arrays": texts})
    page = PAGE.format(
        policy=POLICY,
        title=html.escape(title),
        style=style("page.css", "latent_explorer.css"),
        data=content.replace("<", "\\u003c"),  # nothing in it may end the script
        script=script(*EXPLORER, "in_page.js"),
    )
    with atomic_write(path) as file:
        file.write(page.encode())


def halves_will_do(data: LatentData) -> bool:
    """Whether 16-bit weights make the same pictures, to within 1/255, wherever one can go.

    Decoded with both at up to 500 codes and at 500 places between the ends of the sliders.
    """
    rounded = data.model[0]
    with np.errstate(over="ignore"):
        rounded.theta = rounded.theta.astype(np.float16).astype(rounded.dtype)
    if not np.isfinite(rounded.theta).all():
        return False
    limit = data.limit
    anywhere = np.random.default_rng(0).uniform(-limit, limit, (500, data.n_latent))
    some = data.codes[:: max(1, len(data.codes) // 500)]
    z = np.concatenate([some, data.coordinates[False].to_z(anywhere)])
    return float(np.abs(rounded.decode(z) - data.model.decode(z)).max()) < 0.9 / 255
