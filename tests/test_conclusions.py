"""The class's conclusions about a latent space: what is measured where, and over many networks."""

from __future__ import annotations

import numpy as np
import pytest

from tp5 import Adam, VariationalAutoencoder
from tp5.analysis import CLAIMED_SIGN, CONCLUSIONS, conclusions, random_places
from tp5.experiments import compare_conclusions

RNG = np.random.default_rng(0)
PROTOTYPES = (RNG.random((4, 36)) < 0.3).astype(float)
DRAWINGS = np.abs(np.repeat(PROTOTYPES, 10, axis=0) - (RNG.random((40, 36)) < 0.05))


class Known:
    """A model whose codes are known: the first two pixels; it draws z into every pixel."""

    def encode(self, X):
        return X[:, :2]

    def decode(self, z):
        return np.tile(np.clip(z[:, :1], 0, 1), (1, 36))


LINE = np.column_stack([np.arange(20) / 20, np.zeros((20, 35))])


def test_density_is_read_off_the_tenth_nearest_other_code():
    found = conclusions(Known(), LINE, (6, 6))
    density, blur = found["1 blur"]
    assert density[0] == pytest.approx(-10 / 20), "at the end of the line: all on one side"
    assert density[10] == pytest.approx(-5 / 20), "in its middle: five on either side"
    np.testing.assert_array_equal(blur, (LINE[:, 0] > 0.1) & (LINE[:, 0] < 0.9))


def test_at_the_codes_a_drawing_is_compared_with_another_one():
    distance, detail = conclusions(Known(), LINE, (6, 6))["3 detail"]
    np.testing.assert_allclose(distance, 1 / 20)
    assert not detail.any(), "even pictures have no detail"


def test_elsewhere_the_nearest_drawing_is_the_nearest():
    points = np.array([[0.5, 0.0], [3.0, 0.0]])
    found = conclusions(Known(), LINE, (6, 6), points)
    np.testing.assert_allclose(found["3 detail"][0], [0, 3 - 19 / 20])
    _, unlike = found["2 likeness"]
    assert unlike[0] == pytest.approx(35 * 0.25), "the first pixel fits, the other 35 are ½ off"


def test_random_places_fill_the_box_of_the_codes():
    places = random_places([[0, 0], [2, 1]], 500, rng=1)
    assert places.shape == (500, 2)
    assert (places >= 0).all()
    assert (places <= [2, 1]).all()
    assert places.max(axis=0) == pytest.approx([2, 1], abs=0.05)


def test_every_conclusion_has_its_words_and_its_sign():
    assert list(CONCLUSIONS) == list(CLAIMED_SIGN) == list(conclusions(Known(), LINE, (6, 6)))


def test_too_few_drawings_are_refused():
    with pytest.raises(ValueError, match="the number of drawings must be a whole number of at lea"):
        conclusions(Known(), LINE[:10], (6, 6))
    with pytest.raises(ValueError, match="points"):
        conclusions(Known(), LINE, (6, 6), np.zeros((3, 5)))


SMALL = {"shape": (6, 6), "hidden": (16,), "n_networks": 2, "epochs": 300, "progress": False}
SMALL |= {"optimizer": Adam(0.01), "batch_size": 40}


def test_a_row_for_each_polarity_network_place_and_conclusion():
    table = compare_conclusions(DRAWINGS, **SMALL, rng=0)
    assert len(table) == 2 * 2 * 2 * 3
    assert set(table["polarity"]) == {"ink is 1", "paper is 1"}
    assert len(set(table["rho"])) > 20, "each network and place is measured by itself"
    for rho, low, high in zip(table["rho"], table["low"], table["high"], strict=True):
        assert -1 <= low < rho < high <= 1
    again = compare_conclusions(DRAWINGS, **SMALL, rng=0)
    assert again["polarity"] == table["polarity"]
    assert again["rho"] == pytest.approx(table["rho"], abs=0.1)


def test_a_network_that_draws_the_same_everywhere_is_no_evidence():
    table = compare_conclusions(DRAWINGS, **(SMALL | {"epochs": 1, "optimizer": Adam(1e-9)}), rng=0)
    assert np.isnan(table.where(conclusion="1 blur")["rho"]).all(), "every pixel is unsure"


def test_the_networks_are_vaes_of_both_polarities(monkeypatch):
    from tp5.experiments import conclusions as experiment

    inks = []

    class Spy(VariationalAutoencoder):
        def fit(self, X, *rest, **more):
            inks.append(float(X.mean()))
            return super().fit(X, *rest, **more)

    monkeypatch.setattr(experiment, "VariationalAutoencoder", Spy)
    compare_conclusions(DRAWINGS, **SMALL, rng=0)
    ink = DRAWINGS.mean()
    assert inks == pytest.approx([ink, 1 - ink, ink, 1 - ink])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"n_networks": 0}, "n_networks must be a whole number"),
        ({"epochs": 0}, "epochs must be a whole number"),
        ({"batch_size": 0}, "batch_size must be a whole number"),
        ({"shape": (5, 5)}, "pictures of 36 pixels are not 5×5"),
    ],
)
def test_bad_calls_are_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        compare_conclusions(DRAWINGS, **(SMALL | changed))
