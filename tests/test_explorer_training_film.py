"""A training as a film: what a callback keeps of it, what views are told, and the files."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from tp5 import Adam, Autoencoder, VariationalAutoencoder
from tp5.datasets.fonts import load_fonts
from tp5.explorer import TrainingFilm
from tp5.explorer.recording import Recording

FONT = load_fonts()[1]
STEADY = Adam(0.01)  # its rate does not depend on how many epochs there are
LAYERS = (35, 16, 2, 16, 35)


def trained(film, epochs=7, n_runs=2, **options):
    model = Autoencoder(LAYERS)
    options = {"rng": 0, "progress": False, "n_runs": n_runs, "optimizer": STEADY} | options
    return model.fit(FONT.X, epochs=epochs, callbacks=[film], **options)


@pytest.fixture
def film():
    film = TrainingFilm(FONT.X, FONT.labels, every=3)
    film.sent = []
    film.send = lambda content, buffers=(): film.sent.append((content, buffers))
    return film


def test_it_keeps_the_codes_of_every_third_epoch_as_a_shorter_training_has_them(film):
    model = trained(film)
    recording = film.recording
    assert recording.epochs == [0, 3, 6]
    assert np.array_equal(np.array(recording.losses), model.history.loss)
    for k, epoch in enumerate(recording.epochs):
        short = Autoencoder(LAYERS)
        if epoch == 0:
            start = [short.initial_theta(rng) for rng in np.random.default_rng(0).spawn(2)]
            short.theta = np.array(start)
        else:
            short.fit(FONT.X, epochs=epoch, n_runs=2, rng=0, progress=False, optimizer=STEADY)
        assert np.allclose(recording.codes[k], short.encode(FONT.X), atol=1e-6)
        answers = short.reconstruct(FONT.X)[:, film.shown]
        assert np.abs(recording.pictures[k] - 255 * answers).max() <= 0.51
    assert film.n_frames == 3
    assert film.frame == 2, "the last picture"
    assert film.run == model.history.final_loss.argmin()
    assert repr(film) == "TrainingFilm of 3 pictures, epochs 0 to 6"


def test_a_variational_training_keeps_the_clouds():
    film = TrainingFilm(FONT.X)
    vae = VariationalAutoencoder((35, 16, 3))
    vae.fit(FONT.X, epochs=2, rng=0, callbacks=[film], progress=False)
    mu, log_var = vae.posterior(FONT.X)
    assert np.allclose(film.recording.codes[-1][0], mu[:, :2], atol=1e-6), "two of three"
    assert np.allclose(film.recording.sigma[-1][0], np.exp(log_var[:, :2] / 2), atol=1e-6)
    assert film.about()["variational"]


def test_a_new_training_begins_a_new_film(film):
    trained(film)
    trained(film, epochs=4)
    assert film.recording.epochs == [0, 3]
    assert len(film.recording.losses) == 5


def test_the_map_stays_and_a_few_that_fly_away_do_not_make_it_small():
    recording = Recording(FONT.X)
    codes = np.random.default_rng(0).normal(size=(5, 1, 1000, 2))
    codes[2, 0, 0] = 1e6
    codes[3, 0, 1] = np.nan
    recording.codes = list(codes)
    left, right, bottom, top = recording.box()
    assert -4 < left < -2 < 2 < right < 4
    assert -4 < bottom < -2 < 2 < top < 4
    recording.codes = [np.full((1, 3, 2), np.nan)]
    assert recording.box() == [0, 1, 0, 1]


def test_a_view_gets_what_there_is_and_then_what_comes(film):
    trained(film, epochs=1)
    assert film.sent == [], "nobody looks"
    film._answer(film, {"kind": "hello"}, [])
    assert film.sent == []
    film._answer(film, {"kind": "ask"}, [])
    trained(film, epochs=7)
    contents = [content for content, _ in film.sent]
    json.dumps(contents)
    assert [content["first"] for content in contents] == [0, 0, 1, 2]
    assert [content["about"]["epochs"] for content in contents[1:]] == [[0], [3], [6]]
    losses = [row for content in contents[1:] for row in content["about"]["losses"]]
    assert np.array_equal(losses, film.recording.losses[:7]), "up to the last picture"
    codes = [np.frombuffer(buffers[0], np.float32) for _, buffers in film.sent[1:]]
    assert np.array_equal(np.concatenate(codes), np.ravel(film.recording.codes))


def test_losses_that_are_no_numbers_are_null(film):
    film.recording.losses = [np.array([1.0, np.nan])]
    assert film.about()["losses"] == [[1.0, None]]
    assert film.recording.best == 0


def test_nothing_heavy_is_in_what_a_saved_notebook_holds(film):
    trained(film)
    state = {key: value for key, value in film.get_state().items() if key[0] != "_"}
    assert (state["frame"], state["run"]) == (2, film.run)
    assert len(str(state)) < 1000


def test_frame_and_run_are_set_by_controls_too(film):
    trained(film)
    film.controls["frame"].value = 1
    film.controls["run"].value = 0
    assert (film.frame, film.run) == (1, 0)
    film.frame = 2
    assert film.controls["frame"].value == 2
    with pytest.raises(ValueError, match="frame must be from 0 to 2, not 3"):
        film.frame = 3
    with pytest.raises(ValueError, match="run must be from 0 to 1, not -1"):
        film.run = -1


def test_closing_forgets_the_film(film):
    trained(film)
    control = film.controls["run"]
    film.close()
    assert film.recording.codes == []
    assert control.comm is None


def test_a_gif_has_a_picture_for_each(film, tmp_path):
    film.labels[0] = r"$\frac$"
    trained(film)
    film.save_gif(tmp_path / "film.gif")
    gif = Image.open(io.BytesIO((tmp_path / "film.gif").read_bytes()))
    assert gif.n_frames == 3
    seen = []
    for k in range(3):
        gif.seek(k)
        seen.append(np.asarray(gif.convert("L"), float))
    assert np.abs(seen[0] - seen[2]).max() > 100


def test_before_anything_is_recorded_there_are_no_files(film, tmp_path):
    assert repr(film) == "TrainingFilm: nothing recorded yet"
    assert film.still() is None
    for save in (film.save_gif, film.save_html):
        with pytest.raises(ValueError, match=r"nothing is recorded yet: give the film to fit"):
            save(tmp_path / "film")


def test_the_page_is_one_file_and_the_same_each_time(film, tmp_path):
    trained(film)
    pages = []
    for _ in range(2):
        film.save_html(tmp_path / "film.html", title="<script>alert(1)</script>")
        pages.append((tmp_path / "film.html").read_bytes())
    assert pages[0] == pages[1]
    assert b"<script>alert" not in pages[0]


def test_readers_without_a_kernel_see_the_beginning_the_middle_and_the_end(film):
    trained(film)
    alt = film.still().alt
    for moment in ("untrained", "after epoch 3", "after epoch 6"):
        assert f"{moment}: 32 characters" in alt


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"every": 0}, "every must be a whole number of at least 1, not 0"),
        ({"labels": FONT.labels[1:]}, "labels has 31 entries, but 32 are needed"),
        ({"shown": [32]}, "each of shown must be a position from 0 to 31, not 32"),
        ({"shape": (5, 5)}, r"pictures of 35 pixels are not 5×5"),
    ],
)
def test_what_does_not_fit_is_said(arguments, message):
    with pytest.raises(ValueError, match=message):
        TrainingFilm(FONT.X, **arguments)


def test_one_latent_unit_has_no_map():
    with pytest.raises(ValueError, match="a map needs 2 latent units; this model has 1"):
        Autoencoder((35, 1, 35)).fit(
            FONT.X, epochs=1, rng=0, callbacks=[TrainingFilm(FONT.X)], progress=False
        )
