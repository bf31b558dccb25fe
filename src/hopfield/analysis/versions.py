"""What a report of a fault needs: versions, the machine, and whether recall is compiled."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from .. import __version__
from ..base.threads import threads
from ..engine import compiled

_FOR_WORK = re.compile(r"extra == .(?:book|test|bench|dev|all)\b")  # what no user's code runs
_SETTINGS = ("HOPFIELD_ENGINES", "HOPFIELD_THREADS")


def show_versions() -> None:
    """Print what a report of a fault needs: the versions of Python and of what is installed.

    Of each package that hopfield can use, it says the version, or that it is absent.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.show_versions()
    hopfield      ...
    python        ...
    numpy         ...
    """
    for name, found in _report():
        print(f"{name:<13} {found}")


def _report() -> Iterator[tuple[str, str]]:
    yield "hopfield", __version__
    yield "python", f"{platform.python_version()} ({platform.python_implementation()})"
    yield "machine", platform.platform()
    yield "threads", str(threads())
    yield "compiled", "yes" if compiled.available() else "no"
    for name in _SETTINGS:
        if name in os.environ:
            yield name, repr(os.environ[name])
    for name in _packages():
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, "absent"


def _packages() -> list[str]:
    """Return the names of what hopfield can use, as its own metadata have them."""
    try:
        asked = requires("hopfield") or []
    except PackageNotFoundError:  # run from its source
        return ["numpy", "scipy", "numba"]
    names = (re.match(r"[\w.-]+", text) for text in asked if not _FOR_WORK.search(text))
    return [name for name in dict.fromkeys(m[0] for m in names if m) if name != "hopfield"]
