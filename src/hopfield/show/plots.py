"""Figures: rasters, pictures, traces, curves, overlap laws, couplings, basins and animations.

Each drawing function takes ``ax=`` and returns the Axes it drew on; without one it makes a figure
of its own and leaves it open for the caller to show, save or close.
"""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base.checks import Array, count as whole, missing, number, real

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
    "overlaps",
    "pattern",
    "raster",
]

Shape = tuple[int, int]

# Okabe and Ito's colours; line styles keep the curves apart in greyscale too.
BLUE, ORANGE, GREEN, VERMILLION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PINK, SKY, PALE, GREY = "#CC79A7", "#56B4E9", "#A5D6F3", "#8A8A8A"
LOW, UNKNOWN, HIGH = "#E9EEF3", ORANGE, "#0B2F4E"
SIGNED = ("#FFF0B3", "#E5BE55", "#A6A6A6", "#3F7FB3", HIGH)  # diverges in hue, darkens throughout
CURVES = [
    (BLUE, "-"),
    (VERMILLION, "--"),
    (GREEN, "-."),
    (PINK, ":"),
    (ORANGE, "--"),
    (SKY, "-."),
    (BLUE, ":"),
    (VERMILLION, "-"),
]
STYLE: Any = {
    "axes.facecolor": "white",
    "axes.edgecolor": "#444444",
    "text.color": "black",
    "axes.labelcolor": "black",
    "axes.titlecolor": "auto",
    "axes.linewidth": 0.8,
    "axes.grid": False,
    "font.size": 11,
    "axes.titlesize": 11,
    "axes.labelsize": 11,
}
SIZE, FRAMES, PIXELS, LARGEST = (5.2, 3.4), 200, 300, 2000


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
    states = _trace(recall_or_states, "states", 2)
    step, tones = _step(recall_or_states, len(states), updates_per_point), _tones(states, low)
    with styled(ax, SIZE) as ax:
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
        Pattern; 0 is unknown beside -1 and +1.
    shape : (rows, columns), optional
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
    picture = _numbers(x, "x", 1, 2)
    picture = picture.reshape(_shape(picture, shape))
    tones, height = _tones(picture, low), 3 * picture.shape[0] / picture.shape[1]
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
        Stored patterns.
    cue : array, (N,), optional
    recalled : Recall or array, (N,), optional
        What came back; its overlap m with each stored pattern stands under that pattern.
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
    patterns = np.atleast_2d(_numbers(stored, "stored", 1, 2))
    rows, columns = _shape(patterns[0], shape)
    titles, tiles = _names(names, len(patterns), "pattern"), list(patterns)
    for title, x in (("cue", cue), ("recalled", getattr(recalled, "state", recalled))):
        if x is not None:
            titles.append(title)
            tiles.append(_numbers(x, title, 1))
            if tiles[-1].size != tiles[0].size:
                raise ValueError(
                    f"{title} must have {tiles[0].size} neurons like the stored "
                    f"patterns, got {tiles[-1].size}"
                )
    states, notes = np.stack(tiles), [""] * len(tiles)
    tones, signs = _tones(states), (2.0 * states - 1 if _range(states)[0] == 0 else 1.0 * states)
    if recalled is not None:
        for k, m in enumerate(signs[: len(patterns)] @ signs[-1] / signs.shape[1]):
            notes[k] = f"m = {round(float(m), 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")
    end = None if recalled is None else tiles[-1]
    down = math.ceil(len(tiles) / 5)
    across = math.ceil(len(tiles) / down)
    width, height = columns / max(rows, columns), rows / max(rows, columns)
    dx, dy = max(width, 0.7) + 0.18, height + 0.55
    with styled(ax, (1.25 * dx * across, 1.25 * dy * down), trim=False) as ax:
        text: dict[str, Any] = {"ha": "center", "size": "small", "color": ax.title.get_color()}
        for k, tile in enumerate(tiles):
            x, y, result = k % across * dx, -(k // across) * dy, tile is end
            left, right, base = x - width / 2, x + width / 2, y - height
            ax.imshow(tile.reshape(rows, columns), extent=(left, right, base, y), **tones)
            ax.plot(
                [left, right, right, left, left],
                [base, base, y, y, base],
                color=VERMILLION if result else GREY,
                lw=2 if result else 0.8,
            )
            ax.text(x, y + 0.05, titles[k], va="bottom", **text)
            ax.text(x, base - 0.05, notes[k], va="top", **text)
        ax.set(xlim=(-dx / 2, (across - 0.5) * dx), ylim=(0.3 - down * dy, 0.3), aspect="equal")
        ax.set_axis_off()
    return ax


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
    y = _trace(trace, "energy", 1, 2)
    return _curves(y, _step(trace, len(y), updates_per_point), "energy E", ax)


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
    y = _trace(trace, "hamming", 1, 2)
    unit = " (neurons)" if y.dtype.kind in "iu" else ""
    step = _step(trace, len(y), updates_per_point)
    return _curves(y, step, "Hamming distance" + unit, ax, theory)


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
    y = _trace(trace, "overlaps", 2)
    labels = _names(names, y.shape[1], "pattern")
    t = _step(trace, len(y), updates_per_point) * np.arange(len(y))
    named = np.sort(np.argsort(-abs(y[-1]), kind="stable")[: len(CURVES)])
    with styled(ax, SIZE) as ax:
        ax.axhline(0, color=GREY, lw=0.8, zorder=0)
        ax.plot(t, np.delete(y, named, axis=1), color=GREY, lw=0.6, alpha=0.6)
        for mu, (colour, line) in zip(named, CURVES, strict=False):
            _line(ax, t, y[:, mu], line, colour, labels[mu])
        span = 1.05 * max(1.0, float(abs(y).max()))
        ax.set(xlabel="updates", ylabel="overlap m", ylim=(-span, span))
        whole_ticks(ax.xaxis)
        legend(ax)
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
        One curve or several; joined by a line where there are neither error bars nor a theory.
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
    at, points = _sheaf(x, y, "y")
    bars = None if error is None else _sheaf(x, error, "error")[1]
    if bars is not None and (bars.shape != points.shape or bars.min() < 0):
        raise ValueError(
            f"error must be {points.shape} numbers like y, none negative, "
            f"got shape {bars.shape}, least {bars.min():g}"
        )
    t, lines = theory if isinstance(theory, tuple) and len(theory) == 2 else (at, theory)
    t, laws = (at, points[:0]) if theory is None else _sheaf(t, lines, "theory")
    k, both, loose = len(points), len(points) + len(laws), error is not None or theory is not None
    labels = ["measured"] if k == 1 else [f"curve {i}" for i in range(k)]
    labels += ["theory", *[""] * both][: len(laws)]
    if names is not None:
        labels[: len(names)] = _names(names, both if len(names) == both else k, "curve")
    with styled(ax, SIZE) as ax:
        for i in range(k):
            colour, line = CURVES[i % 8]
            mark = "os^Dv<>P"[i % 8] if loose or at.size <= 60 else ""
            ax.errorbar(
                at,
                points[i],
                None if bars is None else bars[i],
                color=colour,
                lw=1.5,
                ls="" if loose else line,
                marker=mark,
                ms=4.5,
                capsize=2,
                label=labels[i],
            )
        first = 0 if len(laws) == k > 1 else 1  # each in its curve's colour, or in others
        for i, law in enumerate(laws):
            one = len(laws) == 1 < k  # of all the curves
            colour, line = ("black", "-") if one else CURVES[(first + i) % 8]
            ax.plot(t, law, line, color=colour, lw=1.5, zorder=1.5, label=labels[k + i])
        ax.set(xlabel=xlabel, ylabel=ylabel)
        if at.dtype.kind in "iu":
            whole_ticks(ax.xaxis)
        if both > 1 or names is not None:
            legend(ax)
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
    raw = _numbers(q, "q", 0, 1, 2, 3).ravel()
    sums = np.rint(raw).astype(np.int64)
    values, counts = np.unique(sums, return_counts=True)
    if abs(raw - sums).max() > 1e-6 or np.ptp(values % 2):
        raise ValueError(
            "q must hold whole overlap sums (N times the overlap m), all even or all "
            f"odd, got {raw[:4].tolist()} and so on"
        )
    if n is not None:
        from ..theory.orthogonality import overlap_distribution

        at, law = overlap_distribution(n, shared)
        if not np.isin(values, at).all():
            raise ValueError(
                f"q must lie between {at[0]} and {at[-1]} in steps of 2 for n={n}, "
                f"shared={shared}, got {values[0]} to {values[-1]}"
            )
    with styled(ax, SIZE) as ax:
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
        if n is not None:
            shown = (law > 1e-4 * law.max()) | ((at >= values[0]) & (at <= values[-1]))
            ax.plot(
                at[shown],
                law[shown],
                "-o" if shown.sum() <= 60 else "-",
                color=VERMILLION,
                ms=3.5,
                lw=1.2,
                label=f"exact: mean {shared}, variance {n - shared}",
            )
        ax.set(xlabel="overlap sum q = N m", ylabel="probability")
        left, right = (int(x) for x in ax.dataLim.intervalx)
        if right - left > 24:
            whole_ticks(ax.xaxis)
        else:  # room to mark each value that can occur
            ax.set_xticks(range(left - (left - values[0]) % 2, right + 1, 2))
        legend(ax)
    return ax


def couplings(memory: Any, blocks: int = 64, ax: Axes | None = None) -> Axes:
    """Draw a memory's couplings as a heat map, averaged over blocks of neurons where N is large.

    Parameters
    ----------
    memory : Memory
        Anything with ``n`` and ``block_means(k)``.
    blocks : int
        At most this many blocks a side.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If blocks is not a positive whole number, or the means are not finite.

    Examples
    --------
    >>> import hopfield as hf
    >>> memory = hf.hebb(hf.random_patterns(3, 500, rng=1))
    >>> couplings(memory, blocks=4).images[0].get_array().shape
    (4, 4)
    """
    k = min(whole(blocks, "blocks", 1), memory.n)
    means = _numbers(memory.block_means(k), "block_means", 2)
    v, edge = float(abs(means).max()) or 1.0, memory.n - 0.5
    cmap = _matplotlib().colors.LinearSegmentedColormap.from_list("signed", SIGNED)
    with styled(ax, (4.6, 3.7), trim=False) as ax:
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
    states, counts = _numbers(b.states, "states", 2), 1.0 * _numbers(b.counts, "counts", 1)
    if len(counts) != len(states) or counts.min() < 0 or counts.sum() == 0:
        raise ValueError(
            f"counts must be {len(states)} numbers, one a state, none negative and "
            f"not all zero, got {counts[:8].tolist()}"
        )
    labels = _names(_words(states) if names is None else names, len(states), "state")
    ends = [f" ({why})" if "cycle" in why else "" for why in getattr(b, "why", [""] * len(states))]
    order, k = np.argsort(-counts, kind="stable"), whole(most, "most", 1)
    shares, labels = counts[order] / counts.sum(), [labels[i] + ends[i] for i in order]
    if others := max(0, len(shares) - k):
        shares, labels = np.append(shares[:k], shares[k:].sum()), [*labels[:k], f"{others} others"]
    with styled(ax, (SIZE[0], 1 + 0.3 * len(shares))) as ax:
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


def animate(
    states: Any,
    path: str | PathLike[str],
    shape: Shape | None = None,
    fps: float = 12,
    scale: int | None = None,
    hold: float = 1.0,
    *,
    low: int | None = None,
) -> Path:
    """Write states as a moving picture, a ``.gif`` through Pillow or an ``.mp4`` through ffmpeg.

    Parameters
    ----------
    states : Recall or array, (T, N)
        States, or a recall that recorded them; thinned evenly to at most 200 frames.
    path : str or path
        Ends in ``.gif`` or ``.mp4``; replaced only once the film is whole.
    shape : (rows, columns), optional
        As in `pattern`.
    fps : float
        Frames a second, 0.1 to 50.
    scale : int, optional
        Pixels a neuron; by default what makes the longer side about 300, at most 2000 a side.
    hold : float
        Seconds, at most 60, that the last frame stays on.
    low : {-1, 0}, optional
        As in `raster`.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        If an argument is out of its range, or the recall kept no states.
    RuntimeError
        If ffmpeg is missing or fails.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     animate([[1, -1, -1, 1], [1, 1, 1, 1]], folder + "/flip.gif").name
    'flip.gif'
    """
    kept, target = _trace(states, "states", 2), Path(path)
    size, writer = _shape(kept[0], shape), {".gif": _gif, ".mp4": _mp4}.get(target.suffix.lower())
    if writer is None:
        raise ValueError(f"path must end in .gif or .mp4, got {target.name!r}")
    fps, hold = _between(fps, "fps", 0.1, 50), _between(hold, "hold", 0, 60)
    zoom = max(1, round(PIXELS / max(size))) if scale is None else scale
    top = max(1, LARGEST // max(size))
    pixel = np.ones([whole(zoom, "scale", 1, top)] * 2, np.uint8)
    least, most, _ = _range(kept, low)
    index = np.unique(np.linspace(0, len(kept) - 1, min(len(kept), FRAMES)).round().astype(int))
    grey = np.rint(255 * (most - kept[index]) / (most - least)).astype(np.uint8)
    writer([np.kron(frame.reshape(size), pixel) for frame in grey], target, fps, hold)
    return target


def _gif(frames: list[Array], path: Path, fps: float, hold: float) -> None:
    try:
        from PIL import Image
    except ImportError as error:
        raise missing("GIFs need Pillow", "plots") from error
    from ..io.files import atomic_path

    first, *rest = map(Image.fromarray, frames)
    times = [round(1000 / fps)] * len(frames)
    times[-1] += round(1000 * hold)
    with atomic_path(path) as tmp:
        first.save(tmp, "GIF", save_all=True, append_images=rest, duration=times, loop=0)


def _mp4(frames: list[Array], path: Path, fps: float, hold: float) -> None:
    from ..io.files import atomic_path

    program = shutil.which("ffmpeg")
    if program is None:
        raise RuntimeError("an .mp4 needs the program ffmpeg on the PATH; a .gif does not")
    # H.264 in its common form wants even sides: repeat the last row or column where one is odd.
    even = [np.pad(frame, [(0, side % 2) for side in frame.shape], mode="edge") for frame in frames]
    height, width = even[0].shape
    with atomic_path(path) as tmp:
        done = subprocess.run(
            [
                program,
                "-y",
                "-loglevel",
                "error",
                "-f",
                "rawvideo",
                "-pix_fmt",
                "gray",
                "-s",
                f"{width}x{height}",
                "-r",
                f"{fps:g}",
                "-i",
                "-",
                "-c:v",
                "libx264",
                "-pix_fmt",
                "yuv420p",
                "-movflags",
                "+faststart",
                str(Path(tmp).resolve()),
            ],
            input=b"".join(map(np.ndarray.tobytes, even + even[-1:] * round(hold * fps))),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            message = done.stderr.decode(errors="replace").strip()[-300:]
            raise RuntimeError(f"ffmpeg could not write {path.name}: {message}")


@contextmanager
def styled(ax: Axes | None, size: tuple[float, float], trim: bool = True) -> Iterator[Axes]:
    """Yield the Axes given, in its owner's style, or new Axes in ours."""
    if ax is not None:
        if not hasattr(ax, "imshow"):
            raise TypeError(f"ax must be a matplotlib Axes, got {type(ax).__name__}")
        yield ax
    else:
        _matplotlib()
        from matplotlib import pyplot as plt

        # Outside the context: the first figure of a notebook makes it interactive.
        figure = plt.figure(figsize=size, layout="compressed", facecolor="white")
        with plt.rc_context(STYLE):
            try:
                ax = figure.add_subplot()
                # Ticks are made when drawn, after the style is gone: pin what they need.
                ax.tick_params(labelsize=10, color="#444444", labelcolor="#444444")
                yield ax
            except BaseException:
                plt.close(figure)
                raise
    if trim:
        ax.spines[["top", "right"]].set_visible(False)


def _matplotlib() -> Any:
    try:
        import matplotlib.colors
    except ImportError as error:
        raise missing("figures need matplotlib", "plots") from error
    return matplotlib


def _curves(y: Array, step: float, label: str, ax: Axes | None, theory: Any = None) -> Axes:
    t, y = step * np.arange(len(y)), y.reshape(len(y), -1)
    law = None if theory is None else _numbers(theory, "theory", 1)
    if law is not None and len(law) != len(y):
        raise ValueError(f"theory must have {len(y)} points like the trace, got {len(law)}")
    count = y.shape[1]
    with styled(ax, SIZE) as ax:
        if count > 1:
            ax.plot(t, y, color=SKY, lw=0.6, alpha=max(0.1, count**-0.5))
        name = f"mean of {count}" if count > 1 else "recall"
        _line(ax, t, y.mean(axis=1), "-", BLUE, name)
        if law is not None:
            _line(ax, t, law, "--", VERMILLION, "theory")
        ax.set(xlabel="updates", ylabel=label)
        whole_ticks(ax.xaxis)
        if count > 1 or law is not None:
            legend(ax)
    return ax


def _sheaf(x: Any, y: Any, name: str) -> tuple[Array, Array]:
    """Check x (T,) and curves (T,) or (K, T) against each other; return the curves as (K, T)."""
    at, curves = _numbers(x, "x", 1), np.atleast_2d(_numbers(y, name, 1, 2))
    if curves.shape[1] != at.size:
        raise ValueError(f"{name} must have {at.size} points like its x, got {curves.shape[1]}")
    return at, curves


def _key(ax: Axes, image: Any, states: Array) -> None:
    """What the colours of a raster mean: a swatch for each value, or a bar for graded ones."""
    from matplotlib.patches import Patch

    if image.cmap.name == "graded":
        return colour_bar(ax, image, "state")
    names = {-1: "\N{MINUS SIGN}1", 0: "unknown" if image.norm.vmin < -1 else "0", 1: "1"}
    found = {name: image.cmap(image.norm(v)) for v, name in names.items() if (states == v).any()}
    swatches = [Patch(facecolor=c, edgecolor=GREY, lw=0.5, label=name) for name, c in found.items()]
    legend(ax, swatches)


def _line(ax: Axes, t: Array, y: Array, line: str, colour: str, label: str) -> None:
    mark = "o" if len(t) == 1 else ""  # a line of one point would not be seen
    ax.plot(t, y, line, color=colour, lw=1.8, ms=4, marker=mark, label=label)


def legend(ax: Axes, handles: Any = None) -> None:
    """Put the legend above the axes, where it hides no data, in as many columns as fit."""
    if not (handles := handles or ax.get_legend_handles_labels()[0]):
        return
    inches = [0.55 + 0.065 * len(str(handle.get_label())) for handle in handles]
    room = ax.bbox.width / ax.figure.dpi
    columns = len(inches) if sum(inches) <= room else max(1, int(room / max(inches)))
    ax.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        frameon=False,
        ncols=columns,
        fontsize="small",
        borderaxespad=0.2,
        columnspacing=1.2,
        handlelength=2.4,
        labelcolor=ax.title.get_color(),
    )


def colour_bar(ax: Axes, image: Any, label: str) -> None:
    bar, ink = ax.figure.colorbar(image, ax=ax), ax.title.get_color()
    bar.set_label(label, color=ink)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize="small", color=ink, labelcolor=ink)


def whole_ticks(*axes: Any) -> None:
    from matplotlib.ticker import MaxNLocator

    for axis in axes:
        ticks = MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True, min_n_ticks=1)
        axis.set_major_locator(ticks)


def _range(x: Array, low: int | None = None) -> tuple[float, float, bool]:
    """Low and high ends, and whether the states are just -1, 0 and 1."""
    span = max(1.0, float(x.max()), -float(x.min()))
    if low is None:
        low = 0 if x.min() >= 0 and x.max() > 0 else -1
    if low not in (-1, 0) or (low == 0 and x.min() < 0):
        raise ValueError(f"low must be -1, or 0 where no state is negative, got {low}")
    return low * span, span, bool(span == 1 and (x == np.trunc(x)).all())


def _tones(x: Array, low: int | None = None) -> dict[str, Any]:
    """How imshow colours states: two or three flat colours, or a ramp for graded ones."""
    colors = _matplotlib().colors
    least, most, flat = _range(x, low)
    tones = [LOW, UNKNOWN, HIGH] if least else [LOW, HIGH]
    cmap = (
        colors.ListedColormap(tones)
        if flat
        else colors.LinearSegmentedColormap.from_list("graded", [LOW, HIGH])
    )
    edge = 0.5 * flat
    return {"cmap": cmap, "vmin": least - edge, "vmax": most + edge, "interpolation": "nearest"}


def _trace(x: Any, name: str, *dims: int) -> Array:
    """The array itself, or what a recall recorded under this name."""
    if not hasattr(x, "why"):
        return _numbers(x, name, *dims)
    kept, shape = x.trace, np.shape(x.state)
    if isinstance(kept, dict):
        kept = kept.get(name)
    elif name != "overlaps" and np.shape(kept)[1:] != shape[: None if name == "states" else -1]:
        kept = None  # a record of something else
    if kept is None:
        record = "hamming_to" if name == "hamming" else name
        raise ValueError(
            f"{name} must have been recorded to be drawn: "
            f"recall(..., record=hf.{record}(...)) keeps it"
        )
    return _numbers(kept, name, *dims)


def _step(x: Any, points: int, given: float | None) -> float:
    """Updates from one recorded point to the next."""
    step = 1.0 if given is None else given
    if given is None and points > 1 and hasattr(x, "why"):
        made, n = int(np.max(x.updates)), np.shape(x.state)[-1]
        step = n if made // n == points - 1 else made / (points - 1)  # a sweep may be cut short
    return _between(step, "updates_per_point", 1e-9, 1e12)


def _numbers(x: Any, name: str, *dims: int) -> Array:
    a = real(x, name)
    if a.ndim not in dims:
        kind = " or ".join(f"{d}-d" for d in dims)
        raise ValueError(f"{name} must be a {kind} array; its shape is {a.shape}")
    return a.astype(np.int8) if a.dtype.kind == "b" else a


def _between(x: Any, name: str, least: float, most: float) -> float:
    if not least <= number(x, name) <= most:
        raise ValueError(f"{name} must be a number from {least:g} to {most:g}, not {x:g}")
    return float(x)


def _names(names: Sequence[str] | None, count: int, kind: str) -> list[str]:
    if names is None:
        return [f"{kind} {k}" for k in range(count)]
    if isinstance(names, str) or len(names) != count:
        raise ValueError(f"names must be {count} strings, got {names!r}")
    return [str(name) for name in names]


def _words(states: Array) -> list[str] | None:
    """Small states spelt out in + and − (or in 1 and 0)."""
    low, _, flat = _range(states)
    signs = {-1: "\N{MINUS SIGN}", 0: "0", 1: "+" if low else "1"}
    if states.shape[1] > 12 or not flat:
        return None
    return ["\N{THIN SPACE}".join(signs[int(s)] for s in state) for state in states]


def _shape(x: Array, shape: Shape | None) -> Shape:
    if shape is None and x.ndim == 2:
        return x.shape
    if shape is None:
        rows = next(d for d in range(math.isqrt(x.size), 0, -1) if x.size % d == 0)
        return rows, x.size // rows
    sides = np.asarray(shape)
    if sides.shape != (2,) or sides.dtype.kind not in "iu" or min(shape) < 1:
        raise ValueError(f"shape must be two whole numbers (rows, columns), got {shape!r}")
    if sides.prod() != x.size:
        raise ValueError(f"shape must multiply to {x.size}, the number of neurons, got {shape}")
    return int(sides[0]), int(sides[1])
