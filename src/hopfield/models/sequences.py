"""Sequences: each pattern drives the neurons towards the next, at once or with a delay."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, describe, fewer, flag, number
from ..base.saved import savable
from ..core.cursors import weighted
from ..core.hebbian import Hebbian
from ..core.memory import Memory, Sum
from ..core.neurons import Sign
from ..core.orders import Sync
from ..core.separation import Separation, square
from .associations import Associations, DenseAssociations, rows_of
from .model import Model

__all__ = ["Delayed", "sequence"]
__dir__ = __all__.copy

_FIRM = 2.0**300  # what makes a field firm at any temperature


@savable
class Delayed(Memory):
    """A memory of the present and, ``strength`` times, another of the state ``delay`` steps ago.

    The past stands in further neurons: sites 0 ... N-1 are the present, the next N the state of
    one step ago, and so on, each block copied from the one before it, exactly at any temperature.
    So it goes with `Sync`. `recall` takes cues and clamps of N neurons, too, and then begins with a
    past that was the same, and holds it.

    Parameters
    ----------
    now, late : Memory
        Of N neurons each.
    delay : int
        Steps, 1 or more.
    strength : float
        The factor of ``late``.

    Raises
    ------
    TypeError, ValueError
        For what are not memories of one N, or a delay below 1.

    References
    ----------
    Sompolinsky & Kanter 1986, doi:10.1103/PhysRevLett.57.2861.

    Examples
    --------
    >>> import hopfield as hf
    >>> m = hf.models.Delayed(hf.hebb([[1, -1, 1]]), hf.Bias([1, 1, 1]), delay=1, strength=2)
    >>> m.gradient([1, -1, 1, 1, 1, 1]).round(3)
    array([ 2.667,  1.333,  2.667,  1.   , -1.   ,  1.   ])
    """

    symmetric = False
    order = Sync()

    def __init__(self, now: Memory, late: Memory, delay: int, strength: float = 1.0) -> None:
        for memory, name in ((now, "now"), (late, "late")):
            if not isinstance(memory, Memory) or not memory.n:
                raise TypeError(f"{name} must be a memory of n neurons, not {describe(memory)}")
        if now.n != late.n:
            raise ValueError(f"now and late must have one N, not {now.n} and {late.n}")
        self.now, self.late, self.strength = now, late, number(strength, "strength")
        self.delay = count(delay, "delay", 1)
        self.n = now.n * (self.delay + 1)
        self.states = now.states or late.states

    def __repr__(self) -> str:
        return f"Delayed({self.now} + {self.strength:g} * {self.late}, {self.delay} ago)"

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {
            "now": self.now,
            "late": self.late,
            "delay": self.delay,
            "strength": self.strength,
        }

    def spread(self, given: npt.ArrayLike, name: str) -> npt.ArrayLike:
        """Return a cue or clamp of the present as one of all neurons: the past was the same."""
        x = fewer(given, name, self.now.n)
        return given if x is None else np.tile(x, self.delay + 1)

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the fields, (..., n): of a copy the state that it copies, times 2**300."""
        fields = self.gradient(s)
        fields[..., self.now.n :] *= _FIRM
        return fields

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return what drives graded neurons, (..., n): of a copy the state that it copies."""
        rows, n = self._rows(s), self.now.n
        parts = (1.0, self.now, rows[..., :n]), (self.strength, self.late, rows[..., -n:])
        present = weighted(
            [(w, m.divisor, m.numerators(x)) for w, m, x in parts], np.zeros(rows[..., :n].shape)
        )
        return np.concatenate([present, rows[..., :-n]], axis=-1)


def sequence(
    patterns: npt.ArrayLike,
    *,
    cyclic: bool = True,
    separation: Separation | None = None,
    hold: Separation | None = None,
    delay: int = 0,
    strength: float | None = None,
) -> Memory:
    """Store a sequence: each pattern drives the neurons towards the next.

    Goes with `Sign` or `HeatBath` neurons and `Sync`. There is no energy.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools, in their order.
    cyclic : bool
        The first follows the last; else the last follows itself, and the sequence ends there.
    separation : Separation, optional
        F of a dense sequence, from ``hf.separation``: the next pattern counts as F' of the overlap.
        ``power(n)`` keeps some N**(n - 1) patterns. Without it Hebb's rule, of which ``square``
        gives N / (N - 1) times the fields.
    hold : Separation, optional
        That of a drive to the pattern that there is, beside ``strength`` times the drive to the
        next. Both are 1 at a pattern. With a delay ``square``, if neither is given.
    delay : int
        With 0 each step goes on to the next pattern. With more, Hebb's rule holds a pattern for
        ``delay`` + 1 steps, until the drive to the next, which comes so many steps late, wins.
        There are then N (delay + 1) sites, of which the first N are the present (see `Delayed`);
        a cue of N neurons is what they all begin with.
    strength : float, optional
        Lambda, of the drive to the next beside the one that holds, above 0; above 1 it wins. By
        default 2.

    Returns
    -------
    Memory
        `Associations`, or dense ones; `Delayed`, or the sum of both drives.

    Raises
    ------
    TypeError, ValueError
        For fewer than 2 patterns, patterns that are not -1/+1 rows, a negative delay, a strength
        of 0 or less or beside nothing that holds, N too large for a separation, or with a delay
        for one of two separations.

    References
    ----------
    During, Coolen & Sherrington 1998, doi:10.1088/0305-4470/31/43/005; with a delay Sompolinsky
    & Kanter 1986, doi:10.1103/PhysRevLett.57.2861; dense ones Chaudhry et al. 2023,
    arXiv:2306.04532.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(4, 100, rng=1)
    >>> r = hf.recall(hf.sequence(xi), xi[0], updates=6, record=hf.record.overlaps(xi))
    >>> r.trace.argmax(axis=1)
    array([0, 1, 2, 3, 0, 1, 2])
    >>> many = hf.random_patterns(90, 100, rng=1)
    >>> for memory in (hf.sequence(many), hf.sequence(many, separation=hf.separation.power(3))):
    ...     print(hf.overlap(hf.recall(memory, many[0], updates=89).state, many[89]))
    -0.04
    1.0
    """
    xi, delay = rows_of(patterns, "patterns"), count(delay, "delay", 0)
    if len(xi) < 2:
        raise ValueError("patterns must be 2 or more to be a sequence, not 1")
    wins = 2.0 if strength is None else number(strength, "strength")
    if wins <= 0:
        raise ValueError(f"strength must be above 0, not {wins:g}")
    if strength is not None and hold is None and not delay:
        raise ValueError(
            "strength must be left out: without hold or delay nothing stands beside it"
        )
    after = np.concatenate([xi[1:], xi[:1] if flag(cyclic, "cyclic") else xi[-1:]])
    if separation is hold is None:
        steps = Associations(xi, after)
        return Delayed(Hebbian(xi), steps, delay, wins) if delay else steps
    if delay and (separation is None or hold is None):
        raise ValueError("separation and hold must both be given with a delay, or neither")
    dense = DenseAssociations(xi, after, square if separation is None else separation)
    if hold is None:
        return dense
    stay = DenseAssociations(xi, xi, hold)
    return Delayed(stay, dense, delay, wins) if delay else Sum([stay, dense], [1.0, wins])


ROWS = (
    Model(
        make=sequence,
        about="a sequence, dense or not, with a delay or without",
        neuron=Sign(),
        order=Sync(),
        capacity="0.269 N patterns, recalled with few errors; a dense one of power n some "
        "N**(n - 1) (theory.sequence)",
        source="During, Coolen & Sherrington 1998, doi:10.1088/0305-4470/31/43/005",
        sample=sequence,
    ),
)
