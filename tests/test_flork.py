"""The drawings are the ones we describe, and the committed file is the one we draw."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp5.datasets.flork import (
    HELD,
    RANGES,
    WORDS,
    Pose,
    draw_flork,
    load_florks,
    make_florks,
    random_pose,
    save_florks,
)
from tp5.files import data_path

FLORKS = load_florks()


def poses() -> st.SearchStrategy[Pose]:
    numbers = {name: st.floats(low, high) for name, (low, high) in RANGES.items()}
    words = {name: st.sampled_from(list(odds)) for name, odds in WORDS.items()}
    return st.builds(Pose, **numbers, **words, mirrored=st.booleans())


# --- One drawing --------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(poses())
def test_every_pose_gives_a_black_line_on_white_paper(pose: Pose) -> None:
    picture = draw_flork(pose)
    assert picture.shape == (80, 80)
    assert picture.dtype == np.uint8
    assert picture.max() == 255
    assert picture.min() < 60
    assert 0.85 < np.mean(picture) / 255 < 0.97 or pose.outlier == "letterbox"


@settings(deadline=None, max_examples=30)
@given(poses())
def test_a_mirrored_pose_is_the_flipped_picture(pose: Pose) -> None:
    here, there = (draw_flork(replace(pose, mirrored=side)) for side in (False, True))
    np.testing.assert_array_equal(here[:, ::-1], there)


def test_the_same_pose_is_the_same_picture() -> None:
    np.testing.assert_array_equal(
        draw_flork(Pose(hands="mitten")), draw_flork(Pose(hands="mitten"))
    )


@pytest.mark.parametrize("name", list(RANGES))
def test_every_number_changes_the_picture(name: str) -> None:
    low, high = (draw_flork(replace(Pose(), **{name: end})) for end in RANGES[name])
    assert np.abs(low.astype(int) - high).max() > 60


@pytest.mark.parametrize("name", list(WORDS))
def test_every_word_has_its_own_picture(name: str) -> None:
    pictures = {draw_flork(replace(Pose(), **{name: word})).tobytes() for word in WORDS[name]}
    assert len(pictures) == len(WORDS[name])


def test_every_part_of_a_pose_is_a_number_a_word_or_the_mirror() -> None:
    assert {part.name for part in fields(Pose)} == {*RANGES, *WORDS, "mirrored"}
    assert all(sum(odds.values()) == 100 for odds in WORDS.values())


def test_the_defaults_lie_in_their_ranges() -> None:
    assert all(low <= getattr(Pose(), name) <= high for name, (low, high) in RANGES.items())


def test_every_part_of_a_pose_is_documented() -> None:
    assert Pose.__doc__ is not None
    for part in fields(Pose):
        assert re.search(rf"\b{part.name}\b.* :", Pose.__doc__), part.name


def test_the_line_is_as_wide_as_the_pose_says() -> None:
    # Below the arms, the back and the chest are two nearly upright lines: ink / 2 is their width.
    for stroke in RANGES["stroke"]:
        rows = draw_flork(Pose(arms="none", stroke=stroke))[55:75]
        ink = np.mean(np.sum(255 - rows.astype(float), axis=1)) / 255
        assert ink / 2 == pytest.approx(80 * stroke, rel=0.06)
    assert 1.5 <= 80 * RANGES["stroke"][0] < 80 * RANGES["stroke"][1] <= 2


def test_the_figure_stands_where_the_recipe_says() -> None:
    pose = Pose(arms="none")
    y, x = np.nonzero(draw_flork(pose) < 128)
    assert y.min() / 80 == pytest.approx(1 - pose.height, abs=0.03)
    assert x.max() / 80 == pytest.approx(pose.snout, abs=0.03)
    assert y[x.argmax()] / 80 == pytest.approx(pose.snout_y, abs=0.06)
    bottom = x[y == 79] / 80
    assert bottom.min() == pytest.approx(pose.foot, abs=0.03)
    assert bottom.max() == pytest.approx(pose.chest + 0.02, abs=0.03)


def test_the_eyes_lie_inside_the_head() -> None:
    # White out every line that touches the outline; what is left of the head are the two dots.
    ink = draw_flork(Pose(arms="none"), size=320) < 128
    outline = np.zeros_like(ink)
    outline[-1] = ink[-1]
    for _ in range(1200):
        grown = outline.copy()
        for axis in (0, 1):
            for step in (-1, 1):
                grown |= np.roll(outline, step, axis)
        grown &= ink
        if (grown == outline).all():
            break
        outline = grown
    y, x = np.nonzero(ink & ~outline)
    assert y.size > 0
    assert 0.5 < x.min() / 320 < x.max() / 320 < Pose().snout
    assert 1 - Pose().height < y.min() / 320 < y.max() / 320 < Pose().snout_y


@pytest.mark.parametrize("accessory", HELD)
def test_who_holds_something_has_arms(accessory: str) -> None:
    bent = draw_flork(Pose(accessory=accessory, arms="bent"))
    np.testing.assert_array_equal(draw_flork(Pose(accessory=accessory, arms="none")), bent)
    np.testing.assert_array_equal(draw_flork(Pose(accessory=accessory, arms="limp")), bent)


@pytest.mark.parametrize("accessory", HELD)
@pytest.mark.parametrize("lean", RANGES["lean"])
def test_what_is_held_stays_on_the_paper(accessory: str, lean: float) -> None:
    far = draw_flork(Pose(accessory=accessory, lean=lean, far_arm=20, far_bend=-40, chest=0.75))
    assert (far[:, -1] > 128).all()


@pytest.mark.parametrize("size", [8, 40, 81, 160, np.int64(16)])
def test_any_size_is_the_same_drawing(size: int) -> None:
    picture = draw_flork(Pose(), size=size)
    assert picture.shape == (size, size)
    assert np.mean(picture) == pytest.approx(np.mean(draw_flork(Pose())), abs=6)


@pytest.mark.parametrize("size", [0, -80, 7, 1025, 80.0, "80", None])
def test_an_impossible_size_is_refused(size: object) -> None:
    with pytest.raises(ValueError, match=r"size .*take an integer from 8 to 1024"):
        draw_flork(Pose(), size)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", list(WORDS))
def test_an_unknown_word_is_refused_and_the_known_ones_named(name: str) -> None:
    with pytest.raises(ValueError, match=rf"{name}='lasers'; choose from .*none|line|dots"):
        Pose(**{name: "lasers"})


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -1e300, 10**400, "left", None])
def test_a_number_that_is_none_is_refused(number: object) -> None:
    with pytest.raises(ValueError, match=r"lean=.*usually from -9 to 9"):
        Pose(lean=number)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", list(RANGES))
@pytest.mark.parametrize("number", [-1000, 0, 1000])
def test_a_pose_far_out_of_range_still_draws(name: str, number: float) -> None:
    assert draw_flork(replace(Pose(), **{name: number})).shape == (80, 80)


def test_a_pose_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Pose().lean = 3  # type: ignore[misc]


# --- Chance -------------------------------------------------------------------------------------


@given(st.integers(0, 2**32))
def test_a_random_pose_stays_in_its_ranges(seed: int) -> None:
    pose = random_pose(seed)
    assert all(low <= getattr(pose, name) <= high for name, (low, high) in RANGES.items())
    assert all(type(getattr(pose, part.name)) in (float, str, bool) for part in fields(Pose))
    assert not (pose.mirrored and (pose.accessory == "formulas" or pose.outlier == "caption"))


def test_words_come_as_often_as_promised() -> None:
    rng = np.random.default_rng(1)
    many = [random_pose(rng) for _ in range(1500)]
    for name, odds in WORDS.items():
        for word, percent in odds.items():
            share = np.mean([getattr(pose, name) == word for pose in many])
            assert share == pytest.approx(percent / 100, abs=4 * np.sqrt(percent / 100 / 1500))


def test_the_same_rng_draws_the_same_florks() -> None:
    images, poses = make_florks(5, rng=3)
    again, poses_again = make_florks(5, rng=np.random.default_rng(3))
    np.testing.assert_array_equal(images, again)
    assert poses == poses_again
    assert make_florks(5, rng=4)[1] != poses


def test_fewer_florks_are_the_first_of_many() -> None:
    np.testing.assert_array_equal(make_florks(3, rng=7)[0], make_florks(6, rng=7)[0][:3])


def test_drawing_leaves_the_global_seed_alone() -> None:
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    make_florks(2, rng=0)
    np.testing.assert_array_equal(state, np.random.get_state()[1])  # noqa: NPY002


@pytest.mark.parametrize("n", [0, -1])
def test_no_drawings_are_refused(n: int) -> None:
    with pytest.raises(ValueError, match=f"n must be a whole number of at least 1, not {n}"):
        make_florks(n)


# --- The 426 of the course ----------------------------------------------------------------------


def test_shapes_and_types() -> None:
    assert FLORKS.X.shape == (426, 6400)
    assert FLORKS.X.dtype == np.float32
    assert FLORKS.images.shape == (426, 80, 80)
    assert FLORKS.images.dtype == np.uint8
    assert len(FLORKS.poses) == 426
    assert FLORKS.X.min() == 0
    assert FLORKS.X.max() == 1
    np.testing.assert_allclose(FLORKS.X.reshape(-1, 80, 80) * 255, FLORKS.images, atol=1e-4)
    assert repr(FLORKS) == "Florks(426 drawings of 80×80: X (426, 6400) float32, poses)"


def test_the_committed_file_is_what_we_draw() -> None:
    images, poses = make_florks()
    assert poses == FLORKS.poses
    assert_same_drawings(images, FLORKS.images)


def test_the_committed_poses_alone_draw_the_committed_pictures() -> None:
    # Holds even if NumPy changes its stream of random numbers.
    some = range(0, 426, 10)
    images = np.stack([draw_flork(FLORKS.poses[i]) for i in some])
    assert_same_drawings(images, FLORKS.images[some])


def assert_same_drawings(drawn: np.ndarray, committed: np.ndarray) -> None:
    # Pillow 10.3 and 13 agree on every byte. Should another version place the edge of a line one
    # pixel of the large sheet elsewhere (an eighth of a pixel, 32 levels of grey), these are still
    # the drawings we know; one pixel in a thousand may differ so.
    difference = np.abs(drawn.astype(int) - committed)
    assert difference.max() <= 32
    assert np.mean(difference > 0) < 1e-3


def test_all_drawings_differ() -> None:
    assert len({picture.tobytes() for picture in FLORKS.images}) == 426


def test_statistics_are_those_of_the_class() -> None:
    mean = FLORKS.X.mean(axis=1)
    dark = (FLORKS.X < 0.5).mean(axis=1)
    assert 0.91 < mean.mean() < 0.94
    assert 0.91 < np.median(mean) < 0.94
    assert 0.05 < dark.mean() < 0.08
    assert 0.05 < np.median(dark) < 0.08
    assert np.mean((mean > 0.90) & (mean < 0.95)) > 0.85
    assert np.mean((FLORKS.X > 0.1) & (FLORKS.X < 0.9)) > 0.02  # anti-aliased


def test_some_are_mirrored_some_lean_and_few_are_outliers() -> None:
    poses = FLORKS.poses
    assert 0.1 < np.mean([pose.mirrored for pose in poses]) < 0.3
    assert np.mean([abs(pose.lean) > 4 for pose in poses]) > 0.3
    assert 0.03 <= np.mean([pose.outlier != "none" for pose in poses]) <= 0.05
    for name, words in WORDS.items():
        assert {getattr(pose, name) for pose in poses} == set(words)


def test_the_file_is_small_and_the_readme_knows_its_checksum() -> None:
    path = data_path("flork/florks.npz")
    readme = data_path("flork/README.md").read_text(encoding="utf-8")
    assert path.stat().st_size < 2_000_000
    assert hashlib.sha256(path.read_bytes()).hexdigest() in readme
    assert "python -m tp5.datasets.flork" in readme
    assert "CC0" in readme


def test_florks_come_back_as_they_were_saved(tmp_path) -> None:
    images, poses = make_florks(4, rng=11)
    save_florks(tmp_path / "mine.npz", images, poses)
    back = load_florks(tmp_path / "mine.npz")
    np.testing.assert_array_equal(back.images, images)
    assert back.poses == poses
    assert all(type(value) in (float, str, bool) for value in vars(back.poses[0]).values())


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match=r"none\.npz"):
        load_florks(tmp_path / "none.npz")


@pytest.mark.parametrize("damage", ["empty", "truncated", "flipped", "not a zip", "column missing"])
def test_a_damaged_file_is_refused_with_the_way_out(tmp_path, damage: str) -> None:
    path = tmp_path / "florks.npz"
    save_florks(path, *make_florks(2, rng=0))
    whole = path.read_bytes()
    if damage == "column missing":
        np.savez(path, images=FLORKS.images[:2])
    else:
        middle = len(whole) // 3
        path.write_bytes(
            {
                "empty": b"",
                "truncated": whole[:middle],
                "flipped": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
                "not a zip": b"<html>404</html>",
            }[damage]
        )
    message = r"florks\.npz is damaged .*python -m tp5\.datasets\.flork"
    with pytest.raises(ValueError, match=message):
        load_florks(path)


def test_importing_draws_in_no_heavy_library() -> None:
    code = "import sys, tp5.datasets; print({'PIL', 'tqdm', 'matplotlib'} & set(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "set()"
