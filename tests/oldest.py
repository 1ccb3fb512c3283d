"""Print the lowest versions that pyproject.toml allows, as constraints for pip: `make oldest`."""

import re
import sys
import tomllib
from pathlib import Path


def lowest(project: dict) -> list[str]:
    """Return "name==version" for each "name>=version", those of the extras too."""
    extras = project["optional-dependencies"]
    wanted = [
        *project["dependencies"],
        *(one for extra in ("test", "site", "scale") for one in extras[extra]),
    ]
    found = [re.fullmatch(r"([\w.-]+)>=([\w.]+)", one) for one in wanted]
    return [f"{one[1]}=={one[2]}" for one in found if one]


if __name__ == "__main__":
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text()
    sys.stdout.write("\n".join(lowest(tomllib.loads(text)["project"])) + "\n")
