"""The contestants compute the same thing, and the report says what was measured and no more."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import __main__ as bench
from benchmarks import growth, problem, report
from benchmarks.peers import ours
from benchmarks.race import Entry, Unequal, ask, difference, race, ratio, whole_processes
from benchmarks.sections import SECTIONS, Race

FRAMEWORKS = {
    "pytorch": ("torch",),
    "with_jax": ("jax",),
    "with_keras": ("keras",),
    "with_sklearn": ("sklearn",),
}
RACES = [(key, race) for key, section in SECTIONS.items() for race in section.races]
PEERS = {
    f"{key}-{entry.peer}-{entry.work}-{'-'.join(entry.environment.values())}": (race, entry)
    for key, race in RACES
    for entry in race.entries
    if entry.peer != "ours"
}


def skip_without(entry: Entry) -> None:
    for module in (*FRAMEWORKS[entry.peer], *entry.environment.values()):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed here; `make bench` asserts this in its venv")


# --- The same thing -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_has_the_course_s_loss_and_gradient(name, tmp_path):
    race, entry = PEERS[name]
    skip_without(entry)
    reference = getattr(ours, race.entries[0].work)().check()
    process = entry.start(str(tmp_path))
    ask(process)
    apart, _ = difference(process, reference)
    assert apart < 1e-4
    process.stdin.close()
    process.wait()


@pytest.mark.parametrize("work", ["online", "online_10", "one_font", "all_fonts", "vae", "sweep"])
def test_there_is_a_loss_and_a_gradient_to_be_compared_with(work):
    loss, grad = getattr(ours, work)().check()
    assert loss > 0
    assert np.isfinite(grad).all()
    assert np.abs(grad).max() > 0


def test_the_work_of_w5_ends_in_a_picture(tmp_path):
    ours.vae().more["draw"](str(tmp_path / "map.png"), epochs=1)
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_the_two_objectives_of_powell_are_one():
    assert ours.powell().check()[0] == pytest.approx(ours.powell_plain().check()[0], rel=1e-12)


def test_theta_is_cut_into_matrices_and_put_together_again():
    _, _, theta = problem.online_network(3)
    parts = problem.matrices(theta, problem.LETTERS)
    assert parts[0][0].shape == (3, 35, 25)
    assert parts[0][1].shape == (3, 25)
    one = problem.matrices(theta[1], problem.LETTERS)
    np.testing.assert_array_equal(problem.flat(one), theta[1])


def test_good_enough_is_one_pixel_a_character_or_none_of_any():
    X = np.zeros((2, 5))
    X_hat = X.copy()
    X_hat[:, 0] = 1
    assert problem.good_enough(X_hat, X, wide=False)
    assert not problem.good_enough(X_hat, X, wide=True)
    X_hat[0, 1] = 1
    assert not problem.good_enough(X_hat, X, wide=False)


# --- Races ----------------------------------------------------------------------------------------


def test_a_race_checks_and_takes_turns_and_tells_of_those_that_cannot_run():
    entries = (
        Entry("tp5", "ours", "online"),
        Entry("again", "ours", "online"),
        Entry("nobody", "not_there", "online"),
    )
    first, second, third = race(entries, rounds=2)
    assert len(first["seconds"]) == len(second["seconds"]) == 2
    assert first["difference"] == second["difference"] == 0
    assert second["first"] > 0
    assert "not_there" in third["error"]


def test_who_computes_something_else_is_not_timed(tmp_path):
    process = Entry("tp5", "ours", "online").start(str(tmp_path))
    ask(process)
    _, (loss, grad) = difference(process, None)
    with pytest.raises(Unequal, match="differ"):
        difference(process, (loss, grad * 1.01))
    with pytest.raises(Unequal, match="differ"):
        difference(process, (loss * 1.01, grad))
    process.stdin.close()
    process.wait()


def test_a_whole_process_is_timed_with_its_memory_and_its_installation():
    (row,) = whole_processes([Entry("tp5", "ours", "online")], "run", rounds=1)
    assert row["seconds"][0] > 0
    assert row["megabytes"][0] > 20
    assert row["installed"] > 10


def test_a_ratio_is_of_two_times_of_one_round():
    assert ratio({"seconds": [2, 30, 6]}, {"seconds": [1, 10, 3]}) == 2


# --- The report -----------------------------------------------------------------------------------


def rows(ours_seconds: float, peer_seconds: float, first: float = 9.0) -> list[dict]:
    peer = {"name": "Peer", "seconds": [peer_seconds] * 3, "first": first, "difference": 2e-7}
    return [
        {"name": "tp5", "seconds": [ours_seconds] * 3, "first": 1.0, "difference": 0.0},
        peer,
        {"name": "Broken", "seconds": [], "error": "no compiler"},
    ]


ONE = Race("one thing", (), 3, "s", 1.0, goal=1.5)


@pytest.mark.parametrize(
    ("mine", "theirs", "word"),
    [(1, 2, "Won against"), (1, 1.02, "Level with"), (1, 0.5, "Lost to")],
)
def test_the_verdict_follows_the_numbers(mine, theirs, word):
    said = report.conclusions(ONE, rows(mine, theirs))
    assert f"{word} Peer ({theirs:.2f}×)." in said
    assert "at most 2e-07 apart" in said
    assert sum(other in said for other in ("Won", "Level", "Lost")) == 1


def test_a_goal_is_met_or_missed():
    assert "met (1)" in report.conclusions(ONE, rows(1, 2))
    assert "missed (2)" in report.conclusions(ONE, rows(2, 2))


def test_a_goal_is_judged_in_proportion_too():
    beside = replace(ONE, beside=("Peer", 3.0))
    # Ours takes half as long as the peer, so 1.5 where that takes 3.
    assert "missed (2); where Peer takes 3: met (1.5)." in report.conclusions(beside, rows(2, 4))
    assert "met (1); where Peer takes 3: missed (3)." in report.conclusions(beside, rows(1, 1))
    assert "takes 3" not in report.conclusions(replace(ONE, beside=("Nobody", 3.0)), rows(1, 1))


@pytest.mark.parametrize("key", SECTIONS)
def test_a_goal_stands_beside_one_who_takes_part(key):
    for one in SECTIONS[key].races:
        assert one.beside is None or one.beside[0] in [entry.name for entry in one.entries]


def test_a_peer_that_starts_later_catches_up_when_the_numbers_say():
    # 8 s later, and half as long: level after 16 s of ours.
    assert "when tp5 has trained for 16 s" in report.conclusions(ONE, rows(1, 0.5))


def test_who_could_not_run_is_named_with_the_reason():
    assert "Broken could not run: no compiler." in report.race_table(ONE, rows(1, 2))


def test_the_smallest_process_is_named():
    others = rows(1, 2)[:2]
    for row, megabytes, installed in zip(others, ([70, 80], [160, 150]), (90, 45), strict=True):
        row |= {"megabytes": megabytes, "installed": installed}
    said = report.conclusions(ONE, others)
    assert "Smallest peak memory: tp5, 2.0 times less than Peer." in said
    assert "Smallest installation: Peer, 2.0 times less than tp5." in said


def some_measurements() -> dict:
    stamp = {"when": "today", "machine": {"processor": "P"}, "load": 0.1}
    measured = {
        key: stamp | {"races": [rows(1e-3, 2e-3) for _ in section.races]}
        for key, section in SECTIONS.items()
    }
    for row in measured["W6"]["races"][0]:
        row["calls"] = 25_000
    measured["W6"]["scipy"] = {"seconds": 0.75, "waited": 0.25, "calls": 25_000}
    measured["W7"] = stamp | {
        "growth": {
            name: {"sizes": list(sizes), "seconds": list(sizes), "slopes": [1.0] * len(sizes)}
            for name, (_, _, _, sizes) in growth.SERIES.items()
        }
    }
    measured["W8"] = stamp | {"notebooks": {"01": 40.0, "02": 80.0}}
    measured["explorer"] = stamp | {"text": "24 ms"}
    return measured


def test_the_document_has_every_section_and_a_row_for_every_race():
    measured = some_measurements()
    text = report.document(measured)
    for key in (*SECTIONS, "W7", "W8"):
        assert f"## {key} · " in text
    for key, one in RACES:
        assert f"| {key} {one.what} |" in text
    assert "no cliff" in text
    assert "Goal of at most 120 s: met (120)." in text
    assert "tells 10 µs of 30 in an iteration: met (10), for at most 15." in text
    assert "The rest is scipy's own, 20 µs a call." in text
    assert text == report.document(json.loads(json.dumps(measured)))
    assert "| W8 all notebooks | 120 s |" in text
    assert "W1 one run" in report.printed(measured)


def test_a_report_of_some_sections_is_a_report():
    measured = {key: some_measurements()[key] for key in ("W4", "W7")}
    assert "## W1" not in report.document(measured)


def test_an_unknown_section_is_refused(capsys):
    assert bench.main(["W99"]) == 2
    assert "there is no section W99; choose of W1, W2" in capsys.readouterr().out


# --- How cost grows -------------------------------------------------------------------------------


def test_the_figure_of_growth_says_its_slopes():
    found = some_measurements()["W7"]["growth"]
    figure = growth.draw(found)
    assert "samples ×625 cost ×625.0, last slope 1.00" in figure.alt


@pytest.mark.parametrize("name", growth.SERIES)
def test_every_point_of_growth_can_be_timed(name):
    *_, make, sizes = growth.SERIES[name]
    work, steps = make(sizes[0] if name != "latent" else 2)
    assert steps > 0
    if name != "latent":
        work()


def test_the_points_of_a_series_take_turns(monkeypatch):
    monkeypatch.setattr(growth, "ROUNDS", 2)
    order: list[int] = []
    rounds = growth.take_turns([(lambda: order.append(1), 1.0), (lambda: order.append(2), 2.0)])
    assert order == [1, 2, 1, 2, 1, 2], "the first round is not counted"
    assert np.shape(rounds) == (2, 2)


def test_a_cliff_is_told_from_the_last_slope():
    steep = {"sizes": [6000, 60_000], "seconds": [1.0, 20.0], "slopes": [np.log10(20)]}
    assert "2.00× a sample of 6,000: a cliff." in report.cliff(steep)
