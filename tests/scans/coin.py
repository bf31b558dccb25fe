"""An experiment that is quick, and what a plain loop over it counts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass

import hopfield as hf
from hopfield.experiments import Counts, Experiment, count
from hopfield.scans.tasks import identity, stream


@dataclass(frozen=True)
class Coin(Experiment):
    bias: float = 0.5
    sides: int = 2
    about = "heads"
    axes = ("bias",)

    def run(self, rng):
        return count(heads=rng.random() < self.bias, x=rng.normal())


GRID = {"bias": [0.2, 0.5, 0.8], "sides": [2, 3]}


def expected(repeats, seed=0):
    """Count one replica after the other, with nothing of the driver's."""
    points = [Coin(b, s) for b in GRID["bias"] for s in GRID["sides"]]
    return [
        sum((e.run(stream(identity(e, seed), r)) for r in range(repeats)), Counts()) for e in points
    ]


def counts(results):
    return [point.counts for point in results.points]


def once(path, repeats):
    """Check that the store has each replica of each point once."""
    with closing(sqlite3.connect(path)) as db:
        for (point,) in db.execute("SELECT id FROM points").fetchall():
            blocks = db.execute("SELECT first, size FROM tasks WHERE point = ?", (point,))
            replicas = [r for first, size in blocks for r in range(first, first + size)]
            assert sorted(replicas) == list(range(repeats))


def stored(path):
    hf.scan(Coin, repeats=20, out=path, **GRID)
    return path
