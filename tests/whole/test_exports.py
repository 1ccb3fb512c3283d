"""Every picture of every notebook is there wherever the notebook goes."""

from __future__ import annotations

import copy
import os
import re
from pathlib import Path

import nbformat
import nh3
import pypandoc
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter, LatexExporter, MarkdownExporter, SlidesExporter

PATHS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))
NOTEBOOKS = {path.name: nbformat.read(path, as_version=4) for path in PATHS}


def alts(notebook):
    """The words of each picture that is stored."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [o.metadata["image/png"]["alt"] for o in outputs if "image/png" in o.get("data", {})]


def pictures(page):
    """The pictures of a page that are in the page."""
    found = BeautifulSoup(page, "html.parser").find_all("img")
    return [picture for picture in found if picture["src"].startswith("data:image/png")]


@pytest.fixture(params=NOTEBOOKS)
def notebook(request):
    return NOTEBOOKS[request.param]


def test_a_notebook_has_pictures(notebook):
    assert len(alts(notebook)) >= 2


def test_latex_has_them_all_with_their_words(notebook, monkeypatch):
    folder = str(Path(pypandoc.get_pandoc_path()).parent)
    monkeypatch.setenv("PATH", folder + os.pathsep + os.environ["PATH"])
    text, resources = LatexExporter().from_notebook_node(notebook)
    names = [name for name in resources["outputs"] if name.endswith(".png")]
    assert len(names) == len(alts(notebook))
    assert all(f"{{{name}}}" in text for name in names)
    assert text.count(r"\emph{In words:}") == len(names)


def test_markdown_has_them_all(notebook):
    text, resources = MarkdownExporter().from_notebook_node(notebook)
    assert len(resources["outputs"]) == len(alts(notebook))
    assert len(re.findall(r"!\[", text)) >= len(alts(notebook))


@pytest.mark.parametrize("exporter", [HTMLExporter, SlidesExporter])
def test_a_page_has_them_all_and_their_words_beside_them(exporter, notebook):
    """nbconvert's own look drops the alt text, as JupyterLab does; the words are below."""
    if exporter is SlidesExporter:  # which leaves out what is for the desk
        notebook = copy.deepcopy(notebook)
        kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in notebook.cells]
        pairs = zip(notebook.cells, kinds, strict=True)
        notebook.cells = [cell for cell, kind in pairs if kind != "skip"]
    text, _ = exporter().from_notebook_node(notebook)
    assert len(pictures(text)) == len(alts(notebook))
    assert text.count("<summary>In words</summary>") == len(alts(notebook))


def test_a_page_in_the_classic_look_has_their_alt_text(notebook):
    text, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    assert [picture["alt"] for picture in pictures(text)] == alts(notebook)


def test_a_code_host_that_cleans_html_shows_them_all(notebook):
    """Such a host prefers an output's HTML, and leaves of it what is harmless."""
    seen = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                clean = nh3.clean(data["text/html"])
                assert "base64" not in clean
                assert data["text/html"].count("<img") == clean.count("<img src=")
                seen += clean.count("<img src=")
            else:
                seen += "image/png" in data
    assert seen == len(alts(notebook))
