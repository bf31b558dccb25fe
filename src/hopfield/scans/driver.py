"""The driver: what is still to do is sent out, and what comes back is stored."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Future
from contextlib import nullcontext, suppress
from inspect import signature
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

import numpy as np

from ..base.checks import count, describe, number
from ..base.warned import warn
from ..experiments.base import Experiment
from ..io.files import PathLike
from .bar import bar
from .engines import DYING, GONE, SILENCE, Engine, Here, Pool, engine, ready
from .plan import Job, Plan, Progress
from .results import Results, results
from .store import Store
from .tasks import Done, fields_of, identity, points_of, work, work_away

FIRST, CEILING = 32, 100_000  # replicas before `until` is looked at, and where it ends
REPEATS = 100
_NOT_THEIRS = __package__.split(".")[0], "concurrent"  # packages, until a user's code runs
_LOSSES = 3  # deaths of workers in a row with nothing finished between them


def scan(
    experiment: type[Experiment],
    *,
    repeats: int | None = None,
    until: float | int | None = None,
    out: PathLike | None = None,
    on: Any = None,
    rng: int = 0,
    limit: int = 10_000,
    progress: Callable[[Progress], None] | bool | None = None,
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
    progress : bool or callable, optional
        True shows a bar, in a notebook or a terminal; or what is called with a `Progress`
        whenever something is stored, such as ``print``.
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
    >>> r = hf.scan(hf.experiments.Retrieval, N=200, alpha=[0.05, 0.2], repeats=20, rng=1)
    >>> [round(point.counts.estimate("overlap").value, 2) for point in r.points]
    [1.0, 0.78]
    """
    if clash := signature(scan).parameters.keys() & fields_of(experiment).keys():
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
    jobs = {id: Job(id, e, goal) for e in made for id in [identity(e, seed)]}
    on = ready(on)
    if not (progress is None or isinstance(progress, bool) or callable(progress)):
        raise TypeError(f"progress must be True, or a function, not {describe(progress)}")
    watched = bar() if progress is True else nullcontext(progress if callable(progress) else _warn)
    with watched as tell, Store(out) as store:
        store.register(((job.id, job.experiment) for job in jobs.values()), seed)
        for job in jobs.values():
            for done in store.tasks(job.id):
                job.admit(done)
                job.finish(done)
        try:
            _run(Plan(jobs, until, most), store, on, tell)
        except Exception as error:
            error.__traceback__ = _theirs(error)
            raise
        return results(store, jobs)


def _theirs(error: Exception) -> TracebackType | None:
    """Return an error's traceback, of an experiment's from where a user's code begins."""
    part = error.__traceback__
    while part and part.tb_frame.f_globals.get("__name__", "").split(".")[0] in _NOT_THEIRS:
        part = part.tb_next
    return part if part or hasattr(error, "__notes__") else error.__traceback__


def _run(plan: Plan, store: Store, on: Any, tell: Callable[[Progress], None]) -> None:
    """Run what is to do, with a new engine where workers of this machine died."""
    losses, done = 0, -1
    state = Progress(plan.jobs)

    def say(line: str = "") -> None:
        state.waits = line
        tell(state)

    while plan.ready:
        try:
            with engine(on, say) as workers:
                state.engine = workers.name
                _drive(plan, store, workers, say)
        except BrokenExecutor as error:
            losses = losses + 1 if state.done == done else 1
            done = state.done
            if losses > _LOSSES:
                raise RuntimeError(DYING) from error
            plan.restart()
    say()


def _warn(state: Progress) -> None:
    """Say what a scan waits for, where nobody asked for its progress."""
    if state.waits:
        warn(state.waits, RuntimeWarning)


def _drive(plan: Plan, store: Store, workers: Engine, say: Callable[[str], None]) -> None:
    """Send messages out and store what comes back, until nothing is to do."""
    from .. import __version__

    flying: set[Future[list[Done]]] = set()
    landed: SimpleQueue[Future[list[Done]]] = SimpleQueue()

    def land(futures: Iterable[Future[list[Done]]]) -> None:
        done = [task for future in futures if _worked(future) for task in future.result()]
        plan.admit(done)
        store.add(done)
        plan.finish(done)

    say("")
    try:
        while True:
            most, times = workers.limits()
            while len(flying) < most and (message := plan.take(times)):
                tasks = [(plan.jobs[block.point].experiment, block) for block in message]
                run = work if isinstance(workers.executor, Here) else work_away
                future = workers.executor.submit(run, tasks, __version__)
                flying.add(future)
                future.add_done_callback(landed.put)
            if not flying:
                return
            futures = _all_of(landed, workers, say)
            land(futures)
            flying.difference_update(futures)
            say("")
            for future in futures:
                if future.cancelled():
                    raise ConnectionError(GONE)
                future.result()
    except BaseException:
        for future in () if isinstance(workers.executor, Pool) else flying:
            future.cancel()
        with suppress(ValueError):  # of the store, or the counts: it may be what went wrong
            land(flying)
        raise


def _all_of(queue: SimpleQueue[Any], workers: Engine, say: Callable[[str], None]) -> list[Any]:
    """Wait for one thing and return all that are there; say what else is waited for."""
    things: list[Any] = []
    since, said = time.monotonic(), ""
    while not things:
        with suppress(Empty):
            things.append(queue.get(timeout=0.5))  # so that Ctrl-C is heard on every system
            break
        if time.monotonic() - since > SILENCE and (line := workers.waits()) != said:
            say(said := line)
    with suppress(Empty):
        while True:
            things.append(queue.get_nowait())
    return things


def _worked(future: Future[Any]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None
