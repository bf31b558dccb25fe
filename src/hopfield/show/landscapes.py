"""The energy as a landscape: all states of a small network, a plane through some of a large one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.landscape import Plane, cells, identify, laid_out, valleys
from ..analysis.planes import LARGEST, square
from ..base.checks import Array, Floats, describe, flag, vectors
from ..core.memory import Memory
from ..core.network import network
from .arrays import array, named, recorded
from .canvas import colour_bar, legend, matplotlib, styled
from .palette import CURVES, GREY, HEAT, INK, PAPER, VERMILLION

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["landscape"]
__dir__ = __all__.copy

FINE = 81  # places along a side of a slice
NEAR = 0.5  # to a plane, in units of sqrt(N); random states are 1 away
LEVELS = 16  # of the contours, about
_PLANE = 200  # states of a path that its plane is laid through, at most


def landscape(
    memory: Memory,
    path: Any = None,
    patterns: Any = None,
    ax: Axes | None = None,
    *,
    plane: Plane | None = None,
    names: Sequence[str] | None = None,
    surface: bool = False,
) -> Axes:
    """Draw the energy as a landscape, and on it the path of a run.

    Of 16 two-valued neurons or fewer, exactly: each cell is a state, neighbouring cells differ in
    one neuron, its colour says at which fixed point it ends (neurons visited in turn), and it is
    the darker the deeper it lies. Of a larger network, a slice: the plane through two patterns and
    the start of the path, or that which lies closest to the path. Places outside the neurons' two
    values have the energy of the nearest state within them.

    Parameters
    ----------
    memory : Memory
        With an energy.
    path : Recall or array, (T, N) or (N,), optional
        A recall that recorded its states, or states; drawn where they project to.
    patterns : array, (P, N), optional
        By default those that the memory holds; marked are those that lie near the plane, within
        half of sqrt(N) from it.
    ax : Axes, optional
        For a surface one in three dimensions.
    plane : landscape.Plane, optional
        Where to cut; also of a small network, which is cut then.
    names : sequence of str, optional
        P names of the patterns; by default their indices.
    surface : bool
        Draw a slice in three dimensions.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError, ValueError
        If the memory has no energy, sizes disagree, or what is given lies on one line.

    Examples
    --------
    >>> import hopfield as hf
    >>> ax = landscape(hf.hebb(hf.random_patterns(2, 10, rng=1)))
    >>> ax.images[0].get_array().shape
    (32, 32, 3)
    """
    if not isinstance(memory, Memory):
        raise TypeError(f"memory must be a hopfield memory, not {describe(memory)}")
    memory, neuron, _ = network(memory)
    given = getattr(memory, "patterns", None) if patterns is None else patterns
    xi = np.empty((0, memory.n)) if given is None else _rows(given, "patterns", memory.n)
    labels = named(names, len(xi), "pattern")
    trail = np.empty((0, memory.n)) if path is None else _trail(path, memory.n)
    small = 2 <= memory.n <= LARGEST and neuron.states is not None
    if small and plane is None and not flag(surface, "surface"):
        return _sheet(memory, trail, xi, labels, ax)
    cut = _cut(trail, xi) if plane is None else plane
    if not isinstance(cut, Plane):
        raise TypeError(f"plane must be a hopfield.landscape.Plane, not {describe(plane)}")
    return _slice(memory, cut, trail, (xi, labels), ax, surface)


def _rows(x: Any, name: str, n: int) -> Array:
    return np.atleast_2d(vectors(array(x, name, 1, 2), name, n))


def _trail(path: Any, n: int) -> Array:
    """Return the states of a path (T, N)."""
    return np.atleast_2d(vectors(recorded(path, "states", 1, 2), "path", n))


def _cut(trail: Array, xi: Array) -> Plane:
    """Return the plane through two patterns and where a path begins, or else close to the path."""
    some = trail[np.linspace(0, len(trail) - 1, min(len(trail), _PLANE)).astype(int)]
    best = [xi[:2], trail[:1] if len(trail) else xi[2:3]] if len(xi) > 1 else [some, xi]
    for points in (best, [xi, -xi[:2], some]):  # the path may begin at one of the two
        try:
            return Plane.of(np.concatenate(points))
        except ValueError:
            continue
    raise ValueError("path must not lie on one line where there are not two patterns: give plane=")


# ---- all states ----------------------------------------------------------------------------


def _sheet(memory: Memory, trail: Array, xi: Array, labels: list[str], ax: Axes | None) -> Axes:
    """Draw all states, each in the colour of where it ends."""
    from matplotlib.patches import Patch

    _, neuron, _ = network(memory)
    ends, which = valleys(memory)
    states = laid_out(memory.n, neuron.states or (-1, 1))
    energy = np.asarray(memory.energy(states.reshape(-1, memory.n))).reshape(which.shape)
    depth = (energy.max() - energy) / (np.ptp(energy) or 1.0)
    rgb = matplotlib().colors.to_rgb
    tones = np.array([rgb(CURVES[k][0]) for k in range(6)] + [rgb(GREY)])
    kind = np.where((which < 0) | (which > 5), 6, which)
    share = (0.12 + 0.88 * depth**1.5)[..., None]
    words = [
        str(identify(end, xi).named(labels)) if len(xi) else f"fixed point {k}"
        for k, end in enumerate(ends[:6])
    ]
    swatches = [Patch(facecolor=tones[k], label=word) for k, word in enumerate(words)]
    if (kind == 6).any():
        swatches.append(Patch(facecolor=GREY, label="others"))
    with styled(ax, (6.4, 6.4), trim=False) as ax:
        ax.imshow(share * tones[kind] + (1 - share) * np.array(rgb(PAPER)), interpolation="nearest")
        ax.plot(*_xy(ends), "o", ms=7, mfc=PAPER, mec=INK, mew=1.2, zorder=3)
        if len(trail):
            ax.plot(*_xy(trail), "o", ms=5, color=VERMILLION, zorder=5)
            _path(ax, _xy(trail))
        half = memory.n // 2
        ax.set(
            xlabel=f"neurons {half} to {memory.n - 1}",
            ylabel=f"neurons 0 to {half - 1}",
            xticks=[],
            yticks=[],
        )
        legend(ax, swatches)
    return ax


def _xy(states: Array) -> Any:
    """Return the columns and the rows of states on the sheet, (2, K)."""
    return cells(states).T[::-1]


def _path(ax: Axes, at: Any) -> None:
    """Draw a path of places (2, T) or (3, T), a ring at its start, a dot at its end."""
    look: dict[str, Any] = {"color": VERMILLION, "zorder": 5}
    at = [np.asarray(part) for part in at]
    ax.plot(*at, lw=4, color=PAPER, zorder=4, solid_joinstyle="round")
    ax.plot(*at, lw=2, solid_joinstyle="round", **look)
    ax.plot(*(part[:1] for part in at), "o", ms=8, mfc=PAPER, mew=2, **look)
    ax.plot(*(part[-1:] for part in at), "o", ms=8, mec=PAPER, **look)


# ---- a slice -------------------------------------------------------------------------------


def _slice(
    memory: Memory,
    plane: Plane,
    trail: Array,
    stored: tuple[Array, list[str]],
    ax: Axes | None,
    surface: bool,
) -> Axes:
    """Draw the energies of a plane, with what projects to it."""
    marks: Floats = np.empty((0, 2))
    labels: list[str] = []
    for x, name in zip(*stored, strict=True):
        place = plane.places(x)
        if np.linalg.norm(x - plane.at(place)) < NEAR * memory.n**0.5:
            marks, labels = np.vstack([marks, place]), [*labels, name]
    way = plane.places(trail) if len(trail) else np.empty((0, 2))
    u, v = _sides(np.concatenate([marks, way, [[0.0, 0.0]]]))
    places = np.stack(np.meshgrid(u, v), axis=-1)
    energy = plane.energies(memory, places)
    draw = _relief if surface else _map
    with styled(ax, (6.4, 5.6), trim=False, projection="3d" if surface else None) as ax:
        draw(ax, (u, v, energy), lambda x: plane.energies(memory, x), way, (marks, labels))
        ax.set(xlabel=r"along the plane, in $\sqrt{N}$", ylabel=r"across, in $\sqrt{N}$")
    return ax


def _sides(points: Floats) -> tuple[Floats, Floats]:
    """Return the places along the two sides of a rectangle about points, of equal scale."""
    u, v = np.linspace(*square(points), FINE, axis=1)
    return u, v


def _map(ax: Any, ground: Any, height: Any, way: Floats, marks: tuple[Floats, list[str]]) -> None:
    """Draw a slice as a map with contours."""
    u, v, energy = ground
    image = ax.contourf(u, v, energy, LEVELS, cmap=HEAT)
    ax.contour(u, v, energy, image.levels, colors=PAPER, linewidths=0.4, alpha=0.6)
    for (x, y), name in zip(*marks, strict=True):
        ax.plot(x, y, "D", ms=7, mfc=PAPER, mec=INK, mew=1.2, zorder=3)
        box = {"fc": PAPER, "ec": "none", "alpha": 0.75, "pad": 1.5}
        ax.annotate(
            name,
            (x, y),
            (0, 9),
            textcoords="offset points",
            ha="center",
            size="small",
            color=INK,
            bbox=box,
            zorder=6,
        )
    if len(way):
        _path(ax, way.T)
    ax.set(aspect="equal", xlim=u[[0, -1]], ylim=v[[0, -1]])
    colour_bar(ax, image, "energy E")


def _relief(
    ax: Any, ground: Any, height: Any, way: Floats, marks: tuple[Floats, list[str]]
) -> None:
    """Draw a slice as a surface."""
    u, v, energy = ground
    if not hasattr(ax, "plot_surface"):
        raise TypeError("ax must be one in three dimensions for a surface")
    ax.computed_zorder = False
    ground = *np.meshgrid(u, v), energy
    ax.plot_surface(*ground, cmap=HEAT, rcount=FINE, ccount=FINE, antialiased=False, zorder=1)
    above = 0.02 * np.ptp(energy)
    for place, name in zip(*marks, strict=True):
        top = float(height(place)) + above
        ax.plot(*place[:, None], [top], "D", ms=7, mfc=PAPER, mec=INK, zorder=6)
        ax.text(*place, top + 3 * above, name, size="small", color=INK, zorder=7)
    if len(way):
        _path(ax, [*way.T, height(way) + above])
    ax.set_zlabel("energy E")
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_major_locator(matplotlib().ticker.MaxNLocator(4))
        axis.labelpad = 10
    ax.set_box_aspect((4, 4, 3), zoom=0.85)
    ax.view_init(elev=38, azim=-60)
