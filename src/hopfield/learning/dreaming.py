"""Dreaming: from Hebb's couplings to the projection, at once or by the states found asleep."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import Rng, count, generator, number
from ..base.progress import Watch, telling
from ..core.couplings import Couplings
from ..core.memory import Memory
from ..core.patterns import random_patterns
from ..core.recall import recall
from .pseudo_inverse import Projection, joined, parted, projection
from .rule import Rule
from .weights import dense_weights, rows_of


def dreaming(
    patterns: npt.ArrayLike, *, t: float = 10.0, capacity: str | None = None
) -> Projection:
    """Store patterns and dream for a time t: less and less of Hebb's crosstalk is left.

    W = X' (1 + t) (1 + t C)^-1 X / N with C = X X' / N, and an empty diagonal: at t = 0 Hebb's
    couplings, to the bit, and at t = inf those of `pseudo_inverse`. It is what dW/dt = (W - W W) /
    (1 + t) comes to. Basins are largest between the two: where the projection begins to lose cues,
    t = 10 recalls more.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; one pattern may be given as (N,). At t = inf linearly independent, and
        fewer than the neurons.
    t : float
        How long to dream, 0 or more; inf is allowed.
    capacity : {"refuse", "warn"}, optional
        What to do about more patterns than the rule keeps (``Rule.capacity``, of random ones); by
        default nothing.

    Returns
    -------
    Projection
        `learn` and `forget` add and remove patterns, at the same t.

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1, a negative t, and at t = inf as `pseudo_inverse` does.

    References
    ----------
    Fachechi, Agliari & Barra 2019, doi:10.1016/j.neunet.2019.01.006.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(100, 200, rng=1)
    >>> cues = hf.flip(xi, 0.1, rng=2)
    >>> for t in (0, 10, float("inf")):
    ...     ends = hf.recall(hf.learning.dreaming(xi, t=t), cues, rng=3).state
    ...     print(int((ends == xi).all(axis=1).sum()))
    0
    84
    57
    """
    xi = rows_of(patterns)
    ROWS[0].heed(capacity, *xi.shape)
    return Projection(xi, t=t)


def add(memory: Memory, patterns: npt.ArrayLike) -> Projection:
    """Store more patterns, as if dreamt of for the same time, in O(P N + P^2) each."""
    return joined(projection(memory, "dreaming", whole=False), patterns)


def remove(memory: Memory, patterns: npt.ArrayLike) -> Projection:
    """Forget stored patterns: the others are dreamt of anew."""
    return parted(projection(memory, "dreaming", whole=False), patterns)


def daydream(
    patterns: npt.ArrayLike,
    steps: int,
    *,
    rng: Rng,
    tau: float = 32.0,
    memory: Memory | None = None,
    progress: Watch | None = None,
) -> Couplings:
    """Begin with Hebb's couplings; unlearn what random starts find, and learn a pattern each time.

    So many steps W_ij += (xi_i xi_j - s_i s_j) / (tau N): s is where a recall at zero temperature
    from a random state ends, xi one of the patterns at random. `unlearn` alone ends by losing all
    patterns; this does not.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; one pattern may be given as (N,).
    steps : int
        How many, 0 or more. Several tau for each pattern are needed.
    rng : int or numpy.random.Generator
        Seed or generator.
    tau : float
        How slowly it learns, above 0.
    memory : Memory, optional
        The couplings to begin with, as those of earlier daydreams; by default Hebb's.
    progress : callable, optional
        Called now and then with a `hopfield.base.progress.Progress`; ``print`` will do.

    Returns
    -------
    Couplings

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1, a negative number of steps, a tau of 0 or less, or a memory
        of another kind or another N.

    References
    ----------
    Serricchio et al. 2025, doi:10.1016/j.neunet.2025.107216.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(12, 40, rng=1)
    >>> memory = hf.learning.daydream(xi, 400, tau=8, rng=2)
    >>> hf.hebb(xi).stable(xi).sum(), memory.stable(xi).sum()
    (np.int64(7), np.int64(12))
    """
    x, steps = rows_of(patterns).astype(np.float64), count(steps, "steps", 0)
    (p, n), slow = x.shape, number(tau, "tau")
    if slow <= 0:
        raise ValueError(f"tau must be above 0, not {slow:g}")
    w = x.T @ x if memory is None else dense_weights(memory) * n
    if len(w) != n:
        raise ValueError(f"memory must have the {n} neurons of the patterns, not {len(w)}")
    draws = generator(rng, "daydream")
    tell = telling(progress, "daydream", steps, "steps")
    for k in range(steps):
        start, xi = random_patterns(1, n, rng=draws)[0], x[draws.integers(p)]
        s = recall(Couplings(w, divisor=n), start, rng=draws).state
        w += (np.outer(xi, xi) - np.outer(s, s)) / slow
        tell(k + 1)
    return Couplings(w, divisor=n)


ROWS = (
    Rule(
        learn=dreaming,
        capacity=lambda n: n,
        capacity_text="N as t grows; at t = 10 some 0.7 N: most patterns exactly fixed "
        "(Fachechi, Agliari & Barra 2019)",
        source="Fachechi, Agliari & Barra 2019, doi:10.1016/j.neunet.2019.01.006",
        add=add,
        remove=remove,
    ),
)
