"""Photograph the explorers, film a training, for the README: `make pictures`. Needs Chromium."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

DOCS = Path(__file__).parent
OUTLINE = (  # strokes on a sheet whose sides are 1: a body, a mouth, two eyes
    [(0.3, 0.97), (0.33, 0.7), (0.36, 0.5), (0.4, 0.38), (0.5, 0.33), (0.62, 0.36), (0.69, 0.44),
     (0.69, 0.52), (0.62, 0.57), (0.57, 0.58), (0.56, 0.7), (0.57, 0.85), (0.58, 0.97)],
    [(0.69, 0.5), (0.6, 0.5), (0.5, 0.49)],
    [(0.56, 0.41), (0.56, 0.44)],
    [(0.63, 0.42), (0.63, 0.45)],
)  # fmt: skip
sys.path.insert(0, str(DOCS))
from make_explorers import EXPLORERS, film  # noqa: E402


def main() -> None:
    """Open each explorer, walk to a place worth seeing, and take its picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for name in ("characters", "florks"):
            title, _, make = EXPLORERS[name]
            path = Path(folder) / f"{name}.html"
            make().save_html(path, title=title)
            page = browser.new_page(viewport={"width": 900, "height": 700}, device_scale_factor=1.5)
            page.goto(path.as_uri())
            page.wait_for_function("() => window.explorer")
            page.get_by_label("pictures under the map").check()
            page.evaluate("() => window.explorer.place.move({ 0: 0.35, 1: 0.6 })")
            if name == "florks":
                draw(page)
            page.wait_for_timeout(4000)  # the thumbnails come one after another
            shot = Path(folder) / f"{name}.png"
            page.locator("main").screenshot(path=shot)
            picture = Image.open(shot).convert("RGB").quantize(128, dither=Image.Dither.NONE)
            picture.save(DOCS / f"explorer_{name}.png", optimize=True)
        browser.close()
    film(every=8).save_gif(DOCS / "training.gif", seconds=0.2)


def draw(page) -> None:
    """Draw the outline of a Flork on the pad, as a hand would."""
    pad = page.locator(".tp5-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for stroke in OUTLINE:
        for k, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
            if k == 0:
                page.mouse.down()
        page.mouse.up()


if __name__ == "__main__":
    main()
