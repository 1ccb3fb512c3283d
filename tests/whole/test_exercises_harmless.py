"""What nbgrader's pages show of a submission: words, tables, pixels, and nothing that runs."""

from __future__ import annotations

import base64

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[teach]'")

from tp5.exercises.harmless import Harmless, clean, clean_markdown, harmless
from tp5.exercises.message import Message, Verdict
from tp5.table import Table

EVIL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://example.com/a.png'>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>here</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>here</a>",
    "<b onclick=alert(1)>bold</b>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action='/api/contents'><input type=submit></form>",
    "<style>body { background: url(https://example.com) }</style>",
    "<p style='background: url(javascript:alert(1)); position: fixed'>x</p>",
    "<math><mtext></mtext><mglyph><style><!--</style><img title='--><img src=x onerror=alert(1)>'>",
    "<base href='https://example.com'><link rel=stylesheet href=x><meta http-equiv=refresh>",
    "<details open ontoggle=alert(1)>x</details>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<div id=site class=cell>x</div>",
]
TAGS = ("script", "svg", "iframe", "form", "style", "base", "link", "meta", "math", "noscript")
ATTRIBUTES = ("src=", " on", "url(", "fixed", "id=", "class=", "javascript:", "data:")


def tags_of(page):
    """Return what stands between < and >; text that is escaped is none of it."""
    return [part.split(">")[0] for part in page.split("<")[1:]]


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("maker", [clean, clean_markdown])
def test_nothing_runs(maker, evil):
    for tag in tags_of(maker(evil)):
        assert not tag.strip("/").startswith(TAGS)
        assert not [harm for harm in ATTRIBUTES if harm in tag]


def test_what_is_ours_stays_as_it_was():
    message = Message(Verdict.RIGHT, "kl", "so\n\nit is.", "a < b")
    page = clean(message._repr_html_())
    for part in ("<b>Right</b>", "<code>kl</code>", "<p>it is.</p>", "<pre>a &lt; b</pre>"):
        assert part in page
    assert 'style="border-left' in page
    table = clean(Table({"loss": [1.5, 2.0]})._repr_html_())
    assert "<td" in table
    assert "&lt;" not in table
    assert "<em>why</em>" in clean_markdown("*why*")
    assert "<td>2</td>" in clean_markdown("| a | b |\n|---|---|\n| 1 | 2 |")
    assert "$x&lt;y$" in clean_markdown("$x<y$")
    assert 'href="https://example.com"' in clean_markdown("[here](https://example.com)")


def test_outputs_are_words_and_pixels():
    pixels = base64.b64encode(b"\x89PNG").decode()
    data = {
        "text/plain": "<script>",  # nbconvert escapes it
        "text/html": "<b>x</b><script>alert(1)</script>",
        "image/png": pixels + "\n",
        "image/jpeg": '"><script>alert(1)</script>',
        "image/svg+xml": "<svg/>",
        "text/latex": "<script>alert(1)</script>",
        "application/javascript": "alert(1)",
        "application/json": {"a": 1},
        "application/vnd.jupyter.widget-view+json": {"model_id": "a"},
    }
    kept = harmless(data)
    assert set(kept) == {"text/plain", "text/html", "image/png"}
    assert kept["text/html"].startswith("<b>x</b>&lt;script&gt;")
    assert harmless({"text/markdown": "*x*<script>"})["text/html"].startswith("<p><em>x</em>&lt;")
    assert harmless({"text/html": ["<script>"]}) == {}


def test_a_notebook_keeps_its_marks_and_nothing_else_that_is_not_seen():
    mark = {"grade_id": "kl_check", "grade": True}
    output = nbformat.v4.new_output("display_data", {"text/plain": "x"}, metadata={"width": '">'})
    cell = nbformat.v4.new_code_cell(
        "1", outputs=[output], metadata={"nbgrader": mark, "tags": ["a"]}
    )
    raw = nbformat.v4.new_raw_cell("<script>")
    notebook = nbformat.v4.new_notebook(cells=[cell, raw], metadata={"widgets": {"<script>": 1}})
    cleaned, _ = Harmless().preprocess(notebook, {})
    assert "widgets" not in cleaned.metadata
    assert cleaned.cells[0].metadata == {"nbgrader": mark}
    assert cleaned.cells[0].outputs[0].metadata == {}
    assert cleaned.cells[1].source == "&lt;script&gt;"
