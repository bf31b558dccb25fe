"""Compute the figures, write the table: ``python -m science [--quick] [--to FILE] [SUBJECT]``."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from . import __path__ as folder
from .figure import Figure, Work

_HEAD = """# The field's figures, computed again

`make science` wrote these tables: each figure as this package finds it, beside the one that is
known from the work named, or from an independent computation. A figure of a formula may differ by
rounding. One that is simulated may differ by as much as one in a thousand does: 3.3 standard errors
of what is known, and of ours, which come from few networks, as many as Student's t says. Seeds are
0, 1, 2 and so on. What differs by more is marked.
"""


def subjects() -> dict[str, str]:
    """Return each module with figures, and its title."""
    names = sorted(m.name for m in pkgutil.iter_modules(folder))
    modules = {n: importlib.import_module(f"{__package__}.{n}") for n in names if n != "__main__"}
    return {
        name: (module.__doc__ or name).split("\n")[0].rstrip(".")
        for name, module in modules.items()
        if hasattr(module, "WORKS")
    }


def works() -> Iterator[tuple[str, Work]]:
    """Yield each work with its subject."""
    for name in subjects():
        for work in importlib.import_module(f"{__package__}.{name}").WORKS:
            yield name, work


def table(work: Work, figures: list[Figure]) -> str:
    """Return a work's figures as Markdown."""
    rows = [
        f"| {f.what} | {f.written(f.found)} | {f.written(f.known)} | {f.bar:.2g} |"
        f"{'' if f.holds else ' **differs**'}"
        for f in figures
    ]
    head = f"### {work.name[:1].upper()}{work.name[1:]}\n\n{work.source}.\n"
    return "\n".join([head, "| | found | known | may differ by |", "|:--|--:|--:|--:|", *rows, ""])


def renewed(text: str, found: dict[str, str]) -> str:
    """Return the page with the sections that were found in place of its own of the same titles."""
    old = dict(re.findall(r"^## (.*)\n\n((?:(?!^## ).*\n)*)", text, flags=re.MULTILINE))
    titles = [title for title in subjects().values() if title in {**old, **found}]
    sections = [f"## {title}\n\n{found.get(title) or old[title].strip()}" for title in titles]
    return "\n".join([_HEAD, *(section.rstrip() + "\n" for section in sections)])


def main(words: list[str]) -> int:
    """Run what the words name; return how many figures differ."""
    parser = argparse.ArgumentParser(prog="science", description=__doc__)
    parser.add_argument("subjects", nargs="*", help="modules of this folder; all by default")
    parser.add_argument("--quick", action="store_true", help="without what takes seconds")
    parser.add_argument("--to", type=Path, help="renew these subjects in the page in this file")
    chosen = parser.parse_args(words)
    titles = subjects()
    if strange := {*chosen.subjects} - titles.keys():
        parser.error(f"no subject {min(strange)}; there are {', '.join(titles)}")
    if chosen.quick and chosen.to:
        parser.error("--quick leaves figures out, which a page has: give --to without it")
    found, differ = dict[str, str](), 0
    for subject, work in works():
        if (chosen.subjects and subject not in chosen.subjects) or (chosen.quick and work.slow):
            continue
        print(f"\n{subject}: {work.name}", flush=True)
        figures = list(work.run())
        differ += sum(not figure.holds for figure in figures)
        print(*(f"  {figure}" for figure in figures), sep="\n", flush=True)
        title = titles[subject]
        found[title] = "\n".join(filter(None, [found.get(title), table(work, figures)]))
    if chosen.to:
        page = chosen.to.read_text(encoding="utf-8") if chosen.to.exists() else ""
        chosen.to.write_text(renewed(page, found), encoding="utf-8")
    print(f"\n{differ or 'no'} figure{'s differ' if differ > 1 else ' differs'}")
    return min(differ, 100)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
