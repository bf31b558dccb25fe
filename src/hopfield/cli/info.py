"""``hopfield info``: what a file holds."""

from __future__ import annotations

from ..analysis.summary import contents
from ..scans.results import read
from ..scans.store import is_store
from .options import AnyFile, Json, Size
from .output import tell
from .recall import size_of


def info(file: AnyFile, size: Size = None, as_json: Json = False) -> int:
    """Say what a file is: a picture, patterns, something saved, or a store of scans."""
    n = None if size is None else size_of(size)[0]
    found = read(file).summary() if is_store(file) else contents(file, n)
    return tell({"file": str(file), **found}, as_json)


COMMANDS = {info: ("a.png", "xi.npy", "pict.dat --size 32x32", "result.npz --json")}
