"""Sweeps at a temperature drawn many at once, for sessions that visit but make no such sweeps.

That changes no bit: a sweep takes a set number of words from each stream, no sweep can be the
last, and what a session keeps of its states is exact however long it is kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.forms import Array, Counts, Floats, Ints, Rule, Visiting
from ..base.streams import Streams, below
from .compiled import available, kernel

_VISITS = 2**14  # drawn at once


def sweep_ahead(
    session: Visiting,
    rule: Rule,
    schedule: str | None,
    sites: Array | None,
    streams: Streams,
    counts: Counts,
    most: int,
) -> bool:
    """Let every replica of period 0 make so many sweeps; False for another law or schedule.

    Of 100 neurons and one replica 163 sweeps are drawn at once, and visited in one call.
    """
    if rule.law != "heat" or schedule not in ("given", "shuffled", "drawn"):
        return False
    rows = np.flatnonzero(counts.period == 0)
    n = session.state.shape[1]
    if not rows.size:
        return True
    size = max(1, _VISITS // (n * rows.size))
    for first in range(0, most, size):
        k = min(size, most - first)
        ahead = streams.of(rows).apart(n * (1 + (schedule != "given")), k)
        order = orders(schedule, sites, ahead, n).reshape(rows.size, -1)
        theta = rule.scale * _logits(ahead, n).reshape(rows.size, -1)
        tie = np.where(np.signbit(theta), 1, -1).astype(np.int8)
        session.visit(rows, order, theta, tie)
        streams.state[rows] = ahead.state[:, -1]
        counts.table[:2, rows] += np.array([[k], [k * n]])
    return True


def orders(schedule: str, sites: Array | None, streams: Streams, n: int) -> Ints:
    """Return who moves when in a sweep of each stream (R, k), (R, k, n)."""
    if schedule == "given":
        return np.tile(np.asarray(sites, np.int64), (*streams.state.shape, 1))
    if schedule == "drawn":
        return below(np.uint64(n), streams.bits(n))
    if not available():
        return streams.permutation(n)
    found = np.empty((*streams.state.shape, n), np.int64)
    _call("draws.permute", streams, found, np.empty(n, np.uint32))
    return found


def _logits(streams: Streams, n: int) -> Floats:
    """Return the logits of n uniform numbers of each stream (R, k), (R, k, n)."""
    if not available():
        return streams.logistic(size=(*streams.state.shape, n))
    found = np.empty((*streams.state.shape, n))
    _call("draws.logits", streams, found)
    return found


def _call(name: str, streams: Streams, out: npt.NDArray[Any], *rest: Array) -> None:
    """Let a kernel fill an array (R, k, n), and the streams go on."""
    n = out.shape[-1]
    kernel(name)(streams.state.ravel(), streams.step.ravel(), out.reshape(-1, n), *rest)
    streams.state += streams.step * np.uint64(n)
