"""Problems with constraints as neurons of q states, whose every state keeps half of them.

A row, a stop or a worker is one neuron, so that it never has two places or none; what is left to
forbid is that two of them have the same. Hopfield and Tank's neurons of two states had to learn
both from penalties, and mostly failed (`hopfield.optimise.tsp`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Floats, count, number, real, room
from ..core.couplings import Couplings, is_sparse
from ..core.memory import Bias, Memory
from ..core.neurons import Potts
from ..core.orders import Shuffled
from .graphs import edges, square
from .model import Model

__all__ = ["assignment", "partition", "queens", "sudoku", "round_trip"]
__dir__ = __all__.copy

_SOURCE = "Peterson & Söderberg 1989, doi:10.1142/S0129065789000414"


def queens(n: int) -> Couplings:
    """Return the n queens as n neurons of n states, the columns of the queens in their rows.

    E counts the pairs that attack each other. Goes with ``Anneal(temperatures, Potts(n))``.

    Parameters
    ----------
    n : int
        2 or more; there are solutions from 4 on.

    Returns
    -------
    Couplings
        Between n**2 sites.

    Raises
    ------
    TypeError, ValueError
        For another number.

    References
    ----------
    Peterson & Söderberg 1989, doi:10.1142/S0129065789000414.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> neuron = hf.Anneal(np.linspace(1, 0, 50), hf.Potts(8))
    >>> r = hf.recall(hf.optimise.queens(8), np.zeros((10, 64)), neuron=neuron, rng=1)
    >>> bool((r.energy == 0).any())
    True
    """
    n = count(n, "n", 2)
    room("n", n, n, n, n)
    row, column = (x.ravel() for x in np.indices((n, n)))
    apart = np.abs(row[:, None] - row)
    across = np.abs(column[:, None] - column)
    attack = (apart > 0) & ((across == 0) | (across == apart))
    return Couplings(-attack.astype(np.float64), neuron=Potts(n))


def sudoku(box: int = 3) -> Couplings:
    """Return sudoku as box**4 neurons of box**2 states, which differ in rows, columns and boxes.

    E counts the pairs of alike digits. Clamp what is given; the others settle under
    ``Anneal(temperatures, Potts(box**2))``.

    Parameters
    ----------
    box : int
        The side of a box, 2 to 5.

    Returns
    -------
    Couplings
        Sparse, between box**6 sites: those of the cells of a row stand one after the other.

    Raises
    ------
    TypeError, ValueError
        For another number.

    References
    ----------
    Peterson & Söderberg 1989, doi:10.1142/S0129065789000414.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> given = np.array([1, 0, 0, 4, 0, 0, 1, 0, 0, 1, 0, 0, 4, 0, 0, 1])  # 0: not given
    >>> cue = hf.models.one_hot(given - 1, 4)
    >>> neuron = hf.Anneal(np.linspace(1, 0, 50), hf.Potts(4))
    >>> known = np.repeat(given > 0, 4)
    >>> r = hf.recall(hf.optimise.sudoku(2), cue, neuron=neuron, clamp=known, rng=1)
    >>> r.energy == 0, (hf.models.from_one_hot(r.state, 4) + 1)[:4]
    (True, array([1, 3, 2, 4]))
    """
    from scipy import sparse

    box = count(box, "box", 2, 5)
    q = box**2
    row, column = (x.ravel() for x in np.indices((q, q)))
    block = row // box * box + column // box
    alike = np.zeros((q * q, q * q), dtype=bool)
    for line in (row, column, block):
        alike |= line[:, None] == line
    np.fill_diagonal(alike, False)
    conflicts = sparse.csr_array(alike.astype(np.float64))
    return Couplings(-sparse.kron(conflicts, sparse.identity(q), format="csr"), neuron=Potts(q))


def assignment(costs: npt.ArrayLike, penalty: float | None = None) -> Memory:
    """Return the cheapest assignment of n jobs to n workers, each a neuron of n states.

    E = (costs of the jobs taken) + penalty (pairs of workers with one job). Goes with
    ``Anneal(temperatures, Potts(n))``.

    Parameters
    ----------
    costs : array_like of shape (n, n)
        Of job j for worker i.
    penalty : float, optional
        By default so much that no state in which a job is taken twice can be a fixed point: a
        quarter more than the costs differ.

    Returns
    -------
    Memory
        Of n**2 sites, those of a worker one after the other.

    Raises
    ------
    TypeError, ValueError
        For costs that are no such matrix, or a penalty of 0 or less.

    References
    ----------
    Peterson & Söderberg 1989, doi:10.1142/S0129065789000414.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> memory = hf.optimise.assignment([[4, 1, 3], [2, 0, 5], [3, 2, 2]])
    >>> neuron = hf.Anneal(np.linspace(5, 0, 50), hf.Potts(3))
    >>> r = hf.recall(memory, np.zeros((5, 9)), neuron=neuron, rng=1)
    >>> float(r.energy.min()), hf.models.from_one_hot(r.state[r.energy.argmin()], 3)
    (5.0, array([1, 0, 2]))
    """
    c = real(costs, "costs").astype(np.float64)
    if c.ndim != 2 or c.shape[0] != c.shape[1] or len(c) < 2:
        raise ValueError(f"costs must be a square matrix of 2 or more; it is {c.shape}")
    n = len(c)
    return Couplings(-_weight(penalty, float(np.ptp(c))) * _once(n), neuron=Potts(n)) + Bias(
        -c.ravel()
    )


def partition(weights: Any, q: int = 2, penalty: float | None = None) -> Couplings:
    """Return the parting of a graph into q parts of one size, with few edges between them.

    E = (weight of the edges between parts) + penalty (pairs within parts) - (weight of all).
    Goes with ``Anneal(temperatures, Potts(q))``.

    Parameters
    ----------
    weights : array_like, scipy.sparse matrix of shape (N, N), or networkx graph
        The edges' weights: symmetric, with an empty diagonal.
    q : int
        Parts, 2 or more.
    penalty : float, optional
        By default so much that in no fixed point the parts differ by more than one vertex: a
        quarter more than the largest weight at a vertex. Less finds smaller cuts, less even.

    Returns
    -------
    Couplings
        Between N q sites.

    Raises
    ------
    TypeError, ValueError
        For weights that are not such a matrix, or a penalty of 0 or less.

    References
    ----------
    Peterson & Söderberg 1989, doi:10.1142/S0129065789000414.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> ring = np.roll(np.eye(8), 1, axis=1) + np.roll(np.eye(8), -1, axis=1)
    >>> neuron = hf.Anneal(np.linspace(3, 0, 50), hf.Potts(2))
    >>> r = hf.recall(hf.optimise.partition(ring), np.zeros((5, 16)), neuron=neuron, rng=1)
    >>> parts = hf.models.from_one_hot(r.state[r.energy.argmin()], 2)
    >>> int(parts.sum()), float(hf.optimise.cut(ring, 2 * parts - 1))
    (4, 2.0)
    """
    graph = edges(weights, "weights")
    w = np.asarray(graph.toarray() if is_sparse(graph) else graph)
    q = count(q, "q", 2)
    room("q", len(w), q, len(w), q)
    strength = _weight(penalty, float(np.abs(w).sum(axis=1).max()))
    return Couplings(np.kron(w - strength, np.eye(q)), neuron=Potts(q))


def round_trip(distances: npt.ArrayLike, penalty: float = 1.0) -> Couplings:
    """Return the travelling salesman's tour as n neurons of n states, the cities of the stops.

    E = length / (largest distance) + penalty (pairs of stops in one city), of a closed tour. Goes
    with ``Anneal(temperatures, Potts(n))``; `hopfield.models.from_one_hot` gives the cities.

    Parameters
    ----------
    distances : array_like of shape (n, n)
        Symmetric, with an empty diagonal; of 3 cities or more.
    penalty : float
        With 2 or more no state in which a city stands twice is a fixed point; with 1, hardly one
        is reached, and tours are shorter.

    Returns
    -------
    Couplings
        Between n**2 sites, those of a stop one after the other.

    Raises
    ------
    TypeError, ValueError
        For distances that are not such a matrix, or a penalty of 0 or less.

    References
    ----------
    Peterson & Söderberg 1989, doi:10.1142/S0129065789000414.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> place = np.exp(2j * np.pi * np.array([0, 3, 1, 4, 2]) / 5)  # on a ring
    >>> d = abs(place[:, None] - place)
    >>> neuron = hf.Anneal(np.linspace(1, 0, 100), hf.Potts(5))
    >>> r = hf.recall(hf.optimise.round_trip(d), np.zeros((5, 25)), neuron=neuron, rng=1)
    >>> best = hf.models.from_one_hot(r.state[r.energy.argmin()], 5)
    >>> round(float(hf.optimise.tour_length(d, best)), 6)  # around it: 10 sin(pi / 5)
    5.877853
    """
    d = square(distances, "distances", 3)
    n = len(d)
    room("distances", n, n, n, n)
    ring = np.roll(np.eye(n), 1, axis=1)
    legs = np.kron(ring + ring.T, d / (d.max() or 1.0))
    return Couplings(-legs - _weight(penalty, 0.0) * _once(n), neuron=Potts(n))


def _once(n: int) -> Floats:
    """Return 1 between the sites of one state of different neurons, of n neurons of n states."""
    return np.asarray(np.kron(1 - np.eye(n), np.eye(n)))


def _weight(penalty: float | None, most: float) -> float:
    """Return a penalty: what was given, or a quarter more than is to be gained by a breach."""
    if penalty is None:
        return 1.25 * most or 1.0
    penalty = number(penalty, "penalty")
    if penalty <= 0:
        raise ValueError(f"penalty must be above 0, not {penalty:g}")
    return penalty


ROWS = tuple(
    Model(make, about, Potts(q), Shuffled(), capacity, _SOURCE, sample)
    for make, about, q, capacity, sample in (
        (
            queens,
            "queens that do not attack each other",
            4,
            "energy 0 is a solution",
            lambda xi: queens(4),
        ),
        (sudoku, "sudoku", 4, "energy 0 is a solution", lambda xi: sudoku(2)),
        (
            assignment,
            "the cheapest assignment",
            2,
            "the lowest energy is the least cost",
            lambda xi: assignment(np.eye(2) + (xi[0, 0] == xi[1, 0])),
        ),
        (
            partition,
            "parts of a graph of one size",
            2,
            "the lowest energy is the smallest cut",
            lambda xi: partition(1 - np.eye(6)),
        ),
        (
            round_trip,
            "the travelling salesman's tour, mostly found",
            3,
            "each run a tour; the lowest energy is the shortest",
            lambda xi: round_trip(1 - np.eye(3)),
        ),
    )
)
