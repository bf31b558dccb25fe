"""The tables over which the laws iterate: every rule, separation, memory, neuron and order."""

from __future__ import annotations

import itertools

import numpy as np
import scipy.sparse

import hopfield as hf
from hopfield.learning import RULES

N = 7


def _symmetric(rng):
    w = np.random.default_rng(rng).normal(size=(N, N))
    return w + w.T


def _diluted(rng):
    keep = np.random.default_rng(rng).random((N, N)) < 0.5
    return scipy.sparse.csr_array(_symmetric(rng) * (keep | keep.T))


def patterns(rng, p=3):
    return hf.random_patterns(p, N, rng=rng)


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
    **{
        f"overlaps {name}": lambda rng, f=f: hf.Overlaps(patterns(rng), f)
        for name, f in SEPARATIONS.items()
    },
    "overlaps 01": lambda rng: hf.Overlaps(patterns(rng) > 0, coding="01"),
    "couplings": lambda rng: hf.Couplings(_symmetric(rng)),
    "couplings sparse": lambda rng: hf.Couplings(_diluted(rng)),
    "couplings integer": lambda rng: hf.Couplings(np.rint(_symmetric(rng)), divisor=4),
    "couplings asymmetric": lambda rng: hf.Couplings(hf.uniform_weights(N, rng=rng)),
    "couplings self": lambda rng: hf.Couplings(_symmetric(rng), self_coupling=True),
    "projection implicit": lambda rng: hf.learning.pseudo_inverse(storable(rng, 1)),
    "projection self": lambda rng: hf.learning.pseudo_inverse(storable(rng), self_coupling=True),
    "bias": lambda rng: hf.Bias(np.random.default_rng(rng).normal(size=N)),
    "sum with bias": lambda rng: hf.hebb(patterns(rng)) + hf.Bias(0.25),
    "scaled": lambda rng: 3 * hf.Overlaps(patterns(rng)),
    "scaled with bias": lambda rng: 0.5 * hf.Overlaps(patterns(rng)) + hf.Bias(0.25),
    "difference": lambda rng: hf.Overlaps(patterns(rng)) - hf.Couplings(_symmetric(rng)),
}

NEURONS = {
    **{f"sign {tie}": hf.Sign(tie=tie) for tie in ("keep", "up", "down", "random")},
    "sign 0/1": hf.Sign(0, 1),
    "sign of odd states": hf.Sign(-0.25, 3, tie="down"),
    "heat bath": hf.HeatBath(T=0.7),
    "heat bath 0/1": hf.HeatBath(T=0.7, low=0, high=1),
    "heat bath T=0": hf.HeatBath(T=0),
}


def orders(n):
    half = n // 2
    return {
        "sync": hf.Sync(),
        "shuffled": hf.Shuffled(),
        "random": hf.Random(),
        "sequential": hf.Sequential(),
        "sequential backwards": hf.Sequential(np.arange(n)[::-1]),
        "blocks": hf.Blocks(slice(0, half), np.arange(half, n)),
    }


ORDERS = orders(N)
ONE_AT_A_TIME = ("shuffled", "random", "sequential", "sequential backwards")
