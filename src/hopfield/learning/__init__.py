"""Learning rules: functions from patterns to a memory, one file each, and their table.

A new rule is one file here and one row of `RULES`; its tests, its place on the command line
and its citation follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

import numpy.typing as npt

from ..base.checks import choice, describe
from ..core.memory import Memory
from .changes import clip, dilute, unlearn
from .covariance import covariance
from .flow import probability_flow
from .hebb import add as _add_hebb, hebb, remove as _remove_hebb
from .palimpsest import add as _add_palimpsest, palimpsest
from .perceptron import adatron, margins, perceptron
from .pseudo_inverse import (
    Projection,
    add as _add_projection,
    pseudo_inverse,
    remove as _remove_projection,
)
from .storkey import add as _add_storkey, storkey

__all__ = [
    "RULES",
    "Projection",
    "Rule",
    "adatron",
    "clip",
    "covariance",
    "dilute",
    "forget",
    "hebb",
    "learn",
    "margins",
    "palimpsest",
    "perceptron",
    "probability_flow",
    "pseudo_inverse",
    "storkey",
    "unlearn",
]


@dataclass(frozen=True)
class Rule:
    """A learning rule and what it claims; the claims are tests.

    Attributes
    ----------
    learn : callable
        patterns (P, N) -> Memory.
    local : bool
        W_ij depends on the patterns at neurons i and j alone.
    symmetric : bool
        The memory has an energy.
    diagonal : bool
        It keeps couplings of neurons to themselves, unless told otherwise.
    gauge : bool
        Neither state is special: to swap them at a neuron in all patterns swaps them in recall.
    capacity : callable
        N -> how many random patterns can be kept.
    capacity_text : str
        The same as a formula, with what "kept" means.
    source : str
        Where it comes from, with its DOI.
    add, remove : callable or None
        (memory, patterns) -> Memory with more patterns or fewer, as if learnt so from the start;
        None where the couplings depend on all patterns at once. See `learn` and `forget`.
    """

    learn: Callable[..., Memory]
    local: bool
    symmetric: bool
    diagonal: bool
    gauge: bool
    capacity: Callable[[int], float]
    capacity_text: str
    source: str
    add: Callable[..., Memory] | None = None
    remove: Callable[..., Memory] | None = None


RULES: dict[str, Rule] = {
    "hebb": Rule(
        learn=hebb,
        local=True,
        symmetric=True,
        diagonal=False,
        gauge=True,
        capacity=lambda n: n / (2 * log(max(n, 2))),
        capacity_text="N / (2 ln N): most patterns exactly fixed "
        "(McEliece et al. 1987, doi:10.1109/TIT.1987.1057328)",
        source="Hopfield 1982, doi:10.1073/pnas.79.8.2554",
        add=_add_hebb,
        remove=_remove_hebb,
    ),
    "storkey": Rule(
        learn=storkey,
        local=False,
        symmetric=True,
        diagonal=False,
        gauge=True,
        capacity=lambda n: n / sqrt(2 * log(max(n, 2))),
        capacity_text="N / sqrt(2 ln N): most patterns exactly fixed (Storkey 1997)",
        source="Storkey 1997, doi:10.1007/BFb0020196",
        add=_add_storkey,
    ),
    "pseudo_inverse": Rule(
        learn=pseudo_inverse,
        local=False,
        symmetric=True,
        diagonal=False,
        gauge=True,
        capacity=lambda n: n,
        capacity_text="N: all linearly independent patterns fixed, with basins that shrink "
        "(Kanter & Sompolinsky 1987, doi:10.1103/PhysRevA.35.380)",
        source="Personnaz, Guyon & Dreyfus 1986, doi:10.1103/PhysRevA.34.4217",
        add=_add_projection,
        remove=_remove_projection,
    ),
    "perceptron": Rule(
        learn=perceptron,
        local=False,
        symmetric=False,
        diagonal=False,
        gauge=True,
        capacity=lambda n: 2 * n,
        capacity_text="2 N: all patterns fixed, the most that any couplings can",
        source="Gardner 1988, doi:10.1088/0305-4470/21/1/030",
    ),
    "adatron": Rule(
        learn=adatron,
        local=False,
        symmetric=False,
        diagonal=False,
        gauge=True,
        capacity=lambda n: 2 * n,
        capacity_text="2 N: all patterns fixed, with the largest margins (Gardner 1988)",
        source="Anlauf & Biehl 1989, doi:10.1209/0295-5075/10/7/014",
    ),
    "covariance": Rule(
        learn=covariance,
        local=False,  # the activity and the threshold are of all neurons
        symmetric=True,
        diagonal=False,
        gauge=False,
        capacity=lambda n: 0.0691 * n,
        capacity_text="0.0691 N where half of the neurons are active, and more the fewer are, "
        "up to N / (2 f |ln f|): recalled with few errors",
        source="Tsodyks & Feigelman 1988, doi:10.1209/0295-5075/6/2/002",
    ),
    "palimpsest": Rule(
        learn=palimpsest,
        local=True,
        symmetric=True,
        diagonal=False,
        gauge=True,
        capacity=lambda n: 0.04 * n,
        capacity_text="about 0.04 N: the newest patterns recalled with few errors, however many "
        "came before",
        source="Parisi 1986, doi:10.1088/0305-4470/19/10/011",
        add=_add_palimpsest,
    ),
    "probability_flow": Rule(
        learn=probability_flow,
        local=False,
        symmetric=True,
        diagonal=False,
        gauge=True,
        capacity=lambda n: n,
        capacity_text="N at least: all patterns fixed (Hillar et al. 2012, arXiv:1204.2916)",
        source="Sohl-Dickstein, Battaglino & DeWeese 2011, doi:10.1103/PhysRevLett.107.220601",
    ),
}


def learn(memory: Memory, patterns: npt.ArrayLike, rule: str = "hebb", **options: Any) -> Memory:
    """Store more patterns in a memory, as if the rule had learnt them after those it holds.

    Parameters
    ----------
    memory : Memory
        What the rule made of other patterns.
    patterns : array_like of shape (P, N)
        -1/+1 or bools; one pattern may be given as (N,).
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
    change = getattr(RULES[choice(rule, "rule", RULES)], what)
    if change is None:
        able = ", ".join(name for name, row in RULES.items() if getattr(row, what))
        raise ValueError(
            f"rule {rule} cannot {what} patterns, which change all of its couplings at once: "
            f"learn all patterns again, or take one of {able}"
        )
    if not isinstance(memory, Memory):
        raise TypeError(f"memory must be a hopfield memory, not {describe(memory)}")
    changed: Memory = change(memory, patterns, **options)
    return changed
