"""A model comes back from a file as it went in; a file that is none is refused, never run."""

from __future__ import annotations

import errno
import io
import json
import pickle
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tp5 import SGD, Autoencoder, Scipy, TrainingWarning
from tp5.checks import ModelError
from tp5.models.model import LatentModel
from tp5.models.packing import PACKED_BLOCK, pack, unpack
from tp5.models.storage import StorageWarning
from tp5.networks import SquaredError
from tp5.networks.activations import Logistic, Tanh
from tp5.training.history import ARRAYS

LAYERS, N_PARAMS = (6, 2, 6), 32
X = (np.random.default_rng(8).random((9, 6)) > 0.5).astype(float)


def fitted(n_runs: int | None = 2, model: Autoencoder | None = None, **options):
    options = {"epochs": 4, "rng": 0, "progress": False, **options}
    return (model or Autoencoder(LAYERS)).fit(X, n_runs=n_runs, **options)


def assert_same_model(a: LatentModel, b: LatentModel) -> None:
    np.testing.assert_array_equal(a.theta, b.theta)
    assert a.theta.dtype == b.theta.dtype
    assert a.config() == b.config()
    assert repr(a) == repr(b)
    for name in (*ARRAYS, "lr"):
        np.testing.assert_array_equal(getattr(a.history, name), getattr(b.history, name))
    assert a.history.message == b.history.message


# --- Into a file and back -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "training"),
    [
        ({}, {}),
        ({"dtype": "float32"}, {"n_runs": 3}),
        ({"activation": "relu", "init": "uniform"}, {"batch_size": 2}),
        ({"activation": Logistic(0.1), "latent_activation": "tanh"}, {"n_runs": 1}),
        ({"activation": Logistic(np.float64(0.5))}, {}),
        ({"loss": "squared_error", "output_activation": "tanh"}, {}),
        ({}, {"optimizer": SGD(np.array([[0.1], [0.2]]))}),
        ({}, {"optimizer": Scipy("L-BFGS-B")}),
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore::tp5.training.loop.TrainingWarning")
def test_a_model_comes_back_as_it_went_in(tmp_path, options, training):
    model = fitted(model=Autoencoder((6, 3, 2, 3, 6), **options), **{"n_runs": 2, **training})
    model.save(tmp_path / "model.npz")
    again = Autoencoder.load(tmp_path / "model.npz")
    assert_same_model(again, model)
    np.testing.assert_array_equal(again.reconstruct(X), model.reconstruct(X))
    assert (again.history.lr is None) == (model.history.lr is None)


def test_a_run_that_diverged_comes_back_too(tmp_path):
    options = {"activation": "identity", "output_activation": "identity", "loss": "squared_error"}
    model, lr = Autoencoder(LAYERS, **options), np.array([[1e-2], [1e200]])
    with pytest.warns(TrainingWarning):
        fitted(2, model=model, optimizer=SGD(lr))
    model.save(tmp_path / "model.npz")
    assert_same_model(Autoencoder.load(tmp_path / "model.npz"), model)


def test_weights_without_a_history_come_back_without_one(tmp_path):
    model = fitted()
    model.history = None
    model.save(tmp_path / "model.npz")
    again = Autoencoder.load(tmp_path / "model.npz")
    np.testing.assert_array_equal(again.theta, model.theta)
    assert again.history is None


@pytest.mark.parametrize("name", ["model.npz", "model", "model.v1", "modelo ñ.npz"])
@pytest.mark.parametrize("kind", [str, Path])
def test_the_path_is_taken_as_it_is(tmp_path, name, kind):
    model = fitted()
    model.save(kind(tmp_path / name))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert_same_model(Autoencoder.load(kind(tmp_path / name)), model)


def test_what_was_loaded_can_be_trained_further(tmp_path):
    model = fitted()
    model.save(tmp_path / "model.npz")
    again = Autoencoder.load(tmp_path / "model.npz")
    further = fitted(None, model=again, start=again.theta)
    np.testing.assert_array_equal(further.theta, fitted(None, start=model.theta).theta)


def test_a_file_holds_no_pickle(tmp_path):
    fitted().save(tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz", allow_pickle=False) as file:
        assert {file[name].dtype.kind for name in file.files} <= set("fiuU")


def test_a_save_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    fitted().save(path)
    before = path.read_bytes()

    def fail(file, **_):
        file.write(b"half of it")
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez_compressed", fail)
    with pytest.raises(OSError, match="no space left"):
        fitted(5).save(path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"model.npz": before}


def test_saving_into_a_folder_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"the folder .* does not exist; make it first"):
        fitted().save(tmp_path / "none" / "model.npz")


# --- Compact files --------------------------------------------------------------------------------


@given(
    arrays(
        st.sampled_from(["f4", "f8"]),
        st.tuples(st.integers(1, 3), st.integers(1, 200)),
        elements=st.floats(-100, 100, width=32),
    )
)
@settings(deadline=None)
def test_a_packed_weight_is_at_most_half_a_step_away(theta):
    packed = pack(theta)
    steps, scales = packed["theta_steps"], packed["theta_scales"]
    again = unpack(packed)
    assert packed == {}
    assert again.shape == theta.shape
    assert steps.dtype == np.int8
    step = np.repeat(scales.reshape(len(theta), -1), PACKED_BLOCK, axis=1)[:, : theta.shape[1]]
    assert (np.abs(again - theta) <= 0.501 * step + 1e-40).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_compact_file_is_smaller_and_holds_nearly_the_same_model(tmp_path, dtype):
    model = fitted(3, model=Autoencoder((6, 40, 2, 40, 6), dtype=dtype))
    model.save(tmp_path / "whole.npz")
    model.save(tmp_path / "compact.npz", compact=True)
    assert (tmp_path / "compact.npz").stat().st_size < (tmp_path / "whole.npz").stat().st_size
    again = Autoencoder.load(tmp_path / "compact.npz")
    assert again.theta.dtype == dtype
    np.testing.assert_allclose(again.theta, model.theta, atol=np.abs(model.theta).max() / 127)
    assert repr(again) == repr(model)


@pytest.mark.parametrize("name", ["theta_steps", "theta_scales", "theta_length"])
@pytest.mark.parametrize("array", [None, np.zeros((2, 7)), np.full(3, "w"), np.array(-5)])
def test_a_damaged_compact_file_is_refused(tmp_path, name, array):
    fitted().save(tmp_path / "compact.npz", compact=True)
    with np.load(tmp_path / "compact.npz") as file:
        everything = {key: file[key] for key in file.files} | {name: array}
    with pytest.raises(ModelError):
        load_bytes(tmp_path, npz(**{k: a for k, a in everything.items() if a is not None}))


# --- What load refuses ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("saved") / "model.npz"
    fitted().save(path)
    return path.read_bytes()


def load_bytes(folder: Path, content: bytes) -> Autoencoder:
    path = folder / "model.npz"
    path.write_bytes(content)
    return Autoencoder.load(path)


def npz(**arrays: object) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def changed(saved: bytes, about: dict | None = None, **arrays: object) -> bytes:
    """Return the file with some of its description and some arrays replaced (None: taken out)."""
    with np.load(io.BytesIO(saved)) as file:
        everything = {name: file[name] for name in file.files} | arrays
    description = json.loads(str(everything["about"])) | (about or {})
    description = {name: value for name, value in description.items() if value is not None}
    everything["about"] = np.array(json.dumps(description))
    return npz(**{name: array for name, array in everything.items() if array is not None})


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.npz: there is no such file"):
        Autoencoder.load(tmp_path / "none.npz")


def test_a_folder_is_no_model(tmp_path):
    with pytest.raises(ModelError, match="is not a saved model but a folder or a device"):
        Autoencoder.load(tmp_path)


def npy() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros((2, N_PARAMS)))
    return buffer.getvalue()


NO_MODELS = {
    "empty": b"",
    "text": b"a model of autoencoders\n",
    "random": np.random.default_rng(0).bytes(3000),
    "random_zip": b"PK\x03\x04" + np.random.default_rng(0).bytes(3000),
    "npy": npy(),
    "pickle": pickle.dumps({"theta": np.zeros(3)}),
    "another_npz": npz(weights=np.zeros(3)),
    "no_theta": npz(about=np.array("{}")),
    "no_json": npz(about=np.array("{"), theta=np.zeros((1, N_PARAMS))),
    "about_numbers": npz(about=np.zeros(3), theta=np.zeros((1, N_PARAMS))),
}


@pytest.mark.parametrize("content", NO_MODELS.values(), ids=NO_MODELS)
def test_a_file_that_is_no_model_is_refused(tmp_path, content):
    with pytest.raises(ModelError, match=r"model\.npz is not a saved model, or is damaged"):
        load_bytes(tmp_path, content)


@pytest.mark.parametrize("part", np.linspace(0, 0.999, 40))
def test_a_truncated_file_is_refused(tmp_path, saved, part):
    with pytest.raises(ModelError, match="is not a saved model, or is damaged"):
        load_bytes(tmp_path, saved[: int(part * len(saved))])


@pytest.mark.filterwarnings("ignore::tp5.models.storage.StorageWarning")
@pytest.mark.parametrize("mask", [0x01, 0xFF])
def test_a_damaged_byte_is_harmless_or_refused(tmp_path, saved, mask):
    wanted = fitted()
    for position in range(0, len(saved), 9):
        content = bytearray(saved)
        content[position] ^= mask
        try:
            model = load_bytes(tmp_path, bytes(content))
        except ModelError:
            continue
        np.testing.assert_array_equal(model.theta, wanted.theta)


LOADED = []


class Malicious:
    """What a pickle can do: call any function when it is loaded."""

    def __reduce__(self):
        return note_that_it_was_loaded, ()


def note_that_it_was_loaded() -> None:
    LOADED.append(True)


@pytest.mark.parametrize("name", ["theta", "about", "loss"])
def test_a_pickle_in_a_file_is_refused_and_not_loaded(tmp_path, saved, name):
    with np.load(io.BytesIO(saved)) as file:
        arrays = {key: file[key] for key in file.files}
    arrays[name] = np.array([Malicious()], dtype=object)
    refused = pytest.warns(StorageWarning) if name == "loss" else pytest.raises(ModelError)
    with refused as said:
        load_bytes(tmp_path, npz(**arrays))
    assert "damaged" in str(said[0].message if name == "loss" else said.value)
    assert LOADED == []


@pytest.mark.parametrize("version", [2, 0, "1", None])
def test_another_version_is_refused(tmp_path, saved, version):
    with pytest.raises(ModelError, match="is of another version than this tp5 reads"):
        load_bytes(tmp_path, changed(saved, {"format": version}))


@pytest.mark.parametrize("about", ["[]", "3", '"model"', "null"])
def test_a_description_that_is_none_is_refused(tmp_path, saved, about):
    with np.load(io.BytesIO(saved)) as file:
        content = npz(about=np.array(about), theta=file["theta"])
    with pytest.raises(ModelError):
        load_bytes(tmp_path, content)


def test_another_kind_of_model_is_refused_by_name(tmp_path, saved):
    about = {"kind": "VariationalAutoencoder"}
    with pytest.raises(ModelError, match="holds a VariationalAutoencoder, not a Autoencoder"):
        load_bytes(tmp_path, changed(saved, about))


@pytest.mark.parametrize(
    "config",
    [
        None,
        {},
        {"layers": [6, 2]},
        {"layers": "6-2-6"},
        {"layers": None},
        {"layers": [6, 2, 6], "activation": "swish"},
        {"layers": [6, 2, 6], "activation": ["tanh"]},
        {"layers": [6, 2, 6], "depth": 3},
        [6, 2, 6],
        "Autoencoder",
    ],
    ids=str,
)
def test_a_configuration_that_makes_no_model_is_refused(tmp_path, saved, config):
    with pytest.raises(ModelError, match="describes no valid model"):
        load_bytes(tmp_path, changed(saved, {"config": config}))


THETAS = {
    "longer": np.zeros((2, N_PARAMS + 1)),
    "shorter": np.zeros((2, N_PARAMS - 1)),
    "flat": np.zeros(N_PARAMS),
    "three_axes": np.zeros((1, 2, N_PARAMS)),
    "no_run": np.zeros((0, N_PARAMS)),
    "number": np.zeros(()),
    "nan": np.full((2, N_PARAMS), np.nan),
    "inf": np.full((2, N_PARAMS), -np.inf),
    "words": np.full((2, N_PARAMS), "w"),
    "complex": np.full((2, N_PARAMS), 1j),
    "dates": np.zeros((2, N_PARAMS), "M8[s]"),
}


@pytest.mark.parametrize("theta", THETAS.values(), ids=THETAS)
def test_weights_that_do_not_fit_are_refused(tmp_path, saved, theta):
    with pytest.raises(ModelError, match="has weights"):
        load_bytes(tmp_path, changed(saved, theta=theta))


@pytest.mark.parametrize(
    "arrays",
    [
        {"loss": None},
        {"seconds": None, "lr": None},
        {"loss": np.zeros((2, 2))},
        {name: np.zeros((5, 3)) for name in ARRAYS},
        {name: np.zeros(5) for name in ARRAYS},
        {"lr": np.zeros((2, 7))},
        {"loss": np.full((5, 2), "low")},
    ],
    ids=["missing", "two_missing", "shape", "other_runs", "flat", "lr", "words"],
)
def test_a_damaged_history_is_left_out_and_the_weights_are_given(tmp_path, saved, arrays):
    with pytest.warns(StorageWarning, match=r"model\.npz has a damaged history .*: the weights"):
        model = load_bytes(tmp_path, changed(saved, **arrays))
    np.testing.assert_array_equal(model.theta, fitted().theta)
    assert model.history is None


def test_a_byte_wrong_in_the_history_costs_the_history_only(tmp_path, saved):
    with zipfile.ZipFile(io.BytesIO(saved)) as file:
        member = file.getinfo("loss.npy")
    content = bytearray(saved)
    content[member.header_offset + 30 + len("loss.npy") + 40] ^= 0xFF
    with pytest.warns(StorageWarning, match="damaged history .*loss"):
        model = load_bytes(tmp_path, bytes(content))
    np.testing.assert_array_equal(model.theta, fitted().theta)


def test_a_history_may_hold_nothing_but_its_shapes(tmp_path, saved):
    with np.load(io.BytesIO(saved)) as file:
        arrays = {name: np.full_like(file[name], np.nan, float) for name in ("loss", "lr")}
    model = load_bytes(tmp_path, changed(saved, **arrays))
    assert np.isnan(model.history.final_loss).all()
    with pytest.raises(ModelError, match=r"no run of this model has a finite loss.*take one by"):
        _ = model.best


# --- Files that would fill the memory, and files that the system keeps from us -------------------


def bomb(name: str, shape: tuple[int, ...], saved: bytes) -> bytes:
    """Return the file with an array of zeros that is never in this test's memory."""
    header = io.BytesIO()
    description = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(header, description)
    buffer, zeros = io.BytesIO(), bytes(10**7)
    with (
        zipfile.ZipFile(io.BytesIO(saved)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            if member != f"{name}.npy":
                new.writestr(member, old.read(member))
        with new.open(f"{name}.npy", "w", force_zip64=True) as stream:
            stream.write(header.getvalue())
            for _ in range(3):
                stream.write(zeros)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["theta", "loss", "about", "more"])
def test_a_file_that_would_unfold_to_gigabytes_is_refused_by_its_headers(tmp_path, saved, name):
    content = bomb(name, (10**9 // N_PARAMS, N_PARAMS), saved)
    assert len(content) < 1e6
    tracemalloc.start()
    with pytest.raises(ModelError, match=r"it has 0\.\d+ MB and would unfold to 8 GB\); save it"):
        load_bytes(tmp_path, content)
    assert tracemalloc.get_traced_memory()[1] < 2e7
    tracemalloc.stop()


def test_a_header_that_python_cannot_tokenize_is_damage(tmp_path, saved):
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (2, " + b" " * 63 + b"\n"
    broken = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved)) as old,
        zipfile.ZipFile(buffer, "w") as new,
    ):
        for member in old.namelist():
            new.writestr(member, broken if member == "theta.npy" else old.read(member))
    with pytest.raises(ModelError, match="is not a saved model, or is damaged"):
        load_bytes(tmp_path, buffer.getvalue())


def test_a_file_that_may_not_be_read_is_not_called_damaged(tmp_path, saved, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    (tmp_path / "model.npz").write_bytes(saved)
    monkeypatch.setattr(Path, "open", refuse)  # root may read everything
    with pytest.raises(PermissionError, match=r"may be a model, but cannot be read: Permission"):
        Autoencoder.load(tmp_path / "model.npz")


@pytest.mark.parametrize("path", ["", None, 7])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ValueError, match=r'such as "model\.npz"'):
        Autoencoder.load(path)
    with pytest.raises(ValueError, match=r'such as "model\.npz"'):
        fitted().save(path)


class Mine(SquaredError):
    """A student's own."""

    name = "mine"


def test_a_loss_of_ones_own_is_handed_in_again(tmp_path):
    model = fitted(model=Autoencoder(LAYERS, loss=Mine()))
    with pytest.warns(UserWarning, match=r"load\(path, losses=\{'mine': …\}\)"):
        model.save(tmp_path / "mine.npz")
    with pytest.raises(ModelError, match=r"its loss 'mine' is somebody's own: load\(path, losses"):
        Autoencoder.load(tmp_path / "mine.npz")
    again = Autoencoder.load(tmp_path / "mine.npz", losses={"mine": Mine()})
    assert_same_model(model, again)
    assert type(again.loss_function) is Mine


class Steeper(Tanh):
    """A student's own, under our name."""

    def value(self, a):
        return np.tanh(2 * a)


class Other(SquaredError):
    """Likewise."""


@pytest.mark.parametrize("options", [{"activation": Steeper()}, {"loss": Other()}], ids=str)
def test_what_bears_a_name_of_ours_is_not_saved_to_be_taken_for_it(tmp_path, options):
    model = fitted(model=Autoencoder(LAYERS, **options))
    with pytest.raises(ValueError, match="bears the name of the course's"):
        model.save(tmp_path / "model.npz")
    assert list(tmp_path.iterdir()) == []
