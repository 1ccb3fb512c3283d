"""A plain table: named columns, readable in a notebook, written as CSV."""

from __future__ import annotations

import csv
import html
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .checks import as_labels, as_mapping, as_sequence, shown
from .files import atomic_write


class Table:
    """Named columns of equal length.

    Parameters
    ----------
    columns : mapping of str to sequence

    Raises
    ------
    ValueError
        If the columns differ in length.

    Examples
    --------
    >>> print(Table({"run": [0, 1], "loss": [4.7123, 5.1]}))
    run   loss
      0  4.712
      1    5.1
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self.columns = {
            name: as_sequence(f"column {name!r}", values, least=0)
            for name, values in as_mapping("columns", columns, least=0).items()
        }
        lengths = {name: len(values) for name, values in self.columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"the columns of a table differ in length: {lengths}.")

    @classmethod
    def from_rows(cls, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
        """Return a table of named columns from its rows, each as long as there are names.

        Raises
        ------
        ValueError
            If a row has another length.
        """
        names, rows = as_labels("names", names), as_sequence("rows", rows, least=0)
        for number, row in enumerate(rows):
            if not isinstance(row, Sequence | np.ndarray) or len(row) != len(names):
                raise ValueError(
                    f"row {number} of a table must have {len(names)} entries, not {shown(row)}."
                )
        return cls({name: [row[k] for row in rows] for k, name in enumerate(names)})

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), []))

    def __getitem__(self, name: str) -> list[Any]:
        """Return a column."""
        if not isinstance(name, str) or name not in self.columns:
            raise KeyError(f"no column {shown(name)}; there are {', '.join(self.columns)}.")
        return self.columns[name]

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows, each a tuple."""
        return list(zip(*self.columns.values(), strict=True))

    def where(self, **wanted: Any) -> Table:
        """Return the rows in which each named column equals the given value."""
        keep = [
            row
            for row, values in enumerate(self.rows)
            if all(self[name][row] == value for name, value in wanted.items())
        ]
        return self._take(keep)

    def sorted_by(self, name: str) -> Table:
        """Return the table with its rows in ascending order of a column."""
        order = sorted(range(len(self)), key=self[name].__getitem__)
        return self._take(order)

    def _take(self, rows: Sequence[int]) -> Table:
        return Table({name: [values[row] for row in rows] for name, values in self.columns.items()})

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write a CSV file with a header line, UTF-8, full precision, whole or not at all."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        with atomic_write(path) as file:
            file.write(text.getvalue().encode())

    def _cells(self) -> list[list[str]]:
        return [list(self.columns)] + [[spell(value) for value in row] for row in self.rows]

    def __repr__(self) -> str:
        cells = self._cells()
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = ["  ".join(map(str.rjust, row, widths)) for row in cells]
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        head, *body = ([html.escape(cell) for cell in row] for row in self._cells())
        header = "".join(f'<th scope="col">{cell}</th>' for cell in head)
        rows = "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in body
        )
        return f"<table><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>"


def spell(value: Any) -> str:
    """Return a value as a table shows it: floats with four significant digits."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
