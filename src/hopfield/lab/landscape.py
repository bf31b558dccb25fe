"""The landscape of the lab: the energy over a plane of states, or over all of a small network."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..analysis.landscape import identify
from ..analysis.planes import LARGEST, Plane, cells, laid_out, square, valleys
from ..base.checks import Floats, choice
from ..core.memory import Memory, NoEnergy
from ..core.network import network
from ..core.patterns import random_patterns

if TYPE_CHECKING:
    from .session import Session

PLANES = {  # what the menu says
    "pair": "two patterns and their inverses",
    "cue": "two patterns and the cue",
    "path": "along the run",
    "states": "all states",
}
STRAIGHT = 1e-6  # of a pattern is left beside another one: they lie on one line
ROUND = 96  # directions in which the edge of the states is looked for
NEAR = 0.5  # from the plane, in units of sqrt(N): patterns that the map shows
MARGIN = 0.13  # of the map, about what it shows
NAMED = 6  # ends of a small network that have colours of their own
Answer = dict[str, Any]


def seen(lab: Session, kind: str, first: int, second: int, states: npt.NDArray[Any]) -> Answer:
    """Return where to cut: a plane and what lies on it, or all states; or why there is nothing.

    Parameters
    ----------
    lab : Session
        Whose memory it is. Its ``plane`` is what `heights` asks.
    kind : str
        One of `PLANES`.
    first, second : int
        The patterns that the plane goes through.
    states : ndarray of shape (1 + T, N)
        The cue, and states of the run.
    """
    choice(kind, "kind", list(PLANES))
    if why := lacking(lab.memory, lab.n, between=kind != "states"):
        return {"kind": "none", "words": why}
    if kind == "states":
        return sheet(lab.memory, lab.xi, lab.names)
    try:
        plane = cut(kind, lab.xi[[first, second]].astype(np.float64), states)
    except ValueError:
        return {"kind": "none", "words": "The run is too short for a plane of its own. Press Play."}
    lab.plane = plane
    marks = plane.places(lab.xi)
    off = apart(plane, lab.xi, marks)
    near = marks[off < NEAR]
    if kind == "pair":
        shown = [near, -near]
    else:
        shown = [near, plane.places(states)]
    low, high = square(np.concatenate(shown), MARGIN)
    return {
        "kind": kind,
        "words": "",
        "centre": octets(plane.centre),
        "axes": octets(plane.axes),
        "low": low.tolist(),
        "high": high.tolist(),
        "marks": octets(np.column_stack([marks, off])),
        "edge": octets(edge(plane, lab.memory)),
    }


def heights(lab: Session, places: npt.NDArray[Any]) -> Answer:
    """Return the energies (M,) at places (M, 2) of the plane, and the seconds that they took."""
    began = perf_counter()
    values = octets(lab.plane.energies(lab.memory, places))
    return {"values": values, "took": perf_counter() - began}


def lacking(memory: Memory, n: int, *, between: bool) -> str:
    """Say why a memory has no landscape of n neurons, between its states too; else nothing."""
    memory, neuron, _ = network(memory)
    if getattr(neuron, "width", 1) > 1:
        return "Its neurons have more than two states, and no plane goes through them."
    low, high = neuron.states or (0.0, 1.0)
    why = ""
    try:
        memory.energy(np.full(memory.n, high))
        if between:
            memory.energy(np.full(memory.n, low + (high - low) / 4))
    except NoEnergy:
        return "This network has no energy, and so no landscape: its couplings are not symmetric."
    except ValueError:
        why = (
            "This network has an energy at its states alone: there is none on the way between them."
        )
    if memory.n != n:
        return "It has neurons besides those shown, and no pattern says where these are."
    return why


def cut(kind: str, pair: Floats, states: npt.NDArray[Any]) -> Plane:
    """Return a plane: along the run, through two patterns and the cue, or through them and 0.

    In the last the first pattern is at (1, 0), the second as far to the right as the two overlap.
    What lies on one line with the first is replaced by a random pattern.

    Raises
    ------
    ValueError
        If the run lies on one line.
    """
    if kind == "path":
        return Plane.of(states[1:])
    if kind == "cue":
        try:
            return Plane.of([*pair, states[0]])
        except ValueError:  # the cue is one of the two
            pass
    n = pair.shape[1]
    first = pair[0] / np.linalg.norm(pair[0])
    for other in (pair[1], random_patterns(1, n, rng=0)[0].astype(np.float64)):
        across = other - (other @ first) * first
        size = np.linalg.norm(across)
        if size > STRAIGHT * n**0.5:
            break
    return Plane(np.zeros(n), np.array([first, across / size]) * n**0.5)


def apart(plane: Plane, states: npt.NDArray[Any], places: Floats) -> Floats:
    """Return how far states (K, N) with these places lie from a plane, in units of sqrt(N)."""
    n = states.shape[1]
    off = ((states - plane.centre) ** 2).sum(axis=1) / n - (places**2).sum(axis=1)
    return np.asarray(np.sqrt(np.maximum(off, 0.0)))


def edge(plane: Plane, memory: Memory) -> Floats:
    """Return the corners (K, 2) of the part of the plane that states project to; none if graded."""
    _, neuron, _ = network(memory)
    if neuron.states is None:
        return np.empty((0, 2))
    angles = np.linspace(0, 2 * np.pi, ROUND, endpoint=False)
    slopes = np.column_stack([np.cos(angles), np.sin(angles)]) @ plane.axes
    low, high = neuron.states
    places = plane.places(np.where(slopes > 0, high, low))
    kept = np.any(np.abs(places - np.roll(places, 1, axis=0)) > 1e-9, axis=1)
    return np.asarray(places[kept])


def sheet(memory: Memory, xi: npt.NDArray[Any], names: list[str]) -> Answer:
    """Return all states of a small network: their energies, and at which fixed point each ends."""
    memory, neuron, _ = network(memory)
    if memory.n > LARGEST or neuron.states is None:
        words = f"All states are laid out of {LARGEST} neurons or fewer: choose a smaller grid."
        return {"kind": "none", "words": words}
    states = laid_out(memory.n, neuron.states)
    ends, which = valleys(memory)
    rows, columns = which.shape
    return {
        "kind": "states",
        "words": "",
        "rows": rows,
        "columns": columns,
        "energies": octets(memory.energy(states.reshape(-1, memory.n))),
        "which": which.astype(np.int32).tobytes(),
        "ends": [str(identify(end, xi).named(names)) for end in ends[:NAMED]],
        "at": octets(cells(ends[:NAMED])),
        "many": len(ends),
    }


def octets(values: Any) -> bytes:
    """Return numbers as float32."""
    return np.asarray(values, dtype=np.float32).tobytes()
