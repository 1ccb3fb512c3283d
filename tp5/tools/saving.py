"""A saved notebook keeps the still of a widget, and not the widget, which is dead the next day.

A widget lives in its kernel. A notebook file would keep nothing but its number there, and whoever
opens it again would see "Error displaying widget: model not found" in place of the still. Jupyter's
server calls `before_saving` (see ``etc/server.json``); `make notebooks` calls `main`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def keep_stills(notebook: dict[str, Any]) -> None:
    """Take a widget out of each output that holds a still of it; in place.

    Other widgets stay as they are, and so do those whose state is stored with the notebook.

    Parameters
    ----------
    notebook : dict
        As JSON holds it, format 4.
    """
    widgets = notebook.get("metadata", {}).get("widgets", {})
    alive = widgets.get(STATE, {}).get("state", {})
    for cell in notebook.get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data and data.get(VIEW, {}).get("model_id") not in alive:
                data.pop(VIEW, None)


def drop_dead(notebook: dict[str, Any]) -> None:
    """Take away the outputs that are widgets without a still, such as `interact`'s; in place.

    For notebooks that are published: a reader would see an error in their place.
    """
    for cell in notebook.get("cells", []):
        if "outputs" in cell:
            kept = [output for output in cell["outputs"] if VIEW not in output.get("data", {})]
            cell["outputs"] = kept


def before_saving(model: dict[str, Any], **_: Any) -> None:
    """Do so with what Jupyter's server is about to write."""
    if model.get("type") == "notebook" and isinstance(model.get("content"), dict):
        keep_stills(model["content"])


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    server.contents_manager.register_pre_save_hook(before_saving)


def main(paths: Sequence[str]) -> None:
    """Do so with notebooks on the disk, and leave no widget in them that would be dead."""
    import nbformat

    for path in map(Path, paths):
        notebook = nbformat.read(path, as_version=4)
        keep_stills(notebook)
        drop_dead(notebook)
        nbformat.write(notebook, path)


if __name__ == "__main__":
    main(sys.argv[1:])
