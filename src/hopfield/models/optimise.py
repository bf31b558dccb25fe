"""Costs as energies: what Hopfield and Tank did with the travelling salesman, and what works.

A memory made of a cost finds a low one as it would a pattern. Where any state is a solution
(cuts, colourings) annealing does well; where most are none (tours) the circuit mostly fails, unless
neurons of q states keep half of the constraints.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats, count, number, real, room, vectors
from ..core.couplings import Couplings, is_sparse
from ..core.memory import Bias, Memory
from ..core.neurons import Graded, Linear, Potts, Sign
from ..core.orders import Flow, Shuffled
from .circuit import Potentials
from .constraints import (
    assignment as assignment,
    partition as partition,
    queens as queens,
    round_trip as round_trip,
    sudoku as sudoku,
)
from .graphs import edges, read_gset as read_gset, square
from .model import Model
from .qubo import qubo as qubo, to_qubo as to_qubo
from .temper import Tempered as Tempered, temper as temper

__all__ = [
    "assignment",
    "colouring",
    "cut",
    "max_cut",
    "partition",
    "qubo",
    "queens",
    "read_gset",
    "sudoku",
    "temper",
    "to_qubo",
    "round_trip",
    "tour_length",
    "tours",
    "tsp",
]
__dir__ = __all__.copy


def tsp(
    distances: npt.ArrayLike,
    A: float = 500.0,
    B: float = 500.0,
    C: float = 200.0,
    D: float = 500.0,
    size: float | None = None,
) -> Memory:
    """Return the travelling salesman's tour as an energy of n x n neurons of 0 ... 1.

    Neuron n x + i says that city x is the i-th stop. E = A/2 (pairs in a row) + B/2 (pairs in a
    column) + C/2 (sum - size)**2 + D/2 (length), up to a constant, couplings of a neuron to
    itself included. The neurons are ``Graded(50, 0, 1)`` under ``Flow(1e-5)``; Hopfield and
    Tank's circuit is ``Potentials(tsp(d), beta=50, low=0, high=1)``, of `Linear` neurons. One in
    ten of its runs from random starts ends in a tour, and in none at all for many maps. They had
    reported 16 of 20, which Wilson and Pawley could not repeat, nor mend by other weights: an
    honest failure.

    Parameters
    ----------
    distances : array_like of shape (n, n)
        Symmetric, with an empty diagonal; of 3 cities or more.
    A, B, C, D : float
        The weights.
    size : float, optional
        By default 1.5 n, theirs for 10 cities: above n, as the decay takes from it.

    Returns
    -------
    Memory
        Of n**2 neurons.

    Raises
    ------
    TypeError, ValueError
        For distances that are not such a matrix.

    References
    ----------
    Hopfield & Tank 1985, doi:10.1007/BF00339943; Wilson & Pawley 1988, doi:10.1007/BF00363956.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> place = np.array([0, 1, 1j, 1 + 1j])
    >>> memory = hf.optimise.tsp(abs(place[:, None] - place), size=4)
    >>> memory.energy(np.eye(4).ravel()) - memory.energy(np.eye(4)[[0, 1, 3, 2]].ravel()) > 0
    True
    """
    d = square(distances, "distances", 3)
    n, C = len(d), number(C, "C")
    one, ring = np.eye(n), np.roll(np.eye(n), 1, axis=1)
    w = -number(A, "A") * np.kron(one, 1 - one) - number(B, "B") * np.kron(1 - one, one)
    w -= C + number(D, "D") * np.kron(d, ring + ring.T)
    aim = 1.5 * n if size is None else number(size, "size")
    outputs = Graded(50, 0, 1)
    return Couplings(w, self_coupling=True, neuron=outputs, order=Flow(1e-5)) + Bias(C * aim, n * n)


def tours(outputs: npt.ArrayLike, n: int) -> npt.NDArray[np.int64]:
    """Return the cities of each stop, or -1 throughout where the outputs are no tour.

    Parameters
    ----------
    outputs : array_like of shape (..., n * n)
        Of the neurons of `tsp`; what is above 1/2 counts as 1.
    n : int
        Cities.

    Returns
    -------
    ndarray of int64, shape (..., n)

    Raises
    ------
    ValueError
        For outputs that are not of n * n neurons.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> hf.optimise.tours([np.eye(3)[[2, 0, 1]].ravel(), np.ones(9)], 3)
    array([[ 1,  2,  0],
           [-1, -1, -1]])
    """
    v, n = real(outputs, "outputs"), count(n, "n", 3)
    if v.ndim == 0 or v.shape[-1] != n * n:
        raise ValueError(f"outputs must be of {n * n} neurons; the shape is {v.shape}")
    on = v.reshape(*v.shape[:-1], n, n) > 0.5
    valid = (on.sum(axis=-1) == 1).all(axis=-1) & (on.sum(axis=-2) == 1).all(axis=-1)
    return np.where(valid[..., None], on.argmax(axis=-2), -1)


def tour_length(distances: npt.ArrayLike, tour: npt.ArrayLike) -> Floats:
    """Return the lengths of closed tours, nan where one is no tour.

    Parameters
    ----------
    distances : array_like of shape (n, n)
        As for `tsp`.
    tour : array_like of int, shape (..., n)
        As `tours` returns them.

    Returns
    -------
    ndarray of shape (...)

    Raises
    ------
    TypeError, ValueError
        For distances that are not such a matrix, or a tour of other cities.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.optimise.tour_length([[0, 1, 2], [1, 0, 4], [2, 4, 0]], [1, 2, 0])
    array(7.)
    """
    d, t = square(distances, "distances", 3), real(tour, "tour")
    if t.dtype.kind not in "iu" or t.shape[-1:] != (len(d),) or t.min() < -1 or t.max() >= len(d):
        raise ValueError(f"tour must be integers -1 ... {len(d) - 1}, {len(d)} of them")
    length = d[t, np.roll(t, -1, axis=-1)].sum(axis=-1)
    return np.where((np.sort(t, axis=-1) == np.arange(len(d))).all(axis=-1), length, np.nan)


def max_cut(weights: Any) -> Couplings:
    """Return the cut of a graph as an energy of -1/+1 neurons: the lowest is the largest cut.

    E = -(cut) + (sum of all weights) / 2. Goes with `Sign` neurons, or
    better ``Anneal(np.linspace(2, 0, 100))``, one at a time.

    Parameters
    ----------
    weights : array_like, scipy.sparse matrix of shape (N, N), or networkx graph
        The edges' weights: symmetric, with an empty diagonal. Of a sparse matrix the couplings are
        sparse, too.

    Returns
    -------
    Couplings

    Raises
    ------
    TypeError, ValueError
        For weights that are not such a matrix.

    References
    ----------
    Barahona et al. 1988, doi:10.1287/opre.36.3.493.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> ring = np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1)
    >>> r = hf.recall(hf.optimise.max_cut(ring), np.ones(6), neuron=hf.Anneal([1, .5, .2, 0]),
    ...               rng=1)
    >>> hf.optimise.cut(ring, r.state)
    array(6.)
    """
    return Couplings(-edges(weights, "weights") / 2)


def cut(weights: Any, s: npt.ArrayLike) -> Floats:
    """Return the weight of the edges between the two sides, of states (..., N) by their signs.

    Parameters
    ----------
    weights : array_like, scipy.sparse matrix of shape (N, N), or networkx graph
        As for `max_cut`.
    s : array_like of shape (..., N)
        States.

    Returns
    -------
    ndarray of shape (...)

    Raises
    ------
    TypeError, ValueError
        For weights that are not such a matrix, or states of other neurons.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.optimise.cut([[0, 2, 1], [2, 0, 0], [1, 0, 0]], [1, -1, 1])
    array(2.)
    """
    w = edges(weights, "weights")
    n = w.shape[0]
    side = (vectors(s, "s", n) > 0).astype(np.float64)
    rows = side.reshape(-1, n)
    crossing = (rows * (w @ (1 - rows).T).T).sum(axis=-1)
    return np.asarray(crossing.reshape(side.shape[:-1]))


def colouring(adjacency: Any, q: int) -> Couplings:
    """Return the conflicts of colourings as an energy of q sites a vertex: E counts them.

    Goes with `Potts` neurons, or better ``Anneal(temperatures, Potts(q))``;
    `hopfield.models.from_one_hot` reads the colours.

    Parameters
    ----------
    adjacency : array_like, scipy.sparse matrix of shape (N, N), or networkx graph
        Symmetric, with an empty diagonal: 1 for an edge, or its weight. Of a sparse matrix the
        couplings are sparse, too.
    q : int
        Colours, 2 or more.

    Returns
    -------
    Couplings
        Between N q sites.

    Raises
    ------
    TypeError, ValueError
        For a matrix that is not such a one.

    References
    ----------
    The antiferromagnetic Potts model: Wu 1982, doi:10.1103/RevModPhys.54.235.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> memory = hf.optimise.colouring(1 - np.eye(3), 3)
    >>> neuron = hf.Anneal([1, 0.5, 0], hf.Potts(3))
    >>> hf.recall(memory, np.zeros(9), neuron=neuron, rng=1).energy == 0
    True
    """
    a, q = edges(adjacency, "adjacency"), count(q, "q", 2)
    if is_sparse(a):
        from scipy import sparse

        room("q", a.nnz, q)
        return Couplings(-sparse.kron(a, sparse.identity(q), format="csr"), neuron=Potts(q))
    room("q", len(a), q, len(a), q)
    return Couplings(-np.kron(a, np.eye(q)), neuron=Potts(q))


def _apart(xi: Array) -> Floats:
    """Return distances between as many cities as there are patterns, three at least."""
    x = np.linspace(0.0, 1.0, max(3, len(xi)))
    return np.asarray(np.abs(x[:, None] - x))


def _unlike(xi: Array) -> Floats:
    """Return a graph of the neurons in which those are joined that differ in more patterns."""
    alike = xi.T.astype(np.float64) @ xi
    return np.asarray((alike < 0).astype(np.float64))


ROWS = (
    Model(
        make=tsp,
        about="the travelling salesman's tour, mostly failed",
        neuron=Linear(),
        order=Flow(1e-5),
        capacity="one run in ten is a tour of ten cities",
        source="Hopfield & Tank 1985, doi:10.1007/BF00339943",
        sample=lambda xi: Potentials(tsp(_apart(xi)), beta=50, low=0, high=1),
    ),
    Model(
        make=max_cut,
        about="the largest cut of a graph",
        neuron=Sign(),
        order=Shuffled(),
        capacity="the lowest energy is the largest cut",
        source="Barahona et al. 1988, doi:10.1287/opre.36.3.493",
        sample=lambda xi: max_cut(_unlike(xi)),
    ),
    Model(
        make=colouring,
        about="colourings of a graph",
        neuron=Potts(2),
        order=Shuffled(),
        capacity="energy 0 is a colouring without a conflict",
        source="Wu 1982, doi:10.1103/RevModPhys.54.235",
        sample=lambda xi: colouring(_unlike(xi), 2),
    ),
)
