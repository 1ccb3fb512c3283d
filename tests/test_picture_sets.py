"""Classes, sheets, colour, and files of many pictures; what looks odd is said."""

from __future__ import annotations

import gzip
import io
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tp5 import VariationalAutoencoder
from tp5.datasets import Images, load_images

CASES = Path(__file__).parent / "cases" / "images"
DIGITS = np.load(CASES / "P7_arrays" / "digits.npy")  # (20, 28, 28), ink is bright


@pytest.fixture(autouse=True)
def _no_unexpected_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def disc(colour, paper="white", side: int = 24, mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (side, side), paper)
    image.paste(colour, (side // 3, side // 3, 2 * side // 3, 2 * side // 3))
    return image


# --- One colour of paper, classes, leftovers -------------------------------------------------


def test_one_motif_on_twelve_greys() -> None:
    images = load_images(CASES / "P1_same_motif_on_12_greys")
    assert not images.inverted
    assert images.doubtful == [f"{i:02}.png" for i in range(6)]
    assert repr(images) == (
        "Images(12 of 80×80: X (12, 6400) float32; paper is light; 6 look inverted: "
        "00.png, 01.png, 02.png, 03.png, 04.png, and 1 more)"
    )
    papers = images.X.reshape(12, 80, 80)[:, 0, 0]
    np.testing.assert_allclose(papers, np.sort(papers))  # as they are: from dark to light
    inverted = load_images(CASES / "P1_same_motif_on_12_greys", invert=True)
    np.testing.assert_allclose(inverted.X, 1 - images.X, atol=1e-6)


def test_a_folder_a_class() -> None:
    images = load_images(CASES / "P3_class_folders", size=24)
    assert images.labels == ["round"] * 3 + ["square"] * 3
    assert images.names == [f"{name}/{i}.png" for name in ("round", "square") for i in range(3)]
    assert repr(images) == "Images(6 of 24×24 in 2 classes: X (6, 576) float32)"


def test_pictures_beside_folders_are_no_classes(tmp_path) -> None:
    (tmp_path / "more").mkdir()
    disc("black").save(tmp_path / "more" / "a.png")
    disc("black").save(tmp_path / "b.png")
    with pytest.warns(UserWarning, match=r"skipped 1 file: more \(a folder\)"):
        images = load_images(tmp_path)
    assert (images.names, images.labels) == (["b.png"], None)


def test_what_macs_and_windows_leave_is_passed_over(tmp_path) -> None:
    disc("black").save(tmp_path / "niño ☺.png")
    for name in ("._niño ☺.png", ".DS_Store", "Thumbs.db", "desktop.ini"):
        (tmp_path / name).write_bytes(b"\0\5\x16\7")
    images = load_images(tmp_path)  # no warning
    assert images.names == ["niño ☺.png"]
    assert set(images.skipped.values()) == {"a hidden file"}


def test_a_folder_of_one_colour_is_worth_a_warning(tmp_path) -> None:
    Image.new("L", (9, 9), 200).save(tmp_path / "a.png")
    Image.new("L", (9, 9), 90).save(tmp_path / "b.png")
    with pytest.warns(UserWarning, match="each picture is of a single colour; look at one"):
        load_images(tmp_path)


# --- Sheets ----------------------------------------------------------------------------------


def test_a_sheet_is_cut() -> None:
    images = load_images(CASES / "P4_sheet_of_8_tiles", size=20, tiles=(2, 4))
    assert images.X.shape == (8, 400)
    assert images.names == [f"sheet.png {row},{column}" for row in range(2) for column in range(4)]
    sheet = np.asarray(Image.open(CASES / "P4_sheet_of_8_tiles" / "sheet.png")) / 255
    put_together = images.X.reshape(2, 4, 20, 20).swapaxes(1, 2).reshape(40, 80)
    np.testing.assert_allclose(put_together, sheet, atol=1e-6)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_picture_that_looks_like_a_sheet_gets_a_hint(mode: str) -> None:
    with pytest.warns(UserWarning, match=r"sheet of 2×4 pictures; .* give tiles=\(2, 4\)"):
        load_images(CASES / "P4_sheet_of_8_tiles", mode=mode)


def test_a_single_drawing_gets_no_hint(tmp_path) -> None:
    disc("black", side=64).save(tmp_path / "a.png")
    load_images(tmp_path)


def test_empty_tiles_are_skipped(tmp_path) -> None:
    sheet = Image.new("L", (48, 24), 255)
    sheet.paste(disc(0, 255, mode="L"), (0, 0))
    sheet.save(tmp_path / "a.png")
    with pytest.warns(UserWarning, match=r"a\.png 0,1 \(an empty tile\)"):
        assert load_images(tmp_path, tiles=(1, 2)).names == ["a.png 0,0"]


@pytest.mark.parametrize("tiles", [4, (2,), (0, 2), (2, 2.0), "24", (2, 3, 4)])
def test_impossible_tiles(tiles) -> None:
    with pytest.raises(ValueError, match="no number of rows and of columns, such as"):
        load_images(CASES / "P4_sheet_of_8_tiles", tiles=tiles)


# --- Colour ----------------------------------------------------------------------------------


def test_colours_are_read_and_trained(tmp_path) -> None:
    disc("red", "black").save(tmp_path / "a.png")
    disc((0, 0, 255, 255), (0, 0, 0, 0), mode="RGBA").save(tmp_path / "b.png")
    images = load_images(tmp_path, size=24, mode="RGB")
    assert images.shape == (24, 24, 3)
    pictures = images.X.reshape(-1, *images.shape)
    np.testing.assert_array_equal(pictures[0, 12, 12], [1, 0, 0])
    np.testing.assert_array_equal(pictures[0, 0, 0], [0, 0, 0])  # colours are not inverted
    np.testing.assert_array_equal(pictures[1, 0, 0], [1, 1, 1])  # what is transparent is paper
    assert repr(images) == "Images(2 of 24×24 in colour: X (2, 1728) float32)"
    model = VariationalAutoencoder((1728, 16, 2)).fit(images.X, epochs=2, rng=0, progress=False)
    assert model.reconstruct(images.X).shape == images.X.shape


def test_margins_and_grey_pictures_in_colour(tmp_path) -> None:
    Image.new("L", (8, 4), 100).save(tmp_path / "a.png")
    Image.fromarray(np.full((4, 8), 13107, np.uint16)).save(tmp_path / "b.png")
    pictures = load_images(tmp_path, size=8, mode="RGB").X.reshape(2, 8, 8, 3)
    np.testing.assert_array_equal(pictures[:, 0], 1)
    np.testing.assert_allclose(pictures[:, 4, 4], [[100 / 255] * 3, [0.2] * 3], atol=1e-5)


# --- Files of many pictures ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["digits.npy", "digits.npz", "digits-idx3-ubyte.gz"])
def test_files_of_many_pictures(name: str) -> None:
    images = load_images(CASES / "P7_arrays" / name, invert=False)
    assert images.shape == (28, 28)
    np.testing.assert_allclose(images.X, DIGITS.reshape(20, 784) / 255, atol=1e-6)


def test_a_table_of_pixels_with_its_labels() -> None:
    images = load_images(CASES / "P7_arrays" / "digits.csv", invert=False)
    lines = (CASES / "P7_arrays" / "digits.csv").read_text().splitlines()[1:]
    assert images.labels == [line.split(",")[0] for line in lines]
    pixels = np.array([line.split(",")[1:] for line in lines], float)
    np.testing.assert_allclose(images.X, pixels / 255, atol=1e-6)


@pytest.mark.parametrize("kind", ["first", "last, named", "none", "semicolons", "gzipped"])
def test_tables_of_pixels_of_every_kind(tmp_path, kind: str) -> None:
    rows = [list(map(str, picture.ravel())) for picture in DIGITS[:, :5, :5] // 2 + 40]
    labels = None if kind == "none" else [str(i % 3) for i in range(20)]
    if kind == "last, named":
        rows = [[*map(str, range(25)), "class"]] + [
            [*row, label] for row, label in zip(rows, labels or [], strict=True)
        ]
    elif labels:
        rows = [[label, *row] for row, label in zip(rows, labels, strict=True)]
    text = "\n".join((";" if kind == "semicolons" else ",").join(row) for row in rows)
    path = tmp_path / ("a.csv.gz" if kind == "gzipped" else "a.csv")
    path.write_bytes(gzip.compress(text.encode()) if kind == "gzipped" else text.encode())
    images = load_images(path, invert=False)
    np.testing.assert_allclose(images.X * 255, (DIGITS[:, :5, :5] // 2 + 40).reshape(20, 25))
    assert images.labels == labels


def test_labels_beside_an_array(tmp_path) -> None:
    np.savez(tmp_path / "a.npz", X=DIGITS, y=np.arange(20) % 4)
    assert load_images(tmp_path / "a.npz").labels == [str(i % 4) for i in range(20)]


def test_a_file_of_many_pictures_is_resized_on_demand() -> None:
    images = load_images(CASES / "P7_arrays" / "digits.npy", size=14, invert=False)
    expected = DIGITS.reshape(20, 14, 2, 14, 2).mean(axis=(2, 4)) / 255
    np.testing.assert_allclose(images.X.reshape(20, 14, 14), expected, atol=1e-5)


def test_white_on_black_arrays_are_inverted_like_pictures() -> None:
    bright = np.zeros((3, 9, 9), np.uint8)
    bright[:, 3:6, 3:6] = 255
    buffer = Images.from_array(bright, invert="auto")
    assert buffer.inverted
    assert buffer.X[0, 0] == 1


def idx(kind: int, *sizes: int, content: bytes = b"") -> bytes:
    return bytes([0, 0, kind, len(sizes)]) + np.array(sizes, ">u4").tobytes() + content


def damaged_npy() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, DIGITS)
    return buffer.getvalue()[:-1]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a-idx1-ubyte", idx(8, 3, content=b"abc"), "1 axes, as labels have 1; pictures have 3"),
        ("a-idx3-ubyte", idx(8, 9, 9, 9, content=b"abc"), "ends too early"),
        ("a-idx3-ubyte", idx(8, 99999, 99999, 9), "are too many pixels"),
        ("a.gz", gzip.compress(idx(8, 2, 2, 2, content=bytes(range(8))))[:-12], "is damaged"),
        ("a.gz", gzip.compress(idx(8, 9, 9, 9))[:10] + b"\1\2\3\4\5" * 9, "is damaged"),
        ("a.npy", damaged_npy(), "ends too early"),
        ("a.csv", b"1,2,3,4\n1,2,x,4\n", "could not convert string 'x'"),
        ("a.csv", b"1,2,3,4\n1,2,3\n", "columns"),
    ],
    ids=["labels", "short", "huge", "gzip", "gzip, inside", "npy", "word", "ragged"],
)
def test_a_bad_file_of_many_pictures(tmp_path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=rf"^{name} is .*{sentence}|^{name} {sentence}"):
        load_images(tmp_path / name)


def test_two_arrays_in_a_file_are_one_too_many(tmp_path) -> None:
    np.savez(tmp_path / "a.npz", train=DIGITS, test=DIGITS)
    with pytest.raises(
        ValueError, match="one array of pictures is wanted, and there are: train, t"
    ):
        load_images(tmp_path / "a.npz")


def test_a_folder_of_such_files_says_what_to_do() -> None:
    with pytest.raises(
        ValueError, match=r"digits\.csv \(a file of many pictures\? give load_images"
    ):
        load_images(CASES / "P7_arrays")


# --- Arrays ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pixels",
    [DIGITS, DIGITS.reshape(20, 784), DIGITS / 255, DIGITS.astype(float), DIGITS.tolist(),
     DIGITS.astype(np.uint16) * 257],
)  # fmt: skip
def test_arrays_of_every_kind(pixels) -> None:
    images = Images.from_array(pixels)
    np.testing.assert_allclose(images.X, DIGITS.reshape(20, 784) / 255, atol=1e-6)
    assert (images.shape, images.names[:2]) == ((28, 28), ["0", "1"])


def test_arrays_that_are_not_square_and_colours() -> None:
    assert Images.from_array(np.zeros((4, 9, 5))).shape == (9, 5)
    images = Images.from_array(np.zeros((4, 9, 5, 3)), labels=list("abca"), names=list("wxyz"))
    assert repr(images) == "Images(4 of 5×9 in colour in 3 classes: X (4, 135) float32)"


@pytest.mark.parametrize(
    ("pixels", "options", "sentence"),
    [
        (np.zeros((4, 10)), {}, r"pixels have shape \(4, 10\), but must have \(n, height, width\)"),
        (np.zeros((4, 5, 5, 2)), {}, "pixels have shape"),
        (np.zeros((0, 5, 5)), {}, "must be numbers"),
        (np.full((2, 5, 5), 1.5), {}, r"pixels go from 1.5 to 1.5; scale them to \[0, 1\]"),
        (np.full((2, 5, 5), -1), {}, "pixels go from -1"),
        (np.full((2, 5, 5), np.nan), {}, "pixels go from nan"),
        ("text", {}, "pixels must be numbers"),
        (np.zeros((2, 5, 5)), {"labels": "a"}, "1 labels do not fit 2 pictures"),
        (np.zeros((2, 5, 5)), {"names": "abc"}, "3 names do not fit 2 pictures"),
    ],
)
def test_arrays_that_are_no_pictures(pixels, options, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Images.from_array(pixels, **options)


@pytest.mark.parametrize("mode", ["rgb", None, "CMYK"])
def test_an_unknown_mode(mode) -> None:
    with pytest.raises(ValueError, match=r"mode=.* is unknown; choose one of \('L', 'RGB'\)"):
        load_images(CASES / "P3_class_folders", mode=mode)
