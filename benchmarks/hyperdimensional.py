"""Row 22: the memories of torchhd, a library of hyperdimensional computing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import hopfield as hf

from .measure import Candidate, Effort, Peer, Result, agree, compare
from .peers import find

SIZES = {  # (neurons, patterns, cues) of Hebb's memory (odd P: no ties), of signs, of reals
    "tiny": ((64, 3, 5), (16, 4, 3), (16, 30, 3)),
    "quick": ((1000, 51, 200), (200, 50, 20), (512, 10_000, 50)),
    "full": ((4000, 201, 1000), (500, 100, 50), (512, 100_000, 64)),
}


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 22."""
    hebb, signs, reals = SIZES[effort.name]
    package, torch = find("torchhd"), find("torch")
    yield _hebb(*hebb, package, torch, effort)
    yield _signs(*signs, package, torch, effort)
    yield _attention(*reals, package, torch, effort)


def _hebb(n: int, p: int, many: int, package: Any, torch: Any, effort: Effort) -> Result:
    xi = hf.random_patterns(p, n, rng=1)
    cues = hf.flip(xi[np.arange(many) % p], 0.1, rng=2)

    def ours() -> Any:
        return hf.recall(hf.hebb(xi), cues, order=hf.Sync(), updates=1).state

    def theirs() -> Any:
        memory = package.memory.Hopfield(n)
        memory.write(torch.from_numpy(xi).float())
        return memory.read(torch.from_numpy(cues).float()).sign()

    title = f"Hebb: store and update all once, {many} cues, N = {n:,}, P = {p:,}"
    return _beside(title, ours, theirs if package else None, many, effort)


def _signs(n: int, p: int, many: int, package: Any, torch: Any, effort: Effort) -> Result:
    xi = hf.random_patterns(p, n, rng=1)
    cues = hf.flip(xi[np.arange(many) % p], 0.1, rng=2)
    memory = hf.modern(xi)

    def ours() -> Any:
        return memory.field(cues)

    def theirs() -> Any:
        x, s = (torch.from_numpy(a).double() for a in (xi, cues))
        return package.memory.modern_hopfield(s, x) / 2  # of energies 2 apart

    title = f"Modern, one field a neuron, {many} cues, N = {n:,}, P = {p:,}"
    return _beside(title, ours, theirs if package else None, many, effort)


def _attention(n: int, p: int, many: int, package: Any, torch: Any, effort: Effort) -> Result:
    x = np.random.default_rng(1).normal(size=(p, n)).astype(np.float32)
    s, beta = x[:many] + np.float32(0.1), n**-0.5
    memory = hf.modern(x, beta)

    def ours() -> Any:
        return memory.gradient(s)

    def theirs() -> Any:
        keys, queries = torch.from_numpy(x), torch.from_numpy(s)
        return package.memory.attention(queries, keys, keys, beta)

    title = f"Attention, {many} cues, N = {n:,}, P = {p:,}"
    return _beside(title, ours, theirs if package else None, many, effort)


def _beside(
    title: str,
    ours: Callable[[], Any],
    theirs: Callable[[], Any] | None,
    many: int,
    effort: Effort,
) -> Result:
    if theirs:
        near = np.allclose(ours(), np.asarray(theirs()), rtol=1e-3, atol=1e-4)
        agree(near, True, "torchhd")
    peer = Candidate("torchhd", theirs, many) if theirs else None
    mine = Candidate("ours", ours, many)
    return compare(22, title, "cue", mine, [Peer("torchhd", peer)], effort)
