"""Slides for the projector: `make slides`, or `python docs/build_slides.py FOLDER`.

One file for each notebook, to be opened in any browser, without a network: what is asked, what is
seen, what is concluded. Cells say by their metadata whether they are shown (in JupyterLab: the cogs
at the top right, "Slide Type"); `python docs/build_slides.py --tag` writes the course's rule into
them: the header, every **Predict.**, every figure and what follows it, and the summary.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import mathml
import nbformat
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
REVEAL = files("sphinx_revealjs") / "_static" / "revealjs" / "dist"
EXERCISES = r"^## \d+\. Exercises"
LETTERS = 620  # that a slide holds beside its heading
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "font-src data:; base-uri 'none'; form-action 'none'"
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
<div class="reveal"><main class="slides">
{slides}
</main></div>
<script>
{script}
</script>
</body>
</html>
"""


def main(folder: Path) -> None:
    """Write a page of slides for each notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    style = (REVEAL / "reveal.css").read_text(encoding="utf-8") + mathml.style()
    style += (ROOT / "docs" / "slides.css").read_text(encoding="utf-8")
    script = (REVEAL / "reveal.js").read_text(encoding="utf-8")
    script += (ROOT / "docs" / "slides.js").read_text(encoding="utf-8")
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        page = PAGE.format(
            policy=POLICY,
            title=html.escape(notebook.cells[0].source.split("\n")[0].lstrip("# ")),
            style=style,
            slides="\n".join(slides_of(notebook)),
            script=script.replace("</script", "<\\/script"),
        )
        (folder / f"{path.stem}.html").write_text(page, encoding="utf-8")
    print(
        f"open {folder / NOTEBOOKS[0].stem}.html; arrows or the space bar go on, F fills the wall"
    )


# --- From cells to slides -------------------------------------------------------------------------


def slides_of(notebook: Any) -> Iterator[str]:
    """Yield the slides of a notebook as HTML."""
    heading = ""
    for number, (cell, after) in enumerate(pairwise([*notebook.cells, None])):
        shown = is_shown(cell)
        if cell.cell_type == "code":
            if shown:
                yield from figures(cell, heading)
            continue
        headings = re.findall(r"^#+ (.*)$", cell.source, re.MULTILINE)
        if shown and number == 0:
            yield from title(cell)
        elif shown:
            fulfilled = after is not None and is_shown(after)
            yield from words(cell.source if fulfilled else unannounced(cell.source), heading)
        heading = headings[-1] if headings and number else heading


def is_shown(cell: Any) -> bool:
    """Whether the slides show a cell."""
    return bool(cell.metadata.get("slideshow", {}).get("slide_type", "skip") != "skip")


def unannounced(source: str) -> str:
    """Leave out a last paragraph that announces what the slides do not show: it ends in a colon."""
    *rest, last = re.split(r"\n\s*\n", source.rstrip())
    return "\n\n".join(rest) if last.endswith(":") and not asks(last) else source


def title(cell: Any) -> Iterator[str]:
    """Yield the first slide: title, what it is about, and what one will be able to do."""
    name, _, rest = cell.source.partition("\n")
    about = re.search(r"^\*[^*\n]+\*$", rest, re.MULTILINE)
    aims = "\n".join(re.findall(r"^- .*(?:\n  .*)*", rest, re.MULTILINE))
    yield slide(f"{name}\n\n{about[0] if about else ''}\n\n{aims}", "title")


def words(source: str, heading: str) -> Iterator[str]:
    """Yield what is concluded, what is asked and what is summed up in a cell of prose."""
    conclusion, *sections = re.split(r"^(?=#+ )", source, flags=re.MULTILINE)
    yield from conclusions(conclusion, heading)
    for section in sections:
        if re.match(EXERCISES, section):
            return
        heading, _, text = section.partition("\n")
        heading = heading.lstrip("# ")
        summary = "Summary" in heading
        yield from conclusions(text, heading) if summary else questions(text, heading)


def conclusions(text: str, heading: str) -> Iterator[str]:
    """Yield a text in slides of some paragraphs each, and the questions in it."""
    held: list[str] = []
    for block in [*blocks(text), ""]:
        if held and (not block or asks(block) or sum(map(len, [*held, block])) > LETTERS):
            yield slide("\n\n".join([f"## {heading}", *held]), "conclusion")
            held = []
        if asks(block):
            yield slide(f"## {heading}\n\n{block}", "question")
        elif block:
            held.append(block)


def questions(text: str, heading: str) -> Iterator[str]:
    """Yield the questions in a text, each with the paragraph before it if both are short."""
    for before, block in pairwise(["", *blocks(text)]):
        if asks(block):
            known = [before] if len(before + block) < LETTERS and not asks(before) else []
            yield slide("\n\n".join([f"## {heading}", *known, block]), "question")


def figures(cell: Any, heading: str) -> Iterator[str]:
    """Yield each picture of a cell."""
    for output in cell.outputs:
        data = output.get("data", {}).get("image/png")
        if data:
            alt = html.escape(output.metadata["image/png"]["alt"])
            picture = f'<img alt="{alt}" src="data:image/png;base64,{data.strip()}">'
            yield f'<section class="figure">{markdown(f"## {heading}")}{picture}</section>'


def asks(block: str) -> bool:
    """Whether a paragraph is a question to the class."""
    return block.startswith("**Predict.**")


def blocks(text: str) -> list[str]:
    """Return a text's paragraphs, lists, tables and code; those for the screen alone are left out.

    They end where a line is empty, but for code, which may have empty lines.
    """
    parts = re.split(r"(^```.*?^```$)|\n\s*\n", text, flags=re.MULTILINE | re.DOTALL)
    found = [part.strip() for part in parts if part]
    return [b for b in found if b and not b.startswith(("[←", "<")) and "Run this" not in b]


def slide(text: str, kind: str) -> str:
    """Return a slide of Markdown as HTML."""
    return f'<section class="{kind}">{markdown(text)}</section>'


def formula(tex: str, options: dict[str, Any]) -> str:
    """Return a formula in Markdown as MathML."""
    return mathml.mathml(tex, block=options["display_mode"])


def markdown(text: str) -> str:
    """Return Markdown as HTML; links to notebooks lead to their slides."""
    parser = MarkdownIt("commonmark").enable("table")
    parser.use(dollarmath_plugin, renderer=formula, double_inline=True)
    return re.sub(r'href="(\w+)\.ipynb', r'href="\1.html', parser.render(text))


# --- Which cells are shown ------------------------------------------------------------------------


def kinds(notebook: Any) -> list[str]:
    """Return for each cell how it is shown, as nbconvert and JupyterLab call it."""
    found: list[str] = []
    seen = over = False  # whether there was a figure since the last prose; whether exercises begin
    for number, cell in enumerate(notebook.cells):
        prose = cell.cell_type == "markdown"
        over = over or bool(re.search(EXERCISES, cell.source, re.MULTILINE))
        if over and "Summary" not in cell.source:
            found.append("skip")
        elif number == 0 or (
            prose and ("**Predict.**" in cell.source or "Summary\n" in cell.source)
        ):
            found.append("slide")
        elif not prose and any(is_picture(output) for output in cell.outputs):
            found.append("subslide")
        else:
            found.append("fragment" if prose and seen else "skip")
        seen = not prose and (seen or found[-1] == "subslide")
    return found


def is_picture(output: Any) -> bool:
    """Whether an output is a figure or the still of a widget."""
    return "image/png" in output.get("data", {})


def tag(path: Path) -> None:
    """Write into a notebook which of its cells are shown."""
    notebook = nbformat.read(path, as_version=4)
    for cell, kind in zip(notebook.cells, kinds(notebook), strict=True):
        cell.metadata["slideshow"] = {"slide_type": kind}
    nbformat.write(notebook, path)


if __name__ == "__main__":
    if sys.argv[1:] == ["--tag"]:
        for path in NOTEBOOKS:
            tag(path)
    else:
        main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "slides").resolve())
