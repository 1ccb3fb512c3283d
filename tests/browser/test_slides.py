"""`make slides`: a page for each notebook, no network, and nothing overflows on the projector."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from pages import grave_violations

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
SIZE = {"width": 1280, "height": 720}
# Of each slide: its kind, how large its content is, the size of its text, and its pictures.
LOOK = """() => Array.from(document.querySelectorAll(".slides > section"), (slide, number) => {
    Reveal.slide(number);
    const text = parseFloat(getComputedStyle(slide).fontSize);
    const images = Array.from(slide.querySelectorAll("img"));
    const pictures = images.map(({ alt, naturalWidth }) => [alt, naturalWidth]);
    const kind = slide.className.split(" ")[0], words = slide.innerText;
    const code = Array.from(slide.querySelectorAll("pre"));
    const cut = code.some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
    const height = slide.scrollHeight, width = slide.scrollWidth;
    return { kind, height, width, text, pictures, words, cut };
})"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    pytest.importorskip("sphinx_revealjs")
    target = tmp_path_factory.mktemp("slides")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, ROOT / "docs" / "build_slides.py", target]
    subprocess.run(command, check=True, env=environment)
    return target


@pytest.fixture
def show(folder, browser):
    """Return a function that opens the slides of a notebook; it keeps what goes wrong."""
    page = browser.new_page(viewport=SIZE)
    page.errors, page.asked = [], []
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))

    def go(name):
        page.goto((folder / f"{name}.html").as_uri())
        page.wait_for_function("window.Reveal && Reveal.isReady()")
        page.evaluate("document.fonts.ready")
        return page

    yield go
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_overflows_and_nobody_is_asked(show, name):
    page = show(name)
    slides = page.evaluate(LOOK)
    for slide in slides:
        assert slide["height"] <= SIZE["height"], slide["words"][:200]
        assert slide["width"] <= SIZE["width"], slide["words"][:200]
        assert slide["text"] >= 18, slide["words"][:200]
        assert not slide["cut"], slide["words"][:200]
    assert page.errors == []
    assert all(url.startswith(("file:", "data:")) for url in page.asked), page.asked
    assert len([url for url in page.asked if url.startswith("file:")]) == 1, "one file is all"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_asked_seen_and_concluded_is_there(show, name):
    slides = show(name).evaluate(LOOK)
    kinds = [slide["kind"] for slide in slides]
    assert kinds[0] == "title"
    assert kinds.count("question") >= 3
    assert kinds.count("conclusion") >= 3
    assert "Summary" in slides[-1]["words"] or "You can now" in slides[-1]["words"]
    pictures = [picture for slide in slides for picture in slide["pictures"]]
    assert len(pictures) >= 2
    # The film of one letter is as small as it plays.
    assert all(len(alt) > 30 and width >= 140 for alt, width in pictures)


def test_it_goes_on_with_the_keyboard_and_axe_finds_nothing(show):
    page = show("00_start_here")
    assert grave_violations(page, ".slides") == {}
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert page.evaluate("Reveal.getIndices().h") == 2
    page.wait_for_url("**#/2")  # the place is in the address: a reload does not lose it


def test_the_lines_of_the_formulas_stay_lines(show):
    page = show("01_font_autoencoder")
    lines = page.locator(".slides pre").first.inner_text().splitlines()
    assert [line.split(" = ")[0] for line in lines[1:4]] == ["", "delta", "error"]
    assert page.locator(".slides p", has_text="The dots stand for runs").count() == 1


@pytest.mark.parametrize("name", NAMES)
def test_what_is_announced_is_shown(show, name):
    slides = show(name).evaluate(LOOK)
    for slide, after in pairwise(slides):
        if slide["kind"] == "conclusion" and slide["words"].rstrip().endswith(":"):
            assert after["pictures"], slide["words"][-200:]
