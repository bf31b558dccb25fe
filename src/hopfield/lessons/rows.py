"""The tables of the lessons: each is made from the rows that stand in the files of its folder."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable
from typing import TypeVar

Row = TypeVar("Row")


def rows(package: str, path: Iterable[str], kind: type[Row]) -> list[Row]:
    """Return the rows of a kind that the modules of a package hold, so that a new one is one file.

    Parameters
    ----------
    package, path : str and iterable of str
        The package's name and its ``__path__``.
    kind : type
        The dataclass of a row.

    Returns
    -------
    list
    """
    names = (found.name for found in pkgutil.iter_modules(path))
    modules = [importlib.import_module(f"{package}.{name}") for name in names]
    return [row for module in modules for row in vars(module).values() if isinstance(row, kind)]


def told(words: str | None) -> tuple[str, str]:
    """Return the first line of a docstring, without its stop, and the rest as one paragraph.

    Examples
    --------
    >>> told("Two patterns.\\n\\n    The heading speaks\\n    of two.")
    ('Two patterns', 'The heading speaks of two.')
    """
    title, _, text = inspect.cleandoc(words or "").partition("\n\n")
    return title.removesuffix("."), " ".join(text.split())
