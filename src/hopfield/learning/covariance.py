"""The covariance rule, for patterns of which a small fraction is active."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats, choice, number
from ..core.cursors import Ints
from ..core.memory import Bias, Memory
from ..theory import sparse
from .rule import Rule
from .weights import couplings, rows_of

_LEAST = 1e-12  # of an activity, and of what it leaves: as in theory.sparse


def covariance(
    patterns: npt.ArrayLike,
    *,
    activity: float | str | None = None,
    threshold: float | None = None,
    coding: str = "bipolar",
    capacity: str | None = None,
) -> Memory:
    """Store patterns of activity f by W = sum (eta - f)(eta - f) / (N f (1 - f)), eta 0 or 1.

    With the threshold at which fewest neurons of the stored patterns are wrong: the memory is
    couplings and a bias. The fields of a pattern are near 1 - f and -f less the threshold.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools, or 0/1 with ``coding="01"``; +1, True and 1 are active.
    activity : float or "neuron", optional
        f, between 0 and 1; by default that of the patterns. With "neuron" each neuron has its own,
        its mean f_i over the patterns, which keeps far more where some neurons are more active
        than others: W = sum (eta_i - f_i)(eta_j - f_j) / (N sqrt(f_i (1 - f_i) f_j (1 - f_j))).
        A neuron that is alike in all patterns has no couplings, and stays so.
    threshold : float, optional
        What W eta is compared with, W (eta - f) where each neuron has its own activity; by default
        the best one found.
    coding : {"bipolar", "01"}
        "01" makes the memory for neurons of states 0 and 1, `Sign(0, 1)`; "bipolar" gives
        -1/+1 neurons the same decisions.
    capacity : {"refuse", "warn"}, optional
        What to do about more patterns than the rule keeps of their activity
        (`theory.sparse.critical`); by default nothing.

    Returns
    -------
    Memory
        For 0/1 neurons its field is W s - threshold; for -1/+1 neurons twice that, so that at
        f = 1/2 the couplings are Hebb's.

    Raises
    ------
    TypeError, ValueError
        For patterns not of the coding, an activity that is not between 0 and 1, or patterns that
        are all alike.

    References
    ----------
    Tsodyks & Feigelman 1988, doi:10.1209/0295-5075/6/2/002, eq. 3.

    Examples
    --------
    >>> import hopfield as hf, numpy as np
    >>> eta = np.random.default_rng(1).random((40, 400)) < 0.05
    >>> memory = hf.learning.covariance(eta, coding="01")
    >>> r = hf.recall(memory, hf.flip(eta[0], 4, rng=2), neuron=hf.Sign(0, 1), rng=3)
    >>> hf.hamming(r.state, eta[0] * 1)
    0
    """
    eta = (rows_of(patterns, coding=coding) > 0).astype(np.float64)
    theta, n = None if threshold is None else number(threshold, "threshold"), eta.shape[1]
    f, size = _activities(eta, activity)
    ROWS[0].heed(capacity, len(eta), n, float(np.minimum(f, np.subtract(1, f)).mean()))
    centre = f if isinstance(activity, str) else 0.0
    spread, differ = eta - f, size > 0
    known = couplings(spread.T @ spread / (n * np.where(differ, size, 1)))
    some = np.diagonal(np.broadcast_to(differ, (n, n)))
    if theta is None:
        theta = _best(known.field(eta - centre)[:, some], eta[:, some] > 0)
    bias = known.field(np.ones(n) - 2 * centre) - 2 * theta
    memory = known + Bias(np.where(some, bias, 4 * eta[0] - 2))  # the others stay as they are
    return memory if coding == "bipolar" else 0.25 * memory.recode(0, 1)


def _activities(eta: Floats, activity: float | str | None) -> tuple[Floats | float, Array]:
    """Return f, of all neurons or of each (N,), and f (1 - f), of all pairs or of each (N, N)."""
    if isinstance(activity, str):
        choice(activity, "activity", ("neuron",))
        own = eta.mean(axis=0)
        if not (own * (1 - own)).any():
            raise ValueError("patterns must differ in a neuron at least for activity='neuron'")
        deviation = np.sqrt(own * (1 - own))
        return own, np.outer(deviation, deviation)
    f = float(eta.mean()) if activity is None else number(activity, "activity")
    if not _LEAST <= f <= 1 - _LEAST:
        raise ValueError(f"activity must be between 0 and 1, where patterns differ, not {f:g}")
    return f, np.asarray(f * (1 - f))


def _best(h: Floats, active: npt.NDArray[np.bool_]) -> float:
    """Return the threshold with fewest errors; of many, the middle of the widest gap."""
    order = np.argsort(h, axis=None)
    fields, up = h.ravel()[order], active.ravel()[order]
    errors: Ints = np.cumsum(up) - np.cumsum(~up)  # beyond those of a threshold below all
    gaps = np.diff(fields)
    allowed = np.where(gaps > 0, errors[:-1], errors.max() + 1)
    k = int(np.where(allowed == allowed.min(), gaps, -1).argmax())
    return float((fields[k] + fields[k + 1]) / 2)


ROWS = (
    Rule(
        learn=covariance,
        sparse=lambda n, f: sparse.critical(max(_LEAST, min(f, 1 - f)))[0] * n,
        local=False,  # the activity and the threshold are of all neurons
        gauge=False,
        capacity=lambda n: 0.0691 * n,
        capacity_text="0.0691 N where half of the neurons are active, and more the fewer are, "
        "up to N / (2 f |ln f|): recalled with few errors",
        source="Tsodyks & Feigelman 1988, doi:10.1209/0295-5075/6/2/002",
    ),
)
