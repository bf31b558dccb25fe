"""``hopfield book`` and ``lab``: the built book in a browser."""

from __future__ import annotations

from pathlib import Path

from . import site
from .options import Book, NoOpen, Port


def book(port: Port = None, folder: Book = None, no_open: NoOpen = False) -> int:
    """Serve the live book to this machine alone, and open it."""
    return _serve("index.html", port, folder, no_open)


def lab(port: Port = None, folder: Book = None, no_open: NoOpen = False) -> int:
    """Serve the live book to this machine alone, and open its lab."""
    return _serve("lab.html", port, folder, no_open)


EXAMPLES = "", "--port 8000", "--folder build/book --no-open"
COMMANDS = {book: EXAMPLES, lab: EXAMPLES}


def _serve(page: str, port: int | None, folder: Path | None, no_open: bool) -> int:
    site.serve(folder or site.folder(), port or 0, open_browser=not no_open, page=page)
    return 0
