"""The AdaTron: couplings with the largest margins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, describe, number
from ..base.progress import Watch, telling
from ..core.couplings import Couplings
from ..core.patterns import Int8
from ..engine.compiled import available, kernel
from .perceptron import unlearnable
from .rule import Rule
from .weights import couplings, rows_of

Singles = npt.NDArray[np.float32]

_PRODUCTS_A_CALL = 2**31  # products at most between which Ctrl-C is heard, a fifth of a second
_RATE = 1.3  # over-relaxed: fewer sweeps than with steps that are best one at a time


def adatron(
    patterns: npt.ArrayLike,
    *,
    tolerance: float = 0.01,
    sweeps: int = 1000,
    capacity: str | None = None,
    progress: Watch | None = None,
) -> Couplings:
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
        Give up after so many passes over the patterns. The nearer the patterns are to having no
        solution, the more they need.
    capacity : {"refuse", "warn"}, optional
        What to do about more patterns than the rule keeps (``Rule.capacity``, of random ones); by
        default nothing.
    progress : callable, optional
        Called now and then with a `hopfield.base.progress.Progress`; ``print`` will do.

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
    ROWS[0].heed(capacity, p, n)
    tolerance = number(tolerance, "tolerance")
    if not 0 < tolerance < 1:
        raise ValueError(f"tolerance must be between 0 and 1, not {tolerance}")
    x, most = xi.astype(np.float64), count(sweeps, "sweeps", 1)
    gram, y = (x @ x.T / n).astype(np.float32), np.ascontiguousarray(xi.T)
    size, strengths = max(2, _PRODUCTS_A_CALL // p**2), np.empty((n, p))
    tell, limits = telling(progress, "adatron", n, "neurons"), (tolerance, min(most, 2**62))
    for first in range(0, n, size):
        part = slice(first, first + size)

        def done(k: int, before: int = first) -> None:
            tell(before + k)

        strengths[part], least = maximise(gram, y[part], n, limits, done)
        if least.size:
            raise _unfinished(first + int(least.argmin()), float(least.min()), most, tolerance)
    return couplings((strengths * y) @ x / n, symmetric=False)


def maximise(
    gram: Singles, y: Int8, n: int, limits: tuple[float, int], tell: Callable[[int], None]
) -> tuple[Floats, Floats]:
    """Return the strengths (A, P) of neurons' patterns, and least margins where some are not done.

    Sweeps are made some at a time, so that Ctrl-C need not wait; that changes no bit.
    """
    (tolerance, sweeps), x, u = limits, np.zeros(y.shape), np.zeros(y.shape, np.float32)
    total, swept, todo = np.zeros(len(y)), np.zeros(len(y), np.int64), np.arange(len(y))
    made, rate, run = 0, _RATE * n / (n - 1), kernel("adatron.adatron") if available() else ascend
    while todo.size and made < sweeps:
        made = min(sweeps, made + max(1, _PRODUCTS_A_CALL // (todo.size * len(gram) ** 2)))
        held = x[todo], u[todo], total[todo], swept[todo]
        run(gram, y[todo], n, (rate, tolerance, made), *held)
        x[todo], u[todo], total[todo], swept[todo] = held
        todo = todo[swept[todo] == made]
        tell(len(y) - todo.size)
    least = np.full(len(y) if todo.size else 0, np.inf)
    least[todo] = (y[todo] * u[todo] - total[todo, None] / n).min(axis=1, initial=np.inf)
    return x, least


def _unfinished(neuron: int, least: float, sweeps: int, tolerance: float) -> ValueError:
    """Return the error for a neuron whose margin had not come near enough the largest."""
    if least > 0:
        return ValueError(
            f"sweeps must be more than {describe(sweeps)}: neuron {neuron} tells the patterns "
            f"apart, but its margin may still be more than {tolerance:g} below the largest; allow "
            "more sweeps, or a larger tolerance"
        )
    return unlearnable(neuron, f"{describe(sweeps)} sweeps", "sweeps")


def ascend(
    gram: Singles,
    y: Int8,
    n: int,
    limits: tuple[float, float, int],
    x: Floats,
    u: Singles,
    sums: Floats,
    swept: npt.NDArray[np.int64],
) -> None:
    """Give A neurons the strengths x (A, P) of their P patterns: the largest smallest margin.

    This is the definition of the compiled form, which gives the same bits. A sweep visits the
    patterns in turn and moves each strength up the dual function, over-relaxed, but not below 0.
    The dual function bounds the optimum, so a neuron is done at 1 - ``tolerance`` of that.

    Parameters
    ----------
    gram : ndarray of float32, shape (P, P)
        X X' / N.
    y : ndarray of int8, shape (A, P)
        What each neuron is to be in each pattern.
    n : int
        Neurons of the whole network.
    limits : (rate, tolerance, sweeps)
        The step beside the best one, how near the optimum, and the most sweeps.
    x, u : ndarray of shape (A, P)
        The strengths, and (x y) gram in float32, changed in place. The margin is y u less
        sum(x) / N, the coupling to itself.
    sums : ndarray of shape (A,)
        That of the strengths, as they were added.
    swept : ndarray of int64, shape (A,)
        Counts the sweeps after which a neuron was not done.
    """
    (rate, tolerance, sweeps), p, todo = limits, len(gram), np.arange(len(y))
    while todo.size and swept[todo[0]] < sweeps:
        t, z, v, s = sums[todo], x[todo], u[todo], y[todo]
        for a in range(p):
            d = np.maximum(rate * (1 - (s[:, a] * v[:, a] - t / n)), -z[:, a])
            z[:, a] += d
            t += d
            v += gram[a] * (d * s[:, a]).astype(np.float32)[:, None]
        norm, least = -t * t / n, np.full(todo.size, np.inf)
        for a in range(p):
            norm += z[:, a] * (s[:, a] * v[:, a])
            least = np.minimum(least, s[:, a] * v[:, a] - t / n)
        sums[todo], x[todo], u[todo] = t, z, v
        dual = 2 * t - norm
        done = (least > 0) & (least * least * dual >= (1 - tolerance) ** 2 * norm)
        todo = todo[~done]
        swept[todo] += 1


ROWS = (
    Rule(
        learn=adatron,
        symmetric=False,
        capacity=lambda n: 2 * n,
        capacity_text="2 N: all patterns fixed, with the largest margins (Gardner 1988)",
        source="Anlauf & Biehl 1989, doi:10.1209/0295-5075/10/7/014",
    ),
)
