"""Which files of a folder are pictures, in which order, and of which class."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

from .pictures import KINDS, is_leftover, is_named_like_a_picture


def picture_files(source: Path) -> list[tuple[Path, str, str | None]]:
    """Return path, name and class of what may be pictures, in natural order."""
    if source.is_file():
        return [(source, source.name, None)]
    if not source.exists():
        raise FileNotFoundError(
            f"there is no folder {source}; make it and put pictures there, or correct the path "
            f"(you are in {Path.cwd()})."
        )
    paths = _in_order(source)
    if not paths:
        raise ValueError(f"the folder {source} is empty; put {KINDS} files there.")
    folders = [path for path in paths if path.is_dir() and not is_leftover(path)]
    inside = {folder: _in_order(folder) for folder in folders}
    has_pictures = any(is_named_like_a_picture(path) and path.is_file() for path in paths)
    if has_pictures or not any(map(is_named_like_a_picture, chain(*inside.values()))):
        return [(path, path.name, None) for path in paths]
    return [
        (p, f"{folder.name}/{p.name}", folder.name) for folder in folders for p in inside[folder]
    ]


def _in_order(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda path: (_natural(path.name), path.name))


def _natural(name: str) -> list[str | int]:
    """Return a sort key in which 2 comes before 10, and upper case counts as lower case."""
    parts = re.split(r"([0-9]+)", name.casefold())  # text, digits, text, …: types never mix
    return [int(part) if part.isdecimal() and part.isascii() else part for part in parts]
