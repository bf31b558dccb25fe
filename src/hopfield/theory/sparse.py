"""Sparse patterns: 0/1 neurons of which a fraction f is on, the covariance rule and a threshold.

The weights are sum_mu (eta_i - f)(eta_j - f) / (N f (1 - f)), and m = sum_i (eta_i - f) v_i /
(N f (1 - f)) is the overlap. With H the normal law and G its density, u_1 and u_0 how far the
fields of the neurons that should be on and off lie above the threshold, in units of the
crosstalk's spread D, the replica symmetric theory at T = 0 is

    m = H(u_1) - H(u_0) = D (u_1 - u_0),      q = f H(u_1) + (1 - f) H(u_0),
    alpha = (D (1 - chi))**2 / q,             D chi = f G(u_1) + (1 - f) G(u_0),
    threshold = -D u_0 - f m + alpha chi / (2 - 2 chi),

the last term being what a neuron's own state feeds back through the others.

References
----------
Tsodyks and Feigelman 1988, doi:10.1209/0295-5075/6/2/002. Buhmann, Divko and Schulten 1989,
doi:10.1103/PhysRevA.39.2689. Shiino and Fukai 1993, doi:10.1103/PhysRevE.48.867 (the feedback).
"""

from __future__ import annotations

from math import log, log2, sqrt

import numpy.typing as npt

from ..base.checks import Floats, not_negative, number
from ._mean_field import bell, below, each, top

__all__ = ["asymptotic", "critical", "information", "overlap"]
__dir__ = __all__.copy


def critical(activity: float) -> tuple[float, float, float]:
    """Return the largest load with retrieval states at the best threshold.

    Parameters
    ----------
    activity : float
        Fraction f of neurons that are on, from 1e-12 to 1/2.

    Returns
    -------
    load, m, threshold : float
        The load P/N, the overlap there and the threshold.

    Notes
    -----
    Where half of the neurons are active, three loads are near each other: 0.0690682 at the best
    threshold, 0.016972; 0.0689528, exactly half of Hebb's (`ags.critical`), at 0.00755, where
    errors of both kinds are as likely; and 0.0686974 at threshold 0.

    The theory is of many neurons and patterns of one activity. Of N neurons, those with exactly
    f N active come near it; where each is active by itself with probability f, their activities
    differ, no threshold suits all, and many more are lost (`experiments.Sparse`).

    Raises
    ------
    ValueError
        If the activity is out of bounds.

    Examples
    --------
    >>> [round(x, 4) for x in critical(0.01)]
    [4.3677, 0.7313, 0.68]
    >>> round(critical(0.5)[0], 7)
    0.0690682
    """
    f = _activity(activity)

    def best(u0: float) -> float:
        return top(lambda u1: _root_load(u1, u0, f), 0, 10)

    u0 = top(lambda u0: _root_load(best(u0), u0, f), -10, -0.1)
    u1 = best(u0)
    load, m = _root_load(u1, u0, f) ** 2, below(u1) - below(u0)
    spread = m / (u1 - u0)
    chi = (f * bell(u1) + (1 - f) * bell(u0)) / spread
    return load, m, -spread * u0 - f * m + load * chi / (2 - 2 * chi)


def information(activity: float) -> float:
    """Return the bits a weight at the critical load: the load times the entropy of a neuron.

    Parameters
    ----------
    activity : float
        Fraction of neurons that are on, from 1e-12 to 1/2.

    Returns
    -------
    float
        Errors in what is recalled are not taken off. As f falls to 0 it tends to 1 / (2 ln 2) =
        0.72, so slowly that it is 0.39 at f = 0.001.

    Raises
    ------
    ValueError
        If the activity is out of bounds.

    Examples
    --------
    >>> round(information(0.01), 3), round(information(0.001), 3)
    (0.353, 0.388)
    """
    f = _activity(activity)
    return -critical(f)[0] * (f * log2(f) + (1 - f) * log2(1 - f))


def asymptotic(activity: float) -> float:
    """Return 1 / (2 f ln(1/f)), the limit of the critical load as f falls to 0; before, too much.

    Parameters
    ----------
    activity : float
        Fraction of neurons that are on, from 1e-12 to 1/2.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the activity is out of bounds.

    Examples
    --------
    >>> round(asymptotic(0.01) / critical(0.01)[0], 1)
    2.5
    """
    f = _activity(activity)
    return -1 / (2 * f * log(f))


def overlap(load: npt.ArrayLike, activity: float, threshold: float) -> Floats | float:
    """Return the overlap m of the state that a stored pattern goes to.

    Parameters
    ----------
    load : array_like
        Patterns a neuron, P/N, 0 or more.
    activity : float
        Fraction of neurons that are on, from 1e-12 to 1/2.
    threshold : float
        Of every neuron.

    Returns
    -------
    float or ndarray of the shape of load
        0 where the pattern is lost. At small activity that is before the `critical` load, 7 %
        before it at 0.001, as the state there is not the one that the pattern goes to.

    Raises
    ------
    ValueError
        If a load is negative or the activity is out of bounds.

    Examples
    --------
    >>> overlap([0.3, 0.4, 0.5], activity=0.1, threshold=0.5).round(4)
    array([0.9861, 0.9496, 0.    ])
    """
    f, theta = _activity(activity), number(threshold, "threshold")
    return each(lambda a: _iterate(a, f, theta), not_negative(load, "load"))


def _iterate(load: float, f: float, theta: float) -> float:
    """Return m by going half way through the equations again and again, from the pattern."""
    load = max(load, 1e-12)
    m, spread, chi = 1.0, sqrt(load * f), 0.0
    for _ in range(20_000):
        level = theta - load * chi / (2 - 2 * chi)
        u1, u0 = ((1 - f) * m - level) / spread, (-f * m - level) / spread
        chi += (min(f * bell(u1) + (1 - f) * bell(u0), 0.99 * spread) / spread - chi) / 2
        wider = sqrt(load * (f * below(u1) + (1 - f) * below(u0))) / (1 - chi) - spread
        higher = below(u1) - below(u0) - m
        m, spread = m + higher / 2, spread + wider / 2
        if abs(higher) + abs(wider) < 1e-14:
            break
    return m if m > 1e-9 else 0.0


def _root_load(u1: float, u0: float, f: float) -> float:
    """Return sqrt(alpha), negative where chi is above 1 and the state unstable."""
    q = f * below(u1) + (1 - f) * below(u0)
    slope = (below(u1) - below(u0)) / (u1 - u0)
    return (slope - f * bell(u1) - (1 - f) * bell(u0)) / sqrt(q)


def _activity(value: float) -> float:
    f = number(value, "activity")
    if not 1e-12 <= f <= 0.5:
        raise ValueError(f"activity must be between 1e-12 and 1/2, not {f:g}")
    return f
