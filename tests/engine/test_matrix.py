"""Couplings by columns give the plain run's bits: whole sweeps, visits and temperatures."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield import engine
from hopfield.engine.compiled import available

pytestmark = pytest.mark.skipif(not available(), reason="Numba is not there")

NEURONS = (
    *(hf.Sign(tie=tie) for tie in ("keep", "up", "down", "random")),
    *(hf.Sign(0, 1, tie=tie) for tie in ("keep", "up")),
    hf.Sign(-0.25, 3),
    hf.HeatBath(0),
    *(hf.HeatBath(T) for T in (1e-200, 0.05, 0.5, 3, 1e40)),
    hf.HeatBath(0.7, low=0, high=1),
)
SIZES = (2, 3, 5, 15, 16, 17, 31, 32, 33, 64, 65)
BATCHES = (0, 1, 2, 3, 31, 33, 65)


def whole(rng, n):
    w = rng.integers(-3, 4, (n, n))
    return (w + w.T) * (rng.random((n, n)) < 0.9)


def real(rng, n):
    w = rng.normal(size=(n, n))
    return w + w.T


def sparse(rng, n):
    w = whole(rng, n) * (rng.random((n, n)) < 0.3) * 0.1
    return scipy.sparse.csr_array(np.triu(w) + np.triu(w).T)


MEMORIES = {
    "hebb": lambda rng, n: hf.hebb(signs(rng, int(rng.integers(1, 9)), n), allow_repeats=True),
    "hebb01": lambda rng, n: hf.Hebbian(rng.random((3, n)) < 0.4, coding="01"),
    "loops": lambda rng, n: hf.Hebbian(signs(rng, 3, n), self_coupling=True),
    "single": lambda rng, n: hf.Hebbian(signs(rng, 3, n)).dense(),
    "whole": lambda rng, n: hf.Couplings(np.triu(whole(rng, n)) + np.triu(whole(rng, n)).T),
    "real": lambda rng, n: hf.Couplings(real(rng, n)),
    "asymmetric": lambda rng, n: hf.Couplings(rng.normal(size=(n, n)), self_coupling=True),
    "wide": lambda rng, n: hf.Couplings(rng.normal(size=(n, n)) ** 9),  # little is left in 16 bits
    "sparse": lambda rng, n: hf.Couplings(sparse(rng, n), divisor=3.0),
    "none": lambda rng, n: hf.Couplings(np.zeros((n, n))),
}


def signs(rng, *shape):
    return rng.choice([-1, 1], shape)


@st.composite
def networks(draw, sizes=SIZES):
    """Draw a network that the row takes, its cues and what `Run` is given."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.sampled_from(sizes))
    memory = MEMORIES[draw(st.sampled_from(sorted(MEMORIES)))](rng, n)
    weight = draw(st.sampled_from([1, 1, 1, 0.5, 3, 0.7, -1]))
    if weight != 1:
        memory = weight * memory
    if draw(st.sampled_from([False, False, True])):
        memory = memory + hf.Bias(
            rng.choice([0, 0.25, -1, 0.3, 1e9], n, p=[0.3, 0.3, 0.2, 0.15, 0.05])
        )
    neuron = draw(st.sampled_from(NEURONS))
    low, high = neuron.states
    values = draw(st.sampled_from([(low, high), (low, high), (low, (low + high) / 2, high)]))
    batch = draw(st.sampled_from(BATCHES))
    cues = rng.choice(values, (batch, n) if batch else n)
    order = draw(
        st.sampled_from(
            [hf.Shuffled(), hf.Shuffled(), hf.Random(), hf.Sequential(), hf.Sync()]
            + [
                hf.Sequential(rng.permutation(n)),
                hf.Blocks(np.arange(n // 2), np.arange(n // 2, n)),
            ]
        )
    )
    return memory, cues, {"neuron": neuron, "order": order, "rng": draw(st.integers(0, 2**32))}


def ends(network, calls, rows=("matrix",)):
    """Return all that a run gives, call by call."""
    memory, cues, options = network
    found = []
    with engine.using(*rows):
        run = hf.Run(memory, cues, **options)
        for kind, k in calls:
            if kind == "finish":
                found.append(parts_of(run, run.finish(k)))
            elif kind == "step":
                found.append((*run.step(k), run.streams.state.copy()))
            else:
                run.set([k % memory.n], [options["neuron"].states[k % 2]])
        found.append(parts_of(run, run.result()))
    return found


def parts_of(run, result):
    assert result.kernel in ("matrix", "plain")
    return (
        result.state,
        result.why,
        result.sweeps,
        result.updates,
        result.undecided,
        np.float64(0 if result.energy is None else result.energy).tobytes(),
        run.streams.state.copy(),
    )


def same(a, b):
    return all(
        np.array_equal(x, y)
        for one, two in zip(a, b, strict=True)
        for x, y in zip(one, two, strict=True)
    )


CALLS = st.lists(
    st.tuples(st.sampled_from(["finish", "finish", "step", "set"]), st.integers(0, 40)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=300)
@given(network=networks(), calls=CALLS)
def test_the_row_gives_what_the_plain_run_gives(network, calls):
    assert same(ends(network, calls), ends(network, calls, ()))


@settings(max_examples=15)
@given(network=networks(sizes=(127, 128, 255, 256, 300)), seed=st.integers(0, 9))
def test_larger_networks_give_what_the_plain_run_gives(network, seed):
    calls = [("finish", 3), ("step", seed), ("finish", 2)]
    assert same(ends(network, calls), ends(network, calls, ()))
