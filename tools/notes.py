"""Prints the notes of a release, from CHANGELOG.md: tools/notes.py v1.2.3.

It refuses a tag that is not the package's version, and a section that has no date yet.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSION = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)
SECTION = re.compile(r"^## \[(.+?)\] - (.+)\n((?:(?!## ).*\n?)*)", re.MULTILINE)


def notes(tag: str, version: str, changelog: str) -> str:
    """Return what the changelog says of the version that a tag names.

    Raises
    ------
    ValueError
        If the tag is not that of the version, or the changelog has no dated section of it.
    """
    if tag != f"v{version}":
        raise ValueError(
            f"the tag {tag} is not v{version}, the version in src/hopfield/__init__.py"
        )
    for named, date, text in SECTION.findall(changelog):
        if named == version:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
                raise ValueError(f"CHANGELOG.md: {version} has no date, but {date!r}")
            return text.strip() + "\n"
    raise ValueError(f"CHANGELOG.md has no section ## [{version}] - DATE")


if __name__ == "__main__":
    source = (ROOT / "src" / "hopfield" / "__init__.py").read_text(encoding="utf-8")
    try:
        given = notes(
            sys.argv[1],
            VERSION.findall(source)[0],
            (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        )
    except ValueError as problem:
        sys.exit(str(problem))
    sys.stdout.write(given)
