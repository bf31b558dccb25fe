"""A fingerprint of what the library computes: a change of its inside can be seen to keep it.

    python tools/fingerprint.py record FILE
    python tools/fingerprint.py check FILE [--kind NAME] [--blocks K/M] [--backend numba] [--alone]
    python tools/fingerprint.py show KIND INDEX [--backend numpy] [--alone]

`record` draws networks at random and writes what becomes of them. A kind, a row of `KINDS`, says
how a network (memory, neuron, order, cues, how to run it) is drawn; a block is `BLOCK` networks of
a kind, drawn from the kind's name and the block's index alone, so that any version of the library
is given the same. The file holds for each block

    states    a hash of last states, reasons, sweeps, updates, neurons unknown, and traces
    streams   a hash of where each replica's random numbers, and the caller's generator, stand
    energies  a hash of the energies, to the bit, where all that goes into them is whole
    sums      a weighted sum of energies (and of graded states, which are then in no hash), of
              which `check` wants 1e-12 of the sum of its terms' sizes

`record` runs each block with Numba, without it, and with each cue of a batch alone. Where these
differ, none of them is right by itself: the block is listed under "faults", by what each gave, with
the reason in `FAULTS`. `check` takes any of these for right, and only tells of another answer in a
kind that is listed there: other machines may give one, and a mended library will. A fault that was
mended later is written there by hand, with the "parts" that it changed. `show` prints what became
of each network of a block: run it in two versions and compare.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import hopfield as hf

BLOCK = 20
TOLERANCE = 1e-12
WAYS = (("numba", False), ("numpy", False), ("numba", True))  # backend, cues alone
ALONE = 4  # the last of them for each so manieth block, and for all of kinds in FAULTS
PARTS = ("states", "streams", "energies", "sums")
Rng = np.random.Generator


# ---- what is private, or will have another name ------------------------------------------------


@contextmanager
def using(backend: str | None) -> Iterator[None]:
    """Run with one backend, or with the one that is chosen anyway."""
    if backend is None:
        yield
        return
    from hopfield import engine

    known = [row.name for row in engine.ENGINES]
    rows = {"numba": known, "numpy": ["fallback"], "plain": []}[backend]
    with engine.using(*(name for name in rows if name in known)):
        yield


@contextmanager
def threads(count: int | None) -> Iterator[None]:
    """Run replicas on so many threads, or on as many as are chosen anyway."""
    before = os.environ.get("HOPFIELD_THREADS")
    if count:
        os.environ["HOPFIELD_THREADS"] = str(count)
    try:
        yield
    finally:
        if count:
            os.environ.pop("HOPFIELD_THREADS")
            os.environ.update({"HOPFIELD_THREADS": before} if before else {})


def stream_ends(run: hf.Run) -> Any:
    """Return where the random stream of each replica stands."""
    return run.streams.state


# ---- drawing networks --------------------------------------------------------------------------


class Network(NamedTuple):
    """A network, its cues (N,) or (B, N), and how it is run."""

    memory: Any
    neuron: Any
    order: Any
    cue: Any
    seed: int
    shared: bool  # the seed is given as a generator
    sweeps: int
    steps: tuple[int, ...] = ()  # moves to make before
    plain: bool = False  # by `hopfield.recall`, which shows no streams
    updates: int | None = None  # of that
    record: Any = None
    set: bool = False  # one neuron by hand after each step


TINY = (2, 3, 4, 5, 6, 7, 8, 9)
SMALL = (*TINY, 15, 16, 17, 31, 32, 33)
ODD = (*SMALL, 63, 64, 65, 127, 128, 129)
WIDE = (*ODD, 255, 256, 257)
FEW = (1, 1, 2, 2, 3, 3, 4, 5, 7, 8, 9)
MANY = (*FEW, 15, 16, 17, 31, 32, 33, 63, 64, 65)
BATCHES = (*[0] * 12, *[1, 2, 3, 7] * 3, 31, 32, 33, 64, 65, 100)  # 0: one cue, no batch
ROOM = 4096  # values of all cues, but for a few networks


def one(r: Rng, values: Any) -> Any:
    return values[int(r.integers(len(values)))]


def signs(r: Rng, *shape: int) -> Any:
    return (2 * r.integers(0, 2, shape) - 1).astype(np.int8)


def hebb(r: Rng, n: int, p: int | None = None, **options: Any) -> hf.Memory:
    """Draw Hebb's couplings, of patterns that may be the same or alike."""
    xi = signs(r, p or one(r, MANY), n)
    if r.random() < 0.2:
        xi[r.random(len(xi)) < 0.5] = xi[0]
    if options.get("coding") == "01":
        xi = (xi + 1) // 2
    return hf.hebb(xi, allow_repeats=True, **options)


def sign(r: Rng, low: float = -1.0, high: float = 1.0) -> Any:
    return hf.Sign(low, high, tie=one(r, ("keep", "keep", "up", "down", "random")))


def neuron(r: Rng, low: float = -1.0, high: float = 1.0, scale: float = 1.0) -> Any:
    if r.random() < 0.6:
        return sign(r, low, high)
    return hf.HeatBath(scale * one(r, (0.0, 0.001, 0.1, 0.3, 0.5, 1.0, 4.0)), low, high)


def single(r: Rng, n: int) -> Any:
    """Draw an order of one neuron at a time."""
    kind = int(r.integers(4))
    return (hf.Shuffled(), hf.Random(), hf.Sequential(), hf.Sequential(r.permutation(n)))[kind]


def blocks(r: Rng, n: int) -> Any:
    sites = r.permutation(n) if r.random() < 0.5 else np.arange(n)
    cuts = np.sort(r.permutation(n - 1)[: int(r.integers(1, 4))]) + 1 if n > 1 else []
    return hf.Blocks(*np.split(sites, cuts))


def order(r: Rng, n: int) -> Any:
    kind = r.random()
    return hf.Sync() if kind < 0.2 else blocks(r, n) if kind < 0.3 else single(r, n)


def shaped(r: Rng, n: int, most: int = 100) -> tuple[int, ...]:
    """Draw how many cues there are: one, (N,), or a batch, (B, N)."""
    room = ROOM if r.random() < 0.95 else 10 * ROOM
    size = one(r, [b for b in BATCHES if b <= min(most, room // n)])
    return (size, n) if size else (n,)


def cues(
    r: Rng, n: int, low: float = -1.0, high: float = 1.0, near: Any = None, most: int = 100
) -> Any:
    """Draw states, some of them with neurons that are not known; near a pattern if one is given."""
    shape = shaped(r, n, most)
    up = r.random(shape) < one(r, (0.5, 0.5, 0.3, 1.0))
    if near is not None and r.random() < 0.5:
        up = (near > 0) ^ (r.random(shape) < one(r, (0.0, 0.1, 0.3)))
    cue = np.where(up, high, low)
    if r.random() < 0.3:
        cue[r.random(shape) < one(r, (0.1, 0.5, 1.0))] = (low + high) / 2
    return cue


def drawn(
    r: Rng, memory: Any, neuron: Any, order: Any, cue: Any, most: int = 100, **rest: Any
) -> Network:
    """Draw how a network is run."""
    warm = neuron.random or most < 100
    sweeps = one(r, (0, 1, 2, 3, 5, 10) if warm else (0, 1, 2, 3, 10, 100, 100, 100))
    n, way = memory.n, r.random()
    few = 3 if isinstance(order, (hf.Sync, hf.Blocks)) else n + 2
    steps = tuple(r.integers(0, few + 1, size=int(r.integers(1, 4))).tolist())
    return Network(
        memory,
        neuron,
        order,
        cue,
        int(r.integers(2**32)),
        bool(r.random() < 0.7),
        min(sweeps, most),
        plain=way < 0.3,
        steps=steps if way > 0.8 else (),
        updates=steps[0] if way < 0.08 else None,
        **rest,
    )


# ---- the kinds ---------------------------------------------------------------------------------


def hebb_any(r: Rng) -> Network:
    n = one(r, ODD)
    loops = bool(r.random() < 0.15)
    return drawn(r, hebb(r, n, self_coupling=loops), neuron(r), order(r, n), cues(r, n))


def hebb_small(r: Rng) -> Network:
    n = one(r, (*TINY, 15, 16, 17))
    memory = hebb(r, n, one(r, FEW), self_coupling=bool(r.random() < 0.15))
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n, most=3), 20)


def hebb_near(r: Rng) -> Network:
    n = one(r, ODD[8:])
    xi = signs(r, one(r, FEW), n)
    memory = hf.hebb(xi, allow_repeats=True)
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n, near=xi[0]))


def hebb_crowded(r: Rng) -> Network:
    n = one(r, SMALL)
    memory = hebb(r, n, one(r, (n - 1, n, n + 1, 2 * n, 63, 64, 65, 127, 129, 300, 513)))
    return drawn(r, memory, neuron(r, scale=3), order(r, n), cues(r, n, most=33))


def hebb_wide(r: Rng) -> Network:
    n = one(r, WIDE[-6:])
    p = one(r, (1, 3, 16, 33, 64, 65, 127, 129, 256, 257))
    return drawn(r, hebb(r, n, p), neuron(r), order(r, n), cues(r, n, most=33), most=20)


def hebb_together(r: Rng) -> Network:
    """Draw batches so large that whole words of states are worth their start."""
    n, p = one(r, (63, 64, 65, 127, 129, 255, 256, 257, 300)), one(r, (33, 63, 64, 65, 127, 130))
    xi = signs(r, p, n)
    shape = (max(one(r, (31, 32, 33, 64, 65, 100)), 2**17 // (p * n) + 1), n)
    cue = (
        np.where(r.random(shape) < one(r, (0.1, 0.3, 0.5)), -1, 1)
        * xi[r.integers(p, size=shape[0])]
    )
    unit = neuron(r) if r.random() < 0.8 else hf.Sign()
    memory = hf.hebb(xi, allow_repeats=True, self_coupling=bool(r.random() < 0.2))
    return drawn(r, memory, unit, hf.Sync(), cue, 20)


def hebb_01(r: Rng) -> Network:
    n = one(r, ODD)
    low, high = one(r, ((0, 1), (0, 1), (-1, 1)))
    memory = hebb(r, n, coding="01", self_coupling=bool(r.random() < 0.15))
    return drawn(r, memory, neuron(r, low, high), order(r, n), cues(r, n, low, high))


def hebb_states(r: Rng) -> Network:
    n = one(r, SMALL)
    low, high = one(r, ((0, 1), (-2, 3), (-0.25, 3), (-200, 100), (0, 2), (-0.5, 0.5), (1, 3)))
    return drawn(r, hebb(r, n), neuron(r, low, high), order(r, n), cues(r, n, low, high))


def odd_states(r: Rng) -> Network:
    n = one(r, SMALL)
    low, high = one(r, ((-0.1, 0.1), (0.1, 0.9), (-1.1, 1.1), (-0.3, 1)))
    return drawn(r, hebb(r, n), neuron(r, low, high), order(r, n), cues(r, n, low, high))


def hebb_evidence(r: Rng) -> Network:
    n = one(r, SMALL)
    cue = cues(r, n, most=33) * r.uniform(-2, 2, n)
    return drawn(r, hebb(r, n), neuron(r), order(r, n), cue)


def whole_evidence(r: Rng) -> Network:
    n = one(r, SMALL)
    cue = r.integers(-4, 5, np.shape(cues(r, n, most=33))) * one(r, (1, 0.5, 2.0**-20, 100))
    return drawn(r, hebb(r, n), neuron(r), order(r, n), cue)


def recoded(r: Rng, pairs: Any) -> Network:
    n = one(r, SMALL)
    low, high = one(r, pairs)
    memory = hebb(r, n).recode(low, high)
    return drawn(r, memory, neuron(r, low, high), order(r, n), cues(r, n, low, high))


def recode_binary(r: Rng) -> Network:
    return recoded(r, ((0, 1), (0, 1), (-2, 2), (0.5, 1.5), (-0.25, 0.25), (0, 4)))


def recode_any(r: Rng) -> Network:
    return recoded(r, ((-0.25, 3), (-2, 1), (0.1, 0.9), (-0.3, 0.4)))


def recode_bias(r: Rng) -> Network:
    n = one(r, SMALL)
    bias = hf.Bias(r.integers(-8, 9, n) * one(r, (1, 0.25)))
    inside = (hebb(r, n) + bias).recode(0, 1)
    memory = inside if r.random() < 0.5 else hebb(r, n).recode(0, 1) + bias
    return drawn(r, memory, neuron(r, 0, 1), order(r, n), cues(r, n, 0, 1))


def two_hebbs(r: Rng) -> Network:
    n = one(r, SMALL)
    memory = hebb(r, n) + hebb(r, n)
    if r.random() < 0.3:
        memory = memory + hebb(r, n, self_coupling=bool(r.random() < 0.5))
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n))


def weighted_binary(r: Rng) -> Network:
    n = one(r, SMALL)
    w, v = one(r, (0.5, 2, 3, -1, 0.25)), one(r, (1, 2, -1, 0.5))
    memory = w * hebb(r, n)
    if r.random() < 0.6:
        memory = memory + v * hebb(r, n)
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n))


def weighted_real(r: Rng) -> Network:
    n = one(r, SMALL)
    memory = one(r, (0.3, 1.7, 1 / 3)) * hebb(r, n)
    if r.random() < 0.6:
        memory = memory + one(r, (0.1, -0.7, 2)) * hebb(r, n)
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n))


def bias_binary(r: Rng) -> Network:
    n = one(r, SMALL)
    unit = one(r, (1, 0.5, 0.125))
    values = r.integers(-6, 7, n) * unit if r.random() < 0.6 else float(r.integers(-6, 7)) * unit
    memory = hebb(r, n) + hf.Bias(values)
    if r.random() < 0.2:
        memory = n * hebb(r, n) + hf.Bias(values)
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n))


def bias_real(r: Rng) -> Network:
    n = one(r, SMALL)
    memory = hebb(r, n) + hf.Bias(r.uniform(-1, 1, n))
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n))


def mirror(w: Any) -> Any:
    return np.tril(w) + np.tril(w, -1).T


def couplings_whole(r: Rng) -> Network:
    n = one(r, SMALL)
    w = r.integers(-9, 10, (n, n))
    w = mirror(w) if r.random() < 0.7 else w
    divisor = float(one(r, (1, 4, n, 7)))
    memory = hf.Couplings(w, divisor=divisor, self_coupling=bool(r.random() < 0.2))
    return drawn(r, memory, neuron(r, scale=n / divisor), order(r, n), cues(r, n))


def couplings_real(r: Rng) -> Network:
    n = one(r, SMALL)
    w = r.uniform(-1, 1, (n, n)) if r.random() < 0.6 else r.integers(-9, 10, (n, n)) / 10
    w = mirror(w) if r.random() < 0.6 else w
    low, high = one(r, ((-1, 1), (-1, 1), (0, 1)))
    cue = cues(r, n, low, high)
    return drawn(r, hf.Couplings(w), neuron(r, low, high, n**0.5 / 2), order(r, n), cue)


def couplings_evidence(r: Rng) -> Network:
    n = one(r, SMALL)
    memory = hf.Couplings(mirror(r.integers(-9, 10, (n, n)) / 10))
    cue = cues(r, n, most=33) * one(r, (0.3, 1 / 3, 100.1))
    return drawn(r, memory, neuron(r, scale=n**0.5 / 2), order(r, n), cue)


def couplings_sparse(r: Rng) -> Network:
    import scipy.sparse

    n = one(r, ODD)
    w = r.integers(-9, 10, (n, n)) if r.random() < 0.5 else r.uniform(-1, 1, (n, n))
    w = w * (r.random((n, n)) < one(r, (0.05, 0.3)))
    w = mirror(w) if r.random() < 0.7 else w
    memory = hf.Couplings(scipy.sparse.csr_array(w), divisor=float(one(r, (1, 3))))
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n))


def dense(r: Rng) -> Network:
    n = one(r, ODD)
    xi = signs(r, one(r, MANY), n)
    degree = int(r.integers(2, 5))
    memory = hf.dense(xi, degree=degree, rectified=bool(r.random() < 0.4))
    scale = float(n ** (degree - 1))
    return drawn(r, memory, neuron(r, scale=scale), order(r, n), cues(r, n, near=xi[0], most=33))


def dense_more(r: Rng) -> Network:
    """Draw dense memories among others, recoded, or of a degree whose sums float64 cannot hold."""
    n = one(r, SMALL)
    xi = signs(r, one(r, FEW), n)
    memory, low, kind = hf.dense(xi, degree=int(r.integers(2, 5))), -1, r.random()
    if kind < 0.3:
        memory = memory + hf.Bias(float(r.integers(-5, 6)))
    elif kind < 0.6:
        memory, low = memory.recode(0, 1), 0
    elif kind < 0.8:
        memory = memory + one(r, (1, 2, 8)) * hebb(r, n)
    else:
        memory = hf.dense(xi, degree=int(r.integers(9, 20)))
    return drawn(r, memory, neuron(r, low), order(r, n), cues(r, n, low, near=xi[0], most=33))


def exponential(r: Rng) -> Network:
    n = one(r, SMALL)
    xi = signs(r, one(r, MANY), n)
    memory = hf.models.exponential(xi)
    return drawn(r, memory, neuron(r, scale=0.1), order(r, n), cues(r, n, near=xi[0], most=33))


def independent(r: Rng, p: int, n: int) -> Any:
    """Draw patterns of which none follows from the others, whichever neuron is left out."""
    while True:
        xi = signs(r, p, n)
        if all(np.linalg.matrix_rank(np.delete(xi, i, 1)) == p for i in range(n)):
            return xi


def projection(r: Rng) -> Network:
    n = one(r, (15, 16, 17, 31, 32, 33, 63, 64, 65))
    xi = independent(r, one(r, (1, 2, 3, 4, 5, 7) if n < 20 else (1, 2, 3, 5, 7, 9)), n)
    memory = hf.learning.pseudo_inverse(xi, self_coupling=bool(r.random() < 0.2))
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n, near=xi[0]))


def storkey(r: Rng) -> Network:
    n = one(r, SMALL[3:])
    xi = signs(r, one(r, (1, 2, 3, 5, 9)), n)
    return drawn(r, hf.learning.storkey(xi), neuron(r), order(r, n), cues(r, n, near=xi[0]))


def perceptron(r: Rng) -> Network:
    n = one(r, (31, 32, 33, 63, 65))
    xi = independent(r, one(r, (1, 2, 3, 5, 8)), n)
    memory = hf.learning.perceptron(xi)
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n, near=xi[0]))


def palimpsest(r: Rng) -> Network:
    n = one(r, SMALL)
    memory = hf.learning.palimpsest(signs(r, one(r, MANY), n))
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n))


def covariance(r: Rng) -> Network:
    n = one(r, (15, 16, 17, 31, 32, 33, 63, 64, 65))
    xi = (r.random((one(r, (2, 3, 5, 9, 17)), n)) < one(r, (0.1, 0.3, 0.5))).astype(np.int8)
    xi[0, :2] = 0, 1
    memory = hf.learning.covariance(xi, coding="01")
    return drawn(r, memory, neuron(r, 0, 1), order(r, n), cues(r, n, 0, 1, near=xi[0]))


def associate(r: Rng) -> Network:
    n, p = one(r, SMALL), one(r, FEW)
    memory = hf.models.associate(signs(r, p, n), signs(r, p, n))
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n))


def bam(r: Rng) -> Network:
    n, m, p = one(r, SMALL), one(r, SMALL), one(r, FEW)
    turns = hf.Blocks(np.arange(n), np.arange(n, n + m))
    if r.random() < 0.5:
        turns = hf.Blocks(np.arange(n, n + m), np.arange(n))
    memory = hf.models.bam(signs(r, p, n), signs(r, p, m))
    return drawn(r, memory, neuron(r), turns, cues(r, n + m))


def sequence(r: Rng) -> Network:
    n, p, delay = one(r, SMALL), int(r.integers(2, 9)), one(r, (0, 0, 1, 3))
    xi = signs(r, p, n)
    cyclic = bool(r.random() < 0.7)
    memory: hf.Memory = hf.sequence(xi, delay=delay)
    if not cyclic:  # as it was then: the last pattern leads nowhere
        steps = hf.models.Associations(xi[:-1], xi[1:])
        memory = hf.models.Delayed(hf.Hebbian(xi), steps, delay, 2.0) if delay else steps
    cue = np.concatenate([cues(r, n, near=xi[0])] * (delay + 1), axis=-1)
    return drawn(r, memory, neuron(r), hf.Sync(), cue, 20)


def colours(r: Rng, n: int, q: int) -> Any:
    x = r.integers(-1 if r.random() < 0.3 else 0, q, shaped(r, n, 33))
    return hf.models.one_hot(x, q).astype(np.float64)


def potts(r: Rng) -> Network:
    n, q = one(r, SMALL[:-3]), int(r.integers(2, 6))
    memory = hf.models.potts(r.integers(0, q, (one(r, FEW), n)), q)
    unit = hf.Potts(q, T=one(r, (0.0, 0.0, 0.3, 2.0)))
    return drawn(r, memory, unit, order(r, n), colours(r, n, q), 10)


def graph(r: Rng, n: int) -> Any:
    w = np.tril(r.integers(0, one(r, (2, 4)), (n, n)) * (r.random((n, n)) < 0.5), -1)
    return w + w.T


def cooling(r: Rng) -> Any:
    return np.arange(int(r.integers(1, 12)), -1, -1) * one(r, (0.125, 0.25, 0.3))


def max_cut(r: Rng) -> Network:
    n = one(r, SMALL)
    memory, unit = hf.optimise.max_cut(graph(r, n)), hf.Anneal(cooling(r))
    return drawn(r, memory, unit, order(r, n), cues(r, n), 20)


def annealed(r: Rng) -> Network:
    n, q = one(r, SMALL[:8]), int(r.integers(2, 5))
    if r.random() < 0.5:
        memory, unit = hf.optimise.colouring(graph(r, n), q), hf.Anneal(cooling(r), hf.Potts(q))
        return drawn(r, memory, unit, order(r, n), colours(r, n, q), 10)
    unit = hf.Anneal(cooling(r), hf.HeatBath(1.0, 0, 1))
    return drawn(r, hebb(r, n, coding="01"), unit, order(r, n), cues(r, n, 0, 1), 20)


def traced(r: Rng) -> Network:
    n = one(r, (*TINY, 15, 16, 17))
    keep = one(r, ("update", "sweep"))
    kept = one(r, (hf.record.states(keep), hf.record.energy(keep)))
    return drawn(r, hebb(r, n), neuron(r), order(r, n), cues(r, n, most=7), 10, record=kept)


def by_hand(r: Rng) -> Network:
    n = one(r, SMALL)
    kind = r.random()
    memory = hebb(r, n) if kind < 0.7 else hf.dense(signs(r, one(r, FEW), n), degree=3)
    made = drawn(r, memory, neuron(r), order(r, n), cues(r, n, most=33), set=True)
    return made._replace(plain=False, updates=None, steps=(int(r.integers(n)), 1))


def modern_signs(r: Rng) -> Network:
    n = one(r, SMALL)
    xi = signs(r, one(r, FEW), n)
    memory = hf.modern(xi, one(r, (0.3, 1.0)), one(r, ATTENTION))
    return drawn(r, memory, neuron(r), order(r, n), cues(r, n, near=xi[0], most=33), 10)


ATTENTION = ("softmax", "softmax", "sparsemax", "entmax")


def modern(r: Rng) -> Network:
    n = one(r, SMALL)
    x = r.uniform(-1, 1, (one(r, MANY), n)) + r.uniform(-1, 1, n)
    memory = hf.modern(x, one(r, (0.5, 1.0, 4.0)), one(r, ATTENTION))
    turns = hf.Sync() if r.random() < 0.8 else single(r, n)
    cue = r.uniform(-1, 1, shaped(r, n, 65))
    return drawn(r, memory, hf.Linear(), turns, cue, 100 if n < 20 else 10)


def graded(r: Rng) -> Network:
    n = one(r, SMALL)
    memory = (
        hebb(r, n, one(r, FEW))
        if r.random() < 0.8
        else hf.Couplings(mirror(r.uniform(-1, 1, (n, n)) / n))
    )
    unit = hf.Graded(one(r, (0.5, 2.0, 5.0)), one(r, (-1.0, -1.0, 0.0)), 1.0)
    turns = one(r, (hf.Flow(0.1), hf.Flow(0.5), hf.Sequential(), hf.Shuffled()))
    cue = r.uniform(unit.low, 1, shaped(r, n)) * 0.9
    return drawn(r, memory, unit, turns, cue, 20)


def large(r: Rng) -> Network:
    n, p = int(r.integers(1000, 4001)), one(r, (1, 3, 16, 33, 65, 129, 200))
    xi = signs(r, p, n)
    cue = cues(r, n, near=xi[0], most=3)
    return drawn(r, hf.hebb(xi, allow_repeats=True), neuron(r), order(r, n), cue, 5)


def huge(r: Rng) -> Network:
    n, p = one(r, (65535, 65536, 65537, 66000, 70001)), int(r.integers(1, 4))
    xi = signs(r, p, n)
    turns = one(r, (hf.Shuffled(), hf.Random(), hf.Sequential(), hf.Sync()))
    cue = cues(r, n, near=xi[0], most=2)
    made = drawn(r, hf.hebb(xi, allow_repeats=True), neuron(r), turns, cue, 2)
    return made._replace(sweeps=2, steps=made.steps[:1])


class Kind(NamedTuple):
    """How networks are drawn, how many blocks of them, and what is compared to the bit."""

    draw: Callable[[Rng], Network]
    blocks: int
    exact: str = "all"  # else "states", but not energies; or "reasons", neither of the two
    size: int = BLOCK


KINDS = {
    "hebb, small": Kind(hebb_small, 3000),
    "hebb": Kind(hebb_any, 500),
    "hebb, near a pattern": Kind(hebb_near, 250),
    "hebb, crowded": Kind(hebb_crowded, 150),
    "hebb, N about 256": Kind(hebb_wide, 50),
    "hebb, many at once": Kind(hebb_together, 60, size=6),
    "hebb of 0/1": Kind(hebb_01, 200),
    "hebb, other states": Kind(hebb_states, 100),
    "hebb, whole evidence": Kind(whole_evidence, 50),
    "hebb, real evidence": Kind(hebb_evidence, 25, "states"),
    "hebb, recoded to any states": Kind(recode_any, 25, "states"),
    "hebb, recoded": Kind(recode_binary, 100),
    "hebb, recoded and biased": Kind(recode_bias, 50),
    "hebb + hebb": Kind(two_hebbs, 100),
    "hebb * binary": Kind(weighted_binary, 100),
    "hebb * real": Kind(weighted_real, 50, "states"),
    "hebb + binary bias": Kind(bias_binary, 100),
    "hebb + real bias": Kind(bias_real, 75, "states"),
    "couplings, whole": Kind(couplings_whole, 150),
    "couplings, real": Kind(couplings_real, 150, "states"),
    "couplings, sparse": Kind(couplings_sparse, 75, "states"),
    "dense": Kind(dense, 150),
    "dense and others": Kind(dense_more, 50, "states"),
    "exponential": Kind(exponential, 50, "states"),
    "pseudo-inverse": Kind(projection, 50, "states"),
    "storkey": Kind(storkey, 50, "states"),
    "perceptron": Kind(perceptron, 25),
    "palimpsest": Kind(palimpsest, 25),
    "covariance": Kind(covariance, 50, "states"),
    "associate": Kind(associate, 50),
    "bam": Kind(bam, 50),
    "sequence": Kind(sequence, 50),
    "potts": Kind(potts, 50),
    "max cut": Kind(max_cut, 50),
    "annealed": Kind(annealed, 25),
    "traced": Kind(traced, 50),
    "by hand": Kind(by_hand, 50),
    "modern of signs": Kind(modern_signs, 25, "states"),
    "modern": Kind(modern, 75, "reasons", 4),
    "graded": Kind(graded, 75, "reasons", 4),
    "large": Kind(large, 25, size=4),
    "huge": Kind(huge, 10, size=2),
    "faulty: couplings, real evidence": Kind(couplings_evidence, 100, "states", 4),
    "faulty: states of no binary fraction": Kind(odd_states, 100, "states", 4),
}

# Kinds of which blocks differ by backend or batch, and why.
FAULTS = {
    "faulty: couplings, real evidence": "a product of a coupling (48 bits) and of evidence that is "
    "no state (20 bits and more) is rounded, so that the order of a sum, which a batch changes, "
    "decides ties",
    "faulty: states of no binary fraction": "states such as 0.1 are rounded, so that sums over "
    "them are, and their order, which backend and batch change, decides ties",
}


def networks(kind: str, index: int) -> list[Network]:
    """Draw a block."""
    r = np.random.default_rng([zlib.crc32(kind.encode()), index])
    return [KINDS[kind].draw(r) for _ in range(KINDS[kind].size)]


# ---- what becomes of them ----------------------------------------------------------------------


class End(NamedTuple):
    """What became of a network: its state, (why, sweeps, ...), energy, and ends of streams."""

    state: Any
    ends: tuple[Any, ...]
    energy: Any
    streams: Any


def ran(net: Network, cue: Any, rng: Any) -> End:
    """Run a network from some cues."""
    common = {"neuron": net.neuron, "order": net.order, "record": net.record, "rng": rng}
    moved = []
    if net.plain:
        result = hf.recall(net.memory, cue, sweeps=net.sweeps, updates=net.updates, **common)
        stands: Any = ()
    else:
        run = hf.Run(net.memory, cue, **common)
        for k in net.steps:
            moved.append(getattr(step := run.step(k), "moved", step))
            if net.set:
                run.set([k % net.memory.n], net.neuron.states[k % 2])
            moved.append(run.state.copy())
        result, stands = run.finish(net.sweeps), stream_ends(run)
    ends = (result.why, result.sweeps, result.updates, result.undecided, result.trace, *moved)
    return End(result.state, ends, result.energy, stands)


def ended(net: Network, alone: bool) -> End:
    """Run a network as it was drawn, or each cue of its batch alone."""
    rng = np.random.default_rng(net.seed) if net.shared else net.seed
    if not (alone and net.shared and np.ndim(net.cue) == 2):
        end = ran(net, net.cue, rng)
        return end._replace(streams=(end.streams, stand(rng)))
    rows = [ran(net, cue, rng) for cue in net.cue]
    joined = [np.stack(x) for x in zip(*(row.ends[:4] for row in rows), strict=True)]
    traces = [row.ends[4] for row in rows]
    longest = max((len(t) for t in traces if t is not None), default=0)
    trace = (
        np.stack(
            [np.concatenate([t, np.repeat(t[-1:], longest - len(t), axis=0)]) for t in traces],
            axis=1,
        )
        if longest
        else None
    )
    moved = [
        np.stack(x) if np.ndim(x[0]) else sum(x)
        for x in zip(*(row.ends[5:] for row in rows), strict=True)
    ]
    energy = None if rows[0].energy is None else np.array([row.energy for row in rows])
    stands = () if net.plain else np.concatenate([np.atleast_1d(row.streams) for row in rows])
    return End(
        np.stack([row.state for row in rows]),
        (*joined, trace, *moved),
        energy,
        (stands, stand(rng)),
    )


def stand(rng: Any) -> int:
    """Return what tells where the caller's generator stands."""
    return int(rng.integers(2**63)) if isinstance(rng, Rng) else 0


def digest(*things: Any) -> str:
    """Hash numbers, words and arrays of them, whatever their types: only the values count."""
    h = blake2b(digest_size=6)
    for x in things:
        if x is None:
            h.update(b"none")
            continue
        a = np.asarray(x)
        h.update(repr(a.shape).encode())
        if a.dtype.kind in "US":
            h.update(repr(a.tolist()).encode())
        else:
            whole = a.dtype.kind == "u"
            h.update(np.ascontiguousarray(a if whole else a.astype(np.float64) + 0.0).tobytes())
    return h.hexdigest()


def terms(*things: Any) -> Any:
    """Return numbers under fixed weights, so that their sum tells them apart."""
    x = np.concatenate([np.ravel(np.asarray(t, np.float64)) for t in things if t is not None])
    return x * (0.5 + np.arange(1, x.size + 1) * 37 % 101 / 100)


def summary(kind: str, index: int, backend: str | None, alone: bool = False) -> dict[str, Any]:
    """Return what becomes of a block: three hashes, a sum, and the size of its terms."""
    exact = KINDS[kind].exact
    with using(backend):
        ends = [ended(net, alone) for net in networks(kind, index)]
    hashed, summed = [], []
    for e in ends:
        if exact == "reasons":
            hashed += e.ends[:4]
            summed += [e.state, e.energy]
        else:
            hashed += [e.state, *e.ends]
            summed += [e.energy]
    weighed = terms(*summed, 0.0)
    return {
        "states": digest(*hashed),
        "streams": digest(*(part for e in ends for part in e.streams)),
        "energies": digest(*(e.energy for e in ends)) if exact == "all" else None,
        "sums": math.fsum(weighed),
        "size": math.fsum(np.abs(weighed)),
    }


def unlike(a: dict[str, Any], b: dict[str, Any]) -> list[str]:
    """Return in which parts two summaries differ."""
    parts = [part for part in PARTS[:3] if a[part] != b[part]]
    near = abs(a["sums"] - b["sums"]) <= TOLERANCE * a["size"]
    return parts if near else [*parts, "sums"]


# ---- the file ----------------------------------------------------------------------------------


def record(path: Path, only: str | None = None) -> None:
    """Write the fingerprint of the library as it is, or one kind of it anew."""
    old = json.loads(path.read_text(encoding="utf-8")) if only else {"kinds": {}, "faults": {}}
    kinds, faults = old["kinds"], old["faults"]
    for name, kind in KINDS.items():
        if only not in (None, name):
            continue
        began, rows, differ = time.perf_counter(), [], {}
        for index in range(kind.blocks):
            found = {
                backend + ", cues alone" * alone: summary(name, index, backend, alone)
                for backend, alone in (WAYS if name in FAULTS or index % ALONE == 0 else WAYS[:-1])
            }
            first = next(iter(found.values()))
            rows.append(first)
            if parts := sorted({p for other in found.values() for p in unlike(first, other)}):
                kept = {way: {p: f[p] for p in PARTS} for way, f in found.items()}
                differ[str(index)] = {"differ": parts, **kept}
        kinds[name] = {"networks": kind.blocks * kind.size} | {
            part: [row[part] for row in rows]
            for part in PARTS
            if part != "energies" or kind.exact == "all"
        }
        faults.pop(name, None)
        if differ:
            faults[name] = {"reason": FAULTS.get(name, "not known"), "blocks": differ}
        print(
            f"{name}: {time.perf_counter() - began:.1f} s, {len(differ)} blocks differ",
            {p: sum(p in d["differ"] for d in differ.values()) for p in PARTS} if differ else "",
            flush=True,
        )
    asked = ["git", "log", "-1", "--format=%H", "--", "src"]
    commit = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    parts = {"kinds": kinds, "faults": faults}
    whole = {"commit": commit} | {
        part: {name: held[name] for name in KINDS if name in held} for part, held in parts.items()
    }
    part = path.with_name(path.name + ".part")
    part.write_text(compact(whole) + "\n", encoding="utf-8")
    part.replace(path)


def compact(x: Any, indent: str = "") -> str:
    """Return JSON with a line for each list."""
    if not isinstance(x, dict):
        return json.dumps(x)
    inner = indent + " "
    rows = (f"{inner}{json.dumps(k)}: {compact(v, inner)}" for k, v in x.items())
    return "{\n" + ",\n".join(rows) + f"\n{indent}}}"


def check(
    held: dict[str, Any],
    chosen: Callable[[str, int], bool] = lambda kind, index: True,
    backend: str | None = None,
    alone: bool = False,
) -> tuple[list[str], list[str]]:
    """Return a line for each chosen block that is not as it was, known faults apart.

    A fault that names ``parts`` forgives a difference in these alone.
    """
    wrong: list[str] = []
    faulty: list[str] = []
    for name, kind in held["kinds"].items():
        fault = held["faults"].get(name, {"parts": []})
        known = fault.get("blocks", {})
        for index in range(len(kind["states"])):
            if not chosen(name, index):
                continue
            try:
                now = summary(name, index, backend, alone)
            except Exception as error:  # of a network that was once no error
                lines = faulty if known else wrong
                lines.append(f"{name} {index}: {type(error).__name__}: {error}")
                continue
            was = {part: kind[part][index] if part in kind else None for part in PARTS}
            allowed = [was, *(v for k, v in known.get(str(index), {}).items() if k != "differ")]
            parts = min((unlike(now, one) for one in allowed), key=len)
            if parts:
                lines = faulty if set(parts) <= set(fault.get("parts", PARTS)) else wrong
                lines.append(f"{name} {index}: {', '.join(parts)}")
    return wrong, faulty


def show(kind: str, index: int, backend: str | None, alone: bool) -> None:
    """Print what becomes of each network of a block."""
    with using(backend):
        for k, net in enumerate(networks(kind, index)):
            end = ended(net, alone)
            run = f"seed={net.seed} sweeps={net.sweeps} steps={net.steps} updates={net.updates}"
            print(f"{k}: {net.memory} {net.neuron} {net.order} cue {np.shape(net.cue)} {run}")
            print(
                f"   why {np.unique(end.ends[0]).tolist()} sweeps {np.sum(end.ends[1])} "
                f"states {digest(end.state)} ends {digest(*end.ends)} streams "
                f"{digest(*end.streams)} energies {digest(end.energy)} sum "
                f"{None if end.energy is None else float(np.sum(end.energy))}"
            )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("record", "check"):
        sub = commands.add_parser(name)
        sub.add_argument("file", type=Path)
        sub.add_argument("--kind", choices=KINDS, metavar="NAME")
    sub.add_argument("--blocks", default="1/1", metavar="K/M", help="each Mth block, from the Kth")
    sub.add_argument("--threads", type=int)
    seen = commands.add_parser("show")
    seen.add_argument("kind", choices=KINDS, metavar="KIND")
    seen.add_argument("index", type=int)
    for taker in (sub, seen):
        taker.add_argument("--backend", choices=("numba", "numpy", "plain"))
        taker.add_argument("--alone", action="store_true", help="each cue of a batch by itself")
    given = parser.parse_args()
    if given.command == "record":
        record(given.file, given.kind)
    elif given.command == "show":
        show(given.kind, given.index, given.backend, given.alone)
    else:
        held = json.loads(given.file.read_text(encoding="utf-8"))
        first, step = map(int, given.blocks.split("/"))
        with threads(given.threads):
            wrong, faulty = check(
                held,
                lambda kind, index: given.kind in (None, kind) and index % step == first - 1,
                given.backend,
                given.alone,
            )
        print(
            *wrong or ["all as it was"], *(f"({line}; a known fault)" for line in faulty), sep="\n"
        )
        sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
