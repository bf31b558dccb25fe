"""What to keep along the way of a recall: values for ``record=``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats, choice, describe, flag, vectors
from .memory import Memory
from .neurons import Neuron
from .patterns import hamming as distance, narrow, overlap

__all__ = ["Record", "energy", "hamming", "overlaps", "states"]
__dir__ = __all__.copy

EVERY = ("update", "sweep")


class Running(Protocol):
    """What a record is made of: a `Run`."""

    memory: Memory
    neuron: Neuron

    @property
    def state(self) -> Array:
        """Where it stands, (N,) or (B, N)."""

    def energy(self) -> Floats | float:
        """The energy there, () or (B,)."""


@dataclass(frozen=True)
class Record:
    """What to keep along the way, and how often; made by `states`, `energy`, ...

    Attributes
    ----------
    name : str
        Its name in a trace of several.
    measure : callable
        Run -> a value of where it stands.
    every : {"update", "sweep"}
        After each move of the order, or after each sweep.
    """

    name: str
    measure: Callable[[Running], object]
    every: str = "sweep"

    def __post_init__(self) -> None:
        """Check the arguments."""
        choice(self.every, "every", EVERY)
        if not isinstance(self.name, str) or not callable(self.measure):
            raise TypeError(
                "name must be a str and measure a function of a run, not "
                f"{describe(self.name)} and {describe(self.measure)}"
            )


def states(every: str = "sweep") -> Record:
    """Record the whole state, for ``record=``.

    Parameters
    ----------
    every : {"update", "sweep"}
        After each move of the order, or after each sweep.

    Returns
    -------
    Record
        Its trace has shape (T, N), or (T, B, N) for a batch; the cue comes first. Replicas of a
        batch that have stopped stand still in it.

    Examples
    --------
    >>> import hopfield as hf
    >>> memory = hf.hebb([[1, -1, 1]])
    >>> r = hf.recall(memory, [1, -1, -1], record=hf.record.states("update"), updates=5, rng=0)
    >>> r.trace.shape
    (6, 3)
    """
    return Record("states", _states, every)


def energy(every: str = "sweep", *, symmetrised: bool = False) -> Record:
    """Record the energy, for ``record=``; the energy of one state is ``memory.energy(s)``.

    That of graded neurons has their own in it, ``neuron.energy(s)``: the sum never rises.

    Parameters
    ----------
    every : {"update", "sweep"}
        After each move of the order, or after each sweep.
    symmetrised : bool
        Of couplings that are not symmetric record -1/2 s.W s - b.s too, which is the energy of
        (W + W') / 2. They do not follow it: it may rise.

    Returns
    -------
    Record
        Its trace has shape (T,), or (T, B) for a batch; the cue comes first.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = [1, -1, 1, 1, 1]
    >>> hf.recall(hf.hebb(xi), [1, -1, 1, 1, -1], record=hf.record.energy(), rng=0).trace
    array([-0.4, -2. , -2. ])
    """
    measure = _symmetrised if flag(symmetrised, "symmetrised") else _energy
    return Record("energy", measure, every)


def overlaps(patterns: npt.ArrayLike, every: str = "sweep") -> Record:
    """Record the overlaps m with some patterns, for ``record=``.

    Parameters
    ----------
    patterns : array_like of shape (P, N) or (N,)
        The patterns.
    every : {"update", "sweep"}
        After each move of the order, or after each sweep.

    Returns
    -------
    Record
        Its trace has shape (T, P), or (T, B, P) for a batch; the cue comes first.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = [[1, -1, 1, 1]]
    >>> hf.recall(hf.hebb(xi), [1, -1, 1, -1], record=hf.record.overlaps(xi), rng=0).trace.ravel()
    array([0.5, 1. , 1. ])
    """
    xi = np.atleast_2d(vectors(patterns, "patterns"))
    return Record("overlaps", partial(_overlaps, xi), every)


def hamming(pattern: npt.ArrayLike, every: str = "sweep") -> Record:
    """Record the Hamming distance to a pattern, for ``record=``.

    Parameters
    ----------
    pattern : array_like of shape (N,)
        The pattern.
    every : {"update", "sweep"}
        After each move of the order, or after each sweep.

    Returns
    -------
    Record
        Named "hamming"; its trace has shape (T,), or (T, B) for a batch; the cue comes first.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = [1, -1, 1, 1]
    >>> hf.recall(hf.hebb(xi), [1, -1, 1, -1], record=hf.record.hamming(xi), rng=0).trace
    array([1, 0, 0])
    """
    return Record("hamming", partial(_hamming, vectors(pattern, "pattern")), every)


def listed(record: object) -> tuple[list[Record], bool]:
    """Return ``record=`` as a list of records, and whether it was given as several."""
    if record is None:
        return [], False
    given = record if isinstance(record, (list, tuple)) else [record]
    found = []
    for r in given:
        if isinstance(r, type) or not (callable(r) or isinstance(r, Record)):
            raise TypeError(
                "record must be hf.record.states(), hf.record.energy(), ... or a function of the "
                f"state, not {describe(r)}"
            )
        if r in (states, energy, overlaps, hamming):
            raise TypeError(f"record must be what hf.record.{r.__name__} returns: call it")
        if not isinstance(r, Record):
            r = Record(getattr(r, "__name__", type(r).__name__), partial(_of_state, r))
        found.append(r)
    names = [r.name for r in found]
    if len(set(names)) < len(names):
        raise ValueError(f"record must keep each name once, not {', '.join(names)}")
    return found, given is record


class Kept:
    """What the records of a run have kept so far.

    Parameters
    ----------
    record : object
        As `recall` takes it.
    """

    def __init__(self, record: object) -> None:
        self.records, self._several = listed(record)
        self._values: list[list[Any]] = [[] for _ in self.records]
        self._owed: tuple[str, ...] = ()  # what an exception has kept from being recorded

    def has(self, every: str) -> bool:
        """Say whether a record is to be kept so often."""
        return any(record.every == every for record in self.records)

    def keep(self, run: Running, *every: str) -> None:
        """Measure what is to be kept so often; all of it or, where a record raises, nothing."""
        if not self.records:
            return
        self._owed = every
        new = [r.measure(run) if r.every in every else None for r in self.records]
        for record, value, values in zip(self.records, new, self._values, strict=True):
            if record.every in every:
                values.append(value)
        self._owed = ()

    def keep_what_is_owed(self, run: Running) -> None:
        """Measure what an exception has kept from being recorded."""
        self.keep(run, *self._owed)

    def trace(self, run: Running) -> Any:
        """Return what was kept, a dict by name of several; None where nothing was to be."""
        if not self.records:
            return {} if self._several else None
        self.keep_what_is_owed(run)
        pairs = zip(self.records, self._values, strict=True)
        found = {record.name: np.stack(values) for record, values in pairs}
        return found if self._several else next(iter(found.values()))


NOTHING = Kept(None)  # what most runs keep


def _states(run: Running) -> Array:
    return narrow(run.state.copy())


def _energy(run: Running) -> Floats | float:
    return run.energy()


def _symmetrised(run: Running) -> Floats | float:
    memory, s = run.memory, run.state
    if memory.symmetric or not memory.quadratic:
        return run.energy()
    own = getattr(run.neuron, "energy", None)
    drive = memory.field(s) + memory.field(np.zeros(s.shape))  # W s + 2 b
    return np.asarray(np.vecdot(s, drive) / -2 + (own(s) if own else 0.0))


def _overlaps(xi: Array, run: Running) -> Floats | float:
    s = run.state
    return overlap(s[..., None, :], vectors(xi, "patterns", s.shape[-1]))


def _hamming(xi: Array, run: Running) -> Array | int:
    s = run.state
    return distance(s, vectors(xi, "pattern", s.shape[-1]))


def _of_state(function: Callable[[Array], object], run: Running) -> object:
    return function(run.state.copy())
