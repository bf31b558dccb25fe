"""What to look at first where real patterns are read by attention: which beta, and why."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill

import numpy as np

from ..base.checks import Array, Floats
from ..base.progress import Watch, telling
from ..core.recall import recall
from ..models.attention import SIMILARITY, Modern

_MOST_ASKED, _LEAST_ASKED = 200, 10
_MOST_PRODUCTS = 2e10  # of cues with patterns, in all: some seconds
_SWEEPS = 20
_LADDER = 2.0 ** np.arange(-4, 9)  # times log(P) over the margin: each some products of all cues
_NEAR = 0.1  # of the way to the nearest other pattern: what ends as near is recalled


@dataclass(frozen=True, repr=False)
class AttentionDiagnosis:
    """What `diagnose` found of an attention memory of reals; printed, it ends with the advice.

    Attributes
    ----------
    n, p : int
        Neurons and patterns.
    margin : float
        The median over patterns of how much more similar one is to itself than to any other; 0 or
        less where another pattern wins.
    nearest : dict of str to float
        By each similarity, the share of cues that are most similar to their own pattern: no beta
        recalls more.
    recalled : float
        The share of cues from which the memory recalls their pattern: it ends within a tenth of the
        way to the nearest other one.
    spread : float
        Of how many patterns a cue reads the mean, in the median: 1 / sum p^2.
    tried : dict of float to float
        The share recalled at other beta, from small ones up to one that recalls all that can be.
    beta : float or None
        The smallest of these that recalls as many as any; None where none recalls a pattern.
    asked : int
        How many cues were asked for.
    noise : float
        How far a cue is from its pattern, beside the patterns' distance from their mean.
    advice : tuple of str
        What to do about it.
    """

    n: int
    p: int
    margin: float
    nearest: dict[str, float]
    recalled: float
    spread: float
    tried: dict[float, float]
    beta: float | None
    asked: int
    noise: float
    advice: tuple[str, ...]

    def __repr__(self) -> str:
        nearest = ", ".join(f"by {name} {share:.0%}" for name, share in self.nearest.items())
        tried = ", ".join(f"{beta:.3g} {share:.0%}" for beta, share in self.tried.items())
        lines = [
            f"{self.p:,} real patterns of {self.n:,} neurons; in the median each is "
            f"{self.margin:.3g} more similar to itself than to any other",
            f"{self.asked} cues, each {self.noise:g} of its pattern's distance from the mean away: "
            f"most similar to their own pattern are {nearest}",
            f"recalled: {self.recalled:.0%}; a cue reads the mean of so many patterns, in the "
            f"median: {self.spread:,.1f}",
            f"recalled at other beta: {tried}",
        ]
        rows = [fill(line, 96, subsequent_indent="    ") for line in lines]
        marks = [
            fill(line, 96, initial_indent="  - ", subsequent_indent="    ") for line in self.advice
        ]
        return "\n".join([*rows, "advice:", *marks])


def of_reals(
    memory: Modern, x: Array, noise: float, rng: np.random.Generator, progress: Watch | None
) -> AttentionDiagnosis:
    """Return what `diagnose` says of an attention memory of real patterns x (P, n)."""
    most = _MOST_PRODUCTS / (_LADDER.size * 10 * x.size)
    asked = int(min(len(x), max(_LEAST_ASKED, min(_MOST_ASKED, most))))
    chosen = np.sort(rng.choice(len(x), asked, replace=False))
    x = x.astype(memory.dtype)
    away = rng.normal(size=(asked, x.shape[1])) / np.sqrt(x.shape[1])
    sizes = np.linalg.norm(x[chosen] - x.mean(axis=0), axis=1, keepdims=True)
    cues = x[chosen] + noise * sizes * away
    others = {
        name: memory if name == memory.similarity else Modern(x, similarity=name)
        for name in SIMILARITY
        if name != "cosine" or x.any(axis=1).all()
    }
    nearest = {
        name: float((other.candidates(cues, 1).patterns[:, 0] == chosen).mean())
        for name, other in others.items()
    }
    kept = memory.patterns[chosen]
    bar = _NEAR * _to_the_next(memory.patterns, chosen)
    margin = _margin(memory, kept, chosen)

    def share(beta: float) -> float:
        ends = recall(memory.at(beta), cues, sweeps=_SWEEPS).state
        return float((np.linalg.norm(ends - kept, axis=1) < bar).mean())

    scale = np.log(max(2, len(x))) / margin if margin > 0 else memory.beta
    tell, tried = telling(progress, "diagnose", _LADDER.size, "beta"), {}
    for k, beta in enumerate((scale * _LADDER).tolist()):
        beta = float(f"{beta:.2g}")  # as it is said
        tried[beta] = share(beta)
        tell(k + 1)
        if tried[beta] >= nearest[memory.similarity]:
            break
    tell(_LADDER.size)
    largest = max(tried.values())
    found = AttentionDiagnosis(
        n=memory.n,
        p=len(x),
        margin=margin,
        nearest=nearest,
        recalled=share(memory.beta),
        spread=float(np.median(1 / np.square(memory.weights(cues)).sum(axis=1))),
        tried=tried,
        beta=next(b for b, s in tried.items() if s == largest) if largest else None,
        asked=asked,
        noise=noise,
        advice=(),
    )
    return AttentionDiagnosis(**{**found.__dict__, "advice": tuple(_advice(found, memory))})


def _to_the_next(x: Array, chosen: Array) -> Floats:
    """Return how far from some patterns (P, n) the nearest other one is, (A,)."""
    squares = np.square(x, dtype=np.float64).sum(axis=1)
    apart = squares[chosen, None] + squares - 2 * (x[chosen] @ x.T)
    apart[np.arange(len(chosen)), chosen] = np.inf
    least = apart.argmin(axis=1)
    return np.asarray(np.linalg.norm(x[chosen] - x[least], axis=1) if len(x) > 1 else np.ones(1))


def _margin(memory: Modern, kept: Array, chosen: Array) -> float:
    """Return how much more similar patterns are to themselves than to any other, in the median."""
    found = memory.candidates(kept, min(2, len(memory.patterns)))
    first = found.patterns[:, 0] == chosen
    gaps = found.scores[:, 0] - (found.scores[:, 1] if found.scores.shape[1] > 1 else 0)
    return float(np.median(np.where(first, gaps, -gaps)))


def _advice(d: AttentionDiagnosis, memory: Modern) -> list[str]:
    """Return the plain advice that the figures call for."""
    said, most = [], d.nearest[memory.similarity]
    if d.beta is None:
        said.append(
            "No beta that was tried recalls a pattern from such cues: they are too far away, or "
            "other patterns too near."
        )
    elif d.recalled < max(d.tried.values()):
        why = f", as a cue reads the mean of {d.spread:,.1f} patterns" if d.spread > 1.5 else ""
        said.append(
            f"Take beta = {d.beta:g}, the smallest tried that recalls {d.tried[d.beta]:.0%}; at "
            f"beta = {memory.beta:g} it is {d.recalled:.0%}{why}."
        )
    elif d.p > 1 and memory.beta > 4 * d.beta:
        said.append(
            f"beta = {d.beta:g} recalls as many as {memory.beta:g}, and still weighs what is alike."
        )
    if most < 1:
        said.append(
            f"{1 - most:.0%} of the cues are more similar to another pattern than to their own: no "
            "beta recalls those."
        )
    better = max(d.nearest, key=lambda name: d.nearest[name])
    if d.nearest[better] > most:
        said.append(
            f"By {better} {d.nearest[better]:.0%} of the cues are most similar to their own "
            f"pattern, by {memory.similarity} {most:.0%}: similarity={better!r}."
        )
    return said or ["Nothing to mend: patterns are recalled from their cues."]
