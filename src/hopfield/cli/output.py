"""What all commands print: facts, JSON, a bar on standard error; and files not to overwrite."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn
from rich.text import Text

from ..base.progress import Progress as Told

WORDS = TextColumn("{task.description}", markup=False)  # of a bar


def console(file: Any = None) -> Console:
    """Return a console that prints words as they are."""
    return Console(file=file or sys.stdout, markup=False, highlight=False, emoji=False)


def print_json(value: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(value, indent=2), flush=True)


def print_facts(facts: dict[str, Any]) -> None:
    """Print a line for each fact that is known, its name first."""
    facts = {key: value for key, value in facts.items() if value is not None}
    width = max(map(len, facts))
    for key, value in facts.items():
        text = f"{value:.4g}" if isinstance(value, float) else str(value)
        label = Text(key.replace("_", " ").ljust(width + 2), "bold")
        console().print(label.append(text, "not bold"), soft_wrap=True)


def tell(facts: dict[str, Any], as_json: bool) -> int:
    """Print facts for people, or as JSON; return the status of a command that went well."""
    print_json(facts) if as_json else print_facts(facts)
    return 0


def apart(path: Path, *read: Path) -> Path:
    """Return a file to write, refusing one that is read."""
    if os.path.realpath(path) in map(os.path.realpath, read):
        raise ValueError(f"{path} is read here, and must not be overwritten")
    return path


@contextmanager
def bar(
    *columns: ProgressColumn, quiet: bool = False, after: float = 0.0
) -> Iterator[Progress | None]:
    """Yield a bar with one task on standard error, or None where nobody is watching.

    It is shown after so many seconds: not at all for work that is done by then.
    """
    where = console(sys.stderr)
    if quiet or not where.is_terminal:
        yield None
        return
    shown = Progress(*columns, console=where, transient=True)
    shown.add_task("", total=None, start=False)
    with ExitStack() as ends:
        ends.callback(shown.stop)
        if after:
            later = Timer(after, shown.start)
            later.daemon = True
            ends.callback(later.join)  # it may be showing it just now
            ends.callback(later.cancel)
            later.start()
        else:
            shown.start()
        yield shown


def watched(run: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Run what tells of its progress, with a bar where somebody is watching."""
    with bar(BarColumn(), MofNCompleteColumn(), WORDS) as shown:
        if shown is None:
            return run(*args, **options)
        (task,) = shown.task_ids
        shown.start_task(task)

        def progress(now: Told) -> None:
            shown.update(task, completed=now.done, total=now.total, description=now.what)

        return run(*args, progress=progress, **options)
