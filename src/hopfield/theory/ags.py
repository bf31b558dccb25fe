"""Amit, Gutfreund and Sompolinsky: the overlap with a stored pattern at load alpha = P/N.

For N to infinity, random patterns and Hebb's rule, replica symmetric, with Dz a normal law:

    m = int Dz tanh((m + D z) / T),   q = int Dz tanh((m + D z) / T)**2,
    r = q / (1 - (1 - q) / T)**2,     D**2 = alpha r.

References
----------
Amit, Gutfreund and Sompolinsky 1987, doi:10.1016/0003-4916(87)90092-3.
"""

from __future__ import annotations

from math import erf, log1p, sqrt

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, flag, not_negative, number
from . import _mean_field as mean_field
from ._mean_field import BELL, GRID, SLOPE, bell, each, moments, root, scalar, temperature

__all__ = [
    "barrier",
    "critical",
    "crossing",
    "free_energy",
    "glass",
    "order_parameters",
    "overlap",
    "spinodal",
    "transition",
]
__dir__ = __all__.copy


def overlap(load: npt.ArrayLike, T: float = 0.0) -> Floats | float:
    """Return the overlap m of the retrieval state; 0 where there is none.

    Parameters
    ----------
    load : array_like
        Patterns a neuron, alpha = P/N, 0 or more.
    T : float
        Temperature, in units in which one pattern is lost at T = 1.

    Returns
    -------
    float or ndarray of the shape of load

    Raises
    ------
    ValueError
        If a load or T is negative.

    Examples
    --------
    >>> overlap([0.05, 0.13, 0.14]).round(6)
    array([0.999992, 0.987212, 0.      ])
    """
    T = temperature(T)
    return each(lambda a: mean_field.retrieval(_crosstalk, a, T)[0], not_negative(load, "load"))


def barrier(load: npt.ArrayLike, T: float = 0.0) -> Floats | float:
    """Return the overlap m of the unstable state that parts retrieval from none: the other branch.

    A state of the network near m leads to neither. It is not how near a cue must be: the neurons
    of a cue are wrong at random, which is less crosstalk than this state has, and a cue with a
    smaller overlap may be recalled.

    Parameters
    ----------
    load : array_like
        Patterns a neuron, alpha = P/N, 0 or more.
    T : float
        Temperature.

    Returns
    -------
    float or ndarray of the shape of load
        At the `critical` load it meets the `overlap`; nan beyond, where there is neither.

    Raises
    ------
    ValueError
        If a load or T is negative.

    Examples
    --------
    >>> barrier([0.05, 0.1, 0.13, 0.14]).round(6)
    array([0.723685, 0.862968, 0.933509,      nan])
    """
    T = temperature(T)
    return each(lambda a: mean_field.barrier(_crosstalk, a, T), not_negative(load, "load"))


def order_parameters(load: float, T: float = 0.0) -> tuple[float, float, float]:
    """Return m, q and r of the retrieval state.

    Parameters
    ----------
    load : float
        Patterns a neuron, alpha = P/N.
    T : float
        Temperature.

    Returns
    -------
    m, q, r : float
        The overlap, the Edwards-Anderson order parameter, and the mean square overlap with the
        other patterns in units of 1/N.

    Raises
    ------
    ValueError
        If there is no retrieval state.

    Examples
    --------
    >>> [round(x, 5) for x in order_parameters(0.05, T=0.4)]
    [0.96619, 0.93668, 1.32212]
    """
    alpha, T = number(load, "load"), temperature(T)
    m, spread = _retrieval(alpha, T)
    _, chi = moments(m, spread, T)
    q = 1 - T * chi
    return m, q, q / (1 - chi) ** 2


def critical(T: float = 0.0) -> tuple[float, float]:
    """Return the largest load with retrieval states, and their overlap m there.

    Parameters
    ----------
    T : float
        Temperature; from T = 1 on there is no retrieval, and both are 0.

    Returns
    -------
    load, m : float

    Raises
    ------
    ValueError
        If T is negative.

    Examples
    --------
    >>> load, m = critical()
    >>> round(load, 9), round(m, 6)
    (0.137905566, 0.967417)
    """
    return mean_field.critical(_crosstalk, temperature(T))


def spinodal(load: npt.ArrayLike) -> Floats | float:
    """Return T_M, the temperature up to which there are retrieval states; 0 where never.

    From the critical load of T = 0 up to 0.1382 this theory has retrieval states between two
    temperatures, an artefact of replica symmetry that is left out here.

    Parameters
    ----------
    load : array_like
        Patterns a neuron, alpha = P/N, 0 or more.

    Returns
    -------
    float or ndarray of the shape of load

    Raises
    ------
    ValueError
        If a load is negative.

    Examples
    --------
    >>> round(spinodal(0.05), 4)
    0.5423
    """
    return each(lambda a: mean_field.spinodal(_crosstalk, a), not_negative(load, "load"))


def free_energy(load: float, T: float = 0.0, retrieval: bool = True) -> float:
    """Return the free energy a neuron, at T = 0 the energy, in units in which E = -s.W s / 2.

    Parameters
    ----------
    load : float
        Patterns a neuron, alpha = P/N, 0 or more.
    T : float
        Temperature.
    retrieval : bool
        Of the retrieval state; else of the state with m = 0: a spin glass below `glass`, and
        above it no order at all.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If there is no retrieval state and one was asked for, or ``retrieval`` is no bool.

    Examples
    --------
    >>> round(free_energy(0.1), 6), round(free_energy(0.1, retrieval=False), 6)
    (-0.500154, -0.570623)
    """
    alpha, T = scalar(load, "load"), temperature(T)
    found = _retrieval(alpha, T) if flag(retrieval, "retrieval") else (0.0, _glass(alpha, T))
    return _free_energy(alpha, T, *found)


def crossing(T: float = 0.0) -> float:
    """Return the load below which the retrieval states are the ground states.

    Parameters
    ----------
    T : float
        Temperature; from T = 1 on there is no retrieval, and the load is 0.

    Returns
    -------
    float
        Where their free energy and that of the state with m = 0 cross. Amit, Gutfreund and
        Sompolinsky 1987 print 0.051 for T = 0.

    Raises
    ------
    ValueError
        If T is negative.

    Examples
    --------
    >>> round(crossing(), 6)
    0.051854
    """
    T = temperature(T)
    return root(lambda a: _excess(a, T), 0.0, 0.14) if T < 1 else 0.0


def transition(load: npt.ArrayLike) -> Floats | float:
    """Return T_c, the temperature below which the retrieval states are the ground states.

    Parameters
    ----------
    load : array_like
        Patterns a neuron, alpha = P/N, 0 or more.

    Returns
    -------
    float or ndarray of the shape of load
        0 above the `crossing` of T = 0. From there up to 0.0531 they are the ground states
        between two temperatures, an artefact of replica symmetry that is left out here.

    Raises
    ------
    ValueError
        If a load is negative.

    Examples
    --------
    >>> round(transition(0.02), 4)
    0.5913
    """
    return each(
        lambda a: root(lambda T: _excess(a, T), 0.0, 1.0) if _excess(a, 0) < 0 else 0.0,
        not_negative(load, "load"),
    )


def glass(load: npt.ArrayLike) -> Floats | float:
    """Return T_g = 1 + sqrt(alpha), below which the state freezes into a spin glass.

    Parameters
    ----------
    load : array_like
        Patterns a neuron, alpha = P/N, 0 or more.

    Returns
    -------
    float or ndarray of the shape of load

    Raises
    ------
    ValueError
        If a load is negative.

    Examples
    --------
    >>> glass(0.04)
    1.2
    """
    return each(lambda a: 1 + sqrt(a), not_negative(load, "load"))


def _crosstalk(spread: float, chi: float, T: float) -> float:
    """Return the sqrt(alpha) of D**2 = alpha r."""
    return spread * (1 - chi) / sqrt(1 - T * chi)


def _retrieval(alpha: float, T: float) -> tuple[float, float]:
    """Return m and the spread of the retrieval state, of which there must be one."""
    m, spread = mean_field.retrieval(_crosstalk, alpha, T) if alpha >= 0 else (0.0, 0.0)
    if not m:
        raise ValueError(
            f"load must be between 0 and {critical(T)[0]:.6f} for a retrieval state at T={T:g}, "
            f"not {alpha:g}"
        )
    return m, spread


def _glass(alpha: float, T: float) -> float:
    """Return the spread of the state with m = 0, which is 0 above T_g."""
    goal = sqrt(alpha)
    if T >= 1 + goal:
        return 0.0
    # chi D is sqrt(2 / pi) at most, so the root lies below goal + 0.8.
    return root(lambda d: _crosstalk(d, moments(0, d, T)[1], T) - goal, 1e-4, goal + 0.8)


def _free_energy(alpha: float, T: float, m: float, spread: float) -> float:
    """Return f where m and the spread solve the equations."""
    chi = moments(m, spread, T)[1]
    slack = log1p(-min(chi, 1 - 1e-16))  # at 1 alpha is 0, and it has no weight
    bare = m**2 + alpha * (1 + T * slack) - spread**2 * (1 - 2 * chi)
    return bare / 2 - _log_cosh(m, spread, T)


def _log_cosh(m: float, spread: float, T: float) -> float:
    """Return T int Dz log(2 cosh((m + D z) / T))."""
    if spread < T:
        x = (m + spread * GRID) / T
        return T * float(BELL @ np.logaddexp(x, -x))
    # log(2 cosh) is |x| rounded by a kernel of slope 1 / cosh**2
    x = (m - T * GRID) / spread
    sizes = [a * erf(a / sqrt(2)) + 2 * bell(a) for a in x]
    return spread * float(SLOPE @ sizes) / 2


def _excess(alpha: float, T: float) -> float:
    """Return how much the free energy of the retrieval state lies above that of the other."""
    m, spread = mean_field.retrieval(_crosstalk, alpha, T)
    if not m:
        return 1.0
    return _free_energy(alpha, T, m, spread) - _free_energy(alpha, T, 0, _glass(alpha, T))
