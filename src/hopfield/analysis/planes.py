"""Where states stand in a figure: all those of a small network, a plane through those of any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats, count, real, two_states, vectors
from ..core.memory import Memory
from ..core.network import network
from ..core.neurons import Neuron
from ..core.orders import Order, Sequential, Sync
from ..core.patterns import narrow
from ..core.recall import recall

__all__ = ["Plane", "cells", "laid_out", "valleys"]
__dir__ = __all__.copy

LARGEST = 16  # neurons, all of whose states are laid out
_SYNC = Sync()
_VALUES = 2**22  # of states whose energies are asked for together


@dataclass(frozen=True)
class Plane:
    """A plane in the space of states: what `plots.landscape` cuts along.

    Attributes
    ----------
    centre : ndarray of shape (N,)
    axes : ndarray of shape (2, N)
        Of length sqrt(N) each, so that a neuron's two states are 2 / sqrt(N) apart in it.

    Examples
    --------
    >>> import hopfield as hf
    >>> plane = Plane.of([[1, 1, 1, 1], [1, 1, -1, -1], [-1, 1, 1, -1]])
    >>> plane.at(plane.places([1, 1, -1, -1])).round(9)
    array([ 1.,  1., -1., -1.])
    """

    centre: Floats
    axes: Floats

    def __post_init__(self) -> None:
        centre = vectors(self.centre, "centre").astype(np.float64)
        axes = vectors(self.axes, "axes", centre.shape[-1]).astype(np.float64)
        if centre.ndim != 1 or axes.ndim != 2 or len(axes) != 2:
            raise ValueError(f"axes must be two rows (2, N) and centre (N,), not {axes.shape}")
        object.__setattr__(self, "centre", centre)
        object.__setattr__(self, "axes", axes)

    @classmethod
    def of(cls, points: npt.ArrayLike) -> Plane:
        """Return the plane through three points, or the one that many lie closest to (their PCA).

        The first point is on the left, the last one above the middle.

        Parameters
        ----------
        points : array_like of shape (K, N)
            Three or more.

        Raises
        ------
        TypeError, ValueError
            If there are fewer, or all lie on one line.
        """
        x = vectors(points, "points").astype(np.float64)
        if x.ndim != 2 or len(x) < 3:
            raise ValueError(f"points must be three or more rows (K, N); the shape is {x.shape}")
        centre = x.mean(axis=0)
        _, sizes, rows = np.linalg.svd(x - centre, full_matrices=False)
        if len(sizes) < 2 or sizes[1] <= 1e-9 * max(1.0, sizes[0]):
            raise ValueError("points must not lie on one line, which is in many planes")
        axes = rows[:2] * x.shape[1] ** 0.5
        u, v = axes @ (x[[0, -1]] - centre).T
        return cls(centre, axes * [[-1.0 if u[0] > 0 else 1.0], [-1.0 if v[1] < 0 else 1.0]])

    def places(self, states: npt.ArrayLike) -> Floats:
        """Return where states (..., N) stand in the plane, (..., 2): their projections."""
        x = vectors(states, "states", len(self.centre))
        return np.asarray((x - self.centre) @ self.axes.T / len(self.centre))

    def at(self, places: npt.ArrayLike) -> Floats:
        """Return the states (..., N) at places (..., 2) of the plane."""
        where = real(places, "places")
        if where.ndim == 0 or where.shape[-1] != 2:
            raise ValueError(f"places must have 2 numbers on their last axis, not {where.shape}")
        return np.asarray(self.centre + where @ self.axes)

    def energies(self, memory: Memory, places: npt.ArrayLike) -> Floats:
        """Return a memory's energy at places (..., 2).

        Of a memory of two-valued neurons, the energy of the nearest state within their states.
        """
        memory, neuron, _ = network(memory)
        where = real(places, "places").astype(np.float64)
        rows = where.reshape(-1, where.shape[-1] if where.ndim else 1)
        size, found = max(1, _VALUES // memory.n), np.empty(len(rows))
        for first in range(0, len(rows), size):
            x = self.at(rows[first : first + size])
            if neuron.states is not None:
                x = np.clip(x, *neuron.states)
            found[first : first + size] = memory.energy(x)
        return found.reshape(where.shape[:-1])


def square(points: npt.ArrayLike, margin: float = 0.25) -> tuple[Floats, Floats]:
    """Return the lower and the upper corner of a square about places (K, 2).

    Its margin is told as a share of what they take.
    """
    x = real(points, "points")
    low, high = x.min(axis=0), x.max(axis=0)
    reach = (0.5 + margin) * max(float((high - low).max()), 0.1)
    return (low + high) / 2 - reach, (low + high) / 2 + reach


def laid_out(n: int, states: tuple[float, float] = (-1, 1)) -> Array:
    """Return all 2**n states on a sheet on which neighbours differ in one neuron.

    The first n // 2 neurons count the rows, the others the columns, both in Gray's code; the sheet
    closes on itself at its edges.

    Parameters
    ----------
    n : int
        Neurons, 2 to 16.
    states : (low, high)

    Returns
    -------
    ndarray of shape (rows, columns, n)

    Raises
    ------
    TypeError, ValueError
        For another n, or no two states.

    References
    ----------
    Gray 1953, US patent 2,632,058.

    Examples
    --------
    >>> laid_out(2).tolist()
    [[[-1, -1], [-1, 1]], [[1, -1], [1, 1]]]
    """
    n = count(n, "n", 2, LARGEST)
    low, high = two_states(states)
    rows, columns = (_gray(k) for k in (n // 2, n - n // 2))
    shape = len(rows), len(columns)
    both = [
        np.broadcast_to(rows[:, None], (*shape, rows.shape[1])),
        np.broadcast_to(columns, (*shape, columns.shape[1])),
    ]
    return np.asarray(narrow(np.where(np.concatenate(both, axis=2), high, low)))


def cells(states: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return the row and the column of states on the sheet of `laid_out`.

    Parameters
    ----------
    states : array_like of shape (..., n)
        A neuron is high where it is above 0.

    Returns
    -------
    ndarray of int64, shape (..., 2)

    Raises
    ------
    TypeError, ValueError
        If they are no states of 2 to 16 neurons.

    Examples
    --------
    >>> cells([[-1, -1], [1, 1]]).tolist()
    [[0, 0], [1, 1]]
    """
    x = vectors(states, "states")
    n = count(x.shape[-1], "states' last axis", 2, LARGEST)
    high = (x > 0).astype(np.int64)
    parts = high[..., : n // 2], high[..., n // 2 :]
    found = [
        (np.bitwise_xor.accumulate(p, axis=-1) << np.arange(p.shape[-1] - 1, -1, -1)).sum(axis=-1)
        for p in parts
    ]
    return np.stack(found, axis=-1)


def valleys(
    memory: Memory, neuron: Neuron | None = None, order: Order | None = None, sweeps: int = 100
) -> tuple[Array, npt.NDArray[np.int64]]:
    """Return where all states of a small network end.

    Parameters
    ----------
    memory : Memory
        Of 2 to 16 neurons.
    neuron : Neuron, optional
        By default the memory's own, of two states.
    order : Order, optional
        By default `Sequential()`, or `Sync()` where the memory is written for it.
    sweeps : int
        At the latest; what has not settled by then counts as a cycle.

    Returns
    -------
    ends : ndarray of shape (K, n)
        Fixed points, most reached first; of some reached alike, in the order of the sheet.
    which : ndarray of int64, shape (rows, columns)
        The end of each state of `laid_out`, counted from 0; -1 for one that goes round in a cycle.

    Raises
    ------
    TypeError, ValueError
        For a larger memory, or neurons that have not two states.

    Examples
    --------
    >>> import hopfield as hf
    >>> ends, which = valleys(hf.hebb([[1, 1, 1, -1]]))
    >>> ends.tolist(), which.tolist()[0]
    ([[-1, -1, -1, 1], [1, 1, 1, -1]], [0, 0, 0, 1])
    """
    memory, neuron, own = network(memory, neuron, order)
    if neuron.states is None or getattr(neuron, "width", 1) > 1:
        raise TypeError(f"neuron must have two states, not be {neuron}")
    sheet = laid_out(memory.n, neuron.states)
    order = own if order or own == _SYNC else Sequential()
    starts = sheet.reshape(-1, memory.n)
    if neuron.random or hasattr(neuron, "at") or not isinstance(order, Sequential | Sync):
        found = recall(memory, starts, neuron=neuron, order=order, sweeps=sweeps)
        last, still = cells(found.state) @ [sheet.shape[1], 1], found.why == "fixed point"
    else:
        last, still = _last(memory, neuron, order, starts)
    ends, which, counts = np.unique(last[still], return_inverse=True, return_counts=True)
    first = np.argsort(-counts, kind="stable")
    labels = np.full(len(starts), -1, dtype=np.int64)
    labels[still] = np.argsort(first)[which]
    return starts[ends[first]], labels.reshape(sheet.shape[:2])


def _last(
    memory: Memory, neuron: Neuron, order: Order, starts: Array
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return which one each state is after very many sweeps, and whether that one stands still.

    All fields are asked for once; a sweep is then a table from state to state, which is followed
    after itself: 1, 2, 4, ... sweeps.
    """
    n, middle = memory.n, sum(neuron.states or ()) / 2
    weights = 1 << np.arange(n)
    codes = (starts > middle) @ weights
    rows = np.argsort(codes)  # of each code
    up = (neuron(memory.field(starts), starts.astype(np.float64), None) > middle)[rows]
    if isinstance(order, Sync):
        sweep = up @ weights
    else:
        every = sweep = np.arange(len(codes))
        sites: Any = order(n, rng=None)
        for i in np.ravel(sites):
            sweep = np.where(up[:, i], every | weights[i], every & ~weights[i])[sweep]
    after = sweep
    for _ in range(n):  # 2**n sweeps: who does not rest by then is in a cycle
        after = after[after]
    found = after[codes]
    return rows[found], sweep[found] == found


def _gray(bits: int) -> npt.NDArray[np.bool_]:
    """Return Gray's code of so many bits, (2**bits, bits), the bit that counts most first."""
    k = np.arange(2**bits)
    return np.asarray((k ^ (k >> 1))[:, None] >> np.arange(bits - 1, -1, -1) & 1, dtype=bool)
