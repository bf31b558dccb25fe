"""The tables over which the laws iterate: every rule, separation, memory, neuron and order."""

from __future__ import annotations

import itertools

import numpy as np
import scipy.sparse

import hopfield as hf
from hopfield import models
from hopfield.learning import RULES
from hopfield.models.attention import ATTENTION

N = 7


def _symmetric(rng):
    w = np.random.default_rng(rng).normal(size=(N, N))
    return w + w.T


def _diluted(rng):
    keep = np.random.default_rng(rng).random((N, N)) < 0.5
    return scipy.sparse.csr_array(_symmetric(rng) * (keep | keep.T))


def patterns(rng, p=3):
    """Draw patterns of which no two are the same."""
    for k in itertools.count():
        xi = hf.random_patterns(p, N, rng=rng + 1000 * k)
        if len(np.unique(xi, axis=0)) == p:
            return xi


def storable(rng, p=3):
    """Draw patterns that every rule can store: independent, whichever neuron is left out."""
    for k in itertools.count():
        xi = hf.random_patterns(p, N, rng=rng + 1000 * k)
        if all(np.linalg.matrix_rank(np.delete(xi, i, 1)) == p for i in range(N)):
            return xi


SEPARATIONS = {
    f"{name}-{degree}": make(degree)
    for name, make in hf.separation.TABLE.items()
    for degree in ((0,) if name in ("square", "exponential") else (2, 3, 4))
}

# name -> rng -> a memory of N = 7 neurons at -1/+1
MEMORIES = {
    **{
        f"rule {name}": lambda rng, rule=rule: rule.learn(storable(rng))
        for name, rule in RULES.items()
    },
    # the same fields; alone it refuses cues in which no neuron is active
    "rule willshaw": lambda rng: hf.learning.willshaw(storable(rng)) + hf.Bias(0.0),
    **{
        f"dense {name}": lambda rng, f=f: hf.DenseMemory(patterns(rng), f)
        for name, f in SEPARATIONS.items()
    },
    "hebbian": lambda rng: hf.Hebbian(patterns(rng)),
    "hebbian self": lambda rng: hf.Hebbian(patterns(rng), self_coupling=True),
    "hebbian 01": lambda rng: hf.Hebbian(patterns(rng) > 0, coding="01"),
    "couplings": lambda rng: hf.Couplings(_symmetric(rng)),
    "couplings sparse": lambda rng: hf.Couplings(_diluted(rng)),
    "couplings integer": lambda rng: hf.Couplings(np.rint(_symmetric(rng)), divisor=4),
    "couplings asymmetric": lambda rng: hf.Couplings(hf.uniform_weights(N, rng=rng)),
    "couplings self": lambda rng: hf.Couplings(_symmetric(rng), self_coupling=True),
    "projection implicit": lambda rng: hf.learning.pseudo_inverse(storable(rng, 1)),
    "projection self": lambda rng: hf.learning.pseudo_inverse(storable(rng), self_coupling=True),
    "bias": lambda rng: hf.Bias(np.random.default_rng(rng).normal(size=N)),
    "sum with bias": lambda rng: hf.hebb(patterns(rng)) + hf.Bias(0.25),
    "scaled": lambda rng: 3 * hf.Hebbian(patterns(rng)),
    "scaled with bias": lambda rng: 0.5 * hf.Hebbian(patterns(rng)) + hf.Bias(0.25),
    "dense": lambda rng: hf.dense(patterns(rng), degree=3, rectified=True),
    "exponential": lambda rng: hf.models.exponential(patterns(rng)),
    **{
        f"modern {attention}": lambda rng, attention=attention: hf.modern(
            np.random.default_rng(rng).normal(size=(4, N)), 0.8, attention
        )
        for attention in ATTENTION
    },
    "modern of signs": lambda rng: hf.modern(patterns(rng), 0.5),
    "modern entmax of order 1.25": lambda rng: hf.modern(
        np.random.default_rng(rng).normal(size=(4, N)), 0.8, "entmax", order=1.25
    ),
    "modern normmax by distance": lambda rng: hf.modern(
        np.random.default_rng(rng).normal(size=(4, N)), 0.8, "normmax", similarity="distance"
    ),
    "epanechnikov": lambda rng: models.epanechnikov(patterns(rng), 0.2, 0.1),
    "epanechnikov of short reach": lambda rng: models.epanechnikov(
        np.random.default_rng(rng).normal(size=(4, N)), 0.1, 0.01
    ),
    "sequence": lambda rng: hf.sequence(patterns(rng)),
    "sequence of powers": lambda rng: hf.sequence(patterns(rng), separation=SEPARATIONS["power-3"]),
    "sequence exponential": lambda rng: hf.sequence(
        patterns(rng), separation=SEPARATIONS["exponential-0"]
    ),
    "sequence mixed": lambda rng: hf.sequence(
        patterns(rng), separation=SEPARATIONS["power-3"], hold=SEPARATIONS["power-4"]
    ),
    "associations self": lambda rng: hf.models.Associations(
        patterns(rng), patterns(rng + 1), self_coupling=True
    ),
    "bam": lambda rng: hf.models.bam(patterns(rng)[:, :3], patterns(rng)[:, 3:]),
    "max cut": lambda rng: hf.optimise.max_cut(hf.Couplings(_symmetric(rng)).weights),
    "difference": lambda rng: hf.Hebbian(patterns(rng)) - hf.Couplings(_symmetric(rng)),
}

NEURONS = {
    **{f"sign {tie}": hf.Sign(tie=tie) for tie in ("keep", "up", "down", "random")},
    "sign 0/1": hf.Sign(0, 1),
    "sign of odd states": hf.Sign(-0.25, 3, tie="down"),
    "heat bath": hf.HeatBath(T=0.7),
    "heat bath 0/1": hf.HeatBath(T=0.7, low=0, high=1),
    "heat bath T=0": hf.HeatBath(T=0),
}


GRADED = {
    "linear": hf.Linear(),
    "graded": hf.Graded(0.8),
    "graded 0 to 1": hf.Graded(2, 0, 1),
    "arctan": hf.Graded(0.8, transfer="arctan"),
    "relu": hf.Graded(0.8, transfer="relu"),
}

UNITS = {
    "potts": hf.Potts(3),
    "potts at T": hf.Potts(3, T=0.7),
    "softmax": hf.Graded(0.8, transfer="softmax", q=3),
}

# what changes in time
ANNEALED = {
    "anneal": hf.Anneal([2, 1, 0.5, 0]),
    "anneal 0/1": hf.Anneal([1, 0.2], hf.HeatBath(1, 0, 1)),
}

# name -> (rng -> memory, neuron, order) under which the energy must never rise
FLOWS = {
    **{
        f"modern {attention} {order}": (MEMORIES[f"modern {attention}"], hf.Linear(), order)
        for attention in ATTENTION
        for order in (hf.Sync(), hf.Flow(0.3), hf.Shuffled())
    },
    **{
        f"{name} {order}": (MEMORIES[name], neuron, order)
        for name, neuron in (
            ("modern entmax of order 1.25", hf.Linear()),
            ("modern normmax by distance", hf.Linear()),
            ("epanechnikov", models.MeanShift()),
            ("epanechnikov of short reach", models.MeanShift()),
        )
        for order in (hf.Sync(), hf.Flow(0.3), hf.Shuffled())
    },
    "graded couplings": (MEMORIES["couplings"], hf.Graded(0.8), hf.Flow(0.05)),
    "graded hebb": (MEMORIES["rule hebb"], hf.Graded(2), hf.Flow(0.5)),
    "graded hebb 0 to 1": (MEMORIES["rule hebb"], hf.Graded(2, 0, 1), hf.Flow(0.5)),
    "graded arctan": (MEMORIES["rule hebb"], hf.Graded(2, transfer="arctan"), hf.Flow(0.5)),
    "graded relu": (MEMORIES["rule hebb"], hf.Graded(0.8, transfer="relu"), hf.Flow(0.5)),
    "graded dense": (MEMORIES["dense"], hf.Graded(0.1), hf.Sync()),
    "graded sum": (MEMORIES["sum with bias"], hf.Graded(3), hf.Flow(0.2)),
}


def orders(n):
    half = n // 2
    return {
        "sync": hf.Sync(),
        "shuffled": hf.Shuffled(),
        "random": hf.Random(),
        "sequential": hf.Sequential(),
        "sequential backwards": hf.Sequential(np.arange(n)[::-1]),
        "given": hf.Given([0, 2, 1, *range(n), n - 1]),
        "blocks": hf.Blocks(slice(0, half), np.arange(half, n)),
    }


ORDERS = orders(N)
ONE_AT_A_TIME = ("shuffled", "random", "sequential", "sequential backwards", "given")
