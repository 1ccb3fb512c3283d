"""Photograph the explorers for the README: `make pictures`. Needs Chromium."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS))
from make_explorers import EXPLORERS  # noqa: E402


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
            page.wait_for_timeout(4000)  # the thumbnails come one after another
            shot = Path(folder) / f"{name}.png"
            page.locator("main").screenshot(path=shot)
            picture = Image.open(shot).convert("RGB").quantize(128, dither=Image.Dither.NONE)
            picture.save(DOCS / f"explorer_{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
