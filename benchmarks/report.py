"""From measurements to `results.md`; every number and every verdict in it is computed here."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from tp5.table import Table

from .growth import SERIES
from .race import ratio
from .sections import SECTIONS, Race

LEVEL = 1.05  # closer than this is level
OBJECTIVE = 15  # µs a call of W6
ALL_NOTEBOOKS = 120  # seconds for all of them under nbval
PACKAGES = ("numpy", "scipy", "numba", "torch", "jax", "keras", "scikit-learn", "matplotlib")


def machine() -> dict[str, str]:
    """What a time depends on."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": f"{cpu}, {os.cpu_count()} cores",
        "memory": f"{pages / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "Python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def stamp() -> dict[str, Any]:
    """When and where something was measured."""
    date = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    return {"when": date, "machine": machine(), "load": os.getloadavg()[0]}


def number(value: float) -> str:
    """Three digits: 0.0123, 1.23, 12.3, 123, 1,234."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def markdown(columns: dict[str, list[str]]) -> str:
    """A table; the columns after the first are numbers."""
    rows = [list(columns), ["---"] + ["---:"] * (len(columns) - 1)]
    rows += [list(row) for row in zip(*columns.values(), strict=True)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def verdict(times: float) -> str:
    """Say who won, from how many times as long the peer took."""
    if times >= LEVEL:
        return "won"
    return "lost" if times <= 1 / LEVEL else "level"


def finished(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["seconds"] and "error" not in row]


def peers(rows: list[dict[str, Any]]) -> list[tuple[float, dict[str, Any]]]:
    """The others and how many times as long each took, the fastest first."""
    ours, *others = finished(rows)
    return sorted(((ratio(row, ours), row) for row in others), key=lambda pair: pair[0])


def median(row: dict[str, Any], race: Race) -> float:
    return statistics.median(row["seconds"]) * race.factor


def race_table(race: Race, rows: list[dict[str, Any]]) -> str:
    """All contestants of a race, with what else is known of each."""
    ours = finished(rows)[0]
    shown = finished(rows)
    columns = {
        race.what: [row["name"] for row in shown],
        race.unit: [number(median(row, race)) for row in shown],
        "× tp5": [number(ratio(row, ours)) for row in shown],
    }
    extra: dict[str, tuple[str, Callable[[Any], str]]] = {
        "first in a process, s": ("first", number),
        "first ever, s": ("ever", number),
        "epochs": ("epochs", str),
        "calls": ("calls", lambda n: f"{n:,}"),
        "peak memory, MB": ("megabytes", lambda values: number(max(values))),
        "installed, MB": ("installed", number),
    }
    for title, (key, form) in extra.items():
        if any(key in row for row in shown):
            columns[title] = [form(row[key]) if key in row else "" for row in shown]
    if any("calls" in row for row in shown):
        each = [statistics.median(row["seconds"]) / row["calls"] * 1e6 for row in shown]
        columns["µs a call"] = [number(time) for time in each]
    failed = [f"{row['name']} could not run: {row['error']}." for row in rows if "error" in row]
    return "\n\n".join([markdown(columns), *failed])


def conclusions(race: Race, rows: list[dict[str, Any]]) -> str:
    """Won, level, lost; and from when on a peer that compiles is ahead after all."""
    others = peers(rows)
    lines = []
    for word in ("won", "level", "lost"):
        names = [f"{row['name']} ({times:.2f}×)" for times, row in others if verdict(times) == word]
        if names:
            against = {"won": "Won against", "level": "Level with", "lost": "Lost to"}[word]
            lines.append(f"{against} {', '.join(names)}.")
    ours = finished(rows)[0]
    for times, row in others:
        slower_start = row.get("first", 0) - ours.get("first", 0)
        if times < 1 and slower_start > 0:
            mine = statistics.median(ours["seconds"])
            rounds = slower_start / (mine - statistics.median(row["seconds"]))
            lines.append(
                f"{row['name']} is ready {number(slower_start)} s later, and has caught up when "
                f"tp5 has trained for {number(rounds * mine)} s."
            )
    checked = [row["difference"] for row in rows[1:] if row.get("difference") is not None]
    if checked:
        lines.append(
            f"Same weights in, same loss and gradient out: at most {max(checked):.0e} apart."
        )
    if race.goal:
        lines.append(goal(race, rows) + ".")
    return " ".join([*lines, *sizes(rows)])


def sizes(rows: list[dict[str, Any]]) -> list[str]:
    """Say whose process is the smallest, in memory and on the disk."""
    lines = []
    for key, what in (("megabytes", "peak memory"), ("installed", "installation")):
        known = [(float(np.max(row[key])), row["name"]) for row in finished(rows) if key in row]
        if len(known) > 1:
            (least, name), (more, second) = sorted(known)[:2]
            lines.append(f"Smallest {what}: {name}, {more / least:.1f} times less than {second}.")
    return lines


def goal(race: Race, rows: list[dict[str, Any]]) -> str:
    """Say whether the project's own goal is met; also in proportion to the peer beside it."""
    assert race.goal is not None
    ours = finished(rows)[0]
    said = judged(median(ours, race), race.goal)
    for row in finished(rows):
        if race.beside and race.beside[0] == row["name"]:
            name, then = race.beside
            said += f"; where {name} takes {then:g}: {judged(then / ratio(row, ours), race.goal)}"
    return f"Goal of at most {race.goal:g} {race.unit}: {said}"


def judged(measured: float, limit: float) -> str:
    return f"{'met' if measured <= limit else 'missed'} ({number(measured)})"


def first_time(rows: list[dict[str, Any]]) -> str:
    """Say who wins where the work is done once, compiling included."""
    ours, *others = finished(rows)
    if "first" not in ours or not others:
        return ""
    times = min(row["first"] / ours["first"] for row in others)
    return f"{verdict(times)} ({number(times)})"


def summary(measured: dict[str, Any]) -> dict[str, list[str]]:
    """One row a race: ours, the fastest peer, who won, and the goal."""
    names = ("work", "tp5", "fastest peer", "peer / tp5", "verdict", "first time", "goal")
    table: list[list[str]] = []
    for key, section in SECTIONS.items():
        if key not in measured:
            continue
        for race, rows in zip(section.races, measured[key]["races"], strict=True):
            if not finished(rows):
                continue
            ours, others = finished(rows)[0], peers(rows)
            best = others[0] if others else None
            table.append(
                [
                    f"{key} {race.what}",
                    f"{number(median(ours, race))} {race.unit}",
                    f"{best[1]['name']}, {number(median(best[1], race))}" if best else "",
                    f"{best[0]:.2f}" if best else "",
                    verdict(best[0]) if best else "",
                    first_time(rows),
                    goal(race, rows).partition(": ")[2] if race.goal else "",
                ]
            )
    if "W8" in measured:
        total = sum(measured["W8"]["notebooks"].values())
        verdicts = ["", "", "", "", judged(total, ALL_NOTEBOOKS)]
        table.append(["W8 all notebooks", f"{total:.0f} s", *verdicts])
    return {name: [row[column] for row in table] for column, name in enumerate(names)}


def sharing(one: list[dict[str, Any]], ten: list[dict[str, Any]]) -> str:
    """How much less a run costs beside nine others."""
    alone, together = (statistics.median(rows[0]["seconds"]) for rows in (one, ten))
    return f"One of ten runs takes {alone / together * 10:.1f} times less than one alone."


def scipy_itself(found: dict[str, float]) -> str:
    """W6: what scipy waits for, and what it spends itself."""
    each, ours = (1e6 * found[key] / found["calls"] for key in ("seconds", "waited"))
    return (
        f"A clock around each call of the objective, its count included, tells {number(ours)} µs "
        f"of {number(each)} in an iteration: {judged(ours, OBJECTIVE)}, for at most {OBJECTIVE:g}. "
        f"The rest is scipy's own, {number(each - ours)} µs a call."
    )


def growth(found: dict[str, Any]) -> str:
    """W7: the slopes, and what they mean."""
    columns: dict[str, list[str]] = {
        "what grows": [],
        "from – to": [],
        "cost, first": [],
        "cost, last": [],
        "slopes between neighbours": [],
    }
    for name, series in found.items():
        sizes, seconds = series["sizes"], series["seconds"]
        unit = SERIES[name][1].removeprefix("s ")
        columns["what grows"].append(SERIES[name][0])
        columns["from – to"].append(f"{sizes[0]:,} – {sizes[-1]:,}")
        columns["cost, first"].append(f"{seconds[0] * 1e3:.3g} ms {unit}")
        columns["cost, last"].append(f"{seconds[-1] * 1e3:.3g} ms {unit}")
        columns["slopes between neighbours"].append(" ".join(f"{s:.2f}" for s in series["slopes"]))
    return "\n\n".join(
        [
            "![Four log-log curves of training time; the table has their slopes.](scaling.png)",
            markdown(columns),
            "A slope of 0 means that more costs nothing, because the overhead of Python is "
            "paid anyway; 1 means in proportion; 2 is what a width costs whose square counts."
            " Runs go to 1, shared by as many threads as there are cores. Width goes from "
            "overhead towards 2, for both sides of the large matrices grow. Samples go to 1: "
            "an epoch is a number of steps, and the loss over all of them is computed in "
            "blocks, so that no size falls off a cliff. The latent layer is a small part of "
            "its network.",
            cliff(found["samples"]),
        ]
    )


def cliff(series: dict[str, Any]) -> str:
    """Cost of a sample at the largest size against the size before."""
    *_, n, most = series["sizes"]
    times = (most / n) ** (series["slopes"][-1] - 1)
    word = "no cliff" if times < 1.5 else "a cliff"
    return f"A sample of {most:,} costs {times:.2f}× a sample of {n:,}: {word}."


def notebooks(found: dict[str, float]) -> str:
    """W8: every notebook under nbval."""
    total = sum(found.values())
    names = [*found, "all"]
    seconds = [f"{s:.0f}" for s in (*found.values(), total)]
    table = markdown({"notebook": names, "seconds": seconds})
    return f"{table}\n\nGoal of at most {ALL_NOTEBOOKS} s: {judged(total, ALL_NOTEBOOKS)}."


def document(measured: dict[str, Any]) -> str:
    """Write the whole of `results.md`."""
    parts = [
        "# Benchmarks",
        "Written by `make bench`; every number and every verdict comes from the measurements."
        " Times are medians of rounds in which the contestants take turns, each in a process "
        "of its own; a ratio is the median of the ratios within a round, above 1 where the "
        f"peer takes longer. Closer than {LEVEL:g}× is level. The first time is that of work "
        "done once in a process: ours, with loops that are compiled and kept on the disk, "
        "against the quickest of the others, who compile in each. The first time ever, on a "
        "new machine, is ours with compiling. A goal was set on a machine where its peer took"
        " a certain time; in proportion to that time it is judged again.",
    ]
    if table := summary(measured):
        parts += [markdown(table)]
    for key, section in SECTIONS.items():
        if key not in measured:
            continue
        parts.append(f"## {key} · {section.title}")
        for race, rows in zip(section.races, measured[key]["races"], strict=True):
            if finished(rows):
                parts += [race_table(race, rows), conclusions(race, rows)]
        parts.append(section.why)
        if key == "W1":
            parts.append(sharing(*measured[key]["races"]))
        if key == "W6":
            parts.append(scipy_itself(measured[key]["scipy"]))
    if "W7" in measured:
        parts += ["## W7 · How cost grows", growth(measured["W7"]["growth"])]
    if "W8" in measured:
        parts += ["## W8 · All notebooks under nbval", notebooks(measured["W8"]["notebooks"])]
    if "explorer" in measured:
        parts += ["## The explorer in a browser", f"```\n{measured['explorer']['text']}\n```"]
    return "\n\n".join([*parts, "## Where and when", where(measured)]) + "\n"


def where(measured: dict[str, Any]) -> str:
    """The machine and the versions of each section's run."""
    lines = []
    for key, found in measured.items():
        known = "; ".join(f"{name} {value}" for name, value in found["machine"].items())
        lines.append((f"{found['when']}, load {found['load']:.1f} before", known, key))
    same = {line[1] for line in lines}
    times = "\n".join(f"- {key}: {when}" for when, _, key in lines)
    return "\n\n".join([*same, times])


def printed(measured: dict[str, Any]) -> str:
    """The summary as the terminal shows it."""
    return str(Table(summary(measured)))
