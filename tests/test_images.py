"""Every kind of picture gives the pixels it shows; every bad file is named, and stops nothing."""

from __future__ import annotations

import io
import os
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tp5.datasets import Images, load_images, picture_folders, pictures

BLACK, GREY, WHITE = 0.0, 128 / 255, 1.0


@pytest.fixture(autouse=True)
def _no_unexpected_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", ".*each picture is of a single colour")
        yield


def one(folder: Path, **options) -> np.ndarray:
    """Load a folder that holds one picture and return that picture."""
    loaded = load_images(folder, **{"size": 8, "invert": False, **options})
    assert len(loaded) == 1, loaded.skipped
    return loaded.X[0].reshape(loaded.size, loaded.size)


def half(mode: str, left: object, right: object, size: int = 8) -> Image.Image:
    """Return a picture whose left half has one colour and whose right half another."""
    image = Image.new(mode, (size, size), left)
    image.paste(right, (size // 2, 0, size, size))
    return image


def assert_halves(picture: np.ndarray, left: float, right: float, atol: float = 1e-6) -> None:
    np.testing.assert_allclose(picture[:, :4], left, atol=atol)
    np.testing.assert_allclose(picture[:, 4:], right, atol=atol)


# --- What is read -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "options", "atol"),
    [
        (".png", {}, 1e-6),
        (".bmp", {}, 1e-6),
        (".gif", {}, 1e-6),
        (".webp", {"lossless": True}, 1e-6),
        (".jpg", {"quality": 100}, 0.02),
        (".jpeg", {"quality": 100, "progressive": True}, 0.02),
        (".PNG", {}, 1e-6),
        (".tiff", {}, 1e-6),
        (".ppm", {}, 1e-6),
        (".pgm", {}, 1e-6),
    ],
)
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_every_format(tmp_path, suffix: str, options: dict, atol: float, mode: str) -> None:
    half("L", 0, 128).convert("L" if suffix == ".pgm" else mode).save(
        tmp_path / f"a{suffix}", **options
    )
    assert_halves(one(tmp_path), BLACK, GREY, atol)


def test_the_result(tmp_path) -> None:
    half("L", 0, 255).save(tmp_path / "b.png")
    half("L", 255, 0).save(tmp_path / "a.png")
    loaded = load_images(tmp_path, size=10, invert=False)
    assert isinstance(loaded, Images)
    assert loaded.X.shape == (2, 100)
    assert loaded.X.dtype == np.float32
    assert loaded.names == ["a.png", "b.png"]
    assert loaded.skipped == {}
    assert loaded.size == 10
    assert len(loaded) == 2
    assert repr(loaded) == "Images(2 of 10×10: X (2, 100) float32)"


def test_the_default_size_is_that_of_the_florks(tmp_path) -> None:
    half("L", 255, 0).save(tmp_path / "a.png")
    assert load_images(str(tmp_path)).X.shape == (1, 6400)


def test_a_flork_comes_back_exactly(tmp_path) -> None:
    from tp5.datasets.flork import Pose, draw_flork

    flork = draw_flork(Pose(outlier="letterbox"))  # black bars are no reason to invert
    Image.fromarray(flork).save(tmp_path / "flork.png")
    np.testing.assert_allclose(load_images(tmp_path).X[0].reshape(80, 80) * 255, flork, atol=1e-4)


def test_one_bit(tmp_path) -> None:
    half("1", 0, 1).save(tmp_path / "a.png")
    assert_halves(one(tmp_path), BLACK, WHITE)


def test_colours_become_their_brightness(tmp_path) -> None:
    half("RGB", (255, 0, 0), (0, 255, 0)).save(tmp_path / "a.png")
    assert_halves(one(tmp_path), 0.299, 0.587, atol=0.003)


@pytest.mark.parametrize("suffix", [".png", ".gif", ".bmp"])
def test_palette(tmp_path, suffix: str) -> None:
    image = half("P", 0, 1)
    image.putpalette([0, 0, 0, 128, 128, 128])
    image.save(tmp_path / f"a{suffix}")
    assert_halves(one(tmp_path), BLACK, GREY)


@pytest.mark.parametrize("suffix", [".png", ".gif"])
def test_a_transparent_palette_entry_is_paper(tmp_path, suffix: str) -> None:
    image = half("P", 0, 1)
    image.putpalette([0, 0, 0, 128, 128, 128])
    image.save(tmp_path / f"a{suffix}", transparency=0)
    assert_halves(one(tmp_path), WHITE, GREY)


def test_a_half_transparent_palette(tmp_path) -> None:
    image = half("P", 0, 1)
    image.putpalette([0, 0, 0, 0, 0, 0])
    image.save(tmp_path / "a.png", transparency=bytes([0, 127]))
    assert_halves(one(tmp_path), WHITE, 128 / 255, atol=0.004)


@pytest.mark.parametrize("suffix", [".png", ".webp"])
def test_alpha_is_composited_on_white(tmp_path, suffix: str) -> None:
    image = half("RGBA", (0, 0, 0, 0), (0, 0, 0, 127))
    image.save(tmp_path / f"a{suffix}", **({"lossless": True} if suffix == ".webp" else {}))
    assert_halves(one(tmp_path), WHITE, 128 / 255, atol=0.004)


def test_grey_with_alpha(tmp_path) -> None:
    half("LA", (0, 255), (0, 0)).save(tmp_path / "a.png")
    assert_halves(one(tmp_path), BLACK, WHITE)


@pytest.mark.parametrize(("mode", "clear"), [("L", 0), ("RGB", (0, 0, 0)), ("1", 0)])
def test_a_transparent_colour_is_paper(tmp_path, mode: str, clear: object) -> None:
    half("L", 0, 255).convert(mode).save(tmp_path / "a.png", transparency=clear)
    assert_halves(one(tmp_path), WHITE, WHITE)


def sixteen_bits(*values: int) -> np.ndarray:
    return np.repeat(np.array([values], dtype=np.uint16), 8 // len(values), axis=1).repeat(
        8, axis=0
    )


def test_sixteen_bits_are_scaled_not_cut(tmp_path) -> None:
    Image.fromarray(sixteen_bits(0, 16384, 32768, 65535)).save(tmp_path / "a.png")
    np.testing.assert_allclose(one(tmp_path)[0, ::2], [0, 0.25, 0.5, 1], atol=1e-4)


def test_a_transparent_colour_of_sixteen_bits_is_paper(tmp_path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(8, 8, depth=16, colour=0, rows=b"\0\0" * 4 + b"\x80\0" * 4, clear=b"\0\0"))
    assert_halves(one(tmp_path), WHITE, 0.5, atol=1e-4)


def test_sixteen_bit_colour(tmp_path) -> None:
    rows = b"\0\0\0\0\0\0" * 4 + b"\xff\xff" * 3 * 4
    (tmp_path / "a.png").write_bytes(png(8, 8, depth=16, colour=2, rows=rows))
    assert_halves(one(tmp_path), BLACK, WHITE)


def test_cmyk(tmp_path) -> None:
    half("CMYK", (0, 0, 0, 255), (0, 0, 0, 0)).save(tmp_path / "a.jpg", quality=100)
    assert_halves(one(tmp_path), BLACK, WHITE, atol=0.03)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_photographs_are_turned_upright(tmp_path, orientation: int, suffix: str) -> None:
    upright = np.full((8, 8), 255, np.uint8)
    upright[:4, :4] = 0  # black: top left
    upright[4:, :4] = 128  # grey: bottom left
    lying = {  # how the sensor stored what is upright after turning
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.T,
        6: np.rot90(upright),
        7: upright[::-1, ::-1].T,
        8: np.rot90(upright, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"quality": 100} if suffix == ".jpg" else {"lossless": True}
    Image.fromarray(np.ascontiguousarray(lying).repeat(8, 0).repeat(8, 1)).save(
        tmp_path / f"a{suffix}", exif=exif, **(options if suffix != ".png" else {})
    )
    np.testing.assert_allclose(one(tmp_path), upright / 255, atol=0.03)


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp"])
def test_the_first_frame(tmp_path, suffix: str) -> None:
    first, second = half("L", 0, 255), half("L", 255, 0)
    options = {"lossless": True} if suffix == ".webp" else {}
    first.save(tmp_path / f"a{suffix}", save_all=True, append_images=[second], **options)
    assert_halves(one(tmp_path), BLACK, WHITE)


def test_content_decides_not_the_name(tmp_path) -> None:
    buffer = io.BytesIO()
    half("L", 0, 255).save(buffer, "PNG")
    (tmp_path / "a.jpg").write_bytes(buffer.getvalue())
    (tmp_path / "b").write_bytes(buffer.getvalue())
    assert load_images(tmp_path, size=8).names == ["a.jpg", "b"]


# --- Fit, invert, order -------------------------------------------------------------------------


@pytest.fixture
def wide(tmp_path):
    """A folder with a picture of 16×8: black, grey, grey, white."""
    levels = np.repeat(np.array([0, 128, 128, 255], np.uint8), 4)
    Image.fromarray(np.tile(levels, (8, 1))).save(tmp_path / "wide.png")
    return tmp_path


def test_pad_puts_white_above_and_below(wide) -> None:
    picture = one(wide, fit="pad")
    np.testing.assert_array_equal(picture[[0, 1, 6, 7]], 1)
    np.testing.assert_allclose(picture[2:6], np.tile(np.repeat([0, GREY, 1], [2, 4, 2]), (4, 1)))


def test_pad_puts_white_left_and_right(tmp_path) -> None:
    Image.new("L", (4, 16), 0).save(tmp_path / "high.png")
    picture = one(tmp_path)
    np.testing.assert_array_equal(picture[:, [0, 1, 2, 5, 6, 7]], 1)
    np.testing.assert_array_equal(picture[:, 3:5], 0)


def test_stretch_fills_the_square(wide) -> None:
    expected = np.tile(np.repeat([0, GREY, 1], [2, 4, 2]), (8, 1))
    np.testing.assert_allclose(one(wide, fit="stretch"), expected)


def test_crop_takes_the_middle(wide) -> None:
    np.testing.assert_allclose(one(wide, fit="crop"), GREY)


@pytest.mark.parametrize("fit", ["pad", "stretch", "crop"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (3, 7), (200_000, 1)])
def test_every_shape_fits(tmp_path, fit: str, shape: tuple[int, int]) -> None:
    Image.new("L", shape, 128).save(tmp_path / "a.png")
    picture = one(tmp_path, fit=fit)
    assert np.isclose(picture, GREY).any()
    assert (np.isclose(picture, GREY) | (picture == 1)).all()


def test_a_pixel_is_the_mean_of_what_it_covers(tmp_path) -> None:
    rng = np.random.default_rng(0)
    fine = rng.integers(0, 256, (32, 32), dtype=np.uint8)
    Image.fromarray(fine).save(tmp_path / "a.png")
    expected = fine.reshape(8, 4, 8, 4).mean(axis=(1, 3)) / 255
    np.testing.assert_allclose(one(tmp_path), expected, atol=1e-6)


def test_values_never_leave_the_unit_interval(tmp_path) -> None:
    rng = np.random.default_rng(0)
    for side in range(1, 40):
        Image.fromarray(rng.choice([0, 255], (side, 41 - side)).astype(np.uint8)).save(
            tmp_path / f"{side}.png"
        )
    for size in (7, 80):
        X = load_images(tmp_path, size=size, invert=False).X
        assert X.min() >= 0
        assert X.max() <= 1


def on(paper: int, ink: int) -> Image.Image:
    image = Image.new("L", (8, 8), paper)
    image.paste(ink, (2, 2, 6, 6))
    return image


@pytest.mark.parametrize(
    ("paper", "invert", "corner", "center"),
    [
        (0, "auto", 1, 0),
        (0, True, 1, 0),
        (0, False, 0, 1),
        (255, "auto", 1, 0),
        (255, True, 0, 1),
        (255, False, 1, 0),
    ],
)
def test_invert(tmp_path, paper: int, invert: object, corner: float, center: float) -> None:
    on(paper, 255 - paper).save(tmp_path / "a.png")
    picture = one(tmp_path, invert=invert)
    assert (picture[0, 0], picture[4, 4]) == (corner, center)


def test_the_margin_of_an_inverted_picture_is_white(tmp_path) -> None:
    Image.new("L", (4, 8), 0).save(tmp_path / "night.png")
    np.testing.assert_array_equal(one(tmp_path, invert="auto"), 1)


@pytest.mark.parametrize(("dark", "inverted"), [(20, False), (21, True)])
def test_auto_wants_three_quarters_of_the_border_dark(tmp_path, dark: int, inverted: bool) -> None:
    # Four edges of 8 pixels are 32, of which 24 are three quarters. A corner is on two edges, so
    # 20 pixels that include all corners are those 24.
    image = Image.new("L", (8, 8), 255)
    edge = [(x, 0) for x in range(8)] + [(x, 7) for x in range(8)]
    edge += [(0, y) for y in range(1, 7)] + [(7, y) for y in range(1, 7)]
    for place in edge[:dark]:
        image.putpixel(place, 0)
    image.save(tmp_path / "a.png")
    assert (one(tmp_path, invert="auto")[4, 4] == 0) == inverted


@pytest.mark.parametrize(("n_dark", "inverted"), [(1, False), (2, False), (3, True)])
def test_paper_is_decided_once_for_all_pictures(tmp_path, n_dark: int, inverted: bool) -> None:
    for i in range(4):
        on(*((0, 255) if i < n_dark else (255, 0))).save(tmp_path / f"{i}.png")
    loaded = load_images(tmp_path, size=8)
    assert loaded.inverted == inverted
    np.testing.assert_array_equal(
        loaded.X[:, 0], [float((i < n_dark) == inverted) for i in range(4)]
    )
    assert loaded.doubtful == [f"{i}.png" for i in range(4) if (i < n_dark) != inverted]
    said = "inverted, as paper was dark; 1 looks" if inverted else f"paper is light; {n_dark} look"
    assert said in repr(loaded)
    assert "paper" not in repr(load_images(tmp_path, size=8, invert=False))


def test_transparent_is_paper_and_no_reason_to_invert(tmp_path) -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (2, 2, 6, 6))
    image.save(tmp_path / "emoji.png")
    picture = one(tmp_path, invert="auto")
    assert (picture[0, 0], picture[4, 4]) == (1, 0)


def test_natural_order(tmp_path) -> None:
    names = ["10.png", "2.png", "a.png", "B.png", "flork1.png", "flork02.png", "flork10.png"]
    for name in reversed(names):
        half("L", 255, 0).save(tmp_path / name)
    loaded = load_images(tmp_path, size=4).names
    assert loaded == [
        "2.png",
        "10.png",
        "a.png",
        "B.png",
        "flork1.png",
        "flork02.png",
        "flork10.png",
    ]


@given(st.lists(st.text("aB019²٣_.", min_size=1), max_size=8))
def test_any_names_can_be_ordered(names: list[str]) -> None:
    sorted(names, key=picture_folders._natural)


# --- What is not read ---------------------------------------------------------------------------


def png(width: int, height: int, depth=8, colour=0, rows: bytes = b"", clear: bytes = b"") -> bytes:
    """Return a PNG by hand: every row holds the bytes ``rows``."""

    def chunk(name: bytes, body: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + checksum

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"tRNS", clear) if clear else b""]
    parts += [chunk(b"IDAT", zlib.compress((b"\0" + rows) * (height if rows else 1)))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def gif(width: int, height: int) -> bytes:
    """Return a GIF by hand that promises a picture and holds none."""
    screen = struct.pack("<HHBBB", width, height, 0, 0, 0)
    frame = struct.pack("<BHHHHB", 0x2C, 0, 0, width, height, 0)
    return b"GIF89a" + screen + frame + b"\x02\x01\x00\x00;"


def encoded(suffix: str) -> bytes:
    """Return a valid picture of 32×32 in colour, as the bytes of its file."""
    buffer = io.BytesIO()
    noise = np.random.default_rng(5).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    kind = {".jpg": "JPEG"}.get(suffix, suffix[1:].upper())
    exif = Image.Exif()
    exif[0x0112] = 6
    options = {} if kind in ("GIF", "BMP") else {"exif": exif}
    Image.fromarray(noise).save(buffer, kind, **options)
    return buffer.getvalue()


SUFFIXES = [".png", ".jpg", ".webp", ".gif", ".bmp"]
BAD = {
    "empty.png": (b"", "the file is empty"),
    "text.jpg": (
        b"<html>404 Not Found</html>",
        "not a PNG, JPEG, WebP, GIF, BMP, TIFF or PGM picture",
    ),
    "tiff.png": (b"II*\0\x08\0\0\0" + bytes(40), ""),
    "icon.png": (b"\0\0\1\0\1\0" + bytes(40), "not a PNG"),
    "cut.png": (encoded(".png")[:900], "damaged or truncated: "),
    "cut.jpg": (encoded(".jpg")[:900], "damaged or truncated: "),
    "cut.gif": (encoded(".gif")[:900], "damaged or truncated: "),
    "cut.bmp": (encoded(".bmp")[:900], "damaged or truncated: "),
    "cut.webp": (encoded(".webp")[:300], ""),
    "header.png": (encoded(".png")[:20], ""),
    "large.png": (png(8001, 8000), "8001×8000 pixels are too many"),
    "bomb.png": (png(60_000, 60_000), "too many pixels"),
    "bomb.gif": (gif(60_000, 60_000), "too many pixels"),
}


@pytest.fixture
def good(tmp_path):
    """A folder with one picture that can be read."""
    half("L", 255, 0).save(tmp_path / "good.png")
    return tmp_path


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_picture_is_skipped_and_named(good, name: str) -> None:
    content, reason = BAD[name]
    (good / name).write_bytes(content)
    with pytest.warns(UserWarning, match=rf"skipped 1 file: {name} \(") as caught:
        loaded = load_images(good, size=8)
    assert len(caught) == 1
    assert loaded.names == ["good.png"]
    assert list(loaded.skipped) == [name]
    assert reason in loaded.skipped[name]
    assert f"skipped 1 file: {name} (" in repr(loaded)


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_picture_raises_on_demand(good, name: str) -> None:
    content, reason = BAD[name]
    (good / name).write_bytes(content)
    with pytest.raises(
        ValueError, match=r"cannot read .*; remove it, or use on_error='skip'"
    ) as error:
        load_images(good, on_error="raise")
    assert name in str(error.value)
    assert reason in str(error.value)


def test_pillow_may_add_its_own_warning(good) -> None:
    # Pillow warns from 89 megapixels on. To silence it, we would have to change the filters of
    # every thread. Who turns its warning into an error gets the picture skipped all the same.
    (good / "larger.png").write_bytes(png(10_000, 10_000))
    with pytest.warns(UserWarning, match="skipped 1 file"), pytest.warns(RuntimeWarning):
        loaded = load_images(good, size=8)
    assert loaded.skipped == {"larger.png": "10000×10000 pixels are too many"}
    warnings.simplefilter("ignore", UserWarning)
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    assert load_images(good, size=8).skipped == {"larger.png": "too many pixels"}


def test_a_bomb_is_refused_without_unfolding_it(good) -> None:
    import tracemalloc

    (good / "bomb.png").write_bytes(png(20_000, 10_000, depth=1))
    tracemalloc.start()
    with pytest.warns(UserWarning, match="too many"):
        load_images(good, size=8)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("limit", [None, 10])
def test_the_limit_of_pillow_is_neither_needed_nor_touched(good, monkeypatch, limit) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    (good / "large.png").write_bytes(png(8001, 8000))
    if limit is None:
        with pytest.warns(UserWarning, match="8001×8000 pixels are too many"):
            assert load_images(good, size=8).names == ["good.png"]
    else:  # a stricter limit of the user is obeyed
        with pytest.raises(ValueError, match="too many pixels"):
            load_images(good, size=8)
    assert limit == Image.MAX_IMAGE_PIXELS


def test_just_below_the_limit_is_read(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 64)
    half("L", 255, 0).save(tmp_path / "a.png")
    Image.new("L", (5, 13), 0).save(tmp_path / "b.png")
    with pytest.warns(UserWarning, match="5×13 pixels are too many"):
        assert load_images(tmp_path, size=8).names == ["a.png"]


@pytest.mark.parametrize("on_error", ["skip", "raise"])
def test_what_is_no_picture_is_noted_and_stops_nothing(good, on_error: str) -> None:
    (good / "notes.txt").write_text("buy popcorn")
    (good / "empty").touch()
    (good / "folder").mkdir()
    (good / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (good / "._good.png").write_bytes(b"\0\5\x16\7")
    with pytest.warns(UserWarning, match="skipped 3 files: ") as caught:
        loaded = load_images(good, size=8, on_error=on_error)
    assert "hidden" not in str(caught[0].message)
    assert loaded.names == ["good.png"]
    assert loaded.skipped == {
        "._good.png": "a hidden file",
        ".DS_Store": "a hidden file",
        "empty": "the file is empty",
        "folder": "a folder",
        "notes.txt": "not a PNG, JPEG, WebP, GIF, BMP, TIFF or PGM picture",
    }


def test_hidden_files_alone_are_no_reason_to_warn(good) -> None:
    (good / ".DS_Store").touch()
    assert list(load_images(good, size=8).skipped) == [".DS_Store"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes")
def test_pipes_and_broken_links_do_not_hang(good) -> None:
    os.mkfifo(good / "pipe.png")
    (good / "link.png").symlink_to(good / "gone.png")
    with pytest.warns(UserWarning, match="2 files"):
        loaded = load_images(good, size=8)
    assert set(loaded.skipped) == {"pipe.png", "link.png"}
    assert "broken link, a pipe or a device" in loaded.skipped["link.png"]


def test_a_file_without_permission(good, monkeypatch) -> None:
    (good / "mine.png").write_bytes(encoded(".png"))
    real_open = Image.open

    def refuse(path, **options):
        if Path(path).name == "mine.png":
            raise PermissionError(13, "Permission denied")
        return real_open(path, **options)

    monkeypatch.setattr(Image, "open", refuse)
    with pytest.warns(UserWarning, match="no permission to read it"):
        load_images(good, size=8)


def test_a_long_list_is_cut(good) -> None:
    for number in range(9):
        (good / f"{number}.png").touch()
    with pytest.warns(
        UserWarning, match=r"9 files: 0\.png .* 4\.png \(the file is empty\), and 4 more"
    ):
        assert len(load_images(good, size=8).skipped) == 9


def test_a_folder_of_bad_files(tmp_path) -> None:
    (tmp_path / "a.png").touch()
    (tmp_path / ".DS_Store").touch()
    message = (
        r"no file in .* is a picture that can be read: 2 files: .*a\.png \(the file is empty\); put"
    )
    with pytest.raises(ValueError, match=message):
        load_images(tmp_path)


def test_an_empty_folder(tmp_path) -> None:
    with pytest.raises(ValueError, match=r"folder .* is empty; put PNG"):
        load_images(tmp_path)


def test_a_missing_folder(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere; make it .*you are in"):
        load_images(tmp_path / "nowhere")


def test_a_picture_by_itself(good) -> None:
    loaded = load_images(good / "good.png", size=8)
    assert loaded.names == ["good.png"]
    np.testing.assert_array_equal(loaded.X, load_images(good, size=8).X)


def test_a_file_that_is_no_picture(good) -> None:
    (good / "notes.txt").write_text("buy popcorn")
    with pytest.raises(ValueError, match=r"no file in .*notes\.txt is a picture that can be read"):
        load_images(good / "notes.txt")


def test_the_home_folder_has_a_short_name(good, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(good))
    monkeypatch.setenv("USERPROFILE", str(good))
    assert load_images("~", size=8).names == ["good.png"]


@pytest.mark.parametrize("size", [0, -1, 1025, 8.0, "80", True])
def test_an_impossible_size(good, size: object) -> None:
    with pytest.raises(ValueError, match=r"size=.*take an integer from 1 to 1024"):
        load_images(good, size=size)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["fit", "invert", "on_error"])
@pytest.mark.parametrize("value", ["squeeze", None, 7])
def test_an_unknown_option(good, name: str, value: object) -> None:
    with pytest.raises(ValueError, match=rf"{name}={value!r} is unknown; choose one of"):
        load_images(good, **{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(("progress", "shown"), [(True, True), (None, False), (False, False)])
def test_the_progress_bar(good, capsys, progress, shown: bool) -> None:
    load_images(good, size=8, progress=progress)
    assert ("pictures" in capsys.readouterr().err) == shown


# --- Damage at random ---------------------------------------------------------------------------


@settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), suffix=st.sampled_from(SUFFIXES))
def test_damaged_bytes_are_read_or_skipped_and_never_raise(tmp_path, data, suffix: str) -> None:
    content = bytearray(encoded(suffix))
    places = st.integers(0, len(content) - 1) | st.integers(0, 60)
    for place in data.draw(st.lists(places, max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.just(len(content)) | st.integers(0, len(content)))]
    (tmp_path / f"damaged{suffix}").write_bytes(content)
    half("L", 255, 0).save(tmp_path / "good.png")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = load_images(tmp_path, size=8)
        assert "good.png" in loaded.names
        assert len(loaded) + len(loaded.skipped) == len(list(tmp_path.iterdir()))
        assert np.isfinite(loaded.X).all()
        assert loaded.X.min() >= 0
        assert loaded.X.max() <= 1
        if loaded.skipped:
            with pytest.raises(ValueError, match="cannot read"):
                load_images(tmp_path, size=8, on_error="raise")
    for path in tmp_path.iterdir():
        path.unlink()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_skipped(tmp_path, content: bytes) -> None:
    (tmp_path / "noise.png").write_bytes(content)
    half("L", 255, 0).save(tmp_path / "good.png")
    with pytest.warns(UserWarning, match=r"noise\.png"):
        assert load_images(tmp_path, size=8).names == ["good.png"]
