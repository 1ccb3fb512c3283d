"""The form of the notebooks. (What they compute, they assert themselves, under nbval.)"""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
PATHS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
NOTEBOOKS = {path.name: nbformat.read(path, as_version=4) for path in PATHS}


@pytest.fixture(params=NOTEBOOKS, ids=str)
def name(request):
    return request.param


def code_cells(name):
    return [cell for cell in NOTEBOOKS[name].cells if cell.cell_type == "code"]


def outputs(name):
    return [output for cell in code_cells(name) for output in cell.outputs]


def prose(name):
    return "\n\n".join(c.source for c in NOTEBOOKS[name].cells if c.cell_type == "markdown")


def test_there_are_notebooks():
    assert "01_font_autoencoder.ipynb" in NOTEBOOKS


def test_every_cell_was_executed_in_order_from_a_fresh_kernel(name):
    counts = [cell.execution_count for cell in code_cells(name) if cell.source.strip()]
    assert counts == list(range(1, len(counts) + 1))


def test_no_output_is_an_error_or_a_warning(name):
    for output in outputs(name):
        assert output.output_type != "error"
        assert output.get("name") != "stderr", output.get("text")


def test_outputs_are_stored(name):
    assert len(outputs(name)) > 5, "a stripped notebook would pass nbval unchecked"


def test_every_figure_has_alt_text(name):
    pictures = 0
    for output in outputs(name):
        data = output.get("data", {})
        assert "image/png" not in data, "a picture without alt text: use tp5.plots"
        # A widget names its little pictures ("A, restored"); a figure must be described.
        enough = 30 if data.get("text/plain", "").startswith("Figure:") else 5
        for tag in re.findall(r"<img[^>]*>", data.get("text/html", "")):
            alt = re.search(r'alt="([^"]+)"', tag)
            assert alt, tag[:80]
            assert len(alt[1]) > enough, tag[:80]
            pictures += 1
    assert pictures >= 3


def test_the_file_stays_small(name):
    size = (ROOT / "notebooks" / name).stat().st_size
    assert size < 1_500_000, f"{size / 1e6:.2f} MB; the cap is 1.5 MB"


def test_the_header_says_what_for_and_how_long(name):
    header = NOTEBOOKS[name].cells[0].source
    number = int(name[:2])
    assert header.startswith(f"# {number:02} · ")
    for field in ("**You will be able to**", "**You need**", "**Time**"):
        assert field in header


def test_sections_are_numbered_in_order(name):
    numbers = re.findall(r"^## (\S+)", prose(name), re.MULTILINE)
    numbered = [int(n.rstrip(".")) for n in numbers if n.rstrip(".").isdigit()]
    assert numbered == list(range(1, len(numbered) + 1))
    assert [n for n in numbers if not n.rstrip(".").isdigit()] == ["Further"]


def test_it_asks_before_it_shows_and_ends_with_a_summary(name):
    assert prose(name).count("**Predict.**") >= 3
    for part in ("Summary", "You can now", "Exercises", "Further reading"):
        assert part in prose(name)


def test_claims_are_asserted(name):
    assert sum(cell.source.count("assert ") for cell in code_cells(name)) >= 10


def test_no_absolute_path_is_in_it(name):
    text = (ROOT / "notebooks" / name).read_text()
    assert not re.search(r"/(home|root|work|tmp|Users)/", re.sub(r"base64,[\w+/=]+", "", text))


def test_no_function_in_it_is_longer_than_a_slide(name):
    for cell in code_cells(name):
        for function in re.findall(r"^def .*?(?=^\S|\Z)", cell.source, re.MULTILINE | re.DOTALL):
            assert function.count("\n") <= 25
