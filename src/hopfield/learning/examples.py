"""Learning from classes of examples: what each class has in common, and what sets them apart."""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, describe, numbers, vectors
from ..core.couplings import Couplings
from ..core.patterns import Int8, bipolar
from .weights import couplings

_MOST = 2**20  # of a common multiple of the classes' sizes
Classes = npt.ArrayLike | Sequence[npt.ArrayLike]


def archetypes(examples: Classes) -> Couplings:
    """Store the mean of each class by Hebb's rule: W = sum of mean mean' / N over the classes.

    So the network recalls what the examples of a class are copies of, though it saw none but noisy
    ones. Where nobody says which examples belong together, `hebb` of all of them does the same
    with more of them (`theory.examples`).

    Parameters
    ----------
    examples : array_like of shape (K, M, N), or sequence of K arrays of shape (M_k, N)
        -1/+1 or bools: for each class its examples, one at least.

    Returns
    -------
    Couplings

    Raises
    ------
    TypeError, ValueError
        For values other than -1/+1, a class without examples, or classes of different neurons.

    References
    ----------
    Alemanno, Aquaro, Kanter, Barra & Agliari 2023, doi:10.1209/0295-5075/aca55f.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(10, 500, rng=1)
    >>> seen = hf.patterns.examples(xi, 30, 0.5, rng=2)
    >>> memory = hf.learning.archetypes(seen)
    >>> hf.overlap(hf.recall(memory, seen[0, 0], rng=3).state, xi[0]) > 0.98
    True
    """
    classes = _classes(examples)
    each, n = lcm(*(len(members) for members in classes)), classes[0].shape[1]
    whole = each < _MOST
    each = each if whole else 1
    # Whole numbers, each times every mean, unless there are too many sizes for that.
    sums = np.stack([members.sum(axis=0) * (each / len(members)) for members in classes])
    denominator = float(n * each**2)
    return couplings(sums.T @ sums / denominator, denominator if whole else np.inf)


def hierarchical(examples: Classes, ancestors: npt.ArrayLike | None = None) -> Couplings:
    """Store families of alike patterns: each family's ancestor, and each member by its differences.

    W = (sum of a a' + sum of (x - r a)(x - r a)' / (1 - r**2)) / N, the first sum over ancestors a,
    the second over the members x of each, which overlap with it by its family's r. Hebb's rule
    recalls the family where this recalls the member.

    Parameters
    ----------
    examples : array_like of shape (K, M, N), or sequence of K arrays of shape (M_k, N)
        -1/+1 or bools: for each family its members, two at least.
    ancestors : array_like of shape (K, N), optional
        By default each is taken for what most of its members are, a tie for what the first is. r
        of a family is found from how its members overlap.

    Returns
    -------
    Couplings

    Raises
    ------
    TypeError, ValueError
        For values other than -1/+1, a family of one, or whose members are all alike, or
        another number of ancestors.

    References
    ----------
    Parga & Virasoro 1986, doi:10.1051/jphys:0198600470110185700.

    Examples
    --------
    >>> import hopfield as hf
    >>> families = hf.patterns.examples(hf.random_patterns(3, 500, rng=1), 4, 0.7, rng=2)
    >>> rows = families.reshape(-1, 500)
    >>> hf.hebb(rows).stable(rows).sum(), hf.learning.hierarchical(families).stable(rows).sum()
    (np.int64(0), np.int64(12))
    """
    classes = _classes(examples)
    for k, members in enumerate(classes):
        if len(members) < 2:
            raise ValueError(f"examples[{k}] must have 2 members at least, not one")
        if (members == members[0]).all():
            raise ValueError(f"examples[{k}] must differ within the family; its members are alike")
    sums = np.stack([members.sum(axis=0, dtype=np.float64) for members in classes])
    n = sums.shape[1]
    sizes = np.array([len(members) for members in classes])
    overlaps = ((sums**2).mean(axis=1) - sizes) / (sizes * (sizes - 1))  # of two members
    r = np.sqrt(np.maximum(overlaps, 0))
    if ancestors is None:
        first = np.stack([members[0] for members in classes])
        top = np.where(sums == 0, first, np.sign(sums))
    else:
        top = vectors(bipolar(ancestors, "ancestors"), "ancestors", n).astype(np.float64)
        if top.shape != sums.shape:
            raise ValueError(f"ancestors must be {sums.shape}, a row a family, not {top.shape}")
    families = zip(classes, top, r, strict=True)
    apart = np.concatenate([(x - r * a) / sqrt(1 - r**2) for x, a, r in families])
    w: Floats = (top.T @ top + apart.T @ apart) / n
    return couplings(w)


def _classes(examples: Classes) -> list[Int8]:
    """Return the examples of each class, (M_k, N)."""
    given: Any = examples
    if not isinstance(given, (list, tuple)):
        given = numbers(given, "examples")
        if given.ndim != 3:
            raise ValueError(
                "examples must be classes of examples, (K, M, N) or a list of arrays (M, N), not "
                f"of shape {given.shape}"
            )
    if not len(given):
        raise ValueError("examples must hold a class at least, not be empty")
    classes = [bipolar(members, f"examples[{k}]") for k, members in enumerate(given)]
    for k, members in enumerate(classes):
        if members.ndim != 2 or members.shape[1] != classes[0].shape[-1]:
            raise ValueError(
                f"examples[{k}] must be rows of as many neurons as the others, (M, N), not "
                f"{describe(members.shape)}"
            )
    if classes[0].shape[1] < 2:
        raise ValueError("examples must have 2 neurons at least, not 1")
    return classes
