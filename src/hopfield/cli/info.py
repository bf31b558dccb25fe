"""``hopfield info``: what a file holds."""

from __future__ import annotations

from ..analysis.summary import contents
from ..scans.results import read
from ..scans.store import is_store
from .options import AnyFile, Json
from .output import tell


def info(file: AnyFile, as_json: Json = False) -> int:
    """Say what a file is: a picture, patterns, something saved, or a store of scans."""
    found = read(file).summary() if is_store(file) else contents(file)
    return tell({"file": str(file), **found}, as_json)


COMMANDS = {info: ("a.png", "xi.npy", "result.npz --json")}
