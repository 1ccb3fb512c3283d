"""Results that took long: tables that the course ships, each with the command that made it."""

from __future__ import annotations

import csv
import hashlib
import io

from ..checks import one_of
from ..files import data_path
from ..table import Table

# Columns of a table of runs: errors on what was learned and held out, and the mean image's on each.
ERRORS = ("train", "test", "train_mean", "test_mean")

# SHA-256 of each table, so that nobody reads other numbers than those that the notebooks speak of.
CHECKSUMS: dict[str, str] = {
    "fractions": "6fa1abb6527e2a4b287e1f9ab3ab3504fbb800a7a8478455d36c363b55a74d3b",
    "optimizers": "a9542d76adb50f00dc8640014098a99d91ca72f35570ec2c0a36f436251addfb",
    "conclusions": "529662b972a0c9fae7813f202b5687936105b0475597cdc4445b8acc46bb01c3",
}


class StudyError(ValueError):
    """A stored table is not what the course shipped."""


def read_study(name: str) -> Table:
    """Read a table of ``data/studies/``; ``data/studies/README.md`` says how each was made.

    Parameters
    ----------
    name : {"fractions", "optimizers", "conclusions"}

    Returns
    -------
    Table
        Columns of int, float or str.

    Raises
    ------
    ValueError
        If there is no table of that name.
    StudyError
        If the file is not the one that the course shipped.
    """
    one_of("a study's name", name, CHECKSUMS)
    data = data_path(f"studies/{name}.csv").read_bytes().replace(b"\r\n", b"\n")
    if hashlib.sha256(data).hexdigest() != CHECKSUMS[name]:
        raise StudyError(
            f"data/studies/{name}.csv is not the table that the course shipped; get it again, or "
            f"make it again as data/studies/README.md says, and put its SHA-256 into CHECKSUMS."
        )
    head, *rows = csv.reader(io.StringIO(data.decode()))
    columns = zip(*rows, strict=True)
    return Table(
        {key: [value(cell) for cell in column] for key, column in zip(head, columns, strict=True)}
    )


def value(cell: str) -> int | float | str:
    """Return what a cell of a CSV file says: a whole number, a number, or words."""
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell
