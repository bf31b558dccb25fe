"""Compute the figures, write the table: ``python -m science [--quick] [--to FILE] [SUBJECT]``."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

from . import __path__ as folder
from .figure import Figure, Work

_HEAD = """# The field's figures, computed again

`make science` wrote this table: each figure beside the one that is known, and how far apart the two
may lie. Figures that were simulated have bars of 3.3 standard errors of the difference.
"""


def works() -> Iterator[tuple[str, Work]]:
    """Yield each work with its subject."""
    for name in sorted(m.name for m in pkgutil.iter_modules(folder)):
        if name not in ("__main__", "figure"):
            for work in importlib.import_module(f"{__package__}.{name}").WORKS:
                yield name, work


def table(work: Work, figures: list[Figure]) -> str:
    """Return a work's figures as Markdown."""
    rows = [
        f"| {f.what} | {f.found:.6g} | {f.known:.6g} | {f.bar:.2g} |{'' if f.holds else ' differs'}"
        for f in figures
    ]
    head = [f"\n## {work.name.capitalize()}\n", f"{work.source}\n", "| | found | known | bar |"]
    return "\n".join([*head, "|---|---|---|---|", *rows, ""])


def main(words: list[str]) -> int:
    """Run what the words name; return how many figures differ."""
    parser = argparse.ArgumentParser(prog="science", description=__doc__)
    parser.add_argument("subjects", nargs="*", help="modules of this folder; all by default")
    parser.add_argument("--quick", action="store_true", help="without what takes seconds")
    parser.add_argument("--to", type=Path, help="write the table to this file")
    chosen = parser.parse_args(words)
    known = dict.fromkeys(subject for subject, _ in works())
    if strange := {*chosen.subjects} - known.keys():
        parser.error(f"no subject {min(strange)}; there are {', '.join(known)}")
    text, differ = _HEAD, 0
    for subject, work in works():
        if (chosen.subjects and subject not in chosen.subjects) or (chosen.quick and work.slow):
            continue
        figures = list(work.run())
        differ += sum(not figure.holds for figure in figures)
        print(f"\n{subject}: {work.name}", *figures, sep="\n  ", flush=True)
        text += table(work, figures)
    if chosen.to:
        chosen.to.write_text(text, encoding="utf-8")
    print(f"\n{differ or 'no'} figure{'s differ' if differ > 1 else ' differs'}")
    return min(differ, 100)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
