"""What a specialist would look at first: does a memory keep its patterns, and if not, why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from textwrap import fill

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, Rng, count, generator, number, part, vectors
from ..base.progress import Watch, steps
from ..core.hebbian import Hebbian
from ..core.memory import Memory, from_signs, to_signs
from ..core.network import network
from ..core.neurons import Sign
from ..core.patterns import bipolar, flip, random_patterns
from ..core.recall import Recall, recall
from ..learning import RULES, Projection, covariance, dreaming, pseudo_inverse, storkey
from ..models import dense
from ..models.attention import Modern
from ..theory import one_step
from .landscape import identity, two_valued
from .reals import AttentionDiagnosis, of_reals

_MOST_RECALLED = 200  # patterns that are recalled, at most
_MOST_TRIED = 5e9  # products of matrices that another rule may cost to be tried: a second or so
_DREAMT = 10  # how long `dreaming` dreams by default: beyond, basins shrink again
_NEAR = 0.95  # an overlap from which a state counts as a pattern recalled
_SWEEPS = 1000  # random starts at a high load settle slowly
_MOST_VISITS = 1e10  # neuron visits times patterns that random starts may cost: a second or two
_LEAST = 20  # starts that are made at least
_SWEEPS_FIRST = 250  # sweeps that come before more starts
_OTHERS: dict[str, Callable[[Array], Memory]] = {
    "pseudo_inverse": pseudo_inverse,
    "dreaming": dreaming,
    "storkey": storkey,
    "covariance": covariance,
    "covariance with activity='neuron'": partial(covariance, activity="neuron"),
    "hf.dense": dense,
}


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """What `diagnose` found; printed, it is a page with the advice at its end.

    Attributes
    ----------
    n, p : int
        Neurons and patterns.
    load : float
        P/N.
    capacity : dict of str to float
        How many random patterns each learning rule would keep in so many neurons.
    bias : float
        The mean of the patterns' values; 0 where as many are up as down.
    correlation : float
        The root mean square overlap of two patterns, times sqrt(N): 1 for random ones.
    closest : tuple of (int, int, float)
        The two patterns whose overlap is largest in size, and the overlap.
    fixed : float
        The share of patterns that are strictly fixed.
    unstable : float
        The share of the patterns' neurons whose field is against them, or 0.
    expected : float
        The same share for random patterns under Hebb's rule (`theory.one_step.error`).
    recalled : float
        The share of patterns recalled (overlap above 0.95) from their cues.
    asked : int
        How many patterns were asked for: the first 200 at most.
    noise : float
        What share of a cue was to be flipped.
    flipped : int
        How many neurons of a cue were flipped: so many, and one at least if it is not 0.
    tried : dict of str to (int, int)
        What other rules made of the same patterns, where Hebb's does not do (and dreaming, where
        the pseudo-inverse does not): how many they keep fixed, and how many they recall from the
        same cues.
    ends : dict of str to float
        Where random starts end: "pattern", "inverse", "mixture" (of three),
        "other", "unsettled".
    deepest : str
        Which of these has the lowest energy; "" where there is no energy.
    starts, sweeps : int
        How many random starts were made, and the sweeps that each had at most.
    advice : tuple of str
        What to do about it.
    """

    n: int
    p: int
    load: float
    capacity: dict[str, float]
    bias: float
    correlation: float
    closest: tuple[int, int, float]
    fixed: float
    unstable: float
    expected: float
    recalled: float
    asked: int
    noise: float
    flipped: int
    tried: dict[str, tuple[int, int]]
    ends: dict[str, float]
    deepest: str
    starts: int
    sweeps: int
    advice: tuple[str, ...]

    @property
    def kept(self) -> bool:
        """Whether all patterns are fixed, and nearly all are recalled."""
        return self.fixed == 1 and self.recalled > 0.9

    @property
    def wrong(self) -> str:
        """What is wrong with a cue, in words."""
        return f"{self.flipped:,} of {self.n:,} neurons flipped"

    def __repr__(self) -> str:
        first, second, m = self.closest
        pair = f"; the closest, {first} and {second}, {m:+.2f}" if self.p > 1 else ""
        ends = ", ".join(f"{name} {share:.0%}" for name, share in self.ends.items() if share)
        lines = [
            f"{self.p:,} pattern{'s'[: self.p > 1]} of {self.n:,} neurons: load {self.load:.3g}",
            f"patterns: mean {self.bias:+.2f}; overlaps {self.correlation:.1f} times those of "
            f"random patterns{pair}",
            f"fixed: {self.fixed:.0%} of the patterns; {self.unstable:.2%} of their neurons are "
            f"unstable ({self.expected:.2%} for random patterns under Hebb's rule)",
            f"recalled: {self.recalled:.0%}, from cues with {self.wrong}",
            f"{self.starts} random starts of {self.sweeps:,} sweeps at most end in: {ends}"
            + (f"; the deepest found is: {self.deepest}" if self.deepest else ""),
        ]
        rows = [fill(line, 96, subsequent_indent="    ") for line in lines]
        marks = [
            fill(line, 96, initial_indent="  - ", subsequent_indent="    ") for line in self.advice
        ]
        return "\n".join([*rows, "advice:", *marks])


def diagnose(
    memory: Memory,
    patterns: npt.ArrayLike,
    *,
    noise: float = 0.1,
    starts: int = 200,
    rng: Rng = 0,
    progress: Watch | None = None,
) -> Diagnosis | AttentionDiagnosis:
    """Look at how well a memory keeps its patterns, and say what a specialist would advise.

    Another rule is advised only where it was tried on these patterns and recalls more of them. They
    are not tried where that would take much longer than a second. Of real patterns in a `modern`
    memory it says which beta recalls them, and which similarity.

    Parameters
    ----------
    memory : Memory
        Of two-state neurons; or `modern`, of reals.
    patterns : array_like of shape (P, N) or (N,)
        -1/+1, what it was given to store (whatever the states of its neurons), or reals; at most
        200 of them are recalled.
    noise : float
        What share of each cue is flipped, 0 to 0.5; unless it is 0, one neuron at least. Of reals,
        how far away a cue is, beside the patterns' distance from their mean.
    starts : int
        How many random states are followed, at most, to the attractors that nobody stored:
        where P N is large they and their sweeps, 1,000 at most, are fewer, 20 of 20 at least.
    rng : int or numpy.random.Generator
        Seed or generator of the cues, starts and orders.
    progress : callable, optional
        Called with a `hopfield.base.progress.Progress` at each step; ``print`` will do.

    Returns
    -------
    Diagnosis or AttentionDiagnosis

    Raises
    ------
    TypeError, ValueError
        For patterns that are not -1/+1 or of another N, or noise outside 0 to 0.5.

    Examples
    --------
    >>> import hopfield as hf
    >>> letters = hf.pictures.small("checkerboard", "X", "A")
    >>> d = hf.diagnose(hf.hebb(letters), letters)
    >>> d.closest, round(d.fixed, 2), d.deepest
    ((0, 1, -0.68), 0.67, 'mixture')
    >>> d.fixed, d.tried["pseudo_inverse"]
    (0.6666666666666666, (3, 3))
    >>> print(d.advice[0])
    The patterns are correlated: Hebb's rule lets them merge.
    >>> import numpy as np
    >>> x = np.random.default_rng(1).normal(size=(100, 64))
    >>> hf.diagnose(hf.modern(x, beta=0.01), x).beta
    0.43
    """
    reals = isinstance(memory, Modern) and not two_valued(vectors(patterns, "patterns"))
    share = number(noise, "noise")
    if not 0 <= share <= 0.5:
        raise ValueError(f"noise must be between 0 and 0.5, not {share}")
    if isinstance(memory, Modern) and reals:
        x = np.atleast_2d(vectors(patterns, "patterns", memory.n))
        if x.shape != memory.patterns.shape:
            raise ValueError(f"patterns must be the {memory.patterns.shape} that the memory holds")
        return of_reals(memory, x, share, generator(rng, "diagnose"), progress)
    network(memory, Sign(*(memory.states or (-1, 1))) if isinstance(memory, Memory) else None)
    xi = _patterns(patterns, memory.n)
    source = generator(rng, "diagnose")
    p, n = xi.shape
    margin = xi * memory.field(_own(memory, xi))
    closest, correlation = _pairs(xi)
    tell = _steps(progress)
    tell("recalling the patterns")
    known = xi[:_MOST_RECALLED]
    flipped = max(int(share > 0), part(share, "noise", n))
    cues = flip(known, flipped, rng=source)
    back = _recalled(memory, cues, source)
    starts, sweeps = _affordable(count(starts, "starts", 1), xi.size)
    tell("following random starts")
    ends, deepest = _ends(memory, xi, starts, sweeps, source)
    found = Diagnosis(
        n=n,
        p=p,
        load=p / n,
        capacity={name: float(rule.capacity(n)) for name, rule in RULES.items()},
        bias=float(xi.mean()),
        correlation=correlation,
        closest=closest,
        fixed=float((margin > 0).all(axis=1).mean()),
        unstable=float((margin <= 0).mean()),
        expected=sum(one_step.error(n, p)),
        recalled=_hits(back[0], xi) / len(known),
        asked=len(known),
        noise=share,
        flipped=flipped,
        tried={},
        ends=ends,
        deepest=deepest,
        starts=starts,
        sweeps=sweeps,
        advice=(),
    )
    if not found.kept:
        found = replace(found, tried=_tried(xi, cues, source, tell, _others(memory)))
    tell("")
    return replace(found, advice=tuple(_advice(found, memory)))


def _steps(progress: Watch | None) -> Callable[[str], None]:
    """Return what is to be told which step begins; "" is the end."""
    names = ["recalling the patterns", "following random starts"]
    names += [f"trying {name}" for name in _OTHERS]
    tell = steps(progress, len(names), "steps")

    def begins(step: str) -> None:
        if step:
            tell(f"diagnose, {step}", names.index(step))
        else:
            tell("diagnose", len(names))

    return begins


def _patterns(patterns: npt.ArrayLike, n: int) -> Array:
    xi = np.atleast_2d(bipolar(patterns))
    if xi.ndim > 2 or xi.shape[1] != n:
        raise ValueError(f"patterns must be (P, {n}); the shape is {xi.shape}")
    return xi


def _others(memory: Memory) -> Iterable[str]:
    """Return the rules that may keep what this memory does not."""
    if isinstance(memory, Hebbian):
        return _OTHERS
    return ["dreaming"] if isinstance(memory, Projection) and memory.t > _DREAMT else []


def _own(memory: Memory, xi: Array) -> Array:
    """Return -1/+1 states in the states of a memory's neurons."""
    return from_signs(xi, *memory.states) if memory.states else xi


def _affordable(starts: int, sweep: int) -> tuple[int, int]:
    """Return how many starts to make, and their sweeps, of so much work each."""
    most = int(_MOST_VISITS / sweep)
    starts = min(starts, max(_LEAST, most // _SWEEPS_FIRST))
    return starts, min(_SWEEPS, max(_LEAST, most // starts))


def _recalled(
    memory: Memory, cues: Array, source: np.random.Generator, sweeps: int = _SWEEPS
) -> tuple[Array, Recall]:
    """Recall -1/+1 cues; return the last states as -1/+1, and the whole."""
    states = memory.states or (-1.0, 1.0)
    cue = _own(memory, cues)
    run = recall(memory, cue, neuron=Sign(*states), sweeps=sweeps, rng=source)
    return to_signs(run.state, *states), run


def _pairs(xi: Array) -> tuple[tuple[int, int, float], float]:
    """Return the two patterns of largest overlap, with it, and sqrt(N) times the rms overlap."""
    (p, n), x = xi.shape, xi.astype(np.float32)  # exact: whole numbers
    closest, squares = (0, 0, 0.0), 0.0
    for k in range(1, p):
        m = (x[:k] @ x[k]).astype(np.float64) / n
        squares += float(m @ m)
        j = int(np.abs(m).argmax())
        if abs(m[j]) > abs(closest[2]):
            closest = j, k, float(m[j])
    return closest, float(np.sqrt(n * squares / max(1, p * (p - 1) / 2)))


def _ends(
    memory: Memory, xi: Array, starts: int, sweeps: int, source: np.random.Generator
) -> tuple[dict[str, float], str]:
    """Return where random starts end, and which kind of end lies deepest."""
    cues = random_patterns(starts, memory.n, rng=source)
    state, run = _recalled(memory, cues, source, sweeps)
    sums, wrong = state @ xi.T.astype(np.float64), (1 - _NEAR) / 2
    kinds = [
        "unsettled" if why != "fixed point" else identity(s, xi, m, wrong).kind
        for s, m, why in zip(state, sums, run.why.tolist(), strict=True)
    ]
    named = ("pattern", "inverse", "mixture")
    kinds = [kind if kind in (*named, "unsettled") else "other" for kind in kinds]
    deepest = "" if run.energy is None else kinds[int(np.argmin(run.energy))]
    return {k: kinds.count(k) / starts for k in (*named, "other", "unsettled")}, deepest


def _tried(
    xi: Array,
    cues: Array,
    source: np.random.Generator,
    tell: Callable[[str], None],
    rules: Iterable[str],
) -> dict[str, tuple[int, int]]:
    """Return how many patterns other rules keep fixed, and how many they recall from the cues."""
    n, found = xi.shape[1], {}
    if len(xi) < 2 or n * n * max(len(xi), 5 * len(cues)) > _MOST_TRIED:
        return {}
    for name in rules:
        tell(f"trying {name}")
        try:
            memory = _OTHERS[name](xi)
        except ValueError:  # of dependent patterns, say
            continue
        back, _ = _recalled(memory, cues, source)
        found[name] = int(np.sum(memory.stable(xi))), _hits(back, xi)
    return found


def _hits(back: Array, xi: Array) -> int:
    """Return how many patterns were recalled, of the first as many as there are states."""
    return int(((back * xi[: len(back)]).mean(axis=1) > _NEAR).sum())


def _advice(d: Diagnosis, memory: Memory) -> list[str]:
    """Return the plain advice that the figures call for."""
    said = []
    if d.unstable > 0.3:
        said.append(
            f"The memory does not hold these patterns: {d.unstable:.0%} of their neurons are "
            "against them. Were others stored, or is its separation too weak for so many?"
        )
    if isinstance(memory, Hebbian) and not d.kept:
        said += _about_hebb(d)
    if d.fixed > 0.9 and d.recalled < 0.9:
        said.append(
            f"Patterns are fixed, but cues with {d.wrong} do not find back to all of them: the "
            "basins are small. Fewer patterns, or a rule with a margin, widen them."
        )
    if not isinstance(memory, Hebbian) and d.tried:
        kept, back = d.tried["dreaming"]
        if back > round(d.recalled * d.asked):
            said.append(
                f"hf.learning.dreaming(patterns, t={_DREAMT}), tried on these patterns, keeps "
                f"{kept:,} fixed and recalls {back:,}, this memory {round(d.recalled * d.asked):,}:"
                " on the way to the projection basins are larger than at its end."
            )
    if not d.kept and d.ends["mixture"] + d.ends["other"] > 0.3:
        said.append(
            "Many random starts end in states that nobody stored. Start from cues, or warm the "
            "network (HeatBath at T near 0.5 melts mixtures of three) and cool it slowly."
        )
    if d.ends["unsettled"] > 0 and not memory.symmetric:
        said.append(
            "Some starts never settle: the couplings are not symmetric, so there is no energy to "
            "fall."
        )
    if memory.self_coupling:
        said.append("The diagonal is kept, so the energy may rise; leave it out (the default).")
    return said or ["Nothing to mend: the patterns are fixed and are found back from their cues."]


def _about_hebb(d: Diagnosis) -> list[str]:
    """Return why Hebb's rule does not keep these patterns, and which of those tried do better."""
    said = []
    if d.correlation > 2 and d.p > 1:
        said.append("The patterns are correlated: Hebb's rule lets them merge.")
    if abs(d.bias) > 0.3:
        said.append(
            f"The patterns are biased ({(1 + d.bias) / 2:.0%} of their values are +1): what they "
            "share is stored with each of them."
        )
    exactly, nearly = d.capacity["hebb"], 0.138 * d.n
    if d.unstable > 0 and d.p > exactly:
        more = f"; with few errors some {nearly:.0f} (theory.ags)" if nearly > exactly + 1 else ""
        said.append(
            f"{d.p:,} patterns are more than Hebb's rule keeps in {d.n:,} neurons: of random ones "
            f"some {exactly:.0f} without an error{more}."
        )
    if not d.tried:
        return said
    now = round(d.fixed * d.p), round(d.recalled * d.asked)
    better = sorted(
        (name for name, (_, back) in d.tried.items() if back > now[1]),
        key=lambda name: d.tried[name][::-1],
        reverse=True,
    )
    counts = [
        f"{name} keeps {kept:,} fixed and recalls {back:,}"
        for name, (kept, back) in ((name, d.tried[name]) for name in better[:3])
    ]
    these = f"{d.p:,} patterns" + (f", of which {d.asked} are asked for" if d.asked < d.p else "")
    hebb = f"Hebb's rule keeps {now[0]:,} and recalls {now[1]:,}"
    if counts:
        said.append(f"Tried on these {these}: {'; '.join(counts)}; {hebb}.")
    else:
        said.append(
            f"Of {', '.join(d.tried)}, tried on these {these}, none recalls more than {hebb[:11]} "
            f"({now[1]:,})."
        )
    return said
