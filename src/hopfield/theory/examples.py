"""Learning from examples: what Hebb's rule makes of patterns that it only saw noisy copies of.

Of K = alpha N archetypes, M examples each are stored, whose neurons are right with probability
(1 + r) / 2; r is their quality. Supervised, the mean of each class is stored as one real pattern;
unsupervised, all examples are, with weight 1/M. With u = (2 B - M) / M a neuron of such a mean, B
binomial of M and (1 + r) / 2, V = r**2 + (1 - r**2) / M its mean square, and S = 1 for unsupervised
learning, else 0, the replica symmetric theory at T = 0 is::

    n = E u erf(u n / (sqrt(2) D)),   chi = sqrt(2 / pi) E exp(-(u n / D)**2 / 2) / D,
    D**2 = alpha V**2 / (1 - V chi)**2
         + S alpha (1 - r**2)**2 (M - 1) / M**2 / (1 - chi (1 - r**2) / M)**2,

and m = E erf(u n / (sqrt(2) D)) is the overlap with the archetype, n with the mean of its examples.
Of many examples it is Hebb's network of the archetypes, `ags`. So an archetype that was never seen
is recalled, from about 1 / r**2 examples on, unsupervised from about alpha / r**4 more on; of
fewer, the network recalls the examples.

References
----------
Alemanno, Aquaro, Kanter, Barra & Agliari 2023, doi:10.1209/0295-5075/aca55f. The equations were
derived for this package, and agree with recall in networks of 1,000 neurons.
"""

from __future__ import annotations

from math import erf, pi, sqrt

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, flag, not_negative, number
from ._mean_field import binomial, each, root, top

__all__ = ["least", "one_step", "overlap"]
__dir__ = __all__.copy

_MOST = 10_000  # examples
_RATIO, _LOWEST = 0.99, 0.3  # of the grid of n / (sqrt(2) D); states lie above 1
_FAR = 12  # standard deviations of B, beyond which nothing is left of its law
_ERF = np.vectorize(erf, otypes=[float])


def overlap(
    load: npt.ArrayLike, examples: int, quality: float, supervised: bool = True
) -> Floats | float:
    """Return the overlap m with an archetype of the state that the network recalls from it.

    Parameters
    ----------
    load : array_like
        Archetypes a neuron, alpha = K/N, 0 or more.
    examples : int
        How many of each, M, 10,000 at most.
    quality : float
        The overlap r of an example with its archetype, above 0 and 1 at most.
    supervised : bool
        It is known which examples belong together.

    Returns
    -------
    float or ndarray of the shape of load
        0 where there is no such state. Within about 3 % of the load where it ends, networks of
        1,000 neurons differ from this.

    Raises
    ------
    TypeError, ValueError
        If a load is negative, or the number of examples or their quality out of bounds.

    Examples
    --------
    >>> overlap([0.02, 0.05, 0.1], examples=40, quality=0.5).round(4)
    array([0.9976, 0.9901, 0.    ])
    >>> round(overlap(0.05, examples=40, quality=0.5, supervised=False), 4)
    0.9863
    """
    loads, law = not_negative(load, "load"), _Means(examples, quality, supervised)
    return each(law.settled, loads)


def one_step(
    load: npt.ArrayLike, examples: int, quality: float, supervised: bool = True
) -> Floats | float:
    """Return the overlap with an archetype after one step of all neurons from it.

    Parameters
    ----------
    load, examples, quality, supervised
        As for `overlap`.

    Returns
    -------
    float or ndarray of the shape of load

    Raises
    ------
    TypeError, ValueError
        As for `overlap`.

    Examples
    --------
    >>> round(one_step(0.05, examples=10, quality=0.5), 5)
    0.87876
    """
    loads, law = not_negative(load, "load"), _Means(examples, quality, supervised)
    return each(law.next, loads)


def least(load: float, quality: float, supervised: bool = True) -> int:
    """Return how many examples it takes for an archetype to be recalled better than from one.

    Parameters
    ----------
    load : float
        Archetypes a neuron.
    quality, supervised
        As for `overlap`.

    Returns
    -------
    int
        From so many on, `overlap` is above that of a network with one example of each archetype,
        which recalls the example. 1 where the examples are the archetypes.

    Raises
    ------
    TypeError, ValueError
        As for `overlap`; and if 10,000 examples are too few, as they are from a load of about
        0.138 on, which is too much for the archetypes themselves.

    Examples
    --------
    >>> least(0.05, quality=0.5), least(0.05, quality=0.5, supervised=False)
    (19, 22)
    """
    alpha = float(not_negative(number(load, "load"), "load"))

    def recalled(m: int) -> float:
        return _Means(m, quality, supervised).settled(alpha)

    one = recalled(1)
    if quality == 1 and one:
        return 1
    low, high = 1, 2
    while recalled(high) <= one + 1e-9:
        if high == _MOST:
            raise ValueError(
                f"load must be less, or quality more: {_MOST:,} examples are too few at "
                f"load {alpha:g}, quality {quality:g}"
            )
        low, high = high, min(2 * high, _MOST)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if recalled(middle) > one + 1e-9 else (middle, high)
    return high


class _Means:
    """The neurons of the mean of M examples, and the states of a network that holds such means."""

    def __init__(self, examples: int, quality: float, supervised: bool) -> None:
        m = count(examples, "examples", 1, _MOST)
        self.r = number(quality, "quality")
        if not 0 < self.r <= 1:
            raise ValueError(f"quality must be above 0 and 1 at most, not {self.r:g}")
        right, reach = m * (1 + self.r) / 2, _FAR * sqrt(m) / 2 + 1
        b = np.arange(max(0, int(right - reach)), min(m, int(right + reach)) + 1)
        self.u, self.p = (2 * b - m) / m, binomial(m, (1 + self.r) / 2)[b]
        noise = 1 - self.r**2
        self.square = self.r**2 + noise / m
        self.own = noise / m
        self.others = 0.0 if flag(supervised, "supervised") else noise**2 * (m - 1) / m**2

    def next(self, load: float) -> float:
        """Return m one step after the archetype."""
        spread = sqrt(2 * max(load, 1e-18) * (self.square**2 + self.others))
        return float(self.p @ _ERF(self.u * self.r / spread))

    def settled(self, load: float) -> float:
        """Return m of the state whose field is largest beside its spread; 0 without one."""
        goal = sqrt(max(load, 1e-12))
        largest = 1.01 / (goal * sqrt(2 * self.square))  # the root load is below the goal there
        y = largest * _RATIO ** np.arange(np.log(_LOWEST / largest) / np.log(_RATIO))
        found = self._root_loads(y)

        def excess(at: float) -> float:
            return float(self._root_loads(np.array([at]))[0]) - goal

        peaks = np.flatnonzero((found[1:-1] >= found[:-2]) & (found[1:-1] > found[2:])) + 1
        for k in peaks:
            best = y[k] if found[k] >= goal else top(excess, y[k + 1], y[k - 1])
            if excess(best) >= 0:
                above = y[: k + 1][found[: k + 1] < goal].min()
                at = root(excess, best, above)
                return float(self.p @ _ERF(self.u * at))
        return 0.0

    def _root_loads(self, y: Floats) -> Floats:
        """Return sqrt(alpha) at y = n / (sqrt(2) D); -1 where the spread would diverge."""
        uy = self.u * y[:, None]
        spread = _ERF(uy) @ (self.p * self.u) / (sqrt(2) * y)
        chi = sqrt(2 / pi) * (np.exp(-(uy**2)) @ self.p) / spread
        room = np.maximum(1 - self.square * chi, 1e-9)
        crosstalk = (self.square / room) ** 2 + self.others / (1 - chi * self.own) ** 2
        return np.asarray(np.where(room > 1e-9, spread / np.sqrt(crosstalk), -1.0))
