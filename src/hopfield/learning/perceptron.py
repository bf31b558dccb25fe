"""The perceptron rule, and the largest margin there is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, not_negative, number
from ..core.couplings import Couplings
from ..core.memory import Memory
from ..core.patterns import Int8, bipolar
from ..engine.kernels import dispatch
from .weights import couplings, dense_weights, rows_of

_PART = 2**32  # products at most between which Ctrl-C is heard, a third of a second
_RATE = 1.3  # over-relaxed: fewer sweeps than with steps that are best one at a time


def perceptron(patterns: npt.ArrayLike, *, margin: float = 0.0, epochs: int = 1000) -> Couplings:
    """Store patterns by the perceptron rule: each neuron learns what the others tell of it.

    Where a neuron's margin xi_i h_i / norm(W_i) is not above ``margin``, W_ij += xi_i xi_j / N; all
    wrong patterns at once, until none is.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; one pattern may be given as (N,).
    margin : float
        kappa, 0 or more; `adatron` finds the largest.
    epochs : int
        Give up after so many passes over the patterns.

    Returns
    -------
    Couplings
        Asymmetric: it has no energy.

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1, or that no couplings were found for.

    References
    ----------
    Gardner 1988, doi:10.1088/0305-4470/21/1/030.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(100, 100, rng=1)
    >>> hf.learning.perceptron(xi).stable(xi).all()
    np.True_
    """
    x = rows_of(patterns).astype(np.float64)
    kappa, n = not_negative(number(margin, "margin"), "margin"), x.shape[1]
    w, todo = np.zeros((n, n)), np.arange(n)
    for _ in range(count(epochs, "epochs", 1)):
        rows, y = w[todo], x[:, todo]
        wrong = y * (x @ rows.T) <= kappa * np.sqrt(np.einsum("ij,ij->i", rows, rows))
        some = wrong.any(axis=0)
        todo = todo[some]
        if not todo.size:
            return Couplings(w, divisor=n)
        w[todo] += np.where(wrong, y, 0)[:, some].T @ x
        w[todo, todo] = 0
    raise _unlearnable(todo, f"{epochs} epochs", "epochs, or a smaller margin")


def adatron(patterns: npt.ArrayLike, *, tolerance: float = 0.01, sweeps: int = 1000) -> Couplings:
    """Store patterns with the largest margins that couplings can give, Gardner's optimum.

    Each neuron's smallest margin xi_i h_i / norm(W_i) is largest, to a tolerance; the smallest
    xi_i h_i is about 1.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; one pattern may be given as (N,).
    tolerance : float
        The margin is at least 1 - tolerance of the largest: the dual problem bounds it.
    sweeps : int
        Give up after so many passes over the patterns.

    Returns
    -------
    Couplings
        Asymmetric: it has no energy.

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1, or that no couplings were found for.

    References
    ----------
    Anlauf & Biehl 1989, doi:10.1209/0295-5075/10/7/014; Gardner 1988,
    doi:10.1088/0305-4470/21/1/030.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(50, 100, rng=1)
    >>> plain, best = hf.learning.perceptron(xi), hf.learning.adatron(xi)
    >>> [float(hf.learning.margins(m, xi).min().round(2)) for m in (plain, best)]
    [0.01, 0.81]
    """
    xi = rows_of(patterns)
    p, n = xi.shape
    tolerance = number(tolerance, "tolerance")
    if not 0 < tolerance < 1:
        raise ValueError(f"tolerance must be between 0 and 1, not {tolerance}")
    x = xi.astype(np.float64)
    strengths, u, swept = np.zeros((n, p)), np.zeros((n, p), np.float32), np.zeros(n, np.int64)
    gram, y = (x @ x.T / n).astype(np.float32), np.ascontiguousarray(xi.T)
    rate, most = _RATE * n / (n - 1), count(sweeps, "sweeps", 1)
    size = max(2, _PART // (p**2 * most))  # two neurons are swept together
    for part in (slice(k, k + size) for k in range(0, n, size)):
        room = strengths[part], u[part], swept[part]
        dispatch.kernel("adatron")(gram, y[part], n, rate, tolerance, most, *room)
        if (swept[part] == most).any():
            raise _unlearnable(np.flatnonzero(swept == most), f"{most} sweeps", "sweeps")
    return couplings((strengths * y) @ x / n, symmetric=False)


def margins(memory: Memory, patterns: npt.ArrayLike) -> Floats:
    """Return each neuron's margins xi_i h_i / norm(W_i), by the length of its couplings.

    Parameters
    ----------
    memory : Memory
        Of nothing but couplings between pairs.
    patterns : array_like of shape (..., N)
        -1/+1.

    Returns
    -------
    ndarray of shape (..., N)
        Gardner's kappa is the smallest of them; 0 where a neuron has no couplings.

    References
    ----------
    Gardner 1988, doi:10.1088/0305-4470/21/1/030.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.learning.margins(hf.hebb([[1, -1, 1, 1, 1]]), [1, -1, 1, 1, 1])
    array([2., 2., 2., 2., 2.])
    """
    xi: Int8 = bipolar(patterns)
    w = dense_weights(memory)
    norms = np.sqrt(np.einsum("ij,ij->i", w, w))
    return np.asarray(xi * memory.field(xi) / np.where(norms > 0, norms, 1))


def _unlearnable(neurons: npt.NDArray[np.int64], after: str, what: str) -> ValueError:
    return ValueError(
        f"patterns must be separable at each neuron; neuron {neurons[0]} had not learnt its own "
        f"after {after}: store fewer, or allow more {what}"
    )
