"""The form of the notebooks. (What they compute, they assert themselves, under nbval.)

A rule is a function from a notebook to its faults, in words. Each rule is shown a notebook that
breaks it, too: a rule that finds nothing anywhere would be no rule.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import datetime
from html import escape, unescape
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tp5.tools.saving import VIEW

ROOT = Path(__file__).parents[2]
PATHS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
NOTEBOOKS = {path.name: nbformat.read(path, as_version=4) for path in PATHS}
TITLES = {name: notebook.cells[0].source.split("\n")[0][2:] for name, notebook in NOTEBOOKS.items()}
START = "00_start_here.ipynb"

BYTES = 1_500_000  # a web viewer still shows it, and a clone stays small
CELL_SECONDS = 60  # nobody in a class waits longer
NOTEBOOK_SECONDS = 150  # on a machine that others use at the same time; alone it takes half of that
SLIDE = 25  # lines
IMPORTS = 10
ROOMS = {path.parent.name for path in (ROOT / "tp5").glob("*/__init__.py")}


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def python_of(cell):
    """A cell's source without its magics."""
    return re.sub(r"^\s*[%!].*", "", cell.source, flags=re.MULTILINE)


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def prose(notebook):
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


# --- the rules ------------------------------------------------------------------------------------


def executed_in_order(notebook) -> Iterator[str]:
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"not executed in order from a fresh kernel: {counts}"


def outputs_are_good(notebook) -> Iterator[str]:
    if len(outputs(notebook)) <= 5:
        yield "outputs are not stored; nbval would pass it unchecked"
    for output in outputs(notebook):
        if output.output_type == "error":
            yield f"an error: {output.ename}"
        if output.get("name") == "stderr":
            yield f"something on stderr: {output.text[:80]}"


def figures_have_alt_text(notebook) -> Iterator[str]:
    """In the picture's metadata, for exports; and beside it, for JupyterLab drops the former."""
    for cell in code_cells(notebook):
        shown = [*cell.outputs, new_output("display_data")]
        for output, following in pairwise(shown):
            for kind in output.get("data", {}):
                if not kind.startswith("image/"):
                    continue
                alt = output.metadata.get(kind, {}).get("alt", "")
                if len(alt) <= 30:
                    yield f"no words for a picture: {alt!r}"
                elif escape(alt) not in following.data.get("text/html", ""):
                    yield f"the words do not stand below the picture: {alt[:60]}"
    for alt in re.findall(r"!\[([^\]]*)\]", prose(notebook)):
        if len(alt) <= 5:
            yield f"no words for a picture in the prose: {alt!r}"


def pictures_are_no_html(notebook) -> Iterator[str]:
    """A code host takes pictures out of HTML, and LaTeX has no HTML at all."""
    for output in outputs(notebook):
        for tag in re.findall(
            r"<(?:img|svg|canvas)\b[^>]*", output.get("data", {}).get("text/html", "")
        ):
            yield f"a picture in HTML, which is lost elsewhere: {tag[:60]}; use tp5.plots"


def header_is_whole(notebook, name) -> Iterator[str]:
    header = notebook.cells[0].source
    if not re.match(rf"# {name[:2]} · \S.*\n\n\*[^*\n]+\*\n\n\S", header):
        yield f"the header begins with '# {name[:2]} · title' and a line in italics"
    for field in ("**You will be able to**", "**You need**", "**Time**"):
        if field not in header:
            yield f"the header lacks {field}"
    aims = re.findall(r"^- ", header, re.MULTILINE)
    if not 3 <= len(aims) <= 6:
        yield f"{len(aims)} aims; 3 to 6 can be remembered"
    if not re.search(r"\*\*Time\*\* \d+ minutes", header):
        yield "**Time** gives no minutes"


def navigation_line(name) -> str:
    """The links to the notebook before, to the map, and to the notebook after."""
    names = sorted(NOTEBOOKS)
    position = names.index(name)
    links = []
    if position > 0:
        before = names[position - 1]
        links.append(f"[← {TITLES[before]}]({before})")
        links.append(f"[map of the course]({START})")
    if position + 1 < len(names):
        after = names[position + 1]
        links.append(f"[{TITLES[after]} →]({after})")
    return " | ".join(links)


def neighbours_are_linked(notebook, name) -> Iterator[str]:
    line = navigation_line(name)
    top, bottom = notebook.cells[0].source, notebook.cells[-1].source
    if line not in top.split("\n"):
        yield f"the header lacks the line {line}"
    if not bottom.endswith(line):
        yield f"it does not end with the line {line}"


def sections_are_numbered(notebook) -> Iterator[str]:
    text = re.sub(r"```.*?```", "", prose(notebook), flags=re.DOTALL)
    numbers = re.findall(r"^## (\S+)", text, re.MULTILINE)
    wanted = [f"{n}." for n in range(1, len(numbers))] + ["Further"]
    if numbers != wanted:
        yield f"sections are numbered {numbers}, not {wanted}"
    section = subsection = 0
    for level, number in re.findall(r"^(##|###) (\S+)", text, re.MULTILINE):
        section, subsection = (section + 1, 0) if level == "##" else (section, subsection + 1)
        if level == "###" and number != f"{section}.{subsection}":
            yield f"subsection {number} should be {section}.{subsection}"


def asks_and_sums_up(notebook, name) -> Iterator[str]:
    text = prose(notebook)
    if text.count("**Predict.**") < 3:
        yield "it asks fewer than 3 times before it shows"
    asked = [i for i, cell in enumerate(notebook.cells) if "**Predict.**" in cell.source]
    for i in asked:
        kinds = [cell.cell_type for cell in notebook.cells[i:]]
        if "code" not in kinds or "markdown" not in kinds[kinds.index("code") :]:
            yield f"cell {i} asks, and nothing is run or interpreted after it"
    for part in ("Summary", "You can now", "Exercises", "Further reading"):
        if part not in text:
            yield f"it lacks {part}"
    kinds = set(re.findall(r"^\*\*\d+\.\d+ (\w+)\.\*\*", text, re.MULTILINE))
    if kinds != {"Code", "Explore", "Think"}:
        yield f"its exercises are {sorted(kinds)}, not Code, Explore and Think"


def references_are_full(notebook) -> Iterator[str]:
    _, _, reading = prose(notebook).partition("## Further reading")
    entries = re.findall(r"^- (.*?)(?=^- |^\[|\Z)", reading, re.MULTILINE | re.DOTALL)
    if len(entries) < 3:
        yield f"{len(entries)} references; give at least 3"
    for entry in entries:
        author = re.match(r"([A-Z]\. ?)+[A-Z]\S+", entry)
        if not (author and re.search(r"\*[^*]{8,}\*", entry) and re.search(r"\(\d{4}\)", entry)):
            yield f"not author, *title*, place (year): {entry[:70]}"


def is_claim(node) -> bool:
    """Whether a statement is an assert, or a call of `tp5.claim`."""
    call = getattr(node, "value", None) if isinstance(node, ast.Expr) else None
    name = getattr(getattr(call, "func", None), "id", "")
    return isinstance(node, ast.Assert) or (isinstance(call, ast.Call) and name == "claim")


def statements(cell) -> ast.Module:
    return ast.parse(python_of(cell))


def claims_are_asserted(notebook, name) -> Iterator[str]:
    claims = sum(
        is_claim(node) for cell in code_cells(notebook) for node in ast.walk(statements(cell))
    )
    if claims < 10:
        yield f"{claims} claims; what a notebook says is asserted"


def claims_are_folded(notebook) -> Iterator[str]:
    """Where a cell holds claims alone, their sentences are below it: it need not be seen."""
    for number, cell in enumerate(code_cells(notebook), 1):
        nodes = statements(cell).body
        folded = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        if nodes and all(map(is_claim, nodes)) and not folded:
            yield f"cell {number} holds claims alone and is not folded (jupyter.source_hidden)"
        if folded and not any(is_claim(node) for top in nodes for node in ast.walk(top)):
            yield f"cell {number} is folded and claims nothing: nobody would see what it does"


def no_absolute_paths(notebook) -> Iterator[str]:
    text = re.sub(r"base64,[\w+/=]+", "", nbformat.writes(notebook))
    for path in re.findall(r"(?:/(?:home|root|work|tmp|usr|Users)/|[A-Z]:\\\\)[^\"\s]{0,40}", text):
        yield f"an absolute path: {path}"


def widgets_leave_no_state(notebook) -> Iterator[str]:
    """A widget's state is its model's weights; a still picture is what a reader needs."""
    if "widgets" in notebook.metadata:
        yield "the state of its widgets is stored: execute with make notebooks"
    for output in outputs(notebook):
        if VIEW in output.get("data", {}):
            yield "a widget is stored, dead, over its still picture: execute with make notebooks"


def asks_for_our_kernel(notebook) -> Iterator[str]:
    """One that has tp5: `pip install` makes it."""
    kernel = notebook.metadata.get("kernelspec", {})
    ours = json.loads((ROOT / "etc" / "kernel.json").read_text())
    if (kernel.get("name"), kernel.get("display_name")) != ("tp5", ours["display_name"]):
        yield f"it asks for the kernel {kernel.get('name')}, not for tp5"


def cells_say_what_goes_on_the_wall(notebook) -> Iterator[str]:
    """What `make slides` shows: the header, each question, each figure, the summary."""
    over = False
    for number, cell in enumerate(notebook.cells):
        over = over or bool(re.search(r"^## \d+\. Exercises", cell.source, re.MULTILINE))
        kind = cell.metadata.get("slideshow", {}).get("slide_type")
        pictures = any("image/png" in o.get("data", {}) for o in cell.get("outputs", []))
        wanted = number == 0 or "**Predict.**" in cell.source or pictures
        if kind is None or (wanted and not over and kind == "skip"):
            yield f"cell {number} is no slide: python docs/build_slides.py --tag"


def functions_fit_on_a_slide(notebook) -> Iterator[str]:
    for cell in code_cells(notebook):
        for node in ast.walk(ast.parse(python_of(cell))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                lines = node.end_lineno - node.lineno + 1
                if lines > SLIDE:
                    yield f"{node.name} has {lines} lines; a slide holds {SLIDE}"


def cells_are_quick(notebook) -> Iterator[str]:
    """What nbconvert noted when it stored the outputs: when each cell began, and when it ended."""
    total = 0.0
    for number, cell in enumerate(code_cells(notebook), 1):
        times = cell.metadata.get("execution", {})
        if not {"iopub.status.busy", "shell.execute_reply"} <= set(times):
            yield f"cell {number} has no times: execute with make notebooks"
            continue
        began, ended = (
            datetime.fromisoformat(times[name].replace("Z", "+00:00"))
            for name in ("iopub.status.busy", "shell.execute_reply")
        )
        seconds = (ended - began).total_seconds()
        total += seconds
        if seconds > CELL_SECONDS:
            yield f"cell {number} took {seconds:.0f} s; the cap is {CELL_SECONDS}"
    if total > NOTEBOOK_SECONDS:
        yield f"it took {total:.0f} s; the cap is {NOTEBOOK_SECONDS}"


def links_resolve(notebook, names) -> Iterator[str]:
    text = re.sub(r"`[^`]*`|\$[^$]*\$", "", prose(notebook))
    headings = re.findall(r"^#+ (.+?)\s*$", text, re.MULTILINE)
    places = {heading.replace(" ", "-") for heading in headings}  # JupyterLab's anchors
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, place = target.partition("#")
        if re.match(r"https://[\w.-]+\.\w+(/\S*)?$", target):
            continue
        if "://" in file:
            yield f"not a whole https address: {target}"
        elif file and file not in names and not (ROOT / "notebooks" / file).exists():
            yield f"a link to nothing: {target}"
        elif place and not file and place not in places:
            yield f"a link to no section: {target}"


def places_exist(notebook) -> Iterator[str]:
    """The sections and exercises of this notebook that its prose sends one to."""
    text = re.sub(r"notebook \d+, section \d+|\w+ \(\d{4}\), section \d+", "", prose(notebook))
    text = text.partition("## Further reading")[0]
    there = re.findall(r"^(?:###? |\*\*)(\d+(?:\.\d+)?)", text, re.MULTILINE)
    named = re.findall(r"\b[Ee]xercises? (\d+\.\d+)|\b[Ss]ections? (\d+(?:\.\d+)?)", text)
    for place in {exercise or section for exercise, section in named} - set(there):
        yield f"it speaks of {place}, and there is no such section or exercise"


GAP = "[ ,_\\u00a0\\u2009\\u202f]"  # between thousands
NUMBER = re.compile(
    rf"(?<![\w.,\-–−/^_])(\d{{1,3}}(?:{GAP}\d{{3}})+|\d+\.\d+|\d{{3,}})(?![\w/–]|[.,]\d)"
)
# What is said without being computed: names, places, years, and what others report.
SAID = {
    "00_start_here.ipynb": {},
    "01_font_autoencoder.ipynb": {"2023": "the year of the assignment's goal"},
    "02_optimizers.ipynb": {},
    "03_generating_characters.ipynb": {},
    "04_denoising.ipynb": {"2008": "Vincent et al. 2008"},
    "05_flork_vae.ipynb": {"2016": "Burda et al. 2016"},
}


def plain(number: str) -> str:
    return re.sub(rf"(?<=\d){GAP}(?=\d{{3}})", "", number)


def computed_numbers(notebook) -> list[float]:
    """Every number in code cells and their outputs: printed, in tables, and in alt texts."""
    texts = [cell.source for cell in code_cells(notebook)]
    for output in outputs(notebook):
        data = output.get("data", {})
        texts += [output.get("text", "")]
        texts += [str(data[kind]) for kind in data if not kind.startswith("image/")]
    text = plain(unescape(re.sub(r"base64,[\w+/=]+", "", "\n".join(texts))))
    return [float(number) for number in re.findall(r"\d+\.?\d*(?:e-?\d+)?", text)]


def numbers_in_prose_are_computed(notebook, name) -> Iterator[str]:
    """Decimals, and whole numbers from 100 on; those in exercises are tasks and no claims."""
    body = re.split(r"^## \d+\. Exercises", prose(notebook), flags=re.MULTILINE)[0]
    body = "\n".join(line for line in body.split("\n") if not line.startswith("#"))
    body = re.sub(
        r"\]\([^)]*\)|^\*\*\d+\.\d+ \w+\.\*\*|0x\w+|\b0[01]+\b", "", body, flags=re.MULTILINE
    )
    body = re.sub(r"\*\*Time\*\*.*|\| \d+ \|$", "", body, flags=re.MULTILINE)  # minutes
    body = re.sub(r"\b([Ee]xercises?|[Ss]ections?|map in|notebooks?) [\d., and]*\d", "", body)
    known = computed_numbers(notebook)
    known += [100 * number for number in known] + [number / 100 for number in known]
    for match in NUMBER.finditer(body):
        number = plain(match[1])
        digits = len(number.partition(".")[2])
        if number in SAID.get(name, {}):
            continue
        if not any(abs(value - float(number)) <= 0.5001 * 10**-digits for value in known):
            yield f"{match[1]} is in no cell: …{body[max(0, match.start() - 40) : match.end()]}"


def imports_are_few(notebook) -> Iterator[str]:
    """At most ten, and of tp5 its rooms only."""
    tree = ast.parse("\n".join(python_of(cell) for cell in code_cells(notebook)))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    if len(imports) > IMPORTS:
        yield f"{len(imports)} imports, {IMPORTS} are enough"
    for node in imports:
        module = getattr(node, "module", None) or node.names[0].name
        if module.startswith("tp5.") and module.removeprefix("tp5.") not in ROOMS:
            yield f"{module} is no room of tp5"


RULES = [
    executed_in_order,
    outputs_are_good,
    figures_have_alt_text,
    pictures_are_no_html,
    header_is_whole,
    neighbours_are_linked,
    sections_are_numbered,
    asks_and_sums_up,
    references_are_full,
    claims_are_asserted,
    claims_are_folded,
    no_absolute_paths,
    widgets_leave_no_state,
    asks_for_our_kernel,
    cells_say_what_goes_on_the_wall,
    functions_fit_on_a_slide,
    imports_are_few,
    cells_are_quick,
    links_resolve,
    places_exist,
    numbers_in_prose_are_computed,
]


def faults(rule, notebook, name="01_font_autoencoder.ipynb") -> list[str]:
    more = {"name": name, "names": set(NOTEBOOKS)}
    wanted = rule.__code__.co_varnames[1 : rule.__code__.co_argcount]
    return list(rule(notebook, **{key: more[key] for key in wanted}))


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_form_is_kept(rule, name):
    found = faults(rule, NOTEBOOKS[name], name)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_the_file_stays_small(path):
    size = path.stat().st_size
    assert size < BYTES, f"{size / 1e6:.2f} MB; the cap is {BYTES / 1e6} MB"


def test_the_course_is_whole():
    assert [name[:2] for name in NOTEBOOKS] == ["00", "01", "02", "03", "04", "05"]
    assert {text for name in NOTEBOOKS for text in SAID[name]} <= set(
        re.findall(r"\d+", " ".join(map(prose, NOTEBOOKS.values())))
    ), "a number in SAID is said no more"


def test_the_map_gives_the_minutes_of_each_notebook():
    rows = re.findall(
        r"^\| \[?(.+?)(?:\]\((.*?)\))? \|.*\| (\d+) \|$", prose(NOTEBOOKS[START]), re.M
    )
    minutes = {name: re.search(r"\*\*Time\*\* (\d+)", notebook.cells[0].source)[1]
               for name, notebook in NOTEBOOKS.items()}  # fmt: skip
    assert [title for title, _, _ in rows] == list(TITLES.values())
    assert [time for _, _, time in rows] == list(minutes.values())


# --- each rule finds what it forbids --------------------------------------------------------------


def notebook_of(*cells):
    """A notebook of strings: one that begins with > is code, the others are prose."""
    made = []
    for number, text in enumerate(cells, 1):
        if text.startswith(">"):
            made.append(new_code_cell(text[1:].strip(), execution_count=number))
        else:
            made.append(new_markdown_cell(text))
    return new_notebook(cells=made)


def with_output(**output):
    notebook = notebook_of("> 1")
    notebook.cells[0].outputs = [new_output(**output)]
    return notebook


def timed(seconds):
    notebook = notebook_of("> 1")
    notebook.cells[0].metadata["execution"] = {
        "iopub.status.busy": "2026-01-01T10:00:00.000Z",
        "shell.execute_reply": f"2026-01-01T10:{seconds // 60:02}:{seconds % 60:02}.000Z",
    }
    return notebook


def folded(code):
    notebook = notebook_of(code)
    notebook.cells[0].metadata["jupyter"] = {"source_hidden": True}
    return notebook


LONG = "> def long():\n" + "    x = 1\n" * 25
BAD = [
    (executed_in_order, notebook_of("> 1", "words", "> 2"), "[1, 3]"),
    (outputs_are_good, notebook_of("> 1"), "not stored"),
    (outputs_are_good, with_output(output_type="error", ename="KeyError"), "KeyError"),
    (outputs_are_good, with_output(output_type="stream", name="stderr", text="boo"), "boo"),
    (figures_have_alt_text,
     with_output(output_type="display_data", data={"image/png": "iVBO"}), "no words"),
    (figures_have_alt_text,
     with_output(output_type="display_data", data={"image/png": "iVBO"},
                 metadata={"image/png": {"alt": "long enough, and still not there for Lab"}}),
     "do not stand below"),
    (pictures_are_no_html,
     with_output(output_type="display_data", data={"text/html": '<img src="x">'}), "in HTML"),
    (figures_have_alt_text, notebook_of("![](figure.png)"), "no words"),
    (header_is_whole, notebook_of("# Font"), "begins with"),
    (header_is_whole, notebook_of("# 01 · T\n\n*w*\n\n**You need** it"), "lacks **Time**"),
    (neighbours_are_linked, notebook_of("# 01 · T", "the end"), "does not end with"),
    (sections_are_numbered, notebook_of("## 1. A", "## 3. B", "## Further reading"), "'3.'"),
    (sections_are_numbered, notebook_of("## 1. A\n\n### 1.2 B\n\n## Further"), "should be 1.1"),
    (asks_and_sums_up, notebook_of("**Predict.** What?"), "nothing is run"),
    (asks_and_sums_up, notebook_of("**Predict.** What?", "> 1"), "nothing is run"),
    (asks_and_sums_up, notebook_of("**1.1 Code.** Write"), "not Code, Explore and Think"),
    (references_are_full, notebook_of("## Further reading\n\n- Kingma 2014"), "not author"),
    (references_are_full,
     notebook_of("## Further reading\n\n- D. P. Kingma, *A long title*, ICLR"), "(year)"),
    (claims_are_asserted, notebook_of("> assert 1\nclaim(1, 's')", "> not_a.claim"), "2 claims;"),
    (claims_are_folded, notebook_of("> claim(x > 0, 'so')"), "cell 1 holds claims alone"),
    (claims_are_folded, folded("> x = 1"), "cell 1 is folded and claims nothing"),
    (no_absolute_paths, notebook_of("> open('/home/me/font.h')"), "/home/me/font.h"),
    (widgets_leave_no_state, new_notebook(metadata={"widgets": {}}), "state of its widgets"),
    (widgets_leave_no_state,
     with_output(output_type="display_data", data={VIEW: {"model_id": "x"}}), "dead"),
    (asks_for_our_kernel, notebook_of("> 1"), "for tp5"),
    (cells_say_what_goes_on_the_wall, notebook_of("# T"), "cell 0 is no slide"),
    (functions_fit_on_a_slide, notebook_of(LONG), "long has 26 lines"),
    (imports_are_few, notebook_of("> import a, b\n" + "from c import d\n" * 10), "11 imports, 10"),
    (imports_are_few, notebook_of("> from tp5.experiments.noise import NAMES"), "no room of tp5"),
    (cells_are_quick, notebook_of("> 1"), "no times"),
    (cells_are_quick, timed(75), "took 75 s; the cap is 60"),
    (cells_are_quick, timed(200), "it took 200 s"),
    (links_resolve, notebook_of("[a](06_nothing.ipynb)"), "a link to nothing"),
    (links_resolve, notebook_of("# A b\n\n[a](#A-b) [b](#B)"), "no section: #B"),
    (links_resolve, notebook_of("[a](http://example.org)"), "not a whole https"),
    (places_exist, notebook_of("## 1. A\n\nSee section 3, exercise 1.9\n\n**1.1 Code.**"), "of 3,"),
    (places_exist, notebook_of("## 1. A\n\nSee exercise 1.9\n\n**1.1 Code.**"), "of 1.9,"),
    (numbers_in_prose_are_computed, notebook_of("It is 4.21.", "> print(4.3)"), "4.21 is in no"),
    (numbers_in_prose_are_computed, notebook_of("2 789 weights", "> 2788"), "2 789 is in no cell"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "notebook", "fault"), BAD)
def test_a_rule_finds_what_it_forbids(rule, notebook, fault):
    assert any(fault in found for found in faults(rule, notebook)), faults(rule, notebook)


def test_every_rule_has_been_tried():
    assert {rule for rule, _, _ in BAD} == set(RULES)


@pytest.mark.parametrize("notebook", [
    folded("> claim(a > 0, 'so')"),
    folded("> for name in names:\n    claim(name > 0, 'so')"),
    notebook_of("> a = 1\nclaim(a > 0, 'so')"),
])  # fmt: skip
def test_claims_that_are_folded_or_stand_with_their_computation_pass(notebook):
    assert faults(claims_are_folded, notebook) == []


@pytest.mark.parametrize("text", [
    "About 4.2, or 4.21; 0.35 or 35.2 %; 2 789 weights. Section 9.9, exercises 8.1 and 8.2.",
    "**11.1 Code.** See [this](https://example.org/5.678) and 0x0E.\n\n**Time** 120 minutes",
])  # fmt: skip
def test_numbers_that_are_computed_pass(text):
    cells = notebook_of("## 3.3 A", text, "> print(4.212, 0.352, 2_789)\nassert 0.35 < 1")
    assert faults(numbers_in_prose_are_computed, cells) == []
