"""What ours is compared with: the loops people write, and packages that may be installed."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

import hopfield as hf

PACKAGES = {  # what is imported, of which distribution
    "torch": "torch",
    "entmax": "entmax",
    "numba": "numba",
    "dwave.samplers": "dwave-samplers",
    "openjij": "openjij",
    "hopfieldkit": "hopfieldkit",
    "neurodynex3": "neurodynex3",
    "sklearn": "scikit-learn",
    "threadpoolctl": "threadpoolctl",
    "faiss": "faiss-cpu",
    "usearch": "usearch",
    "simulated_bifurcation": "simulated-bifurcation",
    "torchhd": "torch-hd",
}


@cache
def find(name: str) -> Any:
    """Return a package, told to use one thread, or None where it is not installed."""
    try:
        module: ModuleType = importlib.import_module(name)
    except ImportError:
        return None
    if name == "torch":
        module.set_num_threads(1)  # type: ignore[attr-defined]
    if name == "faiss":
        module.omp_set_num_threads(1)  # type: ignore[attr-defined]
    return module


def version(distribution: str) -> str:
    """Return a distribution's version, or "absent"."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


class Kept:
    """`hf.Shuffled`, keeping the orders it drew, so that a peer can visit in the same ones."""

    random = batched = True

    def __init__(self) -> None:
        self.sweeps: list[Any] = []

    def __call__(self, n: int, rng: Any) -> Any:
        """Return one sweep."""
        sites = hf.Shuffled()(n, rng)
        self.sweeps.append(np.ravel(sites))
        return sites


def recalled(memory: Any, cue: Any, rng: int) -> tuple[Any, Any]:
    """Return a recall of one cue, and the neurons (visits,) in the order it visited them."""
    kept = Kept()
    result = hf.recall(memory, cue, order=kept, rng=rng)
    return result, np.concatenate(kept.sweeps)


def teaching(W: Any, s: Any, sites: Any) -> Any:
    """Visit neurons as a first course's program does: the whole field for one neuron of it."""
    s = s.copy()
    for i in sites.tolist():
        h = (W @ s)[i]
        if h * s[i] < 0:
            s[i] = -s[i]
    return s


def rows(W: Any, s: Any, sites: Any) -> Any:
    """Visit neurons by one row of the matrix each."""
    s = s.copy()
    for i in sites.tolist():
        h = W[i] @ s
        if h * s[i] < 0:
            s[i] = -s[i]
    return s


def torch_rows(W: Any, s: Any, sites: Any) -> Any:
    """Do what `rows` does, with tensors."""
    dot, s = find("torch").dot, s.clone()
    for i in sites.tolist():
        if dot(W[i], s) * s[i] < 0:
            s[i] = -s[i]
    return s


@cache
def incremental() -> Callable[..., Any] | None:
    """Return a compiled loop that keeps the field up to date, or None without Numba."""
    numba = find("numba")
    if numba is None:
        return None

    @numba.njit
    def visit(W: Any, h: Any, s: Any, sites: Any) -> None:
        for i in sites:
            if h[i] * s[i] < 0:
                s[i] = -s[i]
                step = 2 * s[i]
                for j in range(s.size):
                    h[j] += W[i, j] * step

    def run(W: Any, s: Any, sites: Any) -> Any:
        s = s.copy()
        visit(W, W @ s, s, sites)
        return s

    return run


def whole_weights(patterns: Any) -> Any:
    """Return N times Hebb's couplings, whole numbers in float32 (exact), empty diagonal."""
    x = patterns.astype(np.float32)
    w = x.T @ x
    np.fill_diagonal(w, 0)
    return w
