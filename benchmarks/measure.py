"""Costs in CPU time, candidates interleaved in rounds; a figure is a median with its quartiles."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from math import ceil
from typing import Any

import numpy as np

cpu = time.process_time  # of all threads, of which every library here is told to use one


@dataclass(frozen=True)
class Effort:
    """How long to measure.

    Attributes
    ----------
    name : str
    rounds : int
        Three may do, where more would take longer than ``most``.
    least : float
        Seconds that a candidate takes in a round, or more.
    most : float
        Seconds for all rounds of all candidates.
    """

    name: str
    rounds: int
    least: float
    most: float = np.inf


_ALL = Effort("tiny", 2, 0), Effort("quick", 5, 0.01, 2), Effort("full", 15, 0.1, 60)
EFFORTS = {effort.name: effort for effort in _ALL}


@dataclass(frozen=True)
class Candidate:
    """Something to time.

    Attributes
    ----------
    name : str
    call : callable
        What is timed, after one call that is not.
    units : float
        How many visits, steps ... a call makes; costs are per unit.
    less : callable, optional
        What a call does besides, timed too and taken away.
    """

    name: str
    call: Callable[[], Any]
    units: float = 1
    less: Callable[[], Any] | None = None


@dataclass
class Line:
    """One figure of a row, and its goal.

    Attributes
    ----------
    name : str
        Whom it compares with, or what it is.
    values : list of float
        One a round; empty where the peer is absent.
    unit : str
        "x" (times as costly as ours), "s", "B", "/s" or "".
    costs : list of float
        The peer's seconds per unit, one a round.
    floor, stretch : float, optional
        The goal; at most these where ``most``, else at least.
    error : float, optional
        The figure's standard error, where it has one instead of quartiles.
    """

    name: str
    values: list[float]
    unit: str = "x"
    costs: list[float] = field(default_factory=list)
    floor: float | None = None
    stretch: float | None = None
    most: bool = False
    error: float | None = None

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """The lower quartile, the median and the upper quartile of the values."""
        low, middle, high = np.percentile(self.values, [25, 50, 75])
        return float(low), float(middle), float(high)

    @property
    def met(self) -> str:
        """Which goal the median reaches: "stretch", "floor" or "missed"; "" if it has none."""
        if not self.values or (self.floor is None and self.stretch is None):
            return ""
        sign, value = (-1 if self.most else 1), self.quartiles[1]
        for name in ("stretch", "floor"):
            goal = getattr(self, name)
            if goal is not None and sign * value >= sign * goal:
                return name
        return "missed"


@dataclass
class Result:
    """What a work found of one row at one size.

    Attributes
    ----------
    row : int
        In the table of goals.
    title : str
        What was done, and at which size.
    ours : list of float
        Our seconds per unit, one a round.
    unit : str
        What a cost is per: "visit", "step" ...
    kernel : str
        What computed ours.
    lines : list of Line
    """

    row: int
    title: str
    lines: list[Line]
    ours: list[float] = field(default_factory=list)
    unit: str = ""
    kernel: str = ""

    def parts(self) -> dict[str, Any]:
        """Return all of it as plain values, medians and verdicts included."""
        parts = asdict(self)
        parts["ours_median"] = float(np.median(self.ours)) if self.ours else None
        for line, found in zip(self.lines, parts["lines"], strict=True):
            found["met"] = line.met
            found["median"] = line.quartiles[1] if line.values else None
        return parts

    @classmethod
    def of(cls, parts: dict[str, Any]) -> Result:
        """Return the result whose `parts` these are."""
        names = Line.__dataclass_fields__
        lines = [Line(**{k: line[k] for k in names}) for line in parts["lines"]]
        return cls(**{k: parts[k] for k in cls.__dataclass_fields__ if k != "lines"}, lines=lines)


def costs(
    candidates: Sequence[Candidate], effort: Effort, clock: Callable[[], float] = cpu
) -> list[list[float]]:
    """Return each candidate's seconds per unit, one a round."""

    def seconds(call: Callable[[], Any], loops: int) -> float:
        start = clock()
        for _ in range(loops):
            call()
        return (clock() - start) / loops

    loops, whole = [], 0.0
    for c in candidates:
        seconds(c.call, 1)  # compiles, and fills caches
        once = seconds(c.call, 1)
        loops.append(min(10_000, max(1, ceil(effort.least / once))) if once > 0 else 1)
        whole += once * loops[-1]
    rounds = int(min(effort.rounds, max(3, effort.most / whole))) if whole > 0 else effort.rounds
    found: list[list[float]] = [[] for _ in candidates]
    for turn in range(rounds):
        for k in np.roll(np.arange(len(candidates)), -turn):
            c = candidates[k]
            besides = seconds(c.less, loops[k]) if c.less else 0.0
            found[k].append((seconds(c.call, loops[k]) - besides) / c.units)
    return found


@dataclass(frozen=True)
class Peer:
    """A candidate to compare ours with, and by how much ours is to be faster; None is absent."""

    name: str
    candidate: Candidate | None
    floor: float | None = None
    stretch: float | None = None
    most: bool = False


def compare(
    row: int,
    title: str,
    unit: str,
    ours: Candidate,
    peers: Sequence[Peer],
    effort: Effort,
    kernel: str = "",
    clock: Callable[[], float] = cpu,
) -> Result:
    """Time ours beside its peers: a round's ratio is of costs that were measured together."""
    present = [p.candidate for p in peers if p.candidate]
    mine, *theirs = costs([ours, *present], effort, clock)
    found = dict(zip((c.name for c in present), theirs, strict=True))
    lines = []
    for p in peers:
        cost = found[p.candidate.name] if p.candidate else []
        ratios = [a / b for a, b in zip(cost, mine, strict=True) if b > 0] if cost else []
        goal = {"floor": p.floor, "stretch": p.stretch, "most": p.most}
        lines.append(Line(p.name, ratios, costs=cost, **goal))
    return Result(row, title, lines, mine, unit, kernel)


def agree(ours: Any, theirs: Any, whose: str) -> None:
    """Stop where a peer's answer is not ours: its time would mean nothing."""
    if not np.array_equal(np.asarray(ours), np.asarray(theirs)):
        raise AssertionError(f"{whose} gives another answer than ours")
