"""What can be done to couplings once they are learnt: dreams, cuts and signs."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..base.checks import Rng, count, flag, generator, not_negative, number
from ..base.progress import Watch, telling
from ..core.couplings import Couplings
from ..core.memory import Memory
from ..core.patterns import random_patterns
from ..core.recall import recall
from .weights import dense_weights


def unlearn(
    memory: Memory,
    times: int,
    *,
    rng: Rng,
    epsilon: float = 0.01,
    progress: Watch | None = None,
) -> Couplings:
    """Dream: start at random, recall, and take a little of what is found away from the memory.

    W_ij becomes W_ij - epsilon s_i s_j / N, so many times. Mixtures are found more often than
    patterns, and so weakened more; too many dreams weaken the patterns, too.

    Parameters
    ----------
    memory : Memory
        Of nothing but couplings between pairs of -1/+1 neurons.
    times : int
        Dreams.
    rng : int or numpy.random.Generator
        Seed or generator.
    epsilon : float
        The strength of a dream beside that of a pattern under Hebb's rule.
    progress : callable, optional
        Called now and then with a `hopfield.base.progress.Progress`; ``print`` will do.

    Returns
    -------
    Couplings

    Raises
    ------
    TypeError, ValueError
        For a memory of another kind, or numbers below 0.

    References
    ----------
    Hopfield, Feinstein & Palmer 1983, doi:10.1038/304158a0.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(14, 100, rng=1)
    >>> memory = hf.hebb(xi)
    >>> hf.learning.unlearn(memory, 200, rng=2).stable(xi).sum() > memory.stable(xi).sum()
    np.True_
    """
    w, draws = dense_weights(memory) * memory.divisor, generator(rng, "unlearn")
    step = not_negative(number(epsilon, "epsilon"), "epsilon") * memory.divisor / memory.n
    kind: Any = {"divisor": memory.divisor, "self_coupling": memory.self_coupling}
    times = count(times, "times", 0)
    tell = telling(progress, "unlearn", times, "dreams")
    for k in range(times):
        start = random_patterns(1, memory.n, rng=draws)[0]
        s = recall(Couplings(w, **kind), start, rng=draws).state
        w -= step * np.outer(s, s)
        tell(k + 1)
    return Couplings(w, **kind)


def dilute(memory: Memory, keep: float, *, rng: Rng, symmetric: bool = True) -> Couplings:
    """Cut couplings at random; those that stay become larger by 1 / keep.

    Parameters
    ----------
    memory : Memory
        Of nothing but couplings between pairs.
    keep : float
        The fraction that stays, above 0 and 1 at most: c.
    rng : int or numpy.random.Generator
        Seed or generator.
    symmetric : bool
        Cut W_ij and W_ji together; else each by itself, and there is no energy.

    Returns
    -------
    Couplings

    Raises
    ------
    TypeError, ValueError
        For a memory of another kind, or a fraction out of range.

    References
    ----------
    Sompolinsky 1986, doi:10.1103/PhysRevA.34.2571 (symmetric); Derrida, Gardner & Zippelius 1987,
    doi:10.1209/0295-5075/4/2/007 (asymmetric).

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.learning.dilute(hf.hebb(hf.random_patterns(3, 50, rng=1)), 0.5, rng=2)
    Couplings(50 x 50)
    """
    w, c = dense_weights(memory), number(keep, "keep")
    if not 0 < c <= 1:
        raise ValueError(f"keep must be a fraction above 0 and 1 at most, not {c:g}")
    stay = generator(rng, "dilute").random(w.shape) < c
    if flag(symmetric, "symmetric"):
        stay = np.triu(stay) | np.triu(stay, 1).T
    divisor = memory.divisor
    return Couplings(w * divisor * stay, divisor=divisor * c, self_coupling=memory.self_coupling)


def clip(memory: Memory) -> Couplings:
    """Keep the sign of each coupling alone, in the size that they have in the mean.

    Parameters
    ----------
    memory : Memory
        Of nothing but couplings between pairs.

    Returns
    -------
    Couplings

    Raises
    ------
    TypeError
        For a memory of another kind.

    References
    ----------
    Sompolinsky 1986, doi:10.1103/PhysRevA.34.2571.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.learning.clip(hf.hebb([[1, -1, 1], [1, 1, 1]])).weights
    array([[0.        , 0.        , 0.66666667],
           [0.        , 0.        , 0.        ],
           [0.66666667, 0.        , 0.        ]])
    """
    w = dense_weights(memory)
    sizes = np.abs(w[w != 0])
    divisor = 1 / float(sizes.mean()) if sizes.size else 1.0
    return Couplings(np.sign(w), divisor=divisor, self_coupling=memory.self_coupling)
