"""How far a long call is: what its ``progress=`` is called with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from .checks import describe

_PAUSE = 0.1  # seconds at least between two calls, the first and the last apart


@dataclass(frozen=True)
class Progress:
    """How far a call is; printed, it says so.

    Attributes
    ----------
    what : str
        What is under way.
    done, total : int
        How much of it is done, and of how much.
    unit : str
        Of what so many.

    Examples
    --------
    >>> print(Progress("adatron", 120, 1000, "neurons"))
    adatron: 120 of 1,000 neurons
    """

    what: str
    done: int
    total: int
    unit: str

    def __str__(self) -> str:
        return f"{self.what}: {self.done:,} of {self.total:,} {self.unit}"


Watch = Callable[[Progress], object]


def steps(progress: Watch | None, total: int, unit: str) -> Callable[[str, int], None]:
    """Return what is to be told what comes next and how much is done: for a few long steps."""
    if progress is not None and not callable(progress):
        raise TypeError(f"progress must be a function of one argument, not {describe(progress)}")

    def tell(what: str, done: int) -> None:
        if progress is not None:
            progress(Progress(what, done, total, unit))

    return tell


def telling(progress: Watch | None, what: str, total: int, unit: str) -> Callable[[int], None]:
    """Return what is to be told how much is done; it calls ``progress`` a few times a second."""
    step, last = steps(progress, total, unit), [-1.0]

    def tell(done: int) -> None:
        now = monotonic()
        if done >= total or now - last[0] >= _PAUSE:
            last[0] = now
            step(what, done)

    tell(0)
    return tell
