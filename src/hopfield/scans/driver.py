"""The driver: what is still to do, cut into messages of half a second, sent out and stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from inspect import signature
from math import ceil, nan
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

import numpy as np

from ..base.checks import choice, count, number
from ..experiments.base import Counts, Experiment
from ..io.files import BadFile, PathLike
from .engines import DYING, GONE, Engine, check, engine
from .results import Results, results
from .store import Store
from .tasks import Block, Done, fields_of, gaps, identity, largest, points_of, work

MESSAGE = 0.5  # seconds of work in a block at most, and in a message, but for large clusters
GROWTH = 8  # a block is at most so many times longer than the longest that was timed
FIRST, CEILING = 32, 100_000  # replicas before `until` is looked at, and where it ends
REPEATS = 100
_NOT_THEIRS = __package__.split(".")[0], "concurrent"  # packages, until a user's code runs
_LOSSES = 3  # deaths of workers in a row with nothing finished between them


@dataclass
class Point:
    """One point of the grid and how far it is."""

    id: str
    experiment: Experiment
    goal: int
    done: dict[int, Done] = field(default_factory=dict)  # by first replica
    todo: deque[tuple[int, int]] = field(default_factory=deque)  # (first, stop)
    left: int = 0  # replicas below the goal that are not done
    cost: float = 0.0  # seconds a replica, by the longest block; 0 where unknown
    longest: int = 0

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
    """How far a sweep is, for ``progress=``.

    Attributes
    ----------
    points : dict of str to Point
    engine : str
        Who works; of a Dask cluster with the address of its dashboard.
    """

    points: dict[str, Point]
    engine: str = ""

    @property
    def total(self) -> int:
        """Replicas asked for, as far as is known."""
        return sum(point.goal for point in self.points.values())

    @property
    def done(self) -> int:
        """Replicas finished."""
        return self.total - sum(point.left for point in self.points.values())

    @property
    def bar(self) -> float:
        """The widest error bar, half a 95 % interval; nan while a point has none."""
        bars = [_bar(point) for point in self.points.values()]
        return nan if any(bar != bar for bar in bars) else max(bars)


class Plan:
    """What is to do, in rounds over the points."""

    def __init__(self, points: dict[str, Point], until: float | int | None, most: int) -> None:
        self.points, self.until, self.most = points, until, most
        for point in points.values():
            point.aim(point.goal)
            self._extend(point)
        self.ready = deque(point for point in points.values() if point.todo)

    def take(self, length: float) -> list[Block]:
        """Return blocks for so many seconds, or none where nothing is to do now."""
        message: list[Block] = []
        seconds = 0.0
        while self.ready and seconds < 0.8 * length:
            point = self.ready[0]
            if message and not point.cost:
                break  # what nobody has timed goes alone
            message.append(point.cut())
            seconds += message[-1].size * point.cost if point.cost else length
            if point.todo:
                self.ready.rotate(-1)
            else:
                self.ready.popleft()
        return message

    def finish(self, done: list[Done]) -> None:
        """Take note of what is finished; where that is not enough there is more to do."""
        for task in done:
            point = self.points[task.block.point]
            point.finish(task)
            if self._extend(point):
                self.ready.append(point)

    def _extend(self, point: Point) -> bool:
        """Raise the goal of a point that is there until its answer is good enough.

        That depends on the counts below the goal alone, so it does not matter who counted when.
        """
        before = point.goal
        while not point.left and self.until is not None and point.goal < self.most:
            factor = _factor(point, self.until)
            if factor <= 1:
                break
            goal = ceil(point.goal * min(max(1.1 * factor, 1.25), 4))
            step = 1 << max(0, goal.bit_length() - 4)  # so that few blocks fill it
            point.aim(min(-(-goal // step) * step, self.most))
        return point.goal > before and bool(point.todo)


def _factor(point: Point, until: float | int) -> float:
    """Return how many times more replicas are needed, 1 or less where there are enough."""
    counts, about = point.counts(), point.experiment.about
    if isinstance(until, int):
        name = about if about in counts.shares else next(iter(counts.shares), "")
        if not name:
            raise ValueError("until must be an error bar, a float: nothing here counts successes")
        return until / max(counts.shares[name][0], 0.25)
    choice(about or next(iter(counts.names), ""), "what an experiment is about", counts.names)
    bar = _bar(point)
    # What is so rare that it has not been seen in n replicas has a chance of up to 3 / n.
    unseen = 3 / (until * point.goal)
    return max((bar / until) ** 2, unseen) if bar == bar else 4.0


def _bar(point: Point) -> float:
    counts = point.counts()
    name = point.experiment.about or next(iter(counts.names), "")
    return counts.estimate(name).bar if name in counts.names else nan


def sweep(
    experiment: type[Experiment],
    *,
    repeats: int | None = None,
    until: float | int | None = None,
    out: PathLike | None = None,
    on: Any = None,
    rng: int = 0,
    limit: int = 10_000,
    progress: Callable[[Progress], None] | None = None,
    **parameters: Any,
) -> Results:
    """Run an experiment over a grid of parameters, many times a point, and keep what it counts.

    The counts depend on the parameters, the replicas and ``rng`` alone: not on who works, in
    which order, in how many pieces, or how often it was stopped and begun again.

    Parameters
    ----------
    experiment : type
        A class of `hopfield.experiments`, or your own, an `Experiment` there.
    repeats : int, optional
        Independent samples a point; 100 by default. With ``until`` the most to make, by default
        100,000.
    until : float or int, optional
        Go on at each point until the error bar of what the experiment is about, half a 95 %
        interval, is as short as this float, but for 3 / until replicas at least, since what is
        rare may not have been seen; or until that many successes are counted.
    out : str or os.PathLike, optional
        A store, made or gone on with: only what is missing in it is run.
    on : int, str or distributed.Client, optional
        Who works: this process by default; so many processes, or "all" cores; "local" for a Dask
        cluster of this machine; a Dask scheduler's address, "tcp://host:8786"; a client of one.
    rng : int
        Seed.
    limit : int
        Refuse a grid of more points.
    progress : callable, optional
        Called with a `Progress` whenever something is stored.
    **parameters
        Of the experiment: a value, or a list, tuple, range or array of values, such as `grid`.

    Returns
    -------
    Results
        The grid's points in order, with all that ``out`` has of them.

    Raises
    ------
    TypeError, ValueError
        For arguments that do not fit; the sentence names them.
    BadFile
        If ``out`` cannot be used.
    ConnectionError
        If no scheduler answers, or it goes away; what is finished is stored.
    RuntimeError
        If workers have another version of hopfield, or keep dying.

    Examples
    --------
    >>> import hopfield as hf
    >>> r = hf.sweep(hf.experiments.Retrieval, N=200, alpha=[0.05, 0.2], repeats=20, rng=1)
    >>> [round(point.counts.estimate("overlap").value, 2) for point in r.points]
    [1.0, 0.78]
    """
    if clash := signature(sweep).parameters.keys() & fields_of(experiment).keys():
        raise TypeError(f"a parameter of the experiment must not be named {min(clash)}")
    made = points_of(experiment, parameters, count(limit, "limit", 1))
    seed = count(rng, "rng", 0, 2**63 - 1)
    if repeats is None:
        repeats = REPEATS if until is None else CEILING
    most = count(repeats, "repeats", 1)
    if isinstance(until, (int, np.integer)):
        until = count(until, "until", 1)
    elif until is not None and number(until, "until") <= 0:
        raise ValueError(f"until must be more than 0, not {until}")
    goal = most if until is None else min(most, FIRST)
    points = {id: Point(id, e, goal) for e in made for id in [identity(e, seed)]}
    check(on)
    with Store(out) as store:
        store.register(((point.id, point.experiment) for point in points.values()), seed)
        for point in points.values():
            for done in store.tasks(point.id):
                point.finish(done)
        try:
            _run(Plan(points, until, most), store, on, progress or (lambda _: None))
        except Exception as error:
            error.__traceback__ = _theirs(error)
            raise
        return results(store, points)


def _theirs(error: Exception) -> TracebackType | None:
    """Return an error's traceback, of an experiment's from where a user's code begins."""
    part = error.__traceback__
    while part and part.tb_frame.f_globals.get("__name__", "").split(".")[0] in _NOT_THEIRS:
        part = part.tb_next
    return part if part or hasattr(error, "__notes__") else error.__traceback__


def _run(plan: Plan, store: Store, on: Any, tell: Callable[[Progress], None]) -> None:
    """Run what is to do, with a new engine where workers of this machine died."""
    losses, done = 0, -1
    state = Progress(plan.points)
    while plan.ready:
        try:
            with engine(on) as workers:
                state.engine = workers.name
                _drive(plan, store, workers, lambda: tell(state))
        except BrokenExecutor as error:
            losses = losses + 1 if state.done == done else 1
            done = state.done
            if losses > _LOSSES:
                raise RuntimeError(DYING) from error
            for point in plan.points.values():
                point.aim(point.goal)
            plan.ready = deque(point for point in plan.points.values() if point.todo)
    tell(state)


def _drive(plan: Plan, store: Store, workers: Engine, tell: Callable[[], None]) -> None:
    """Send messages out and store what comes back, until nothing is to do."""
    from .. import __version__

    flying: set[Future[list[Done]]] = set()
    landed: SimpleQueue[Future[list[Done]]] = SimpleQueue()

    def land(futures: Iterable[Future[list[Done]]]) -> None:
        done = [task for future in futures if _worked(future) for task in future.result()]
        store.add(done)
        plan.finish(done)

    tell()
    try:
        while True:
            most, times = workers.limits()
            while len(flying) < most and (message := plan.take(times * MESSAGE)):
                tasks = [(plan.points[block.point].experiment, block) for block in message]
                future = workers.executor.submit(work, tasks, __version__)
                flying.add(future)
                future.add_done_callback(landed.put)
            if not flying:
                return
            futures = _all_of(landed)
            land(futures)
            flying.difference_update(futures)
            tell()
            for future in futures:
                if future.cancelled():
                    raise ConnectionError(GONE)
                future.result()
    except BaseException:
        for future in flying:
            future.cancel()
        with suppress(BadFile):  # which may be what went wrong
            land(flying)
        raise


def _all_of(queue: SimpleQueue[Any]) -> list[Any]:
    """Wait for one thing and return all that are there."""
    things: list[Any] = []
    while not things:
        with suppress(Empty):
            things.append(queue.get(timeout=0.5))  # so that Ctrl-C is heard on every system
    with suppress(Empty):
        while True:
            things.append(queue.get_nowait())
    return things


def _worked(future: Future[Any]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None
