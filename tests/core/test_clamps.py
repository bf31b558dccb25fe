"""Clamped neurons: the others are a smaller network with a bias, and nothing moves what is held."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, strategies as st
from tables import MEMORIES, ORDERS, N

import hopfield as hf
from hopfield import engine, models
from tests.bad import refuses

ONE_AT_A_TIME = {"shuffled": hf.Shuffled(), "random": hf.Random(), "sequential": hf.Sequential()}
WAYS = {**ONE_AT_A_TIME, "sync": hf.Sync()}
BLOCKS = hf.Blocks(slice(0, 50), slice(50, 150))
XI = np.array([[1, 1, 1, 1, -1, -1], [1, -1, 1, -1, 1, -1], [1, 1, -1, -1, 1, -1]])
BIAS = np.array([0.2, -0.1, 0, 0.3, 0, -0.2])
SIX = hf.hebb(XI) + hf.Bias(BIAS)


def same(a, b, free):
    """Compare a clamped recall and that of the smaller network, energies apart."""
    assert np.array_equal(a.state[..., free], b.state)
    for name in ("why", "sweeps", "updates", "undecided", "period"):
        assert np.array_equal(getattr(a, name), getattr(b, name)), name


@pytest.mark.parametrize("way", WAYS)
@given(
    seed=st.integers(0, 2**32),
    states=st.sampled_from([(-1, 1), (0, 1), (-0.5, 2)]),
    T=st.sampled_from([None, 0, 1.5]),
    sweeps=st.integers(0, 6),
    symmetric=st.booleans(),
)
def test_what_is_clamped_leaves_a_smaller_network_with_a_bias(
    way, seed, states, T, sweeps, symmetric
):
    rng = np.random.default_rng(seed)
    n, replicas = int(rng.integers(2, 14)), int(rng.integers(1, 4))
    w = rng.integers(-3, 4, (n, n))
    w = (w + w.T if symmetric else w) * (1 - np.eye(n, dtype=int))
    held = rng.random(n) < 0.4
    held[:2] = False
    free = ~held
    cue = rng.choice(states, n) + np.zeros((replicas, 1))
    cue[:, free] = rng.choice([*states, sum(states) / 2], (replicas, free.sum()))
    neuron = hf.Sign(*states) if T is None else hf.HeatBath(T, *states)
    options = {"neuron": neuron, "order": WAYS[way], "sweeps": sweeps, "rng": seed}
    small = hf.Couplings(w[np.ix_(free, free)]) + hf.Bias(w[np.ix_(free, held)] @ cue[0, held])
    mine = hf.recall(hf.Couplings(w), cue, clamp=held, **options)
    its = hf.recall(small, cue[:, free], **options)
    same(mine, its, free)
    assert np.array_equal(mine.state[:, held], cue[:, held])
    if symmetric:  # what is between the clamped ones is a constant
        s = cue[0, held]
        np.testing.assert_allclose(
            mine.energy - its.energy, -0.5 * s @ w[np.ix_(held, held)] @ s, atol=1e-9
        )


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", MEMORIES)
def test_free_neurons_see_what_is_clamped_in_every_memory(name, order):
    memory = MEMORIES[name](3)
    neuron, low = hf.Sign(), -1
    if memory.states == (0, 1):
        neuron, low = hf.Sign(0, 1), 0
    s = np.where(np.random.default_rng(4).random(N) < 0.5, low, 1)
    held = np.arange(N) % 3 == 0
    options = {"neuron": neuron, "order": ORDERS[order], "clamp": held, "sweeps": 3, "rng": 1}
    r = hf.recall(memory, s, **options)
    assert np.array_equal(r.state[held], s[held])
    if r.why == "fixed point":
        h = memory.field(r.state)[~held]
        assert (np.where(r.state[~held] == 1, h >= 0, h <= 0)).all()
    with engine.using():
        plain = hf.recall(
            memory, s, neuron=neuron, order=ORDERS[order], clamp=held, sweeps=3, rng=1
        )
    assert np.array_equal(r.state, plain.state)
    assert (r.why, r.sweeps, r.updates) == (plain.why, plain.sweeps, plain.updates)


@pytest.mark.parametrize("way", [*WAYS, "blocks"])
def test_each_cue_of_a_batch_has_clamps_of_its_own(way):
    xi = hf.random_patterns(12, 150, rng=1)
    cues = hf.blank(xi, 0.5, rng=2)
    held = cues != 0
    held[3, :40] = False  # not as many in each
    held[5] = True
    cues[5] = xi[5]
    memory, rng, order = hf.hebb(xi), np.random.default_rng(3), {**WAYS, "blocks": BLOCKS}[way]
    together = hf.recall(memory, cues, order=order, clamp=held, rng=np.random.default_rng(3))
    for k, (cue, mask) in enumerate(zip(cues, held, strict=True)):
        alone = hf.recall(memory, cue, order=order, clamp=mask, rng=rng)
        assert np.array_equal(alone.state, together.state[k])
        for name in ("why", "sweeps", "updates", "undecided", "period", "energy"):
            assert getattr(alone, name) == getattr(together, name)[k]


def test_the_smallest_two_cycle_stops_where_one_neuron_is_clamped():
    flip_flop = hf.Couplings([[0, 1], [1, 0]])
    assert hf.recall(flip_flop, [1, -1], order=hf.Sync()).why == "2-cycle"
    r = hf.recall(flip_flop, [1, -1], order=hf.Sync(), clamp=[True, False])
    assert (r.why, r.state.tolist()) == ("fixed point", [1, 1])


def test_where_all_are_clamped_nothing_happens():
    for record in (None, hf.record.states()):
        for ask in ({"sweeps": 5}, {"updates": 5}):
            r = hf.recall(SIX, XI[0], clamp=[True] * 6, record=record, **ask)
            assert (r.why, r.updates, r.sweeps) == ("fixed point", 0, 0)
            assert np.array_equal(r.state, XI[0])


def test_a_sweep_visits_the_free_alone():
    held = np.arange(6) < 4
    run = hf.Run(SIX, XI[0], clamp=held, rng=1)
    run.step(2)
    assert run.result().sweeps == 1
    r = hf.recall(SIX, XI[0], clamp=held, record=hf.record.states("update"), updates=7, rng=1)
    assert (r.updates, r.trace.shape) == (7, (8, 6))
    assert (r.trace[:, held] == XI[0, held]).all()
    backwards = hf.recall(SIX, -XI[0], order=hf.Sequential([5, 4, 3, 2, 1, 0]), clamp=held)
    blocks = hf.recall(SIX, -XI[0], order=hf.Blocks([0, 5], [1, 2], [3, 4]), clamp=held, sweeps=1)
    assert (backwards.state[held] == -XI[0, held]).all()
    assert blocks.updates == 2  # the block of two that are held is no move


def test_what_is_set_by_hand_stays_clamped():
    held = np.arange(6) == 0
    run = hf.Run(SIX, XI[0], clamp=held, rng=1)
    run.set([0], -1)
    end = run.finish()
    assert end.state[0] == -1
    assert end.why == "fixed point"


def test_known_values_of_graded_neurons_and_of_attention_are_held():
    stored = np.random.default_rng(0).normal(size=(5, 40))
    known = np.arange(40) < 20
    cue = np.where(known, stored[2], 0.0)
    r = hf.recall(hf.modern(stored, beta=8), cue, clamp=known)
    assert np.array_equal(r.state[known], stored[2, known])
    np.testing.assert_allclose(r.state, stored[2], atol=1e-3)
    xi = hf.random_patterns(2, 40, rng=1)
    r = hf.recall(
        hf.hebb(xi),
        np.where(known, 0.5 * xi[0], 0),
        neuron=hf.Graded(4),
        order=hf.Flow(0.5),
        clamp=known,
        sweeps=500,
    )
    assert np.array_equal(r.state[known], 0.5 * xi[0, known])
    assert r.why == "fixed point"
    h = hf.hebb(xi).field(r.state)[~known]
    np.testing.assert_allclose(r.state[~known], np.tanh(4 * h), atol=1e-6)


def test_neurons_of_q_states_are_clamped_whole():
    colours = [[0, 1, 2, 3, 0, 1], [3, 3, 1, 0, 2, 2]]
    memory = models.potts(colours, 4)
    cue = models.one_hot([0, 1, 2, 3, 2, 2], 4)
    held = np.repeat([True] * 4 + [False] * 2, 4)
    r = hf.recall(memory, cue, clamp=held, rng=0)
    assert models.from_one_hot(r.state, 4).tolist() == colours[0]
    held[0] = False
    refuses(lambda: hf.recall(memory, cue, clamp=held), ValueError, "clamp .* 4 sites")


EXACT = [
    # T, clamped neurons, their states, bias, the means of the others
    (1, (0, 5), (1, 1), BIAS, [-0.040344, 0.068797, 0.272552, -0.125286]),
    (0.7, (0,), (1,), BIAS, [0.125147, 0.273874, -0.069151, 0.212408, -0.777612]),
    (1, (2, 4), (-1, 1), BIAS, [0.335278, -0.052622, -0.426373, -0.335278]),
    (1, (0,), (1,), 0 * BIAS, [0.131101, 0.131101, -0.265882, 0.265882, -0.528085]),
]


@pytest.mark.parametrize(("T", "sites", "values", "bias", "means"), EXACT)
@pytest.mark.parametrize("way", ONE_AT_A_TIME)
def test_a_clamped_heat_bath_samples_the_exact_conditional(T, sites, values, bias, means, way):
    memory = hf.hebb(XI) + hf.Bias(bias)
    held = np.isin(np.arange(6), sites)
    states = np.array(list(product([-1, 1], repeat=6)))
    states = states[(states[:, list(sites)] == values).all(axis=1)]
    law = np.exp(-memory.energy(states) / T)
    law /= law.sum()
    np.testing.assert_allclose(law @ states[:, ~held], means, atol=1e-6)
    if (T, sites) == (1, (0, 5)):
        assert law[-1] == pytest.approx(0.030667, abs=1e-6)
        assert law.max() == pytest.approx(0.162366, abs=1e-6)
    runs = 8000
    cues = np.tile(states[0], (runs, 1))
    end = hf.recall(
        memory, cues, neuron=hf.HeatBath(T), order=WAYS[way], clamp=held, sweeps=30, rng=7
    ).state
    seen = (end[:, None] == states).all(axis=2).sum(axis=0)
    assert seen.sum() == runs
    chi = ((seen - runs * law) ** 2 / (runs * law)).sum()
    freedom = len(law) - 1
    assert chi < freedom + 5 * np.sqrt(2 * freedom)  # one law in a million would exceed it


def test_clamps_lift_recall_beyond_what_the_cue_alone_brings_back():
    # N = 1,000, 15 % loaded, 30 % known, the rest unknown: .961 +- .004 against .420 +- .022
    ends = {True: [], False: []}
    for seed in range(6):
        xi = hf.random_patterns(150, 1000, rng=seed)
        known = np.random.default_rng(seed).permutation(1000) < 300
        cues = xi[:5] * known
        for clamped, overlaps in ends.items():
            r = hf.recall(hf.hebb(xi), cues, clamp=known if clamped else None, rng=seed)
            overlaps.append(hf.overlap(r.state, xi[:5]).mean())
    assert np.mean(ends[True]) == pytest.approx(0.7 * 0.961 + 0.3, abs=0.03)
    assert np.mean(ends[False]) < 0.6


CUE = [1, 1, 1, -1, 0, 0.3]
ONE_ROW = np.ones((1, 6), bool)
BAD = {
    "integers": ({"clamp": [1, 0, 0, 0, 0, 0]}, "clamp must be bools .* int64"),
    "another length": ({"clamp": [True, False]}, r"clamp must have 6 neurons .* \(2,\)"),
    "of a batch for one cue": (
        {"clamp": ONE_ROW},
        r"clamp .* \(6,\), not bool of \(1, 6\)",
    ),
    "unknown": ({"clamp": np.arange(6) == 4}, "cue .* clamped, which neuron 4"),
    "evidence": ({"clamp": np.arange(6) == 5}, "cue .* clamped, which neuron 5"),
    "words": ({"clamp": "known"}, "clamp must hold"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_clamped_is_refused(case):
    options, words = BAD[case]
    refuses(lambda: hf.recall(SIX, CUE, **options), (ValueError, TypeError), words)


def test_a_run_of_several_cues_needs_as_many_clamps_in_each():
    masks = np.array([[True] * 3 + [False] * 3, [True] * 2 + [False] * 4])
    recorded = {"clamp": masks, "record": hf.record.energy()}
    refuses(lambda: hf.Run(SIX, XI[:2], clamp=masks), ValueError, "clamp .* as many")
    refuses(lambda: hf.recall(SIX, XI[:2], **recorded), ValueError, "clamp .* as many")
    refuses(lambda: hf.recall(SIX, XI[:2], clamp=masks[:1]), ValueError, r"\(6,\) or \(2, 6\)")


def test_a_clamp_of_the_present_holds_a_delay_lines_past_too():
    xi = hf.random_patterns(4, 60, rng=1)
    m, held = models.sequence(xi, delay=2), np.arange(60) < 20
    whole = np.tile(held, 3)
    for cue, clamp in ((xi[0], held), (xi[:2], held), (xi[:2], np.stack([held, ~held]))):
        r = hf.recall(m, cue, clamp=clamp, sweeps=9)
        assert (r.state[..., :60] == cue)[np.broadcast_to(clamp, cue.shape)].all()
        all_of_it = hf.recall(m, np.tile(cue, 3), clamp=np.tile(clamp, 3), sweeps=9)
        assert np.array_equal(r.state, all_of_it.state)
    assert (hf.Run(m, xi[0], clamp=held).finish(3).state[whole] == np.tile(xi[0], 3)[whole]).all()
    refuses(lambda: hf.recall(m, xi[0], clamp=held[:9]), ValueError, "clamp must have 180 neurons")
