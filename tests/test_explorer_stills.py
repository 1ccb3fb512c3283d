"""Still pictures: what readers without a kernel see."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from tp5 import Autoencoder
from tp5.checks import ModelError
from tp5.explorer.stills import check_one_run, png_url, still_picture, visible


def picture_of(text):
    (data,) = re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]+)", text)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def test_png_url_holds_the_picture_enlarged():
    image = np.array([[0.0, 0.5], [1.0, 0.25]])
    back = picture_of(png_url(image))
    assert back.shape == (260, 260)
    assert [back[0, 0], back[0, 200], back[200, 0], back[200, 200]] == [0, 128, 255, 64]


def test_ink_is_black_on_white_and_colours_stay():
    assert picture_of(still_picture(np.array([[1.0, 0.0]]), "a"))[0, [0, -1]].tolist() == [0, 255]
    red = np.array([[[1.0, 0.0, 0.0]]])
    assert picture_of(still_picture(red, "a"))[0, 0].tolist() == [255, 0, 0]


def test_words_are_escaped():
    text = still_picture(np.zeros((2, 2)), 'a < "b"', spoken="<script>")
    assert 'alt="&lt;script&gt;"' in text
    assert "<figcaption>a &lt; &quot;b&quot;</figcaption>" in text


def test_what_nobody_could_see_gets_a_name():
    assert visible(["a", " ", "\x7f"]) == ["a", "space", "DEL"]


def test_one_trained_run():
    model = Autoencoder((4, 2, 4))
    with pytest.raises(ModelError, match="is not trained yet"):
        check_one_run(model)
    model.fit(np.eye(4), n_runs=2, epochs=1, rng=0, progress=False)
    with pytest.raises(ValueError, match=r"2 runs; take one, such as model\.best"):
        check_one_run(model)
    check_one_run(model[0])
