"""Build the static site: `make site`, or `python docs/build_site.py FOLDER`. Needs no network.

The sources are laid out in FOLDER/source as they lie in the repository, so that every link between
README, notebooks and docs works there too; Sphinx makes pages of them in FOLDER/html.
"""

from __future__ import annotations

import html
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import make_explorers
import mathml
import nbformat
from site_safety import keep_to_itself

import tp5

ROOT = Path(__file__).parent.parent
COPIED = ("notebooks", "docs", "data")
NOT_COPIED = shutil.ignore_patterns("_*", "*.npz", "*.csv", "*.py", "*.css", ".ipynb_checkpoints")
ROOMS = {
    "The course's ground": ("files", "checks", "table", "progress"),
    "Data": ("datasets",),
    "Networks": ("networks", "compiled"),
    "Training": ("training",),
    "Models": ("models",),
    "Looking at what was learned": ("analysis", "plots"),
    "Experiments": ("experiments",),
    "Widgets": ("explorer",),
    "Exercises and tools": ("exercises", "tools"),
}  # fmt: skip
TREE = """
```{{toctree}}
:hidden:
:caption: {caption}

{pages}
```
"""

# What the front page shows before its first section: a network that trains in the page.
FRONT = """\
**Change the learning rate, and watch letters spread.** Five networks train in this page, again and
again, as often as you move a slider.

<iframe class="explorer" loading="lazy" src="explorers/training.html" title="Training"></iframe>
"""


def main(target: Path) -> None:
    """Lay out the sources, and let Sphinx build the site; warnings are errors."""
    shutil.rmtree(target, ignore_errors=True)
    source = target / "source"
    lay_out(source)
    subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q"),
            *("-d", target / "doctrees", source, target / "html"),
        ],
        check=True,
    )
    for page in (target / "html").rglob("*.html"):
        if "_static" not in page.parts:  # the theme's templates, no pages
            keep_to_itself(page)
    print(f"open {target / 'html' / 'index.html'}")


def lay_out(source: Path) -> None:
    """Copy what becomes a page, and write what is made: the start, the reference, the explorers."""
    for folder in COPIED:
        shutil.copytree(ROOT / folder, source / folder, ignore=NOT_COPIED)
    for name in ("CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for path in (source / "notebooks").glob("*.ipynb"):
        say_pictures(path)
    for name in ("conf.py", "mathml.py"):
        shutil.copy(ROOT / "docs" / name, source)
    static = source / "_static"
    static.mkdir()
    shutil.copy(ROOT / "docs" / "site.css", static)
    (static / "formulas.woff").write_bytes(mathml.font())
    (static / "formulas.css").write_text(mathml.style("formulas.woff"), encoding="utf-8")
    reference = write_reference(source / "reference")
    write_explorers(source)
    notebooks = sorted(path.stem for path in (source / "notebooks").glob("*.ipynb"))
    docs = sorted(path.stem for path in (source / "docs").glob("*.md"))
    trees = {
        "The course": [f"notebooks/{name}" for name in notebooks] + ["explorers"],
        "For teachers and authors": [
            *(f"docs/{name}" for name in docs), "CONTRIBUTING", "CHANGELOG",
            "data/README", "data/flork/README", "data/studies/README",
        ],
        "The package": reference,
    }  # fmt: skip
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = text.replace("\n## ", f"\n{FRONT}\n## ", 1)
    text += "".join(TREE.format(caption=c, pages="\n".join(p)) for c, p in trees.items())
    (source / "index.md").write_text(text, encoding="utf-8")


def say_pictures(path: Path) -> None:
    """Write the alt text of a notebook's pictures where MyST-NB finds it: in HTML."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            about = output.get("metadata", {}).get("image/png", {})
            if "alt" in about:
                data = output.data.pop("image/png").replace("\n", "")
                output.data["text/html"] = (
                    f'<img alt="{html.escape(about["alt"])}" width="{about["width"]}" '
                    f'src="data:image/png;base64,{data}">'
                )
    nbformat.write(notebook, path)


def write_reference(folder: Path) -> list[str]:
    """Write a page for each room of the package; its text comes from the docstrings."""
    folder.mkdir()
    rooms = {title: list(names) for title, names in ROOMS.items()}
    there = [module.name for module in pkgutil.iter_modules(tp5.__path__)]
    rooms = {title: [name for name in names if name in there] for title, names in rooms.items()}
    listed = {name for names in ROOMS.values() for name in names} | {"__main__"}
    rooms["Exercises and tools"] += [name for name in there if name not in listed]
    pages = []
    for title, names in rooms.items():
        page = title.lower().replace(" ", "_").replace("'", "")
        modules = [module for name in names for module in submodules(f"tp5.{name}")]
        text = [title, "=" * len(title), ""]
        for module in modules:
            text += [f"``{module}``", "-" * (len(module) + 4), ""]
            text += [f".. automodule:: {module}"]
            # What a package imports is documented where it is defined.
            text += ["   :no-members:" if list(submodules(module))[1:] else "", ""]
        (folder / f"{page}.rst").write_text("\n".join(text), encoding="utf-8")
        pages.append(f"reference/{page}")
    return pages


def submodules(name: str) -> Iterable[str]:
    """Return the full names of a module and of the modules in it, if it is a package."""
    yield name
    folder = ROOT.joinpath(*name.split("."))
    for module in pkgutil.iter_modules([str(folder)]):
        yield f"{name}.{module.name}"


def write_explorers(source: Path) -> None:
    """Make the pages of the explorers, and one that shows them."""
    folder = source / "pages" / "explorers"
    folder.mkdir(parents=True)
    wide = "---\nhtml_theme.sidebar_secondary.remove: true\n---\n"
    text = [wide, "# Explorers", "", make_explorers.INTRODUCTION]
    for name, (title, what) in make_explorers.main(folder).items():
        text += ["", f"## {title}", "", what, ""]
        text += [f'<p><a href="explorers/{name}.html">Open it as a page of its own</a></p>', ""]
        frame = f'class="explorer" loading="lazy" src="explorers/{name}.html" title="{title}"'
        text += [f"<iframe {frame}></iframe>"]
    (source / "explorers.md").write_text("\n".join(text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "site").resolve())
