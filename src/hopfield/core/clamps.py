"""Clamps: neurons that are held in the state of their cue, while the others move."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..base import exact
from ..base.checks import Array, vectors
from .memory import Memory
from .network import Bools, Ints
from .neurons import Neuron
from .orders import Order


def spread(
    memory: Memory, cue: npt.ArrayLike, clamp: npt.ArrayLike | None
) -> tuple[npt.ArrayLike, npt.ArrayLike | None]:
    """Return a cue and a clamp of all neurons, where those of the present stand for their past."""
    wide = getattr(memory, "spread", None)
    if wide is None:
        return cue, clamp
    return wide(cue, "cue"), None if clamp is None else wide(clamp, "clamp")


def held(clamp: npt.ArrayLike, shown: Array, single: bool, neuron: Neuron) -> Bools | None:
    """Return which neurons (R, n) of cues are clamped; None where none is."""
    mask, allowed = vectors(clamp, "clamp", shown.shape[1]), {shown.shape[1:], shown.shape[single:]}
    if mask.dtype.kind != "b" or mask.shape not in allowed:
        shapes = " or ".join(map(str, sorted(allowed, key=len)))
        raise ValueError(
            f"clamp must be bools of the shape {shapes}, not {mask.dtype} of {mask.shape}"
        )
    still = np.broadcast_to(mask, shown.shape)
    width = getattr(neuron, "width", 1)
    groups, values = (x.reshape(len(shown), -1, width) for x in (still, shown))
    if (groups.any(axis=2) != groups.all(axis=2)).any():
        raise ValueError(f"clamp must hold all {width} sites of a neuron, or none")
    row_and_neuron = np.argwhere(groups.all(axis=2) & ~_known(values, neuron))
    if row_and_neuron.size:
        row, first = row_and_neuron[0]
        raise ValueError(
            f"cue must be in a state where it is clamped, which neuron {first} of cue {row} is not"
        )
    return still if still.any() else None


def _known(values: Array, neuron: Neuron) -> Bools:
    """Say which neurons (R, k) of sites (R, k, width) are in a state."""
    if neuron.states is None:
        return np.ones(values.shape[:2], bool)
    legal = exact.among(values, *neuron.states).all(axis=2)
    one = values.shape[2] == 1 or (values == neuron.states[1]).sum(axis=2) == 1
    return np.asarray(legal & one)


def alike(
    network: tuple[Memory, Neuron, Order], cue: npt.ArrayLike, clamp: npt.ArrayLike
) -> list[Ints]:
    """Return which cues can be recalled together, where cues and clamps are (B, N).

    Those with as many free neurons; where an order may move several of them at once, those
    that are clamped alike.
    """
    memory, _, order = network
    n, mask = memory.n, vectors(clamp, "clamp", memory.n)
    if mask.ndim != 2 or mask.dtype.kind != "b" or mask.shape != vectors(cue, "cue", n).shape:
        return []
    keys = mask.sum(axis=1, keepdims=True) if getattr(order, "schedule", None) else mask
    _, kinds = np.unique(keys, axis=0, return_inverse=True)
    return [np.flatnonzero(kinds == kind) for kind in range(kinds.max() + 1)]


def without(sites: Array, ends: Ints, held: Bools) -> tuple[Array, Ints]:
    """Return the sites of a sweep and its moves' ends without the neurons that are held."""
    kept = ~np.take_along_axis(held, sites, axis=1)
    single = ends.size == sites.shape[1]  # of which it does not matter who is left out
    cut = np.cumsum(kept, axis=1)[:, -1:] if single else np.cumsum(kept, axis=1)[:, ends - 1]
    if (cut != cut[0]).any():
        raise ValueError("clamp must leave moves of the same sizes in each cue")
    left = sites[kept].reshape(len(held), -1)
    return left, np.arange(1, left.shape[1] + 1) if single else np.unique(cut[0][cut[0] > 0])
