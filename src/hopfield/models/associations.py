"""Pairs of patterns: hetero-association, and bidirectional memories."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base import exact
from ..base.checks import Floats, flag, stacked
from ..base.saved import savable
from ..core.couplings import Couplings
from ..core.cursors import Cursor
from ..core.keys import KeysAndValues
from ..core.memory import Memory
from ..core.neurons import Sign
from ..core.orders import Blocks, Sync
from ..core.patterns import Int8, bipolar
from ..core.separation import Separation, named, power, square
from .model import Model

__all__ = ["Associations", "DenseAssociations", "associate", "bam"]
__dir__ = __all__.copy

_BLOCK = 2**19  # values that are worked on at once


@savable
class Associations(KeysAndValues):
    """What `associate` makes: h = V'K s / N without W_ii, never an N x N matrix.

    Parameters
    ----------
    keys, values : array_like of shape (P, N)
        -1/+1 or bools.
    self_coupling : bool
        Keep W_ii.

    References
    ----------
    Amari 1972, doi:10.1109/T-C.1972.223477.

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.models.Associations([[1, 1, -1]], [[-1, 1, 1]], self_coupling=True).field([1, 1, -1])
    array([-1.,  1.,  1.])
    """

    symmetric = False
    order = Sync()

    def __init__(
        self, keys: npt.ArrayLike, values: npt.ArrayLike, *, self_coupling: bool = False
    ) -> None:
        self.keys, self.values = rows_of(keys, "keys"), rows_of(values, "values")
        if self.keys.shape != self.values.shape:
            raise ValueError(
                f"keys and values must have one shape, not {self.keys.shape} and "
                f"{self.values.shape}"
            )
        self.n, self.divisor = self.keys.shape[1], float(self.keys.shape[1])
        self.self_coupling = flag(self_coupling, "self_coupling")
        own = np.einsum("pi,pi->i", self.keys, self.values, dtype=np.float64)
        self.diagonal = np.zeros(self.n) if self.self_coupling else own

    def __repr__(self) -> str:
        return f"Associations({len(self.keys)} of {self.n} neurons)"

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {"keys": self.keys, "values": self.values, "self_coupling": self.self_coupling}


@savable
class DenseAssociations(Memory):
    """Dense pairs: h_i = sum_mu V_mu,i f(m_mu,i) / f(N - 1), f = F' of a separation F.

    m_mu,i is the overlap sum of key mu with all neurons but i, so that a key drives the neurons
    towards its value V by 1.

    Parameters
    ----------
    keys, values : array_like of shape (P, N)
        -1/+1 or bools.
    separation : Separation or str
        F, from ``hf.separation``, or its name there; ``power(n)`` makes f the power n - 1.
    degree : int
        The power, where ``separation`` is a name that needs one.

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1 rows of one shape, or N too large for F in float64.

    References
    ----------
    Chaudhry et al. 2023, arXiv:2306.04532.

    Examples
    --------
    >>> import hopfield as hf
    >>> pair = hf.models.DenseAssociations([[1, 1, -1]], [[-1, 1, 1]], hf.separation.power(3))
    >>> pair.field([1, 1, 1])
    array([0., 0., 1.])
    """

    symmetric = False
    states = (-1.0, 1.0)
    order = Sync()

    def __init__(
        self,
        keys: npt.ArrayLike,
        values: npt.ArrayLike,
        separation: Separation | str,
        *,
        degree: int = 0,
    ) -> None:
        pairs = Associations(keys, values)
        self.keys, self.values, self.n = pairs.keys, pairs.values, pairs.n
        self.separation = named(separation, degree, self.n)
        self.divisor = float(self._f(np.array(self.n - 1.0), self.n))
        sums = self._f(np.arange(-self.n - 1.0, self.n + 2), self.n)
        whole = bool((sums == np.rint(sums)).all())
        self._exact = whole and 2 * len(self.keys) * float(np.abs(sums).max()) < exact.WHOLE

    def _f(self, m: Floats, n: int) -> Floats:
        """Return F' of overlap sums, of `square` in whole numbers."""
        return (power(2) if self.separation == square else self.separation).derivative(m, n)

    @property
    def source(self) -> str:
        """Where pairs that are told apart so come from."""
        return f"{self.separation.source}; Chaudhry et al. 2023, arXiv:2306.04532"

    def __repr__(self) -> str:
        return f"DenseAssociations({len(self.keys)} of {self.n} neurons, {self.separation})"

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        f = self.separation
        return {
            "keys": self.keys,
            "values": self.values,
            "separation": f.name,
            "degree": f.degree,
        }

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the fields, (..., n)."""
        return self.numerators(s) / self.divisor

    def numerators(self, s: npt.ArrayLike) -> Floats:
        """Return ``divisor`` times the fields: whole numbers where those of F are."""
        rows, keys, values = self._rows(s), self.keys.astype(np.float64), self.values
        m = rows @ keys.T
        if self._exact and (np.abs(rows) == 1).all():  # two products tell f(m - 1) from f(m + 1)
            agree, differ = self._f(m - 1, self.n), self._f(m + 1, self.n)
            own = (agree - differ) @ (keys * values)
            return np.asarray(((agree + differ) @ values + rows * own) / 2)
        out, size = np.empty(rows.shape), max(1, _BLOCK // m.size)
        for first in range(0, self.n, size):
            part = slice(first, first + size)
            others = m[..., None, :] - keys.T[part] * rows[..., part, None]
            out[..., part] = np.sum(values.T[part] * self._f(others, self.n), axis=-1)
        return out

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor: each visit asks for all fields, as is best for `Sync`."""
        found = Cursor(self.numerators, self._replicas(s))
        found.divisor = self.divisor
        return found


def associate(keys: npt.ArrayLike, values: npt.ArrayLike) -> Associations:
    """Store pairs: a state like a key drives the neurons towards its value.

    Goes with `Sign` neurons and `Sync`. There is no energy.

    Parameters
    ----------
    keys, values : array_like of shape (P, N)
        -1/+1 or bools.

    Returns
    -------
    Associations
        W = V'K / N with an empty diagonal, held as keys and values.

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1 rows of one shape.

    References
    ----------
    Amari 1972, doi:10.1109/T-C.1972.223477.

    Examples
    --------
    >>> import hopfield as hf
    >>> k, v = hf.random_patterns((2, 5), 100, rng=1)
    >>> r = hf.recall(hf.models.associate(k, v), hf.flip(k[2], 0.2, rng=2), order=hf.Sync(),
    ...               updates=1)
    >>> hf.overlap(r.state, v[2])
    1.0
    """
    return Associations(keys, values)


def bam(a: npt.ArrayLike, b: npt.ArrayLike) -> Couplings:
    """Store pairs of patterns in a bidirectional associative memory of N + M neurons.

    They are Hebb's couplings of the joint patterns (a, b), without those inside a and inside b;
    E = -a.W b. Goes with `Sign` neurons and ``Blocks(slice(N), slice(N, N + M))``, or the second
    block first to recall b from a: the energy never rises.

    Parameters
    ----------
    a : array_like of shape (P, N)
        -1/+1 or bools.
    b : array_like of shape (P, M)
        The pattern that belongs to each.

    Returns
    -------
    Couplings
        Between N + M neurons, ``divisor`` N + M.

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1 rows, as many in ``a`` as in ``b``.

    References
    ----------
    Kosko 1988, doi:10.1109/21.87054.

    Examples
    --------
    >>> import numpy as np
    >>> import hopfield as hf
    >>> a, b = hf.random_patterns(3, 60, rng=1), hf.random_patterns(3, 40, rng=2)
    >>> cue = np.concatenate([hf.flip(a[0], 6, rng=3), np.zeros(40)])
    >>> b_first = hf.Blocks(range(60, 100), range(60))
    >>> r = hf.recall(hf.models.bam(a, b), cue, order=b_first)
    >>> hf.overlap(r.state[:60], a[0]), hf.overlap(r.state[60:], b[0])
    (1.0, 1.0)
    """
    x, y = rows_of(a, "a"), rows_of(b, "b")
    if len(x) != len(y):
        raise ValueError(f"a and b must be as many patterns, not {len(x)} and {len(y)}")
    n = x.shape[1]
    w = np.zeros((n + y.shape[1],) * 2)
    w[n:, :n] = y.T.astype(np.float64) @ x
    w[:n, n:] = w[n:, :n].T
    return Couplings(w, divisor=len(w), order=Blocks(range(n), range(n, len(w))))


def rows_of(patterns: npt.ArrayLike, name: str) -> Int8:
    """Return -1/+1 patterns as rows (P, N)."""
    xi: Int8 = stacked(bipolar(patterns, name), name)
    return xi


ROWS = (
    Model(
        make=associate,
        about="pairs: a key recalls its value",
        neuron=Sign(),
        order=Sync(),
        capacity="as many pairs as Hebb's rule keeps patterns: N / (2 ln N) without an error",
        source="Amari 1972, doi:10.1109/T-C.1972.223477",
        sample=lambda xi: associate(xi, np.roll(xi, 1, axis=0)),
    ),
    Model(
        make=bam,
        about="pairs, each recalls the other",
        neuron=Sign(),
        order=Blocks(range(3), range(3, 8)),
        capacity="fewer pairs than the smaller of the two layers has neurons",
        source="Kosko 1988, doi:10.1109/21.87054",
        sample=lambda xi: bam(xi[:, :3], xi[:, 3:]),
    ),
)
