"""For nbgrader: run a submission to its end, then judge every check again, out of its reach.

In the notebook's own kernel a student may change anything: the flag that makes checks strict,
`check` itself, NumPy, IPython. So points are not given for what that kernel says. The check cells
are read again, the statements of the notebook that they need (`cells`) are executed in a process of
their own (`pupil`), and what these hand over is judged by a third, which has none of it (`judge`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute, NbGraderPreprocessor

from ..files import atomic_write
from .asking import Judge
from .cells import read_check, slice_for
from .message import Message, Verdict

PASSED = (Verdict.RIGHT, Verdict.ANSWERED)
OTHERWISE = (
    "When the notebook ran by itself, this check did not end like this: either it is not our check "
    "any more, or it depends on more than the cells that define what it is given. This one counts."
)


class ExecuteToTheEnd(Execute):
    """nbgrader's Execute, for submissions that kill their kernel or write into the gradebook."""

    def preprocess(self, nb: Any, resources: Any, *more: Any, **options: Any) -> tuple[Any, Any]:
        """Execute the cells; those after a dead kernel are left without output."""
        book = Path(resources["nbgrader"]["db_url"].removeprefix("sqlite:///"))
        before = book.read_bytes() if book.is_file() else None
        try:
            return super().preprocess(nb, resources, *more, **options)
        except DeadKernelError:
            self.log.warning("The kernel died: a cell ends its own process.")
            return nb, resources
        finally:
            if before is not None and book.read_bytes() != before:
                self.log.warning("A cell wrote into the gradebook: it is put back as it was.")
                with atomic_write(book) as file:
                    file.write(before)


class JudgeAgain(NbGraderPreprocessor):
    """Put our own verdict in place of what a check cell has printed; nbgrader counts that."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Judge the check cells that have points, each by the cells before it."""
        judge = Judge()
        before: list[tuple[str, str]] = []
        try:
            for number, cell in enumerate(nb.cells, 1):
                if cell.cell_type != "code":
                    continue
                mark = cell.metadata.get("nbgrader", {})
                if mark.get("grade") and not mark.get("solution"):
                    cell.outputs = outputs_for(verdict(judge, cell.source, before), cell.outputs)
                before.append((f"cell {number}", cell.source))
        finally:
            judge.stop()
        return nb, resources


def verdict(judge: Judge, source: str, before: list[tuple[str, str]]) -> Message:
    """Return what the judge says to a check cell, given the cells before it."""
    check = read_check(source)
    if check is None:
        return Message(Verdict.WRONG, "check", "this cell is no check of ours any more.")
    if not check.expressions or "None" in check.expressions:
        return Message(Verdict.OPEN, check.title, "nothing is handed over.")
    return judge.ask(check.title, [{"function": slice_for(check, before)}])


def outputs_for(message: Message, own: list[Any]) -> list[Any]:
    """Return a check cell's outputs: the verdict, and an error if there are no points for it.

    ``own`` are those of the notebook's run. If they told another tale, that is said.
    """
    if told(own) != message.verdict:
        text = f"{message.text}\n\n{OTHERWISE}"
        message = Message(message.verdict, message.title, text, message.code)
    data = {"text/plain": repr(message), "text/html": message._repr_html_()}
    outputs = [new_output("display_data", data)]
    if message.verdict not in PASSED:
        said = {"ename": "CheckFailed", "evalue": message.title, "traceback": [repr(message)]}
        outputs.append(new_output("error", **said))
    return outputs


def told(outputs: list[Any]) -> Verdict | None:
    """Return the verdict that a check cell's own outputs show; None if they show none.

    Checks are strict here: all but a right answer raise, and where one did not, it is not ours.
    """
    raised = any(one.output_type == "error" for one in outputs)
    for one in outputs:
        text = str(one.get("data", {}).get("text/plain", ""))
        for each in Verdict:
            if text.startswith(f"{each.symbol} {each.word} (") and raised != (each in PASSED):
                return each
    return None
