"""``python -m tp5 doctor``, ``compile`` and ``run``: the course from a terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from . import __version__
from .tools import compiling, doctor, runner


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says.

    Parameters
    ----------
    arguments : sequence of str, optional
        In place of ``sys.argv[1:]``.

    Returns
    -------
    int
        The exit code: 0 if all is well, 1 if not, 2 for a wrong command line, 130 if stopped.
    """
    parser = argparse.ArgumentParser(prog="python -m tp5", description="The TP5 course.")
    parser.add_argument("--version", action="version", version=f"tp5 {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("doctor", help="is this machine ready? says what is wrong, and the remedy")
    commands.add_parser("compile", help="compile the training loops once: a few seconds")
    run = commands.add_parser("run", help="run notebooks top to bottom, and leave them as they are")
    run.add_argument("notebooks", nargs="*", metavar="01", help="numbers or paths; none: all")
    options = parser.parse_args(arguments)
    try:
        if options.command == "compile":
            print(compiling.compile_all())
            return 0
        return examine() if options.command == "doctor" else run_all(options.notebooks)
    except KeyboardInterrupt:
        print("stopped")
        return 130


def examine() -> int:
    """Print what the doctor found."""
    examination = doctor.examine()
    print(examination)
    return 0 if examination.healthy else 1


def run_all(names: Sequence[str]) -> int:
    """Run notebooks one after the other, a line for each."""
    try:
        paths = runner.find_notebooks(names)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    failed = 0
    for path in paths:
        performance = runner.run_notebook(path)
        print(performance, flush=True)
        failed += bool(performance.failure)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
