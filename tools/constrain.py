"""Writes constraints.txt anew: the newest versions of all that the tests and checks need.

Usage: tools/constrain.py PYTHON ..., each Python that has a set of its own; each needs pip. Nothing
is installed. Whether the versions work together, `make test` and `make check` say afterwards.
"""

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """\
# The versions that `make` installs; with LATEST=1, it takes the newest instead.
# Written by tools/constrain.py.
"""
WHAT = ".[test,dev,torch]"  # as `tools/setup check` and `tools/setup torch` install


def newest(python: str) -> tuple[str, dict[str, str]]:
    """Return a Python's version, and those of the packages that its pip would install."""
    words = "install --quiet --dry-run --ignore-installed --report -".split()
    said = subprocess.run(
        [python, "-m", "pip", *words, WHAT], check=True, cwd=ROOT, stdout=subprocess.PIPE
    )
    report = json.loads(said.stdout)
    found = [one["metadata"] for one in report["install"]]
    versions = {re.sub("[-_.]+", "-", one["name"]).lower(): one["version"] for one in found}
    del versions["hopfield"]
    return report["environment"]["python_version"], versions


def lines(name: str, found: dict[str, str], pythons: list[str]) -> list[str]:
    """Return a package's lines, one for each run of Pythons that have the same version of it.

    The last one reaches up, so that a Python which nobody tried yet has its neighbour's versions.

    >>> lines("numpy", {"3.11": "2.4", "3.12": "2.5", "3.13": "2.5"}, ["3.11", "3.12", "3.13"])
    ['numpy==2.4 ; python_version < "3.12"', 'numpy==2.5 ; python_version >= "3.12"']
    >>> lines("zipp", {"3.11": "4.1"}, ["3.11", "3.12"])
    ['zipp==4.1']
    """
    known = [python for python in pythons if python in found]
    starts = [b for a, b in pairwise(["", *known]) if found.get(a) != found[b]]
    made = []
    for start, end in pairwise([*starts, ""]):
        ends = [f'python_version >= "{start}"'] if start != starts[0] else []
        ends += [f'python_version < "{end}"'] if end else []
        made.append(" ; ".join([f"{name}=={found[start]}", *filter(None, [" and ".join(ends)])]))
    return made


def main(pythons: list[str]) -> None:
    """Write the file."""
    sets = dict(sorted(map(newest, pythons), key=lambda one: _order(one[0])))
    every = sorted({name for names in sets.values() for name in names})
    text = [
        line
        for name in every
        for line in lines(name, {v: n[name] for v, n in sets.items() if name in n}, list(sets))
    ]
    (ROOT / "constraints.txt").write_text(HEAD + "".join(f"{line}\n" for line in text))


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


if __name__ == "__main__":
    main(sys.argv[1:] or sys.exit(__doc__))
