"""A network in numbers: what memories, neurons and orders tell the engine of themselves.

A `Form` is a memory for neurons of -1/+1, a `Rule` a neuron with two states, and a schedule says
who moves when: "together", "given" (one at a time in a fixed order), "shuffled", "drawn" (with
replacement), or None for anything else. The field of neuron i is

    h_i = weight * numerator_i / divisor + bias_i

with each operation rounded as written. Whatever computes fields does it so, to the bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import frexp
from typing import Any, NamedTuple, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

from .bits import BitMatrix
from .streams import Streams

Array = npt.NDArray[Any]
_Made = TypeVar("_Made")
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Signs = npt.NDArray[np.int8]


def take_back(cls: type, by: Iterable[str], **plain: object) -> None:
    """Give a class, of whatever was written for other methods ``by`` than it has, the plain one.

    That is so where one of these comes from a class before the one that gives the name.
    """
    classes = cls.__mro__
    first = [i for i, base in enumerate(classes) if any(name in vars(base) for name in by)]
    for name, found in plain.items():
        given = [i for i, base in enumerate(classes) if name in vars(base)]
        if first and (not given or first[0] < given[0]):
            setattr(cls, name, found)


class Form(NamedTuple):
    """A memory of n neurons of -1/+1, in numbers.

    Attributes
    ----------
    kind : str
        What the numerators are computed from: "matrix", "sparse", "keys", "patterns",
        "levels" or "sum".
    n : int
        Neurons.
    source : object
        Holds the arrays of that kind, and what was made of them: `Matrix`, `Keys`, `Patterns`,
        `Levels`, `Terms`.
    divisor, weight : float
        See above.
    bias : ndarray of shape (n,), or None
        See above; None for zeros.
    """

    kind: str
    n: int
    source: Any
    divisor: float = 1.0
    weight: float = 1.0
    bias: Floats | None = None

    def scaled(self, w: float) -> Form | None:
        """Return w times the memory; None where that rounds twice and might break a tie."""
        if w == 1:
            return self
        if self.weight != 1 and not (exponent_only(w) or exponent_only(self.weight)):
            return None
        if self.bias is not None and not exponent_only(w):
            return None
        bias = None if self.bias is None else w * self.bias
        return self._replace(weight=w * self.weight, bias=bias)

    def plus(self, bias: Floats) -> Form | None:
        """Return the memory and a bias; None where there is one, since two sums round twice."""
        if not bias.any():
            return self
        return None if self.bias is not None else self._replace(bias=bias)


def exponent_only(x: float) -> bool:
    """Say whether a factor rounds nothing: whether it is a power of two, or minus one."""
    return abs(frexp(x)[0]) == 0.5


class Rule(NamedTuple):
    """A neuron with two states, in numbers.

    Attributes
    ----------
    low, high : float
        Its states.
    law : str
        Where thresholds and ties come from: "fixed" (``theta`` and ``tie``), "coin" (``theta``,
        and a tie that is up or down at even odds), "heat" (T / (high - low) times the logit of a
        uniform number), "potts" (the largest field wins, with noise at a temperature), or "own"
        (the neuron's method `draw`).
    theta : float
        The threshold that a field must exceed.
    tie : int
        What a field of exactly that does: 1 up, -1 down, 0 keep.
    scale : float
        The unit T / (high - low) of thresholds at a temperature; the T of "potts".
    width : int
        How many sites are one neuron: where more than one, these hold 0 and 1 inside, too.
    """

    low: float
    high: float
    law: str
    theta: float = 0.0
    tie: int = 0
    scale: float = 0.0
    width: int = 1


class Counts:
    """How far each of R replicas has come; whoever moves them counts here, in place.

    Attributes
    ----------
    sweeps, updates, period : ndarray of int64, shape (R,)
        Sweeps begun, moves made, and 1 for a fixed point, k for a cycle of k, else 0.
    """

    __slots__ = ("period", "sweeps", "table", "updates")

    def __init__(self, replicas: int) -> None:
        self.table = np.zeros((3, replicas), np.int64)
        self.sweeps, self.updates, self.period = self.table


class Session(Protocol):
    """States of R replicas under way, held here and nowhere else: -1, +1, and 0 for unknown.

    Attributes
    ----------
    name : str
        What computes.
    exact : bool
        Whether its fields are those of its form to the bit, however long it has run.
    """

    name: str
    exact: bool

    @property
    def state(self) -> Array:
        """The states (R, n)."""

    def sweeps(self, sites: Array | None, streams: Streams, counts: Counts, most: int) -> bool:
        """Let every replica of period 0 make up to so many sweeps; False where it cannot.

        ``sites`` (n,) is the order, where that is fixed. A replica stops at a fixed point or
        in a cycle, as `Counts` then says.
        """

    def fields(self, rows: Ints, sites: Ints | None = None) -> Floats:
        """Return the fields of neurons (A, k), or of all, in replicas (A,)."""

    def assign(self, rows: Ints, sites: Ints | None, values: Array) -> None:
        """Give neurons (A, k), or all, new states (A, k)."""

    def settled(self, rows: Ints) -> Array | None:
        """Say which replicas (A,) stand at a fixed point, if that costs less than fields."""

    def energies(self) -> Floats | None:
        """Return the energies (R,), if they cost little here."""


class Visiting(Session, Protocol):
    """A session that visits neurons in turn; of others the loop asks fields one by one."""

    def visit(self, rows: Ints, sites: Ints, theta: Floats, tie: Signs) -> Array:
        """Visit neurons (A, k) of replicas (A,) in turn; return their states thereafter."""


class Source:
    """What the numerators of a form are computed from; what engines make of it is kept in it."""

    several = False

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def made(self, name: str, make: Callable[[], _Made]) -> _Made:
        """Return what ``make`` gives, made once and kept under that name."""
        if name not in self._made:
            self._made[name] = make()
        found: _Made = self._made[name]
        return found

    def __getstate__(self) -> dict[str, object]:
        """Return what is pickled: nothing that can be made again."""
        return {**self.__dict__, "_made": {}}

    def joined(self, other: Self) -> Source | None:
        """Return the source of both memories together; None where there is none."""
        return None


class Matrix(Source):
    """Couplings: numerators are sums of columns.

    Parameters
    ----------
    columns : ndarray of float32 or float64, shape (N, N), or a SciPy sparse array (CSC)
        Row j (of a sparse one, column j) is what a step of neuron j by 1 adds to all numerators.
    symmetric : bool
        Whether they have an energy.
    exact : bool
        Whether sums over states are exact: not if the couplings are so tiny that they are on no
        grid.
    """

    def __init__(self, columns: Any, symmetric: bool, exact: bool) -> None:
        super().__init__()
        self.columns, self.symmetric, self.exact = columns, symmetric, exact


class Keys(Source):
    """Couplings V'K less a diagonal: numerators are sums of values, weighted by products with keys.

    Parameters
    ----------
    keys, values : ndarray of shape (P, N)
        K and V.
    diagonal : ndarray of float64, shape (N,)
        The share of a neuron's own state, to be left out.
    symmetric : bool
        Whether they have an energy.
    """

    exact = True

    def __init__(self, keys: Array, values: Array, diagonal: Floats, symmetric: bool) -> None:
        super().__init__()
        self.keys, self.values, self.diagonal, self.symmetric = keys, values, diagonal, symmetric


class Terms(Source):
    """Couplings that are added, each rounded by itself.

    Those with one divisor stand beside each other, and are added before the division: the field is
    the sum of sums of weight * numerator, each over its divisor, and the bias at the end.

    Parameters
    ----------
    terms : list of (weight, Form)
        Of `KINDS`, without weights and biases of their own.
    """

    KINDS = "matrix", "sparse", "keys", "patterns"
    several, exact = True, True

    def __init__(self, terms: list[tuple[float, Form]]) -> None:
        super().__init__()
        at = list(dict.fromkeys(form.divisor for _, form in terms))
        self.terms = sorted(terms, key=lambda term: at.index(term[1].divisor))


class Patterns(Source):
    """Hebb's couplings: numerators are X'(X s) less the neuron's own share.

    Parameters
    ----------
    held : ndarray of int8, shape (P, N), or BitMatrix
        The patterns, 1 and ``unset``.
    unset : int
        -1 or 0.
    diagonal : ndarray of float64, shape (N,)
        The share of a neuron's own state.

    Attributes
    ----------
    several : bool
        Whether they are of several memories, whose energies are rounded one by one.
    """

    several = False

    def __init__(self, held: Signs | BitMatrix, unset: int, diagonal: Floats) -> None:
        super().__init__()
        self.held, self.unset, self.diagonal = held, unset, diagonal
        self.size, self.n = held.shape

    @property
    def bits(self) -> BitMatrix:
        """The patterns as bits."""
        return self.made("bits", self._packed)

    def _packed(self) -> BitMatrix:
        if isinstance(self.held, BitMatrix):
            return self.held
        return BitMatrix.of([self.held], self.held.shape, self.unset)

    @property
    def by_neuron(self) -> Signs:
        """The patterns (N, P)."""
        return self.made("by_neuron", lambda: np.ascontiguousarray(self.held[:].T))

    def joined(self, other: Self) -> Patterns | None:
        """Return the patterns of both, where they are held as they are and coded alike."""
        alike = self.unset == other.unset and bool(self.diagonal.any()) == bool(
            other.diagonal.any()
        )
        if not alike or isinstance(self.held, BitMatrix) or isinstance(other.held, BitMatrix):
            return None
        held = np.concatenate([self.held, other.held])
        found = Patterns(held, self.unset, self.diagonal + other.diagonal)
        found.several = True
        return found


class Levels(Patterns):
    """A dense memory: numerators are sums of rises of F, tabulated by overlap.

    Parameters
    ----------
    held
        As for `Patterns`, of -1/+1.
    values : ndarray of float64, shape (N + 1,)
        F at the overlap sums 2 k - N, whole numbers, rounded beyond 2**53.
    rises : ndarray of int32 or int64, shape (N + 2,) or (D, N + 2)
        From level k - 1 to level k, 0 at both ends; int32 where no lane of a sum needs more, and
        in D digits, the lowest first, where a sum needs more than 53 bits.
    digit : int
        The bits of a digit; 0 where there are none.
    """

    def __init__(self, held: Signs | BitMatrix, values: Floats, rises: Array, digit: int) -> None:
        super().__init__(held, -1, np.zeros(held.shape[1]))
        self.values, self.rises, self.digit = values, rises, digit

    def joined(self, other: Self) -> None:
        """Return None: an overlap is with patterns of one memory."""
