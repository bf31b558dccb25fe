"""The gallery: for each model the figure a textbook would print, computed anew when drawn.

Lines are theory, points are simulated, bars are one standard error over samples of patterns. A
new figure is one function here, with `_plate` above it.

>>> ax = draw("landscape", rng=1)
>>> ax.get_xlabel()
'Hamming distance to pattern 0'
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from . import landscape, pages, plots, theory
from ._validate import Floats, Rng, choice, generator
from .citation import cite
from .learning import hebb
from .memory import Overlaps
from .neurons import HeatBath
from .patterns import flip, random_patterns
from .recall import recall
from .separation import power

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Source = np.random.Generator
PLATES: dict[str, Plate] = {}


@dataclass(frozen=True)
class Plate:
    """One figure of the gallery.

    Attributes
    ----------
    name : str
        Its name on the command line and as a file.
    title : str
        What it shows.
    caption : str
        What is theory and what is simulated: N, samples, bars.
    sources : tuple of str
        The works it rests on, as `hopfield.cite` names them.
    draw : callable
        (ax or None, generator) -> Axes.
    """

    name: str
    title: str
    caption: str
    sources: tuple[str, ...]
    draw: Callable[[Axes | None, Source], Axes]


def draw(name: str, ax: Axes | None = None, *, rng: Rng = 2026) -> Axes:
    """Compute and draw one figure of the gallery.

    Parameters
    ----------
    name : str
        One of ``gallery.PLATES``.
    ax : Axes, optional
        Where to draw; by default a new figure.
    rng : int or numpy.random.Generator
        Seed or generator of all that is simulated.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        For a name that there is not.
    """
    return PLATES[choice(name, "name", PLATES)].draw(ax, generator(rng, "gallery"))


def run(
    out: Path | str, names: Iterable[str] | None = None, *, rng: int = 2026,
    progress: Callable[[int, int, str], None] | None = None,
) -> Path:  # fmt: skip
    """Draw figures of the gallery into a folder, with a page that shows them.

    Parameters
    ----------
    out : path
        A folder that is new, empty or an earlier gallery.
    names : iterable of str, optional
        Which; by default all.
    rng : int
        Seed; each figure's own, so that it does not depend on which others are drawn.
    progress : callable, optional
        Called with (figures done, figures in all, the next one's title).

    Returns
    -------
    Path
        The page.

    Raises
    ------
    BadFile
        If ``out`` holds something else, or cannot be written.
    ValueError
        For a name that there is not.
    """
    from matplotlib import pyplot as plt

    chosen = [PLATES[choice(n, "names", PLATES)] for n in (PLATES if names is None else names)]
    out = Path(out)
    with pages.folder(out, "gallery") as folder:
        for k, plate in enumerate(chosen):
            if progress:
                progress(k, len(chosen), plate.title)
            figure: Any = draw(plate.name, rng=rng).figure
            try:
                figure.savefig(folder / f"{plate.name}.png", dpi=150, bbox_inches="tight")
            finally:
                plt.close(figure)
        (folder / "index.html").write_text(_page(chosen, rng), encoding="utf-8")
    return out / "index.html"


def _page(plates: list[Plate], rng: int) -> str:
    sections = "".join(
        f'<section id="{p.name}"><h2>{html.escape(p.title)}</h2>\n'
        f"{pages.figures([(f'{p.name}.png', p.caption)])}\n"
        f"<details><summary>Sources</summary><pre>{html.escape(cite(*p.sources))}</pre></details>"
        "</section>\n"
        for p in plates
    )
    body = f"""<h1>The gallery</h1>
<p>For each model the figure a textbook would print. Lines are theory, points are simulated, bars
are one standard error over samples of patterns. Seed {rng}.</p>
{sections}"""
    return pages.document("hopfield: the gallery", body)


def _plate(title: str, caption: str, *sources: str) -> Callable[..., Any]:
    """Put a function in the gallery, under its name."""

    def put(function: Callable[[Axes | None, Source], Axes]) -> Callable[..., Any]:
        name = function.__name__.strip("_")
        PLATES[name] = Plate(name, title, caption, sources, function)
        return function

    return put


def _means(samples: Iterable[Any]) -> tuple[Floats, Floats]:
    """Return the mean of samples and its standard error."""
    x = np.array(list(samples), dtype=np.float64)
    return np.asarray(x.mean(axis=0)), np.asarray(x.std(axis=0, ddof=1) / np.sqrt(len(x)))


def _points(
    at: Floats, sample: Callable[[float], float], times: int
) -> tuple[Floats, Floats]:
    """Return the mean of so many samples at each value of a parameter, and its standard error."""
    return _means([[sample(float(a)) for a in at] for _ in range(times)])


def _curves(
    at: Floats, found: list[tuple[Floats, Floats]], law: Any, ax: Axes | None, x: str, y: str,
    names: list[str],
) -> Axes:  # fmt: skip
    """Draw several curves of means with their errors, and laws."""
    means, errors = (np.array([f[k] for f in found]) for k in (0, 1))
    return plots.curve(at, means, errors, law, ax, xlabel=x, ylabel=y, names=names)


def _overlap(state: Any, pattern: Any) -> float:
    return float((state * pattern).mean())


@_plate(
    "One step from a stored pattern",
    "Share of neurons whose field is against the stored pattern. Line: 1/2 erfc(sqrt(N/2P)), N to "
    "infinity. Points: Hebb's rule, all P patterns of each of 6 samples.",
    "hertz1991",
)
def _one_step(ax: Axes | None, rng: Source) -> Axes:
    def wrong(n: int, load: float) -> float:
        xi = random_patterns(round(load * n), n, rng=rng)
        return float((xi * Overlaps(xi).field(xi) < 0).mean())

    loads, sizes = np.array([0.1, 0.14, 0.185, 0.25, 0.37, 0.5, 0.61, 0.8]), (100, 1000)
    found = [_points(loads, lambda a, n=n: wrong(n, a), 6) for n in sizes]  # type: ignore[misc]
    fine = np.linspace(0.06, 0.85, 100)
    ax = _curves(
        loads, found, (fine, theory.one_step.error_at(fine)), ax, "load P/N",
        "share of unstable neurons", ["N = 100", "N = 1,000", "theory"],
    )  # fmt: skip
    ax.set_yscale("log")
    return ax


@_plate(
    "Retrieval at zero temperature",
    "Overlap that a pattern keeps. Line: Amit, Gutfreund and Sompolinsky, up to the critical load "
    "0.1379. Points: one start at a pattern in each of 60, 24 and 8 samples, one neuron at a time.",
    "amit1985b", "amit1987",
)  # fmt: skip
def _retrieval(ax: Axes | None, rng: Source) -> Axes:
    def kept(n: int, load: float) -> float:
        xi = random_patterns(round(load * n), n, rng=rng)
        return _overlap(recall(Overlaps(xi), xi[0], rng=rng, sweeps=1000).state, xi[0])

    loads = np.array([0.05, 0.08, 0.1, 0.12, 0.13, 0.14, 0.15, 0.16, 0.18, 0.2])
    sizes = {500: 60, 2000: 24, 8000: 8}
    found = [_points(loads, lambda a, n=n: kept(n, a), k) for n, k in sizes.items()]  # type: ignore[misc]
    fine = np.append(np.linspace(0.03, theory.ags.critical()[0] - 1e-6, 200), [0.13792, 0.2])
    ax = _curves(
        loads, found, (fine, theory.ags.overlap(fine)), ax, "load P/N", "overlap m kept",
        [*(f"N = {n:,}" for n in sizes), "theory"],
    )  # fmt: skip
    ax.set_ylim(0, 1.05)
    return ax


@_plate(
    "Basins of attraction",
    "Share of cues from which a pattern is recalled (final m > 0.95), by their initial overlap. "
    "N = 1,000, 60 samples, one cue each, one neuron at a time. All simulated.",
    "amit1987",
)
def _basins(ax: Axes | None, rng: Source) -> Axes:
    n, starts, loads = 1000, np.arange(0.05, 0.65, 0.05), (0.02, 0.05, 0.1)

    def back(load: float) -> Any:
        xi = random_patterns(round(load * n), n, rng=rng)
        cues = np.concatenate([flip(xi[:1], (1 - m) / 2, rng=rng) for m in starts])
        return (recall(Overlaps(xi), cues, rng=rng).state * xi[0]).mean(axis=1) > 0.95

    found = [_means(back(load) for _ in range(60)) for load in loads]
    names = [f"load {load:.2f}" for load in loads]
    return _curves(starts, found, None, ax, "initial overlap", "share recalled", names)


@_plate(
    "Mixtures of three",
    "Share of states that stay where they are (final m > 0.9 with the start): the sign of the sum "
    "of three patterns, and one pattern. N = 1,001, 40 samples, zero temperature. All simulated.",
    "amit1985",
)
def _mixtures(ax: Axes | None, rng: Source) -> Axes:
    n, loads = 1001, np.array([0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06])

    def stays(load: float) -> Any:
        xi = random_patterns(max(3, round(load * n)), n, rng=rng)
        starts = np.stack([np.sign(xi[:3].sum(axis=0)), xi[0]])
        return (recall(Overlaps(xi), starts, rng=rng).state * starts).mean(axis=1) > 0.9

    found = [_means(stays(float(a)) for _ in range(40)) for a in loads]
    two = [(np.array([f[0][k] for f in found]), np.array([f[1][k] for f in found])) for k in (0, 1)]
    names = ["mixture of three", "pattern"]
    return _curves(loads, two, None, ax, "load P/N", "share that stays", names)


@_plate(
    "Retrieval at a temperature",
    "Shade: overlap after 40 sweeps at temperature T from a pattern, N = 1,000, one sample a cell. "
    "Lines, theory: below T_M patterns are metastable, below T_c they are the deepest states, "
    "below T_g the rest freezes.",
    "amit1985b", "amit1987",
)  # fmt: skip
def _phases(ax: Axes | None, rng: Source) -> Axes:
    def kept(load: float, T: float) -> float:
        xi = random_patterns(max(1, round(load * 1000)), 1000, rng=rng)
        run = recall(Overlaps(xi), xi[0], neuron=HeatBath(T), sweeps=40, rng=rng)
        return _overlap(run.state, xi[0])

    loads, temperatures = np.linspace(0.01, 0.15, 15), np.linspace(0.05, 1.15, 12)
    m = [[kept(a, T) for a in loads] for T in temperatures]
    with plots._style(ax, plots.SIZE) as ax:
        shades = ax.pcolormesh(loads, temperatures, m, cmap="Blues", vmin=0, vmax=1)
        ends = {"$T_g$": 0.15, "$T_M$": 0.1379, "$T_c$": theory.ags.crossing()}
        laws = theory.ags.glass, theory.ags.spinodal, theory.ags.transition
        for (name, end), law, line in zip(ends.items(), laws, ("--", "-", "-."), strict=True):
            fine = np.linspace(1e-4, end, 25)
            ax.plot(fine, law(fine), line, color=plots.VERMILLION, label=name)
        plots._bar(ax, shades, "overlap m")
        ax.set(xlabel="load P/N", ylabel="temperature T", xlim=(0, 0.15), ylim=(0, 1.2))
        plots._legend(ax)
    return ax


@_plate(
    "A landscape of energies",
    "Energy of every state of 15 neurons with three patterns stored, by the distance to the first "
    "(spread sideways a little). Marks: the fixed points. Exact.",
    "hopfield1982",
)
def _landscape(ax: Axes | None, rng: Source) -> Axes:
    n, xi = 15, random_patterns(3, 15, rng=rng)
    memory = hebb(xi)
    states = np.concatenate(list(landscape.all_states(n)))
    fixed = landscape.fixed_points(memory)
    kinds = np.array([landscape.identify(s, xi).split()[0] for s in fixed])

    def at(s: Any) -> tuple[Any, Any]:
        return (s != xi[0]).sum(axis=1), np.asarray(memory.energy(s)) / n

    with plots._style(ax, plots.SIZE) as ax:
        away, energy = at(states)
        ax.plot(away + rng.uniform(-0.3, 0.3, away.size), energy, ".", ms=1.5, color=plots.SKY,
                alpha=0.4, rasterized=True)  # fmt: skip
        marks = {"pattern": "o", "inverse": "s", "mixture": "D", "spurious": "^"}
        for (kind, mark), (colour, _) in zip(marks.items(), plots.CURVES, strict=False):
            if (kinds == kind).any():
                ax.plot(*at(fixed[kinds == kind]), mark, color=colour, label=kind)
        ax.set(xlabel="Hamming distance to pattern 0", ylabel="energy / N")
        plots._whole(ax.xaxis)
        plots._legend(ax)
    return ax


@_plate(
    "Capacity of dense memories",
    "Patterns at which 0.5 % of a stored pattern's neurons are unstable, E = -sum m^n. Lines: "
    "theory, P proportional to N^(n-1). Points: found by bisection over the mean of 40 patterns, "
    "4 samples.",
    "krotov2016",
)
def _dense(ax: Axes | None, rng: Source) -> Axes:
    sizes, degrees = np.array([20, 28, 40, 56]), (2, 3, 4)

    def wrong(n: int, p: int, degree: int) -> float:
        xi = random_patterns(p, n, rng=rng)
        probes = np.arange(min(p, 40))
        return float((xi[probes] * Overlaps(xi, power(degree)).field(xi[probes]) < 0).mean())

    def most(n: int, degree: int) -> float:
        low, high = 2.0, 4 * theory.dense.load_at(0.005, degree) * n ** (degree - 1.0)
        while high / low > 1.05:
            middle = float(np.sqrt(low * high))
            if wrong(n, round(middle), degree) < 0.005:
                low = middle
            else:
                high = middle
        return float(np.sqrt(low * high))

    found = [_points(sizes, lambda n, d=d: most(int(n), d), 4) for d in degrees]  # type: ignore[misc]
    fine = np.array([17.0, 66.0])
    laws = [theory.dense.load_at(0.005, d) * fine ** (d - 1) for d in degrees]
    names = [*(f"n = {d}" for d in degrees), *(f"N^{d - 1}" for d in degrees)]
    ax = _curves(sizes, found, (fine, laws), ax, "neurons N", "patterns P", names)
    ax.set(xscale="log", yscale="log")
    ax.set_xticks(sizes, [str(n) for n in sizes])
    ax.set_xticks([], minor=True)
    return ax
