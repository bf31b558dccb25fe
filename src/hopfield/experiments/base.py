"""What an experiment is, and what it counts: whole numbers, so that any order of adding agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log, nan, sqrt
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from ..base.checks import choice, count as whole, describe, real

UNIT = 2.0**-40  # in which means are summed, as whole numbers: float sums depend on the order
_Z = 1.959964  # 95 %
_PARTS = ("shares", "means", "histograms")


class Estimate(NamedTuple):
    """A value, the ends of its 95 % interval (nan where one trial says nothing), and the trials."""

    value: float
    low: float
    high: float
    trials: int

    @property
    def bar(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Counts:
    """What independent trials gave, additive and exact; made by `count`.

    Attributes
    ----------
    shares : dict of str to (successes, trials)
    means : dict of str to (trials, sum, sum of squares)
        In units of 2**-40 and 2**-80.
    histograms : dict of str to tuple of int
        How many values fell into each bin.

    Examples
    --------
    >>> from hopfield.experiments import count
    >>> both = count(recalled=True, overlap=0.5) + count(recalled=False, overlap=1.0)
    >>> both.shares, both.estimate("overlap").value
    ({'recalled': (1, 2)}, 0.75)
    """

    shares: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    means: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    histograms: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __add__(self, other: Counts) -> Counts:
        """Return the counts of both."""
        if not isinstance(other, Counts):
            raise TypeError(f"Counts add to Counts, not to {describe(other)}")
        added = Counts(*(_merge(getattr(self, part), getattr(other, part)) for part in _PARTS))
        if mixed := added.shares.keys() & added.means.keys():
            raise ValueError(
                f"{min(mixed)} is a bool in some trials and a number in others: make it one of them"
            )
        return added

    @property
    def names(self) -> list[str]:
        """Every quantity that has an estimate."""
        return [*self.shares, *self.means]

    def estimate(self, name: str) -> Estimate:
        """Return a quantity with its 95 % interval: by likelihood for a share, else +-1.96 s.e."""
        if choice(name, "name", self.names) in self.shares:
            k, n = self.shares[name]
            return Estimate(k / n, *likelihood_interval(k, n), n)
        n, total, squares = self.means[name]
        mean = total * UNIT / n
        if n == 1:
            return Estimate(mean, nan, nan, n)
        variance = (n * squares - total**2) / (n * (n - 1)) * UNIT**2  # exact up to the division
        bar = _Z * sqrt(variance / n)
        return Estimate(mean, mean - bar, mean + bar, n)

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {part: dict(getattr(self, part)) for part in _PARTS if getattr(self, part)}

    @classmethod
    def from_dict(cls, parts: Mapping[str, Any]) -> Counts:
        """Return the counts of which `as_dict` gave this; refuse what no trials can give."""
        found = cls(**{k: {name: tuple(x) for name, x in v.items()} for k, v in parts.items()})
        integers = all(
            type(n) is int for k in _PARTS for x in getattr(found, k).values() for n in x
        )
        possible = (
            *(0 <= k <= n > 0 for k, n in found.shares.values()),
            *(n > 0 and n * squares >= total**2 for n, total, squares in found.means.values()),
            *(min(bins) >= 0 for bins in found.histograms.values()),
            not found.shares.keys() & found.means.keys(),
        )
        if not (integers and all(possible)):
            raise ValueError(f"these are no counts: {describe(dict(parts))}")
        return found


def count(histograms: Mapping[str, npt.ArrayLike] | None = None, **quantities: Any) -> Counts:
    """Return the counts of one trial, or of several at once.

    Parameters
    ----------
    histograms : dict of str to array_like of int, optional
        How many values fell into each bin.
    **quantities : bool, float or array_like
        A bool, or an array of them, counts successes; a number is averaged. Each element is
        taken for an independent trial: of what shares one draw, give the mean.

    Returns
    -------
    Counts

    Raises
    ------
    TypeError, ValueError
        For what cannot be counted; the sentence names it.

    Examples
    --------
    >>> from hopfield.experiments import count
    >>> count(recalled=[True, True, False]).shares
    {'recalled': (2, 3)}
    """
    shares, means = {}, {}
    for name, value in quantities.items():
        x = real(value, name).ravel()
        if x.dtype.kind == "b":
            shares[name] = (int(x.sum()), x.size)
        else:
            units = [round(float(v) / UNIT) for v in x]
            means[name] = (x.size, sum(units), sum(u * u for u in units))
    if not isinstance(histograms, Mapping | None):
        raise TypeError(
            f"histograms must be a dict of names and their bins, not {describe(histograms)}"
        )
    return Counts(shares, means, {name: _bins(x, name) for name, x in (histograms or {}).items()})


def _bins(x: npt.ArrayLike, name: object) -> tuple[int, ...]:
    """Return how many values fell into each bin of a histogram."""
    if not isinstance(name, str):
        raise TypeError(f"histograms must have texts for names, not {describe(name)}")
    bins = real(x, f"histograms[{name!r}]")
    if bins.ndim != 1 or (bins < 0).any() or (bins != np.floor(bins)).any():
        raise ValueError(
            f"histograms[{name!r}] must be a row of whole numbers of 0 or more, "
            f"not {describe(bins.tolist())}"
        )
    return tuple(map(int, bins))


def likelihood_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the shares at which the likelihood is at least exp(-1.92) of its greatest: 95 %.

    Raises
    ------
    TypeError, ValueError
        For what is no number of successes of one trial or more.

    Examples
    --------
    >>> low, high = likelihood_interval(0, 100)
    >>> low, round(high, 4)
    (0.0, 0.019)
    """
    n = whole(trials, "trials", 1)
    k = whole(successes, "successes", 0, n)

    def loss(p: float) -> float:
        lost = [c * log(c / n / x) for c, x in ((k, p), (n - k, 1 - p)) if c]
        return sum(lost) - _Z**2 / 2

    def root(inside: float, outside: float) -> float:
        for _ in range(60):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if loss(middle) < 0 else (inside, middle)
        return inside

    return root(k / n, 0.0) if k else 0.0, root(k / n, 1.0) if k < n else 1.0


def _merge(a: Mapping[str, tuple[int, ...]], b: Mapping[str, tuple[int, ...]]) -> Any:
    merged = dict(a)
    for name, values in b.items():
        mine = merged.get(name, (0,) * len(values))
        if len(mine) != len(values):  # of a histogram
            raise ValueError(
                f"{name} has {len(mine)} bins in some trials and {len(values)} in others: "
                "give it the same bins in each"
            )
        merged[name] = tuple(x + y for x, y in zip(mine, values, strict=True))
    return merged


@dataclass(frozen=True)
class Experiment:
    """A frozen dataclass of parameters with a method ``run(rng)`` that returns `Counts`.

    Parameters are numbers, texts or bools. One call of ``run`` is one independent sample: it draws
    its own patterns. ``theory`` may return what should come out for the quantity ``about``, and
    ``lines`` at which y a map's lines run (0 twice in a row, or None: nowhere).

    Attributes
    ----------
    version : int
        To be raised with any change of what ``run`` returns: old counts are then left alone.
    about : str
        The quantity that is drawn, and that ``until=`` is about; by default the first.
    axes : tuple of str
        The parameters along which it is drawn: x of a curve; x and y of a map.
    source : str
        What to cite.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> import hopfield as hf
    >>> from hopfield.experiments import Experiment, count
    >>> @dataclass(frozen=True)
    ... class Coin(Experiment):
    ...     bias: float = 0.5
    ...     def run(self, rng):
    ...         return count(heads=rng.random() < self.bias)
    >>> hf.scan(Coin, bias=[0.2, 0.8], repeats=100).points[1].counts.shares
    {'heads': (83, 100)}
    """

    version: ClassVar[int] = 1
    about: ClassVar[str] = ""
    axes: ClassVar[tuple[str, ...]] = ()
    source: ClassVar[str] = ""

    def __post_init__(self) -> None:
        """Take NumPy's numbers as Python's, which do not overflow."""
        for name, value in vars(self).items():
            if isinstance(value, np.generic):
                object.__setattr__(self, name, value.item())

    def run(self, rng: np.random.Generator) -> Counts:
        """Draw one sample and return what it gave."""
        raise TypeError(f"{type(self).__name__} must define run")

    def theory(self) -> float | None:
        """Return what theory says of the quantity ``about``; None where there is none."""
        return None

    def lines(self) -> dict[str, float]:
        """Return where on the second of ``axes`` a map has lines, by name."""
        return {}
