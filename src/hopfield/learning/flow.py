"""Minimum probability flow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, describe
from ..base.progress import Watch, telling
from ..core.couplings import Couplings
from .rule import Rule
from .weights import couplings, rows_of


def probability_flow(
    patterns: npt.ArrayLike,
    *,
    steps: int = 2000,
    capacity: str | None = None,
    progress: Watch | None = None,
) -> Couplings:
    """Store patterns so that least probability flows from them to their neighbours.

    Descends K = sum_mu sum_i exp(-xi_i h_i) / P, which is convex in the symmetric couplings, until
    every margin xi_i h_i is 1 or more; the couplings are then made such that the smallest is 1.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; one pattern may be given as (N,).
    steps : int
        Give up after so many steps.
    capacity : {"refuse", "warn"}, optional
        What to do about more patterns than the rule keeps (``Rule.capacity``, of random ones); by
        default nothing.
    progress : callable, optional
        Called now and then with a `hopfield.base.progress.Progress`; ``print`` will do.

    Returns
    -------
    Couplings

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1, or that no couplings were found for.

    References
    ----------
    Sohl-Dickstein, Battaglino & DeWeese 2011, doi:10.1103/PhysRevLett.107.220601; Hillar,
    Sohl-Dickstein & Koepsell 2012, arXiv:1204.2916.

    Examples
    --------
    >>> import hopfield as hf
    >>> letters = hf.pictures.small("checkerboard", "X", "A")
    >>> hf.learning.probability_flow(letters).stable(letters)
    array([ True,  True,  True])
    """
    x = rows_of(patterns).astype(np.float64)
    n = x.shape[1]
    ROWS[0].heed(capacity, *x.shape)
    tell = telling(progress, "probability_flow", len(x), "patterns")
    w, margin = np.zeros((n, n)), np.zeros(x.shape)
    for _ in range(count(steps, "steps", 1)):
        flow = np.exp(-margin)
        down = x.T @ (x * flow)
        down += down.T.copy()
        np.fill_diagonal(down, 0)
        rise = x * (x @ down)
        length = _length(flow, rise)
        w += length * down
        margin += length * rise
        tell(int((margin >= 1).all(axis=1).sum()))
        if margin.min() >= 1:
            return couplings(w / margin.min())
    raise ValueError(
        f"patterns must have symmetric couplings that fix them; after {describe(steps)} steps "
        f"the smallest margin is {margin.min():.3g}, not 1: store fewer, or allow more steps"
    )


def _length(flow: Floats, rise: Floats) -> float:
    """Return the step at which sum flow exp(-step rise) is least, by Newton's method."""
    length = 0.0
    for _ in range(20):
        now = flow * np.exp(-length * rise)
        slope, bend = float((now * rise).sum()), float((now * rise * rise).sum())
        if bend <= 0 or slope <= 0.01 * length * bend:
            break
        length += slope / bend
    return length


ROWS = (
    Rule(
        learn=probability_flow,
        capacity=lambda n: n,
        capacity_text="N at least: all patterns fixed (Hillar et al. 2012, arXiv:1204.2916)",
        source="Sohl-Dickstein, Battaglino & DeWeese 2011, doi:10.1103/PhysRevLett.107.220601",
    ),
)
