"""BibTeX of what was used: each docstring names its sources, and one file holds their entries."""

from __future__ import annotations

import inspect
import re
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from importlib.resources import files
from typing import Any

from .. import __version__
from ..base.checks import choice, describe
from ..core.memory import Sum
from ..core.separation import Separation
from ..learning import RULES
from ..models import MODELS

_SOURCE = re.compile(r"doi:(10\.\d+/[^\s,;\"]+)|arXiv:(\d+\.\d+)")


class Citation(str):
    """BibTeX that shows itself as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def cite(*used: Any) -> Citation:
    """Return the BibTeX entries of what was used.

    `Couplings` do not tell who made them: beside such a memory, name its rule.

    Parameters
    ----------
    *used : str or object
        The name of a learning rule, of a model or of an entry ("hebb", "modern",
        "hopfield1982"), or anything of this package: a function, a class, an object of it, a
        module. Without any, how to cite the package itself.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        For a name that is neither, or something that names no source.

    Examples
    --------
    >>> import hopfield as hf
    >>> print(hf.cite(hf.HeatBath).splitlines()[0])
    @article{glauber1963,
    """
    if not used:
        return Citation(_ours())
    keys = {key for thing in used for key in _keys(thing)}
    return Citation("\n".join(entries()[key] for key in sorted(keys)))


def _ours() -> str:
    """Return the package's own entry, with its address where its metadata have one."""
    try:
        links = metadata("hopfield").get_all("Project-URL", [])
    except PackageNotFoundError:  # run from its source
        links = []
    address = dict(link.split(", ", 1) for link in links).get("Repository")
    return (
        "@software{hopfield,\n"
        "  title   = {hopfield: {Hopfield} networks and associative memory in {Python}},\n"
        "  author  = {{The hopfield developers}},\n"
        f"  version = {{{__version__}}},\n"
        + (f"  url     = {{{address}}},\n" if address else "")
        + "}\n"
    )


@cache
def entries() -> dict[str, str]:
    """Return the entries of the package's references, by key."""
    text = files(__package__).joinpath("references.bib").read_text(encoding="utf-8")
    parts = re.split(r"\n(?=@)", text)
    return {re.sub(r"@\w+\{(.*?),.*", r"\1", p, flags=re.DOTALL): p.strip() + "\n" for p in parts}


def sources(text: str) -> list[str]:
    """Return the identifiers (DOI or arXiv number) that a text names."""
    return [(doi or number).rstrip(".):") for doi, number in _SOURCE.findall(text)]


def _keys(thing: Any) -> list[str]:
    if isinstance(thing, str) and thing in entries():
        return [thing]
    found = [key for name in sources(_text(thing)) if (key := _key(name))]
    if not found:
        if isinstance(thing, str):
            choice(thing, "used", [*RULES, *MODELS, *entries()])
        raise ValueError(
            f"used must be something whose docstring names its source, not {describe(thing)}"
        )
    return found


def _text(thing: Any) -> str:
    """Return what says where a thing comes from."""
    if isinstance(thing, str):
        if rule := RULES.get(thing):
            return f"{rule.source} {rule.capacity_text}"
        return MODELS[thing].source if thing in MODELS else ""
    if isinstance(thing, Sum):
        return " ".join(map(_text, thing.memories))
    if isinstance(given := getattr(thing, "source", None), str):
        return given
    separation = getattr(thing, "separation", None)
    if isinstance(separation, Separation):  # of a memory
        return separation.source
    if inspect.ismodule(thing):
        inside = (x for x in vars(thing).values() if getattr(x, "__module__", "") == thing.__name__)
        return " ".join(filter(None, [thing.__doc__, *(inspect.getdoc(x) for x in inside)]))
    named = inspect.isroutine(thing) or inspect.isclass(thing)
    what = thing if named else type(thing)
    text = inspect.getdoc(what) or ""
    module = sys.modules.get(getattr(what, "__module__", ""))
    return text if sources(text) else f"{text} {getattr(module, '__doc__', '') or ''}"


@cache
def _key(source: str) -> str | None:
    """Return the key of the entry with an identifier."""
    line = re.compile(rf"(doi|eprint)\s*=\s*\{{{re.escape(source)}\}}", re.IGNORECASE)
    return next((key for key, entry in entries().items() if line.search(entry)), None)
