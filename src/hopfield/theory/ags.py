"""Amit, Gutfreund and Sompolinsky: the overlap with a stored pattern at load alpha = P/N.

For N to infinity, random patterns and Hebb's rule, replica symmetric, with Dz a normal law:

    m = int Dz tanh((m + D z) / T),   q = int Dz tanh((m + D z) / T)**2,
    r = q / (1 - (1 - q) / T)**2,     D**2 = alpha r.

Given the spread D of the crosstalk, the first equation gives m and the others the load. So each
question here is about one function of D: its root is a retrieval state, its top the capacity.

References
----------
Amit, Gutfreund and Sompolinsky 1987, doi:10.1016/0003-4916(87)90092-3.
"""

from __future__ import annotations

from math import erf, exp, pi, sqrt

import numpy as np
import numpy.typing as npt

from .._validate import Floats, not_negative, number

_GRID = np.arange(-19, 19.125, 0.25)  # trapezoids: exact to double precision for what follows
_BELL = 0.25 * np.exp(-(_GRID**2) / 2) / sqrt(2 * pi)
_SLOPE = 0.25 / np.cosh(_GRID) ** 2
_GOLDEN = (sqrt(5) - 1) / 2
_TINY = 1e-13


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
    T = _temperature(T)
    alpha = not_negative(load, "load")
    values = [_retrieval(float(a), T)[0] for a in alpha.flat]
    return values[0] if alpha.ndim == 0 else np.reshape(values, alpha.shape)


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
    alpha, T = number(load, "load"), _temperature(T)
    m, spread = _retrieval(alpha, T) if alpha >= 0 else (0.0, 0.0)
    if not m:
        raise ValueError(
            f"load must be between 0 and {critical(T)[0]:.6f} for a retrieval state at T={T:g}, "
            f"not {alpha:g}"
        )
    _, chi = _moments(m, spread, T)
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
    T = _temperature(T)
    if T >= 1:
        return 0.0, 0.0
    low, high = 0.0, 1.0  # golden sections; beyond the root of m the value falls like -D
    while high - low > 1e-9:
        step = _GOLDEN * (high - low)
        if _root_load(high - step, T)[0] > _root_load(low + step, T)[0]:
            high = low + step
        else:
            low = high - step
    root, m = _root_load((low + high) / 2, T)
    return root**2, m


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
    alpha = not_negative(load, "load")
    values = [_spinodal(float(a)) for a in alpha.flat]
    return values[0] if alpha.ndim == 0 else np.reshape(values, alpha.shape)


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
    values = 1 + np.sqrt(not_negative(load, "load"))
    return float(values) if values.ndim == 0 else np.asarray(values)


def _moments(m: float, spread: float, T: float) -> tuple[float, float]:
    """Return int Dz tanh((m + D z) / T) and its derivative in m, (1 - q) / T."""
    if T == 0:
        y = m / (sqrt(2) * spread)
        return erf(y), sqrt(2 / pi) * exp(-(y**2)) / spread
    a, b = m / T, spread / T
    if b < 1:
        t = np.tanh(a + b * _GRID)
        return float(_BELL @ t), float(_BELL @ (1 - t**2)) / T
    # By parts, so that the grid need not follow the step that tanh becomes as T falls.
    steps = [erf(x) for x in (a - _GRID) / (b * sqrt(2))]
    bells = np.exp(-(((_GRID - a) / b) ** 2) / 2) / (b * sqrt(2 * pi))
    return float(_SLOPE @ steps) / 2, float(_SLOPE @ bells) / T


def _root_load(spread: float, T: float) -> tuple[float, float]:
    """Return sqrt(alpha) and m at a spread; -spread and 0 where m = 0 is the only solution."""
    m = 1.0
    for _ in range(200):  # Newton from above a concave function: it never falls below its root
        value, chi = _moments(m, spread, T)
        step = (m - value) / (1 - chi)
        m -= step
        if m < 1e-9 or chi >= 1:
            return -spread, 0.0
        if step < _TINY:
            break
    chi = _moments(m, spread, T)[1]
    return spread * (1 - chi) / sqrt(1 - T * chi), m


def _retrieval(alpha: float, T: float) -> tuple[float, float]:
    """Return m and the spread of the retrieval state, or zeros."""
    if T >= 1:
        return 0.0, 0.0
    goal = sqrt(alpha)
    # The root load is concave: secants from the left come near its root and never pass it.
    before, now = (0.0, 0.0), 1e-6
    for _ in range(200):
        root, m = _root_load(now, T)
        rise = (root - before[1]) / (now - before[0])
        if rise <= 0:
            return 0.0, 0.0
        step = (goal - root) / rise
        if step < _TINY:
            break
        before, now = (now, root), now + step
    return m, now


def _spinodal(alpha: float) -> float:
    """Return T_M: where `critical` falls through alpha, by false position (Illinois)."""
    low, high, kept = 0.0, 1.0, 0
    f, g, middle = critical()[0] - alpha, -alpha, 0.0
    for _ in range(100 if f > 0 else 0):
        before, middle = middle, (low * g - high * f) / (g - f)
        value = critical(middle)[0] - alpha
        if value == 0 or abs(middle - before) < 1e-11:
            break
        if value > 0:  # the end that stays twice counts half, or it would stay for ever
            low, f, g, kept = middle, value, g / 2 if kept == 1 else g, 1
        else:
            high, g, f, kept = middle, value, f / 2 if kept == -1 else f, -1
    return middle


def _temperature(T: float) -> float:
    value = number(T, "T")
    if value < 0:
        raise ValueError(f"T must be 0 or more, not {value:g}")
    return value if value > 1e-9 else 0.0
