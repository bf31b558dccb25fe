"""Row 21: the time to 99 % and to 100 % of the best cut known of graphs of the G-set."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import hopfield as hf

from .measure import Effort, Line, Result
from .peers import find

FOLDER = "HOPFIELD_GSET"  # the variable that names the folder of the graphs, G1.txt and so on
KNOWN = {"G1": 11_624, "G14": 3_064, "G22": 13_359, "G43": 6_660, "G55": 10_299}
GRAPHS = {"quick": ("G1", "G14"), "full": tuple(KNOWN)}
MOST = {"tiny": 1.0, "quick": 4.0, "full": 120.0}  # seconds that each may take for a graph
READS, LEAST = 8, 32  # replicas at once, and the sweeps of the first attempt
HOTTEST, COLDEST = 2.0, 0.2

Attempt = Callable[[int, int], Any]  # sweeps and seed -> states (R, N)


def run(effort: Effort, rows: tuple[int, ...]) -> Iterator[Result]:
    """Measure row 21."""
    folder = os.environ.get(FOLDER)
    if effort.name == "tiny":  # K(4, 4) and an edge: every cut of it can be looked at
        w = np.kron([[0, 1], [1, 0]], np.ones((4, 4)))
        w[0, 1] = w[1, 0] = 1
        yield _race("Cut of 8 nodes", w, 16, effort)
        return
    for name in GRAPHS[effort.name]:
        file = Path(folder or "") / f"{name}.txt"
        if folder and file.exists():
            title = f"Cut of {name}, best known {KNOWN[name]:,}"
            yield _race(title, hf.optimise.read_gset(file), KNOWN[name], effort)
        else:
            why = f"no {name}.txt there" if folder else "--gset names no folder"
            yield Result(21, f"Cut of {name}: not measured, {why}", [])


def _race(title: str, w: Any, best: int, effort: Effort) -> Result:
    most, lines = MOST[effort.name], []
    solvers = {"ours, annealing": _ours(w)}
    solvers |= {"dwave-samplers": _dwave(w), "OpenJij": _openjij(w)}
    solvers["simulated-bifurcation"] = _bifurcation(w)
    for name, attempt in solvers.items():
        if attempt is None:
            lines.append(Line(name, []))
            continue
        attempt(LEAST, 0)  # compiles
        largest, reached = _reached(attempt, w, best, most)
        lines.append(Line(f"{name}, cut", [largest], ""))
        for share, seconds in reached.items():
            if seconds is None:
                lines.append(Line(f"{name}, {share:.0%} not within", [most], "s"))
            else:
                lines.append(Line(f"{name}, to {share:.0%}", [seconds], "s"))
    return Result(21, f"{title}, {READS} at a time, CPU", lines)


def _reached(
    attempt: Attempt, w: Any, best: int, most: float
) -> tuple[float, dict[float, float | None]]:
    """Return the largest cut found, and after how long it was 99 and 100 % of the best."""
    spent, last, largest, sweeps, seed = 0.0, 0.0, 0.0, LEAST, 1
    reached: dict[float, float | None] = {0.99: None, 1.0: None}
    while spent + 2 * last < most and reached[1.0] is None:  # each takes twice as long
        begun = time.process_time()
        states = attempt(sweeps, seed)
        last = time.process_time() - begun
        spent += last
        largest = max(largest, float(np.max(hf.optimise.cut(w, states))))
        for share, known in reached.items():
            if known is None and largest >= share * best:
                reached[share] = spent
        sweeps, seed = 2 * sweeps, seed + 1
        if largest > best:
            raise AssertionError(f"a cut of {largest:g} is larger than the best known, {best}")
    return largest, reached


def _ours(w: Any) -> Attempt:
    memory, n = hf.optimise.max_cut(w), w.shape[0]

    def attempt(sweeps: int, seed: int) -> Any:
        neuron = hf.Anneal([*np.geomspace(HOTTEST, COLDEST, sweeps - 1), 0.0])
        starts = hf.random_patterns(READS, n, rng=seed)
        options = {"neuron": neuron, "order": hf.Sequential(), "sweeps": sweeps}
        return hf.recall(memory, starts, rng=seed, **options).state

    return attempt


def _model(w: Any) -> Any:
    """Return a graph as dimod's model, whose lowest energy is the largest cut."""
    dimod = find("dimod")
    if dimod is None:
        return None
    rows, columns = np.nonzero(np.triu(w.toarray() if hasattr(w, "toarray") else w))
    values = np.asarray(w[rows, columns], dtype=float).ravel()
    parts = np.zeros(w.shape[0]), (rows, columns, values), 0.0, "SPIN"
    return dimod.BinaryQuadraticModel.from_numpy_vectors(*parts)


def _dwave(w: Any) -> Attempt | None:
    package, model = find("dwave.samplers"), _model(w)
    if package is None or model is None:
        return None
    sampler = package.SimulatedAnnealingSampler()

    def attempt(sweeps: int, seed: int) -> Any:
        found = sampler.sample(
            model,
            num_reads=READS,
            num_sweeps=sweeps,
            beta_range=(1 / HOTTEST, 1 / COLDEST),
            beta_schedule_type="geometric",
            seed=seed,
        )
        return found.record.sample[:, np.argsort(found.variables)]

    return attempt


def _openjij(w: Any) -> Attempt | None:
    package, model = find("openjij"), _model(w)
    if package is None or model is None:
        return None
    sampler = package.SASampler()

    def attempt(sweeps: int, seed: int) -> Any:
        betas = {"beta_min": 1 / HOTTEST, "beta_max": 1 / COLDEST}
        found = sampler.sample(
            model, num_reads=READS, num_sweeps=sweeps, seed=seed, sparse=True, **betas
        )
        return found.record.sample[:, np.argsort(found.variables)]

    return attempt


def _bifurcation(w: Any) -> Attempt | None:
    package, torch = find("simulated_bifurcation"), find("torch")
    if package is None or torch is None:
        return None
    dense = np.asarray(w.toarray() if hasattr(w, "toarray") else w, dtype=np.float32)
    matrix = torch.from_numpy(dense)

    def attempt(sweeps: int, seed: int) -> Any:
        torch.manual_seed(seed)
        options = {"agents": READS, "max_steps": sweeps, "early_stopping": False}
        found, _ = package.minimize(
            matrix, domain="spin", mode="discrete", best_only=False, verbose=False, **options
        )
        return found.numpy()

    return attempt
