"""The perceptron rule, and the margins of couplings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, describe, flag, not_negative, number
from ..base.progress import Watch, telling
from ..core.couplings import Couplings
from ..core.memory import Memory
from ..core.patterns import Int8, bipolar
from .rule import Rule
from .weights import dense_weights, rows_of


def perceptron(
    patterns: npt.ArrayLike,
    *,
    margin: float = 0.0,
    symmetric: bool = False,
    epochs: int = 1000,
    capacity: str | None = None,
    progress: Watch | None = None,
) -> Couplings:
    """Store patterns by the perceptron rule: each neuron learns what the others tell of it.

    Where a neuron's margin xi_i h_i / norm(W_i) is not above ``margin``, W_ij += xi_i xi_j / N; all
    wrong patterns at once, until none is.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; one pattern may be given as (N,).
    margin : float
        kappa, 0 or more; `adatron` finds the largest.
    symmetric : bool
        Learn W_ij and W_ji as one, each wrong margin adding to both: there is then an energy. Fewer
        patterns have such couplings.
    epochs : int
        Give up after so many passes over the patterns.
    capacity : {"refuse", "warn"}, optional
        What to do about more patterns than the rule keeps (``Rule.capacity``, of random ones); by
        default nothing.
    progress : callable, optional
        Called now and then with a `hopfield.base.progress.Progress`; ``print`` will do.

    Returns
    -------
    Couplings
        Asymmetric, without an energy, unless ``symmetric``.

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
    >>> hf.learning.perceptron(xi[:60], symmetric=True).symmetric
    True
    """
    x = rows_of(patterns).astype(np.float64)
    kappa, n = not_negative(number(margin, "margin"), "margin"), x.shape[1]
    ROWS[0].heed(capacity, *x.shape)
    w, todo, tell = np.zeros((n, n)), np.arange(n), telling(progress, "perceptron", n, "neurons")
    both = flag(symmetric, "symmetric")
    for _ in range(count(epochs, "epochs", 1)):
        rows, y = w[todo], x[:, todo]
        wrong = y * (x @ rows.T) <= kappa * np.sqrt(np.einsum("ij,ij->i", rows, rows))
        some = wrong.any(axis=0)
        failed = todo[some]
        tell(n - failed.size)
        if not failed.size:
            return Couplings(w, divisor=n)
        step = np.where(wrong, y, 0)[:, some].T @ x
        w[failed] += step
        if both:
            w[:, failed] += step.T
        w[failed, failed] = 0
        todo = todo if both else failed  # another's step moves those that were right
    raise unlearnable(int(failed[0]), f"{describe(epochs)} epochs", "epochs, or a smaller margin")


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


def unlearnable(neuron: int, after: str, what: str) -> ValueError:
    """Return the error that names a neuron which has not learnt."""
    return ValueError(
        f"patterns must be separable at each neuron; whether they are is not known after {after}: "
        f"neuron {neuron} has not learnt its own yet. Allow more {what}, or store fewer"
    )


ROWS = (
    Rule(
        learn=perceptron,
        symmetric=False,
        capacity=lambda n: 2 * n,
        capacity_text="2 N: all patterns fixed, the most that any couplings can",
        source="Gardner 1988, doi:10.1088/0305-4470/21/1/030",
    ),
)
