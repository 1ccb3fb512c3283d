"""Formulas as MathML, made when a page is built: no script, no network, and read aloud as they are.

Browsers have drawn MathML themselves since 2023. What they lack is a font that knows how tall a
bracket may grow, so one travels with the pages.
"""

from __future__ import annotations

import base64
import io
import re
from importlib.resources import files

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from latex2mathml.converter import convert

FAMILY = "STIX Two Math"
# Latin, Greek, accents, arrows, operators, brackets; italic, script and double-struck letters.
LETTERS = [(0x20, 0xFF), (0x2C0, 0x3F6), (0x2010, 0x2057), (0x2100, 0x2151), (0x2190, 0x2195)]
LETTERS += [(0x21D0, 0x21D5), (0x2200, 0x22A9), (0x22C0, 0x22CF), (0x2308, 0x230B)]
LETTERS += [(0x23DC, 0x23DF), (0x27E6, 0x27EB), (0x1D434, 0x1D467), (0x1D49C, 0x1D4B5)]
LETTERS += [(0x1D538, 0x1D56B), (0x1D6E2, 0x1D71B)]

# What latex2mathml writes, and what browsers draw as TeX does.
REPAIRS = [
    # An arrow with a word over it grows with the word.
    (
        r'<mover><mstyle scriptlevel="0"><mo>(&#x2192;)</mo></mstyle>'
        r"<mpadded [^>]*>(.*?)<mspace [^>]*/></mpadded></mover>",
        r'<mover><mo stretchy="true">\1</mo>'
        r'<mrow><mspace width="0.5em" />\2<mspace width="0.5em" /></mrow></mover>',
    ),
    # A thin space behind the name of a function that has no bracket.
    (r"(<mi>(?:ln|log|exp|min|max)</mi>)(?!<mo|</)", r'\1<mspace width="0.167em" />'),
    # A minus at the beginning, behind a comma or an opening bracket belongs to its number.
    (
        r"(<mrow>|<mo[^>]*>(?:\[|&#x0002C;|&#x00028;|&#x0003D;)</mo>)<mo>&#x02212;</mo>",
        r'\1<mo form="prefix">&#x02212;</mo>',
    ),
    (r"<mo>&#x0002F;</mo>", r'<mo lspace="0" rspace="0">/</mo>'),
]


def mathml(tex: str, block: bool = False) -> str:
    """Return a formula of TeX as MathML.

    Parameters
    ----------
    tex : str
        Without its dollars.
    block : bool
        Whether it stands in lines of its own.
    """
    page = convert(tex.strip(), display="block" if block else "inline")
    for pattern, better in REPAIRS:
        page = re.sub(pattern, better, page)
    return page


def font() -> bytes:
    """Return the part of a font that formulas need, as the bytes of a WOFF file."""
    full = TTFont(io.BytesIO((files("ziamath") / "fonts/STIXTwoMath-Regular.ttf").read_bytes()))
    options = Options(flavor="woff", layout_features=["*"], hinting=False, name_IDs=["*"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[c for low, high in LETTERS for c in range(low, high + 1)])
    subsetter.subset(full)
    full.flavor = "woff"
    small = io.BytesIO()
    full.save(small)
    return small.getvalue()


def style(address: str = "") -> str:
    """Return the CSS that formulas need; without the font's address the font is in it."""
    address = address or "data:font/woff;base64," + base64.b64encode(font()).decode()
    return (
        f'@font-face {{ font-family: "{FAMILY}"; src: url("{address}") format("woff"); }}\n'
        f'math {{ font-family: "{FAMILY}", math; }}\n'
        'math[display="block"] { overflow: auto hidden; padding: 0.2em 0; margin: 1em 0; }\n'
    )


def setup(app: object) -> dict[str, bool]:
    """Let Sphinx draw formulas with this."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))  # type: ignore[attr-defined]
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def visit_inline(page: object, node: object) -> None:
    """Write a formula in the running text."""
    write(page, mathml(node.astext()))  # type: ignore[attr-defined]


def visit_block(page: object, node: object) -> None:
    """Write a formula that stands by itself."""
    write(page, mathml(node.astext(), block=True))  # type: ignore[attr-defined]


def write(page: object, text: str) -> None:
    """Write into a page in place of a node of the document."""
    from docutils import nodes

    page.body.append(text)  # type: ignore[attr-defined]
    raise nodes.SkipNode
