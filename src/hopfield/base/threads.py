"""How many cores share the replicas of a batch; no result depends on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache

from .checks import count

MOST = 1024
_chosen: int | None = None
_HEARD = 0.2  # seconds: a wait without an end need not hear Ctrl-C (Windows, or beside polars)


def threads(k: int | None = None) -> int:
    """Say how many threads share the replicas of a batch, or choose so many from now on.

    By default as many as the cores that this process may use, or what HOPFIELD_THREADS says.

    Parameters
    ----------
    k : int, optional
        1 to 1024.

    Returns
    -------
    int
        How many are used from now on.

    Raises
    ------
    TypeError, ValueError
        For a number that is none, of HOPFIELD_THREADS too.

    Examples
    --------
    >>> import hopfield as hf
    >>> before = hf.threads()
    >>> hf.threads(1)
    1
    >>> hf.threads(before) == before
    True
    """
    global _chosen
    if k is not None:
        _chosen = count(k, "k", 1, MOST)
    if _chosen is not None:
        return _chosen
    given = os.environ.get("HOPFIELD_THREADS")
    if not given:
        return _cores()
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= MOST:
        raise ValueError(f"HOPFIELD_THREADS must be a number from 1 to {MOST}, not {given!r}")
    return int(given)


@cache
def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return min(MOST, len(os.sched_getaffinity(0)))
    return min(MOST, os.cpu_count() or 1)


def each(run: Callable[[int], Iterator[None]], starts: range, shares: int) -> None:
    """Run a part from each start, in threads; a part yields where it can be stopped."""
    halted = False

    def whole(start: int) -> None:
        for _ in run(start):
            if halted:
                break

    if shares == 1 or len(starts) == 1:
        for start in starts:
            whole(start)
        return
    from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

    with ThreadPoolExecutor(shares) as pool:
        try:
            parts = [pool.submit(whole, start) for start in starts]
            while (now := wait(parts, _HEARD, FIRST_EXCEPTION)).not_done:
                for part in now.done:
                    part.result()
            for part in parts:
                part.result()
        except BaseException:  # Ctrl-C
            halted = True
            pool.shutdown(wait=False, cancel_futures=True)
            raise
