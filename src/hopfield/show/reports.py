"""Pictures and pages of what a scan found."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.citation import cite
from ..base.checks import choice
from ..experiments import EXPERIMENTS, Experiment
from ..io.files import atomic_path
from ..scans import Point, Results
from ..scans.results import order
from ..scans.tasks import fields_of
from . import pages
from .plots import CURVES, GREY, SIZE, colour_bar, legend, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw", "page"]

MAP = 4  # values of each of two parameters from which on a grid is drawn as a map
FINE, COARSE = 200, 40  # points of a theory's line; of a map's, which costs more


def draw(
    results: Results, *, x: str | None = None, y: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw what a scan is about: curves with 95 % intervals beside the theory, or a map.

    Parameters
    ----------
    results : Results
        Of one experiment, from `hopfield.scan` or `hopfield.scans.read`.
    x : str, optional
        The parameter along x; by default the experiment's.
    y : str, optional
        The quantity; by default the one that the experiment is about.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there is nothing to draw, or no such parameter or quantity.

    Examples
    --------
    >>> import hopfield as hf
    >>> r = hf.scan(hf.experiments.Crosstalk, N=100, alpha=hf.grid(0.1, 0.4, 4), repeats=5)
    >>> draw(r).get_xlabel()
    'alpha'
    """
    points = _pooled(results)
    kinds = sorted({f"{p.row.experiment} {p.row.version}" for p in points})
    if len(kinds) != 1:
        there = f"those of {', '.join(kinds)}" if kinds else "none"
        raise ValueError(f"results must hold finished tasks of one experiment, not {there}")
    names = points[0].counts.names
    name = choice(points[0].about if y is None else y, "y", names)
    varying = Results(tuple(points)).varying() or list(points[0].row.parameters)[:1]
    axes = [axis for axis in points[0].row.notes["axes"] if axis in varying]
    along = choice(x, "x", varying) if x else (*axes, *varying)[0]
    theory = name == points[0].about
    others = [axis for axis in varying if axis != along]
    sizes = [len({p.row.parameters[axis] for p in points}) for axis in (along, *others)]
    full = len(sizes) == 2 and min(sizes) >= MAP and sizes[0] * sizes[1] == len(points)
    if full and all(not isinstance(points[0].row.parameters[a], str) for a in (along, *others)):
        return _map(points, along, others[0], name, ax)
    return _curves(points, along, others, name, theory, ax)


def _pooled(results: Results) -> list[Point]:
    """Return the points at which something is finished, other seeds of one added up."""
    found: dict[str, Point] = {}
    for point in results.points:
        key = repr((point.row.experiment, point.row.version, point.row.parameters))
        if point.tasks and key in found:
            same, n = found[key], found[key].replicas + point.replicas
            point = replace(point, counts=same.counts + point.counts, replicas=n)
        if point.tasks:
            found[key] = point
    return list(found.values())


def save(path: str | PathLike[str], ax: Axes) -> None:
    """Write the figure of an Axes, and close it."""
    from matplotlib import pyplot as plt

    figure: Any = ax.figure
    with atomic_path(path) as temporary:
        figure.savefig(temporary, dpi=160)
    plt.close(figure)


def page(results: Results, title: str) -> str:
    """Return an HTML page: figures, parameters, table, versions and what to cite.

    Parameters
    ----------
    results : Results
    title : str

    Returns
    -------
    str
        A page that needs no other file.

    Examples
    --------
    >>> import hopfield as hf
    >>> r = hf.scan(hf.experiments.Crosstalk, N=100, alpha=[0.1, 0.2], repeats=5)
    >>> page(r, "crosstalk").count("<tr>")
    3
    """
    body = [f"<h1>{escape(title)}</h1>"]
    kinds = sorted({(p.row.experiment, p.row.version) for p in results.points if p.tasks})
    for kind in kinds:
        mine = [p for p in results.points if p.tasks and (p.row.experiment, p.row.version) == kind]
        body.append(_section(Results(tuple(mine))))
    sources = {source for p in results.points if (source := p.row.notes["source"])}
    body.append(f"<h2>Cite</h2>{_list(sorted(sources))}<pre>{escape(cite())}</pre>")
    return pages.document(title, "\n".join(body))


def _section(found: Results) -> str:
    first, varying = found.points[0], found.varying()
    names = sorted(first.counts.names, key=lambda name: name != first.about)
    figures = pages.figures((_image(draw(found, y=name)), name) for name in names)
    fixed = {k: v for k, v in first.row.parameters.items() if k not in varying}
    last = datetime.fromtimestamp(max(p.finished for p in found.points), UTC)
    facts = [
        *(f"{name} = {value}" for name, value in fixed.items()),
        f"{len(found.points)} points, {sum(p.replicas for p in found.points):,} replicas, "
        f"{sum(p.tasks for p in found.points):,} tasks, "
        f"{sum(p.seconds for p in found.points):,.0f} s of work",
        f"seeds {', '.join(sorted({str(p.row.seed) for p in found.points}))}; "
        f"version {first.row.version} of the experiment",
        f"hopfield {', '.join(sorted(set().union(*(p.packages for p in found.points))))} on "
        f"{len(set().union(*(p.machines for p in found.points)))} machine(s), "
        f"finished {last:%Y-%m-%d %H:%M} UTC",
    ]
    points = _pooled(found)
    laws = [experiment.theory() if (experiment := _experiment(p)) else None for p in points]
    extra = ["theory"] if any(law is not None for law in laws) else []  # of the first quantity
    rows = _row("th", *varying, "replicas", *names[:1], *extra, *names[1:])
    for p, law in zip(points, laws, strict=True):
        cells = ["{:.5g} [{:.5g}, {:.5g}]".format(*p.counts.estimate(name)) for name in names]
        theory = ["" if law is None else f"{law:.5g}"] * len(extra)
        values = (str(p.row.parameters[name]) for name in varying)
        rows += _row("td", *values, f"{p.replicas:,}", *cells[:1], *theory, *cells[1:])
    return (
        f"<h2>{escape(first.row.experiment)}</h2>{figures}{_list(facts)}"
        f'<div class="wide"><table>{rows}</table></div>'
    )


def _row(tag: str, *cells: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _image(ax: Axes) -> str:
    from matplotlib import pyplot as plt

    figure: Any = ax.figure
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=120)
    plt.close(figure)
    code = base64.b64encode(picture.getvalue()).decode()
    return f"data:image/png;base64,{code}"


def _list(lines: list[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _experiment(point: Point) -> Experiment | None:
    """Return the experiment of a point, where it is one of ours."""
    row, cls = point.row, EXPERIMENTS.get(point.row.experiment)
    if cls is None or cls.version != row.version or row.notes["code"]:
        return None
    return cls(**row.parameters) if row.parameters.keys() == fields_of(cls).keys() else None


def _curves(
    points: list[Point], along: str, others: list[str], name: str, theory: bool, ax: Axes | None
) -> Axes:
    groups: dict[tuple[Any, ...], list[Point]] = {}
    for point in sorted(points, key=lambda p: order(p.row.parameters[a] for a in (along, *others))):
        groups.setdefault(tuple(point.row.parameters[a] for a in others), []).append(point)
    laws: dict[bytes, Any] = {}
    whose, some = "", False  # where not all have a theory, it says whose that is
    with styled(ax, SIZE) as ax:
        for i, (values, group) in enumerate(sorted(groups.items(), key=lambda g: order(g[0]))):
            colour = CURVES[i % len(CURVES)][0]
            label = ", ".join(f"{a} = {v}" for a, v in zip(others, values, strict=True)) or name
            at = [point.row.parameters[along] for point in group]
            y, low, high, _ = np.array([point.counts.estimate(name) for point in group]).T
            bars = np.nan_to_num([y - low, high - y]).clip(0)
            ax.errorbar(
                at,
                y,
                bars,
                color=colour,
                ls="",
                marker="os^Dv<>P"[i % 8],
                ms=4,
                capsize=2,
                label=label,
            )
            x, law = _law(_experiment(group[0]) if theory else None, along, at)
            some |= not law
            whose = label if law and not whose else whose
            if law and (key := np.asarray(law).tobytes()) not in laws:
                laws[key] = ax.plot(x, law, color=colour, lw=1.2, zorder=1.5)[0]
        if len(laws) == 1:  # of all groups
            next(iter(laws.values())).set_color(GREY)
        if laws:
            of = f" ({whose})" if some and whose else ""
            ax.plot([], [], color=GREY, lw=1.2, label=f"theory{of}")
        ax.set(xlabel=along, ylabel=name)
        if len(groups) > 1 or laws:
            legend(ax)
    return ax


def _law(experiment: Experiment | None, along: str, at: list[Any]) -> tuple[list[Any], list[Any]]:
    """Return a theory's values along an axis, at many points where that is continuous."""
    if experiment is None or experiment.theory() is None:
        return [], []
    x = np.linspace(min(at), max(at), FINE).tolist() if isinstance(at[0], float) else at
    return x, [replace(experiment, **{along: v}).theory() for v in x]


def _map(points: list[Point], along: str, up: str, name: str, ax: Axes | None) -> Axes:
    x = sorted({point.row.parameters[along] for point in points})
    y = sorted({point.row.parameters[up] for point in points})
    z = np.empty((len(y), len(x)))
    for point in points:
        where = y.index(point.row.parameters[up]), x.index(point.row.parameters[along])
        z[where] = point.counts.estimate(name).value
    with styled(ax, SIZE, trim=False) as ax:
        image = ax.pcolormesh(x, y, z, cmap="cividis", shading="nearest")
        view = ax.get_xlim(), ax.get_ylim()
        experiment = _experiment(points[0])
        if experiment and points[0].row.notes["axes"] == [along, up]:
            t = np.linspace(x[0], x[-1], COARSE).tolist()
            lines = [replace(experiment, **{along: v}).lines() for v in t]
            for dash, key in zip(("-", "--", ":"), lines[0], strict=False):
                law = np.array([at[key] for at in lines])
                law[1:][(law[1:] == 0) & (law[:-1] == 0)] = np.nan  # where there is no such phase
                ax.plot(t, law, dash, color="white", lw=1.8, label=key)
        ax.set(xlabel=along, ylabel=up, xlim=view[0], ylim=view[1])
        colour_bar(ax, image, name)
        if ax.lines:
            ax.legend(loc="upper right", facecolor="#555555", labelcolor="white", fontsize="small")
    return ax
