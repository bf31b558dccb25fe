"""Row 13: heat bath on the Sherrington-Kirkpatrick couplings, one neuron at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import hopfield as hf

from .measure import Candidate, Effort, Peer, Result, agree, compare
from .peers import find

SIZES = {  # (N, T, sweeps)
    "tiny": [(40, 1.0, 5000)],
    "quick": [(200, 0.5, 1000), (1000, 1.0, 500)],
    "full": [(n, T, 1000) for n in (200, 1000) for T in (0.5, 1.0)],
}
READS = 8  # chains whose mean energy is compared


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 13."""
    for n, T, sweeps in SIZES[effort.name]:
        yield _glass(n, T, sweeps, effort)


def _glass(n: int, T: float, sweeps: int, effort: Effort) -> Result:
    rng = np.random.default_rng(1)
    j = np.triu(rng.normal(size=(n, n)) / np.sqrt(n), 1)
    memory = hf.Couplings(j + j.T)
    w = memory.weights
    starts = hf.random_patterns(READS, n, rng=2)
    neuron = hf.HeatBath(T)
    sequential, shuffled = hf.Sequential(), hf.Shuffled()  # the samplers' order, and our usual one

    def ours(cue: Any = starts[0], sweeps: int = sweeps, order: Any = sequential) -> Any:
        return hf.recall(memory, cue, neuron=neuron, order=order, sweeps=sweeps, rng=3)

    def calls(name: str, call: Callable[[int], Any]) -> Candidate:
        # Calls first read the couplings, which is not what is compared.
        return Candidate(name, lambda: call(sweeps), (sweeps - 1) * n, lambda: call(1))

    s = ours().state.astype(np.float64)
    few = np.arange(n)[: max(2, 10_000_000 // n**2)]
    agree(np.abs(memory.field(s) - w @ s).max() < 1e-9, True, "the naive field")
    energy = float(np.mean(memory.energy(ours(starts).state)) / n)
    peers = [
        Peer(
            "teaching loop, (W @ s)[i]",
            Candidate("naive", lambda: naive(w, s, few, T), few.size),
            1000,
            30_000,
        ),
        Peer("NumPy, W[i] @ s", Candidate("rows", lambda: naive_rows(w, s, few, T), few.size)),
        Peer(
            "ours, in shuffled orders", calls("shuffled", lambda k: ours(sweeps=k, order=shuffled))
        ),
    ]
    for name, make, goal in (
        ("dwave-samplers", dwave, (7, 12)),
        ("dwave-samplers, heat bath too", dwave_gibbs, (None, None)),
        ("OpenJij", openjij, (4, None)),
    ):
        sample = make(w, T)
        candidate = None
        if sample:
            theirs = float(np.mean(memory.energy(sample(sweeps, READS))) / n)
            near = abs(theirs - energy) < 4 / np.sqrt(n * READS)
            agree(near, True, f"{name} (energy {theirs:.3f}, ours {energy:.3f})")
            candidate = calls(name, lambda k, f=sample: f(k, 1))
        peers.append(Peer(name, candidate, *goal))
    title = f"Heat bath, couplings of a spin glass, N = {n:,}, T = {T:g}"
    mine = calls("ours", lambda k: ours(sweeps=k))
    return compare(13, title, "visit", mine, peers, effort, ours().kernel)


def naive(W: Any, s: Any, sites: Any, T: float) -> Any:
    """Visit neurons at a temperature with the whole field for one neuron of it."""
    s, rng = s.copy(), np.random.default_rng(0)
    for i in sites.tolist():
        h = (W @ s)[i]
        s[i] = 1 if rng.random() < 1 / (1 + np.exp(-2 * h / T)) else -1
    return s


def naive_rows(W: Any, s: Any, sites: Any, T: float) -> Any:
    """Visit neurons at a temperature by one row of the matrix each."""
    s, rng = s.copy(), np.random.default_rng(0)
    for i in sites.tolist():
        h = W[i] @ s
        s[i] = 1 if rng.random() < 1 / (1 + np.exp(-2 * h / T)) else -1
    return s


Sampler = Callable[[int, int], Any]


def dwave(w: Any, T: float, rule: str = "Metropolis") -> Sampler | None:
    """Return what samples so many sweeps and reads with dwave-samplers, or None."""
    samplers, dimod = find("dwave.samplers"), find("dimod")
    if samplers is None:
        return None
    rows, columns = np.triu_indices(len(w), 1)
    model = dimod.BinaryQuadraticModel.from_numpy_vectors(
        np.zeros(len(w)), (rows, columns, -w[rows, columns]), 0.0, "SPIN"
    )
    sampler = samplers.SimulatedAnnealingSampler()

    def sample(sweeps: int, reads: int) -> Any:
        found = sampler.sample(
            model,
            beta_schedule_type="custom",
            beta_schedule=[1 / T],
            num_sweeps=sweeps,
            num_sweeps_per_beta=sweeps,
            num_reads=reads,
            seed=1,
            proposal_acceptance_criteria=rule,
        )
        return found.record.sample[:, np.argsort(found.variables)]

    return sample


def dwave_gibbs(w: Any, T: float) -> Sampler | None:
    """Return `dwave` with the rule that ours has."""
    return dwave(w, T, "Gibbs")


def openjij(w: Any, T: float) -> Sampler | None:
    """Return what samples so many sweeps and reads with OpenJij, or None."""
    package, dimod = find("openjij"), find("dimod")
    if package is None:
        return None
    rows, columns = np.triu_indices(len(w), 1)
    model = dimod.BinaryQuadraticModel.from_numpy_vectors(
        np.zeros(len(w)), (rows, columns, -w[rows, columns]), 0.0, "SPIN"
    )
    sampler = package.SASampler()

    def sample(sweeps: int, reads: int) -> Any:
        found = sampler.sample(
            model, schedule=[[1 / T, sweeps]], num_reads=reads, seed=1, sparse=False
        )
        return found.record.sample[:, np.argsort(found.variables)]

    return sample
