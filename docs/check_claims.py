"""Do the notebooks' claims hold for other seeds and for other fonts? `make claims` asks.

Executes each notebook once for each shift of its literal seeds, and once for each font of another
hand, two at a time, and prints a table. A cell that fails is named with what it says.

    python docs/check_claims.py                     # all notebooks, all columns
    python docs/check_claims.py 01 02 --only 100 another-hand
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
import other_hand
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
SHIFTS = (100, 200, 300, 400)
SEEDS = {"rng", "seed", "random_state"}
AT_A_TIME = 2
CELL_SECONDS = 1800  # other work may go on on this machine; a slow one is not a wrong one
MAGIC = re.compile(r"^([ \t]*)[%!].*", re.MULTILINE)
FONTS = re.compile(r"^(FONTS = load_fonts\()\)", re.MULTILINE)


def seeds(code: str) -> Iterator[ast.Constant]:
    """Find literal seeds: ``rng=0``, ``{"rng": 0}``, ``seed = 0``, ``default_rng(0)``."""
    for node in ast.walk(ast.parse(MAGIC.sub(r"\1pass", code))):
        values: list[Any] = []
        if isinstance(node, ast.keyword) and node.arg in SEEDS:
            values = [node.value]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("default_rng"):
            values = node.args
        elif isinstance(node, ast.Dict):
            values = [
                value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value in SEEDS
            ]
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).lower() in SEEDS:
            values = [node.value]
        for value in values:
            if isinstance(value, ast.Constant) and type(value.value) is int:
                yield value


def shifted(code: str, shift: int) -> str:
    """Return code with every literal seed larger by a shift; nothing else changes."""
    lines = code.encode().split(b"\n")  # ast counts columns in bytes
    for seed in sorted(seeds(code), key=lambda seed: (seed.lineno, -seed.col_offset)):
        line = lines[seed.lineno - 1]
        before, after = line[: seed.col_offset], line[seed.end_col_offset :]
        lines[seed.lineno - 1] = before + str(seed.value + shift).encode() + after
    return b"\n".join(lines).decode()


def prepare(notebook: Any, shift: int = 0, font: Path | None = None) -> None:
    """Shift the seeds of a notebook, or give it another font; exercises stay as they are."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.get("id", "").startswith("ex-"):
            cell.source = shifted(cell.source, shift)
            if font is not None:
                cell.source = FONTS.sub(rf"\g<1>{str(font)!r})", cell.source)


def check(name: str, shift: int, font: Path | None) -> str:
    """Execute a notebook; return how it went, in words."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    if font is not None and not any(FONTS.search(cell.source) for cell in notebook.cells):
        return "takes no font"
    prepare(notebook, shift, font)
    how = {
        "timeout": CELL_SECONDS,
        "kernel_name": "python3",  # of this very Python, whatever the notebook asks for
        "resources": {"metadata": {"path": str(NOTEBOOKS)}},
    }
    try:
        NotebookClient(notebook, **how).execute()
    except CellExecutionError as error:
        failed = [
            cell for cell in notebook.cells
            if any(output.output_type == "error" for output in cell.get("outputs", []))
        ]  # fmt: skip
        return f"FAILED in {failed[0].id}: {error.ename}: {error.evalue}"
    except Exception as error:  # a kernel that died, a cell without end
        return f"FAILED: {type(error).__name__}: {error}"
    return "passed"


def main(arguments: list[str]) -> int:
    """Check, print the table, and return the exit status."""
    parser = argparse.ArgumentParser(description="Do claims hold for other seeds and fonts?")
    parser.add_argument("notebooks", nargs="*", help="how their names begin, such as 01")
    parser.add_argument("--only", nargs="+", help="columns: a shift, or a font")
    chosen = parser.parse_args(arguments)
    names = sorted(path.name for path in NOTEBOOKS.glob("[0-9]*.ipynb"))
    names = [name for name in names if name.startswith(tuple(chosen.notebooks or [""]))]
    with tempfile.TemporaryDirectory() as folder:
        fonts = other_hand.write_all(Path(folder))
        columns: dict[str, tuple[int, Path | None]] = {str(s): (s, None) for s in SHIFTS}
        columns |= {font: (0, path) for font, path in fonts.items()}
        if chosen.only:
            columns = {column: columns[column] for column in chosen.only}
        results = check_all(names, columns)
    print_table(names, list(columns), results)
    return int(any(result.startswith("FAILED") for result in results.values()))


def check_all(
    names: list[str], columns: dict[str, tuple[int, Path | None]]
) -> dict[tuple[str, str], str]:
    """Check every notebook in every column, two at a time; say each result as it comes."""
    results = {}
    with ProcessPoolExecutor(AT_A_TIME, mp_context=get_context("spawn")) as pool:
        jobs = {
            pool.submit(check, name, *how): (name, column)
            for column, how in columns.items()
            for name in names
        }
        for job in as_completed(jobs):
            results[jobs[job]] = job.result()
            print(*jobs[job], job.result(), flush=True)
    return results


def print_table(names: list[str], columns: list[str], results: dict[tuple[str, str], str]) -> None:
    """Print a row for each notebook and a column for each shift and font."""
    width = max(map(len, names), default=0)
    print("\n" + " " * width, *(f"{column:>13}" for column in columns))
    for name in names:
        words = [results[name, column].partition(" in ")[0] for column in columns]
        print(f"{name:<{width}}", *(f"{word[:13]:>13}" for word in words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
