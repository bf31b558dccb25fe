"""Hebb's network of which each neuron hears few others, the ones that it hears chosen freely.

Each of N neurons hears C others, C far below ln N, and that i hears j says nothing of whether j
hears i. What reaches a neuron then comes from a tree, nothing of it twice, and one step from the
overlap m is exact at the load alpha = P/C. Of many connections

    m' = int Dz tanh((m + sqrt(alpha) z) / T),

and of C of them, n of which send what the pattern says, while k of the C (P - 1) products of the
other patterns are positive,

    m' = E tanh(h / T),   h = (2 n - C + 2 k - C (P - 1)) / C,
    n ~ Bin(C, (1 + m) / 2),   k ~ Bin(C (P - 1), 1/2).

At T = 0 the sign takes the place of tanh, and a field of exactly 0, which there is where C P is
even, is decided by a coin: that is ``Sign(tie="random")``. Ties that are kept, as by default, keep
more of the pattern (0.86 for 0.827 at C = 20, P = 8), and no map of m alone is exact for them.

References
----------
Derrida, Gardner & Zippelius 1987, doi:10.1209/0295-5075/4/2/007. The map of few connections was
derived for this package, and agrees with recall in networks of 40,000 neurons.
"""

from __future__ import annotations

from math import exp, lgamma, log, pi, sqrt

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, flag, not_negative
from ._mean_field import binomial, each, moments, root, settled, temperature

__all__ = ["critical", "overlap"]
__dir__ = __all__.copy

_MOST, _MOST_VARIED = 10_000, 300  # connections
_LEAST = 1e-17  # of a probability
_FAR = 12  # standard deviations, beyond which nothing is left of a binomial law


def overlap(
    load: npt.ArrayLike,
    T: float = 0.0,
    connections: int | None = None,
    varied: bool = False,
) -> Floats | float:
    """Return the overlap m that a pattern keeps, after many steps; 0 where it is lost.

    Parameters
    ----------
    load : array_like
        Patterns a connection, alpha = P/C, 0 or more.
    T : float
        Temperature.
    connections : int, optional
        How many others each neuron hears, C, 10,000 at most; then load times C must be a whole
        number of patterns, 1 or more. By default the limit of many.
    varied : bool
        C, 300 at most, is only the mean, and how many others a neuron hears follows Poisson's
        law: what `learning.dilute` leaves where it cuts each coupling by itself.

    Returns
    -------
    float or ndarray of the shape of load
        It falls to 0 without a jump, and is the same for all neurons together and one at a time.
        Networks must be large: of 4,000 neurons that hear about 20 each it is right to 0.005.

    Raises
    ------
    TypeError, ValueError
        If a load or T is negative, there is no connection, or the load no number of patterns.

    Examples
    --------
    >>> overlap([0.1, 0.4, 0.7]).round(6)
    array([0.998407, 0.786118, 0.      ])
    >>> round(overlap(3 / 11, connections=11), 5)
    0.97862
    >>> round(overlap(4 / 20, T=0.5, connections=20, varied=True), 4)
    0.806
    """
    loads, T = not_negative(load, "load"), temperature(T)
    if flag(varied, "varied") and connections is None:
        raise TypeError("connections must be given where they are varied")
    if connections is None:
        return each(lambda a: settled(lambda m: moments(m, max(sqrt(a), 1e-9), T)), loads)
    c = count(connections, "connections", 1, _MOST_VARIED if varied else _MOST)
    return each(lambda a: _on_a_tree(c, _patterns(a, c), T, varied), loads)


def critical(T: float = 0.0) -> float:
    """Return the load up to which patterns are kept, of many connections: 2 / pi at T = 0.

    Parameters
    ----------
    T : float
        Temperature; from T = 1 on the load is 0.

    Returns
    -------
    float
        Where the overlap falls to 0; at its inverse, T_c(load), it does so with temperature.

    Raises
    ------
    TypeError, ValueError
        If T is negative.

    Examples
    --------
    >>> round(critical(), 7), round(critical(0.5), 6)
    (0.6366198, 0.446965)
    """
    T = temperature(T)
    if T == 0:
        return 2 / pi
    return 0.0 if T >= 1 else root(lambda d: moments(0.0, d, T)[1] - 1, 0.0, 1.0) ** 2


def _patterns(load: float, c: int) -> int:
    p = round(load * c)
    if p < 1 or abs(load * c - p) > 1e-9 * p:
        raise ValueError(
            f"load must be a number of patterns by connections, P/{c}, of 1 pattern or more, "
            f"not {load:g}"
        )
    return p


def _on_a_tree(c: int, p: int, T: float, varied: bool) -> float:
    if p > 2 * c:  # from load 1 on the slope at no overlap is below 1
        return 0.0
    degrees = range(max(0, int(c - _FAR * sqrt(c))), int(c + _FAR * sqrt(c)) + 1)
    law = {k: exp(k * log(c) - c - lgamma(k + 1)) for k in degrees} if varied else {c: 1.0}
    answers = {k: _answers(k, c, p, T) for k, share in law.items() if share > _LEAST}

    def step(m: float) -> tuple[float, float]:
        value = slope = 0.0
        for k, answer in answers.items():
            value += law[k] * float(binomial(k, (1 + m) / 2) @ answer)
            if k:
                slopes = binomial(k - 1, (1 + m) / 2) @ np.diff(answer)
                slope += law[k] * k / 2 * float(slopes)
        return value, slope

    return settled(step)


def _answers(k: int, c: int, p: int, T: float) -> Floats:
    """Return the mean answer to 0, ..., k right inputs of k, each of weight 1/c, (k + 1,)."""
    others = k * (p - 1)
    middle, reach = others / 2, _FAR * sqrt(others) / 2 + 1
    noise = np.arange(max(0, int(middle - reach)), min(others, int(middle + reach)) + 1)
    h = (2.0 * np.arange(noise[0], noise[-1] + k + 1) - k * p) / c  # of every sum that there is
    answer = np.tanh(h / T) if T else np.sign(h)
    return np.convolve(answer, _even_odds(others, noise)[::-1], "valid")


def _even_odds(n: int, k: npt.NDArray[np.int64]) -> Floats:
    """Return the chances of k positive products among n, (len(k),), for k in turn around n / 2."""
    logs = np.cumsum(np.log((n - k[:-1]) / k[1:]))
    chance = np.exp(np.append(0.0, logs) - max(0.0, logs.max(initial=0.0)))
    return np.asarray(chance / chance.sum())
