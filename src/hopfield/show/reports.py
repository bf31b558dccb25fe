"""Pictures and pages of what a scan found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.citation import cite
from ..base.checks import choice, describe
from ..experiments import EXPERIMENTS, Experiment
from ..io.files import as_path, atomic
from ..scans import Point, Results
from ..scans.results import order
from ..scans.tasks import fields_of
from .arrays import words
from .canvas import (
    Curve,
    colour_bar,
    curves,
    formula,
    law,
    panels,
    picture,
    plain,
    points,
    styled,
)
from .pages import document, element, figures, items, table
from .palette import FRAME, GREY, HEAT, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw", "page"]
__dir__ = __all__.copy

PANELS, LEGEND, MOST = 12, 8, 24  # panels; curves in a legend if they may have shades; curves
MAP = 4  # values of each of two parameters from which on a grid is drawn as a map
FINE, COARSE = 200, 40  # points of a theory's line; of a map's, which costs more


def draw(
    results: Results, *, x: str | None = None, y: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw what a scan is about: curves with 95 % intervals beside the theory, or a map.

    Where three parameters vary there is a panel for each value of one; `Results.where` chooses.

    Parameters
    ----------
    results : Results
        Of one experiment, from `hopfield.scan` or `hopfield.scans.read`.
    x : str, optional
        The parameter along x; by default the experiment's.
    y : str, optional
        The quantity; by default the one that the experiment is about.
    ax : Axes, optional
        Where to draw; all in one then.

    Returns
    -------
    Axes
        The first, where there are several.

    Raises
    ------
    ValueError
        If there is nothing to draw or too much, or no such parameter or quantity.

    Examples
    --------
    >>> import hopfield as hf
    >>> r = hf.scan(hf.experiments.Crosstalk, N=100, alpha=hf.grid(0.1, 0.4, 4), repeats=5)
    >>> draw(r).get_xlabel()
    'alpha'
    """
    found = _pooled(_checked(results))
    kinds = sorted({f"{p.row.experiment} {p.row.version}" for p in found})
    if len(kinds) != 1:
        there = f"those of {', '.join(kinds)}" if kinds else "none"
        raise ValueError(f"results must hold finished tasks of one experiment, not {there}")
    names = found[0].counts.names
    name = choice(found[0].about if y is None else y, "y", names)
    varying = Results(tuple(found)).varying() or list(found[0].row.parameters)[:1]
    axes = [axis for axis in found[0].row.notes["axes"] if axis in varying]
    along = (*axes, *varying)[0] if x is None else choice(x, "x", varying)
    others = [axis for axis in dict.fromkeys((*axes, *varying)) if axis != along]
    plot = _Plot(along, name, theory=name == found[0].about)
    if ax is None and len(others) > 1:
        return _panels(found, plot, others)
    return _one(found, plot, others, ax)


@dataclass(frozen=True)
class _Plot:
    """What is drawn along what, and whether beside the theory."""

    along: str
    name: str
    theory: bool


def _values(found: list[Point], name: str) -> list[Any]:
    return sorted({p.row.parameters[name] for p in found}, key=lambda value: order([value]))


def _panels(found: list[Point], plot: _Plot, others: list[str]) -> Axes:
    """Draw a panel for each value of a parameter; return the first."""
    axes = found[0].row.notes["axes"]
    over = min(others, key=lambda name: (name in axes, len(_values(found, name))))
    values, rest = _values(found, over), [name for name in others if name != over]
    if len(values) > PANELS:
        raise _too_many(f"{over} has {len(values)} values")
    with panels([plain(f"{over} = {value}") for value in values]) as drawn:
        for ax, value in zip(drawn, values, strict=True):
            _one([p for p in found if p.row.parameters[over] == value], plot, rest, ax)
        maps = [image for ax in drawn for image in ax.collections if image.colorbar]
        ends = [end for image in maps for end in image.get_clim()]
        for image in maps:
            image.set_clim(min(ends), max(ends))  # one scale for all
    return drawn[0]


def _too_many(what: str) -> ValueError:
    return ValueError(f"{what}, too many for one figure: choose some of them by where")


def _one(found: list[Point], plot: _Plot, others: list[str], ax: Axes | None) -> Axes:
    """Draw one Axes: a map where there is a full grid, else curves."""
    sizes = [len(_values(found, axis)) for axis in (plot.along, *others)]
    full = len(sizes) == 2 and min(sizes) >= MAP and sizes[0] * sizes[1] == len(found)
    if full and not any(isinstance(found[0].row.parameters[a], str) for a in (plot.along, *others)):
        return _map(found, plot, others[0], ax)
    return _curves(found, plot, others, ax)


def _checked(results: Any) -> Results:
    if not isinstance(results, Results):
        raise TypeError(
            f"results must be what hopfield.scan or hopfield.scans.read returns, not "
            f"{describe(results)}"
        )
    return results


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
    """Write the figure of an Axes, and close it.

    Parameters
    ----------
    path : str or path
        Its ending says the format, PNG where there is none.
    ax : Axes

    Examples
    --------
    >>> import tempfile
    >>> import hopfield as hf
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(folder + "/energy.svg", hf.plots.energy([-1.0, -3.0]))
    """
    if not hasattr(ax, "figure"):
        raise TypeError(f"ax must be a matplotlib Axes, not {describe(ax)}")
    data = picture(ax.figure, as_path(path).suffix[1:] or "png")
    with atomic(path) as handle:
        handle.write(data)


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
    words(title, "title")
    done = [p for p in _checked(results).points if p.tasks]
    kinds = sorted({(p.row.experiment, p.row.version) for p in done})
    sections = [
        _section(Results(tuple(p for p in done if (p.row.experiment, p.row.version) == kind)))
        for kind in kinds
    ]
    sources = sorted({source for p in results.points if (source := p.row.notes["source"])})
    cited = element("h2", "Cite"), items(sources), element("pre", cite())
    return document(title, element("h1", title), *sections, *cited)


def _section(found: Results) -> str:
    """Return the part of a page that is about one experiment."""
    first, varying = found.points[0], found.varying()
    names = sorted(first.counts.names, key=lambda name: name != first.about)
    drawn = ((picture(draw(found, y=name).figure, dpi=120), name) for name in names)
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
    pooled = _pooled(found)
    expected = [e.theory() if (e := _experiment(p)) else p.row.notes["theory"] for p in pooled]
    extra = ["theory"] if any(value is not None for value in expected) else []
    rows = []
    for p, value in zip(pooled, expected, strict=True):
        cells = ["{:.5g} [{:.5g}, {:.5g}]".format(*p.counts.estimate(name)) for name in names]
        theory = ["" if value is None else f"{value:.5g}"] * len(extra)  # of the first quantity
        values = (str(p.row.parameters[name]) for name in varying)
        rows.append([*values, f"{p.replicas:,}", *cells[:1], *theory, *cells[1:]])
    return element(
        "section",
        element("h2", first.row.experiment),
        figures(drawn),
        items(facts),
        table([*varying, "replicas", *names[:1], *extra, *names[1:]], rows),
    )


def _experiment(point: Point) -> Experiment | None:
    """Return the experiment of a point, where it is one of ours."""
    row, cls = point.row, EXPERIMENTS.get(point.row.experiment)
    if cls is None or cls.version != row.version or row.notes["code"]:
        return None
    return cls(**row.parameters) if row.parameters.keys() == fields_of(cls).keys() else None


def _curves(found: list[Point], plot: _Plot, others: list[str], ax: Axes | None) -> Axes:
    """Draw one curve for each value of the other parameters, and each theory once."""
    along, groups = plot.along, _groups(found, plot.along, others)
    shaded = len(groups) > LEGEND and len(others) == 1 and all(_is_number(v) for (v,) in groups)
    if len(groups) > MOST and not shaded:
        raise _too_many(f"{' and '.join(others)} make {len(groups)} curves")
    shades = _shades([v for (v,) in groups]) if shaded else None
    measured: list[Curve] = []
    laws: dict[bytes, Curve] = {}
    theirs = []  # the groups that have a theory
    for k, (values, group) in enumerate(groups.items()):
        label = ", ".join(f"{a} = {v}" for a, v in zip(others, values, strict=True))
        at = [point.row.parameters[along] for point in group]
        y, low, high, _ = np.array([point.counts.estimate(plot.name) for point in group]).T
        bars = np.nan_to_num([y - low, high - y]).clip(0)
        measured.append(points(k, at, y, plain(label or plot.name), bars))
        x, expected = _law(group, along, at) if plot.theory else ([], [])
        if expected:
            theirs.append(label)
            laws.setdefault(np.asarray(expected).tobytes(), law(k, x, expected, ""))
        if shades:
            measured[-1] = replace(measured[-1], name="", colour=shades.to_rgba(values[0]))
            laws = {
                key: replace(line, colour=shades.to_rgba(values[0])) if line.x is x else line
                for key, line in laws.items()
            }
    lines = [replace(line, line="-") for line in laws.values()]
    if len(lines) == 1:  # of all groups
        lines = [replace(lines[0], colour=GREY)]
    if lines:  # where not all have a theory, the legend says whose it is
        whose = f" ({theirs[0]})" if len(theirs) < len(groups) and theirs[0] else ""
        lines.append(Curve([], [], plain(f"theory{whose}"), GREY))
    elif len(measured) == 1:
        measured = [replace(measured[0], name="")]
    with styled(ax) as ax:
        curves(ax, [*measured, *lines], plain(along), plain(plot.name))
        if shades:
            colour_bar(ax, shades, plain(others[0]))
    return ax


def _groups(
    found: list[Point], along: str, others: list[str]
) -> dict[tuple[Any, ...], list[Point]]:
    """Return the points of each curve, in the order of what it goes along."""
    groups: dict[tuple[Any, ...], list[Point]] = {}
    for point in sorted(found, key=lambda p: order(p.row.parameters[a] for a in (*others, along))):
        groups.setdefault(tuple(point.row.parameters[a] for a in others), []).append(point)
    return groups


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _shades(values: list[float]) -> Any:
    """Return what gives each value a colour, and a bar of colours to all."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    return ScalarMappable(Normalize(min(values), max(values)), HEAT)


def _law(group: list[Point], along: str, at: list[Any]) -> tuple[list[Any], list[Any]]:
    """Return a theory's values along an axis: of ours at many points where that is continuous."""
    experiment = _experiment(group[0])
    if experiment is None:
        known = [(x, p.row.notes["theory"]) for x, p in zip(at, group, strict=True)]
        known = [(x, y) for x, y in known if y is not None]
        return [x for x, _ in known], [y for _, y in known]
    if experiment.theory() is None:
        return [], []
    x = np.linspace(min(at), max(at), FINE).tolist() if isinstance(at[0], float) else at
    return x, [replace(experiment, **{along: v}).theory() for v in x]


def _map(found: list[Point], plot: _Plot, up: str, ax: Axes | None) -> Axes:
    along = plot.along
    x, y = _values(found, along), _values(found, up)
    z = np.empty((len(y), len(x)))
    for point in found:
        where = y.index(point.row.parameters[up]), x.index(point.row.parameters[along])
        z[where] = point.counts.estimate(plot.name).value
    with styled(ax, trim=False) as ax:
        image = ax.pcolormesh(x, y, z, cmap=HEAT, shading="nearest")
        view = ax.get_xlim(), ax.get_ylim()
        if plot.theory and found[0].row.notes["axes"] == [along, up]:
            t, lines = _lines(found, along, x)
            for dash, (key, edge) in zip(("-", "--", ":"), lines.items(), strict=False):
                edge[1:][(edge[1:] == 0) & (edge[:-1] == 0)] = np.nan  # there is no such phase
                ax.plot(t, edge, dash, color=PAPER, lw=1.8, label=formula(key))
        ax.set(xlabel=plain(along), ylabel=plain(up), xlim=view[0], ylim=view[1])
        colour_bar(ax, image, plain(plot.name))
        if ax.lines:
            ax.legend(loc="upper right", facecolor=FRAME, labelcolor=PAPER, fontsize="small")
    return ax


def _lines(found: list[Point], along: str, x: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """Return where along an axis a map's lines are known, and each of them."""
    experiment = _experiment(found[0])
    if experiment:
        x = np.linspace(x[0], x[-1], COARSE).tolist()
        known = [replace(experiment, **{along: v}).lines() for v in x]
    else:
        first = {p.row.parameters[along]: p for p in reversed(found)}
        known = [first[v].row.notes["lines"] for v in x]
    names = dict.fromkeys(name for lines in known for name in lines)
    return x, {k: np.array([lines.get(k) for lines in known], dtype=float) for k in names}
