"""What the theories share: roots, maxima, the normal law, and the states that retrieve.

In Hebb's network and in a sequence the overlap m meets a field m + D z, with z normal and D the
spread of the crosstalk. Given D, the first equation below gives m, and a relation that each theory
adds gives the load; so each question is about one function of D: its root is a retrieval state,
its top the capacity.

    m = int Dz tanh((m + D z) / T),   chi = dm/dh,   sqrt(alpha) = relation(D, chi, T)
"""

from __future__ import annotations

from collections.abc import Callable
from math import erf, erfc, exp, lgamma, log, nan, pi, prod, sqrt

import numpy as np

from ..base.checks import Floats, number

Relation = Callable[[float, float, float], float]

GRID = np.arange(-19, 19.125, 0.25)  # trapezoids: exact to double precision for what follows
BELL = 0.25 * np.exp(-(GRID**2) / 2) / sqrt(2 * pi)
SLOPE = 0.25 / np.cosh(GRID) ** 2
_GOLDEN = (sqrt(5) - 1) / 2
_TINY = 1e-13


def each(f: Callable[[float], float], x: Floats) -> Floats | float:
    """Return f of every number of x, in the shape of x."""
    values = [f(a) for a in x.ravel().tolist()]
    return values[0] if x.ndim == 0 else np.reshape(values, x.shape)


def root(f: Callable[[float], float], low: float, high: float) -> float:
    """Return where f changes its sign between low and high, by Ridders' method."""
    f_low, f_high, x = f(low), f(high), low
    if f_low == 0 or f_high == 0:
        return low if f_low == 0 else high
    for _ in range(100):
        before, middle = x, (low + high) / 2
        f_middle = f(middle)
        scale = sqrt(max(0, f_middle**2 - f_low * f_high))
        if f_middle == 0 or scale == 0:
            return middle
        turn = f_middle / scale
        x = middle + (middle - low) * (turn if f_low > 0 else -turn)
        f_x = f(x)
        if f_x == 0 or abs(x - before) < _TINY * abs(x):
            break
        if (f_x > 0) != (f_middle > 0):
            low, f_low, high, f_high = middle, f_middle, x, f_x
        elif (f_x > 0) != (f_low > 0):
            high, f_high = x, f_x
        else:
            low, f_low = x, f_x
    return x


def top(f: Callable[[float], float], low: float, high: float) -> float:
    """Return where f, of one maximum between low and high, is largest, by golden sections."""
    a, b = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    f_a, f_b = f(a), f(b)
    for _ in range(45):
        if f_a > f_b:
            high, b, f_b = b, a, f_a
            a = high - _GOLDEN * (high - low)
            f_a = f(a)
        else:
            low, a, f_a = a, b, f_b
            b = low + _GOLDEN * (high - low)
            f_b = f(b)
    return (low + high) / 2


def bell(x: float) -> float:
    """Return the normal density."""
    return exp(-x * x / 2) / sqrt(2 * pi)


def below(x: float) -> float:
    """Return how likely a normal number is below x."""
    return erfc(-x / sqrt(2)) / 2


def coin(n: int, k: int) -> float:
    """Return the probability of k heads in n tosses."""
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2))


def coins(n: int, k: int) -> float:
    """Return the probability of k heads or fewer in n tosses."""
    if k < 0:
        return 0.0
    if 2 * k > n:  # the sum goes down from its largest term
        return 1 - coins(n, n - k - 1)
    term = total = coin(n, k)
    while term > 1e-17 * total:
        term *= k / (n - k + 1)
        total, k = total + term, k - 1
    return total


def binomial(n: int, p: float) -> Floats:
    """Return the law of how many of n come true, each with probability p, (n + 1,)."""
    if p >= 1:
        return np.asarray(np.eye(1, n + 1, n)[0])
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    k = np.arange(n + 1)
    return np.asarray(np.exp(logs[n] - logs - logs[::-1] + k * log(p) + (n - k) * np.log1p(-p)))


def odd(d: int) -> int:
    """Return (2d - 1)!! = 1 * 3 * ... * (2d - 1), the moment 2d of a normal number."""
    return prod(range(1, 2 * d, 2))


def scalar(value: float, name: str) -> float:
    """Return ``value`` as a finite float of 0 or more."""
    x = number(value, name)
    if x < 0:
        raise ValueError(f"{name} must be 0 or more, not {x:g}")
    return x


def temperature(T: float) -> float:
    """Return T, or 0 where it is too small to tell."""
    return x if (x := scalar(T, "T")) > 1e-9 else 0.0


def moments(m: float, spread: float, T: float) -> tuple[float, float]:
    """Return int Dz tanh((m + D z) / T) and its derivative in m, chi = (1 - q) / T."""
    if T == 0:
        y = m / (sqrt(2) * spread)
        return erf(y), sqrt(2 / pi) * exp(-(y**2)) / spread
    a, b = m / T, spread / T
    if b < 1:
        t = np.tanh(a + b * GRID)
        return float(BELL @ t), float(BELL @ (1 - t**2)) / T
    # By parts, so that the grid need not follow the step that tanh becomes as T falls.
    steps = [erf(x) for x in (a - GRID) / (b * sqrt(2))]
    bells = np.exp(-(((GRID - a) / b) ** 2) / 2) / (b * sqrt(2 * pi))
    return float(SLOPE @ steps) / 2, float(SLOPE @ bells) / T


def settled(f: Callable[[float], tuple[float, float]]) -> float:
    """Return the largest m = f(m) of 1 at most, f giving its slope too and being concave; or 0."""
    m = 1.0
    for _ in range(200):  # Newton from above a concave function: it never falls below its root
        value, slope = f(m)
        if slope >= 1:
            return m if value >= m else 0.0
        step = (m - value) / (1 - slope)
        m -= step
        if m < 1e-9:
            return 0.0
        if step < _TINY:
            break
    return m


def root_load(relation: Relation, spread: float, T: float) -> tuple[float, float]:
    """Return sqrt(alpha) and m at a spread; -spread and 0 where m = 0 is the only solution."""
    m = settled(lambda m: moments(m, spread, T))
    return (relation(spread, moments(m, spread, T)[1], T), m) if m else (-spread, 0.0)


def retrieval(relation: Relation, load: float, T: float) -> tuple[float, float]:
    """Return m and the spread of the retrieval state, or zeros."""
    if T >= 1:
        return 0.0, 0.0
    goal = sqrt(load)
    # The root load is concave: secants from the left come near its root and never pass it.
    before, now = (0.0, 0.0), 1e-6
    for _ in range(200):
        value, m = root_load(relation, now, T)
        rise = (value - before[1]) / (now - before[0])
        if rise <= 0:
            return 0.0, 0.0
        step = (goal - value) / rise
        if step < _TINY:
            break
        before, now = (now, value), now + step
    return m, now


def barrier(relation: Relation, load: float, T: float) -> float:
    """Return m of the unstable state between the retrieval state and none, nan without one."""
    if T >= 1 or load == 0:
        return nan if T >= 1 else 0.0
    goal, widest = sqrt(load), _widest(relation, T)
    if root_load(relation, widest, T)[0] < goal:
        return nan
    # The root load rises to its top with the retrieval state, and falls with the unstable one.
    found = root(lambda d: root_load(relation, d, T)[0] - goal, widest, 1.0)
    return root_load(relation, found, T)[1]


def critical(relation: Relation, T: float) -> tuple[float, float]:
    """Return the largest load with retrieval states, and their overlap m there."""
    if T >= 1:
        return 0.0, 0.0
    value, m = root_load(relation, _widest(relation, T), T)
    return value**2, m


def _widest(relation: Relation, T: float) -> float:
    """Return the spread of the crosstalk at the critical load."""
    # Beyond the root of m the value falls like -D.
    return top(lambda d: root_load(relation, d, T)[0], 0, 1)


def spinodal(relation: Relation, load: float) -> float:
    """Return the temperature at which `critical` falls through the load, 0 where it never does."""
    if critical(relation, 0)[0] <= load:
        return 0.0
    return root(lambda T: critical(relation, T)[0] - load, 0.0, 1.0)
