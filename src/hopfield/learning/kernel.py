"""Kernel ridge regression: each neuron is read from how near the state is to each pattern."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Floats, not_negative, number, room
from ..base.saved import savable
from ..core.cursors import Cursor, KeysCursor
from ..core.memory import Memory, NoEnergy
from ..core.orders import Sync
from .rule import Rule
from .weights import rows_of

_KERNEL = 2.0**24  # steps of a kernel's value below the largest
_LEAST = 1e-7  # gamma, at which a neuron makes some 7 of those steps
_WHOLE = 2.0**52  # sums of so many steps are exact in any order
_RESIDUE = 1e-6  # of the equations: with more, float64 has not solved them
_LARGEST = 700.0  # exponents that float64 can hold


@savable
class KernelMemory(Memory):
    """Fields h_i = sum_mu a_mu,i K(xi_mu, s) with a = (K + ridge)^-1 X.

    K(x, y) = exp(-2 gamma (N - x.y)), of -1/+1 states ``exp(-gamma |x - y|**2)``. Kernels beside
    the largest, and the strengths a, are rounded to steps on which all sums are exact: no rounding
    decides a tie, and no batch a bit.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools.
    gamma : float, optional
        The kernel's, above 0; 2 / N by default.
    ridge : float
        Lambda, 0 or more.

    Raises
    ------
    TypeError, ValueError
        As `kernel` does.

    References
    ----------
    Tamamori 2025, doi:10.48550/arXiv.2504.12561.

    Examples
    --------
    >>> import hopfield as hf
    >>> memory = hf.learning.KernelMemory([[1, 1, 1, -1], [1, -1, 1, 1]], ridge=0)
    >>> memory.field([1, 1, 1, -1]).round(4)
    array([ 1.,  1.,  1., -1.])
    """

    symmetric = False
    states = (-1.0, 1.0)
    order = Sync()

    def __init__(
        self, patterns: npt.ArrayLike, gamma: float | None = None, ridge: float = 1e-3
    ) -> None:
        self.patterns = xi = rows_of(patterns)
        p, self.n = xi.shape
        room("patterns", p, p)
        self.gamma = 2 / self.n if gamma is None else number(gamma, "gamma")
        if self.gamma <= 0:
            raise ValueError(f"gamma must be above 0, not {self.gamma:g}")
        if self.gamma < _LEAST:
            raise ValueError(
                f"gamma must be {_LEAST} or more, not {self.gamma:g}: all kernels would be alike"
            )
        self.ridge = float(not_negative(number(ridge, "ridge"), "ridge"))
        if self.ridge == 0 and len(np.unique(xi, axis=0)) < p:
            raise ValueError("ridge must be above 0 where a pattern is repeated")
        self._keys = np.ascontiguousarray(xi.T, np.float64)
        a = _solved(np.exp(2 * self.gamma * (xi @ self._keys - self.n)), self.ridge, self._keys.T)
        room_for = _WHOLE / (_KERNEL * p * float(np.abs(a).max()))
        self._scale = 2.0 ** np.floor(np.log2(room_for))
        self._strengths = np.ascontiguousarray(np.rint(a * self._scale).T)

    def __repr__(self) -> str:
        p, words = len(self.patterns), f"gamma = {self.gamma:g}, ridge = {self.ridge:g}"
        return f"KernelMemory({p} pattern{'s'[: p > 1]} of {self.n}, {words})"

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        return {name: getattr(self, name) for name in ("patterns", "gamma", "ridge")}

    def field(self, s: npt.ArrayLike) -> Floats:
        """Return the fields, (..., n)."""
        kernel, size = self._kernel(self._rows(s) @ self._keys)
        return np.asarray(size * (kernel @ self._strengths.T))

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Refuse: each neuron is learnt for itself."""
        raise NoEnergy(
            f"this {type(self).__name__} has no energy: each neuron is learnt for itself, and one "
            "hears another in another way than it is heard"
        )

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor that keeps the overlaps: a visit and a flip O(P)."""

        def at(m: Floats, sites: Array | None, own: Floats) -> Floats:
            kernel, size = self._kernel(m)
            if sites is None:
                return np.asarray(size * (kernel @ self._strengths.T))
            return np.asarray(size * np.einsum("akp,ap->ak", self._strengths[sites], kernel))

        return KeysCursor(self._keys, at, 1.0, self._replicas(s))

    def _kernel(self, m: Floats) -> tuple[Floats, Floats]:
        """Return K (..., P) of overlap sums beside the largest, in steps, and a step's size."""
        top = m.max(axis=-1, keepdims=True)
        steps = np.rint(_KERNEL * np.exp(np.maximum(2 * self.gamma * (m - top), -_LARGEST)))
        largest = np.exp(np.clip(2 * self.gamma * (top - self.n), -_LARGEST, _LARGEST))
        return steps, largest / (_KERNEL * self._scale)


def kernel(
    patterns: npt.ArrayLike,
    *,
    gamma: float | None = None,
    ridge: float = 1e-3,
    capacity: str | None = None,
) -> KernelMemory:
    """Store patterns by kernel ridge regression: each neuron is a function of the distances.

    h_i = sum_mu a_mu,i ``exp(-gamma |xi_mu - s|**2)`` with a = (K + ridge)^-1 X, which takes the
    time of a matrix of P x P. Goes with `Sign` neurons and `Sync`. There is no energy. With
    gamma N = 2 cues with 30 % of the neurons flipped come back at P = N; the pseudo-inverse ends
    there.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; one pattern may be given as (N,).
    gamma : float, optional
        The kernel's, above 0; 2 / N by default. Small ones give small basins, as
        the pseudo-inverse has; large ones find the nearest pattern.
    ridge : float
        Lambda, 0 or more.
    capacity : {"refuse", "warn"}, optional
        What to do about more patterns than the rule keeps (``Rule.capacity``, of random ones); by
        default nothing.

    Returns
    -------
    KernelMemory

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1, or so many that P x P numbers are too many; a gamma
        below 1e-7, a negative ridge, a ridge of 0 with repeated patterns, or equations that float64
        cannot solve.

    References
    ----------
    Tamamori 2025, doi:10.48550/arXiv.2504.12561.

    Examples
    --------
    >>> import hopfield as hf
    >>> xi = hf.random_patterns(100, 100, rng=1)
    >>> r = hf.recall(hf.learning.kernel(xi), hf.flip(xi, 0.1, rng=2))
    >>> (r.state == xi).all()
    np.True_
    """
    xi = rows_of(patterns)
    ROWS[0].heed(capacity, *xi.shape)
    return KernelMemory(xi, gamma, ridge)


def _solved(gram: Floats, ridge: float, x: Floats) -> Floats:
    """Return (K + ridge)^-1 X, or say that the patterns are too alike for the kernel."""
    gram[np.diag_indices(len(gram))] += ridge
    try:
        a = np.linalg.solve(gram, x)
        residue = float(np.abs(gram @ a - x).max())
    except np.linalg.LinAlgError:
        residue = np.inf
    if not residue < _RESIDUE:
        raise ValueError(
            f"ridge must be larger, or gamma: at {ridge:g} the kernel makes the patterns so alike "
            "that float64 cannot tell them apart"
        )
    return np.asarray(a, dtype=np.float64)


ROWS = (
    Rule(
        learn=kernel,
        symmetric=False,
        capacity=lambda n: 2 * n,
        capacity_text="2 N at least, at gamma N = 2: all patterns fixed, and recalled from cues "
        "with a tenth flipped",
        source="Tamamori 2025, doi:10.48550/arXiv.2504.12561",
    ),
)
