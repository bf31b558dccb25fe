"""Prints the oldest versions that pyproject.toml allows: tools/oldest.py EXTRA ..., for pip.

One line a package, of the package itself and of the extras named; what those need in turn is left
to pip, which takes the newest, as it does for users.

    python tools/oldest.py all test > oldest.txt && pip install -e . -r oldest.txt
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OWN = re.compile(r"hopfield\[(.+)\]")
BOUND = re.compile(r"([\w.-]+)>=([\w.]+)( *;.*)?", re.DOTALL)


def oldest(project: dict[str, dict[str, list[str]]], extras: Iterable[str]) -> Iterator[str]:
    """Yield each requirement of a project and its extras at its lower bound.

    >>> project = {"dependencies": ["numpy>=2.0"], "optional-dependencies": {"a": ["b>=1 ; c"]}}
    >>> list(oldest(project, ["a"]))
    ['numpy==2.0', 'b==1 ; c']
    """
    wanted, known = list(project["dependencies"]), project["optional-dependencies"]
    for extra in extras:
        wanted += known[extra]
    for text in wanted:  # it grows meanwhile
        if own := OWN.fullmatch(text):
            wanted += [one for extra in own[1].split(",") for one in known[extra]]
        elif bound := BOUND.fullmatch(text):
            name, version, marker = bound.groups(default="")
            yield " ".join(f"{name}=={version}{marker}".split())
        else:
            raise ValueError(f"{text} has no lower bound, or more than that")


if __name__ == "__main__":
    read = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    print(*dict.fromkeys(oldest(read["project"], sys.argv[1:])), sep="\n")
