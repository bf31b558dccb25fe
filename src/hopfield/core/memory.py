"""Memories: each turns a state into a field, and memories add.

``memory.field(s)[i]`` is the discrete derivative of ``memory.energy(s)``:
h_i = [E(s with s_i low) - E(s with s_i high)] / (high - low).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from ..base import shown
from ..base.checks import Array, Floats, count, describe, number, real, room, two_states, vectors
from ..base.forms import Form, Terms, exponent_only, take_back
from ..base.saved import savable
from .cursors import Cursor, SumCursor, weighted
from .neurons import Anneal, Neuron, Sign, driven_by
from .orders import Order, Shuffled
from .patterns import bipolar

_SIGN, _SHUFFLED = Sign(), Shuffled()
_Part = TypeVar("_Part")
_Value = TypeVar("_Value", int, tuple[float, float])
_DENSE = 2**24  # couplings of memories that are added term by term: 128 MiB
_OF_THE_FIELD = (
    *("form", "open", "signed", "quadratic", "linear"),
    *("gradient", "energy_of_reals"),
)


class NoEnergy(ValueError):
    """The memory has no energy: its couplings are not symmetric."""


class Memory:
    """What turns a state into a field; the base of every memory.

    A new memory defines `field` and `energy`, and `parts` to be saved. Where its field is W s + b
    it says ``quadratic = True``, else it has one pair of ``states``, and defines `gradient` for
    graded neurons. It may define `open` (a faster cursor than one that asks for the whole field),
    and `form` and `signed`, by which the engine runs it.

    Attributes
    ----------
    n : int
        Neurons.
    symmetric : bool
        Whether it has an energy.
    states : (low, high) or None
        The only neuron's states between which `field` is the discrete derivative; None where
        the energy is quadratic, so that any will do, and else for -1 and +1.
    neuron, order : Neuron, Order
        What it was written for, and what `recall` takes by default: `Sign()`, of those states,
        and `Shuffled()`. None where it has no say, or adds memories that differ.
    divisor : float
        What `numerators` must be divided by to give the field.
    dtype : dtype
        What states of graded neurons are held as.
    """

    n: int = 0
    symmetric: bool = True
    self_coupling: bool = False
    states: tuple[float, float] | None = None
    order: Order | None = _SHUFFLED
    divisor: float = 1.0
    dtype: np.dtype[Any] = np.dtype(np.float64)
    _repr_html_ = shown.memory
    __array_ufunc__ = None  # so that a NumPy number times a memory is a memory

    def __init_subclass__(cls) -> None:
        """Take back what was written for another field or energy than this subclass has."""
        super().__init_subclass__()
        others = [vars(base) for base in cls.__mro__ if base is not Memory]
        for by in ("field", "energy"):
            if sum(by in base for base in others) > 1:
                take_back(cls, [by], **{name: getattr(Memory, name) for name in _OF_THE_FIELD})
        take_back(cls, ["field"], numerators=Memory.numerators)

    @property
    def neuron(self) -> Neuron | None:
        """The neuron that it was written for."""
        return _SIGN if self.states in (None, (-1.0, 1.0)) else Sign(*self.states)

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the local fields (..., n) of states (..., n): the discrete derivative."""
        raise TypeError(f"{type(self).__name__} must define field")

    def numerators(self, s: npt.ArrayLike) -> Floats:
        """Return ``divisor`` times the field: integers where weights and states are integers."""
        return self.divisor * self.field(s)

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return -dE/ds (..., n) of states (..., n), the drive of graded neurons.

        Raises
        ------
        TypeError
            Where the memory has an energy that is not quadratic, of which the field is another
            difference, and does not define this.
        """
        if self.symmetric and not self.quadratic:
            raise TypeError(
                f"{type(self).__name__} must define gradient, -dE/ds, for graded neurons (or say "
                "quadratic = True, where the field is W s + b)"
            )
        return self.field(s)

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return the energy (...) of states (..., n).

        Raises
        ------
        NoEnergy
            Where the couplings are not symmetric.
        ValueError
            For values beyond the two states, where it is written for these alone.
        """
        raise NoEnergy(
            f"this {type(self).__name__} has no energy: its couplings are not symmetric "
            "(W_ij and W_ji differ; where that is rounding alone, give (W + W.T) / 2; to plot "
            "-s.W s / 2 all the same, hf.record.energy(symmetrised=True) records it)"
        )

    def energy_of_reals(self, s: npt.ArrayLike) -> Floats | float:
        """Return `energy`, of evidence beyond the states too."""
        return self.energy(s)

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        raise TypeError(f"{type(self).__name__} must define parts")

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor that starts at states (n,) or (R, n) and follows single changes."""
        return Cursor(self.field, self._replicas(s))

    def form(self) -> Form | None:
        """Return this memory of -1/+1 neurons in numbers, for the engine; None without a form."""
        return None

    def signed(self, low: float, high: float) -> Memory | None:
        """Return this memory for -1/+1 neurons that stand for neurons of states low and high.

        Its field is that of the neurons themselves, so that thresholds stay as they are. None
        where nobody knows how the field depends on the states.
        """
        return self if (low, high) == (-1, 1) else None

    @property
    def quadratic(self) -> bool:
        """Whether the field is W s + b, which `linear` then gives."""
        return False

    def linear(self) -> tuple[Floats, Floats] | None:
        """Return (W, b), dense, where the field is W s + b; None where it is not linear."""
        return None

    def stable(self, patterns: npt.ArrayLike) -> npt.NDArray[np.bool_] | bool:
        """Say which patterns (..., n) are strictly fixed: every field is on the pattern's side.

        Patterns are of the states of the memory's neuron, -1/+1 by default (or bools); of
        graded neurons, and neurons of q states, those are fixed that cannot move.

        Raises
        ------
        ValueError
            If the memory names no neuron, or a value is no state of its neuron.

        Examples
        --------
        >>> import hopfield as hf
        >>> letters = hf.pictures.small("checkerboard", "X", "A")
        >>> hf.hebb(letters).stable(letters)
        array([False,  True,  True])
        """
        neuron: Any = self.neuron
        if neuron is None:
            raise ValueError(f"{self} names no neuron, so which patterns it holds is open")
        x = vectors(patterns, "patterns", self.n)
        if neuron.states is None:
            h = getattr(self, driven_by(neuron))(x)
            held = neuron.settled(h, x.astype(self.dtype))
        elif getattr(neuron, "width", 1) > 1:
            held = neuron.settled(self.field(x), x.astype(np.float64))
        else:
            x = of_states(x, *neuron.states)
            h = self.field(x)
            held = np.where(x == neuron.states[1], h > 0, h < 0)
        fixed = held.all(axis=-1)
        return bool(fixed) if x.ndim == 1 else np.asarray(fixed)

    def recode(self, low: float = 0.0, high: float = 1.0) -> Recoded:
        """Return this memory of -1/+1 neurons for neurons of states low and high, exactly.

        The same configuration has the same energy; 2W, and a `Bias`, are what this comes to
        for couplings.

        Examples
        --------
        >>> import hopfield as hf
        >>> m = hf.hebb([[1, -1, 1, 1]])
        >>> m.energy([1, -1, 1, -1]) == m.recode(0, 1).energy([1, 0, 1, 0])
        True
        """
        return Recoded(self, low, high)

    def __add__(self, other: Memory) -> Memory:
        return Sum([self, _memory(other)])

    def __sub__(self, other: Memory) -> Memory:
        return Sum([self, _memory(other)], [1.0, -1.0])

    def __radd__(self, other: Memory) -> Memory:
        return _memory(other) + self

    def __rsub__(self, other: Memory) -> Memory:
        return _memory(other) - self

    def __mul__(self, factor: float) -> Memory:
        return Sum([self], [number(factor, "factor")])

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Memory:
        by = number(divisor, "divisor")
        if by == 0:
            raise ValueError("divisor must not be 0")
        return self * (1 / by)

    def __neg__(self) -> Memory:
        return self * -1.0

    def _rows(self, s: npt.ArrayLike) -> Floats:
        return vectors(s, "s", self.n).astype(np.float64)

    def _between(self, s: npt.ArrayLike) -> Floats:
        """Return states (..., n) that have an energy: within the two that this is written for."""
        rows, neuron = self._rows(s), self.neuron
        if self.states and neuron and neuron.states:
            low, high = self.states
            if (outside := (rows < low) | (rows > high)).any():
                raise ValueError(
                    f"s must hold {low:g} and {high:g}, the states of the memory's neuron, or what "
                    f"is between them; it holds {rows[outside][0]:g}"
                )
        return rows

    def _replicas(self, s: npt.ArrayLike) -> Floats:
        rows = np.atleast_2d(self._rows(s))
        if rows.ndim > 2:
            raise ValueError(f"s must be (n,) or (R, n); its shape is {rows.shape}")
        return rows


class Quadratic(Memory):
    """A memory whose field is W s without a bias, so that neurons of any two states go with it.

    A subclass defines `_sums`: what `numerators` gives, and `_form`: what `form` gives.
    """

    _form: Form | None = None
    _signed: tuple[tuple[float, float], Memory | None] | None = None  # what `signed` last gave

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the local fields W s, (..., n)."""
        return self._sums(self._rows(s)) / self.divisor

    def numerators(self, s: npt.ArrayLike) -> Floats:
        """Return ``divisor`` times the field: integers where weights and states are integers."""
        return self._sums(self._rows(s))

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return -1/2 s.W s, (...)."""
        return scalar(self._energies(self._rows(s))) if self.symmetric else super().energy(s)

    def form(self) -> Form | None:
        """Return W in numbers."""
        return self._form

    def _sums(self, rows: Floats) -> Floats:
        raise NotImplementedError

    def _energies(self, rows: Floats) -> Floats:
        found = np.einsum("...i,...i->...", rows, self._sums(rows))
        return np.asarray(0.0 - found / (2 * self.divisor))

    @property
    def quadratic(self) -> bool:
        """Whether the field is W s + b: it is W s."""
        return True

    def signed(self, low: float, high: float) -> Memory | None:
        """Return this memory for -1/+1 neurons: s = middle + half * sign."""
        if (low, high) == (-1, 1):
            return self
        last = self._signed  # once: another thread may ask for other states
        if last is None or last[0] != (low, high):
            self._signed = last = (low, high), Sum([self]).signed(low, high)
        return last[1]


@savable
class Bias(Memory):
    """A field of its own on each neuron: E = -b.s. A threshold is a negative bias.

    Parameters
    ----------
    values : float or array_like of shape (N,)
        The field b; a single number is the same for all neurons.
    n : int, optional
        Neurons, where ``values`` is one number that is not added to another memory.

    Examples
    --------
    >>> import hopfield as hf
    >>> (hf.hebb([[1, -1, 1, 1]]) + hf.Bias(0.5)).field([1, -1, 1, 1])
    array([ 1.25, -0.25,  1.25,  1.25])
    """

    def __init__(self, values: npt.ArrayLike, n: int | None = None) -> None:
        array = real(values, "values").astype(np.float64)
        if array.ndim > 1:
            raise ValueError(f"values must be a number or (N,); its shape is {array.shape}")
        n = 0 if n is None else count(n, "n", 1)
        if n and array.ndim and n != array.size:
            raise ValueError(f"n={n} differs from the {array.size} values")
        self.n = array.size if array.ndim else n
        room("n", self.n)
        self.values = np.broadcast_to(array, (self.n,)) if self.n else array

    def __mul__(self, factor: float) -> Memory:
        return Bias(self.values * number(factor, "factor"), self.n or None)

    __rmul__ = __mul__

    def __repr__(self) -> str:
        return f"Bias({self.n or 'any number of'} neurons)"

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {"values": np.array(self.values), "n": self.n or None}

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return b for every state, (..., n)."""
        return np.array(np.broadcast_to(self.values, self._rows(s).shape))

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return -b.s, (...)."""
        return scalar(0.0 - np.vecdot(self._rows(s), self.values))

    def signed(self, low: float, high: float) -> Memory:
        """Return itself: its field is the same in any states."""
        return self

    @property
    def quadratic(self) -> bool:
        """Whether the field is W s + b: it is b."""
        return True

    def linear(self) -> tuple[Floats, Floats]:
        """Return (0, b)."""
        return np.zeros((self.n, self.n)), np.array(self.values)

    def _rows(self, s: npt.ArrayLike) -> Floats:
        if not self.n:
            raise ValueError("n must be given to a Bias of one number that stands alone")
        return super()._rows(s)


@savable
class Sum(Memory):
    """A weighted sum of memories; written ``a + b`` and ``2 * a``.

    Parameters
    ----------
    memories : sequence of Memory
        Of the same N; a `Bias` of one number fits any.
    weights : sequence of float, optional
        One a memory, by default 1.

    Raises
    ------
    ValueError, TypeError
        If the memories' N differ, or something else is given.

    Examples
    --------
    >>> import hopfield as hf
    >>> a, b = hf.hebb([[1, 1, 1]]), hf.hebb([[1, -1, 1]])
    >>> (a + b).field([1, 1, 1]).round(3)
    array([0.667, 0.   , 0.667])
    """

    def __init__(self, memories: Sequence[Memory], weights: Sequence[float] | None = None) -> None:
        memories = _listed(memories, "memories")
        for m in memories:
            if not isinstance(m, Memory) or not (m.n or isinstance(m, Bias)):
                raise TypeError(f"memories must hold memories of n neurons, not {describe(m)}")
        weights = [1.0] * len(memories) if weights is None else _listed(weights, "weights")
        factors = [number(w, "weights") for w in weights]
        if len(factors) != len(memories):
            raise ValueError(f"{len(memories)} memories need as many weights, not {len(factors)}")
        self.memories: list[Memory] = []
        self.factors: list[float] = []
        for w, m in zip(factors, memories, strict=True):
            inner = m if isinstance(m, Sum) else None
            self.memories += inner.memories if inner else [m]
            self.factors += [number(w * v, "weights") for v in inner.factors] if inner else [w]
        self.n = _one("N", {m.n for m in self.memories if m.n}, "none") or 0
        self.memories = [
            Bias(m.values, self.n) if isinstance(m, Bias) and not m.n else m for m in self.memories
        ]
        self.symmetric = all(m.symmetric for m in self.memories)
        self.self_coupling = any(m.self_coupling for m in self.memories)
        self.states = _one("states of the neuron", {m.states for m in self.memories if m.states})
        # A cursor takes the biases last; the field does so too, so that they round alike.
        terms = list(zip(self.factors, self.memories, strict=True))
        self.coupled = [(w, m) for w, m in terms if not isinstance(m, Bias)]
        biases = [w * m.values for w, m in terms if isinstance(m, Bias)]
        self.bias = sum(biases, start=np.zeros(self.n))
        widths = {getattr(m.neuron, "width", 1) for _, m in self.coupled} - {1}
        _one("q of the neurons", widths)

    def __repr__(self) -> str:
        terms = (
            f"{m}" if w == 1 else f"{w:g} * {m}"
            for w, m in zip(self.factors, self.memories, strict=True)
        )
        return f"({' + '.join(terms)})"

    @property
    def neuron(self) -> Neuron | None:
        """The neuron that all of the memories name; biases have no say."""
        return _common([m.neuron for _, m in self.coupled], _SIGN)

    @property
    def order(self) -> Order | None:  # type: ignore[override]
        """The order that all of the memories name; biases have no say."""
        return _common([m.order for _, m in self.coupled], _SHUFFLED)

    @property
    def quadratic(self) -> bool:
        """Whether the field of every memory is W s + b."""
        return all(m.quadratic for m in self.memories)

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {"memories": self.memories, "weights": self.factors}

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the weighted sum of the fields, (..., n)."""
        rows = self._rows(s)
        terms = [(w, m.divisor, m.numerators(rows)) for w, m in self.coupled]
        return weighted(terms, np.broadcast_to(self.bias, rows.shape))

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return the weighted sum of the gradients, (..., n)."""
        return np.asarray(self._total("gradient", s))

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return the weighted sum of the energies, (...)."""
        return scalar(self._total("energy", s))

    def energy_of_reals(self, s: npt.ArrayLike) -> Floats | float:
        """Return the weighted sum of the energies of evidence, (...)."""
        return scalar(self._total("energy_of_reals", s))

    def linear(self) -> tuple[Floats, Floats] | None:
        """Return (W, b), dense, where the field is W s + b; None where it is not linear."""
        forms = [m.linear() for m in self.memories]
        known = [form for form in forms if form is not None]
        if len(known) < len(forms):
            return None
        w, b = (
            sum(f * np.asarray(x) for f, x in zip(self.factors, part, strict=True))
            for part in zip(*known, strict=True)
        )
        return np.asarray(w), np.asarray(b)

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor over the memories' cursors."""
        if not self.coupled:
            return super().open(s)
        return SumCursor(
            [m.open(s) for _, m in self.coupled], [w for w, _ in self.coupled], self.bias
        )

    def form(self) -> Form | None:
        """Return the form of one memory, or of several that can be joined, and its biases."""
        return self._form

    @cached_property
    def _form(self) -> Form | None:
        if not self.coupled:
            return None
        (w, first), *others = self.coupled
        form = first.form()
        for v, m in others:
            other = m.form()
            alike = form and other and v == w and exponent_only(w)
            form = joined(form, other) if form and other and alike else None
            if form is None:  # else w (a + b) is w a + w b to the bit
                return self._terms()
        scaled = form and form.scaled(w)
        return scaled and scaled.plus(self.bias)

    def _terms(self) -> Form | None:
        """Return memories that cannot be joined, term by term, where that is not too large."""
        forms = [m.form() for _, m in self.coupled]
        terms = [(w, f) for (w, _), f in zip(self.coupled, forms, strict=True) if f]
        whole = all(f.kind in Terms.KINDS and getattr(f.source, "exact", True) for _, f in terms)
        if len(terms) < len(forms) or not whole or len(terms) * self.n**2 > _DENSE:
            return None
        return Form("sum", self.n, Terms(terms)).plus(self.bias)

    def signed(self, low: float, high: float) -> Memory | None:
        """Return the sum of the memories for -1/+1 neurons that stand for low and high."""
        if (low, high) == (-1, 1):
            return self
        if self.states is None and self.quadratic:  # s = middle + half * sign
            middle, half, ones = (low + high) / 2, (high - low) / 2, np.ones(self.n)
            terms = [(middle * w, m.divisor, m.numerators(ones)) for w, m in self.coupled]
            weights = [half * w for w, _ in self.coupled]
            return Sum(
                [*(m for _, m in self.coupled), Bias(weighted(terms, self.bias))], [*weights, 1.0]
            )
        inner = [m.signed(low, high) for m in self.memories]
        known = [m for m in inner if m is not None]
        return Sum(known, self.factors) if len(known) == len(inner) else None

    def _total(self, method: str, argument: npt.ArrayLike) -> Any:
        total: Any = 0  # `sum` of floats, from Python 3.12 on, is not that of arrays
        for w, m in zip(self.factors, self.memories, strict=True):
            total = total + w * getattr(m, method)(argument)
        return total


@savable
class Recoded(Memory):
    """A memory of -1/+1 neurons seen by neurons of two other states; see `Memory.recode`.

    Parameters
    ----------
    memory : Memory
        Written for -1/+1 neurons.
    low, high : float
        The states that stand for -1 and +1.
    """

    def __init__(self, memory: Memory, low: float = 0.0, high: float = 1.0) -> None:
        if not isinstance(memory, Memory):
            raise TypeError(f"memory must be a memory, not {describe(memory)}")
        self.memory = memory
        self.low, self.high = two_states((low, high), "(low, high)")
        if memory.states not in (None, (-1.0, 1.0)):
            raise ValueError(f"memory must be written for -1/+1 neurons, not {memory.states}")
        self.n, self.symmetric, self.order = memory.n, memory.symmetric, memory.order
        self.self_coupling = memory.self_coupling
        self.states = (self.low, self.high)
        self._scale = 2 / (self.high - self.low)
        self._shift = -(self.high + self.low) / (self.high - self.low)

    def __repr__(self) -> str:
        return f"{self.memory}.recode({self.low:g}, {self.high:g})"

    @property
    def neuron(self) -> Neuron | None:
        """The memory's neuron, in the new states; None where it is not of two states."""
        inner: Any = self.memory.neuron
        if inner is None or inner.states != (-1.0, 1.0):
            return None
        states = {"low": self.low, "high": self.high}
        if isinstance(inner, Anneal):
            return replace(inner, neuron=replace(inner.neuron, **states))
        try:
            found: Neuron = replace(inner, **states)
        except TypeError:  # a neuron of one's own, of -1/+1 alone
            return None
        return found

    @property
    def quadratic(self) -> bool:
        """Whether the memory's field is W s + b."""
        return self.memory.quadratic

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {"memory": self.memory, "low": self.low, "high": self.high}

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the discrete derivative between the new states, (..., n)."""
        return self._scale * self.memory.field(self._signs(s))

    def gradient(self, s: npt.ArrayLike) -> Floats:
        """Return -dE/ds in the new states, (..., n)."""
        return self._scale * self.memory.gradient(self._signs(s))

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return the energy of the same configuration, (...)."""
        return Recoded.energy_of_reals(self, self._between(s))

    def energy_of_reals(self, s: npt.ArrayLike) -> Floats | float:
        """Return the energy of the same evidence, (...)."""
        return self.memory.energy_of_reals(self._signs(s))

    def signed(self, low: float, high: float) -> Memory | None:
        """Return the memory itself, its field in the scale of the new states."""
        inner = self.memory.signed(-1, 1)
        return Sum([self.memory], [self._scale]) if inner and (low, high) == self.states else None

    def linear(self) -> tuple[Floats, Floats] | None:
        """Return (W, b), dense, where the field is W s + b; None where it is not linear."""
        form = self.memory.linear()
        if form is None:
            return None
        w, b = form
        return self._scale**2 * w, self._scale * (self._shift * w.sum(axis=1) + b)

    def _signs(self, s: npt.ArrayLike) -> Floats:
        return to_signs(self._rows(s), self.low, self.high)


def to_signs(x: Floats, low: float, high: float) -> Floats:
    """Return values of neurons with states low and high for -1/+1 neurons.

    The two states, and unknown between them, come out exactly.
    """
    if (low, high) == (-1, 1):
        return x
    middle, half = (low + high) / 2, (high - low) / 2
    out = (x - middle) / half
    for a, b in ((low, -1.0), (high, 1.0), (middle, 0.0)):
        out = np.where(x == a, b, out)
    return np.asarray(out)


def from_signs(x: Array, low: float, high: float) -> Floats:
    """Return values of -1/+1 neurons for neurons with states low and high, as `to_signs` does."""
    if (low, high) == (-1, 1):
        return x
    middle, half = (low + high) / 2, (high - low) / 2
    out = middle + half * x
    for a, b in ((-1, low), (1, high)):
        out = np.where(x == a, b, out)
    return np.asarray(out)


def of_states(x: Array, low: float, high: float) -> Array:
    """Return patterns of two states, bools mapped, refusing whatever is not that."""
    if (low, high) == (-1, 1):
        return bipolar(x)
    if x.dtype.kind == "b":
        return np.where(x, high, low)
    if not ((x == low) | (x == high)).all():
        raise ValueError(
            f"patterns must hold {low:g} and {high:g}, the states of the memory's neuron (or bools)"
        )
    return x.astype(np.float64)


def joined(a: Form, b: Form) -> Form | None:
    """Return the form of two memories' sum, where one kernel serves both."""
    plain = a.divisor == b.divisor and a.bias is b.bias is None and a.weight == b.weight == 1
    source = a.source.joined(b.source) if plain and type(a.source) is type(b.source) else None
    return None if source is None else a._replace(source=source)


def _one(what: str, found: set[_Value], none: str | None = None) -> _Value | None:
    """Return the one thing that memories agree in, None where none of them has it."""
    if len(found) > 1 or (not found and none):
        raise ValueError(f"memories must have one {what}, not {sorted(found) or none}")
    return found.pop() if found else None


def _common(named: list[_Part], otherwise: _Part) -> _Part | None:
    if not named:
        return otherwise
    return named[0] if all(x == named[0] for x in named) else None


def _memory(other: object) -> Memory:
    if not isinstance(other, Memory):
        raise TypeError(
            f"memories can be added to memories, not to {describe(other)}; hf.Bias(values) is a "
            "field on each neuron"
        )
    return other


def _listed(things: object, name: str) -> list[Any]:
    if not isinstance(things, (list, tuple, np.ndarray)) or not np.iterable(things):
        raise TypeError(f"{name} must be a list, not {describe(things)}")
    return list(things)


def scalar(x: Array) -> Floats | float:
    """Return an array of no axes as a float."""
    return float(x) if np.ndim(x) == 0 else x
