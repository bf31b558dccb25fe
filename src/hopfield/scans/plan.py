"""The plan: what is still to do at each point, cut into messages of half a second."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import ceil, nan

from ..base.checks import choice
from ..experiments.base import Counts, Experiment
from .tasks import Block, Done, gaps, largest

MESSAGE = 0.5  # seconds of work in a block at most, and in a message, but for large clusters
GROWTH = 8  # a block is at most so many times longer than the longest that was timed


@dataclass
class Job:
    """The work at one point of the grid: what is done, and what is still to do.

    Attributes
    ----------
    id : str
        The point's.
    experiment : Experiment
    goal : int
        Replicas asked for, as far as is known.
    done : dict of int to Done
        Finished blocks, by their first replica.
    todo : deque of (int, int)
        What is missing below the goal: first replica, and the one after the last.
    left : int
        Replicas missing below the goal.
    cost : float
        Seconds a replica takes, by the longest block that was timed; 0 where unknown.
    longest : int
        The length of that block.
    total : Counts
        Of all blocks, whatever the goal.

    Examples
    --------
    >>> from hopfield.experiments import Crosstalk
    >>> job = Job("some id", Crosstalk(N=100), goal=40)
    >>> job.aim(40)
    >>> job.left, job.cut(), job.todo  # what nobody has timed goes alone
    (40, Block(point='some id', first=0, size=1), deque([(1, 40)]))
    """

    id: str
    experiment: Experiment
    goal: int
    done: dict[int, Done] = field(default_factory=dict)
    todo: deque[tuple[int, int]] = field(default_factory=deque)
    left: int = 0
    cost: float = 0.0
    longest: int = 0
    total: Counts = field(default_factory=Counts)

    def admit(self, done: Done) -> None:
        """Refuse a block whose counts are not of the kind of those before."""
        try:
            self.total += done.counts
        except ValueError as error:
            error.add_note(f"of {self.experiment}")
            raise

    def finish(self, done: Done) -> None:
        """Take note of a finished block."""
        first, size = done.block.first, done.block.size
        self.done[first] = done
        self.left -= size
        cost = max(done.seconds / size, 1e-7)
        if size > self.longest or (size == self.longest and cost < self.cost):
            self.longest, self.cost = size, cost

    def aim(self, goal: int) -> None:
        """Set a goal and list what is missing."""
        self.goal = goal
        blocks = ((first, self.done[first].block.size) for first in sorted(self.done))
        self.todo = deque(gaps(blocks, goal))
        self.left = sum(stop - first for first, stop in self.todo)

    def cut(self) -> Block:
        """Take the next block from what is to do."""
        first, stop = self.todo.popleft()
        most = min(int(MESSAGE / self.cost), GROWTH * self.longest) if self.cost else 1
        size = largest(first, stop - first, max(1, most))
        if first + size < stop:
            self.todo.appendleft((first + size, stop))
        return Block(self.id, first, size)

    def counts(self) -> Counts:
        """Add up the blocks that begin below the goal: what is beyond does not decide."""
        blocks = (done.counts for first, done in sorted(self.done.items()) if first < self.goal)
        return sum(blocks, Counts())


@dataclass
class Progress:
    """How far a scan is, for ``progress=``.

    Attributes
    ----------
    jobs : dict of str to Job
        The work at each point, by the point's id.
    engine : str
        Who works; of a Dask cluster with the address of its dashboard.
    waits : str
        What is waited for, where that is no work: a scheduler, a worker.

    Examples
    --------
    >>> from hopfield.experiments import Crosstalk
    >>> Progress({"some id": Job("some id", Crosstalk(), goal=40, left=30)}, "2 processes")
    10/40 replicas of 1 point, 2 processes
    """

    jobs: dict[str, Job]
    engine: str = ""
    waits: str = ""

    def __repr__(self) -> str:
        points = f"{len(self.jobs):,} point{'s' * (len(self.jobs) != 1)}"
        bar = f"error bar {self.bar:.2g}" if self.bar == self.bar else ""
        parts = f"{self.done:,}/{self.total:,} replicas of {points}", bar, self.engine, self.waits
        return ", ".join(filter(None, parts))

    @property
    def total(self) -> int:
        """Replicas asked for, as far as is known."""
        return sum(job.goal for job in self.jobs.values())

    @property
    def done(self) -> int:
        """Replicas finished."""
        return self.total - sum(job.left for job in self.jobs.values())

    @property
    def bar(self) -> float:
        """The widest error bar, half a 95 % interval; nan while a point has none."""
        bars = [_bar(job) for job in self.jobs.values()]
        return nan if any(bar != bar for bar in bars) else max(bars, default=nan)


class Plan:
    """What is to do, in rounds over the points."""

    def __init__(self, jobs: dict[str, Job], until: float | int | None, most: int) -> None:
        self.jobs, self.until, self.most = jobs, until, most
        self.restart()

    def restart(self) -> None:
        """List all that is missing, whoever was at work on it."""
        for job in self.jobs.values():
            job.aim(job.goal)
            self._extend(job)
        self.ready = deque(job for job in self.jobs.values() if job.todo)

    def take(self, times: float = 1.0) -> list[Block]:
        """Return blocks for so many times `MESSAGE`, or none where nothing is to do now."""
        message: list[Block] = []
        length = times * MESSAGE
        seconds = 0.0
        while self.ready and seconds < 0.8 * length:
            job = self.ready[0]
            if message and not job.cost:
                break  # what nobody has timed goes alone
            message.append(job.cut())
            seconds += message[-1].size * job.cost if job.cost else length
            if job.todo:
                self.ready.rotate(-1)
            else:
                self.ready.popleft()
        return message

    def admit(self, done: list[Done]) -> None:
        """Refuse counts that cannot be added to those before."""
        for task in done:
            self.jobs[task.block.point].admit(task)

    def finish(self, done: list[Done]) -> None:
        """Take note of what is finished; where that is not enough there is more to do."""
        for task in done:
            job = self.jobs[task.block.point]
            job.finish(task)
            if self._extend(job):
                self.ready.append(job)

    def _extend(self, job: Job) -> bool:
        """Raise the goal of a point that is there until its answer is good enough.

        That depends on the counts below the goal alone, so it does not matter who counted when.
        """
        before = job.goal
        while not job.left and self.until is not None and job.goal < self.most:
            factor = _factor(job, self.until)
            if factor <= 1:
                break
            goal = ceil(job.goal * min(max(1.1 * factor, 1.25), 4))
            step = 1 << max(0, goal.bit_length() - 4)  # so that few blocks fill it
            job.aim(min(-(-goal // step) * step, self.most))
        return job.goal > before and bool(job.todo)


def _factor(job: Job, until: float | int) -> float:
    """Return how many times more replicas are needed, 1 or less where there are enough."""
    counts, about = job.counts(), job.experiment.about
    if isinstance(until, int):
        name = about if about in counts.shares else next(iter(counts.shares), "")
        if not name:
            raise ValueError("until must be an error bar, a float: nothing here counts successes")
        return until / max(counts.shares[name][0], 0.25)
    choice(about or next(iter(counts.names), ""), "what an experiment is about", counts.names)
    bar = _bar(job)
    # What is so rare that it has not been seen in n replicas has a chance of up to 3 / n.
    unseen = 3 / (until * job.goal)
    return max((bar / until) ** 2, unseen) if bar == bar else 4.0


def _bar(job: Job) -> float:
    counts = job.counts()
    name = job.experiment.about or next(iter(counts.names), "")
    return counts.estimate(name).bar if name in counts.names else nan
