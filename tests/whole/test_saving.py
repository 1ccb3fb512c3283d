"""A notebook that is saved keeps stills; nothing else is touched."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from tp5.tools import saving
from tp5.tools.saving import STATE, VIEW

ROOT = Path(__file__).parents[2]


def notebook_with(*bundles, **metadata):
    outputs = [nbformat.v4.new_output("display_data", data) for data in bundles]
    cell = nbformat.v4.new_code_cell("explorer", outputs=outputs)
    return nbformat.v4.new_notebook(cells=[cell], metadata=metadata)


def kinds(notebook):
    return [set(output["data"]) for output in notebook["cells"][0]["outputs"]]


WIDGET = {VIEW: {"model_id": "abc"}, "image/png": "iVBO", "text/plain": "LatentExplorer"}


def test_the_still_stays_and_the_widget_goes():
    notebook = notebook_with(WIDGET, {"text/html": "words"})
    saving.keep_stills(notebook)
    assert kinds(notebook) == [{"image/png", "text/plain"}, {"text/html"}]


@pytest.mark.parametrize(
    "notebook",
    [
        notebook_with({VIEW: {"model_id": "abc"}, "text/plain": "IntSlider()"}),
        notebook_with(WIDGET, widgets={STATE: {"state": {"abc": {}}}}),
        notebook_with({"image/png": "iVBO"}),
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# T")]),
    ],
)
def test_everything_else_stays_as_it_is(notebook):
    before = copy.deepcopy(notebook)
    saving.keep_stills(notebook)
    assert notebook == before


def test_the_server_does_it_when_it_saves(tmp_path):
    manager = AsyncLargeFileManager(root_dir=str(tmp_path))

    class Server:
        contents_manager = manager

    saving._load_jupyter_server_extension(Server)
    model = {"type": "notebook", "content": notebook_with(WIDGET), "format": "json"}
    manager.run_pre_save_hooks(model=model, path="some.ipynb")
    assert kinds(model["content"]) == [{"image/png", "text/plain"}]
    text = {"type": "file", "content": "words", "format": "text"}
    manager.run_pre_save_hooks(model=text, path="some.txt")
    assert text["content"] == "words"


def test_a_server_is_told_to_load_it():
    told = json.loads((ROOT / "etc" / "server.json").read_text())
    (name,) = told["ServerApp"]["jpserver_extensions"]
    assert saving._jupyter_server_extension_points() == [{"module": name}]


def test_files_on_the_disk(tmp_path):
    path = tmp_path / "some.ipynb"
    nbformat.write(notebook_with(WIDGET), path)
    saving.main([str(path)])
    assert kinds(nbformat.read(path, as_version=4)) == [{"image/png", "text/plain"}]


def test_a_published_notebook_holds_no_widget_that_would_be_dead():
    dead = {"output_type": "display_data", "data": {saving.VIEW: {"model_id": "a"}}}
    said = {"output_type": "stream", "name": "stdout", "text": "z"}
    notebook = {"cells": [{"outputs": [dead, said, dead]}, {"cell_type": "markdown"}]}
    saving.drop_dead(notebook)
    assert notebook == {"cells": [{"outputs": [said]}, {"cell_type": "markdown"}]}
