"""Pairs of patterns: hetero-association, and bidirectional memories."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import flag, stacked
from ..base.saved import savable
from ..core.couplings import Couplings
from ..core.keys import KeysAndValues
from ..core.neurons import Sign
from ..core.orders import Blocks, Sync
from ..core.patterns import Int8, bipolar
from .model import Model

__all__ = ["Associations", "associate", "bam"]
__dir__ = __all__.copy


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
