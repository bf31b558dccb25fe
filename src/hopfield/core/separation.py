"""Separation functions F: how strongly a memory E = -sum F(overlap) favours its best pattern."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..base import exact
from ..base.checks import Array, Floats, choice, count, describe

__all__ = ["Separation", "square", "exponential", "power", "rectified"]
__dir__ = __all__.copy


@dataclass(frozen=True)
class Separation:
    """A function F of the overlap sum m = xi.s, and its derivative.

    Attributes
    ----------
    name : str
        Its row in ``TABLE``.
    degree : int
        The power n; 0 where there is none.
    f, derivative : callable
        (m, N) -> F(m), F'(m), elementwise on float64.
    even : bool
        F(-m) = F(m): a state and its inverse then have the same energy.
    largest_n : int
        The largest N, and sum of abs(s_i), at which float64 holds F(m).
    source : str
        Where it comes from.
    """

    name: str
    degree: int
    f: Callable[[Floats, int], Floats] = field(compare=False)
    derivative: Callable[[Floats, int], Floats] = field(compare=False)
    even: bool
    largest_n: int
    source: str
    # F of a whole number, where that is one: its sums are then exact however large they are.
    _whole: Callable[[int], int] | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return f"{self.name}({self.degree})" if self.degree else self.name

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Pickle and copy a row of ``TABLE`` by its name: its functions have none."""
        if self.name in TABLE:
            return _from_table, (self.name, self.degree)
        return super().__reduce__()


square = Separation(
    "square",
    0,
    lambda m, n: m * m / (2 * n),
    lambda m, n: m / n,
    even=True,
    largest_n=2**53,
    source="Hopfield 1982, doi:10.1073/pnas.79.8.2554",
)

exponential = Separation(
    "exponential",
    0,
    lambda m, n: np.exp(m - n),
    lambda m, n: np.exp(m - n),
    even=False,
    largest_n=350,  # exp(-2N) must not underflow
    source="Demircigil et al. 2017, arXiv:1702.01929",
)


def _largest_n(degree: int) -> int:
    return int(min(2.0**53, 10.0 ** (240 / degree)))  # leaves room for a sum of them, scaled


def power(degree: int) -> Separation:
    """Return F(m) = m**degree, the dense memory of Krotov and Hopfield (2016).

    Parameters
    ----------
    degree : int
        2 or more. Degree 2 has the attractors of `square`, its field 2N times as large.

    Returns
    -------
    Separation

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.separation.power(3)
    power(3)
    """
    n = count(degree, "degree", 2, 100)
    return Separation(
        "power",
        n,
        lambda m, _: m**n,
        lambda m, _: n * m ** (n - 1),
        even=n % 2 == 0,
        largest_n=_largest_n(n),
        source="Krotov & Hopfield 2016, arXiv:1606.01164",
        _whole=lambda m: m**n,
    )


def rectified(degree: int) -> Separation:
    """Return F(m) = max(m, 0)**degree (Krotov and Hopfield 2016).

    Parameters
    ----------
    degree : int
        2 or more.

    Returns
    -------
    Separation

    Examples
    --------
    >>> import hopfield as hf
    >>> hf.separation.rectified(3)
    rectified(3)
    """
    n = count(degree, "degree", 2, 100)
    return Separation(
        "rectified",
        n,
        lambda m, _: np.maximum(m, 0.0) ** n,
        lambda m, _: n * np.maximum(m, 0.0) ** (n - 1),
        even=False,
        largest_n=_largest_n(n),
        source="Krotov & Hopfield 2016, arXiv:1606.01164",
        _whole=lambda m: max(m, 0) ** n,
    )


def _from_table(name: str, degree: int) -> Separation:
    return TABLE[name](degree)


TABLE: dict[str, Callable[[int], Separation]] = {
    "square": lambda degree: square,
    "power": power,
    "rectified": rectified,
    "exponential": lambda degree: exponential,
}


def named(separation: Separation | str, degree: int, n: int) -> Separation:
    """Return a separation for n neurons, which may be given by its name and its degree."""
    if isinstance(separation, str):
        separation = TABLE[choice(separation, "separation", TABLE)](degree)
    if not isinstance(separation, Separation):
        raise TypeError(f"separation must be a Separation, not {describe(separation)}")
    degree = count(degree, "degree", 0)
    if degree not in (0, separation.degree):
        raise ValueError(f"degree must be left out for separation {separation}, not {degree}")
    if n > separation.largest_n:
        raise ValueError(
            f"separation {separation} exceeds float64 at N = {n}; "
            f"it can be used up to N = {separation.largest_n}"
        )
    return separation


def tabulated(f: Separation, n: int, p: int) -> tuple[Floats, Array, int] | None:
    """Return F at the overlap sums 2 k - N, k = 0 ... N, and its steps, which are whole numbers.

    The steps (N + 2,) lead from level k - 1 to level k, 0 at both ends; they are int32 where no
    lane of a sum over p patterns needs more. Where a sum may need more than 53 bits they are
    digits (D, N + 2) of so many bits as is then said, the last of them with the sign; else that
    is 0. None where F takes other than whole numbers.
    """
    levels = range(-n, n + 1, 2)
    if f._whole:
        values: Any = np.array([f._whole(m) for m in levels], dtype=object)
    else:
        with np.errstate(all="ignore"):  # what is not finite is not tabulated
            values = np.array(f.f(np.array(levels, dtype=np.float64), n), dtype=np.float64)
        if not (values == np.rint(values)).all() or np.abs(values).max() > exact.WHOLE:
            return None
    rises = np.diff(values, prepend=values[0], append=values[-1])
    largest = int(np.abs(rises).max())
    if 2 * p * largest <= exact.WHOLE:
        narrow = 8 * largest * -(-p // 64) < 2**31
        return values.astype(np.float64), rises.astype(np.int32 if narrow else np.int64), 0
    if not f._whole:
        return None
    digit = min(50, 58 - p.bit_length())  # sums over patterns, and carries, fit int64
    count = -(-(largest.bit_length() + 1) // digit)
    digits = [rises >> digit * k & (1 << digit) - 1 for k in range(count - 1)]
    digits.append(rises >> digit * (count - 1))
    return values.astype(np.float64), np.stack(digits).astype(np.int64), digit


def separated(
    f: Separation,
    xi: Array,
    m: Floats,
    s: Floats,
    n: int,
    rises: Array | None = None,
    digit: int = 0,
) -> Floats:
    """Return 1/2 sum_mu [F(m' + xi) - F(m' - xi)], m' the overlap sums without the neuron.

    ``xi`` (..., P) are the patterns at a neuron in states ``s`` (...), ``m`` (..., P) the sums
    with it. Cursors and whole fields both come here, so that they agree to the bit; a table of
    steps, which are whole numbers, gives the same.
    """
    if rises is not None:
        at = ((m + n) / 2).astype(np.intp) + (xi != s[..., None])
        sums = [np.sum(xi * x[at], axis=-1, dtype=np.int64) for x in np.atleast_2d(rises)]
        return np.asarray(exact.of_digits(sums, digit) / 2)
    others = m - xi * s[..., None]
    return np.asarray(np.sum(f.f(others + xi, n) - f.f(others - xi, n), axis=-1) / 2)
