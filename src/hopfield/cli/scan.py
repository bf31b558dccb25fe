"""``hopfield scan``, ``merge``, ``plot`` and ``report``: experiments at scale, as words."""

from __future__ import annotations

import inspect
import logging
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, TimeRemainingColumn

import hopfield as hf

from ..base.checks import choice, missing
from ..scans.bar import Watch, on
from ..scans.tasks import within
from . import options
from .options import SEED, Json, Seed, Store
from .output import WORDS, apart, bar, console, print_facts, print_json, tell


class Stopped(RuntimeError):
    """A scan that Ctrl-C has stopped."""

    status = 130


def scan(
    experiment: options.Experiment,
    parameters: options.Parameters = None,
    repeats: options.Repeats = None,
    until: options.Until = None,
    out: options.ScanOut = None,
    workers: options.Workers = None,
    dask: options.Dask = None,
    seed: Seed = SEED,
    yes: options.Yes = False,
    as_json: Json = False,
) -> int:
    """Run an experiment over a grid of parameters, into a file; again: what is missing."""
    if workers is not None and dask is not None:
        raise ValueError("give --workers or --dask, not both")
    cls = _experiment(experiment)
    path = out or Path(f"{cls.__name__.lower()}.db")
    who: str | int | None = (workers or "all") if dask is None else dask
    if who == "all" and not find_spec("joblib"):
        who = None
        line = str(missing("one process, since several need joblib", "scan"))
        console(sys.stderr).print(line, soft_wrap=True)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we say it in one line
    limit = sys.maxsize if yes else inspect.signature(hf.scan).parameters["limit"].default
    grid = _grid(parameters, limit)
    start = time.perf_counter()
    watch = Watch(lambda line: console(sys.stderr).print(line, soft_wrap=True))
    try:
        with bar(BarColumn(), WORDS, TimeRemainingColumn(), quiet=as_json) as shown:
            if shown:
                watch = Watch(lambda line: shown.console.print(line, soft_wrap=True), on(shown))
            found = hf.scan(
                cls,
                repeats=repeats,
                until=_goal(until),
                out=path,
                on=who,
                rng=seed,
                progress=watch,
                limit=limit,
                **grid,
            )
    except KeyboardInterrupt:
        now = watch.now
        done = (
            f"{now.done:,} of {now.total:,} replicas are"
            if now.jobs and path.exists()
            else "nothing is"
        )
        raise Stopped(f"stopped; {done} in {path}, and the same command goes on") from None
    facts = _facts(found, watch.now) | {"seconds": time.perf_counter() - start}
    facts = {"experiment": cls.__name__, **facts, "written": str(path)}
    if as_json:
        print_json(facts | {"table": [_plain(row) for row in found.table()]})
    else:
        units = {name: f"{facts[name]:.1f} s" for name in ("work", "seconds")}
        print_facts(facts | units | {"next": f"hopfield plot {path}"})
    return 0


def _facts(found: hf.scans.Results, now: hf.scans.Progress) -> dict[str, Any]:
    return {
        "points": len(found.points),
        "replicas": found.replicas,
        "tasks": sum(point.tasks for point in found.points),
        "work": sum(point.seconds for point in found.points),
        "engine": now.engine or "nothing was missing",
        "error_bar": now.bar if now.bar == now.bar else None,
    }


def merge(out: options.MergeOut, files: options.Stores, as_json: Json = False) -> int:
    """Put stores into one; nothing is counted twice."""
    found = hf.scans.merge(out, *files)
    facts = {"points": len(found.points), "replicas": found.replicas, "written": str(out)}
    return tell(facts, as_json)


def plot(
    store: Store,
    out: options.PlotOut = None,
    experiment: options.Which = None,
    x: options.AlongX = None,
    y: options.AlongY = None,
    where: options.Where = None,
    as_json: Json = False,
) -> int:
    """Draw what a store holds: curves beside the theory, or a map."""
    from ..show import reports

    found = hf.scans.read(store)
    path = apart(out or store.with_suffix(".png"), store)
    if experiment is not None:
        choice(experiment, "--experiment", sorted({p.row.experiment for p in found.points}))
        found = found.of(experiment)
    found = _where(found, where)
    reports.save(path, reports.draw(found, x=x, y=y))
    return tell({"written": str(path)}, as_json)


def report(
    store: Store,
    out: options.ReportOut = None,
    where: options.Where = None,
    as_json: Json = False,
) -> int:
    """Write a page with figures, table, parameters, versions and what to cite."""
    from ..show import reports

    found = _where(hf.scans.read(store), where)
    path = apart(out or store.with_suffix(".html"), store)
    page = reports.page(found, store.name)
    with hf.files.atomic(path) as handle:
        handle.write(page.encode())
    return tell({"written": str(path)}, as_json)


COMMANDS: dict[Callable[..., int], tuple[str, ...]] = {
    scan: (
        "--experiment Capacity N=500,2000 alpha=0.05:0.25:21 --repeats 100",
        "--experiment Retrieval N=1000 alpha=0.01:0.15:15 T=0:1:15 --out map.db",
        "--experiment my.py:MyExperiment size=1,2,3 --until 0.01 --workers 4",
        "--experiment Basin start=0.1:0.9:9 --dask tcp://host:8786",
    ),
    merge: ("all.db monday.db tuesday.db",),
    plot: ("capacity.db", "capacity.db --y all_fixed --where N=500 --out figure.pdf"),
    report: ("capacity.db", "capacity.db --out report.html"),
}


# ---- what the words mean -------------------------------------------------------------------


def _where(found: hf.scans.Results, words: list[str] | None) -> hf.scans.Results:
    """Return the points that --where asks for."""
    return found.where(**_grid(words, sys.maxsize, "--where"))


def _experiment(name: str) -> type[hf.experiments.Experiment]:
    """Return the experiment of a name, or the class of a file."""
    found = options.named(name, "--experiment", hf.experiments.EXPERIMENTS)
    if not (isinstance(found, type) and issubclass(found, hf.experiments.Experiment)):
        raise ValueError(f"--experiment {name} is no class of hopfield.experiments.Experiment")
    return found


def _grid(words: list[str] | None, limit: int, argument: str = "parameters") -> dict[str, Any]:
    """Return the values that each word gives to a parameter, refusing too many before any."""
    grid: dict[str, Any] = {}
    for word in words or []:
        name, equals, text = word.partition("=")
        if not equals or not name.isidentifier() or name in grid:
            raise ValueError(f"{argument} must be NAME=VALUES, each name once, not {word!r}")
        if name in inspect.signature(hf.scan).parameters:
            raise ValueError(f"{name} is an option, not a parameter of an experiment")
        ends = text.split(":")
        if len(ends) == 3:
            start, stop, count = map(_value, ends)
            if isinstance(count, int):
                within(limit, *map(len, grid.values()), count)
            grid[name] = hf.grid(start, stop, count)
        else:
            grid[name] = [_value(part) for part in text.split(",")]
    return grid


def _value(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _goal(text: str | None) -> float | int | None:
    goal = None if text is None else _value(text)
    if isinstance(goal, (str, bool)):
        raise ValueError(f"--until must be a number, not {text!r}")
    return goal


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as JSON has it: without nan."""
    return {name: None if value != value else value for name, value in row.items()}
