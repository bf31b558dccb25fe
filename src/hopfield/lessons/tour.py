"""The tour: every experiment of the course, run, checked, drawn, and written as one page."""

from __future__ import annotations

import html
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..show import pages
from . import course

__all__ = ["Report", "Result", "run"]


@dataclass(frozen=True)
class Result:
    """What one case gave, and what it cost."""

    name: str
    title: str
    page: str
    checks: list[course.Check]
    figures: list[tuple[str, str]]
    seconds: float
    peak_mb: float | None

    @property
    def ok(self) -> bool:
        """Whether every check agreed."""
        return all(check.ok for check in self.checks)


@dataclass(frozen=True)
class Report:
    """The whole tour."""

    cases: list[Result]
    seconds: float
    peak_mb: float | None
    seed: int
    index: Path

    @property
    def ok(self) -> bool:
        """Whether every check agreed."""
        return all(case.ok for case in self.cases)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        plain = asdict(self)
        plain["index"] = str(self.index)
        plain["ok"] = self.ok
        for case, result in zip(plain["cases"], self.cases, strict=True):
            case["ok"] = result.ok
        return plain


def run(
    out: Path | str, *, rng: int = 2026, progress: Callable[[int, int, str], None] | None = None
) -> Report:
    """Run every case of the course and write ``out``/index.html with figures and a table.

    Parameters
    ----------
    out : path
        A folder; an earlier tour there is replaced once the new one is whole, anything else
        is left alone and refused.
    rng : int
        Seed.
    progress : callable, optional
        Called with (cases done, cases in all, the next one's title).

    Returns
    -------
    Report

    Raises
    ------
    BadFile
        If ``out`` holds something that is not a tour, or cannot be written.
    """
    out = Path(out)
    with pages.folder(out, "tour") as folder:
        start = time.perf_counter()
        cases = []
        for k, case in enumerate(course.CASES):
            if progress:
                progress(k, len(course.CASES), f"{case.name} {case.title}")
            cases.append(_run_case(case, rng, folder))
        if progress:
            progress(len(cases), len(cases), "done")
        peaks = [case.peak_mb for case in cases if case.peak_mb is not None]
        report = Report(
            cases, time.perf_counter() - start, max(peaks, default=None), rng, out / "index.html"
        )
        (folder / "index.html").write_text(_page(report), encoding="utf-8")
    return report


def _run_case(case: course.Case, rng: int, folder: Path) -> Result:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    reset_peak()
    start = time.perf_counter()
    outcome = case.run(rng)
    figures = []
    for figure in outcome.figures:
        canvas = Figure(figsize=figure.size, layout="constrained")
        FigureCanvasAgg(canvas)
        figure.draw(canvas.add_subplot())
        name = f"{case.name}-{figure.name}.png"
        canvas.savefig(folder / name, dpi=150, facecolor="white", bbox_inches="tight")
        figures.append((name, figure.caption))
    seconds = time.perf_counter() - start
    return Result(case.name, case.title, case.page, outcome.checks, figures, seconds, peak_mb())


def reset_peak() -> None:
    """Start the process's peak of memory anew, where the system can (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def peak_mb() -> float | None:
    """Return the process's peak of resident memory in MB; None where it cannot be known."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _page(report: Report) -> str:
    checks = [check for case in report.cases for check in case.checks]
    good = sum(check.ok for check in checks)
    rows = "".join(
        f'<tr><td><a href="#{c.name}">{c.name}</a></td><td>{html.escape(c.title)}</td>'
        f'<td class="n">{sum(k.ok for k in c.checks)} of {len(c.checks)}</td>'
        f'<td>{_mark(c.ok)}</td><td class="n">{c.seconds:.2f}</td>'
        f'<td class="n">{_mb(c.peak_mb)}</td></tr>\n'
        for c in report.cases
    )
    body = f"""<h1>The tour</h1>
<p>Every experiment of the course on Hopfield networks, run on the package: {good} of {len(checks)}
figures are as expected, in {report.seconds:.1f} seconds and {_mb(report.peak_mb)} MB (the course's
page, run as it stands, takes 7,900 MB). Seed {report.seed}.</p>
<div class="wide"><table>
<thead><tr><th></th><th>Experiment</th><th class="n">Checks</th><th></th><th class="n">Seconds</th>
<th class="n">Peak MB</th></tr></thead>
<tbody>
{rows}</tbody>
</table></div>
{"".join(_section(case) for case in report.cases)}
<p class="soft">Exact figures are compared exactly; a mean must lie within 3.3 standard errors of
its expected value, a count must have at least one chance in 1,000 under its probability. Peak
memory is the whole process's, Python and its libraries included.</p>"""
    return pages.document("hopfield: the tour", body)


def _section(case: Result) -> str:
    rows = "".join(
        f'<tr><td>{html.escape(c.what)}</td><td class="v">{html.escape(c.expected)}</td>'
        f'<td class="v">{html.escape(c.got)}</td><td>{_mark(c.ok)}</td></tr>\n'
        for c in case.checks
    )
    return f"""<section id="{case.name}">
<h2>{case.name} · {html.escape(case.title)}</h2>
<p class="page">{html.escape(case.page)}</p>
{pages.figures(case.figures)}
<div class="wide"><table>
<thead><tr><th>Figure</th><th>Expected</th><th>Came out</th><th></th></tr></thead>
<tbody>
{rows}</tbody>
</table></div>
</section>
"""


def _mark(ok: bool) -> str:
    return '<span class="pass">pass</span>' if ok else '<span class="fail">FAIL</span>'


def _mb(peak: float | None) -> str:
    return "unknown" if peak is None else f"{peak:,.0f}"
