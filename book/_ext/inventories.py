"""What other projects' documentation can be linked to: their inventories, fetched or kept."""

from __future__ import annotations

import urllib.request
from http.client import HTTPException
from pathlib import Path

from sphinx.util.logging import getLogger

PLACES = {
    "numpy": "https://numpy.org/doc/stable/",
    "scipy": "https://docs.scipy.org/doc/scipy/",
    "matplotlib": "https://matplotlib.org/stable/",
}
PATIENCE = 10  # seconds


def kept(folder: Path) -> dict[str, tuple[str, str]]:
    """Return intersphinx's mapping of what is in a folder; what is missing is fetched.

    Where there is no network, the book is built without these links, and says so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {name: folder / f"{name}.inv" for name in PLACES}
    try:
        for name in [name for name, file in files.items() if not file.is_file()]:
            with urllib.request.urlopen(f"{PLACES[name]}objects.inv", timeout=PATIENCE) as answer:
                files[name].write_bytes(answer.read())
    except (OSError, HTTPException) as problem:  # the first is enough: the others wait as long
        getLogger(__name__).info("no links to other projects' pages: %s", problem)
    return {name: (PLACES[name], str(file)) for name, file in files.items() if file.is_file()}
