"""Grade one submission in a container: no network, and nothing else of the course within reach.

    docker build --tag tp5 --file docs/Dockerfile .    # once; podman takes the same words
    python docs/grade.py NAME                          # then open the address that it prints

First nbgrader runs the submission of course/submitted/NAME in a container, which then ends, with
all that the student's code may have started. Then the Formgrader starts in another, where nothing
of a student's runs. Neither has a network: the browser's words come in by a socket in the folder
that both share, course/graded/NAME, which holds that one submission and a gradebook of its own.
Ctrl-C ends it, and leaves the feedback and the points there. With several gradings done,
``python docs/grade.py --table`` writes all points into course/grades.csv.

It needs Python, and Docker or Podman, on Linux (or in WSL); nothing is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import secrets
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
SOCKET = "jupyter.sock"
LIMITS = (
    *("--network", "none", "--read-only", "--tmpfs", "/tmp:rw,exec,size=2g"),
    *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
    *("--pids-limit", "256", "--memory", "4g"),
    *("--env", "HOME=/tmp", "--env", "NUMBA_CACHE_DIR=/tmp/numba"),
)
AUTOGRADE = "nbgrader generate_assignment notebooks && nbgrader autograde notebooks"
FORMGRADER = (
    "exec jupyter lab --no-browser --ServerApp.sock={socket} --IdentityProvider.token={token} "
    "--ServerApp.terminals_enabled=False"
)
RESULTS = "nbgrader generate_feedback --force notebooks && nbgrader export"


def prepare(top: Path, student: str) -> Path:
    """Make the folder that the containers see: our notebooks, and one submission."""
    handed_in = top / "course" / "submitted" / student
    if not student or Path(student).name != student or not handed_in.is_dir():
        sys.exit(f"There is no folder {handed_in}; put the notebooks into its notebooks/.")
    folder = top / "course" / "graded" / student
    if folder.exists():
        sys.exit(f"{folder} is there already: it was graded. To do it again, remove that folder.")
    shutil.copytree(top / "notebooks", folder / "notebooks")
    shutil.copytree(handed_in, folder / "course" / "submitted" / student)
    shutil.copy(top / "nbgrader_config.py", folder)
    return folder


def container(engine: str, image: str, folder: Path, command: str) -> list[str]:
    """Return the words that run a command in a container of its own."""
    me = f"{os.getuid()}:{os.getgid()}"
    user = ("--userns", "keep-id") if engine == "podman" else ("--user", me)
    mount = ("--volume", f"{folder}:/course", "--workdir", "/course")
    return [engine, "run", "--rm", *LIMITS, *user, *mount, image, "sh", "-c", command]


class Gate(socketserver.ThreadingTCPServer):
    """A port of this machine, and of nobody else, that leads to a socket."""

    daemon_threads = True

    def __init__(self, port: int, path: Path) -> None:
        super().__init__(("127.0.0.1", port), Visitor)
        self.path = path


class Visitor(socketserver.BaseRequestHandler):
    """A browser's connection: what it says is carried in, and what is answered out."""

    server: Gate

    def handle(self) -> None:
        """Carry both ways until both have ended."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as inside:
            inside.connect(str(self.server.path))
            there = threading.Thread(target=carry, args=(self.request, inside), daemon=True)
            there.start()
            carry(inside, self.request)
            there.join()


def carry(source: socket.socket, target: socket.socket) -> None:
    """Carry bytes until there are no more."""
    with contextlib.suppress(OSError):
        while piece := source.recv(2**16):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


def formgrade(words: list[str], folder: Path, port: int, token: str) -> None:
    """Run the Formgrader until Ctrl-C."""
    jupyter = subprocess.Popen(words, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        while jupyter.poll() is None and not (folder / SOCKET).exists():
            time.sleep(0.2)
        with Gate(port, folder / SOCKET) as gate:
            threading.Thread(target=gate.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{gate.server_address[1]}/formgrader?token={token}"
            print(f"\nOpen {address}   (Ctrl-C when you are done)", flush=True)
            jupyter.wait()
    except KeyboardInterrupt:
        print("\nThe Formgrader ends; the results are written.", flush=True)
    finally:
        jupyter.terminate()
        jupyter.wait()


def table(top: Path) -> Path:
    """Write the points of all that were graded into one table; refuse more than there are."""
    rows = []
    for path in sorted((top / "course" / "graded").glob("*/course/grades.csv")):
        with path.open(newline="") as file:
            rows += list(csv.DictReader(file))
    for row in rows:
        if float(row["score"] or 0) > float(row["max_score"]):
            sys.exit(f"{row['student_id']} has {row['score']} of {row['max_score']} points?")
    if not rows:
        sys.exit("Nothing was graded yet.")
    target = top / "course" / "grades.csv"
    with target.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target


def main(top: Path, words: list[str]) -> None:
    """Grade a student's submission, or write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("student", nargs="?", help="as in course/submitted/NAME")
    parser.add_argument("--engine", default="docker", choices=("docker", "podman"))
    parser.add_argument("--image", default="tp5")
    parser.add_argument("--port", type=int, default=8888)
    parser.add_argument("--table", action="store_true", help="write course/grades.csv")
    chosen = parser.parse_args(words)
    if chosen.table or chosen.student is None:
        print(table(top) if chosen.table else parser.format_help())
        return
    folder, token = prepare(top, chosen.student), secrets.token_urlsafe()

    def inside(command: str) -> list[str]:
        return container(chosen.engine, chosen.image, folder, command)

    subprocess.run(inside(AUTOGRADE), check=True)
    serve = FORMGRADER.format(socket=SOCKET, token=token)
    formgrade(inside(serve), folder, chosen.port, token)
    subprocess.run(inside(RESULTS), check=True)
    print(f"Points: {folder / 'course' / 'grades.csv'}. Feedback: {folder / 'course' / 'feedback'}")


if __name__ == "__main__":
    main(TOP, sys.argv[1:])
