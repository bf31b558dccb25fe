"""Learning rules: functions from patterns to a memory, one file each, and their table.

A new rule is one file here with a row in its ``ROWS``: its tests, its place on the command line and
its citation follow.
"""

from __future__ import annotations

from inspect import signature
from typing import Any

import numpy.typing as npt

from ..base.checks import choice, describe
from ..base.tables import rows
from ..core.memory import Memory
from .adatron import adatron as adatron
from .changes import clip as clip, dilute as dilute, unlearn as unlearn
from .covariance import covariance as covariance
from .dreaming import daydream as daydream, dreaming as dreaming
from .examples import archetypes as archetypes, hierarchical as hierarchical
from .flow import probability_flow as probability_flow
from .hebb import hebb as hebb
from .kernel import KernelMemory as KernelMemory, kernel as kernel
from .palimpsest import palimpsest as palimpsest
from .perceptron import margins as margins, perceptron as perceptron
from .pseudo_inverse import Projection as Projection, pseudo_inverse as pseudo_inverse
from .rule import Rule as Rule
from .storkey import storkey as storkey
from .willshaw import Willshaw as Willshaw, willshaw as willshaw

RULES: dict[str, Rule] = {row.learn.__name__: row for row in rows(__name__)}

__all__ = [
    "RULES",
    "KernelMemory",
    "Projection",
    "Rule",
    "Willshaw",
    "archetypes",
    "clip",
    "daydream",
    "dilute",
    "forget",
    "hierarchical",
    "learn",
    "margins",
    "unlearn",
    *RULES,
]
__dir__ = __all__.copy
globals().update({name: row.learn for name, row in RULES.items()})  # those of new files too


def learn(memory: Memory, patterns: npt.ArrayLike, rule: str = "hebb", **options: Any) -> Memory:
    """Store more patterns in a memory, as if the rule had learnt them after those it holds.

    Parameters
    ----------
    memory : Memory
        What the rule made of other patterns, or `modern`, which needs no rule.
    patterns : array_like of shape (P, N)
        -1/+1 or bools (reals of a `modern` memory); one pattern may be given as (N,).
    rule : str
        A name in `RULES` whose row has ``add``.
    **options
        What the rule takes besides.

    Returns
    -------
    Memory
        A new one.

    Raises
    ------
    TypeError, ValueError
        For a rule whose couplings depend on all patterns at once, and as the rule does.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(3, 50, rng=1)
    >>> memory = hf.learning.learn(hf.learning.pseudo_inverse(xi[:2]), xi[2], "pseudo_inverse")
    >>> memory.stable(xi)
    array([ True,  True,  True])
    """
    return _change("add", memory, patterns, rule, options)


def forget(memory: Memory, patterns: npt.ArrayLike, rule: str = "hebb", **options: Any) -> Memory:
    """Take patterns out of a memory, as if the rule had never learnt them.

    Parameters
    ----------
    memory, patterns, rule, **options
        As for `learn`; the rule's row has ``remove``.

    Returns
    -------
    Memory
        A new one.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(3, 50, rng=1)
    >>> memory = hf.learning.forget(hf.hebb(xi), xi[2])
    >>> bool((memory.field(xi[0]) == hf.hebb(xi[:2]).field(xi[0])).all())
    True
    """
    return _change("remove", memory, patterns, rule, options)


def _change(
    what: str, memory: Memory, patterns: npt.ArrayLike, rule: str, options: dict[str, Any]
) -> Memory:
    own = getattr(memory, {"add": "learn", "remove": "forget"}[what], None)
    if own is not None:  # it holds its patterns as they are
        kept: Memory = own(patterns, **options)
        return kept
    change = getattr(RULES[choice(rule, "rule", RULES)], what)
    if change is None:
        able = ", ".join(name for name, row in RULES.items() if getattr(row, what))
        raise ValueError(
            f"rule {rule} cannot {what} patterns, which change all of its couplings at once: "
            f"learn all patterns again, or take one of {able}"
        )
    if not isinstance(memory, Memory):
        raise TypeError(f"memory must be a hopfield memory, not {describe(memory)}")
    taken = list(signature(change).parameters)[2:]
    for name in options:
        if name not in taken:
            known = f"one of {', '.join(taken)}" if taken else "none at all"
            raise TypeError(f"options must be {known} for rule {rule}, not {name}")
    changed: Memory = change(memory, patterns, **options)
    return changed
