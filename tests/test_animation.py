"""The GIF holds the frames that it was given, there and back, and words for them."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from tp5.plots.animation import Animation, there_and_back

FRAMES = np.stack([np.full((3, 2), level) for level in (0.0, 0.25, 0.5, 1.0)])


def read_gif(data: bytes) -> list[Image.Image]:
    image = Image.open(io.BytesIO(data))
    frames = []
    for frame in range(image.n_frames):
        image.seek(frame)
        frames.append(image.convert("L"))
    return frames


def test_there_and_back():
    assert there_and_back(4) == [0, 1, 2, 3, 2, 1]
    assert there_and_back(2) == [0, 1]


def test_the_gif_holds_the_frames():
    frames = read_gif(Animation(FRAMES, "grey grows", scale=4).gif())
    assert len(frames) == 6
    assert frames[0].size == (8, 12), "width × height, scaled"
    shades = [np.asarray(frame).mean() / 255 for frame in frames]
    np.testing.assert_allclose(shades, [1, 0.75, 0.5, 0, 0.5, 0.75], atol=0.01)


def test_it_rests_at_both_ends_and_goes_on_for_ever():
    image = Image.open(io.BytesIO(Animation(FRAMES, "grey grows", seconds=0.1).gif()))
    times = []
    for frame in range(image.n_frames):
        image.seek(frame)
        times.append(image.info["duration"])
    assert times == [600, 100, 100, 600, 100, 100]
    assert image.info["loop"] == 0


def test_a_notebook_keeps_it_as_a_png_that_moves_with_its_words(monkeypatch):
    told = []
    monkeypatch.setattr(
        "IPython.display.display", lambda data, metadata=None, **_: told.append((data, metadata))
    )
    Animation(FRAMES, 'from "a" to <b>', scale=4)._ipython_display_()
    (picture, metadata), (words, _) = told
    moving = Image.open(io.BytesIO(base64.b64decode(picture["image/png"])))
    assert (moving.n_frames, moving.info["loop"], moving.size) == (6, 0, (8, 12))
    assert metadata["image/png"]["alt"] == 'from "a" to <b>'
    assert metadata["image/png"]["width"] == 8
    assert "<p>from &quot;a&quot; to &lt;b&gt;</p>" in words["text/html"]
    assert "<p>It moves for ever; to stop it, hide this output" in words["text/html"]
    assert repr(Animation(FRAMES, "grey grows")) == "Animation of 4 pictures: grey grows"


def test_save(tmp_path):
    path = tmp_path / "walk.gif"
    animation = Animation(FRAMES, "grey grows")
    animation.save(path)
    assert path.read_bytes() == animation.gif()


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("frames", [FRAMES[0], FRAMES[:1], FRAMES[:, :0]])
def test_frames_must_be_two_or_more_pictures(frames):
    with pytest.raises(ValueError, match=r"needs frames of shape .* two or more, not"):
        Animation(frames, "grey grows")


@pytest.mark.parametrize("frames", [FRAMES * 2, FRAMES - 1, FRAMES * np.nan])
def test_values_must_lie_in_0_to_1(frames):
    with pytest.raises(ValueError, match=r"must have values in \[0, 1\]"):
        Animation(frames, "grey grows")


def test_words_are_needed():
    with pytest.raises(ValueError, match="this animation has no alt text"):
        Animation(FRAMES, "")


@pytest.mark.parametrize("more", [{"seconds": 0}, {"seconds": np.nan}, {"scale": 0}])
def test_time_and_scale_must_be_positive(more):
    with pytest.raises(ValueError, match=r"(seconds must be a number in|scale must be a whole)"):
        Animation(FRAMES, "grey grows", **more)
