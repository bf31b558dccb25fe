"""Experiments with random patterns that Hebb's rule stored, as they are or as a sequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ..analysis import landscape
from ..base.checks import count as whole, number, room
from ..core.hebbian import Hebbian
from ..core.neurons import HeatBath, Neuron
from ..core.orders import Sync
from ..core.patterns import Int8, flip, overlap, random_patterns
from ..core.recall import Run
from ..models import sequence
from ..theory import ags, one_step, sequence as law
from .base import Counts, Experiment, count

RETRIEVED, RECALLED, BINS = 0.9, 0.95, 40  # overlaps that count; bins of a histogram over -1 ... 1
_LOOKS = 10  # at the state, along the second half of a run at a temperature


@dataclass(frozen=True)
class Loaded(Experiment):
    """N neurons and P = alpha N random patterns, rounded, at least one."""

    N: int = 500
    alpha: float = 0.1
    axes: ClassVar[tuple[str, ...]] = ("alpha",)

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        whole(self.N, "N", 2)
        if number(self.alpha, "alpha") <= 0:
            raise ValueError(f"alpha must be more than 0, not {self.alpha:g}")
        room("N and alpha", self.N, self.p)

    @property
    def p(self) -> int:
        """Patterns."""
        return max(1, round(self.alpha * self.N))

    def patterns(self, rng: np.random.Generator) -> Int8:
        """Draw the patterns, (P, N)."""
        return random_patterns(self.p, self.N, rng=rng)


@dataclass(frozen=True)
class Crosstalk(Loaded):
    """How often the other stored patterns flip a neuron of a pattern.

    Parameters
    ----------
    N, alpha : int, float
        Neurons, and the load P/N.

    Notes
    -----
    Counts "unstable", the fraction of neurons with h xi < 0, and "ties", with h = 0.

    Examples
    --------
    >>> from hopfield.experiments import Crosstalk
    >>> round(Crosstalk(N=100, alpha=0.14).theory(), 6)
    0.002646
    """

    about: ClassVar[str] = "unstable"
    source: ClassVar[str] = "Hertz, Krogh and Palmer 1991, section 2.2"

    def run(self, rng: np.random.Generator) -> Counts:
        """Draw patterns and look at every field."""
        xi = self.patterns(rng)
        margin = xi * Hebbian(xi).field(xi)
        return count(unstable=(margin < 0).mean(), ties=(margin == 0).mean())

    def theory(self) -> float:
        """Return the exact probability."""
        return one_step.error(self.N, self.p)[0]


@dataclass(frozen=True)
class Retrieval(Loaded):
    """The overlap that is left with a pattern from which the network starts.

    Parameters
    ----------
    N, alpha : int, float
        Neurons, and the load P/N.
    T : float
        Temperature; 0 is the plain network, run to its fixed point.
    sweeps : int
        At most so many; at a temperature all of them, and the second half is averaged.

    Notes
    -----
    Counts "overlap", its mean; "retrieved", how often it is above 0.9; and its histogram.

    Examples
    --------
    >>> from hopfield.experiments import Retrieval
    >>> round(Retrieval(alpha=0.05, T=0.4).theory(), 5)
    0.96619
    """

    T: float = 0.0
    sweeps: int = 100
    about: ClassVar[str] = "overlap"
    axes: ClassVar[tuple[str, ...]] = ("alpha", "T")
    source: ClassVar[str] = "Amit, Gutfreund and Sompolinsky 1987, doi:10.1016/0003-4916(87)90092-3"

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        HeatBath(self.T)
        whole(self.sweeps, "sweeps", 1)

    def run(self, rng: np.random.Generator) -> Counts:
        """Recall the first of some patterns, from itself."""
        xi = self.patterns(rng)
        m, _ = run_at(Hebbian(xi), xi[0], self.T, self.sweeps, rng)
        return count(overlap=m, retrieved=m > RETRIEVED, histograms={"overlap": _bins(m)})

    def theory(self) -> float:
        """Return the overlap of many neurons, replica symmetric."""
        return float(ags.overlap(self.alpha, self.T))

    def lines(self) -> dict[str, float]:
        """Return up to which temperatures there are retrieval states, and they lie deepest."""
        alpha = self.alpha
        return {"$T_M$": float(ags.spinodal(alpha)), "$T_c$": float(ags.transition(alpha))}


@dataclass(frozen=True)
class Sequence(Loaded):
    """The overlap with the pattern that is due, after some steps along a cycle of patterns.

    Parameters
    ----------
    N, alpha : int, float
        Neurons, and the load P/N, of 2 patterns or more.
    steps : int
        Steps of all neurons together, from the first pattern.

    Notes
    -----
    Counts "overlap", its mean; "retrieved", how often it is above 0.9; and its histogram.

    Examples
    --------
    >>> from hopfield.experiments import Sequence
    >>> round(Sequence(alpha=0.2).theory(), 6)
    0.966326
    """

    steps: int = 100
    about: ClassVar[str] = "overlap"
    source: ClassVar[str] = "Duering, Coolen and Sherrington 1998, doi:10.1088/0305-4470/31/43/005"

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        whole(self.steps, "steps", 1)
        if self.p < 2:
            raise ValueError(f"alpha must give 2 patterns or more at N={self.N}, not {self.p}")

    def run(self, rng: np.random.Generator) -> Counts:
        """Follow the patterns from the first."""
        xi = self.patterns(rng)
        run = Run(sequence(xi), xi[0], order=Sync(), rng=rng)
        run.step(self.steps)
        m = float(overlap(run.state, xi[self.steps % self.p]))
        return count(overlap=m, retrieved=m > RETRIEVED, histograms={"overlap": _bins(m)})

    def theory(self) -> float:
        """Return the overlap of many neurons after many steps."""
        return float(law.overlap(self.alpha))


@dataclass(frozen=True)
class Basin(Loaded):
    """The overlap in the end, against that of the cue.

    Parameters
    ----------
    N, alpha : int, float
        Neurons, and the load P/N.
    start : float
        Overlap of the cue with its pattern, -1 to 1.
    sweeps : int
        At most so many.

    Notes
    -----
    Counts "recalled", how often the overlap ends above 0.95; "overlap", its mean; its histogram.

    Examples
    --------
    >>> import numpy as np
    >>> from hopfield.experiments import Basin
    >>> Basin(N=500, alpha=0.02, start=0.6).run(np.random.default_rng(0)).shares
    {'recalled': (1, 1)}
    """

    start: float = 0.5
    sweeps: int = 100
    about: ClassVar[str] = "recalled"
    axes: ClassVar[tuple[str, ...]] = ("start", "alpha")
    source: ClassVar[str] = "Amit, Gutfreund and Sompolinsky 1987, doi:10.1016/0003-4916(87)90092-3"

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        whole(self.sweeps, "sweeps", 1)
        if abs(number(self.start, "start")) > 1:
            raise ValueError(f"start must be an overlap between -1 and 1, not {self.start:g}")

    def run(self, rng: np.random.Generator) -> Counts:
        """Recall the first of some patterns from a cue."""
        xi = self.patterns(rng)
        cue = flip(xi[0], (1 - self.start) / 2, rng=rng)
        state = Run(Hebbian(xi), cue, rng=rng).finish(self.sweeps).state
        m = float(overlap(state, xi[0]))
        return count(recalled=m > RECALLED, overlap=m, histograms={"overlap": _bins(m)})


@dataclass(frozen=True)
class Spurious(Loaded):
    """What random states fall into.

    Parameters
    ----------
    N, alpha : int, float
        Neurons, and the load P/N.
    starts : int
        Random states a sample.
    sweeps : int
        At most so many.

    Notes
    -----
    Counts the fractions of "patterns" (or their inverses), "mixtures" of three (looked for among
    the 12 patterns of largest overlap) and "others".

    Examples
    --------
    >>> import numpy as np
    >>> from hopfield.experiments import Spurious
    >>> Spurious(N=100, alpha=0.01).run(np.random.default_rng(0)).estimate("patterns").value
    1.0
    """

    starts: int = 16
    sweeps: int = 100
    about: ClassVar[str] = "patterns"
    source: ClassVar[str] = "Amit, Gutfreund and Sompolinsky 1985, doi:10.1103/PhysRevA.32.1007"

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        whole(self.starts, "starts", 1)
        whole(self.sweeps, "sweeps", 1)

    def run(self, rng: np.random.Generator) -> Counts:
        """Let random states fall, and name where they end."""
        xi = self.patterns(rng)
        cues = random_patterns(self.starts, self.N, rng=rng)
        ends = Run(Hebbian(xi), cues, rng=rng).finish(self.sweeps).state
        kinds = np.array([landscape.identify(end, xi).kind for end in ends])
        mixtures, patterns = (
            np.mean(kinds == "mixture"),
            np.isin(kinds, ("pattern", "inverse")).mean(),
        )
        return count(patterns=patterns, mixtures=mixtures, others=1 - patterns - mixtures)


@dataclass(frozen=True)
class Temperature(Experiment):
    """A few patterns at a temperature: the overlap with the first, and the energy.

    Parameters
    ----------
    N : int
        Neurons.
    P : int
        Patterns, few beside N.
    T : float
        Temperature.
    sweeps : int
        All of them are made; the second half is averaged.

    Notes
    -----
    Counts "overlap" and "energy" a neuron. For few patterns m = tanh(m/T).

    Examples
    --------
    >>> from hopfield.experiments import Temperature
    >>> round(Temperature(T=0.5).theory(), 6)
    0.957504
    """

    N: int = 1000
    P: int = 1
    T: float = 0.5
    sweeps: int = 100
    about: ClassVar[str] = "overlap"
    axes: ClassVar[tuple[str, ...]] = ("T",)
    source: ClassVar[str] = "Amit, Gutfreund and Sompolinsky 1985, doi:10.1103/PhysRevA.32.1007"

    def __post_init__(self) -> None:
        """Check the arguments."""
        super().__post_init__()
        room("N and P", whole(self.N, "N", 2), whole(self.P, "P", 1))
        HeatBath(self.T)
        whole(self.sweeps, "sweeps", 1)

    def run(self, rng: np.random.Generator) -> Counts:
        """Run from the first pattern."""
        xi = random_patterns(self.P, self.N, rng=rng)
        m, energy = run_at(Hebbian(xi), xi[0], self.T, self.sweeps, rng)
        return count(overlap=m, energy=energy / self.N)

    def theory(self) -> float:
        """Return the overlap of many neurons that hold few patterns."""
        return float(ags.overlap(0.0, self.T))


def run_at(
    memory: Any, pattern: Int8, T: float, sweeps: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the overlap and the energy that a network keeps: at the end, or along the 2nd half."""
    neuron: Neuron | None = HeatBath(T) if T else None
    run = Run(memory, pattern, neuron=neuron, rng=rng)
    if not T:
        end = run.finish(sweeps)
        return float(overlap(end.state, pattern)), float(end.energy or 0)
    looks = np.linspace(sweeps // 2, sweeps, min(_LOOKS, sweeps) + 1).astype(int)
    run.finish(int(looks[0]))
    ends = [run.finish(int(k)) for k in np.diff(looks)]
    return (
        float(np.mean([overlap(end.state, pattern) for end in ends])),
        float(np.mean([end.energy for end in ends])),
    )


def _bins(m: float) -> Any:
    return np.histogram([m], BINS, (-1, 1))[0]
