"""Sweeps at a temperature, drawn ahead and visited many at once.

That changes no bit: a sweep takes a set number of words from each stream, whatever the states.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from ..base.forms import Array, Counts, Ints, Rule, Session
from ..base.streams import Streams

_VISITS = 2**14  # drawn at once


def sweep_ahead(
    session: Session,
    rule: Rule,
    schedule: str | None,
    sites: Array | None,
    streams: Streams,
    counts: Counts,
    most: int,
) -> bool:
    """Make so many sweeps of a heat bath, one neuron at a time; False where it does not pay."""
    n, rows = session.state.shape[1], np.flatnonzero(counts.period == 0)
    size = min(most, _VISITS // (n * max(1, rows.size)))
    if rule.law != "heat" or schedule in (None, "together") or size < 2:
        return False
    words = np.uint64(n if schedule == "given" else 2 * n)
    for first in range(0, most, size):
        shape = rows.size, min(size, most - first), n
        with whole_or_not(session, rows, streams, counts):
            step = streams.step[rows, None]
            begun = words * step * np.arange(shape[1], dtype=np.uint64)
            ahead = Streams(streams.state[rows, None] + begun, step + np.zeros_like(begun))
            if schedule == "shuffled":
                sites = ahead.permutation(n)
            elif schedule == "drawn":
                sites = ahead.integers(n, size=n)
            theta = rule.scale * ahead.logistic(size=shape)
            tie = np.where(np.signbit(theta), 1, -1).astype(np.int8)
            drawn = np.broadcast_to(sites, shape), theta, tie  # type: ignore[arg-type]
            session.visit(rows, *(x.reshape(rows.size, -1) for x in drawn))
            streams.state[rows] += words * step[:, 0] * np.uint64(shape[1])
            counts.sweeps[rows] += shape[1]
            counts.updates[rows] += shape[1] * n
    return True


@contextmanager
def whole_or_not(
    session: Session, rows: Ints, streams: Streams, counts: Counts
) -> Iterator[Array]:
    """Yield the states of some replicas, and undo all that follows if Ctrl-C comes within it."""
    before, words, table = session.state[rows], streams.state[rows], counts.table[:, rows]
    try:
        yield before
    except BaseException:
        session.assign(rows, None, before)
        streams.state[rows], counts.table[:, rows] = words, table
        raise
