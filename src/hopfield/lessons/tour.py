"""The tour: every experiment of the course, run, checked, drawn, and written as one page."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..base.progress import Watch, steps
from ..show.canvas import SHARP, picture
from ..show.pages import Html, document, element, figures, folder, table
from . import course

__all__ = ["Report", "Result", "run"]
__dir__ = __all__.copy


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


def run(out: Path | str, *, rng: int = 0, progress: Watch | None = None) -> Report:
    """Run every case of the course and write ``out``/index.html with figures and a table.

    Parameters
    ----------
    out : path
        A folder; an earlier tour there is replaced once the new one is whole, anything else
        is left alone and refused.
    rng : int
        Seed.
    progress : callable, optional
        Called with a `hopfield.base.progress.Progress` before each case; ``print`` will do.

    Returns
    -------
    Report

    Raises
    ------
    BadFile
        If ``out`` holds something that is not a tour, or cannot be written.
    """
    start, cases, results = time.perf_counter(), list(course.CASES.values()), []
    tell = steps(progress, len(cases), "cases")
    with folder(out, "tour") as new:
        for k, case in enumerate(cases):
            tell(f"{case.name} {case.title}", k)
            results.append(_run_case(case, rng, new))
        tell("tour", len(cases))
        peak = max((r.peak_mb for r in results if r.peak_mb is not None), default=None)
        index = Path(out) / "index.html"
        report = Report(results, time.perf_counter() - start, peak, rng, index)
        (new / "index.html").write_text(_page(report), encoding="utf-8")
    return report


def _run_case(case: course.Case, rng: int, new: Path) -> Result:
    from matplotlib.figure import Figure

    reset_peak()
    start = time.perf_counter()
    outcome = case.run(rng)
    drawn = []
    for figure in outcome.figures:
        canvas = Figure(figsize=figure.size, layout="constrained")
        figure.draw(canvas.add_subplot())
        name = f"{case.name}-{figure.name}.png"
        (new / name).write_bytes(picture(canvas, dpi=SHARP))
        drawn.append((name, figure.caption))
    seconds = time.perf_counter() - start
    return Result(case.name, case.title, case.page, outcome.checks, drawn, seconds, peak_mb())


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
    rows = [
        [
            element("a", case.name, href=f"#{case.name}"),
            case.title,
            f"{sum(check.ok for check in case.checks)} of {len(case.checks)}",
            _mark(case.ok),
            f"{case.seconds:.2f}",
            _mb(case.peak_mb),
        ]
        for case in report.cases
    ]
    what = (
        "Every experiment of the course on Hopfield networks, run on the package: "
        f"{sum(check.ok for check in checks)} of {len(checks)} figures are as expected, in "
        f"{report.seconds:.1f} seconds and {_mb(report.peak_mb)} MB (the course's page, run as it "
        f"stands, takes 7,900 MB). Seed {report.seed}."
    )
    how = (
        "Exact figures are compared exactly; a mean must lie within 3.3 standard errors of its "
        "expected value, a count must have at least one chance in 1,000 under its probability. "
        "Peak memory is the whole process's, Python and its libraries included."
    )
    return document(
        "hopfield: the tour",
        element("h1", "The tour"),
        element("p", what),
        table(["", "Experiment", "Checks", "", "Seconds", "Peak MB"], rows, "--n-nn"),
        *map(_section, report.cases),
        element("p", how, kind="soft"),
    )


def _section(case: Result) -> Html:
    rows = [[check.what, check.expected, check.got, _mark(check.ok)] for check in case.checks]
    return element(
        "section",
        element("h2", f"{case.name} · {case.title}"),
        element("p", case.page, kind="page"),
        figures(case.figures),
        table(["Figure", "Expected", "Came out", ""], rows, "-vv-"),
        id=case.name,
    )


def _mark(ok: bool) -> Html:
    return element("span", "pass", kind="pass") if ok else element("span", "FAIL", kind="fail")


def _mb(peak: float | None) -> str:
    return "unknown" if peak is None else f"{peak:,.0f}"
