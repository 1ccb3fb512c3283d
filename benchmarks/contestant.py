"""One contestant in a process of its own, which does as it is told on its standard input.

    python -m benchmarks.contestant pytorch online FOLDER

"check" saves loss and gradient at the common weights and says where; "run" does the work once and
says how long it took; "draw PATH" does the work of W5; "installed" says how large is what it has
loaded. Answers are lines of JSON.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np

from .problem import Contestant


def installed() -> dict[str, Any]:
    """Megabytes of the distributions whose modules are loaded, and of all that these require.

    Of tp5 itself only its own files count: the course's whole environment, with JupyterLab, is
    the same for all.
    """
    owners = metadata.packages_distributions()
    loaded = {name.partition(".")[0] for name in sys.modules}
    waiting = {owner.lower() for name in loaded for owner in owners.get(name, ())}
    seen: dict[str, int] = {}
    while waiting:
        name = waiting.pop()
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        paths = [Path(found.locate_file(path)) for path in found.files or ()]
        seen[name] = sum(path.stat().st_size for path in paths if path.is_file())
        if name != "tp5":
            needed = [line for line in found.requires or () if "extra ==" not in line]
            names = {re.match(r"[\w.-]+", line)[0].lower() for line in needed}
            waiting |= {name.replace("_", "-") for name in names} - seen.keys()
    import tp5

    own = sum(path.stat().st_size for path in Path(tp5.__file__).parent.rglob("*.py"))
    return {"installed": (sum(seen.values()) + own) / 1e6, "distributions": len(seen)}


def answer(contestant: Contestant, command: str, folder: str) -> dict[str, Any]:
    """Do what a command says."""
    what, _, rest = command.partition(" ")
    start = time.perf_counter()
    if what == "check":
        loss, grad = contestant.check()
        path = str(Path(folder) / f"{os.getpid()}.npz")
        np.savez(path, loss=loss, grad=grad)
        more: dict[str, Any] | None = {"path": path}
    elif what == "installed":
        more = installed()
    elif what == "draw":
        more = contestant.more["draw"](rest)
        assert Path(rest).stat().st_size > 1000
    else:
        more = contestant.run()
    return {"seconds": time.perf_counter() - start, **(more or {})}


def main(peer: str, work: str, folder: str) -> None:
    """Prepare the work, and obey."""
    answers, sys.stdout = sys.stdout, sys.stderr  # nothing else may answer
    contestant = getattr(import_module(f"benchmarks.peers.{peer}"), work)()
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(contestant, line.strip(), folder)), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
