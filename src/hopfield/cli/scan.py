"""``hopfield sweep``, ``merge``, ``plot`` and ``report``: experiments at scale, as words."""

from __future__ import annotations

import importlib.util
import inspect
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

import hopfield as hf

from ..base.checks import choice, missing
from ..scans.tasks import place
from .app import _apart, _console, _option, _print_json, _show_facts

RATE = 0.25  # seconds between two pictures of the bar
_JSON = _option("Print one JSON document.", None, "--json")


class Stopped(RuntimeError):
    """A sweep that Ctrl-C has stopped."""

    status = 130


def sweep(
    experiment: Annotated[
        str, _option(f"{', '.join(hf.experiments.EXPERIMENTS)}, or FILE.py:CLASS.", "NAME")
    ],
    parameters: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME=VALUES ...", help="One, some (1,2,3), START:STOP:COUNT."),
    ] = None,
    repeats: Annotated[
        int | None, _option("Samples a point; at most, with --until.", "INTEGER", min=1)
    ] = None,
    until: Annotated[
        str | None, _option("Go on to this error bar (0.01), or so many successes (100).", "GOAL")
    ] = None,
    out: Annotated[
        Path | None, _option("The store [default: the experiment's name, .db]", "FILE")
    ] = None,
    workers: Annotated[
        int | None, _option("Processes [default: one a core]", "INTEGER", min=1)
    ] = None,
    dask: Annotated[str | None, _option("A scheduler (tcp://host:8786) or local.", "WHERE")] = None,
    seed: Annotated[int, _option("Seed of every draw.", "INTEGER", min=0)] = 0,
    yes: Annotated[bool, _option("Run a grid of any size.", None, "--yes")] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> int:
    """Run an experiment over a grid of parameters, into a file; again: what is missing."""
    if workers is not None and dask is not None:
        raise ValueError("give --workers or --dask, not both")
    cls = _experiment(experiment)
    path = out or Path(f"{cls.__name__.lower()}.db")
    on: str | int | None = dask or workers or "all"
    if on == "all" and not importlib.util.find_spec("joblib"):
        on = None
        line = str(missing("one process, since several need joblib", "sweep"))
        _console(sys.stderr).print(line, soft_wrap=True)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we say it in one line
    start, state = time.perf_counter(), hf.scans.Progress({})
    try:
        with _bar(quiet=as_json) as show:

            def progress(now: hf.scans.Progress) -> None:
                nonlocal state
                state = now
                show(now)

            found = hf.sweep(
                cls,
                repeats=repeats,
                until=_goal(until),
                out=path,
                on=on,
                rng=seed,
                progress=progress,
                **({"limit": sys.maxsize} if yes else {}),
                **_grid(parameters),
            )
    except KeyboardInterrupt:
        done = f"{state.done:,} of {state.total:,} replicas are" if state.points else "nothing is"
        raise Stopped(f"stopped; {done} in {path}, and the same command goes on") from None
    facts = {
        "experiment": cls.__name__,
        "points": len(found.points),
        "replicas": sum(point.replicas for point in found.points),
        "tasks": sum(point.tasks for point in found.points),
        "work": sum(point.seconds for point in found.points),
        "seconds": time.perf_counter() - start,
        "engine": state.engine or "nothing was missing",
        "error_bar": state.bar if state.bar == state.bar else None,
        "written": str(path),
    }
    if as_json:
        _print_json(facts | {"table": [_plain(row) for row in found.table()]})
    else:
        units = {name: f"{facts[name]:.1f} s" for name in ("work", "seconds")}
        _show_facts(facts | units | {"next": f"hopfield plot {path}"})
    return 0


def merge(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The store to write.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE ...", help="Stores to read.")],
    as_json: Annotated[bool, _JSON] = False,
) -> int:
    """Put stores into one; nothing is counted twice."""
    found = hf.scans.merge(out, *files)
    facts = {
        "points": len(found.points),
        "replicas": sum(point.replicas for point in found.points),
        "written": str(out),
    }
    _print_json(facts) if as_json else _show_facts(facts)
    return 0


def plot(
    store: Annotated[Path, typer.Argument(metavar="FILE", help="A store.")],
    out: Annotated[
        Path | None, _option("The picture [default: the store's name, .png]", "FILE")
    ] = None,
    experiment: Annotated[
        str | None, _option("Which, where the store holds several.", "NAME")
    ] = None,
    x: Annotated[str | None, _option("The parameter along x.", "NAME")] = None,
    y: Annotated[str | None, _option("The quantity to draw.", "NAME")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> int:
    """Draw what a store holds: curves beside the theory, or a map."""
    from ..show import reports

    path = _apart(out or store.with_suffix(".png"), store)
    found = hf.scans.read(store)
    if experiment is not None:
        choice(experiment, "--experiment", sorted({p.row.experiment for p in found.points}))
        mine = (p for p in found.points if p.row.experiment == experiment)
        found = hf.scans.Results(tuple(mine))
    reports.save(path, reports.draw(found, x=x, y=y))
    _print_json({"written": str(path)}) if as_json else _show_facts({"written": str(path)})
    return 0


def report(
    store: Annotated[Path, typer.Argument(metavar="FILE", help="A store.")],
    out: Annotated[
        Path | None, _option("The page [default: the store's name, .html]", "FILE")
    ] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> int:
    """Write a page with figures, table, parameters, versions and what to cite."""
    from ..show import reports

    path = _apart(out or store.with_suffix(".html"), store)
    with hf.files.atomic(path) as handle:
        handle.write(reports.page(hf.scans.read(store), store.name).encode())
    _print_json({"written": str(path)}) if as_json else _show_facts({"written": str(path)})
    return 0


# ---- what the words mean -------------------------------------------------------------------


def _experiment(name: str) -> type[hf.experiments.Experiment]:
    """Return the experiment of a name, or the class of a file."""
    file, colon, cls = name.rpartition(":")
    if not colon or not file.endswith(".py"):
        known = hf.experiments.EXPERIMENTS
        return known[choice(name, "--experiment (or FILE.py:CLASS)", known)]
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    if spec is None or spec.loader is None or not Path(file).is_file():
        raise ValueError(f"--experiment {file} is no file")
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(spec.name)
    sys.modules[spec.name] = module  # dataclasses look there while the file runs; after that it
    try:  # must not be found, so that the class travels to the workers as a value
        spec.loader.exec_module(module)
    except Exception as error:
        what = f"{type(error).__name__}: {error}{place(error, spec.origin)}"
        raise ValueError(f"--experiment {file} fails: {what}") from error
    finally:
        del sys.modules[spec.name]
        if before is not None:
            sys.modules[spec.name] = before
    found = getattr(module, cls, None)
    if not (isinstance(found, type) and issubclass(found, hf.experiments.Experiment)):
        raise ValueError(f"--experiment {file} has no hopfield.experiments.Experiment {cls}")
    return found


def _grid(words: list[str] | None) -> dict[str, Any]:
    """Return the values that each word gives to a parameter."""
    grid: dict[str, Any] = {}
    for word in words or []:
        name, equals, text = word.partition("=")
        if not equals or not name.isidentifier() or name in grid:
            raise ValueError(f"parameters must be NAME=VALUES, each name once, not {word!r}")
        if name in inspect.signature(hf.sweep).parameters:
            raise ValueError(f"{name} is an option, not a parameter of an experiment")
        ends = text.split(":")
        if len(ends) == 3:
            start, stop, count = map(_value, ends)
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


@contextmanager
def _bar(quiet: bool) -> Iterator[Callable[[hf.scans.Progress], None]]:
    """Yield what shows the progress: a bar where somebody is watching, nothing elsewhere."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = _console(sys.stderr)
    if quiet or not console.is_terminal:
        yield lambda now: None
        return
    columns = BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn()
    pause, start, first = 0.0, time.monotonic(), 0
    engine = ""
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, start=False)

        def show(now: hf.scans.Progress) -> None:
            nonlocal pause, start, first, engine
            at = time.monotonic()
            if now.engine != engine:  # it starts to work
                engine, start, first = now.engine, at, now.done
                console.print(engine)
                bar.start_task(task)
            if at < pause:
                return
            done, total = now.done, now.total
            words = f"{done:,}/{total:,} replicas, {(done - first) / max(at - start, 1e-3):,.0f}/s"
            words += f", error bar {now.bar:.2g}" if now.bar == now.bar else ""
            bar.update(task, completed=done, total=total, description=words)
            pause = time.monotonic() + RATE + 20 * (time.monotonic() - at)  # large grids take long

        yield show
