"""Run notebooks from top to bottom, as a class will: ``python -m tp5 run 01``."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CELL_SECONDS = 90  # what a cell may take, as in `make test`


@dataclass(frozen=True)
class Performance:
    """How a notebook went.

    Attributes
    ----------
    name : str
        The file's name.
    seconds : float
    failure : str
        Which cell failed, and how; empty if none did.
    """

    name: str
    seconds: float
    failure: str = ""

    def __str__(self) -> str:
        if self.failure:
            return f"✗ {self.name}: {self.failure}"
        return f"✓ {self.name}, {self.seconds:.0f} s"


def find_notebooks(names: Sequence[str] = ()) -> list[Path]:
    """Return the paths of notebooks.

    Parameters
    ----------
    names : sequence of str
        Paths, or how names of the course's notebooks begin: ``"01"``. None: the whole course.

    Returns
    -------
    list of pathlib.Path

    Raises
    ------
    FileNotFoundError
        If a name fits no notebook.
    """
    course = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))
    found = [] if names else course
    for name in names:
        chosen = [Path(name)] if Path(name).is_file() else []
        chosen = chosen or [path for path in course if path.name.startswith(name)]
        if not chosen:
            there = ", ".join(path.name[:2] for path in course) or "no notebooks beside the package"
            raise FileNotFoundError(f"no notebook {name!r}; there are {there}, or give a path.")
        found += chosen
    return found


def run_notebook(path: Path, cell_seconds: int = CELL_SECONDS) -> Performance:
    """Run a copy of a notebook in a fresh kernel; the file stays as it is.

    Parameters
    ----------
    path : pathlib.Path
    cell_seconds : int
        A cell that takes longer is a failure.

    Returns
    -------
    Performance
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(
        notebook,
        timeout=cell_seconds,
        resources=resources,
        kernel_name="python3",  # this very Python, whatever kernel the notebook asks for
    )
    failure, start = "", time.perf_counter()
    try:
        client.execute(stderr=subprocess.DEVNULL)  # the kernel's log; what cells print is kept
    except CellExecutionError as error:
        failure = f"cell {cells_run(notebook)}: {error.ename}: {error.evalue}"
    except CellTimeoutError:
        failure = f"cell {cells_run(notebook)} took longer than {cell_seconds} s"
    except DeadKernelError:
        failure = (
            f"the kernel died in cell {cells_run(notebook)}; python -m tp5 doctor may know why"
        )
    return Performance(path.name, time.perf_counter() - start, failure)


def cells_run(notebook: dict) -> int:
    """Return how many code cells have been begun: the number in brackets of the last one."""
    counts = [cell.get("execution_count") or 0 for cell in notebook["cells"]]
    return max(counts, default=0)
