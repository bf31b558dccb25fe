"""The tour: every experiment of the course, run, checked, drawn, and written as one page."""

from __future__ import annotations

import html
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import course
from .files import BadFile

_MARK = ".hopfield-tour"


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
    if out.exists() and not (out / _MARK).is_file() and (
        not out.is_dir() or any(out.iterdir())
    ):
        raise BadFile(f"{out} is not a tour's folder; name one that is empty or new")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise BadFile(f"{out} cannot be written: {error.strerror}") from error
    try:
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
        (folder / _MARK).write_text("This folder is a tour of hopfield; the next replaces it.\n")
        folder.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        folder.rename(out)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
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
    return Result(
        case.name, case.title, case.page, outcome.checks, figures, seconds, peak_mb()
    )


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


_STYLE = """
:root { color-scheme: light dark; --ink: #1c2329; --soft: #5a6672; --line: #d5dbe1;
  --paper: #fff; --band: #f4f6f8; --good: #00664a; --bad: #a63c00; --link: #005b9f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --soft: #a3adb8; --line: #3a444e;
  --paper: #14191e; --band: #1c2329; --good: #4cc9a0; --bad: #ff9a5c; --link: #7ab8ee; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.2rem 1rem 4rem; color: var(--ink);
  background: var(--paper); font: 16px/1.55 system-ui, sans-serif; }
h1 { line-height: 1.2; margin: .4rem 0; } h2 { margin: 3rem 0 .3rem; line-height: 1.25; }
a { color: var(--link); } p { max-width: 44rem; } .soft { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; margin: 1rem 0; }
th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; } th { color: var(--soft); font-weight: 600; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.v { min-width: 5.5rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.pass { color: var(--good); font-weight: 600; } .fail { color: var(--bad); font-weight: 700; }
.page { border-left: 3px solid var(--line); padding-left: .8rem; color: var(--soft); }
.figures { display: grid; gap: 1.2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
figure { margin: 0; max-width: 44rem; }
figcaption { font-size: .9rem; color: var(--soft); margin-top: .3rem; }
img { width: 100%; height: auto; background: #fff; border-radius: 6px; padding: 6px; }
"""


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
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>hopfield: the tour</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>The tour</h1>
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
memory is the whole process's, Python and its libraries included.</p>
</body>
</html>
"""


def _section(case: Result) -> str:
    rows = "".join(
        f'<tr><td>{html.escape(c.what)}</td><td class="v">{html.escape(c.expected)}</td>'
        f'<td class="v">{html.escape(c.got)}</td><td>{_mark(c.ok)}</td></tr>\n'
        for c in case.checks
    )
    figures = "".join(
        f'<figure><img src="{name}" alt="{html.escape(caption, quote=True)}" loading="lazy">'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>\n"
        for name, caption in case.figures
    )
    return f"""<section id="{case.name}">
<h2>{case.name} · {html.escape(case.title)}</h2>
<p class="page">{html.escape(case.page)}</p>
{f'<div class="figures">{figures}</div>' if figures else ""}
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
