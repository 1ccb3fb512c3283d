"""What the page on one's own data says is so."""

from __future__ import annotations

import ast
import doctest
import re
from pathlib import Path

import matplotlib as mpl
import pytest

import tp5.datasets.font
import tp5.datasets.fonts
import tp5.datasets.images
import tp5.datasets.picture_matrix

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "your_own_data.md").read_text(encoding="utf-8")
CODE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
CLAIM = re.compile(r"^(\S.*?)  +# (.*)$")


def is_claimed(line: str) -> re.Match[str] | None:
    """Find an expression whose value stands behind it, not just a remark."""
    match = CLAIM.match(line)
    value = match[2] if match else ""
    is_value = re.match(r"(Font|Images)\b.*|[\[(]['\d].*|\d+$", value)
    return match if is_value and not re.match(r"\w+ = |from |import ", line) else None


def test_every_example_runs_and_gives_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "tests" / "cases")
    mpl.use("agg")
    namespace: dict = {}
    claims = 0
    for block in CODE:
        ast.parse(block)
        for line in block.splitlines():
            exec(line, namespace)
            if match := is_claimed(line):
                shown = repr(eval(match[1], namespace))
                assert shown == match[2], line
                claims += 1
    assert claims == 6
    shown = repr(namespace["images"])
    assert shown in PAGE
    assert namespace["explorer"].image.shape == (12, 9)


@pytest.mark.parametrize(
    "kind", [".h", ".java", ".py", ".json", ".ipynb", ".csv", ".npy", ".npz", "-ubyte.gz"]
)
def test_the_page_has_an_example_of_each_kind(kind: str) -> None:
    assert any(f'{kind}"' in block for block in CODE)


@pytest.mark.parametrize("argument", ["shape", "columns", "mirror", "tiles", "mode", "invert"])
def test_the_page_has_an_example_of_each_argument(argument: str) -> None:
    assert any(f"{argument}=" in block for block in CODE)


@pytest.mark.parametrize(
    "module",
    [tp5.datasets.font, tp5.datasets.fonts, tp5.datasets.images, tp5.datasets.picture_matrix],
)
def test_the_examples_in_docstrings_run(module) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
    assert "+SKIP" not in Path(module.__file__).read_text(encoding="utf-8")
