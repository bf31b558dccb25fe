"""How many cores share the replicas of a batch; no result depends on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from math import ceil
from pathlib import Path
from threading import Lock
from typing import Any

from .checks import count

MOST = 1024
_chosen: int | None = None
_HEARD = 0.2  # seconds: a wait without an end need not hear Ctrl-C (Windows, or beside polars)


def threads(k: int | None = None) -> int:
    """Say how many threads share the replicas of a batch, or choose so many from now on.

    By default what HOPFIELD_THREADS says, or as many as the cores that this process may use: those
    it is bound to, less where a container's or OMP_NUM_THREADS's limit is lower, and one in a
    process that another started to share its work (by joblib, Dask, multiprocessing or a scan).
    Calls from several threads at once share that number; each has one at least.

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


def _cores() -> int:
    """Return how many cores this process is to use, if nobody says how many threads."""
    process = sys.modules.get("multiprocessing.process")  # where it is a child of another, there
    if process and process.parent_process():
        return 1
    said = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    most = int(said) if said.isascii() and said.isdigit() else MOST
    return max(1, min(cores(), most, MOST))


def cores() -> int:
    """Return how many cores this process may use: those it is bound to, within its quota."""
    bound = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return min(len(bound(0)) if bound else os.cpu_count() or 1, _quota())


@cache
def _quota(root: str = "/sys/fs/cgroup", groups: str = "/proc/self/cgroup") -> int:
    """Return how many cores' time the control groups of this process allow it, rounded up."""
    found = [MOST]
    for line in _text(groups).splitlines():
        _, names, path = line.split(":", 2)
        own = path.strip("/")
        if not names:  # version 2: its file and those of the groups around it
            for group in (own, *map(str, Path(own).parents)):
                found.append(_limit(_text(f"{root}/{group}/cpu.max").split()))
        elif "cpu" in names.split(","):
            for group in (own, ""):  # inside a container its own group is the root
                at = f"{root}/cpu/{group}/cpu.cfs"
                words = f"{_text(f'{at}_quota_us')} {_text(f'{at}_period_us')}"
                found.append(_limit(words.split()))
    return min(found)


def _limit(words: list[str]) -> int:
    """Return the cores that a quota and its period allow; MOST where they set no limit."""
    if len(words) != 2 or not all(word.isdigit() for word in words):  # "max", or -1
        return MOST
    quota, period = map(int, words)
    return max(1, ceil(quota / period)) if period else MOST


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""


_lock = Lock()
_at_work = 0  # threads of all calls of `each` that are under way
_limited: list[Any] = []  # what holds BLAS to one thread, and how many calls want that


@contextmanager
def _lent(shares: int) -> Iterator[int]:
    """Lend a call so many threads, or what others that are under way have left; one at least."""
    global _at_work
    with _lock:
        lent = max(1, min(shares, threads() - _at_work))
        _at_work += lent
    try:
        yield lent
    finally:
        with _lock:
            _at_work -= lent


@contextmanager
def one_blas_thread(wanted: bool = True) -> Iterator[bool]:
    """Hold NumPy's BLAS to one thread, so that threads of ours share the cores; say if that can be.

    It needs threadpoolctl. Without it BLAS has its own threads, beside which ours would wait.
    """
    blas = _blas() if wanted else None
    if blas is None:
        yield False
        return
    with _lock:
        if not _limited:
            _limited.append(blas.limit(limits=1))
        _limited.append(None)
    try:
        yield True
    finally:
        with _lock:
            _limited.pop()
            if len(_limited) == 1:
                _limited.pop().restore_original_limits()


@cache
def _blas() -> Any:
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    found = ThreadpoolController().select(user_api="blas")
    return found if found.lib_controllers else None


def each(run: Callable[[int], Iterator[None]], starts: range, shares: int) -> None:
    """Run a part from each start, in threads; a part yields where it can be stopped."""
    halted = False

    def whole(start: int) -> None:
        for _ in run(start):
            if halted:
                break

    with _lent(min(shares, len(starts))) as lent:
        if lent == 1:
            for start in starts:
                whole(start)
            return
        from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

        with ThreadPoolExecutor(lent) as pool:
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
