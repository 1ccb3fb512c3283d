"""The static site: no broken link, no error in the browser's console, nothing that axe finds."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from pages import redrawn

ROOT = Path(__file__).parent.parent.parent
LOOKED_AT = [
    "index.html",
    "explorers.html",
    "docs/teaching.html",
    "notebooks/00_start_here.html",
    "notebooks/01_font_autoencoder.html",
    "notebooks/05_flork_vae.html",
    "reference/networks.html",
    "explorers/characters.html",
    "explorers/florks.html",
    "explorers/training.html",
    "explorers/film.html",
]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the built site; built once, whichever test process comes first."""
    needed = ("sphinx_book_theme", "myst_nb", "latex2mathml", "ziamath")
    absent = [name for name in needed if importlib.util.find_spec(name) is None]
    if absent and not os.environ.get("CI"):
        pytest.skip(f"{', '.join(absent)} not installed: .venv/bin/pip install -e '.[site]'")
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    target, log = shared / "site", shared / "site.log"
    try:
        target.mkdir()
    except FileExistsError:  # another process builds it
        for _ in range(1200):
            if log.exists():
                break
            time.sleep(0.5)
    else:
        command = [sys.executable, ROOT / "docs" / "build_site.py", target / "built"]
        run = subprocess.run(command, capture_output=True, text=True)
        finished = target / "site.log"
        finished.write_text("" if run.returncode == 0 else run.stdout + run.stderr)
        finished.rename(log)
    assert not log.read_text(), log.read_text()[-3000:]
    return target / "built" / "html"


class Page(HTMLParser):
    """What a page links, and what can be linked in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src") and value:
                self.links.add(value)
            if name == "id" or (name == "name" and tag == "a"):
                self.anchors.add(value)


@pytest.fixture(scope="session")
def pages(site):
    return {
        path.relative_to(site).as_posix(): Page(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    }


def test_the_pages_are_there(pages):
    notebooks = {path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")}
    assert {f"notebooks/{name}.html" for name in notebooks} <= set(pages)
    assert set(LOOKED_AT) <= set(pages)
    assert {"docs/teaching.html", "CONTRIBUTING.html", "CHANGELOG.html"} <= set(pages)


def test_no_link_is_broken(site, pages):
    broken = []
    for name, page in pages.items():
        for link in page.links:
            if re.match(r"[a-z]+:|//", link):
                continue
            address, anchor = urldefrag(unquote(urljoin(f"/{name}", link)))
            target = address.partition("?")[0].removeprefix("/") or "index.html"
            target += "index.html" if target.endswith("/") else ""
            if not (site / target).is_file():
                broken.append(f"{name}: {link}")
            elif anchor and target in pages and anchor not in pages[target].anchors:
                broken.append(f"{name}: {link} (no such place in the page)")
    assert not broken, "\n".join(sorted(broken))


def test_external_links_are_whole(pages):
    links = {link for page in pages.values() for link in page.links if ":" in link}
    for link in links:
        assert re.match(r"https://[\w.-]+\.\w+(/|$)|data:|javascript:|mailto:|#", link), link


def test_the_reference_has_every_public_function(pages):
    anchors = set().union(*(page.anchors for page in pages.values()))
    for name in ("networks.network.Network.forward", "tools.doctor.examine", "plots",
                 "analysis.grids.interpolate", "models.vae"):  # fmt: skip
        assert {f"tp5.{name}", f"module-tp5.{name}"} & anchors, name


def test_nothing_of_this_machine_is_in_it(site):
    for path in site.rglob("*.html"):
        text = re.sub(r"base64,[\w+/=]+", "", path.read_text(encoding="utf-8"))
        assert str(ROOT) not in text, path
        assert str(Path.home()) + "/" not in text, path


@pytest.fixture(scope="session")
def address(site):
    """The site on loopback; returns the address that it begins with."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def visit(address, browser):
    """Return a function that opens a page of the site; whatever is elsewhere cannot be reached."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.errors, page.elsewhere = [], []

    def gate(route):
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            page.elsewhere.append(route.request.url)
            route.abort()

    def note(message):
        if message.type == "error":
            page.errors.append(message.text)

    page.route("**/*", gate)
    page.on("console", note)
    page.on("pageerror", lambda error: page.errors.append(str(error)))

    def go(name):
        page.goto(address + name)
        page.wait_for_load_state("load")
        return page

    yield go
    page.close()


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_page_works_and_everybody_can_use_it(visit, name):
    page = visit(name)
    page.wait_for_timeout(300)
    assert page.errors == []
    assert page.elsewhere == []
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    content = "main" if page.locator("article").count() == 0 else "article"
    # Contrast takes axe most of its time on a long page, and is never critical.
    options = {
        "resultTypes": ["violations"],
        "iframes": False,
        "rules": {"color-contrast": {"enabled": False}},
    }
    found = page.evaluate("([where, options]) => axe.run(where, options)", [content, options])
    found = found["violations"]
    critical = {v["id"]: [node["target"] for node in v["nodes"]] for v in found
                if v["impact"] == "critical"}  # fmt: skip
    assert not critical, critical


def test_no_page_asks_anybody_elsewhere_and_each_says_so(site, pages):
    for name in pages:
        head = (site / name).read_text(encoding="utf-8").partition("</head>")[0]
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', head)
        assert policy, f"{name} has no Content-Security-Policy"
        assert re.match(r"default-src '(self|none)';", policy[1]), name
        assert "http" not in policy[1], name
        loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(https?:[^"]*)', head)
        assert not loaded, name
    for path in (site / "_static").rglob("*.css"):
        assert not re.search(r"@import[^;]*https?:|url\([\"']?https?:", path.read_text()), path


def test_what_a_page_is_not_built_with_does_not_run(visit):
    page = visit("index.html")
    assert page.errors == []
    page.evaluate(
        """() => { const script = document.createElement('script');
        script.textContent = 'window.injected = 1'; document.head.append(script); }"""
    )
    assert page.evaluate("window.injected") is None
    assert "Content Security Policy" in page.errors[0]


def test_formulas_are_drawn_without_a_script(visit):
    page = visit("notebooks/05_flork_vae.html")
    page.evaluate("document.fonts.ready")
    formulas = page.locator("article math")
    assert formulas.count() > 20
    assert page.evaluate("document.fonts.check('20px \"STIX Two Math\"')")
    assert page.locator("article").get_by_text("$").count() == 0, "no TeX is left"
    boxes = formulas.evaluate_all("all => all.map(m => m.getBoundingClientRect().width)")
    assert all(0 < width < 900 for width in boxes)
    assert page.locator("math merror").count() == 0


def test_the_front_page_trains(visit):
    page = visit("index.html")
    page.locator('iframe[src$="training.html"]').scroll_into_view_if_needed()
    frame = page.frame_locator('iframe[src$="training.html"]')
    frame.locator(".tp5-live[data-state=done]").wait_for()
    before = frame.locator("polyline.tp5-mean").get_attribute("points")
    frame.get_by_role("slider", name="learning rate").press("ArrowRight")
    for _ in range(1500):
        page.wait_for_timeout(200)
        if frame.locator("polyline.tp5-mean").get_attribute("points") != before:
            break
    assert frame.locator("polyline.tp5-mean").get_attribute("points") != before
    assert page.errors == []


@pytest.mark.parametrize("name", ["characters", "florks"])
def test_an_explorer_moves_without_a_kernel(visit, name):
    page = visit("explorers.html")
    page.locator(f'iframe[src$="{name}.html"]').scroll_into_view_if_needed()
    explorer = page.frame_locator(f'iframe[src$="{name}.html"]')
    explorer.locator(".tp5-map").focus()
    decoded = explorer.locator("canvas.tp5-picture").first
    before = decoded.evaluate("canvas => canvas.toDataURL()")
    for _ in range(5):
        page.keyboard.press("Shift+ArrowRight")
    redrawn(decoded)
    assert decoded.evaluate("canvas => canvas.toDataURL()") != before
    assert page.errors == []


def test_without_the_extra_it_says_what_to_install(monkeypatch, tmp_path_factory):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(pytest.skip.Exception, match=r"myst_nb.*\[site\]"):
        site.__wrapped__(tmp_path_factory)


def test_the_site_is_made_by_make():
    assert re.search(r"^site: ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert shutil.which("make") is None or subprocess.run(
        ["make", "--dry-run", "site"], cwd=ROOT, capture_output=True, check=True
    )
