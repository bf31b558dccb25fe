"""How far a scan is, as a bar: in a notebook by IPython alone, in a terminal by Rich."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from importlib.util import find_spec
from typing import Any

from ..base.checks import missing
from .plan import Progress

RATE = 0.25  # seconds between two pictures of a bar


class Watch:
    """What a scan tells of its progress, in words: for ``progress=``.

    Parameters
    ----------
    say : callable
        Takes a line that is to stay: what is waited for; who works, where there is a bar.
    draw : callable, optional
        Takes the progress and its words, four times a second.
    """

    def __init__(
        self, say: Callable[[str], None], draw: Callable[[Progress, str], None] | None = None
    ) -> None:
        self.say, self.draw = say, draw
        self.now = Progress({})
        self.start = self.pause = 0.0  # when the engine began, and until when the bar is left
        self.first = 0  # replicas that were finished before that
        self.engine = self.waits = ""

    def __call__(self, now: Progress) -> None:
        """Show how far a scan is, and how fast."""
        self.now, at = now, time.monotonic()
        if now.waits not in ("", self.waits):
            self.say(now.waits)
        self.waits = now.waits
        if self.draw is None:
            return
        if now.engine != self.engine:  # it starts to work
            self.engine, self.start, self.first = now.engine, at, now.done
            self.say(now.engine)
        done, total = now.done, now.total
        if at < self.pause and done < total:  # the last picture is of the end
            return
        rate = (done - self.first) / max(at - self.start, 1e-3)
        words = f"{done:,}/{total:,} replicas, {rate:,.0f}/s"
        words += f", error bar {now.bar:.2g}" if now.bar == now.bar else ""
        self.draw(now, words)
        self.pause = time.monotonic() + RATE + 20 * (time.monotonic() - at)  # large grids take long


def on(bar: Any) -> Callable[[Progress, str], None]:
    """Return what draws on the one task of a bar of Rich."""

    def draw(now: Progress, words: str) -> None:
        (task,) = bar.task_ids
        bar.start_task(task)
        bar.update(task, completed=now.done, total=now.total, description=words)

    return draw


@contextmanager
def bar() -> Iterator[Watch]:
    """Yield what shows a scan's progress here."""
    if _in_notebook():
        yield Watch(print, _Cell())
        return
    if not find_spec("rich"):
        raise missing("a progress bar outside a notebook needs rich", "cli")
    from rich import progress
    from rich.console import Console

    words = progress.TextColumn("{task.description}", markup=False)
    columns = progress.BarColumn(), words, progress.TimeRemainingColumn()
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        shown.add_task("", total=None, start=False)
        yield Watch(lambda line: shown.console.print(line, markup=False), on(shown))


class _Cell:
    """A bar of HTML in a notebook's cell, in one place."""

    def __init__(self) -> None:
        from IPython import display

        show: Any = display.display
        self.shown = show({"text/plain": "", "text/html": ""}, raw=True, display_id=True)

    def __call__(self, now: Progress, words: str) -> None:
        data = {
            "text/plain": words,
            "text/html": f'<progress value="{now.done}" max="{now.total}"></progress> '
            f"{escape(words)}",
        }
        self.shown.update(data, raw=True)


def _in_notebook() -> bool:
    """Say whether a kernel of Jupyter runs this; a terminal of IPython has none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return getattr(shell, "kernel", None) is not None
