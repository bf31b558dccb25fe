"""The table, the JSON and the figure."""

from __future__ import annotations

import json
import os
import re
import textwrap
from collections.abc import Sequence
from math import floor, log10
from pathlib import Path
from typing import Any

import numpy as np

from .measure import Line, Result

WIDTH = 100

SCALES = {
    "x": [(1.0, ""), (1e3, "k"), (1e6, "M")],
    "s": [(1e-9, " ns"), (1e-6, " us"), (1e-3, " ms"), (1.0, " s")],
    "B": [(1e6, " MB"), (1e9, " GB")],
    "/s": [(1e6, " M/s"), (1e9, " G/s")],
}


def quantity(x: float, unit: str = "x") -> str:
    """Return a figure in three digits: a ratio, seconds, bytes, or a plain number."""
    if unit == "":
        return f"{round(x, 4) + 0.0:.4f}"
    size, name = SCALES[unit][0]
    for scale in SCALES[unit][1:]:
        if abs(x) >= scale[0] * (10 if unit == "x" and scale[0] == 1e3 else 1):
            size, name = scale
    value = x / size
    digits = min(2, max(0, 2 - floor(log10(abs(value))))) if value else 0
    return f"{value:,.{digits}f}{name}"


def short(x: float, unit: str = "x") -> str:
    """Return `quantity` without zeros that say nothing."""
    return re.sub(r"\.(\d*?)0+(?!\d)", lambda m: "." * bool(m[1]) + m[1], quantity(x, unit))


def table(report: dict[str, Any]) -> str:
    """Return the report as text of at most 100 columns."""
    machine = report["machine"]
    versions = machine["versions"]
    there = ", ".join(f"{k} {v}" for k, v in versions.items() if v != "absent")
    absent = ", ".join(k for k, v in versions.items() if v == "absent") or "none"
    head = [
        f"{machine['processor']}, {machine['architecture']}, {machine['system']}; one thread, CPU "
        f"time; {report['effort']} run of {report['seconds']:.0f} s",
        f"Instruction sets: {' '.join(machine['flags']) or 'not known'}",
        f"Kernels: {machine['kernels']}. With {there}. Absent: {absent}.",
    ]
    lines = [part for text in head for part in textwrap.wrap(text, WIDTH, subsequent_indent="  ")]
    lines += ["", _columns("row", "against", "cost", "figure", "quartiles", "floor", "stretch", "")]
    lines.append("-" * WIDTH)
    blocks: dict[int, list[str]] = {}
    for r in report["results"]:
        blocks.setdefault(r["row"], []).extend(_block(Result.of(r)))
    for row, text in report["failed"].items():
        blocks.setdefault(int(row), []).append(_wrapped(row, f"FAILED: {text}"))
    for row in sorted(blocks):
        lines += blocks[row]
    if report["curves"]:
        lines += ["", "How the cost of a visit grows:"]
        for c in report["curves"]:
            power = "" if c["exponent"] is None else f"N^{c['exponent']:.2f}"
            ends = f"{c['N'][0]:,} to {c['N'][-1]:,}"
            first, last = (quantity(c["seconds"][k], "s") for k in (0, -1))
            lines.append(f"    {c['name']:<32}{power:>8}  N = {ends}: {first} to {last}")
    lines += [
        "",
        "figure: their cost over ours in the same round, the median of the rounds, where "
        "no unit is shown",
        "floor and stretch: the goals; the last column names the better one that the figure "
        "meets, or missed",
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _block(r: Result) -> list[str]:
    ours = ""
    if r.ours:
        low, middle, high = (quantity(x, "s") for x in np.percentile(r.ours, [25, 50, 75]))
        ours = f": {middle} a {r.unit} ({low} .. {high})"
    kernel = f", by {r.kernel}" if r.kernel else ""
    lines = _wrapped(r.row, f"{r.title}{ours}{kernel}").split("\n")
    for line in r.lines:
        if not line.values:
            lines.append(_columns("", line.name, "absent", "", "", *_goals(line), ""))
            continue
        low, middle, high = (quantity(x, line.unit) for x in line.quartiles)
        cost = quantity(float(np.median(line.costs)), "s") if line.costs else ""
        spread = f"{low} .. {high}" if len(line.values) > 1 else ""
        if line.error is not None:
            spread = f"+- {quantity(line.error, line.unit)}"
        lines.append(_columns("", line.name, cost, middle, spread, *_goals(line), line.met))
    return lines


def _goals(line: Line) -> tuple[str, str]:
    sign = "<= " if line.most else ""
    least, most = (
        "" if goal is None else sign + short(goal, line.unit) for goal in (line.floor, line.stretch)
    )
    return least, most


def _wrapped(row: Any, text: str) -> str:
    text = re.sub(r"(?<=\d) (?=[a-z]+\b)", "\u00a0", text)  # a number keeps its unit
    filled = textwrap.fill(text, WIDTH, initial_indent=f"{row:>3} ", subsequent_indent="    ")
    return filled.replace("\u00a0", " ")


def _columns(row: str, name: str, cost: str, figure: str, spread: str, *goal: str) -> str:
    least, stretch, met = goal
    return (
        f"{row:>3} {name:<32}{cost:>8}{figure:>8}  {spread:<18}{least:>10}{stretch:>10} {met:<7}"
    ).rstrip()


def write(path: Path, data: str | bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(data.encode() if isinstance(data, str) else data)
    os.replace(part, path)


def write_json(report: dict[str, Any], path: Path) -> None:
    """Write all figures, those of each round included."""
    write(path, json.dumps(report, indent=1) + "\n")


def figure(curves: Sequence[dict[str, Any]]) -> Any:
    """Return a log-log figure of cost against N, the exponents in its legend."""
    from hopfield.show import canvas

    drawn = []
    for k, c in enumerate(curves):
        power = "" if c["exponent"] is None else f"  $\\sim N^{{{c['exponent']:.2f}}}$"
        name, y = c["name"] + power, np.multiply(c["seconds"], 1e9)
        drawn.append(canvas.points(k, c["N"], y, name, joined=True))
    with canvas.styled(None, (7, 5.5)) as ax:
        canvas.curves(ax, drawn, "neurons N", "ns a visit, one thread")
        ax.set(xscale="log", yscale="log")
        ax.grid(which="major", alpha=0.3)
        canvas.ticks_at(ax.xaxis, sorted({n for c in curves for n in c["N"]}))
    ax.figure.suptitle("Recall of a cue, 10 % of it wrong, one neuron at a time", size="medium")
    return ax.figure


def write_figure(curves: Sequence[dict[str, Any]], path: Path) -> None:
    """Write the figure, as PNG, SVG or PDF by the name."""
    from hopfield.show import canvas

    write(path, canvas.picture(figure(curves), path.suffix[1:] or "png"))
