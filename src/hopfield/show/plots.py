"""Figures: rasters, pictures, traces, curves, laws, couplings, basins, landscapes, animations.

Each drawing function takes ``ax=`` and returns the Axes it drew on; without one it makes a figure
of its own and leaves it open for the caller to show, save or close.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.couplings import block_means
from ..base.checks import Array, count, describe
from ..core.memory import Memory
from .arrays import Shape, array, named, recorded, several, sides, spacing, span, words
from .canvas import (
    SIZE,
    Curve,
    colour_bar,
    curves,
    law,
    legend,
    matplotlib,
    points,
    styled,
    whole_ticks,
)
from .films import animate
from .landscapes import landscape
from .networks import network
from .palette import (
    BLUE,
    CURVES,
    GREY,
    HIGH,
    INK,
    LOW,
    PALE,
    PAPER,
    SHADES,
    SIGNED,
    SKY,
    UNKNOWN,
    VERMILLION,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "animate",
    "basins",
    "couplings",
    "curve",
    "energy",
    "gallery",
    "hamming",
    "histogram",
    "landscape",
    "margins",
    "network",
    "overlaps",
    "pattern",
    "raster",
]
__dir__ = __all__.copy
_LARGEST_SUM = 2**53  # of whole numbers that floats tell apart


def raster(
    recall_or_states: Any,
    ax: Axes | None = None,
    *,
    low: int | None = None,
    updates_per_point: float | None = None,
) -> Axes:
    """Draw states over time: a row for each neuron, a column for each recorded state.

    Parameters
    ----------
    recall_or_states : Recall or array, (T, N)
        States, or a recall that recorded them.
    ax : Axes, optional
    low : {-1, 0}, optional
        The low state. By default 0 where there are ones and no negatives, else -1 (0 = unknown).
    updates_per_point : float, optional
        Updates between two recorded states; by default what a recall says, 1 for an array.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the states are missing, not finite or not (T, N).

    Examples
    --------
    >>> raster([[1, -1, 1], [1, 1, 1]]).images[0].get_array().shape
    (3, 2)
    """
    states = recorded(recall_or_states, "states", 2)
    step, tones = spacing(recall_or_states, len(states), updates_per_point), _tones(states, low)
    with styled(ax) as ax:
        extent = (-0.5 * step, (len(states) - 0.5) * step, states.shape[1] - 0.5, -0.5)
        image = ax.imshow(states.T, aspect="auto", extent=extent, **tones)
        ax.set(xlabel="updates", ylabel="neuron")
        whole_ticks(ax.xaxis, ax.yaxis)
        _key(ax, image, states)
    return ax


def pattern(
    x: Any,
    shape: Shape | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    *,
    low: int | None = None,
) -> Axes:
    """Draw one pattern as a picture: high dark, low light, unknown orange.

    Parameters
    ----------
    x : array, (N,) or (rows, columns)
        Pattern; 0 is unknown beside -1 and +1. Ink of any number of levels, too; of uint8 and
        (rows, columns, 3), an image in colours.
    shape : (rows, columns) or (rows, columns, 3), optional
        By default the most nearly square one that holds N.
    ax : Axes, optional
    title : str, optional
    low : {-1, 0}, optional
        As in `raster`.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If x is empty or not finite, or the shape does not hold it.

    Examples
    --------
    >>> pattern([1, -1, -1, 1]).images[0].get_array().shape
    (2, 2)
    """
    picture = array(x, "x", 1, 2, 3)
    picture = picture.reshape(sides(picture, shape))
    tones, height = _tones(picture, low), 3 * picture.shape[0] / picture.shape[1]
    if title is not None:
        words(title, "title")
    with styled(ax, (3, min(max(height, 0.6), 6) + 0.3 * bool(title)), trim=False) as ax:
        ax.imshow(picture, **tones)
        ax.set(xticks=[], yticks=[])
        if title is not None:
            ax.set_title(title)
    return ax


def gallery(
    stored: Any,
    cue: Any = None,
    recalled: Any = None,
    shape: Shape | None = None,
    names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw stored patterns, cue and recalled state side by side, with overlaps underneath.

    Parameters
    ----------
    stored : array, (P, N) or (N,)
        Stored patterns, or a stack of images of uint8, (P, rows, columns) or with colours.
    cue : array, (N,), optional
    recalled : Recall or array, (N,), optional
        What came back; its overlap m with each stored pattern stands under that pattern, of images
        the root mean square of their difference in levels.
    shape : (rows, columns), optional
        As in `pattern`.
    names : sequence of str, optional
        P names; by default the patterns' indices.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the sizes disagree, or a value is not finite.

    Examples
    --------
    >>> ax = gallery([[1, -1, -1, 1]], recalled=[1, -1, -1, -1])
    >>> [text.get_text() for text in ax.texts]
    ['pattern 0', 'm = 0.50', 'recalled', '']
    """
    patterns = np.atleast_2d(array(stored, "stored", 1, 2, 3, 4))
    titles, tiles = named(names, len(patterns), "pattern"), list(patterns)
    for title, x in (("cue", cue), ("recalled", getattr(recalled, "state", recalled))):
        if x is not None:
            titles.append(title)
            tiles.append(array(x, title, 1, 2, 3).ravel())
            if tiles[-1].size != tiles[0].size:
                raise ValueError(
                    f"{title} must have {tiles[0].size} neurons like the stored "
                    f"patterns, got {tiles[-1].size}"
                )
    states, notes = np.stack([tile.ravel() for tile in tiles]), [""] * len(tiles)
    if recalled is not None:
        for k, note in enumerate(_alike(states[: len(patterns)], states[-1])):
            notes[k] = note.replace("-", "\N{MINUS SIGN}")
    pictures = states.reshape(len(tiles), *sides(patterns[0], shape))
    return _tiles(pictures, _tones(pictures), titles, notes, recalled is not None, ax)


def _alike(stored: Array, one: Array) -> list[str]:
    """Return how alike a state is to each of the stored ones, in words."""
    if stored.dtype == one.dtype == np.uint8:
        apart = np.square(stored.astype(np.float64) - one).mean(axis=1) ** 0.5
        return [f"rms {d:.1f}" for d in apart]
    states = np.vstack([stored, one])
    signs = 2.0 * states - 1 if span(states)[0] == 0 else 1.0 * states
    return [f"m = {round(float(m), 2) + 0.0:.2f}" for m in signs[:-1] @ signs[-1] / len(one)]


def margins(
    memory: Memory,
    patterns: Any,
    shape: Shape | None = None,
    names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how firmly each neuron is held in each pattern: N times its state times its field.

    Parameters
    ----------
    memory : Memory
    patterns : array of -1 and +1, (P, N) or (N,)
    shape : (rows, columns), optional
        As in `pattern`.
    names : sequence of str, optional
        P names; by default the patterns' indices.
    ax : Axes, optional

    Returns
    -------
    Axes
        A picture for each pattern, the numbers in it where they are few. Where a number is
        negative, the neuron would leave the pattern: it is drawn in another colour.

    Raises
    ------
    ValueError
        If the sizes disagree, or a value is not finite.

    Examples
    --------
    >>> import hopfield as hf
    >>> [text.get_text() for text in margins(hf.hebb([1, -1, 1, 1]), [1, -1, 1, 1]).texts]
    ['pattern 0', '', '3', '3', '3', '3']
    """
    if not isinstance(memory, Memory):
        raise TypeError(f"memory must be a hopfield memory, not {describe(memory)}")
    xi = np.atleast_2d(array(patterns, "patterns", 1, 2))
    held = array(1.0 * memory.n * xi * np.asarray(memory.field(xi)), "margins", 2)
    pictures = held.reshape(len(xi), *sides(xi[0], shape))
    cmap = matplotlib().colormaps[SHADES].with_extremes(under=VERMILLION)
    tones = {"cmap": cmap, "vmin": 0, "vmax": max(1.5 * held.max(), 1), "interpolation": "nearest"}
    notes = [""] * len(xi)
    return _tiles(pictures, tones, named(names, len(xi), "pattern"), notes, False, ax, told=True)


def _tiles(
    pictures: Array,
    tones: dict[str, Any],
    titles: list[str],
    notes: list[str],
    framed: bool,
    ax: Axes | None,
    told: bool = False,
) -> Axes:
    """Draw pictures in rows of at most five, words above and below each; frame the last."""
    n, rows, columns = pictures.shape[:3]
    down = math.ceil(n / 5)
    across = math.ceil(n / down)
    width, height = columns / max(rows, columns), rows / max(rows, columns)
    dx, dy = max(width, 0.7) + 0.18, height + (0.55 if any(notes) else 0.38)
    zoom = min(2.0 if told else 1.5, SIZE[0] / (dx * across))  # inches a tile
    with styled(ax, (zoom * dx * across, zoom * dy * down), trim=False) as ax:
        text: dict[str, Any] = {"ha": "center", "size": "small", "color": ax.title.get_color()}
        for k, picture in enumerate(pictures):
            x, y = k % across * dx, -(k // across) * dy
            left, right, base = x - width / 2, x + width / 2, y - height
            ax.imshow(picture, extent=(left, right, base, y), **tones)
            edge = (VERMILLION, 2) if framed and k == n - 1 else (GREY, 0.8)
            border = [left, right, right, left, left], [base, base, y, y, base]
            ax.plot(*border, color=edge[0], lw=edge[1])
            ax.text(x, y + 0.05, titles[k], va="bottom", **text)
            ax.text(x, base - 0.05, notes[k], va="top", **text)
            if told and rows * columns <= 100:
                _numbers(ax, picture, left, y, width / columns, tones["vmax"])
        ax.set(xlim=(-dx / 2, (across - 0.5) * dx), ylim=(0.3 - down * dy, 0.3), aspect="equal")
        ax.set_axis_off()
    return ax


def _numbers(ax: Axes, picture: Array, left: float, top: float, side: float, most: float) -> None:
    """Write a picture's numbers into its pixels, of this side."""
    for (row, column), value in np.ndenumerate(picture):
        text = f"{round(float(value), 1) + 0.0:g}".replace("-", "\N{MINUS SIGN}")
        x, y = left + (column + 0.5) * side, top - (row + 0.5) * side
        colour = PAPER if value > 0.6 * most else INK
        ax.text(x, y, text, ha="center", va="center", size="small", color=colour)


def energy(trace: Any, ax: Axes | None = None, *, updates_per_point: float | None = None) -> Axes:
    """Draw the energy against updates.

    Parameters
    ----------
    trace : Recall or array, (T,) or (T, B)
        Energies; B replicas are thin lines under their mean.
    ax : Axes, optional
    updates_per_point : float, optional
        Updates between two recorded energies; by default what a recall says, 1 for an array.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the trace is missing, empty or not finite.

    Examples
    --------
    >>> energy([-1.0, -3.0, -5.0]).get_ylabel()
    'energy E'
    """
    y = recorded(trace, "energy", 1, 2)
    return _traces(y, spacing(trace, len(y), updates_per_point), "energy E", ax)


def hamming(
    trace: Any, ax: Axes | None = None, theory: Any = None, updates_per_point: float | None = None
) -> Axes:
    """Draw the Hamming distance to a pattern against updates.

    Parameters
    ----------
    trace : Recall or array, (T,) or (T, B)
        Distances; B replicas are thin lines under their mean.
    ax : Axes, optional
    theory : array, (T,), optional
        A curve to compare with, at the same points.
    updates_per_point : float, optional
        Updates between two recorded distances; by default what a recall says, 1 for an array.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the trace is missing, empty or not finite, or the theory's length differs from it.

    Examples
    --------
    >>> hamming([3, 1, 0], theory=[3, 1.5, 0.7]).get_ylabel()
    'Hamming distance (neurons)'
    """
    y = recorded(trace, "hamming", 1, 2)
    unit = " (neurons)" if y.dtype.kind in "iu" else ""
    step = spacing(trace, len(y), updates_per_point)
    return _traces(y, step, "Hamming distance" + unit, ax, theory)


def overlaps(
    trace: Any,
    names: Sequence[str] | None = None,
    ax: Axes | None = None,
    *,
    updates_per_point: float | None = None,
) -> Axes:
    """Draw the overlap with each pattern against updates.

    Parameters
    ----------
    trace : Recall or array, (T, P)
        Overlaps m. Beyond eight patterns the largest at the end are named, the others grey.
    names : sequence of str, optional
        P names; by default the patterns' indices.
    ax : Axes, optional
    updates_per_point : float, optional
        Updates between two recorded overlaps; by default what a recall says, 1 for an array.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the trace is missing, empty or not finite, or there are not P names.

    Examples
    --------
    >>> ax = overlaps([[0.5, 0.0], [1.0, 0.1]], names=["A", "X"])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['A', 'X']
    """
    y = recorded(trace, "overlaps", 2)
    labels = named(names, y.shape[1], "pattern")
    t = spacing(trace, len(y), updates_per_point) * np.arange(len(y))
    shown = np.sort(np.argsort(-abs(y[-1]), kind="stable")[: len(CURVES)])
    with styled(ax) as ax:
        ax.axhline(0, color=GREY, lw=0.8, zorder=0)
        ax.plot(t, np.delete(y, shown, axis=1), color=GREY, lw=0.6, alpha=0.6, zorder=1)
        drawn = (law(k, t, y[:, mu], labels[mu]) for k, mu in enumerate(shown))
        curves(ax, drawn, "updates", "overlap m")
        most = 1.05 * max(1.0, float(abs(y).max()))
        ax.set_ylim(-most, most)
        whole_ticks(ax.xaxis)
    return ax


def curve(
    x: Any,
    y: Any,
    error: Any = None,
    theory: Any = None,
    ax: Axes | None = None,
    *,
    xlabel: str = "",
    ylabel: str = "",
    names: Sequence[str] | None = None,
) -> Axes:
    """Draw what was measured against a parameter, as points, beside a theory, as lines.

    Parameters
    ----------
    x : array, (T,)
        The parameter.
    y : array, (T,) or (K, T)
        One curve or several; joined by a line where there is no theory.
    error : array, (T,) or (K, T), optional
        Half the length of the error bars, of the shape of y.
    theory : array, (T,) or (L, T), or a pair (x, y) of arrays, optional
        Lines at the same x, or with their own: (M,) and (M,) or (L, M).
    ax : Axes, optional
    xlabel, ylabel : str
    names : sequence of str, optional
        K names, or K + L with those of the theory's lines.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If sizes disagree, a value is not finite, or an error is negative.

    Examples
    --------
    >>> ax = curve([1, 2, 3], [0.9, 0.8, 0.2], theory=([1, 3], [1, 0]), xlabel="load")
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['theory', 'measured']
    """
    at, measured = _sheaf(x, y, "y")
    bars = measured if error is None else _sheaf(x, error, "error")[1]
    if error is not None and (bars.shape != measured.shape or bars.min() < 0):
        raise ValueError(
            f"error must be {measured.shape} numbers like y, none negative, "
            f"got shape {bars.shape}, least {bars.min():g}"
        )
    t, lines = theory if isinstance(theory, tuple) and len(theory) == 2 else (at, theory)
    t, laws = (at, measured[:0]) if theory is None else _sheaf(t, lines, "theory")
    labels = _labels(names, len(measured), len(laws))
    if error is None and theory is None and at.size > 60:  # too close for marks
        drawn = [law(k, at, values, labels[k]) for k, values in enumerate(measured)]
    else:
        half = [None] * len(measured) if error is None else bars
        drawn = [
            points(k, at, values, labels[k], half[k], joined=theory is None)
            for k, values in enumerate(measured)
        ]
    one = len(laws) == 1 < len(measured)  # of all the curves
    first = 0 if len(laws) == len(measured) > 1 else 1  # each in its curve's colour, or in others
    for k, (values, label) in enumerate(zip(laws, labels[len(measured) :], strict=True)):
        line = law(first + k, t, values, label)
        drawn.append(replace(line, colour=INK, line="-") if one else line)
    words(xlabel, "xlabel"), words(ylabel, "ylabel")
    with styled(ax) as ax:
        curves(ax, drawn, xlabel, ylabel)
        if at.dtype.kind in "iu":
            whole_ticks(ax.xaxis)
    return ax


def histogram(q: Any, n: int | None = None, shared: int = 0, ax: Axes | None = None) -> Axes:
    """Draw overlap sums q = s.xi as bars of width 2 on the lattice where they can lie.

    Parameters
    ----------
    q : array of whole numbers
        Overlap sums (N times the overlap m), all even or all odd.
    n : int, optional
        Number of neurons N; draws the exact law of two random patterns over the bars.
    shared : int
        Sites of the N that are equal by construction.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If q holds a number that is not whole, or that no two such patterns can have.

    Examples
    --------
    >>> [float(bar.get_height()) for bar in histogram([-2, 0, 0, 2]).patches]
    [0.25, 0.5, 0.25]
    """
    raw = array(q, "q", 0, 1, 2, 3).ravel().astype(np.float64)
    sums = np.rint(np.clip(raw, -_LARGEST_SUM, _LARGEST_SUM)).astype(np.int64)
    values, counts = np.unique(sums, return_counts=True)
    if abs(raw - sums).max() > 1e-6 or np.ptp(values % 2):
        raise ValueError(
            "q must hold whole overlap sums (N times the overlap m), all even or all "
            f"odd, got {raw[:4].tolist()} and so on"
        )
    exact: list[Curve] = []
    if n is not None:
        from ..theory.orthogonality import overlap_distribution

        at, p = overlap_distribution(n, shared)
        if not np.isin(values, at).all():
            raise ValueError(
                f"q must lie between {at[0]} and {at[-1]} in steps of 2 for n={n}, "
                f"shared={shared}, got {values[0]} to {values[-1]}"
            )
        shown = (p > 1e-4 * p.max()) | ((at >= values[0]) & (at <= values[-1]))
        mark = "o" if shown.sum() <= 60 else ""
        name = f"exact: mean {shared}, variance {n - shared}"
        exact.append(Curve(at[shown], p[shown], name, VERMILLION, mark=mark))
    with styled(ax) as ax:
        label = f"sample: mean {sums.mean():.2f}, variance {sums.var():.1f}"
        ax.bar(
            values,
            counts / sums.size,
            width=2,
            color=PALE,
            label=label,
            edgecolor=ax.get_facecolor(),
            linewidth=min(0.6, 30 / len(values)),
        )
        curves(ax, exact, "overlap sum q = N m", "probability")
        left, right = (int(x) for x in ax.dataLim.intervalx)
        if right - left > 24:
            whole_ticks(ax.xaxis)
        else:  # room to mark each value that can occur
            ax.set_xticks(range(left - (left - values[0]) % 2, right + 1, 2))
    return ax


def couplings(memory: Memory, blocks: int = 64, ax: Axes | None = None) -> Axes:
    """Draw a memory's couplings as a heat map, averaged over blocks of neurons where N is large.

    Parameters
    ----------
    memory : Memory
        Whose field is W s + b.
    blocks : int
        At most this many blocks a side.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    TypeError, ValueError
        For a memory without couplings between pairs, means that are not finite, or blocks that is
        not a positive whole number.

    Examples
    --------
    >>> import hopfield as hf
    >>> memory = hf.hebb(hf.random_patterns(3, 500, rng=1))
    >>> couplings(memory, blocks=4).images[0].get_array().shape
    (4, 4)
    """
    n = memory.n if isinstance(memory, Memory) else 1  # block_means refuses what is none
    k = min(count(blocks, "blocks", 1), n)
    means = array(block_means(memory, k), "block_means", 2)
    v, edge = float(abs(means).max()) or 1.0, memory.n - 0.5
    cmap = matplotlib().colors.LinearSegmentedColormap.from_list("signed", SIGNED)
    with styled(ax, (5.6, 4.5), trim=False) as ax:
        image = ax.imshow(
            means,
            cmap=cmap,
            vmin=-v,
            vmax=v,
            interpolation="nearest",
            extent=(-0.5, edge, edge, -0.5),
        )
        ax.set(xlabel="neuron j", ylabel="neuron i")
        whole_ticks(ax.xaxis, ax.yaxis)
        colour_bar(ax, image, "coupling W" if k == memory.n else "mean coupling of a block")
    return ax


def basins(
    b: Any, names: Sequence[str] | None = None, ax: Axes | None = None, most: int = 12
) -> Axes:
    """Draw the shares of the starting states that end in each attractor, largest first.

    Parameters
    ----------
    b : Basins
        Anything with ``states`` (K, N), ``counts`` (K,) and ``why`` (K,).
    names : sequence of str, optional
        K names; by default the states' signs where N is small, else their indices.
    ax : Axes, optional
    most : int
        Bars drawn; the other attractors are summed in one more.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If counts do not match the states, or are negative or all zero.

    Examples
    --------
    >>> import hopfield as hf
    >>> found = hf.landscape.basins(hf.hebb([[1, -1, 1]]))
    >>> [text.get_text() for text in basins(found).texts]
    ['50.0%', '50.0%']
    """
    if not (hasattr(b, "states") and hasattr(b, "counts")):
        raise TypeError(f"b must be what hopfield.landscape.basins returns, not {describe(b)}")
    states, counts = array(b.states, "states", 2), 1.0 * array(b.counts, "counts", 1)
    if len(counts) != len(states) or counts.min() < 0 or counts.sum() == 0:
        raise ValueError(
            f"counts must be {len(states)} numbers, one a state, none negative and "
            f"not all zero, got {counts[:8].tolist()}"
        )
    labels = named(_words(states) if names is None else names, len(states), "state")
    ends = [f" ({why})" if "cycle" in why else "" for why in getattr(b, "why", [""] * len(states))]
    order, k = np.argsort(-counts, kind="stable"), count(most, "most", 1)
    shares, labels = counts[order] / counts.sum(), [labels[i] + ends[i] for i in order]
    if others := max(0, len(shares) - k):
        shares, labels = np.append(shares[:k], shares[k:].sum()), [*labels[:k], f"{others} others"]
    with styled(ax, (SIZE[0], 1 + 0.36 * len(shares))) as ax:
        bars = ax.barh(range(len(shares)), shares, height=0.75, color=BLUE)
        if others:
            bars[-1].set_color(GREY)
        ax.bar_label(
            bars,
            [f"{share:.1%}" for share in shares],
            padding=3,
            size="small",
            color=ax.title.get_color(),
        )
        ax.set_yticks(range(len(shares)), labels)
        ax.set(xlabel="share of the starting states", xlim=(0, 1.2 * max(shares)), xticks=[])
        ax.invert_yaxis()
    return ax


def _traces(y: Array, step: float, ylabel: str, ax: Axes | None, theory: Any = None) -> Axes:
    """Draw a trace (T,) or the mean of several (T, B) over thin lines, and a theory."""
    t, replicas = step * np.arange(len(y)), y.reshape(len(y), -1)
    k, several = len(replicas.T), replicas.shape[1] > 1
    name = f"mean of {k}" if several else "recall" * (theory is not None)
    drawn = [Curve(t, replicas.mean(axis=1), name)]
    if theory is not None:
        expected = array(theory, "theory", 1)
        if len(expected) != len(y):
            raise ValueError(
                f"theory must have {len(y)} points like the trace, got {len(expected)}"
            )
        drawn.append(law(1, t, expected, "theory"))
    with styled(ax) as ax:
        if several:
            ax.plot(t, replicas, color=SKY, lw=0.6, alpha=max(0.1, k**-0.5), zorder=1)
        curves(ax, drawn, "updates", ylabel)
        whole_ticks(ax.xaxis)
    return ax


def _sheaf(x: Any, y: Any, name: str) -> tuple[Array, Array]:
    """Check x (T,) and curves (T,) or (K, T) against each other; return the curves as (K, T)."""
    at, found = array(x, "x", 1), np.atleast_2d(array(y, name, 1, 2))
    if found.shape[1] != at.size:
        raise ValueError(f"{name} must have {at.size} points like its x, got {found.shape[1]}")
    return at, found


def _labels(names: Sequence[str] | None, measured: int, laws: int) -> list[str]:
    """Return the names of curves and of their laws; none for a curve that stands alone."""
    labels = ["measured" * (laws > 0)] if measured == 1 else [f"curve {k}" for k in range(measured)]
    labels += ["theory", *[""] * laws][:laws]
    if names is not None:
        both = measured + laws
        given = named(names, both if several(names) == both else measured, "curve")
        labels[: len(given)] = given
    return labels


def _key(ax: Axes, image: Any, states: Array) -> None:
    """Draw what the colours of a raster mean: a swatch a value, or a bar for graded ones."""
    from matplotlib.patches import Patch

    if image.cmap.name == "graded":
        return colour_bar(ax, image, "state")
    names = {-1: "\N{MINUS SIGN}1", 0: "unknown" if image.norm.vmin < -1 else "0", 1: "1"}
    found = {name: image.cmap(image.norm(v)) for v, name in names.items() if (states == v).any()}
    swatches = [Patch(facecolor=c, edgecolor=GREY, lw=0.5, label=name) for name, c in found.items()]
    legend(ax, swatches)


def _tones(x: Array, low: int | None = None) -> dict[str, Any]:
    """Return how imshow colours states: two or three flat colours, or a ramp for graded ones.

    What ends in red, green and blue has its own.
    """
    if x.ndim > 2 and x.shape[-1] == 3 and x.dtype == np.uint8:
        return {"interpolation": "nearest"}
    colors = matplotlib().colors
    least, most, flat = span(x, low)
    tones = [LOW, UNKNOWN, HIGH] if least else [LOW, HIGH]
    cmap = (
        colors.ListedColormap(tones)
        if flat
        else colors.LinearSegmentedColormap.from_list("graded", [LOW, HIGH])
    )
    edge = 0.5 * flat
    return {"cmap": cmap, "vmin": least - edge, "vmax": most + edge, "interpolation": "nearest"}


def _words(states: Array) -> list[str] | None:
    """Return small states spelt out in + and − (or in 1 and 0)."""
    low, _, flat = span(states)
    signs = {-1: "\N{MINUS SIGN}", 0: "0", 1: "+" if low else "1"}
    if states.shape[1] > 12 or not flat:
        return None
    return ["\N{THIN SPACE}".join(signs[int(s)] for s in state) for state in states]
