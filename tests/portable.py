"""The course under other processors' kernels: ``make portable`` prints a table of what passed.

NumPy, OpenBLAS and Numba choose other instructions on other processors. They can be told to, so
that one machine stands for several; 64-bit Arm is emulated where an emulator is at hand.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
NO_AVX = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR AVX2 FMA3"
NO_AVX512 = NO_AVX.removesuffix(" AVX2 FMA3")


def processor(name: str, blas: str, without: str) -> dict[str, str]:
    """Return the environment that makes the three libraries compute as on another processor."""
    return {
        "NUMBA_CPU_NAME": name,
        "NUMBA_CPU_FEATURES": "",
        "OPENBLAS_CORETYPE": blas,
        "NPY_DISABLE_CPU_FEATURES": without,
    }


SETTINGS: dict[str, dict[str, str]] = {
    "this machine": {},
    "one thread": {"OMP_NUM_THREADS": "1"},
    "nehalem": processor("nehalem", "Nehalem", NO_AVX),
    "haswell": processor("haswell", "Haswell", NO_AVX512),
    "skylake-avx512": processor("skylake-avx512", "SkylakeX", ""),
    "generic": processor("generic", "Sandybridge", NO_AVX),
}
# Prints it, and fails if it is not the course's.
FINGERPRINT = """
from tp5.tools.fingerprint import FINGERPRINT, fingerprint
print(found := fingerprint())
raise SystemExit(found != FINGERPRINT)
"""
UNIT = ["-m", "pytest", "-q", "-n", "2", "-p", "no:nbval", "--ignore", "tests/whole"]
UNIT += ["--ignore", "tests/browser", "tests"]
NBVAL = ["-m", "pytest", "-q", "--nbval", "--nbval-cell-timeout", "600", "-p", "no:cacheprovider"]
NBVAL += ["--nbval-sanitize-with", "tests/nbval_sanitize.cfg", "-n", "2", "--dist", "loadfile"]


def run(command: list[str], environment: dict[str, str]) -> tuple[str, str]:
    """Run a command; return ✓ or ✗ with its seconds, and what it printed."""
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    sign = "✗" if done.returncode else "✓"
    return f"{sign} {time.perf_counter() - started:.0f} s", done.stdout + done.stderr


def can_be(name: str) -> bool:
    """Whether this processor has the instructions of that one."""
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    needs = {"haswell": "avx2", "skylake-avx512": "avx512f", "nehalem": "sse4_2"}
    return needs.get(name, "") in flags


def sixteen_digits(said: str) -> str:
    """Find the fingerprint in what was printed, beside warnings."""
    return " ".join(re.findall(r"\b[0-9a-f]{16}\b", said))


def row(name: str, environment: dict[str, str], full: bool) -> bool:
    """Print a setting's row; return whether all of it passed."""
    print(f"{name:16}", end="", flush=True)
    if not can_be(name):
        print("not on this processor")
        return True
    sign, said = run([sys.executable, "-c", FINGERPRINT], environment)
    print(f"fingerprint {sign} {sixteen_digits(said)}", end="", flush=True)
    passed = sign[0] == "✓"
    notebooks = sorted(map(str, (ROOT / "notebooks").glob("0[0-5]*.ipynb")))
    for what, arguments in (("unit", UNIT), ("notebooks", NBVAL + notebooks)) if full else ():
        sign, said = run([sys.executable, *arguments], environment)
        passed &= sign[0] == "✓"
        print(f"   {what} {sign}", end="", flush=True)
        if sign[0] == "✗":
            print("\n" + "\n".join(said.splitlines()[-30:]))
    print()
    return passed


def arm(script: Path) -> bool:
    """Print the fingerprint of 64-bit Arm, emulated; it takes minutes."""
    print(f"{'arm64, emulated':16}", end="", flush=True)
    folder = os.environ.get("ARM64_FOLDER", "/tmp/arm64")
    sign, said = run([str(script), folder, "-c", FINGERPRINT], {"PYTHONPATH": str(ROOT)})
    print(f"fingerprint {sign} {sixteen_digits(said)}")
    return sign[0] == "✓"


def main() -> int:
    """Run every setting; ``--fingerprints`` leaves out tests and notebooks."""
    full = "--fingerprints" not in sys.argv
    passed = [row(name, environment, full) for name, environment in SETTINGS.items()]
    emulator = os.environ.get("ARM64", "")
    if emulator and Path(emulator).exists():
        passed.append(arm(Path(emulator)))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
