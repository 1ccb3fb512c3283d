"""Still pictures: what readers without a kernel see."""

import ipywidgets
import numpy as np
import pytest

from tp5 import Autoencoder
from tp5.checks import ModelError
from tp5.explorer.stills import WithStill, check_one_run, still_pictures, visible
from tp5.plots.picture import Picture

VIEW = "application/vnd.jupyter.widget-view+json"


class Something(WithStill, ipywidgets.Label):
    """A widget with or without something to see."""

    def still(self):
        return Picture(b"PNG", "three words here", 9) if self.value else None


@pytest.fixture
def told(monkeypatch):
    shown = []
    monkeypatch.setattr(
        "IPython.display.display", lambda data, metadata=None, **_: shown.append((data, metadata))
    )
    return shown


def test_a_widget_leaves_a_picture_and_then_its_words(told):
    Something("x")._ipython_display_()
    (data, metadata), (words, _) = told
    assert set(data) == {VIEW, "image/png", "text/plain"}, "HTML would be preferred to the PNG"
    assert metadata["image/png"] == {"alt": "three words here", "width": 9}
    assert "run this cell to bring it to life" in words["text/html"]
    assert "three words here" in words["text/html"]


def test_before_there_is_something_to_see_it_is_the_widget_alone(told):
    Something("")._ipython_display_()
    ((data, metadata),) = told
    assert set(data) == {VIEW, "text/plain"}
    assert metadata == {}


def test_whoever_asks_for_its_kinds_gets_both():
    data, metadata = Something("x")._repr_mimebundle_()
    assert set(data) == {VIEW, "image/png", "text/plain"}
    assert set(metadata) == {"image/png"}


def test_pictures_stand_under_their_captions():
    grey, red = np.array([[0.0, 0.5], [1.0, 2.0]]), np.full((2, 2, 3), [1.0, 0.0, 0.0])
    figure = still_pictures({"a < b": grey, f"two\n{'long ' * 6}": red, "$\\frac$": red}, "Both.")
    first, second, third = figure.axes
    assert figure.picture().png, "a $ is a dollar"
    assert third.get_title() == "$\\frac$"
    assert first.get_title() == "a < b"
    assert second.get_title().count("\n") == 2
    assert first.images[0].get_array().max() == 1, "cut to [0, 1]"
    assert first.images[0].to_rgba(np.array([0.0, 1.0]))[:, 0].tolist() == [1, 0], "1 is ink"
    assert second.images[0].get_array().shape == (2, 2, 3)
    assert figure.alt == "Both."


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
