"""The pseudo-inverse rule: couplings that project onto the patterns."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .. import engine
from ..base.bits import pack
from ..base.checks import Floats, flag, not_negative, number, real
from ..base.forms import Form
from ..base.saved import savable
from ..core.couplings import Couplings
from ..core.cursors import Cursor
from ..core.keys import KeysAndValues
from ..core.memory import Memory, scalar
from ..core.patterns import Int8
from .rule import Rule
from .weights import couplings, not_made_by, rows_of, without

_DISTANCE = 1e-6  # squared, from the span of the patterns before: less is rounding
_ROOT_ERROR = 1e-6  # of R (X X') R' beside 1: more is another root


@savable
class Projection(KeysAndValues):
    """The projection onto patterns, W = X' G^-1 X with G = X X', and an empty diagonal.

    At a finite ``t`` it is the part of the way to the projection at which `dreaming` stops, with
    G = (N + t X X') / (1 + t): Hebb's couplings at t = 0. Held as the patterns and a P x P matrix
    where they are few beside the neurons, else as the N x N matrix.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools; at t = inf linearly independent, and fewer than the neurons.
    root : array_like of shape (P, P), optional
        The lower triangular R with R' R = G^-1, where it is known.
    self_coupling : bool
        Keep the diagonal.
    t : float
        How long it has dreamt, 0 or more; inf is the projection.

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1, too many, or linearly dependent, and for another root
        than theirs.

    References
    ----------
    Personnaz, Guyon & Dreyfus 1986, doi:10.1103/PhysRevA.34.4217.

    Examples
    --------
    >>> import hopfield as hf
    >>> memory = hf.learning.Projection([[1, 1, 1, 1, -1], [1, 1, -1, -1, 1]], self_coupling=True)
    >>> memory.field([1, 1, 1, 1, -1])
    array([ 1.,  1.,  1.,  1., -1.])
    """

    def __init__(
        self,
        patterns: npt.ArrayLike,
        root: npt.ArrayLike | None = None,
        *,
        self_coupling: bool = False,
        t: float = np.inf,
    ) -> None:
        xi, kept = rows_of(patterns), flag(self_coupling, "self_coupling")
        (p, n), t = xi.shape, _time(t)
        if p >= n and t == np.inf:
            raise ValueError(f"patterns must be fewer than the {n} neurons, not {p}")
        self._hold(xi, _root(xi, t) if root is None else _checked(root, xi, t), kept, t)

    @classmethod
    def _of(cls, patterns: Int8, root: Floats, self_coupling: bool, t: float) -> Projection:
        """Take patterns and their root as they are."""
        memory = cls.__new__(cls)
        memory._hold(patterns, root, self_coupling, t)
        return memory

    def _hold(self, patterns: Int8, root: Floats, self_coupling: bool, t: float) -> None:
        self.patterns, self.root, self.self_coupling, self.t = patterns, root, self_coupling, t
        p, self.n = patterns.shape
        self._couplings = self._matrix() if self.n <= 4 * p and self.n <= 4096 else None
        if self._couplings:
            self.divisor = self._couplings.divisor
            return
        x = self.keys = self.patterns.astype(np.float64)
        # Whole numbers of such a size that no sum over -1/+1 states is ever rounded.
        inverse, exact = self.root.T @ self.root, self._determinant()
        most = np.sqrt(((inverse @ x) ** 2).sum(axis=0).max() * p) * self.n
        self.divisor = exact if exact * most < 2.0**52 else 2.0 ** (52 - np.ceil(np.log2(most)))
        self.values = np.rint(inverse * self.divisor) @ x
        diagonal = np.einsum("pi,pi->i", x, self.values)
        self.diagonal = np.zeros(self.n) if self.self_coupling else diagonal

    @property
    def source(self) -> str:
        """Where it comes from, and what it dreams."""
        dreamt = "Fachechi, Agliari & Barra 2019, doi:10.1016/j.neunet.2019.01.006"
        return "; ".join([ROWS[0].source, *[dreamt] * (self.t < np.inf)])

    def __repr__(self) -> str:
        p = len(self.patterns)
        dreamt = "" if self.t == np.inf else f", t = {self.t:g}"
        return f"Projection({p} pattern{'s'[: p > 1]} of {self.n}{dreamt})"

    def parts(self) -> dict[str, object]:
        """Return the arguments that rebuild this memory: what a file holds of it."""
        names = ("patterns", "root", "self_coupling", *("t",) * (self.t < np.inf))
        return {name: getattr(self, name) for name in names}

    def dense(self) -> Couplings:
        """Return the same memory as a matrix of couplings."""
        return self._couplings or self._matrix()

    def _sums(self, rows: Floats) -> Floats:
        return self._couplings.numerators(rows) if self._couplings else super()._sums(rows)

    def energy(self, s: npt.ArrayLike) -> Floats | float:
        """Return -1/2 s.W s, (...)."""
        rows = self._rows(s)
        total = np.einsum("...i,...i->...", rows, self._sums(rows))
        return scalar((0.0 - total) / (2 * self.divisor))

    def open(self, s: npt.ArrayLike) -> Cursor:
        """Return a cursor: of the matrix, or one that keeps the overlaps, O(P) a visit."""
        return self._couplings.open(s) if self._couplings else super().open(s)

    def form(self) -> Form | None:
        """Return the matrix in numbers, where there is one, else the patterns."""
        return self._couplings.form() if self._couplings else super().form()

    def linear(self) -> tuple[Floats, Floats]:
        """Return (W, b), dense, with the field W s + b."""
        return self.dense().linear()

    def _matrix(self) -> Couplings:
        half = _times(self.root, self.patterns.astype(np.float64))
        return couplings(half.T @ half, self._determinant(), self_coupling=self.self_coupling)

    def _determinant(self) -> float:
        """Return what makes W whole numbers, N or det(X X'), where float64 can hold those."""
        if self.t < np.inf:
            return np.inf if self.t else float(self.n)
        log = -2 * np.log(self.root.diagonal()).sum()
        return float(np.rint(np.exp(log))) if log < 30 else np.inf


def pseudo_inverse(
    patterns: npt.ArrayLike, *, self_coupling: bool = False, capacity: str | None = None
) -> Projection:
    """Store patterns by the pseudo-inverse rule, W = X' (X X')^-1 X with an empty diagonal.

    Correlated patterns are as good as random ones: at a neuron, all patterns have a field of one
    size, 1 less the neuron's coupling to itself, which is left out. Where P is near N that may
    leave nothing: the neuron's field is then 0 in every pattern. Where 4 P < N or N > 4096 the
    memory holds the patterns instead of W, which is light; ``.dense()`` of it, N x N, recalls one
    neuron at a time some ten times as quickly up to some thousand neurons.

    Parameters
    ----------
    patterns : array_like of shape (P, N)
        -1/+1 or bools, linearly independent, P < N.
    self_coupling : bool
        Keep the diagonal; the patterns' fields are then the patterns, and the energy may rise.
    capacity : {"refuse", "warn"}, optional
        As for the other rules. This one refuses P >= N whatever is asked for.

    Returns
    -------
    Projection

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1, P >= N, or a pattern that others add up to.

    References
    ----------
    Personnaz, Guyon & Dreyfus 1986, doi:10.1103/PhysRevA.34.4217; Kanter & Sompolinsky
    1987, doi:10.1103/PhysRevA.35.380.

    Examples
    --------
    >>> import hopfield as hf
    >>> letters = hf.pictures.small("checkerboard", "X", "A")
    >>> hf.learning.pseudo_inverse(letters).stable(letters)
    array([ True,  True,  True])
    """
    xi = rows_of(patterns)
    ROWS[0].heed(capacity, *xi.shape)
    return Projection(xi, self_coupling=self_coupling)


def add(memory: Memory, patterns: npt.ArrayLike) -> Projection:
    """Store more patterns in the projection, in O(P N + P^2) each."""
    return joined(projection(memory, "pseudo_inverse", whole=True), patterns)


def remove(memory: Memory, patterns: npt.ArrayLike) -> Projection:
    """Forget stored patterns: what is left is projected onto anew."""
    return parted(projection(memory, "pseudo_inverse", whole=True), patterns)


def joined(old: Projection, patterns: npt.ArrayLike) -> Projection:
    """Return a projection with more patterns: the triangular root gains rows."""
    new = rows_of(patterns, old.n)
    y, every = new.astype(np.float64), np.concatenate([old.patterns, new])
    known = old.root @ _blended(old.patterns @ y.T, old.t)
    corner = _blended(y @ y.T, old.t, old.n) - known.T @ known
    if np.linalg.eigvalsh(corner).min() < _DISTANCE:
        _root(every, old.t)  # which says what depends on what
    corner = np.linalg.inv(np.linalg.cholesky(corner))
    side = -corner @ known.T @ old.root
    root = np.block([[old.root, np.zeros((len(old.root), len(y)))], [side, corner]])
    return Projection._of(every, root, old.self_coupling, old.t)


def parted(old: Projection, patterns: npt.ArrayLike) -> Projection:
    """Return a projection with fewer patterns."""
    left = without(old.patterns, rows_of(patterns, old.n))
    return Projection(left, self_coupling=old.self_coupling, t=old.t)


def projection(memory: Memory, rule: str, *, whole: bool) -> Projection:
    """Return a memory that is a projection, the whole or a part of the way, as the rule makes."""
    if not isinstance(memory, Projection) or (whole and memory.t < np.inf):
        raise not_made_by(rule, memory)
    return memory


def _time(t: float) -> float:
    """Return how long a memory has dreamt, which may be for ever."""
    if isinstance(t, (float, np.floating)) and t == np.inf:
        return np.inf
    return float(not_negative(number(t, "t"), "t"))


def _checked(root: npt.ArrayLike, xi: Int8, t: float) -> Floats:
    """Return a root that was given, as floats: with another, the fields would be wrong, or nan."""
    r, p = real(root, "root").astype(np.float64), len(xi)
    if r.shape != (p, p):
        raise ValueError(f"root must be {(p, p)}; its shape is {r.shape}")
    lower = not np.triu(r, 1).any() and bool((r.diagonal() > 0).all())
    if not lower or not np.abs(r @ _gram(xi, t) @ r.T - np.eye(p)).max() < _ROOT_ERROR:
        raise ValueError(
            "root must be the patterns' own, lower triangular with R' R = (X X')^-1; leave it out, "
            "and it is found"
        )
    return r


def _root(xi: Int8, t: float) -> Floats:
    """Return the lower R with R' R = G^-1, or say which pattern depends on others."""
    lower = _cholesky(_gram(xi, t))
    if (lower.diagonal() ** 2).min() < _DISTANCE:
        r = np.diagonal(np.linalg.qr(xi.T.astype(np.float64), mode="r"))
        raise ValueError(
            f"patterns must be linearly independent; pattern {int((r**2 < _DISTANCE).argmax())} "
            "is a sum of multiples of those before it"
        )
    try:
        from scipy.linalg.lapack import dtrtri
    except ImportError:
        return np.tril(np.linalg.inv(lower))
    # Transposed, it is in the order that Fortran wants, and needs no copy.
    return np.asarray(dtrtri(lower.T, overwrite_c=1)[0].T)


def _gram(xi: Int8, t: float) -> Floats:
    """Return G (P, P); exact at t = inf, where it is X X'."""
    p, n = xi.shape
    found: Any = engine.gram_of(pack(xi), n, p)
    if found is None:
        x: Any = xi.astype(np.float32 if n < 2**24 else np.float64)
        found = x @ x.T
    return _blended(np.asarray(found, dtype=np.float64), t, n)


def _blended(gram: Floats, t: float, own: float = 0.0) -> Floats:
    """Return (own + t X X') / (1 + t) of what X X' is, ``own`` on its diagonal."""
    if t == np.inf:
        return gram
    gram = gram * (t / (1 + t))
    gram[np.diag_indices(len(gram) if own else 0)] += own / (1 + t)
    return gram


def _cholesky(gram: Floats) -> Floats:
    """Return the lower root of a matrix that it may overwrite, zeros where there is none."""
    try:
        from scipy.linalg.lapack import dpotrf
    except ImportError:
        try:
            return np.asarray(np.linalg.cholesky(gram), dtype=np.float64)
        except np.linalg.LinAlgError:
            return np.zeros((1, 1))
    upper, failed = dpotrf(gram.T, overwrite_a=1)
    return np.zeros((1, 1)) if failed else upper.T


def _times(lower: Floats, x: Floats) -> Floats:
    """Return the product of a lower triangular matrix and another, which it may overwrite."""
    try:
        from scipy.linalg.blas import dtrmm
    except ImportError:
        return lower @ x
    return np.asarray(dtrmm(1.0, lower.T, x.T, side=1, overwrite_b=1).T)


ROWS = (
    Rule(
        learn=pseudo_inverse,
        capacity=lambda n: n,
        capacity_text="N: all linearly independent patterns fixed, with basins that shrink "
        "(Kanter & Sompolinsky 1987, doi:10.1103/PhysRevA.35.380)",
        source="Personnaz, Guyon & Dreyfus 1986, doi:10.1103/PhysRevA.34.4217",
        add=add,
        remove=remove,
    ),
)
