"""Formulas as MathML: each of the course's can be drawn, and as TeX would draw it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
pytest.importorskip("latex2mathml")
pytest.importorskip("ziamath")
sys.path.insert(0, str(ROOT / "docs"))
import mathml  # noqa: E402

TEXTS = [path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")]
TEXTS += [
    cell.source
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    for cell in nbformat.read(path, as_version=4).cells
    if cell.cell_type == "markdown"
]


def formulas():
    """Every formula in prose, without code."""
    found = set()
    for text in TEXTS:
        text = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
        found |= set(re.findall(r"\$\$(.+?)\$\$", text, re.DOTALL))
        text = re.sub(r"\$\$(.+?)\$\$", "", text, flags=re.DOTALL)
        found |= set(re.findall(r"\$([^$\n]+?)\$", text))
    return sorted(found)


def test_every_formula_of_the_course_is_understood_and_in_the_font():
    assert len(formulas()) > 50
    font = mathml.TTFont(mathml.io.BytesIO(mathml.font())).getBestCmap()
    for tex in formulas():
        tree = ElementTree.fromstring(mathml.mathml(tex))
        text = "".join(tree.itertext())
        assert "\\" not in text, f"{tex}: {text}"
        assert set(map(ord, text)) - {0x0A, 0x2061} <= set(font), f"{tex}: {text}"


@pytest.mark.parametrize(
    ("tex", "drawn"),
    [
        (r"\ln p", '<mi>ln</mi><mspace width="0.167em" /><mi>p</mi>'),
        (r"\ln(p)", '<mi>ln</mi><mo stretchy="false">'),
        ("[-2, 1]", '<mo form="prefix">&#x02212;</mo><mn>2</mn>'),
        ("1 - 2", "<mn>1</mn><mo>&#x02212;</mo><mn>2</mn>"),
        ("a / b", '<mo lspace="0" rspace="0">/</mo>'),
        (r"X \xrightarrow{\text{encoder}} z", '<mover><mo stretchy="true">&#x2192;</mo><mrow>'),
    ],
)
def test_what_latex2mathml_leaves_is_repaired(tex, drawn):
    assert drawn in mathml.mathml(tex)


def test_a_block_stands_in_lines_of_its_own():
    assert 'display="block"' in mathml.mathml("a", block=True)
    assert 'display="inline"' in mathml.mathml("a")


def test_the_font_is_small_and_knows_how_tall_a_bracket_may_grow():
    assert len(mathml.font()) < 250_000
    assert "MATH" in mathml.TTFont(mathml.io.BytesIO(mathml.font()))
    assert "data:font/woff;base64," in mathml.style()
    assert 'url("formulas.woff")' in mathml.style("formulas.woff")
