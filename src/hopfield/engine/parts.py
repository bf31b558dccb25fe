"""Whole sweeps of replicas in parts: in threads, and so small that Ctrl-C need not wait long."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..base.forms import Counts
from ..base.threads import each, threads

WORK = 2**27  # additions of a kernel's call, a fraction of a second
_SHARED = 2**18  # from which it pays to begin threads


def in_parts(
    run: Callable[[int, int, int], object], counts: Counts, most: int, work: int, likely: int = 2
) -> None:
    """Let replicas of period 0 make up to ``most`` sweeps.

    Parameters
    ----------
    run : callable
        ``run(start, stop, sweeps)`` lets some replicas make up to so many, and counts them.
    counts : Counts
        Of all replicas.
    most : int
        Sweeps.
    work : int
        What a sweep of one replica costs, in additions of vectors.
    likely : int
        How many sweeps a replica makes at the least, as far as anybody knows.
    """
    period = counts.period
    replicas, longest = period.size, max(1, WORK // work)
    if replicas * most <= longest and replicas * work * likely < _SHARED:
        run(0, replicas, most)
        return
    shares = min(threads(), replicas)
    size = max(1, min(longest, -(-replicas // shares)))
    sweeps = max(1, longest // size)

    def part(start: int) -> Iterator[None]:
        stop = min(start + size, replicas)
        for made in range(0, most, sweeps):
            if period[start:stop].all():
                break
            run(start, stop, min(sweeps, most - made))
            yield

    each(part, range(0, replicas, size), shares)


def rows_in_parts(run: Callable[[int, int], object], rows: int, work: int) -> None:
    """Call ``run(start, stop)`` for some of the rows at a time; each costs ``work`` additions."""
    if rows == 1 or rows * work < _SHARED:
        run(0, rows)
        return
    shares = min(threads(), rows)
    size = max(1, min(WORK // work, -(-rows // shares)))

    def part(start: int) -> Iterator[None]:
        run(start, min(start + size, rows))
        yield

    each(part, range(0, rows, size), shares)
