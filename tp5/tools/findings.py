"""What the doctor finds, and how it looks in a terminal and in a notebook."""

from __future__ import annotations

import html
from dataclasses import dataclass

from ..table import Table


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    name : str
        What was looked at.
    ok : bool
    found : str
        What is the case.
    remedy : str
        What to do about it; empty if ``ok``.
    """

    name: str
    ok: bool
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"\n  {'':10} → {self.remedy}" if self.remedy else ""
        return f"{'✓' if self.ok else '✗'} {self.name:10} {self.found}{remedy}"


class Examination(list[Finding]):
    """The findings of all checks; prints as lines, and shows itself in a notebook as a table."""

    @property
    def healthy(self) -> bool:
        """Whether every check found what it should."""
        return all(finding.ok for finding in self)

    @property
    def verdict(self) -> str:
        """One sentence on the whole."""
        ill = sum(not finding.ok for finding in self)
        return "All is well." if not ill else f"{ill} of {len(self)} need a remedy (→)."

    def __repr__(self) -> str:
        return "\n".join([*map(str, self), self.verdict])

    def _repr_html_(self) -> str:
        columns = {
            "ok": ["✓" if finding.ok else "✗" for finding in self],
            "check": [finding.name for finding in self],
            "found": [finding.found for finding in self],
        }
        if not self.healthy:
            columns["remedy"] = [finding.remedy for finding in self]
        table = Table(columns)._repr_html_()
        for tag in ("<td", '<th scope="col"'):  # JupyterLab sets tables flush right, for numbers
            table = table.replace(tag, f'{tag} style="text-align:left"')
        return f"{table}<p>{html.escape(self.verdict)}</p>"
